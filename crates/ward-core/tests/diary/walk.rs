//! The walk: the rules on one side, the oracle on the other, and what is compared after each step.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::alert::{self, Acknowledged, Alert, Change, Outcome, Problem, Severity};
use ward_core::diary::{Said, assess_diary};
use ward_core::event::WardEvent;
use ward_core::id::{ClinicianId, PatientId, Seq, StayId, WardId};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::questionnaire::{Help, Symptom, Urgency};
use ward_core::stay::{Channel, Phase, Stay, StayState};
use ward_core::time::Timestamp;

use crate::oracle::{Open, Oracle, Word};

/// Rules that are wrong on purpose.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    LateSymptomsPage,
    IncompleteIsGoodNews,
    AmberIsForgotten,
    SeverityFalls,
    SecondAlertIsOpened,
    NewSymptomIsSilent,
    OldRedIsForgotten,
    SecondRequestIsSilent,
    ConditionIsForgotten,
}

pub const ALL_FAULTS: [Fault; 9] = [
    Fault::LateSymptomsPage,
    Fault::IncompleteIsGoodNews,
    Fault::AmberIsForgotten,
    Fault::SeverityFalls,
    Fault::SecondAlertIsOpened,
    Fault::NewSymptomIsSilent,
    Fault::OldRedIsForgotten,
    Fault::SecondRequestIsSilent,
    Fault::ConditionIsForgotten,
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

struct World {
    fault: Option<Fault>,
    stay: Stay,
    state: StayState,
    alerts: Vec<Alert>,
    seq: Seq,
    minute: i64,
    oracle: Oracle,
}

const ASHA: ClinicianId = ClinicianId(Uuid::from_u128(0xA5));

fn time(minute: i64) -> Timestamp {
    Timestamp::from_millis(1_795_248_000_000 + minute * 60_000)
}

pub type Tally = BTreeMap<String, u32>;

/// # Errors
/// Where the rules and the oracle differ.
pub fn walk(fault: Option<Fault>, steps: u32, seed: u64) -> Result<Tally, String> {
    let mut random = Random(seed);
    let mut tally = Tally::new();
    let mut world = World::new(fault);
    for step in 0..steps {
        // One stay after another: a walk that never ends has said everything before.
        if random.below(60) == 0 {
            world = World::new(fault);
        }
        let said = world
            .step(&mut random)
            .map_err(|why| format!("step {step}: {why}"))?;
        for line in said {
            *tally.entry(line).or_default() += 1;
        }
        world.check().map_err(|why| format!("step {step}: {why}"))?;
    }
    Ok(tally)
}

impl World {
    fn new(fault: Option<Fault>) -> Self {
        Self {
            fault,
            stay: Stay {
                id: StayId(Uuid::from_u128(1)),
                ward: WardId(Uuid::from_u128(2)),
                patient: PatientId(Uuid::from_u128(3)),
                admitted_at: time(0),
                plan: MonitoringPlan::scale_one().with_bands_alone(),
                phase: Phase::Active,
                channel: Channel::Paper,
                baseline_spo2: None,
            },
            state: StayState::default(),
            alerts: Vec::new(),
            seq: Seq(1),
            minute: 10_000,
            oracle: Oracle::default(),
        }
    }

    fn step(&mut self, random: &mut Random) -> Result<Vec<String>, String> {
        match random.below(10) {
            0 | 1 => self.minute += [1, 4, 5, 60, 720, 1500][at(random, 6)],
            2 => self.take(random),
            3 => self.end(random),
            4 | 5 => {
                let called_999 = random.below(4) == 0;
                let expected = self.oracle.asks(called_999, self.minute);
                let help = if called_999 {
                    Help::Called999
                } else {
                    Help::CallMe
                };
                let said = Said {
                    at: time(self.minute),
                    symptoms: Vec::new(),
                    help: Some(help),
                };
                return self.compare(&said, &expected);
            }
            _ => {
                let word = self.word(random);
                let symptoms: Vec<Symptom> = word.symptoms.iter().map(symptom).collect();
                let urgency = symptoms.iter().map(|it| it.urgency).max();
                let complete = match self.fault {
                    Some(Fault::IncompleteIsGoodNews) => true,
                    _ => word.complete,
                };
                self.state.words = self.state.words.with(time(word.about), urgency, complete);
                let said = Said {
                    at: time(word.about),
                    symptoms,
                    help: None,
                };
                let expected = self.oracle.say(word, self.minute);
                return self.compare(&said, &expected);
            }
        }
        Ok(Vec::new())
    }

    fn word(&self, random: &mut Random) -> Word {
        let ago = [0, 0, 0, 1, 30, 600, 1440, 1441, 3000][at(random, 9)];
        let mut symptoms = Vec::new();
        for code in 0..4_u8 {
            if random.below(5) == 0 {
                symptoms.push((code, if code < 2 { 2 } else { 1 }));
            }
        }
        Word {
            about: self.minute - ago,
            symptoms,
            complete: random.below(3) > 0,
        }
    }

    fn compare(&mut self, said: &Said, expected: &[String]) -> Result<Vec<String>, String> {
        let mut heard = Vec::new();
        for (change, alert) in self.rules(said) {
            heard.push(format!(
                "{:?} {change:?} {:?}",
                alert.problem, alert.severity
            ));
            self.seq = self.seq.next();
            let alert = alert.stamped(self.seq, change);
            if change.speaks() != (alert.spoke_at == time(self.minute) && alert.is_unacknowledged())
                && change.speaks()
            {
                return Err(format!("{change:?} does not speak: {alert:?}"));
            }
            match self.alerts.iter_mut().find(|it| it.number == alert.number) {
                Some(held) if alert.severity < held.severity => {
                    return Err(format!("severity fell: {held:?} {alert:?}"));
                }
                Some(held) => *held = alert,
                None => self.alerts.push(alert),
            }
        }
        if heard == expected {
            Ok(heard)
        } else {
            Err(format!(
                "{said:?}: the rules say {heard:?}, the oracle {expected:?}"
            ))
        }
    }

    fn rules(&self, said: &Said) -> Vec<(Change, Alert)> {
        let mut open: Vec<Alert> = self
            .alerts
            .iter()
            .filter(|it| it.is_open())
            .cloned()
            .collect();
        let mut state = self.state.clone();
        let mut said = said.clone();
        match self.fault {
            Some(Fault::LateSymptomsPage) => {
                (state.words.calm_at, state.words.below_red_at) = (None, None);
            }
            Some(Fault::AmberIsForgotten) => {
                said.symptoms.retain(|it| it.urgency == Urgency::Red);
            }
            Some(Fault::SecondAlertIsOpened) => open.clear(),
            _ => {}
        }
        let events = assess_diary(&self.stay, &state, &open, &said, time(self.minute));
        let mut changes: Vec<(Change, Alert)> = events
            .into_iter()
            .map(|event| match event {
                WardEvent::Alert { change, alert } => (change, *alert),
                other => panic!("words only lead to alerts: {other:?}"),
            })
            .collect();
        for (change, alert) in &mut changes {
            match self.fault {
                Some(Fault::SeverityFalls) if *change == Change::Continued => {
                    alert.severity = Severity::Low;
                }
                Some(Fault::NewSymptomIsSilent)
                    if *change == Change::SaidAgain && alert.problem == Problem::Symptom =>
                {
                    *change = Change::Continued;
                }
                Some(Fault::SecondRequestIsSilent)
                    if *change == Change::SaidAgain && alert.problem == Problem::AskedForHelp =>
                {
                    *change = Change::Continued;
                }
                Some(Fault::ConditionIsForgotten) => alert.condition = Band::Green,
                _ => {}
            }
        }
        if matches!(self.fault, Some(Fault::OldRedIsForgotten)) {
            changes.retain(|(_, alert)| alert.problem != Problem::Silence);
        }
        changes
    }

    fn take(&mut self, random: &mut Random) {
        let Some(place) = self.any_open(random) else {
            return;
        };
        let now = time(self.minute);
        let taken = alert::acknowledge(&self.alerts[place], ASHA, self.seq, now);
        if let Ok(Acknowledged::Now(alert)) = taken {
            let minute = self.minute;
            if let Some(open) = self.of(alert.problem) {
                open.taken(minute);
            }
            self.alerts[place] = *alert;
        }
    }

    fn end(&mut self, random: &mut Random) {
        let Some(place) = self.any_open(random) else {
            return;
        };
        let (note, now) = ("rang".to_owned(), time(self.minute));
        let known = &self.alerts[place];
        let over = alert::resolve(known, ASHA, Outcome::AdviceGiven, note, self.seq, now);
        let Ok(over) = over else { return };
        match over.problem {
            Problem::Symptom => {
                self.state.words.resolved_at = Some(now);
                self.oracle.symptom_ended_at = Some(self.minute);
                self.oracle.symptom = None;
            }
            Problem::AskedForHelp => self.oracle.help = None,
            _ => self.oracle.silence = None,
        }
        self.alerts[place] = over;
    }

    fn any_open(&self, random: &mut Random) -> Option<usize> {
        let open: Vec<usize> = (0..self.alerts.len())
            .filter(|place| self.alerts[*place].is_open())
            .collect();
        (!open.is_empty()).then(|| open[at(random, open.len())])
    }

    fn of(&mut self, problem: Problem) -> Option<&mut Open> {
        match problem {
            Problem::Symptom => self.oracle.symptom.as_mut(),
            Problem::AskedForHelp => self.oracle.help.as_mut(),
            _ => self.oracle.silence.as_mut(),
        }
    }

    /// What stands open after a step is what the oracle holds open, as severe, in the same hands and condition.
    fn check(&self) -> Result<(), String> {
        let pairs = [
            (Problem::Symptom, &self.oracle.symptom),
            (Problem::Silence, &self.oracle.silence),
            (Problem::AskedForHelp, &self.oracle.help),
        ];
        for (problem, expected) in pairs {
            let open: Vec<&Alert> = self
                .alerts
                .iter()
                .filter(|it| it.is_open() && it.problem == problem)
                .collect();
            let same = match (open.as_slice(), expected) {
                ([], None) => true,
                ([alert], Some(open)) => {
                    let condition = problem != Problem::Symptom
                        || alert.severity == Severity::Low
                        || level(alert.condition) == open.condition;
                    alert.severity
                        == [Severity::Low, Severity::Amber, Severity::Red][usize::from(open.level)]
                        && alert.is_unacknowledged() == open.taken_at.is_none()
                        && condition
                }
                _ => false,
            };
            if !same {
                return Err(format!("{problem:?}: {open:?}, the oracle {expected:?}"));
            }
        }
        Ok(())
    }
}

fn level(band: Band) -> u8 {
    match band {
        Band::Green => 0,
        Band::Amber => 1,
        Band::Red => 2,
    }
}

fn symptom((code, level): &(u8, u8)) -> Symptom {
    Symptom {
        code: format!("symptom_{code}"),
        urgency: if *level == 2 {
            Urgency::Red
        } else {
            Urgency::Amber
        },
    }
}

fn at(random: &mut Random, length: usize) -> usize {
    usize::try_from(random.below(u64::try_from(length).unwrap())).unwrap()
}
