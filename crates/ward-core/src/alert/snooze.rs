//! An alert that somebody keeps quiet for a while, for a reason, and which then speaks again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Alert, Severity, State};
use crate::id::{ClinicianId, Seq};
use crate::plan::Band;
use crate::time::{CLOCK_STEP, Timestamp, minutes};

/// A snooze lasts so long at least.
pub const SNOOZE_AT_LEAST: Duration = minutes(5);

/// A snooze lasts so long at most: nobody's next shift inherits it unseen.
pub const SNOOZE_AT_MOST: Duration = minutes(8 * 60);

/// Why an alert is quiet for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnoozeReason {
    /// Somebody is on the way to the patient.
    VisitOnItsWay,
    /// The patient rests or sleeps, and was seen or spoken to.
    PatientResting,
    /// Kit is being mended or replaced.
    KitSeenTo,
    /// A colleague or another team sees to it by an agreed time.
    AgreedElsewhere,
    /// As the note says.
    AsNoted,
}

impl SnoozeReason {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::VisitOnItsWay,
        Self::PatientResting,
        Self::KitSeenTo,
        Self::AgreedElsewhere,
        Self::AsNoted,
    ];

    /// Its name on the wire and in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VisitOnItsWay => "visit_on_its_way",
            Self::PatientResting => "patient_resting",
            Self::KitSeenTo => "kit_seen_to",
            Self::AgreedElsewhere => "agreed_elsewhere",
            Self::AsNoted => "as_noted",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// An alert is quiet until a time, because somebody said why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Who has it meanwhile.
    pub by: ClinicianId,
    /// Since when.
    pub at: Timestamp,
    /// It speaks again then.
    pub until: Timestamp,
    /// Why.
    pub reason: SnoozeReason,
    /// In their words.
    pub note: String,
}

/// Why an alert is not snoozed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnoozeRefused {
    /// A red is never quiet.
    #[error("a red alert is never snoozed: take it and see to it, or pass it on")]
    Red,
    /// Too soon or too late.
    #[error("a snooze ends in 5 minutes at the earliest and in 8 hours at the latest")]
    End,
    /// A reason of their own without words.
    #[error("say in the note why this alert may wait")]
    NoteMissing,
    /// A colleague has it.
    #[error("a colleague has this alert: take it over first")]
    SomebodyElses {
        /// Who.
        by: ClinicianId,
        /// Since when.
        at: Timestamp,
    },
    /// It is over.
    #[error("this alert has already been resolved")]
    AlreadyResolved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// It has worsened since the clinician's screen showed it.
    #[error("this alert has worsened since your screen showed it: look again")]
    WorsenedSince {
        /// The event that they have not seen.
        spoke_seq: Seq,
    },
}

/// What is asked for: until when, why, and in whose words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnoozeAsked {
    /// It speaks again then.
    pub until: Timestamp,
    /// Why.
    pub reason: SnoozeReason,
    /// In their words.
    pub note: String,
}

/// `by` keeps an alert quiet for a while: it is theirs, and speaks again at the end, when it worsens before, or when they
/// give it back. `seen` is the newest event that their screen had applied.
///
/// # Errors
/// [`SnoozeRefused`].
pub fn snooze(
    alert: &Alert,
    by: ClinicianId,
    asked: SnoozeAsked,
    seen: Seq,
    now: Timestamp,
) -> Result<Alert, SnoozeRefused> {
    match alert.state {
        State::Resolved { by, at, .. } => return Err(SnoozeRefused::AlreadyResolved { by, at }),
        State::Raised | State::Acknowledged { .. } if seen < alert.spoke_seq => {
            return Err(SnoozeRefused::WorsenedSince {
                spoke_seq: alert.spoke_seq,
            });
        }
        State::Acknowledged { by: holder, at, .. } if holder != by => {
            return Err(SnoozeRefused::SomebodyElses { by: holder, at });
        }
        State::Raised | State::Acknowledged { .. } => {}
    }
    if alert.severity == Severity::Red {
        return Err(SnoozeRefused::Red);
    }
    if asked.until < now.plus(SNOOZE_AT_LEAST) || asked.until > now.plus(SNOOZE_AT_MOST) {
        return Err(SnoozeRefused::End);
    }
    if asked.reason == SnoozeReason::AsNoted && asked.note.trim().is_empty() {
        return Err(SnoozeRefused::NoteMissing);
    }
    let mut quiet = super::life::seen_by_a_person(alert.clone(), now);
    if alert.is_unacknowledged() {
        quiet = quiet.heeded();
        quiet.was_green = quiet.condition == Band::Green;
        quiet.was_below_red = quiet.condition < Band::Red;
    }
    let since = alert.held_since().unwrap_or(now);
    quiet.state = State::Acknowledged {
        by,
        at: since,
        worst: quiet.heeded.worst,
        assigned_by: None,
    };
    quiet.ladder.stop();
    quiet.snooze = Some(Snooze {
        by,
        at: now,
        until: asked.until,
        reason: asked.reason,
        note: asked.note,
    });
    Ok(quiet)
}

impl Snooze {
    /// Without times that `now` has not come to: never longer than a snooze may last.
    pub(super) fn believed(mut self, now: Timestamp) -> Self {
        if self.at > now.plus(CLOCK_STEP) {
            self.at = now;
        }
        self.until = self.until.min(now.plus(SNOOZE_AT_MOST));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Change, time_passed};
    use crate::story::{ASHA, BEN, EIGHT, Ward};

    fn asked(in_minutes: u64) -> SnoozeAsked {
        SnoozeAsked {
            until: EIGHT.plus(minutes(in_minutes)),
            reason: SnoozeReason::VisitOnItsWay,
            note: String::new(),
        }
    }

    #[test]
    fn a_snoozed_alert_is_somebodys_and_speaks_again_at_its_end() {
        let ward = Ward::new().reads(94.0);
        let quiet = snooze(ward.oxygen(), ASHA, asked(20), ward.seq, ward.now).unwrap();
        assert!(quiet.is_held_by(ASHA) && quiet.is_open());
        let end = EIGHT.plus(minutes(20));
        assert_eq!(quiet.next_deadline(), Some(end));
        assert_eq!(time_passed(&quiet, end.minus(minutes(1))), None);
        let (change, again) = time_passed(&quiet, end).unwrap();
        assert_eq!(change, Change::SnoozeEnded);
        assert!(change.speaks() && again.is_unacknowledged() && again.snooze.is_none());
    }

    #[test]
    fn a_red_is_never_quiet() {
        let ward = Ward::new().reads(91.0).acknowledged();
        let refused = snooze(ward.oxygen(), ASHA, asked(20), ward.seq, ward.now);
        assert_eq!(refused, Err(SnoozeRefused::Red));
    }

    #[test]
    fn what_worsens_ends_its_snooze() {
        let mut ward = Ward::new().reads(94.0);
        let quiet = snooze(ward.oxygen(), ASHA, asked(60), ward.seq, ward.now).unwrap();
        ward.append(Change::Snoozed, quiet);
        let ward = ward.after(minutes(2)).reads(91.0);
        assert!(ward.oxygen().snooze.is_none() && ward.oxygen().is_unacknowledged());
    }

    #[test]
    fn a_snooze_has_an_end_a_reason_and_a_person_who_has_seen_it() {
        let ward = Ward::new().reads(94.0);
        let of = |minutes| snooze(ward.oxygen(), ASHA, asked(minutes), ward.seq, ward.now);
        assert_eq!(of(4), Err(SnoozeRefused::End));
        assert_eq!(of(8 * 60 + 1), Err(SnoozeRefused::End));
        assert!(of(5).is_ok() && of(8 * 60).is_ok());
        let bare = SnoozeAsked {
            reason: SnoozeReason::AsNoted,
            ..asked(20)
        };
        let refused = snooze(ward.oxygen(), ASHA, bare, ward.seq, ward.now);
        assert_eq!(refused, Err(SnoozeRefused::NoteMissing));
        let unseen = snooze(ward.oxygen(), ASHA, asked(20), Seq(100), ward.now);
        let spoke_seq = ward.seq;
        assert_eq!(unseen, Err(SnoozeRefused::WorsenedSince { spoke_seq }));
        let ward = ward.acknowledged();
        let refused = snooze(ward.oxygen(), BEN, asked(20), ward.seq, ward.now);
        let (by, at) = (ASHA, EIGHT);
        assert_eq!(refused, Err(SnoozeRefused::SomebodyElses { by, at }));
    }
}
