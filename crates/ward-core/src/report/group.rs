//! The groups by which figures are broken down, and what they are called in files.

use super::By;
use super::facts::{AgeBand, AlertFact, Coming, Facts, StayFact};
use crate::alert::Severity;
use crate::pathway::referral::Source;
use crate::stay::Destination;

const fn source_name(source: Option<Source>) -> &'static str {
    match source {
        Some(Source::CaseFinding) => "case_finding",
        Some(Source::GeneralPractice) => "general_practice",
        Some(Source::Nhs111) => "nhs_111",
        Some(Source::Ambulance) => "ambulance",
        Some(Source::EmergencyDepartment) => "emergency_department",
        Some(Source::HospitalWard) => "hospital_ward",
        Some(Source::CareHome) => "care_home",
        Some(Source::CommunityServices) => "community_services",
        Some(Source::SelfReferral) => "self_referral",
        Some(Source::Readmission) => "readmission",
        None => "not_recorded",
    }
}

const fn destination_name(destination: Destination) -> &'static str {
    match destination {
        Destination::Home => "home",
        Destination::CommunityTeam => "community_team",
        Destination::CareHome => "care_home",
        Destination::Hospital => "hospital",
        Destination::Hospice => "hospice",
        Destination::Withdrawn => "withdrawn",
        Destination::Died => "died",
    }
}

/// A group, and where it stands among the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    order: u8,
    pub(super) text: String,
}

impl Group {
    pub(super) fn new(order: u8, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { order, text }
    }

    pub(super) fn all() -> Self {
        Self::new(0, "all")
    }
}

const fn severity_order(severity: Severity) -> u8 {
    match severity {
        Severity::Red => 0,
        Severity::Amber => 1,
        Severity::Low => 2,
    }
}

impl Facts {
    /// Groups that stand in a figure also when nothing is in them.
    pub(super) fn groups_always_shown(&self, by: By) -> Vec<Group> {
        match by {
            By::Whole => vec![Group::all()],
            By::Priority => [Severity::Red, Severity::Amber, Severity::Low]
                .map(|severity| Group::new(severity_order(severity), severity.name()))
                .into(),
            By::Hour => (0..24).map(hour_group).collect(),
            By::Day => self
                .period
                .days()
                .map(|day| Group::new(0, day.to_string()))
                .collect(),
            By::Problem
            | By::Outcome
            | By::AgeBand
            | By::Language
            | By::Device
            | By::Source
            | By::Direction
            | By::Destination
            | By::Stay => Vec::new(),
        }
    }

    pub(super) fn group_of_alert(&self, alert: &AlertFact, by: By) -> Option<Group> {
        match by {
            By::Whole => Some(Group::all()),
            By::Priority => Some(Group::new(
                severity_order(alert.severity),
                alert.severity.name(),
            )),
            By::Problem => Some(Group::new(0, alert.problem)),
            By::Hour => {
                let hour = self.zone.local(alert.raised_at).hour();
                u8::try_from(hour).ok().map(hour_group)
            }
            By::Day => Some(Group::new(0, self.zone.day_of(alert.raised_at).to_string())),
            By::Outcome => alert
                .resolved
                .map(|(_, outcome)| Group::new(0, super::care::outcome_name(outcome))),
            By::Stay => alert.stay.map(|stay| Group::new(0, stay.to_string())),
            By::AgeBand
            | By::Language
            | By::Device
            | By::Source
            | By::Direction
            | By::Destination => {
                let stay = alert.stay?;
                self.stay(stay)?.group(by)
            }
        }
    }
}

fn hour_group(hour: u8) -> Group {
    Group::new(hour, format!("{hour:02}"))
}

impl StayFact {
    /// The group of people that this one belongs to.
    pub(super) fn group(&self, by: By) -> Option<Group> {
        match by {
            By::Whole => Some(Group::all()),
            By::AgeBand => {
                let order = [
                    AgeBand::Under50,
                    AgeBand::From50,
                    AgeBand::From65,
                    AgeBand::From75,
                    AgeBand::From85,
                ]
                .into_iter()
                .position(|band| band == self.age_band)
                .unwrap_or_default();
                Some(Group::new(
                    u8::try_from(order).unwrap_or(u8::MAX),
                    self.age_band.name(),
                ))
            }
            By::Language => {
                let language = self.language.trim();
                let language = if language.is_empty() {
                    "English"
                } else {
                    language
                };
                Some(Group::new(0, language))
            }
            By::Device => Some(match &self.device {
                Some(model) => Group::new(0, model.trim()),
                None => Group::new(1, "none"),
            }),
            By::Source => Some(Group::new(0, source_name(self.source))),
            By::Direction => {
                let coming = Coming::of(self.source, self.from_hospital_bed);
                Some(Group::new(0, coming.name()))
            }
            By::Destination => self
                .end
                .map(|(_, destination)| Group::new(0, destination_name(destination))),
            By::Stay => Some(Group::new(0, self.stay.to_string())),
            By::Priority | By::Problem | By::Hour | By::Day | By::Outcome => None,
        }
    }
}
