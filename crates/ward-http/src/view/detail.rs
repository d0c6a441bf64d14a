//! What a person needs to find a fault, or somebody who is silent: in words, and what they are made of.

use ward_core::alert::{Alert, Problem};
use ward_core::reconcile::Disagrees;
use ward_core::silence::{Awaited, Missed, Why};
use ward_core::technical::{Cause, Detail};
use ward_core::time::Timestamp;
use ward_wire::board as wire;

mod kit;
mod path;
mod rule;

pub(crate) use kit::trouble_words;

/// What the board says of an alert beside its values: what is wrong, and what it no longer rests on.
pub(super) fn of(alert: &Alert) -> Option<String> {
    let struck = alert.struck.map(|struck| {
        let readings = match struck.count {
            1 => "A reading that it rested on was".to_owned(),
            count => format!("{count} readings that it rested on were"),
        };
        let worst = struck
            .worst
            .map_or_else(String::new, |worst| format!(" (down to {worst} %)"));
        let left = if alert.lows.is_none() {
            " Nothing else bears it out."
        } else {
            ""
        };
        format!("{readings} struck out or moved to somebody else{worst}.{left}")
    });
    let parts: Vec<String> = alert
        .detail
        .as_ref()
        .map(|detail| match detail {
            Detail::Kit { .. } if alert.problem == Problem::Technical(Cause::BridgeKeyExpired) => {
                RENEW_THE_KEY.to_owned()
            }
            Detail::Kit { ended_at, .. }
                if alert.problem == Problem::Technical(Cause::NobodyWatching) =>
            {
                match ended_at {
                    Some(_) => WATCHED_AGAIN.to_owned(),
                    None => NOBODY_WATCHES.to_owned(),
                }
            }
            other => words(other),
        })
        .into_iter()
        .chain(struck)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A red that is raised now is heard by nobody at a board.
const NOBODY_WATCHES: &str = "The ward is staffed, and no board is open and visible with its sound on. Open one and press Start shift. \
    Until then alerts go to people by message.";

/// The condition is over; somebody must still say how it came about.
const WATCHED_AGAIN: &str =
    "Somebody watches a board again. Find out how the ward came to be unwatched.";

/// Nobody need be rung: the readings come in.
const RENEW_THE_KEY: &str = "Readings still come in. A bridge renews its key by itself a month before; this one could not. \
    Whoever runs the service looks into its log, or enrols it again: Runbook, keys of bridges.";

/// What a detail says by itself.
pub(super) fn words_of(detail: &Detail) -> String {
    words(detail)
}

fn words(detail: &Detail) -> String {
    match detail {
        Detail::Clock { off_by_ms, .. } => {
            let way = if *off_by_ms < 0 { "slow" } else { "fast" };
            format!(
                "The clock is {} {way}. Readings are dated by the service's clock meanwhile.",
                span(off_by_ms.unsigned_abs() / 1000)
            )
        }
        Detail::Candidates { stays } if stays.is_empty() => {
            "No patient's oximeter is read by this bridge.".to_owned()
        }
        Detail::Candidates { stays } => format!(
            "It may be one of the {} people whose oximeters this bridge reads.",
            stays.len()
        ),
        Detail::Unreadable { reason } => format!("Kept, not shown on any chart: {reason}"),
        Detail::Symptoms {
            red,
            amber,
            late,
            struck,
        } => {
            let said = [
                ("", red.iter().chain(amber)),
                ("Earlier: ", late.iter().chain(&[])),
                (
                    "Struck out or moved to somebody else since: ",
                    struck.iter().chain(&[]),
                ),
            ];
            let parts: Vec<String> = said
                .into_iter()
                .map(|(when, codes)| (when, codes.map(|code| in_words(code)).collect::<Vec<_>>()))
                .filter(|(_, codes)| !codes.is_empty())
                .map(|(when, codes)| format!("{when}{}", codes.join(", ")))
                .collect();
            format!("{}.", parts.join(". "))
        }
        Detail::Help { called_999, times } => {
            let what = if *called_999 {
                "Has called 999"
            } else {
                "Asks to be called"
            };
            match times {
                0 | 1 => format!("{what}."),
                times => format!("{what}, asked {times} times."),
            }
        }
        Detail::Disagreement { what, about, .. } => disagreement(*what, about),
        Detail::NotWatched { measured_at, since } if measured_at < since => {
            "Measured while this stay was still watched, and came after it was not: look at the chart, then ring."
                .to_owned()
        }
        Detail::NotWatched { measured_at, since } => format!(
            "Measured {} after this stay stopped being watched. The sender was told to ring 999 for a red, 111 or the GP \
             otherwise: ring them.",
            span(u64::try_from(measured_at.millis_since(*since)).unwrap_or_default() / 1000)
        ),
        Detail::Missed { missed, count, .. } => missed_words(missed, *count),
        Detail::Path { nodes } => path::words(nodes),
        Detail::Kit { .. } => kit::words(detail),
        Detail::Rule { found } => rule::words(found),
        Detail::Delivery {
            message,
            attempts,
            trouble,
        } => {
            let why = trouble.map_or_else(String::new, |trouble| format!(": {trouble}"));
            format!(
                "A message ({}) does not get through after {attempts} attempts{why}. Ring instead.",
                message.replace('_', " ")
            )
        }
        Detail::Attempt { reason } => format!(
            "Several measurements in a row gave no value. The last one: {}",
            reason.replace('_', " ")
        ),
    }
}

fn disagreement(what: Disagrees, about: &str) -> String {
    let about = crate::pages::problem_named(about).to_lowercase();
    let what = match what {
        Disagrees::NoAlert => {
            format!("What came in has no alert ({about}), though it should have one")
        }
        Disagrees::NotCounted => format!("A reading is not counted in its alert ({about})"),
        Disagrees::TooMild => format!("An alert ({about}) is less severe than its reading"),
        Disagrees::TwoOpen => format!("Two alerts are open for the same problem ({about})"),
        Disagrees::Standing => "The row on the board does not say what the readings say".to_owned(),
    };
    format!(
        "{what}. Look at the chart now, and act on the readings as if they had alerted; then tell the people who run the \
         service."
    )
}

/// A symptom as a person says it.
pub(crate) fn in_words(code: &str) -> String {
    let words = code.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

fn missed_words(missed: &[Missed], count: u32) -> String {
    let diaries = missed
        .iter()
        .filter(|missed| missed.slot.awaited == Awaited::Diary)
        .count();
    let what = match (diaries, missed.len()) {
        (0, _) if count == 1 => "A reading was missed".to_owned(),
        (0, _) => format!("{count} readings were missed"),
        (some, all) if some == all && count == 1 => "A diary was missed".to_owned(),
        (some, all) if some == all => format!("{count} diaries were missed"),
        _ => format!("{count} readings and diaries were missed"),
    };
    let why = missed.last().map_or(String::new(), kit::why);
    format!("{what}{why}.")
}

pub(super) fn reads(detail: Option<&Detail>) -> Vec<uuid::Uuid> {
    match detail {
        Some(Detail::Kit { stays, .. }) => stays.iter().map(|stay| stay.0).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn missed(detail: Option<&Detail>) -> Vec<wire::MissedView> {
    let Some(Detail::Missed { missed, .. }) = detail else {
        return Vec::new();
    };
    missed.iter().map(missed_view).collect()
}

fn missed_view(missed: &Missed) -> wire::MissedView {
    wire::MissedView {
        awaited: match missed.slot.awaited {
            Awaited::Reading => "reading",
            Awaited::Diary => "diary",
        }
        .to_owned(),
        at: super::time(missed.slot.at),
        why: match missed.why {
            Why::BridgeSilent { .. } => "bridge_silent",
            Why::BluetoothDown => "bluetooth_down",
            Why::ReadingsStuck { .. } => "readings_stuck",
            Why::CannotBeRead { .. } => "cannot_be_read",
            Why::OximeterFlat { .. } => "oximeter_flat",
            Why::OximeterNotHeard { .. } => "oximeter_not_heard",
            Why::TriedInVain { .. } => "tried_in_vain",
            Why::PatientSilent => "patient_silent",
        }
        .to_owned(),
        heard_at: match missed.why {
            Why::BridgeSilent { since: at }
            | Why::OximeterFlat { heard_at: at, .. }
            | Why::OximeterNotHeard { heard_at: at, .. } => at.map(super::time),
            Why::BluetoothDown
            | Why::ReadingsStuck { .. }
            | Why::CannotBeRead { .. }
            | Why::TriedInVain { .. }
            | Why::PatientSilent => None,
        },
        came_at: missed.came_at.map(super::time),
    }
}

/// Since when nothing has been heard: the last value before, or when the kit stopped.
pub(super) const fn silent_since(detail: Option<&Detail>) -> Option<Timestamp> {
    match detail {
        Some(Detail::Missed { last_value_at, .. }) => *last_value_at,
        Some(Detail::Kit { since, .. }) => Some(*since),
        Some(_) | None => None,
    }
}

pub(super) const fn heard_again_at(detail: Option<&Detail>) -> Option<Timestamp> {
    match detail {
        Some(Detail::Missed { heard_again_at, .. }) => *heard_again_at,
        Some(Detail::Kit { ended_at, .. } | Detail::Clock { ended_at, .. }) => *ended_at,
        Some(_) | None => None,
    }
}
