use ward_core::time::minutes;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::{Band, Severity};
use ward_wire::bridge::Answer;

on_both_databases!(
    it_goes_to_review_with_its_time_and_clears_nothing,
    the_same_within_one_batch,
);

async fn it_goes_to_review_with_its_time_and_clears_nothing(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    let low = bridge
        .measures(&patient.oximeter, spo2(85.0).ago(minutes(20)))
        .await;
    let review = console
        .sees("the review", |it| it.problem == "late_low")
        .await;
    assert_eq!((review.severity, review.rank), (Severity::Low, 2));
    assert_eq!(review.worst_percent, Some(85.0));
    let measured = review.first_low_at.unwrap().as_millisecond();
    assert_eq!(measured, low.measured_at.as_millis());
    assert_eq!(ward.values_of(patient.stay).await, [85.0, 96.0]);
    // It asks for no showing in time, and time does nothing to it.
    ward.after(minutes(60)).await;
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    assert!(!screen.only().unseen);
    assert!(
        screen
            .changes_of(review.number)
            .iter()
            .all(|it| *it != "not_shown")
    );
    let row = &asha.board().await.rows[0];
    assert_eq!(row.trend.last().unwrap().band, Band::Green);
    ward.readings_and_alerts_agree().await;
}

async fn the_same_within_one_batch(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    // After an outage: oldest first, and the newest of them is good.
    let readings = [
        bridge.spools(&patient.oximeter, spo2(85.0).ago(minutes(40))),
        bridge.spools(&patient.oximeter, spo2(91.0).ago(minutes(20))),
        bridge.spools(&patient.oximeter, spo2(97.0).ago(minutes(2))),
    ];
    assert_eq!(bridge.post(&readings).await, [const { Answer::Stored }; 3]);
    let board = asha.board().await;
    let [review] = board.rows[0].alerts.as_slice() else {
        panic!("{:?}", board.rows[0].alerts);
    };
    assert_eq!((review.problem.as_str(), review.lows), ("late_low", 2));
    ward.readings_and_alerts_agree().await;
}
