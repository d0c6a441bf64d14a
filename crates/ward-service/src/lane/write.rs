//! What a lane does with the ledger open: whose is it, store it, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use ward_core::alert::{Alert, Problem, Severity, Subject};
use ward_core::device::DeviceAddress;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, DeviceId, ReadingId, Seq, StayId, WardId};
use ward_core::pathway::out_of_phase::advice;
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Measured, Reading, effective_time};
use ward_core::spo2::Spo2;
use ward_core::technical::{Cause, Detail, Fault, assess_fault, unknown_device};
use ward_core::time::{Timestamp, minutes};
use ward_store::{Heard, Kept, Ledger, ReadingKey, SameKey, Span, StoreError, StoredReading};

use super::whose::{MAY_BE_OFF_BY, Sorted, Wearers, Whose, waves};
use super::{Found, Hands, Job, LaneError};
use crate::judge::judge_where;
use crate::record_readings::{Answer, IncomingReading, Unreadable};

/// Two bridges' copies of one measurement differ by no more than this.
const COPY_WITHIN_MS: i64 = 2_000;

/// Unknown oximeters of one bridge that have an alert of their own; further ones share one of the bridge, so that a box
/// gone wrong does not bury the ward.
const DEVICE_ALERTS_OF_A_BRIDGE: usize = 8;

/// What one transaction came to. It has committed.
pub(super) struct Written {
    /// For each job in its turn, its items.
    pub(super) outcomes: Vec<Vec<(usize, Found)>>,
    pub(super) head: Seq,
    pub(super) epoch: Uuid,
}

/// Does all jobs in one transaction. The answers are only good once this has returned: it has committed.
pub(super) async fn all(hands: &Hands, ward: WardId, jobs: &[Job]) -> Result<Written, LaneError> {
    let mut ledger = hands
        .store
        .open_ledger(ward)
        .await?
        .ok_or(StoreError::NotThere("ward"))?;
    let epoch = ledger.epoch();
    let addresses: BTreeSet<&DeviceAddress> = jobs
        .iter()
        .flat_map(|job| &job.items)
        .filter_map(|placed| placed.item.address())
        .collect();
    let addresses: Vec<DeviceAddress> = addresses.into_iter().cloned().collect();
    let wearers = Wearers(ledger.worn_each(&addresses).await?);
    let sorted: Vec<Sorted<'_>> = jobs.iter().map(|job| wearers.sort(ward, job)).collect();
    let nothing_to_write = sorted.iter().all(Sorted::is_all_elsewhere);
    let mut writing = Writing {
        ledger,
        ward,
        wearers,
        seeded: std::sync::Arc::clone(&hands.seeded),
        // Never before anything that has come in: what is judged must have happened.
        now: jobs
            .iter()
            .map(|job| job.received_at)
            .fold(hands.clock.now(), Timestamp::max),
    };
    let mut outcomes = Vec::with_capacity(jobs.len());
    for wave in waves(sorted) {
        writing.wave(wave, &mut outcomes).await?;
    }
    let head = if nothing_to_write {
        let head = writing.ledger.head();
        writing.ledger.close().await?;
        head
    } else {
        writing.ledger.commit().await?
    };
    Ok(Written {
        outcomes,
        head,
        epoch,
    })
}

struct Writing {
    ledger: Ledger,
    ward: WardId,
    wearers: Wearers,
    seeded: std::sync::Arc<crate::seeded::Seeded>,
    now: Timestamp,
}

impl Writing {
    /// The readings of all jobs are stored with few statements; then each job is answered and judged in its turn.
    async fn wave(
        &mut self,
        mut wave: Vec<Sorted<'_>>,
        outcomes: &mut Vec<Vec<(usize, Found)>>,
    ) -> Result<(), LaneError> {
        self.link_copies(&mut wave).await?;
        let rows: Vec<&StoredReading> = wave.iter().flat_map(Sorted::stored).collect();
        let mut new = self.ledger.insert_readings(&rows).await?;
        for job in wave {
            outcomes.push(self.job(job, &mut new).await?);
        }
        Ok(())
    }

    async fn job(
        &mut self,
        sorted: Sorted<'_>,
        new: &mut BTreeSet<ReadingKey>,
    ) -> Result<Vec<(usize, Found)>, LaneError> {
        let job = sorted.job;
        let mut found = Vec::with_capacity(sorted.items.len());
        let mut readings = Vec::new();
        let mut kept = Quarantined::default();
        for (place, whose) in sorted.items {
            let answer = match whose {
                Whose::Stays(item, stored) => {
                    readings.push((place, item, stored));
                    continue;
                }
                Whose::Elsewhere(ward) => {
                    found.push((place, Found::Elsewhere(ward)));
                    continue;
                }
                Whose::Unreadable(item) => self.keep_unreadable(job, item, &mut kept).await?,
                Whose::Nobodys(item) => self.keep_unworn(job, item, &mut kept).await?,
            };
            found.push((place, Found::Answered(answer)));
        }
        let mut to_assess = Vec::with_capacity(readings.len());
        for (place, item, stored) in readings {
            let reading = &stored.reading;
            let answer = if new.remove(&(reading.device, reading.measured_at, reading.id)) {
                let answer = self.stored(&stored, Answer::Stored).await?;
                if stored.copy_of.is_none() {
                    to_assess.push(stored);
                }
                answer
            } else {
                match self.ledger.compare_with_stored(&stored).await? {
                    SameKey::SameValues => self.stored(&stored, Answer::Duplicate).await?,
                    SameKey::OtherValues => {
                        self.keep_other_values(job, item, &stored, &mut kept)
                            .await?
                    }
                }
            };
            found.push((place, Found::Answered(answer)));
        }
        self.assess(&to_assess).await?;
        if let Some(event) = kept.event(job) {
            self.ledger.append(event, self.now);
        }
        Ok(found)
    }

    /// The answer for what is on somebody's chart: with advice, when nobody watches it.
    async fn stored(
        &mut self,
        stored: &StoredReading,
        watched: Answer,
    ) -> Result<Answer, StoreError> {
        let record = self.ledger.stay(stored.stay).await?;
        let advice = record.and_then(|record| advice(&record.stay, &stored.reading));
        Ok(advice.map_or(watched, |advice| Answer::Unwatched { advice }))
    }

    /// The same device, equal values, within two seconds, from another bridge: linked, and counted once.
    async fn link_copies(&mut self, wave: &mut [Sorted<'_>]) -> Result<(), StoreError> {
        let mut spans: BTreeMap<(DeviceId, BridgeId), Span> = BTreeMap::new();
        for Reading {
            device,
            bridge,
            measured_at,
            ..
        } in wave
            .iter()
            .flat_map(Sorted::stored)
            .map(|stored| &stored.reading)
        {
            // Wider than the two seconds: the other bridge's clock may differ from this one's.
            let (from, until) = (measured_at.minus(minutes(2)), measured_at.plus(minutes(2)));
            let span = spans.entry((*device, *bridge)).or_insert(Span {
                device: *device,
                bridge: *bridge,
                from,
                until,
            });
            span.from = span.from.min(from);
            span.until = span.until.max(until);
        }
        let asked: Vec<Span> = spans.values().copied().collect();
        let heard = self.ledger.heard_by_others(&asked).await?;
        let heard: BTreeMap<&(DeviceId, BridgeId), Vec<Heard>> = spans.keys().zip(heard).collect();
        for (_, whose) in wave.iter_mut().flat_map(|sorted| &mut sorted.items) {
            let Whose::Stays(_, stored) = whose else {
                continue;
            };
            let others = heard.get(&(stored.reading.device, stored.reading.bridge));
            stored.copy_of = others
                .into_iter()
                .flatten()
                .find(|other| is_copy(&stored.reading, other))
                .map(|other| other.reading);
        }
        Ok(())
    }

    /// The readings first, then what follows from each.
    async fn assess(&mut self, readings: &[Box<StoredReading>]) -> Result<(), LaneError> {
        let mut by_stay: BTreeMap<StayId, Vec<&Reading>> = BTreeMap::new();
        for stored in readings {
            by_stay
                .entry(stored.stay)
                .or_default()
                .push(&stored.reading);
        }
        for (stay, readings) in by_stay {
            let seeded = std::sync::Arc::clone(&self.seeded);
            let asked = |_: &Reading| !seeded.skips_the_rules();
            if !judge_where(&mut self.ledger, stay, readings, self.now, asked).await? {
                return Err(LaneError::Moved);
            }
        }
        Ok(())
    }

    async fn keep_unreadable(
        &mut self,
        job: &Job,
        item: &Unreadable,
        kept: &mut Quarantined,
    ) -> Result<Answer, LaneError> {
        let subject = self
            .subject(job, item.device_address.as_ref(), job.received_at)
            .await?;
        let plan = self.ledger.ward().default_plan.clone();
        let address = item
            .device_address
            .as_ref()
            .map(|address| address.as_str().to_owned());
        let held = Kept {
            item: key_apart(item.id, job.bridge, &item.text),
            bridge: job.bridge,
            device_address: address,
            reason: item.reason.clone(),
            spo2: item.spo2,
            raw: item.text.clone(),
        };
        let fault = Fault {
            subject,
            cause: Cause::UnreadableData,
            severity: severity_of(item.spo2, &plan).max(Severity::Amber),
            spo2: item.spo2,
            detail: Detail::Unreadable {
                reason: item.reason.clone(),
            },
        };
        self.keep(job, held, fault, kept).await
    }

    /// A reading from an oximeter that nobody is known to have worn at that time.
    async fn keep_unworn(
        &mut self,
        job: &Job,
        item: &IncomingReading,
        kept: &mut Quarantined,
    ) -> Result<Answer, LaneError> {
        let time = effective_time(item.measured_at, item.age, job.received_at);
        let worn = self.wearers.of(&item.device_address);
        let reason = match worn {
            None => "this oximeter is not in the kit ledger",
            Some(_) if self.wearers.may_be_anothers(item, job, time) => {
                "when this was measured is not certain, and more than one person wore this oximeter about then"
            }
            Some(worn) if worn.was_read_by(job.bridge) => {
                "nobody is known to have worn this oximeter at that time"
            }
            Some(_) => "this bridge does not read that oximeter",
        };
        // Whose this bridge reads, and who had this oximeter a little before or after.
        let around = worn.map(|worn| worn.worn_around(time.0, MAY_BE_OFF_BY));
        let spo2 = spo2_of(&item.measured);
        let plan = self.ledger.ward().default_plan.clone();
        let mut candidates = self.ledger.stays_read_by(job.bridge).await?;
        for wearer in around.into_iter().flatten() {
            if wearer.ward == Some(self.ward) && !candidates.contains(&wearer.stay) {
                candidates.push(wearer.stay);
            }
        }
        let subject = Subject::Device {
            bridge: job.bridge,
            address: item.device_address.clone(),
        };
        let held = Kept {
            item: key_apart(item.id, job.bridge, &item.text),
            bridge: job.bridge,
            device_address: Some(item.device_address.as_str().to_owned()),
            reason: reason.to_owned(),
            spo2,
            raw: item.text.clone(),
        };
        self.keep(
            job,
            held,
            unknown_device(subject, spo2, &plan, candidates),
            kept,
        )
        .await
    }

    /// Two different readings under one id: the second is kept apart, and nobody's low is lost by it.
    async fn keep_other_values(
        &mut self,
        job: &Job,
        item: &IncomingReading,
        stored: &StoredReading,
        kept: &mut Quarantined,
    ) -> Result<Answer, LaneError> {
        let reason = "another reading with other values was stored under this id".to_owned();
        let spo2 = spo2_of(&item.measured);
        let plan = match self.ledger.stay(stored.stay).await? {
            Some(record) => record.stay.plan.clone(),
            None => self.ledger.ward().default_plan.clone(),
        };
        let held = Kept {
            item: ReadingId(Uuid::new_v5(
                &item.id.0,
                format!("{:?}", item.measured).as_bytes(),
            )),
            bridge: job.bridge,
            device_address: Some(item.device_address.as_str().to_owned()),
            reason: reason.clone(),
            spo2,
            raw: item.text.clone(),
        };
        let fault = Fault {
            subject: Subject::Stay(stored.stay),
            cause: Cause::UnreadableData,
            severity: severity_of(spo2, &plan).max(Severity::Amber),
            spo2,
            detail: Detail::Unreadable { reason },
        };
        self.keep(job, held, fault, kept).await
    }

    async fn keep(
        &mut self,
        job: &Job,
        held: Kept,
        mut fault: Fault,
        kept: &mut Quarantined,
    ) -> Result<Answer, LaneError> {
        if !self.ledger.keep(&held, job.received_at).await? {
            return Ok(Answer::Duplicate);
        }
        let mut known = self.open_alert(&fault).await?;
        if known.is_none()
            && matches!(fault.subject, Subject::Device { .. })
            && self.devices_alerted(job.bridge).await? >= DEVICE_ALERTS_OF_A_BRIDGE
        {
            fault.subject = Subject::Bridge(job.bridge);
            known = self.open_alert(&fault).await?;
        }
        if let Some(event) = assess_fault(&fault, known.as_ref(), self.now) {
            self.ledger.append(event, self.now);
        }
        kept.items += 1;
        kept.reason.clone_from(&held.reason);
        Ok(Answer::Quarantined {
            reason: held.reason,
        })
    }

    /// The alert that is open for a fault already.
    async fn open_alert(&mut self, fault: &Fault) -> Result<Option<Alert>, StoreError> {
        let about = std::slice::from_ref(&fault.subject);
        let open = self.ledger.open_alerts_about(about).await?;
        Ok(open
            .into_iter()
            .find(|alert| alert.problem == Problem::Technical(fault.cause)))
    }

    /// How many unknown oximeters of a bridge have an open alert of their own.
    async fn devices_alerted(&mut self, of: BridgeId) -> Result<usize, StoreError> {
        let open = self.ledger.open_alerts().await?;
        let devices = open.iter().filter(
            |alert| matches!(&alert.subject, Subject::Device { bridge, .. } if *bridge == of),
        );
        Ok(devices.count())
    }

    /// Whom something unreadable concerns: the wearer if there is one, else the bridge.
    async fn subject(
        &mut self,
        job: &Job,
        address: Option<&DeviceAddress>,
        at: Timestamp,
    ) -> Result<Subject, StoreError> {
        let ward = self.ward;
        let Some(address) = address else {
            return Ok(Subject::Bridge(job.bridge));
        };
        let wearer = self
            .wearers
            .of(address)
            .filter(|worn| worn.was_read_by(job.bridge))
            .and_then(|worn| worn.wearer_at(at))
            .filter(|wearer| wearer.ward == Some(ward));
        Ok(wearer.map_or(Subject::Bridge(job.bridge), |wearer| {
            Subject::Stay(wearer.stay)
        }))
    }
}

/// What was kept apart of one job.
#[derive(Default)]
struct Quarantined {
    items: u32,
    reason: String,
}

impl Quarantined {
    fn event(self, job: &Job) -> Option<WardEvent> {
        (self.items > 0).then_some(WardEvent::DataQuarantined {
            bridge: job.bridge,
            items: self.items,
            reason: self.reason,
        })
    }
}

/// What is kept apart is known again by what it says, not by its sender's id alone: under a used id there may be a low.
/// Its age is left out, which differs at each try.
fn key_apart(id: ReadingId, bridge: BridgeId, text: &[u8]) -> ReadingId {
    let mut content = bridge.0.as_bytes().to_vec();
    match serde_json::from_slice(text) {
        Ok(serde_json::Value::Object(mut item)) => {
            item.remove("age_ms");
            content.extend(serde_json::Value::Object(item).to_string().bytes());
        }
        _ => content.extend(text),
    }
    ReadingId(Uuid::new_v5(&id.0, &content))
}

fn spo2_of(measured: &Measured) -> Option<Spo2> {
    match measured {
        Measured::Values(values) => Some(values.spo2),
        Measured::Attempt { .. } => None,
    }
}

fn severity_of(spo2: Option<Spo2>, plan: &MonitoringPlan) -> Severity {
    spo2.map_or(Severity::Low, |spo2| Severity::of(plan.band(spo2)))
}

fn is_copy(reading: &Reading, other: &Heard) -> bool {
    let Measured::Values(values) = &reading.measured else {
        return false;
    };
    let close = reading
        .effective_at
        .millis_since(other.effective_at)
        .saturating_abs()
        <= COPY_WITHIN_MS;
    close
        && other.spo2_tenths == Some(i32::from(values.spo2.tenths()))
        && other.pulse_tenths == values.pulse.map(|pulse| i32::from(pulse.tenths()))
}
