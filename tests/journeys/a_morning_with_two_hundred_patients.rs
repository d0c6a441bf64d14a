use std::collections::BTreeMap;

use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::calls::{codes, no_answer, reached, whereabouts};
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::calls::{CallListView, CallRow};

on_both_databases!(four_handlers_ring_everybody_once_and_nobody_is_left_out);

const PATIENTS: usize = 200;

async fn four_handlers_ring_everybody_once_and_nobody_is_left_out(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let red = ward.patient(&bridge).await;
    let amber = ward.patient(&bridge).await;
    let mut stays = vec![red.stay, amber.stay];
    while stays.len() < PATIENTS {
        stays.push(ward.admit().await);
    }
    let names = ["asha", "ben", "cara", "dev"];
    let first = Nurse::handler(&ward, names[0], names[0]).await;
    let list = first.call_list().await;
    assert_eq!(list.to_call.len(), PATIENTS);
    assert!(list.to_call.iter().all(|row| codes(row) == ["new_today"]));

    // On the day of admission everybody is reached but three.
    let missed = &stays[100..103];
    for stay in &stays {
        let request = if missed.contains(stay) {
            no_answer()
        } else {
            reached()
        };
        first.logs(*stay, &request).await;
    }
    let list = first.call_list().await;
    assert_eq!((list.to_call.len(), list.not_due.len()), (3, PATIENTS - 3));

    // Eight in the morning, the day after.
    ward.after(minutes(24 * 60)).await;
    bridge.measures(&red.oximeter, spo2(88.0)).await;
    bridge.measures(&amber.oximeter, spo2(94.0)).await;
    ward.after(minutes(2)).await;
    let mut handlers = Vec::new();
    for name in names {
        if name != names[0] {
            ward.staff(
                name,
                name,
                ward.ward,
                ward_core::clinician::Role::CallHandler,
            )
            .await;
        }
        handlers.push(Nurse::signs_in(&ward, name).await);
    }
    let list = handlers[0].call_list().await;
    assert_eq!(list.to_call.len(), PATIENTS);
    let order: Vec<&str> = list.to_call.iter().map(|row| codes(row)[0]).collect();
    assert_eq!(order[..2], ["open_red", "open_amber"]);
    assert_eq!(order[2..5], ["carried_over"; 3]);
    assert!(order[5..].iter().all(|code| *code == "due_today"));
    let worst = &list.to_call[0];
    assert_eq!((worst.stay, worst.readings.len()), (red.stay.0, 1));

    let never = stays[150];
    let rung = futures_util::future::join_all(handlers.iter().map(|it| works(it, never))).await;
    let mut by_stay: BTreeMap<StayId, usize> = BTreeMap::new();
    for stay in rung.into_iter().flatten() {
        *by_stay.entry(stay).or_default() += 1;
    }
    assert_eq!(by_stay.len(), PATIENTS);
    assert!(by_stay.values().all(|times| *times == 1), "rung once each");

    let list = handlers[0].call_list().await;
    let left: Vec<Vec<&str>> = list.to_call.iter().map(codes).collect();
    assert_eq!(
        left,
        [vec!["open_red"], vec!["open_amber"], vec!["due_today"]]
    );
    assert_eq!(list.not_due.len(), PATIENTS - 3);
    let (part, row) = whereabouts(&list, never);
    assert_eq!(
        (part, row.ladder.as_ref().unwrap().tries_of_patient),
        ("to_call", 1)
    );
    // The two with an alert were rung, and whoever looks sees that.
    assert!(
        list.to_call[..2]
            .iter()
            .all(|row| row.reasons[0].reached_since)
    );
    assert!(list.to_call.iter().all(|row| row.claim.is_none()));

    // All of them are looked at well within the two minutes in which what is wrong is to be found.
    let began = std::time::Instant::now();
    ward.readings_and_alerts_agree().await;
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
}

/// Takes the first row that nobody has, until everybody on the list was rung today.
async fn works(handler: &Nurse, never: StayId) -> Vec<StayId> {
    let mut rung: Vec<StayId> = Vec::new();
    let mut list = handler.call_list().await;
    loop {
        let free = |row: &&CallRow| {
            row.claim.is_none() && is_to_be_rung(&list, row) && !rung.contains(&StayId(row.stay))
        };
        let Some(stay) = list.to_call.iter().find(free).map(|row| StayId(row.stay)) else {
            return rung;
        };
        let claimed = handler.claims(stay).await.status.is_success();
        // A colleague may have claimed, or rung, since this list was made.
        list = handler.call_list().await;
        if !claimed {
            continue;
        }
        let (part, row) = whereabouts(&list, stay);
        if part == "to_call" && is_to_be_rung(&list, row) {
            let request = if stay == never {
                no_answer()
            } else {
                reached()
            };
            handler.logs(stay, &request).await;
            rung.push(stay);
        } else {
            assert_eq!(handler.lets_go(stay).await.status, 204);
        }
    }
}

/// Not rung this morning.
fn is_to_be_rung(list: &CallListView, row: &CallRow) -> bool {
    let tried_today = row
        .last
        .as_ref()
        .is_some_and(|last| list.server_time.duration_since(last.at).as_hours() < 12);
    !tried_today
}
