//! Pulse Oximeter Service 1.0.1 (Bluetooth SIG, 2022-01-18).
//!
//! The same flag bit means different things in the spot-check and in the continuous measurement: the decoder is chosen
//! by the characteristic, never by the content.

use uuid::Uuid;

use crate::error::DecodeError;
use crate::frame::Frame;
use crate::uuids;

mod collector;
mod continuous;
mod features;
mod racp;
mod records;
mod spot_check;
mod status;

pub use collector::{Collector, Progress};
pub use continuous::{Continuous, Pair};
pub use features::{FeatureSet, Features};
pub use racp::{OpCode, Racp, Request, ResponseCode};
pub(crate) use records::Records;
pub use spot_check::SpotCheck;
pub(crate) use status::set_names;
pub use status::{DeviceStatus, MeasurementStatus};

/// The values of the service's characteristics, one frame each.
pub(crate) fn decode(characteristic: Uuid, bytes: &[u8]) -> Option<Result<Frame, DecodeError>> {
    let raw = || bytes.to_vec();
    Some(match characteristic {
        uuids::PLX_SPOT_CHECK => {
            SpotCheck::decode(bytes).map(|check| Frame::PlxSpotCheck { check, raw: raw() })
        }
        uuids::PLX_CONTINUOUS => Continuous::decode(bytes).map(Frame::PlxContinuous),
        uuids::PLX_FEATURES => Features::decode(bytes).map(Frame::PlxFeatures),
        uuids::RACP => Racp::decode(bytes).map(Frame::Racp),
        _ => return None,
    })
}
