use uuid::Uuid;

use super::*;
use crate::story::{ASHA, EIGHT};
use crate::time::minutes;

const ONE: StayId = StayId(Uuid::from_u128(1));
const OTHER: StayId = StayId(Uuid::from_u128(2));

fn oximeter() -> Kit {
    Kit {
        id: KitId(Uuid::from_u128(9)),
        kind: Kind::Oximeter,
        label: "OX-009".to_owned(),
        serial: String::new(),
        state: KitState::InStock,
        since: EIGHT,
        by: None,
        worn_until: None,
        version: 0,
    }
}

fn worn_by(stay: StayId, from: Timestamp) -> Wear {
    Wear {
        stay,
        bridge: BridgeId(Uuid::from_u128(5)),
        from,
    }
}

fn at(minute: u64) -> Timestamp {
    EIGHT.plus(minutes(minute))
}

fn after(kit: &Kit, what: Step, minute: u64) -> Kit {
    step(kit, what, Some(ASHA), at(minute)).unwrap().kit
}

#[test]
fn an_oximeter_goes_out_comes_back_is_cleaned_and_goes_out_again() {
    let issued = Step::Issue {
        to: Holder::Stay(ONE),
        due_back: Some(jiff::civil::date(2026, 12, 5)),
    };
    let kit = after(&oximeter(), issued, 0);
    let wear = worn_by(ONE, at(1));
    let assigned = step(
        &kit,
        Step::Assign {
            wear,
            due_back: None,
        },
        None,
        at(2),
    )
    .unwrap();
    assert_eq!(assigned.begins, Some(wear));
    let by = jiff::civil::date(2026, 12, 5);
    // What was agreed when it was issued still counts.
    assert_eq!(assigned.kit.state.due_back(), Some(by));
    let kit = after(&assigned.kit, Step::AskBack { by }, 10);
    // It is still on the patient: what it measures is theirs.
    assert_eq!(kit.state.wear(), Some(wear));
    let back = step(&kit, Step::Return { at: at(20) }, None, at(21)).unwrap();
    assert_eq!(back.ends, Some((wear, at(20))));
    let again = Step::Assign {
        wear: worn_by(OTHER, at(25)),
        due_back: None,
    };
    let refused = step(&back.kit, again.clone(), None, at(30)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "this oximeter is cleaning: possible now: clean, lost"
    );
    let kit = after(&back.kit, Step::Clean, 24);
    assert_eq!(after(&kit, again, 30).state.name(), "assigned");
}

#[test]
fn the_next_wearer_begins_no_earlier_than_the_last_one_ended() {
    let first = Step::Assign {
        wear: worn_by(ONE, at(0)),
        due_back: None,
    };
    let kit = after(&oximeter(), first, 1);
    let kit = after(&kit, Step::Return { at: at(60) }, 90);
    let kit = after(&kit, Step::Clean, 91);
    let too_early = Step::Assign {
        wear: worn_by(OTHER, at(59)),
        due_back: None,
    };
    assert_eq!(
        step(&kit, too_early, None, at(95)),
        Err(StepRefused::WornUntil { until: at(60) })
    );
    let in_time = Step::Assign {
        wear: worn_by(OTHER, at(60)),
        due_back: None,
    };
    assert!(step(&kit, in_time, None, at(95)).is_ok());
}

#[test]
fn a_hand_over_ends_one_wearer_when_the_next_begins() {
    let first = worn_by(ONE, at(0));
    let kit = after(
        &oximeter(),
        Step::Assign {
            wear: first,
            due_back: None,
        },
        1,
    );
    let next = worn_by(OTHER, at(30));
    let done = step(&kit, Step::HandOver { to: next }, None, at(31)).unwrap();
    assert_eq!(
        (done.ends, done.begins),
        (Some((first, at(30))), Some(next))
    );
    let backwards = Step::HandOver {
        to: worn_by(OTHER, at(0)),
    };
    assert_eq!(
        step(&kit, backwards, None, at(31)),
        Err(StepRefused::NotBefore { from: at(0) })
    );
    let ahead = Step::HandOver {
        to: worn_by(OTHER, at(32)),
    };
    assert_eq!(
        step(&kit, ahead, None, at(31)),
        Err(StepRefused::NotYet(at(32)))
    );
}

#[test]
fn a_bridge_of_a_care_home_is_issued_and_never_worn() {
    let bridge = Kit {
        kind: Kind::Bridge,
        ..oximeter()
    };
    let home = Holder::Place("The Limes".to_owned());
    let issued = Step::Issue {
        to: home.clone(),
        due_back: None,
    };
    let kit = after(&bridge, issued, 0);
    let wear = worn_by(ONE, at(0));
    for worn in [
        Step::Assign {
            wear,
            due_back: None,
        },
        Step::HandOver { to: wear },
    ] {
        assert_eq!(
            step(&kit, worn, None, at(1)),
            Err(StepRefused::BridgesAreNotWorn)
        );
    }
    let lost = after(&kit, Step::Lose { at: at(5) }, 6);
    assert_eq!(lost.state, KitState::Lost { last: Some(home) });
    assert_eq!(after(&lost, Step::Find, 7).state, KitState::Cleaning);
}
