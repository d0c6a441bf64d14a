use ward_core::id::StayId;
use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::bridge::{Answer, BatchReply, SummaryItem};

on_both_databases!(
    the_summary_of_a_window_is_on_the_chart_and_in_the_table,
    a_summary_that_cannot_be_is_left_out_with_a_note_and_its_low_still_pages,
    a_low_from_memory_whose_time_is_lost_pages_and_says_when_it_came,
);

const MINUTE: &str = r#"{"seconds":60.0,"spo2_min_percent":93.5,"spo2_median_percent":95.0,"spo2_max_percent":97.0,
    "seconds_at":[{"spo2_percent":93,"seconds":12.5},{"spo2_percent":95,"seconds":30.0},{"spo2_percent":97,"seconds":15.0}]}"#;

/// The page with every reading of a stay.
fn table_of(stay: StayId) -> String {
    format!("/stays/{stay}/readings")
}

/// An item as a bridge posts it, with more members in its values.
fn with(item: &str, more: &str) -> String {
    assert!(item.contains("\"spo2_percent\""), "{item}");
    item.replacen("\"spo2_percent\"", &format!("{more},\"spo2_percent\""), 1)
}

async fn the_summary_of_a_window_is_on_the_chart_and_in_the_table(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    // A bridge of before says nothing of its windows.
    bridge.measures(&patient.oximeter, spo2(96.0)).await;
    ward.clock.advance(minutes(1));
    let now = ward.clock.now();
    let item = |percent: f64| {
        serde_json::to_string(&bridge.spools(&patient.oximeter, spo2(percent)).wire(now)).unwrap()
    };
    let regular = with(&item(95.0), &format!("\"summary\":{MINUTE}"));
    let body = bridge.batch_of(&[regular]);
    let reply: BatchReply = bridge.post_body(body.clone()).await.json();
    assert_eq!((reply.answers, reply.notes), (vec![Answer::Stored], vec![]));
    let again: BatchReply = bridge.post_body(body).await.json();
    assert_eq!(again.answers, [Answer::Duplicate]);

    let chart = asha.chart(patient.stay).await;
    let [newest, before] = &chart.readings[..] else {
        panic!("two readings: {chart:?}")
    };
    let sent: SummaryItem = serde_json::from_str(MINUTE).unwrap();
    assert_eq!(
        (newest.spo2_percent, &newest.summary),
        (Some(95.0), &Some(sent))
    );
    assert_eq!((before.spo2_percent, &before.summary), (Some(96.0), &None));
    let page = asha.opens(&table_of(patient.stay)).await;
    assert!(page.contains("Median 95 % (93.5–97 % over 60 s)"), "{page}");
    assert_eq!(page.matches("Median ").count(), 1);
    assert!(!page.contains("Given early"));
}

async fn a_summary_that_cannot_be_is_left_out_with_a_note_and_its_low_still_pages(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let now = ward.clock.now();
    let summaries = [
        MINUTE.to_owned(),
        MINUTE.replace("60.0", "30.0"),
        "\"all well\"".to_owned(),
        "[7]".to_owned(),
    ];
    let items: Vec<String> = summaries
        .iter()
        .zip(4..)
        .map(|(summary, ago)| {
            let taken = spo2(85.0).ago(seconds(60 * ago));
            let item =
                serde_json::to_string(&bridge.spools(&patient.oximeter, taken).wire(now)).unwrap();
            with(&item, &format!("\"summary\":{summary}"))
        })
        .collect();
    let reply: BatchReply = bridge.post_body(bridge.batch_of(&items)).await.json();
    assert_eq!(reply.answers, vec![Answer::Stored; 4]);
    let noted: Vec<usize> = reply.notes.iter().map(|note| note.item).collect();
    assert_eq!(noted, [1, 2, 3]);
    assert!(
        reply.notes[0].text.contains("longer than the window"),
        "{:?}",
        reply.notes
    );
    let chart = asha.chart(patient.stay).await;
    let with_summary = chart
        .readings
        .iter()
        .filter(|reading| reading.summary.is_some());
    assert_eq!((chart.readings.len(), with_summary.count()), (4, 1));
    // The value of the reading is judged, whatever the median of its window.
    let board = asha.board().await;
    assert_eq!(board.rows[0].alerts[0].problem, "oxygen");
    assert!(
        asha.opens(&table_of(patient.stay))
            .await
            .contains("Given early")
    );
}

async fn a_low_from_memory_whose_time_is_lost_pages_and_says_when_it_came(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let now = ward.clock.now();
    let item =
        serde_json::to_string(&bridge.spools(&patient.oximeter, spo2(85.0)).wire(now)).unwrap();
    let item =
        with(&item, "\"doubts\":[\"time_not_known\"]").replace("\"window\"", "\"spot_check\"");
    let reply: BatchReply = bridge.post_body(bridge.batch_of(&[item])).await.json();
    assert_eq!(reply.answers, [Answer::Stored]);
    let board = asha.board().await;
    assert_eq!(board.rows[0].alerts[0].problem, "oxygen");
    let chart = asha.chart(patient.stay).await;
    assert_eq!(chart.readings[0].doubts, ["time_not_known"]);
    let page = asha.opens(&table_of(patient.stay)).await;
    assert!(page.contains("Time not known: came "), "{page}");
}
