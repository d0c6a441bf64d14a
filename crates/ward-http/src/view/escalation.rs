//! Who was told of an alert, and what keeps one quiet, as the treaty says it.

use ward_core::alert::Alert;
use ward_core::escalation::{Target, Told, ToldState, Whom};
use ward_wire::escalation::{SnoozeView, ToldView};

pub(super) fn told(alert: &Alert) -> Vec<ToldView> {
    alert.ladder.told.iter().map(line).collect()
}

fn line(told: &Told) -> ToldView {
    let (whom, clinician, contact) = match told.to {
        Whom::Clinician { id } => ("clinician", Some(id.0), None),
        Whom::Contact { place } => ("contact", None, Some(place)),
        Whom::Webhook => ("webhook", None, None),
        Whom::Nobody => ("nobody", None, None),
    };
    ToldView {
        level: told.level,
        whom: whom.to_owned(),
        clinician,
        contact,
        by: told.by.map(|kind| kind.name().to_owned()),
        at: super::time(told.at),
        state: match told.state {
            ToldState::Queued => "queued",
            ToldState::Sent => "sent",
            ToldState::Delivered => "delivered",
            ToldState::Failed => "failed",
            ToldState::Cancelled => "cancelled",
        }
        .to_owned(),
        instead_of: told.instead_of.map(Target::name).map(str::to_owned),
    }
}

pub(super) fn snooze(alert: &Alert) -> Option<SnoozeView> {
    alert.snooze.as_ref().map(|snooze| SnoozeView {
        by: snooze.by.0,
        until: super::time(snooze.until),
        reason: snooze.reason.name().to_owned(),
        note: snooze.note.clone(),
    })
}
