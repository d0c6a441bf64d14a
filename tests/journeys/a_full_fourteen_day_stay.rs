use serde_json::json;
use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::pathway::{discharge_home, person, referral_of, row_of};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Severity;
use ward_wire::pathway::{StayOutcome, StayPhase, StayView};
use ward_wire::referral::ReferralView;

on_both_databases!(from_the_referral_to_the_discharge_and_back_again);

const AN_HOUR: u64 = 60;

async fn from_the_referral_to_the_discharge_and_back_again(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;

    // Referred, triaged, asked, accepted; each in its turn.
    let ada = person("999 900 0010", "Example");
    let made: ReferralView = asha.posts("/referrals", &referral_of(&ada)).await.json();
    assert_eq!(made.state, "referred");
    let accept = json!({ "step": "accept" });
    let early = asha.steps(made.referral, &accept).await;
    assert_eq!(early.refusal(), (409, "not-possible".to_owned()));
    let detail = early.problem().detail;
    assert!(
        detail.contains("Possible now: triage, record consent"),
        "{detail}"
    );
    let triage = json!({ "step": "triage", "urgency": "today" });
    let triaged: ReferralView = asha.steps(made.referral, &triage).await.json();
    assert_eq!(triaged.state, "triaged");
    let unasked = asha.steps(made.referral, &accept).await;
    assert!(unasked.problem().detail.contains("consent"));
    let consent = json!({ "step": "consent", "answer": "given" });
    let _: ReferralView = asha.steps(made.referral, &consent).await.json();
    let _: ReferralView = asha.steps(made.referral, &accept).await.json();
    let terms = json!({ "terms": { "template": "covid-virtual-ward", "baseline_spo2_percent": 97, "contact": { "days": [2, 5, 7, 10, 12] } } });
    let admit = format!("/referrals/{}/admit", made.referral);
    let stay: StayView = asha.posts(&admit, &terms).await.json();
    assert_eq!(stay.baseline_spo2_percent, Some(97.0));
    let again = asha.posts(&admit, &terms).await;
    assert!(again.problem().detail.contains("act on the stay"));
    let id = StayId(stay.stay);
    let record = asha.looks_up(id).await;
    assert_eq!(record.referral, Some(made.referral));

    // Fourteen days of readings, morning, noon and night; a red on the fifth.
    let oximeter = ward.new_oximeter().await;
    ward.give(&oximeter, id, &bridge).await;
    let mut given = 0;
    for day in 1..=14 {
        for slot in 0..3 {
            let percent = if (day, slot) == (5, 1) { 84.0 } else { 96.0 };
            bridge.measures(&oximeter, spo2(percent)).await;
            given += 1;
            if percent < 90.0 {
                let asha = Nurse::signs_in(&ward, "asha").await;
                let board = asha.board().await;
                let row = row_of(&board, id).unwrap();
                assert!(
                    row.alerts
                        .iter()
                        .any(|alert| alert.severity == Severity::Red)
                );
                ward.after(minutes(3)).await;
                bridge.measures(&oximeter, spo2(96.0)).await;
                given += 1;
                asha.settles(id).await;
                ward.after(minutes(6 * AN_HOUR - 3)).await;
            } else {
                ward.after(minutes(6 * AN_HOUR)).await;
            }
        }
        ward.after(minutes(6 * AN_HOUR)).await;
    }
    assert_eq!(ward.values_of(id).await.len(), given);

    // Discharged with nothing open, a summary, and the kit on its way back.
    let asha = Nurse::signs_in(&ward, "asha").await;
    asha.settles(id).await;
    asha.has_moved(id, "discharge", &discharge_home()).await;
    let record = asha.looks_up(id).await;
    assert!(matches!(record.stay.phase, StayPhase::Ended { .. }));
    assert_eq!(record.possible, ["record a death", "readmit"]);
    let end = record.end.unwrap();
    assert_eq!(end.outcome, Some(StayOutcome::Recovered));
    assert!(end.summary.starts_with("Fourteen days"));
    assert!(row_of(&asha.board().await, id).is_none());

    // Two days later she is back; the oximeter at home is the new stay's from now on.
    ward.after(minutes(48 * AN_HOUR)).await;
    let asha = Nurse::signs_in(&ward, "asha").await;
    let readmit = format!("/patients/{}/readmit", stay.patient);
    let reason = json!({ "reason": "breathless again" });
    let back: StayView = asha.posts(&readmit, &reason).await.json();
    assert_ne!(back.stay, stay.stay);
    let second = asha.posts(&readmit, &reason).await;
    assert_eq!(second.refusal(), (409, "already-there".to_owned()));
    ward.after(minutes(1)).await;
    bridge.measures(&oximeter, spo2(95.0)).await;
    let back = StayId(back.stay);
    assert_eq!(ward.values_of(back).await, [95.0]);
    assert_eq!(ward.values_of(id).await.len(), given);
    let record = asha.looks_up(back).await;
    assert_eq!(record.readmission_of, Some(stay.stay));
    let board = asha.board().await;
    assert!(row_of(&board, back).is_some() && row_of(&board, id).is_none());
}
