//! Virtual patients and virtual oximeters: physiology to the bytes that real oximeters send.
//!
//! Everything is a function of a seed and of elapsed time: the same run twice gives the same bytes. Nothing here knows a
//! clock; who drives a virtual oximeter in real time sleeps until each event's `at_ms`, and a benchmark does not sleep.
//!
//! ```
//! use ward_sim::{Event, Habits, Model, Oximeter, Patient, Scenario};
//!
//! let patient = Patient::new(Scenario::SuddenFall, 7);
//! let oximeter = Oximeter::new(Model::Pc60, patient, Habits::of(Scenario::SuddenFall));
//! for event in oximeter.take(100) {
//!     match event {
//!         Event::Connected { at_ms } => println!("{at_ms}: here"),
//!         Event::Packet(packet) => println!("{}: {} {:02x?}", packet.at_ms, packet.characteristic, packet.bytes),
//!         Event::Disconnected { at_ms } => println!("{at_ms}: gone"),
//!     }
//! }
//! ```

pub mod encode;
mod habits;
mod noise;
mod oximeter;
mod pc60;
mod physiology;
mod plx;
#[cfg(test)]
mod tests;

pub use habits::{Habits, Rhythm};
pub use oximeter::{AttError, Event, Model, Oximeter, Packet};
pub use physiology::{Body, Patient, Scenario, Signal};
