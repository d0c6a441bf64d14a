//! Tells the service how the bridge is: once a minute, so that its silence is noticed, and at once when something changes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use ward_wire::bridge::{OXIMETERS_LIMIT, OximeterItem, StatusRequest};

use crate::client::Client;
use crate::clock::{Clock, Steady};
use crate::devices::Devices;
use crate::health::{Health, Known};

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

/// Tells until `stop`. What could not be told is told anew the next time: only how things stand now counts.
pub async fn tell(
    client: Arc<Client>,
    health: Health,
    devices: watch::Receiver<Devices>,
    clock: Clock,
    pace: Pace,
    stop: CancellationToken,
) {
    let mut known = health.follow();
    let mut failing = false;
    loop {
        let said_at = Instant::now();
        let now = known.borrow_and_update().clone();
        let request = request(&now, &devices.borrow(), clock.steady());
        // Before anybody has tried the radio there is nothing to tell.
        if let Some(request) = request {
            match client.status(&request).await {
                Ok(_) => failing = false,
                Err(why) if failing => {
                    tracing::debug!(%why, "the service is not told how the bridge is");
                }
                Err(why) => {
                    failing = true;
                    tracing::warn!(%why, "the service is not told how the bridge is: tried again each minute");
                }
            }
        }
        let changed = async {
            let gone = known.changed().await.is_err();
            if gone {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep_until(said_at + pace.at_most_every).await;
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = changed => {}
            () = tokio::time::sleep(pace.every) => {}
        }
    }
}

/// Tells once, as the last thing before the bridge ends: a radio that is gone is not a bridge that is gone.
pub async fn tell_once(client: &Client, health: &Health, devices: &Devices, clock: &Clock) {
    let now = health.follow().borrow().clone();
    if let Some(request) = request(&now, devices, clock.steady())
        && let Err(why) = client.status(&request).await
    {
        tracing::warn!(%why, "the service is not told how the bridge ends");
    }
}

fn request(known: &Known, devices: &Devices, now: Steady) -> Option<StatusRequest> {
    let radio_up = known.radio_up?;
    let oximeters = devices.iter().take(OXIMETERS_LIMIT).map(|device| {
        let held = known.oximeters.get(&device.address);
        OximeterItem {
            device_address: device.address.as_str().to_owned(),
            battery_percent: held.and_then(|held| held.battery_percent),
            heard_ago_ms: held.and_then(|held| held.heard.age_ms(now)),
        }
    });
    Some(StatusRequest {
        radio_up,
        oximeters: oximeters.collect(),
    })
}
