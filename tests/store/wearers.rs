//! Whose a reading is.

use ward_core::time::minutes;
use ward_service::{Answer, AssignError};
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    a_reading_belongs_to_whoever_wore_the_oximeter_when_it_was_measured,
    an_oximeter_that_somebody_has_is_given_to_nobody_else,
    a_reading_of_another_ward_goes_to_that_ward,
    a_patient_is_admitted_once_and_a_number_with_another_name_is_refused,
);

async fn a_reading_belongs_to_whoever_wore_the_oximeter_when_it_was_measured(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let first = verbs.patient(&bridge).await;
    let second = verbs.admit().await;
    let handed_over = verbs.clock.now().minus(minutes(30));
    verbs
        .wards
        .release_device(&first.oximeter, handed_over)
        .await
        .unwrap();
    let given = handed_over.plus(minutes(10));
    verbs
        .give_from(&first.oximeter, second, &bridge, given)
        .await;
    let now = verbs.clock.now();
    let at = |percent: f64, minutes_ago| {
        spo2(percent)
            .ago(minutes(minutes_ago))
            .from(&first.oximeter, now)
    };
    // Two measured before, one in between, two after; all sent now, the newest first.
    let readings = [
        at(96.0, 1),
        at(90.0, 40),
        at(91.0, 31),
        at(95.5, 25),
        at(97.0, 20),
    ];
    let answers = verbs.record(&bridge, &readings).await;
    assert!(matches!(answers[3], Answer::Quarantined { .. }));
    assert_eq!(verbs.values_of(first.stay).await, [90.0, 91.0]);
    assert_eq!(verbs.values_of(second).await, [97.0, 96.0]);
    let oxygen = verbs.open_alerts().await;
    let oxygen: Vec<_> = oxygen
        .into_iter()
        .filter(|alert| alert.problem.name() == "oxygen")
        .collect();
    assert_eq!(
        Desk::only(&oxygen).subject,
        ward_core::alert::Subject::Stay(first.stay)
    );
}

async fn an_oximeter_that_somebody_has_is_given_to_nobody_else(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    let second = verbs.admit().await;
    let log = verbs.log().await;
    let refused = verbs
        .wards
        .assign_device(
            &patient.oximeter,
            second,
            bridge.bridge.id,
            verbs.clock.now(),
        )
        .await;
    assert!(matches!(refused, Err(AssignError::Taken)), "{refused:?}");
    assert_eq!(verbs.log().await, log);
}

async fn a_reading_of_another_ward_goes_to_that_ward(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let other = verbs.open_ward("BUR").await;
    let (stay, oximeter) = (verbs.admit_to(other).await, verbs.new_oximeter().await);
    verbs.give(&oximeter, stay, &bridge).await;
    let before = verbs.log().await;
    verbs.measures(&bridge, &oximeter, spo2(90.0)).await;
    assert_eq!(verbs.open_alerts().await, []);
    assert_eq!(verbs.log().await, before);
    let alerts = verbs.wards.store().open_alerts(other).await.unwrap();
    assert_eq!(Desk::only(&alerts).worst.unwrap().percent(), 90.0);
}

async fn a_patient_is_admitted_once_and_a_number_with_another_name_is_refused(verbs: Verbs) {
    use ward_service::AdmitError;
    let referral = ward_tests::desk::referral(77);
    verbs
        .wards
        .admit(verbs.ward, referral.clone())
        .await
        .unwrap();
    let again = verbs.wards.admit(verbs.ward, referral.clone()).await;
    assert!(
        matches!(again, Err(AdmitError::AlreadyAdmitted)),
        "{again:?}"
    );
    let mistyped = ward_service::Referral {
        family_name: "Somebody-Else".to_owned(),
        ..referral
    };
    let refused = verbs.wards.admit(verbs.ward, mistyped).await;
    assert!(
        matches!(refused, Err(AdmitError::AnotherPerson)),
        "{refused:?}"
    );
}
