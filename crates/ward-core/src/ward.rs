//! A virtual ward: the team and its list. It owns a log and a number.

use serde::{Deserialize, Serialize};

use crate::care::CarePlan;
use crate::day::{StaffedHours, Zone};
use crate::id::{OrganisationId, WardId};
use crate::plan::MonitoringPlan;
use crate::safe_range::SafeRange;

/// One virtual ward of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ward {
    /// The organisation that answers for it.
    pub organisation: OrganisationId,
    /// Ours.
    pub id: WardId,
    /// Short and said over the phone: `PEN` in alert `PEN 4711`.
    pub code: WardCode,
    /// In full.
    pub name: String,
    /// The ward's phone, shown to patients and on every paper.
    pub phone: String,
    /// IANA name, `Europe/London`: days and times of day are the ward's.
    pub time_zone: String,
    /// What a stay is admitted with unless a clinician says otherwise, and what a value that belongs to nobody is
    /// judged by.
    pub default_plan: MonitoringPlan,
    /// When somebody watches the board.
    pub staffed: StaffedHours,
    /// The schedule, diary and contacts that a stay is admitted with unless a clinician says otherwise.
    pub default_care: CarePlan,
    /// Within which limits one clinician may set a plan alone.
    pub safe_range: SafeRange,
}

impl Ward {
    /// The zone of its days and times of day. It was checked when the ward was opened; one that has gone from this machine's
    /// list since is read as UTC.
    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::named(&self.time_zone).unwrap_or_else(|_| Zone::utc())
    }
}

/// Two to eight capital letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WardCode(String);

/// A text that is no ward code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ward code is 2 to 8 capital letters or digits, for example PEN")]
pub struct NotAWardCode;

impl std::str::FromStr for WardCode {
    type Err = NotAWardCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (2..=8).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAWardCode)
        }
    }
}

impl WardCode {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for WardCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
