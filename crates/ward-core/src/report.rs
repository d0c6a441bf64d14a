//! Whether the ward helps: what its alerts cost, how soon they were heard, and whether they changed anybody's care.
//!
//! Facts in, figures out. Each figure carries its [`Definition`], so that nobody has to guess what was counted; each
//! line of it says on how many things it rests. Nothing here asks which ward it is: a ward that is not to be reported on
//! is left out by whoever brings the facts.

mod alerts;
mod beds;
mod care;
mod facts;
mod group;
mod noise;
mod number;
mod period;
mod presence;
mod schedule;
mod stays;
mod times;
mod withhold;

pub use care::changed_care;
pub use facts::{AgeBand, AlertFact, Asked, Called, Coming, Facts, StayFact};
pub use noise::{NAMED_AT_MOST, Noisy};
pub use period::{DAYS_AT_MOST, Period, PeriodRefused, USUAL_DAYS};
pub use presence::{Move, Moved, on_ward};
pub use schedule::{contacts, slots};
pub use withhold::{FEWEST, withheld};

use group::Group;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name in files: `alerts_per_patient_day`.
    pub name: &'static str,
    /// Its name on a page.
    pub title: &'static str,
    /// What its values are counted in.
    pub unit: Unit,
    /// What was counted, and what was not.
    pub text: &'static str,
}

/// What values are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// Days of 24 hours.
    Days,
    /// Of a hundred.
    Percent,
    /// Alerts for each day of 24 hours that one patient was on the ward.
    PerPatientDay,
}

impl Unit {
    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Days => "days",
            Self::Percent => "percent",
            Self::PerPatientDay => "per_patient_day",
        }
    }
}

/// By what a figure is broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Not at all.
    Whole,
    /// The worst severity that an alert reached.
    Priority,
    /// The problem that an alert is about: the rule that raised it.
    Problem,
    /// The hour of the ward's day in which an alert was raised.
    Hour,
    /// The ward's day.
    Day,
    /// What an alert led to.
    Outcome,
    /// How old the patient was at admission.
    AgeBand,
    /// The language that is spoken with the patient.
    Language,
    /// The make and model of the patient's oximeter.
    Device,
    /// Where the referral came from.
    Source,
    /// From hospital, or instead of it.
    Direction,
    /// Where the patient went.
    Destination,
    /// The stay, by its id: of the noisiest patients alone.
    Stay,
}

impl By {
    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Priority => "priority",
            Self::Problem => "problem",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Outcome => "outcome",
            Self::AgeBand => "age_band",
            Self::Language => "language",
            Self::Device => "device",
            Self::Source => "source",
            Self::Direction => "direction",
            Self::Destination => "destination",
            Self::Stay => "stay",
        }
    }

    /// Whether its groups are groups of people, so that a small one could tell of somebody.
    #[must_use]
    pub const fn is_of_people(self) -> bool {
        match self {
            Self::AgeBand
            | Self::Language
            | Self::Device
            | Self::Source
            | Self::Direction
            | Self::Destination => true,
            Self::Whole
            | Self::Priority
            | Self::Problem
            | Self::Hour
            | Self::Day
            | Self::Outcome
            | Self::Stay => false,
        }
    }
}

/// One value of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// By what it is broken down.
    pub by: By,
    /// Which group; `all` for the whole.
    pub group: String,
    /// The value, to three places. Nothing where there is nothing that it could rest on.
    pub value: Option<f64>,
    /// On how many things it rests; the definition says which.
    pub n: u32,
    /// How many people are behind it.
    pub people: u32,
    /// Fewer than [`FEWEST`] people are behind it, or behind another that it would give away: not for a file.
    pub withheld: bool,
}

/// A figure with all its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is.
    pub definition: Definition,
    /// The whole first, then group by group.
    pub lines: Vec<Line>,
}

impl Figure {
    /// The line of a group, if there is one.
    #[must_use]
    pub fn line(&self, by: By, group: &str) -> Option<&Line> {
        self.lines
            .iter()
            .find(|line| line.by == by && line.group == group)
    }
}

/// Figures that are read together.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name in files.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Everything that is reported of one ward and period.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// From when until when.
    pub period: Period,
    /// The figures, in the order in which they are read.
    pub sections: Vec<Section>,
    /// The patients who had the most alerts, the noisiest first.
    pub noisiest: Vec<Noisy>,
    /// Alerts of the period whose record this program cannot read: they are in no figure.
    pub unreadable_alerts: u32,
}

impl Report {
    /// A figure by its name.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures().find(|figure| figure.definition.name == name)
    }

    /// All figures, in their order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections.iter().flat_map(|section| &section.figures)
    }
}

/// Works everything out.
#[must_use]
pub fn report(facts: &Facts) -> Report {
    let mut sections = vec![alerts::section(facts)];
    sections.extend(times::sections(facts));
    sections.push(care::section(facts));
    sections.push(noise::section(facts));
    sections.push(stays::readings(facts));
    sections.push(stays::contacts(facts));
    sections.push(beds::section(facts));
    sections.push(stays::coming(facts));
    sections.push(stays::going(facts));
    for section in &mut sections {
        for figure in &mut section.figures {
            withhold::mark(&mut figure.lines);
        }
    }
    Report {
        period: facts.period,
        sections,
        noisiest: noise::noisiest(facts),
        unreadable_alerts: facts.unreadable_alerts,
    }
}

/// The lines of a figure for each breakdown: what belongs to a group is handed to `value`, which says the value and on
/// how many things it rests.
fn lines<T>(
    facts: &Facts,
    breakdowns: &[By],
    all: &[T],
    group_of: impl Fn(&T, By) -> Option<Group>,
    person_of: impl Fn(&T) -> Option<crate::id::StayId>,
    value: impl Fn(&[&T], &Scope<'_>) -> (Option<f64>, u32),
) -> Vec<Line> {
    let mut lines = Vec::new();
    for by in breakdowns {
        let mut groups: std::collections::BTreeMap<Group, Vec<&T>> = facts
            .groups_always_shown(*by)
            .into_iter()
            .map(|group| (group, Vec::new()))
            .collect();
        for one in all {
            if let Some(group) = group_of(one, *by) {
                groups.entry(group).or_default().push(one);
            }
        }
        for (group, members) in groups {
            let scope = Scope::of(facts, *by, &group);
            let (value, n) = value(&members, &scope);
            let people: std::collections::BTreeSet<_> =
                members.iter().filter_map(|one| person_of(one)).collect();
            lines.push(Line {
                by: *by,
                people: number::count(people.len()),
                group: group.text,
                value: value.map(number::rounded),
                n,
                withheld: false,
            });
        }
    }
    lines
}

/// Whose time the alerts of a group are set against.
struct Scope<'a> {
    stays: Vec<&'a StayFact>,
}

impl<'a> Scope<'a> {
    fn of(facts: &'a Facts, by: By, group: &Group) -> Self {
        let is_in = |stay: &&StayFact| !by.is_of_people() || stay.group(by).as_ref() == Some(group);
        Self {
            stays: facts.stays.iter().filter(is_in).collect(),
        }
    }
}
