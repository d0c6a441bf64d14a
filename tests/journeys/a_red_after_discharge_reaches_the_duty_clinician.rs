use serde_json::json;
use ward_core::time::minutes;
use ward_tests::pathway::{discharge_home, row_of};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::Answer;
use ward_wire::pathway::{Destination, StayPhase};

on_both_databases!(
    a_red_after_discharge_is_on_the_board_and_its_sender_reads_what_to_do,
    a_red_while_in_hospital_is_on_the_board_and_coming_back_is_as_before,
    a_death_closes_what_is_open_and_what_was_on_its_way_asks_for_nothing,
);

const AN_HOUR: u64 = 60;

async fn a_red_after_discharge_is_on_the_board_and_its_sender_reads_what_to_do(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    bridge.measures(&patient.oximeter, spo2(84.0)).await;
    let refused = asha
        .moves(patient.stay, "discharge", &discharge_home())
        .await;
    assert_eq!(refused.refusal(), (409, "alerts-open".to_owned()));
    let detail = refused.problem().detail;
    assert!(
        detail.contains("is open: resolve what is open first. Possible now:"),
        "{detail}"
    );
    asha.settles(patient.stay).await;
    ward.after(minutes(1)).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.after(minutes(1)).await;
    let on_its_way = bridge.spools(&patient.oximeter, spo2(96.0));
    ward.after(minutes(1)).await;
    let gone = asha
        .has_moved(patient.stay, "discharge", &discharge_home())
        .await;
    assert!(matches!(
        gone.phase,
        StayPhase::Ended {
            destination: Destination::Home,
            ..
        }
    ));
    assert!(row_of(&asha.board().await, patient.stay).is_none());

    // What was measured before is the stay's, and nothing more is said of it.
    let reply = bridge.hears_of(&[on_its_way]).await;
    assert_eq!((reply.answers.len(), reply.advice.len()), (1, 0));
    assert_eq!(ward.values_of(patient.stay).await, [84.0, 97.0, 96.0]);

    ward.after(minutes(AN_HOUR)).await;
    let good = bridge.spools(&patient.oximeter, spo2(97.0));
    let reply = bridge.hears_of(&[good]).await;
    assert_eq!(reply.answers, [Answer::Stored]);
    assert!(reply.advice[0].text.contains("nobody watches"));
    assert!(row_of(&asha.board().await, patient.stay).is_none());

    ward.after(minutes(AN_HOUR)).await;
    let red = bridge.spools(&patient.oximeter, spo2(84.0));
    let reply = bridge.hears_of(std::slice::from_ref(&red)).await;
    assert_eq!(reply.answers, [Answer::Stored]);
    assert_eq!(reply.advice[0].item, 0);
    assert!(reply.advice[0].text.contains("call 999"));
    // The first answer may have been lost: a repeat says the same.
    assert_eq!(bridge.hears_of(&[red]).await, reply);
    let board = asha.board().await;
    let row = row_of(&board, patient.stay).unwrap();
    assert_eq!(row.away.as_ref().unwrap().why, "discharged");
    let [alert] = row.alerts.as_slice() else {
        panic!("{:?}", row.alerts);
    };
    assert_eq!(
        (alert.problem.as_str(), alert.severity),
        ("after_discharge", Severity::Red)
    );
    assert!(!row.phone.is_empty());
    asha.settles(patient.stay).await;
    assert!(row_of(&asha.board().await, patient.stay).is_none());
    assert_eq!(ward.values_of(patient.stay).await.len(), 5);
    ward.readings_and_alerts_agree().await;
}

async fn a_red_while_in_hospital_is_on_the_board_and_coming_back_is_as_before(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    bridge.measures(&patient.oximeter, spo2(84.0)).await;
    let on_its_way = bridge.spools(&patient.oximeter, spo2(82.0));
    ward.after(minutes(1)).await;
    // An open red does not keep anybody out of hospital: it is closed with that outcome.
    let expected_back = json!({ "expected_back": true, "note": "by ambulance" });
    asha.has_moved(patient.stay, "hospital", &expected_back)
        .await;
    assert!(ward.open_alerts().await.is_empty());
    let reply = bridge.hears_of(&[on_its_way]).await;
    assert_eq!(
        (reply.answers, reply.advice),
        (vec![Answer::Stored], vec![])
    );
    assert!(ward.open_alerts().await.is_empty());
    let again = asha.moves(patient.stay, "hospital", &expected_back).await;
    assert_eq!(again.refusal(), (409, "not-possible".to_owned()));

    ward.after(minutes(AN_HOUR)).await;
    let red = bridge.spools(&patient.oximeter, spo2(80.0));
    let reply = bridge.hears_of(&[red]).await;
    assert!(reply.advice[0].text.contains("999"));
    let board = asha.board().await;
    let row = row_of(&board, patient.stay).unwrap();
    assert_eq!(row.away.as_ref().unwrap().why, "in_hospital");
    assert_eq!(
        (row.alerts[0].problem.as_str(), row.alerts[0].severity),
        ("while_paused", Severity::Red)
    );
    let left_bed = json!({ "inpatient_spell_ended_at": ward.clock.now().to_string() });
    asha.has_moved(patient.stay, "resume", &left_bed).await;
    let record = asha.looks_up(patient.stay).await;
    assert_eq!(record.stay.phase, StayPhase::Active);
    assert!(record.inpatient_spell_ended_at.is_some());
    asha.settles(patient.stay).await;
    ward.after(minutes(1)).await;
    bridge.measures(&patient.oximeter, spo2(91.0)).await;
    let open = ward.open_alerts().await;
    assert_eq!(open[0].problem.name(), "oxygen");
    ward.readings_and_alerts_agree().await;
}

async fn a_death_closes_what_is_open_and_what_was_on_its_way_asks_for_nothing(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    bridge.measures(&patient.oximeter, spo2(84.0)).await;
    let on_its_way = bridge.spools(&patient.oximeter, spo2(70.0));
    ward.after(minutes(1)).await;
    asha.has_moved(patient.stay, "death", &json!({})).await;
    assert!(ward.open_alerts().await.is_empty());
    assert!(row_of(&asha.board().await, patient.stay).is_none());
    bridge.hears_of(&[on_its_way]).await;
    ward.after(minutes(24 * 60)).await;
    assert!(ward.open_alerts().await.is_empty());
    assert_eq!(ward.values_of(patient.stay).await.len(), 2);
    let asha = Nurse::signs_in(&ward, "asha").await;
    for (how, said) in [
        ("resume", json!({})),
        ("pause", json!({ "reason": "away" })),
        ("discharge", discharge_home()),
        ("death", json!({})),
        ("channel", json!({ "channel": "paper" })),
    ] {
        let refused = asha.moves(patient.stay, how, &said).await;
        assert_eq!(refused.refusal(), (409, "not-possible".to_owned()), "{how}");
        let detail = refused.problem().detail;
        assert!(detail.ends_with("Possible now: readmit"), "{how}: {detail}");
    }
    ward.readings_and_alerts_agree().await;
}
