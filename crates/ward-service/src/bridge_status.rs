//! A bridge says how it is: its Bluetooth, its oximeters, the readings that it keeps, its clock. What has failed is told to
//! each ward whose patients it reads, by its cause, and so is what works again.

use std::time::Duration;

use ward_core::alert::{Alert, Problem, Subject};
use ward_core::bridge_watch::{
    AdapterStatus, BridgeStatus, ClockStatus, OximeterStatus, Read, SpoolStatus, Trouble, Troubled,
    Verdict, Versions, assess_kit, has_something_to_say, kit_works_again, verdicts,
};
use ward_core::device::DeviceAddress;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, WardId};
use ward_core::silence::what_came_before;
use ward_core::technical::Cause;
use ward_core::time::Timestamp;
use ward_store::{Bridge, Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// What a bridge says of itself. What an earlier one does not say is missing.
#[derive(Clone, Debug, Default)]
pub struct StatusReport {
    /// Whether its Bluetooth works.
    pub radio_up: bool,
    /// Its oximeters.
    pub oximeters: Vec<OximeterReport>,
    /// Its Bluetooth adapter.
    pub adapter: Option<AdapterStatus>,
    /// The readings that it keeps.
    pub spool: Option<SpoolReport>,
    /// Its clock, against the service's.
    pub clock: Option<ClockStatus>,
    /// Its programs.
    pub versions: Option<Versions>,
    /// For how long its program has run.
    pub uptime: Option<Duration>,
    /// The version of the list of oximeters that it works by.
    pub list_version: Option<String>,
}

/// What a bridge says of one of its oximeters.
#[derive(Clone, Debug)]
pub struct OximeterReport {
    /// Which.
    pub address: DeviceAddress,
    /// What is left in its battery, in percent, when it tells.
    pub battery_percent: Option<u8>,
    /// How long ago it was last heard.
    pub heard_ago: Option<Duration>,
    /// Whether it is in reach.
    pub in_reach: Option<bool>,
    /// Whether it is connected.
    pub connected: Option<bool>,
    /// How strongly it was heard, in dBm.
    pub rssi_dbm: Option<i16>,
    /// What it says that it is.
    pub model: Option<String>,
    /// Its firmware's version.
    pub firmware: Option<String>,
    /// How long ago its last reading was put on the bridge's disk.
    pub reading_ago: Option<Duration>,
    /// Why it cannot be read, and for how long that has been so.
    pub trouble: Option<(Trouble, Duration)>,
}

/// What a bridge says of the readings that it keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpoolReport {
    /// How many wait to be sent.
    pub waiting: u64,
    /// For how long the one that waits longest has waited.
    pub oldest_waits: Option<Duration>,
    /// How many the service has refused.
    pub refused: u64,
    /// Bytes on disk.
    pub used_bytes: Option<u64>,
    /// Bytes that it may use.
    pub limit_bytes: Option<u64>,
    /// Bytes that are free on its disk.
    pub disk_free_bytes: Option<u64>,
}

impl Wards {
    /// Keeps what a bridge says of itself, and tells each ward whose patients it reads what has failed and what works
    /// again.
    ///
    /// # Errors
    /// [`Unavailable`]: nothing is sure to be kept; the bridge says it again in a minute.
    pub async fn bridge_status(
        &self,
        bridge: &Bridge,
        report: StatusReport,
    ) -> Result<(), Unavailable> {
        let (wards, bridge) = (self.clone(), bridge.id);
        to_the_end(async move {
            let now = wards.clock.now();
            let before = wards.store.bridge_status(bridge).await?;
            let status = as_status(report, now).after(before.as_ref());
            // All is well and was: nearly always. Nobody's ward is held for that.
            if has_something_to_say(&status, before.as_ref()) {
                for ward in wards.store.wards_of_bridge(bridge).await? {
                    wards.say_status(ward, bridge, &status).await?;
                }
            }
            // Kept after it was said: what a stop of the service comes between is said with the next report.
            wards.store.set_bridge_status(bridge, &status).await
        })
        .await
        .map_err(|why: StoreError| why.into())
    }

    /// What a bridge said of itself last; `None` before it ever did.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn last_status_of(
        &self,
        bridge: BridgeId,
    ) -> Result<Option<BridgeStatus>, Unavailable> {
        Ok(self.store.bridge_status(bridge).await?)
    }

    async fn say_status(
        &self,
        ward: WardId,
        bridge: BridgeId,
        status: &BridgeStatus,
    ) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        let read = whom_it_reads(&mut ledger, bridge).await?;
        let mut events = Vec::new();
        for verdict in verdicts(bridge, status, &read) {
            let known = known(&mut ledger, &verdict.about, verdict.cause).await?;
            events.extend(follows(&verdict, known.as_ref(), now));
        }
        if events.is_empty() {
            return ledger.close().await;
        }
        for event in events {
            tracing::warn!(%ward, %bridge, what = event.kind(), "a bridge says how its kit is");
            ledger.append(event, now);
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}

fn follows(verdict: &Verdict, known: Option<&Alert>, now: Timestamp) -> Option<WardEvent> {
    match &verdict.fault {
        Some(fault) => assess_kit(fault, known, now),
        None => known.and_then(|known| kit_works_again(known, now)),
    }
}

async fn known(
    ledger: &mut Ledger,
    about: &Subject,
    cause: Cause,
) -> Result<Option<Alert>, StoreError> {
    let open = ledger
        .open_alerts_about(std::slice::from_ref(about))
        .await?;
    Ok(open
        .into_iter()
        .find(|alert| alert.problem == Problem::Technical(cause)))
}

async fn whom_it_reads(ledger: &mut Ledger, bridge: BridgeId) -> Result<Vec<Read>, StoreError> {
    let mut whom = Vec::new();
    for read in ledger.read_by(bridge).await? {
        let worst = match ledger.stay(read.stay).await? {
            Some(record) => what_came_before(&record.state),
            None => continue,
        };
        let care = ledger.care(read.stay).await?;
        whom.push(Read {
            stay: read.stay,
            device: read.device,
            from: read.from,
            worst,
            is_continuous: care.is_some_and(|care| care.is_continuous()),
        });
    }
    Ok(whom)
}

fn as_status(report: StatusReport, now: Timestamp) -> BridgeStatus {
    let ago = |span: Duration| now.minus(span);
    let oximeters = report.oximeters.into_iter().map(|one| OximeterStatus {
        address: one.address,
        battery_percent: one.battery_percent,
        heard_at: one.heard_ago.map(ago),
        in_reach: one.in_reach,
        connected: one.connected,
        rssi_dbm: one.rssi_dbm,
        model: one.model,
        firmware: one.firmware,
        reading_at: one.reading_ago.map(ago),
        trouble: one.trouble.map(|(what, lasts)| Troubled {
            what,
            since: ago(lasts),
        }),
    });
    let spool = report.spool.map(|spool| SpoolStatus {
        waiting: spool.waiting,
        oldest_at: spool.oldest_waits.map(ago),
        refused: spool.refused,
        used_bytes: spool.used_bytes,
        limit_bytes: spool.limit_bytes,
        disk_free_bytes: spool.disk_free_bytes,
        stuck_since: None,
        is_tight: false,
    });
    BridgeStatus {
        said_at: now,
        radio_up: report.radio_up,
        oximeters: oximeters.collect(),
        adapter: report.adapter,
        spool,
        clock: report.clock,
        versions: report.versions,
        started_at: report.uptime.map(ago),
        list_version: report.list_version,
    }
}
