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
    /// What its characteristics say when they are read.
    readable: HashMap<Uuid, Vec<u8>>,
    paired: bool,
    trusted: bool,
    /// Its values need an encrypted link.
    wants_pairing: bool,
    /// It has lost its half of the bond, and refuses every encrypted link until the other half is gone as well.
    lost_bond: bool,
    flickers: u32,
    /// Its answer to Connect never comes.
    hangs: bool,
    forgotten: bool,
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

    /// What a characteristic says when it is read.
    pub(super) fn says(&self, characteristic: Uuid, bytes: &[u8]) {
        let mut inner = self.inner.lock().unwrap();
        inner.readable.insert(characteristic, bytes.to_vec());
    }

    pub(super) fn read(&self, characteristic: Uuid) -> Option<Vec<u8>> {
        self.inner
            .lock()
            .unwrap()
            .readable
            .get(&characteristic)
            .cloned()
    }

    /// Its values need an encrypted link.
    pub(super) fn protect(&self) {
        self.inner.lock().unwrap().wants_pairing = true;
    }

    /// Both sides have a bond from earlier, or the Bluetooth service alone has one.
    pub(super) fn was_paired(&self, device_lost_it: bool) {
        let mut inner = self.inner.lock().unwrap();
        inner.paired = true;
        inner.lost_bond = device_lost_it;
    }

    pub(super) fn is_paired(&self) -> bool {
        self.inner.lock().unwrap().paired
    }

    pub(super) fn is_trusted(&self) -> bool {
        self.inner.lock().unwrap().trusted
    }

    /// Connect is never answered.
    pub(super) fn hang(&self, hangs: bool) {
        self.inner.lock().unwrap().hangs = hangs;
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.inner.lock().unwrap().forgotten
    }

    /// Its object is there, as soon as it was heard.
    pub(super) async fn show(
        self: &Arc<Self>,
        connection: &Connection,
        world: &Arc<World>,
    ) -> zbus::Result<()> {
        self.inner.lock().unwrap().forgotten = false;
        let device = Device::new(Arc::clone(self), Arc::clone(world));
        let server = connection.object_server();
        server.at(self.path.as_str(), device).await.map(drop)
    }

    /// Everything is forgotten: bond, services, the object itself.
    pub(super) async fn forget(&self, connection: &Connection) -> zbus::Result<()> {
        let characteristics = {
            let mut inner = self.inner.lock().unwrap();
            inner.paired = false;
            inner.trusted = false;
            inner.connected = false;
            inner.resolved = false;
            inner.forgotten = true;
            std::mem::take(&mut inner.characteristics)
        };
        let server = connection.object_server();
        for characteristic in characteristics {
            server
                .remove::<Characteristic, _>(characteristic.path.as_str())
                .await?;
        }
        for place in 0..self.table.len() {
            let path = self.service_path(place);
            server.remove::<Service, _>(path.as_str()).await?;
        }
        server
            .remove::<Device, _>(self.path.as_str())
            .await
            .map(drop)
    }

    fn service_path(&self, place: usize) -> String {
        format!("{}/service{:04x}", self.path, (place + 1) * 16)
    }

    /// What bluetoothd 5.66 shows of a bond that the device has lost: the link comes up, Connect fails with the text of
    /// another failure, and the link is gone.
    async fn flicker(&self, connection: &Connection) -> Result<(), BluezError> {
        let tries = {
            let mut inner = self.inner.lock().unwrap();
            inner.flickers += 1;
            inner.flickers
        };
        self.set(connection, Some(true), None).await?;
        tokio::time::sleep(Duration::from_millis(60)).await;
        let why = match tries {
            1 => "le-connection-abort-by-local",
            _ => "br-connection-canceled",
        };
        let state = self.path.clone();
        self.inner.lock().unwrap().connected = false;
        let connection = connection.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let gone = HashMap::from([("Connected", Value::from(false))]);
            changed::<Device>(&connection, &state, gone, &[])
                .await
                .unwrap();
        });
        Err(BluezError::Failed(why.into()))
    }

    /// The link is encrypted, with the bond that is there or with one that is made now.
    pub(super) async fn secure(
        &self,
        connection: &Connection,
        world: &World,
    ) -> Result<(), BluezError> {
        {
            let inner = self.inner.lock().unwrap();
            if !inner.wants_pairing || (inner.paired && !inner.lost_bond) {
                return Ok(());
            }
            if inner.paired {
                return Err(BluezError::NotPermitted("Not paired".into()));
            }
        }
        self.bond(connection, world).await
    }

    async fn bond(&self, connection: &Connection, world: &World) -> Result<(), BluezError> {
        world.agent_allows(connection, &self.path).await?;
        let mut inner = self.inner.lock().unwrap();
        inner.paired = true;
        inner.lost_bond = false;
        Ok(())
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
    async fn resolve(
        self: &Arc<Self>,
        connection: &Connection,
        world: &Arc<World>,
    ) -> zbus::Result<()> {
        let first = self.inner.lock().unwrap().characteristics.is_empty();
        if first {
            let server = connection.object_server();
            for (place, service) in self.table.iter().enumerate() {
                let path = self.service_path(place);
                server
                    .at(path.as_str(), Service(service.uuid, self.path.clone()))
                    .await?;
                for (place, (uuid, flags)) in service.characteristics.iter().enumerate() {
                    let path = format!("{path}/char{:04x}", place + 1);
                    let state = Arc::new(CharacteristicState::new(
                        Arc::clone(self),
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
        let (error, never, refuses, hangs) = {
            let mut inner = self.state.inner.lock().unwrap();
            let refuses = inner.paired && inner.lost_bond;
            (
                inner.connect_error.take(),
                inner.never_resolves,
                refuses,
                inner.hangs,
            )
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        if refuses {
            return self.state.flicker(connection).await;
        }
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
    async fn pair(&self, #[zbus(connection)] connection: &Connection) -> Result<(), BluezError> {
        self.world.call(Call::Pair(self.state.address.clone()));
        if self.state.is_paired() {
            return Err(BluezError::AlreadyExists("Already Exists".into()));
        }
        self.state.bond(connection, &self.world).await
    }
    fn cancel_pairing(&self) {}
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
        self.state.is_paired()
    }
    #[zbus(property)]
    fn trusted(&self) -> bool {
        self.state.is_trusted()
    }
    #[zbus(property)]
    fn set_trusted(&self, trusted: bool) {
        self.state.inner.lock().unwrap().trusted = trusted;
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
