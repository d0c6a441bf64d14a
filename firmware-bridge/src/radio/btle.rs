//! Real oximeters over Bluetooth LE: the only place of the workspace that touches btleplug.
//!
//! One task listens to the adapter and knows which oximeters are enrolled; one task for each of those keeps its
//! connection (`link`); they take turns on the air (`air`). Each call has its own time limit (`call`), because a
//! lost bus or a device that wants pairing is otherwise waited for without end.

mod air;
mod call;
mod link;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use btleplug::api::{Central, CentralEvent, CentralState, Manager as _, Peripheral as _};
use btleplug::platform::{Adapter, Manager, PeripheralId};
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::address::Address;
use crate::clock::Clock;
use crate::config;
use crate::devices::Devices;
use crate::health::Health;
use crate::radio::{Events, RadioError};
use air::Air;
use call::within;
use link::{Link, Signals};

/// Limit for a cheap question to the Bluetooth service.
const QUESTION: Duration = Duration::from_secs(5);
/// After so many unanswered questions in a row the Bluetooth service is taken for gone.
const UNANSWERED: u32 = 3;
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
    let adapter = adapter(config.adapter.as_deref()).await?;
    let gone = |trouble: call::Trouble| RadioError::Gone(trouble.to_string());
    // Before the scan, or the first event may be lost.
    let mut heard = within(QUESTION, "events", adapter.events())
        .await
        .map_err(gone)?;
    let mut central = Listener {
        air: Arc::new(Air::new(adapter.clone())),
        silence: config.silence,
        adapter,
        devices,
        events,
        clock,
        links: HashMap::new(),
        known: HashMap::new(),
        tasks: JoinSet::new(),
        unanswered: 0,
        state: CentralState::PoweredOn,
        health,
    };
    central.health.radio(true);
    central.follow_list().await;
    tracing::info!("listening for oximeters");
    let mut watchdog = tokio::time::interval(config.watchdog);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            event = heard.next() => match event {
                Some(event) => central.hear(event).await,
                None => return Err(RadioError::Gone("its events have ended".to_owned())),
            },
            Ok(()) = central.devices.changed() => central.follow_list().await,
            _ = watchdog.tick() => central.watch().await?,
        }
    }
    central.hang_up().await;
    Ok(())
}

async fn adapter(wanted: Option<&str>) -> Result<Adapter, RadioError> {
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
            return Ok(adapter);
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
    air: Arc<Air>,
    devices: watch::Receiver<Devices>,
    events: Events,
    clock: Clock,
    silence: Duration,
    links: HashMap<Address, Handle>,
    known: HashMap<PeripheralId, Address>,
    tasks: JoinSet<()>,
    unanswered: u32,
    state: CentralState,
    health: Health,
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
            CentralEvent::DeviceDiscovered(id)
            | CentralEvent::DeviceUpdated(id)
            | CentralEvent::RssiUpdate { id, .. }
            | CentralEvent::ServicesAdvertisement { id, .. }
            | CentralEvent::ManufacturerDataAdvertisement { id, .. }
            | CentralEvent::ServiceDataAdvertisement { id, .. } => self.sign_of_life(id).await,
            // Starting a scan says "powered on" as well, each time: only a change counts.
            CentralEvent::StateUpdate(state) if state != self.state => {
                tracing::warn!(?state, "Bluetooth was switched");
                self.state = state;
                self.health.radio(self.state == CentralState::PoweredOn);
                if self.state == CentralState::PoweredOn {
                    self.air.look_again().await;
                }
            }
            CentralEvent::StateUpdate(_)
            | CentralEvent::DeviceConnected(_)
            | CentralEvent::DeviceServicesModified(_) => {}
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
            Arc::clone(&self.air),
            Arc::clone(&handle.signals),
            self.events.clone(),
            self.clock.clone(),
            self.silence,
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
        self.air.wanted(devices.len()).await;
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
                    self.health.radio(false);
                    tracing::error!(%trouble, unanswered = self.unanswered, "the Bluetooth service does not answer");
                    if self.unanswered >= UNANSWERED {
                        return Err(RadioError::Gone(trouble.to_string()));
                    }
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        }
        self.unanswered = 0;
        self.health.radio(self.state == CentralState::PoweredOn);
        self.air.look_again().await;
        Ok(())
    }

    async fn hang_up(mut self) {
        for link in self.links.values() {
            link.stop.cancel();
        }
        while self.tasks.join_next().await.is_some() {}
        self.air.wanted(0).await;
    }
}
