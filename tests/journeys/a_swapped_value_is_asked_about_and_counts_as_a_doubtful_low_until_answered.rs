use ward_core::alert::{Confirmation, Problem, Severity};
use ward_core::plan::Band;
use ward_core::time::minutes;
use ward_tests::diary::{on_the_phone, typed};
use ward_tests::{Desk, Nurse, TestWard, on_both_databases};
use ward_wire::diary::{EnteredReply, OddAnswer, ReadingRequest};

on_both_databases!(
    swapped_it_turns_out_to_be_normal,
    looked_at_again_it_is_so_and_whoever_took_it_for_a_slip_is_told,
    corrected_it_is_judged_as_what_it_is,
);

async fn swapped_it_turns_out_to_be_normal(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let asked = asha.types(stay, 72.0, 95.0).await;
    assert_eq!(asked.readings[0].asked.as_deref(), Some("swapped"));
    let said: Vec<_> = asked.advice.iter().map(|it| it.advice.as_str()).collect();
    assert_eq!(said, ["red_value", "asked_back", "ward_told", "guide"]);
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Oxygen, Severity::Red)
    );
    assert_eq!(alert.confirmation, Confirmation::Unconfirmed);
    assert!(alert.is_doubtful());

    let reading = asked.readings[0].reading;
    let answered: EnteredReply = asha
        .answers_about(stay, reading, OddAnswer::Swapped)
        .await
        .json();
    assert_eq!(answered.readings[0].spo2_percent, 95.0);
    assert_eq!(answered.readings[0].asked, None);
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(
        (alert.severity, alert.condition),
        (Severity::Red, Band::Green)
    );
    assert_eq!(alert.recheck_by, None);
    let board = asha.board().await;
    let trend: Vec<_> = board.rows[0]
        .trend
        .iter()
        .map(|it| it.spo2_percent)
        .collect();
    assert_eq!(trend, [95.0]);

    // What was typed stays visible as what it was; answering twice is told so.
    let chart = asha.chart(stay).await;
    let struck: Vec<_> = chart
        .readings
        .iter()
        .filter(|it| it.struck.is_some())
        .collect();
    assert_eq!(struck.len(), 1);
    assert_eq!(struck[0].typed.unwrap().spo2_percent, 72.0);
    let again = asha.answers_about(stay, reading, OddAnswer::AsTyped).await;
    assert_eq!(again.refusal(), (409, "already-answered".to_owned()));
    ward.readings_and_alerts_agree().await;
}

async fn looked_at_again_it_is_so_and_whoever_took_it_for_a_slip_is_told(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let asked = asha.types(stay, 72.0, 95.0).await;
    let number = ward.open_alerts().await[0].number.0;
    asha.takes(number, ward.head().await.0).await;
    ward.clock.advance(minutes(2));
    let reading = asked.readings[0].reading;
    let so: EnteredReply = asha
        .answers_about(stay, reading, OddAnswer::AsTyped)
        .await
        .json();
    assert_eq!(so.advice[0].advice, "red_value");
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert!(alert.is_unacknowledged() && !alert.is_doubtful());
    assert_eq!(alert.reds.unwrap().count, 1);
    // One measurement, said twice, is no second reading.
    assert_eq!(alert.confirmation, Confirmation::Unconfirmed);
    ward.readings_and_alerts_agree().await;
}

async fn corrected_it_is_judged_as_what_it_is(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    // 102 % cannot be: it counts as the 91 that it may mean.
    let asked = asha.types(stay, 102.0, 91.0).await;
    assert_eq!(asked.readings[0].asked.as_deref(), Some("swapped"));
    assert_eq!(asked.readings[0].spo2_percent, 91.0);
    assert!(Desk::only(&ward.open_alerts().await).is_doubtful());
    let reading = asked.readings[0].reading;
    let impossible = asha.answers_about(stay, reading, OddAnswer::AsTyped).await;
    assert_eq!(impossible.refusal(), (422, "value-refused".to_owned()));
    let right = OddAnswer::Corrected {
        spo2_percent: 97.0,
        pulse_bpm: Some(91.0),
    };
    let answered: EnteredReply = asha.answers_about(stay, reading, right).await.json();
    assert_eq!(answered.readings[0].spo2_percent, 97.0);
    assert_eq!(Desk::only(&ward.open_alerts().await).condition, Band::Green);

    // A plausible one is not asked about, and a repeat is the same reading.
    let request = ReadingRequest {
        from: Some(on_the_phone()),
        ..typed(96.0, 80.0)
    };
    let first: EnteredReply = asha.enters_reading(stay, &request).await.json();
    let again: EnteredReply = asha.enters_reading(stay, &request).await.json();
    assert!(!first.repeated && again.repeated);
    let not_asked = asha
        .answers_about(stay, request.id, OddAnswer::AsTyped)
        .await;
    assert_eq!(not_asked.refusal(), (409, "nothing-asked".to_owned()));
    let other = ReadingRequest {
        spo2_percent: 90.0,
        ..request
    };
    let refused = asha.enters_reading(stay, &other).await;
    assert_eq!(refused.refusal(), (409, "id-used".to_owned()));
    ward.readings_and_alerts_agree().await;
}
