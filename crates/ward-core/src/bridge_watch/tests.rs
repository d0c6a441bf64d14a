use super::*;
use crate::id::ClinicianId;
use crate::story::{ASHA, EIGHT};
use crate::time::{minutes, seconds};
use uuid::Uuid;

const BRIDGE: BridgeId = BridgeId(Uuid::from_u128(5));
const SILENT_AFTER: Duration = crate::silence::BRIDGE_SILENT_AFTER;
const STAY: StayId = StayId(Uuid::from_u128(1));

fn after(event: Option<WardEvent>) -> (Change, Alert) {
    match event.unwrap() {
        WardEvent::Alert { change, alert } => (change, *alert),
        other => panic!("{other:?}"),
    }
}

fn silent(worst: Severity) -> Fault {
    silent_bridge(BRIDGE, EIGHT, worst, vec![STAY])
}

fn taken(alert: &Alert, by: ClinicianId) -> Alert {
    match crate::alert::acknowledge(alert, by, crate::id::Seq(9), EIGHT).unwrap() {
        crate::alert::Acknowledged::Now(alert) => *alert,
        other @ crate::alert::Acknowledged::Already { .. } => panic!("{other:?}"),
    }
}

#[test]
fn a_bridge_is_silent_after_two_and_a_half_minutes() {
    let long_ago = EIGHT.minus(minutes(600));
    let at = |after| {
        silent_since(
            Some(EIGHT),
            long_ago,
            long_ago,
            SILENT_AFTER,
            EIGHT.plus(seconds(after)),
        )
    };
    assert_eq!(at(149), None);
    assert_eq!(at(150), Some(EIGHT));
    assert_eq!(at(36_000), Some(EIGHT));
}

#[test]
fn a_service_that_has_just_started_and_a_bridge_that_was_just_given_out_wait_as_long() {
    let heard = Some(EIGHT.minus(minutes(60)));
    let long_ago = EIGHT.minus(minutes(600));
    for (due_since, listening_since) in [(long_ago, EIGHT), (EIGHT, long_ago)] {
        let at = |after| {
            silent_since(
                heard,
                due_since,
                listening_since,
                SILENT_AFTER,
                EIGHT.plus(seconds(after)),
            )
        };
        assert_eq!(at(149), None);
        assert!(at(150).is_some());
    }
}

#[test]
fn a_bridge_heard_of_in_the_future_was_not_heard_of() {
    let ahead = Some(EIGHT.plus(minutes(600)));
    let long_ago = EIGHT.minus(minutes(600));
    assert_eq!(
        silent_since(ahead, long_ago, long_ago, SILENT_AFTER, EIGHT),
        Some(long_ago)
    );
}

#[test]
fn a_failure_is_said_once_and_its_end_is_noted() {
    let (change, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
    assert_eq!((change, alert.severity), (Change::Raised, Severity::Low));
    assert_eq!(
        assess_kit(&silent(Severity::Low), Some(&alert), EIGHT),
        None
    );
    let later = EIGHT.plus(minutes(5));
    let (change, ended) = after(kit_works_again(&alert, later));
    assert_eq!(change, Change::Continued);
    assert!(ended.is_open());
    assert_eq!(kit_works_again(&ended, later), None);
}

#[test]
fn a_failure_that_comes_back_speaks_again_to_whoever_took_it() {
    let (_, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
    let (_, ended) = after(kit_works_again(&taken(&alert, ASHA), EIGHT));
    let (change, again) = after(assess_kit(&silent(Severity::Low), Some(&ended), EIGHT));
    assert_eq!(change, Change::Relapsed);
    assert!(again.is_unacknowledged() && !has_ended(&again));
    assert!(matches!(again.detail, Some(Detail::Kit { times: 2, .. })));
}

#[test]
fn a_failure_that_comes_and_goes_is_one_alert_with_a_count() {
    let (_, mut alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
    for back in 2..=20_u64 {
        let at = EIGHT.plus(minutes(back));
        (_, alert) = after(kit_works_again(&alert, at));
        let (change, again) = after(assess_kit(&silent(Severity::Low), Some(&alert), at));
        assert_eq!(change, Change::Continued);
        assert_eq!(again.number, alert.number);
        alert = again;
    }
    assert!(matches!(alert.detail, Some(Detail::Kit { times: 20, .. })));
}

#[test]
fn a_clock_that_is_right_again_says_so() {
    let fault = Fault {
        subject: Subject::Bridge(BRIDGE),
        cause: Cause::ClockWrong,
        severity: Severity::Amber,
        spo2: None,
        detail: Detail::clock(180_000),
    };
    let (_, alert) = after(assess_kit(&fault, None, EIGHT));
    let later = EIGHT.plus(minutes(5));
    let (_, right) = after(kit_works_again(&alert, later));
    assert!(has_ended(&right));
    assert_eq!(kit_works_again(&right, later), None);
    let (_, wrong) = after(assess_kit(&fault, Some(&right), later));
    assert_eq!(wrong.detail, Some(Detail::clock(180_000)));
}

#[test]
fn a_silent_bridge_of_somebody_who_was_red_is_red() {
    let (_, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
    let (change, alert) = after(assess_kit(&silent(Severity::Red), Some(&alert), EIGHT));
    assert_eq!(
        (change, alert.severity),
        (Change::SeverityRose, Severity::Red)
    );
    assert!(alert.show_by.is_some());
}

#[test]
fn ten_percent_are_nearly_flat_and_eleven_are_not() {
    assert!(flat_battery(STAY, 10, EIGHT).is_some());
    assert!(flat_battery(STAY, 11, EIGHT).is_none());
}
