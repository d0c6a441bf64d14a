//! Who stands where on a shift, and whose sound is paused.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Severity};
use crate::clinician::Role;
use crate::id::{ClinicianId, Seq};
use crate::time::{Timestamp, minutes};

/// The boards of a ward are quiet for so long at most.
pub const AUDIO_PAUSED_FOR: Duration = minutes(2);

/// A post that somebody takes on a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Leads the shift.
    Lead,
    /// Looks after alerts.
    Clinician,
    /// Works the call list.
    CallHandler,
    /// Is rung when nobody is on the ward.
    OnCall,
}

impl Post {
    /// Every one, the lead first.
    pub const ALL: [Self; 4] = [Self::Lead, Self::Clinician, Self::CallHandler, Self::OnCall];

    /// As it is stored: `lead`, `clinician`, `call_handler`, `on_call`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Clinician => "clinician",
            Self::CallHandler => "call_handler",
            Self::OnCall => "on_call",
        }
    }

    /// The post of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.as_str() == name)
    }
}

impl Post {
    /// Whether somebody of this role may take it: whoever looks after alerts must be able to act on them.
    #[must_use]
    pub const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Lead | Self::Clinician | Self::OnCall => role.is_clinician(),
            Self::CallHandler => !matches!(role, Role::WallBoard),
        }
    }
}

/// Somebody on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDuty {
    /// Who.
    pub clinician: ClinicianId,
    /// As what.
    pub post: Post,
    /// Since when.
    pub since: Timestamp,
}

/// The code by which one screen is told from another: its browser makes it up and keeps it, and it is nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Console(String);

impl Console {
    /// The console of that code: four to eight capital letters and digits.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        let is_plain = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
        let fits = (4..=8).contains(&code.len()) && code.bytes().all(is_plain);
        fits.then(|| Self(code.to_owned()))
    }

    /// As it is said: `K7QF`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sound of all the ward's boards is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioPause {
    /// By whom.
    pub by: ClinicianId,
    /// Until when at the latest.
    pub until: Timestamp,
    /// The event by which it was paused.
    pub seq: Seq,
}

impl AudioPause {
    /// Whether it still stands. What speaks after it ends it, whoever had asked for quiet.
    #[must_use]
    pub fn stands<'a>(&self, open: impl IntoIterator<Item = &'a Alert>, now: Timestamp) -> bool {
        // A pause of the future was written by a clock that ran ahead.
        let in_time = now < self.until && self.until <= now.plus(AUDIO_PAUSED_FOR);
        let spoke = |alert: &Alert| {
            alert.is_unacknowledged()
                && alert.severity > Severity::Low
                && alert.spoke_seq > self.seq
        };
        in_time && !open.into_iter().any(spoke)
    }
}

#[cfg(test)]
mod tests {
    use super::{AudioPause, Console, Post};
    use crate::clinician::Role;
    use crate::story::{ASHA, EIGHT, Ward};
    use crate::time::{minutes, seconds};

    #[test]
    fn a_pause_ends_with_its_time_and_with_what_speaks_after_it() {
        let ward = Ward::new().reads(94.0);
        let pause = AudioPause {
            by: ASHA,
            until: EIGHT.plus(minutes(2)),
            seq: ward.seq,
        };
        let stands = |ward: &Ward| pause.stands(&ward.alerts, ward.now);
        assert!(stands(&ward));
        let ward = ward.after(seconds(90));
        assert!(stands(&ward));
        assert!(!stands(&ward.reads(91.0)));
        let late = Ward::new().reads(94.0).after(minutes(2));
        assert!(!stands(&late));
        assert!(!pause.stands(&[], EIGHT.minus(minutes(1))));
    }

    #[test]
    fn who_cannot_act_on_alerts_takes_no_post_that_looks_after_them() {
        for post in Post::ALL {
            assert!(post.is_for(Role::SeniorClinician) && post.is_for(Role::Clinician));
            assert_eq!(post.is_for(Role::CallHandler), post == Post::CallHandler);
            assert!(!post.is_for(Role::WallBoard));
        }
    }

    #[test]
    fn every_post_is_found_by_its_name() {
        for post in Post::ALL {
            assert_eq!(Post::named(post.as_str()), Some(post));
            assert_eq!(
                serde_json::to_value(post).unwrap(),
                serde_json::json!(post.as_str())
            );
        }
        assert_eq!(Post::named("porter"), None);
    }

    #[test]
    fn a_console_is_a_short_code_and_no_words() {
        assert_eq!(Console::named("K7QF").unwrap().as_str(), "K7QF");
        assert!(Console::named("K7QFK7QF").is_some());
        for odd in [
            "",
            "K7Q",
            "K7QFK7QF9",
            "k7qf",
            "K7 F",
            "Ann B",
            "K7QÄ",
            "K7\0F",
        ] {
            assert_eq!(Console::named(odd), None, "{odd:?}");
        }
    }
}
