//! A bridge says how it is: whether its Bluetooth works, and what is left in the batteries of its oximeters.

use std::time::Duration;

use ward_core::alert::{Alert, Problem, Subject};
use ward_core::bridge_watch::{
    BridgeStatus, OximeterStatus, assess_kit, bluetooth_down, flat_battery, kit_works_again,
};
use ward_core::device::DeviceAddress;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, WardId};
use ward_core::silence::NEARLY_FLAT_PERCENT;
use ward_core::technical::{Cause, Fault};
use ward_core::time::Timestamp;
use ward_store::{Bridge, Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::sweep::whom_it_reads;
use crate::wards::Wards;

/// What a bridge says of itself.
#[derive(Clone, Debug)]
pub struct StatusReport {
    /// Whether its Bluetooth works.
    pub radio_up: bool,
    /// Its oximeters.
    pub oximeters: Vec<OximeterReport>,
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
            let status = as_status(report, now);
            let before = wards.store.bridge_status(bridge).await?;
            // All is well and was: nearly always. Nobody's ward is held for that.
            if fails(&status) || before.as_ref().is_some_and(fails) {
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
        let mut events = Vec::new();
        events.extend(radio(&mut ledger, bridge, status.radio_up, now).await?);
        for read in ledger.read_by(bridge).await? {
            let Some(percent) = status.battery_of(&read.device) else {
                continue;
            };
            let about = Subject::Stay(read.stay);
            let known = known(&mut ledger, &about, Cause::DeviceBattery).await?;
            let fault = flat_battery(read.stay, percent, now);
            events.extend(said_or_over(fault.as_ref(), known.as_ref(), now));
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

async fn radio(
    ledger: &mut Ledger,
    bridge: BridgeId,
    up: bool,
    now: Timestamp,
) -> Result<Option<WardEvent>, StoreError> {
    let known = known(ledger, &Subject::Bridge(bridge), Cause::BluetoothDown).await?;
    if up {
        return Ok(known.and_then(|known| kit_works_again(&known, now)));
    }
    let (worst, stays) = whom_it_reads(ledger, bridge).await?;
    let fault = bluetooth_down(bridge, now, worst, stays);
    Ok(said_or_over(Some(&fault), known.as_ref(), now))
}

fn said_or_over(fault: Option<&Fault>, known: Option<&Alert>, now: Timestamp) -> Option<WardEvent> {
    match fault {
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

fn fails(status: &BridgeStatus) -> bool {
    let flat = |one: &OximeterStatus| {
        one.battery_percent
            .is_some_and(|percent| percent <= NEARLY_FLAT_PERCENT)
    };
    !status.radio_up || status.oximeters.iter().any(flat)
}

fn as_status(report: StatusReport, now: Timestamp) -> BridgeStatus {
    let oximeters = report.oximeters.into_iter().map(|one| OximeterStatus {
        address: one.address,
        battery_percent: one.battery_percent,
        heard_at: one.heard_ago.map(|ago| now.minus(ago)),
    });
    BridgeStatus {
        said_at: now,
        radio_up: report.radio_up,
        oximeters: oximeters.collect(),
    }
}
