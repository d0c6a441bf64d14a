//! The bridge: the box in a patient's home that reads pulse oximeters over Bluetooth LE.
//!
//! The straight path, and the module of each step:
//! 1. [`radio`] hears an enrolled oximeter: real ones by Bluetooth, or virtual ones, behind one stream of events.
//! 2. [`measure`] decodes its packets and lets them settle to a reading.
//! 3. [`spool`] puts the reading on disk, before anything else.
//! 4. [`uplink`] posts it, as often as it takes, until the service has confirmed it.
//!
//! Beside the path: [`line`] and [`state_file`] (what a person in the room is told by `wardlight-bridge status`), [`health`] and [`status`] (how the bridge and its oximeters are, told every minute), [`config`], [`enrol`], [`identity`] and [`token`] (who this bridge is), [`devices`] (which oximeters are its own),
//! [`client`] (the service over HTTPS), [`clock`] (the only place that reads one), [`commands`] (what ties all together).
//!
//! What is deliberately absent: names of patients, thresholds that raise alerts, deleting what the service has not confirmed.

pub mod address;
pub mod backoff;
pub mod client;
pub mod clock;
pub mod commands;
pub mod config;
pub mod devices;
pub mod enrol;
pub mod health;
pub mod identity;
pub mod line;
pub mod logs;
pub mod measure;
pub mod radio;
pub mod reading;
pub mod spool;
pub mod state_file;
pub mod status;
pub mod token;
pub mod uplink;
