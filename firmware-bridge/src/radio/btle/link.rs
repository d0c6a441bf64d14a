//! One enrolled oximeter: waits until it is heard, connects, subscribes, listens, and begins again.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use btleplug::api::{Characteristic, Peripheral as _, ValueNotification};
use btleplug::platform::Peripheral;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use ward_oximeter::Endpoint;
use ward_oximeter::family::{self, Plan};

use super::air::Air;
use super::call::{Trouble, within};
use crate::address::Address;
use crate::backoff::Backoff;
use crate::clock::Clock;
use crate::radio::{Events, Heard, RadioEvent};

/// BlueZ itself waits 30 s for the link and 30 s for the services; longer blocks the others.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
const DISCOVER_LIMIT: Duration = Duration::from_secs(30);
/// Without a pairing agent the answer never comes.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(10);
/// The real one takes two to three seconds.
const DISCONNECT_LIMIT: Duration = Duration::from_secs(5);
const QUESTION: Duration = Duration::from_secs(5);
/// A device that can stream and has not yet begun.
const FIRST_PACKET: Duration = Duration::from_secs(60);
/// A device that no driver knows is not worth more.
const STRANGER: Duration = Duration::from_secs(300);

pub(super) type Values = Pin<Box<dyn Stream<Item = ValueNotification> + Send>>;

/// What the adapter's listener tells a link.
#[derive(Default)]
pub(super) struct Signals {
    /// A sign of life.
    pub(super) heard: Notify,
    /// The link is gone.
    pub(super) lost: Notify,
}

pub(super) struct Link {
    peripheral: Peripheral,
    values: Values,
    address: Address,
    air: Arc<Air>,
    signals: Arc<Signals>,
    events: Events,
    clock: Clock,
    silence: Duration,
    /// When the last value came.
    value_at: Option<Instant>,
}

/// How a session ended.
enum End {
    /// It was not there after all.
    Absent,
    /// The oximeter went, or was let go, after a working session.
    Over(&'static str),
    Failed(Trouble),
    Stranger,
    Stopped,
}

impl Link {
    #[expect(
        clippy::too_many_arguments,
        reason = "made in one place, from that place's own fields"
    )]
    pub(super) fn new(
        peripheral: Peripheral,
        values: Values,
        address: Address,
        air: Arc<Air>,
        signals: Arc<Signals>,
        events: Events,
        clock: Clock,
        silence: Duration,
    ) -> Self {
        Self {
            peripheral,
            values,
            address,
            air,
            signals,
            events,
            clock,
            silence,
            value_at: None,
        }
    }

    /// Keeps the oximeter connected whenever it is there, until `stop`.
    pub(super) async fn keep(mut self, stop: CancellationToken) {
        // Fast at first: an oximeter that has just measured does not wait.
        let mut backoff = Backoff::new(
            Duration::ZERO,
            Duration::from_millis(250),
            Duration::from_secs(60),
        );
        loop {
            let signals = Arc::clone(&self.signals);
            if self
                .listen_until(signals.heard.notified(), &stop)
                .await
                .is_none()
            {
                return;
            }
            let device = self.address.tail().to_owned();
            let wait = match self.session(&stop).await {
                End::Absent => continue,
                End::Stopped => return,
                End::Over(how) => {
                    tracing::info!(device, how, "oximeter disconnected");
                    backoff.succeeded();
                    Duration::ZERO
                }
                End::Failed(trouble) => {
                    let wait = backoff.failed();
                    tracing::warn!(device, %trouble, ?wait, "oximeter not connected");
                    wait
                }
                End::Stranger => {
                    tracing::error!(
                        device,
                        "this device is enrolled, and is no oximeter that this version knows"
                    );
                    STRANGER
                }
            };
            if self
                .listen_until(tokio::time::sleep(wait), &stop)
                .await
                .is_none()
            {
                return;
            }
            // Perhaps it is still there; nobody would say so again.
            self.signals.heard.notify_one();
        }
    }

    /// One connection from beginning to end.
    async fn session(&mut self, stop: &CancellationToken) -> End {
        let air = Arc::clone(&self.air);
        let mut turn = tokio::select! {
            () = stop.cancelled() => return End::Stopped,
            turn = air.turn() => turn,
        };
        if !self.is_here().await {
            return End::Absent;
        }
        turn.quiet().await;
        let plan = self.connect(stop).await;
        turn.over(plan.is_ok()).await;
        let end = match plan {
            Ok(Some(plan)) => self.serve(&plan, stop).await,
            Ok(None) => End::Stranger,
            Err(trouble) => {
                // The Bluetooth service goes on connecting after a time-out, unless it is told.
                self.hang_up().await;
                self.tell(Heard::Disconnected).await;
                return match trouble {
                    Trouble::Stopped(_) => End::Stopped,
                    trouble => End::Failed(trouble),
                };
            }
        };
        self.hang_up().await;
        while let Some(Some(value)) = self.values.next().now_or_never() {
            self.forward(value).await;
        }
        self.tell(Heard::Disconnected).await;
        self.air.one_less().await;
        end
    }

    /// Whether it is on the air now, or connected from an earlier run of the bridge. The Bluetooth service also tells of
    /// devices that it only remembers.
    async fn is_here(&mut self) -> bool {
        let properties = within(QUESTION, "properties", self.peripheral.properties()).await;
        let heard = properties.is_ok_and(|found| found.is_some_and(|device| device.rssi.is_some()));
        heard
            || within(QUESTION, "properties", self.peripheral.is_connected())
                .await
                .unwrap_or(false)
    }

    async fn connect(&mut self, stop: &CancellationToken) -> Result<Option<Plan>, Trouble> {
        // A loss that was told after the last session's end is not this one's.
        let _ = self.signals.lost.notified().now_or_never();
        self.value_at = None;
        let peripheral = self.peripheral.clone();
        self.during(CONNECT_LIMIT, "connect", peripheral.connect(), stop)
            .await?;
        self.during(
            DISCOVER_LIMIT,
            "discover",
            peripheral.discover_services(),
            stop,
        )
        .await?;
        let found: Vec<Endpoint> = peripheral.characteristics().iter().map(endpoint).collect();
        Ok(family::choose(&found, None))
    }

    /// Subscribes in the plan's order, everything before the first write, and listens.
    async fn serve(&mut self, plan: &Plan, stop: &CancellationToken) -> End {
        self.tell(Heard::Connected(plan.family)).await;
        let peripheral = self.peripheral.clone();
        for wanted in &plan.subscribe {
            let characteristics = peripheral.characteristics();
            let Some(characteristic) = characteristics
                .iter()
                .find(|found| endpoint(found) == *wanted)
            else {
                continue;
            };
            match self
                .during(
                    SUBSCRIBE_LIMIT,
                    "subscribe",
                    peripheral.subscribe(characteristic),
                    stop,
                )
                .await
            {
                Ok(()) => {}
                Err(Trouble::Stopped(_)) => return End::Stopped,
                Err(trouble) => return End::Failed(trouble),
            }
        }
        tracing::info!(
            device = self.address.tail(),
            family = plan.family.name(),
            "oximeter connected"
        );
        self.listen(plan, stop).await
    }

    async fn listen(&mut self, plan: &Plan, stop: &CancellationToken) -> End {
        let began = Instant::now();
        loop {
            let deadline = self
                .value_at
                .map_or(began + FIRST_PACKET, |at| at + self.silence);
            let signals = Arc::clone(&self.signals);
            tokio::select! {
                biased;
                Some(value) = self.values.next() => self.forward(value).await,
                () = stop.cancelled() => return End::Stopped,
                () = signals.lost.notified() => return End::Over("by the oximeter"),
                () = sleep_until(deadline), if plan.streams => return match self.value_at {
                    Some(_) => End::Over("silent"),
                    None => End::Failed(Trouble::TimedOut("first packet", FIRST_PACKET)),
                },
            }
        }
    }

    /// Waits for a call while values go on being heard and a lost link is noticed.
    async fn during<T>(
        &mut self,
        limit: Duration,
        what: &'static str,
        call: impl Future<Output = btleplug::Result<T>>,
        stop: &CancellationToken,
    ) -> Result<T, Trouble> {
        let mut call = std::pin::pin!(within(limit, what, call));
        let signals = Arc::clone(&self.signals);
        loop {
            tokio::select! {
                biased;
                Some(value) = self.values.next() => self.forward(value).await,
                done = &mut call => return done,
                () = signals.lost.notified() => return Err(Trouble::Lost(what)),
                () = stop.cancelled() => return Err(Trouble::Stopped(what)),
            }
        }
    }

    /// Waits, and goes on hearing values. `None`: to be stopped.
    async fn listen_until<T>(
        &mut self,
        wait: impl Future<Output = T>,
        stop: &CancellationToken,
    ) -> Option<T> {
        let mut wait = std::pin::pin!(wait);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                Some(value) = self.values.next() => self.forward(value).await,
                done = &mut wait => return Some(done),
            }
        }
    }

    async fn forward(&mut self, value: ValueNotification) {
        self.value_at = Some(Instant::now());
        self.tell(Heard::Packet {
            characteristic: value.uuid,
            bytes: value.value,
        })
        .await;
    }

    async fn tell(&mut self, heard: Heard) {
        let event = RadioEvent {
            device: self.address.clone(),
            at: self.clock.steady(),
            heard,
        };
        // Fails only when the bridge is stopping.
        let _ = self.events.send(event).await;
    }

    async fn hang_up(&mut self) {
        if let Err(trouble) =
            within(DISCONNECT_LIMIT, "disconnect", self.peripheral.disconnect()).await
        {
            tracing::debug!(device = self.address.tail(), %trouble, "not disconnected");
        }
    }
}

fn endpoint(characteristic: &Characteristic) -> Endpoint {
    Endpoint {
        service: characteristic.service_uuid,
        characteristic: characteristic.uuid,
    }
}
