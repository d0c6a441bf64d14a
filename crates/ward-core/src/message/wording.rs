//! Messages in words: from files, one a language, and from the bands of the patient's own plan.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Asks, Message, Recipient, What};
use crate::day::Zone;
use crate::plan::{Band, MonitoringPlan};
use crate::time::Timestamp;
use crate::ward::WardCode;

/// What a message is put into words by: the ward and the plan as they are when it goes out.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The ward's name.
    pub ward_name: &'a str,
    /// Said with an alert's number.
    pub ward_code: &'a WardCode,
    /// The ward's phone.
    pub ward_phone: &'a str,
    /// Days and times are the ward's.
    pub zone: &'a Zone,
    /// The patient's own.
    pub plan: &'a MonitoringPlan,
    /// Whether somebody watches the board now.
    pub staffed: bool,
    /// When somebody next does.
    pub next_staffed: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// A file of messages, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    language: String,
    words: Words,
    messages: Messages,
    closing: Closing,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    today: String,
    tomorrow: String,
    later: String,
    date: String,
    range: String,
    weekdays: [String; 7],
    months: [String; 12],
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Messages {
    recheck_red: String,
    recheck_amber: String,
    recheck_amber_unstaffed: String,
    reading_reminder: String,
    diary_reminder: String,
    both_reminder: String,
    call_announced: String,
    out_of_hours_advice: String,
    on_call_red: String,
    kit_reminder: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    nobody_watches: String,
    nobody_watches_until: String,
}

/// Why a file of messages was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWording {
    /// It is not of the form, with line and reason.
    #[error("a file of messages is not right: {0}")]
    Form(String),
    /// Something in braces means nothing there.
    #[error("the messages of language {language} say {{{name}}} in {place}: it may say {may}")]
    Placeholder {
        /// Of which language.
        language: String,
        /// In which text.
        place: &'static str,
        /// What was found.
        name: String,
        /// What may stand there.
        may: String,
    },
    /// A text that must name 999 does not.
    #[error("the messages of language {language} must name 999 in {place}, and in a red one first")]
    Without999 {
        /// Of which language.
        language: String,
        /// In which text.
        place: &'static str,
    },
}

/// The messages in every language that there is.
#[derive(Clone, Debug)]
pub struct Wordings(BTreeMap<String, Wording>);

/// The language that is spoken when there is no better.
const FALLBACK: &str = "en";

const ENGLISH: &str = include_str!("../../messages/en.toml");

const ANY: &[&str] = &["ward", "phone"];
const RECHECK: &[&str] = &["ward", "phone", "spo2", "red", "amber", "minutes"];
const WHEN: &[&str] = &["ward", "phone", "when"];
const ALERT: &[&str] = &["ward", "phone", "alert"];
const DATE: &[&str] = &["ward", "phone", "date"];

impl Wordings {
    /// Those that come with the program.
    ///
    /// # Errors
    /// [`NotWording`]: never, as a test says; but a file is a file.
    pub fn built_in() -> Result<Self, NotWording> {
        Self(BTreeMap::new()).with(ENGLISH)
    }

    /// These and one more language, or another wording of one.
    ///
    /// # Errors
    /// [`NotWording`] says what to change.
    pub fn with(mut self, file: &str) -> Result<Self, NotWording> {
        let wording: Wording =
            toml::from_str(file).map_err(|why| NotWording::Form(why.to_string()))?;
        wording.check()?;
        self.0.insert(wording.language.clone(), wording);
        Ok(self)
    }

    /// The message in words, in this language if there is such a file, else in English: the language that it is in, and
    /// the text. `None` only where there is no English.
    #[must_use]
    pub fn say(
        &self,
        message: &Message,
        facts: &Facts<'_>,
        language: &str,
    ) -> Option<(&str, String)> {
        let wording = self.0.get(language).or_else(|| self.0.get(FALLBACK))?;
        Some((&wording.language, wording.say(message, facts)))
    }
}

impl Wording {
    fn check(&self) -> Result<(), NotWording> {
        let m = &self.messages;
        let texts: [(&'static str, &str, &[&str]); 15] = [
            ("recheck_red", &m.recheck_red, RECHECK),
            ("recheck_amber", &m.recheck_amber, RECHECK),
            (
                "recheck_amber_unstaffed",
                &m.recheck_amber_unstaffed,
                RECHECK,
            ),
            ("reading_reminder", &m.reading_reminder, ANY),
            ("diary_reminder", &m.diary_reminder, ANY),
            ("both_reminder", &m.both_reminder, ANY),
            ("call_announced", &m.call_announced, WHEN),
            ("out_of_hours_advice", &m.out_of_hours_advice, ANY),
            ("on_call_red", &m.on_call_red, ALERT),
            ("kit_reminder", &m.kit_reminder, DATE),
            ("nobody_watches", &self.closing.nobody_watches, ANY),
            (
                "nobody_watches_until",
                &self.closing.nobody_watches_until,
                WHEN,
            ),
            ("today", &self.words.today, &["time"]),
            ("tomorrow", &self.words.tomorrow, &["time"]),
            ("later", &self.words.later, &["time", "date"]),
        ];
        for (place, text, may) in texts {
            self.check_names(place, text, may)?;
        }
        self.check_names("range", &self.words.range, &["from", "to"])?;
        self.check_names("date", &self.words.date, &["weekday", "day", "month"])?;
        for (place, text) in [
            ("recheck_amber", &m.recheck_amber),
            ("recheck_amber_unstaffed", &m.recheck_amber_unstaffed),
            ("call_announced", &m.call_announced),
            ("nobody_watches", &self.closing.nobody_watches),
            ("nobody_watches_until", &self.closing.nobody_watches_until),
        ] {
            self.check_999(place, text.contains("999"))?;
        }
        for (place, text) in [
            ("recheck_red", &m.recheck_red),
            ("out_of_hours_advice", &m.out_of_hours_advice),
        ] {
            // In the first sentence: whoever reads no further has read it.
            let first = text.split(". ").next().unwrap_or_default();
            self.check_999(place, first.contains("999"))?;
        }
        Ok(())
    }

    fn check_names(&self, place: &'static str, text: &str, may: &[&str]) -> Result<(), NotWording> {
        let wrong = text
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap_or_default())
            .find(|name| !may.contains(name));
        match wrong {
            None => Ok(()),
            Some(name) => Err(NotWording::Placeholder {
                language: self.language.clone(),
                place,
                name: name.to_owned(),
                may: may.join(", "),
            }),
        }
    }

    fn check_999(&self, place: &'static str, is_named: bool) -> Result<(), NotWording> {
        if is_named {
            return Ok(());
        }
        Err(NotWording::Without999 {
            language: self.language.clone(),
            place,
        })
    }

    fn say(&self, message: &Message, facts: &Facts<'_>) -> String {
        let m = &self.messages;
        let ward = [
            ("ward", facts.ward_name.to_owned()),
            ("phone", facts.ward_phone.to_owned()),
        ];
        let mut names: Vec<(&str, String)> = ward.to_vec();
        let template = match &message.what {
            What::Recheck { spo2, band } => {
                names.push(("spo2", spo2.to_string()));
                names.push(("red", facts.plan.red_at_or_below.to_string()));
                names.push(("amber", self.amber(facts.plan)));
                let minutes = facts.plan.recheck_within(*band).as_secs().div_ceil(60);
                names.push(("minutes", minutes.to_string()));
                match band {
                    Band::Red => &m.recheck_red,
                    Band::Amber | Band::Green if facts.staffed => &m.recheck_amber,
                    Band::Amber | Band::Green => &m.recheck_amber_unstaffed,
                }
            }
            What::SlotReminder { asks, .. } => match asks {
                Asks::Reading => &m.reading_reminder,
                Asks::Diary => &m.diary_reminder,
                Asks::Both => &m.both_reminder,
            },
            What::CallAnnounced { at } => {
                names.push(("when", self.when(*at, facts)));
                &m.call_announced
            }
            What::OutOfHoursAdvice => &m.out_of_hours_advice,
            What::OnCallRed { alert } => {
                names.push(("alert", format!("{} {alert}", facts.ward_code)));
                &m.on_call_red
            }
            What::KitReminder { due_back } => {
                names.push(("date", self.date(*due_back)));
                &m.kit_reminder
            }
        };
        let text = filled(template, &names);
        if facts.staffed || message.to != Recipient::Patient {
            return text;
        }
        let closing = match facts.next_staffed {
            None => filled(&self.closing.nobody_watches, &ward),
            Some(at) => {
                let mut names = ward.to_vec();
                names.push(("when", self.when(at, facts)));
                filled(&self.closing.nobody_watches_until, &names)
            }
        };
        format!("{text}\n{closing}")
    }

    /// The percents between the two limits: `93 to 94`, or one alone.
    fn amber(&self, plan: &MonitoringPlan) -> String {
        let (from, to) = (
            plan.red_at_or_below.saturating_add(1),
            plan.amber_at_or_below,
        );
        if from == to {
            return to.to_string();
        }
        let names = [("from", from.to_string()), ("to", to.to_string())];
        filled(&self.words.range, &names)
    }

    fn when(&self, at: Timestamp, facts: &Facts<'_>) -> String {
        let local = facts.zone.local(at);
        let days = Zone::days_between(facts.zone.day_of(facts.now), local.date());
        let template = match days {
            0 => &self.words.today,
            1 => &self.words.tomorrow,
            _ => &self.words.later,
        };
        let names = [
            ("time", local.strftime("%H:%M").to_string()),
            ("date", self.date(local.date())),
        ];
        filled(template, &names)
    }

    fn date(&self, date: Date) -> String {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let month = usize::try_from(date.month())
            .unwrap_or_default()
            .saturating_sub(1);
        let names = [
            (
                "weekday",
                self.words
                    .weekdays
                    .get(weekday)
                    .cloned()
                    .unwrap_or_default(),
            ),
            ("day", date.day().to_string()),
            (
                "month",
                self.words.months.get(month).cloned().unwrap_or_default(),
            ),
        ];
        filled(&self.words.date, &names)
    }
}

/// The template with its names filled in, in one pass: what a ward is called is never taken for a name in braces.
fn filled(template: &str, names: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let mut parts = template.split('{');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or(("", part));
        let value = names.iter().find(|(known, _)| *known == name);
        text.push_str(value.map_or("", |(_, value)| value));
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests;
