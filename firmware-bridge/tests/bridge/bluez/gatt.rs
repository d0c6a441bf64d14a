//! `org.bluez.GattService1` and `org.bluez.GattCharacteristic1`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use uuid::Uuid;
use ward_oximeter::uuids;

use zbus::{
    Connection, ObjectPath, OwnedObjectPath, OwnedVariant as OwnedValue, Variant as Value,
    interface,
};

use super::adapter::BluezError;
use super::device::DeviceState;
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

/// One with a memory and a clock, and nothing else.
pub(super) const WITH_MEMORY: &Table = &[
    ServiceRow {
        uuid: uuids::PLX_SERVICE,
        characteristics: &[
            (uuids::PLX_SPOT_CHECK, &["indicate"]),
            (uuids::PLX_FEATURES, &["read"]),
            (uuids::RACP, &["write", "indicate"]),
        ],
    },
    ServiceRow {
        uuid: uuids::CURRENT_TIME_SERVICE,
        characteristics: &[(uuids::CURRENT_TIME, &["read", "write"])],
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
    device: Arc<DeviceState>,
    pub(super) path: String,
    flags: &'static [&'static str],
    inner: Mutex<(bool, Vec<u8>)>,
}

impl CharacteristicState {
    pub(super) fn new(
        device: Arc<DeviceState>,
        path: String,
        uuid: Uuid,
        flags: &'static [&'static str],
    ) -> Self {
        Self {
            uuid,
            device,
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
    /// A value that is read is also told as a change.
    async fn read_value(
        &self,
        _options: HashMap<String, OwnedValue>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<Vec<u8>, BluezError> {
        self.0.device.secure(connection, &self.1).await?;
        let said = self.0.device.read(self.0.uuid);
        let bytes = said.unwrap_or_else(|| self.0.inner.lock().unwrap().1.clone());
        let value = HashMap::from([("Value", Value::from(bytes.clone()))]);
        changed::<Self>(connection, &self.0.path, value, &[]).await?;
        Ok(bytes)
    }
    async fn write_value(
        &self,
        value: Vec<u8>,
        _options: HashMap<String, OwnedValue>,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), BluezError> {
        self.0.device.secure(connection, &self.1).await?;
        if self.0.flags.contains(&"read") {
            self.0.device.says(self.0.uuid, &value);
        }
        let address = self.0.device.address.clone();
        self.1.call(Call::Write(address, self.0.uuid, value));
        Ok(())
    }
    async fn start_notify(
        &self,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), BluezError> {
        self.0.device.secure(connection, &self.1).await?;
        self.0.inner.lock().unwrap().0 = true;
        let address = self.0.device.address.clone();
        self.1.call(Call::Notify(address, self.0.uuid));
        Ok(())
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
