use jiff::Timestamp;
use reqwest::Method;
use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::calls::{call, codes, no_answer, on_the_wire, reached, whereabouts};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::calls::{BookVisitRequest, CallOutcome, LogContactRequest, Way, WhatView, Whom};

on_both_databases!(
    the_ladder_is_climbed_with_evidence_for_each_rung_and_only_a_senior_clinician_stops_it,
    with_an_open_red_next_of_kin_are_asked_after_one_try,
);

/// What is to be done next, and how often the patient was tried at different times.
async fn next(handler: &Nurse, stay: StayId) -> (String, u32) {
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!(part, "to_call");
    let ladder = row.ladder.as_ref().unwrap();
    (ladder.next.clone(), ladder.at_different_times)
}

fn at_the_door() -> LogContactRequest {
    LogContactRequest {
        way: Way::Visit,
        ..no_answer()
    }
}

async fn the_ladder_is_climbed_with_evidence_for_each_rung_and_only_a_senior_clinician_stops_it(
    ward: TestWard,
) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let clinician = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let senior = Nurse::senior(&ward, "sue", "Sue Orr").await;
    let too_early = senior.stops_ladder(stay, "moved").await;
    assert_eq!(too_early.refusal(), (409, "not-possible".to_owned()));

    handler.logs(stay, &no_answer()).await;
    ward.after(minutes(10)).await;
    let message = call(Whom::Patient, CallOutcome::LeftMessage);
    handler.logs(stay, &message).await;
    assert_eq!(next(&handler, stay).await, ("patient".to_owned(), 1));
    for times in [2, 3] {
        ward.after(minutes(65)).await;
        assert_eq!(next(&handler, stay).await.0, "patient");
        handler.logs(stay, &no_answer()).await;
        assert_eq!(next(&handler, stay).await.1, times);
    }
    assert_eq!(next(&handler, stay).await.0, "next_of_kin");
    // The daughter answers and knows nothing: that is evidence, and not the patient.
    let daughter = call(Whom::NextOfKin, CallOutcome::Reached);
    handler.logs(stay, &daughter).await;
    assert_eq!(next(&handler, stay).await.0, "visit");

    let visit_at: Timestamp = on_the_wire(ward.clock.now().plus(minutes(60)));
    let visit = BookVisitRequest {
        at: visit_at,
        purpose: "district nurse, to look after her".to_owned(),
    };
    let path = handler.calls_path(stay, "/visits");
    let booked = handler.changes(Method::POST, &path, &visit).await;
    assert_eq!(booked.status, 200, "{booked}");
    let list = handler.call_list().await;
    let (_, row) = whereabouts(&list, stay);
    assert_eq!(row.visit_at, Some(visit_at));
    assert!(codes(row).contains(&"visit"));
    ward.after(minutes(60)).await;
    clinician.logs(stay, &at_the_door()).await;
    assert_eq!(next(&handler, stay).await.0, "welfare_check");
    let police = call(Whom::WelfareCheck, CallOutcome::Reached);
    clinician.logs(stay, &police).await;
    assert_eq!(next(&handler, stay).await.0, "hear_of_welfare_check");

    // "No answer" is never "done": not at night, not by another shift.
    ward.after(minutes(24 * 60)).await;
    let [handler, clinician, senior] = [
        Nurse::signs_in(&ward, "carl").await,
        Nurse::signs_in(&ward, "asha").await,
        Nurse::signs_in(&ward, "sue").await,
    ];
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["carried_over"]));
    assert_eq!(row.reasons[0].since.unwrap().to_string(), "2026-11-21");

    for other in [&handler, &clinician] {
        let refused = other.stops_ladder(stay, "moved").await;
        assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
        let detail = refused.problem().detail;
        assert!(detail.contains("senior-clinician"), "{detail}");
    }
    let unsaid = senior.stops_ladder(stay, " ").await;
    assert_eq!(unsaid.refusal(), (422, "not-valid".to_owned()));
    let reason = "with her sister in Leeds until Sunday, seen by police";
    assert_eq!(senior.stops_ladder(stay, reason).await.status, 200);
    let again = senior.stops_ladder(stay, reason).await;
    assert_eq!(again.refusal(), (409, "not-possible".to_owned()));
    assert!(again.problem().detail.contains("Sue Orr"));
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!(part, "stopped");
    assert_eq!(
        row.stopped.as_ref().unwrap().clinician,
        senior.view.clinician
    );

    // The next contact falls due, and the ladder begins anew.
    ward.after(minutes(24 * 60)).await;
    let handler = Nurse::signs_in(&ward, "carl").await;
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, row.ladder.as_ref()), ("to_call", None));
    handler.logs(stay, &reached()).await;
    let list = handler.call_list().await;
    assert_eq!(whereabouts(&list, stay).0, "not_due");

    let contacts = handler.contacts(stay).await.contacts;
    let calls = contacts
        .iter()
        .filter(|it| matches!(it.what, WhatView::Call { .. }));
    assert_eq!(calls.count(), 8);
    let why = contacts.iter().find_map(|it| match &it.what {
        WhatView::LadderStopped { reason } => Some(reason.as_str()),
        _ => None,
    });
    assert_eq!(why, Some(reason));
    // The reason is for who may read the record, not for the log.
    let log = serde_json::to_string(&ward.log().await).unwrap();
    assert!(!log.contains("Leeds") && !log.contains("Jo Example"));
}

async fn with_an_open_red_next_of_kin_are_asked_after_one_try(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    handler.logs(patient.stay, &reached()).await;
    ward.after(minutes(30)).await;
    bridge.measures(&patient.oximeter, spo2(85.0)).await;
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, patient.stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["open_red"]));
    assert!(!row.reasons[0].reached_since);
    handler.logs(patient.stay, &no_answer()).await;
    assert_eq!(next(&handler, patient.stay).await.0, "next_of_kin");
}
