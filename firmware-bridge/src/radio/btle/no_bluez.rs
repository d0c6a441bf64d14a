//! Where the Bluetooth service is not BlueZ, the system pairs by itself.

use tokio::sync::watch;

use super::call::Trouble;
use crate::address::Address;
use crate::devices::Devices;

/// There is none here.
#[derive(Clone, Debug)]
pub(super) enum Bluez {}

/// What is known of a bond.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) is_paired: bool,
}

impl Bluez {
    pub(super) async fn open(_adapter: &str) -> Result<Self, Trouble> {
        Err(Trouble::Refused(
            "pairing",
            "is done by this system".to_owned(),
        ))
    }

    pub(super) async fn gone(self) -> String {
        match self {}
    }

    pub(super) async fn serve_agent(
        &self,
        _devices: watch::Receiver<Devices>,
    ) -> Result<(), Trouble> {
        match *self {}
    }

    pub(super) async fn known(&self, _device: &Address) -> Known {
        match *self {}
    }

    pub(super) async fn pair(&self, _address: &Address) -> Result<(), Trouble> {
        match *self {}
    }

    pub(super) async fn forget(&self, _address: &Address) -> Result<(), Trouble> {
        match *self {}
    }

    pub(super) async fn power_cycle(&self) -> Result<(), Trouble> {
        match *self {}
    }
}
