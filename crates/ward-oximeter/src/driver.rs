//! One connection's decoder: a characteristic and its bytes in, frames out.

use std::fmt;

use uuid::Uuid;

use crate::accare::Accare;
use crate::date_time::{CurrentTime, Stamp};
use crate::device_info::{BatteryLevel, SystemId, text};
use crate::error::DecodeError;
use crate::family::Family;
use crate::fe::WithStatus;
use crate::frame::Frame;
use crate::jks50f::Jks50f;
use crate::masimo::Masimo;
use crate::oxyii::OxyII;
use crate::pc60::Pc60;
use crate::stream::Reassembler;
use crate::taidoc::TaiDoc;
use crate::viatom_oxy::ViatomOxy;
use crate::vtm20f::Vtm20f;
use crate::yuwell::Yuwell;
use crate::{berry, choicemmed, contec, jumper, nonin, plx, po60, uuids};

/// One family's decoder over one connection.
pub(crate) trait Decoder: fmt::Debug + Send {
    /// Frames, and an error for each value or frame that was refused; `None`: not one of this family's characteristics.
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>>;
}

/// For families whose values are one frame each; `None`: not one of this family's characteristics.
pub(crate) struct Whole(fn(Uuid, &[u8]) -> Option<WholeFrame>);

/// A value that is one frame.
pub(crate) type WholeFrame = Result<Frame, DecodeError>;

/// Decodes what one device sends during one connection. Make a new one after each connect: half a frame of the old
/// connection must not meet the new one's bytes.
#[derive(Debug)]
pub struct Driver {
    family: Family,
    decoder: Box<dyn Decoder>,
}

/// A family's own decoder.
fn decoder(family: Family) -> Box<dyn Decoder> {
    match family {
        Family::Plx => Box::new(Whole(plx::decode)),
        Family::Nonin => Box::new(nonin::SmartPoint::default()),
        Family::ViatomOxy => Box::new(Reassembler::<ViatomOxy>::default()),
        Family::OxyII => Box::new(Reassembler::<OxyII>::default()),
        Family::Masimo => Box::new(Reassembler::<Masimo>::default()),
        Family::Pc60 => Box::new(Reassembler::<Pc60>::default()),
        Family::Berry => Box::new(berry::Thinned::default()),
        Family::Jumper => Box::new(Whole(jumper::decode)),
        Family::Contec => Box::new(Reassembler::<contec::Ff02>::default()),
        Family::Po60 => Box::new(Reassembler::<po60::Stored>::default()),
        Family::ChoiceMmed => Box::new(choicemmed::Wave::default()),
        Family::TaiDoc => Box::new(Reassembler::<TaiDoc>::default()),
        Family::Yuwell => Box::new(WithStatus::<Yuwell>::default()),
        Family::Vtm20f => Box::new(WithStatus::<Vtm20f>::default()),
        Family::Jks50f => Box::new(Reassembler::<Jks50f>::default()),
        Family::Accare => Box::new(Reassembler::<Accare>::default()),
    }
}

impl Driver {
    /// The decoder for a device that [`family::choose`](crate::family::choose) has recognised.
    #[must_use]
    pub fn new(family: Family) -> Self {
        Self {
            family,
            decoder: decoder(family),
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
        self.decoder
            .decode(characteristic, bytes)
            .unwrap_or_else(|| vec![anywhere(characteristic, bytes)])
    }
}

/// What any device may have.
fn anywhere(characteristic: Uuid, bytes: &[u8]) -> Result<Frame, DecodeError> {
    match characteristic {
        uuids::BATTERY_LEVEL => BatteryLevel::decode(bytes).map(Frame::Battery),
        uuids::SYSTEM_ID => SystemId::decode(bytes).map(Frame::SystemId),
        uuids::CURRENT_TIME => CurrentTime::decode(bytes).map(Frame::CurrentTime),
        uuids::DATE_TIME => Stamp::decode(bytes).map(Frame::DateTime),
        uuids::MANUFACTURER_NAME
        | uuids::MODEL_NUMBER
        | uuids::SERIAL_NUMBER
        | uuids::FIRMWARE_REVISION
        | uuids::HARDWARE_REVISION
        | uuids::SOFTWARE_REVISION => Ok(Frame::Text {
            characteristic,
            text: text(bytes),
        }),
        _ => Err(DecodeError::UnknownCharacteristic(characteristic)),
    }
}

impl Decoder for Whole {
    fn decode(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
    ) -> Option<Vec<Result<Frame, DecodeError>>> {
        (self.0)(characteristic, bytes).map(|frame| vec![frame])
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whole")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: &[Uuid] = &[
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
        uuids::PC60_FFF0_NOTIFY,
        uuids::PC60_FFB0_BOTH,
        uuids::PLX_SERVICE,
        uuids::NONIN_DF19,
        uuids::VIATOM_OXY_NOTIFY,
        uuids::OXYII_NOTIFY,
        uuids::MASIMO_NOTIFY,
        uuids::BERRY_NOTIFY,
        uuids::JUMPER_NOTIFY,
        uuids::CONTEC_NOTIFY,
        uuids::CHOICEMMED_INDICATE,
        uuids::TAIDOC_BOTH,
        uuids::FFE1_NOTIFY,
        uuids::FFE4_NOTIFY,
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
            family in 0..Family::ALL.len(),
            packets in prop::collection::vec((0..KNOWN.len(), prop::collection::vec(any::<u8>(), 0..40)), 0..40),
        ) {
            let mut driver = Driver::new(Family::ALL[family]);
            for (characteristic, bytes) in packets {
                for error in driver.decode(KNOWN[characteristic], &bytes).into_iter().filter_map(Result::err) {
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}
