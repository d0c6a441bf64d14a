use ward_core::alert::{Change, Problem, Severity};
use ward_core::event::WardEvent;
use ward_core::silence::{Awaited, Why};
use ward_core::technical::Detail;
use ward_core::time::minutes;
use ward_tests::silence::{asks_at, asks_for_diary_at, missed};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    after_a_red_it_is_red_and_after_a_good_value_low,
    whoever_measures_in_time_is_not_silent,
    it_is_said_once_and_the_next_one_is_added_and_a_reading_ends_the_silence,
    a_service_that_was_down_over_the_slot_says_it_once_and_late,
    what_was_measured_in_time_and_comes_after_it_was_missed_is_marked,
    a_deadline_of_a_clock_that_ran_ahead_is_made_anew_at_the_start,
    nothing_is_asked_of_somebody_who_is_paused,
    a_missed_diary_is_silence_too,
);

/// The alert is due two minutes after the slot has closed.
const AFTER_THE_SLOT: u64 = 62;

async fn after_a_red_it_is_red_and_after_a_good_value_low(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (red, good) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    bridge.measures(&red.oximeter, spo2(90.0)).await;
    bridge.measures(&good.oximeter, spo2(97.0)).await;
    for patient in [&red, &good] {
        ward.asks(patient.stay, &asks_at(&[13])).await;
    }
    ward.after(minutes(5 * 60 + AFTER_THE_SLOT - 1)).await;
    assert_eq!(ward.the(Problem::Silence).await, None);
    ward.clock.advance(minutes(1));
    for (patient, severity) in [(&red, Severity::Red), (&good, Severity::Low)] {
        let about = ward_core::alert::Subject::Stay(patient.stay);
        let of_theirs = |alert: &ward_core::alert::Alert| alert.subject == about;
        // Nobody calls the sweep: the service looks for itself.
        let mut found = None;
        for _ in 0..400 {
            let open = ward.open_alerts().await;
            found = open
                .into_iter()
                .find(|alert| alert.problem == Problem::Silence && of_theirs(alert));
            if found.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        let alert = found.unwrap();
        assert_eq!(alert.severity, severity);
        assert_eq!(missed(&alert).len(), 1);
    }
}

async fn whoever_measures_in_time_is_not_silent(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9])).await;
    ward.after(minutes(2)).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.after(minutes(4 * 60)).await;
    assert_eq!(ward.open_alerts().await, []);
}

async fn it_is_said_once_and_the_next_one_is_added_and_a_reading_ends_the_silence(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(93.0)).await;
    ward.asks(patient.stay, &asks_at(&[10, 13])).await;
    ward.after(minutes(120 + AFTER_THE_SLOT)).await;
    let first = console.sees("silence", |it| it.problem == "silence").await;
    assert_eq!(first.severity, ward_wire::board::Severity::Amber);
    assert_eq!(first.missed.len(), 1);
    assert_eq!(first.missed[0].why, "bridge_silent");
    assert!(first.silent_since.is_some() && first.heard_again_at.is_none());
    for _ in 0..3 {
        ward.after(minutes(1)).await;
    }
    ward.after(minutes(3 * 60)).await;
    let both = console
        .sees("both", |it| it.problem == "silence" && it.missed.len() == 2)
        .await;
    assert_eq!(both.number, first.number);
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    let heard =
        |it: &ward_wire::board::AlertView| it.problem == "silence" && it.heard_again_at.is_some();
    let over = console.sees("heard again", heard).await;
    assert_eq!(over.condition, ward_wire::board::Band::Green);
    let raised = ward.log().await.into_iter().filter(|logged| {
        matches!(&logged.event, WardEvent::Alert { change: Change::Raised, alert }
            if alert.problem == Problem::Silence)
    });
    assert_eq!(raised.count(), 1);
}

async fn a_service_that_was_down_over_the_slot_says_it_once_and_late(mut ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.asks(patient.stay, &asks_at(&[10])).await;
    ward.stop().await;
    ward.clock.advance(minutes(10 * 60));
    ward.start().await;
    // What was kept for it has two minutes to come.
    ward.wards.sweep().await.unwrap();
    assert_eq!(ward.the(Problem::Silence).await, None);
    ward.clock.advance(minutes(2));
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    assert_eq!(missed(&alert).len(), 1);
    ward.after(minutes(60)).await;
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    assert_eq!(missed(&alert).len(), 1);
}

async fn what_was_measured_in_time_and_comes_after_it_was_missed_is_marked(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9])).await;
    ward.after(minutes(60)).await;
    let in_time = bridge.spools(&patient.oximeter, spo2(97.0));
    ward.after(minutes(AFTER_THE_SLOT)).await;
    ward.comes_to(Problem::Silence, |_| true).await;
    bridge.post(&[in_time]).await;
    let alert = ward.the(Problem::Silence).await.unwrap();
    assert!(missed(&alert)[0].came_at.is_some());
}

async fn a_deadline_of_a_clock_that_ran_ahead_is_made_anew_at_the_start(mut ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    ward.asks(patient.stay, &asks_at(&[10])).await;
    let years_ahead = ward.clock.now().plus(minutes(3 * 365 * 24 * 60));
    let mut ledger = ward
        .wards
        .store()
        .open_ledger(ward.ward)
        .await
        .unwrap()
        .unwrap();
    ledger
        .set_next_due(patient.stay, Some(years_ahead))
        .await
        .unwrap();
    ledger.commit().await.unwrap();
    ward.stop().await;
    ward.start().await;
    ward.wards.sweep_all().await.unwrap();
    ward.after(minutes(120 + AFTER_THE_SLOT)).await;
    ward.comes_to(Problem::Silence, |alert| missed(alert).len() == 1)
        .await;
}

async fn nothing_is_asked_of_somebody_who_is_paused(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9, 12, 18])).await;
    let in_phase = async |phase| {
        let mut ledger = ward
            .wards
            .store()
            .open_ledger(ward.ward)
            .await
            .unwrap()
            .unwrap();
        let mut stay = ledger
            .stay(patient.stay)
            .await
            .unwrap()
            .unwrap()
            .stay
            .clone();
        stay.phase = phase;
        ledger.put_stay(&stay).await.unwrap();
        ledger.commit().await.unwrap();
        ward.wards.sweep().await.unwrap();
    };
    let since = ward.clock.now();
    let reason = ward_core::stay::PauseReason::InHospital;
    in_phase(ward_core::stay::Phase::Paused { since, reason }).await;
    ward.after(minutes(8 * 60)).await;
    assert_eq!(ward.open_alerts().await, []);
    in_phase(ward_core::stay::Phase::Active).await;
    ward.after(minutes(60)).await;
    assert_eq!(ward.open_alerts().await, []);
    // At four in the afternoon they are back: at six they are asked again.
    ward.after(minutes(60 + AFTER_THE_SLOT)).await;
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    assert_eq!(missed(&alert).len(), 1);
}

async fn a_missed_diary_is_silence_too(ward: TestWard) {
    let stay = ward.admit().await;
    ward.asks(stay, &asks_for_diary_at(&[9])).await;
    ward.after(minutes(60 + AFTER_THE_SLOT)).await;
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    let all = missed(&alert);
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].slot.awaited, all[0].why),
        (Awaited::Diary, Why::PatientSilent)
    );
    let Some(Detail::Missed { last_value_at, .. }) = alert.detail else {
        panic!("no detail");
    };
    assert_eq!(last_value_at, None);
}
