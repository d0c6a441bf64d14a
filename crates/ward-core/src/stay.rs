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
    /// When the newest red was measured, doubtful or not.
    pub newest_red_at: Option<Timestamp>,
    /// When the newest amber was measured, doubtful or not.
    pub newest_amber_at: Option<Timestamp>,
    /// When the newest amber beyond doubt was measured: only such a one is better news than a red.
    pub newest_sound_amber_at: Option<Timestamp>,
    /// When an oxygen alert was last resolved. What was measured before it never raises another.
    pub oxygen_resolved_at: Option<Timestamp>,
    /// Measurements that gave no value, as they came in, with nothing but doubtful normal values between them.
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
        let at = reading.effective_at;
        let band = plan.band(values.spo2);
        let doubtful = values.is_doubtful();
        let counts = band > Band::Green || !doubtful;
        if counts {
            self.attempts_in_a_row = 0;
        }
        self.insert(Point {
            reading: reading.id,
            at,
            spo2: values.spo2,
            pulse: values.pulse,
            band,
            doubtful,
        });
        if reading.context == Context::Exertion {
            return self;
        }
        if counts {
            self.hear(Word {
                at,
                band,
                spo2: values.spo2,
            });
        }
        if band == Band::Amber && !doubtful {
            self.newest_sound_amber_at = self.newest_sound_amber_at.max(Some(at));
        }
        self
    }

    fn hear(&mut self, word: Word) {
        let newest = match word.band {
            Band::Green => &mut self.newest_good_at,
            Band::Amber => &mut self.newest_amber_at,
            Band::Red => &mut self.newest_red_at,
        };
        *newest = (*newest).max(Some(word.at));
        if self.word.is_none_or(|held| held.rank() < word.rank()) {
            self.word = Some(word);
        }
    }

    /// How things stand by the newest word, `None` before the first. Doubt counts one way: a doubtful low makes it
    /// worse, but only a sound reading makes it better, so a doubtful 94 does not stand for the recheck of a sound 84.
    /// Of several at one moment the worst counts.
    #[must_use]
    pub fn condition(&self) -> Option<Band> {
        let better_than_red = self.newest_good_at.max(self.newest_sound_amber_at);
        if self.newest_red_at.is_some() && self.newest_red_at >= better_than_red {
            Some(Band::Red)
        } else if self.newest_amber_at.is_some() && self.newest_amber_at >= self.newest_good_at {
            Some(Band::Amber)
        } else {
            self.newest_good_at.map(|_| Band::Green)
        }
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
