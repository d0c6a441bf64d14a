use ward_core::time::minutes;
use ward_tests::console::{try_upgrade, upgrade};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    signing_out_ends_this_persons_line_and_nobody_elses,
    the_end_of_the_shift_ends_the_line,
);

async fn signing_out_ends_this_persons_line_and_nobody_elses(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = Nurse::comes_on_shift(&ward, "ben", "Ben Ito").await;
    let (hers, his) = (
        Console::opened_by(&asha).await,
        Console::opened_by(&ben).await,
    );
    asha.signs_out().await;
    assert_eq!(hers.is_closed().await, 4401);
    assert_eq!(try_upgrade(upgrade(&asha, 0)).await.err(), Some(401));
    let refused = asha.get(&asha.path("/board")).await;
    assert_eq!(refused.refusal(), (401, "not-signed-in".to_owned()));
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    his.sees("red", |_| true).await;
}

async fn the_end_of_the_shift_ends_the_line(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    ward.clock.advance(minutes(12 * 60 + 59));
    assert_eq!(asha.get("/api/session").await.status, 200);
    ward.clock.advance(minutes(1));
    assert_eq!(console.is_closed().await, 4401);
    // Nobody signs in with a wrong password, and how fast they try is limited.
    let wrong = |password: &str| {
        let body = serde_json::json!({ "username": "asha", "password": password });
        let request = ward_tests::http::client()
            .post(ward.url("/api/session"))
            .header("origin", format!("http://{}", ward.address))
            .json(&body);
        ward_tests::http::ask(request)
    };
    let refused = wrong("not her password").await;
    assert_eq!(
        refused.refusal(),
        (401, "wrong-name-or-password".to_owned())
    );
    let mut last = refused;
    for _ in 0..25 {
        last = wrong(&"x".repeat(300)).await;
        if last.status == 429 {
            break;
        }
    }
    assert_eq!(last.refusal(), (429, "too-many-requests".to_owned()));
    assert!(last.header("retry-after").parse::<u32>().unwrap() > 0);
}
