//! One patient's time on one ward, and the one row that says where it stands.

use serde::{Deserialize, Serialize};

use crate::assess::Past;
use crate::diary::Words;
use crate::id::{PatientId, ReadingId, StayId, WardId};
use crate::moment::{Moment, Moments};
use crate::plan::{Band, MonitoringPlan};
use crate::reading::{Context, Measured, Reading};
use crate::silence::Watch;
use crate::spo2::{Pulse, Spo2};
use crate::time::{CLOCK_STEP, Timestamp};

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
    /// Whether it runs, is paused or is over.
    #[serde(default)]
    pub phase: Phase,
    /// How readings and diaries come to the ward.
    #[serde(default)]
    pub channel: Channel,
    /// The saturation at rest that is usual for this person, measured at admission.
    #[serde(default)]
    pub baseline_spo2: Option<Spo2>,
}

/// Where a stay is between admission and its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// At home and looked after.
    #[default]
    Active,
    /// Somebody else looks after the patient: nobody is prompted, and nobody is forgotten.
    Paused {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: PauseReason,
    },
    /// Over.
    Ended {
        /// Since when.
        at: Timestamp,
        /// Where the patient went.
        destination: Destination,
    },
}

impl Phase {
    /// Not over: active or paused.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Active | Self::Paused { .. } => true,
            Self::Ended { .. } => false,
        }
    }

    /// When it ended.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Ended { at, .. } => Some(*at),
            Self::Active | Self::Paused { .. } => None,
        }
    }
}

/// Why a stay is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Admitted to hospital, expected back.
    InHospital,
    /// In respite or another place of care.
    InRespite,
    /// Away, by agreement.
    Away,
}

/// Where a patient goes at the end of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Stays at home, to the GP's care.
    Home,
    /// Stays at home with a community team.
    CommunityTeam,
    /// A care home.
    CareHome,
    /// Admitted to hospital.
    Hospital,
    /// Hospice or end-of-life care.
    Hospice,
    /// Has withdrawn from the ward.
    Withdrawn,
    /// Has died.
    Died,
}

/// How a patient's readings and diaries come to the ward. It may change in mid-stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A bridge reads the oximeter.
    #[default]
    Bridge,
    /// The patient's page on a phone or tablet.
    Page,
    /// Told on the telephone.
    Telephone,
    /// Written on paper and transcribed.
    Paper,
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
    /// When the newest sound good readings were measured. A low that is surely older than one of these is *late*.
    #[serde(alias = "newest_good_at")]
    pub newest_good: Moments,
    /// When the newest reds were measured, doubtful or not.
    #[serde(alias = "newest_red_at")]
    pub newest_red: Moments,
    /// When the newest ambers were measured, doubtful or not.
    #[serde(alias = "newest_amber_at")]
    pub newest_amber: Moments,
    /// When the newest ambers beyond doubt were measured: only such a one is better news than a red.
    #[serde(alias = "newest_sound_amber_at")]
    pub newest_sound_amber: Moments,
    /// When an oxygen alert was last resolved. What was measured before it never raises another.
    pub oxygen_resolved_at: Option<Timestamp>,
    /// Measurements that gave no value, as they came in, with nothing but doubtful normal values between them.
    pub attempts_in_a_row: u16,
    /// When the last measurement, with a value or without, was made.
    pub last_tried_at: Option<Timestamp>,
    /// What the diary has said last.
    pub words: Words,
    /// What the rules beside the bands remember.
    #[serde(skip_serializing_if = "is_nothing")]
    pub rules: Past,
    /// How far what the plan asks for has been looked at.
    pub watch: Watch,
}

fn is_nothing(past: &Past) -> bool {
    *past == Past::default()
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
        self.rules = std::mem::take(&mut self.rules).with(reading, values, plan);
        if counts {
            let moment = Moment::of(reading);
            match band {
                Band::Green => self.newest_good.insert(moment),
                Band::Amber => self.newest_amber.insert(moment),
                Band::Red => self.newest_red.insert(moment),
            }
            if band == Band::Amber && !doubtful {
                self.newest_sound_amber.insert(moment);
            }
        }
        self
    }

    /// This state without a reading that the next one takes the place of: typed values that were answered. What it hid of
    /// its own time line the one in its place hides too.
    #[must_use]
    pub fn replacing(mut self, reading: &Reading) -> Self {
        self.trend.retain(|point| point.reading != reading.id);
        let moment = Moment::of(reading);
        self.newest_good.remove(&moment);
        self.newest_red.remove(&moment);
        self.newest_amber.remove(&moment);
        self.newest_sound_amber.remove(&moment);
        self.rules = std::mem::take(&mut self.rules).without(reading);
        self
    }

    /// This state in a phase: nothing is asked for of the time of a pause.
    #[must_use]
    pub fn in_phase(mut self, phase: &Phase) -> Self {
        if *phase != Phase::Active {
            self.watch = Watch::asleep();
        }
        self
    }

    /// This state without what `now` has not come to yet: it was written when the service's clock was ahead.
    ///
    /// What would silence or clear is dropped: good readings, the resolution, points of the trend. A red or an amber
    /// stays, as one of now: nobody stands better because a clock was mended.
    #[must_use]
    pub fn as_of(mut self, now: Timestamp) -> Self {
        let has_come = |at: &Timestamp| *at <= now.plus(CLOCK_STEP);
        self.trend.retain(|point| has_come(&point.at));
        self.newest_good = self.newest_good.without_the_future(now);
        self.newest_sound_amber = self.newest_sound_amber.without_the_future(now);
        self.newest_red = self.newest_red.no_later_than(now);
        self.newest_amber = self.newest_amber.no_later_than(now);
        self.oxygen_resolved_at = self.oxygen_resolved_at.filter(has_come);
        self.last_tried_at = self.last_tried_at.filter(has_come);
        self.words = self.words.as_of(now);
        self.rules = self.rules.without_the_future(now);
        self
    }

    /// How things stand by the newest words, `None` before the first. A red stands until a sound better reading is
    /// surely newer, an amber until a sound good one is. Doubt counts one way: a doubtful low makes it worse, but only a
    /// sound reading makes it better, so a doubtful 94 does not stand for the recheck of a sound 84; and of several
    /// that may be of one moment the worst counts.
    #[must_use]
    pub fn condition(&self) -> Option<Band> {
        let stands = |low: &Moment| !self.newest_good.any_surely_after(low);
        let red_stands =
            |red: &Moment| stands(red) && !self.newest_sound_amber.any_surely_after(red);
        if self.newest_red.iter().any(red_stands) {
            Some(Band::Red)
        } else if self.newest_amber.iter().any(stands) {
            Some(Band::Amber)
        } else {
            (!self.newest_good.is_empty()).then_some(Band::Green)
        }
    }

    /// Whether anything that counts, good or low, was surely measured after `moment`.
    pub(crate) fn has_word_after(&self, moment: &Moment) -> bool {
        [&self.newest_good, &self.newest_amber, &self.newest_red]
            .into_iter()
            .any(|newest| newest.any_surely_after(moment))
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
