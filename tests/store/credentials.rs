//! Sessions that end when they are ended, codes that are good once.

use ward_core::clinician::Role;
use ward_core::permit::Verb;
use ward_core::time::minutes;
use ward_service::{EnrolError, Refused, SessionError};
use ward_tests::desk::PASSWORD;
use ward_tests::{Verbs, on_both_databases};

on_both_databases!(
    a_session_ends_with_the_shift_by_signing_out_and_when_somebody_leaves,
    a_session_ends_when_what_somebody_is_changes_and_not_when_they_help_out_elsewhere,
    a_wrong_name_and_a_wrong_password_are_answered_alike,
    a_code_is_good_once_and_for_half_an_hour,
    a_revoked_bridge_is_told_so_and_no_code_of_before_brings_it_back,
    a_ward_that_is_not_theirs_is_not_there,
);

async fn a_session_ends_with_the_shift_by_signing_out_and_when_somebody_leaves(verbs: Verbs) {
    let asha = verbs.clinician("asha", "Asha Rao").await;
    let sign_in = || async { verbs.wards.sign_in("asha", PASSWORD).await.unwrap().token };
    let is_over = |token| {
        let wards = verbs.wards.clone();
        async move {
            match wards.session(&token).await {
                Ok(_) => false,
                Err(SessionError::NotSignedIn) => true,
                Err(other) => panic!("{other}"),
            }
        }
    };
    let (one, two) = (sign_in().await, sign_in().await);
    assert_eq!(verbs.wards.session(&one).await.unwrap().clinician, asha);
    verbs.wards.sign_out(&one).await.unwrap();
    assert!(is_over(one).await);
    assert!(!is_over(two.clone()).await);
    verbs.clock.advance(minutes(13 * 60));
    assert!(is_over(two).await);
    let three = sign_in().await;
    verbs.wards.disable_clinician("asha").await.unwrap();
    assert!(is_over(three).await);
    assert!(verbs.wards.sign_in("asha", PASSWORD).await.is_err());
}

async fn a_session_ends_when_what_somebody_is_changes_and_not_when_they_help_out_elsewhere(
    verbs: Verbs,
) {
    let other = verbs.open_ward("BUR").await;
    verbs
        .staff("wall", "The wall", verbs.ward, Role::WallBoard)
        .await;
    verbs.clinician("asha", "Asha Rao").await;
    let sign_in = |who: &'static str| {
        let wards = verbs.wards.clone();
        async move { wards.sign_in(who, PASSWORD).await.unwrap().token }
    };
    let is_open = |token| {
        let wards = verbs.wards.clone();
        async move { wards.session(&token).await.is_ok() }
    };
    let join = |who: &'static str, ward, role| {
        let wards = verbs.wards.clone();
        async move { wards.join_ward(who, ward, role).await.unwrap() }
    };
    let (screen, hers) = (sign_in("wall").await, sign_in("asha").await);
    join("wall", verbs.ward, Role::WallBoard).await;
    join("wall", other, Role::WallBoard).await;
    join("asha", other, Role::Clinician).await;
    assert!(is_open(screen.clone()).await && is_open(hers.clone()).await);
    verbs.wards.leave_ward("asha", other).await.unwrap();
    assert!(is_open(hers).await);
    join("wall", verbs.ward, Role::Clinician).await;
    assert!(
        !is_open(screen).await,
        "a screen's weeks are not a clinician's"
    );
    join("wall", verbs.ward, Role::WallBoard).await;
    let screen = sign_in("wall").await;
    let third = verbs.open_ward("CHO").await;
    join("wall", third, Role::Clinician).await;
    assert!(!is_open(screen).await);
    let screen = sign_in("wall").await;
    verbs.wards.leave_ward("wall", other).await.unwrap();
    assert!(!is_open(screen).await);
}

async fn a_wrong_name_and_a_wrong_password_are_answered_alike(verbs: Verbs) {
    verbs.clinician("asha", "Asha Rao").await;
    let said = |name: &'static str, password: &'static str| {
        let wards = verbs.wards.clone();
        async move {
            match wards.sign_in(name, password).await {
                Ok(_) => "signed in".to_owned(),
                Err(error) => error.to_string(),
            }
        }
    };
    let wrong = said("asha", "a few words in a bow").await;
    assert_eq!(said("nobody", PASSWORD).await, wrong);
    assert_ne!(said("asha", PASSWORD).await, wrong);
}

async fn a_code_is_good_once_and_for_half_an_hour(verbs: Verbs) {
    let added = verbs
        .wards
        .add_bridge(verbs.ward, "hall cupboard")
        .await
        .unwrap();
    let enrol = |code: String| {
        let wards = verbs.wards.clone();
        async move { wards.enrol_bridge(&code, "0.1.0").await }
    };
    let code = added.code.reveal().to_owned();
    let (one, two) = tokio::join!(enrol(code.clone()), enrol(code.clone()));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let token = one.or(two).unwrap().token;
    assert!(verbs.wards.bridge_of(token.reveal()).await.is_ok());
    assert!(matches!(enrol(code).await, Err(EnrolError::NotThisCode)));
    let late = verbs.wards.new_bridge_code(added.bridge).await.unwrap();
    verbs.clock.advance(minutes(30));
    let late = enrol(late.code.reveal().to_owned()).await;
    assert!(matches!(late, Err(EnrolError::NotThisCode)));
    // Nobody has got in by it: the old credential is still good.
    assert!(verbs.wards.bridge_of(token.reveal()).await.is_ok());
}

async fn a_revoked_bridge_is_told_so_and_no_code_of_before_brings_it_back(verbs: Verbs) {
    let bridge = verbs.bridge_with_token().await;
    let id = bridge.bridge.id;
    let unused = verbs.wards.new_bridge_code(id).await.unwrap();
    assert!(verbs.wards.revoke_bridge(id).await.unwrap());
    let refused = verbs.wards.bridge_of(bridge.token()).await;
    assert!(matches!(refused, Err(EnrolError::Revoked)), "{refused:?}");
    let stale = verbs
        .wards
        .enrol_bridge(unused.code.reveal(), "0.1.0")
        .await;
    assert!(matches!(stale, Err(EnrolError::NotThisCode)), "{stale:?}");
    let fresh = verbs.wards.new_bridge_code(id).await.unwrap();
    let enrolled = verbs.wards.enrol_bridge(fresh.code.reveal(), "0.1.0").await;
    let token = enrolled.unwrap().token;
    assert!(verbs.wards.bridge_of(token.reveal()).await.is_ok());
    let old = verbs.wards.bridge_of(bridge.token()).await;
    assert!(matches!(old, Err(EnrolError::NotKnown)), "{old:?}");
}

async fn a_ward_that_is_not_theirs_is_not_there(verbs: Verbs) {
    let other = verbs.open_ward("BUR").await;
    let asha = verbs.clinician("asha", "Asha Rao").await;
    let wall = verbs
        .staff("wall", "The wall", verbs.ward, Role::WallBoard)
        .await;
    let ask = |who, ward, verb| {
        let wards = verbs.wards.clone();
        async move { wards.permit(who, ward, verb).await.unwrap() }
    };
    assert!(ask(asha, verbs.ward, Verb::ResolveAlert).await.is_ok());
    assert_eq!(
        ask(asha, other, Verb::SeeBoard).await,
        Err(Refused::NoSuchWard)
    );
    assert!(ask(wall, verbs.ward, Verb::SeeBoard).await.is_ok());
    let refused = ask(wall, verbs.ward, Verb::AcknowledgeAlert).await;
    assert!(matches!(refused, Err(Refused::Forbidden(_))));
    verbs.wards.leave_ward("asha", verbs.ward).await.unwrap();
    assert_eq!(
        ask(asha, verbs.ward, Verb::SeeBoard).await,
        Err(Refused::NoSuchWard)
    );
}
