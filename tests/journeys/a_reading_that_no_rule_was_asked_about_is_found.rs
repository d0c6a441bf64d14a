use ward_core::time::{minutes, seconds};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::{AlertView, Severity};

on_both_databases!(
    a_low_that_was_stored_and_never_judged_is_a_red_of_its_own_within_two_minutes,
    what_was_judged_is_never_called_a_disagreement,
);

async fn on_board(nurse: &Nurse) -> Vec<AlertView> {
    let board = nurse.board().await;
    let of_patients = board.rows.into_iter().flat_map(|row| row.alerts);
    of_patients.chain(board.technical).collect()
}

fn disagreement(alert: &&AlertView) -> bool {
    alert.problem == "alerts_disagree"
}

async fn a_low_that_was_stored_and_never_judged_is_a_red_of_its_own_within_two_minutes(
    ward: TestWard,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let other = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;

    // One in three is passed over: the third, a red. Nothing is on any board.
    ward.wards.seeded().skip_the_rules_one_in(3);
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    bridge.measures(&other.oximeter, spo2(97.0)).await;
    ward.clock.advance(seconds(30));
    let low = bridge.measures(&patient.oximeter, spo2(84.0)).await;
    ward.wards.seeded().skip_the_rules_one_in(0);
    assert_eq!(on_board(&asha).await.len(), 0);

    ward.clock.advance(minutes(2));
    let alert = console
        .sees("that readings and alerts do not agree", |it| {
            disagreement(&it)
        })
        .await;
    assert_eq!(alert.severity, Severity::Red);
    assert_eq!(alert.stay, Some(patient.stay.0));
    assert_eq!(alert.worst_percent, Some(84.0));
    let measured = alert.first_low_at.map(jiff::Timestamp::as_millisecond);
    assert_eq!(measured, Some(low.measured_at.as_millis()));
    let detail = alert.detail.unwrap_or_default();
    assert!(detail.contains("no alert"), "{detail}");

    // Said once, and of nobody else; nothing was mended behind anybody's back.
    ward.clock.advance(minutes(1));
    ward.wards.reconcile_all().await.unwrap();
    ward.clock.advance(minutes(1));
    ward.wards.reconcile_all().await.unwrap();
    let alerts = on_board(&asha).await;
    assert_eq!(alerts.iter().filter(disagreement).count(), 1);
    assert!(!alerts.iter().any(|it| it.problem == "oxygen"));
    assert!(ward.wards.reconciled().said() == 1);
}

async fn what_was_judged_is_never_called_a_disagreement(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    for percent in [97.0, 91.0, 93.0, 96.0, 84.0, 95.0, 92.0] {
        bridge.measures(&patient.oximeter, spo2(percent)).await;
        ward.clock.advance(minutes(1));
        ward.wards.reconcile_all().await.unwrap();
    }
    let alerts = on_board(&asha).await;
    assert!(alerts.iter().any(|it| it.problem == "oxygen"));
    assert!(!alerts.iter().any(|it| disagreement(&it)));
    assert_eq!(ward.wards.reconciled().failed(), 0);
}
