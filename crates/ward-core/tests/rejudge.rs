//! Readings come in, people act on what follows, and then some readings turn out to have been somebody else's.
//!
//! The oracle knows nothing of states and alerts' steps: it looks at the readings that remain, every pair of them.

mod common;

use std::collections::BTreeSet;

use common::{Dice, EIGHT, reading, stay, values};
use ward_core::alert::{
    Acknowledged, Alert, Outcome, Problem, Severity, State, acknowledge, resolve,
};
use ward_core::assess::{PlansOverTime, Rejudged, assess_reading, rejudge};
use ward_core::event::WardEvent;
use ward_core::id::{ClinicianId, ReadingId, Seq};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{Context, Measured, Reading};
use ward_core::stay::{Stay, StayState};
use ward_core::time::{Timestamp, minutes, seconds};

/// What is wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Nothing,
    /// What a struck reading hid stays hidden.
    HiddenStaysHidden,
    /// Open alerts are left as they are.
    AlertsAreLeft,
    /// The state goes on counting what was struck.
    StateIsLeft,
    /// An alert that no longer rests on anything so bad is made less severe.
    SeverityFalls,
    /// An alert that somebody has stays theirs, though it stands worse.
    WorseIsSilent,
    /// The next true low is measured by a struck one.
    MeasuredByTheStruck,
}

struct World {
    stay: Stay,
    state: StayState,
    alerts: Vec<Alert>,
    seq: Seq,
    now: Timestamp,
    /// All that count, and whether each was struck.
    readings: Vec<(Reading, bool)>,
    resolved_at: Option<Timestamp>,
    fault: Fault,
    dice: Dice,
}

const WHO: ClinicianId = ClinicianId(uuid::Uuid::from_u128(0xA5));

impl World {
    fn new(seed: u64, fault: Fault) -> Self {
        Self {
            stay: stay(MonitoringPlan::scale_one().with_bands_alone()),
            state: StayState::default(),
            alerts: Vec::new(),
            seq: Seq(0),
            now: EIGHT,
            readings: Vec::new(),
            resolved_at: None,
            fault,
            dice: Dice(seed),
        }
    }

    fn append(&mut self, events: Vec<WardEvent>) {
        for event in events {
            self.seq = self.seq.next();
            if let WardEvent::Alert { alert, .. } = event.stamped(self.seq) {
                self.alerts.retain(|held| held.number != alert.number);
                self.alerts.push(*alert);
            }
        }
    }

    fn open(&self) -> Vec<Alert> {
        self.alerts
            .iter()
            .filter(|it| it.is_open())
            .cloned()
            .collect()
    }

    fn oxygen(&self) -> Option<&Alert> {
        self.alerts
            .iter()
            .find(|it| it.is_open() && it.problem == Problem::Oxygen)
    }

    fn comes(&mut self, tenths: u16, ago: u64, sound: bool, exertion: bool) -> Result<(), String> {
        let at = self.now.minus(seconds(ago));
        let number = self.readings.len() as u128;
        let Some(measured) = values(tenths, sound) else {
            return Ok(());
        };
        let reading = reading(number, measured, at, exertion, self.now);
        let was = self.oxygen().cloned();
        self.state = std::mem::take(&mut self.state).with(&reading, &self.stay.plan);
        let events = assess_reading(&self.stay, &self.state, &self.open(), &reading, self.now);
        self.append(events);
        self.readings.push((reading, false));
        self.first_true_low_is_heard(was, tenths, exertion)
    }

    /// An alert all of whose readings of that band were struck: the first true one is told as new.
    fn first_true_low_is_heard(
        &self,
        was: Option<Alert>,
        tenths: u16,
        exertion: bool,
    ) -> Result<(), String> {
        let (Some(was), Some(is), Some((newest, _))) = (was, self.oxygen(), self.readings.last())
        else {
            return Ok(());
        };
        let nothing_left = was.struck.is_some() && was.lows.is_none();
        let is_of_it = is.lows != was.lows && is.number == was.number;
        let heard = is.is_unacknowledged() && is.spoke_at == self.now;
        if nothing_left && is_of_it && tenths < 930 && !exertion && !heard {
            return Err(format!("a true low was not heard: {newest:?}"));
        }
        Ok(())
    }

    fn acts(&mut self) {
        let Some(alert) = self.oxygen().cloned() else {
            return;
        };
        match alert.state {
            State::Raised => {
                if let Ok(Acknowledged::Now(taken)) = acknowledge(&alert, WHO, self.seq, self.now) {
                    self.replace(*taken);
                }
            }
            State::Acknowledged { .. } if self.dice.one_in(2) => {
                let outcome = Outcome::AdviceGiven;
                let over = resolve(&alert, WHO, outcome, String::new(), self.seq, self.now);
                if let Ok(over) = over {
                    self.state.oxygen_resolved_at = Some(self.now);
                    self.resolved_at = Some(self.now);
                    self.replace(over);
                }
            }
            State::Acknowledged { .. } | State::Resolved { .. } => {}
        }
    }

    fn replace(&mut self, alert: Alert) {
        self.alerts.retain(|held| held.number != alert.number);
        self.alerts.push(alert);
    }

    fn strikes(&mut self) -> Result<(), String> {
        let count = self.readings.len() as u64;
        if count == 0 {
            return Ok(());
        }
        let place = usize::try_from(self.dice.below(count)).unwrap_or_default();
        let Some((struck, is_struck)) = self.readings.get_mut(place) else {
            return Ok(());
        };
        if std::mem::replace(is_struck, true) {
            return Ok(());
        }
        let struck = struck.clone();
        let before = self.open();
        let remaining: Vec<Reading> = self.counting().cloned().collect();
        let mut again = self.rejudged(&remaining, &struck, &before);
        if self.fault == Fault::StateIsLeft {
            again.state = self.state.clone();
        }
        self.state = again.state.clone();
        if self.fault != Fault::AlertsAreLeft {
            let events = again
                .events
                .into_iter()
                .map(|event| self.twisted(event, &before));
            let events: Vec<WardEvent> = events.collect();
            self.append(events);
        }
        if self.fault != Fault::HiddenStaysHidden {
            for low in &again.to_judge {
                let events = assess_reading(&self.stay, &again.state, &self.open(), low, self.now);
                self.append(events);
            }
        }
        self.check(&struck, &before)
    }

    fn rejudged(&self, remaining: &[Reading], struck: &Reading, open: &[Alert]) -> Rejudged {
        let plans = PlansOverTime::always(&self.stay.plan);
        let struck = std::slice::from_ref(struck);
        rejudge(
            &self.stay,
            &self.state,
            &plans,
            remaining,
            struck,
            open,
            self.now,
        )
    }

    fn twisted(&self, event: WardEvent, before: &[Alert]) -> WardEvent {
        let WardEvent::Alert { change, mut alert } = event else {
            return event;
        };
        let known = before.iter().find(|it| it.number == alert.number);
        match (self.fault, known) {
            (Fault::SeverityFalls, _) if alert.reds.is_none() => alert.severity = Severity::Amber,
            (Fault::WorseIsSilent, Some(known)) => alert.state = known.state.clone(),
            (Fault::MeasuredByTheStruck, Some(known)) => {
                alert.lows = known.lows;
                alert.reds = known.reds;
                alert.heeded = known.heeded;
            }
            _ => {}
        }
        WardEvent::Alert { change, alert }
    }

    fn counting(&self) -> impl Iterator<Item = &Reading> {
        self.readings
            .iter()
            .filter(|(_, struck)| !struck)
            .map(|(reading, _)| reading)
    }

    /// What the readings that remain say, looked at in pairs: one bridge, right clocks, ages told.
    fn stands(&self) -> Option<Band> {
        let judged: Vec<(Timestamp, Band, bool)> = self
            .counting()
            .filter_map(|it| judged(it, &self.stay.plan))
            .collect();
        let worst = judged
            .iter()
            .filter(|(at, band, _)| {
                *band > Band::Green
                    && !judged
                        .iter()
                        .any(|(then, better, sound)| *sound && better < band && then > at)
            })
            .map(|(_, band, _)| *band)
            .max();
        let any_good = judged
            .iter()
            .any(|(_, band, sound)| *band == Band::Green && *sound);
        worst.or(any_good.then_some(Band::Green))
    }

    fn check(&self, struck: &Reading, before: &[Alert]) -> Result<(), String> {
        let stands = self.stands();
        if self.state.condition() != stands {
            return Err(format!(
                "stands {:?}, not {stands:?}",
                self.state.condition()
            ));
        }
        let shown: BTreeSet<ReadingId> = self.state.trend.iter().map(|it| it.reading).collect();
        if shown.contains(&struck.id) {
            return Err("what was struck is drawn".to_owned());
        }
        for was in before {
            let is = self.alerts.iter().find(|it| it.number == was.number);
            let Some(is) = is.filter(|it| it.is_open()) else {
                return Err("an open alert is gone".to_owned());
            };
            if is.severity < was.severity {
                return Err("severity fell".to_owned());
            }
            if is.condition > was.condition && !is.is_unacknowledged() {
                return Err("it stands worse and nobody is told".to_owned());
            }
            if was.problem == Problem::Oxygen {
                self.rests_on_what_remains(is)?;
            }
        }
        self.hidden_is_raised(struck)
    }

    fn rests_on_what_remains(&self, alert: &Alert) -> Result<(), String> {
        let Some(lows) = alert.lows else {
            return Ok(());
        };
        for end in [lows.first_at, lows.last_at] {
            let is_there = self
                .counting()
                .filter_map(|it| judged(it, &self.stay.plan))
                .any(|(at, band, _)| at == end && band > Band::Green);
            if !is_there {
                return Err(format!("rests on a reading that does not count: {alert:?}"));
            }
        }
        Ok(())
    }

    /// Who stands low by a reading that the struck one made look over has an open alert as severe as that.
    fn hidden_is_raised(&self, struck: &Reading) -> Result<(), String> {
        let Some((gone_at, Band::Green, true)) = judged(struck, &self.stay.plan) else {
            return Ok(());
        };
        let goods: Vec<Timestamp> = self
            .counting()
            .filter_map(|it| judged(it, &self.stay.plan))
            .filter(|(_, band, sound)| *band == Band::Green && *sound)
            .map(|(at, ..)| at)
            .collect();
        for low in self.counting() {
            let Some((at, band, _)) = judged(low, &self.stay.plan) else {
                continue;
            };
            let came_to_light =
                band > Band::Green && gone_at > at && !goods.iter().any(|good| *good > at);
            let ended_without_it = self
                .resolved_at
                .is_some_and(|resolved_at| at < resolved_at && struck.received_at > resolved_at);
            if !came_to_light || ended_without_it || at < self.now.minus(minutes(24 * 60)) {
                continue;
            }
            let raised = self
                .oxygen()
                .is_some_and(|alert| alert.severity >= Severity::of(band));
            if !raised {
                return Err(format!("{low:?} was hidden and stays so"));
            }
        }
        Ok(())
    }
}

fn judged(reading: &Reading, plan: &MonitoringPlan) -> Option<(Timestamp, Band, bool)> {
    let Measured::Values(values) = &reading.measured else {
        return None;
    };
    let sound = values.doubts.is_empty();
    let band = plan.band(values.spo2);
    let counts = reading.context != Context::Exertion && (sound || band > Band::Green);
    counts.then_some((reading.effective_at, band, sound))
}

fn walk(fault: Fault, seed: u64) -> Result<(), String> {
    let mut world = World::new(seed, fault);
    for _ in 0..60 {
        world.now = world.now.plus(seconds(30 + world.dice.below(2_400)));
        match world.dice.below(10) {
            0..=5 => {
                let choices = [850, 880, 900, 910, 925, 930, 940, 949, 950, 960, 970, 980];
                let tenths = world.dice.pick(&choices, 960);
                let late = world.dice.one_in(4);
                let ago = if late {
                    world.dice.below(7_200)
                } else {
                    world.dice.below(20)
                };
                let (sound, exertion) = (!world.dice.one_in(5), world.dice.one_in(12));
                world.comes(tenths, ago, sound, exertion)?;
            }
            6 | 7 => world.acts(),
            _ => world.strikes()?,
        }
    }
    Ok(())
}

#[test]
fn whatever_was_struck_the_rest_is_judged_as_if_it_had_been_alone() {
    for seed in 0..3_000 {
        assert_eq!(walk(Fault::Nothing, seed), Ok(()), "seed {seed}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    for fault in [
        Fault::HiddenStaysHidden,
        Fault::AlertsAreLeft,
        Fault::StateIsLeft,
        Fault::SeverityFalls,
        Fault::WorseIsSilent,
        Fault::MeasuredByTheStruck,
    ] {
        assert!(
            (0..3_000).any(|seed| walk(fault, seed).is_err()),
            "{fault:?}"
        );
    }
}

/// The words of the decision, one after the other.
#[test]
fn a_struck_good_reading_uncovers_the_low_that_it_hid_also_behind_a_resolution() {
    let mut world = World::new(1, Fault::Nothing);
    world.comes(880, 0, true, false).unwrap();
    world.acts();
    world.now = world.now.plus(minutes(5));
    world.comes(980, 0, true, false).unwrap();
    // The alert is ended on the good value.
    while world.oxygen().is_some() {
        world.acts();
    }
    world.now = world.now.plus(minutes(5));
    let (good, is_struck) = world.readings.last_mut().unwrap();
    *is_struck = true;
    let good = good.clone();
    let remaining: Vec<Reading> = world.counting().cloned().collect();
    let again = world.rejudged(&remaining, &good, &[]);
    assert_eq!(again.state.oxygen_resolved_at, None);
    assert_eq!(again.to_judge.len(), 1);
    let events = assess_reading(
        &world.stay,
        &again.state,
        &[],
        &again.to_judge[0],
        world.now,
    );
    world.append(events);
    assert_eq!(world.oxygen().unwrap().severity, Severity::Red);
}
