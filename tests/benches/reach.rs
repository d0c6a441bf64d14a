//! From a reading's post to a console: the frame, and the alert.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::mpsc;
use ward_service::Clock;
use ward_tests::Kind;

use crate::child::{Home, Ready, Service};
use crate::client::{self, Post, Socket};
use crate::figure::{Better, Figure, Times};
use crate::name;

/// Nobody has two alerts: every low is the first word on somebody.
const PEOPLE: u32 = 200;
const POSTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(6);

pub async fn run(kind: Kind) -> Result<()> {
    let service = Service::start(kind, vec![PEOPLE])?;
    let home = service.ready.homes.first().context("a bridge")?;
    let mut reach = Reach::open(&service.ready, home).await?;
    for _ in 0..20 {
        reach.good().await?;
    }
    let mut readings = Vec::new();
    for _ in 0..POSTS {
        readings.push(reach.good().await?);
    }
    let mut alerts = Vec::new();
    for oximeter in &home.oximeters {
        alerts.push(reach.low(oximeter).await?);
    }
    let name = name(kind);
    let answered = times(&readings, |taken| taken.answered);
    let shown = times(&readings, |taken| taken.shown);
    println!(
        "{name}: a reading's post is answered in {}, and on a console after {}",
        answered.in_words(),
        shown.in_words()
    );
    let figures = [
        ("p50", shown.p50(), answered.p50()),
        ("p99", shown.p99(), answered.p99()),
    ];
    for (which, measured, limit) in figures {
        Figure {
            what: format!("reading POST to its frame on a console, {which}, {name}"),
            measured,
            unit: "ms",
            limit,
            limit_is: format!("the POST's own answer, {which}"),
            target: 2.0,
            better: Better::Lower,
        }
        .print();
    }
    let answered = times(&alerts, |taken| taken.answered);
    let shown = times(&alerts, |taken| taken.shown);
    println!(
        "{name}: a low reading's alert is on a console {} after its post",
        shown.in_words()
    );
    Figure {
        what: format!("low reading's POST to its alert on a console, p50, {name}"),
        measured: shown.p50(),
        unit: "ms",
        limit: answered.p50(),
        limit_is: "the POST's own answer, p50".to_owned(),
        target: 2.0,
        better: Better::Lower,
    }
    .print();
    Ok(())
}

/// Both counted from when the post began.
#[derive(Clone, Copy)]
struct Taken {
    answered: Duration,
    shown: Duration,
}

struct Reach<'a> {
    home: &'a Home,
    post: Post,
    frames: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>,
    clock: Clock,
}

impl<'a> Reach<'a> {
    async fn open(ready: &Ready, home: &'a Home) -> Result<Self> {
        let post = Post::connect(ready.service, "/api/bridge/readings", &home.token).await?;
        let mut socket =
            Socket::follow(ready.service, ready.ward, ready.head, &ready.cookie).await?;
        socket.until("caught_up").await?;
        let (sender, frames) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(text) = socket.text().await {
                if sender.send((Instant::now(), text)).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            home,
            post,
            frames,
            clock: Clock::system(),
        })
    }

    async fn good(&mut self) -> Result<Taken> {
        let oximeter = self.home.oximeters.first().context("somebody")?;
        self.take(oximeter, 96, "\"kind\":\"readings\"").await
    }

    async fn low(&mut self, oximeter: &str) -> Result<Taken> {
        self.take(oximeter, 84, "\"change\":\"raised\"").await
    }

    async fn take(&mut self, oximeter: &str, percent: u8, wanted: &str) -> Result<Taken> {
        tokio::time::sleep(PAUSE).await;
        let now = self.clock.now();
        let batch = client::batch(&[client::reading(oximeter, now, percent, Some(0))], now);
        let began = Instant::now();
        self.post.stores(&batch, 1).await?;
        let answered = began.elapsed();
        loop {
            let (at, text) = self.frames.recv().await.context("the feed has ended")?;
            if at >= began && client::find(&text, wanted.as_bytes()).is_some() {
                return Ok(Taken {
                    answered,
                    shown: at - began,
                });
            }
        }
    }
}

fn times(all: &[Taken], which: impl Fn(&Taken) -> Duration) -> Times {
    Times::of(&all.iter().map(which).collect::<Vec<_>>())
}
