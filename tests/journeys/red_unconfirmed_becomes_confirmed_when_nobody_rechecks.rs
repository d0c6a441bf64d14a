use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    after_five_minutes_it_speaks_again_and_is_nobodys,
    a_second_low_confirms_it_sooner,
    a_good_recheck_in_time_leaves_it_unconfirmed_and_open,
);

async fn after_five_minutes_it_speaks_again_and_is_nobodys(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(91.0)).await;
    let red = console
        .sees("red", |it| it.confirmation == "unconfirmed")
        .await;
    let recheck_by = red.recheck_by.unwrap().as_millisecond();
    assert_eq!(recheck_by - ward.clock.now().as_millis(), 300_000);
    asha.takes(red.number, red.spoke_seq).await;
    ward.clock.advance(seconds(299));
    ward.wards.sweep().await.unwrap();
    console.agrees_with(asha.board().await).await;
    assert_eq!(console.screen().only().confirmation, "unconfirmed");
    // Nobody calls the sweep: the service looks for itself.
    ward.clock.advance(seconds(1));
    let confirmed = console
        .sees("confirmed", |it| it.confirmation == "no_recheck")
        .await;
    assert_eq!(confirmed.number, red.number);
    assert_eq!(confirmed.acknowledged, None);
    assert_eq!(confirmed.rank, 6);
    assert_eq!(
        console.screen().spoken(),
        [(red.number, "raised"), (red.number, "confirmed")]
    );
    ward.readings_and_alerts_agree().await;
}

async fn a_second_low_confirms_it_sooner(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let first = bridge.measures(&patient.oximeter, spo2(91.0)).await;
    ward.clock.advance(seconds(59));
    // The same one again, and another too soon after it, are no recheck.
    bridge.post(std::slice::from_ref(&first)).await;
    bridge.measures(&patient.oximeter, spo2(92.0)).await;
    console.agrees_with(asha.board().await).await;
    assert_eq!(console.screen().only().confirmation, "unconfirmed");
    ward.clock.advance(seconds(1));
    bridge.measures(&patient.oximeter, spo2(92.0)).await;
    let red = console
        .sees("confirmed", |it| it.confirmation == "second_reading")
        .await;
    assert_eq!((red.recheck_by, red.lows), (None, 3));
    ward.readings_and_alerts_agree().await;
}

async fn a_good_recheck_in_time_leaves_it_unconfirmed_and_open(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(91.0)).await;
    ward.after(minutes(2)).await;
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    let cleared = console.sees("cleared", |it| it.recheck_by.is_none()).await;
    assert_eq!(cleared.condition, ward_wire::board::Band::Green);
    ward.after(minutes(60)).await;
    console.agrees_with(asha.board().await).await;
    let alert = console.screen().only().clone();
    assert_eq!(alert.confirmation, "unconfirmed");
    assert_eq!(alert.severity, ward_wire::board::Severity::Red);
    ward.readings_and_alerts_agree().await;
}
