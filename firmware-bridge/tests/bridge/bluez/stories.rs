//! The real bridge through the real Bluetooth library against the pretended Bluetooth service.

use std::sync::Arc;
use std::time::Duration;

use firmware_bridge::clock::Clock;
use firmware_bridge::spool::Spool;
use uuid::Uuid;
use ward_oximeter::uuids::{NORDIC_UART_NOTIFY, PLX_CONTINUOUS, PLX_SPOT_CHECK, RACP};
use ward_sim::{Habits, Model, Oximeter, Patient, Rhythm, Scenario};
use ward_wire::bridge::{DeviceList, DoubtItem, MeasuredItem, ReadingItem};

use super::bus::Bus;
use super::device::DeviceState;
use super::gatt::{PC60, PLX};
use super::home::{Home, LOW_SPOT, OTHER, OURS, SPOT, TIMES, home, home_with, run};
use super::{Call, FakeBluez};
use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::{eventually, open};

pub(super) fn measuring(model: Model, scenario: Scenario, lasts_s: u32) -> Oximeter {
    let once = Rhythm::SpotChecks {
        first_s: 0,
        every_s: 600,
        lasts_s,
        times: Some(1),
    };
    Oximeter::new(
        model,
        Patient::new(scenario, 7),
        Habits::of(scenario).rhythm(once),
    )
}

/// 97 % once a second of the bridge's sped up clock.
pub(super) async fn stream(home: &Home, device: &DeviceState, seconds: u32) {
    let mut second = tokio::time::interval(Duration::from_secs(1) / TIMES);
    for _ in 0..seconds {
        second.tick().await;
        assert!(
            home.bluez
                .value(device, PLX_CONTINUOUS, &[0, 97, 0, 72, 0])
                .await
        );
    }
}

pub(super) fn is_unsettled(item: &ReadingItem) -> bool {
    matches!(&item.measured, MeasuredItem::Window(values) if values.doubts.contains(&DoubtItem::Unsettled))
}

pub(super) fn is_settled(item: &ReadingItem) -> bool {
    matches!(&item.measured, MeasuredItem::Window(values) if values.doubts.is_empty())
}

#[tokio::test]
async fn a_spot_check_is_found_connected_subscribed_and_at_the_service_with_its_bytes() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    assert!(home.bluez.value(&device, PLX_SPOT_CHECK, &SPOT).await);
    let reading = home.reading("the spot check", |_| true).await;
    assert_eq!(reading.raw_hex.as_deref(), Some("015F004400EA070B15081E05"));
    assert_eq!(reading.id.get_version_num(), 5);
    let MeasuredItem::SpotCheck(values) = reading.measured else {
        panic!("{reading:?}")
    };
    assert_eq!((values.spo2_percent, values.pulse_bpm), (95.0, Some(68.0)));
    // Stored data first, live data last.
    let order: Vec<Uuid> = (home.bluez.world.calls.lock().unwrap().iter())
        .filter_map(|call| match call {
            Call::Notify(_, uuid) => Some(*uuid),
            _ => None,
        })
        .collect();
    assert_eq!(order, [RACP, PLX_SPOT_CHECK, PLX_CONTINUOUS]);
    // The same stamped record again is the same reading.
    assert!(home.bluez.value(&device, PLX_SPOT_CHECK, &SPOT).await);
    home.bridge.says("was on disk already").await;
    assert_eq!(home.service.readings().len(), 1);
}

#[tokio::test]
async fn a_steady_stream_becomes_a_settled_window() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    stream(&home, &device, 18).await;
    let reading = home.reading("a settled window", is_settled).await;
    assert_eq!(reading.id.get_version_num(), 7);
    let MeasuredItem::Window(values) = reading.measured else {
        panic!("{reading:?}")
    };
    assert_eq!((values.spo2_percent, values.pulse_bpm), (97.0, Some(72.0)));
}

#[tokio::test]
async fn a_pc60_over_nordic_uart_becomes_a_settled_window() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PC60).await;
    home.subscribed(NORDIC_UART_NOTIFY).await;
    home.play(&device, measuring(Model::Pc60, Scenario::Stable, 20))
        .await;
    home.reading("a settled window", is_settled).await;
}

#[tokio::test]
async fn a_finger_that_leaves_early_gives_what_was_seen_marked_unsettled() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PC60).await;
    home.subscribed(NORDIC_UART_NOTIFY).await;
    home.play(&device, measuring(Model::Pc60, Scenario::Stable, 10))
        .await;
    home.reading("an unsettled window", is_unsettled).await;
}

#[tokio::test]
async fn a_clip_without_a_finger_is_an_attempt() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PC60).await;
    home.subscribed(NORDIC_UART_NOTIFY).await;
    home.play(&device, measuring(Model::Pc60, Scenario::FingerOut, 20))
        .await;
    home.bluez.drop_link(&device).await;
    let attempt = home.reading("an attempt", |_| true).await;
    assert!(
        matches!(&attempt.measured, MeasuredItem::Attempt { reason } if reason == "no_finger"),
        "{attempt:?}"
    );
}

#[tokio::test]
async fn a_link_lost_in_the_middle_of_a_measurement_gives_what_was_seen() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    stream(&home, &device, 10).await;
    device.keep_silent(true);
    home.bluez.drop_link(&device).await;
    home.reading("an unsettled window", is_unsettled).await;
}

#[tokio::test]
async fn a_reading_sent_at_once_after_a_reconnect_is_not_lost() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    for minute in 1..=3 {
        let mut record = LOW_SPOT;
        record[10] = minute;
        device.when_resumed(vec![(PLX_SPOT_CHECK, record.to_vec())]);
        home.bluez.drop_link(&device).await;
        let minute = format!("{minute:02X}05");
        home.reading("the low reading", |item| {
            item.raw_hex
                .as_ref()
                .is_some_and(|raw| raw.ends_with(&minute))
        })
        .await;
        home.bluez
            .asked(Call::Connect(OURS.to_owned()), usize::from(record[10]) + 1)
            .await;
    }
}

#[tokio::test]
async fn an_oximeter_that_is_not_enrolled_is_never_connected() {
    let home = home().await;
    home.bluez.appear(OTHER, PLX).await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    assert!(home.bluez.value(&device, PLX_SPOT_CHECK, &SPOT).await);
    home.reading("the spot check", |_| true).await;
    assert_eq!(home.bluez.count(&Call::Connect(OTHER.to_owned())), 0);
    // It is enrolled while it is there: connected at once.
    home.service.enrol_device(OTHER);
    home.bluez.asked(Call::Connect(OTHER.to_owned()), 1).await;
    // And taken away: let go.
    home.service.book().devices.pop();
    home.bluez
        .asked(Call::Disconnect(OTHER.to_owned()), 1)
        .await;
    assert!(device.is_connected());
}

#[tokio::test]
async fn an_oximeter_that_is_only_remembered_is_not_connected_before_it_is_heard() {
    let home = home().await;
    let device = Arc::clone(&home.bluez.appear(OURS, PLX).await);
    device.keep_silent(true);
    device.hear(false);
    home.bluez.asked(Call::StartDiscovery, 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Perhaps it was heard in the moment before it fell silent.
    let before = home.bluez.count(&Call::Connect(OURS.to_owned()));
    device.keep_silent(false);
    home.bluez
        .asked(Call::Connect(OURS.to_owned()), before + 1)
        .await;
}

#[tokio::test]
async fn a_connect_that_fails_and_one_that_hangs_are_tried_again() {
    let home = home().await;
    let device = home.bluez.appear(OTHER, PLX).await;
    device.refuse_next_connect("le-connection-abort-by-local");
    device.never_resolve(true);
    home.service.enrol_device(OTHER);
    home.bluez.asked(Call::Connect(OTHER.to_owned()), 2).await;
    // The link comes up and is lost before the services are found: no waiting for the thirty seconds of a time-out.
    home.bridge.says("le-connection-abort-by-local").await;
    eventually("it is connected", async || {
        device.is_connected().then_some(())
    })
    .await;
    device.never_resolve(false);
    home.bluez.drop_link(&device).await;
    home.bridge.says("the link was lost during connect").await;
    home.bluez
        .asked(Call::Notify(OTHER.to_owned(), PLX_CONTINUOUS), 1)
        .await;
}

#[tokio::test]
async fn an_oximeter_that_falls_silent_is_let_go_and_connected_again() {
    let home = home_with("silence_seconds = 2").await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    stream(&home, &device, 2).await;
    home.bluez.asked(Call::Disconnect(OURS.to_owned()), 1).await;
    home.bluez.asked(Call::Connect(OURS.to_owned()), 2).await;
}

#[tokio::test]
async fn a_bridge_without_a_network_reads_the_oximeters_that_it_remembers() {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let (spool, _) = Spool::open(
        &folder.path().join("data/spool.sqlite"),
        Clock::of_this_machine(),
    )
    .await
    .unwrap();
    let service = Service::start().await;
    service.enrol_device(OURS);
    let devices = std::mem::take(&mut service.book().devices);
    spool
        .remember_devices(&DeviceList {
            devices,
            ..DeviceList::default()
        })
        .await
        .unwrap();
    spool.close().await;
    let bus = Bus::start().await;
    let bluez = FakeBluez::start(&bus).await;
    let bridge = run(&bus, &folder, "http://127.0.0.1:9/", "");
    let device = bluez.appear(OURS, PLX).await;
    bluez
        .asked(Call::Notify(OURS.to_owned(), PLX_CONTINUOUS), 1)
        .await;
    assert!(bluez.value(&device, PLX_SPOT_CHECK, &LOW_SPOT).await);
    bridge.says("reading on disk").await;
    let (status, _) = bridge.terminate().await;
    assert!(status.success());
    assert_eq!(
        open(&folder.path().join("data"))
            .await
            .waiting()
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn a_bridge_that_stops_lets_its_oximeters_go_and_one_that_starts_takes_up_an_old_connection()
{
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    let (status, _) = home.bridge.terminate().await;
    assert!(status.success());
    assert!(!device.is_connected());
    assert_eq!(home.bluez.count(&Call::Disconnect(OURS.to_owned())), 1);
    // As after a kill: connected, and therefore not advertising.
    device.was_connected();
    let _bridge = run(&home.bus, &home.folder, &home.service.url, "");
    home.bluez
        .asked(Call::Notify(OURS.to_owned(), PLX_CONTINUOUS), 2)
        .await;
}

#[tokio::test]
async fn without_bluetooth_the_bridge_says_what_to_install_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let bus = Bus::start().await;
    let (status, log) = run(&bus, &folder, "http://127.0.0.1:9/", "").end().await;
    assert!(!status.success());
    assert!(
        log.last().unwrap().contains("Install the package bluez"),
        "{log:?}"
    );
}

#[tokio::test]
async fn without_a_message_bus_the_bridge_says_so_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let mut run = command("run", &configure(folder.path(), "http://127.0.0.1:9/", ""));
    run.env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    let (status, log) = Bridge::start(run).end().await;
    assert!(!status.success());
    assert!(
        log.last()
            .unwrap()
            .contains("message bus cannot be reached"),
        "{log:?}"
    );
}

#[tokio::test]
async fn when_the_bluetooth_service_dies_the_bridge_keeps_what_it_has_and_ends() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    stream(&home, &device, 10).await;
    home.bluez.die().await;
    let (status, log) = home.bridge.end().await;
    assert!(!status.success(), "so that its supervisor starts it anew");
    assert!(
        log.last()
            .unwrap()
            .contains("the Bluetooth service is gone"),
        "{log:?}"
    );
    let kept = home.service.readings();
    assert!(kept.iter().any(is_unsettled), "{kept:?}");
}

#[tokio::test]
async fn when_bluetooth_is_switched_off_and_on_the_bridge_listens_again() {
    let home = home().await;
    home.bluez.asked(Call::StartDiscovery, 1).await;
    // As bluetoothd does it: the scan ends without a word to its client.
    home.bluez
        .world
        .discovering
        .store(false, std::sync::atomic::Ordering::Relaxed);
    home.bluez.asked(Call::StartDiscovery, 2).await;
    home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
}
