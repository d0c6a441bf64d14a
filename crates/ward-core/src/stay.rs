//! One patient's time on one ward, and the one row that says where it stands.

use serde::{Deserialize, Serialize};

use crate::id::{PatientId, ReadingId, StayId, WardId};
use crate::plan::{Band, MonitoringPlan};
use crate::reading::{Context, Measured, Reading};
use crate::spo2::{Pulse, Spo2};
use crate::time::Timestamp;

/// Admission to discharge of one patient on one ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Ours.
    pub id: StayId,
    /// Where.
    pub ward: WardId,
    /// Who.
    pub patient: PatientId,
    /// Since when.
    pub admitted_at: Timestamp,
    /// What is judged how.
    pub plan: MonitoringPlan,
}

/// How many of the newest readings the board draws.
pub const TREND_LENGTH: usize = 12;

/// Where a stay stands: what the rules ask of the past, and what the board shows. Kept in one row, written in the same
/// transaction as the reading that changed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StayState {
    /// The newest values, by when they were measured, oldest first.
    pub trend: Vec<Point>,
    /// The newest reading that counts: a low, doubtful or not, or a sound good one.
    pub word: Option<Word>,
    /// When the newest sound good reading was measured. A low older than this is *late*.
    pub newest_good_at: Option<Timestamp>,
    /// When an oxygen alert was last resolved. What was measured before it never raises another.
    pub oxygen_resolved_at: Option<Timestamp>,
    /// Measurements in a row, as they came in, that gave no value.
    pub attempts_in_a_row: u16,
    /// When the last measurement, with a value or without, was made.
    pub last_tried_at: Option<Timestamp>,
}

/// A value on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Which reading.
    pub reading: ReadingId,
    /// When it was measured.
    pub at: Timestamp,
    /// Oxygen saturation.
    pub spo2: Spo2,
    /// Pulse.
    pub pulse: Option<Pulse>,
    /// By the plan it was judged by.
    pub band: Band,
    /// Whether it may be wrong.
    pub doubtful: bool,
}

/// The newest reading that counts, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// When it was measured.
    pub at: Timestamp,
    /// Its band.
    pub band: Band,
    /// Its value.
    pub spo2: Spo2,
}

impl Word {
    /// Newer first; of two at one moment the worse counts.
    const fn rank(&self) -> (Timestamp, Band, std::cmp::Reverse<Spo2>) {
        (self.at, self.band, std::cmp::Reverse(self.spo2))
    }
}

impl StayState {
    /// This state and one more reading. The order in which readings come in makes no difference, but for
    /// `attempts_in_a_row`.
    #[must_use]
    pub fn with(mut self, reading: &Reading, plan: &MonitoringPlan) -> Self {
        self.last_tried_at = self.last_tried_at.max(Some(reading.effective_at));
        let values = match &reading.measured {
            Measured::Attempt { .. } => {
                self.attempts_in_a_row = self.attempts_in_a_row.saturating_add(1);
                return self;
            }
            Measured::Values(values) => values,
        };
        self.attempts_in_a_row = 0;
        let band = plan.band(values.spo2);
        let doubtful = values.is_doubtful();
        self.insert(Point {
            reading: reading.id,
            at: reading.effective_at,
            spo2: values.spo2,
            pulse: values.pulse,
            band,
            doubtful,
        });
        if reading.context == Context::Exertion {
            return self;
        }
        if band == Band::Green && !doubtful {
            self.newest_good_at = self.newest_good_at.max(Some(reading.effective_at));
        }
        if band > Band::Green || !doubtful {
            let word = Word {
                at: reading.effective_at,
                band,
                spo2: values.spo2,
            };
            if self.word.is_none_or(|held| held.rank() < word.rank()) {
                self.word = Some(word);
            }
        }
        self
    }

    fn insert(&mut self, point: Point) {
        let key = |held: &Point| (held.at, held.reading);
        let place = self.trend.partition_point(|held| key(held) < key(&point));
        self.trend.insert(place, point);
        if self.trend.len() > TREND_LENGTH {
            self.trend.remove(0);
        }
    }

    /// The newest value.
    #[must_use]
    pub fn newest(&self) -> Option<&Point> {
        self.trend.last()
    }
}
