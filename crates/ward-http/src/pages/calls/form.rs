//! The form that writes a call down, as it was typed.

mod read;

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use uuid::Uuid;
use ward_core::hand::{Odd, Typed};
use ward_wire::calls::{Advice, CallOutcome, Change, Help, Identifier, Mood, Support, Way, Whom};
use ward_wire::observations::Observations;

use super::contacts::{
    advice_words, change_words, help_words, identifier_words, mood_words, outcome_words,
    support_words, whom_words,
};
use super::words::Times;
use crate::pages::form::{Choice, FormErrors};
use crate::pages::observed::{self, Observed};
use crate::view::detail::in_words;

/// A call as it was typed. Nothing in it is refused before it can be shown again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct RecordForm {
    /// Given by the page, so that a second press of the button writes nothing twice.
    pub(super) id: Option<Uuid>,
    /// They rang.
    pub(super) incoming: String,
    /// Where to go afterwards: `next`, `stay`, or `say` to write nothing yet.
    pub(super) go: String,
    pub(super) outcome: String,
    pub(super) whom: String,
    pub(super) name: String,
    pub(super) identity: String,
    pub(super) identity_first: String,
    pub(super) identity_second: String,
    pub(super) oxygen: String,
    pub(super) pulse: String,
    pub(super) taken: String,
    pub(super) odd: String,
    pub(super) odd_of: String,
    pub(super) oxygen_2: String,
    pub(super) pulse_2: String,
    pub(super) taken_2: String,
    pub(super) odd_2: String,
    pub(super) odd_of_2: String,
    pub(super) breaths: String,
    pub(super) systolic: String,
    pub(super) diastolic: String,
    pub(super) temperature: String,
    pub(super) consciousness: String,
    pub(super) breathing_on: String,
    pub(super) litres: String,
    pub(super) feels: String,
    pub(super) breathing: String,
    pub(super) mood: String,
    pub(super) isolated: String,
    pub(super) symptoms: Vec<String>,
    pub(super) help: String,
    pub(super) advice: Vec<String>,
    pub(super) way: String,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) support: String,
    pub(super) next_day: String,
    pub(super) next_time: String,
    pub(super) note: String,
}

/// Values that are told in one line of the form.
pub(super) struct Told<'a> {
    /// The fields' ids: oxygen, pulse, time, question.
    pub(super) ids: [&'static str; 4],
    pub(super) oxygen: &'a str,
    pub(super) pulse: &'a str,
    pub(super) taken: &'a str,
    pub(super) odd: &'a str,
    odd_of: &'a str,
}

/// What the person on the telephone said when an odd value was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OddAnswer {
    /// Looked at again: it is so.
    AsTyped,
    /// Oxygen and pulse were swapped.
    Swapped,
    /// They cannot look again: it is kept in doubt.
    InDoubt,
}

/// Values that can be read, with the answer if they were asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// Which line of the form.
    pub(super) line: usize,
    pub(super) typed: Typed,
    pub(super) at: Option<jiff::Timestamp>,
    pub(super) answer: Option<OddAnswer>,
    /// What was taken beside them.
    pub(super) observations: Option<Observations>,
}

/// Pairs by which people are mostly checked; any other two stand behind the last.
const PAIRS: [(&str, &str, [Identifier; 2]); 3] = [
    (
        "name-birth",
        "Name and date of birth",
        [Identifier::FullName, Identifier::BirthDate],
    ),
    (
        "name-address",
        "Name and address",
        [Identifier::FullName, Identifier::Address],
    ),
    (
        "birth-address",
        "Date of birth and address",
        [Identifier::BirthDate, Identifier::Address],
    ),
];

/// The pair that is chosen from two lists.
const OTHER_PAIR: &str = "other";

const OUTCOMES: [CallOutcome; 4] = [
    CallOutcome::Reached,
    CallOutcome::NoAnswer,
    CallOutcome::LeftMessage,
    CallOutcome::WrongNumber,
];
const IDENTIFIERS: [Identifier; 5] = [
    Identifier::FullName,
    Identifier::BirthDate,
    Identifier::Address,
    Identifier::NhsNumber,
    Identifier::KnownBySight,
];
const CHANGES: [Change; 3] = [Change::Better, Change::Same, Change::Worse];
const MOODS: [Mood; 3] = [Mood::Fine, Mood::Low, Mood::VeryLow];
const SUPPORTS: [Support; 4] = [
    Support::None,
    Support::Interpreter,
    Support::Relay,
    Support::Family,
];
const ADVICE: [Advice; 9] = [
    Advice::CarryOn,
    Advice::MeasureAgain,
    Advice::HowToMeasure,
    Advice::SelfCare,
    Advice::Medicine,
    Advice::RingTheWard,
    Advice::RingTheGp,
    Advice::Ring111,
    Advice::Ring999,
];

/// A word of the treaty, read as JSON reads it.
fn pick<T: DeserializeOwned>(text: &str) -> Option<T> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(text).ok()
}

/// A word of the treaty as it is written there.
fn wire<T: serde::Serialize>(word: &T) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(_) | Err(_) => String::new(),
    }
}

/// Words of the treaty to choose from.
pub(super) fn choices<T: serde::Serialize + Copy>(
    all: &[T],
    words: impl Fn(T) -> &'static str,
    now: &str,
) -> Vec<Choice> {
    let choice = |it: &T| Choice::new(wire(it), capital(words(*it)), now);
    all.iter().map(choice).collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim_end();
    text.replace(',', ".").parse().ok()
}

impl RecordForm {
    /// Empty, for a call that is about to be made or has just come in.
    pub(super) fn empty(id: Uuid, incoming: bool) -> Self {
        Self {
            id: Some(id),
            incoming: if incoming { "1" } else { "" }.to_owned(),
            whom: wire(&Whom::Patient),
            way: wire(&Way::Telephone),
            support: wire(&Support::None),
            ..Self::default()
        }
    }

    pub(super) fn is_incoming(&self) -> bool {
        !self.incoming.is_empty()
    }

    pub(super) fn told(&self) -> [Told<'_>; 2] {
        [
            Told {
                ids: ["oxygen", "pulse", "taken", "odd"],
                oxygen: &self.oxygen,
                pulse: &self.pulse,
                taken: &self.taken,
                odd: &self.odd,
                odd_of: &self.odd_of,
            },
            Told {
                ids: ["oxygen-2", "pulse-2", "taken-2", "odd-2"],
                oxygen: &self.oxygen_2,
                pulse: &self.pulse_2,
                taken: &self.taken_2,
                odd: &self.odd_2,
                odd_of: &self.odd_of_2,
            },
        ]
    }

    /// The second line of values is open.
    fn has_second(&self) -> bool {
        let [_, second] = self.told();
        !(second.oxygen.is_empty() && second.pulse.is_empty() && second.taken.is_empty())
    }

    /// Something was typed where nobody is asked: it is shown when there is something wrong with it.
    pub(super) fn hides_something(&self) -> bool {
        let reached = self.is_incoming() || pick(&self.outcome) == Some(CallOutcome::Reached);
        let speaks = matches!(pick(&self.whom), Some(Whom::Patient | Whom::Carer));
        !(reached && speaks)
    }

    /// What is asked more rarely is open: something stands in it, or is wrong with it, or who rings in asks for something.
    pub(super) fn has_more(&self, errors: &FormErrors) -> bool {
        let fields = ["taken", "oxygen-2", "pulse-2", "taken-2", "odd-2", "time"];
        let fields = fields.iter().chain(&observed::FIELDS);
        let asks = [&self.taken, &self.help, &self.time];
        let wrong = |field: &&str| errors.of(field).is_some();
        self.is_incoming()
            || self.has_second()
            || self.observed().is_begun()
            || fields.into_iter().any(wrong)
            || asks.iter().any(|it| !it.is_empty())
    }

    /// What was taken beside the first values.
    pub(super) fn observed(&self) -> Observed<'_> {
        Observed {
            breaths: &self.breaths,
            systolic: &self.systolic,
            diastolic: &self.diastolic,
            temperature: &self.temperature,
            consciousness: &self.consciousness,
            breathing: &self.breathing_on,
            litres: &self.litres,
        }
    }

    pub(super) fn levels(&self) -> Vec<Choice> {
        observed::levels(&self.consciousness)
    }

    pub(super) fn breathing_choices(&self) -> Vec<Choice> {
        observed::breathing(&self.breathing_on)
    }

    pub(super) fn outcomes(&self) -> Vec<Choice> {
        choices(&OUTCOMES, outcome_words, &self.outcome)
    }

    pub(super) fn whoms(&self) -> Vec<Choice> {
        let all = [
            Whom::Patient,
            Whom::Carer,
            Whom::NextOfKin,
            Whom::WelfareCheck,
        ];
        let shown = if self.is_incoming() { 3 } else { 4 };
        choices(all.get(..shown).unwrap_or(&all), whom_words, &self.whom)
    }

    pub(super) fn pairs(&self) -> Vec<Choice> {
        let pairs = PAIRS.iter().map(|(value, words, _)| (*value, *words));
        pairs
            .chain([(OTHER_PAIR, "Two others")])
            .map(|(value, words)| Choice::new(value, words, &self.identity))
            .collect()
    }

    pub(super) fn identifiers(&self, now: &str) -> Vec<Choice> {
        let none = Choice::new("", "Choose", now);
        let all = choices(&IDENTIFIERS, identifier_words, now);
        std::iter::once(none).chain(all).collect()
    }

    pub(super) fn changes(&self, now: &str) -> Vec<Choice> {
        choices(&CHANGES, change_words, now)
    }

    pub(super) fn moods(&self) -> Vec<Choice> {
        choices(&MOODS, mood_words, &self.mood)
    }

    pub(super) fn alone(&self) -> Vec<Choice> {
        vec![
            Choice::new("no", "No", &self.isolated),
            Choice::new("yes", "Yes", &self.isolated),
        ]
    }

    pub(super) fn red_symptoms(&self) -> Vec<Choice> {
        let codes = ward_core::questionnaire::RED_SYMPTOMS.iter();
        let choice = |code: &&str| Choice {
            value: (*code).to_owned(),
            words: in_words(code),
            chosen: self.symptoms.iter().any(|it| it == code),
        };
        codes.map(choice).collect()
    }

    pub(super) fn helps(&self) -> Vec<Choice> {
        let none = Choice::new("", "Nothing", &self.help);
        let all = choices(&[Help::CallMe, Help::Called999], help_words, &self.help);
        std::iter::once(none).chain(all).collect()
    }

    pub(super) fn advised(&self) -> Vec<Choice> {
        let choice = |it: &Advice| Choice {
            value: wire(it),
            words: advice_words(*it).to_owned(),
            chosen: self.advice.contains(&wire(it)),
        };
        ADVICE.iter().map(choice).collect()
    }

    pub(super) fn ways(&self) -> Vec<Choice> {
        let words = |way| match way {
            Way::Telephone => "Telephone",
            Way::Video => "Video",
            Way::Visit => "At the door",
        };
        let all = [Way::Telephone, Way::Video, Way::Visit];
        let shown = if self.is_incoming() { 2 } else { 3 };
        choices(all.get(..shown).unwrap_or(&all), words, &self.way)
    }

    pub(super) fn supports(&self) -> Vec<Choice> {
        choices(&SUPPORTS, support_words, &self.support)
    }

    /// Days on which the call may have been: today and the six before.
    pub(super) fn days(&self, times: &Times) -> Vec<Choice> {
        days(times, (-6..=0).rev(), &self.day)
    }

    pub(super) fn next_days(&self, times: &Times) -> Vec<Choice> {
        let planned = Choice::new("", "As planned", &self.next_day);
        std::iter::once(planned)
            .chain(days(times, 0..=14, &self.next_day))
            .collect()
    }
}

impl Told<'_> {
    /// What was typed, as one text: an answer counts only for what it was given to.
    pub(super) fn of(&self) -> String {
        format!("{}/{}", self.oxygen.trim(), self.pulse.trim())
    }

    /// What is odd about the values as they stand in the form, whatever was answered.
    pub(super) fn odd_as_typed(&self) -> Option<Odd> {
        let (spo2, pulse) = (number(self.oxygen)?, number(self.pulse));
        Typed { spo2, pulse }.taken().ok()?.odd
    }

    pub(super) fn answer(&self) -> Option<OddAnswer> {
        if self.odd_of != self.of() {
            return None;
        }
        self.chosen()
    }

    fn chosen(&self) -> Option<OddAnswer> {
        match self.odd {
            "as-typed" => Some(OddAnswer::AsTyped),
            "swapped" => Some(OddAnswer::Swapped),
            "in-doubt" => Some(OddAnswer::InDoubt),
            _ => None,
        }
    }
}

/// Days by how far they are from today.
pub(super) fn days(times: &Times, all: impl Iterator<Item = i64>, now: &str) -> Vec<Choice> {
    let noon = jiff::civil::Time::constant(12, 0, 0, 0);
    let choice = |days: i64| {
        let day = times.date(times.on(days, noon));
        Choice::new(days.to_string(), capital(&times.day(day)), now)
    };
    all.map(choice).collect()
}
