use ward_core::time::minutes;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;

on_both_databases!(it_is_nobodys_again_and_an_old_screen_does_not_take_it);

async fn it_is_nobodys_again_and_an_old_screen_does_not_take_it(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    let amber = console
        .sees("amber", |it| it.severity == Severity::Amber)
        .await;
    asha.takes(amber.number, amber.spoke_seq).await;
    let taken = console.sees("taken", |it| it.acknowledged.is_some()).await;
    assert_eq!((taken.rank, amber.rank), (3, 5));

    ward.clock.advance(minutes(10));
    bridge.measures(&patient.oximeter, spo2(92.0)).await;
    let red = console.sees("red", |it| it.severity == Severity::Red).await;
    assert_eq!((red.number, red.rank), (amber.number, 6));
    assert_eq!(red.acknowledged, None);
    assert_eq!(
        console.screen().spoken(),
        [(red.number, "raised"), (red.number, "severity_rose")]
    );
    let blind = asha.acknowledges(red.number, amber.spoke_seq).await;
    assert_eq!(blind.refusal(), (409, "worsened-since".to_owned()));
    asha.takes(red.number, red.spoke_seq).await;

    // Two points lower is no news, three are.
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    bridge.measures(&patient.oximeter, spo2(89.0)).await;
    let lower = console
        .sees("lower", |it| it.worst_percent == Some(89.0))
        .await;
    assert_eq!(lower.acknowledged, None);
    let screen = console.screen();
    let spoken = screen.spoken();
    assert_eq!(spoken.last(), Some(&(red.number, "fell_further")));
    assert_eq!(spoken.len(), 3);
    ward.readings_and_alerts_agree().await;
}
