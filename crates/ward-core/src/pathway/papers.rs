//! What stands in a stay's papers beside the stay itself: where it came from, how it ended, and why each step was taken.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ClinicianId, ReferralId, StayId};
use crate::patient::{PARAGRAPH, TooLong, fits};
use crate::stay::Destination;
use crate::time::Timestamp;

/// The papers of one stay. They carry free text, so they stay in their row and never go on a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Papers {
    /// What asked for it.
    pub referral: Option<ReferralId>,
    /// The stay after which the patient came back.
    pub readmission_of: Option<StayId>,
    /// When the patient last left a hospital bed. Kept apart from the admission to the ward.
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// How it ended.
    pub end: Option<End>,
    /// Why each step was taken, oldest first.
    pub notes: Vec<Note>,
}

/// A step and why it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
    /// Which step, as it is called on the wire.
    pub step: String,
    /// In their words.
    pub text: String,
}

/// How a stay ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Who ended it.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
    /// Where the patient went.
    pub destination: Destination,
    /// How the patient was; not said of a death.
    pub outcome: Option<StayOutcome>,
    /// For the GP.
    pub summary: String,
    /// Who sees to the patient now; a must for somebody who is still unwell.
    pub follow_up: String,
    /// The day by which the kit is wanted back.
    pub kit_due_back: Option<Date>,
}

/// How a patient is at the end of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StayOutcome {
    /// As well as before.
    Recovered,
    /// Better, and better still to come.
    Improving,
    /// Still unwell: a further clinical assessment is arranged (C1396 v1.3, day 14).
    StillUnwell,
    /// Worse, and looked after elsewhere.
    Worse,
    /// The patient did not want to go on.
    Withdrew,
}

/// What is said when a patient is discharged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Where to.
    pub destination: Destination,
    /// How.
    pub outcome: StayOutcome,
    /// For the GP.
    pub summary: String,
    /// Who sees to the patient now.
    pub follow_up: String,
    /// The day by which the kit is wanted back.
    pub kit_due_back: Option<Date>,
}

/// Kit that is wanted back later than this many days after the discharge is as good as lost.
pub const KIT_BACK_AT_MOST_DAYS: i32 = 60;

/// Characters in a summary.
pub const SUMMARY: usize = 8_000;

/// Why a discharge was not taken as it was said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeavingRefused {
    /// A death and a hospital admission are said by what they are: they close what is open.
    #[error(
        "a death or a hospital admission is no discharge. Possible now: record the death, or the hospital admission"
    )]
    NotADischarge,
    /// The GP must be told.
    #[error("summary is missing: the GP is told how the stay went")]
    NoSummary,
    /// Still unwell after two weeks, and nobody's.
    #[error("follow_up is missing: say who sees to a patient who is still unwell or worse")]
    NoFollowUp,
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// The day.
    #[error("kit_due_back lies between {from} and {until}")]
    KitDueBackOutOfRange {
        /// Today.
        from: Date,
        /// The last day.
        until: Date,
    },
}

impl Leaving {
    /// What is said, if it can be worked by. `today` is the ward's day.
    ///
    /// # Errors
    /// [`LeavingRefused`] names what is missing.
    pub fn checked(self, today: Date) -> Result<Self, LeavingRefused> {
        if matches!(self.destination, Destination::Died | Destination::Hospital) {
            return Err(LeavingRefused::NotADischarge);
        }
        if self.summary.trim().is_empty() {
            return Err(LeavingRefused::NoSummary);
        }
        fits("summary", &self.summary, SUMMARY)?;
        fits("follow_up", &self.follow_up, PARAGRAPH)?;
        let is_unwell = matches!(self.outcome, StayOutcome::StillUnwell | StayOutcome::Worse);
        if is_unwell && self.follow_up.trim().is_empty() {
            return Err(LeavingRefused::NoFollowUp);
        }
        let until = today.saturating_add(jiff::Span::new().days(KIT_BACK_AT_MOST_DAYS));
        if self
            .kit_due_back
            .is_some_and(|day| day < today || day > until)
        {
            return Err(LeavingRefused::KitDueBackOutOfRange { from: today, until });
        }
        Ok(self)
    }

    /// As it stands in the papers.
    #[must_use]
    pub fn end(self, by: ClinicianId, at: Timestamp) -> End {
        End {
            by,
            at,
            destination: self.destination,
            outcome: Some(self.outcome),
            summary: self.summary,
            follow_up: self.follow_up,
            kit_due_back: self.kit_due_back,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn leaving() -> Leaving {
        Leaving {
            destination: Destination::Home,
            outcome: StayOutcome::Recovered,
            summary: "14 days, no oxygen needed".to_owned(),
            follow_up: String::new(),
            kit_due_back: Some(date(2026, 11, 28)),
        }
    }

    #[test]
    fn a_discharge_says_how_it_went_and_who_sees_to_somebody_who_is_still_unwell() {
        let today = date(2026, 11, 21);
        assert!(leaving().checked(today).is_ok());
        for (said, refused) in [
            (
                Leaving {
                    summary: " ".to_owned(),
                    ..leaving()
                },
                "summary is missing",
            ),
            (
                Leaving {
                    outcome: StayOutcome::StillUnwell,
                    ..leaving()
                },
                "follow_up is missing",
            ),
            (
                Leaving {
                    destination: Destination::Died,
                    ..leaving()
                },
                "record the death",
            ),
            (
                Leaving {
                    kit_due_back: Some(date(2026, 11, 20)),
                    ..leaving()
                },
                "between 2026-11-21 and 2027-01-20",
            ),
        ] {
            let error = said.clone().checked(today).unwrap_err().to_string();
            assert!(error.contains(refused), "{said:?}: {error}");
        }
    }
}
