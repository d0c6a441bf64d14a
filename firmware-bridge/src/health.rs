//! How the bridge and its oximeters are, as the radio and the decoder know it.

mod known;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::watch;
pub use ward_wire::bridge::Trouble;

use crate::address::Address;
use crate::clock::Steady;

pub use known::{Adapter, IN_REACH_MS, Known, Oximeter, Troubled};

/// Written by the radio and the decoder, read by whoever tells the service. Cheap to clone; nothing in it waits.
///
/// What somebody should hear of at once wakes whoever follows: the adapter, a battery, a trouble that begins, changes or
/// is over. What changes all the time does not: adverts, connections, readings.
#[derive(Clone, Debug)]
pub struct Health(Arc<watch::Sender<Known>>);

impl Default for Health {
    fn default() -> Self {
        Self(Arc::new(watch::channel(Known::default()).0))
    }
}

impl Health {
    /// The Bluetooth works, or does not.
    pub fn radio(&self, up: bool) {
        self.0.send_if_modified(|known| {
            let changed = known.radio_up != Some(up);
            known.radio_up = Some(up);
            changed
        });
    }

    /// How the Bluetooth adapter is. Whether the Bluetooth works follows from it.
    pub fn adapter(&self, adapter: Adapter) {
        self.0.send_if_modified(|known| {
            let up = Some(adapter.works());
            let changed = known.radio_up != up || known.adapter.as_ref() != Some(&adapter);
            known.radio_up = up;
            known.adapter = Some(adapter);
            changed
        });
    }

    /// The version of the system's Bluetooth service, as it says.
    pub fn bluez(&self, version: &str) {
        self.0.send_if_modified(|known| {
            known.bluez = known::short(version);
            false
        });
    }

    /// An oximeter was heard: it sent something over its connection.
    pub fn heard(&self, device: &Address, at: Steady) {
        self.quietly(device, |oximeter| oximeter.heard = Some(at));
    }

    /// An advert of an oximeter came in, so strong.
    pub fn in_reach(&self, device: &Address, rssi_dbm: Option<i16>, at: Steady) {
        self.quietly(device, |oximeter| {
            oximeter.heard = Some(at);
            oximeter.rssi_dbm = rssi_dbm.or(oximeter.rssi_dbm);
        });
    }

    /// An oximeter is connected: no connection is in the way any more.
    pub fn connected(&self, device: &Address) {
        self.update(device, |oximeter| {
            oximeter.connected = true;
            let over = oximeter
                .trouble
                .is_some_and(|held| held.what == Trouble::CannotConnect);
            if over {
                oximeter.trouble = None;
            }
            over
        });
    }

    /// An oximeter is no longer connected.
    pub fn disconnected(&self, device: &Address) {
        self.quietly(device, |oximeter| oximeter.connected = false);
    }

    /// Why an oximeter cannot be read. It counts from when it was first said, and until the oximeter gives a reading,
    /// or [`Health::no_trouble`]; one that keeps it from connecting, until it is connected.
    pub fn trouble(&self, device: &Address, what: Trouble, at: Steady) {
        self.update(device, |oximeter| {
            if oximeter.trouble.is_some_and(|held| held.what == what) {
                return false;
            }
            oximeter.trouble = Some(Troubled { what, since: at });
            true
        });
    }

    /// Nothing is in the way of reading an oximeter any more.
    pub fn no_trouble(&self, device: &Address) {
        self.update(device, |oximeter| oximeter.trouble.take().is_some());
    }

    /// What an oximeter says that it is. What it does not say now it may have said before.
    pub fn model(&self, device: &Address, model: Option<&str>, firmware: Option<&str>) {
        self.quietly(device, |oximeter| {
            oximeter.model = model.and_then(known::short).or(oximeter.model.take());
            oximeter.firmware = firmware.and_then(known::short).or(oximeter.firmware.take());
        });
    }

    /// An oximeter tells what is left in its battery, in percent.
    pub fn battery(&self, device: &Address, percent: u8) {
        self.update(device, |oximeter| {
            let changed = oximeter.battery_percent != Some(percent);
            oximeter.battery_percent = Some(percent);
            changed
        });
    }

    /// A reading with a value was put on disk: the oximeter can be read.
    pub fn reading(&self, device: &Address, at: Steady) {
        self.update(device, |oximeter| {
            oximeter.reading = Some(at);
            oximeter.trouble.take().is_some()
        });
    }

    /// What is known now, and word of each change.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Known> {
        self.0.subscribe()
    }

    fn quietly(&self, device: &Address, change: impl FnOnce(&mut Oximeter)) {
        self.update(device, |oximeter| {
            change(oximeter);
            false
        });
    }

    fn update(&self, device: &Address, change: impl FnOnce(&mut Oximeter) -> bool) {
        self.0
            .send_if_modified(|known| known.oximeter(device).is_some_and(change));
    }
}
