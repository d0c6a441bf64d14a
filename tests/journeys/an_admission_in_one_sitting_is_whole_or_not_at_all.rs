//! Record, triage, consent, acceptance, stay and team are one transaction: what is refused or broken off leaves nothing, and
//! what was done before is gone on with.

use serde_json::json;
use ward_core::event::WardEvent;
use ward_core::id::ReferralId;
use ward_core::pathway::referral::{Answer, Consent, State, Urgency};
use ward_core::permit::Permit;
use ward_core::stay::Channel;
use ward_service::{Entry, Sitting, TakeOnError, Terms};
use ward_tests::pathway::{person, referral_of};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::referral::ReferralView;

on_both_databases!(
    what_is_refused_at_the_end_leaves_nothing_of_the_beginning,
    it_goes_on_from_wherever_somebody_has_left_off_and_admits_once,
    two_who_admit_at_once_admit_once,
);

async fn referred(ward: &TestWard) -> (Nurse, Permit, ReferralId) {
    let asha = Nurse::comes_on_shift(ward, "asha", "Asha Rao").await;
    let ada = person("999 900 0010", "Example");
    let made: ReferralView = asha.posts("/referrals", &referral_of(&ada)).await.json();
    let ben = ward.clinician("ben", "Ben").await;
    (asha, ward.permit(ben).await, ReferralId(made.referral))
}

async fn sitting(ward: &TestWard, permit: &Permit, id: ReferralId, template: &str) -> Sitting {
    let store = ward.wards.store();
    let referral = store.referral(permit.ward, id).await.unwrap().unwrap();
    let known = store.patient(referral.patient).await.unwrap().unwrap();
    Sitting {
        told: ward_core::patient::Patient {
            door_access: "key safe 1234".to_owned(),
            ..known
        },
        urgency: Urgency::Today,
        consent: Some(Answer::Given),
        terms: Terms {
            template: (!template.is_empty()).then(|| template.to_owned()),
            contact: None,
            baseline: None,
            channel: Channel::Bridge,
        },
        team: String::new(),
    }
}

async fn stays_begun(ward: &TestWard) -> usize {
    let store = ward.wards.store();
    let end = ward.clock.now().plus(ward_core::time::minutes(1));
    let all = store
        .entries_before(ward.ward, None, end, 500)
        .await
        .unwrap();
    let begun = all.iter().filter(|entry| match entry {
        Entry::Event(logged) => matches!(logged.event, WardEvent::StayAdmitted { .. }),
        Entry::Unreadable { .. } => false,
    });
    begun.count()
}

async fn what_is_refused_at_the_end_leaves_nothing_of_the_beginning(ward: TestWard) {
    let (_, permit, id) = referred(&ward).await;
    let (head, wards) = (ward.head().await, &ward.wards);
    let last_is_wrong = sitting(&ward, &permit, id, "no such pathway").await;
    let refused = wards.take_on(&permit, id, last_is_wrong).await;
    assert!(matches!(refused, Err(TakeOnError::Stay(_))), "{refused:?}");
    assert_eq!(ward.head().await, head, "nothing stands on the log");
    let store = wards.store();
    let referral = store.referral(ward.ward, id).await.unwrap().unwrap();
    assert_eq!(
        (referral.state, referral.consent),
        (State::Referred, Consent::NotAsked)
    );
    let patient = store.patient(referral.patient).await.unwrap().unwrap();
    assert_eq!(patient.door_access, "");

    let no_team = Sitting {
        team: "Reds".to_owned(),
        ..sitting(&ward, &permit, id, "").await
    };
    let refused = wards.take_on(&permit, id, no_team).await;
    assert!(matches!(refused, Err(TakeOnError::Team(_))), "{refused:?}");
    assert_eq!((ward.head().await, stays_begun(&ward).await), (head, 0));
}

async fn it_goes_on_from_wherever_somebody_has_left_off_and_admits_once(ward: TestWard) {
    let steps = [
        json!({ "step": "triage", "urgency": "today" }),
        json!({ "step": "consent", "answer": "given" }),
        json!({ "step": "accept" }),
    ];
    let (asha, permit, first) = referred(&ward).await;
    let numbers = ["999 900 0029", "999 900 0037", "999 900 0045"];
    let mut referrals = vec![first];
    for number in numbers {
        let somebody = person(number, &format!("Example{}", &number[8..]));
        let made: ReferralView = asha
            .posts("/referrals", &referral_of(&somebody))
            .await
            .json();
        referrals.push(ReferralId(made.referral));
    }
    for (done, id) in referrals.into_iter().enumerate() {
        for step in &steps[..done] {
            let taken = asha.steps(id.0, step).await;
            assert!(taken.status.is_success(), "{taken}");
        }
        let all = sitting(&ward, &permit, id, "").await;
        let stay = ward.wards.take_on(&permit, id, all.clone()).await.unwrap();
        assert_eq!(stays_begun(&ward).await, done + 1, "after {done} steps");
        let again = ward.wards.take_on(&permit, id, all).await;
        assert!(again.is_err(), "{again:?}");
        assert_eq!(stays_begun(&ward).await, done + 1);
        let found = ward.wards.patient(&permit, stay.patient).await.unwrap();
        let found = found.unwrap();
        assert_eq!(found.patient.door_access, "key safe 1234");
        assert_eq!(found.stays.len(), 1);
    }
}

async fn two_who_admit_at_once_admit_once(ward: TestWard) {
    let (_, permit, id) = referred(&ward).await;
    let one = sitting(&ward, &permit, id, "").await;
    let other = one.clone();
    let (one, other) = tokio::join!(
        ward.wards.take_on(&permit, id, one),
        ward.wards.take_on(&permit, id, other),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(stays_begun(&ward).await, 1);
}
