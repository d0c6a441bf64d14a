//! Whatever happens to a stay, its readings and its alerts agree; and every way in which they may not is found.
//!
//! A walk over what the ward does with the readings of one stay: they come in at once, late, by wrong clocks and from two
//! bridges; plans change, stays pause, alerts are taken and ended, readings are struck out and moved here.

#![expect(clippy::unwrap_used, reason = "what the walk cannot do ends it")]

mod common;

use std::collections::BTreeSet;

use common::{Dice, EIGHT, reading, stay, values};
use uuid::Uuid;
use ward_core::alert::{
    Acknowledged, Alert, Outcome, Problem, Severity, State, acknowledge, resolve,
};
use ward_core::assess::{PlansOverTime, rejudge};
use ward_core::diary::{DiaryEntry, Said, assess_diary};
use ward_core::entry::{Author, Means};
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, EntryId, ReadingId, Seq};
use ward_core::pathway::out_of_phase::assess;
use ward_core::plan::MonitoringPlan;
use ward_core::questionnaire::{Answers, Symptom, Urgency, Wellbeing};
use ward_core::reading::{Measured, Reading, Timing};
use ward_core::reconcile::{Disagreement, Disagrees, Evidence, History, reconcile, said};
use ward_core::stay::{PauseReason, Phase, Stay, StayState};
use ward_core::time::{Timestamp, minutes, seconds};

/// What is wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Nothing,
    /// The rules are not asked about one reading in eight.
    RulesAreSkipped,
    /// A reading is stored, and nothing else is done with it.
    ReadingIsForgotten,
    /// A red raises an amber.
    RedIsAmber,
    /// A further low is not counted.
    LowIsNotCounted,
    /// A second alert is opened beside the first.
    SecondIsOpened,
    /// The state holds a good reading that nobody sent.
    GoodIsMadeUp,
    /// What the diary says is stored and not judged.
    DiaryIsNotHeard,
    /// Three measurements without a value raise nothing.
    AttemptsAreSilent,
}

const FAULTS: [(Fault, Disagrees); 8] = [
    (Fault::DiaryIsNotHeard, Disagrees::NoAlert),
    (Fault::RulesAreSkipped, Disagrees::NoAlert),
    (Fault::ReadingIsForgotten, Disagrees::Standing),
    (Fault::RedIsAmber, Disagrees::TooMild),
    (Fault::LowIsNotCounted, Disagrees::NotCounted),
    (Fault::SecondIsOpened, Disagrees::TwoOpen),
    (Fault::GoodIsMadeUp, Disagrees::Standing),
    (Fault::AttemptsAreSilent, Disagrees::NoAlert),
];

struct World {
    stay: Stay,
    state: StayState,
    alerts: Vec<Alert>,
    seq: Seq,
    now: Timestamp,
    readings: Vec<Reading>,
    struck: Vec<Reading>,
    entries: Vec<DiaryEntry>,
    plans: Vec<(Timestamp, MonitoringPlan)>,
    history: History,
    fault: Fault,
    /// One measurement in so many gives no value.
    no_value_one_in: u64,
    dice: Dice,
}

const WHO: ClinicianId = ClinicianId(Uuid::from_u128(0xA5));

impl World {
    fn new(seed: u64, fault: Fault) -> Self {
        let plan = MonitoringPlan::scale_one();
        Self {
            stay: stay(plan.clone()),
            state: StayState::default(),
            alerts: Vec::new(),
            seq: Seq(0),
            now: EIGHT,
            readings: Vec::new(),
            struck: Vec::new(),
            entries: Vec::new(),
            plans: vec![(EIGHT, plan)],
            history: History::default(),
            fault,
            no_value_one_in: if seed.is_multiple_of(2) { 8 } else { 2 },
            dice: Dice(seed),
        }
    }

    fn append(&mut self, events: Vec<WardEvent>) {
        for event in events {
            self.seq = self.seq.next();
            if let WardEvent::Alert { alert, .. } = event.stamped(self.seq) {
                self.replace(*alert);
            }
        }
    }

    fn replace(&mut self, alert: Alert) {
        let was_open = |it: &Alert| it.number == alert.number && it.is_open();
        let is_over = !alert.is_open() && self.alerts.iter().any(was_open);
        if is_over && alert.problem == Problem::Oxygen {
            self.state.oxygen_resolved_at = Some(self.now);
        }
        if is_over && alert.problem == Problem::Symptom {
            self.state.words.resolved_at = Some(self.now);
        }
        let of_rules = [Problem::OxygenDrop, Problem::OxygenTrend, Problem::Pulse];
        if is_over && of_rules.contains(&alert.problem) {
            self.state
                .rules
                .remember_resolution(alert.problem, self.now);
        }
        self.alerts.retain(|held| held.number != alert.number);
        self.alerts.push(alert);
    }

    fn open(&self) -> Vec<Alert> {
        self.alerts
            .iter()
            .filter(|it| it.is_open())
            .cloned()
            .collect()
    }

    fn sent(&mut self) -> Option<Reading> {
        let tenths = self.dice.pick(
            &[840, 870, 880, 900, 925, 930, 940, 949, 950, 960, 980],
            960,
        );
        let sound = !self.dice.one_in(5);
        let measured = if self.dice.one_in(self.no_value_one_in) {
            let reason = "inadequate_signal".to_owned();
            Measured::Attempt { reason }
        } else {
            values(tenths, sound)?
        };
        let ago = match self.dice.below(8) {
            0 => self.dice.below(7_200),
            1 => self.dice.below(40 * 3_600),
            _ => self.dice.below(20),
        };
        let at = self.now.minus(seconds(ago));
        let number = (self.readings.len() + self.struck.len()) as u128;
        let exertion = self.dice.one_in(12);
        let mut sent = reading(number, measured, at, exertion, self.now);
        if self.dice.one_in(4) {
            sent.bridge = BridgeId(Uuid::from_u128(6));
            let off = self.dice.below(120_000).cast_signed() - 60_000;
            sent.measured_at = Timestamp::from_millis(at.as_millis() + off);
        }
        if self.dice.one_in(8) {
            sent.timing = Timing::ByWallClock;
        }
        // The clock went on between the arrival of the request and its turn.
        self.now = self.now.plus(seconds(self.dice.below(20)));
        Some(sent)
    }

    fn comes(&mut self, given: Reading) {
        let skipped = self.dice.one_in(8);
        let state = self.state.clone().with(&given, &self.stay.plan);
        let events = assess(&self.stay, &state, &self.open(), &given, self.now);
        let is_attempt = matches!(given.measured, Measured::Attempt { .. });
        self.readings.push(given);
        if skipped && self.fault == Fault::ReadingIsForgotten {
            return;
        }
        let unasked = (skipped && self.fault == Fault::RulesAreSkipped)
            || (is_attempt && self.fault == Fault::AttemptsAreSilent);
        if !unasked {
            let events = events.into_iter().map(|event| self.twisted(event));
            let events = events.collect();
            self.append(events);
        }
        self.state = state;
        if self.fault == Fault::GoodIsMadeUp && skipped {
            let good = reading(9_999, values(970, true).unwrap(), self.now, false, self.now);
            let before = self.state.clone();
            self.state.newest_good = before.with(&good, &self.stay.plan).newest_good;
        }
        if self.fault == Fault::SecondIsOpened
            && let Some(first) = self.open().first().cloned()
        {
            self.seq = self.seq.next();
            let number = self.seq;
            self.alerts.push(Alert { number, ..first });
        }
    }

    fn twisted(&self, event: WardEvent) -> WardEvent {
        let WardEvent::Alert { change, mut alert } = event else {
            return event;
        };
        let known = self.alerts.iter().find(|it| it.number == alert.number);
        match (self.fault, known) {
            (Fault::RedIsAmber, _) => alert.severity = alert.severity.min(Severity::Amber),
            (Fault::LowIsNotCounted, Some(known)) => alert.lows = known.lows,
            _ => {}
        }
        WardEvent::Alert { change, alert }
    }

    fn people_act(&mut self) {
        let open = self.open();
        let place = self.dice.below(open.len() as u64);
        let Some(alert) = open
            .get(usize::try_from(place).unwrap_or_default())
            .cloned()
        else {
            return;
        };
        match alert.state {
            State::Raised => {
                if let Ok(Acknowledged::Now(taken)) = acknowledge(&alert, WHO, self.seq, self.now) {
                    self.replace(*taken);
                }
            }
            State::Acknowledged { .. } => {
                let outcome = Outcome::AdviceGiven;
                if let Ok(over) = resolve(&alert, WHO, outcome, String::new(), self.seq, self.now) {
                    self.replace(over);
                }
            }
            State::Resolved { .. } => {}
        }
    }

    fn plan_changes(&mut self) {
        let plans = [
            MonitoringPlan::scale_one(),
            MonitoringPlan::target_88_to_92(),
        ];
        let place = usize::from(self.dice.one_in(2));
        let Some(plan) = plans.get(place).cloned() else {
            return;
        };
        self.stay.plan = plan.clone();
        self.plans.push((self.now, plan));
        self.history.changed_at = Some(self.now);
    }

    fn phase_changes(&mut self) {
        self.stay.phase = match self.stay.phase {
            Phase::Active => Phase::Paused {
                since: self.now,
                reason: if self.dice.one_in(2) {
                    PauseReason::InHospital
                } else {
                    PauseReason::Away
                },
            },
            Phase::Paused { .. } | Phase::Ended { .. } => Phase::Active,
        };
        self.history.phases.push((self.now, self.stay.phase));
        self.history.changed_at = Some(self.now);
    }

    /// Somebody writes into the diary that they are well, or that they are not.
    fn writes(&mut self, is_heard: bool) {
        let urgency = self.dice.pick(
            &[None, Some(Urgency::Amber), Some(Urgency::Red)],
            Some(Urgency::Red),
        );
        let symptom = |urgency| Symptom {
            code: "breathless".to_owned(),
            urgency,
        };
        let at = self.now.minus(seconds(self.dice.below(4_000)));
        let entry = DiaryEntry {
            id: EntryId(Uuid::from_u128(70_000 + self.entries.len() as u128)),
            stay: self.stay.id,
            questionnaire: "daily".to_owned(),
            version: 1,
            at,
            recorded_at: self.now,
            author: Author::Patient,
            means: Means::Page,
            carer: None,
            entered_by: None,
            answers: Answers::default(),
            symptoms: urgency.map(symptom).into_iter().collect(),
            complete: true,
            wellbeing: Wellbeing::default(),
            readings: Vec::new(),
        };
        let said = Said {
            at,
            symptoms: entry.symptoms.clone(),
            help: None,
        };
        self.state.words = self.state.words.with(at, urgency, true);
        if is_heard {
            let events = assess_diary(&self.stay, &self.state, &self.open(), &said, self.now);
            self.append(events);
        }
        self.entries.push(entry);
    }

    fn strikes(&mut self) {
        let place = usize::try_from(self.dice.below(self.readings.len() as u64)).unwrap_or(0);
        if place >= self.readings.len() {
            return;
        }
        let struck = self.readings.remove(place);
        let plans = PlansOverTime {
            now: &self.stay.plan,
            since: self.plans.clone(),
        };
        let again = rejudge(
            &self.stay,
            &self.state,
            &plans,
            &self.readings,
            std::slice::from_ref(&struck),
            &self.open(),
            self.now,
        );
        self.struck.push(struck);
        self.history.changed_at = Some(self.now);
        self.state = again.state;
        self.append(again.events);
        for low in again.to_judge {
            let events = assess(&self.stay, &self.state, &self.open(), &low, self.now);
            self.append(events);
        }
    }

    fn is_moved_here(&mut self) {
        let Some(mut moved) = self.sent() else {
            return;
        };
        moved.received_at = moved.effective_at.plus(seconds(1)).min(self.now);
        moved.id = ReadingId(Uuid::from_u128(50_000 + u128::from(self.dice.next())));
        self.history.moved_in.insert(moved.id);
        self.history.changed_at = Some(self.now);
        self.comes(moved);
    }

    fn step(&mut self) {
        let pause = match self.dice.below(6) {
            0 => 40_000,
            1 | 2 => 3_000,
            _ => 120,
        };
        self.now = self.now.plus(seconds(30 + self.dice.below(pause)));
        match self.dice.below(40) {
            0..=23 => {
                if let Some(given) = self.sent() {
                    self.comes(given);
                }
            }
            24 | 25 => {
                let is_heard = self.fault != Fault::DiaryIsNotHeard;
                self.writes(is_heard);
            }
            26..=32 => self.people_act(),
            33 | 34 => self.plan_changes(),
            35 | 36 => self.phase_changes(),
            37 | 38 => self.strikes(),
            _ => self.is_moved_here(),
        }
    }

    fn found(&self) -> Vec<Disagreement> {
        let plans = PlansOverTime {
            now: &self.stay.plan,
            since: self.plans.clone(),
        };
        reconcile(
            &Evidence {
                stay: &self.stay,
                state: &self.state,
                plans: &plans,
                readings: &self.readings,
                struck: &self.struck,
                entries: &self.entries,
                alerts: &self.alerts,
                since: EIGHT.minus(minutes(100 * 24 * 60)),
                history: &self.history,
                clock_was_wrong: false,
            },
            self.now,
        )
    }
}

fn walk(fault: Fault, seed: u64) -> BTreeSet<Disagrees> {
    let mut world = World::new(seed, fault);
    let mut all = BTreeSet::new();
    for _ in 0..60 {
        world.step();
        let found = world.found();
        assert!(
            fault != Fault::Nothing || found.is_empty(),
            "seed {seed}: {found:?}\n{:?}\n{:?}",
            world.alerts,
            world.state
        );
        all.extend(found.iter().map(|it| it.what));
    }
    all
}

#[test]
fn whatever_happens_to_a_stay_nothing_is_called_a_disagreement() {
    for seed in 0..3_000 {
        walk(Fault::Nothing, seed);
    }
}

#[test]
fn every_planted_fault_is_found_for_what_it_is() {
    for (fault, what) in FAULTS {
        let found = (0..40)
            .filter(|seed| walk(fault, *seed).contains(&what))
            .count();
        assert!(found >= 10, "{fault:?}: found in {found} of 40 walks");
    }
}

#[test]
fn a_low_that_no_rule_was_asked_about_is_told_once_and_again_only_for_a_new_one() {
    let mut world = World::new(1, Fault::Nothing);
    let low = |world: &World, number, tenths| {
        reading(
            number,
            values(tenths, true).unwrap(),
            world.now,
            false,
            world.now,
        )
    };
    // Stored and drawn, but never judged.
    let skip = |world: &mut World, given: Reading| {
        world.state = world.state.clone().with(&given, &world.stay.plan);
        world.readings.push(given);
    };
    let tell = |world: &mut World| {
        let event = said(&world.found(), &world.stay, &world.alerts, world.now);
        let told = event.is_some();
        world.append(event.into_iter().collect());
        told
    };
    let given = low(&world, 1, 880);
    skip(&mut world, given);
    assert!(tell(&mut world));
    let alert = world.alerts.first().unwrap().clone();
    assert_eq!(
        (
            alert.severity,
            alert.worst.map(ward_core::spo2::Spo2::tenths)
        ),
        (Severity::Red, Some(880))
    );
    assert_eq!(alert.lows.map(|lows| lows.first_at), Some(EIGHT));
    world.now = world.now.plus(minutes(1));
    assert!(!tell(&mut world), "said already");

    world.people_act();
    assert!(!tell(&mut world), "somebody has it");
    world.now = world.now.plus(minutes(5));
    let given = low(&world, 2, 870);
    skip(&mut world, given);
    assert!(tell(&mut world), "a new low that nobody was told of");
    assert!(world.open().first().unwrap().is_unacknowledged());

    world.now = world.now.plus(minutes(5));
    world.people_act();
    world.people_act();
    assert!(world.open().is_empty());
    world.now = world.now.plus(minutes(1));
    assert!(!tell(&mut world), "whoever ended it has looked");
    world.now = world.now.plus(minutes(5));
    let given = low(&world, 3, 880);
    skip(&mut world, given);
    assert!(tell(&mut world));
}
