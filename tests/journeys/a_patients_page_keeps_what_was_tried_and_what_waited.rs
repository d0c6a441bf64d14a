use std::time::Duration;

use uuid::Uuid;
use ward_core::alert::{Problem, Severity};
use ward_core::technical::Cause;
use ward_core::time::minutes;
use ward_tests::browser::{Browser, page_of};
use ward_tests::{Desk, Nurse, TestWard, on_both_databases};

on_both_databases!(
    what_cannot_be_measured_is_kept_and_three_times_of_it_are_an_alert,
    what_waited_on_a_phone_counts_from_when_it_was_measured_and_once,
    a_page_is_one_persons_and_is_held_to_its_origin,
);

async fn what_cannot_be_measured_is_kept_and_three_times_of_it_are_an_alert(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut ada = Browser::new(&ward);
    ada.comes_in(&asha.gives_code(stay, None).await.code).await;
    let nothing = format!("id={}", Uuid::new_v4());
    let none = page_of(stay, "/reading/none");
    for _ in 0..2 {
        let reply = ada.sends(&none, &nothing).await;
        assert_eq!(reply.status, 303, "the same form twice: {reply}");
    }
    // No oximeter shows these: asked again with what was typed, and kept.
    let cannot_be = format!("id={}&oxygen=130&pulse=140", Uuid::new_v4());
    let again = ada.sends(&page_of(stay, "/reading"), &cannot_be).await;
    assert_eq!(again.status, 422);
    assert!(String::from_utf8_lossy(&again.body).contains("value=\"130\""));
    let chart = asha.chart(stay).await.readings;
    assert_eq!(chart.len(), 2);
    assert!(chart.iter().all(|reading| reading.spo2_percent.is_none()));
    assert!(
        chart
            .iter()
            .any(|it| it.typed.is_some_and(|it| it.spo2_percent == 130.0))
    );
    assert_eq!(ward.open_alerts().await, []);

    let third = format!("id={}", Uuid::new_v4());
    let reply = ada.sends(&none, &third).await;
    let told = ada.opens(reply.header("location")).await;
    let said = String::from_utf8_lossy(&told.body).into_owned();
    assert!(said.contains("Try another finger") && !said.contains("Carry on as planned"));
    let open = ward.open_alerts().await;
    let poor = Desk::only(&open);
    assert_eq!(
        (poor.problem, poor.severity),
        (Problem::Technical(Cause::PoorSignal), Severity::Amber)
    );
}

async fn what_waited_on_a_phone_counts_from_when_it_was_measured_and_once(ward: TestWard) {
    let stay = ward.admit().await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut ada = Browser::new(&ward);
    ada.comes_in(&asha.gives_code(stay, None).await.code).await;
    ward.clock.advance(minutes(120));
    let waited = format!(
        "id={}&oxygen=91&pulse=80&waited_seconds=3600",
        Uuid::new_v4()
    );
    let path = page_of(stay, "/reading");
    let first = ada.sends(&path, &waited).await;
    let again = ada.sends(&path, &waited).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (303, 303));
    assert_eq!(first.header("location"), again.header("location"));
    let chart = asha.chart(stay).await.readings;
    assert_eq!(chart.len(), 1);
    let reading = chart.first().unwrap();
    let late = reading.received_at.duration_since(reading.at);
    assert_eq!(late.as_secs(), 3600, "{late:?}");
    let open = ward.open_alerts().await;
    let low = open.iter().find(|it| it.problem == Problem::Oxygen);
    assert_eq!(low.unwrap().severity, Severity::Red);

    // Under an id that was used nothing else is taken: the page asks again.
    let other = waited.replace("oxygen=91", "oxygen=97");
    assert_eq!(ada.sends(&path, &other).await.status, 422);
    assert_eq!(asha.chart(stay).await.readings.len(), 1);

    // What is told at its address is told as it stands later, too.
    ward.clock.advance(Duration::from_secs(60));
    let told = ada.opens(first.header("location")).await;
    assert!(String::from_utf8_lossy(&told.body).contains("999"));
}

async fn a_page_is_one_persons_and_is_held_to_its_origin(ward: TestWard) {
    let (stay, other) = (ward.admit().await, ward.admit().await);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let mut ada = Browser::new(&ward);
    assert_eq!(ada.opens(&page_of(stay, "")).await.status, 401);
    ada.comes_in(&asha.gives_code(stay, None).await.code).await;
    assert_eq!(ada.opens(&page_of(stay, "")).await.status, 200);
    for page in ["", "/reading", "/diary", "/help", "/seen", "/how", "/leave"] {
        assert_eq!(ada.opens(&page_of(other, page)).await.status, 401, "{page}");
    }
    // Somebody else's address with one's own token beside it opens nothing either.
    let token = ada.cookie.split_once('.').unwrap().1.to_owned();
    let name = ada.cookie.split_once('=').unwrap().0.to_owned();
    let forged = Browser {
        cookie: format!("{name}={}.{token}", other.0.simple()),
        ..Browser::new(&ward)
    };
    assert_eq!(forged.opens(&page_of(other, "")).await.status, 401);

    let from_elsewhere = Browser {
        cookie: ada.cookie.clone(),
        origin: "https://evil.example".to_owned(),
        ..Browser::new(&ward)
    };
    let help = page_of(stay, "/help");
    assert_eq!(from_elsewhere.sends(&help, "help=call").await.status, 403);
    assert_eq!(ward.open_alerts().await, []);

    // A copy of the cookie is good for nothing once its phone has let go.
    let left = ada.sends(&page_of(stay, "/leave"), "").await;
    assert_eq!(left.status, 303);
    assert_eq!(ada.opens(&page_of(stay, "")).await.status, 401);
}
