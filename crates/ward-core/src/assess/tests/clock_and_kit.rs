//! Rule 6, and the kit: a wrong clock never silences, an unknown oximeter's red reaches the ward.

use uuid::Uuid;

use crate::alert::{Alert, Problem, Severity, State, Subject, acknowledge};
use crate::event::WardEvent;
use crate::id::{BridgeId, Seq, StayId};
use crate::plan::MonitoringPlan;
use crate::spo2::Spo2;
use crate::story::{ASHA, EIGHT, Ward, attempt, bridge, value};
use crate::technical::{Cause, Detail, Fault, assess_fault, unknown_device};
use crate::time::{minutes, seconds};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_bridge_whose_clock_is_an_hour_fast_silences_nobody() {
    Ward::new()
        .gets(value(91.0).with_clock_ahead_ms(HOUR_MS))
        .hears("clock_wrong raised: amber not_asked | oxygen raised: red unconfirmed")
        .whose_other(Problem::Technical(Cause::ClockWrong), |alert| {
            assert_eq!(alert.subject, bridge());
            assert_eq!(alert.detail, Some(Detail::clock(HOUR_MS)));
        })
        .after(minutes(2))
        .gets(
            value(96.0)
                .with_clock_ahead_ms(HOUR_MS)
                .measured_ago(seconds(1)),
        )
        .gets(value(90.0).measured_ago(seconds(30)))
        .hears("late_low raised: low not_asked");
}

#[test]
fn a_good_value_stamped_an_hour_ahead_does_not_make_the_next_low_late() {
    Ward::new()
        .gets(value(97.0).with_clock_ahead_ms(HOUR_MS).of_unknown_age())
        .hears("clock_wrong raised: amber not_asked")
        .after(seconds(1))
        .reads(91.0)
        .hears("oxygen raised: red unconfirmed");
}

#[test]
fn a_clock_that_stays_wrong_makes_one_alert() {
    Ward::new()
        .gets(value(97.0).with_clock_ahead_ms(HOUR_MS))
        .gets(value(97.0).with_clock_ahead_ms(2 * HOUR_MS))
        .hears_nothing()
        .gets(value(97.0).with_clock_ahead_ms(-HOUR_MS))
        .hears_nothing();
}

#[test]
fn two_minutes_off_is_no_fault_and_a_moment_more_is() {
    Ward::new()
        .gets(value(97.0).with_clock_ahead_ms(120_000))
        .hears_nothing()
        .gets(value(97.0).with_clock_ahead_ms(120_001))
        .hears("clock_wrong raised: amber not_asked");
}

#[test]
fn even_an_attempt_says_that_a_clock_is_wrong() {
    Ward::new()
        .gets(attempt().with_clock_ahead_ms(-HOUR_MS))
        .hears("clock_wrong raised: amber not_asked");
}

fn unknown(percent: Option<f64>) -> Fault {
    let subject = Subject::Device {
        bridge: BridgeId(Uuid::from_u128(5)),
        address: "00:1C:05:FF:4E:5D".parse().unwrap(),
    };
    let stays = vec![StayId(Uuid::from_u128(1)), StayId(Uuid::from_u128(6))];
    let spo2 = percent.and_then(Spo2::from_percent);
    unknown_device(subject, spo2, &MonitoringPlan::scale_one(), stays)
}

fn alert_of(event: Option<WardEvent>) -> (String, Alert) {
    let event = event.unwrap().stamped(Seq(7));
    let kind = event.kind().to_owned();
    match event {
        WardEvent::Alert { alert, .. } => (kind, *alert),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_red_from_an_unknown_oximeter_is_a_red_with_the_people_it_may_be() {
    let (kind, alert) = alert_of(assess_fault(&unknown(Some(91.0)), None, EIGHT));
    assert_eq!(
        (kind.as_str(), alert.severity),
        ("alert_raised", Severity::Red)
    );
    assert!(matches!(alert.detail, Some(Detail::Candidates { ref stays }) if stays.len() == 2));
    assert_eq!(alert.show_by, Some(EIGHT.plus(seconds(15))));
}

#[test]
fn an_unknown_oximeter_is_judged_by_the_wards_own_plan() {
    for (percent, severity) in [
        (None, Severity::Low),
        (Some(95.0), Severity::Low),
        (Some(94.0), Severity::Amber),
        (Some(92.9), Severity::Red),
    ] {
        assert_eq!(unknown(percent).severity, severity, "{percent:?}");
    }
}

#[test]
fn an_unknown_oximeter_that_turns_red_speaks_again_and_the_same_again_does_not() {
    let (_, good) = alert_of(assess_fault(&unknown(Some(97.0)), None, EIGHT));
    assert_eq!(good.show_by, None);
    let taken = match acknowledge(&good, ASHA, Seq(7), EIGHT).unwrap() {
        crate::alert::Acknowledged::Now(alert) => *alert,
        crate::alert::Acknowledged::Already { .. } => panic!("nobody had it"),
    };
    let (kind, red) = alert_of(assess_fault(&unknown(Some(92.0)), Some(&taken), EIGHT));
    assert_eq!(
        (kind.as_str(), &red.state),
        ("alert_worsened", &State::Raised)
    );
    assert_eq!(assess_fault(&unknown(Some(92.0)), Some(&red), EIGHT), None);
    let (kind, lower) = alert_of(assess_fault(&unknown(Some(91.0)), Some(&red), EIGHT));
    assert_eq!(
        (kind.as_str(), lower.severity),
        ("alert_continued", Severity::Red)
    );
    let (kind, _) = alert_of(assess_fault(&unknown(Some(89.0)), Some(&lower), EIGHT));
    assert_eq!(kind.as_str(), "alert_worsened");
    let (kind, better) = alert_of(assess_fault(&unknown(Some(85.0)), Some(&lower), EIGHT));
    assert_eq!(kind.as_str(), "alert_worsened");
    assert_eq!(
        assess_fault(&unknown(Some(99.0)), Some(&better), EIGHT),
        None
    );
}
