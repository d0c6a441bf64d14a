//! What passed between the ward and somebody, in words.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_wire::calls::{
    Advice, CallOutcome, Change, ContactView, Direction, Help, Identifier, Mood, Onward, Support,
    Way, WhatView, Whom,
};

use super::words::Times;
use crate::view::detail::in_words;

/// One line of the record.
pub(super) struct ContactLine {
    pub(super) at: String,
    pub(super) by: String,
    pub(super) what: String,
    pub(super) note: String,
    pub(super) struck: bool,
    /// Somebody was spoken to: what they were to be told can be looked at again.
    pub(super) said: Option<Uuid>,
}

impl ContactLine {
    pub(super) fn of(contact: &ContactView, staff: &BTreeMap<Uuid, String>, times: &Times) -> Self {
        let by = staff.get(&contact.by).cloned().unwrap_or_default();
        let (what, note) = match &contact.what {
            WhatView::LadderStopped { reason } => {
                ("Contact ladder stopped".to_owned(), reason.clone())
            }
            WhatView::VisitBooked { visit_at, purpose } => (
                format!("Visit booked for {}", times.at(*visit_at)),
                purpose.clone(),
            ),
            WhatView::ReferredOnward { to, note } => {
                (format!("Referred to {}", onward_words(*to)), note.clone())
            }
            WhatView::VideoOffered => ("Video room opened".to_owned(), String::new()),
            call @ WhatView::Call { note, .. } => (of_call(call, times), note.clone()),
        };
        Self {
            at: times.at(contact.at),
            by,
            what,
            note,
            struck: contact.struck,
            said: was_spoken_to(&contact.what).then_some(contact.id),
        }
    }
}

const fn was_spoken_to(what: &WhatView) -> bool {
    matches!(
        what,
        WhatView::Call {
            outcome: CallOutcome::Reached,
            ..
        }
    )
}

fn of_call(call: &WhatView, times: &Times) -> String {
    let WhatView::Call {
        direction,
        way,
        whom,
        name,
        outcome,
        wellbeing,
        symptoms,
        help,
        advice,
        next,
        ..
    } = call
    else {
        return String::new();
    };
    let who = match (whom, name.is_empty()) {
        (Whom::Patient, _) => "patient".to_owned(),
        (other, true) => whom_words(*other).to_lowercase(),
        (other, false) => format!("{} {name}", whom_words(*other).to_lowercase()),
    };
    let head = match direction {
        Direction::ToWard => format!("Rang the ward: {who}"),
        Direction::FromWard => format!("{}: {who}", outcome_words(*outcome)),
    };
    let by = match way {
        Way::Telephone => String::new(),
        Way::Video => "by video".to_owned(),
        Way::Visit => "at a visit".to_owned(),
    };
    let said = [
        by,
        told("feels", wellbeing.feels.map(change_words)),
        told("breathing", wellbeing.breathing.map(change_words)),
        told("spirits", wellbeing.mood.map(mood_words)),
        if wellbeing.isolated == Some(true) {
            "alone and missing company or help".to_owned()
        } else {
            String::new()
        },
        told(
            "red symptoms",
            joined(symptoms.iter().map(|it| in_words(it))),
        ),
        help.map(help_words).unwrap_or_default().to_owned(),
        told(
            "advised",
            joined(advice.iter().map(|it| advice_words(*it).to_owned())),
        ),
        told("next", next.as_ref().map(|next| times.at(next.at))),
    ];
    let said = said.into_iter().filter(|text| !text.is_empty());
    std::iter::once(head)
        .chain(said)
        .collect::<Vec<_>>()
        .join("; ")
}

fn told(what: &str, words: Option<impl std::fmt::Display>) -> String {
    words.map_or_else(String::new, |words| format!("{what} {words}"))
}

fn joined(words: impl Iterator<Item = String>) -> Option<String> {
    let words: Vec<String> = words.map(|word| word.to_lowercase()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

pub(super) const fn outcome_words(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Reached => "Reached",
        CallOutcome::NoAnswer => "No answer",
        CallOutcome::LeftMessage => "Left a message",
        CallOutcome::WrongNumber => "Wrong number",
    }
}

pub(super) const fn whom_words(whom: Whom) -> &'static str {
    match whom {
        Whom::Patient => "Patient",
        Whom::Carer => "Carer",
        Whom::NextOfKin => "Next of kin",
        Whom::WelfareCheck => "Welfare check",
    }
}

pub(super) const fn identifier_words(identifier: Identifier) -> &'static str {
    match identifier {
        Identifier::FullName => "Full name",
        Identifier::BirthDate => "Date of birth",
        Identifier::Address => "Address",
        Identifier::NhsNumber => "NHS number",
        Identifier::KnownBySight => "Known by sight",
    }
}

pub(super) const fn change_words(change: Change) -> &'static str {
    match change {
        Change::Better => "better",
        Change::Same => "the same",
        Change::Worse => "worse",
    }
}

pub(super) const fn mood_words(mood: Mood) -> &'static str {
    match mood {
        Mood::Fine => "fine",
        Mood::Low => "low or anxious",
        Mood::VeryLow => "very low",
    }
}

pub(super) const fn help_words(help: Help) -> &'static str {
    match help {
        Help::CallMe => "a clinician is to ring",
        Help::Called999 => "has called 999",
    }
}

pub(super) const fn support_words(support: Support) -> &'static str {
    match support {
        Support::None => "Nobody",
        Support::Interpreter => "An interpreter",
        Support::Relay => "A relay service",
        Support::Family => "A family member",
    }
}

pub(super) const fn advice_words(advice: Advice) -> &'static str {
    match advice {
        Advice::CarryOn => "Carry on",
        Advice::MeasureAgain => "Measure again",
        Advice::HowToMeasure => "How to measure",
        Advice::SelfCare => "Rest, fluids, self-care",
        Advice::Medicine => "Medicine as prescribed",
        Advice::RingTheWard => "Ring the ward if worse",
        Advice::RingTheGp => "Ring the GP",
        Advice::Ring111 => "Ring 111",
        Advice::Ring999 => "Ring 999",
    }
}

pub(super) const fn onward_words(onward: Onward) -> &'static str {
    match onward {
        Onward::LinkWorker => "link worker",
        Onward::MentalHealth => "talking therapies or crisis team",
        Onward::CarerSupport => "support for the carer",
        Onward::Gp => "GP practice",
        Onward::CommunityServices => "community services",
        Onward::SocialCare => "adult social care",
        Onward::Other => "somebody else",
    }
}
