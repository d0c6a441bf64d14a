use ward_core::time::minutes;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;

on_both_databases!(
    it_is_red_with_its_age,
    older_than_a_day_it_makes_the_silence_red,
    a_doubtful_good_value_after_it_does_not_calm_it,
);

async fn it_is_red_with_its_age(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge
        .measures(&patient.oximeter, spo2(96.0).ago(minutes(90)))
        .await;
    bridge
        .measures(&patient.oximeter, spo2(90.0).ago(minutes(42)))
        .await;
    let red = console.sees("red", |it| it.problem == "oxygen").await;
    assert_eq!((red.severity, red.rank), (Severity::Red, 6));
    let age = ward.clock.now().as_millis() - red.last_low_at.unwrap().as_millisecond();
    assert_eq!(age, 42 * 60_000);
    assert_eq!(console.screen().spoken(), [(red.number, "raised")]);
    ward.readings_and_alerts_agree().await;
}

async fn older_than_a_day_it_makes_the_silence_red(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge
        .measures(&patient.oximeter, spo2(90.0).ago(minutes(25 * 60)))
        .await;
    let silence = console.sees("silence", |it| it.problem == "silence").await;
    assert_eq!(silence.severity, Severity::Red);
    assert_eq!(console.screen().spoken(), [(silence.number, "raised")]);
    ward.readings_and_alerts_agree().await;
}

async fn a_doubtful_good_value_after_it_does_not_calm_it(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge
        .measures(&patient.oximeter, spo2(97.0).doubtful())
        .await;
    bridge
        .measures(&patient.oximeter, spo2(90.0).ago(minutes(5)))
        .await;
    let red = console.sees("red", |it| it.problem == "oxygen").await;
    assert_eq!(red.severity, Severity::Red);
    assert!(!red.doubtful);
    ward.readings_and_alerts_agree().await;
}
