//! The oximeters that this bridge may connect to: asked from the service, remembered for when it cannot be asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use ward_wire::bridge::{DeviceList, EnrolledDevice, SamplingItem, SamplingMode};

use crate::address::Address;
use crate::backoff::fraction;
use crate::client::Client;
use crate::spool::Spool;

/// Before the first oximeter is assigned, the service is asked this often: somebody is setting the box up.
const WHILE_EMPTY: Duration = Duration::from_secs(3);

/// An oximeter that the bridge may connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Its address.
    pub address: Address,
    /// The plan's low limit, in whole percent.
    pub low_limit_percent: u16,
    /// Stands for whoever wears it. A service of an earlier version does not say.
    pub slot: Option<Uuid>,
    /// How it is used.
    pub sampling: Sampling,
}

/// How an oximeter is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// Worn all the time, and not now and then.
    pub is_continuous: bool,
    /// A stream is summed up over this.
    pub window: Duration,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            is_continuous: false,
            window: Duration::from_secs(60),
        }
    }
}

impl From<SamplingItem> for Sampling {
    fn from(item: SamplingItem) -> Self {
        Self {
            is_continuous: item.mode == SamplingMode::Continuous,
            window: Duration::from_secs(u64::from(item.window_seconds.clamp(10, 600))),
        }
    }
}

impl From<&Enrolled> for EnrolledDevice {
    fn from(enrolled: &Enrolled) -> Self {
        let sampling = enrolled.sampling;
        Self {
            address: enrolled.address.as_str().to_owned(),
            low_limit_percent: enrolled.low_limit_percent,
            slot: enrolled.slot,
            sampling: Some(SamplingItem {
                mode: if sampling.is_continuous {
                    SamplingMode::Continuous
                } else {
                    SamplingMode::Spot
                },
                window_seconds: u16::try_from(sampling.window.as_secs()).unwrap_or(u16::MAX),
            }),
        }
    }
}

/// The list, in the service's order. Shared: it changes rarely and everybody reads it.
pub type Devices = Arc<[Enrolled]>;

/// Keeps the list up to date until `stop`. Starts with the remembered one.
pub async fn follow(
    client: Arc<Client>,
    spool: Spool,
    refresh: Duration,
    list: watch::Sender<Devices>,
    stop: CancellationToken,
) {
    match spool.devices().await {
        Ok(devices) => publish(&list, &devices),
        Err(why) => tracing::error!(%why, "the remembered list of oximeters cannot be read"),
    }
    let mut failing = false;
    loop {
        match client.devices().await {
            Ok(fresh) => {
                if failing {
                    tracing::info!("the list of oximeters is up to date again");
                }
                failing = false;
                remember(&spool, &fresh).await;
                publish(&list, &fresh.devices);
            }
            Err(why) => {
                if !failing {
                    tracing::warn!(%why, known = list.borrow().len(), "the list of oximeters cannot be asked: the remembered one holds");
                }
                failing = true;
            }
        }
        let wait = if list.borrow().is_empty() {
            refresh.min(WHILE_EMPTY)
        } else {
            refresh
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait.mul_f64(0.75 + fraction() / 2.0)) => {}
        }
    }
}

async fn remember(spool: &Spool, fresh: &DeviceList) {
    let known = spool.device_list().await.ok();
    if known.as_ref() == Some(fresh) {
        return;
    }
    if let Err(why) = spool.remember_devices(fresh).await {
        tracing::error!(%why, "the list of oximeters cannot be remembered");
    }
}

fn publish(list: &watch::Sender<Devices>, devices: &[EnrolledDevice]) {
    let fresh: Devices = devices
        .iter()
        .filter_map(|device| match device.address.parse() {
            Ok(address) => Some(Enrolled {
                address,
                low_limit_percent: device.low_limit_percent,
                slot: device.slot,
                sampling: device.sampling.map(Sampling::from).unwrap_or_default(),
            }),
            Err(why) => {
                tracing::error!(%why, "the service's list holds a device with a wrong address");
                None
            }
        })
        .collect();
    list.send_if_modified(|old| {
        let changed = *old != fresh;
        if changed {
            tracing::info!(count = fresh.len(), "oximeters of this bridge");
            *old = fresh;
        }
        changed
    });
}
