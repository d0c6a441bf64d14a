//! What senders were told, beside what is there afterwards.

use std::collections::{BTreeMap, BTreeSet};

use ward_core::alert::{Alert, Problem, Subject};
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{ReadingId, StayId};

/// What senders were told, and what they sent.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// How often each reading was answered with `stored`.
    pub stored: BTreeMap<ReadingId, u32>,
    /// Answered with `duplicate`: it is there, as well.
    pub duplicate: BTreeSet<ReadingId>,
    /// Everything that was sent, and whether it is low.
    pub sent: BTreeMap<ReadingId, bool>,
}

/// What is there afterwards.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The readings of each stay.
    pub readings: BTreeMap<StayId, Vec<ReadingId>>,
    /// The log.
    pub log: Vec<Logged>,
    /// Open alerts.
    pub alerts: Vec<Alert>,
}

/// Every way in which a promise was broken, in words. Empty when all were kept.
pub fn broken_promises(history: &History, found: &Found) -> Vec<String> {
    let mut broken = Vec::new();
    confirmed_readings(history, found, &mut broken);
    the_log(found, &mut broken);
    lows_and_alerts(history, found, &mut broken);
    broken
}

/// What was confirmed is there, once; what is there was sent.
fn confirmed_readings(history: &History, found: &Found, broken: &mut Vec<String>) {
    let mut times: BTreeMap<ReadingId, u32> = BTreeMap::new();
    for reading in found.readings.values().flatten() {
        *times.entry(*reading).or_default() += 1;
    }
    let confirmed: BTreeSet<_> = history
        .stored
        .keys()
        .chain(&history.duplicate)
        .copied()
        .collect();
    for reading in confirmed {
        if !times.contains_key(&reading) {
            broken.push(format!("{reading} was confirmed and is not there"));
        }
    }
    for (reading, times) in times {
        if times > 1 {
            broken.push(format!("{reading} is there {times} times"));
        }
        if !history.sent.contains_key(&reading) {
            broken.push(format!("{reading} is there and was never sent"));
        }
    }
    for (reading, times) in history.stored.iter().filter(|(_, times)| **times > 1) {
        broken.push(format!("{reading} was said to be new {times} times"));
    }
}

/// Numbers without a gap, and each stored reading on the log once.
fn the_log(found: &Found, broken: &mut Vec<String>) {
    for (expected, logged) in (1..).zip(&found.log) {
        if logged.seq.0 != expected {
            broken.push(format!(
                "event {} stands where {expected} should",
                logged.seq
            ));
            break;
        }
    }
    let mut logged: BTreeMap<ReadingId, u32> = BTreeMap::new();
    for event in &found.log {
        if let WardEvent::ReadingsRecorded { points, .. } = &event.event {
            for point in points {
                *logged.entry(point.reading).or_default() += 1;
            }
        }
    }
    for reading in found.readings.values().flatten() {
        match logged.remove(reading) {
            Some(1) => {}
            Some(times) => broken.push(format!("{reading} is on the log {times} times")),
            None => broken.push(format!("{reading} is stored and not on the log")),
        }
    }
    for reading in logged.keys() {
        broken.push(format!("{reading} is on the log and not stored"));
    }
}

/// Each low belongs to one alert, and no stay has two open alerts of one problem. No alert was resolved meanwhile, so
/// that the counts of the open ones must come to the number of lows.
fn lows_and_alerts(history: &History, found: &Found, broken: &mut Vec<String>) {
    let mut counted: BTreeMap<StayId, u32> = BTreeMap::new();
    let mut open: BTreeSet<(Subject, Problem)> = BTreeSet::new();
    for alert in &found.alerts {
        if !open.insert((alert.subject.clone(), alert.problem)) {
            broken.push(format!(
                "two open alerts of {} about {}",
                alert.problem.name(),
                alert.subject
            ));
        }
        if let (Subject::Stay(stay), Some(lows)) = (&alert.subject, alert.lows) {
            *counted.entry(*stay).or_default() += lows.count;
        }
    }
    for (stay, readings) in &found.readings {
        let is_low = |reading: &&ReadingId| history.sent.get(*reading) == Some(&true);
        let lows = readings.iter().filter(is_low).count();
        let counted = counted.get(stay).copied().unwrap_or_default();
        if usize::try_from(counted) != Ok(lows) {
            broken.push(format!("{lows} lows of {stay}, {counted} in alerts"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use ward_core::id::Seq;
    use ward_core::spo2::Spo2;
    use ward_core::stay::Point;
    use ward_core::time::Timestamp;
    use ward_tests::story::Setting;
    use ward_tests::{Kind, Verbs, spo2};

    const STAY: StayId = StayId(Uuid::from_u128(1));

    fn id(number: u128) -> ReadingId {
        ReadingId(Uuid::from_u128(number))
    }

    fn recorded(seq: i64, readings: &[u128]) -> Logged {
        let points = readings.iter().map(|number| Point {
            reading: id(*number),
            at: Timestamp::from_millis(0),
            spo2: Spo2::from_tenths(970).unwrap(),
            pulse: None,
            band: ward_core::plan::Band::Green,
            doubtful: false,
        });
        Logged {
            seq: Seq(seq),
            at: Timestamp::from_millis(0),
            event: WardEvent::ReadingsRecorded {
                stay: STAY,
                points: points.collect(),
                attempts: 0,
            },
        }
    }

    /// Two good readings, confirmed and there.
    fn all_is_well() -> (History, Found) {
        let history = History {
            stored: BTreeMap::from([(id(1), 1), (id(2), 1)]),
            duplicate: BTreeSet::from([id(1)]),
            sent: BTreeMap::from([(id(1), false), (id(2), false)]),
        };
        let found = Found {
            readings: BTreeMap::from([(STAY, vec![id(1), id(2)])]),
            log: vec![recorded(1, &[1]), recorded(2, &[2])],
            alerts: Vec::new(),
        };
        (history, found)
    }

    #[test]
    fn a_planted_loss_of_a_confirmed_reading_is_caught() {
        let (history, found) = all_is_well();
        assert_eq!(broken_promises(&history, &found), [""; 0]);
        let mut lost = found;
        lost.readings.insert(STAY, vec![id(1)]);
        lost.log.pop();
        assert_eq!(
            broken_promises(&history, &lost),
            [format!("{} was confirmed and is not there", id(2))]
        );
    }

    #[test]
    fn a_planted_double_is_caught_in_the_store_on_the_log_and_in_the_answers() {
        let (history, found) = all_is_well();
        let mut doubled = found.clone();
        doubled.readings.insert(STAY, vec![id(1), id(2), id(2)]);
        let broken = broken_promises(&history, &doubled);
        assert!(broken.contains(&format!("{} is there 2 times", id(2))));
        let mut logged_twice = found.clone();
        logged_twice.log.push(recorded(3, &[2]));
        assert_eq!(
            broken_promises(&history, &logged_twice),
            [format!("{} is on the log 2 times", id(2))]
        );
        let mut said_twice = history;
        said_twice.stored.insert(id(2), 2);
        assert_eq!(
            broken_promises(&said_twice, &found),
            [format!("{} was said to be new 2 times", id(2))]
        );
    }

    #[test]
    fn a_planted_gap_in_the_log_and_a_reading_beside_it_are_caught() {
        let (history, mut found) = all_is_well();
        found.log = vec![recorded(1, &[1]), recorded(3, &[])];
        assert_eq!(
            broken_promises(&history, &found),
            [
                "event 3 stands where 2 should".to_owned(),
                format!("{} is stored and not on the log", id(2))
            ]
        );
    }

    /// From a real ward, with the alert taken away, and with a second one put beside it.
    #[tokio::test]
    async fn a_planted_low_without_an_alert_and_a_second_alert_are_caught() {
        let verbs = Verbs::on(Kind::Sqlite).await;
        let bridge = verbs.bridge().await;
        let patient = verbs.patient(&bridge).await;
        let low = verbs.measures(&bridge, &patient.oximeter, spo2(88.0)).await;
        let history = History {
            stored: BTreeMap::from([(low.id, 1)]),
            duplicate: BTreeSet::new(),
            sent: BTreeMap::from([(low.id, true)]),
        };
        let found = Found {
            readings: BTreeMap::from([(patient.stay, vec![low.id])]),
            log: verbs.log().await,
            alerts: verbs.open_alerts().await,
        };
        assert_eq!(broken_promises(&history, &found), [""; 0]);
        let mut silent = found.clone();
        silent.alerts.clear();
        assert_eq!(
            broken_promises(&history, &silent),
            [format!("1 lows of {}, 0 in alerts", patient.stay)]
        );
        let mut twice = found;
        twice.alerts.extend(twice.alerts.clone());
        let broken = broken_promises(&history, &twice);
        assert_eq!(
            broken,
            [
                format!("two open alerts of oxygen about stay:{}", patient.stay),
                format!("1 lows of {}, 2 in alerts", patient.stay)
            ]
        );
    }
}
