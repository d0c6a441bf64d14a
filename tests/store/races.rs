//! Two nodes and two bridges race over one patient, while people take and end what is raised.

use std::collections::BTreeMap;

use ward_core::alert::{Change, Outcome};
use ward_core::device::DeviceAddress;
use ward_core::event::WardEvent;
use ward_core::id::AlertNumber;
use ward_core::permit::Permit;
use ward_core::time::seconds;
use ward_service::Answer;
use ward_tests::desk::Enrolled;
use ward_tests::taken::Spooled;
use ward_tests::{Desk, Verbs, on_both_databases, spo2};

on_both_databases!(a_stay_has_one_open_alert_of_each_problem_whoever_races_over_it);

const ROUNDS: u64 = 12;
const A_BRIDGE_AND_ROUND: u64 = 8;

/// What one bridge sends in one round: oxygen from 84 to 98, some of it in doubt, none of it older than a minute.
fn sent(round: u64, oximeter: &DeviceAddress, desk: &Desk) -> Vec<Spooled> {
    let now = desk.clock.now();
    let one = |number: u64| {
        let tenths = u16::try_from((round * 53 + number * 37) % 141).unwrap();
        let taken = spo2(84.0 + f64::from(tenths) / 10.0).ago(seconds(59 - 7 * number));
        let taken = if (round + number).is_multiple_of(5) {
            taken.doubtful()
        } else {
            taken
        };
        taken.from(oximeter, now)
    };
    (0..A_BRIDGE_AND_ROUND).map(one).collect()
}

/// One after another, so that the two nodes take turns at the ward's lock.
async fn post(desk: Desk, bridge: Enrolled, readings: Vec<Spooled>) -> usize {
    let now = desk.clock.now();
    let mut stored = 0;
    for reading in readings {
        let item = vec![reading.incoming(now)];
        let answers = desk
            .wards
            .record_readings(&bridge.bridge, item)
            .await
            .unwrap();
        stored += answers.iter().filter(|it| **it == Answer::Stored).count();
    }
    stored
}

/// Takes whatever is open, and ends it. Refusals are part of the race.
async fn act(desk: Desk, permit: Permit) -> usize {
    let mut done = 0;
    for _ in 0..6 {
        for alert in desk.open_alerts().await {
            let seen = desk.head().await;
            let taken = desk
                .wards
                .acknowledge_alert(&permit, alert.number, seen)
                .await;
            if taken.is_ok() {
                let seen = desk.head().await;
                let (outcome, note) = (Outcome::AdviceGiven, String::new());
                let ended = desk
                    .wards
                    .resolve_alert(&permit, alert.number, outcome, note, seen);
                done += usize::from(ended.await.is_ok());
            }
        }
    }
    done
}

async fn a_stay_has_one_open_alert_of_each_problem_whoever_races_over_it(verbs: Verbs) {
    let other = verbs.another_node().await;
    let (one, two) = (verbs.bridge().await, verbs.bridge().await);
    // Two oximeters on one person, each heard by its own bridge.
    let patient = verbs.patient(&one).await;
    let second = verbs.new_oximeter().await;
    verbs.give(&second, patient.stay, &two).await;
    let asha = verbs.clinician("asha", "Asha Rao").await;
    let ben = verbs.clinician("ben", "Ben Ito").await;
    let (asha, ben) = (verbs.permit(asha).await, verbs.permit(ben).await);

    let (mut stored, mut ended) = (0, 0);
    for round in 0..ROUNDS {
        verbs.clock.advance(seconds(60));
        let here = sent(round, &patient.oximeter, &verbs);
        let there = sent(round + 7, &second, &verbs);
        let node = || verbs.as_seen_by(verbs.wards.clone());
        let far = || verbs.as_seen_by(other.wards.clone());
        let (a, b, c, d, e) = tokio::join!(
            tokio::spawn(post(node(), one.clone(), here)),
            tokio::spawn(post(far(), two.clone(), there)),
            tokio::spawn(act(node(), asha)),
            tokio::spawn(act(far(), ben)),
            async { (verbs.wards.sweep().await, other.wards.sweep().await) },
        );
        stored += a.unwrap() + b.unwrap();
        ended += c.unwrap() + d.unwrap();
        e.0.unwrap();
        e.1.unwrap();
    }
    let all = usize::try_from(2 * ROUNDS * A_BRIDGE_AND_ROUND).unwrap();
    assert_eq!(stored, all, "every reading is kept once");
    assert!(
        ended > 0,
        "nothing was ended: nothing could be raised twice"
    );

    // By the log: nothing is raised while one of the same problem is open.
    let mut open: BTreeMap<String, AlertNumber> = BTreeMap::new();
    let mut raised = 0;
    for logged in verbs.log().await {
        let WardEvent::Alert { change, alert } = logged.event else {
            continue;
        };
        let what = format!("{} {}", alert.subject, alert.problem.name());
        match change {
            Change::Raised => {
                raised += 1;
                let there = open.insert(what.clone(), alert.number);
                assert_eq!(there, None, "{what} was raised twice");
            }
            Change::Resolved => assert_eq!(open.remove(&what), Some(alert.number)),
            _ => assert_eq!(open.get(&what), Some(&alert.number), "{change:?}"),
        }
    }
    assert!(raised >= ROUNDS / 2, "too few alerts for a race: {raised}");
    let mut on_board: Vec<AlertNumber> = verbs
        .open_alerts()
        .await
        .iter()
        .map(|it| it.number)
        .collect();
    on_board.sort_unstable();
    let mut by_log: Vec<AlertNumber> = open.into_values().collect();
    by_log.sort_unstable();
    assert_eq!(on_board, by_log);
    verbs.readings_and_alerts_agree().await;
}
