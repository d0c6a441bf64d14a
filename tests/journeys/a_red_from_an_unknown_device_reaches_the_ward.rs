use ward_core::time::minutes;
use ward_tests::people::oximeter;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::bridge::Answer;

on_both_databases!(it_is_a_red_on_the_board_with_the_people_it_may_be);

async fn it_is_a_red_on_the_board_with_the_people_it_may_be(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let one = ward.patient(&bridge).await;
    let other = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let stranger = oximeter(9_999);
    let reading = bridge.spools(&stranger, spo2(84.0));
    let answers = bridge.post(std::slice::from_ref(&reading)).await;
    assert!(matches!(&answers[0], Answer::Quarantined { .. }));
    let red = console
        .sees("red", |it| it.problem == "unknown_device")
        .await;
    assert_eq!((red.severity, red.rank), (Severity::Red, 6));
    assert_eq!(red.device_address.as_deref(), Some(stranger.as_str()));
    assert_eq!(red.bridge, Some(bridge.bridge.id.0));
    assert_eq!(red.worst_percent, Some(84.0));
    let mut candidates = red.candidates.clone();
    candidates.sort();
    let mut people = [one.stay.0, other.stay.0];
    people.sort();
    assert_eq!(candidates, people);
    assert_eq!(console.screen().spoken(), [(red.number, "raised")]);
    // On nobody's chart, among the kit, and to be seen by a person.
    let board = asha.board().await;
    assert!(board.rows.iter().all(|row| row.trend.is_empty()));
    assert_eq!(board.technical.len(), 1);
    assert_eq!(bridge.post(&[reading]).await, [Answer::Duplicate]);
    asha.takes(red.number, red.spoke_seq).await;
    ward.clock.advance(minutes(1));
    bridge.post(&[bridge.spools(&stranger, spo2(80.0))]).await;
    let worse = console
        .sees("nobody's again", |it| {
            it.worst_percent == Some(80.0) && it.acknowledged.is_none()
        })
        .await;
    assert_eq!(worse.number, red.number);
    ward.readings_and_alerts_agree().await;
}
