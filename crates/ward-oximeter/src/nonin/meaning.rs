//! What a second of a Nonin means for readings.

use super::Df19;
use crate::doubts::Doubts;
use crate::frame::Meaning;
use crate::judge::{self, Reason, Value};
use crate::settle::Record;

impl Df19 {
    /// The values, if they are a patient's.
    ///
    /// # Errors
    /// The [`Reason`] why they are not.
    pub fn judge(&self) -> Result<Value, Reason> {
        let searching = self.has(Self::SEARCHING);
        let Some(spo2) = self.spo2_percent else {
            return Err(if searching {
                Reason::Searching
            } else {
                Reason::NoValue
            });
        };
        let doubts = Doubts::NONE
            .with_if(searching, Doubts::SEARCHING)
            .with_if(self.has(Self::WEAK_SIGNAL), Doubts::POOR_SIGNAL);
        // 0 is sent while there is no value for it.
        let perfusion = Some(self.amplitude_hundredths_percent).filter(|index| *index != 0);
        judge::whole_numbers(spo2, self.pulse_bpm, perfusion, doubts)
    }

    /// The sample, the device's own final when this second completes a measurement, and the battery.
    pub(crate) fn meanings(&self, completes: bool, raw: &[u8]) -> Vec<Meaning> {
        let judged = self.judge();
        let record = Record {
            raw: raw.to_vec(),
            ..Record::default()
        };
        let last = completes.then_some(Meaning::Final(judged, record));
        let battery = Meaning::Battery(self.battery_percent());
        [Meaning::Sample(judged)]
            .into_iter()
            .chain(last)
            .chain([battery])
            .collect()
    }

    /// Two alkaline cells: 3.0 V are full, 2.1 V are empty. Our own line between; the device's own warning counts first.
    fn battery_percent(&self) -> u8 {
        const EMPTY: u8 = 21;
        const WARNING_PERCENT: u8 = 10;
        let percent = self
            .battery_tenths_volt
            .saturating_sub(EMPTY)
            .saturating_mul(11)
            .min(100);
        if self.has(Self::LOW_BATTERY) {
            percent.min(WARNING_PERCENT)
        } else {
            percent
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(status: u8, spo2: u8, pulse: u16) -> Df19 {
        let [high, low] = pulse.to_be_bytes();
        Df19::decode(&[10, status, 0x1E, 1, 0xF4, 0, 12, spo2, high, low]).unwrap()
    }

    #[test]
    fn a_weak_signal_marks_a_value_and_none_is_never_a_hundred_and_twenty_seven_percent() {
        assert!(second(0, 98, 72).judge().unwrap().doubts.is_empty());
        let weak = second(Df19::WEAK_SIGNAL, 88, 300).judge().unwrap();
        assert_eq!(
            (weak.spo2_tenths_percent, weak.pulse_tenths_bpm),
            (880, Some(3000))
        );
        assert!(weak.doubts.has(Doubts::POOR_SIGNAL));
        assert_eq!(second(0, 127, 511).judge(), Err(Reason::NoValue));
        assert_eq!(
            second(Df19::SEARCHING, 127, 511).judge(),
            Err(Reason::Searching)
        );
        assert_eq!(second(0, 101, 72).judge(), Err(Reason::Implausible));
    }

    #[test]
    fn the_devices_warning_counts_more_than_its_volts() {
        assert_eq!(second(0, 98, 72).battery_percent(), 99);
        assert_eq!(second(Df19::LOW_BATTERY, 98, 72).battery_percent(), 10);
        let empty = Df19 {
            battery_tenths_volt: 0,
            ..second(0, 98, 72)
        };
        assert_eq!(empty.battery_percent(), 0);
    }
}
