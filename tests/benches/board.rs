//! The board of two hundred.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ward_service::{Clock, Wards, WardsOptions};
use ward_store::{Database, Store, StoreOptions};
use ward_tests::database::ORGANISATION;
use ward_tests::{Desk, Kind, TestDatabase, spo2};

use crate::child::folder;
use crate::figure::{Better, Figure, Times};
use crate::name;

const PEOPLE: usize = 200;
const READINGS_EACH: u64 = 12;
const LOOKS: usize = 200;

pub async fn run(kind: Kind) -> Result<()> {
    let folder = folder()?;
    let on_server = match kind {
        Kind::Sqlite => None,
        Kind::Postgres => Some(TestDatabase::empty(kind).await),
    };
    let database = on_server.as_ref().map_or_else(
        || Database::Sqlite(folder.path().join("ward.db")),
        |server| server.database.clone(),
    );
    let options = StoreOptions {
        database,
        max_connections: 4,
    };
    let store = Store::open(&options, ORGANISATION).await?;
    store.migrate().await?;
    let clock = Clock::system();
    let wards = Wards::new(store.clone(), clock.clone(), WardsOptions::default());
    let desk = Desk::open(wards, clock.clone()).await;
    let bridge = desk.bridge().await;
    for person in 0..PEOPLE {
        let patient = desk.patient(&bridge).await;
        let readings = (0..READINGS_EACH).map(|number| {
            // One in ten is unwell.
            let percent = if person % 10 == 0 { 86.0 } else { 96.0 };
            let ago = Duration::from_secs(60 * (READINGS_EACH - number));
            let now = clock.now();
            spo2(percent)
                .ago(ago)
                .from(&patient.oximeter, now)
                .incoming(now)
        });
        desk.wards
            .record_readings(&bridge.bridge, readings.collect())
            .await?;
    }
    let mut times = Vec::new();
    for look in 0..LOOKS + 20 {
        let began = Instant::now();
        let board = store.board(desk.ward).await?.context("the ward")?;
        if look >= 20 {
            times.push(began.elapsed());
        }
        anyhow::ensure!(board.caseload.len() == PEOPLE, "all of them");
    }
    let times = Times::of(&times);
    let limit = match kind {
        Kind::Sqlite => 0.15,
        Kind::Postgres => 0.5,
    };
    println!(
        "{}: a board of {PEOPLE} is read in {}",
        name(kind),
        times.in_words()
    );
    Figure {
        what: format!("board of {PEOPLE}, p50, {}", name(kind)),
        measured: times.p50(),
        unit: "ms",
        limit,
        limit_is: "a fixed figure, not measured".to_owned(),
        target: 1.0,
        better: Better::Lower,
    }
    .print();
    store.close().await;
    drop(on_server);
    Ok(())
}
