//! The call list's pages as plain forms: the next person, one press after another, by several handlers at once.

use std::collections::BTreeSet;

use ward_core::clinician::Role;
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::calls::WhatView;

on_both_databases!(
    handlers_who_press_next_at_once_ring_different_people,
    a_form_that_is_sent_twice_writes_one_call,
    a_ward_writes_its_own_script_and_it_stands_in_the_log,
    nobody_of_another_ward_opens_a_call,
);

/// The stay whose page somebody was sent to.
fn sent_to(location: &str) -> &str {
    let (_, stay) = location.rsplit_once('/').unwrap();
    stay
}

async fn handlers_who_press_next_at_once_ring_different_people(ward: TestWard) {
    for _ in 0..4 {
        ward.admit().await;
    }
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let mut rung = BTreeSet::new();
    for round in 0..2 {
        let (one, two) = tokio::join!(
            ben.sends("/call-list/next", &[]),
            carl.sends("/call-list/next", &[])
        );
        for reply in [one, two] {
            assert_eq!(reply.status, 303, "{reply}");
            let stay = sent_to(reply.header("location")).to_owned();
            assert!(rung.insert(stay), "rung by both in round {round}");
        }
        for nurse in [&ben, &carl] {
            let mine = nurse.call_list().await.to_call.into_iter();
            let mine = mine.filter(|row| {
                let claim = row.claim.as_ref();
                claim.is_some_and(|claim| claim.clinician == nurse.view.clinician)
            });
            for row in mine {
                let path = format!("/call-list/{}", row.stay);
                let typed = [("outcome", "no_answer"), ("go", "stay")];
                assert_eq!(nurse.sends(&path, &typed).await.status, 303);
            }
        }
    }
    // All four were tried just now: nobody is offered before another time of day.
    let reply = ben.sends("/call-list/next", &[]).await;
    assert!(reply.header("location").ends_with("/call-list"), "{reply}");
    // Another time has come.
    ward.after(ward_core::time::minutes(61)).await;
    let reply = ben.sends("/call-list/next", &[]).await;
    assert!(rung.contains(sent_to(reply.header("location"))), "{reply}");
}

async fn a_form_that_is_sent_twice_writes_one_call(ward: TestWard) {
    let stay = ward.admit().await;
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let path = format!("/call-list/{stay}");
    let typed = [
        ("id", "6f1d7d5e-5f3b-4c7e-9a53-0c1f6a6f0001"),
        ("outcome", "reached"),
        ("identity", "name-birth"),
        ("oxygen", "96"),
        ("pulse", "80"),
        ("symptoms", "chest_pain"),
        ("symptoms", "blue_lips"),
    ];
    let first = ben.sends(&path, &typed).await;
    assert_eq!(first.status, 303, "{first}");
    assert!(first.header("location").contains("/said/"), "{first}");
    assert_eq!(ben.sends(&path, &typed).await.status, 303);
    let contacts = ben.contacts(stay).await.contacts;
    let [call] = contacts.as_slice() else {
        panic!("{contacts:?}")
    };
    let WhatView::Call {
        symptoms, readings, ..
    } = &call.what
    else {
        panic!("{call:?}")
    };
    assert_eq!((symptoms.len(), readings.len()), (2, 1));
    // What must be said is there to be looked at again.
    let said = ben.get(first.header("location")).await;
    let said = String::from_utf8_lossy(&said.body).into_owned();
    assert!(said.contains("999"), "{said}");
    // A red is open: nobody is led away from them before that was said.
    let wrong = ben.sends(&path, &[("outcome", "reached")]).await;
    assert_eq!(wrong.status, 422);
}

async fn a_ward_writes_its_own_script_and_it_stands_in_the_log(ward: TestWard) {
    let stay = ward.admit().await;
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let text = "# Begin\n[first_call] Say <what> the ward does\n[amber] Not now";
    let typed = [("text", text)];
    assert_eq!(ben.sends("/call-list/script", &typed).await.status, 403);
    let amy = Nurse::comes_on_shift(&ward, "amy", "Amy Barker").await;
    assert_eq!(amy.sends("/call-list/script", &typed).await.status, 303);
    assert_eq!(ward.kinds().await.last(), Some(&"ward_setting_changed"));
    let page = ben.opens(&format!("/call-list/{stay}")).await;
    assert!(page.contains("Say &#60;what&#62; the ward does"), "{page}");
    assert!(!page.contains("Not now"));
    let wrong = [("text", "# Begin\n[sunny] Hello")];
    let refused = amy.sends("/call-list/script", &wrong).await;
    assert_eq!(refused.status, 422, "{refused}");
    let back = [("built_in", "1")];
    assert_eq!(amy.sends("/call-list/script", &back).await.status, 303);
    let page = ben.opens(&format!("/call-list/{stay}")).await;
    assert!(page.contains("Ask for two of"), "{page}");
}

async fn nobody_of_another_ward_opens_a_call(ward: TestWard) {
    let stay = ward.admit().await;
    let elsewhere = ward.open_ward("ACC").await;
    ward.staff("dev", "Dev Roy", elsewhere, Role::SeniorClinician)
        .await;
    let dev = Nurse::signs_in_at(ward.address, elsewhere, "dev").await;
    for path in [
        format!("/wards/{}/call-list/{stay}", ward.ward),
        format!("/wards/{}/call-list", ward.ward),
        format!("/wards/{}/find", ward.ward),
        format!("/wards/{elsewhere}/call-list/{stay}"),
    ] {
        assert_eq!(dev.get(&path).await.status, 404, "{path}");
    }
    let typed = [("outcome", "no_answer")];
    let path = format!("/call-list/{stay}");
    assert_eq!(dev.sends(&path, &typed).await.status, 404);
}
