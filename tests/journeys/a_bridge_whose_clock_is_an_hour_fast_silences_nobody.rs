use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;

on_both_databases!(
    its_low_pages_at_once_and_the_clock_is_said_to_be_wrong,
    a_good_value_from_the_future_does_not_make_the_next_low_late,
    a_clock_that_is_a_day_slow_does_not_make_a_new_low_old,
);

async fn its_low_pages_at_once_and_the_clock_is_said_to_be_wrong(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let low = spo2(90.0).ago(seconds(5)).with_clock_ahead(minutes(60));
    bridge.measures(&patient.oximeter, low).await;
    let red = console.sees("red", |it| it.problem == "oxygen").await;
    assert_eq!(red.severity, Severity::Red);
    let measured = red.last_low_at.unwrap().as_millisecond();
    assert_eq!(measured, ward.clock.now().as_millis() - 5_000);
    let clock = console
        .sees("the clock", |it| it.problem == "clock_wrong")
        .await;
    assert_eq!(clock.bridge, Some(bridge.bridge.id.0));
    assert!(clock.technical && clock.detail.is_some());
    // It stays wrong: one alert, not one a minute.
    for _ in 0..3 {
        ward.after(minutes(1)).await;
        let next = spo2(96.0).with_clock_ahead(minutes(60));
        bridge.measures(&patient.oximeter, next).await;
    }
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    let spoken = screen.spoken();
    assert_eq!(
        spoken
            .iter()
            .filter(|(number, _)| *number == clock.number)
            .count(),
        1
    );
    ward.readings_and_alerts_agree().await;
}

async fn a_good_value_from_the_future_does_not_make_the_next_low_late(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let good = spo2(97.0).with_clock_ahead(minutes(60)).of_unknown_age();
    bridge.measures(&patient.oximeter, good).await;
    ward.clock.advance(minutes(10));
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = console.sees("red", |it| it.problem == "oxygen").await;
    assert_eq!(red.severity, Severity::Red);
    assert_eq!(ward.values_of(patient.stay).await, [97.0, 90.0]);
    ward.readings_and_alerts_agree().await;
}

async fn a_clock_that_is_a_day_slow_does_not_make_a_new_low_old(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge
        .measures(&patient.oximeter, spo2(96.0).ago(minutes(30)))
        .await;
    let low = spo2(90.0).with_clock_behind(minutes(24 * 60 + 30));
    bridge.measures(&patient.oximeter, low).await;
    let red = console.sees("red", |it| it.problem == "oxygen").await;
    assert_eq!(red.severity, Severity::Red);
    console
        .sees("the clock", |it| it.problem == "clock_wrong")
        .await;
    ward.readings_and_alerts_agree().await;
}
