use serde_json::json;
use ward_core::time::minutes;
use ward_tests::pathway::{discharge_home, row_of};
use ward_tests::people::oximeter;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::bridge::Answer;
use ward_wire::kit::Wearers;

on_both_databases!(
    each_reading_is_whoever_wore_it_when_it_was_measured,
    what_is_not_possible_says_what_is,
    all_kit_of_somebody_who_goes_is_asked_back,
);

async fn each_reading_is_whoever_wore_it_when_it_was_measured(ward: TestWard) {
    let (first_home, next_home) = (
        Bridge::enrolled_at(&ward).await,
        Bridge::enrolled_at(&ward).await,
    );
    let (first, next) = (ward.admit().await, ward.admit().await);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let address = oximeter(7_001);
    let kit = asha.receives_oximeter(&address).await;
    assert_eq!(
        (kit.state.as_str(), kit.label.as_str()),
        ("in_stock", "OX-017")
    );
    let issued = json!({ "step": "issue", "stay": first.0, "due_back": "2026-12-05" });
    assert_eq!(asha.does(kit.id, &issued).await.state, "issued");
    let bridge = first_home.bridge.id.0;
    let given = json!({ "step": "assign", "stay": first.0, "bridge": bridge });
    let given = asha.does(kit.id, &given).await;
    assert_eq!(
        (given.state.as_str(), given.stay),
        ("assigned", Some(first.0))
    );
    assert_eq!(given.due_back, Some("2026-12-05".parse().unwrap()));

    ward.after(minutes(10)).await;
    first_home.measures(&address, spo2(96.0)).await;
    // The network of the home goes. She falls to 84, and nobody hears of it.
    ward.after(minutes(10)).await;
    let low = first_home.spools(&address, spo2(84.0));
    ward.after(minutes(20)).await;
    let back = json!({ "step": "return" });
    let back = asha.does(kit.id, &back).await;
    assert_eq!((back.state.as_str(), back.stay), ("cleaning", None));
    ward.after(minutes(10)).await;
    // Whoever cleaned it tried it on.
    let nobodys = first_home.spools(&address, spo2(88.0));
    ward.after(minutes(10)).await;
    asha.does(kit.id, &json!({ "step": "clean" })).await;
    let bridge = next_home.bridge.id.0;
    let given = json!({ "step": "assign", "stay": next.0, "bridge": bridge });
    asha.does(kit.id, &given).await;
    ward.after(minutes(10)).await;
    next_home.measures(&address, spo2(97.0)).await;

    // Now the first home is heard of again.
    ward.after(minutes(10)).await;
    let answers = first_home.post(&[low, nobodys]).await;
    assert_eq!(answers[0], Answer::Stored);
    assert!(
        matches!(answers[1], Answer::Quarantined { .. }),
        "{answers:?}"
    );
    assert_eq!(ward.values_of(first).await, [96.0, 84.0]);
    assert_eq!(ward.values_of(next).await, [97.0]);
    let board = asha.board().await;
    let alerts = |stay| row_of(&board, stay).unwrap().alerts.clone();
    assert_eq!(alerts(first)[0].worst_percent, Some(84.0));
    assert!(alerts(next).is_empty());
    // The one that is nobody's may be either's.
    let mut candidates = board.technical[0].candidates.clone();
    candidates.sort();
    let mut both = [first.0, next.0];
    both.sort();
    assert_eq!(candidates, both);

    let kept = asha.kept_apart().await;
    assert_eq!((kept.len(), kept[0].spo2_percent), (1, Some(88.0)));
    let decided = asha.says_whose(kept[0].item, None).await;
    assert!(decided.status.is_success(), "{decided}");
    assert!(asha.kept_apart().await.is_empty());
    let again = asha.says_whose(kept[0].item, Some(first)).await;
    assert_eq!(again.refusal(), (409, "not-possible".to_owned()));
    assert_eq!(again.problem().first.unwrap().name, "Asha Rao");

    // In one home from hand to hand: one ends when the next begins.
    let given = json!({ "step": "hand_over", "stay": first.0, "bridge": bridge });
    asha.does(kit.id, &given).await;
    next_home.measures(&address, spo2(95.0)).await;
    assert_eq!(ward.values_of(first).await, [96.0, 84.0, 95.0]);
    let path = asha.path(&format!("/kit/{}/wearers", kit.id));
    let wearers: Wearers = asha.get(&path).await.json();
    let stays: Vec<_> = wearers.wearers.iter().map(|it| it.stay).collect();
    assert_eq!(stays, [first.0, next.0, first.0]);
    assert_eq!(wearers.wearers[0].from, wearers.wearers[1].until.unwrap());
    let moved = ward.kinds().await;
    assert_eq!(moved.iter().filter(|kind| **kind == "kit_moved").count(), 7);
}

async fn what_is_not_possible_says_what_is(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let address = oximeter(7_002);
    let kit = asha.receives_oximeter(&address).await;
    assert_eq!(kit.possible, ["issue", "assign", "lost"]);
    let reader = bridge.bridge.id.0;
    let assign =
        |from: &str| json!({ "step": "assign", "stay": stay.0, "bridge": reader, "from": from });
    let twice = json!({ "address": address.as_str(), "model": "Nonin 3230" });
    let twice = asha.posts("/kit/oximeters", &twice).await;
    assert_eq!(twice.refusal(), (409, "not-possible".to_owned()));
    for (step, code, says) in [
        (
            json!({ "step": "return" }),
            409,
            "possible now: issue, assign, lost",
        ),
        (json!({ "step": "clean" }), 409, "in stock"),
        (assign("2026-11-22T08:00:00Z"), 409, "in the future"),
        (json!({ "step": "issue" }), 422, "either"),
        (
            json!({ "step": "issue", "place": " " }),
            422,
            "place is missing",
        ),
        (
            json!({ "step": "issue", "place": "x".repeat(201) }),
            422,
            "200 characters",
        ),
        (json!({ "step": "sell" }), 400, "sell"),
        (json!({ "step": "return", "to": 1 }), 400, "to"),
        (
            json!({ "step": "assign", "stay": reader, "bridge": reader }),
            404,
            "open stay",
        ),
        (
            json!({ "step": "assign", "stay": stay.0, "bridge": stay.0 }),
            404,
            "bridge",
        ),
    ] {
        let refused = asha.tries(kit.id, &step).await;
        assert_eq!(refused.status, code, "{step}: {refused}");
        let detail = refused.problem().detail;
        assert!(detail.contains(says), "{step}: {detail}");
    }
    asha.does(kit.id, &assign("2026-11-21T07:00:00Z")).await;
    let taken = asha.tries(kit.id, &assign("2026-11-21T07:30:00Z")).await;
    let detail = taken.problem().detail;
    assert!(
        detail.contains("possible now: hand over, ask back, return, lost"),
        "{detail}"
    );
    let lost = json!({ "step": "lost", "at": "2026-11-21T07:40:00Z" });
    let lost = asha.does(kit.id, &lost).await;
    assert_eq!((lost.state.as_str(), lost.stay), ("lost", Some(stay.0)));
    // What is measured with it now is nobody's, and whoever had it last is named.
    let red = bridge.spools(&address, spo2(84.0));
    bridge.post(&[red]).await;
    assert_eq!(asha.board().await.technical[0].candidates, [stay.0]);
    assert_eq!(
        asha.does(kit.id, &json!({ "step": "found" })).await.state,
        "cleaning"
    );
    asha.does(kit.id, &json!({ "step": "clean" })).await;
    let too_early = asha.tries(kit.id, &assign("2026-11-21T07:30:00Z")).await;
    assert!(
        too_early
            .problem()
            .detail
            .contains("until 2026-11-21T07:40")
    );

    // A patient of another ward is that ward's to ask.
    let elsewhere = ward.open_ward("BLK").await;
    let ben = Nurse::of_another_ward(&ward, elsewhere, "ben").await;
    asha.does(kit.id, &assign("2026-11-21T07:50:00Z")).await;
    let theirs = ben.tries(kit.id, &json!({ "step": "return" })).await;
    assert_eq!(theirs.refusal(), (409, "not-possible".to_owned()));
    let unknown = asha.tries(stay.0, &json!({ "step": "return" })).await;
    assert_eq!(unknown.refusal().0, 404);
}

async fn all_kit_of_somebody_who_goes_is_asked_back(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let listed = asha.kit("oximeter").await;
    assert_eq!((listed.len(), listed[0].state.as_str()), (1, "assigned"));
    let bridges = asha.kit("bridge").await;
    assert_eq!(bridges[0].place.as_deref(), Some("hall cupboard"));
    let path = format!("/stays/{}/kit/ask-back", patient.stay);
    let asked = asha.posts(&path, &json!({ "by": "2026-11-28" })).await;
    assert!(asked.status.is_success(), "{asked}");
    asha.moves(patient.stay, "discharge", &discharge_home())
        .await;
    let kit = asha.kit("oximeter").await.remove(0);
    assert_eq!(
        (kit.state.as_str(), kit.stay),
        ("due_back", Some(patient.stay.0))
    );
    assert_eq!(kit.due_back, Some("2026-11-28".parse().unwrap()));
    ward.after(minutes(60)).await;
    let back = asha.does(kit.id, &json!({ "step": "return" })).await;
    assert_eq!(back.state, "cleaning");
}
