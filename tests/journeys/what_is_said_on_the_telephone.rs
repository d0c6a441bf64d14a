use jiff::Timestamp;
use reqwest::Method;
use uuid::Uuid;
use ward_core::alert::{Problem, Severity};
use ward_core::clinician::Role;
use ward_core::time::minutes;
use ward_tests::calls::{call, codes, no_answer, on_the_wire, reached, whereabouts};
use ward_tests::{Desk, Nurse, TestWard, on_both_databases};
use ward_wire::board::Band;
use ward_wire::calls::{
    Advice, BookVisitRequest, CallOutcome, Change, Direction, Help, Identifier, LogContactRequest,
    NextContact, Onward, ReferOnwardRequest, ToldReading, VideoLinksRequest, VideoRoomView, Way,
    Wellbeing, WhatView, Whom,
};

on_both_databases!(
    a_red_symptom_that_is_told_is_on_every_board,
    a_patient_who_rings_and_asks_for_a_clinician_is_rung_back,
    what_was_agreed_stands_on_the_list_of_its_day,
    everything_that_was_said_is_on_record_once,
    values_that_are_told_are_readings_and_the_999_advice_comes_first,
    a_link_for_a_video_call_says_nothing_of_the_patient,
    what_cannot_be_is_refused_with_what_to_do,
);

async fn a_red_symptom_that_is_told_is_on_every_board(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let request = LogContactRequest {
        symptoms: vec!["chest_pain".to_owned()],
        wellbeing: Wellbeing {
            breathing: Some(Change::Worse),
            ..Wellbeing::default()
        },
        advice: vec![Advice::Ring999],
        ..reached()
    };
    let logged = handler.logs(stay, &request).await;
    let alerts = ward.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Symptom, Severity::Red)
    );
    assert_eq!(logged.alerts, [alert.number.0]);
    let list = handler.call_list().await;
    assert_eq!(codes(whereabouts(&list, stay).1), ["open_red"]);
    // The same call sent twice is one call.
    let twice = LogContactRequest {
        id: Some(logged.contact.id),
        ..request
    };
    assert!(handler.logs(stay, &twice).await.repeated);
    assert_eq!(handler.contacts(stay).await.contacts.len(), 1);
    ward.readings_and_alerts_agree().await;
}

async fn a_patient_who_rings_and_asks_for_a_clinician_is_rung_back(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    handler.logs(stay, &reached()).await;
    ward.after(minutes(30)).await;
    let asks = LogContactRequest {
        help: Some(Help::CallMe),
        ..reached()
    };
    assert_eq!(handler.answers(stay, &asks).await.status, 200);
    let alerts = ward.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(alert.problem, Problem::AskedForHelp);
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!(
        (part, codes(row)),
        ("to_call", vec!["asked_for_help", "call_back"])
    );
    assert_eq!(row.last.as_ref().unwrap().direction, Direction::ToWard);
    // Who ends the alert without having rung has not rung.
    asha.takes(alert.number.0, alert.spoke_seq.0).await;
    let seen = ward.head().await;
    assert_eq!(asha.resolves(alert.number.0, seen.0).await.status, 200);
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["call_back"]));
    ward.after(minutes(1)).await;
    asha.logs(stay, &reached()).await;
    let list = handler.call_list().await;
    assert_eq!(whereabouts(&list, stay).0, "not_due");
    ward.readings_and_alerts_agree().await;
}

async fn what_was_agreed_stands_on_the_list_of_its_day(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let at: Timestamp = on_the_wire(ward.clock.now().plus(minutes(6 * 60)));
    let agrees = LogContactRequest {
        next: Some(NextContact {
            at,
            way: Way::Video,
        }),
        ..reached()
    };
    handler.logs(stay, &agrees).await;
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, codes(row)), ("to_call", vec!["next_contact"]));
    assert_eq!(row.reasons[0].due, Some(at));
    // A word in between is not the call that was agreed.
    ward.after(minutes(60)).await;
    handler.logs(stay, &reached()).await;
    let list = handler.call_list().await;
    assert_eq!(whereabouts(&list, stay).0, "to_call");
    ward.after(minutes(5 * 60)).await;
    handler.logs(stay, &reached()).await;
    let list = handler.call_list().await;
    assert_eq!(whereabouts(&list, stay).0, "not_due");
    ward.readings_and_alerts_agree().await;
}

async fn everything_that_was_said_is_on_record_once(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let id = Uuid::from_u128(7);
    let an_hour_ago = on_the_wire(ward.clock.now().minus(minutes(60)));
    let request = LogContactRequest {
        id: Some(id),
        at: Some(an_hour_ago),
        identity: Some([Identifier::NhsNumber, Identifier::Address]),
        note: "slept\0 well".to_owned(),
        ..call(Whom::Carer, CallOutcome::Reached)
    };
    let (one, two) = tokio::join!(handler.logs(stay, &request), handler.logs(stay, &request));
    assert_eq!(one.contact, two.contact);
    assert!(one.repeated != two.repeated);
    let onward = ReferOnwardRequest {
        to: Onward::CarerSupport,
        note: "her husband has not slept for a week".to_owned(),
    };
    let path = handler.calls_path(stay, "/onward");
    let referred = handler.changes(Method::POST, &path, &onward).await;
    assert_eq!(referred.status, 200, "{referred}");
    let record = handler.contacts(stay).await;
    let [newest, first] = record.contacts.as_slice() else {
        panic!("two entries: {record:?}");
    };
    assert!(matches!(
        &newest.what,
        WhatView::ReferredOnward {
            to: Onward::CarerSupport,
            ..
        }
    ));
    assert_eq!((first.id, first.at), (id, an_hour_ago));
    assert!(first.written_at > first.at);
    let WhatView::Call {
        name,
        identity,
        note,
        ..
    } = &first.what
    else {
        panic!("a call: {first:?}");
    };
    assert_eq!(
        (name.as_str(), note.as_str()),
        ("Jo Example", "slept\u{FFFD} well")
    );
    assert_eq!(
        *identity,
        Some([Identifier::NhsNumber, Identifier::Address])
    );
    assert_eq!(
        record.staff.get(&first.by).map(String::as_str),
        Some("Carl Ode")
    );
    ward.readings_and_alerts_agree().await;
}

async fn values_that_are_told_are_readings_and_the_999_advice_comes_first(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let told = |id: u128, spo2_percent: f64, pulse_bpm: f64| ToldReading {
        id: Uuid::from_u128(id),
        spo2_percent,
        pulse_bpm: Some(pulse_bpm),
        at: None,
        observations: None,
    };
    let tells = |reading: ToldReading| LogContactRequest {
        readings: vec![reading],
        ..reached()
    };
    let good = handler.logs(stay, &tells(told(1, 96.0, 80.0))).await;
    assert_eq!((good.readings[0].band, good.alerts.len()), (Band::Green, 0));
    ward.after(minutes(5)).await;
    let red = handler.logs(stay, &tells(told(2, 88.0, 110.0))).await;
    assert_eq!(red.readings[0].band, Band::Red);
    let first = &red.say[0];
    assert!(first.text.contains("999"), "{first:?}");
    let alerts = ward.open_alerts().await;
    let alert = Desk::only(&alerts);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Oxygen, Severity::Red)
    );
    assert_eq!(red.alerts, [alert.number.0]);
    let list = handler.call_list().await;
    let (_, row) = whereabouts(&list, stay);
    assert_eq!((codes(row), row.readings.len()), (vec!["open_red"], 2));
    // Swapped: kept, and asked about.
    let swapped = handler.logs(stay, &tells(told(3, 72.0, 95.0))).await;
    assert_eq!(swapped.readings[0].odd.as_deref(), Some("swapped"));
    assert_eq!(ward.values_of(stay).await.len(), 3);
    // What cannot be is refused, and the call with it: it can be sent again as it was meant.
    let refused = handler.tries_to_log(stay, &tells(told(4, 0.0, 80.0))).await;
    assert_eq!(refused.refusal(), (422, "not-valid".to_owned()));
    let again = handler
        .tries_to_log(stay, &tells(told(3, 94.0, 80.0)))
        .await;
    assert_eq!(again.refusal(), (422, "not-valid".to_owned()));
    assert_eq!(handler.contacts(stay).await.contacts.len(), 3);
    assert_eq!(ward.values_of(stay).await.len(), 3);
    // Nobody who did not answer told a value.
    let nobody = LogContactRequest {
        readings: vec![told(5, 96.0, 80.0)],
        ..no_answer()
    };
    assert_eq!(handler.tries_to_log(stay, &nobody).await.refusal().0, 422);
    ward.readings_and_alerts_agree().await;
}

async fn a_link_for_a_video_call_says_nothing_of_the_patient(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let video = handler.calls_path(stay, "/video");
    let none = handler.changes(Method::POST, &video, &()).await;
    assert_eq!(none.refusal(), (409, "not-possible".to_owned()));
    let links = asha.path("/video-links");
    let pattern = |pattern: &str| VideoLinksRequest {
        pattern: pattern.to_owned(),
    };
    let good = pattern("https://video.example.nhs.uk/{room}");
    let bad = pattern("http://video.example.nhs.uk/");
    assert_eq!(
        handler
            .changes(Method::PUT, &links, &good)
            .await
            .refusal()
            .0,
        403
    );
    assert_eq!(
        asha.changes(Method::PUT, &links, &bad).await.refusal().0,
        422
    );
    assert_eq!(asha.changes(Method::PUT, &links, &good).await.status, 204);
    let rooms: [VideoRoomView; 2] = [
        handler.changes(Method::POST, &video, &()).await.json(),
        handler.changes(Method::POST, &video, &()).await.json(),
    ];
    assert_ne!(rooms[0].link, rooms[1].link);
    for room in &rooms {
        let name = room
            .link
            .strip_prefix("https://video.example.nhs.uk/")
            .unwrap();
        assert!(name.len() >= 32 && !room.link.contains(&stay.to_string()));
        let log = serde_json::to_string(&ward.log().await).unwrap();
        assert!(
            !log.contains(name),
            "who reads the log does not join the call"
        );
    }
    ward.readings_and_alerts_agree().await;
}

async fn what_cannot_be_is_refused_with_what_to_do(ward: TestWard) {
    let stay = ward.admit().await;
    let handler = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let ahead = |span: u64| on_the_wire(ward.clock.now().plus(minutes(span)));
    let requests = [
        (
            LogContactRequest {
                identity: None,
                ..reached()
            },
            "two identifiers",
        ),
        (
            LogContactRequest {
                identity: Some([Identifier::BirthDate, Identifier::BirthDate]),
                ..reached()
            },
            "two different identifiers",
        ),
        (
            LogContactRequest {
                name: String::new(),
                ..call(Whom::NextOfKin, CallOutcome::Reached)
            },
            "name is missing",
        ),
        (
            LogContactRequest {
                advice: vec![Advice::CarryOn],
                ..no_answer()
            },
            "nobody was reached",
        ),
        (
            LogContactRequest {
                at: Some(ahead(5)),
                ..reached()
            },
            "future",
        ),
        (
            LogContactRequest {
                next: Some(NextContact {
                    at: ahead(60 * 24 * 40),
                    way: Way::Telephone,
                }),
                ..reached()
            },
            "31 days",
        ),
        (
            LogContactRequest {
                symptoms: vec!["hiccups".to_owned()],
                ..reached()
            },
            "chest_pain",
        ),
        (
            LogContactRequest {
                note: "x".repeat(4_001),
                ..reached()
            },
            "4000 characters",
        ),
    ];
    for (request, said) in &requests {
        let refused = handler.tries_to_log(stay, request).await;
        assert_eq!(refused.refusal().0, 422, "{said}: {refused}");
        let detail = refused.problem().detail;
        assert!(detail.contains(said), "{detail}");
    }
    let unanswered = handler.answers(stay, &no_answer()).await;
    assert_eq!(unanswered.refusal(), (422, "not-valid".to_owned()));
    let visits = handler.calls_path(stay, "/visits");
    for (at, purpose) in [(ahead(0), "district nurse"), (ahead(60), " ")] {
        let visit = BookVisitRequest {
            at,
            purpose: purpose.to_owned(),
        };
        let refused = handler.changes(Method::POST, &visits, &visit).await;
        assert_eq!(refused.refusal(), (422, "not-valid".to_owned()));
    }
    let onward = ReferOnwardRequest {
        to: Onward::Other,
        note: String::new(),
    };
    let path = handler.calls_path(stay, "/onward");
    let refused = handler.changes(Method::POST, &path, &onward).await;
    assert_eq!(refused.refusal(), (422, "not-valid".to_owned()));
    let unknown = serde_json::json!({ "way": "telephone", "whom": "patient", "outcome": "reached", "mood": 1 });
    let contacts = handler.calls_path(stay, "/contacts");
    let refused = handler.changes(Method::POST, &contacts, &unknown).await;
    assert_eq!(refused.refusal(), (400, "malformed".to_owned()));

    // Nothing of all this was written, and nobody who may not sees or does anything.
    assert_eq!(handler.contacts(stay).await.contacts, []);
    let other_ward = ward.open_ward("ACC").await;
    let elsewhere = ward.admit_to(other_ward).await;
    assert_eq!(
        handler
            .tries_to_log(elsewhere, &reached())
            .await
            .refusal()
            .0,
        404
    );
    assert_eq!(handler.claims(elsewhere).await.refusal().0, 404);
    let theirs = handler.calls_path(elsewhere, "/contacts");
    assert_eq!(handler.get(&theirs).await.refusal().0, 404);
    ward.staff("wall", "Wall", ward.ward, Role::WallBoard).await;
    let wall = Nurse::signs_in(&ward, "wall").await;
    assert_eq!(wall.get(&wall.path("/call-list")).await.refusal().0, 403);
    assert_eq!(wall.tries_to_log(stay, &reached()).await.refusal().0, 403);
    assert_eq!(wall.claims(stay).await.refusal().0, 403);
    ward.readings_and_alerts_agree().await;
}
