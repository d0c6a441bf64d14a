//! How the bridge is, as the service is told.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use firmware_bridge::client::Client;
use firmware_bridge::clock::Clock;
use firmware_bridge::config::Config;
use firmware_bridge::devices::{Devices, Enrolled, Sampling};
use firmware_bridge::health::Health;
use firmware_bridge::spool::Spool;
use firmware_bridge::status::{Machine, Pace, Teller};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::eventually;

const OXIMETER: &str = "00:1C:05:FF:4E:5D";

/// A minute, in a test that does not wait for it.
const SELDOM: Pace = Pace {
    every: Duration::from_secs(3600),
    at_most_every: Duration::from_millis(10),
};

async fn telling(folder: &Path, url: &str, health: &Health, stop: &CancellationToken) {
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
        client,
        health: health.clone(),
        devices,
        machine: Machine::new(spool, 1 << 30, &clock),
        clock,
    };
    tokio::spawn(teller.run(SELDOM, stop.clone()));
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
