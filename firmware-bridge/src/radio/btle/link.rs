//! One enrolled oximeter: waits until it is heard, has a session with it, and begins again.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use btleplug::api::ValueNotification;
use btleplug::platform::Peripheral;
use futures_util::{Stream, StreamExt};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::air::Air;
use super::bluez::Bluez;
use super::bond::{Bond, Failure, Remedy};
use super::call::{Sign, Trouble};
use super::hearing::Hearing;
use crate::address::Address;
use crate::backoff::{Steps, fraction};
use crate::clock::Clock;
use crate::health::{Health, Trouble as Unreadable};
use crate::radio::{Events, Heard, RadioEvent};

/// After a failure. An oximeter that was gone and is heard again does not wait for the end of it.
const AFTER_FAILURE: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
/// The kernel gave up by itself: so many times at once, then as any failure.
const AT_ONCE: u8 = 5;
/// It was let go after a measurement.
const AFTER_SUCCESS: Duration = Duration::from_secs(5);
/// It was let go because nothing usable came: a phone can have it, and its battery lasts.
const REST: Duration = Duration::from_secs(130);
/// A device that no driver knows is not worth more.
const STRANGER: Duration = Duration::from_secs(300);
/// Not heard for so long, it has been switched off or carried away: heard again, it is a new beginning.
const GONE_AFTER: Duration = Duration::from_secs(30);

pub(super) type Values = Pin<Box<dyn Stream<Item = ValueNotification> + Send>>;

/// What the adapter's listener tells a link.
#[derive(Default)]
pub(super) struct Signals {
    /// A sign of life.
    pub(super) heard: Notify,
    /// The link is gone.
    pub(super) lost: Notify,
    /// The link came up since this was last cleared.
    pub(super) up: AtomicBool,
}

/// What a link shares with the others.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) air: Arc<Air>,
    pub(super) bluez: Option<Bluez>,
    pub(super) events: Events,
    pub(super) clock: Clock,
    pub(super) health: Health,
    pub(super) silence: Duration,
}

pub(super) struct Link {
    pub(super) peripheral: Peripheral,
    pub(super) values: Values,
    pub(super) address: Address,
    pub(super) air: Arc<Air>,
    pub(super) bluez: Option<Bluez>,
    pub(super) signals: Arc<Signals>,
    events: Events,
    pub(super) clock: Clock,
    health: Health,
    pub(super) silence: Duration,
    /// This connection's decoder and conversation.
    pub(super) hearing: Option<Hearing>,
    /// When the last value of this connection came.
    pub(super) value_at: Option<Instant>,
    bond: Bond,
    heard_at: Option<Instant>,
    at_once: u8,
}

/// How a session ended.
pub(super) enum End {
    /// It was not there after all.
    Absent,
    /// The oximeter went, or fell silent, after it was subscribed to.
    Over {
        how: &'static str,
        has_spoken: bool,
    },
    /// It was let go: everything was said, or nothing usable came.
    LetGo {
        had_value: bool,
    },
    Failed {
        trouble: Trouble,
        has_spoken: bool,
        rssi_dbm: Option<i16>,
    },
    Stranger,
    Stopped,
}

impl End {
    pub(super) fn failed(trouble: Trouble, has_spoken: bool, rssi_dbm: Option<i16>) -> Self {
        match trouble {
            Trouble::Stopped(_) => Self::Stopped,
            trouble => Self::Failed {
                trouble,
                has_spoken,
                rssi_dbm,
            },
        }
    }
}

impl Link {
    pub(super) fn new(
        peripheral: Peripheral,
        values: Values,
        address: Address,
        signals: Arc<Signals>,
        shared: Shared,
    ) -> Self {
        Self {
            peripheral,
            values,
            address,
            air: shared.air,
            bluez: shared.bluez,
            signals,
            events: shared.events,
            clock: shared.clock,
            health: shared.health,
            silence: shared.silence,
            hearing: None,
            value_at: None,
            bond: Bond::default(),
            heard_at: None,
            at_once: 0,
        }
    }

    /// Keeps the oximeter connected whenever it is there, until `stop`.
    pub(super) async fn keep(mut self, stop: CancellationToken) {
        let mut steps = Steps::new(AFTER_FAILURE);
        loop {
            let signals = Arc::clone(&self.signals);
            if self
                .listen_until(signals.heard.notified(), &stop)
                .await
                .is_none()
            {
                return;
            }
            if self.was_gone() {
                steps.succeeded();
            }
            let device = self.address.tail().to_owned();
            let wait = match self.session(&stop).await {
                End::Absent => continue,
                End::Stopped => return,
                End::Over { how, has_spoken } => {
                    tracing::info!(device, how, "oximeter disconnected");
                    if has_spoken {
                        self.worked(&mut steps);
                        Duration::ZERO
                    } else {
                        self.trouble(Unreadable::KeepsDropping);
                        steps.failed()
                    }
                }
                End::LetGo { had_value } => {
                    tracing::info!(device, had_value, "oximeter let go");
                    self.worked(&mut steps);
                    if !had_value {
                        self.trouble(Unreadable::NoValues);
                    }
                    if had_value {
                        AFTER_SUCCESS.mul_f64(1.0 + fraction())
                    } else {
                        REST
                    }
                }
                End::Failed {
                    trouble,
                    has_spoken,
                    rssi_dbm,
                } => {
                    let wait = self
                        .failed(&trouble, has_spoken, rssi_dbm, &mut steps)
                        .await;
                    tracing::warn!(device, %trouble, ?wait, "oximeter not connected");
                    wait
                }
                End::Stranger => {
                    tracing::error!(
                        device,
                        "this device is enrolled, and is no oximeter that this version knows"
                    );
                    self.trouble(Unreadable::UnknownDevice);
                    STRANGER
                }
            };
            let wait = self.clock.shortened(wait);
            if self.rest(wait, &stop).await.is_none() {
                return;
            }
            // Perhaps it is still there; nobody would say so again.
            self.signals.heard.notify_one();
        }
    }

    fn worked(&mut self, steps: &mut Steps) {
        steps.succeeded();
        self.bond.worked();
        self.air.worked();
        self.at_once = 0;
    }

    /// Looks what a failure means, does what helps, and says how long to wait.
    async fn failed(
        &mut self,
        trouble: &Trouble,
        has_spoken: bool,
        rssi_dbm: Option<i16>,
        steps: &mut Steps,
    ) -> Duration {
        let sign = trouble.sign();
        let was_up = self.signals.up.load(Ordering::Relaxed);
        if sign == Sign::Abort && !was_up && self.at_once < AT_ONCE {
            self.at_once += 1;
            return Duration::ZERO;
        }
        self.at_once = 0;
        if sign == Sign::Adapter {
            self.air.failed();
        }
        let wait = steps.failed();
        let is_paired = match &self.bluez {
            Some(bluez) => bluez.known(&self.address).await.is_paired,
            None => false,
        };
        self.trouble(match (sign, is_paired) {
            (Sign::Security, false) => Unreadable::WantsPairing,
            (Sign::Security, true) => Unreadable::StaleBond,
            (Sign::Lost, _) => Unreadable::KeepsDropping,
            (Sign::Abort | Sign::Adapter | Sign::Device, _) => Unreadable::CannotConnect,
        });
        let Some(bluez) = self.bluez.clone() else {
            return wait;
        };
        let failure = Failure {
            sign,
            is_paired,
            was_cut_short: was_up && !has_spoken,
            rssi_dbm,
        };
        // Pairing was tried while it was connected, if it helps at all.
        if self.bond.failed(failure, Instant::now()) == Remedy::Renew {
            return self.renew_bond(&bluez).await.unwrap_or(wait);
        }
        wait
    }

    pub(super) fn is_in_reach(&self, rssi_dbm: Option<i16>) {
        self.health
            .in_reach(&self.address, rssi_dbm, self.clock.steady());
    }

    /// The ward is told in time, if it goes on.
    fn trouble(&self, what: Unreadable) {
        self.health
            .trouble(&self.address, what, self.clock.steady());
    }

    /// The bond is begun anew: forgotten here, and made again at the next connection, as soon as the oximeter is heard.
    async fn renew_bond(&mut self, bluez: &Bluez) -> Option<Duration> {
        let device = self.address.tail().to_owned();
        tracing::warn!(
            device,
            "the oximeter does not know its bond with this bridge any more: the bond is begun anew"
        );
        match bluez.forget(&self.address).await {
            Ok(()) => {
                self.bond.renewed(Instant::now());
                self.air.look_again().await;
                Some(Duration::ZERO)
            }
            Err(trouble) => {
                tracing::warn!(device, %trouble, "the bond cannot be removed");
                None
            }
        }
    }

    /// Whether the oximeter had not been heard for a while, until now.
    fn was_gone(&mut self) -> bool {
        let now = Instant::now();
        let gone_after = self.clock.shortened(GONE_AFTER);
        self.heard_at
            .replace(now)
            .is_some_and(|at| now.duration_since(at) > gone_after)
    }

    /// Waits, unless the oximeter goes and is heard again meanwhile. `None`: to be stopped.
    async fn rest(&mut self, wait: Duration, stop: &CancellationToken) -> Option<()> {
        let until = Instant::now() + wait;
        loop {
            let signals = Arc::clone(&self.signals);
            let heard = async {
                tokio::select! {
                    () = tokio::time::sleep_until(until) => false,
                    () = signals.heard.notified() => true,
                }
            };
            let is_heard = self.listen_until(heard, stop).await?;
            if !is_heard || self.was_gone() {
                return Some(());
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
                Some(value) = self.values.next() => self.forward(value.uuid, value.value).await,
                done = &mut wait => return Some(done),
            }
        }
    }

    pub(super) async fn forward(&mut self, characteristic: Uuid, bytes: Vec<u8>) {
        // What was only read says nothing of whether values come by themselves.
        let is_told = self
            .hearing
            .as_ref()
            .is_none_or(|hearing| hearing.is_subscribed(characteristic));
        if is_told {
            self.value_at = Some(Instant::now());
        }
        if let Some(hearing) = &mut self.hearing {
            hearing.hear(characteristic, &bytes, self.clock.steady().ms);
        }
        self.tell(Heard::Packet {
            characteristic,
            bytes,
        })
        .await;
    }

    pub(super) async fn tell(&mut self, heard: Heard) {
        let event = RadioEvent {
            device: self.address.clone(),
            at: self.clock.steady(),
            heard,
        };
        // Fails only when the bridge is stopping.
        let _ = self.events.send(event).await;
    }
}
