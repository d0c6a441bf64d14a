//! One decoded packet of any family.

use uuid::Uuid;

use crate::date_time::{CurrentTime, Stamp};
use crate::device_info::{BatteryLevel, SystemId};
use crate::pc60::Pc60Frame;
use crate::plx::{Continuous, Features, Racp, SpotCheck};

/// One decoded packet. A [`Settle`](crate::Settle) makes readings of those that measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 2A5E. The bytes are kept: with the device's stamp they tell a repeat from a new measurement.
    PlxSpotCheck {
        /// Decoded.
        check: SpotCheck,
        /// As it came.
        raw: Vec<u8>,
    },
    /// 2A5F.
    PlxContinuous(Continuous),
    /// 2A60.
    PlxFeatures(Features),
    /// 2A52.
    Racp(Racp),
    /// One frame of a PC-60 stream.
    Pc60 {
        /// Decoded.
        frame: Pc60Frame,
        /// From marker to checksum.
        raw: Vec<u8>,
    },
    /// 2A19.
    Battery(BatteryLevel),
    /// 2A23.
    SystemId(SystemId),
    /// 2A2B.
    CurrentTime(CurrentTime),
    /// 2A08.
    DateTime(Stamp),
    /// A text of the Device Information Service.
    Text {
        /// Which one.
        characteristic: Uuid,
        /// Without padding.
        text: String,
    },
}
