//! What the Bluetooth library cannot do on Linux: pairing, bonds, the adapter's power, and noticing that the Bluetooth
//! service or the message bus is gone. A few calls to `org.bluez` of our own.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::watch;
use zbus::proxy::CacheProperties;
use zbus::{Connection, ObjectPath, OwnedObjectPath, Proxy, fdo, interface};

use super::call::Trouble;
use crate::address::Address;
use crate::devices::Devices;

const SERVICE: &str = "org.bluez";
const MANAGER: &str = "/org/bluez";
const AGENT: &str = "/uk/wardlight/agent";
const DEVICE: &str = "org.bluez.Device1";
const ADAPTER: &str = "org.bluez.Adapter1";

const QUESTION: Duration = Duration::from_secs(5);
/// Just Works takes a second or two; a person is not asked anything.
const PAIR_LIMIT: Duration = Duration::from_secs(30);
/// The Bluetooth service forgets a device some time after it has said so.
const FORGET_LIMIT: Duration = Duration::from_secs(10);
/// Off for so long, before it is switched on again.
const POWER_PAUSE: Duration = Duration::from_secs(1);

/// The Bluetooth service, asked directly.
#[derive(Clone, Debug)]
pub(super) struct Bluez {
    connection: Connection,
    adapter: String,
}

/// What the Bluetooth service knows of an oximeter's bond.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) is_paired: bool,
}

impl Bluez {
    /// Connects to the message bus. `adapter` is a name such as `hci0`.
    pub(super) async fn open(adapter: &str) -> Result<Self, Trouble> {
        let connection = limited(QUESTION, "message bus", Connection::system()).await?;
        Ok(Self {
            connection,
            adapter: format!("{MANAGER}/{adapter}"),
        })
    }

    /// Ends when the Bluetooth service or the message bus is gone, with what happened.
    pub(super) async fn gone(self) -> String {
        let watched = async {
            let service = self.proxy(MANAGER, "org.bluez.AgentManager1").await?;
            let mut owners = service.receive_owner_changed().await?;
            while let Some(owner) = owners.next().await {
                if owner.is_none() {
                    return Ok("it has left the message bus");
                }
            }
            Ok::<_, zbus::Error>("the message bus has gone")
        };
        match watched.await {
            Ok(how) => how.to_owned(),
            Err(why) => {
                // Whoever may not watch still has the questions that are asked now and then.
                tracing::warn!(%why, "the Bluetooth service cannot be watched");
                std::future::pending().await
            }
        }
    }

    /// Answers for oximeters that want pairing ("Just Works": nobody is asked anything), and only for this bridge's own.
    pub(super) async fn serve_agent(
        &self,
        devices: watch::Receiver<Devices>,
    ) -> Result<(), Trouble> {
        let agent = Agent {
            adapter: self.adapter.clone(),
            devices,
        };
        let register = async {
            self.connection.object_server().at(AGENT, agent).await?;
            let path = ObjectPath::from_static_str(AGENT)?;
            let manager = self.proxy(MANAGER, "org.bluez.AgentManager1").await?;
            let _: () = manager
                .call("RegisterAgent", &(&path, "NoInputNoOutput"))
                .await?;
            // The Bluetooth service asks the default agent when an oximeter raises the question by itself.
            let _: () = manager.call("RequestDefaultAgent", &(&path,)).await?;
            Ok(())
        };
        limited(QUESTION, "agent", register).await
    }

    /// What is known of the oximeter; nothing when the Bluetooth service has forgotten it.
    pub(super) async fn known(&self, device: &Address) -> Known {
        let asked = async {
            let device = self.device(device).await?;
            Ok(Known {
                is_paired: device.get_property("Paired").await?,
            })
        };
        limited(QUESTION, "bond", asked).await.unwrap_or_default()
    }

    /// Makes a bond.
    pub(super) async fn pair(&self, address: &Address) -> Result<(), Trouble> {
        let device = limited(QUESTION, "device", self.device(address)).await?;
        let paired = limited(PAIR_LIMIT, "pair", device.call::<_, _, ()>("Pair", &())).await;
        match paired {
            Ok(()) => {}
            Err(Trouble::Refused(_, why)) if why.contains("AlreadyExists") => {}
            Err(trouble) => {
                // Else it goes on by itself, and every other pairing finds it in progress.
                let cancel = device.call::<_, _, ()>("CancelPairing", &());
                let _ = limited(QUESTION, "cancel pairing", cancel).await;
                return Err(trouble);
            }
        }
        let trust = async { Ok(device.set_property("Trusted", true).await?) };
        limited(QUESTION, "trust", trust).await
    }

    /// Removes the bond and all that is known of the oximeter, and waits until it is really forgotten.
    pub(super) async fn forget(&self, address: &Address) -> Result<(), Trouble> {
        let path = self.path(address);
        let remove = async {
            let adapter = self.proxy(&self.adapter, ADAPTER).await?;
            let _: () = adapter
                .call("RemoveDevice", &(ObjectPath::try_from(path.as_str())?,))
                .await?;
            Ok(())
        };
        limited(QUESTION, "remove device", remove).await?;
        let forgotten = async {
            while self.is_there(address).await? {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        };
        limited(FORGET_LIMIT, "forget", forgotten).await
    }

    /// Switches the adapter off and on.
    pub(super) async fn power_cycle(&self) -> Result<(), Trouble> {
        let cycle = async {
            let adapter = self.proxy(&self.adapter, ADAPTER).await?;
            adapter.set_property("Powered", false).await?;
            tokio::time::sleep(POWER_PAUSE).await;
            adapter.set_property("Powered", true).await?;
            Ok(())
        };
        limited(QUESTION + POWER_PAUSE, "power cycle", cycle).await
    }

    async fn is_there(&self, address: &Address) -> zbus::Result<bool> {
        let known = fdo::ObjectManagerProxy::builder(&self.connection)
            .destination(SERVICE)
            .path("/")
            .build()
            .await?
            .get_managed_objects()
            .await?;
        let path = self.path(address);
        Ok(known.keys().any(|known| known.as_str() == path))
    }

    async fn device(&self, address: &Address) -> zbus::Result<Proxy<'static>> {
        self.proxy(&self.path(address), DEVICE).await
    }

    fn path(&self, address: &Address) -> String {
        format!(
            "{}/dev_{}",
            self.adapter,
            address.as_str().replace(':', "_")
        )
    }

    /// Nothing is remembered: what was true before a pairing is not true after it.
    async fn proxy(&self, path: &str, interface: &'static str) -> zbus::Result<Proxy<'static>> {
        zbus::proxy::Builder::new(&self.connection)
            .destination(SERVICE)
            .path(path.to_owned())
            .interface(interface)
            .cache_properties(CacheProperties::No)
            .build()
            .await
    }
}

async fn limited<T>(
    limit: Duration,
    what: &'static str,
    call: impl Future<Output = zbus::Result<T>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(zbus::Error::MethodError(name, text, _))) => Err(Trouble::Refused(
            what,
            format!("{name}: {}", text.unwrap_or_default()),
        )),
        Ok(Err(error)) => Err(Trouble::Refused(what, error.to_string())),
        Err(_) => Err(Trouble::TimedOut(what, limit)),
    }
}

/// The agent: says yes for this bridge's oximeters, and no for everything else.
struct Agent {
    adapter: String,
    devices: watch::Receiver<Devices>,
}

#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.bluez.Error")]
enum AgentError {
    #[zbus(error)]
    ZBus(zbus::Error),
    Rejected(String),
}

impl Agent {
    fn judge(&self, device: &ObjectPath<'_>) -> Result<(), AgentError> {
        let address = device
            .as_str()
            .strip_prefix(&self.adapter)
            .and_then(|rest| rest.strip_prefix("/dev_"))
            .and_then(|address| address.replace('_', ":").parse::<Address>().ok());
        let is_ours = address.is_some_and(|address| {
            let devices = self.devices.borrow();
            devices.iter().any(|device| device.address == address)
        });
        if is_ours {
            tracing::info!("an oximeter of this bridge pairs");
            return Ok(());
        }
        tracing::warn!("a device that is not this bridge's wants to pair: refused");
        Err(AgentError::Rejected(
            "not an oximeter of this bridge".to_owned(),
        ))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the interface hands arguments over by value"
)]
#[interface(name = "org.bluez.Agent1")]
impl Agent {
    fn release(&self) {}

    fn cancel(&self) {}

    fn request_authorization(&self, device: OwnedObjectPath) -> Result<(), AgentError> {
        self.judge(&device)
    }

    fn request_confirmation(
        &self,
        device: OwnedObjectPath,
        _passkey: u32,
    ) -> Result<(), AgentError> {
        self.judge(&device)
    }

    fn authorize_service(&self, device: OwnedObjectPath, _uuid: String) -> Result<(), AgentError> {
        self.judge(&device)
    }

    fn request_pin_code(&self, _device: OwnedObjectPath) -> Result<String, AgentError> {
        Err(AgentError::Rejected(
            "there is nobody to ask for a PIN".to_owned(),
        ))
    }

    fn request_passkey(&self, _device: OwnedObjectPath) -> Result<u32, AgentError> {
        Err(AgentError::Rejected(
            "there is nobody to ask for a passkey".to_owned(),
        ))
    }
}
