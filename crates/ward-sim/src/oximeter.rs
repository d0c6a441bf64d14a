//! A virtual oximeter: an endless (or not) row of events with the bytes that a radio would have heard.

use std::collections::VecDeque;

use ward_oximeter::{Endpoint, Uuid, uuids};

use crate::habits::{Habits, Moment};
use crate::pc60::Pc60;
use crate::physiology::{Body, Patient, Scenario};
use crate::plx::Plx;

/// Which device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// A Bluetooth SIG oximeter with continuous and spot-check measurements, a memory, and a clock that was never set.
    Plx,
    /// A PC-60FW: frames in a byte stream over Nordic UART.
    Pc60,
}

/// One notification or indication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Where it came from.
    pub characteristic: Uuid,
    /// At most 20 bytes.
    pub bytes: Vec<u8>,
    /// Milliseconds of the device's time since the beginning of the simulation.
    pub at_ms: u64,
}

/// What a radio would notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The device is switched on and connected.
    Connected {
        /// When.
        at_ms: u64,
    },
    /// It said something.
    Packet(Packet),
    /// It is gone.
    Disconnected {
        /// When.
        at_ms: u64,
    },
}

/// A write that the device refuses: the ATT error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttError(pub u8);

impl AttError {
    /// Such a characteristic is not there or not writable.
    pub const WRITE_NOT_PERMITTED: Self = Self(0x03);
}

impl Event {
    /// When it happens.
    #[must_use]
    pub const fn at_ms(&self) -> u64 {
        match self {
            Self::Connected { at_ms } | Self::Disconnected { at_ms } => *at_ms,
            Self::Packet(packet) => packet.at_ms,
        }
    }
}

/// A virtual oximeter on a virtual patient: an iterator over [`Event`]s in order of time, which ends only with a
/// rhythm that ends.
#[derive(Clone, Debug)]
pub struct Oximeter {
    patient: Patient,
    habits: Habits,
    device: Device,
    second: u64,
    is_on: bool,
    queue: VecDeque<Event>,
}

#[derive(Clone, Debug)]
enum Device {
    Plx(Plx),
    Pc60(Pc60),
}

/// Device time in which one second happens.
pub(crate) const SECOND_MS: u64 = 1_000;

impl Oximeter {
    /// A device that has just been taken out of its box.
    #[must_use]
    pub fn new(model: Model, patient: Patient, habits: Habits) -> Self {
        let device = match model {
            Model::Plx => Device::Plx(Plx::new(patient)),
            Model::Pc60 => Device::Pc60(Pc60::new(patient.seed())),
        };
        Self {
            patient,
            habits,
            device,
            second: 0,
            is_on: false,
            queue: VecDeque::new(),
        }
    }

    /// The patient who uses it.
    #[must_use]
    pub const fn patient(&self) -> Patient {
        self.patient
    }

    /// As it is advertised.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.device {
            Device::Plx(_) => "Wardlight PLX",
            Device::Pc60(_) => "PC-60FW",
        }
    }

    /// What is found on it after connecting.
    #[must_use]
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let at = |service| {
            move |characteristic| Endpoint {
                service,
                characteristic,
            }
        };
        let information = [
            uuids::MANUFACTURER_NAME,
            uuids::MODEL_NUMBER,
            uuids::FIRMWARE_REVISION,
            uuids::SYSTEM_ID,
        ];
        let common = information
            .map(at(uuids::DEVICE_INFORMATION_SERVICE))
            .into_iter();
        match self.device {
            Device::Plx(_) => {
                let plx = [
                    uuids::PLX_SPOT_CHECK,
                    uuids::PLX_CONTINUOUS,
                    uuids::PLX_FEATURES,
                    uuids::RACP,
                ];
                let battery = at(uuids::BATTERY_SERVICE)(uuids::BATTERY_LEVEL);
                common
                    .chain(plx.map(at(uuids::PLX_SERVICE)))
                    .chain([battery])
                    .collect()
            }
            Device::Pc60(_) => {
                let uart = [uuids::NORDIC_UART_NOTIFY, uuids::NORDIC_UART_WRITE];
                common
                    .chain(uart.map(at(uuids::NORDIC_UART_SERVICE)))
                    .collect()
            }
        }
    }

    /// Reads a value; `None` for one that is not there or cannot be read.
    #[must_use]
    pub fn read(&self, characteristic: Uuid) -> Option<Vec<u8>> {
        match characteristic {
            uuids::MANUFACTURER_NAME => Some(b"Wardlight simulation".to_vec()),
            uuids::MODEL_NUMBER => Some(self.name().into()),
            uuids::FIRMWARE_REVISION => Some(b"1.0".to_vec()),
            // A locally administered OUI: no real device has it.
            uuids::SYSTEM_ID => {
                let [a, b, c, d, e, ..] = self.patient.seed().to_le_bytes();
                Some(vec![a, b, c, d, e, 0x4D, 0x49, 0x02])
            }
            _ => match &self.device {
                Device::Plx(plx) => plx.read(characteristic, self.second),
                Device::Pc60(_) => None,
            },
        }
    }

    /// Writes a value at `at_ms` of the device's time; what the device answers are the next events.
    ///
    /// # Errors
    /// The ATT error with which a device would refuse it.
    pub fn write(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
        at_ms: u64,
    ) -> Result<(), AttError> {
        match &mut self.device {
            Device::Plx(plx) => {
                let answers = plx.write(characteristic, bytes, at_ms)?;
                answers
                    .into_iter()
                    .rev()
                    .for_each(|packet| self.queue.push_front(Event::Packet(packet)));
                Ok(())
            }
            // A PC-60 streams by itself and takes no notice.
            Device::Pc60(_) if characteristic == uuids::NORDIC_UART_WRITE => Ok(()),
            Device::Pc60(_) => Err(AttError::WRITE_NOT_PERMITTED),
        }
    }

    /// What the finger shows in this second of the device's time; nothing if it never goes in.
    fn body(&self) -> Option<Body> {
        let elapsed_ms = self
            .second
            .saturating_mul(SECOND_MS)
            .saturating_mul(self.habits.speed.into());
        (self.patient.scenario() != Scenario::FingerOut).then(|| self.patient.at(elapsed_ms))
    }

    /// Lets one second pass. False when nothing will ever happen again.
    fn pass_second(&mut self) -> bool {
        let at_ms = self.second.saturating_mul(SECOND_MS);
        match self.habits.rhythm.at(self.second) {
            Moment::Off { next_s } => {
                if std::mem::replace(&mut self.is_on, false) {
                    self.queue.push_back(Event::Disconnected { at_ms });
                }
                let Some(next_s) = next_s else {
                    return !self.queue.is_empty();
                };
                self.second = next_s.max(self.second.saturating_add(1));
            }
            Moment::On { into_s, finger } => {
                if !std::mem::replace(&mut self.is_on, true) {
                    self.queue.push_back(Event::Connected { at_ms });
                }
                let body = self.body();
                let packets = match &mut self.device {
                    Device::Plx(plx) => plx.second(self.second, finger, body),
                    Device::Pc60(pc60) => pc60.second(self.second, into_s, finger, body),
                };
                self.queue.extend(packets.into_iter().map(Event::Packet));
                self.second = self.second.saturating_add(1);
            }
        }
        true
    }
}

impl Iterator for Oximeter {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while self.queue.is_empty() {
            if !self.pass_second() {
                return None;
            }
        }
        self.queue.pop_front()
    }
}
