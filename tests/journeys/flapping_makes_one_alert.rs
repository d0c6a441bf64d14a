use ward_core::time::minutes;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::{Band, Severity};

on_both_databases!(
    ten_falls_and_ten_recoveries_are_one_alert_that_stays_open_until_a_person_ends_it
);

async fn ten_falls_and_ten_recoveries_are_one_alert_that_stays_open_until_a_person_ends_it(
    ward: TestWard,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    for _ in 0..10 {
        bridge.measures(&patient.oximeter, spo2(91.0)).await;
        ward.after(minutes(1)).await;
        bridge.measures(&patient.oximeter, spo2(96.0)).await;
        ward.after(minutes(1)).await;
    }
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    let alert = screen.only();
    assert_eq!(
        (alert.severity, alert.condition, alert.lows),
        (Severity::Red, Band::Green, 10)
    );
    // It spoke when it was raised and when the second low bore it out, and not twenty times.
    assert_eq!(
        screen.spoken(),
        [(alert.number, "raised"), (alert.number, "confirmed")]
    );
    asha.takes(alert.number, screen.cursor).await;
    let ended = asha.resolves(alert.number, screen.cursor).await;
    assert!(ended.status.is_success(), "{ended}");
    console
        .until("quiet", |screen| screen.alerts.is_empty().then_some(()))
        .await;
    bridge.measures(&patient.oximeter, spo2(91.0)).await;
    let anew = console
        .sees("a new one", |it| it.number > alert.number)
        .await;
    assert_eq!((anew.lows, anew.confirmation.as_str()), (1, "unconfirmed"));
    ward.readings_and_alerts_agree().await;
}
