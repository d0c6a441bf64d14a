use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::feed::Event;

on_both_databases!(its_number_counts_and_what_follows_is_seen);

async fn its_number_counts_and_what_follows_is_seen(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    let mut late = Console::opened_by(&asha).await;
    late.cut_line().await;
    let newer = "insert into ward_event (organisation_id, ward_id, seq, at, kind, stay_id, body)
        select organisation_id, ward_id, last_seq + 1, 0, 'discharged', null, '{\"kind\":\"discharged\"}' from ward";
    let mut behind = ward.database.look_behind().await;
    behind.execute("begin").await.unwrap();
    behind
        .execute("update ward set last_seq = last_seq")
        .await
        .unwrap();
    behind.execute(newer).await.unwrap();
    behind
        .execute("update ward set last_seq = last_seq + 1")
        .await
        .unwrap();
    behind.execute("commit").await.unwrap();
    let unreadable = ward.head().await.0;
    bridge.measures(&patient.oximeter, spo2(88.0)).await;
    console.sees("red", |_| true).await;
    late.resumes(&asha).await;
    late.sees("red", |_| true).await;
    let fresh = Console::opened_by(&asha).await;
    fresh.sees("red", |_| true).await;
    for screen in [console.screen(), late.screen()] {
        let found = screen.events.iter().find(|(seq, _)| *seq == unreadable);
        assert_eq!(found, Some(&(unreadable, Event::Unreadable)));
    }
}
