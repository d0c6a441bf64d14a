//! Referrals, by every sequence of up to five steps, against a table.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::id::{ClinicianId, PatientId, ReferralId, StayId, WardId};
use ward_core::pathway::referral::{
    Answer, Consent, DeclineReason, Referral, Source, State, Step, Urgency,
};
use ward_core::time::Timestamp;

const STEPS: [(&str, Step); 8] = [
    ("triage", Step::Triage(Urgency::Today)),
    ("record consent", Step::Consent(Answer::Given)),
    ("record consent", Step::Consent(Answer::BestInterests)),
    ("record consent", Step::Consent(Answer::Refused)),
    ("accept", Step::Accept),
    ("decline", Step::Decline(DeclineReason::TooUnwell)),
    ("withdraw", Step::Withdraw),
    ("admit", Step::Admit(StayId(Uuid::from_u128(9)))),
];

fn referral() -> Referral {
    Referral {
        id: ReferralId(Uuid::from_u128(1)),
        ward: WardId(Uuid::from_u128(2)),
        patient: PatientId(Uuid::from_u128(3)),
        made_at: Timestamp::from_millis(0),
        made_by: ClinicianId(Uuid::from_u128(4)),
        source: Source::GeneralPractice,
        referred_by: "Mill Lane practice".to_owned(),
        reason: "COVID-19, day 4".to_owned(),
        consent: Consent::NotAsked,
        inpatient_spell_ended_at: None,
        state: State::Referred,
    }
}

/// The table: what is possible in each state, with consent or without.
fn table(state: &str, consents: bool) -> &'static [&'static str] {
    match (state, consents) {
        ("referred", _) | ("triaged", false) => {
            &["triage", "record consent", "decline", "withdraw"]
        }
        ("triaged", true) => &["triage", "record consent", "accept", "decline", "withdraw"],
        ("accepted", true) => &["record consent", "withdraw", "admit"],
        ("accepted", false) => &["record consent", "withdraw"],
        _ => &[],
    }
}

/// What a step leads to, by name.
fn leads_to(step: Step, from: &'static str) -> &'static str {
    match step {
        Step::Triage(_) => "triaged",
        Step::Consent(_) => from,
        Step::Accept => "accepted",
        Step::Decline(_) => "declined",
        Step::Withdraw => "withdrawn",
        Step::Admit(_) => "admitted",
    }
}

fn follow_all(
    referral: &Referral,
    state: &'static str,
    consents: bool,
    depth: u8,
    seen: &mut BTreeSet<&'static str>,
) {
    seen.insert(state);
    assert_eq!(referral.state.name(), state);
    assert_eq!(referral.possible(), table(state, consents));
    if depth == 0 {
        return;
    }
    let by = ClinicianId(Uuid::from_u128(5));
    for (word, step) in STEPS {
        let after = referral.after(step, by, Timestamp::from_millis(i64::from(depth)));
        assert_eq!(
            after.is_ok(),
            table(state, consents).contains(&word),
            "{word} from {state}"
        );
        match after {
            Ok(after) => {
                let consents = match step {
                    Step::Consent(answer) => answer != Answer::Refused,
                    _ => consents,
                };
                follow_all(&after, leads_to(step, state), consents, depth - 1, seen);
            }
            Err(refused) => {
                let text = refused.to_string();
                let possible = text.split("Possible now: ").nth(1).unwrap();
                for word in table(state, consents) {
                    assert!(possible.contains(word), "{text}");
                }
                assert_eq!(
                    possible == "nothing",
                    table(state, consents).is_empty(),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn every_sequence_of_steps_goes_as_the_table_says() {
    let mut seen = BTreeSet::new();
    follow_all(&referral(), "referred", false, 5, &mut seen);
    let all = [
        "accepted",
        "admitted",
        "declined",
        "referred",
        "triaged",
        "withdrawn",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}
