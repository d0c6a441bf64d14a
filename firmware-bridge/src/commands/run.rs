//! `run` and `simulate`: radio, decoder, settle, spool, uplink, until somebody says stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use ward_wire::bridge::{DeviceList, EnrolledDevice};

use super::supervisor;
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Config;
use crate::devices::{self, Devices};
use crate::health::Health;
use crate::identity::{Identity, Place, renew};
use crate::measure::{self, Damaged};
use crate::radio::virtual_radio::{self, Cast};
use crate::radio::{self, EVENTS_LIMIT, Events, RadioError};
use crate::reading::NewReading;
use crate::spool::{Limits, Spool};
use crate::state_file::{Facts, Keeper};
use crate::status::{Machine, Pace, Teller};
use crate::uplink::{Patience, Uplink};

const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// At the end, what was just put on disk gets this long to be sent; what is left waits for the next start.
const LAST_SENDING: Duration = Duration::from_secs(2);

/// Which radio.
#[derive(Clone, Debug)]
pub enum Source {
    /// Real oximeters.
    Bluetooth,
    /// Virtual ones.
    Simulated(Cast),
}

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// When the bridge cannot start, or its radio is gone: a supervisor starts it anew.
pub async fn run(config: Config, source: Source) -> anyhow::Result<()> {
    // Before the first sign of life: who is stopped right after it says so all the same.
    let stop = stop_signal()?;
    let keeper = Keeper::begin(config.state_file.clone());
    let end = run_until_stopped(config, source, &keeper, stop).await;
    keeper.end(end.as_ref().err().map(|why| format!("{why:#}")));
    end
}

async fn run_until_stopped(
    config: Config,
    source: Source,
    keeper: &Keeper,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    if let Identity::Token(_) = Place::of(&config.service).read()? {
        tracing::warn!(
            "this bridge was enrolled with a token: ask the ward for a code, and `wardlight-bridge enrol --replace` gives it a key"
        );
    }
    let client = Arc::new(Client::new(&config.service)?);
    let clock = Clock::of_this_machine().sped_up(config.time_factor);
    let mut homeless = Homeless::default();
    loop {
        let spool = match Spool::open(&config.spool.file, clock.clone()).await {
            Ok((spool, _)) => spool,
            // Not the end while there is something in hand that only this process knows.
            Err(why) if !homeless.readings.is_empty() && !stop.is_cancelled() => {
                let in_memory = homeless.readings.len();
                tracing::error!(%why, in_memory, "READINGS ARE NOT ON DISK: no new spool can be begun. Tried again each second");
                supervisor::alive();
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            Err(why) => return Err(why.into()),
        };
        let bridge = Bridge {
            config: &config,
            source: &source,
            client: &client,
            clock: &clock,
            keeper,
            spool,
        };
        // Damaged in the middle of its work: the next round sets the spool aside and takes what it could not hold.
        match bridge.serve(homeless, &stop).await? {
            Some(left) => homeless = left,
            None => return Ok(()),
        }
    }
}

/// What a damaged spool could not hold, for the next one.
#[derive(Default)]
struct Homeless {
    readings: Vec<NewReading>,
    devices: Devices,
}

struct Bridge<'a> {
    config: &'a Config,
    source: &'a Source,
    client: &'a Arc<Client>,
    clock: &'a Clock,
    keeper: &'a Keeper,
    spool: Spool,
}

impl Bridge<'_> {
    /// One life of a spool. The parts are started from the back and stopped from the front, so that nothing that is
    /// under way is dropped.
    async fn serve(
        self,
        homeless: Homeless,
        stop: &CancellationToken,
    ) -> anyhow::Result<Option<Homeless>> {
        let held = self.take_in(homeless).await;
        let (stop_radio, stop_rest) = (stop.child_token(), CancellationToken::new());
        let (list, devices) = watch::channel(Devices::default());
        let (events, heard) = mpsc::channel(EVENTS_LIMIT);

        let uplink = Uplink::new(
            self.spool.clone(),
            Arc::clone(self.client),
            self.clock.clone(),
            Patience::default(),
        );
        let mut uplink = tokio::spawn(uplink.run(stop_rest.clone()));
        let following = tokio::spawn(devices::follow(
            Arc::clone(self.client),
            self.spool.clone(),
            self.config.service.refresh_devices,
            list,
            stop_rest.clone(),
        ));
        let health = Health::default();
        let teller = Teller {
            client: Arc::clone(self.client),
            health: health.clone(),
            devices: devices.clone(),
            machine: Machine::new(
                self.spool.clone(),
                self.config.spool.limit_bytes,
                self.clock,
            ),
            clock: self.clock.clone(),
        };
        let telling = tokio::spawn(teller.clone().run(Pace::default(), stop_rest.clone()));
        let facts = Facts {
            client: Arc::clone(self.client),
            health: health.clone(),
            devices: devices.clone(),
            spool: self.spool.clone(),
            clock: self.clock.clone(),
        };
        let keeping = tokio::spawn(self.keeper.clone().keep(facts, stop_rest.clone()));
        let renewing = tokio::spawn(renew::keep_fresh(
            Arc::clone(self.client),
            Place::of(&self.config.service),
            stop_rest.clone(),
        ));
        let measuring = measure::run(
            heard,
            devices.clone(),
            self.spool.clone(),
            self.clock.clone(),
            health.clone(),
            self.config.radio.accept_unproven.clone(),
            held,
        );
        let mut measuring = tokio::spawn(measuring);
        let mut radio = self.radio(devices.clone(), events, &health, stop_radio.clone());
        supervisor::ready("listening for oximeters");

        let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
        let mut alive = tokio::time::interval(supervisor::alive_every());
        let (mut radio_end, mut measured, mut sent) = (None, None, None);
        while radio_end.is_none() && measured.is_none() && sent.is_none() {
            tokio::select! {
                end = &mut radio => radio_end = Some(end),
                end = &mut measuring => measured = Some(end),
                end = &mut uplink => sent = Some(end),
                _ = housekeeping.tick() => self.keep_house().await,
                _ = alive.tick() => supervisor::alive(),
            }
        }
        // Whichever ended first: the radio, then the decoder, which lets out what it holds, then the uplink.
        supervisor::stopping();
        stop_radio.cancel();
        let radio_end = match radio_end {
            Some(end) => end,
            None => radio.await,
        };
        if matches!(radio_end, Ok(Err(_))) {
            health.radio(false);
            last_word(&teller).await;
        }
        let measured = match measured {
            Some(end) => end,
            None => measuring.await,
        };
        tracing::info!("stopping: what was measured is on disk");
        let sent = match sent {
            Some(end) => end,
            None => {
                self.last_sending().await;
                stop_rest.cancel();
                uplink.await
            }
        };
        stop_rest.cancel();
        drop(teller);
        let _ = tokio::join!(following, telling, keeping, renewing);
        self.spool.close().await;

        let damage = match (
            measured.context("the decoder has failed")?,
            sent.context("the uplink has failed")?,
        ) {
            (Err(Damaged { why, pending }), _) => Some((why, pending)),
            (Ok(left), Err(why)) => Some((why, left)),
            (Ok(left), Ok(())) => {
                if !left.is_empty() {
                    let count = left.len();
                    tracing::error!(
                        count,
                        "READINGS ARE LOST: the disk refused them until the end"
                    );
                }
                None
            }
        };
        if let Some((why, readings)) = damage {
            tracing::error!(%why, "a new spool is begun");
            let devices = Arc::clone(&devices.borrow());
            return Ok(Some(Homeless { readings, devices }));
        }
        radio_end.context("the radio has failed")??;
        Ok(None)
    }

    /// What an earlier spool could not hold: the list is remembered, the readings go to the decoder, which puts them on
    /// disk before all others and as often as it takes.
    async fn take_in(&self, homeless: Homeless) -> Vec<NewReading> {
        if !homeless.devices.is_empty() {
            // Without its version: the service's next answer writes it anew.
            let list = DeviceList {
                devices: homeless.devices.iter().map(EnrolledDevice::from).collect(),
                version: None,
            };
            if let Err(why) = self.spool.remember_devices(&list).await {
                tracing::error!(%why, "the list of oximeters cannot be remembered");
            }
        }
        homeless.readings
    }

    /// What was just put on disk gets a moment to be sent.
    async fn last_sending(&self) {
        let emptied = async {
            while self.spool.waiting().await.is_ok_and(|waiting| waiting > 0) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = tokio::time::timeout(LAST_SENDING, emptied).await;
    }

    fn radio(
        &self,
        devices: watch::Receiver<Devices>,
        events: Events,
        health: &Health,
        stop: CancellationToken,
    ) -> JoinHandle<Result<(), RadioError>> {
        let clock = self.clock.clone();
        match self.source {
            Source::Bluetooth => {
                let config = self.config.radio.clone();
                tokio::spawn(radio::btle::run(
                    config,
                    devices,
                    events,
                    clock,
                    health.clone(),
                    stop,
                ))
            }
            Source::Simulated(cast) => {
                health.radio(true);
                let virtual_radio = virtual_radio::run(cast.clone(), devices, events, clock, stop);
                tokio::spawn(async move {
                    virtual_radio.await;
                    Ok(())
                })
            }
        }
    }

    async fn keep_house(&self) {
        let config = &self.config.spool;
        let limits = Limits {
            keep_confirmed: config.keep_confirmed,
            limit_bytes: config.limit_bytes,
            reserve_bytes: config.reserve_bytes,
        };
        if let Err(why) = self.spool.keep_house(&limits).await {
            tracing::error!(%why, "the spool cannot be tidied");
        }
    }
}

/// The radio is gone, the bridge is not: the ward is told which of the two it was.
async fn last_word(teller: &Teller) {
    let _ = tokio::time::timeout(LAST_SENDING, teller.once()).await;
}

/// Cancelled at SIGTERM or SIGINT.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())
        .map_err(|why| anyhow!("cannot listen for signals: {why}"))?;
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        token.cancel();
    });
    Ok(stop)
}
