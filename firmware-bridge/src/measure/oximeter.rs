//! One oximeter as the bridge hears it: its decoder, its settle, and what it says of itself.

use std::collections::VecDeque;

use ward_oximeter::{Driver, Family, Frame, Meaning, Outcome, Settle, uuids};

use super::convert::Shown;
use super::settle_config;
use crate::address::Address;
use crate::clock::Steady;
use crate::health::Health;
use crate::radio::{Heard, RadioEvent};

pub(super) struct Oximeter {
    pub(super) settle: Settle,
    /// What it was when it was last connected.
    pub(super) family: Option<Family>,
    /// This connection's decoder.
    pub(super) driver: Option<Driver>,
    /// Frames that were refused on this connection.
    pub(super) refused: u64,
    /// Frames with the time of an unset clock, of this connection.
    pub(super) unset: VecDeque<Vec<u8>>,
    /// What its clock showed, on this connection.
    pub(super) shown: Option<Shown>,
}

impl Oximeter {
    pub(super) fn new(low_limit_percent: u16) -> Self {
        Self {
            settle: Settle::new(settle_config(low_limit_percent, None, &[])),
            family: None,
            driver: None,
            refused: 0,
            unset: VecDeque::new(),
            shown: None,
        }
    }

    /// What the device's clock shows.
    fn look_at_clock(&mut self, frame: &Frame, at: Steady) {
        let shows = match frame {
            Frame::CurrentTime(current) => current.time,
            Frame::DateTime(time) => *time,
            _ => return,
        };
        self.shown = shows.valid().map(|time| Shown {
            device_seconds: time.seconds(),
            at,
        });
    }

    pub(super) fn hear(&mut self, event: &RadioEvent, health: &Health) -> Vec<Outcome> {
        match &event.heard {
            Heard::Connected(family) => {
                // Packets may have come before this: their decoder goes on.
                if self
                    .driver
                    .as_ref()
                    .is_none_or(|driver| driver.family() != *family)
                {
                    self.driver = Some(Driver::new(*family));
                }
                self.family = Some(*family);
                Vec::new()
            }
            Heard::Packet {
                characteristic,
                bytes,
            } => {
                let Some(family) = self.family else {
                    return Vec::new(); // never connected yet: nothing can have been asked of it
                };
                let driver = self.driver.get_or_insert_with(|| Driver::new(family));
                let mut outcomes = Vec::new();
                for frame in driver.decode(*characteristic, bytes) {
                    match frame {
                        Ok(frame) => {
                            self.look_at_clock(&frame, event.at);
                            say_model(&frame, &event.device, health);
                            for meaning in frame.meanings() {
                                if let Meaning::Battery(percent) = meaning {
                                    health.battery(&event.device, percent);
                                }
                            }
                            outcomes.extend(self.settle.push(&frame, event.at.ms));
                        }
                        Err(why) => {
                            self.refused += 1;
                            tracing::debug!(device = event.device.tail(), %why, "frame refused");
                        }
                    }
                }
                outcomes
            }
            Heard::HandedOver(_) => Vec::new(),
            Heard::Disconnected => {
                if self.refused > 0 {
                    tracing::warn!(
                        device = event.device.tail(),
                        frames = self.refused,
                        "frames were refused on this connection"
                    );
                }
                self.refused = 0;
                self.unset.clear();
                self.shown = None;
                self.driver = None;
                self.settle.disconnected(event.at.ms)
            }
        }
    }
}

/// What the oximeter says that it is.
fn say_model(frame: &Frame, device: &Address, health: &Health) {
    let Frame::Text {
        characteristic,
        text,
    } = frame
    else {
        return;
    };
    match *characteristic {
        uuids::MODEL_NUMBER => health.model(device, Some(text), None),
        uuids::FIRMWARE_REVISION => health.model(device, None, Some(text)),
        _ => {}
    }
}
