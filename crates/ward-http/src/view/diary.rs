//! Diaries and charts, from the ward's nouns to the treaty's and back.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::entry::{Author, Means};
use ward_core::hand::{Odd, OddAnswer, Typed};
use ward_core::id::ClinicianId;
use ward_core::plan::MonitoringPlan;
use ward_core::questionnaire::{Answer, Answers, Help, Questionnaire, Urgency};
use ward_core::reading::{Context, Measured, Source};
use ward_core::spo2::{Pulse, Spo2};
use ward_service::{AdviceLine, ChartLine, KeptEntry, Recorded, SaidBy};
use ward_wire::diary as wire;

use super::observations::observations_view;
use super::{band, time};
use crate::problem::ApiError;
use crate::window_summary;

pub(crate) fn advice(lines: &[AdviceLine]) -> Vec<wire::AdviceView> {
    lines
        .iter()
        .map(|line| wire::AdviceView {
            advice: line.advice.name().to_owned(),
            text: line.text.clone(),
        })
        .collect()
}

pub(crate) fn recorded(recorded: &Recorded) -> wire::EnteredReading {
    wire::EnteredReading {
        reading: recorded.reading.0,
        spo2_percent: recorded.values.spo2.percent(),
        pulse_bpm: recorded.values.pulse.map(Pulse::bpm),
        band: band(recorded.band),
        asked: recorded.odd.map(odd),
        over: recorded.is_over,
    }
}

fn odd(odd: Odd) -> String {
    match odd {
        Odd::Swapped => "swapped",
        Odd::VeryLow => "very_low",
        Odd::UnlikelyPulse => "unlikely_pulse",
    }
    .to_owned()
}

pub(crate) const fn odd_answer(answer: wire::OddAnswer) -> OddAnswer {
    match answer {
        wire::OddAnswer::AsTyped => OddAnswer::AsTyped,
        wire::OddAnswer::Swapped => OddAnswer::Swapped,
        wire::OddAnswer::Corrected {
            spo2_percent,
            pulse_bpm,
        } => OddAnswer::Corrected(Typed {
            spo2: spo2_percent,
            pulse: pulse_bpm,
        }),
    }
}

pub(crate) const fn help(help: wire::Help) -> Help {
    match help {
        wire::Help::CallMe => Help::CallMe,
        wire::Help::Called999 => Help::Called999,
    }
}

pub(crate) const fn context(context: wire::Context) -> Context {
    match context {
        wire::Context::Rest => Context::Rest,
        wire::Context::Exertion => Context::Exertion,
        wire::Context::Recovery => Context::Recovery,
    }
}

const fn context_view(context: Context) -> wire::Context {
    match context {
        Context::Rest => wire::Context::Rest,
        Context::Exertion => wire::Context::Exertion,
        Context::Recovery => wire::Context::Recovery,
    }
}

pub(crate) fn said_by(from: wire::From) -> Result<(SaidBy, Means), ApiError> {
    let carer = from.carer.unwrap_or_default();
    let said_by = match from.said_by {
        wire::SaidBy::Patient => SaidBy::Patient,
        wire::SaidBy::Carer => SaidBy::Carer(carer),
        wire::SaidBy::Staff => SaidBy::Staff,
        wire::SaidBy::Bridge => return Err(ApiError::who_is_missing()),
    };
    let means = match from.means {
        wire::Means::Page => Means::Page,
        wire::Means::Telephone => Means::Telephone,
        wire::Means::Video => Means::Video,
        wire::Means::Visit => Means::Visit,
        wire::Means::Paper => Means::Paper,
        wire::Means::Bridge => Means::Bridge,
    };
    Ok((said_by, means))
}

const fn means_view(means: Means) -> wire::Means {
    match means {
        Means::Page => wire::Means::Page,
        Means::Telephone => wire::Means::Telephone,
        Means::Video => wire::Means::Video,
        Means::Visit => wire::Means::Visit,
        Means::Paper => wire::Means::Paper,
        Means::Bridge => wire::Means::Bridge,
    }
}

pub(crate) fn source(
    author: Author,
    means: Means,
    carer: Option<&String>,
    typed_by: Option<ClinicianId>,
) -> wire::Source {
    let (said_by, staff) = match author {
        Author::Patient => (wire::SaidBy::Patient, typed_by),
        Author::Carer => (wire::SaidBy::Carer, typed_by),
        Author::Staff(by) => (wire::SaidBy::Staff, Some(by)),
        Author::Bridge(_) => (wire::SaidBy::Bridge, None),
    };
    wire::Source {
        said_by,
        carer: carer.cloned(),
        means: means_view(means),
        staff: staff.map(|by| by.0),
    }
}

pub(crate) fn answers(given: BTreeMap<String, wire::AnswerValue>) -> Answers {
    given
        .into_iter()
        .map(|(id, answer)| {
            let answer = match answer {
                wire::AnswerValue::YesNo(yes) => Answer::YesNo(yes),
                wire::AnswerValue::Number(number) => Answer::Number(number),
                wire::AnswerValue::Text(text) => Answer::Text(text),
            };
            (id, answer)
        })
        .collect()
}

fn answers_view(answers: &Answers) -> BTreeMap<String, wire::AnswerValue> {
    answers
        .iter()
        .map(|(id, answer)| {
            let answer = match answer {
                Answer::YesNo(yes) => wire::AnswerValue::YesNo(*yes),
                Answer::Number(number) => wire::AnswerValue::Number(*number),
                Answer::Text(text) => wire::AnswerValue::Text(text.clone()),
            };
            (id.clone(), answer)
        })
        .collect()
}

pub(crate) fn entry(kept: &KeptEntry) -> wire::DiaryEntryView {
    let entry = &kept.entry;
    wire::DiaryEntryView {
        id: entry.id.0,
        at: time(entry.at),
        recorded_at: time(entry.recorded_at),
        source: source(
            entry.author,
            entry.means,
            entry.carer.as_ref(),
            entry.entered_by,
        ),
        questionnaire: wire::Answered {
            name: entry.questionnaire.clone(),
            version: entry.version,
        },
        answers: answers_view(&entry.answers),
        symptoms: entry
            .symptoms
            .iter()
            .map(|symptom| wire::SymptomView {
                code: symptom.code.clone(),
                words: super::detail::in_words(&symptom.code),
                urgency: match symptom.urgency {
                    Urgency::Amber => wire::Urgency::Amber,
                    Urgency::Red => wire::Urgency::Red,
                },
            })
            .collect(),
        band: band(entry.band()),
        complete: entry.complete,
        wellbeing: entry.wellbeing.is_due(),
        readings: entry.readings.iter().map(|reading| reading.0).collect(),
        struck: kept.struck.as_deref().map(struck),
    }
}

pub(crate) fn chart_line(line: &ChartLine, plan: &MonitoringPlan) -> wire::ChartReading {
    let reading = &line.kept.reading;
    let values = match &reading.measured {
        Measured::Values(values) => Some(values),
        Measured::Attempt { .. } => None,
    };
    let source = match reading.source {
        Source::Oximeter => source(Author::Bridge(reading.bridge), Means::Bridge, None, None),
        Source::ByHand { author, means } => {
            source(author, means, line.carer.as_ref(), line.typed_by)
        }
    };
    let doubts = values.map(|values| serde_json::to_value(&values.doubts));
    wire::ChartReading {
        reading: reading.id.0,
        at: time(reading.effective_at),
        received_at: time(reading.received_at),
        source,
        spo2_percent: values.map(|values| values.spo2).map(Spo2::percent),
        pulse_bpm: values.and_then(|values| values.pulse).map(Pulse::bpm),
        summary: values
            .and_then(|values| values.window.as_ref())
            .map(window_summary::view),
        band: values.map(|values| band(plan.band(values.spo2))),
        doubts: doubts
            .and_then(|doubts| serde_json::from_value(doubts.ok()?).ok())
            .unwrap_or_default(),
        context: context_view(reading.context),
        observations: values.and_then(|values| observations_view(&values.observations)),
        typed: line.typed.map(|typed| wire::TypedValues {
            spo2_percent: typed.spo2,
            pulse_bpm: typed.pulse,
        }),
        asked: line.asked.map(odd),
        copy: line.kept.copy_of.is_some(),
        struck: line.kept.struck.as_deref().map(struck),
    }
}

pub(crate) fn struck(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or(serde_json::Value::Null)
}

/// Both have one form in JSON.
pub(crate) fn questionnaire(questionnaire: &Questionnaire) -> Option<wire::Questionnaire> {
    serde_json::from_value(serde_json::to_value(questionnaire).ok()?).ok()
}

/// Both have one form in JSON.
pub(crate) fn questionnaire_from(given: &wire::Questionnaire) -> Result<Questionnaire, ApiError> {
    let malformed = |why: serde_json::Error| ApiError::malformed(why.to_string());
    let value = serde_json::to_value(given).map_err(malformed)?;
    serde_json::from_value(value).map_err(malformed)
}

/// The staff that sources mention.
pub(crate) fn staff<'a>(sources: impl Iterator<Item = &'a wire::Source>) -> Vec<Uuid> {
    let mut staff: Vec<Uuid> = sources.filter_map(|source| source.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    staff
}
