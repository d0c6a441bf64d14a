//! How far an alert has been passed on: the level that it has reached, and when it reaches the next.
//!
//! It stands in the alert's row, and every change of it is made under the ward's lock: whatever crashes, each level is
//! reached once. Timers run while an alert is nobody's. What gets worse while it waits does not wait anew for what is
//! owed already; what somebody had and speaks again begins from the foot.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::notice::About;
use super::policy::{PERSONAL, Policy, Route, Target};
use super::{ChannelKind, Steps};
use crate::alert::{Alert, Change, Problem, Severity, Subject};
use crate::day::{StaffedHours, Zone};
use crate::id::{ClinicianId, Seq};
use crate::technical::Cause;
use crate::time::{CLOCK_STEP, Timestamp, seconds};

/// An alert is passed on so often at most: three days of every five minutes.
pub const MOST_LEVELS: u16 = 1_000;

/// Lines about who was told that an alert keeps, the newest.
const TOLD_KEPT: usize = 12;

/// The kind of alert that a ward's policy speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Red, confirmed or not, and red symptoms.
    Red,
    /// Somebody asked for help.
    AskedForHelp,
    /// Amber.
    Amber,
    /// Low.
    Low,
    /// The service itself, or what concerns the whole ward.
    WholeWard,
}

impl Class {
    /// Every one, the most urgent first.
    pub const ALL: [Self; 5] = [
        Self::Red,
        Self::AskedForHelp,
        Self::Amber,
        Self::Low,
        Self::WholeWard,
    ];

    /// Its name, as in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::AskedForHelp => "asked_for_help",
            Self::Amber => "amber",
            Self::Low => "low",
            Self::WholeWard => "whole_ward",
        }
    }

    /// What an alert is to the policy.
    #[must_use]
    pub const fn of(alert: &Alert) -> Self {
        let is_wards = matches!(alert.subject, Subject::Ward);
        match (alert.problem, alert.severity) {
            // A record that cannot be read may be anybody's red.
            (Problem::Technical(Cause::UnreadableData), Severity::Red) => Self::Red,
            (Problem::Technical(_), _) if is_wards => Self::WholeWard,
            (_, Severity::Red) => Self::Red,
            (Problem::AskedForHelp, Severity::Amber | Severity::Low) => Self::AskedForHelp,
            (_, Severity::Amber) => Self::Amber,
            (_, Severity::Low) => Self::Low,
        }
    }
}

/// Where an alert stands with its policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// How often it has begun from the foot.
    #[serde(default)]
    pub round: u32,
    /// Reached since then; 0: none yet.
    #[serde(default)]
    pub level: u16,
    /// By which steps. `None`: its timers do not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// From when its timers run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the last level was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_at: Option<Timestamp>,
    /// When the next one is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When nobody watches the board any more: a red that is still nobody's then goes to whoever is on call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_ends_at: Option<Timestamp>,
    /// The event that last passed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// The last time that somebody passed it on by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
    /// Who was told, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
}

/// Passed on by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// By whom.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
    /// To whom; `None`: to whoever the next step tells.
    pub to: Option<ClinicianId>,
    /// In their words.
    pub note: String,
}

/// Somebody who can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "whom")]
pub enum Whom {
    /// A member of staff.
    Clinician {
        /// Who.
        id: ClinicianId,
    },
    /// An outside contact, by its place in the policy, from 1.
    Contact {
        /// Which.
        place: u8,
    },
    /// Whatever stands behind the webhook.
    Webhook,
    /// Nobody could be told: no post is held by anybody who can be reached.
    Nobody,
}

/// What became of telling somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldState {
    /// Waits to go out.
    Queued,
    /// The channel has it.
    Sent,
    /// It reached the device.
    Delivered,
    /// It did not get through; the next way was taken.
    Failed,
    /// Not wanted any more: somebody had taken the alert.
    Cancelled,
}

/// One line of who was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// At which level.
    pub level: u16,
    /// Whom.
    pub to: Whom,
    /// By what.
    pub by: Option<ChannelKind>,
    /// When that was last news.
    pub at: Timestamp,
    /// What became of it.
    pub state: ToldState,
    /// Whom the step was to tell, where nobody holds that post or they cannot be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Target>,
    /// Its row in the outbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Uuid>,
}

impl Ladder {
    /// With one more line.
    pub fn tell(&mut self, line: Told) {
        self.told.push(line);
        let too_many = self.told.len().saturating_sub(TOLD_KEPT);
        self.told.drain(..too_many);
    }

    /// What became of a notice. `false` when the alert knows nothing of it, or knows it already.
    pub fn heard_of(&mut self, notice: Uuid, state: ToldState, now: Timestamp) -> bool {
        let line = self
            .told
            .iter_mut()
            .find(|line| line.notice == Some(notice));
        match line {
            Some(line) if line.state != state => {
                (line.state, line.at) = (state, now);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Its timers stop: somebody has the alert, or it is over.
    pub const fn stop(&mut self) {
        self.class = None;
        self.since = None;
        self.next_at = None;
        self.shift_ends_at = None;
    }

    /// When time alone next changes it.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        [self.next_at, self.shift_ends_at]
            .into_iter()
            .flatten()
            .min()
    }

    /// Without times that `now` has not come to.
    pub(crate) fn believed(mut self, now: Timestamp) -> Self {
        if let Some(since) = self.since.filter(|since| *since > now.plus(CLOCK_STEP)) {
            let back = |at: Timestamp| {
                Timestamp::from_millis(now.as_millis().saturating_add(at.millis_since(since)))
            };
            self.since = Some(now);
            self.next_at = self.next_at.map(back);
            self.shift_ends_at = self.shift_ends_at.map(back);
        }
        if let Some(reached) = self.reached_at.filter(|at| *at > now.plus(CLOCK_STEP)) {
            let back = |at: Timestamp| {
                Timestamp::from_millis(now.as_millis().saturating_add(at.millis_since(reached)))
            };
            self.next_at = self.next_at.map(|at| at.min(back(at)));
            self.reached_at = Some(now);
        }
        self
    }
}

/// What timers run by: the ward's policy and its hours.
#[derive(Clone, Copy, Debug)]
pub struct Timers<'a> {
    /// Who is told when.
    pub policy: &'a Policy,
    /// When somebody watches the board.
    pub hours: &'a StaffedHours,
    /// The ward's zone.
    pub zone: &'a Zone,
}

impl Timers<'_> {
    /// The alert with its timers set, as an event of `now` leaves it.
    #[must_use]
    pub fn armed(&self, mut alert: Alert, change: Change, now: Timestamp) -> Alert {
        if !alert.is_unacknowledged() {
            alert.ladder.stop();
            return alert;
        }
        let class = Class::of(&alert);
        let ladder = &mut alert.ladder;
        match ladder.class {
            None => {
                // Nobody's, and it was somebody's or is new.
                ladder.round = ladder.round.saturating_add(1);
                ladder.level = 0;
                ladder.reached_at = None;
                ladder.by_hand = None;
                ladder.class = Some(class);
                ladder.since = Some(now);
                ladder.next_at = self.next(ladder, class, now);
            }
            Some(before) if before != class => {
                // More urgent now: by the steps of what it is, but what is owed already is not put off.
                let owed = ladder.next_at;
                ladder.round = ladder.round.saturating_add(1);
                ladder.level = 0;
                ladder.reached_at = None;
                ladder.class = Some(class);
                ladder.since = Some(now);
                let next = self.next(ladder, class, now);
                ladder.next_at = [owed, next].into_iter().flatten().min();
            }
            Some(_) if ladder.next_at.is_none() => ladder.next_at = self.next(ladder, class, now),
            Some(_) => {}
        }
        let hurries = matches!(change, Change::NotShown | Change::Escalated) && alert.unseen;
        let outside = self.first_outside(class, now);
        if hurries && outside.is_some_and(|first| ladder.level < first) {
            // No board showed it: what leads off the board does not wait, and what comes before it comes first.
            ladder.next_at = Some(now);
        }
        if class == Class::Red && ladder.shift_ends_at.is_none() && change != Change::LeftAtShiftEnd
        {
            ladder.shift_ends_at = self.hours.ends(self.zone, now);
        }
        alert
    }

    /// The alert with its timers set anew: the policy or the hours have changed.
    #[must_use]
    pub fn set_anew(&self, mut alert: Alert, now: Timestamp) -> Alert {
        if !alert.is_unacknowledged() {
            return alert;
        }
        alert.ladder.next_at = None;
        alert.ladder.shift_ends_at = None;
        self.armed(alert, Change::Continued, now)
    }

    /// By which route this is passed on; `None` when the policy has none.
    #[must_use]
    pub fn route(&self, alert: &Alert, about: About, at: Timestamp) -> Option<Route> {
        let straight_to = |to| Route {
            to,
            by: PERSONAL.to_vec(),
        };
        let by_hand = alert.ladder.by_hand.as_ref();
        match about {
            About::ShiftEnd { .. } => Some(straight_to(Target::OnCall)),
            About::ByHand { .. } if by_hand.is_some_and(|by_hand| by_hand.to.is_some()) => {
                let clinician = by_hand.and_then(|by_hand| by_hand.to)?;
                Some(straight_to(Target::Person { clinician }))
            }
            About::ByHand { .. } | About::Level { .. } => {
                let steps = &self.policy.of(Class::of(alert)).steps;
                let place = usize::from(alert.ladder.level).clamp(1, steps.len().max(1)) - 1;
                let step = steps.get(place)?;
                let staffed = self.hours.is_staffed(self.zone, at);
                Some(if staffed {
                    step.staffed.clone()
                } else {
                    step.unstaffed.clone()
                })
            }
            About::Test { .. } => None,
        }
    }

    /// The first level that leads off the board.
    fn first_outside(&self, class: Class, now: Timestamp) -> Option<u16> {
        let staffed = self.hours.is_staffed(self.zone, now);
        let mut steps = self.policy.of(class).steps.iter();
        let place = steps.position(|step| {
            if staffed {
                step.staffed.leads_outside()
            } else {
                step.unstaffed.leads_outside()
            }
        })?;
        u16::try_from(place + 1).ok()
    }

    /// When the level after the one reached is due.
    fn next(&self, ladder: &Ladder, class: Class, now: Timestamp) -> Option<Timestamp> {
        if ladder.level >= MOST_LEVELS {
            return None;
        }
        let steps = self.policy.of(class);
        let since = ladder.since.unwrap_or(now);
        match steps.steps.get(usize::from(ladder.level)) {
            Some(step) => Some(self.after(steps, since, seconds(u64::from(step.after_s)))),
            None => {
                let every = i64::from(steps.repeat_every_s?) * 1_000;
                let last = steps.steps.last()?;
                let from = since.plus(seconds(u64::from(last.after_s)));
                let reached = ladder.reached_at.unwrap_or(now);
                // After an outage the next one is due, not each that was missed.
                let times = reached.millis_since(from).max(0) / every + 1;
                let at = from.as_millis().saturating_add(times.saturating_mul(every));
                Some(self.in_hours(steps, Timestamp::from_millis(at)))
            }
        }
    }

    fn after(&self, steps: &Steps, since: Timestamp, span: Duration) -> Timestamp {
        if !steps.staffed_hours_only {
            return since.plus(span);
        }
        let begins = self.hours.next_staffed(self.zone, since).unwrap_or(since);
        self.in_hours(steps, begins.plus(span))
    }

    /// What falls out of hours waits for the next round.
    fn in_hours(&self, steps: &Steps, at: Timestamp) -> Timestamp {
        if steps.staffed_hours_only {
            self.hours.next_staffed(self.zone, at).unwrap_or(at)
        } else {
            at
        }
    }
}

#[cfg(test)]
mod tests;
