use ward_core::alert::{Problem, Severity};
use ward_core::time::minutes;
use ward_tests::diary::Answers;
use ward_tests::{Bridge, Desk, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::diary::{Means, SaidBy};

on_both_databases!(
    behind_newer_good_readings_it_goes_to_review,
    where_nothing_was_heard_since_the_silence_is_red,
);

const DAY: std::time::Duration = minutes(24 * 60);

fn bad_day() -> Answers {
    Answers::well()
        .number("oxygen", 90.0)
        .number("pulse", 96.0)
        .with("chest_pain", true)
}

async fn behind_newer_good_readings_it_goes_to_review(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.clock.advance(DAY * 4);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    let three_days_ago = ward.clock.now().minus(DAY * 3);
    let told = asha
        .transcribes(patient.stay, bad_day(), three_days_ago)
        .await;
    assert!(told.readings[0].over);
    assert!(
        told.advice
            .iter()
            .all(|it| !it.text.starts_with("Call 999"))
    );
    let open = ward.open_alerts().await;
    let problems: Vec<_> = open.iter().map(|it| (it.problem, it.severity)).collect();
    assert_eq!(
        problems,
        [
            (Problem::LateLow, Severity::Low),
            (Problem::Symptom, Severity::Low)
        ]
    );
    assert!(open.iter().all(|alert| alert.show_by.is_none()));
    let chart = asha.chart(patient.stay).await;
    assert_eq!(chart.readings.len(), 2);
    let source = &chart.readings[1].source;
    assert_eq!(
        (source.said_by, source.means),
        (SaidBy::Patient, Means::Paper)
    );

    // What is so today pages, whatever was transcribed.
    asha.hears(patient.stay, Answers::well().with("chest_pain", true))
        .await;
    let open = ward.open_alerts().await;
    assert_eq!(open[1].severity, Severity::Red);
    ward.readings_and_alerts_agree().await;
}

async fn where_nothing_was_heard_since_the_silence_is_red(ward: TestWard) {
    let stay = ward.admit().await;
    ward.clock.advance(DAY * 4);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let three_days_ago = ward.clock.now().minus(DAY * 3);
    asha.transcribes(stay, bad_day(), three_days_ago).await;
    let open = ward.open_alerts().await;
    let alert = Desk::only(&open);
    assert_eq!(
        (alert.problem, alert.severity),
        (Problem::Silence, Severity::Red)
    );
    ward.readings_and_alerts_agree().await;
}
