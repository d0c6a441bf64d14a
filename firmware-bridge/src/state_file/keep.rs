//! Keeps the state file up to date, from the start of the process to its end.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{EVERY, Ended, OXIMETERS_LIMIT, Oximeter, State};
use crate::client::Client;
use crate::clock::Clock;
use crate::devices::Devices;
use crate::health::Health;
use crate::spool::Spool;

/// Writes the file. Lives as long as the process, through every spool.
#[derive(Clone, Debug)]
pub struct Keeper {
    file: PathBuf,
    /// The machine's own: another process must understand it. Never sped up.
    clock: Clock,
    state: Arc<Mutex<State>>,
    /// The file could not be written the last time: said once.
    failing: Arc<AtomicBool>,
}

/// Where the facts come from, for one life of a spool.
#[derive(Debug)]
pub struct Facts {
    /// Its line.
    pub client: Arc<Client>,
    /// Radio and oximeters.
    pub health: Health,
    /// Whom the ward has assigned.
    pub devices: watch::Receiver<Devices>,
    /// What waits.
    pub spool: Spool,
    /// The bridge's clock, which tests let run faster.
    pub clock: Clock,
}

impl Keeper {
    /// Begins, and says so. What the file of an earlier process knew of the line is remembered.
    #[must_use]
    pub fn begin(file: PathBuf) -> Self {
        let clock = Clock::of_this_machine();
        let earlier = State::read(&file).ok().flatten();
        let mut state = State::new(
            clock.moment(),
            earlier.as_ref().map(|state| state.line).unwrap_or_default(),
        );
        if let Some(earlier) = earlier {
            state.waiting = earlier.waiting;
            state.last_reading = earlier.last_reading;
            state.assigned = earlier.assigned;
            // A bridge that ends again and again says why all the time, until it works.
            state.ended = earlier.ended.filter(|ended| ended.why.is_some());
        }
        let keeper = Self {
            file,
            clock,
            state: Arc::new(Mutex::new(state)),
            failing: Arc::default(),
        };
        keeper.write(|_| {});
        keeper
    }

    /// Writes until `stop`.
    pub async fn keep(self, facts: Facts, stop: CancellationToken) {
        let line = self
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .line;
        facts.client.line().remember(line);
        let mut tick = tokio::time::interval(facts.clock.shortened(EVERY));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => self.look(&facts).await,
            }
        }
    }

    async fn look(&self, facts: &Facts) {
        let told = facts.spool.told().await;
        let now = self.clock.moment();
        let known = facts.health.follow().borrow().clone();
        let bridge_now = facts.clock.steady();
        let oximeters = known.oximeters.iter().take(OXIMETERS_LIMIT);
        // One that was never heard has nothing to say here.
        let oximeters = oximeters.filter_map(|(address, known)| {
            let ago = known.heard?.age_ms(bridge_now).unwrap_or(0);
            let ago = facts.clock.shortened(Duration::from_millis(ago));
            Some(Oximeter {
                tail: address.tail().to_owned(),
                heard: now.before(ago),
                battery_percent: known.battery_percent,
            })
        });
        let oximeters = oximeters.collect();
        self.write(|state| {
            state.line = facts.client.line().state();
            state.bluetooth_works = known.radio_up;
            state.assigned = facts.devices.borrow().len();
            state.oximeters = oximeters;
            if known.radio_up == Some(true) {
                state.ended = None;
            }
            match told {
                Ok(told) => {
                    state.waiting = Some(told.waiting);
                    state.last_reading = (told.last_reading)
                        .map(|reading| reading.moment(&facts.clock, now))
                        .or(state.last_reading);
                }
                // The log says why.
                Err(_) => state.waiting = None,
            }
        });
    }

    /// The last word of the process.
    pub fn end(&self, why: Option<String>) {
        self.write(|state| state.ended = Some(Ended { why }));
    }

    fn write(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.written = self.clock.moment();
        let written = state.write(&self.file);
        let failed_before = self.failing.swap(written.is_err(), Ordering::Relaxed);
        if let Err(why) = written
            && !failed_before
        {
            let file = self.file.display();
            tracing::warn!(%why, %file, "`wardlight-bridge status` cannot be told how the bridge is: see state_file of the configuration");
        }
    }
}
