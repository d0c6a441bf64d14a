//! Messages in words, by the bands of the patient's own plan.

use ward_core::day::Zone;
use ward_core::message::{Asks, Message, Recipient, What};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::time::Timestamp;
use ward_core::ward::WardCode;
use ward_text::{FluentArgs, Language, args};

use super::bands::numbers;
use super::{InWords, date_in, when_in};

/// What a message is put into words by: the ward and the plan as they are when it goes out.
#[derive(Clone, Debug)]
pub struct MessageFacts<'a> {
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

/// The message in words. A draft translation is followed by a line that says so, and by the English.
#[must_use]
pub fn message_in_words(message: &Message, facts: &MessageFacts<'_>, language: Language) -> String {
    let said = InWords::say(language, |language| in_full(message, facts, language));
    match said.english {
        Some(english) => {
            let draft = language.say("common-draft-short", &args![]);
            format!("{}\n\n{draft}\n\n{english}", said.text)
        }
        None => said.text,
    }
}

fn in_full(message: &Message, facts: &MessageFacts<'_>, language: Language) -> String {
    let mut names = args!["ward" => facts.ward_name, "phone" => facts.ward_phone];
    let id = match &message.what {
        What::Recheck { spo2, band } => {
            recheck(&mut names, facts.plan, *band, language);
            names.set("spo2", spo2.to_string());
            match band {
                Band::Red => "message-recheck-red",
                Band::Amber | Band::Green if facts.staffed => "message-recheck-amber",
                Band::Amber | Band::Green => "message-recheck-amber-unstaffed",
            }
        }
        What::SlotReminder { asks, .. } => match asks {
            Asks::Reading => "message-reading-reminder",
            Asks::Diary => "message-diary-reminder",
            Asks::Both => "message-both-reminder",
        },
        What::CallAnnounced { at } => {
            names.set("when", when_in(language, facts.zone, *at, facts.now));
            "message-call-announced"
        }
        What::OutOfHoursAdvice => "message-out-of-hours-advice",
        // To staff, who read English.
        What::OnCallRed { alert } => {
            let (code, ward) = (facts.ward_code, facts.ward_name);
            return format!(
                "Red alert {code} {alert} on {ward}, and nobody is on the ward. Look at its board now, and acknowledge it there."
            );
        }
        What::KitReminder { due_back } => {
            names.set("date", date_in(language, *due_back));
            "message-kit-reminder"
        }
    };
    let text = language.say(id, &names);
    if facts.staffed || message.to != Recipient::Patient {
        return text;
    }
    let closing = match facts.next_staffed {
        None => language.say("message-nobody-watches", &names),
        Some(at) => {
            names.set("when", when_in(language, facts.zone, at, facts.now));
            language.say("message-nobody-watches-until", &names)
        }
    };
    format!("{text}\n{closing}")
}

fn recheck(names: &mut FluentArgs<'_>, plan: &MonitoringPlan, band: Band, language: Language) {
    let minutes = plan.recheck_within(band).as_secs().div_ceil(60);
    names.set("red", plan.red_at_or_below);
    names.set("amber", numbers(plan, Band::Amber, language));
    names.set("minutes", minutes);
}
