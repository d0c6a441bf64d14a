//! How the bridge is, as the service is told.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use firmware_bridge::client::Client;
use firmware_bridge::clock::Clock;
use firmware_bridge::config::Config;
use firmware_bridge::devices::{Devices, Enrolled, Sampling};
use firmware_bridge::health::{Adapter, Health, Trouble};
use firmware_bridge::spool::Spool;
use firmware_bridge::status::{Machine, Pace, Teller};
use firmware_bridge::uplink::{Patience, Uplink};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::{append, eventually};

const OXIMETER: &str = "00:1C:05:FF:4E:5D";

/// A minute, in a test that does not wait for it.
const SELDOM: Pace = Pace {
    every: Duration::from_secs(3600),
    at_most_every: Duration::from_millis(10),
};

async fn telling(
    folder: &Path,
    url: &str,
    health: &Health,
    stop: &CancellationToken,
) -> (Arc<Client>, Spool) {
    enrolled(folder);
    let data = folder.join("data");
    let text = format!("data_dir = {data:?}\n[service]\nurl = \"{url}\"\n");
    let config = Config::parse(Path::new("test"), &text, []).unwrap();
    let client = Arc::new(Client::new(&config.service).unwrap());
    let list = Devices::from([Enrolled {
        address: OXIMETER.parse().unwrap(),
        low_limit_percent: 92,
        slot: None,
        sampling: Sampling::default(),
    }]);
    let devices = watch::channel(list).1;
    let clock = Clock::of_this_machine();
    let (spool, _) = Spool::open(&config.spool.file, clock.clone())
        .await
        .unwrap();
    let teller = Teller {
        client: Arc::clone(&client),
        health: health.clone(),
        devices,
        machine: Machine::new(spool.clone(), 1 << 30, &clock),
        clock,
    };
    tokio::spawn(teller.run(SELDOM, stop.clone()));
    (client, spool)
}

#[tokio::test]
async fn nothing_is_told_before_the_radio_was_tried_and_each_change_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    let (health, stop) = (Health::default(), CancellationToken::new());
    telling(folder.path(), &service.url, &health, &stop).await;
    health.radio(true);
    let first = eventually("the first word", async || {
        service.book().statuses.last().cloned()
    })
    .await;
    assert!(first.radio_up);
    assert_eq!(first.oximeters[0].device_address, OXIMETER);
    assert_eq!(first.oximeters[0].heard_ago_ms, None);

    let device = OXIMETER.parse().unwrap();
    health.heard(&device, Clock::of_this_machine().steady());
    health.battery(&device, 7);
    eventually("a nearly flat battery", async || {
        let told = service.book().statuses.last().cloned()?;
        (told.oximeters[0].battery_percent == Some(7)).then_some(())
    })
    .await;
    health.radio(false);
    let down = eventually("no radio", async || {
        let told = service.book().statuses.last().cloned()?;
        (!told.radio_up).then_some(told)
    })
    .await;
    assert!(down.oximeters[0].heard_ago_ms.is_some());
    stop.cancel();
}

#[tokio::test]
async fn a_running_bridge_says_that_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    enrolled(folder.path());
    let config = configure(folder.path(), &service.url, "testing.time_factor = 10");
    let mut simulate = command("simulate", &config);
    simulate.args(["--scenario", "stable"]);
    let _bridge = Bridge::start(simulate);
    let told = eventually("its first word", async || {
        service.book().statuses.first().cloned()
    })
    .await;
    assert!(told.radio_up);
}

#[tokio::test]
async fn a_bridge_whose_bluetooth_is_not_there_says_so_before_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    enrolled(folder.path());
    let mut run = command("run", &configure(folder.path(), &service.url, ""));
    run.env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all");
    let _bridge = Bridge::start(run);
    let told = eventually("its last word", async || {
        service.book().statuses.last().cloned()
    })
    .await;
    assert!(!told.radio_up);
}

#[tokio::test]
async fn the_heartbeat_tells_of_adapter_oximeter_spool_clock_and_programs() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    let (health, stop) = (Health::default(), CancellationToken::new());
    let (device, now) = (OXIMETER.parse().unwrap(), Clock::of_this_machine().steady());
    health.in_reach(&device, Some(-71), now);
    health.model(&device, Some("3230"), Some("1.4"));
    health.trouble(&device, Trouble::WantsPairing, now);
    health.bluez("5.66");
    health.adapter(Adapter {
        name: Some("hci0".to_owned()),
        present: true,
        powered: true,
        service_answers: true,
    });
    telling(folder.path(), &service.url, &health, &stop).await;
    let told = eventually("the first word", async || {
        service.book().statuses.last().cloned()
    })
    .await;
    assert!(told.radio_up && told.adapter.unwrap().powered);
    let one = &told.oximeters[0];
    assert_eq!((one.in_reach, one.connected), (Some(true), Some(false)));
    assert_eq!(
        (one.rssi_dbm, one.model.as_deref()),
        (Some(-71), Some("3230"))
    );
    assert_eq!(one.trouble, Some(Trouble::WantsPairing));
    assert!(one.trouble_for_ms.unwrap() < 60_000);
    assert_eq!(one.reading_ago_ms, None);
    let spool = told.spool.unwrap();
    assert_eq!((spool.waiting, spool.limit_bytes), (0, Some(1 << 30)));
    assert!(spool.disk_free_bytes.unwrap() > 0);
    let versions = told.versions.unwrap();
    assert_eq!(versions.bridge, env!("CARGO_PKG_VERSION"));
    assert_eq!(versions.bluez.as_deref(), Some("5.66"));
    let wall = told.clock.unwrap().wall;
    let off = Clock::of_this_machine().wall().duration_since(wall);
    assert!(off.abs() < jiff::SignedDuration::from_secs(60));

    health.reading(&device, now);
    eventually("a reading ends the trouble", async || {
        let told = service.book().statuses.last().cloned()?;
        let one = &told.oximeters[0];
        (one.trouble.is_none() && one.reading_ago_ms.is_some()).then_some(())
    })
    .await;
    stop.cancel();
}

/// A service of an earlier version refuses members that it does not know.
#[tokio::test]
async fn an_earlier_service_is_told_in_short() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.book().knows_radio_alone = true;
    let (health, stop) = (Health::default(), CancellationToken::new());
    health.radio(true);
    telling(folder.path(), &service.url, &health, &stop).await;
    let told = eventually("the first word", async || {
        service.book().statuses.last().cloned()
    })
    .await;
    assert!(told.radio_up && told.clock.is_none());
    stop.cancel();
}

/// A batch that is never answered: the heartbeat goes its own way.
#[tokio::test]
async fn a_service_that_takes_no_readings_still_hears_how_the_bridge_is() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.book().nap = Duration::from_secs(3600);
    let (health, stop) = (Health::default(), CancellationToken::new());
    let (client, spool) = telling(folder.path(), &service.url, &health, &stop).await;
    let clock = Clock::of_this_machine();
    let uplink = Uplink::new(spool.clone(), client, clock, Patience::default());
    tokio::spawn(uplink.run(stop.clone()));
    for _ in 0..3 {
        append(&spool, OXIMETER, 97.0).await;
    }
    health.radio(true);
    let told = eventually("what waits", async || {
        service.book().statuses.last().cloned()
    })
    .await;
    assert_eq!(told.spool.unwrap().waiting, 3);
    assert!(service.readings().is_empty());
    stop.cancel();
}
