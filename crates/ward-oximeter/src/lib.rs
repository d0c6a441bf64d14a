//! Pulse oximeter protocols: bytes to frames to readings.
//!
//! Pure functions and small state machines: no radio, no clock, no I/O, and no bytes make anything here panic. The
//! bridge, a phone's Bluetooth and a replay of a recording all go the same straight path:
//!
//! ```
//! # use ward_oximeter::{Driver, Endpoint, Outcome, Settle, SettleConfig, family, uuids};
//! # let found = [Endpoint { service: uuids::PLX_SERVICE, characteristic: uuids::PLX_SPOT_CHECK }];
//! let plan = family::choose(&found, None).expect("a device that we know"); // subscribe to plan.subscribe in that order
//! let mut driver = Driver::new(plan.family);                         // one for each connection
//! let config = SettleConfig { low_limit_percent: 92, accepts_unproven: false };
//! let mut settle = Settle::new(config);                              // one for each device
//! # let (characteristic, bytes, at_ms) = (uuids::PLX_SPOT_CHECK, [0, 98, 0, 72, 0], 1_000);
//! for frame in driver.decode(characteristic, &bytes).into_iter().flatten() { // errors are counted, never fatal
//!     for outcome in settle.push(&frame, at_ms) {                    // a steady clock, in milliseconds
//!         if let Outcome::Reading(reading) = outcome { println!("{}", reading.value.spo2_tenths_percent); }
//!     }
//! }
//! settle.tick(at_ms + 1_000); // every second or so: notices silence
//! settle.disconnected(at_ms + 2_000); // at the end of the connection: the last reading may come out of this
//! ```

pub mod accare;
pub mod berry;
pub mod choicemmed;
pub mod contec;
mod crc8;
pub mod date_time;
pub mod describe;
pub mod device_info;
mod doubts;
mod driver;
mod error;
pub mod family;
pub mod fe;
mod fields;
mod frame;
pub mod jks50f;
pub mod judge;
pub mod jumper;
pub mod masimo;
pub mod nonin;
pub mod oxyii;
pub mod pc60;
pub mod plx;
pub mod po60;
mod polled;
pub mod settle;
pub mod sfloat;
pub mod stream;
pub mod taidoc;
pub mod talk;
pub mod uuids;
pub mod viatom_oxy;
pub mod vtm20f;
pub mod yuwell;

pub use doubts::Doubts;
pub use driver::Driver;
pub use error::DecodeError;
pub use family::{Endpoint, Evidence, Family, Plan};
pub use frame::{Frame, Meaning};
pub use judge::{Reason, Value};
pub use settle::{Attempt, Measurement, Outcome, Quality, Settle, SettleConfig, Source, Waiting};
pub use talk::{Command, Talk};
pub use uuid::Uuid;
