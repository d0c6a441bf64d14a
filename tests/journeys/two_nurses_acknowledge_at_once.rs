use ward_core::time::minutes;
use ward_tests::http::Reply;
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::board::Done;

on_both_databases!(
    one_has_it_and_the_other_is_told_who_was_first,
    a_call_handler_and_a_wall_may_look_and_not_act,
);

async fn one_has_it_and_the_other_is_told_who_was_first(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let consoles = [
        Console::opened_by(&asha).await,
        Console::opened_by(&ben).await,
    ];
    for round in 0..5 {
        let patient = ward.patient(&bridge).await;
        bridge.measures(&patient.oximeter, spo2(90.0)).await;
        let alert = consoles[0]
            .sees("red", |it| it.stay == Some(patient.stay.0))
            .await;
        let (one, two) = tokio::join!(
            asha.acknowledges(alert.number, alert.spoke_seq),
            ben.acknowledges(alert.number, alert.spoke_seq)
        );
        let (winner, loser) = if one.status.is_success() {
            (one, two)
        } else {
            (two, one)
        };
        let first: Done = winner.json();
        told_who_was_first(&loser, &first);
        for console in &consoles {
            let taken = console
                .sees("taken", |it| {
                    it.number == alert.number && it.acknowledged.is_some()
                })
                .await;
            assert_eq!(taken.acknowledged.unwrap().clinician, first.clinician);
        }
        // Again by whoever has it: the first time stands.
        ward.clock.advance(minutes(1));
        let who = if first.name == "Asha Rao" {
            &asha
        } else {
            &ben
        };
        let again: Done = who.acknowledges(alert.number, alert.spoke_seq).await.json();
        assert_eq!(again, first, "round {round}");
        let board = asha.board().await;
        assert_eq!(board.staff.get(&first.clinician), Some(&first.name));
    }
}

fn told_who_was_first(loser: &Reply, first: &Done) {
    assert_eq!(loser.refusal(), (409, "already-acknowledged".to_owned()));
    let problem = loser.problem();
    assert_eq!(problem.first.as_ref(), Some(first));
    assert!(problem.detail.contains(&first.name), "{}", problem.detail);
}

async fn a_call_handler_and_a_wall_may_look_and_not_act(ward: TestWard) {
    use ward_core::clinician::Role;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    for (name, role) in [("carl", Role::CallHandler), ("wall", Role::WallBoard)] {
        ward.staff(name, name, ward.ward, role).await;
        let looking = Nurse::signs_in(&ward, name).await;
        let board = looking.board().await;
        assert!(!board.you.may_act);
        let alert = &board.rows[0].alerts[0];
        for refused in [
            looking.acknowledges(alert.number, board.as_of).await,
            looking.resolves(alert.number, board.as_of).await,
        ] {
            assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
        }
    }
    assert_eq!(
        ward_tests::Desk::only(&ward.open_alerts().await)
            .lows
            .unwrap()
            .count,
        1
    );
}
