//! What of the audit is asked for, as it stands in the address, and where a page of it ended.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{ClinicianId, PatientId, Seq};
use ward_core::time::Timestamp;
use ward_service::{AuditAsked, AuditMark};

use crate::pages::form::FormErrors;
use crate::pages::office::when::{When, typed_day};

/// Days of one question at most.
const DAYS_AT_MOST: i64 = 92;

/// The question, as it stands in the address: ids and days, nothing that names anybody.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) from: String,
    pub(super) until: String,
    pub(super) person: String,
    pub(super) patient: String,
    pub(super) also: String,
    pub(super) after: String,
}

/// The question as it can be answered.
pub(super) struct Question {
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) asked: AuditAsked,
}

pub(super) fn question(asked: &Asked, when: &When) -> Result<Question, FormErrors> {
    let mut errors = FormErrors::default();
    let or_today = |text: &str| {
        if text.trim().is_empty() {
            Some(when.today)
        } else {
            typed_day(text)
        }
    };
    let (first, last) = (or_today(&asked.from), or_today(&asked.until));
    if first.is_none() {
        errors.add("from", "Enter a day, for example 21-Nov-2026");
    }
    if last.is_none() {
        errors.add("until", "Enter a day, for example 22-Nov-2026");
    }
    let (Some(first), Some(last)) = (first, last) else {
        return Err(errors);
    };
    if last < first {
        errors.add("until", "The last day is before the first");
    } else if ward_core::day::Zone::days_between(first, last) >= DAYS_AT_MOST {
        errors.add("until", format!("Ask for {DAYS_AT_MOST} days at most"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Question {
        first,
        last,
        asked: AuditAsked {
            from: when.zone.start_of(first),
            until: when.zone.start_of(last.saturating_add(1.day())),
            by: asked.person.parse::<Uuid>().ok().map(ClinicianId),
            patient: asked.patient.parse::<Uuid>().ok().map(PatientId),
            also_without_person: !asked.also.is_empty(),
        },
    })
}

/// `4711.1763800000000.018f…`, or parts of it.
pub(super) fn mark_of(text: &str) -> AuditMark {
    let mut parts = text.splitn(3, '.');
    let mut next = || parts.next().unwrap_or_default();
    let seq = next().parse().ok().map(Seq);
    let view = next().parse().ok().zip(next().parse().ok());
    AuditMark {
        seq,
        view: view.map(|(at, id)| (Timestamp::from_millis(at), id)),
    }
}

pub(super) fn mark_text(mark: AuditMark) -> String {
    let seq = mark.seq.map_or_else(String::new, |seq| seq.0.to_string());
    match mark.view {
        Some((at, id)) => format!("{seq}.{}.{id}", at.as_millis()),
        None => seq,
    }
}

/// The question once more, for a link.
pub(super) fn query_of(asked: &Asked, question: &Question) -> String {
    let id =
        |name: &str, id: Option<Uuid>| id.map_or_else(String::new, |id| format!("&{name}={id}"));
    format!(
        "from={}&until={}{}{}{}",
        question.first,
        question.last,
        id("person", question.asked.by.map(|by| by.0)),
        id("patient", question.asked.patient.map(|patient| patient.0)),
        if asked.also.is_empty() { "" } else { "&also=1" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_ended_is_found_again() {
        let id = Uuid::from_u128(7);
        let marks = [
            AuditMark::default(),
            AuditMark {
                seq: Some(Seq(4711)),
                view: None,
            },
            AuditMark {
                seq: Some(Seq(4711)),
                view: Some((Timestamp::from_millis(12), id)),
            },
            AuditMark {
                seq: None,
                view: Some((Timestamp::from_millis(12), id)),
            },
        ];
        for mark in marks {
            assert_eq!(mark_of(&mark_text(mark)), mark);
        }
        assert_eq!(mark_of("x.y.z"), AuditMark::default());
    }
}
