use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Console, Nurse, Showing, TestWard, on_both_databases, spo2};

on_both_databases!(
    hidden_unarmed_and_silent_ones_have_shown_nothing_in_fifteen_seconds,
    one_that_shows_it_in_time_is_enough,
    a_receipt_for_what_is_still_to_come_counts_for_nothing,
);

async fn hidden_unarmed_and_silent_ones_have_shown_nothing_in_fifteen_seconds(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let consoles = [
        Console::opened(&asha, Showing::Hidden).await,
        Console::opened(&asha, Showing::Unarmed).await,
        Console::opened(&asha, Showing::Nothing).await,
    ];
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    for console in &consoles {
        console.sees("red", |_| true).await;
    }
    // Their receipts have been heard, and count for nothing.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    ward.clock.advance(seconds(15));
    // Nobody saw it, so it is passed on at once.
    let unseen = consoles[0]
        .sees("passed on", |it| it.unseen && it.level == 1)
        .await;
    assert_eq!(
        consoles[0].screen().changes_of(unseen.number),
        ["raised", "not_shown", "escalated"]
    );
    assert!(asha.board().await.rows[0].alerts[0].unseen);
    // It is said once, and stays so until a console does show it.
    ward.after(minutes(1)).await;
    assert!(asha.board().await.rows[0].alerts[0].unseen);
    let showing = Console::opened_by(&asha).await;
    let seen = showing.sees("seen", |it| !it.unseen).await;
    assert_eq!(seen.number, unseen.number);
    for console in &consoles {
        console.sees("seen", |it| !it.unseen).await;
        assert_eq!(
            console.screen().changes_of(seen.number),
            ["raised", "not_shown", "escalated", "shown"]
        );
    }
}

async fn one_that_shows_it_in_time_is_enough(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = console.sees("red", |_| true).await;
    console
        .until("shown", |screen| {
            screen
                .changes_of(red.number)
                .contains(&"shown")
                .then_some(())
        })
        .await;
    ward.after(minutes(1)).await;
    console.agrees_with(asha.board().await).await;
    assert!(!console.screen().only().unseen);
}

async fn a_receipt_for_what_is_still_to_come_counts_for_nothing(ward: TestWard) {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    use ward_tests::console::{try_upgrade, upgrade};
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let honest = Console::opened(&asha, Showing::Nothing).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = honest.sees("red", |_| true).await;
    // What was made up, and what is no receipt, end the line.
    for said in [
        r#"{"applied":9999999,"visible":true,"armed":true}"#,
        r#"{"acknowledge":1}"#,
    ] {
        let mut liar = try_upgrade(upgrade(&asha, 0)).await.unwrap();
        liar.send(Message::text(said)).await.unwrap();
        let code = loop {
            match liar.next().await {
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(code, Some(1008));
    }
    ward.after(seconds(15)).await;
    honest.sees("unseen", |it| it.unseen).await;
    assert_eq!(honest.screen().only().number, red.number);
}
