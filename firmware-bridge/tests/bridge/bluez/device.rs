//! `org.bluez.Device1`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use uuid::Uuid;

use zbus::{Connection, ObjectPath, OwnedObjectPath, Variant as Value, fdo, interface};

use super::adapter::BluezError;
use super::gatt::{Characteristic, CharacteristicState, Service, Table};
use super::{ADAPTER, Call, World, changed};

const RESOLVING: Duration = Duration::from_millis(30);
const DISCONNECTING: Duration = Duration::from_millis(20);

/// A device, and what a test may change about it.
pub(super) struct DeviceState {
    pub(super) address: String,
    pub(super) path: String,
    table: &'static Table,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    connected: bool,
    resolved: bool,
    heard: bool,
    silent: bool,
    connect_error: Option<&'static str>,
    never_resolves: bool,
    when_resumed: Vec<(Uuid, Vec<u8>)>,
    characteristics: Vec<Arc<CharacteristicState>>,
}

impl DeviceState {
    pub(super) fn new(address: &str, table: &'static Table) -> Self {
        Self {
            path: format!("{ADAPTER}/dev_{}", address.replace(':', "_")),
            address: address.to_owned(),
            table,
            inner: Mutex::default(),
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.inner.lock().unwrap().connected
    }

    pub(super) fn advertises(&self) -> bool {
        let inner = self.inner.lock().unwrap();
        !inner.connected && !inner.silent
    }

    /// Whether an advertisement is remembered; tells what was before.
    pub(super) fn hear(&self, heard: bool) -> bool {
        std::mem::replace(&mut self.inner.lock().unwrap().heard, heard)
    }

    /// It is in nobody's range, or is again.
    pub(super) fn keep_silent(&self, silent: bool) {
        self.inner.lock().unwrap().silent = silent;
    }

    /// The next Connect fails.
    pub(super) fn refuse_next_connect(&self, why: &'static str) {
        self.inner.lock().unwrap().connect_error = Some(why);
    }

    /// The link comes up, and the services are never found.
    pub(super) fn never_resolve(&self, never: bool) {
        self.inner.lock().unwrap().never_resolves = never;
    }

    /// Sent as soon as the link is up again, before anybody knows its services.
    pub(super) fn when_resumed(&self, values: Vec<(Uuid, Vec<u8>)>) {
        self.inner.lock().unwrap().when_resumed = values;
    }

    /// It was connected by an earlier program.
    pub(super) fn was_connected(&self) {
        self.inner.lock().unwrap().connected = true;
    }

    pub(super) fn characteristic(&self, uuid: Uuid) -> Option<Arc<CharacteristicState>> {
        let inner = self.inner.lock().unwrap();
        inner
            .characteristics
            .iter()
            .find(|state| state.uuid == uuid)
            .cloned()
    }

    async fn set(
        &self,
        connection: &Connection,
        connected: Option<bool>,
        resolved: Option<bool>,
    ) -> zbus::Result<()> {
        let mut values = HashMap::new();
        {
            let mut inner = self.inner.lock().unwrap();
            if let Some(connected) = connected {
                inner.connected = connected;
                values.insert("Connected", Value::from(connected));
            }
            if let Some(resolved) = resolved {
                inner.resolved = resolved;
                values.insert("ServicesResolved", Value::from(resolved));
            }
        }
        changed::<Device>(connection, &self.path, values, &[]).await
    }

    pub(super) async fn drop_link(&self, connection: &Connection) -> zbus::Result<()> {
        self.set(connection, Some(false), Some(false)).await
    }

    /// The services are found: objects (the first time), old subscriptions and what the device sends at once, then
    /// `ServicesResolved`.
    async fn resolve(&self, connection: &Connection, world: &Arc<World>) -> zbus::Result<()> {
        let first = self.inner.lock().unwrap().characteristics.is_empty();
        if first {
            let server = connection.object_server();
            for (place, service) in self.table.iter().enumerate() {
                let path = format!("{}/service{:04x}", self.path, (place + 1) * 16);
                server
                    .at(path.as_str(), Service(service.uuid, self.path.clone()))
                    .await?;
                for (place, (uuid, flags)) in service.characteristics.iter().enumerate() {
                    let path = format!("{path}/char{:04x}", place + 1);
                    let state = Arc::new(CharacteristicState::new(
                        &self.address,
                        path.clone(),
                        *uuid,
                        flags,
                    ));
                    self.inner
                        .lock()
                        .unwrap()
                        .characteristics
                        .push(Arc::clone(&state));
                    server
                        .at(path.as_str(), Characteristic(state, Arc::clone(world)))
                        .await?;
                }
            }
        }
        let at_once = std::mem::take(&mut self.inner.lock().unwrap().when_resumed);
        for (uuid, bytes) in at_once {
            if let Some(state) = self.characteristic(uuid) {
                assert!(
                    state.notify(connection, &bytes).await,
                    "a subscription survives a lost link"
                );
            }
        }
        self.set(connection, None, Some(true)).await
    }
}

/// Interior state: Connect runs while it changes the object.
pub(super) struct Device {
    state: Arc<DeviceState>,
    world: Arc<World>,
}

impl Device {
    pub(super) fn new(state: Arc<DeviceState>, world: Arc<World>) -> Self {
        Self { state, world }
    }
}

#[interface(name = "org.bluez.Device1")]
impl Device {
    async fn connect(&self, #[zbus(connection)] connection: &Connection) -> Result<(), BluezError> {
        self.world.call(Call::Connect(self.state.address.clone()));
        let (error, never) = {
            let mut inner = self.state.inner.lock().unwrap();
            (inner.connect_error.take(), inner.never_resolves)
        };
        if let Some(error) = error {
            return Err(BluezError::Failed(error.into()));
        }
        self.state.set(connection, Some(true), None).await?;
        let (connection, state, world) = (
            connection.clone(),
            Arc::clone(&self.state),
            Arc::clone(&self.world),
        );
        if !never {
            tokio::spawn(async move {
                tokio::time::sleep(RESOLVING).await;
                if state.is_connected() {
                    state.resolve(&connection, &world).await.unwrap();
                }
            });
        }
        Ok(())
    }
    async fn disconnect(
        &self,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), BluezError> {
        self.world
            .call(Call::Disconnect(self.state.address.clone()));
        if self.state.is_connected() {
            tokio::time::sleep(DISCONNECTING).await;
            self.state.set(connection, None, Some(false)).await?;
            self.state.set(connection, Some(false), None).await?;
        }
        Ok(())
    }
    #[zbus(property)]
    fn adapter(&self) -> OwnedObjectPath {
        ObjectPath::from_static_str_unchecked(ADAPTER).into()
    }
    #[zbus(property)]
    fn address(&self) -> String {
        self.state.address.clone()
    }
    #[zbus(property)]
    fn address_type(&self) -> &str {
        "public"
    }
    #[zbus(property)]
    fn name(&self) -> &str {
        "Oximeter"
    }
    #[zbus(property)]
    fn alias(&self) -> &str {
        "Oximeter"
    }
    #[zbus(property)]
    fn paired(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn trusted(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn blocked(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn legacy_pairing(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn connected(&self) -> bool {
        self.state.is_connected()
    }
    #[zbus(property)]
    fn services_resolved(&self) -> bool {
        self.state.inner.lock().unwrap().resolved
    }
    /// Only while the device is heard: a getter that fails is left out.
    #[zbus(property, name = "RSSI")]
    fn rssi(&self) -> fdo::Result<i16> {
        if self.state.inner.lock().unwrap().heard {
            Ok(-60)
        } else {
            Err(fdo::Error::InvalidArgs("No such property 'RSSI'".into()))
        }
    }
}
