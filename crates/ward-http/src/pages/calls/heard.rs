//! What to tell whoever is on the telephone, and what to ask about values that look odd.

use ward_core::hand::{HandRefused, Odd};
use ward_service::{AdviceLine, Heard, HeardValue};

use super::form::{RecordForm, Told, Value};
use super::words::of_band;
use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::sentence;
use crate::view;

/// Beside the form while the call goes on.
#[derive(Default)]
pub(super) struct HeardWords {
    pub(super) values: Vec<ValueHeard>,
    pub(super) advice: Vec<Say>,
}

/// One line of values, as it would be judged.
pub(super) struct ValueHeard {
    pub(super) percent: String,
    pub(super) level: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) question: Option<Question>,
}

/// What is asked about an odd value.
pub(super) struct Question {
    /// The radio buttons' id and name.
    pub(super) id: &'static str,
    pub(super) of_id: String,
    pub(super) of: String,
    pub(super) text: String,
    pub(super) choices: Vec<Choice>,
}

/// What to tell.
pub(super) struct Say {
    pub(super) text: String,
    /// Before anybody hangs up.
    pub(super) first: bool,
}

impl Say {
    pub(super) fn all(lines: &[AdviceLine]) -> Vec<Self> {
        let say = |line: &AdviceLine| Self {
            text: line.text.clone(),
            first: line.advice.comes_before_hanging_up(),
        };
        lines.iter().map(say).collect()
    }
}

impl HeardWords {
    pub(super) fn of(form: &RecordForm, values: &[Value], heard: &Heard) -> Self {
        let told = form.told();
        let pairs = values.iter().zip(&heard.values);
        let judged = pairs.filter_map(|(value, judged)| {
            let judged = judged.as_ref().ok()?;
            Some(judged_words(told.get(value.line)?, value, judged))
        });
        Self {
            values: judged.collect(),
            advice: Say::all(&heard.advice),
        }
    }
}

fn judged_words(told: &Told<'_>, value: &Value, judged: &HeardValue) -> ValueHeard {
    let (level, mark, word) = of_band(view::band(judged.band));
    let [.., id] = told.ids;
    // An answer is shown with its question, so that it can be changed.
    let odd = judged.odd.or_else(|| told.odd_as_typed());
    ValueHeard {
        percent: value.typed.spo2.to_string(),
        level,
        mark,
        word,
        question: odd.map(|odd| Question {
            id,
            of_id: id.replace("odd", "odd-of"),
            of: told.of(),
            text: question(told, odd),
            choices: answers(told, odd),
        }),
    }
}

fn question(told: &Told<'_>, odd: Odd) -> String {
    let (oxygen, pulse) = (told.oxygen.trim(), told.pulse.trim());
    match odd {
        Odd::Swapped => {
            format!("Oxygen {oxygen} and pulse {pulse} look swapped. Ask them to look again.")
        }
        Odd::VeryLow => {
            format!("Oxygen {oxygen} is very low. Ask them to warm the hand and look again.")
        }
        Odd::UnlikelyPulse => format!("A pulse of {pulse} is unusual. Ask them to look again."),
    }
}

fn answers(told: &Told<'_>, odd: Odd) -> Vec<Choice> {
    let (oxygen, pulse) = (told.oxygen.trim(), told.pulse.trim());
    let swapped = (odd == Odd::Swapped).then(|| {
        (
            "swapped",
            format!("Swapped: oxygen {pulse}, pulse {oxygen}"),
        )
    });
    let others = [
        ("as-typed", "They looked again: it is so".to_owned()),
        (
            "in-doubt",
            "They cannot look again: keep it as doubtful, it alerts the ward".to_owned(),
        ),
    ];
    let all = swapped.into_iter().chain(others);
    let now = if told.answer().is_some() {
        told.odd
    } else {
        ""
    };
    all.map(|(value, words)| Choice::new(value, words, now))
        .collect()
}

/// What cannot be a reading, and what is odd and not answered yet, at its field.
pub(super) fn ask(form: &RecordForm, values: &[Value], heard: &Heard, errors: &mut FormErrors) {
    let told = form.told();
    for (value, judged) in values.iter().zip(&heard.values) {
        let Some(told) = told.get(value.line) else {
            continue;
        };
        let [oxygen, pulse, _, odd] = told.ids;
        match judged {
            Err(refused @ HandRefused::Pulse(_)) => {
                errors.add(pulse, sentence(&refused.to_string()));
            }
            Err(refused) => errors.add(oxygen, sentence(&refused.to_string())),
            Ok(HeardValue { odd: Some(it), .. }) if value.answer.is_none() => {
                errors.add(odd, question(told, *it));
            }
            Ok(_) => {}
        }
    }
}
