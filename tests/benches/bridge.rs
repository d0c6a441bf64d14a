//! From an oximeter's final packet to the disk of the bridge, and to the service's word that it has the reading.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use firmware_bridge::client::Client;
use firmware_bridge::clock::Clock as BridgeClock;
use firmware_bridge::config;
use firmware_bridge::devices::{Devices, Enrolled, Sampling};
use firmware_bridge::health::Health;
use firmware_bridge::measure;
use firmware_bridge::radio::{EVENTS_LIMIT, Heard, RadioEvent};
use firmware_bridge::spool::Spool;
use firmware_bridge::uplink::{Patience, Uplink};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use ward_oximeter::Family;
use ward_oximeter::uuids::PLX_SPOT_CHECK;
use ward_service::Clock;
use ward_tests::Kind;

use crate::child::{Service, folder};
use crate::client::{self, Post};
use crate::figure::{Better, Figure, Times};
use crate::floor::Disk;

const READINGS: u8 = 200;
/// How often somebody looks: no figure here is better than that.
const LOOK_EVERY: Duration = Duration::from_micros(200);

pub async fn run() -> Result<()> {
    let service = Service::start(Kind::Sqlite, vec![1])?;
    let home = service.ready.homes.first().context("a bridge")?;
    let oximeter = home.oximeters.first().context("a patient")?;
    let folder = folder()?;
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, &home.token)?;
    let clock = BridgeClock::of_this_machine();
    let (spool, _) = Spool::open(&folder.path().join("spool.sqlite"), clock.clone()).await?;
    let client = Arc::new(Client::new(&config::Service {
        url: format!("http://{}/", service.ready.service).parse()?,
        ca_file: None,
        key_file: folder.path().join("key"),
        token_file,
        timeout: Duration::from_secs(10),
        refresh_devices: Duration::from_secs(60),
    })?);
    let stop = CancellationToken::new();
    let uplink = Uplink::new(spool.clone(), client, clock.clone(), Patience::default());
    let uplink = tokio::spawn(uplink.run(stop.clone()));
    let enrolled = Enrolled {
        address: oximeter.parse()?,
        low_limit_percent: 92,
        slot: None,
        sampling: Sampling::default(),
    };
    let (_list, devices) = watch::channel(Devices::from([enrolled]));
    let (events, heard) = mpsc::channel(EVENTS_LIMIT);
    let measuring = tokio::spawn(measure::run(
        heard,
        devices,
        spool.clone(),
        clock.clone(),
        Health::default(),
        Vec::new(),
        Vec::new(),
    ));
    let hear = async |heard| {
        let event = RadioEvent {
            device: oximeter.parse()?,
            at: clock.steady(),
            heard,
        };
        anyhow::Ok(events.send(event).await?)
    };
    hear(Heard::Connected(Family::Plx)).await?;

    let options = SqliteConnectOptions::new()
        .filename(spool.file())
        .read_only(true);
    let mut beside = options.connect().await?;
    let disk = Disk::beside(folder.path())?;
    let mut post =
        Post::connect(service.ready.service, "/api/bridge/readings", &home.token).await?;
    let (mut on_disk, mut confirmed, mut flushed, mut posted) = (vec![], vec![], vec![], vec![]);
    for number in 0..READINGS {
        // One a minute by the device's clock, none of them like another.
        let bytes = vec![
            1,
            96,
            0,
            68,
            0,
            0xEA,
            7,
            11,
            21,
            8 + number / 60,
            number % 60,
            5,
        ];
        let began = Instant::now();
        hear(Heard::Packet {
            characteristic: PLX_SPOT_CHECK,
            bytes,
        })
        .await?;
        let expected = i64::from(number) + 1;
        until(&mut beside, "select count(*) from reading", expected).await?;
        on_disk.push(began.elapsed());
        until(
            &mut beside,
            "select count(*) from reading where state = 1",
            expected,
        )
        .await?;
        confirmed.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(4)).await;
        flushed.push(tokio::task::block_in_place(|| disk.flush_a_page())?);
        let now = Clock::system().now();
        let batch = client::batch(&[client::reading(oximeter, now, 96, Some(0))], now);
        let began = Instant::now();
        post.stores(&batch, 1).await?;
        posted.push(began.elapsed());
    }
    beside.close().await?;
    stop.cancel();
    uplink.await??;
    drop(events);
    measuring.await??;

    let [on_disk, confirmed, flushed, posted] =
        [&on_disk, &confirmed, &flushed, &posted].map(|times| Times::of(times));
    println!(
        "A final packet is on the bridge's disk in {}, confirmed by the service in {}; a flush takes {}, a bare POST {}",
        on_disk.in_words(),
        confirmed.in_words(),
        flushed.in_words(),
        posted.in_words()
    );
    for (what, measured, limit, limit_is) in [
        (
            "the bridge's disk",
            &on_disk,
            &flushed,
            "fdatasync of one page on the same disk, p50",
        ),
        (
            "the service's word, SQLite",
            &confirmed,
            &posted,
            "a POST of one reading, p50",
        ),
    ] {
        Figure {
            what: format!("an oximeter's final packet to {what}, p50"),
            measured: measured.p50(),
            unit: "ms",
            limit: limit.p50(),
            limit_is: limit_is.to_owned(),
            target: 4.0,
            better: Better::Lower,
        }
        .print();
    }
    Ok(())
}

async fn until(beside: &mut SqliteConnection, count: &'static str, expected: i64) -> Result<()> {
    let began = Instant::now();
    loop {
        let (count,): (i64,) = sqlx::query_as(count).fetch_one(&mut *beside).await?;
        if count >= expected {
            return Ok(());
        }
        ensure!(
            began.elapsed() < Duration::from_secs(10),
            "a reading does not arrive"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
