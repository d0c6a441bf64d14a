//! `org.bluez.Adapter1`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use zbus::{Connection, OwnedObjectPath, OwnedVariant as OwnedValue, interface};

use super::device::Device;
use super::{Call, World, changed};

#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.bluez.Error")]
pub(super) enum BluezError {
    #[zbus(error)]
    ZBus(zbus::Error),
    Failed(String),
    NotReady(String),
    InProgress(String),
    AlreadyExists(String),
    AuthenticationRejected(String),
    NotPermitted(String),
    DoesNotExist(String),
}

pub(super) struct Adapter(pub(super) Arc<World>);

#[interface(name = "org.bluez.Adapter1")]
impl Adapter {
    fn start_discovery(&self) -> Result<(), BluezError> {
        if !self.0.powered.load(Ordering::Relaxed) {
            return Err(BluezError::NotReady("Resource Not Ready".into()));
        }
        if self.0.scan_fails.load(Ordering::Relaxed) {
            return Err(BluezError::NotReady("Resource Not Ready".into()));
        }
        if self.0.discovering.swap(true, Ordering::Relaxed) {
            return Err(BluezError::InProgress(
                "Operation already in progress".into(),
            ));
        }
        self.0.call(Call::StartDiscovery);
        Ok(())
    }
    /// What was heard is forgotten.
    async fn stop_discovery(
        &self,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), BluezError> {
        if !self.0.discovering.swap(false, Ordering::Relaxed) {
            return Err(BluezError::Failed("No discovery started".into()));
        }
        self.0.call(Call::StopDiscovery);
        for device in self.0.all() {
            if device.hear(false) {
                changed::<Device>(connection, &device.path, HashMap::new(), &["RSSI"]).await?;
            }
        }
        Ok(())
    }
    /// The device is forgotten, bond and all.
    async fn remove_device(
        &self,
        device: OwnedObjectPath,
        #[zbus(connection)] connection: &Connection,
    ) -> Result<(), BluezError> {
        let found = self
            .0
            .all()
            .into_iter()
            .find(|known| known.path == device.as_str());
        let Some(found) = found else {
            return Err(BluezError::DoesNotExist("Does Not Exist".into()));
        };
        self.0.call(Call::Remove(found.address.clone()));
        found.forget(connection).await?;
        Ok(())
    }
    fn set_discovery_filter(&self, _filter: HashMap<String, OwnedValue>) {}
    #[zbus(property)]
    fn address(&self) -> &str {
        "00:AA:01:00:00:42"
    }
    #[zbus(property)]
    fn address_type(&self) -> &str {
        "public"
    }
    #[zbus(property)]
    fn name(&self) -> &str {
        "pretended"
    }
    #[zbus(property)]
    fn alias(&self) -> &str {
        "pretended"
    }
    #[zbus(property)]
    fn modalias(&self) -> &str {
        "usb:v1D6Bp0246d0542"
    }
    #[zbus(property)]
    fn powered(&self) -> bool {
        self.0.powered.load(Ordering::Relaxed)
    }
    #[zbus(property)]
    fn set_powered(&mut self, on: bool) {
        self.0.call(Call::Powered(on));
        let was = self.0.powered.swap(on, Ordering::Relaxed);
        if on && !was {
            self.0.scan_fails.store(false, Ordering::Relaxed);
        }
        if !on {
            self.0.discovering.store(false, Ordering::Relaxed);
        }
    }
    #[zbus(property)]
    fn discovering(&self) -> bool {
        self.0.discovering.load(Ordering::Relaxed)
    }
}
