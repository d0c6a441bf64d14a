//! What a heartbeat means for the wards: one verdict for each cause that it tells of, good or bad.
//!
//! The nearest cause is named: an oximeter is not called unheard while the Bluetooth does not work, and none of this is
//! said of a bridge that is silent.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::heartbeat::{BridgeStatus, OximeterStatus, SpoolStatus, Trouble};
use super::{bluetooth_down, flat_battery, kit};
use crate::alert::{Severity, Subject};
use crate::device::DeviceAddress;
use crate::id::{BridgeId, StayId};
use crate::reading::CLOCK_TOLERANCE;
use crate::silence::NEARLY_FLAT_PERCENT;
use crate::technical::{Cause, Detail, Fault};
use crate::time::{Timestamp, minutes};

/// Readings that wait on a bridge and get no fewer for so long are stuck.
pub const READINGS_STUCK_AFTER: Duration = minutes(5);
/// An oximeter that wants something of a person, pairing above all, is told of after this: the bridge tries by itself first.
pub const CANNOT_BE_READ_AFTER: Duration = minutes(2);
/// One to which no connection comes about: a phone may have it for a while.
pub const CANNOT_CONNECT_AFTER: Duration = minutes(10);
/// One that is worn all the time and is not heard for so long.
pub const NOT_HEARD_AFTER_CONTINUOUS: Duration = minutes(15);
/// One that is used now and then: it is switched off in between, and what is missed is told by the plan's times.
pub const NOT_HEARD_AFTER_SPOT: Duration = minutes(24 * 60);

/// What more is known of kit that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Found {
    /// The bridge has no Bluetooth adapter.
    NoAdapter,
    /// Its adapter is switched off.
    AdapterOff,
    /// Its system's Bluetooth service does not answer.
    NoBluetoothService,
    /// What keeps an oximeter from being read.
    CannotBeRead {
        /// Why.
        trouble: Trouble,
    },
    /// What was left in the battery of one that is not heard, when it was, in percent.
    NotHeard {
        /// `None`: it has not told.
        percent: Option<u8>,
    },
    /// Readings wait on the bridge.
    Waiting {
        /// How many.
        readings: u64,
    },
    /// There is little room.
    LittleRoom {
        /// Of the share that readings may take, so much is taken, in percent.
        used_percent: Option<u64>,
        /// What is free on the disk, in bytes.
        free_bytes: Option<u64>,
    },
}

/// Somebody whom a bridge reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Whose stay.
    pub stay: StayId,
    /// The oximeter.
    pub device: DeviceAddress,
    /// The oximeter is theirs since then.
    pub from: Timestamp,
    /// How bad things were with them.
    pub worst: Severity,
    /// Whether the oximeter is worn all the time.
    pub is_continuous: bool,
}

/// Whether a cause holds, of a piece of kit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Of what.
    pub about: Subject,
    /// Which cause.
    pub cause: Cause,
    /// What is wrong; `None`: this is as it should be.
    pub fault: Option<Fault>,
}

/// Whether a heartbeat may have something to say on a ward, without asking whom the bridge reads: nearly always it has
/// not, and nobody's ward is held for it.
///
/// An oximeter that was not heard for long is looked at each quarter of an hour: most are switched off most of the day.
#[must_use]
pub fn has_something_to_say(status: &BridgeStatus, before: Option<&BridgeStatus>) -> bool {
    let quarter = |at: Timestamp| at.as_millis().div_euclid(900_000);
    let looks_at_unheard = before.is_none_or(|it| quarter(it.said_at) != quarter(status.said_at));
    fails(status, looks_at_unheard) || before.is_some_and(|before| fails(before, false)) || {
        // Heard again after long.
        let heard_now = |one: &OximeterStatus| !is_unheard(one, status, NOT_HEARD_AFTER_CONTINUOUS);
        before.is_some_and(|before| {
            before.oximeters.iter().any(|then| {
                is_unheard(then, before, NOT_HEARD_AFTER_CONTINUOUS)
                    && status.oximeter(&then.address).is_some_and(heard_now)
            })
        })
    }
}

fn fails(status: &BridgeStatus, looks_at_unheard: bool) -> bool {
    let of_oximeter = |one: &OximeterStatus| {
        one.battery_percent
            .is_some_and(|percent| percent <= NEARLY_FLAT_PERCENT)
            || one
                .trouble
                .is_some_and(|held| held.what != Trouble::NoValues)
            || (looks_at_unheard && is_unheard(one, status, NOT_HEARD_AFTER_CONTINUOUS))
    };
    !status.radio_up
        || status.clock.is_some_and(|clock| is_off(clock.off_by_ms))
        || status
            .spool
            .is_some_and(|spool| spool.is_tight || spool.stuck_since.is_some())
        || status.oximeters.iter().any(of_oximeter)
}

/// What a heartbeat says, cause by cause. `read` are those of one ward whom the bridge reads. What it does not tell of,
/// and what cannot be told while something nearer fails, has no verdict.
#[must_use]
pub fn verdicts(bridge: BridgeId, status: &BridgeStatus, read: &[Read]) -> Vec<Verdict> {
    let mut found = vec![of_radio(bridge, status, read)];
    found.extend(status.spool.as_ref().into_iter().flat_map(|spool| {
        [
            of_stuck(bridge, status, spool, read),
            of_room(bridge, status, spool, read),
        ]
    }));
    found.extend(of_clock(bridge, status));
    for read in read {
        if let Some(one) = status.oximeter(&read.device) {
            found.extend(of_battery(one, read, status.said_at));
            if status.radio_up {
                found.push(of_trouble(one, read, status.said_at));
                found.extend(of_hearing(one, read, status));
            }
        }
    }
    found
}

fn of_radio(bridge: BridgeId, status: &BridgeStatus, read: &[Read]) -> Verdict {
    let fault = (!status.radio_up).then(|| {
        let (worst, stays) = whom(read);
        let mut fault = bluetooth_down(bridge, status.said_at, worst, stays);
        if let Detail::Kit { found, .. } = &mut fault.detail {
            *found = status.adapter.as_ref().and_then(|adapter| {
                if !adapter.service_answers {
                    Some(Found::NoBluetoothService)
                } else if !adapter.present {
                    Some(Found::NoAdapter)
                } else {
                    (!adapter.powered).then_some(Found::AdapterOff)
                }
            });
        }
        fault
    });
    of_bridge(bridge, Cause::BluetoothDown, fault)
}

/// As urgent as a silent bridge: the ward does not see how those are whom it reads.
fn of_stuck(
    bridge: BridgeId,
    status: &BridgeStatus,
    spool: &SpoolStatus,
    read: &[Read],
) -> Verdict {
    let stuck = spool
        .stuck_since
        .filter(|since| since.plus(READINGS_STUCK_AFTER) <= status.said_at);
    let fault = stuck.map(|since| {
        let (worst, stays) = whom(read);
        let readings = spool.waiting;
        Fault {
            subject: Subject::Bridge(bridge),
            cause: Cause::ReadingsStuck,
            severity: worst,
            spo2: None,
            detail: kit(
                stays,
                spool.oldest_at.unwrap_or(since),
                Some(Found::Waiting { readings }),
            ),
        }
    });
    of_bridge(bridge, Cause::ReadingsStuck, fault)
}

fn of_room(bridge: BridgeId, status: &BridgeStatus, spool: &SpoolStatus, read: &[Read]) -> Verdict {
    let fault = spool.is_tight.then(|| Fault {
        subject: Subject::Bridge(bridge),
        cause: Cause::DiskNearlyFull,
        severity: Severity::Low,
        spo2: None,
        detail: kit(
            whom(read).1,
            status.said_at,
            Some(Found::LittleRoom {
                used_percent: spool.used_percent(),
                free_bytes: spool.disk_free_bytes,
            }),
        ),
    });
    of_bridge(bridge, Cause::DiskNearlyFull, fault)
}

fn of_clock(bridge: BridgeId, status: &BridgeStatus) -> Option<Verdict> {
    let off_by_ms = status.clock?.off_by_ms;
    let fault = is_off(off_by_ms).then(|| Fault {
        subject: Subject::Bridge(bridge),
        cause: Cause::ClockWrong,
        severity: Severity::Amber,
        spo2: None,
        detail: Detail::clock(off_by_ms),
    });
    Some(of_bridge(bridge, Cause::ClockWrong, fault))
}

const fn of_bridge(bridge: BridgeId, cause: Cause, fault: Option<Fault>) -> Verdict {
    Verdict {
        about: Subject::Bridge(bridge),
        cause,
        fault,
    }
}

fn of_battery(one: &OximeterStatus, read: &Read, now: Timestamp) -> Option<Verdict> {
    Some(Verdict {
        about: Subject::Stay(read.stay),
        cause: Cause::DeviceBattery,
        fault: flat_battery(read.stay, one.battery_percent?, now),
    })
}

/// That no value comes is no fault of the kit: nobody may have a finger in it, and tries without a value are told by the
/// readings themselves.
fn of_trouble(one: &OximeterStatus, read: &Read, now: Timestamp) -> Verdict {
    let lasting = one.trouble.filter(|held| {
        let after = match held.what {
            Trouble::NoValues => return false,
            Trouble::CannotConnect | Trouble::KeepsDropping => CANNOT_CONNECT_AFTER,
            Trouble::WantsPairing
            | Trouble::StaleBond
            | Trouble::UnknownDevice
            | Trouble::UnsupportedFamily
            | Trouble::Other => CANNOT_BE_READ_AFTER,
        };
        held.since.max(read.from).plus(after) <= now
    });
    let fault = lasting.map(|held| Fault {
        subject: Subject::Stay(read.stay),
        cause: Cause::OximeterCannotBeRead,
        severity: read.worst,
        spo2: None,
        detail: kit(
            vec![read.stay],
            held.since.max(read.from),
            Some(Found::CannotBeRead { trouble: held.what }),
        ),
    });
    Verdict {
        about: Subject::Stay(read.stay),
        cause: Cause::OximeterCannotBeRead,
        fault,
    }
}

fn of_hearing(one: &OximeterStatus, read: &Read, status: &BridgeStatus) -> Option<Verdict> {
    let last = one.heard_at.or(status.started_at)?.max(read.from);
    let (after, severity) = if read.is_continuous {
        (NOT_HEARD_AFTER_CONTINUOUS, read.worst)
    } else {
        (NOT_HEARD_AFTER_SPOT, Severity::Low)
    };
    let percent = one.battery_percent;
    let fault = (last.plus(after) <= status.said_at).then(|| Fault {
        subject: Subject::Stay(read.stay),
        cause: Cause::OximeterNotHeard,
        severity,
        spo2: None,
        detail: kit(vec![read.stay], last, Some(Found::NotHeard { percent })),
    });
    Some(Verdict {
        about: Subject::Stay(read.stay),
        cause: Cause::OximeterNotHeard,
        fault,
    })
}

fn is_unheard(one: &OximeterStatus, status: &BridgeStatus, after: Duration) -> bool {
    one.heard_at
        .or(status.started_at)
        .is_some_and(|last| last.plus(after) <= status.said_at)
}

fn is_off(off_by_ms: i64) -> bool {
    u128::from(off_by_ms.unsigned_abs()) > CLOCK_TOLERANCE.as_millis()
}

fn whom(read: &[Read]) -> (Severity, Vec<StayId>) {
    let worst = read.iter().map(|read| read.worst).max();
    let mut stays: Vec<StayId> = read.iter().map(|read| read.stay).collect();
    stays.dedup();
    (worst.unwrap_or(Severity::Low), stays)
}

#[cfg(test)]
mod tests;
