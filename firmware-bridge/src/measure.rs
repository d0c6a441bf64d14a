//! From what is heard to readings on disk: one decoder and one settle for each oximeter.

mod convert;
mod handovers;
mod oximeter;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use ward_oximeter::{Evidence, Family, Outcome, SettleConfig};
use ward_wire::bridge::MeasuredItem;

use crate::address::Address;
use crate::clock::{Clock, Steady};
use crate::devices::Devices;
use crate::health::{Health, Trouble};
use crate::radio::{Heard, RadioEvent};
use crate::reading::{NewReading, Stamp};
use crate::spool::{Appended, Spool, SpoolError};
use handovers::Handovers;
use oximeter::Oximeter;

/// Readings that may wait in memory while the disk refuses them; beyond it the oldest routine ones go.
const PENDING_LIMIT: usize = 10_000;
/// Frames of one connection that a repeat is looked for among.
const REPEATS_LIMIT: usize = 256;
/// The same as the default plan's red limit, for an oximeter that has just left the list.
const LOW_LIMIT_PERCENT: u16 = 92;

/// The spool's file is damaged: these readings are not on disk, and want a new spool.
#[derive(Debug, thiserror::Error)]
#[error("the spool is damaged: {why}")]
pub struct Damaged {
    /// What SQLite said.
    pub why: SpoolError,
    /// In the order of measuring.
    pub pending: Vec<NewReading>,
}

/// Makes readings until the radio has ended, then lets out what is still held.
///
/// `unproven` families are accepted. `held` is what an earlier spool could not hold: it goes to disk first. What the disk refused until the end is handed
/// back.
///
/// # Errors
/// When the spool is damaged. A disk that is only full is waited for.
pub async fn run(
    mut events: mpsc::Receiver<RadioEvent>,
    mut devices: watch::Receiver<Devices>,
    spool: Spool,
    clock: Clock,
    health: Health,
    unproven: Vec<Family>,
    held: Vec<NewReading>,
) -> Result<Vec<NewReading>, Damaged> {
    let mut ward = Oximeters {
        each: HashMap::new(),
        devices: Arc::clone(&devices.borrow_and_update()),
        spool,
        clock: clock.clone(),
        health,
        unproven,
        pending: held.into(),
        handovers: Handovers::default(),
    };
    let mut second = tokio::time::interval(clock.shortened(Duration::from_secs(1)));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(event) => ward.hear(event).await?,
                None => break,
            },
            Ok(()) = devices.changed() => {
                let list = Arc::clone(&devices.borrow_and_update());
                ward.follow_list(list);
            }
            _ = second.tick() => ward.tick().await?,
        }
    }
    ward.finish().await
}

struct Oximeters {
    each: HashMap<Address, Oximeter>,
    devices: Devices,
    spool: Spool,
    clock: Clock,
    health: Health,
    /// Families whose values are accepted although nobody has proved what their bytes mean.
    unproven: Vec<Family>,
    /// Not on disk yet, because the disk refused.
    pending: VecDeque<NewReading>,
    handovers: Handovers,
}

impl Oximeters {
    async fn hear(&mut self, event: RadioEvent) -> Result<(), Damaged> {
        let low_limit = self.low_limit(&event.device);
        let oximeter = self
            .each
            .entry(event.device.clone())
            .or_insert_with(|| Oximeter::new(low_limit));
        match &event.heard {
            Heard::Connected(_) => {
                self.health.heard(&event.device, event.at);
                self.health.connected(&event.device);
            }
            Heard::Packet { .. } => self.health.heard(&event.device, event.at),
            Heard::HandedOver(_) => {}
            Heard::Disconnected => self.health.disconnected(&event.device),
        }
        if let Heard::Connected(family) = event.heard {
            if is_refused(family, &self.unproven) {
                let what = Trouble::UnsupportedFamily;
                self.health.trouble(&event.device, what, event.at);
            }
            let config = settle_config(low_limit, Some(family), &self.unproven);
            oximeter.settle.set_config(config);
        }
        let outcomes = oximeter.hear(&event, &self.health);
        self.keep(&event.device, event.at, outcomes).await?;
        match event.heard {
            Heard::HandedOver(handover) => {
                self.handovers.begin(event.device, handover);
                self.look_at_handovers().await?;
            }
            Heard::Disconnected => self.handovers.end(&event.device),
            Heard::Connected(_) | Heard::Packet { .. } => {}
        }
        Ok(())
    }

    /// What waits in memory is not on disk, and so not at the service.
    async fn look_at_handovers(&mut self) -> Result<(), Damaged> {
        if !self.pending.is_empty() {
            return Ok(());
        }
        match self.handovers.look(&self.spool).await {
            Ok(()) => Ok(()),
            Err(why) if why.is_damage() => Err(Damaged {
                why,
                pending: Vec::new(),
            }),
            Err(why) => {
                tracing::warn!(%why, "whether the service holds an oximeter's records cannot be seen");
                Ok(())
            }
        }
    }

    async fn tick(&mut self) -> Result<(), Damaged> {
        self.keep_pending().await?;
        let now = self.clock.steady();
        let mut all = Vec::new();
        for (device, oximeter) in &mut self.each {
            let outcomes = oximeter.settle.tick(now.ms);
            if !outcomes.is_empty() {
                all.push((device.clone(), outcomes));
            }
        }
        for (device, outcomes) in all {
            self.keep(&device, now, outcomes).await?;
        }
        self.look_at_handovers().await
    }

    /// The radio has ended: for settle that is a disconnect.
    async fn finish(mut self) -> Result<Vec<NewReading>, Damaged> {
        let at = self.clock.steady();
        let devices: Vec<Address> = self.each.keys().cloned().collect();
        for device in devices {
            let heard = Heard::Disconnected;
            self.hear(RadioEvent { device, at, heard }).await?;
        }
        self.keep_pending().await?;
        Ok(self.pending.into())
    }

    fn follow_list(&mut self, devices: Devices) {
        self.devices = devices;
        for (device, oximeter) in &mut self.each {
            if let Some(enrolled) = self
                .devices
                .iter()
                .find(|enrolled| enrolled.address == *device)
            {
                let low_limit = enrolled.low_limit_percent;
                let config = settle_config(low_limit, oximeter.family, &self.unproven);
                oximeter.settle.set_config(config);
            }
        }
        // One that has left the list is kept until its last reading is out, and forgotten then.
        let devices = &self.devices;
        self.each.retain(|device, oximeter| {
            oximeter.driver.is_some() || devices.iter().any(|enrolled| enrolled.address == *device)
        });
    }

    fn low_limit(&self, device: &Address) -> u16 {
        self.devices
            .iter()
            .find(|enrolled| enrolled.address == *device)
            .map_or(LOW_LIMIT_PERCENT, |enrolled| enrolled.low_limit_percent)
    }

    async fn keep(
        &mut self,
        device: &Address,
        at: Steady,
        outcomes: Vec<Outcome>,
    ) -> Result<(), Damaged> {
        let low_limit = self.low_limit(device);
        let shown = self.each.get(device).and_then(|oximeter| oximeter.shown);
        for outcome in outcomes {
            match outcome {
                Outcome::Waiting(why) => {
                    tracing::debug!(device = device.tail(), ?why, "no reading yet");
                }
                Outcome::Reading(measurement) => {
                    let clock = &self.clock;
                    let reading = convert::measurement(
                        device,
                        &measurement,
                        at.boot,
                        low_limit,
                        clock,
                        shown,
                    );
                    self.take(reading);
                }
                Outcome::Attempt(attempt) => {
                    let reading = convert::attempt(device, &attempt, at.boot, &self.clock, shown);
                    self.take(reading);
                }
            }
        }
        self.keep_pending().await
    }

    /// The very bytes of an unset clock that came over this connection before are the same measurement; over another
    /// connection they may be one after a change of the battery.
    fn take(&mut self, reading: NewReading) {
        if let (Stamp::Unset { .. }, Some(raw), Some(oximeter)) = (
            reading.stamp,
            &reading.raw,
            self.each.get_mut(&reading.device),
        ) {
            if oximeter.unset.contains(raw) {
                let device = reading.device.tail();
                tracing::info!(device, "the oximeter has repeated a reading");
                return;
            }
            if oximeter.unset.len() >= REPEATS_LIMIT {
                oximeter.unset.pop_front();
            }
            oximeter.unset.push_back(raw.clone());
        }
        self.pending.push_back(reading);
    }

    /// Puts on disk what is not there yet. A refusal is not the end: the next second tries again.
    async fn keep_pending(&mut self) -> Result<(), Damaged> {
        while let Some(reading) = self.pending.front() {
            match self.spool.append(reading).await {
                Ok(appended) => {
                    if !matches!(reading.measured, MeasuredItem::Attempt { .. }) {
                        self.health.reading(&reading.device, self.clock.steady());
                    }
                    let device = reading.device.tail();
                    match appended {
                        Appended::New(id) => {
                            tracing::info!(device, reading = %id, "reading on disk");
                        }
                        Appended::Again(id) => {
                            tracing::info!(device, reading = %id, "reading was on disk already");
                        }
                    }
                    self.pending.pop_front();
                }
                Err(why) if why.is_damage() => {
                    let pending = self.pending.drain(..).collect();
                    return Err(Damaged { why, pending });
                }
                Err(why) => {
                    tracing::error!(%why, in_memory = self.pending.len(), "A READING IS NOT ON DISK: is the disk full? Tried again each second");
                    self.make_room_in_memory();
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn make_room_in_memory(&mut self) {
        while self.pending.len() > PENDING_LIMIT {
            let oldest_routine = self.pending.iter().position(|reading| reading.routine);
            self.pending.remove(oldest_routine.unwrap_or(0));
        }
    }
}

/// Its values become no readings, unless somebody has said so.
fn is_refused(family: Family, unproven: &[Family]) -> bool {
    family.evidence() == Evidence::Thin && !unproven.contains(&family)
}

fn settle_config(
    low_limit_percent: u16,
    family: Option<Family>,
    unproven: &[Family],
) -> SettleConfig {
    SettleConfig {
        low_limit_percent: u8::try_from(low_limit_percent).unwrap_or(u8::MAX).min(100),
        accepts_unproven: family.is_some_and(|family| unproven.contains(&family)),
    }
}
