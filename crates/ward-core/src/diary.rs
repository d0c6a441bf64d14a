//! Diary entries, and what follows from what a patient says: symptoms, and requests for help.
//!
//! As with readings the newest word counts, however late it comes in; what is over goes to review and pages nobody; and
//! silence about a symptom is good news only where every question about symptoms was answered.

mod assess;
mod rejudge;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use assess::{AGAIN_AFTER, Said, assess_diary, is_over, silence_told};
pub use rejudge::{Retold, Word, rejudge_diary};

use crate::entry::{Author, Means};
use crate::id::{EntryId, ReadingId, StayId};
use crate::plan::Band;
use crate::questionnaire::{Answers, Heard, Symptom, Urgency, Wellbeing};
use crate::time::{CLOCK_STEP, Timestamp};

/// What was answered, for one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiaryEntry {
    /// Given by the sender, so that a repeat meets itself.
    pub id: EntryId,
    /// Whose.
    pub stay: StayId,
    /// By which questionnaire.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// The time that it is about, by the service's clock.
    pub at: Timestamp,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// Whose words.
    pub author: Author,
    /// How they came to the ward.
    pub means: Means,
    /// The carer's name, where a carer said it. Kept here, never on the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<String>,
    /// Who typed it, where that was staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_by: Option<crate::id::ClinicianId>,
    /// As given.
    pub answers: Answers,
    /// What was heard in them.
    pub symptoms: Vec<Symptom>,
    /// Whether all that asks for symptoms was answered.
    pub complete: bool,
    /// Why a wellbeing call is due.
    #[serde(default)]
    pub wellbeing: Wellbeing,
    /// The readings that came with it.
    #[serde(default)]
    pub readings: Vec<ReadingId>,
}

impl DiaryEntry {
    /// How bad it is.
    #[must_use]
    pub fn band(&self) -> Band {
        band_of(self.symptoms.iter().map(|symptom| symptom.urgency).max())
    }
}

/// As bad as this symptom.
#[must_use]
pub const fn band_of(urgency: Option<Urgency>) -> Band {
    match urgency {
        Some(Urgency::Red) => Band::Red,
        Some(Urgency::Amber) => Band::Amber,
        None => Band::Green,
    }
}

/// What a stay's entries have said last, by the times that they are about. The order in which they come in makes no
/// difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The newest entry with a red symptom.
    pub red_at: Option<Timestamp>,
    /// The newest with an amber one and no red one.
    pub amber_at: Option<Timestamp>,
    /// The newest complete entry without a red symptom: only such a one is better news than a red.
    pub below_red_at: Option<Timestamp>,
    /// The newest complete entry without any.
    pub calm_at: Option<Timestamp>,
    /// The newest of all.
    pub newest_at: Option<Timestamp>,
    /// When a symptom alert was last resolved. What was so before it never pages again.
    pub resolved_at: Option<Timestamp>,
}

impl Words {
    /// These words and one more entry.
    #[must_use]
    pub fn with(mut self, at: Timestamp, urgency: Option<Urgency>, complete: bool) -> Self {
        let newer = |held: &mut Option<Timestamp>| *held = (*held).max(Some(at));
        newer(&mut self.newest_at);
        match urgency {
            Some(Urgency::Red) => newer(&mut self.red_at),
            Some(Urgency::Amber) => newer(&mut self.amber_at),
            None => {}
        }
        if complete && urgency != Some(Urgency::Red) {
            newer(&mut self.below_red_at);
        }
        if complete && urgency.is_none() {
            newer(&mut self.calm_at);
        }
        self
    }

    /// How things stand by the newest words; `None` before the first that says anything.
    #[must_use]
    pub fn condition(&self) -> Option<Band> {
        let stands = |said: Option<Timestamp>, better: Option<Timestamp>| {
            said.is_some_and(|said| better.is_none_or(|better| better <= said))
        };
        if stands(self.red_at, self.below_red_at) {
            Some(Band::Red)
        } else if stands(self.amber_at, self.calm_at) {
            Some(Band::Amber)
        } else {
            self.calm_at.map(|_| Band::Green)
        }
    }

    /// These words without what `now` has not come to: it was written when the service's clock was ahead. Good news is
    /// dropped, bad news is of now.
    #[must_use]
    pub fn as_of(mut self, now: Timestamp) -> Self {
        let has_come = |at: &Timestamp| *at <= now.plus(CLOCK_STEP);
        for good in [
            &mut self.below_red_at,
            &mut self.calm_at,
            &mut self.newest_at,
            &mut self.resolved_at,
        ] {
            *good = good.filter(has_come);
        }
        for bad in [&mut self.red_at, &mut self.amber_at] {
            *bad = bad.map(|at| if has_come(&at) { at } else { now });
        }
        self
    }
}

impl From<(&Heard, Timestamp)> for Said {
    fn from((heard, at): (&Heard, Timestamp)) -> Self {
        Self {
            at,
            symptoms: heard.symptoms.clone(),
            help: heard.help,
        }
    }
}
