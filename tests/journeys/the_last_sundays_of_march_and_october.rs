use std::time::Duration;

use ward_core::id::StayId;
use ward_core::time::Timestamp;
use ward_tests::calls::{codes, reached, whereabouts};
use ward_tests::{Nurse, TestWard, on_both_databases};

on_both_databases!(
    a_day_of_twenty_three_hours_has_its_call,
    a_day_of_twenty_five_hours_has_one_call,
);

/// The clock is moved on to a time, said in UTC.
async fn it_becomes(ward: &TestWard, time: &str) -> Nurse {
    let at: jiff::Timestamp = time.parse().unwrap();
    let ahead = Timestamp::from(at).millis_since(ward.clock.now());
    let ahead = Duration::from_millis(u64::try_from(ahead).unwrap());
    ward.after(ahead).await;
    // Sessions do not last over months.
    Nurse::signs_in(ward, "carl").await
}

async fn reason(handler: &Nurse, stay: StayId) -> String {
    let list = handler.call_list().await;
    let (part, row) = whereabouts(&list, stay);
    let code = codes(row).first().map(ToString::to_string);
    format!("{} {part} {}", list.day, code.unwrap_or_default())
}

async fn with_a_handler(ward: &TestWard) {
    let role = ward_core::clinician::Role::CallHandler;
    ward.staff("carl", "Carl Ode", ward.ward, role).await;
}

async fn a_day_of_twenty_three_hours_has_its_call(ward: TestWard) {
    with_a_handler(&ward).await;
    let handler = it_becomes(&ward, "2027-03-27T20:00:00Z").await;
    let stay = ward.admit().await;
    assert_eq!(reason(&handler, stay).await, "2027-03-27 to_call new_today");
    handler.logs(stay, &reached()).await;
    assert_eq!(reason(&handler, stay).await, "2027-03-27 not_due ");
    // The Sunday begins at midnight, ends 23 hours later, and has one call.
    let handler = it_becomes(&ward, "2027-03-28T00:00:01Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-03-28 to_call due_today");
    let handler = it_becomes(&ward, "2027-03-28T22:50:00Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-03-28 to_call due_today");
    handler.logs(stay, &reached()).await;
    assert_eq!(reason(&handler, stay).await, "2027-03-28 not_due ");
    let handler = it_becomes(&ward, "2027-03-28T23:00:01Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-03-29 to_call due_today");
    // Nobody rang on the Monday.
    let handler = it_becomes(&ward, "2027-03-30T07:00:00Z").await;
    assert_eq!(
        reason(&handler, stay).await,
        "2027-03-30 to_call carried_over"
    );
    let list = handler.call_list().await;
    let (_, row) = whereabouts(&list, stay);
    assert_eq!(row.reasons[0].since.unwrap().to_string(), "2027-03-29");
    assert_eq!(row.day, 4);
}

async fn a_day_of_twenty_five_hours_has_one_call(ward: TestWard) {
    with_a_handler(&ward).await;
    let handler = it_becomes(&ward, "2027-10-30T10:00:00Z").await;
    let stay = ward.admit().await;
    handler.logs(stay, &reached()).await;
    // The Sunday begins at 23:00 UTC. Somebody is rung in its first minutes, and not again 24 hours later.
    let handler = it_becomes(&ward, "2027-10-30T23:00:01Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-10-31 to_call due_today");
    handler.logs(stay, &reached()).await;
    let handler = it_becomes(&ward, "2027-10-31T23:59:59Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-10-31 not_due ");
    let handler = it_becomes(&ward, "2027-11-01T00:00:01Z").await;
    assert_eq!(reason(&handler, stay).await, "2027-11-01 to_call due_today");
}
