//! Real oximeters over Bluetooth LE: the only place of the workspace that touches btleplug.
//!
//! One task listens to the adapter and knows which oximeters are enrolled; one task for each of those keeps its
//! connection (`link`, one connection of it in `session`, what is said on it in `hearing`); they take turns on the air
//! (`air`). Each call has its own time limit (`call`), because a lost bus or a device that wants pairing is otherwise
//! waited for without end. What the library cannot do is asked of the Bluetooth service directly (`bluez`): pairing and
//! bonds (when: `bond`), the adapter's power, and whether the service is still there.

mod air;
#[cfg(target_os = "linux")]
mod bluez;
#[cfg(not(target_os = "linux"))]
#[path = "btle/no_bluez.rs"]
mod bluez;
mod bond;
mod call;
mod hearing;
mod link;
mod session;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use btleplug::api::{Central, CentralEvent, CentralState, Manager as _, Peripheral as _};
use btleplug::platform::{Adapter, Manager, PeripheralId};
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::address::Address;
use crate::clock::Clock;
use crate::config;
use crate::devices::Devices;
use crate::health::{Adapter as Adapted, Health};
use crate::radio::{Events, RadioError};
use air::Air;
use bluez::Bluez;
use call::within;
use link::{Link, Shared, Signals};

/// Limit for a cheap question to the Bluetooth service.
const QUESTION: Duration = Duration::from_secs(5);
/// After so many unanswered questions in a row the Bluetooth service is taken for gone.
const UNANSWERED: u32 = 3;
/// So many failures of the adapter in a row, and it is switched off and on; so many again, and the bridge is started anew.
const ADAPTER_FAILURES: usize = 3;
/// Hears nothing at all while it looks for an oximeter: the stream of events may have died without a word, as happens
/// after hours (btleplug issue 332).
const DEAF: Duration = Duration::from_secs(600);
/// Random addresses change every quarter of an hour: what passes by is forgotten beyond this many.
const PASSERS_BY: usize = 4096;

/// Listens until `stop`, then disconnects what it has connected. Ends early only with an error: a supervisor then starts
/// the bridge anew.
///
/// # Errors
/// When there is no usable adapter, or it is gone.
pub async fn run(
    config: config::Radio,
    devices: watch::Receiver<Devices>,
    events: Events,
    clock: Clock,
    health: Health,
    stop: CancellationToken,
) -> Result<(), RadioError> {
    let (adapter, name) = adapter(config.adapter.as_deref()).await?;
    let told = |trouble: call::Trouble| RadioError::Gone(trouble.to_string());
    let bluez = pairing(&name, &devices).await;
    // Before the scan, or the first event may be lost.
    let mut heard = within(QUESTION, "events", adapter.events())
        .await
        .map_err(told)?;
    let air = Arc::new(Air::new(adapter.clone()));
    let mut central = Listener {
        adapter,
        devices,
        shared: Shared {
            air,
            bluez: bluez.clone(),
            events,
            clock,
            health,
            silence: config.silence,
        },
        links: HashMap::new(),
        known: HashMap::new(),
        tasks: JoinSet::new(),
        unanswered: 0,
        state: CentralState::PoweredOn,
        was_power_cycled: false,
        name,
    };
    central.tell_adapter(true);
    central.follow_list().await;
    tracing::info!("listening for oximeters");
    let gone = async move {
        match bluez {
            Some(bluez) => bluez.gone().await,
            None => std::future::pending().await,
        }
    };
    let mut gone = std::pin::pin!(gone);
    let mut heard_at = Instant::now();
    let mut watchdog = tokio::time::interval(config.watchdog);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            how = &mut gone => return Err(RadioError::Gone(how)),
            event = heard.next() => match event {
                Some(event) => {
                    heard_at = Instant::now();
                    central.hear(event).await;
                }
                None => return Err(RadioError::Gone("its events have ended".to_owned())),
            },
            Ok(()) = central.devices.changed() => central.follow_list().await,
            _ = watchdog.tick() => {
                central.watch().await?;
                if heard_at.elapsed() > DEAF && central.shared.air.is_looking() {
                    tracing::warn!("nothing was heard for long: the bridge listens anew");
                    heard_at = Instant::now();
                    heard = within(QUESTION, "events", central.adapter.events())
                        .await
                        .map_err(told)?;
                    central.shared.air.look_again().await;
                }
            }
        }
    }
    central.hang_up().await;
    Ok(())
}

/// The Bluetooth service, asked directly. A bridge that may not is still a bridge: it reads what needs no pairing.
async fn pairing(adapter: &str, devices: &watch::Receiver<Devices>) -> Option<Bluez> {
    let bluez = match Bluez::open(adapter).await {
        Ok(bluez) => bluez,
        Err(trouble) => {
            tracing::warn!(%trouble, "oximeters that want pairing cannot be read");
            return None;
        }
    };
    if let Err(trouble) = bluez.serve_agent(devices.clone()).await {
        tracing::warn!(%trouble, "the bridge cannot answer when an oximeter wants to pair: is it allowed to on the message bus?");
    }
    Some(bluez)
}

/// The adapter, and its name.
async fn adapter(wanted: Option<&str>) -> Result<(Adapter, String), RadioError> {
    let manager = within(QUESTION, "message bus", Manager::new())
        .await
        .map_err(|trouble| RadioError::NoBus(trouble.to_string()))?;
    let adapters = within(QUESTION, "adapters", manager.adapters())
        .await
        .map_err(|trouble| RadioError::NoBluetooth(trouble.to_string()))?;
    let mut found = Vec::new();
    for adapter in adapters {
        let info = within(QUESTION, "adapter", adapter.adapter_info())
            .await
            .map_err(|trouble| RadioError::NoBluetooth(trouble.to_string()))?;
        let name = info
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        if wanted.is_none_or(|wanted| wanted == name) {
            tracing::info!(adapter = name, "Bluetooth adapter");
            return Ok((adapter, name));
        }
        found.push(name);
    }
    Err(RadioError::NoAdapter {
        wanted: wanted.map(|name| format!(" {name}")).unwrap_or_default(),
        found: if found.is_empty() {
            "none".to_owned()
        } else {
            found.join(", ")
        },
    })
}

/// The adapter's listener and the links that it has begun.
struct Listener {
    adapter: Adapter,
    devices: watch::Receiver<Devices>,
    shared: Shared,
    links: HashMap<Address, Handle>,
    known: HashMap<PeripheralId, Address>,
    tasks: JoinSet<()>,
    unanswered: u32,
    state: CentralState,
    /// Since the adapter last worked.
    was_power_cycled: bool,
    /// The adapter's.
    name: String,
}

/// How the listener speaks to a link.
struct Handle {
    signals: Arc<Signals>,
    stop: CancellationToken,
}

impl Listener {
    async fn hear(&mut self, event: CentralEvent) {
        match event {
            CentralEvent::DeviceDisconnected(id) => {
                if let Some(link) = self
                    .known
                    .get(&id)
                    .and_then(|address| self.links.get(address))
                {
                    link.signals.lost.notify_one();
                }
            }
            CentralEvent::DeviceConnected(id) => {
                let address = self.known.get(&id);
                if let Some(link) = address.and_then(|address| self.links.get(address)) {
                    link.signals.up.store(true, Ordering::Relaxed);
                }
            }
            CentralEvent::DeviceDiscovered(id)
            | CentralEvent::DeviceUpdated(id)
            | CentralEvent::ServicesAdvertisement { id, .. }
            | CentralEvent::ManufacturerDataAdvertisement { id, .. }
            | CentralEvent::ServiceDataAdvertisement { id, .. } => self.sign_of_life(id).await,
            CentralEvent::RssiUpdate { id, rssi } => {
                self.in_reach(&id, rssi);
                self.sign_of_life(id).await;
            }
            // Starting a scan says "powered on" as well, each time: only a change counts.
            CentralEvent::StateUpdate(state) if state != self.state => {
                tracing::warn!(?state, "Bluetooth was switched");
                self.state = state;
                self.tell_adapter(true);
                if self.state == CentralState::PoweredOn {
                    self.shared.air.look_again().await;
                }
            }
            CentralEvent::StateUpdate(_) | CentralEvent::DeviceServicesModified(_) => {}
        }
    }

    /// How the adapter is, for the ward.
    fn tell_adapter(&self, service_answers: bool) {
        self.shared.health.adapter(Adapted {
            name: Some(self.name.clone()),
            present: true,
            powered: self.state == CentralState::PoweredOn,
            service_answers,
        });
    }

    fn in_reach(&self, id: &PeripheralId, rssi_dbm: i16) {
        let Some(address) = self.known.get(id) else {
            return;
        };
        if self.links.contains_key(address) {
            let at = self.shared.clock.steady();
            self.shared.health.in_reach(address, Some(rssi_dbm), at);
        }
    }

    /// An advertisement, or a memory of one: the link itself asks whether the oximeter is really there.
    async fn sign_of_life(&mut self, id: PeripheralId) {
        let Some(address) = self.address(&id).await else {
            return;
        };
        if !self
            .devices
            .borrow()
            .iter()
            .any(|device| device.address == address)
        {
            return;
        }
        if !self.links.contains_key(&address)
            && let Err(trouble) = self.begin_link(&id, &address).await
        {
            tracing::warn!(device = address.tail(), %trouble, "an oximeter cannot be followed");
            return;
        }
        if let Some(link) = self.links.get(&address) {
            link.signals.heard.notify_one();
        }
    }

    async fn address(&mut self, id: &PeripheralId) -> Option<Address> {
        if let Some(address) = self.known.get(id) {
            return Some(address.clone());
        }
        let peripheral = within(QUESTION, "device", self.adapter.peripheral(id))
            .await
            .ok()?;
        let address: Address = peripheral.address().to_string().parse().ok()?;
        if self.known.len() >= PASSERS_BY {
            let links = &self.links;
            self.known.retain(|_, address| links.contains_key(address));
        }
        self.known.insert(id.clone(), address.clone());
        Some(address)
    }

    /// One object and one stream of values for each oximeter, for as long as it is enrolled: what it sends right after
    /// a reconnect would be lost on new ones.
    async fn begin_link(
        &mut self,
        id: &PeripheralId,
        address: &Address,
    ) -> Result<(), call::Trouble> {
        let peripheral = within(QUESTION, "device", self.adapter.peripheral(id)).await?;
        let values = within(QUESTION, "notifications", peripheral.notifications()).await?;
        let handle = Handle {
            signals: Arc::default(),
            stop: CancellationToken::new(),
        };
        let link = Link::new(
            peripheral,
            values,
            address.clone(),
            Arc::clone(&handle.signals),
            self.shared.clone(),
        );
        self.tasks.spawn(link.keep(handle.stop.clone()));
        self.links.insert(address.clone(), handle);
        Ok(())
    }

    /// The list of enrolled oximeters has changed: links to others end, and known new ones are looked at.
    async fn follow_list(&mut self) {
        let devices = Arc::clone(&self.devices.borrow_and_update());
        let enrolled = |address: &Address| devices.iter().any(|device| device.address == *address);
        self.links.retain(|address, link| {
            if !enrolled(address) {
                link.stop.cancel();
            }
            enrolled(address)
        });
        self.shared.air.wanted(devices.len()).await;
        let here: Vec<PeripheralId> = self
            .known
            .iter()
            .filter(|(_, address)| enrolled(address))
            .map(|(id, _)| id.clone())
            .collect();
        for id in here {
            self.sign_of_life(id).await;
        }
    }

    /// The death of the Bluetooth service gives no sign by itself: so it is asked now and then.
    async fn watch(&mut self) -> Result<(), RadioError> {
        while self.tasks.try_join_next().is_some() {}
        loop {
            match within(QUESTION, "adapter", self.adapter.adapter_info()).await {
                Ok(_) => break,
                Err(trouble) => {
                    self.unanswered += 1;
                    self.tell_adapter(false);
                    tracing::error!(%trouble, unanswered = self.unanswered, "the Bluetooth service does not answer");
                    if self.unanswered >= UNANSWERED {
                        return Err(RadioError::Gone(trouble.to_string()));
                    }
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        }
        self.unanswered = 0;
        self.tell_adapter(true);
        self.heal_adapter().await?;
        self.shared.air.look_again().await;
        Ok(())
    }

    /// An adapter that goes on failing is switched off and on, and when that does not help the bridge is started anew.
    /// One that somebody has switched off has not failed.
    async fn heal_adapter(&mut self) -> Result<(), RadioError> {
        let failures = self.shared.air.failures();
        if failures == 0 {
            self.was_power_cycled = false;
        }
        if self.state != CentralState::PoweredOn {
            self.shared.air.worked();
            return Ok(());
        }
        if failures < ADAPTER_FAILURES {
            return Ok(());
        }
        if self.was_power_cycled {
            return Err(RadioError::Gone(
                "the adapter goes on failing after it was switched off and on".to_owned(),
            ));
        }
        self.was_power_cycled = true;
        let Some(bluez) = &self.shared.bluez else {
            return Ok(());
        };
        tracing::warn!(
            failures,
            "the Bluetooth adapter fails: it is switched off and on"
        );
        match bluez.power_cycle().await {
            // Only a success that follows shows that it has helped.
            Ok(()) => self.shared.air.begin_again(),
            Err(trouble) => tracing::error!(%trouble, "the adapter cannot be switched"),
        }
        Ok(())
    }

    async fn hang_up(mut self) {
        for link in self.links.values() {
            link.stop.cancel();
        }
        while self.tasks.join_next().await.is_some() {}
        self.shared.air.wanted(0).await;
    }
}
