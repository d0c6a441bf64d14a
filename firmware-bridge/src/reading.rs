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
    /// When, by the device's own clock, for a record that the device had stored.
    pub device_time: Option<Timestamp>,
    /// The frame of a spot check.
    pub raw: Option<Vec<u8>>,
    /// The device has stamped the frame: the same bytes are the same measurement.
    pub stamped: bool,
    /// May be thinned when the disk is full.
    pub routine: bool,
}

impl NewReading {
    /// A reading of now, that is not routine.
    #[must_use]
    pub fn live(device: Address, measured: MeasuredItem, at: Steady) -> Self {
        Self {
            device,
            measured,
            steady: Some(at),
            device_time: None,
            raw: None,
            stamped: false,
            routine: false,
        }
    }

    /// As it is sent, but for its age: with its id and with the wall clock's time of measuring.
    #[must_use]
    pub fn to_item(&self, clock: &Clock) -> ReadingItem {
        ReadingItem {
            id: self.id(clock),
            device_address: self.device.as_str().to_owned(),
            measured_at: self.measured_at(clock),
            age_ms: None,
            measured: self.measured.clone(),
            raw_hex: self.raw.as_deref().map(hex),
        }
    }

    /// UUIDv5 over device, kind and the stamped bytes (time and values); UUIDv7 for what has no stamp.
    fn id(&self, clock: &Clock) -> Uuid {
        match &self.raw {
            Some(raw) if self.stamped => {
                let named = format!("{}|spot_check|{}", self.device.as_str(), hex(raw));
                Uuid::new_v5(&STAMPED, named.as_bytes())
            }
            _ => clock.fresh_id(),
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
            .unwrap_or(0);
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
            doubts,
        })
    }

    fn reading(raw: &[u8], stamped: bool) -> NewReading {
        let device = "00:1C:05:FF:4E:5D".parse().unwrap();
        let clock = Clock::of_this_machine();
        NewReading {
            raw: Some(raw.to_vec()),
            stamped,
            ..NewReading::live(device, window(97.0, Vec::new()), clock.steady())
        }
    }

    #[test]
    fn a_stamped_record_has_the_same_id_whenever_it_comes_and_another_device_another() {
        let clock = Clock::of_this_machine();
        let first = reading(&[1, 2, 3], true);
        assert_eq!(first.to_item(&clock).id, first.to_item(&clock).id);
        assert_ne!(
            first.to_item(&clock).id,
            reading(&[1, 2, 4], true).to_item(&clock).id
        );
        let elsewhere = NewReading {
            device: "00:1C:05:FF:4E:5E".parse().unwrap(),
            ..first.clone()
        };
        assert_ne!(first.to_item(&clock).id, elsewhere.to_item(&clock).id);
    }

    #[test]
    fn equal_live_values_are_two_readings() {
        let clock = Clock::of_this_machine();
        let live = reading(&[1, 2, 3], false);
        assert_ne!(live.to_item(&clock).id, live.to_item(&clock).id);
    }

    #[test]
    fn a_reading_that_waited_in_memory_is_dated_when_it_was_measured() {
        let clock = Clock::of_this_machine();
        let now = clock.steady();
        let Some(ms) = now.ms.checked_sub(5_000) else {
            return; // this machine was started just now
        };
        let mut late = reading(&[1], false);
        late.steady = Some(Steady { ms, ..now });
        let age = clock
            .wall()
            .duration_since(late.to_item(&clock).measured_at);
        assert!((4_900..6_000).contains(&age.as_millis()), "{age:?}");
    }

    #[test]
    fn what_is_near_the_limit_or_doubtful_is_not_routine() {
        assert!(is_routine(&window(96.0, Vec::new()), 92));
        assert!(!is_routine(&window(94.0, Vec::new()), 92));
        assert!(!is_routine(&window(97.0, vec![DoubtItem::Motion]), 92));
    }
}
