//! The seam between what hears oximeters and what makes readings of them: one stream of events, two radios behind it.

pub mod btle;
pub mod virtual_radio;

use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;
use ward_oximeter::Family;

use crate::address::Address;
use crate::clock::Steady;

/// Events that may wait for the decoder.
pub const EVENTS_LIMIT: usize = 1024;

/// Something heard from one oximeter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadioEvent {
    /// Which one.
    pub device: Address,
    /// When.
    pub at: Steady,
    /// What.
    pub heard: Heard,
}

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is connected, and of this family. Its first packets may come before this: after a reconnect the Bluetooth
    /// service revives the subscriptions by itself.
    Connected(Family),
    /// A notification or an indication.
    Packet {
        /// The characteristic it came from.
        characteristic: Uuid,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// Every record in its memory has been handed over, and was told before this.
    HandedOver(Handover),
    /// The connection has ended.
    Disconnected,
}

/// Rings when the service holds every record that an oximeter has handed over: it may delete them then.
#[derive(Clone, Debug, Default)]
pub struct Handover(Arc<Notify>);

impl Handover {
    /// The service holds them all.
    pub fn confirm(&self) {
        self.0.notify_one();
    }

    /// Waits for that.
    pub async fn confirmed(&self) {
        self.0.notified().await;
    }
}

impl PartialEq for Handover {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Handover {}

/// Where a radio puts what it hears.
pub type Events = mpsc::Sender<RadioEvent>;

/// Why a radio cannot go on, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum RadioError {
    /// No message bus.
    #[error(
        "the system's message bus cannot be reached: {0}. Is dbus running? In a container: mount /run/dbus/system_bus_socket."
    )]
    NoBus(String),
    /// No Bluetooth service.
    #[error(
        "the Bluetooth service does not answer: {0}. Install the package bluez and start it: systemctl enable --now bluetooth."
    )]
    NoBluetooth(String),
    /// No adapter, or not the wanted one.
    #[error(
        "no Bluetooth adapter{wanted} (found: {found}). Is it plugged in? See `bluetoothctl list` and `rfkill list`."
    )]
    NoAdapter {
        /// The adapter's name, when one is configured.
        wanted: String,
        /// The adapters that are there.
        found: String,
    },
    /// It was there, and is gone.
    #[error(
        "the Bluetooth service is gone: {0}. The bridge stops, so that its supervisor starts it anew; see `systemctl status bluetooth`."
    )]
    Gone(String),
    /// Bad simulation settings.
    #[error("the simulation cannot start: {0}")]
    Simulation(String),
}

/// The family of bytes that a virtual oximeter sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The Pulse Oximeter Service of the Bluetooth SIG.
    #[default]
    Plx,
    /// PC-60 frames over Nordic UART.
    Pc60,
}
