//! When something was measured, how sure that is, and which of two was measured later *beyond doubt*.
//!
//! With an age the time on the service's clock is the latest that it can have been: the way of a message makes a reading
//! look newer, never older. Without one, only a wall clock says when, and wall clocks are slow, fast and set.

use serde::{Deserialize, Serialize};

use crate::id::BridgeId;
use crate::reading::{CLOCK_TOLERANCE, Reading};
use crate::time::{CLOCK_STEP, Timestamp};

/// When a reading was measured, by every clock that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// By the service's clock, when it came in.
    pub received_at: Timestamp,
    /// By the service's clock, as well as can be told.
    pub at: Timestamp,
    /// By the wall clock of the bridge or the device.
    pub measured_at: Timestamp,
    /// Whose wall clock. `None` in states that were stored when it was not kept.
    pub bridge: Option<BridgeId>,
    /// No age told the time: nothing is certain but that it was measured before it was received.
    #[serde(default)]
    pub uncertain: bool,
}

impl Moment {
    /// When this reading was measured.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        Self {
            received_at: reading.received_at,
            at: reading.effective_at,
            measured_at: reading.measured_at,
            bridge: Some(reading.bridge),
            uncertain: reading.is_of_uncertain_time(),
        }
    }

    const fn of_old_state(at: Timestamp) -> Self {
        Self {
            received_at: at,
            at,
            measured_at: at,
            bridge: None,
            uncertain: false,
        }
    }

    /// The latest that it can have been measured.
    #[must_use]
    pub const fn latest(&self) -> Timestamp {
        if self.uncertain {
            self.received_at
        } else {
            self.at
        }
    }

    /// Whether this was measured after `other` beyond doubt. Two readings of one moment, and two that the way of a
    /// message or a wrong clock may have turned round, are neither after the other.
    #[must_use]
    pub fn is_surely_after(&self, other: &Self) -> bool {
        if self.at <= other.latest() {
            return false;
        }
        if self.uncertain {
            return self.received_at > other.received_at;
        }
        let by_far = |than: Timestamp| self.at > than.plus(CLOCK_TOLERANCE);
        if other.uncertain || self.bridge != other.bridge {
            return by_far(other.latest());
        }
        // Where a bridge's clock was set back, what is measured long after the other came in is after it all the same.
        self.measured_at > other.measured_at || by_far(other.received_at)
    }

    /// Whether whatever is after this is after `other`, and whatever `other` is after, this is after.
    fn covers(&self, other: &Self) -> bool {
        (self.bridge, self.uncertain) == (other.bridge, other.uncertain)
            && self.at >= other.at
            && self.measured_at >= other.measured_at
            && self.received_at >= other.received_at
    }

    fn is_in_the_future(&self, now: Timestamp) -> bool {
        let limit = now.plus(CLOCK_STEP);
        self.at > limit || self.received_at > limit
    }
}

/// So many are kept: more than one or two stand side by side only where clocks contradict each other.
const MOST_MOMENTS: usize = 32;

/// The newest moments of one kind: each of them that no other covers. The same set, whatever the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Moments(Vec<Moment>);

/// As a state holds them; once it held one time.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Moments(Vec<Moment>),
    At(Option<Timestamp>),
}

impl From<Stored> for Moments {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Moments(moments) => Self(moments),
            Stored::At(at) => Self(at.map(Moment::of_old_state).into_iter().collect()),
        }
    }
}

impl Moments {
    /// There has been none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after the other, as they came in.
    pub fn iter(&self) -> impl Iterator<Item = &Moment> {
        self.0.iter()
    }

    /// Whether any of them was measured after `moment` beyond doubt.
    #[must_use]
    pub fn any_surely_after(&self, moment: &Moment) -> bool {
        self.0.iter().any(|held| held.is_surely_after(moment))
    }

    /// Whether it counts: it is held, or whatever it would hide is hidden by one that is.
    pub(crate) fn hold(&self, moment: &Moment) -> bool {
        self.0.iter().any(|held| held.covers(moment))
    }

    pub(crate) fn remove(&mut self, moment: &Moment) {
        self.0.retain(|held| held != moment);
    }

    pub(crate) fn insert(&mut self, moment: Moment) {
        if self.0.iter().any(|held| held.covers(&moment)) {
            return;
        }
        self.0.retain(|held| !moment.covers(held));
        self.0.push(moment);
        self.0.sort_unstable();
        if self.0.len() > MOST_MOMENTS {
            self.0.remove(0);
        }
    }

    /// Without those that `now` has not come to.
    pub(crate) fn without_the_future(mut self, now: Timestamp) -> Self {
        self.0.retain(|held| !held.is_in_the_future(now));
        self
    }

    /// With those that `now` has not come to as if they were of now: a low is not forgotten because a clock was wrong.
    pub(crate) fn no_later_than(self, now: Timestamp) -> Self {
        let mut moments = Self::default();
        for held in self.0 {
            moments.insert(if held.is_in_the_future(now) {
                Moment {
                    at: held.at.min(now),
                    received_at: held.received_at.min(now),
                    ..held
                }
            } else {
                held
            });
        }
        moments
    }
}
