//! Where the way of an alert is broken, and what to do meanwhile.

use ward_core::self_test::{NodePath, Stage};

/// Nobody may rely on the board that they look at, and the cause is not on the ward.
const WHAT_TO_DO: &str = "Alerts of patients may be late or missing. Go through the readings of every patient now, ring whoever is \
    due, and call the people who run the service.";

/// The condition is over; somebody must still say how it came about.
const ALL_WORK: &str = "Look whether readings of that time have their alerts, and tell the people who run the service.";

pub(super) fn words(nodes: &[NodePath]) -> String {
    let said = nodes.iter().map(of_node);
    let what_to_do = if nodes.iter().all(|node| node.ended_at.is_some()) {
        ALL_WORK
    } else {
        WHAT_TO_DO
    };
    said.chain([what_to_do.to_owned()])
        .collect::<Vec<_>>()
        .join(" ")
}

fn of_node(path: &NodePath) -> String {
    let NodePath { node, stage, .. } = path;
    let stage = stage_words(*stage);
    match path.ended_at {
        None => format!("A test reading is sent every minute. On {node} {stage}."),
        Some(at) => format!("On {node} {stage}; it works again at {}.", in_utc(at)),
    }
}

fn in_utc(at: ward_core::time::Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .unwrap_or(jiff::Timestamp::MAX)
        .strftime("%H:%M UTC on %-d %b")
        .to_string()
}

const fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Posted => "the service did not take it",
        Stage::Stored => "it was not stored",
        Stage::AlertRaised => "it raised no alert",
        Stage::Delivered => "its alert did not reach a board",
        Stage::Shown => "it was not noted that a board showed its alert",
        Stage::Acknowledged => "its alert could not be acknowledged",
        Stage::Resolved => "its alert could not be resolved",
    }
}
