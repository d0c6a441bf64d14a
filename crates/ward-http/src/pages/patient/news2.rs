//! NEWS2 in words, for the page of a patient: a total only of a whole set, otherwise what it is at least and at most.

use ward_core::news2::{Observations, ObservedSet, Parameter, Response, Score};
use ward_core::plan::Spo2Scale;
use ward_service::{News2Of, ScoredSet};

use crate::pages::observed::level_words;
use crate::pages::patient::charts::in_units;
use crate::pages::patient::words::{PageClock, capital};

/// What stands in the box.
pub(super) struct News2Words {
    /// Why there is no score.
    pub(super) none: Option<String>,
    pub(super) score: Option<ScoreWords>,
    /// Of an older set that says more.
    pub(super) fuller: Option<String>,
}

/// A score.
pub(super) struct ScoreWords {
    /// `5`, or `at least 3, at most 17`.
    pub(super) value: String,
    pub(super) missing: Option<String>,
    pub(super) doubtful: Option<String>,
    pub(super) response: String,
    pub(super) scale: u8,
    /// `09:02 (12 min ago)`, or from when to when.
    pub(super) when: String,
    pub(super) parts: Vec<PartWords>,
}

/// A parameter, its value and its points.
pub(super) struct PartWords {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) points: String,
}

pub(super) fn words(of: &News2Of, clock: &PageClock) -> News2Words {
    let none = |why: &str| News2Words {
        none: Some(why.to_owned()),
        score: None,
        fuller: None,
    };
    match of {
        News2Of::NotFor(why) => none(&format!("Not scored. {}.", capital(&why.to_string()))),
        News2Of::NotInPlan => none("Not scored: this patient's plan leaves NEWS2 out."),
        News2Of::NothingYet => none("Nothing to score yet."),
        News2Of::Scored { newest, fuller, .. } => News2Words {
            none: None,
            score: Some(score_words(newest, clock)),
            fuller: fuller.as_ref().map(|fuller| {
                let ScoredSet { set, score } = &**fuller;
                let missing = missing(score).map_or_else(String::new, |it| format!(" ({it})"));
                format!("{}: {}{missing}", when(set, clock), value(score))
            }),
        },
    }
}

fn score_words(scored: &ScoredSet, clock: &PageClock) -> ScoreWords {
    let ScoredSet { set, score } = scored;
    let doubtful: Vec<&str> = set.doubtful.iter().map(|it| name(*it)).collect();
    ScoreWords {
        value: value(score),
        missing: missing(score),
        doubtful: (!doubtful.is_empty()).then(|| doubtful.join(", ")),
        response: response(score),
        scale: match score.scale {
            Spo2Scale::One => 1,
            Spo2Scale::Two => 2,
        },
        when: when(set, clock),
        parts: Parameter::ALL
            .into_iter()
            .map(|parameter| part(parameter, set, score))
            .collect(),
    }
}

fn value(score: &Score) -> String {
    match score.total {
        Some(total) => total.to_string(),
        None => format!("at least {}, at most {}", score.at_least, score.at_most),
    }
}

fn missing(score: &Score) -> Option<String> {
    let names: Vec<&str> = score.missing.iter().map(|it| name(*it)).collect();
    (!names.is_empty()).then(|| format!("missing: {}", names.join(", ")))
}

fn when(set: &ObservedSet, clock: &PageClock) -> String {
    let (to, ago) = (clock.when(set.to), clock.ago(set.to));
    if set.is_spread() {
        format!("taken from {} to {to} ({ago})", clock.when(set.from))
    } else {
        format!("taken {to} ({ago})")
    }
}

/// As on the College's chart, by what is certain.
fn response(score: &Score) -> String {
    let asks = match score.response {
        Response::Routine => "observe at least every 12 hours",
        Response::NurseAssesses => "a registered nurse assesses; observe every 4 to 6 hours",
        Response::UrgentWardReview => {
            "one parameter alone scores 3: urgent ward-based review; observe every hour"
        }
        Response::Urgent => "urgent response, within the hour",
        Response::Emergency => "emergency response, now",
    };
    match (score.total, score.response) {
        (Some(_), _) => format!("{}.", capital(asks)),
        (None, Response::Routine) => {
            "What is known asks for no more than routine observation. That is no all-clear: not everything is known."
                .to_owned()
        }
        (
            None,
            Response::NurseAssesses
            | Response::UrgentWardReview
            | Response::Urgent
            | Response::Emergency,
        ) => format!("By what is known already: {asks}. It may be more."),
    }
}

const fn name(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::RespirationRate => "respiration rate",
        Parameter::Spo2 => "SpO₂",
        Parameter::OnOxygen => "air or oxygen",
        Parameter::SystolicBp => "systolic blood pressure",
        Parameter::Pulse => "pulse",
        Parameter::Consciousness => "consciousness",
        Parameter::Temperature => "temperature",
    }
}

fn part(parameter: Parameter, set: &ObservedSet, score: &Score) -> PartWords {
    let value = measured(parameter, &set.observations);
    let doubt = if set.doubtful.contains(&parameter) {
        ", doubtful"
    } else {
        ""
    };
    PartWords {
        name: name(parameter),
        points: match (score.subscores.of(parameter), &value) {
            (Some(points), _) => points.to_string(),
            (None, Some(_)) => "depends on oxygen".to_owned(),
            (None, None) => "not known".to_owned(),
        },
        value: value.map_or_else(|| "missing".to_owned(), |value| format!("{value}{doubt}")),
    }
}

fn measured(parameter: Parameter, of: &Observations) -> Option<String> {
    match parameter {
        Parameter::RespirationRate => of.respiration_rate.map(|it| format!("{it} a minute")),
        Parameter::Spo2 => of.spo2.map(|it| format!("{it} %")),
        Parameter::OnOxygen => of
            .on_oxygen
            .map(|it| if it { "oxygen" } else { "air" }.to_owned()),
        Parameter::SystolicBp => of.systolic_bp.map(|it| format!("{it} mmHg")),
        Parameter::Pulse => of.pulse.map(|it| format!("{it} a minute")),
        Parameter::Consciousness => of.consciousness.map(|it| level_words(it).to_owned()),
        Parameter::Temperature => of
            .temperature_tenths
            .map(|it| format!("{} °C", in_units(it))),
    }
}
