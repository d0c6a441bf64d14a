//! What patients are told, in their language: the rules say what, the message files say it, and the numbers are those of
//! the patient's own plan.
//!
//! A translation that nobody has approved is used all the same: whoever reads no English is better off with it. But it is
//! never alone. The English stands beside every such text, and it is the English that somebody answers for.

mod advice;
mod bands;
mod hours;
mod message;
mod questions;

use jiff::civil::Date;
use ward_core::day::Zone;
use ward_core::time::Timestamp;
use ward_text::{FluentArgs, Language, args};

pub use advice::{Facts, advice_in_words, advice_title};
pub use bands::{BandWords, bands, guide, target};
pub use hours::{hours_in, somebody_always_watches};
pub use message::{MessageFacts, message_in_words};
pub use questions::questionnaire_in;

/// A text in somebody's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InWords {
    /// In the language that was asked for.
    pub text: String,
    /// The same in English, where the translation is a draft.
    pub english: Option<String>,
}

impl InWords {
    /// Says it in this language, and in English too while that language is a draft.
    pub fn say(language: Language, say: impl Fn(Language) -> String) -> Self {
        let english = (!language.is_approved()).then(|| say(Language::English));
        Self {
            text: say(language),
            english,
        }
    }

    /// One text of both, where there is only room for one.
    #[must_use]
    pub fn in_one(self) -> String {
        match self.english {
            Some(english) => format!("{}\n{english}", self.text),
            None => self.text,
        }
    }
}

/// The language that a patient's record names; English where it names none of ours.
#[must_use]
pub fn language_of(record: &str) -> Language {
    Language::named(record).unwrap_or_default()
}

/// `Monday 23 November`.
#[must_use]
pub fn date_in(language: Language, date: Date) -> String {
    language.say("common-date", &date_args(date))
}

fn date_args(date: Date) -> FluentArgs<'static> {
    args![
        "weekday" => date.weekday().to_monday_one_offset(),
        "day" => date.day(),
        "month" => date.month(),
    ]
}

/// `08:00 today`, `08:00 tomorrow`, `08:00 on Monday 23 November`, by the ward's clock.
#[must_use]
pub fn when_in(language: Language, zone: &Zone, at: Timestamp, now: Timestamp) -> String {
    let local = zone.local(at);
    let mut args = date_args(local.date());
    args.set("time", local.strftime("%H:%M").to_string());
    let id = match Zone::days_between(zone.day_of(now), local.date()) {
        0 => "common-today",
        1 => "common-tomorrow",
        _ => "common-later",
    };
    language.say(id, &args)
}

#[cfg(test)]
mod tests;
