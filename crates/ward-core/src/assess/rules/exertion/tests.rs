use proptest::prelude::*;

use super::*;
use crate::plan::Rules;
use crate::reading::Context;
use crate::spo2::Spo2;
use crate::stay::{Destination, PauseReason};
use crate::story::{Taken, Ward, value};
use crate::technical::{Cause, Detail};
use crate::time::minutes;

/// A test that ended so many minutes ago and is judged now.
struct Test {
    rest: Taken,
    lowest: Taken,
    ago: u64,
    is_over: bool,
}

fn test(rest: f64, lowest: f64) -> Test {
    Test {
        rest: value(rest),
        lowest: value(lowest),
        ago: 0,
        is_over: false,
    }
}

impl Test {
    fn of_before(mut self, ago: u64) -> Self {
        self.ago = ago;
        self
    }

    fn behind_a_newer_one(mut self) -> Self {
        self.is_over = true;
        self
    }

    fn doubtful(mut self) -> Self {
        self.lowest = self.lowest.doubtful();
        self
    }
}

impl Ward {
    /// The two readings of a test, in the stay's state and judged by nothing yet.
    fn measured(&mut self, test: Test) -> (Reading, Reading) {
        let rest = self.reading(test.rest.measured_ago(minutes(test.ago + 1)));
        let lowest = test.lowest.measured_ago(minutes(test.ago));
        let lowest = self.reading(lowest.in_context(Context::Exertion));
        let plan = &self.stay.plan;
        let state = std::mem::take(&mut self.state).with(&rest, plan);
        self.state = state.with(&lowest, plan);
        (rest, lowest)
    }

    fn follows(&self, (rest, lowest): &(Reading, Reading), is_over: bool) -> Option<WardEvent> {
        let open: Vec<Alert> = self.open().cloned().collect();
        let pair = Pair { rest, lowest };
        assess_exertion(&self.stay, &self.state, &open, pair, is_over, self.now)
    }

    fn heard(mut self, event: Option<WardEvent>) -> Self {
        self.forget_what_was_said();
        match event {
            Some(WardEvent::Alert { change, alert }) => self.append(change, *alert),
            None => {}
            other => panic!("a test only leads to alerts: {other:?}"),
        }
        self
    }

    fn tested(mut self, test: Test) -> Self {
        let is_over = test.is_over;
        let pair = self.measured(test);
        let event = self.follows(&pair, is_over);
        self.heard(event)
    }
}

fn without_the_rule() -> MonitoringPlan {
    MonitoringPlan {
        rules: Rules {
            exertion_fall_points: None,
            ..Rules::usual()
        },
        ..MonitoringPlan::scale_one()
    }
}

#[test]
fn a_fall_of_three_points_is_amber_and_says_its_pair_and_two_are_nothing() {
    Ward::new().tested(test(97.0, 94.1)).hears_nothing();
    let ward = Ward::new().tested(test(97.0, 94.0));
    let ward = ward.hears("exertion raised: amber not_asked");
    let alert = ward.the(Problem::Exertion);
    let found = Found::Exertion {
        rest: Spo2::from_percent(97.0).unwrap(),
        lowest: Spo2::from_percent(94.0).unwrap(),
        points: Some(3),
        at_or_below: None,
    };
    assert_eq!(alert.detail, Some(Detail::Rule { found }));
    assert_eq!((alert.condition, alert.recheck_by), (Band::Amber, None));
    assert!(ward.open().all(|alert| alert.problem == Problem::Exertion));
}

#[test]
fn a_lowest_in_the_red_band_is_red_also_where_the_plan_has_no_such_rule() {
    for plan in [MonitoringPlan::scale_one(), without_the_rule()] {
        let points = plan.rules.exertion_fall_points;
        let ward = Ward::on(plan).tested(test(97.0, 92.0));
        let ward = ward.hears("exertion raised: red not_asked");
        let Some(Detail::Rule {
            found:
                Found::Exertion {
                    points: met,
                    at_or_below,
                    ..
                },
        }) = ward.the(Problem::Exertion).detail
        else {
            panic!("{:?}", ward.alerts);
        };
        assert_eq!((met, at_or_below), (points, Some(92)));
    }
    Ward::on(without_the_rule())
        .tested(test(99.0, 93.0))
        .hears_nothing();
}

#[test]
fn a_good_test_clears_the_condition_never_the_alert_and_a_doubtful_one_nothing() {
    let ward = Ward::new()
        .tested(test(97.0, 93.0))
        .after(minutes(30))
        .tested(test(97.0, 97.0).doubtful())
        .hears_nothing()
        .tested(test(95.0, 95.0))
        .hears_nothing()
        .tested(test(97.0, 96.0))
        .hears("exertion continued: amber not_asked");
    assert_eq!(ward.the(Problem::Exertion).condition, Band::Green);
    Ward::new()
        .tested(test(97.0, 93.0).doubtful())
        .hears("exertion raised: amber not_asked")
        .whose_other(Problem::Exertion, |alert| assert!(alert.is_doubtful()));
}

#[test]
fn a_second_test_is_the_same_alert_and_speaks_again_when_it_is_worse() {
    let ward = Ward::new()
        .tested(test(99.0, 96.0))
        .acknowledged_the(Problem::Exertion)
        .after(minutes(20))
        .tested(test(99.0, 95.0))
        .hears("exertion continued: amber not_asked")
        .tested(test(99.0, 93.0))
        .hears("exertion fell_further: amber not_asked")
        .tested(test(97.0, 91.0))
        .hears("exertion severity_rose: red not_asked");
    let alert = ward.the(Problem::Exertion);
    assert!(alert.is_unacknowledged());
    assert_eq!(alert.lows.map(|lows| lows.count), Some(4));
    assert_eq!(ward.open().count(), 1);
}

#[test]
fn what_is_over_or_more_than_a_day_old_goes_to_review_without_a_sound() {
    for past in [
        test(97.0, 90.0).of_before(24 * 60 + 1),
        test(97.0, 90.0).of_before(90).behind_a_newer_one(),
    ] {
        let ward = Ward::new().after(minutes(3000)).tested(past);
        let ward = ward.hears("exertion raised: low not_asked");
        let alert = ward.the(Problem::Exertion);
        assert_eq!((alert.show_by, alert.condition), (None, Band::Green));
        // One of now speaks.
        ward.tested(test(97.0, 93.0))
            .hears("exertion severity_rose: amber not_asked");
    }
    Ward::new()
        .after(minutes(3000))
        .tested(test(97.0, 93.0).of_before(24 * 60))
        .hears("exertion raised: amber not_asked");
    // Beside an open one it is counted, and clears nothing.
    let ward = Ward::new()
        .after(minutes(3000))
        .tested(test(97.0, 93.0))
        .acknowledged_the(Problem::Exertion)
        .tested(test(97.0, 97.0).of_before(60).behind_a_newer_one())
        .hears_nothing()
        .tested(test(97.0, 84.0).of_before(60).behind_a_newer_one())
        .hears("exertion continued: amber not_asked");
    let alert = ward.the(Problem::Exertion);
    assert_eq!(alert.condition, Band::Amber);
    assert_eq!(alert.lows.map(|lows| lows.count), Some(2));
    assert_eq!(alert.spoke_seq, ward.seq);
}

#[test]
fn what_was_before_the_last_one_was_ended_is_answered_and_a_red_is_for_review() {
    let ended = || {
        let mut ward = Ward::new()
            .after(minutes(600))
            .tested(test(97.0, 93.0))
            .acknowledged_the(Problem::Exertion);
        let seq = ward.seq;
        ward.try_resolve(Problem::Exertion, crate::story::ASHA, seq)
            .unwrap();
        ward.after(minutes(10))
    };
    ended()
        .tested(test(97.0, 93.0).of_before(30))
        .hears_nothing();
    ended()
        .tested(test(97.0, 85.0).of_before(30))
        .hears("exertion raised: low not_asked");
    ended()
        .tested(test(97.0, 93.0))
        .hears("exertion raised: amber not_asked");
}

#[test]
fn a_fall_of_somebody_whom_nobody_watches_is_told_as_their_lows_are() {
    let tested = |phase: Phase, ago: u64| {
        let mut ward = Ward::new().after(minutes(600));
        ward.stay.phase = phase;
        ward.tested(test(97.0, 91.0).of_before(ago))
    };
    let began = Ward::new().after(minutes(500)).now;
    let away = Phase::Paused {
        since: began,
        reason: PauseReason::Away,
    };
    let home = Phase::Ended {
        at: began,
        destination: Destination::Home,
    };
    for (phase, cause) in [(away, Cause::WhilePaused), (home, Cause::AfterDischarge)] {
        let ward = tested(phase, 0);
        let alert = ward.the(Problem::Technical(cause));
        assert_eq!(alert.severity, Severity::Red);
    }
    let died = Phase::Ended {
        at: began,
        destination: Destination::Died,
    };
    tested(died, 200).hears_nothing().with_nothing_open();
}

#[test]
fn a_struck_test_is_taken_from_its_alert_which_says_so_and_stands_no_more_when_none_is_left() {
    let mut ward = Ward::new();
    let first = ward.measured(test(97.0, 93.0));
    let event = ward.follows(&first, false);
    let mut ward = ward.heard(event).after(minutes(30));
    let second = ward.measured(test(97.0, 90.0));
    let event = ward.follows(&second, false);
    let ward = ward
        .heard(event)
        .hears("exertion severity_rose: red not_asked");

    let open: Vec<Alert> = ward.open().cloned().collect();
    let left = [Pair {
        rest: &first.0,
        lowest: &first.1,
    }];
    let event = without_exertion(&ward.stay, &open, &second.1, &left, ward.now);
    let ward = ward.heard(event).hears("exertion continued: red not_asked");
    let alert = ward.the(Problem::Exertion);
    assert_eq!(alert.reds, None);
    assert_eq!(alert.lows.map(|lows| lows.count), Some(1));
    assert_eq!(alert.worst.map(Spo2::whole_percent), Some(93));
    assert_eq!(alert.struck.map(|struck| struck.count), Some(1));

    let open: Vec<Alert> = ward.open().cloned().collect();
    let event = without_exertion(&ward.stay, &open, &first.1, &[], ward.now);
    let ward = ward.heard(event);
    let alert = ward.the(Problem::Exertion);
    assert_eq!((alert.lows, alert.condition), (None, Band::Green));
    assert_eq!(alert.severity, Severity::Red);
    assert_eq!(alert.spoke_seq, ward.seq);
    // The next true fall speaks.
    ward.tested(test(97.0, 91.0))
        .hears("exertion fell_further: red not_asked");
}

proptest! {
    /// Written separately: what a nurse with the sheet in hand would say.
    #[test]
    fn only_the_pair_judges_the_lowest(
        rest in 960_u16..=1000,
        lowest in 700_u16..=1000,
        points in 1_u16..=8,
        red in 85_u16..93,
    ) {
        let plan = MonitoringPlan {
            red_at_or_below: red,
            rules: Rules { exertion_fall_points: Some(points), ..Rules::usual() },
            ..MonitoringPlan::scale_one()
        };
        let (rest, lowest) = (f64::from(rest) / 10.0, f64::from(lowest) / 10.0);
        let alone = Ward::on(plan.clone()).gets(value(rest)).after(minutes(1));
        let ward = Ward::on(plan).gets(value(rest)).after(minutes(1));
        let ward = ward.gets(value(lowest).in_context(Context::Exertion));
        prop_assert_eq!(ward.open().count(), 0);
        prop_assert_eq!(&ward.state.rules, &alone.state.rules);
        prop_assert_eq!(ward.state.condition(), alone.state.condition());

        let ward = ward.tested(test(rest, lowest));
        let expected = if lowest.floor() <= f64::from(red) {
            Some(Severity::Red)
        } else if rest * 10.0 - lowest * 10.0 >= f64::from(points) * 10.0 - 0.001 {
            Some(Severity::Amber)
        } else {
            None
        };
        let open: Vec<_> = ward.open().map(|it| (it.problem, it.severity)).collect();
        let expected: Vec<_> = expected.map(|it| (Problem::Exertion, it)).into_iter().collect();
        prop_assert_eq!(open, expected);
    }
}
