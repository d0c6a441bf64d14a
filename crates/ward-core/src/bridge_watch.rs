//! Whether the boxes in the homes are there: a bridge that has fallen silent, and what a bridge says of its Bluetooth,
//! its oximeters, its disk and its clock. Each cause is said once on each ward whose patients it reads, with how often it
//! has come back, and its end is noted.

mod heartbeat;
#[cfg(test)]
mod tests;
mod verdict;

use std::time::Duration;

use crate::alert::{Alert, Change, Severity, Subject};
use crate::event::WardEvent;
use crate::id::{BridgeId, StayId};
use crate::silence::NEARLY_FLAT_PERCENT;
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::{CLOCK_STEP, Timestamp};

pub use heartbeat::{
    AdapterStatus, BridgeStatus, ClockStatus, OximeterStatus, SpoolStatus, Trouble, Troubled,
    Versions,
};
pub use verdict::{
    CANNOT_BE_READ_AFTER, CANNOT_CONNECT_AFTER, Found, NOT_HEARD_AFTER_CONTINUOUS,
    NOT_HEARD_AFTER_SPOT, READINGS_STUCK_AFTER, Read, Verdict, has_something_to_say, verdicts,
};

/// Whether a bridge is silent, and since when: it has been due for as long as `after`, usually
/// [`BRIDGE_SILENT_AFTER`](crate::silence::BRIDGE_SILENT_AFTER). A service listens for as long after its start before it
/// says so: it has not heard anybody while it was down.
///
/// `due_since` is when the bridge was first due: when it was enrolled, or given somebody to read.
#[must_use]
pub fn silent_since(
    heard_at: Option<Timestamp>,
    due_since: Timestamp,
    listening_since: Timestamp,
    after: Duration,
    now: Timestamp,
) -> Option<Timestamp> {
    // What a clock that ran ahead has written does not count.
    let heard_at = heard_at.filter(|at| *at <= now.plus(CLOCK_STEP));
    let since = heard_at.map_or(due_since, |at| at.max(due_since));
    let waited_from = since.max(listening_since);
    (now >= waited_from.plus(after)).then_some(since)
}

/// A bridge of which nothing is heard. As urgent as the worst of those it reads was: nobody would see them worsen.
#[must_use]
pub const fn silent_bridge(
    bridge: BridgeId,
    since: Timestamp,
    worst: Severity,
    stays: Vec<StayId>,
) -> Fault {
    Fault {
        subject: Subject::Bridge(bridge),
        cause: Cause::BridgeSilent,
        severity: worst,
        spo2: None,
        detail: kit(stays, since, None),
    }
}

const fn kit(stays: Vec<StayId>, since: Timestamp, found: Option<Found>) -> Detail {
    Detail::Kit {
        stays,
        since,
        percent: None,
        ended_at: None,
        found,
        times: 1,
    }
}

/// A bridge that is there and hears no oximeter. As urgent as one that is silent.
#[must_use]
pub fn bluetooth_down(
    bridge: BridgeId,
    since: Timestamp,
    worst: Severity,
    stays: Vec<StayId>,
) -> Fault {
    Fault {
        cause: Cause::BluetoothDown,
        ..silent_bridge(bridge, since, worst, stays)
    }
}

/// A bridge that goes on with a key that it should have renewed. Its readings come in: it waits for somebody's turn.
#[must_use]
pub fn key_expired(bridge: BridgeId, since: Timestamp, stays: Vec<StayId>) -> Fault {
    Fault {
        cause: Cause::BridgeKeyExpired,
        ..silent_bridge(bridge, since, Severity::Low, stays)
    }
}

/// An oximeter whose battery is nearly flat, in the row of whoever wears it. `None` while there is enough left.
#[must_use]
pub fn flat_battery(stay: StayId, percent: u8, now: Timestamp) -> Option<Fault> {
    (percent <= NEARLY_FLAT_PERCENT).then(|| Fault {
        subject: Subject::Stay(stay),
        cause: Cause::DeviceBattery,
        severity: Severity::Low,
        spo2: None,
        detail: Detail::Kit {
            stays: vec![stay],
            since: now,
            percent: Some(percent),
            ended_at: None,
            found: None,
            times: 1,
        },
    })
}

/// What follows from kit that fails, given the alert that is already open for it. A failure that is known is not said
/// again; one that comes back after it had ended speaks again to whoever has taken the alert, and is counted.
#[must_use]
pub fn assess_kit(fault: &Fault, open: Option<&Alert>, now: Timestamp) -> Option<WardEvent> {
    let Some(known) = open.filter(|alert| has_ended(alert)) else {
        return assess_fault(fault, open, now);
    };
    let mut alert = known.clone();
    alert.detail = Some(once_more(fault.detail.clone(), known.detail.as_ref()));
    let rises = fault.severity > known.severity;
    if rises {
        alert.severity = fault.severity;
        alert.severity_since = now;
    }
    let (change, alert) = if rises {
        (Change::SeverityRose, alert.speak(now))
    } else if known.is_unacknowledged() {
        (Change::Continued, alert.with_unseen_news())
    } else {
        (Change::Relapsed, alert.speak(now))
    };
    Some(WardEvent::Alert {
        change,
        alert: Box::new(alert),
    })
}

fn once_more(mut detail: Detail, known: Option<&Detail>) -> Detail {
    if let (Detail::Kit { times, .. }, Some(Detail::Kit { times: before, .. })) =
        (&mut detail, known)
    {
        *times = before.saturating_add(1);
    }
    detail
}

/// The kit works again: the alert says so, and stays open until a person resolves it. `None` when it says so already.
#[must_use]
pub fn kit_works_again(open: &Alert, now: Timestamp) -> Option<WardEvent> {
    let mut alert = open.clone();
    match &mut alert.detail {
        Some(Detail::Kit { ended_at, .. } | Detail::Clock { ended_at, .. })
            if ended_at.is_none() && open.is_open() =>
        {
            *ended_at = Some(now);
        }
        Some(_) | None => return None,
    }
    Some(WardEvent::Alert {
        change: Change::Continued,
        alert: Box::new(alert),
    })
}

fn has_ended(alert: &Alert) -> bool {
    matches!(
        alert.detail,
        Some(
            Detail::Kit {
                ended_at: Some(_),
                ..
            } | Detail::Clock {
                ended_at: Some(_),
                ..
            }
        )
    )
}
