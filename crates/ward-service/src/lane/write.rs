//! What a lane does with the ledger open: whose is it, store it, and what follows.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::alert::{Alert, Problem, Severity, Subject};
use ward_core::assess::assess_reading;
use ward_core::device::DeviceAddress;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ReadingId, Seq, StayId, WardId};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Measured, Reading, effective_time};
use ward_core::spo2::Spo2;
use ward_core::stay::Point;
use ward_core::technical::{Cause, Detail, Fault, assess_fault, unknown_device};
use ward_core::time::{Timestamp, minutes};
use ward_store::{Heard, Kept, Ledger, SameKey, StoreError, StoredReading, Worn};

use super::{Hands, Job, LaneError};
use crate::record_readings::{Answer, IncomingReading, Item, Unreadable};

/// Two bridges' copies of one measurement differ by no more than this.
const COPY_WITHIN_MS: i64 = 2_000;

/// Unknown oximeters of one bridge that have an alert of their own; further ones share one of the bridge, so that a box
/// gone wrong does not bury the ward.
const DEVICE_ALERTS_OF_A_BRIDGE: usize = 8;

/// Does all jobs in one transaction. The answers are only good once this has returned: it has committed.
pub(super) async fn all(
    hands: &Hands,
    ward: WardId,
    jobs: &[Job],
) -> Result<(Vec<Vec<(usize, Answer)>>, Seq), LaneError> {
    let ledger = hands
        .store
        .open_ledger(ward)
        .await?
        .ok_or(StoreError::NotThere("ward"))?;
    let mut writing = Writing {
        ledger,
        ward,
        worn: BTreeMap::new(),
        // Never before anything that has come in: what is judged must have happened.
        now: jobs
            .iter()
            .map(|job| job.received_at)
            .fold(hands.clock.now(), Timestamp::max),
    };
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(writing.job(job).await?);
    }
    let head = writing.ledger.commit().await?;
    Ok((outcomes, head))
}

struct Writing {
    ledger: Ledger,
    ward: WardId,
    worn: BTreeMap<DeviceAddress, Option<Worn>>,
    now: Timestamp,
}

impl Writing {
    async fn job(&mut self, job: &Job) -> Result<Vec<(usize, Answer)>, LaneError> {
        let mut answers = Vec::with_capacity(job.items.len());
        let mut readings = Vec::new();
        let mut kept = Quarantined::default();
        for placed in &job.items {
            match &placed.item {
                Item::Unreadable(item) => answers.push((
                    placed.place,
                    self.keep_unreadable(job, item, &mut kept).await?,
                )),
                Item::Reading(item) => {
                    match self.wearer(job.bridge, item, job.received_at).await? {
                        Some(stored) => readings.push((placed.place, item, stored(job))),
                        None => {
                            answers.push((
                                placed.place,
                                self.keep_unworn(job, item, &mut kept).await?,
                            ));
                        }
                    }
                }
            }
        }
        self.link_copies(job, &mut readings).await?;
        answers.extend(self.store(job, readings, &mut kept).await?);
        if let Some(event) = kept.event(job) {
            self.ledger.append(event, self.now);
        }
        Ok(answers)
    }

    /// Whose reading it is, asked under the lock. `None` for nobody known, and when it is not this bridge's to bring: a box
    /// that is stolen in one home must not clear everybody's alerts.
    async fn wearer<'a>(
        &mut self,
        bridge: BridgeId,
        item: &'a IncomingReading,
        received_at: Timestamp,
    ) -> Result<Option<impl FnOnce(&Job) -> StoredReading + 'a>, LaneError> {
        let (effective_at, timing) = effective_time(item.measured_at, item.age, received_at);
        let ward = self.ward;
        let Some(worn) = self.worn(&item.device_address).await? else {
            return Ok(None);
        };
        if !worn.was_read_by(bridge) {
            return Ok(None);
        }
        let device = worn.device;
        let Some(wearer) = worn.wearer_at(effective_at) else {
            return Ok(None);
        };
        match wearer.ward {
            Some(of_stay) if of_stay != ward => return Err(LaneError::Moved),
            None => return Ok(None),
            Some(_) => {}
        }
        let stay = wearer.stay;
        Ok(Some(move |job: &Job| StoredReading {
            reading: Reading {
                id: item.id,
                device,
                bridge: job.bridge,
                measured_at: item.measured_at,
                received_at,
                effective_at,
                timing,
                measured: item.measured.clone(),
                context: item.context,
            },
            stay,
            copy_of: None,
            raw: item.raw.clone(),
        }))
    }

    async fn worn(&mut self, address: &DeviceAddress) -> Result<Option<&Worn>, StoreError> {
        if !self.worn.contains_key(address) {
            let worn = self.ledger.worn(address).await?;
            self.worn.insert(address.clone(), worn);
        }
        Ok(self.worn.get(address).and_then(Option::as_ref))
    }

    /// The same device, equal values, within two seconds, from another bridge: linked, and counted once.
    async fn link_copies(
        &mut self,
        job: &Job,
        readings: &mut [(usize, &IncomingReading, StoredReading)],
    ) -> Result<(), StoreError> {
        let mut heard: BTreeMap<ward_core::id::DeviceId, Vec<Heard>> = BTreeMap::new();
        let mut spans: BTreeMap<ward_core::id::DeviceId, (Timestamp, Timestamp)> = BTreeMap::new();
        for (_, _, stored) in readings.iter() {
            let at = stored.reading.measured_at;
            let span = spans.entry(stored.reading.device).or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
        }
        for (device, (from, until)) in spans {
            // Wider than the two seconds: the other bridge's clock may differ from this one's.
            let others = self
                .ledger
                .heard_by_others(
                    device,
                    job.bridge,
                    from.minus(minutes(2)),
                    until.plus(minutes(2)),
                )
                .await?;
            heard.insert(device, others);
        }
        for (_, _, stored) in readings {
            let others = heard.get(&stored.reading.device).into_iter().flatten();
            stored.copy_of = others
                .filter(|other| is_copy(&stored.reading, other))
                .map(|other| other.reading)
                .next();
        }
        Ok(())
    }

    async fn store(
        &mut self,
        job: &Job,
        readings: Vec<(usize, &IncomingReading, StoredReading)>,
        kept: &mut Quarantined,
    ) -> Result<Vec<(usize, Answer)>, LaneError> {
        let rows: Vec<StoredReading> = readings
            .iter()
            .map(|(_, _, stored)| stored.clone())
            .collect();
        let mut new = self.ledger.insert_readings(&rows).await?;
        let mut answers = Vec::with_capacity(readings.len());
        let mut to_assess = Vec::new();
        for (place, item, stored) in readings {
            let reading = &stored.reading;
            if new.remove(&(reading.device, reading.measured_at, reading.id)) {
                answers.push((place, Answer::Stored));
                if stored.copy_of.is_none() {
                    to_assess.push(stored);
                }
                continue;
            }
            match self.ledger.compare_with_stored(&stored).await? {
                SameKey::SameValues => answers.push((place, Answer::Duplicate)),
                SameKey::OtherValues => answers.push((
                    place,
                    self.keep_other_values(job, item, &stored, kept).await?,
                )),
            }
        }
        self.assess(&to_assess).await?;
        Ok(answers)
    }

    /// The readings first, then what follows from each.
    async fn assess(&mut self, readings: &[StoredReading]) -> Result<(), LaneError> {
        let mut by_stay: BTreeMap<StayId, Vec<&Reading>> = BTreeMap::new();
        for stored in readings {
            by_stay
                .entry(stored.stay)
                .or_default()
                .push(&stored.reading);
        }
        for (stay, mut readings) in by_stay {
            readings.sort_by_key(|reading| reading.effective_at);
            let Some(record) = self.ledger.stay(stay).await? else {
                return Err(LaneError::Moved);
            };
            let record = record.clone();
            self.ledger
                .append(recorded(stay, &record.stay.plan, &readings), self.now);
            // All of them are stored before any is judged: a low behind a newer good reading of the same batch is late.
            // What a clock that ran ahead has left in the state does not count.
            let state = readings
                .iter()
                .fold(record.state.as_of(self.now), |state, reading| {
                    state.with(reading, &record.stay.plan)
                });
            for reading in readings {
                let subjects = [Subject::Stay(stay), Subject::Bridge(reading.bridge)];
                let open = self.ledger.open_alerts_about(&subjects).await?;
                for event in assess_reading(&record.stay, &state, &open, reading, self.now) {
                    self.ledger.append(event, self.now);
                }
            }
            self.ledger.set_state(stay, state);
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
        let (effective_at, _) = effective_time(item.measured_at, item.age, job.received_at);
        let worn = self.worn(&item.device_address).await?;
        let (reason, wearer) = match worn {
            None => ("this oximeter is not in the kit ledger", None),
            Some(worn) if worn.was_read_by(job.bridge) => (
                "nobody is known to have worn this oximeter at that time",
                None,
            ),
            Some(worn) => (
                "this bridge does not read that oximeter",
                worn.wearer_at(effective_at).copied(),
            ),
        };
        let spo2 = spo2_of(&item.measured);
        let plan = self.ledger.ward().default_plan.clone();
        let mut candidates = self.ledger.stays_read_by(job.bridge).await?;
        if let Some(wearer) = wearer
            && wearer.ward == Some(self.ward)
            && !candidates.contains(&wearer.stay)
        {
            candidates.push(wearer.stay);
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
            .worn(address)
            .await?
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

fn recorded(stay: StayId, plan: &MonitoringPlan, readings: &[&Reading]) -> WardEvent {
    let mut attempts = 0;
    let mut points = Vec::with_capacity(readings.len());
    for reading in readings {
        match &reading.measured {
            Measured::Attempt { .. } => attempts += 1,
            Measured::Values(values) => points.push(Point {
                reading: reading.id,
                at: reading.effective_at,
                spo2: values.spo2,
                pulse: values.pulse,
                band: plan.band(values.spo2),
                doubtful: values.is_doubtful(),
            }),
        }
    }
    WardEvent::ReadingsRecorded {
        stay,
        points,
        attempts,
    }
}
