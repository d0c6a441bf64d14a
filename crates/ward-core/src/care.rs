//! The plan of a stay but for its limits on values: what is asked of the patient when, and who rings whom.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::id::ClinicianId;
use crate::time::Timestamp;

mod check;

pub use check::{CareRefused, DAYS_AT_MOST, REASON_AT_MOST, TIMES_AT_MOST};

/// What is asked of the patient and of the ward. The limits that values are judged by are the
/// [monitoring plan](crate::plan::MonitoringPlan)'s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarePlan {
    /// Which version of this stay's plan: 1, 2, 3 …
    #[serde(default = "first")]
    pub version: u32,
    /// How the ward and the patient work together.
    pub mode: Mode,
    /// When readings are taken.
    pub schedule: Schedule,
    /// The diary, if one is kept.
    pub diary: Option<DiaryPlan>,
    /// When the ward rings.
    pub contact: ContactSchedule,
    /// The prescribed oxygen target, in whole percent, if there is one.
    #[serde(default)]
    pub oxygen_target: Option<OxygenTarget>,
    /// Where a red goes when the ward is not staffed.
    pub unstaffed: Unstaffed,
    /// How long the stay is meant to last, in days.
    pub days: u16,
    /// Until when this plan counts; after it the ward's default does, and says so.
    #[serde(default)]
    pub review_by: Option<Date>,
    /// Nobody reviewed the version before by this day: that is why this one counts, and everybody who looks is told.
    #[serde(default)]
    pub review_missed: Option<Date>,
    /// Who wrote it; nobody for a ward's default.
    #[serde(default)]
    pub author: Option<ClinicianId>,
    /// Why it is so.
    #[serde(default)]
    pub reason: String,
    /// Since when it counts.
    #[serde(default)]
    pub set_at: Option<Timestamp>,
}

const fn first() -> u32 {
    1
}

/// How the ward and the patient work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The ward rings.
    ActiveCalls,
    /// Readings come by themselves, the ward rings when it must.
    TechnologyEnabled,
    /// The patient rings when something is wrong.
    SelfEscalation,
}

/// Times of day, in the ward's zone, and how far from them counts as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// In order, each once.
    pub times: Vec<Time>,
    /// So many minutes before the time count as done.
    pub before_minutes: u16,
    /// So many minutes after it still do; then it is missed.
    pub after_minutes: u16,
}

/// Which questions are asked, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiaryPlan {
    /// The questionnaire's name.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// When it is filled in.
    pub schedule: Schedule,
}

/// When the ward rings. Day 1 is the ward's day of admission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactSchedule {
    /// Every day.
    Daily,
    /// On these days of the stay.
    Days(Vec<u16>),
    /// On day 1 and every so many days after it.
    EveryDays(u16),
}

/// A prescribed range of oxygen saturation, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OxygenTarget {
    /// Lower end.
    pub from: u16,
    /// Upper end.
    pub to: u16,
}

/// Where a red goes when the ward is not staffed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unstaffed {
    /// To somebody on call.
    OnCall {
        /// Role or rota, as staff say it: "virtual ward consultant on call".
        name: String,
        /// Their phone.
        phone: String,
    },
    /// To nobody: the patient is told to use 111 and 999.
    Advice111,
}

/// A stream of readings is summed up over so many seconds.
pub const WINDOW_SECONDS: u16 = 60;

impl CarePlan {
    /// Whether the oximeter is worn all the time: readings come by themselves, and the plan names no times for them.
    /// Otherwise it is used now and then.
    #[must_use]
    pub fn is_continuous(&self) -> bool {
        self.mode == Mode::TechnologyEnabled && self.schedule.times.is_empty()
    }
}

impl Default for CarePlan {
    /// The COVID virtual ward: three readings a day and a daily call for 14 days (NHS England C1396 v1.3; COVID virtual
    /// ward procedure).
    fn default() -> Self {
        let times = [8, 13, 18].map(|hour| Time::constant(hour, 0, 0, 0));
        Self {
            version: 1,
            mode: Mode::ActiveCalls,
            schedule: Schedule {
                times: times.to_vec(),
                before_minutes: 60,
                after_minutes: 60,
            },
            diary: None,
            contact: ContactSchedule::Daily,
            oxygen_target: None,
            unstaffed: Unstaffed::Advice111,
            days: 14,
            review_by: None,
            review_missed: None,
            author: None,
            reason: String::new(),
            set_at: None,
        }
    }
}
