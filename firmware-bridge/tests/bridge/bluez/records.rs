//! Stories of records in an oximeter's memory, and of its clock.

use ward_oximeter::uuids::{CURRENT_TIME, PLX_FEATURES, PLX_SPOT_CHECK, RACP};
use ward_wire::bridge::{DoubtItem, MeasuredItem};

use super::Call;
use super::device::DeviceState;
use super::gatt::WITH_MEMORY;
use super::home::{Home, OURS, home};
use crate::service::Act;
use crate::support::eventually;

const REPORT: [u8; 2] = [1, 1];
const DELETE: [u8; 2] = [2, 1];
const ABORT: [u8; 2] = [3, 0];
const COUNT: [u8; 2] = [4, 1];
/// Storage and time stamps, nothing else.
const STORES: [u8; 2] = [0x0C, 0];

/// A record of 2026-11-20, so many minutes after seven, by the oximeter's clock: time stamp, and "from storage" set.
fn record(spo2: u8, minute: u8) -> Vec<u8> {
    vec![
        0x03, spo2, 0, 72, 0, 0xEA, 7, 11, 20, 7, minute, 0, 0x80, 0x02,
    ]
}

/// What the oximeter's clock shows.
fn clock(hour: u8, minute: u8) -> [u8; 10] {
    [0xEA, 7, 11, 20, hour, minute, 0, 5, 0, 0]
}

/// An oximeter with a memory has come into range, and its records are asked for.
async fn with_memory(home: &Home) -> std::sync::Arc<DeviceState> {
    let device = home.bluez.appear(OURS, WITH_MEMORY).await;
    device.says(PLX_FEATURES, &STORES);
    device.says(CURRENT_TIME, &clock(7, 30));
    written(home, &[&REPORT]).await;
    device
}

/// Waits until exactly this was written to the control point.
async fn written(home: &Home, wanted: &[&[u8]]) {
    eventually(&format!("written: {wanted:?}"), async || {
        (home.bluez.written(OURS, RACP) == wanted).then_some(())
    })
    .await;
}

async fn sends(home: &Home, device: &DeviceState, values: &[Vec<u8>]) {
    for value in values {
        assert!(home.bluez.value(device, PLX_SPOT_CHECK, value).await);
    }
}

async fn answers(home: &Home, device: &DeviceState, answer: &[u8]) {
    assert!(home.bluez.value(device, RACP, answer).await);
}

#[tokio::test]
async fn stored_records_are_fetched_and_deleted_only_after_the_service_has_them() {
    let home = home().await;
    home.service.book().acts.extend([Act::Status(503); 3]);
    let device = with_memory(&home).await;
    sends(
        &home,
        &device,
        &[record(93, 1), record(84, 2), record(84, 2)],
    )
    .await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    home.bridge.says("stored records handed over").await;
    // The service says "later" three times: nothing may be deleted meanwhile.
    eventually("the service has them", async || {
        let asked = home.bluez.written(OURS, RACP);
        let held = home.service.readings().len();
        assert!(
            held == 2 || asked == [REPORT.to_vec()],
            "{asked:?} with {held} held"
        );
        (held == 2).then_some(())
    })
    .await;
    written(&home, &[&REPORT, &COUNT]).await;
    answers(&home, &device, &[5, 0, 3, 0]).await;
    written(&home, &[&REPORT, &COUNT, &DELETE]).await;
    answers(&home, &device, &[6, 0, 2, 1]).await;
    let values: Vec<f64> = home
        .service
        .readings()
        .iter()
        .filter_map(|item| match &item.measured {
            MeasuredItem::SpotCheck(values) => Some(values.spo2_percent),
            _ => None,
        })
        .collect();
    assert_eq!(
        values.len(),
        2,
        "a record that was handed over twice is one reading"
    );
    assert!(
        values.contains(&93.0) && values.contains(&84.0),
        "{values:?}"
    );
}

#[tokio::test]
async fn what_is_measured_while_records_are_confirmed_is_not_deleted_unseen() {
    let home = home().await;
    let device = with_memory(&home).await;
    sends(&home, &device, &[record(93, 1)]).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    written(&home, &[&REPORT, &COUNT]).await;
    // One more than was handed over.
    answers(&home, &device, &[5, 0, 2, 0]).await;
    written(&home, &[&REPORT, &COUNT, &REPORT]).await;
    sends(&home, &device, &[record(93, 1), record(82, 3)]).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    written(&home, &[&REPORT, &COUNT, &REPORT, &COUNT]).await;
    assert_eq!(home.service.readings().len(), 2);
}

#[tokio::test]
async fn a_report_that_falls_silent_is_aborted_and_what_came_is_kept() {
    let home = home().await;
    let device = with_memory(&home).await;
    sends(&home, &device, &[record(84, 1)]).await;
    written(&home, &[&REPORT, &ABORT]).await;
    // A record that was on its way.
    sends(&home, &device, &[record(85, 2)]).await;
    answers(&home, &device, &[6, 0, 3, 1]).await;
    written(&home, &[&REPORT, &ABORT, &REPORT]).await;
    sends(&home, &device, &[record(86, 3)]).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    eventually("three readings", async || {
        (home.service.readings().len() == 3).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_lost_in_the_middle_of_a_report_asks_again_and_doubles_nothing() {
    let home = home().await;
    let device = with_memory(&home).await;
    sends(&home, &device, &[record(93, 1), record(84, 2)]).await;
    home.bluez.drop_link(&device).await;
    written(&home, &[&REPORT, &REPORT]).await;
    let all = [record(93, 1), record(84, 2), record(95, 3)];
    sends(&home, &device, &all).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    written(&home, &[&REPORT, &REPORT, &COUNT]).await;
    assert_eq!(home.service.readings().len(), 3);
}

#[tokio::test]
async fn a_record_is_placed_by_what_the_oximeters_clock_shows_and_the_clock_is_set_after_that() {
    let home = home().await;
    let device = with_memory(&home).await;
    // The clock shows 07:30 of some day: the record is 29 minutes old, whatever the day is here.
    sends(&home, &device, &[record(84, 1)]).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    let reading = home.reading("the record", |_| true).await;
    let age = reading.age_ms.unwrap();
    let minutes = 29 * 60_000;
    // The bridge's steady clock is sped up tenfold here.
    assert!((minutes..minutes + 300_000).contains(&age), "{age}");
    let set = home.bluez.written(OURS, CURRENT_TIME);
    assert!(set.len() <= 1, "{set:?}");
    home.bluez.asked_once(CURRENT_TIME).await;
    let shows = device.read(CURRENT_TIME).unwrap();
    assert_ne!(shows, clock(7, 30), "the clock is set");
    assert_eq!(shows.len(), 10);
}

#[tokio::test]
async fn a_record_of_an_impossible_time_keeps_its_value_and_loses_its_time() {
    let home = home().await;
    let device = with_memory(&home).await;
    // After what the clock shows: of another run of the clock.
    sends(&home, &device, &[record(84, 59)]).await;
    answers(&home, &device, &[6, 0, 1, 1]).await;
    let reading = home.reading("the record", |_| true).await;
    assert!(reading.age_ms.unwrap() < 300_000, "taken for one of now");
    let MeasuredItem::SpotCheck(values) = &reading.measured else {
        panic!("{reading:?}")
    };
    assert_eq!(values.spo2_percent, 84.0);
    assert!(
        values.doubts.contains(&DoubtItem::TimeNotKnown),
        "and says so"
    );
}

#[tokio::test]
async fn an_oximeter_that_stores_nothing_is_not_asked() {
    let home = home().await;
    let device = home.bluez.appear(OURS, WITH_MEMORY).await;
    device.says(PLX_FEATURES, &[0, 0]);
    home.bluez.asked_once(CURRENT_TIME).await;
    assert!(home.bluez.written(OURS, RACP).is_empty());
    assert_eq!(home.bluez.count(&Call::Connect(OURS.to_owned())), 1);
}
