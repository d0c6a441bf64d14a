use ward_core::time::minutes;
use ward_tests::calls::{no_answer, on_the_wire, reached, whereabouts};
use ward_tests::{Nurse, TestWard, on_both_databases};
use ward_wire::calls::ClaimView;

on_both_databases!(
    the_second_is_told_who_has_the_call_and_since_when,
    a_call_is_taken_over_visibly_and_by_one_person_only,
    a_claim_ends_with_the_call,
);

async fn the_second_is_told_who_has_the_call_and_since_when(ward: TestWard) {
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    for _ in 0..5 {
        let stay = ward.admit().await;
        let (one, two) = tokio::join!(ben.claims(stay), carl.claims(stay));
        let (winner, loser) = if one.status.is_success() {
            (one, two)
        } else {
            (two, one)
        };
        let claim: ClaimView = winner.json();
        assert_eq!(loser.refusal(), (409, "claimed".to_owned()));
        let problem = loser.problem();
        let first = problem.first.unwrap();
        assert_eq!((first.name, first.at), (claim.name.clone(), claim.at));
        assert!(problem.detail.contains(&claim.name), "{}", problem.detail);
        let list = ben.call_list().await;
        assert_eq!(whereabouts(&list, stay).1.claim.as_ref(), Some(&claim));
    }
}

async fn a_call_is_taken_over_visibly_and_by_one_person_only(ward: TestWard) {
    let stay = ward.admit().await;
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    let dev = Nurse::handler(&ward, "dev", "Dev Roy").await;
    let claim: ClaimView = ben.claims(stay).await.json();
    ward.after(minutes(20)).await;
    // The same person again: the first time stands.
    let again: ClaimView = ben.claims(stay).await.json();
    assert_eq!(again.at, claim.at);
    let list = carl.call_list().await;
    assert!(!whereabouts(&list, stay).1.claim.as_ref().unwrap().old);
    ward.after(minutes(15)).await;
    let list = carl.call_list().await;
    let seen = whereabouts(&list, stay).1.claim.clone().unwrap();
    assert!(seen.old, "held for 35 minutes");
    let told = carl.claims(stay).await.problem().detail;
    assert!(told.contains("for a long time"), "{told}");
    assert_eq!(carl.lets_go(stay).await.refusal().0, 409);

    let taken: ClaimView = carl.takes_over(stay, &seen).await.json();
    assert_eq!(taken.name, "Carl Ode");
    let late = dev.takes_over(stay, &seen).await;
    assert_eq!(late.refusal(), (409, "claimed".to_owned()));
    assert_eq!(late.problem().first.unwrap().name, "Carl Ode");
    let kinds = ward.kinds().await;
    assert_eq!(kinds.last(), Some(&"call_taken_over"));
    assert_eq!(carl.lets_go(stay).await.status, 204);
    assert_eq!(
        carl.lets_go(stay).await.refusal(),
        (409, "not-possible".to_owned())
    );
    assert_eq!(dev.claims(stay).await.status, 200);
}

async fn a_claim_ends_with_the_call(ward: TestWard) {
    let stay = ward.admit().await;
    let ben = Nurse::handler(&ward, "ben", "Ben Ito").await;
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    assert_eq!(ben.claims(stay).await.status, 200);
    ben.logs(stay, &no_answer()).await;
    let list = carl.call_list().await;
    assert_eq!(whereabouts(&list, stay).1.claim, None);
    // A colleague who tries in vain takes nothing from who has the call; one who reaches the patient ends it.
    assert_eq!(ben.claims(stay).await.status, 200);
    carl.logs(stay, &no_answer()).await;
    let list = carl.call_list().await;
    assert!(whereabouts(&list, stay).1.claim.is_some());
    carl.logs(stay, &reached()).await;
    let list = carl.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    assert_eq!((part, row.claim.as_ref()), ("not_due", None));
    assert_eq!(row.reached_at, Some(on_the_wire(ward.clock.now())));
}
