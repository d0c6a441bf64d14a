//! A place of a paper sheet holds one thing: who types it a second time is told what is there, and nothing is lost.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::entry::Means;
use ward_core::hand::{OddAnswer, Typed};
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::permit::{Permit, Verb};
use ward_core::questionnaire::{Answer, Answers};
use ward_core::reading::Context;
use ward_core::time::{Timestamp, minutes};
use ward_service::{Entering, EntryError, NewEntry, NewReading, SaidBy};
use ward_tests::{TestWard, on_both_databases};

on_both_databases!(
    at_the_same_time_it_is_stored_once,
    read_otherwise_the_second_sees_what_is_there_and_may_put_it_right,
    what_was_struck_out_can_be_typed_in_again,
    an_odd_value_that_was_put_right_is_the_same_as_the_right_one,
);

struct Typist {
    permit: Permit,
    stay: StayId,
    at: Timestamp,
}

impl Typist {
    async fn of(ward: &TestWard, username: &str, stay: StayId, at: Timestamp) -> Self {
        let who = ward.clinician(username, username).await;
        let permit = ward.permit(who).await;
        Self { permit, stay, at }
    }

    fn entering(&self) -> Entering {
        Entering::by_staff(&self.permit, self.stay, SaidBy::Patient, Means::Paper).unwrap()
    }

    fn instead_of(&self, ward: &TestWard, there: Uuid) -> Entering {
        let now = ward.clock.now();
        self.entering()
            .instead_of(&self.permit, there, now)
            .unwrap()
    }

    fn reading(&self, spo2: f64, pulse: f64) -> NewReading {
        NewReading {
            id: ReadingId(Uuid::new_v4()),
            typed: Typed {
                spo2,
                pulse: Some(pulse),
            },
            at: Some(self.at),
            context: Context::Rest,
            observations: ward_core::reading::ObservationSet::default(),
        }
    }

    fn answers(&self, breathing: &str) -> NewEntry {
        let mut answers: Answers = BTreeMap::new();
        answers.insert("breathing".to_owned(), Answer::Text(breathing.to_owned()));
        NewEntry {
            id: EntryId(Uuid::new_v4()),
            questionnaire: Some(("covid-oximetry-home".to_owned(), 1)),
            at: Some(self.at),
            answers,
        }
    }
}

async fn two(ward: &TestWard) -> (Typist, Typist) {
    let stay = ward.admit().await;
    ward.clock.advance(minutes(3 * 24 * 60));
    let at = ward.clock.now().minus(minutes(24 * 60));
    let one = Typist::of(ward, "ben", stay, at).await;
    (one, Typist::of(ward, "cleo", stay, at).await)
}

/// What counts of the chart: saturations, and how many were struck out.
async fn chart(ward: &TestWard, of: &Typist) -> (Vec<String>, usize) {
    let (_, lines) = ward
        .wards
        .chart(&of.permit, of.stay, None, 50)
        .await
        .unwrap();
    let struck = lines.iter().filter(|line| line.kept.struck.is_some());
    let struck = struck.count();
    let counts = lines.iter().filter(|line| line.kept.struck.is_none());
    let values = counts.map(|line| match &line.kept.reading.measured {
        ward_core::reading::Measured::Values(values) => values.spo2.to_string(),
        ward_core::reading::Measured::Attempt { .. } => "none".to_owned(),
    });
    (values.collect(), struck)
}

/// The answers that count, and how many were struck out.
async fn diary(ward: &TestWard, of: &Typist) -> (Vec<Answers>, usize) {
    let kept = ward
        .wards
        .diary(&of.permit, of.stay, None, 50)
        .await
        .unwrap();
    let (counts, struck): (Vec<_>, Vec<_>) = kept.into_iter().partition(|it| it.struck.is_none());
    let answers = counts.into_iter().map(|it| it.entry.answers);
    (answers.collect(), struck.len())
}

async fn at_the_same_time_it_is_stored_once(ward: TestWard) {
    let (ben, cleo) = two(&ward).await;
    let wards = &ward.wards;
    let (one, other) = tokio::join!(
        wards.enter_reading(ben.entering(), ben.reading(95.0, 82.0)),
        wards.enter_reading(cleo.entering(), cleo.reading(95.0, 82.0)),
    );
    let (one, other) = (one.unwrap().recorded, other.unwrap().recorded);
    assert_eq!(one.reading, other.reading);
    assert!(one.is_repeat != other.is_repeat, "one was first");
    assert_eq!(chart(&ward, &ben).await, (vec!["95".to_owned()], 0));

    let (one, other) = tokio::join!(
        wards.submit_diary(ben.entering(), ben.answers("same")),
        wards.submit_diary(cleo.entering(), cleo.answers("same")),
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.entry, other.entry);
    assert!(one.is_repeat != other.is_repeat, "one was first");
    assert_eq!(diary(&ward, &ben).await.0.len(), 1);
}

async fn read_otherwise_the_second_sees_what_is_there_and_may_put_it_right(ward: TestWard) {
    let (ben, cleo) = two(&ward).await;
    let wards = &ward.wards;
    let first = wards.enter_reading(ben.entering(), ben.reading(95.0, 82.0));
    let first = first.await.unwrap().recorded.reading.0;
    let again = wards.enter_reading(cleo.entering(), cleo.reading(93.0, 82.0));
    match again.await {
        Err(EntryError::TypedBefore { there }) => assert_eq!(there, first),
        other => panic!("{other:?}"),
    }
    assert_eq!(chart(&ward, &ben).await, (vec!["95".to_owned()], 0));
    let right = cleo.instead_of(&ward, first);
    let right = wards.enter_reading(right, cleo.reading(93.0, 82.0));
    assert!(!right.await.unwrap().recorded.is_repeat);
    assert_eq!(chart(&ward, &ben).await, (vec!["93".to_owned()], 1));
    // Ben looks again, and sees what he has not seen: what he names has gone.
    let stale = wards.enter_reading(ben.instead_of(&ward, first), ben.reading(95.0, 82.0));
    assert!(matches!(
        stale.await,
        Err(EntryError::TypedBefore { there }) if there != first
    ));
    assert_eq!(chart(&ward, &ben).await, (vec!["93".to_owned()], 1));

    let first = wards.submit_diary(ben.entering(), ben.answers("same"));
    let first = first.await.unwrap().entry.id.0;
    let again = wards.submit_diary(cleo.entering(), cleo.answers("worse"));
    match again.await {
        Err(EntryError::TypedBefore { there }) => assert_eq!(there, first),
        other => panic!("{other:?}"),
    }
    let right = cleo.instead_of(&ward, first);
    let right = wards.submit_diary(right, cleo.answers("worse"));
    assert!(!right.await.unwrap().is_repeat);
    let (answers, struck) = diary(&ward, &ben).await;
    assert_eq!((answers, struck), (vec![cleo.answers("worse").answers], 1));

    let dora = ward
        .staff("dora", "Dora", ward.ward, Role::CallHandler)
        .await;
    let permit = wards.permit(dora, ward.ward, Verb::EnterForPatient).await;
    let permit = permit.unwrap().unwrap();
    let refused = cleo.entering().instead_of(&permit, first, ward.clock.now());
    assert!(refused.is_err(), "who may not strike out may not replace");
}

async fn what_was_struck_out_can_be_typed_in_again(ward: TestWard) {
    let (ben, cleo) = two(&ward).await;
    let wards = &ward.wards;
    let first = wards.enter_reading(ben.entering(), ben.reading(95.0, 82.0));
    let first = first.await.unwrap().recorded.reading;
    let reason = ward_core::correction::Reason {
        code: ward_core::correction::Code::WrongTime,
        text: String::new(),
    };
    let struck = wards.strike_out_reading(&ben.permit, ben.stay, first, reason);
    struck.await.unwrap();
    let again = wards.enter_reading(cleo.entering(), cleo.reading(95.0, 82.0));
    assert!(!again.await.unwrap().recorded.is_repeat);
    assert_eq!(chart(&ward, &ben).await, (vec!["95".to_owned()], 1));
}

async fn an_odd_value_that_was_put_right_is_the_same_as_the_right_one(ward: TestWard) {
    let (ben, cleo) = two(&ward).await;
    let wards = &ward.wards;
    let odd = wards.enter_reading(ben.entering(), ben.reading(72.0, 95.0));
    let odd = odd.await.unwrap().recorded;
    assert!(odd.odd.is_some());
    let answered = wards.answer_question(ben.entering(), odd.reading, OddAnswer::Swapped);
    answered.await.unwrap();
    for (spo2, pulse) in [(72.0, 95.0), (95.0, 72.0)] {
        let again = wards.enter_reading(cleo.entering(), cleo.reading(spo2, pulse));
        assert!(again.await.unwrap().recorded.is_repeat, "{spo2} {pulse}");
    }
    assert_eq!(chart(&ward, &ben).await, (vec!["95".to_owned()], 1));
}
