//! A measurement, as a bridge fixes it when it goes into the spool: `spo2(91.0).ago(minutes(5)).from(&patient, now)`.

use std::time::Duration;

use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::ReadingId;
use ward_core::reading::{Context, Doubt, Measured, Values};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;
use ward_core::window::WindowSummary;
use ward_service::{IncomingReading, Item, Unreadable};
use ward_wire::bridge::{DoubtItem, MeasuredItem, ReadingItem, ValuesItem};

/// A measurement in the making.
#[derive(Clone, Debug)]
pub struct Taken {
    id: Uuid,
    /// `None` for an attempt without a value.
    percent: Option<f64>,
    pulse_bpm: Option<f64>,
    doubtful: bool,
    window: Option<WindowSummary>,
    ago: Duration,
    clock_ahead: Duration,
    clock_behind: Duration,
    age_is_known: bool,
}

/// A value.
#[must_use]
pub fn spo2(percent: f64) -> Taken {
    Taken {
        id: Uuid::new_v4(),
        percent: Some(percent),
        pulse_bpm: Some(80.0),
        doubtful: false,
        window: None,
        ago: Duration::ZERO,
        clock_ahead: Duration::ZERO,
        clock_behind: Duration::ZERO,
        age_is_known: true,
    }
}

/// A measurement that gave no value.
#[must_use]
pub fn attempt() -> Taken {
    Taken {
        percent: None,
        ..spo2(50.0)
    }
}

impl Taken {
    /// Measured so long before now.
    #[must_use]
    pub fn ago(self, ago: Duration) -> Self {
        Self { ago, ..self }
    }

    /// May be wrong.
    #[must_use]
    pub fn doubtful(self) -> Self {
        Self {
            doubtful: true,
            ..self
        }
    }

    /// What its whole window held, as the service takes it in.
    #[must_use]
    pub fn of_window(self, window: WindowSummary) -> Self {
        Self {
            window: Some(window),
            ..self
        }
    }

    /// By a bridge whose wall clock is fast.
    #[must_use]
    pub fn with_clock_ahead(self, clock_ahead: Duration) -> Self {
        Self {
            clock_ahead,
            ..self
        }
    }

    /// By a bridge whose wall clock is slow.
    #[must_use]
    pub fn with_clock_behind(self, clock_behind: Duration) -> Self {
        Self {
            clock_behind,
            ..self
        }
    }

    /// Spooled before the bridge's last start: only its wall clock says when.
    #[must_use]
    pub fn of_unknown_age(self) -> Self {
        Self {
            age_is_known: false,
            ..self
        }
    }

    /// Under another reading's id.
    #[must_use]
    pub fn with_id_of(self, other: &Spooled) -> Self {
        Self {
            id: other.id.0,
            ..self
        }
    }

    /// Fixed, as it goes into the spool.
    #[must_use]
    pub fn from(self, oximeter: &DeviceAddress, now: Timestamp) -> Spooled {
        let truly_at = now.minus(self.ago);
        Spooled {
            id: ReadingId(self.id),
            oximeter: oximeter.clone(),
            measured_at: truly_at.plus(self.clock_ahead).minus(self.clock_behind),
            truly_at,
            taken: self,
        }
    }
}

/// A measurement on its way: the same at every try, but for its age.
#[derive(Clone, Debug)]
pub struct Spooled {
    /// Its id.
    pub id: ReadingId,
    /// The oximeter.
    pub oximeter: DeviceAddress,
    /// By the bridge's wall clock.
    pub measured_at: Timestamp,
    truly_at: Timestamp,
    taken: Taken,
}

impl Spooled {
    /// Whether it is a value at or under a whole percent.
    #[must_use]
    pub fn is_at_or_below(&self, percent: f64) -> bool {
        self.taken.percent.is_some_and(|held| held <= percent)
    }

    fn age(&self, now: Timestamp) -> Option<Duration> {
        let ms = u64::try_from(now.millis_since(self.truly_at)).unwrap_or_default();
        self.taken.age_is_known.then(|| Duration::from_millis(ms))
    }

    /// As the bridge posts it at `now`.
    #[must_use]
    pub fn wire(&self, now: Timestamp) -> ReadingItem {
        let measured = match self.taken.percent {
            None => MeasuredItem::Attempt {
                reason: "no finger".to_owned(),
            },
            Some(spo2_percent) => MeasuredItem::Window(ValuesItem {
                spo2_percent,
                pulse_bpm: self.taken.pulse_bpm,
                perfusion_index_percent: None,
                summary: None,
                doubts: if self.taken.doubtful {
                    vec![DoubtItem::PoorSignal]
                } else {
                    Vec::new()
                },
            }),
        };
        ReadingItem {
            id: self.id.0,
            device_address: self.oximeter.as_str().to_owned(),
            measured_at: jiff::Timestamp::from_millisecond(self.measured_at.as_millis()).unwrap(),
            age_ms: self
                .age(now)
                .map(|age| u64::try_from(age.as_millis()).unwrap()),
            measured,
            raw_hex: None,
        }
    }

    /// As the service takes it in at `now`.
    #[must_use]
    pub fn incoming(&self, now: Timestamp) -> Item {
        let measured = match self.taken.percent {
            None => Measured::Attempt {
                reason: "no finger".to_owned(),
            },
            Some(percent) => Measured::Values(Values {
                spo2: Spo2::from_percent(percent).unwrap(),
                pulse: self.taken.pulse_bpm.and_then(Pulse::from_bpm),
                perfusion_hundredths: None,
                window: self.taken.window.clone(),
                observations: ward_core::reading::ObservationSet::default(),
                doubts: if self.taken.doubtful {
                    vec![Doubt::PoorSignal]
                } else {
                    Vec::new()
                },
            }),
        };
        Item::Reading(IncomingReading {
            id: self.id,
            device_address: self.oximeter.clone(),
            measured_at: self.measured_at,
            age: self.age(now),
            measured,
            context: Context::Rest,
            raw: None,
            text: serde_json::to_vec(&self.wire(now)).unwrap(),
        })
    }

    /// The same bytes, as something that could not be read.
    #[must_use]
    pub fn unreadable(&self, now: Timestamp) -> Item {
        Item::Unreadable(Unreadable {
            id: self.id,
            reason: "pulse_bpm: not a number".to_owned(),
            device_address: Some(self.oximeter.clone()),
            spo2: self.taken.percent.and_then(Spo2::from_percent),
            text: serde_json::to_vec(&self.wire(now)).unwrap(),
        })
    }
}
