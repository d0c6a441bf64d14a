use super::*;
use crate::bridge_watch::{AdapterStatus, ClockStatus, Troubled};
use crate::story::EIGHT;
use crate::time::seconds;
use proptest::prelude::*;
use uuid::Uuid;

const BRIDGE: BridgeId = BridgeId(Uuid::from_u128(5));
const STAY: StayId = StayId(Uuid::from_u128(1));

fn device() -> DeviceAddress {
    "00:1C:05:FF:4E:5D".parse().unwrap()
}

/// Somebody who is well and has had their oximeter for a week.
fn read() -> Read {
    Read {
        stay: STAY,
        device: device(),
        from: EIGHT.minus(minutes(7 * 24 * 60)),
        worst: Severity::Low,
        is_continuous: false,
    }
}

fn oximeter() -> OximeterStatus {
    OximeterStatus {
        address: device(),
        battery_percent: Some(80),
        heard_at: Some(EIGHT),
        in_reach: Some(true),
        connected: Some(true),
        rssi_dbm: Some(-60),
        model: None,
        firmware: None,
        reading_at: Some(EIGHT),
        trouble: None,
    }
}

fn spool(waiting: u64) -> SpoolStatus {
    SpoolStatus {
        waiting,
        oldest_at: (waiting > 0).then(|| EIGHT.minus(minutes(30))),
        refused: 0,
        used_bytes: Some(1 << 20),
        limit_bytes: Some(1 << 30),
        disk_free_bytes: Some(8 << 30),
        stuck_since: None,
        is_tight: false,
    }
}

/// All is well at `at`.
fn well(at: Timestamp) -> BridgeStatus {
    BridgeStatus {
        said_at: at,
        radio_up: true,
        oximeters: vec![OximeterStatus {
            heard_at: Some(at),
            ..oximeter()
        }],
        adapter: None,
        spool: Some(spool(0)),
        clock: Some(ClockStatus {
            off_by_ms: -40,
            synchronised: Some(true),
        }),
        versions: None,
        started_at: Some(EIGHT.minus(minutes(60))),
        list_version: None,
    }
}

fn causes(status: &BridgeStatus, read: &[Read]) -> Vec<Cause> {
    let found = verdicts(BRIDGE, status, read);
    let wrong = found.into_iter().filter(|one| one.fault.is_some());
    wrong.map(|one| one.cause).collect()
}

fn found(status: &BridgeStatus, cause: Cause) -> Option<Found> {
    let verdict = verdicts(BRIDGE, status, &[read()])
        .into_iter()
        .find(|one| one.cause == cause)?;
    match verdict.fault?.detail {
        Detail::Kit { found, .. } => found,
        other => panic!("{other:?}"),
    }
}

fn troubled(what: Trouble, since: Timestamp) -> BridgeStatus {
    let mut status = well(EIGHT);
    status.oximeters[0].trouble = Some(Troubled { what, since });
    status
}

#[test]
fn a_bridge_that_is_well_has_nothing_to_say() {
    let status = well(EIGHT);
    assert_eq!(causes(&status, &[read()]), []);
    assert!(!has_something_to_say(
        &well(EIGHT.plus(seconds(60))),
        Some(&status)
    ));
}

#[test]
fn each_cause_is_told_alone() {
    let mut off = well(EIGHT);
    off.radio_up = false;
    let mut stuck = well(EIGHT);
    stuck.spool.as_mut().unwrap().stuck_since = Some(EIGHT.minus(READINGS_STUCK_AFTER));
    let mut tight = well(EIGHT);
    tight.spool.as_mut().unwrap().is_tight = true;
    let mut clock = well(EIGHT);
    clock.clock.as_mut().unwrap().off_by_ms = -120_001;
    let mut flat = well(EIGHT);
    flat.oximeters[0].battery_percent = Some(10);
    let mut unheard = well(EIGHT);
    unheard.oximeters[0].heard_at = Some(EIGHT.minus(NOT_HEARD_AFTER_SPOT));
    let pairing = troubled(Trouble::WantsPairing, EIGHT.minus(CANNOT_BE_READ_AFTER));
    for (status, cause) in [
        (off, Cause::BluetoothDown),
        (stuck, Cause::ReadingsStuck),
        (tight, Cause::DiskNearlyFull),
        (clock, Cause::ClockWrong),
        (flat, Cause::DeviceBattery),
        (unheard, Cause::OximeterNotHeard),
        (pairing, Cause::OximeterCannotBeRead),
    ] {
        assert_eq!(causes(&status, &[read()]), [cause]);
        let before = well(EIGHT.minus(minutes(16)));
        assert!(has_something_to_say(&status, Some(&before)), "{cause:?}");
        let after = well(EIGHT.plus(seconds(60)));
        assert!(
            has_something_to_say(&after, Some(&status)),
            "{cause:?} is over"
        );
    }
}

#[test]
fn while_the_bluetooth_does_not_work_no_oximeter_is_called_unheard() {
    let mut status = troubled(Trouble::CannotConnect, EIGHT.minus(minutes(600)));
    status.radio_up = false;
    status.oximeters[0].heard_at = Some(EIGHT.minus(minutes(6000)));
    assert_eq!(causes(&status, &[read()]), [Cause::BluetoothDown]);
}

#[test]
fn what_is_wrong_with_the_bluetooth_is_told_when_it_is_known() {
    let adapter = AdapterStatus {
        name: None,
        present: true,
        powered: true,
        service_answers: true,
    };
    for (adapter, wanted) in [
        (None, None),
        (Some(adapter.clone()), None),
        (
            Some(AdapterStatus {
                powered: false,
                ..adapter.clone()
            }),
            Some(Found::AdapterOff),
        ),
        (
            Some(AdapterStatus {
                present: false,
                powered: false,
                ..adapter.clone()
            }),
            Some(Found::NoAdapter),
        ),
        (
            Some(AdapterStatus {
                service_answers: false,
                present: false,
                ..adapter
            }),
            Some(Found::NoBluetoothService),
        ),
    ] {
        let mut status = well(EIGHT);
        status.radio_up = false;
        status.adapter = adapter;
        assert_eq!(found(&status, Cause::BluetoothDown), wanted);
    }
}

#[test]
fn a_trouble_is_given_time_and_no_value_is_none() {
    for (what, after) in [
        (Trouble::WantsPairing, CANNOT_BE_READ_AFTER),
        (Trouble::UnknownDevice, CANNOT_BE_READ_AFTER),
        (Trouble::CannotConnect, CANNOT_CONNECT_AFTER),
        (Trouble::KeepsDropping, CANNOT_CONNECT_AFTER),
    ] {
        let early = troubled(what, EIGHT.minus(after).plus(seconds(1)));
        assert_eq!(causes(&early, &[read()]), [], "{what:?}");
        let late = troubled(what, EIGHT.minus(after));
        let told = found(&late, Cause::OximeterCannotBeRead);
        assert_eq!(told, Some(Found::CannotBeRead { trouble: what }));
        // Of before it was theirs is no matter of theirs.
        let new = Read {
            from: EIGHT.minus(seconds(10)),
            ..read()
        };
        assert_eq!(causes(&late, &[new]), [], "{what:?}");
    }
    let idle = troubled(Trouble::NoValues, EIGHT.minus(minutes(6000)));
    assert_eq!(causes(&idle, &[read()]), []);
}

#[test]
fn one_that_is_worn_all_the_time_is_missed_sooner_and_by_how_things_were() {
    let mut status = well(EIGHT);
    status.oximeters[0].heard_at = Some(EIGHT.minus(NOT_HEARD_AFTER_CONTINUOUS));
    assert_eq!(causes(&status, &[read()]), []);
    let worn = Read {
        is_continuous: true,
        worst: Severity::Red,
        ..read()
    };
    let verdicts = verdicts(BRIDGE, &status, &[worn]);
    let fault = verdicts.into_iter().find_map(|one| one.fault).unwrap();
    assert_eq!(
        (fault.cause, fault.severity),
        (Cause::OximeterNotHeard, Severity::Red)
    );
}

#[test]
fn what_an_earlier_bridge_does_not_tell_has_no_verdict() {
    let earlier = r#"{"said_at":1000,"radio_up":true,"oximeters":[{"address":"00:1C:05:FF:4E:5D",
        "battery_percent":null,"heard_at":null}]}"#;
    let status: BridgeStatus = serde_json::from_str(earlier).unwrap();
    let told: Vec<Cause> = verdicts(BRIDGE, &status, &[read()])
        .into_iter()
        .map(|one| one.cause)
        .collect();
    assert_eq!(told, [Cause::BluetoothDown, Cause::OximeterCannotBeRead]);
    assert!(!has_something_to_say(&status, None));
}

#[test]
fn a_bridge_that_was_restarted_still_knows_when_an_oximeter_was_heard() {
    let before = well(EIGHT);
    let mut fresh = well(EIGHT.plus(minutes(1)));
    fresh.started_at = Some(EIGHT.plus(seconds(50)));
    fresh.oximeters[0] = OximeterStatus {
        heard_at: None,
        battery_percent: None,
        reading_at: None,
        ..oximeter()
    };
    let after = fresh.after(Some(&before));
    let one = &after.oximeters[0];
    assert_eq!(one.heard_at, Some(EIGHT));
    assert_eq!(
        (one.battery_percent, one.reading_at),
        (Some(80), Some(EIGHT))
    );
}

proptest! {
    /// Heartbeats a minute apart, each with so many readings waiting: stuck is said exactly when there has been no
    /// progress for five minutes.
    #[test]
    fn readings_are_stuck_when_they_get_no_fewer_for_five_minutes(depths in prop::collection::vec(0_u64..4, 1..40)) {
        let mut before: Option<BridgeStatus> = None;
        let mut no_fewer_for = 0_u64;
        let mut last = 0;
        for (minute, waiting) in (1_u64..).zip(depths) {
            let mut status = well(EIGHT.plus(minutes(minute)));
            status.spool = Some(spool(waiting));
            let status = status.after(before.as_ref());
            no_fewer_for = if waiting > 0 && waiting >= last && last > 0 { no_fewer_for + 1 } else { 0 };
            let is_stuck = causes(&status, &[read()]) == [Cause::ReadingsStuck];
            prop_assert_eq!(is_stuck, no_fewer_for >= 5, "minute {}", minute);
            last = waiting;
            before = Some(status);
        }
    }

    /// Room that goes up and down about a limit is one trouble, not one a minute.
    #[test]
    fn a_disk_is_nearly_full_until_there_is_clearly_room(percents in prop::collection::vec(70_u64..100, 1..60)) {
        let mut before: Option<BridgeStatus> = None;
        let mut tight = false;
        for (minute, percent) in (1_u64..).zip(percents) {
            let mut status = well(EIGHT.plus(minutes(minute)));
            status.spool = Some(SpoolStatus { used_bytes: Some(percent), limit_bytes: Some(100), ..spool(0) });
            let status = status.after(before.as_ref());
            tight = percent > 90 || (tight && percent > 80);
            prop_assert_eq!(causes(&status, &[read()]) == [Cause::DiskNearlyFull], tight);
            before = Some(status);
        }
    }

    /// Whatever a bridge says: a fault is never about somebody whom it does not read, never of two causes of one kit
    /// twice, and nothing that is found is passed over by the quick look.
    #[test]
    fn every_fault_is_one_of_those_it_reads_and_the_quick_look_sees_it(
        radio_up: bool,
        battery in prop::option::of(0_u8..=100),
        unheard in 0_u64..3000,
        trouble in prop::option::of(prop::sample::select(vec![
            Trouble::WantsPairing, Trouble::StaleBond, Trouble::CannotConnect, Trouble::KeepsDropping,
            Trouble::UnknownDevice, Trouble::UnsupportedFamily, Trouble::NoValues, Trouble::Other,
        ])),
        trouble_for in 0_u64..60,
        off_by_ms in -400_000_i64..400_000,
        is_continuous: bool,
    ) {
        let mut status = well(EIGHT);
        status.radio_up = radio_up;
        status.clock.as_mut().unwrap().off_by_ms = off_by_ms;
        status.oximeters[0].battery_percent = battery;
        status.oximeters[0].heard_at = Some(EIGHT.minus(minutes(unheard)));
        status.oximeters[0].trouble = trouble.map(|what| Troubled { what, since: EIGHT.minus(minutes(trouble_for)) });
        let read = Read { is_continuous, ..read() };
        let verdicts = verdicts(BRIDGE, &status, std::slice::from_ref(&read));
        let mut seen: Vec<(String, Cause)> = Vec::new();
        for verdict in &verdicts {
            prop_assert!(verdict.about == Subject::Bridge(BRIDGE) || verdict.about == Subject::Stay(STAY));
            let key = (verdict.about.to_string(), verdict.cause);
            prop_assert!(!seen.contains(&key));
            seen.push(key);
            if let Some(fault) = &verdict.fault {
                prop_assert_eq!((&fault.subject, fault.cause), (&verdict.about, verdict.cause));
                prop_assert!(has_something_to_say(&status, None));
            }
        }
    }
}
