//! A pretended Bluetooth service: `org.bluez` on a private message bus, with one adapter and any number of oximeters.
//!
//! It shows what btleplug's Linux side looks at and behaves as bluetoothd 5.66 was seen to: Connect answers when the link
//! is up, the GATT objects and `ServicesResolved` come later; a lost link is one signal; objects and subscriptions stay,
//! and come back to life with the next Connect before `ServicesResolved`; RSSI is there only while a scan hears a device.

mod adapter;
mod bus;
mod device;
mod gatt;
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
}

/// What all objects share.
struct World {
    calls: Mutex<Vec<Call>>,
    discovering: AtomicBool,
    powered: AtomicBool,
    devices: Mutex<BTreeMap<String, Arc<DeviceState>>>,
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
        });
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .serve_at("/", fdo::ObjectManager)
            .serve_at(ADAPTER, adapter::Adapter(Arc::clone(&world)))
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
        let device = Device::new(Arc::clone(&state), Arc::clone(&self.world));
        let server = self.connection.object_server();
        server.at(state.path.as_str(), device).await.unwrap();
        state
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
