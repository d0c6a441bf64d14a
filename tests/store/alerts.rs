//! What people do to alerts.

use ward_core::alert::{AcknowledgeRefused, Change, Outcome, ResolveRefused, State};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, Seq};
use ward_core::permit::Permit;
use ward_core::time::{minutes, seconds};
use ward_service::{AcknowledgeError, ResolveError};
use ward_store::StoreError;
use ward_tests::desk::{Enrolled, Patient};
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    the_second_nurse_is_told_who_was_first_and_when,
    two_nurses_at_once_on_two_nodes_leave_one_who_has_it,
    who_has_not_seen_that_it_worsened_does_not_take_it,
    a_resolution_is_remembered_and_an_older_low_raises_nothing,
    one_problem_has_one_open_alert_and_the_index_sees_to_it,
    what_a_console_has_shown_is_written_once,
);

/// A ward with one red, and two nurses.
struct Red {
    bridge: Enrolled,
    patient: Patient,
    asha: Permit,
    ben: Permit,
    number: AlertNumber,
}

impl Red {
    async fn on(verbs: &Verbs) -> Self {
        let bridge = verbs.bridge().await;
        let patient = verbs.patient(&bridge).await;
        let asha = verbs.clinician("asha", "Asha Rao").await;
        let ben = verbs.clinician("ben", "Ben Ito").await;
        verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
        Self {
            asha: verbs.permit(asha).await,
            ben: verbs.permit(ben).await,
            number: Desk::only(&verbs.open_alerts().await).number,
            bridge,
            patient,
        }
    }
}

async fn the_second_nurse_is_told_who_was_first_and_when(verbs: Verbs) {
    let red = Red::on(&verbs).await;
    let seen = verbs.head().await;
    let take = |permit| verbs.wards.acknowledge_alert(permit, red.number, seen);
    let first = take(&red.asha).await.unwrap();
    verbs.clock.advance(minutes(1));
    assert_eq!(take(&red.asha).await.unwrap(), first);
    let refused = take(&red.ben).await.unwrap_err();
    let AcknowledgeError::Refused(AcknowledgeRefused::AlreadyAcknowledged { by, at }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!((by, at), (red.asha.clinician, first.at));
    let kinds = verbs.kinds().await;
    let taken = kinds.iter().filter(|it| **it == "alert_acknowledged");
    assert_eq!(taken.count(), 1);
    assert_eq!(verbs.values_of(red.patient.stay).await, [90.0]);
    let unknown = verbs.wards.acknowledge_alert(&red.asha, Seq(1), seen).await;
    assert!(matches!(
        unknown,
        Err(AcknowledgeError::NoSuchAlert(Seq(1)))
    ));
}

async fn two_nurses_at_once_on_two_nodes_leave_one_who_has_it(verbs: Verbs) {
    let red = Red::on(&verbs).await;
    let seen = verbs.head().await;
    let other = verbs.another_node().await;
    let (one, two) = tokio::join!(
        verbs.wards.acknowledge_alert(&red.asha, red.number, seen),
        other.wards.acknowledge_alert(&red.ben, red.number, seen)
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let alerts = verbs.open_alerts().await;
    let State::Acknowledged { by, .. } = Desk::only(&alerts).state else {
        panic!("{alerts:?}");
    };
    let winner = if one.is_ok() { red.asha } else { red.ben };
    assert_eq!(by, winner.clinician);
}

async fn who_has_not_seen_that_it_worsened_does_not_take_it(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let asha = verbs.clinician("asha", "Asha Rao").await;
    let asha = verbs.permit(asha).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(94.0)).await;
    let seen = verbs.head().await;
    verbs.measures(&bridge, &patient.oximeter, spo2(85.0)).await;
    let number = Desk::only(&verbs.open_alerts().await).number;
    let refused = verbs.wards.acknowledge_alert(&asha, number, seen).await;
    assert!(
        matches!(
            refused,
            Err(AcknowledgeError::Refused(
                AcknowledgeRefused::WorsenedSince { .. }
            ))
        ),
        "{refused:?}"
    );
    // Neither does a screen that claims to have seen what nobody can have seen.
    let head = verbs.head().await;
    let ahead = verbs.wards.acknowledge_alert(&asha, number, head.next());
    assert!(ahead.await.is_err());
    let taken = verbs.wards.acknowledge_alert(&asha, number, head).await;
    assert!(taken.is_ok(), "{taken:?}");
}

async fn a_resolution_is_remembered_and_an_older_low_raises_nothing(verbs: Verbs) {
    let red = Red::on(&verbs).await;
    let seen = verbs.head().await;
    let resolve = |permit, note: &str| {
        let outcome = Outcome::VisitArranged;
        verbs
            .wards
            .resolve_alert(permit, red.number, outcome, note.to_owned(), seen)
    };
    let refused = resolve(&red.ben, "").await.unwrap_err();
    assert!(matches!(
        refused,
        ResolveError::Refused(ResolveRefused::NotAcknowledged)
    ));
    verbs
        .wards
        .acknowledge_alert(&red.asha, red.number, seen)
        .await
        .unwrap();
    verbs.clock.advance(minutes(5));
    resolve(&red.ben, "rang, a nurse goes").await.unwrap();
    assert_eq!(verbs.open_alerts().await, []);
    // Measured before the resolution, sent after it.
    verbs
        .measures(
            &red.bridge,
            &red.patient.oximeter,
            spo2(88.0).ago(seconds(10)),
        )
        .await;
    assert_eq!(verbs.open_alerts().await, []);
    assert_eq!(verbs.values_of(red.patient.stay).await, [90.0, 88.0]);
    // Still low after it: a new alert. A node that has just started knows it too.
    let other = verbs.another_node().await;
    verbs.clock.advance(seconds(30));
    other
        .measures(&red.bridge, &red.patient.oximeter, spo2(89.0))
        .await;
    let alerts = verbs.open_alerts().await;
    assert!(Desk::only(&alerts).number > red.number);
    let log = verbs.log().await;
    let outcomes = log.iter().filter_map(|logged| match &logged.event {
        WardEvent::Alert { alert, .. } => match &alert.state {
            State::Resolved { outcome, note, .. } => Some((*outcome, note.as_str())),
            State::Raised | State::Acknowledged { .. } => None,
        },
        _ => None,
    });
    let outcomes: Vec<_> = outcomes.collect();
    assert_eq!(outcomes, [(Outcome::VisitArranged, "rang, a nurse goes")]);
}

async fn one_problem_has_one_open_alert_and_the_index_sees_to_it(verbs: Verbs) {
    let red = Red::on(&verbs).await;
    let alert = Desk::only(&verbs.open_alerts().await).clone();
    let store = verbs.wards.store();
    let head = verbs.head().await;
    // What two writers without the ward's lock would do.
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    ledger.open_alerts().await.unwrap();
    ledger.append(
        WardEvent::Alert {
            change: Change::Raised,
            alert: Box::new(alert.clone()),
        },
        verbs.clock.now(),
    );
    let refused = ledger.commit().await;
    assert!(
        matches!(refused, Err(StoreError::Refused(_))),
        "{refused:?}"
    );
    assert_eq!(verbs.head().await, head);
    assert_eq!(verbs.open_alerts().await, [alert]);
    let mut behind = verbs.database.look_behind().await;
    let copy = format!(
        "insert into alert select organisation_id, ward_id, number + 1, subject, problem, stay_id, is_open, severity, raised_at,
            shown_at, acknowledged_at, resolved_at, next_deadline_at, body from alert where number = {}",
        red.number
    );
    let refused = behind.execute(&copy).await.unwrap_err();
    assert!(
        refused.as_database_error().unwrap().is_unique_violation(),
        "{refused}"
    );
}

async fn what_a_console_has_shown_is_written_once(verbs: Verbs) {
    let red = Red::on(&verbs).await;
    let head = verbs.head().await;
    verbs
        .wards
        .applied(verbs.ward, Seq(red.number.0 - 1))
        .await
        .unwrap();
    assert_eq!(Desk::only(&verbs.open_alerts().await).shown_at, None);
    for _ in 0..3 {
        verbs.wards.applied(verbs.ward, head).await.unwrap();
    }
    let other = verbs.another_node().await;
    other
        .wards
        .applied(verbs.ward, Seq(i64::MAX))
        .await
        .unwrap();
    let shown = Desk::only(&verbs.open_alerts().await).shown_at;
    assert_eq!(shown, Some(verbs.clock.now()));
    let kinds = verbs.kinds().await;
    assert_eq!(kinds.iter().filter(|it| **it == "alert_shown").count(), 1);
    // A receipt for what is still to come counts for nothing.
    verbs.clock.advance(seconds(61));
    verbs
        .measures(&red.bridge, &red.patient.oximeter, spo2(80.0))
        .await;
    assert_eq!(Desk::only(&verbs.open_alerts().await).shown_at, None);
}
