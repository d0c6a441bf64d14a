//! Many consoles: what an idle one costs, and when the last of them has an alert.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use ward_service::Clock;
use ward_tests::Kind;

use crate::child::Service;
use crate::client::{self, Post, Socket};
use crate::figure::{Better, Figure, Pair, median_pair};

const CONSOLES: u32 = 1_500;
/// Opened before anything is counted: threads, caches and the first of everything are not a console's.
const FIRST: u32 = 50;
const ROUNDS: usize = 5;
const RAISED: &str = "\"change\":\"raised\"";

pub async fn run() -> Result<()> {
    let service = Service::start(Kind::Sqlite, vec![20])?;
    let (sender, mut shown) = mpsc::unbounded_channel();
    let mut listening = JoinSet::new();
    open(&service, FIRST, &sender, &mut listening).await?;
    settle().await;
    let before = service.resident_bytes()?;
    open(&service, CONSOLES, &sender, &mut listening).await?;
    settle().await;
    let grown = service.resident_bytes()?.saturating_sub(before);
    let kib = f64::from(u32::try_from(grown / 1024)?);
    Figure {
        what: format!("memory of an idle console, over {CONSOLES}"),
        measured: kib / f64::from(CONSOLES),
        unit: "KiB",
        limit: 8.0,
        limit_is: "the first step's figure, not measured".to_owned(),
        target: 1.0,
        better: Better::Lower,
    }
    .print();
    let all = FIRST + CONSOLES;
    let mut raw = Raw::open(&service, all).await?;
    let mut rounds = Vec::new();
    let home = service.ready.homes.first().context("a bridge")?;
    let mut oximeters = home.oximeters.iter();
    for _ in 0..ROUNDS {
        let limit = raw.last().await?;
        let oximeter = oximeters.next().context("somebody without an alert")?;
        let measured = last_console(&service, oximeter, all, &mut shown).await?;
        rounds.push(Pair { measured, limit });
    }
    let pair = median_pair(rounds);
    Figure {
        what: format!("reading POST to its alert on the last of {all} consoles"),
        measured: pair.measured,
        unit: "ms",
        limit: pair.limit,
        limit_is: "one thread that writes the same bytes to as many sockets".to_owned(),
        target: 1.5,
        better: Better::Lower,
    }
    .print();
    listening.shutdown().await;
    Ok(())
}

/// Longer than a heartbeat, so that every console has had one.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(6_500)).await;
}

async fn open(
    service: &Service,
    count: u32,
    shown: &mpsc::UnboundedSender<Instant>,
    listening: &mut JoinSet<()>,
) -> Result<()> {
    let at_once = Arc::new(Semaphore::new(16));
    let mut opening = JoinSet::new();
    for _ in 0..count {
        let ready = &service.ready;
        let (address, ward, head, cookie) =
            (ready.service, ready.ward, ready.head, ready.cookie.clone());
        let place = Arc::clone(&at_once).acquire_owned().await?;
        opening.spawn(async move {
            let _place = place;
            let mut socket = Socket::follow(address, ward, head, &cookie).await?;
            socket.until("still_here").await?;
            anyhow::Ok(socket)
        });
    }
    while let Some(opened) = opening.join_next().await {
        listening.spawn(listen(opened??, shown.clone()));
    }
    Ok(())
}

async fn listen(mut socket: Socket, shown: mpsc::UnboundedSender<Instant>) {
    while socket.until(RAISED).await.is_ok() {
        if shown.send(Instant::now()).is_err() {
            return;
        }
    }
}

async fn last_console(
    service: &Service,
    oximeter: &str,
    consoles: u32,
    shown: &mut mpsc::UnboundedReceiver<Instant>,
) -> Result<f64> {
    let ready = &service.ready;
    let home = ready.homes.first().context("a bridge")?;
    let mut post = Post::connect(ready.service, "/api/bridge/readings", &home.token).await?;
    let now = Clock::system().now();
    let batch = client::batch(&[client::reading(oximeter, now, 84, Some(0))], now);
    let began = Instant::now();
    post.stores(&batch, 1).await?;
    last_of(began, consoles, shown).await
}

async fn last_of(
    began: Instant,
    count: u32,
    shown: &mut mpsc::UnboundedReceiver<Instant>,
) -> Result<f64> {
    let mut last = began;
    for _ in 0..count {
        let at = tokio::time::timeout(Duration::from_secs(20), shown.recv()).await?;
        last = last.max(at.context("the sockets are gone")?);
    }
    Ok((last - began).as_secs_f64() * 1_000.0)
}

/// As many sockets without a service behind them, read by the same code.
struct Raw {
    orders: tokio::net::TcpStream,
    shown: mpsc::UnboundedReceiver<Instant>,
    count: u32,
    _listening: JoinSet<()>,
}

impl Raw {
    async fn open(service: &Service, count: u32) -> Result<Self> {
        use tokio::io::AsyncWriteExt;
        let address = service.ready.raw_writes;
        let mut orders = tokio::net::TcpStream::connect(address).await?;
        orders.set_nodelay(true)?;
        orders.write_all(&count.to_be_bytes()).await?;
        let (sender, shown) = mpsc::unbounded_channel();
        let mut listening = JoinSet::new();
        for _ in 0..count {
            listening.spawn(listen(Socket::raw(address).await?, sender.clone()));
        }
        Ok(Self {
            orders,
            shown,
            count,
            _listening: listening,
        })
    }

    async fn last(&mut self) -> Result<f64> {
        use tokio::io::AsyncWriteExt;
        // About as long as an alert's two frames.
        let bytes = client::framed(&format!("{{{RAISED}{}}}", " ".repeat(900)))?;
        let mut order = u32::try_from(bytes.len())?.to_be_bytes().to_vec();
        order.extend(bytes);
        let began = Instant::now();
        self.orders.write_all(&order).await?;
        last_of(began, self.count, &mut self.shown).await
    }
}
