//! How the sending of a message goes: queued, leased, sent; or tried again, cancelled, expired, given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Message, Recipient, What};
use crate::alert::{Severity, Subject};
use crate::technical::{Cause, Detail, Fault};
use crate::time::{Timestamp, minutes, seconds};

/// So long a message is one node's to send. Longer than any answer is waited for, so that a second node that takes it
/// over takes it from one that is gone.
pub const LEASE: Duration = seconds(60);

/// Waits between one attempt and the next.
const RETRY_AFTER: [Duration; 9] = [
    seconds(5),
    seconds(10),
    seconds(20),
    seconds(40),
    minutes(1),
    minutes(2),
    minutes(4),
    minutes(8),
    minutes(15),
];

/// After so many attempts a message is given up.
pub const MOST_ATTEMPTS: u16 = 10;

/// After so many attempts in vain the ward is told, while trying goes on.
const TOLD_AFTER: u16 = 3;

/// What is sent within a time of its own.
pub trait Timed {
    /// It is not sent before.
    fn not_before(&self) -> Timestamp;

    /// It is worth nothing after.
    fn expires_at(&self) -> Timestamp;
}

impl Timed for Message {
    fn not_before(&self) -> Timestamp {
        self.not_before
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound<M = Message> {
    /// The message.
    pub message: M,
    /// How often sending was begun.
    pub attempts: u16,
    /// Where it is.
    pub delivery: Delivery,
    /// Why the last attempt came to nothing.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// Where a message is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Delivery {
    /// Waits for its time.
    Queued,
    /// One node is sending it.
    Leased {
        /// Until then; after that it counts as not sent, and is sent again under the same id.
        until: Timestamp,
    },
    /// Not sent, and to be tried again.
    Failed {
        /// When.
        retry_at: Timestamp,
    },
    /// Taken over by the channel.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Not wanted any more.
    Cancelled {
        /// Why.
        why: Stop,
    },
    /// Its time ran out before it was sent.
    Expired {
        /// When that was seen.
        at: Timestamp,
    },
    /// Tried often enough, to no avail.
    GivenUp {
        /// When.
        at: Timestamp,
    },
}

/// Why a message is not wanted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The stay is over or paused: nobody is prompted any more.
    StayEnded,
    /// What it asks for is there already, or its plan no longer asks for it.
    NotNeeded,
    /// There is nobody to send it to: no phone number, or a channel without messages.
    NoWay,
}

/// Why an attempt came to nothing. Never the words of the other side: they may hold a name or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Trouble {
    /// The channel could not be reached, or did not answer in time.
    NoAnswer,
    /// The channel answered, and did not take it.
    Refused {
        /// The status: of HTTP, or of SMTP.
        status: u16,
    },
    /// The node that was sending it did not come back.
    LeaseRanOut,
    /// The channel answered that it will never take this.
    Rejected {
        /// The status: of HTTP, or of SMTP.
        status: u16,
    },
    /// The address is nobody's any more: a browser that is not to be pushed to again.
    Gone,
    /// It is no address that this channel sends to.
    BadAddress,
}

impl Trouble {
    /// Whether the same, sent again later to the same address, may be taken.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        match self {
            Self::NoAnswer | Self::Refused { .. } | Self::LeaseRanOut => true,
            Self::Rejected { .. } | Self::Gone | Self::BadAddress => false,
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoAnswer => f.write_str("no answer from where messages go out"),
            Self::Refused { status } => write!(f, "refused with status {status}"),
            Self::LeaseRanOut => f.write_str("the service was stopped while it was being sent"),
            Self::Rejected { status } => write!(f, "refused for good with status {status}"),
            Self::Gone => f.write_str("the address is nobody's any more"),
            Self::BadAddress => f.write_str("no address that can be sent to"),
        }
    }
}

impl<M> Outbound<M> {
    /// A message that has just been queued.
    #[must_use]
    pub const fn queued(message: M) -> Self {
        Self {
            message,
            attempts: 0,
            delivery: Delivery::Queued,
            trouble: None,
        }
    }
}

impl<M: Timed + Clone> Outbound<M> {
    /// When somebody next has to look at it; `None` when it has come to its end.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.delivery {
            Delivery::Queued => Some(self.message.not_before()),
            Delivery::Leased { until } => Some(until),
            Delivery::Failed { retry_at } => Some(retry_at),
            Delivery::Sent { .. }
            | Delivery::Cancelled { .. }
            | Delivery::Expired { .. }
            | Delivery::GivenUp { .. } => None,
        }
    }

    /// One node takes it to send it: leased, or expired or given up when it is too late or was tried too often. `None`
    /// when it is not due: somebody else has it, it waits, or it has come to its end.
    #[must_use]
    pub fn lease(&self, now: Timestamp) -> Option<Self> {
        if self.due_at()? > now {
            return None;
        }
        let mut taken = self.clone();
        if matches!(self.delivery, Delivery::Leased { .. }) {
            taken.trouble = Some(Trouble::LeaseRanOut);
        }
        taken.delivery = if now > self.message.expires_at() {
            Delivery::Expired { at: now }
        } else if self.attempts >= MOST_ATTEMPTS {
            Delivery::GivenUp { at: now }
        } else {
            taken.attempts = self.attempts.saturating_add(1);
            Delivery::Leased {
                until: now.plus(LEASE),
            }
        };
        Some(taken)
    }

    /// The channel has taken it over. True whatever was decided meanwhile: what went out went out. `None` when that is
    /// known already.
    #[must_use]
    pub fn sent(&self, now: Timestamp) -> Option<Self> {
        match self.delivery {
            Delivery::Sent { .. } => None,
            Delivery::Queued
            | Delivery::Leased { .. }
            | Delivery::Failed { .. }
            | Delivery::Cancelled { .. }
            | Delivery::Expired { .. }
            | Delivery::GivenUp { .. } => Some(Self {
                delivery: Delivery::Sent { at: now },
                trouble: None,
                ..self.clone()
            }),
        }
    }

    /// The `attempt`th attempt came to nothing: tried again later, or given up when no later attempt would be in time.
    /// `None` when it is another node's by now, or not wanted any more.
    #[must_use]
    pub fn failed(&self, attempt: u16, trouble: Trouble, now: Timestamp) -> Option<Self> {
        if !matches!(self.delivery, Delivery::Leased { .. }) || self.attempts != attempt {
            return None;
        }
        let retry_at = now.plus(retry_after(attempt));
        let over = attempt >= MOST_ATTEMPTS || retry_at > self.message.expires_at();
        Some(Self {
            delivery: if over {
                Delivery::GivenUp { at: now }
            } else {
                Delivery::Failed { retry_at }
            },
            trouble: Some(trouble),
            ..self.clone()
        })
    }

    /// It is not wanted any more. `None` when it has come to its end already.
    #[must_use]
    pub fn cancel(&self, why: Stop) -> Option<Self> {
        self.due_at().map(|_| Self {
            delivery: Delivery::Cancelled { why },
            ..self.clone()
        })
    }
}

impl Outbound {
    /// What the ward must be told: it was given up or ran out, or several attempts have come to nothing. Somebody who was
    /// to be asked for a recheck does not know of it; somebody on call does not know of a red.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let tell = match self.delivery {
            Delivery::GivenUp { .. } => true,
            // Never tried: nothing sent at all, and a service that stood still is said elsewhere.
            Delivery::Expired { .. } => self.attempts > 0,
            Delivery::Failed { .. } => self.attempts >= TOLD_AFTER,
            Delivery::Queued
            | Delivery::Leased { .. }
            | Delivery::Sent { .. }
            | Delivery::Cancelled { .. } => false,
        };
        let severity = match (&self.message.what, &self.message.to) {
            (What::OnCallRed { .. }, _) | (_, Recipient::OnCall { .. }) => Severity::Red,
            (What::Recheck { .. } | What::OutOfHoursAdvice, Recipient::Patient) => Severity::Amber,
            (
                What::SlotReminder { .. } | What::CallAnnounced { .. } | What::KitReminder { .. },
                Recipient::Patient,
            ) => Severity::Low,
        };
        tell.then(|| Fault {
            subject: Subject::Stay(self.message.stay),
            cause: Cause::DeliveryFailing,
            severity,
            spo2: None,
            detail: Detail::Delivery {
                message: self.message.what.name().to_owned(),
                attempts: self.attempts,
                trouble: self.trouble,
            },
        })
    }
}

/// How long after the `attempt`th attempt the next one is made.
fn retry_after(attempt: u16) -> Duration {
    let place = usize::from(attempt.saturating_sub(1));
    let longest = RETRY_AFTER.last().copied().unwrap_or(LEASE);
    RETRY_AFTER.get(place).copied().unwrap_or(longest)
}

#[cfg(test)]
mod tests;
