//! A fall after a recovery, in an alert that a clinician has taken and nobody has ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Alert, Confirmation, Lows, Problem, State};
use crate::plan::Band;
use crate::time::{CLOCK_STEP, Timestamp, minutes};

/// A low measured so long after the acknowledgement, or longer, is a relapse that speaks. Before that it is flapping
/// about the limit, which whoever has just taken the alert knows of.
pub const RELAPSE_SPEAKS_AFTER: Duration = minutes(30);

/// What an alert that has relapsed rests on: the lows of before the recovery bear nothing out any more.
///
/// Which lows count is a matter of when they were measured, never of when they came in, so that a bridge that sends what
/// it has kept in another order confirms no more and no less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relapse {
    /// Lows measured from then on count.
    pub from: Timestamp,
    /// All of them.
    pub lows: Option<Lows>,
    /// The red ones among them.
    pub reds: Option<Lows>,
}

impl Relapse {
    const fn counting_from(from: Timestamp) -> Self {
        Self {
            from,
            lows: None,
            reds: None,
        }
    }

    fn and(mut self, at: Timestamp, band: Band, sound: bool) -> Self {
        if at >= self.from {
            self.lows = Some(Lows::and(self.lows, at, sound));
            if band == Band::Red {
                self.reds = Some(Lows::and(self.reds, at, sound));
            }
        }
        self
    }
}

/// What is measured can recover and fall again; what was said, or is wrong with kit, has rules of its own.
const fn relapses(problem: Problem) -> bool {
    match problem {
        Problem::Oxygen
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2 => true,
        Problem::LateLow
        | Problem::Exertion
        | Problem::Silence
        | Problem::Symptom
        | Problem::AskedForHelp
        | Problem::Technical(_) => false,
    }
}

impl Alert {
    /// From when on a low is a relapse that speaks. `None` for an alert that nobody has: it speaks for itself until
    /// somebody takes it; and for one whose condition has not been better since than this low: that is no fall, it never
    /// rose. Better than a red is an amber too: who is red, then amber for hours, then red again has fallen again.
    ///
    /// It need not be green *now*: who fell again after twenty minutes and has stayed low is told of after thirty.
    pub(crate) fn relapse_speaks_from(&self, low: Band, now: Timestamp) -> Option<Timestamp> {
        let recovered = self.was_green
            || self.condition == Band::Green
            || (low == Band::Red && (self.was_below_red || self.condition < Band::Red));
        match self.state {
            State::Acknowledged { at, .. } if recovered && relapses(self.problem) => {
                // An acknowledgement of the future was written by a clock that ran ahead, and silences nothing.
                Some(if at > now.plus(CLOCK_STEP) {
                    now.minus(RELAPSE_SPEAKS_AFTER)
                } else {
                    at.plus(RELAPSE_SPEAKS_AFTER)
                })
            }
            State::Acknowledged { .. } | State::Raised | State::Resolved { .. } => None,
        }
    }

    /// This alert, as bad as it was, but all to be borne out anew.
    pub(crate) fn relapsed(mut self, from: Timestamp, now: Timestamp) -> Self {
        self.severity_since = now;
        self.confirmation = Confirmation::Unconfirmed;
        self.relapse = Some(Relapse::counting_from(from));
        self
    }

    /// This alert, with one more low for its relapse, if it has had one.
    pub(crate) fn with_relapse_low(mut self, at: Timestamp, band: Band, sound: bool) -> Self {
        self.relapse = self.relapse.map(|relapse| relapse.and(at, band, sound));
        self
    }

    /// This alert, standing so: a clinician's alert remembers that it has been better.
    pub(crate) fn standing(mut self, condition: Band) -> Self {
        self.condition = condition;
        if !self.is_unacknowledged() {
            self.was_green |= condition == Band::Green;
            self.was_below_red |= condition < Band::Red;
        }
        self
    }
}
