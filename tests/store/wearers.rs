//! Whose a reading is.

use ward_core::alert::{Severity, Subject};
use ward_core::technical::Detail;
use ward_core::time::minutes;
use ward_service::{Answer, AssignError};
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(
    a_reading_belongs_to_whoever_wore_the_oximeter_when_it_was_measured,
    an_oximeter_that_somebody_has_is_given_to_nobody_else,
    a_reading_of_another_ward_goes_to_that_ward,
    a_bridge_that_never_read_an_oximeter_writes_on_nobodys_chart,
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
    assert_eq!(Desk::only(&oxygen).subject, Subject::Stay(first.stay));
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

async fn a_bridge_that_never_read_an_oximeter_writes_on_nobodys_chart(verbs: Verbs) {
    let bridge = verbs.bridge().await;
    let patient = verbs.patient(&bridge).await;
    verbs.measures(&bridge, &patient.oximeter, spo2(90.0)).await;
    let (alerts, log) = (verbs.open_alerts().await, verbs.log().await);
    let elsewhere = verbs.open_ward("BUR").await;
    let stolen = verbs.bridge_of(elsewhere).await;
    verbs.clock.advance(minutes(1));
    let now = verbs.clock.now();
    let good = spo2(99.0).from(&patient.oximeter, now);
    let red = spo2(84.0).from(&patient.oximeter, now);
    let odd = spo2(83.0).from(&patient.oximeter, now);
    let items = vec![good.incoming(now), red.incoming(now), odd.unreadable(now)];
    let answers = verbs
        .wards
        .record_readings(&stolen.bridge, items)
        .await
        .unwrap();
    let not_its_own = Answer::Quarantined {
        reason: "this bridge does not read that oximeter".to_owned(),
    };
    assert_eq!(answers[..2], [not_its_own.clone(), not_its_own.clone()]);
    assert_eq!(verbs.values_of(patient.stay).await, [90.0]);
    assert_eq!(
        (verbs.open_alerts().await, verbs.log().await),
        (alerts, log)
    );
    let of_device = |bridge: &ward_tests::desk::Enrolled| Subject::Device {
        bridge: bridge.bridge.id,
        address: patient.oximeter.clone(),
    };
    let there = verbs.wards.store().open_alerts(elsewhere).await.unwrap();
    let subjects: Vec<_> = there.iter().map(|it| (&it.subject, it.severity)).collect();
    assert_eq!(
        subjects,
        [
            (&of_device(&stolen), Severity::Red),
            (&Subject::Bridge(stolen.bridge.id), Severity::Red)
        ]
    );
    let candidates = |stays| Some(Detail::Candidates { stays });
    assert_eq!(there[0].detail, candidates(Vec::new()));
    // Another home's bridge of the same ward: the wearer is among those whom the low may belong to.
    let next_door = verbs.bridge().await;
    let low = spo2(84.0).from(&patient.oximeter, now);
    assert_eq!(verbs.record(&next_door, &[low]).await, [not_its_own]);
    let here = verbs.open_alerts().await;
    let about = here.iter().find(|it| it.subject == of_device(&next_door));
    assert_eq!(about.unwrap().detail, candidates(vec![patient.stay]));
    // Whoever has read it once may bring what it still holds.
    verbs
        .wards
        .release_device(&patient.oximeter, now)
        .await
        .unwrap();
    verbs
        .give_from(&patient.oximeter, patient.stay, &next_door, now)
        .await;
    let late = spo2(96.0).from(&patient.oximeter, now);
    assert_eq!(verbs.record(&bridge, &[late]).await, [Answer::Stored]);
}

async fn a_patient_is_admitted_once_and_a_number_with_another_name_is_refused(verbs: Verbs) {
    use ward_service::AdmitError;
    let referral = ward_tests::people::referral(77);
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
