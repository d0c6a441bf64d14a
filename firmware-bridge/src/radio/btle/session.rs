//! One connection from beginning to end: connect, find out what it is, subscribe, read, converse, listen.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use btleplug::api::{CharPropFlags, Characteristic, Peripheral as _, WriteType};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use ward_oximeter::family::{self, Plan};
use ward_oximeter::talk::{Now, SET_CLOCK, Stored};
use ward_oximeter::{Command, Endpoint};

use super::call::{Sign, Trouble, within};
use super::hearing::Hearing;
use super::link::{End, Link};
use crate::radio::{Handover, Heard};

/// BlueZ itself waits 30 s for the link and 30 s for the services; longer blocks the others.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
const DISCOVER_LIMIT: Duration = Duration::from_secs(30);
/// Without a pairing agent the answer never comes; with one, pairing takes a second or two.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(10);
/// The real one takes two to three seconds.
const DISCONNECT_LIMIT: Duration = Duration::from_secs(5);
const QUESTION: Duration = Duration::from_secs(5);
/// A device that can stream and has not yet begun.
const FIRST_PACKET: Duration = Duration::from_secs(60);
/// Nothing usable for so long: it is let go, so that it can switch off and a phone can have it.
const NOTHING_USABLE: Duration = Duration::from_secs(300);
/// An ATT write carries three bytes of its own.
const ATT_HEADER: usize = 3;

impl Link {
    /// One connection.
    pub(super) async fn session(&mut self, stop: &CancellationToken) -> End {
        let air = Arc::clone(&self.air);
        let mut turn = tokio::select! {
            () = stop.cancelled() => return End::Stopped,
            turn = air.turn() => turn,
        };
        let Some(rssi_dbm) = self.is_here().await else {
            return End::Absent;
        };
        turn.quiet().await;
        self.hearing = None;
        self.value_at = None;
        let plan = self.connect(stop).await;
        turn.over(plan.is_ok()).await;
        let is_connected = plan.is_ok();
        let end = match plan {
            Ok(Some(plan)) => match self.serve(&plan, stop).await {
                Ok(end) => end,
                Err(trouble) => End::failed(trouble, self.value_at.is_some(), rssi_dbm),
            },
            Ok(None) => End::Stranger,
            Err(trouble) => End::failed(trouble, self.value_at.is_some(), rssi_dbm),
        };
        // Also after a time-out: the Bluetooth service goes on connecting unless it is told.
        self.hang_up().await;
        while let Some(Some(value)) = self.values.next().now_or_never() {
            self.forward(value.uuid, value.value).await;
        }
        self.hearing = None;
        self.tell(Heard::Disconnected).await;
        if is_connected {
            self.air.one_less().await;
        }
        end
    }

    /// Whether it is on the air now: with how good a signal. The Bluetooth service also tells of devices that it only
    /// remembers, and of connections that nobody holds any more: such a ghost is hung up, so that it advertises again.
    async fn is_here(&mut self) -> Option<Option<i16>> {
        let is_connected = within(QUESTION, "properties", self.peripheral.is_connected())
            .await
            .unwrap_or(false);
        if is_connected {
            tracing::info!(device = self.address.tail(), "an old connection is ended");
            self.hang_up().await;
        }
        let properties = within(QUESTION, "properties", self.peripheral.properties()).await;
        let rssi = properties.ok().flatten().and_then(|device| device.rssi);
        if rssi.is_some() {
            self.is_in_reach(rssi);
        }
        (rssi.is_some() || is_connected).then_some(rssi)
    }

    async fn connect(&mut self, stop: &CancellationToken) -> Result<Option<Plan>, Trouble> {
        // A loss that was told after the last session's end is not this one's.
        let _ = self.signals.lost.notified().now_or_never();
        self.signals.up.store(false, Ordering::Relaxed);
        let peripheral = self.peripheral.clone();
        let limit = self.clock.shortened(CONNECT_LIMIT);
        self.during(limit, "connect", peripheral.connect(), stop)
            .await?;
        self.signals.up.store(true, Ordering::Relaxed);
        let limit = self.clock.shortened(DISCOVER_LIMIT);
        self.during(limit, "discover", peripheral.discover_services(), stop)
            .await?;
        let found: Vec<Endpoint> = peripheral.characteristics().iter().map(endpoint).collect();
        let named = within(QUESTION, "properties", peripheral.properties()).await;
        let name = named.ok().flatten().and_then(|device| device.local_name);
        Ok(family::choose(&found, name.as_deref()))
    }

    /// Subscribes in the plan's order, everything before the first write; reads what can be read; then converses and
    /// listens until the end.
    async fn serve(&mut self, plan: &Plan, stop: &CancellationToken) -> Result<End, Trouble> {
        self.hearing = Some(Hearing::new(plan));
        self.tell(Heard::Connected(plan.family)).await;
        for wanted in &plan.subscribe {
            self.subscribe(*wanted, stop).await?;
        }
        let device = self.address.tail();
        tracing::info!(device, family = plan.family.name(), "oximeter connected");
        for wanted in &plan.read {
            self.read(*wanted, stop).await?;
        }
        self.listen(plan, stop).await
    }

    async fn subscribe(
        &mut self,
        wanted: Endpoint,
        stop: &CancellationToken,
    ) -> Result<(), Trouble> {
        let Some(characteristic) = self.characteristic(wanted) else {
            return Ok(());
        };
        let peripheral = self.peripheral.clone();
        let subscribed = self
            .during(
                SUBSCRIBE_LIMIT,
                "subscribe",
                peripheral.subscribe(&characteristic),
                stop,
            )
            .await;
        let wants_pairing = match &subscribed {
            Err(Trouble::TimedOut(..)) => true,
            Err(trouble) => trouble.sign() == Sign::Security,
            Ok(()) => false,
        };
        if !wants_pairing || !self.pair(stop).await? {
            return subscribed;
        }
        self.during(
            SUBSCRIBE_LIMIT,
            "subscribe",
            peripheral.subscribe(&characteristic),
            stop,
        )
        .await
    }

    /// Pairs, when there is no bond yet. False: there is one, or there can be none here.
    async fn pair(&mut self, stop: &CancellationToken) -> Result<bool, Trouble> {
        let Some(bluez) = self.bluez.clone() else {
            return Ok(false);
        };
        if bluez.known(&self.address).await.is_paired {
            return Ok(false);
        }
        let address = self.address.clone();
        tracing::info!(device = address.tail(), "the oximeter wants to pair");
        self.during_any(bluez.pair(&address), "pair", stop).await?;
        tracing::info!(device = address.tail(), "paired");
        Ok(true)
    }

    /// Reads a value once for the decoder. What cannot be read is no reason to stop; a link that is gone is.
    async fn read(&mut self, wanted: Endpoint, stop: &CancellationToken) -> Result<(), Trouble> {
        let Some(characteristic) = self.characteristic(wanted) else {
            return Ok(());
        };
        if !characteristic.properties.contains(CharPropFlags::READ) {
            return Ok(());
        }
        let peripheral = self.peripheral.clone();
        match self
            .during(QUESTION, "read", peripheral.read(&characteristic), stop)
            .await
        {
            Ok(bytes) => self.forward(wanted.characteristic, bytes).await,
            Err(trouble @ (Trouble::Lost(_) | Trouble::Stopped(_))) => return Err(trouble),
            Err(trouble) => {
                tracing::debug!(device = self.address.tail(), %trouble, "a value cannot be read");
            }
        }
        Ok(())
    }

    async fn listen(&mut self, plan: &Plan, stop: &CancellationToken) -> Result<End, Trouble> {
        let began = Instant::now();
        let mut handover: Option<Handover> = None;
        loop {
            self.speak(plan, stop).await?;
            if self
                .hearing
                .as_ref()
                .is_some_and(|hearing| hearing.talk.is_finished())
            {
                return Ok(End::LetGo {
                    had_value: self.had_value(began),
                });
            }
            handover = self.hand_over(handover).await;
            let silent_at = match self.value_at {
                Some(at) => at + self.silence,
                None => began + FIRST_PACKET,
            };
            let useless_at = self.useful_at(began) + self.clock.shortened(NOTHING_USABLE);
            let signals = Arc::clone(&self.signals);
            let wake = self.sleep_until_wake();
            let confirmed = async {
                match &handover {
                    Some(handover) => handover.confirmed().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Some(value) = self.values.next() => self.forward(value.uuid, value.value).await,
                () = stop.cancelled() => return Ok(End::Stopped),
                () = signals.lost.notified() => {
                    let has_spoken = self.value_at.is_some();
                    return Ok(End::Over { how: "by the oximeter", has_spoken });
                }
                () = confirmed => {
                    handover = None;
                    let at_ms = self.clock.steady().ms;
                    if let Some(hearing) = &mut self.hearing {
                        hearing.talk.confirmed(at_ms);
                    }
                }
                () = wake => {}
                () = sleep_until(silent_at), if plan.streams => return match self.value_at {
                    Some(_) => Ok(End::Over { how: "silent", has_spoken: true }),
                    None => Err(Trouble::TimedOut("first packet", FIRST_PACKET)),
                },
                () = sleep_until(useless_at) => {
                    return Ok(End::LetGo { had_value: self.had_value(began) });
                }
            }
        }
    }

    /// Writes all that is due.
    async fn speak(&mut self, plan: &Plan, stop: &CancellationToken) -> Result<(), Trouble> {
        loop {
            let now = Now {
                at_ms: self.clock.steady().ms,
                local: self.clock.local(),
            };
            let Some(command) = self
                .hearing
                .as_mut()
                .and_then(|hearing| hearing.talk.next(now))
            else {
                return Ok(());
            };
            match self.write(&command, stop).await {
                Ok(()) if command.name() == SET_CLOCK => {
                    tracing::info!(device = self.address.tail(), "the oximeter's clock is set");
                    // What it shows from now on; its next stamps are told by that.
                    if let Some(clock) = plan.clock {
                        self.read(clock, stop).await?;
                    }
                }
                Ok(()) => {
                    tracing::debug!(
                        device = self.address.tail(),
                        command = command.name(),
                        "written"
                    );
                }
                Err(trouble @ (Trouble::Lost(_) | Trouble::Stopped(_))) => return Err(trouble),
                Err(trouble) => {
                    tracing::info!(device = self.address.tail(), command = command.name(), %trouble, "not written");
                    if let Some(hearing) = &mut self.hearing {
                        hearing.talk.refused(&command, self.clock.steady().ms);
                    }
                }
            }
        }
    }

    async fn write(&mut self, command: &Command, stop: &CancellationToken) -> Result<(), Trouble> {
        let Some(characteristic) = self.characteristic(command.to()) else {
            return Err(Trouble::Failed("write", btleplug::Error::NotConnected));
        };
        let has = |flag| characteristic.properties.contains(flag);
        let with_response = match (
            has(CharPropFlags::WRITE),
            has(CharPropFlags::WRITE_WITHOUT_RESPONSE),
        ) {
            (true, can_without) => command.is_answered() || !can_without,
            (false, true) => false,
            (false, false) => {
                let why = "the characteristic cannot be written".into();
                return Err(Trouble::Failed("write", btleplug::Error::Other(why)));
            }
        };
        let kind = if with_response {
            WriteType::WithResponse
        } else {
            WriteType::WithoutResponse
        };
        let peripheral = self.peripheral.clone();
        let most = usize::from(peripheral.mtu()).saturating_sub(ATT_HEADER);
        for piece in command.pieces(most) {
            self.during(
                QUESTION,
                "write",
                peripheral.write(&characteristic, piece, kind),
                stop,
            )
            .await?;
        }
        Ok(())
    }

    /// Says once that all records were handed over, and holds on to what will ring when the service has them.
    async fn hand_over(&mut self, asked: Option<Handover>) -> Option<Handover> {
        let stored = self.hearing.as_ref().map(|hearing| hearing.talk.stored());
        match (stored, asked) {
            (Some(Stored::HandedOver { records }), None) => {
                tracing::info!(
                    device = self.address.tail(),
                    records,
                    "stored records handed over"
                );
                let handover = Handover::default();
                self.tell(Heard::HandedOver(handover.clone())).await;
                Some(handover)
            }
            (_, asked) => asked,
        }
    }

    fn sleep_until_wake(&self) -> impl Future<Output = ()> + use<> {
        let now_ms = self.clock.steady().ms;
        let wake_ms = self
            .hearing
            .as_ref()
            .and_then(|hearing| hearing.talk.wake_ms());
        let wait = wake_ms.map(|at_ms| {
            self.clock
                .shortened(Duration::from_millis(at_ms.saturating_sub(now_ms)))
        });
        async move {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        }
    }

    /// When a usable value last came, on this connection.
    fn useful_at(&self, began: Instant) -> Instant {
        let useful_at = self.hearing.as_ref().and_then(|hearing| hearing.useful_at);
        useful_at.unwrap_or(began)
    }

    fn had_value(&self, began: Instant) -> bool {
        self.useful_at(began) > began
    }

    fn characteristic(&self, wanted: Endpoint) -> Option<Characteristic> {
        let characteristics = self.peripheral.characteristics();
        characteristics
            .into_iter()
            .find(|found| endpoint(found) == wanted)
    }

    pub(super) async fn hang_up(&mut self) {
        if let Err(trouble) =
            within(DISCONNECT_LIMIT, "disconnect", self.peripheral.disconnect()).await
        {
            tracing::debug!(device = self.address.tail(), %trouble, "not disconnected");
        }
    }

    /// Waits for a call to the library while values go on being heard and a lost link is noticed.
    async fn during<T>(
        &mut self,
        limit: Duration,
        what: &'static str,
        call: impl Future<Output = btleplug::Result<T>>,
        stop: &CancellationToken,
    ) -> Result<T, Trouble> {
        self.during_any(within(limit, what, call), what, stop).await
    }

    /// The same for a call that has its own limit.
    async fn during_any<T>(
        &mut self,
        call: impl Future<Output = Result<T, Trouble>>,
        what: &'static str,
        stop: &CancellationToken,
    ) -> Result<T, Trouble> {
        let mut call = std::pin::pin!(call);
        let signals = Arc::clone(&self.signals);
        loop {
            tokio::select! {
                biased;
                Some(value) = self.values.next() => self.forward(value.uuid, value.value).await,
                done = &mut call => return done,
                () = signals.lost.notified() => return Err(Trouble::Lost(what)),
                () = stop.cancelled() => return Err(Trouble::Stopped(what)),
            }
        }
    }
}

fn endpoint(characteristic: &Characteristic) -> Endpoint {
    Endpoint {
        service: characteristic.service_uuid,
        characteristic: characteristic.uuid,
    }
}
