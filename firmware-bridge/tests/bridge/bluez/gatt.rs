//! `org.bluez.GattService1` and `org.bluez.GattCharacteristic1`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use uuid::Uuid;
use ward_oximeter::uuids;

use zbus::{
    Connection, ObjectPath, OwnedObjectPath, OwnedVariant as OwnedValue, Variant as Value,
    interface,
};

use super::{Call, World, changed};

pub(super) type Table = [ServiceRow];

pub(super) struct ServiceRow {
    pub(super) uuid: Uuid,
    pub(super) characteristics: &'static [(Uuid, &'static [&'static str])],
}

/// An oximeter of the Bluetooth SIG's service.
pub(super) const PLX: &Table = &[
    ServiceRow {
        uuid: uuids::PLX_SERVICE,
        characteristics: &[
            (uuids::PLX_CONTINUOUS, &["notify"]),
            (uuids::PLX_SPOT_CHECK, &["indicate"]),
            (uuids::PLX_FEATURES, &["read"]),
            (uuids::RACP, &["write", "indicate"]),
        ],
    },
    ServiceRow {
        uuid: uuids::BATTERY_SERVICE,
        characteristics: &[(uuids::BATTERY_LEVEL, &["read", "notify"])],
    },
];

/// A PC-60FW.
pub(super) const PC60: &Table = &[ServiceRow {
    uuid: uuids::NORDIC_UART_SERVICE,
    characteristics: &[
        (uuids::NORDIC_UART_NOTIFY, &["notify"]),
        (
            uuids::NORDIC_UART_WRITE,
            &["write", "write-without-response"],
        ),
    ],
}];

pub(super) struct Service(pub(super) Uuid, pub(super) String);

#[interface(name = "org.bluez.GattService1")]
impl Service {
    #[zbus(property, name = "UUID")]
    fn uuid(&self) -> String {
        self.0.to_string()
    }
    #[zbus(property)]
    fn primary(&self) -> bool {
        true
    }
    #[zbus(property)]
    fn device(&self) -> OwnedObjectPath {
        ObjectPath::try_from(self.1.clone()).unwrap().into()
    }
}

pub(super) struct CharacteristicState {
    pub(super) uuid: Uuid,
    device: String,
    path: String,
    flags: &'static [&'static str],
    inner: Mutex<(bool, Vec<u8>)>,
}

impl CharacteristicState {
    pub(super) fn new(
        device: &str,
        path: String,
        uuid: Uuid,
        flags: &'static [&'static str],
    ) -> Self {
        Self {
            uuid,
            device: device.to_owned(),
            path,
            flags,
            inner: Mutex::default(),
        }
    }

    /// Sends a value, if the bridge has subscribed.
    pub(super) async fn notify(&self, connection: &Connection, bytes: &[u8]) -> bool {
        {
            let mut inner = self.inner.lock().unwrap();
            if !inner.0 {
                return false;
            }
            inner.1 = bytes.to_vec();
        }
        let value = HashMap::from([("Value", Value::from(bytes.to_vec()))]);
        changed::<Characteristic>(connection, &self.path, value, &[])
            .await
            .is_ok()
    }
}

pub(super) struct Characteristic(pub(super) Arc<CharacteristicState>, pub(super) Arc<World>);

#[interface(name = "org.bluez.GattCharacteristic1")]
impl Characteristic {
    fn read_value(&self, _options: HashMap<String, OwnedValue>) -> Vec<u8> {
        self.0.inner.lock().unwrap().1.clone()
    }
    fn write_value(&self, _value: Vec<u8>, _options: HashMap<String, OwnedValue>) {}
    fn start_notify(&self) {
        self.0.inner.lock().unwrap().0 = true;
        self.1
            .call(Call::Notify(self.0.device.clone(), self.0.uuid));
    }
    fn stop_notify(&self) {
        self.0.inner.lock().unwrap().0 = false;
    }
    #[zbus(property, name = "UUID")]
    fn uuid(&self) -> String {
        self.0.uuid.to_string()
    }
    #[zbus(property)]
    fn flags(&self) -> Vec<String> {
        self.0.flags.iter().map(ToString::to_string).collect()
    }
    #[zbus(property)]
    fn notifying(&self) -> bool {
        self.0.inner.lock().unwrap().0
    }
    #[zbus(property)]
    fn value(&self) -> Vec<u8> {
        self.0.inner.lock().unwrap().1.clone()
    }
    #[zbus(property, name = "MTU")]
    fn mtu(&self) -> u16 {
        185
    }
}
