//! Two nodes over one database are killed in turn, and every level of every alert is reached once and in time all the same.

use std::collections::BTreeMap;
use std::time::Duration;

use ward_core::alert::{Change, Subject};
use ward_core::escalation::{Policy, Step, Steps};
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{AlertNumber, Seq};
use ward_core::time::Timestamp;
use ward_service::Clock;
use ward_tests::{Bridge, Desk, Kind, TestDatabase, spo2};

use super::program::Program;

/// Seconds after which a red is passed on.
const STEPS_S: [u32; 3] = [6, 12, 18];

/// A level comes this late at most.
const LATE_BY_MS: i64 = 5_000;

const KILLS: usize = 8;
const KILL_EVERY: Duration = Duration::from_secs(5);

/// What was promised of a log and not kept: each level once, in order, and in time. `until`: what is due later is not
/// looked for.
fn broken_promises(log: &[Logged], until: Timestamp) -> Vec<String> {
    let mut raised: BTreeMap<AlertNumber, Timestamp> = BTreeMap::new();
    let mut levels: BTreeMap<AlertNumber, Vec<(u16, Timestamp)>> = BTreeMap::new();
    for logged in log {
        let WardEvent::Alert { change, alert } = &logged.event else {
            continue;
        };
        if !matches!(alert.subject, Subject::Stay(_)) {
            continue;
        }
        match change {
            Change::Raised => {
                raised.insert(alert.number, logged.at);
            }
            Change::Escalated => {
                let level = (alert.ladder.level, logged.at);
                levels.entry(alert.number).or_default().push(level);
            }
            _ => {}
        }
    }
    let mut broken = Vec::new();
    for (number, raised_at) in raised {
        let reached = levels.remove(&number).unwrap_or_default();
        for (place, after) in STEPS_S.iter().enumerate() {
            let level = u16::try_from(place + 1).unwrap();
            let due = raised_at.as_millis() + i64::from(*after) * 1_000;
            let times: Vec<_> = reached.iter().filter(|(it, _)| *it == level).collect();
            match times.as_slice() {
                [] if due + LATE_BY_MS > until.as_millis() => {}
                [] => broken.push(format!("{number} never reached level {level}")),
                [(_, at)] if at.as_millis() - due > LATE_BY_MS => {
                    broken.push(format!(
                        "{number}, level {level}: {} ms late",
                        at.as_millis() - due
                    ));
                }
                [(_, at)] if at.as_millis() < due => {
                    broken.push(format!("{number}, level {level}: before its time"));
                }
                [_] => {}
                many => broken.push(format!(
                    "{number} reached level {level} {} times",
                    many.len()
                )),
            }
        }
        if reached.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            broken.push(format!("{number}: levels out of order: {reached:?}"));
        }
    }
    broken
}

/// Without repeats, so that what is looked for ends.
fn short() -> Policy {
    let mut policy = Policy::default();
    let steps = policy.red.steps.iter().zip(STEPS_S);
    let steps = steps.map(|(step, after_s)| Step {
        after_s,
        ..step.clone()
    });
    policy.red = Steps {
        steps: steps.collect(),
        repeat_every_s: None,
        ..policy.red.clone()
    };
    policy.checked().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_killed_every_five_seconds_pass_every_alert_on_once_and_in_time() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let mut nodes = [Program::on(&database), Program::on(&database)];
    let clock = Clock::system();
    let wards = ward_server::open(&nodes[0].configuration(), clock.clone(), true)
        .await
        .unwrap();
    let desk = Desk::open(wards, clock.clone()).await;
    let mut ledger = desk
        .wards
        .store()
        .open_ledger(desk.ward)
        .await
        .unwrap()
        .unwrap();
    ledger.set_policy(Some(short()), clock.now()).await.unwrap();
    ledger.commit().await.unwrap();
    let enrolled = desk.bridge().await;
    let mut oximeters = Vec::new();
    for _ in 0..KILLS {
        oximeters.push(desk.patient(&enrolled).await.oximeter);
    }
    let mut bridge = Bridge::of(enrolled, clock.clone(), nodes[0].address);
    for node in &mut nodes {
        node.start().await;
    }
    for (turn, oximeter) in oximeters.iter().enumerate() {
        let (dies, lives) = (turn % 2, (turn + 1) % 2);
        bridge.speaks_to(nodes[lives].address);
        bridge.measures(oximeter, spo2(88.0)).await;
        // At another moment of a second each time.
        tokio::time::sleep(Duration::from_millis(
            u64::try_from(turn).unwrap() * 137 % 1_000,
        ))
        .await;
        nodes[dies].kill();
        tokio::time::sleep(KILL_EVERY).await;
        nodes[dies].start().await;
    }
    tokio::time::sleep(Duration::from_secs(24)).await;
    let log = desk.log().await;
    assert_eq!(broken_promises(&log, clock.now()), [""; 0]);
    let escalated = log
        .iter()
        .filter(|logged| logged.event.kind() == "alert_escalated")
        .count();
    assert!(escalated >= KILLS * STEPS_S.len(), "{escalated}");
    for node in &mut nodes {
        node.kill();
        assert!(!node.log().contains("panicked"), "{}", node.log());
    }
}

/// A log of one red that was passed on as promised, and then as it would be by nodes that forget.
#[test]
fn a_node_that_forgets_a_level_or_is_late_is_found_out() {
    let log = promised(ward_core::id::StayId(uuid::Uuid::from_u128(1)));
    let end = Timestamp::from_millis(60_000);
    assert_eq!(broken_promises(&log, end), [""; 0]);
    let change = |place: usize, change: &dyn Fn(&mut Logged)| {
        let mut log = log.clone();
        change(&mut log[place]);
        broken_promises(&log, end)
    };
    // The level was not stored: the first is reached twice, and the second never.
    let forgets = |logged: &mut Logged| {
        if let WardEvent::Alert { alert, .. } = &mut logged.event {
            alert.ladder.level = 1;
        }
    };
    assert_eq!(change(2, &forgets).len(), 3);
    let late = |logged: &mut Logged| logged.at = logged.at.plus(Duration::from_secs(6));
    assert_eq!(change(3, &late), ["1, level 3: 6000 ms late"]);
    let early = |logged: &mut Logged| logged.at = Timestamp::from_millis(0);
    assert_eq!(change(1, &early), ["1, level 1: before its time"]);
    let mut short = log.clone();
    short.pop();
    assert_eq!(broken_promises(&short, end), ["1 never reached level 3"]);
}

fn promised(stay: ward_core::id::StayId) -> Vec<Logged> {
    let trouble = ward_core::technical::Fault {
        subject: Subject::Stay(stay),
        cause: ward_core::technical::Cause::PoorSignal,
        severity: ward_core::alert::Severity::Red,
        spo2: None,
        detail: ward_core::technical::Detail::clock(0),
    };
    let zero = Timestamp::from_millis(0);
    let raised = ward_core::technical::assess_fault(&trouble, None, zero).unwrap();
    let WardEvent::Alert { alert, .. } = raised.stamped(Seq(1)) else {
        unreachable!("a fault raises an alert")
    };
    let mut log = vec![Logged {
        seq: Seq(1),
        at: zero,
        event: WardEvent::Alert {
            change: Change::Raised,
            alert: alert.clone(),
        },
    }];
    for (place, after) in STEPS_S.iter().enumerate() {
        let mut up = alert.clone();
        up.ladder.level = u16::try_from(place + 1).unwrap();
        log.push(Logged {
            seq: Seq(i64::try_from(place + 2).unwrap()),
            at: zero.plus(Duration::from_secs(u64::from(*after))),
            event: WardEvent::Alert {
                change: Change::Escalated,
                alert: up,
            },
        });
    }
    log
}
