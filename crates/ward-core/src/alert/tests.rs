//! What people, consoles and time do to an alert: rules 2 and 10, and what no console has shown.

use super::{AcknowledgeRefused, Acknowledged, Problem, ResolveRefused, State};
use crate::story::{ASHA, BEN, EIGHT, Ward};
use crate::time::{minutes, seconds};

const OXYGEN: Problem = Problem::Oxygen;

#[test]
fn a_repeated_acknowledgement_answers_with_the_first_time() {
    let mut ward = Ward::new().reads(91.0).acknowledged().after(minutes(2));
    let seen = ward.seq;
    assert_eq!(
        ward.try_acknowledge(OXYGEN, ASHA, seen),
        Ok(Acknowledged::Already { at: EIGHT })
    );
}

#[test]
fn the_second_clinician_is_told_who_was_first_and_when() {
    let mut ward = Ward::new().reads(91.0).acknowledged().after(minutes(2));
    let seen = ward.seq;
    assert_eq!(
        ward.try_acknowledge(OXYGEN, BEN, seen),
        Err(AcknowledgeRefused::AlreadyAcknowledged {
            by: ASHA,
            at: EIGHT
        })
    );
}

#[test]
fn who_has_not_seen_that_it_worsened_neither_takes_nor_closes_it() {
    let mut ward = Ward::new().reads(94.0).acknowledged();
    let seen = ward.seq;
    ward = ward.after(minutes(2)).reads(91.0);
    let spoke_seq = ward.seq;
    for by in [ASHA, BEN] {
        assert_eq!(
            ward.try_acknowledge(OXYGEN, by, seen),
            Err(AcknowledgeRefused::WorsenedSince { spoke_seq })
        );
        assert_eq!(
            ward.try_resolve(OXYGEN, by, seen),
            Err(ResolveRefused::WorsenedSince { spoke_seq })
        );
    }
    assert!(matches!(
        ward.try_acknowledge(OXYGEN, BEN, spoke_seq),
        Ok(Acknowledged::Now(_))
    ));
}

#[test]
fn what_time_alone_confirmed_unseen_is_not_closed_either() {
    let mut ward = Ward::new().reads(91.0).acknowledged();
    let seen = ward.seq;
    ward = ward.after(minutes(5));
    let spoke_seq = ward.seq;
    assert_eq!(
        ward.try_resolve(OXYGEN, ASHA, seen),
        Err(ResolveRefused::WorsenedSince { spoke_seq })
    );
}

#[test]
fn an_alert_that_nobody_has_taken_is_not_resolved() {
    let mut ward = Ward::new().reads(91.0);
    let seen = ward.seq;
    assert_eq!(
        ward.try_resolve(OXYGEN, ASHA, seen),
        Err(ResolveRefused::NotAcknowledged)
    );
}

#[test]
fn a_person_does_not_end_an_alert_as_transferred() {
    let ward = Ward::new().reads(91.0).acknowledged();
    let outcome = super::Outcome::TransferredWard;
    assert_eq!(
        super::resolve(
            ward.oxygen(),
            ASHA,
            outcome,
            String::new(),
            ward.seq,
            ward.now
        ),
        Err(ResolveRefused::OnlyByTransfer)
    );
}

#[test]
fn any_clinician_may_resolve_what_another_has_taken_and_then_it_is_over() {
    let mut ward = Ward::new().reads(91.0).acknowledged().after(minutes(1));
    let seen = ward.seq;
    ward.try_resolve(OXYGEN, BEN, seen).unwrap();
    let over = ward.alerts[0].clone();
    let at = EIGHT.plus(minutes(1));
    assert!(matches!(over.state, State::Resolved { by: BEN, .. }));
    assert_eq!((over.next_deadline(), over.is_open()), (None, false));
    assert_eq!(
        super::acknowledge(&over, ASHA, ward.seq, ward.now),
        Err(AcknowledgeRefused::AlreadyResolved { by: BEN, at })
    );
    let outcome = super::Outcome::NoChange;
    assert_eq!(
        super::resolve(&over, ASHA, outcome, String::new(), ward.seq, ward.now),
        Err(ResolveRefused::AlreadyResolved { by: BEN, at })
    );
    assert_eq!(super::shown(&over, ward.seq, ward.now), None);
    let next_day = ward.now.plus(minutes(24 * 60));
    assert_eq!(super::time_passed(&over, next_day), None);
}

#[test]
fn an_acknowledgement_does_not_stop_the_recheck_timer() {
    Ward::new()
        .reads(91.0)
        .acknowledged()
        .whose(|alert| assert_eq!(alert.recheck_by, Some(EIGHT.plus(minutes(5)))));
}

#[test]
fn what_no_console_has_shown_in_fifteen_seconds_is_unseen_and_said_once() {
    Ward::new()
        .reads(91.0)
        .after(seconds(14))
        .hears_nothing()
        .after(seconds(1))
        .hears("oxygen not_shown: red unconfirmed")
        .whose(|alert| assert!(alert.unseen))
        .after(minutes(1))
        .hears_nothing()
        .shown()
        .hears("oxygen shown: red unconfirmed")
        .whose(|alert| assert!(!alert.unseen))
        .shown()
        .hears_nothing();
}

#[test]
fn what_a_console_has_shown_in_time_is_not_said_to_be_unseen() {
    Ward::new()
        .reads(91.0)
        .after(seconds(14))
        .shown()
        .hears("oxygen shown: red unconfirmed")
        .after(seconds(30))
        .hears_nothing();
}

#[test]
fn a_console_that_has_not_come_so_far_has_not_shown_it() {
    let ward = Ward::new().reads(91.0);
    let alert = ward.oxygen();
    let before = crate::id::Seq(ward.seq.0 - 1);
    assert_eq!(super::shown(alert, before, ward.now), None);
    assert!(super::shown(alert, ward.seq, ward.now).is_some());
}

#[test]
fn acknowledging_is_seeing() {
    Ward::new()
        .reads(91.0)
        .after(seconds(20))
        .acknowledged()
        .whose(|alert| {
            assert!(!alert.unseen);
            assert_eq!(alert.show_by, None);
            assert_eq!(alert.shown_at, Some(EIGHT.plus(seconds(20))));
        });
}

#[test]
fn an_unseen_alert_that_speaks_again_is_still_unseen() {
    Ward::new()
        .reads(94.0)
        .after(seconds(20))
        .whose(|alert| assert!(alert.unseen))
        .reads(91.0)
        .whose(|alert| {
            assert!(alert.unseen);
            assert_eq!(alert.show_by, Some(EIGHT.plus(seconds(35))));
        })
        .after(seconds(15))
        .hears("oxygen not_shown: red unconfirmed");
}

#[test]
fn speaking_again_does_not_put_off_a_showing_that_is_still_owed() {
    Ward::new()
        .reads(94.0)
        .after(seconds(10))
        .reads(91.0)
        .hears("oxygen severity_rose: red unconfirmed")
        .whose(|alert| assert_eq!(alert.show_by, Some(EIGHT.plus(seconds(15)))));
}

#[test]
fn after_an_hour_without_a_sweep_both_the_recheck_and_the_showing_are_missed_and_said() {
    Ward::new()
        .reads(91.0)
        .after(minutes(60))
        .hears("oxygen confirmed: red no_recheck | oxygen not_shown: red no_recheck")
        .after(minutes(60))
        .hears_nothing();
}

#[test]
fn deadlines_of_a_clock_that_ran_six_hours_ahead_are_due_within_their_whole_span() {
    let mut ward = Ward::new().after(minutes(6 * 60)).reads(91.0);
    ward.now = EIGHT;
    ward.after(seconds(0))
        .hears("oxygen continued: red unconfirmed")
        .whose(|alert| {
            assert_eq!(alert.recheck_by, Some(EIGHT.plus(minutes(5))));
            assert_eq!(alert.show_by, Some(EIGHT.plus(seconds(15))));
        })
        .after(seconds(15))
        .hears("oxygen not_shown: red unconfirmed")
        .after(seconds(285))
        .hears("oxygen confirmed: red no_recheck");
}

#[test]
fn deadlines_of_today_are_left_as_they_are() {
    let ward = Ward::new().reads(91.0);
    for now in [EIGHT, EIGHT.minus(seconds(2)), EIGHT.plus(minutes(4))] {
        assert_eq!(super::as_of(ward.oxygen().clone(), now), *ward.oxygen());
    }
}

#[test]
fn an_acknowledgement_by_a_clock_that_ran_ahead_keeps_no_relapse_silent() {
    let mut ward = Ward::new()
        .after(minutes(6 * 60))
        .reads(91.0)
        .after(minutes(1))
        .reads(91.0)
        .acknowledged()
        .after(minutes(1))
        .reads(97.0);
    ward.now = EIGHT;
    ward.reads(91.0).hears("oxygen relapsed: red unconfirmed");
}
