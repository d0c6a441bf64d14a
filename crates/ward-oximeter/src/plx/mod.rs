//! Pulse Oximeter Service 1.0.1 (Bluetooth SIG, 2022-01-18).
//!
//! The same flag bit means different things in the spot-check and in the continuous measurement: the decoder is chosen
//! by the characteristic, never by the content.

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
