use serde_json::json;
use ward_core::time::minutes;
use ward_tests::pathway::row_of;
use ward_tests::people::oximeter;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::Answer;

on_both_databases!(
    each_has_their_own_and_what_is_nobodys_goes_to_a_person,
    a_reading_of_uncertain_time_near_a_change_of_hands_goes_to_a_person,
);

async fn each_has_their_own_and_what_is_nobodys_goes_to_a_person(ward: TestWard) {
    let limes = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut residents = Vec::new();
    for _ in 0..3 {
        residents.push(ward.patient(&limes).await);
    }
    ward.after(minutes(10)).await;
    let batch: Vec<_> = [97.0, 96.0, 95.0]
        .into_iter()
        .zip(&residents)
        .map(|(value, it)| limes.spools(&it.oximeter, spo2(value)))
        .collect();
    assert_eq!(
        limes.post(&batch).await,
        [Answer::Stored, Answer::Stored, Answer::Stored]
    );
    for (value, resident) in [97.0, 96.0, 95.0].into_iter().zip(&residents) {
        assert_eq!(ward.values_of(resident.stay).await, [value]);
    }

    // One oximeter lies in the office for whoever needs it.
    let shared = oximeter(7_003);
    let kit = asha.receives_oximeter(&shared).await;
    let at_home = json!({ "step": "issue", "place": "The Limes" });
    assert_eq!(
        asha.does(kit.id, &at_home).await.place.as_deref(),
        Some("The Limes")
    );
    ward.after(minutes(10)).await;
    let red = limes.spools(&shared, spo2(83.0));
    ward.after(minutes(1)).await;
    let earlier = red.clone();
    let answers = limes.post(&[red]).await;
    assert!(matches!(answers[0], Answer::Quarantined { .. }));
    let board = asha.board().await;
    assert_eq!(
        (board.technical.len(), board.technical[0].severity),
        (1, Severity::Red)
    );
    assert_eq!(board.technical[0].candidates.len(), 3);

    // Asha rings: it was the second resident. It is theirs now, and judged like any other.
    let kept = asha.kept_apart().await;
    assert!(kept[0].is_a_reading && kept[0].measured_at.is_some());
    let nobody = ward_core::id::StayId(uuid::Uuid::from_u128(7));
    assert_eq!(
        asha.says_whose(kept[0].item, Some(nobody))
            .await
            .refusal()
            .0,
        404
    );
    let second = residents[1].stay;
    let said = asha.says_whose(kept[0].item, Some(second)).await;
    assert!(said.status.is_success(), "{said}");
    assert_eq!(ward.values_of(second).await, [96.0, 83.0]);
    let board = asha.board().await;
    let alert = &row_of(&board, second).unwrap().alerts[0];
    assert_eq!(
        (alert.problem.as_str(), alert.severity),
        ("oxygen", Severity::Red)
    );
    assert!(ward.kinds().await.contains(&"kit_reading_decided"));
    // Sent again, it meets itself.
    assert_eq!(limes.post(&[earlier]).await, [Answer::Duplicate]);

    // A low of before a newer good one is for review: it does not page.
    ward.after(minutes(10)).await;
    let low = limes.spools(&shared, spo2(91.0));
    ward.after(minutes(10)).await;
    let third = &residents[2];
    limes.measures(&third.oximeter, spo2(96.0)).await;
    limes.post(&[low]).await;
    let kept = asha.kept_apart().await;
    asha.says_whose(kept[0].item, Some(third.stay)).await;
    let board = asha.board().await;
    let alert = &row_of(&board, third.stay).unwrap().alerts[0];
    assert_eq!(
        (alert.problem.as_str(), alert.severity),
        ("late_low", Severity::Low)
    );

    // What cannot be read can only be left as nobody's.
    limes
        .post_body(limes.batch_of(&[r#"{"measured":{"spo2_percent":84}}"#.to_owned()]))
        .await;
    let kept = asha.kept_apart().await;
    assert!(!kept[0].is_a_reading);
    let refused = asha.says_whose(kept[0].item, Some(third.stay)).await;
    assert_eq!(refused.refusal(), (409, "not-possible".to_owned()));
    assert!(
        asha.says_whose(kept[0].item, None)
            .await
            .status
            .is_success()
    );
    assert!(asha.kept_apart().await.is_empty());
}

async fn a_reading_of_uncertain_time_near_a_change_of_hands_goes_to_a_person(ward: TestWard) {
    let limes = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let (first, next) = (ward.admit().await, ward.admit().await);
    let shared = oximeter(7_004);
    let kit = asha.receives_oximeter(&shared).await;
    let reader = limes.bridge.id.0;
    let given = json!({ "step": "assign", "stay": first.0, "bridge": reader });
    asha.does(kit.id, &given).await;
    ward.after(minutes(60)).await;
    // While one has had it alone, a restart of the bridge makes no doubt.
    let alone = limes.spools(&shared, spo2(96.0).of_unknown_age());
    assert_eq!(limes.post(&[alone]).await, [Answer::Stored]);
    ward.after(minutes(60)).await;
    let given = json!({ "step": "hand_over", "stay": next.0, "bridge": reader });
    asha.does(kit.id, &given).await;
    ward.after(minutes(5)).await;
    let sure = limes.spools(&shared, spo2(95.0));
    let unsure = limes.spools(&shared, spo2(84.0).of_unknown_age());
    let answers = limes.post(&[sure, unsure]).await;
    assert_eq!(answers[0], Answer::Stored);
    let Answer::Quarantined { reason } = &answers[1] else {
        panic!("{answers:?}");
    };
    assert!(reason.contains("more than one person"), "{reason}");
    assert_eq!(ward.values_of(next).await, [95.0]);
    let board = asha.board().await;
    assert_eq!(board.technical[0].severity, Severity::Red);
    let mut candidates = board.technical[0].candidates.clone();
    candidates.sort();
    let mut both = [first.0, next.0];
    both.sort();
    assert_eq!(candidates, both);
    let kept = asha.kept_apart().await;
    assert!(
        asha.says_whose(kept[0].item, Some(first))
            .await
            .status
            .is_success()
    );
    assert_eq!(ward.values_of(first).await, [96.0, 84.0]);
}
