//! What figures are made from: small values, one for each alert and each stay, so that a year of a ward fits in memory.

use jiff::civil::Date;

use super::Period;
use crate::alert::{Alert, Outcome, Severity, State, Subject};
use crate::day::Zone;
use crate::id::{AlertNumber, StayId};
use crate::pathway::referral::Source;
use crate::patient::BirthDate;
use crate::stay::Destination;
use crate::time::Timestamp;

/// Everything about one ward and period.
#[derive(Clone, Debug)]
pub struct Facts {
    /// From when until when.
    pub period: Period,
    /// Now: what has not come yet is not counted.
    pub now: Timestamp,
    /// The ward's.
    pub zone: Zone,
    /// Patients that the ward can look after at once, if that is set.
    pub capacity: Option<u32>,
    /// Everybody who was on the ward in the period.
    pub stays: Vec<StayFact>,
    /// Every alert that was raised on the ward in the period.
    pub alerts: Vec<AlertFact>,
    /// Alerts of the period that cannot be read.
    pub unreadable_alerts: u32,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFact {
    /// Its number.
    pub number: AlertNumber,
    /// Whose; nobody's for one about kit.
    pub stay: Option<StayId>,
    /// What it is about, by name.
    pub problem: &'static str,
    /// The worst that it has been.
    pub severity: Severity,
    /// When it was first raised, which is when it was stored and offered to every console: one commit.
    pub raised_at: Timestamp,
    /// When the first value that it rests on was measured, if it rests on values.
    pub measured_at: Option<Timestamp>,
    /// When a console first showed it.
    pub shown_at: Option<Timestamp>,
    /// When somebody first acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was resolved, and what it led to.
    pub resolved: Option<(Timestamp, Outcome)>,
}

impl AlertFact {
    /// What its record says. When it was first shown and acknowledged stands on the log: see [`Self::was_shown`] and
    /// [`Self::was_acknowledged`].
    #[must_use]
    pub fn of(alert: &Alert) -> Self {
        let (acknowledged_at, resolved) = match &alert.state {
            State::Raised => (None, None),
            State::Acknowledged { at, .. } => (Some(*at), None),
            State::Resolved { at, outcome, .. } => (None, Some((*at, *outcome))),
        };
        Self {
            number: alert.number,
            stay: match &alert.subject {
                Subject::Stay(stay) => Some(*stay),
                Subject::Bridge(_) | Subject::Ward | Subject::Device { .. } => None,
            },
            problem: alert.problem.name(),
            severity: alert.severity,
            raised_at: alert.raised_at,
            measured_at: alert.lows.map(|lows| lows.first_at.min(alert.raised_at)),
            shown_at: alert.shown_at,
            acknowledged_at,
            resolved,
        }
    }

    /// A console showed it at `at`, perhaps not for the first time.
    pub fn was_shown(&mut self, at: Timestamp) {
        self.shown_at = Some(self.shown_at.map_or(at, |first| first.min(at)));
    }

    /// Somebody acknowledged it at `at`, perhaps not for the first time. Who acknowledges has seen it.
    pub fn was_acknowledged(&mut self, at: Timestamp) {
        self.acknowledged_at = Some(self.acknowledged_at.map_or(at, |first| first.min(at)));
        self.was_shown(at);
    }
}

/// One stay, as far as it was on the ward.
#[derive(Clone, Debug, PartialEq)]
pub struct StayFact {
    /// Which.
    pub stay: StayId,
    /// How old the patient was at admission.
    pub age_band: AgeBand,
    /// The language that is spoken with the patient.
    pub language: String,
    /// Make and model of the oximeter that they had last.
    pub device: Option<String>,
    /// When it was on this ward.
    pub spans: Vec<(Timestamp, Timestamp)>,
    /// When somebody else looked after the patient.
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// When it began, on whichever ward.
    pub admitted_at: Timestamp,
    /// Where the referral came from, if there was one.
    pub source: Option<Source>,
    /// The patient had left a hospital bed.
    pub from_hospital_bed: bool,
    /// When and where to it ended; also when it did so on another ward.
    pub end: Option<(Timestamp, Destination)>,
    /// When the same person's next stay began, on any ward of the organisation.
    pub back_at: Option<Timestamp>,
    /// Readings that were asked for in the period.
    pub asked: Asked,
    /// Contacts in the period.
    pub called: Called,
}

/// Readings that a plan asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Times at which one was asked for, that are over.
    pub due: u32,
    /// Of these, those for which a value came.
    pub kept: u32,
}

/// Contacts that a plan asked for, and those that were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Days on which one was due.
    pub due: u32,
    /// Of these, days on which the patient was reached.
    pub done: u32,
    /// Calls and visits, of whichever day, that reached the patient.
    pub reached: u32,
    /// Calls and visits by the ward that did not.
    pub tried: u32,
}

/// How old somebody was at admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// Under fifty.
    Under50,
    /// 50 to 64.
    From50,
    /// 65 to 74.
    From65,
    /// 75 to 84.
    From75,
    /// 85 and over.
    From85,
}

impl AgeBand {
    /// Of somebody born on a day who was admitted on another.
    #[must_use]
    pub fn of(born: BirthDate, admitted: Date) -> Self {
        let years = admitted.year() - born.0.year();
        let had_birthday = (admitted.month(), admitted.day()) >= (born.0.month(), born.0.day());
        match years - i16::from(!had_birthday) {
            ..50 => Self::Under50,
            50..65 => Self::From50,
            65..75 => Self::From65,
            75..85 => Self::From75,
            85.. => Self::From85,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Under50 => "under 50",
            Self::From50 => "50 to 64",
            Self::From65 => "65 to 74",
            Self::From75 => "75 to 84",
            Self::From85 => "85 and over",
        }
    }
}

/// Whether somebody came from hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coming {
    /// From hospital: a ward, an emergency department, or any other way out of a hospital bed.
    StepDown,
    /// From home or community, instead of going to hospital.
    StepUp,
    /// Nobody wrote down where from.
    NotRecorded,
}

impl Coming {
    /// By the source of the referral, and whether a hospital bed was left for it.
    #[must_use]
    pub const fn of(source: Option<Source>, from_hospital_bed: bool) -> Self {
        match source {
            _ if from_hospital_bed => Self::StepDown,
            Some(Source::HospitalWard | Source::EmergencyDepartment) => Self::StepDown,
            Some(
                Source::CaseFinding
                | Source::GeneralPractice
                | Source::Nhs111
                | Source::Ambulance
                | Source::CareHome
                | Source::CommunityServices
                | Source::SelfReferral,
            ) => Self::StepUp,
            Some(Source::Readmission) | None => Self::NotRecorded,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::StepDown => "step_down",
            Self::StepUp => "step_up",
            Self::NotRecorded => "not_recorded",
        }
    }
}

impl Facts {
    pub(super) fn stay(&self, stay: StayId) -> Option<&StayFact> {
        let place = self.stays.binary_search_by_key(&stay, |fact| fact.stay);
        self.stays.get(place.ok()?)
    }

    /// Stays in the order of their ids, so that they are found.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.stays.sort_by_key(|fact| fact.stay);
        self
    }
}

impl StayFact {
    /// Whether it was on this ward at `at`, paused or not.
    pub(super) fn is_here(&self, at: Timestamp) -> bool {
        self.spans
            .iter()
            .any(|(from, until)| *from <= at && at < *until)
    }

    /// Milliseconds of the period that are over, in which the patient was on the ward and looked after by it.
    pub(super) fn looked_after(&self, period: &Period, now: Timestamp) -> i64 {
        let mut millis = 0;
        for (from, until) in &self.spans {
            millis += period.part_of(*from, *until, now);
            for (since, to) in &self.pauses {
                millis -= period.part_of(*since.max(from), *to.min(until), now);
            }
        }
        millis.max(0)
    }

    /// Whether it came to this ward within the period, and by admission rather than by transfer.
    pub(super) fn was_admitted_in(&self, period: &Period) -> bool {
        period.holds(self.admitted_at)
            && self
                .spans
                .first()
                .is_some_and(|(from, _)| *from == self.admitted_at)
    }

    /// When and where to it ended on this ward within the period.
    pub(super) fn ended_in(&self, period: &Period) -> Option<(Timestamp, Destination)> {
        let here = self.spans.last().map(|(_, until)| *until);
        self.end
            .filter(|(at, _)| period.holds(*at) && here == Some(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_age_is_that_of_the_last_birthday() {
        let born: BirthDate = "1941-07-14".parse().unwrap();
        assert_eq!(AgeBand::of(born, date(2026, 7, 13)), AgeBand::From75);
        assert_eq!(AgeBand::of(born, date(2026, 7, 14)), AgeBand::From85);
        assert_eq!(AgeBand::of(born, date(1991, 7, 13)), AgeBand::Under50);
    }

    #[test]
    fn whoever_left_a_hospital_bed_steps_down_whoever_wrote_the_referral() {
        assert_eq!(
            Coming::of(Some(Source::HospitalWard), false),
            Coming::StepDown
        );
        assert_eq!(
            Coming::of(Some(Source::EmergencyDepartment), false),
            Coming::StepDown
        );
        assert_eq!(
            Coming::of(Some(Source::GeneralPractice), true),
            Coming::StepDown
        );
        assert_eq!(Coming::of(Some(Source::Ambulance), false), Coming::StepUp);
        assert_eq!(
            Coming::of(Some(Source::Readmission), false),
            Coming::NotRecorded
        );
        assert_eq!(Coming::of(None, false), Coming::NotRecorded);
    }
}
