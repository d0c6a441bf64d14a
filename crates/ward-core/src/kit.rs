//! The kit ledger: where each oximeter and each bridge is, and what may happen to it next.
//!
//! A reading belongs to whoever wore the oximeter when it was measured. So every step that changes the wearer says from
//! when or until when, and two wearers never overlap: what is still in a spool finds its own.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{BridgeId, ClinicianId, KitId, StayId};
use crate::time::Timestamp;

/// A piece of kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kit {
    /// The id of the oximeter or of the bridge.
    pub id: KitId,
    /// Which of the two.
    pub kind: Kind,
    /// What stands on its sticker: `OX-017`.
    #[serde(default)]
    pub label: String,
    /// The maker's serial number.
    #[serde(default)]
    pub serial: String,
    /// Where it is.
    pub state: KitState,
    /// Since when it is there.
    pub since: Timestamp,
    /// Who said so last; nobody for what the command line did.
    #[serde(default)]
    pub by: Option<ClinicianId>,
    /// When its last wearer gave it up: the next one's readings begin no earlier.
    #[serde(default)]
    pub worn_until: Option<Timestamp>,
    /// Counts its steps, so that of two at the same time one is told so.
    #[serde(default)]
    pub version: u32,
}

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Measures.
    Oximeter,
    /// Reads oximeters, one or many.
    Bridge,
}

impl Kind {
    /// As it is stored and said.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oximeter => "oximeter",
            Self::Bridge => "bridge",
        }
    }
}

/// Who has a piece of kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A patient.
    Stay(StayId),
    /// A place where several patients live: a care home.
    Place(String),
}

impl Holder {
    /// The patient's stay, if a patient has it.
    #[must_use]
    pub const fn stay(&self) -> Option<StayId> {
        match self {
            Self::Stay(stay) => Some(*stay),
            Self::Place(_) => None,
        }
    }
}

/// An oximeter on a patient, read by a bridge, from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wear {
    /// Whose readings they are.
    pub stay: StayId,
    /// Which bridge reads them.
    pub bridge: BridgeId,
    /// Readings measured from here on.
    pub from: Timestamp,
}

/// Where a piece of kit is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum KitState {
    /// Clean, on the shelf.
    InStock,
    /// Handed out, and nobody measures with it yet; a bridge does its work in this state.
    Issued {
        /// Who has it.
        to: Holder,
        /// When it is to come back.
        due_back: Option<Date>,
    },
    /// A patient measures with it.
    Assigned {
        /// Who, since when, read by which bridge.
        wear: Wear,
        /// When it is to come back.
        due_back: Option<Date>,
    },
    /// Nobody should need it any more and it has not come back. What it still measures is its last wearer's.
    DueBack {
        /// Who has it.
        holder: Holder,
        /// Whose what it measures still is.
        wear: Option<Wear>,
        /// When it is to come back.
        by: Date,
    },
    /// Back, and not yet clean.
    Cleaning,
    /// Nobody knows where it is.
    Lost {
        /// Who had it last.
        last: Option<Holder>,
    },
}

impl KitState {
    /// As it is stored, and in the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InStock => "in_stock",
            Self::Issued { .. } => "issued",
            Self::Assigned { .. } => "assigned",
            Self::DueBack { .. } => "due_back",
            Self::Cleaning => "cleaning",
            Self::Lost { .. } => "lost",
        }
    }

    /// Who wears it.
    #[must_use]
    pub const fn wear(&self) -> Option<Wear> {
        match self {
            Self::Assigned { wear, .. } => Some(*wear),
            Self::DueBack { wear, .. } => *wear,
            Self::InStock | Self::Issued { .. } | Self::Cleaning | Self::Lost { .. } => None,
        }
    }

    /// Who has it.
    #[must_use]
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Issued { to, .. } => Some(to.clone()),
            Self::Assigned { wear, .. } => Some(Holder::Stay(wear.stay)),
            Self::DueBack { holder, .. } => Some(holder.clone()),
            Self::InStock | Self::Cleaning | Self::Lost { .. } => None,
        }
    }

    /// When it is to come back.
    #[must_use]
    pub const fn due_back(&self) -> Option<Date> {
        match self {
            Self::Issued { due_back, .. } | Self::Assigned { due_back, .. } => *due_back,
            Self::DueBack { by, .. } => Some(*by),
            Self::InStock | Self::Cleaning | Self::Lost { .. } => None,
        }
    }
}

/// What may be done with a piece of kit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Handed to a patient, or to a care home.
    Issue {
        /// Who gets it.
        to: Holder,
        /// When it is to come back.
        due_back: Option<Date>,
    },
    /// A patient begins to measure with it.
    Assign {
        /// Who, from when, read by which bridge.
        wear: Wear,
        /// When it is to come back; what was said when it was issued, if nothing.
        due_back: Option<Date>,
    },
    /// It goes from its wearer straight to the next, in one home or care home.
    HandOver {
        /// The next wearer; the one before ends when this one begins.
        to: Wear,
    },
    /// It is not needed there any more and is asked back.
    AskBack {
        /// By when.
        by: Date,
    },
    /// It came back.
    Return {
        /// When it was taken from its wearer: what it measures from then on is nobody's.
        at: Timestamp,
    },
    /// It is clean.
    Clean,
    /// Nobody knows where it is.
    Lose {
        /// Since when.
        at: Timestamp,
    },
    /// It has turned up.
    Find,
}

impl Step {
    /// As a person would say it, and in the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Issue { .. } => "issue",
            Self::Assign { .. } => "assign",
            Self::HandOver { .. } => "hand over",
            Self::AskBack { .. } => "ask back",
            Self::Return { .. } => "return",
            Self::Clean => "clean",
            Self::Lose { .. } => "lost",
            Self::Find => "found",
        }
    }
}

/// A step done: the kit as it is now, and what it means for who wears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped {
    /// As it is now.
    pub kit: Kit,
    /// Who wore it until when.
    pub ends: Option<(Wear, Timestamp)>,
    /// Who wears it from now on.
    pub begins: Option<Wear>,
}

/// Why a step was refused, and what is possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    /// Not from where it is.
    #[error("this {} is {}: possible now: {}", .kind.name(), .state.replace('_', " "), .possible.join(", "))]
    NotNow {
        /// What it is.
        kind: Kind,
        /// Where it is.
        state: &'static str,
        /// What may be done with it.
        possible: &'static [&'static str],
    },
    /// Issued to one, assigned to another.
    #[error("this oximeter was issued to somebody else: take it back first")]
    IssuedToAnother,
    /// Bridges are not worn.
    #[error(
        "a bridge is not worn: issue it to a patient or to a care home, and assign oximeters to be read by it"
    )]
    BridgesAreNotWorn,
    /// The time has not come.
    #[error("{0} is in the future: give the time at which it happened")]
    NotYet(Timestamp),
    /// It was taken back before it was given out.
    #[error("its wearer has had it since {from}: give a later time")]
    NotBefore {
        /// Since when the wearer has it.
        from: Timestamp,
    },
    /// Somebody wore it after that time: their late readings would go to another person.
    #[error("somebody wore this oximeter until {until}: assign it from then on, or later")]
    WornUntil {
        /// Until when.
        until: Timestamp,
    },
}

/// What may be done with a piece of kit that is in this state.
#[must_use]
pub const fn possible(kind: Kind, state: &KitState) -> &'static [&'static str] {
    match (kind, state) {
        (Kind::Oximeter, KitState::InStock) => &["issue", "assign", "lost"],
        (Kind::Oximeter, KitState::Issued { .. }) => &["assign", "ask back", "return", "lost"],
        (Kind::Oximeter, KitState::Assigned { .. }) => &["hand over", "ask back", "return", "lost"],
        (Kind::Oximeter, KitState::DueBack { wear: Some(_), .. }) => {
            &["hand over", "ask back", "return", "lost"]
        }
        (Kind::Bridge, KitState::InStock) => &["issue", "lost"],
        (Kind::Bridge, KitState::Issued { .. } | KitState::Assigned { .. })
        | (_, KitState::DueBack { .. }) => &["ask back", "return", "lost"],
        (_, KitState::Cleaning) => &["clean", "lost"],
        (_, KitState::Lost { .. }) => &["found"],
    }
}

/// What a step makes of a piece of kit.
///
/// # Errors
/// [`StepRefused`] says what is possible.
pub fn step(
    kit: &Kit,
    step: Step,
    by: Option<ClinicianId>,
    now: Timestamp,
) -> Result<Stepped, StepRefused> {
    if kit.kind == Kind::Bridge && matches!(step, Step::Assign { .. } | Step::HandOver { .. }) {
        return Err(StepRefused::BridgesAreNotWorn);
    }
    let refused = || StepRefused::NotNow {
        kind: kit.kind,
        state: kit.state.name(),
        possible: possible(kit.kind, &kit.state),
    };
    let (state, ends, begins) = match (&kit.state, step) {
        (KitState::InStock, Step::Issue { to, due_back }) => {
            (KitState::Issued { to, due_back }, None, None)
        }
        (KitState::InStock, Step::Assign { wear, due_back }) => {
            begins_after(kit, wear, now)?;
            (KitState::Assigned { wear, due_back }, None, Some(wear))
        }
        (
            KitState::Issued {
                to,
                due_back: agreed,
            },
            Step::Assign { wear, due_back },
        ) => {
            if to.stay().is_some_and(|stay| stay != wear.stay) {
                return Err(StepRefused::IssuedToAnother);
            }
            begins_after(kit, wear, now)?;
            let due_back = due_back.or(*agreed);
            (KitState::Assigned { wear, due_back }, None, Some(wear))
        }
        (KitState::Assigned { wear, due_back }, Step::HandOver { to }) => {
            ends_after(*wear, to.from, now)?;
            let state = KitState::Assigned {
                wear: to,
                due_back: *due_back,
            };
            (state, Some((*wear, to.from)), Some(to))
        }
        (
            KitState::DueBack {
                wear: Some(wear), ..
            },
            Step::HandOver { to },
        ) => {
            ends_after(*wear, to.from, now)?;
            let state = KitState::Assigned {
                wear: to,
                due_back: None,
            };
            (state, Some((*wear, to.from)), Some(to))
        }
        (
            state
            @ (KitState::Issued { .. } | KitState::Assigned { .. } | KitState::DueBack { .. }),
            Step::AskBack { by },
        ) => {
            let holder = state.holder().ok_or_else(refused)?;
            let wear = state.wear();
            (KitState::DueBack { holder, wear, by }, None, None)
        }
        (
            state
            @ (KitState::Issued { .. } | KitState::Assigned { .. } | KitState::DueBack { .. }),
            Step::Return { at },
        ) => (KitState::Cleaning, ended(state, at, now)?, None),
        (KitState::Cleaning, Step::Clean) => (KitState::InStock, None, None),
        (
            state @ (KitState::InStock
            | KitState::Issued { .. }
            | KitState::Assigned { .. }
            | KitState::DueBack { .. }
            | KitState::Cleaning),
            Step::Lose { at },
        ) => {
            let last = state.holder();
            (KitState::Lost { last }, ended(state, at, now)?, None)
        }
        (KitState::Lost { .. }, Step::Find) => (KitState::Cleaning, None, None),
        _ => return Err(refused()),
    };
    let kit = Kit {
        state,
        since: now,
        by,
        worn_until: kit.worn_until.max(ends.map(|(_, until)| until)),
        version: kit.version.saturating_add(1),
        ..kit.clone()
    };
    Ok(Stepped { kit, ends, begins })
}

fn begins_after(kit: &Kit, wear: Wear, now: Timestamp) -> Result<(), StepRefused> {
    if wear.from > now {
        return Err(StepRefused::NotYet(wear.from));
    }
    match kit.worn_until.filter(|until| *until > wear.from) {
        Some(until) => Err(StepRefused::WornUntil { until }),
        None => Ok(()),
    }
}

/// Strictly after: a wearer of no time at all would stand under the same time as the next.
fn ends_after(wear: Wear, at: Timestamp, now: Timestamp) -> Result<(), StepRefused> {
    if at > now {
        Err(StepRefused::NotYet(at))
    } else if at <= wear.from {
        Err(StepRefused::NotBefore { from: wear.from })
    } else {
        Ok(())
    }
}

fn ended(
    state: &KitState,
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<(Wear, Timestamp)>, StepRefused> {
    if at > now {
        return Err(StepRefused::NotYet(at));
    }
    match state.wear() {
        Some(wear) => ends_after(wear, at, now).map(|()| Some((wear, at))),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests;
