use ward_core::time::seconds;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    what_it_missed_comes_before_what_is_new_and_nothing_twice,
    a_line_that_is_cut_again_and_again_loses_nothing,
    a_service_that_was_restarted_is_taken_up_where_it_was_left,
    a_new_epoch_asks_for_the_whole_board,
);

async fn what_it_missed_comes_before_what_is_new_and_nothing_twice(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    let amber = console.sees("amber", |_| true).await;
    console.cut_line().await;
    for percent in 80..92 {
        ward.clock.advance(seconds(20));
        bridge
            .measures(&patient.oximeter, spo2(f64::from(percent)))
            .await;
    }
    console.resumes(&asha).await;
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    assert_eq!(screen.only().number, amber.number);
    assert_eq!(screen.only().worst_percent, Some(80.0));
    assert_eq!(screen.only().lows, 13);
    let numbers: Vec<i64> = screen.events.iter().map(|(seq, _)| *seq).collect();
    let expected: Vec<i64> = (screen.board.as_of + 1..=screen.cursor).collect();
    assert_eq!(numbers, expected);
}

/// More than the service keeps ready for those who are nearly up to date, while the line goes down all the time.
async fn a_line_that_is_cut_again_and_again_loses_nothing(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut console = Console::opened_by(&asha).await;
    let mut patients = Vec::new();
    for _ in 0..6 {
        patients.push(ward.patient(&bridge).await);
    }
    for round in 0..12_u32 {
        if round % 2 == 0 {
            console.cut_line().await;
        }
        // One batch of six stays makes two events each.
        for step in 0..8_u32 {
            ward.clock.advance(seconds(10));
            let percent = f64::from(93 - (round * 8 + step) % 12);
            let readings: Vec<_> = patients
                .iter()
                .map(|patient| bridge.spools(&patient.oximeter, spo2(percent)))
                .collect();
            bridge.post(&readings).await;
        }
        if round % 2 == 0 {
            console.resumes(&asha).await;
        }
    }
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    assert!(screen.events.len() > 1_100, "{}", screen.events.len());
    assert_eq!(screen.alerts.len(), 6);
    for alert in screen.alerts.values() {
        assert_eq!(alert.lows, 96);
    }
}

async fn a_service_that_was_restarted_is_taken_up_where_it_was_left(mut ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    console.sees("amber", |_| true).await;
    ward.stop().await;
    assert_eq!(console.is_closed().await, 1001);
    ward.clock.advance(seconds(30));
    ward.start().await;
    bridge.measures(&patient.oximeter, spo2(85.0)).await;
    // The session is in the database and outlives the service.
    console.resumes(&asha).await;
    console.agrees_with(asha.board().await).await;
    let screen = console.screen();
    assert!(!screen.epoch_changed);
    assert_eq!(screen.only().worst_percent, Some(85.0));
}

async fn a_new_epoch_asks_for_the_whole_board(mut ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut console = Console::opened_by(&asha).await;
    ward.stop().await;
    console.is_closed().await;
    ward.start().await;
    ward.wards
        .store()
        .set_epoch(uuid::Uuid::new_v4())
        .await
        .unwrap();
    console.resumes(&asha).await;
    assert!(console.screen().epoch_changed);
    let fresh = Console::opened_by(&asha).await;
    assert!(!fresh.screen().epoch_changed);
}
