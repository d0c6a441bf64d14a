use ward_core::clinician::Role;
use ward_core::id::WardId;
use ward_tests::console::{try_upgrade, upgrade};
use ward_tests::{Bridge, Console, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    it_is_not_there_and_neither_is_its_board_nor_are_its_alerts,
    nothing_of_one_ward_is_on_the_feed_of_another,
    who_is_taken_off_the_ward_loses_the_socket,
);

async fn it_is_not_there_and_neither_is_its_board_nor_are_its_alerts(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let number = ward_tests::Desk::only(&ward.open_alerts().await).number.0;
    let other = ward.open_ward("BUR").await;
    ward.staff("ben", "Ben Ito", other, Role::Clinician).await;
    let mut ben = Nurse::signs_in(&ward, "ben").await;
    let nowhere = WardId(uuid::Uuid::from_u128(7));
    for not_his in [ward.ward, nowhere] {
        ben.ward = not_his;
        assert_eq!(try_upgrade(upgrade(&ben, 0)).await.err(), Some(404));
        for refused in [
            ben.get(&ben.path("/board")).await,
            ben.acknowledges(number, i64::MAX).await,
            ben.resolves(number, i64::MAX).await,
        ] {
            assert_eq!(refused.refusal(), (404, "not-found".to_owned()));
        }
    }
    ben.ward = other;
    assert!(try_upgrade(upgrade(&ben, 0)).await.is_ok());
    assert!(ward.open_alerts().await[0].is_unacknowledged());
}

async fn nothing_of_one_ward_is_on_the_feed_of_another(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let other = ward.open_ward("BUR").await;
    ward.staff("ben", "Ben Ito", other, Role::Clinician).await;
    let mut ben = Nurse::signs_in(&ward, "ben").await;
    ben.ward = other;
    let there = Console::opened_by(&ben).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let here = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    here.sees("red", |_| true).await;
    // Something of its own, behind which everything else would have come.
    ward.admit_to(other).await;
    let screen = there.reaches(1).await;
    assert_eq!(screen.events.len(), 1);
    assert!(screen.alerts.is_empty());
}

async fn who_is_taken_off_the_ward_loses_the_socket(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let console = Console::opened_by(&asha).await;
    ward.wards.leave_ward("asha", ward.ward).await.unwrap();
    assert_eq!(console.is_closed().await, 4401);
    assert_eq!(try_upgrade(upgrade(&asha, 0)).await.err(), Some(404));
}
