//! A reading as it goes into the spool: its id, its times, and whether it may be thinned.

use jiff::Timestamp;
use uuid::{Uuid, uuid};
use ward_wire::bridge::{MeasuredItem, ReadingItem};

use crate::address::Address;
use crate::clock::{Clock, Steady};

/// The space of ids of readings that the device itself has stamped. Never change it: a repeat must meet itself.
const STAMPED: Uuid = uuid!("5a3c9f60-6a1e-5a0e-9d57-3f0a4b1c77d2");

/// At this many points over the plan's low limit a value is routine.
const ROUTINE_MARGIN_PERCENT: f64 = 3.0;

/// A reading that is not yet on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReading {
    /// The oximeter.
    pub device: Address,
    /// What was measured.
    pub measured: MeasuredItem,
    /// When, by the steady clock; `None` for a record that the device had stored.
    pub steady: Option<Steady>,
    /// How long it had been in the device's memory when it came, by the device's own clock.
    pub stored_ms: u64,
    /// When, by the device's own clock, for a record that the device had stored.
    pub device_time: Option<Timestamp>,
    /// The frame of a spot check.
    pub raw: Option<Vec<u8>>,
    /// What the frame's own time is good for.
    pub stamp: Stamp,
    /// May be thinned when the disk is full.
    pub routine: bool,
}

/// What the time in a frame is good for. Seconds are the device's own, on no known line: good for before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// There is none: equal bytes may be two measurements.
    Absent,
    /// Of now, by a clock that seems set: the same bytes in the same session are the same measurement.
    Live {
        /// The time in the frame.
        device_seconds: i64,
    },
    /// Of now, by a clock that was never set, or lost its time with the battery: the same time may come again and again.
    Unset {
        /// The time in the frame.
        device_seconds: i64,
    },
    /// From the device's memory: it may be handed over more than once, and says nothing of the clock as it is now.
    Stored {
        /// By a clock that seems set: the same bytes are the same measurement, whatever became of the clock since.
        is_set: bool,
    },
}

impl NewReading {
    /// A reading of now, that is not routine.
    #[must_use]
    pub fn live(device: Address, measured: MeasuredItem, at: Steady) -> Self {
        Self {
            device,
            measured,
            steady: Some(at),
            stored_ms: 0,
            device_time: None,
            raw: None,
            stamp: Stamp::Absent,
            routine: false,
        }
    }

    /// As it is sent, with its id and with the wall clock's time of measuring; its age is the one that it had when it came.
    /// `session` counts how often this device's clock has begun anew.
    #[must_use]
    pub fn to_item(&self, clock: &Clock, session: i64) -> ReadingItem {
        ReadingItem {
            id: self.id(clock, session),
            device_address: self.device.as_str().to_owned(),
            measured_at: self.measured_at(clock),
            age_ms: (self.stored_ms > 0).then_some(self.stored_ms),
            measured: self.measured.clone(),
            raw_hex: self.raw.as_deref().map(hex),
        }
    }

    /// UUIDv5 over device, session, kind and the stamped bytes (time and values); UUIDv7 for what has no stamp, or none
    /// that can be believed.
    fn id(&self, clock: &Clock, session: i64) -> Uuid {
        match (&self.raw, self.stamp) {
            (Some(raw), stamp @ (Stamp::Live { .. } | Stamp::Stored { .. })) => {
                // Session 0 is left out: what was sent before there were sessions meets itself.
                let session = match session {
                    _ if stamp == (Stamp::Stored { is_set: true }) => String::new(),
                    0 => String::new(),
                    session => format!("{session}|"),
                };
                let device = self.device.as_str();
                let named = format!("{device}|{session}spot_check|{}", hex(raw));
                Uuid::new_v5(&STAMPED, named.as_bytes())
            }
            (_, Stamp::Absent | Stamp::Unset { .. }) | (None, _) => clock.fresh_id(),
        }
    }

    fn measured_at(&self, clock: &Clock) -> Timestamp {
        let now = clock.wall();
        if let Some(at) = self.device_time {
            return at;
        }
        let age = self
            .steady
            .and_then(|at| at.age_ms(clock.steady()))
            .unwrap_or(0)
            .saturating_add(self.stored_ms);
        i64::try_from(age)
            .ok()
            .and_then(|age| {
                Timestamp::from_millisecond(now.as_millisecond().saturating_sub(age)).ok()
            })
            .unwrap_or(now)
    }
}

/// Whether a measurement is far from any limit and without doubt, or gave no value at all.
#[must_use]
pub fn is_routine(measured: &MeasuredItem, low_limit_percent: u16) -> bool {
    match measured {
        MeasuredItem::SpotCheck(values) | MeasuredItem::Window(values) => {
            values.doubts.is_empty()
                && values.spo2_percent >= f64::from(low_limit_percent) + ROUTINE_MARGIN_PERCENT
        }
        MeasuredItem::Attempt { .. } => true,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use ward_wire::bridge::{DoubtItem, ValuesItem};

    use super::*;

    fn window(spo2_percent: f64, doubts: Vec<DoubtItem>) -> MeasuredItem {
        MeasuredItem::Window(ValuesItem {
            spo2_percent,
            pulse_bpm: Some(72.0),
            perfusion_index_percent: None,
            summary: None,
            doubts,
        })
    }

    fn reading(raw: &[u8], stamp: Stamp) -> NewReading {
        let device = "00:1C:05:FF:4E:5D".parse().unwrap();
        let clock = Clock::of_this_machine();
        NewReading {
            raw: Some(raw.to_vec()),
            stamp,
            ..NewReading::live(device, window(97.0, Vec::new()), clock.steady())
        }
    }

    #[test]
    fn a_stamped_record_has_the_same_id_whenever_it_comes_and_another_device_another() {
        let clock = Clock::of_this_machine();
        let first = reading(&[1, 2, 3], Stamp::Stored { is_set: true });
        assert_eq!(first.to_item(&clock, 0).id, first.to_item(&clock, 0).id);
        assert_ne!(
            first.to_item(&clock, 0).id,
            reading(&[1, 2, 4], Stamp::Stored { is_set: true })
                .to_item(&clock, 0)
                .id
        );
        let elsewhere = NewReading {
            device: "00:1C:05:FF:4E:5E".parse().unwrap(),
            ..first.clone()
        };
        assert_ne!(first.to_item(&clock, 0).id, elsewhere.to_item(&clock, 0).id);
    }

    #[test]
    fn the_same_bytes_in_a_new_session_are_another_measurement_unless_the_clock_was_right() {
        let clock = Clock::of_this_machine();
        let live = Stamp::Live { device_seconds: 7 };
        for (stamp, is_another) in [
            (live, true),
            (Stamp::Stored { is_set: false }, true),
            // Handed over again after the bridge has set the clock back.
            (Stamp::Stored { is_set: true }, false),
        ] {
            let reading = reading(&[1, 2, 3], stamp);
            let [first, second] = [0, 1].map(|session| reading.to_item(&clock, session).id);
            assert_eq!(first != second, is_another, "{stamp:?}");
        }
    }

    #[test]
    fn equal_live_values_are_two_readings() {
        let clock = Clock::of_this_machine();
        let live = reading(&[1, 2, 3], Stamp::Absent);
        assert_ne!(live.to_item(&clock, 0).id, live.to_item(&clock, 0).id);
    }

    #[test]
    fn a_reading_that_waited_in_memory_is_dated_when_it_was_measured() {
        let clock = Clock::of_this_machine();
        let now = clock.steady();
        let Some(ms) = now.ms.checked_sub(5_000) else {
            return; // this machine was started just now
        };
        let mut late = reading(&[1], Stamp::Absent);
        late.steady = Some(Steady { ms, ..now });
        let age = clock
            .wall()
            .duration_since(late.to_item(&clock, 0).measured_at);
        assert!((4_900..6_000).contains(&age.as_millis()), "{age:?}");
    }

    #[test]
    fn what_is_near_the_limit_or_doubtful_is_not_routine() {
        assert!(is_routine(&window(96.0, Vec::new()), 92));
        assert!(!is_routine(&window(94.0, Vec::new()), 92));
        assert!(!is_routine(&window(97.0, vec![DoubtItem::Motion]), 92));
    }
}
