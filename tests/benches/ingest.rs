//! Readings that come in, against the same handler without storage, against COPY and against the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use ward_core::time::minutes;
use ward_service::Clock;
use ward_tests::Kind;

use crate::child::{Home, Service};
use crate::client::{self, Post};
use crate::figure::{Better, Figure, Pair, Times, median_pair};
use crate::floor::{self, Disk};
use crate::name;

const SERVICE_PATH: &str = "/api/bridge/readings";
const ROUNDS: usize = 3;
/// Long enough for the connections to be open and every statement to be prepared.
const WARM_UP: Duration = Duration::from_millis(300);
const ROUND: Duration = Duration::from_millis(1_300);
/// Bridges in as many homes, one patient each.
const HOMES: usize = 256;
/// Patients of a bridge that reads many.
const MANY: u32 = 100;
const BATCH: usize = 500;
/// Bridges that send a backlog at the same time.
const BACKLOGS: usize = 4;
const BATCHES_EACH: usize = 8;

pub async fn run(kind: Kind) -> Result<()> {
    let service = Service::start(kind, [vec![1; HOMES], vec![MANY; BACKLOGS]].concat())?;
    let first_step = [(64, 0.40), (256, 0.70)];
    for (connections, target) in first_step {
        singles(kind, &service, connections, target).await?;
    }
    batches(kind, &service, 1, "one patient").await?;
    batches(kind, &service, 100, "100 patients each").await?;
    acknowledgement(kind, &service).await
}

/// What a load came to.
#[derive(Clone, Copy)]
struct Load {
    a_second: f64,
    processor_us_each: f64,
}

async fn singles(kind: Kind, service: &Service, connections: usize, target: f64) -> Result<()> {
    let mut pairs = Vec::new();
    let mut processor = Vec::new();
    for _ in 0..ROUNDS {
        let limit = posts(service, connections, false).await?;
        let durable = posts(service, connections, true).await?;
        pairs.push(Pair {
            measured: durable.a_second,
            limit: limit.a_second,
        });
        processor.push(Pair {
            measured: durable.processor_us_each,
            limit: limit.processor_us_each,
        });
    }
    let pair = median_pair(pairs);
    let cpu = median_pair(processor);
    println!(
        "{}: a durable reading at {connections} connections costs the service {:.0} µs of processor, without storage {:.0} µs",
        name(kind),
        cpu.measured,
        cpu.limit
    );
    Figure {
        what: format!(
            "durable single-reading POSTs, {connections} connections, {}",
            name(kind)
        ),
        measured: pair.measured,
        unit: "/s",
        limit: pair.limit,
        limit_is: "the same handler without storage".to_owned(),
        target,
        better: Better::Higher,
    }
    .print();
    Ok(())
}

async fn posts(service: &Service, connections: usize, durable: bool) -> Result<Load> {
    let ready = &service.ready;
    let done = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let clock = Clock::system();
    let mut posting = JoinSet::new();
    for home in ready.homes.iter().take(connections) {
        let mut post = open(service, durable, home).await?;
        let oximeter = home.oximeters.first().context("a patient")?.clone();
        let (done, stop, clock) = (Arc::clone(&done), Arc::clone(&stop), clock.clone());
        posting.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let now = clock.now();
                let reading = client::reading(&oximeter, now, 96, Some(0));
                post.stores(&client::batch(&[reading], now), 1).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(WARM_UP).await;
    let (began, first, processor) = (
        Instant::now(),
        done.load(Ordering::Relaxed),
        service.processor_seconds()?,
    );
    tokio::time::sleep(ROUND).await;
    let count = done.load(Ordering::Relaxed) - first;
    let seconds = began.elapsed().as_secs_f64();
    let processor = service.processor_seconds()? - processor;
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = posting.join_next().await {
        ended??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds' work")]
    let count = count as f64;
    Ok(Load {
        a_second: count / seconds,
        processor_us_each: processor * 1e6 / count,
    })
}

async fn open(service: &Service, durable: bool, home: &Home) -> Result<Post> {
    if durable {
        Post::connect(service.ready.service, SERVICE_PATH, &home.token).await
    } else {
        Post::connect(service.ready.without_storage, floor::PATH, &home.token).await
    }
}

async fn batches(kind: Kind, service: &Service, patients: usize, whose: &str) -> Result<()> {
    let mut pairs = Vec::new();
    for round in 0..ROUNDS {
        let backlogs = backlogs(service, patients, round)?;
        let limit = send(service, &backlogs, false).await?;
        let measured = send(service, &backlogs, true).await?;
        pairs.push(Pair { measured, limit });
    }
    let pair = median_pair(pairs);
    let what = format!("durable batches of {BATCH}, {whose}, {}", name(kind));
    Figure {
        what: what.clone(),
        measured: pair.measured,
        unit: "readings/s",
        limit: pair.limit,
        limit_is: "the same handler without storage".to_owned(),
        target: 0.30,
        better: Better::Higher,
    }
    .print();
    if let Some(url) = &service.ready.postgres {
        Figure {
            what,
            measured: pair.measured,
            unit: "readings/s",
            limit: floor::copied_rows_per_second(url, 32).await?,
            limit_is: "COPY into the same table".to_owned(),
            target: 0.80,
            better: Better::Higher,
        }
        .print();
    }
    Ok(())
}

/// The bridges that read many.
fn hubs(service: &Service) -> &[Home] {
    service.ready.homes.get(HOMES..).unwrap_or_default()
}

/// What each bridge has kept while it was offline: days ago, second by second, round after round.
fn backlogs(service: &Service, patients: usize, round: usize) -> Result<Vec<Vec<String>>> {
    let now = Clock::system().now();
    let seconds_each = BATCH * BATCHES_EACH / patients;
    // Nothing that another part has sent is sent again.
    let days_ago = if patients > 1 { 10 } else { 20 };
    let begins = now.minus(minutes(60 * 24 * days_ago));
    let mut all = Vec::new();
    for hub in hubs(service) {
        let mut of_hub = Vec::new();
        for batch in 0..BATCHES_EACH {
            let mut items = Vec::new();
            for item in 0..BATCH {
                let oximeter = hub.oximeters.get(item % patients).context("a patient")?;
                let second = round * seconds_each + (batch * BATCH + item) / patients;
                let at = begins.plus(Duration::from_secs(u64::try_from(second)?));
                items.push(client::reading(oximeter, at, 97, None));
            }
            of_hub.push(client::batch(&items, now));
        }
        all.push(of_hub);
    }
    Ok(all)
}

async fn send(service: &Service, backlogs: &[Vec<String>], durable: bool) -> Result<f64> {
    let mut posts = Vec::new();
    for hub in hubs(service) {
        posts.push(open(service, durable, hub).await?);
    }
    let began = Instant::now();
    let mut sending = JoinSet::new();
    for (mut post, batches) in posts.into_iter().zip(backlogs.iter().cloned()) {
        sending.spawn(async move {
            for batch in batches {
                post.stores(&batch, BATCH).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = sending.join_next().await {
        ended??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let count = (backlogs.len() * BATCHES_EACH * BATCH) as f64;
    Ok(count / began.elapsed().as_secs_f64())
}

/// One connection, some ten posts for every hundred milliseconds, and a flush of the same disk after each.
async fn acknowledgement(kind: Kind, service: &Service) -> Result<()> {
    const POSTS: usize = 250;
    let clock = Clock::system();
    let home = service.ready.homes.first().context("a bridge")?;
    let oximeter = home.oximeters.first().context("a patient")?;
    let mut post = open(service, true, home).await?;
    let disk = Disk::beside(service.folder())?;
    let (mut confirmed, mut flushed) = (Vec::new(), Vec::new());
    for _ in 0..POSTS {
        let now = clock.now();
        let batch = client::batch(&[client::reading(oximeter, now, 96, Some(0))], now);
        let began = Instant::now();
        post.stores(&batch, 1).await?;
        confirmed.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(4)).await;
        flushed.push(tokio::task::block_in_place(|| disk.flush_a_page())?);
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    let (confirmed, flushed) = (Times::of(&confirmed), Times::of(&flushed));
    println!(
        "{}: a reading is confirmed in {}; a flush takes {}",
        name(kind),
        confirmed.in_words(),
        flushed.in_words()
    );
    Figure {
        what: format!("a reading's confirmation, p50 at low load, {}", name(kind)),
        measured: confirmed.p50(),
        unit: "ms",
        limit: flushed.p50(),
        limit_is: "fdatasync of one page on the same disk".to_owned(),
        target: 4.0,
        better: Better::Lower,
    }
    .print();
    Ok(())
}
