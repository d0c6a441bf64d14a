//! A home with the real bridge, a pretended Bluetooth service and a pretended ward, for the stories.

use std::time::Duration;

use uuid::Uuid;
use ward_sim::{Event, Oximeter};
use ward_wire::bridge::ReadingItem;

use super::bus::Bus;
use super::device::DeviceState;
use super::{Call, FakeBluez};
use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::eventually;

pub(super) const OURS: &str = "00:1C:05:FF:4E:5D";
pub(super) const OTHER: &str = "00:1C:05:FF:4E:5E";
/// 95 %, 68 a minute, with a time stamp of the device.
pub(super) const SPOT: [u8; 12] = [0x01, 95, 0, 68, 0, 0xEA, 0x07, 11, 21, 8, 30, 5];
pub(super) const LOW_SPOT: [u8; 12] = [0x01, 84, 0, 99, 0, 0xEA, 0x07, 11, 21, 8, 31, 5];
/// So many times as fast as life: a window takes a second and a half.
pub(super) const TIMES: u32 = 10;

pub(super) struct Home {
    pub(super) bus: Bus,
    pub(super) bluez: FakeBluez,
    pub(super) service: Service,
    pub(super) bridge: Bridge,
    pub(super) folder: tempfile::TempDir,
}

/// A bridge that runs, with one enrolled oximeter.
pub(super) async fn home() -> Home {
    home_with("").await
}

pub(super) async fn home_with(radio: &str) -> Home {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let service = Service::start().await;
    service.enrol_device(OURS);
    let bus = Bus::start().await;
    let bluez = FakeBluez::start(&bus).await;
    let bridge = run(&bus, &folder, &service.url, radio);
    Home {
        bus,
        bluez,
        service,
        bridge,
        folder,
    }
}

pub(super) fn run(bus: &Bus, folder: &tempfile::TempDir, url: &str, radio: &str) -> Bridge {
    let more = format!("testing.time_factor = {TIMES}\n[radio]\nwatchdog_seconds = 1\n{radio}");
    let mut run = command("run", &configure(folder.path(), url, &more));
    run.env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address);
    Bridge::start(run)
}

impl Home {
    pub(super) async fn subscribed(&self, characteristic: Uuid) {
        self.bluez
            .asked(Call::Notify(OURS.to_owned(), characteristic), 1)
            .await;
    }

    /// The first reading that fits.
    pub(super) async fn reading(
        &self,
        what: &str,
        fits: impl Fn(&ReadingItem) -> bool,
    ) -> ReadingItem {
        eventually(what, async || {
            self.service.readings().into_iter().find(&fits)
        })
        .await
    }

    /// Plays a virtual oximeter's bytes into the pretended one, from its first connection to its first disconnect.
    pub(super) async fn play(&self, device: &DeviceState, oximeter: Oximeter) {
        let began = tokio::time::Instant::now();
        for event in oximeter {
            tokio::time::sleep_until(began + Duration::from_millis(event.at_ms()) / TIMES).await;
            match event {
                Event::Connected { .. } => {}
                Event::Packet(packet) => {
                    self.bluez
                        .value(device, packet.characteristic, &packet.bytes)
                        .await;
                }
                Event::Disconnected { .. } => break,
            }
        }
    }
}
