//! Whether the boxes in the homes are there: a bridge that has fallen silent, a radio that does not work, an oximeter
//! whose battery is nearly flat. Each is said once on each ward whose patients it reads, and its end is noted.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Change, Severity, Subject};
use crate::device::DeviceAddress;
use crate::event::WardEvent;
use crate::id::{BridgeId, StayId};
use crate::silence::NEARLY_FLAT_PERCENT;
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::{CLOCK_STEP, Timestamp};

/// What a bridge last said of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeStatus {
    /// When, by the service's clock.
    pub said_at: Timestamp,
    /// Whether its Bluetooth works.
    pub radio_up: bool,
    /// Its oximeters.
    pub oximeters: Vec<OximeterStatus>,
}

/// What a bridge knows of one of its oximeters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OximeterStatus {
    /// Which.
    pub address: DeviceAddress,
    /// What is left in its battery, in percent, when it tells.
    pub battery_percent: Option<u8>,
    /// When it was last heard, by the service's clock. `None`: not since the bridge was started.
    pub heard_at: Option<Timestamp>,
}

impl BridgeStatus {
    /// What was left in the battery of this oximeter when it was last heard.
    #[must_use]
    pub fn battery_of(&self, address: &DeviceAddress) -> Option<u8> {
        let one = self.oximeters.iter().find(|one| one.address == *address);
        one.and_then(|one| one.battery_percent)
    }
}

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
        detail: Detail::Kit {
            stays,
            since,
            percent: None,
            ended_at: None,
        },
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
        },
    })
}

/// What follows from kit that fails, given the alert that is already open for it. A failure that is known is not said
/// again; one that comes back after it had ended speaks again to whoever has taken the alert.
#[must_use]
pub fn assess_kit(fault: &Fault, open: Option<&Alert>, now: Timestamp) -> Option<WardEvent> {
    let Some(known) = open.filter(|alert| has_ended(alert)) else {
        return assess_fault(fault, open, now);
    };
    let mut alert = known.clone();
    alert.detail = Some(fault.detail.clone());
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

/// The kit works again: the alert says so, and stays open until a person resolves it. `None` when it says so already.
#[must_use]
pub fn kit_works_again(open: &Alert, now: Timestamp) -> Option<WardEvent> {
    let mut alert = open.clone();
    match &mut alert.detail {
        Some(Detail::Kit { ended_at, .. }) if ended_at.is_none() && open.is_open() => {
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
        Some(Detail::Kit {
            ended_at: Some(_),
            ..
        })
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ClinicianId;
    use crate::story::{ASHA, EIGHT};
    use crate::time::minutes;
    use uuid::Uuid;

    const BRIDGE: BridgeId = BridgeId(Uuid::from_u128(5));
    const QUARTER: Duration = crate::silence::BRIDGE_SILENT_AFTER;
    const STAY: StayId = StayId(Uuid::from_u128(1));

    fn after(event: Option<WardEvent>) -> (Change, Alert) {
        match event.unwrap() {
            WardEvent::Alert { change, alert } => (change, *alert),
            other => panic!("{other:?}"),
        }
    }

    fn silent(worst: Severity) -> Fault {
        silent_bridge(BRIDGE, EIGHT, worst, vec![STAY])
    }

    fn taken(alert: &Alert, by: ClinicianId) -> Alert {
        match crate::alert::acknowledge(alert, by, crate::id::Seq(9), EIGHT).unwrap() {
            crate::alert::Acknowledged::Now(alert) => *alert,
            other @ crate::alert::Acknowledged::Already { .. } => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_bridge_is_silent_after_a_quarter_of_an_hour() {
        let long_ago = EIGHT.minus(minutes(600));
        let at = |after| {
            silent_since(
                Some(EIGHT),
                long_ago,
                long_ago,
                QUARTER,
                EIGHT.plus(minutes(after)),
            )
        };
        assert_eq!(at(14), None);
        assert_eq!(at(15), Some(EIGHT));
        assert_eq!(at(600), Some(EIGHT));
    }

    #[test]
    fn a_service_that_has_just_started_and_a_bridge_that_was_just_given_out_wait_as_long() {
        let heard = Some(EIGHT.minus(minutes(60)));
        let long_ago = EIGHT.minus(minutes(600));
        for (due_since, listening_since) in [(long_ago, EIGHT), (EIGHT, long_ago)] {
            let at = |after| {
                silent_since(
                    heard,
                    due_since,
                    listening_since,
                    QUARTER,
                    EIGHT.plus(minutes(after)),
                )
            };
            assert_eq!(at(14), None);
            assert!(at(15).is_some());
        }
    }

    #[test]
    fn a_bridge_heard_of_in_the_future_was_not_heard_of() {
        let ahead = Some(EIGHT.plus(minutes(600)));
        let long_ago = EIGHT.minus(minutes(600));
        assert_eq!(
            silent_since(ahead, long_ago, long_ago, QUARTER, EIGHT),
            Some(long_ago)
        );
    }

    #[test]
    fn a_failure_is_said_once_and_its_end_is_noted() {
        let (change, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
        assert_eq!((change, alert.severity), (Change::Raised, Severity::Low));
        assert_eq!(
            assess_kit(&silent(Severity::Low), Some(&alert), EIGHT),
            None
        );
        let later = EIGHT.plus(minutes(5));
        let (change, ended) = after(kit_works_again(&alert, later));
        assert_eq!(change, Change::Continued);
        assert!(ended.is_open());
        assert_eq!(kit_works_again(&ended, later), None);
    }

    #[test]
    fn a_failure_that_comes_back_speaks_again_to_whoever_took_it() {
        let (_, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
        let (_, ended) = after(kit_works_again(&taken(&alert, ASHA), EIGHT));
        let (change, again) = after(assess_kit(&silent(Severity::Low), Some(&ended), EIGHT));
        assert_eq!(change, Change::Relapsed);
        assert!(again.is_unacknowledged() && !has_ended(&again));
    }

    #[test]
    fn a_silent_bridge_of_somebody_who_was_red_is_red() {
        let (_, alert) = after(assess_kit(&silent(Severity::Low), None, EIGHT));
        let (change, alert) = after(assess_kit(&silent(Severity::Red), Some(&alert), EIGHT));
        assert_eq!(
            (change, alert.severity),
            (Change::SeverityRose, Severity::Red)
        );
        assert!(alert.show_by.is_some());
    }

    #[test]
    fn ten_percent_are_nearly_flat_and_eleven_are_not() {
        assert!(flat_battery(STAY, 10, EIGHT).is_some());
        assert!(flat_battery(STAY, 11, EIGHT).is_none());
    }
}
