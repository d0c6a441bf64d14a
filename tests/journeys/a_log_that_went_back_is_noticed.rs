use ward_core::time::seconds;
use ward_tests::{Bridge, Console, Nurse, Showing, TestWard, on_both_databases, spo2};

on_both_databases!(
    open_consoles_take_their_boards_again_and_see_what_comes_under_the_old_numbers,
    a_console_that_comes_back_later_is_told_as_well,
);

/// What a failover that lost commits leaves behind.
async fn goes_back_to(ward: &TestWard, head: i64) {
    let mut behind = ward.database.look_behind().await;
    for text in [
        format!("update ward set last_seq = {head}"),
        format!("delete from ward_event where seq > {head}"),
        format!("delete from alert where number > {head}"),
    ] {
        behind.execute(&text).await.unwrap();
    }
}

async fn open_consoles_take_their_boards_again_and_see_what_comes_under_the_old_numbers(
    ward: TestWard,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (lost, kept) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let head = ward.head().await.0;
    for value in [94.0, 93.0, 92.0, 91.0] {
        bridge.measures(&lost.oximeter, spo2(value)).await;
        ward.clock.advance(seconds(61));
    }
    console
        .until("shown", |screen| {
            let number = screen.alerts.keys().next()?;
            screen.changes_of(*number).contains(&"shown").then_some(())
        })
        .await;
    goes_back_to(&ward, head).await;
    console
        .until("told", |screen| screen.epoch_changed.then_some(()))
        .await;
    let fresh = Console::opened_by(&asha).await;
    assert!(!fresh.screen().epoch_changed && fresh.screen().cursor <= head + 1);
    // Its number was another alert's, which was shown: this one was not.
    bridge.measures(&kept.oximeter, spo2(88.0)).await;
    let red = fresh
        .sees("red", |alert| alert.worst_percent == Some(88.0))
        .await;
    fresh
        .until("shown", |screen| {
            screen
                .changes_of(red.number)
                .contains(&"shown")
                .then_some(())
        })
        .await;
}

async fn a_console_that_comes_back_later_is_told_as_well(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut console = Console::opened(&asha, Showing::Nothing).await;
    let head = ward.head().await.0;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    console.sees("amber", |_| true).await;
    console.reaches(ward.head().await.0).await;
    console.cut_line().await;
    // Nobody looks while it goes back and grows again, past where the console stands.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    goes_back_to(&ward, head).await;
    for value in [88.0, 87.0, 86.0, 85.0] {
        ward.clock.advance(seconds(61));
        bridge.measures(&patient.oximeter, spo2(value)).await;
    }
    assert!(ward.head().await.0 > console.screen().cursor);
    console.resumes(&asha).await;
    assert!(console.screen().epoch_changed);
}
