//! One connection's decoder: a characteristic and its bytes in, frames out.

use uuid::Uuid;

use crate::date_time::{CurrentTime, Stamp};
use crate::device_info::{BatteryLevel, SystemId, text};
use crate::error::DecodeError;
use crate::family::Family;
use crate::frame::Frame;
use crate::pc60::Reassembler;
use crate::plx::{Continuous, Features, Racp, SpotCheck};
use crate::uuids;

/// Decodes what one device sends during one connection. Make a new one after each connect: half a frame of the old
/// connection must not meet the new one's bytes.
#[derive(Clone, Debug)]
pub struct Driver {
    family: Family,
    pc60: Reassembler,
}

impl Driver {
    /// The decoder for a device that [`family::choose`](crate::family::choose) has recognised.
    #[must_use]
    pub fn new(family: Family) -> Self {
        Self {
            family,
            pc60: Reassembler::default(),
        }
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Decodes a notified, indicated or read value. A notification of a byte-stream device may complete no frame or
    /// several; an error is one value or frame that was refused, never the end of the connection.
    pub fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Vec<Result<Frame, DecodeError>> {
        match (self.family, characteristic) {
            (
                Family::Pc60,
                uuids::NORDIC_UART_NOTIFY | uuids::PC60_FFF0_NOTIFY | uuids::PC60_FFB0_BOTH,
            ) => self
                .pc60
                .push(bytes)
                .into_iter()
                .map(|found| {
                    found.map(|found| Frame::Pc60 {
                        frame: found.frame,
                        raw: found.raw,
                    })
                })
                .collect(),
            _ => vec![self.whole(characteristic, bytes)],
        }
    }

    /// Values that are one frame each.
    fn whole(&self, characteristic: Uuid, bytes: &[u8]) -> Result<Frame, DecodeError> {
        match (self.family, characteristic) {
            (Family::Plx, uuids::PLX_SPOT_CHECK) => {
                SpotCheck::decode(bytes).map(|check| Frame::PlxSpotCheck {
                    check,
                    raw: bytes.to_vec(),
                })
            }
            (Family::Plx, uuids::PLX_CONTINUOUS) => {
                Continuous::decode(bytes).map(Frame::PlxContinuous)
            }
            (Family::Plx, uuids::PLX_FEATURES) => Features::decode(bytes).map(Frame::PlxFeatures),
            (Family::Plx, uuids::RACP) => Racp::decode(bytes).map(Frame::Racp),
            (_, uuids::BATTERY_LEVEL) => BatteryLevel::decode(bytes).map(Frame::Battery),
            (_, uuids::SYSTEM_ID) => SystemId::decode(bytes).map(Frame::SystemId),
            (_, uuids::CURRENT_TIME) => CurrentTime::decode(bytes).map(Frame::CurrentTime),
            (_, uuids::DATE_TIME) => Stamp::decode(bytes).map(Frame::DateTime),
            (
                _,
                uuids::MANUFACTURER_NAME
                | uuids::MODEL_NUMBER
                | uuids::SERIAL_NUMBER
                | uuids::FIRMWARE_REVISION
                | uuids::HARDWARE_REVISION
                | uuids::SOFTWARE_REVISION,
            ) => Ok(Frame::Text {
                characteristic,
                text: text(bytes),
            }),
            _ => Err(DecodeError::UnknownCharacteristic(characteristic)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: [Uuid; 16] = [
        uuids::PLX_SPOT_CHECK,
        uuids::PLX_CONTINUOUS,
        uuids::PLX_FEATURES,
        uuids::RACP,
        uuids::BATTERY_LEVEL,
        uuids::SYSTEM_ID,
        uuids::CURRENT_TIME,
        uuids::DATE_TIME,
        uuids::MANUFACTURER_NAME,
        uuids::MODEL_NUMBER,
        uuids::NORDIC_UART_NOTIFY,
        uuids::NORDIC_UART_NOTIFY,
        uuids::NORDIC_UART_NOTIFY,
        uuids::PC60_FFF0_NOTIFY,
        uuids::PC60_FFB0_BOTH,
        uuids::PLX_SERVICE,
    ];

    #[test]
    fn a_spot_check_keeps_its_bytes_and_a_stranger_is_named() {
        let mut driver = Driver::new(Family::Plx);
        let frames = driver.decode(uuids::PLX_SPOT_CHECK, &[0, 98, 0, 72, 0]);
        assert!(
            matches!(&frames[..], [Ok(Frame::PlxSpotCheck { raw, .. })] if *raw == [0, 98, 0, 72, 0])
        );
        let stranger = driver.decode(uuids::NORDIC_UART_NOTIFY, &[0xAA]);
        assert_eq!(
            stranger,
            [Err(DecodeError::UnknownCharacteristic(
                uuids::NORDIC_UART_NOTIFY
            ))]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_on_any_characteristic_make_it_panic(
            plx: bool,
            packets in prop::collection::vec((0..KNOWN.len(), prop::collection::vec(any::<u8>(), 0..40)), 0..40),
        ) {
            let mut driver = Driver::new(if plx { Family::Plx } else { Family::Pc60 });
            for (characteristic, bytes) in packets {
                for error in driver.decode(KNOWN[characteristic], &bytes).into_iter().filter_map(Result::err) {
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}
