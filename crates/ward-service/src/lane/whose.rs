//! Whose the items of a job are, as the ledger says under its lock.

use std::collections::BTreeMap;
use std::time::Duration;

use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, DeviceId, WardId};
use ward_core::reading::{Reading, Source, Timing, effective_time};
use ward_core::time::{Timestamp, minutes};
use ward_store::{StoredReading, Wearer, Worn};

use super::Job;
use crate::record_readings::{IncomingReading, Item, Unreadable};

/// A reading whose time only a bridge's wall clock tells may be so much older or younger than it says.
pub(super) const MAY_BE_OFF_BY: Duration = minutes(24 * 60);

/// Everybody who wore the oximeters that a transaction's items name.
#[derive(Default)]
pub(super) struct Wearers(pub(super) BTreeMap<DeviceAddress, Worn>);

/// What an item is to this ward.
pub(super) enum Whose<'a> {
    /// A reading of somebody on it.
    Stays(&'a IncomingReading, Box<StoredReading>),
    /// A reading of nobody known, or not this bridge's to bring: a box that is stolen in one home must not clear
    /// everybody's alerts.
    Nobodys(&'a IncomingReading),
    /// No reading.
    Unreadable(&'a Unreadable),
    /// Another ward hears of it.
    Elsewhere(WardId),
}

/// A job with its items sorted out, each with its place in the batch.
pub(super) struct Sorted<'a> {
    pub(super) job: &'a Job,
    pub(super) items: Vec<(usize, Whose<'a>)>,
}

impl Wearers {
    pub(super) fn of(&self, address: &DeviceAddress) -> Option<&Worn> {
        self.0.get(address)
    }

    pub(super) fn sort<'a>(&self, ward: WardId, job: &'a Job) -> Sorted<'a> {
        let items = job.items.iter();
        let items = items.map(|placed| (placed.place, self.whose(ward, job, &placed.item)));
        Sorted {
            job,
            items: items.collect(),
        }
    }

    fn whose<'a>(&self, ward: WardId, job: &Job, item: &'a Item) -> Whose<'a> {
        let item = match item {
            Item::Reading(item) => item,
            Item::Unreadable(item) => {
                let address = item.device_address.as_ref();
                let wearer =
                    address.and_then(|address| self.wearer(address, job.bridge, job.received_at));
                return match wearer.map_or(job.home, |(_, _, of)| of) {
                    of if of == ward => Whose::Unreadable(item),
                    of => Whose::Elsewhere(of),
                };
            }
        };
        let (effective_at, timing) = effective_time(item.measured_at, item.age, job.received_at);
        let wearer = self.wearer(&item.device_address, job.bridge, effective_at);
        let sure = |_: &_| !self.may_be_anothers(item, job, (effective_at, timing));
        match wearer.filter(sure) {
            Some((device, wearer, of)) if of == ward => {
                let reading = Reading {
                    id: item.id,
                    device,
                    bridge: job.bridge,
                    measured_at: item.measured_at,
                    received_at: job.received_at,
                    effective_at,
                    timing,
                    measured: item.measured.clone(),
                    context: item.context,
                    source: Source::Oximeter,
                };
                let stored = StoredReading {
                    reading,
                    stay: wearer.stay,
                    copy_of: None,
                    raw: item.raw.clone(),
                };
                Whose::Stays(item, Box::new(stored))
            }
            Some((_, _, of)) => Whose::Elsewhere(of),
            None if job.home == ward => Whose::Nobodys(item),
            None => Whose::Elsewhere(job.home),
        }
    }

    /// When it was measured is not certain, and more than one person whom this bridge read wore the oximeter about then.
    pub(super) fn may_be_anothers(
        &self,
        item: &IncomingReading,
        job: &Job,
        (at, timing): (Timestamp, Timing),
    ) -> bool {
        let worn = self.of(&item.device_address);
        timing.is_uncertain(at, job.received_at)
            && worn.is_some_and(|worn| {
                let around = worn.worn_around(at, MAY_BE_OFF_BY);
                around.iter().filter(|it| it.bridge == job.bridge).count() > 1
            })
    }

    /// Who wore an oximeter that this bridge reads, and on which ward they are.
    fn wearer(
        &self,
        address: &DeviceAddress,
        bridge: BridgeId,
        at: Timestamp,
    ) -> Option<(DeviceId, &Wearer, WardId)> {
        let worn = self.of(address).filter(|worn| worn.was_read_by(bridge))?;
        let wearer = worn.wearer_at(at)?;
        Some((worn.device, wearer, wearer.ward?))
    }
}

impl Sorted<'_> {
    pub(super) fn stored(&self) -> impl Iterator<Item = &StoredReading> {
        self.items.iter().filter_map(|(_, whose)| match whose {
            Whose::Stays(_, stored) => Some(&**stored),
            Whose::Nobodys(_) | Whose::Unreadable(_) | Whose::Elsewhere(_) => None,
        })
    }

    pub(super) fn is_all_elsewhere(&self) -> bool {
        let mut items = self.items.iter();
        items.all(|(_, whose)| matches!(whose, Whose::Elsewhere(_)))
    }
}

/// Cuts jobs, in their order, into waves that are stored at once. In one wave an oximeter is heard by one bridge: what
/// another bridge heard of it comes after, and is then known as a copy.
pub(super) fn waves(jobs: Vec<Sorted<'_>>) -> Vec<Vec<Sorted<'_>>> {
    let mut waves = Vec::new();
    let mut wave: Vec<Sorted<'_>> = Vec::new();
    let mut heard_by: BTreeMap<DeviceId, BridgeId> = BTreeMap::new();
    for job in jobs {
        let by_another = |stored: &StoredReading| {
            let bridge = heard_by.get(&stored.reading.device);
            bridge.is_some_and(|bridge| *bridge != stored.reading.bridge)
        };
        if job.stored().any(by_another) {
            waves.push(std::mem::take(&mut wave));
            heard_by.clear();
        }
        let heard = job.stored().map(|stored| &stored.reading);
        heard_by.extend(heard.map(|reading| (reading.device, reading.bridge)));
        wave.push(job);
    }
    waves.push(wave);
    waves
}
