//! The heartbeat: tells the service how the bridge is, once a minute, so that its silence is noticed, and at once when
//! something changes.
//!
//! It goes its own way: no reading waits for it, and it waits for no reading. What the spool does not say within two
//! seconds is left out.

mod machine;
mod request;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use ward_wire::bridge::{StatusReply, StatusRequest};

use crate::client::{Client, Failure};
use crate::clock::Clock;
use crate::devices::Devices;
use crate::health::Health;

pub use machine::Machine;

/// A clock that is off by more is worth a word in the log: the service alerts at the same distance.
const CLOCK_OFF_MS: u64 = 120_000;

/// How often.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// When nothing changes.
    pub every: Duration,
    /// However much changes.
    pub at_most_every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(60),
            at_most_every: Duration::from_secs(5),
        }
    }
}

/// Knows whom to tell, and where to look. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Teller {
    /// The service.
    pub client: Arc<Client>,
    /// How the radio and the oximeters are.
    pub health: Health,
    /// The list of oximeters.
    pub devices: watch::Receiver<Devices>,
    /// How the box is.
    pub machine: Machine,
    /// The clocks.
    pub clock: Clock,
}

/// What went wrong last, so that the log says it once.
#[derive(Debug, Default)]
struct Said {
    failing: bool,
    clock_wrong: bool,
}

impl Teller {
    /// Tells until `stop`. What could not be told is told anew, sooner than usual: only how things stand now counts.
    pub async fn run(self, pace: Pace, stop: CancellationToken) {
        let mut known = self.health.follow();
        let mut said = Said::default();
        let started = Instant::now();
        loop {
            let began = Instant::now();
            let tried = known.borrow_and_update().radio_up.is_some();
            // A radio of which nobody has said anything after a while does not work: silence would name the wrong cause.
            let wait = if tried || started.elapsed() >= pace.every {
                if self.tell(&mut said).await {
                    pace.every
                } else {
                    pace.every / 4
                }
            } else {
                pace.every.saturating_sub(started.elapsed())
            };
            let changed = async {
                if known.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep_until(began + pace.at_most_every).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = changed => {}
                () = tokio::time::sleep_until(began + wait) => {}
            }
        }
    }

    /// Tells once, as the last thing before the bridge ends: a radio that is gone is not a bridge that is gone.
    pub async fn once(&self) {
        self.tell(&mut Said::default()).await;
    }

    async fn tell(&self, said: &mut Said) -> bool {
        match self.say().await {
            Ok(reply) => {
                said.failing = false;
                said.clock(reply.clock_off_by_ms);
                true
            }
            Err(why) => {
                if said.failing {
                    tracing::debug!(%why, "the service is not told how the bridge is");
                } else {
                    tracing::warn!(%why, "the service is not told how the bridge is: tried again every quarter of a minute");
                }
                said.failing = true;
                false
            }
        }
    }

    async fn say(&self) -> Result<StatusReply, Failure> {
        let request = self.request().await;
        match self.client.status(&request).await {
            // A service of an earlier version knows less, and refuses what it does not know.
            Err(Failure::Refused(_)) => self.client.status(&request::in_short(request)).await,
            told_or_later => told_or_later,
        }
    }

    async fn request(&self) -> StatusRequest {
        let spool = self.machine.spool().await;
        let known = self.health.follow().borrow().clone();
        let devices = Arc::clone(&self.devices.borrow());
        request::of(&known, &devices, &self.machine, spool, &self.clock)
    }
}

impl Said {
    fn clock(&mut self, off_by_ms: Option<i64>) {
        let Some(off_by_ms) = off_by_ms else { return };
        let wrong = off_by_ms.unsigned_abs() > CLOCK_OFF_MS;
        if wrong && !self.clock_wrong {
            tracing::warn!(
                off_by_ms,
                "THIS BOX'S CLOCK IS WRONG, by the service's: set up its time synchronisation (timedatectl set-ntp true)"
            );
        } else if self.clock_wrong && !wrong {
            tracing::info!("this box's clock is right again");
        }
        self.clock_wrong = wrong;
    }
}
