//! How the bridge and its oximeters are, as the radio and the decoder know it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::address::Address;
use crate::clock::Steady;

/// More oximeters than this are not kept in mind: the service takes 64.
const OXIMETERS_LIMIT: usize = 256;

/// Written by the radio and the decoder, read by whoever tells the service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Health(Arc<watch::Sender<Known>>);

/// What is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the Bluetooth works; `None` before anybody has tried.
    pub radio_up: Option<bool>,
    /// Each oximeter that was heard since the start.
    pub oximeters: BTreeMap<Address, Oximeter>,
}

/// What is known of an oximeter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oximeter {
    /// When it was last heard.
    pub heard: Steady,
    /// What is left in its battery, in percent, when it has said so.
    pub battery_percent: Option<u8>,
}

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

    /// An oximeter was heard. Nobody is woken for that.
    pub fn heard(&self, device: &Address, at: Steady) {
        self.0.send_if_modified(|known| {
            if let Some(held) = known.oximeters.get_mut(device) {
                held.heard = at;
            } else if known.oximeters.len() < OXIMETERS_LIMIT {
                let new = Oximeter {
                    heard: at,
                    battery_percent: None,
                };
                known.oximeters.insert(device.clone(), new);
            }
            false
        });
    }

    /// An oximeter, heard before, tells what is left in its battery.
    pub fn battery(&self, device: &Address, percent: u8) {
        self.0.send_if_modified(|known| {
            let Some(held) = known.oximeters.get_mut(device) else {
                return false;
            };
            let changed = held.battery_percent != Some(percent);
            held.battery_percent = Some(percent);
            changed
        });
    }

    /// What is known now, and word of each change.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Known> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn changes_are_told_and_being_heard_is_not() {
        let health = Health::default();
        let mut known = health.follow();
        let device: Address = "00:1C:05:FF:4E:5D".parse().unwrap();
        let at = Clock::of_this_machine().steady();
        health.heard(&device, at);
        assert!(!known.has_changed().unwrap());
        for (change, is_told) in [(true, true), (true, false), (false, true)] {
            health.radio(change);
            assert_eq!(known.has_changed().unwrap(), is_told, "{change}");
            known.mark_unchanged();
        }
        health.battery(&device, 9);
        assert!(known.has_changed().unwrap());
        assert_eq!(known.borrow().oximeters[&device].battery_percent, Some(9));
    }
}
