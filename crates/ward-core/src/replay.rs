//! What a plan would have raised: the rules of the ward run over readings of the past, with nobody there to act.
//!
//! Nothing is judged here. Each reading goes the way that it goes in the service ([`StayState::with`], [`assess`]), and time
//! passes between them as the sweep lets it pass ([`time_passed`] at every deadline). A reading is taken to have come in when
//! it was measured. A deadline that falls together with a reading comes first, as everything that is due by then.
//!
//! Alerts about kit are left out: a plan of the past says nothing of the kit of now.

mod compare;
#[cfg(test)]
mod tests;

pub use compare::{Difference, OnlyOne, Tally, compare, tally};

use uuid::Uuid;

use crate::alert::{Alert, Change, Confirmation, NOT_YET_NUMBERED, Problem, Severity, time_passed};
use crate::event::WardEvent;
use crate::id::{PatientId, Seq, StayId, WardId};
use crate::pathway::out_of_phase::assess;
use crate::plan::{Band, MonitoringPlan};
use crate::reading::Reading;
use crate::spo2::Spo2;
use crate::stay::{Channel, Phase, Stay, StayState};
use crate::time::Timestamp;

/// What one alert came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// What the trouble was.
    pub problem: Problem,
    /// The worst it has been.
    pub severity: Severity,
    /// When it was raised: when the reading that raised it was measured.
    pub raised_at: Timestamp,
    /// When it was borne out at its severity, by a second reading or because nobody rechecked in time. `None`: never, or it is of
    /// a kind that is not rechecked.
    pub confirmed_at: Option<Timestamp>,
    /// When its condition last became green, and was so to the end. `None`: it did not, or it never had a condition.
    pub cleared_at: Option<Timestamp>,
    /// The lowest saturation among what it rests on.
    pub worst_spo2: Option<Spo2>,
    /// How many readings it rests on, of any severity.
    pub readings: u32,
}

/// When an alert of a replay is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Never: nobody acknowledges and nobody resolves, so each problem has one alert, as on a board that nobody looks at.
    Never,
    /// When its condition is green again: each bout of a problem is an alert of its own, as on a ward that answers each.
    WhenGreen,
}

/// A replay under way. Its readings come in the order of time; what it needs of memory does not grow with their number, but with
/// that of the alerts.
#[derive(Clone, Debug)]
pub struct Replay {
    stay: Stay,
    state: StayState,
    ends: Ends,
    open: Vec<Followed>,
    over: Vec<(Seq, Raised)>,
    now: Option<Timestamp>,
    seq: Seq,
}

/// An open alert, and what is told of it in the end.
#[derive(Clone, Debug)]
struct Followed {
    alert: Alert,
    confirmed_at: Option<Timestamp>,
    cleared_at: Option<Timestamp>,
}

/// What this plan raises on these readings, given in the order of time, when nobody acts. Time goes on after the last one until
/// nothing is due any more. The alerts stand in the order in which they were raised.
#[must_use]
pub fn replay<'a>(
    plan: &MonitoringPlan,
    baseline_spo2: Option<Spo2>,
    readings: impl IntoIterator<Item = &'a Reading>,
) -> Vec<Raised> {
    let mut replay = Replay::new(plan.clone(), baseline_spo2, Ends::Never);
    for reading in readings {
        replay.take(reading);
    }
    replay.finish()
}

impl Replay {
    /// Before the first reading.
    #[must_use]
    pub fn new(plan: MonitoringPlan, baseline_spo2: Option<Spo2>, ends: Ends) -> Self {
        let nobody = Uuid::nil();
        Self {
            stay: Stay {
                id: StayId(nobody),
                ward: WardId(nobody),
                patient: PatientId(nobody),
                admitted_at: Timestamp::from_millis(i64::MIN),
                plan,
                phase: Phase::Active,
                channel: Channel::Bridge,
                baseline_spo2,
            },
            state: StayState::default(),
            ends,
            open: Vec::new(),
            over: Vec::new(),
            now: None,
            seq: NOT_YET_NUMBERED,
        }
    }

    /// Takes the next reading, at the time when it was measured. One that was measured before the last is taken at the time of
    /// that one: time does not go back.
    pub fn take(&mut self, reading: &Reading) {
        let now = self
            .now
            .map_or(reading.effective_at, |now| now.max(reading.effective_at));
        if self.now.is_none() {
            // Rules that count from the beginning of a stay count from the first reading.
            self.stay.admitted_at = now;
        }
        self.pass_until(now);
        self.now = Some(now);
        let reading = Reading {
            received_at: now,
            ..reading.clone()
        };
        let state = std::mem::take(&mut self.state).as_of(now);
        self.state = state.with(&reading, &self.stay.plan);
        let open: Vec<Alert> = self.open.iter().map(|held| held.alert.clone()).collect();
        for event in assess(&self.stay, &self.state, &open, &reading, now) {
            if let WardEvent::Alert { change, alert } = event {
                self.apply(change, *alert, now);
            }
        }
        // A recheck that is awaited again may have been due before.
        self.pass_until(now);
        self.end_what_is_over();
    }

    /// Nothing comes any more: what is still due happens at its time. The alerts in the order in which they were raised.
    #[must_use]
    pub fn finish(mut self) -> Vec<Raised> {
        self.pass_until(Timestamp::from_millis(i64::MAX));
        for held in std::mem::take(&mut self.open) {
            self.tell(held);
        }
        self.over
            .sort_by_key(|(number, raised)| (raised.raised_at, *number));
        self.over.into_iter().map(|(_, raised)| raised).collect()
    }

    /// Every deadline up to and with `until`, at its own time, the earliest first.
    fn pass_until(&mut self, until: Timestamp) {
        let not_before = self.now;
        let when = |at: Timestamp| not_before.map_or(at, |now| now.max(at));
        loop {
            // Only what time does change: a deadline that nothing follows from holds up no other.
            let due = self
                .open
                .iter()
                .filter_map(|held| {
                    let at = held.alert.next_deadline().filter(|at| *at <= until)?;
                    let (change, alert) = time_passed(&held.alert, when(at))?;
                    Some((when(at), change, alert))
                })
                .min_by_key(|(at, _, alert)| (*at, alert.number));
            let Some((at, change, alert)) = due else {
                return;
            };
            self.apply(change, alert, at);
        }
    }

    fn apply(&mut self, change: Change, alert: Alert, now: Timestamp) {
        self.seq = Seq(self.seq.0.saturating_add(1));
        let alert = alert.stamped(self.seq, change);
        let known = self.open.iter_mut().find(|held| {
            held.alert.problem == alert.problem && held.alert.subject == alert.subject
        });
        match known {
            Some(held) => held.becomes(alert, now),
            None => {
                let mut held = Followed {
                    alert: alert.clone(),
                    confirmed_at: None,
                    cleared_at: None,
                };
                held.becomes(alert, now);
                self.open.push(held);
            }
        }
    }

    fn end_what_is_over(&mut self) {
        if self.ends == Ends::Never {
            return;
        }
        let (over, open): (Vec<Followed>, Vec<Followed>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|held| held.alert.condition == Band::Green);
        self.open = open;
        for mut held in over {
            // One that never had a condition is over as soon as it is raised.
            held.cleared_at = held.cleared_at.or(self.now);
            self.tell(held);
        }
    }

    fn tell(&mut self, held: Followed) {
        let about_kit = match held.alert.problem {
            Problem::Technical(_) => true,
            Problem::Oxygen
            | Problem::LateLow
            | Problem::OxygenDrop
            | Problem::OxygenTrend
            | Problem::OxygenSustained
            | Problem::OxygenTooHigh
            | Problem::Pulse
            | Problem::News2
            | Problem::Exertion
            | Problem::Silence
            | Problem::Symptom
            | Problem::AskedForHelp => false,
        };
        if !about_kit {
            self.over.push((held.alert.number, held.into_raised()));
        }
    }
}

impl Followed {
    fn becomes(&mut self, alert: Alert, now: Timestamp) {
        let rose = alert.severity > self.alert.severity;
        self.confirmed_at = match alert.confirmation {
            Confirmation::Unconfirmed | Confirmation::NotAsked => None,
            Confirmation::SecondReading | Confirmation::NoRecheck => {
                self.confirmed_at.filter(|_| !rose).or(Some(now))
            }
        };
        let was_not_green = self.alert.condition > Band::Green;
        self.cleared_at = match alert.condition {
            Band::Green => self.cleared_at.or(was_not_green.then_some(now)),
            Band::Amber | Band::Red => None,
        };
        self.alert = alert;
    }

    fn into_raised(self) -> Raised {
        let alert = self.alert;
        Raised {
            problem: alert.problem,
            severity: alert.severity,
            raised_at: alert.raised_at,
            confirmed_at: self.confirmed_at,
            cleared_at: self.cleared_at,
            worst_spo2: alert.worst,
            readings: alert.lows.map_or(0, |lows| lows.count),
        }
    }
}
