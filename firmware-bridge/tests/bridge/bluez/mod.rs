//! A pretended Bluetooth service: `org.bluez` on a private message bus, with one adapter and any number of oximeters.
//!
//! It shows what btleplug's Linux side looks at and behaves as bluetoothd 5.66 was seen to: Connect answers when the link
//! is up, the GATT objects and `ServicesResolved` come later; a lost link is one signal; objects and subscriptions stay,
//! and come back to life with the next Connect before `ServicesResolved`; RSSI is there only while a scan hears a device;
//! a value that is read is also told as a change; pairing asks the agent.

mod adapter;
mod agent;
mod bonds;
mod bus;
mod device;
mod doctor;
mod faults;
mod gatt;
mod home;
mod policy;
mod records;
mod stories;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use uuid::Uuid;
use zbus::object_server::{Interface, SignalEmitter};

use zbus::{Connection, Variant as Value, fdo};

use crate::support::eventually;
use bus::Bus;
use device::{Device, DeviceState};
use gatt::Table;

const ADAPTER: &str = "/org/bluez/hci0";

/// What the bridge asked for. Devices by their address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    StartDiscovery,
    StopDiscovery,
    Connect(String),
    Disconnect(String),
    Notify(String, Uuid),
    Write(String, Uuid, Vec<u8>),
    Pair(String),
    Remove(String),
    Powered(bool),
    RegisterAgent,
}

/// What all objects share.
struct World {
    calls: Mutex<Vec<Call>>,
    discovering: AtomicBool,
    powered: AtomicBool,
    devices: Mutex<BTreeMap<String, Arc<DeviceState>>>,
    /// Who answers when a device wants to pair.
    agent: Mutex<Option<agent::Registered>>,
    /// The scan cannot be started, as on an adapter that hangs.
    scan_fails: AtomicBool,
}

struct FakeBluez {
    connection: Connection,
    world: Arc<World>,
}

impl World {
    fn call(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }

    fn all(&self) -> Vec<Arc<DeviceState>> {
        self.devices.lock().unwrap().values().cloned().collect()
    }
}

/// Tells that properties of an object have changed or gone.
async fn changed<T: Interface>(
    connection: &Connection,
    path: &str,
    values: HashMap<&str, Value<'_>>,
    gone: &[&str],
) -> zbus::Result<()> {
    let emitter = SignalEmitter::new(connection, path)?;
    fdo::Properties::properties_changed(&emitter, T::name(), values, gone.into()).await
}

impl FakeBluez {
    async fn start(bus: &Bus) -> Self {
        let world = Arc::new(World {
            calls: Mutex::default(),
            discovering: AtomicBool::new(false),
            powered: AtomicBool::new(true),
            devices: Mutex::default(),
            agent: Mutex::default(),
            scan_fails: AtomicBool::new(false),
        });
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .serve_at("/", fdo::ObjectManager)
            .serve_at(ADAPTER, adapter::Adapter(Arc::clone(&world)))
            .serve_at("/org/bluez", agent::Manager(Arc::clone(&world)))
            .name("org.bluez")
            .build()
            .await
            .unwrap();
        tokio::spawn(advertise(connection.clone(), Arc::clone(&world)));
        Self { connection, world }
    }

    /// A device comes into range and advertises whenever it is not connected.
    async fn appear(&self, address: &str, table: &'static Table) -> Arc<DeviceState> {
        let state = Arc::new(DeviceState::new(address, table));
        self.world
            .devices
            .lock()
            .unwrap()
            .insert(address.to_owned(), Arc::clone(&state));
        if self.world.discovering.load(Ordering::Relaxed) {
            state.hear(true);
        }
        state.show(&self.connection, &self.world).await.unwrap();
        state
    }

    /// It is in range and does not advertise yet, so that a test can say more about it.
    async fn appear_silently(&self, address: &str, table: &'static Table) -> Arc<DeviceState> {
        let device = self.appear(address, table).await;
        device.keep_silent(true);
        device.hear(false);
        device
    }

    /// Waits until something was written to this characteristic of any device.
    async fn asked_once(&self, characteristic: Uuid) {
        eventually("it is written", async || {
            let calls = self.world.calls.lock().unwrap();
            calls
                .iter()
                .any(|call| matches!(call, Call::Write(_, uuid, _) if *uuid == characteristic))
                .then_some(())
        })
        .await;
    }

    /// A notification or an indication. False: nobody has subscribed.
    async fn value(&self, device: &DeviceState, characteristic: Uuid, bytes: &[u8]) -> bool {
        let Some(state) = device.characteristic(characteristic) else {
            return false;
        };
        device.is_connected() && state.notify(&self.connection, bytes).await
    }

    /// The device ends the connection or is out of range.
    async fn drop_link(&self, device: &DeviceState) {
        device.drop_link(&self.connection).await.unwrap();
    }

    /// What was written to a characteristic, in order.
    fn written(&self, address: &str, characteristic: Uuid) -> Vec<Vec<u8>> {
        let calls = self.world.calls.lock().unwrap();
        calls
            .iter()
            .filter_map(|call| match call {
                Call::Write(device, uuid, bytes)
                    if device == address && *uuid == characteristic =>
                {
                    Some(bytes.clone())
                }
                _ => None,
            })
            .collect()
    }

    fn count(&self, wanted: &Call) -> usize {
        let calls = self.world.calls.lock().unwrap();
        calls.iter().filter(|call| *call == wanted).count()
    }

    /// Waits until the bridge has asked for it so often.
    async fn asked(&self, wanted: Call, times: usize) {
        eventually(&format!("{wanted:?}, {times} times"), async || {
            (self.count(&wanted) >= times).then_some(())
        })
        .await;
    }

    /// It dies without a word.
    async fn die(self) {
        self.connection.release_name("org.bluez").await.unwrap();
        self.connection.close().await.unwrap();
    }
}

/// Advertisements, ten a second and device, while somebody scans.
async fn advertise(connection: Connection, world: Arc<World>) {
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if !world.discovering.load(Ordering::Relaxed) {
            continue;
        }
        for device in world.all() {
            if device.advertises() {
                device.hear(true);
                if device.is_forgotten() && device.show(&connection, &world).await.is_err() {
                    return;
                }
                let rssi = HashMap::from([("RSSI", Value::from(-60_i16))]);
                if changed::<Device>(&connection, &device.path, rssi, &[])
                    .await
                    .is_err()
                {
                    return;
                }
            }
        }
    }
}
