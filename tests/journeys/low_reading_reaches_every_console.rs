use std::time::{Duration, Instant};

use ward_tests::{Bridge, Console, Kind, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::{Band, Severity};
use ward_wire::feed::Event;

on_both_databases!(a_red_is_on_both_consoles_within_moments_and_one_receipt_is_enough);

async fn a_red_is_on_both_consoles_within_moments_and_one_receipt_is_enough(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let consoles = [
        Console::opened_by(&asha).await,
        Console::opened_by(&ben).await,
    ];
    let posted = Instant::now();
    bridge.measures(&patient.oximeter, spo2(88.0)).await;
    for console in &consoles {
        let alert = console.sees("red", |it| it.severity == Severity::Red).await;
        assert_eq!(alert.stay, Some(patient.stay.0));
        assert_eq!(alert.spoken, format!("PEN {}", alert.number));
        assert_eq!(
            (alert.worst_percent, alert.condition),
            (Some(88.0), Band::Red)
        );
    }
    let took = posted.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");

    let number = consoles[0].screen().only().number;
    for console in &consoles {
        let screen = console
            .until("shown", |screen| {
                screen
                    .changes_of(number)
                    .contains(&"shown")
                    .then(|| screen.clone())
            })
            .await;
        assert_eq!(screen.changes_of(number), ["raised", "shown"]);
        let Event::Readings { stay, points, .. } = &screen.events[0].1 else {
            panic!("the reading comes before its alert: {:?}", screen.events);
        };
        assert_eq!((*stay, points[0].spo2_percent), (patient.stay.0, 88.0));
        console.agrees_with(asha.board().await).await;
    }
}

/// Nothing rings the second service's bell: it looks for itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_of_another_node_hears_of_it_too() {
    let ward = <TestWard as ward_tests::story::Setting>::on(Kind::Postgres).await;
    let other = ward.second_node().await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.clinician("asha", "Asha Rao").await;
    let there = Nurse::signs_in_at(other.address, ward.ward, "asha").await;
    let console = Console::opened_by(&there).await;
    let posted = Instant::now();
    bridge.measures(&patient.oximeter, spo2(88.0)).await;
    console.sees("red", |it| it.severity == Severity::Red).await;
    assert!(posted.elapsed() < Duration::from_secs(5));
}
