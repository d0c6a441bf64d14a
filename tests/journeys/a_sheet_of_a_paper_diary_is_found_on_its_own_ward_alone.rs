//! The code on a sheet leads to one stay of the ward, also weeks after its end, and to nobody anywhere else.

use ward_core::clinician::Role;
use ward_core::id::StayId;
use ward_core::permit::Verb;
use ward_core::sheet_code::SheetCode;
use ward_core::time::minutes;
use ward_service::SheetError;
use ward_tests::pathway::discharge_home;
use ward_tests::{Nurse, TestWard, on_both_databases};

on_both_databases!(
    a_code_leads_to_its_own_stay_and_day_also_after_the_discharge,
    on_another_ward_and_to_a_screen_on_the_wall_it_leads_nowhere,
);

const DAY: std::time::Duration = minutes(24 * 60);

fn printed(stay: StayId, day: u16) -> String {
    SheetCode::of(stay, day).to_string()
}

async fn a_code_leads_to_its_own_stay_and_day_also_after_the_discharge(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ben = ward.clinician("ben", "Ben").await;
    let permit = ward.permit(ben).await;
    let (one, other) = (ward.admit().await, ward.admit().await);
    let first = ward.wards.find_sheet(&permit, &printed(one, 1)).await;
    let first = first.unwrap();
    assert_eq!(first.stay, one);
    let eighth = ward.wards.find_sheet(&permit, &printed(other, 8)).await;
    let eighth = eighth.unwrap();
    assert_eq!(eighth.stay, other);
    assert_eq!(ward_core::day::Zone::days_between(first.day, eighth.day), 7);

    asha.has_moved(one, "discharge", &discharge_home()).await;
    ward.clock.advance(DAY * 30);
    let late = ward.wards.find_sheet(&permit, &printed(one, 1)).await;
    assert_eq!(late.unwrap(), first, "a sheet that comes with the kit");
    ward.clock.advance(DAY * 61);
    let gone = ward.wards.find_sheet(&permit, &printed(one, 1)).await;
    assert!(matches!(gone, Err(SheetError::Unknown)), "{gone:?}");
}

async fn on_another_ward_and_to_a_screen_on_the_wall_it_leads_nowhere(ward: TestWard) {
    let stay = ward.admit().await;
    let rib = ward.open_ward("RIB").await;
    for (username, place, role) in [
        ("ben", rib, Role::SeniorClinician),
        ("wall", ward.ward, Role::WallBoard),
    ] {
        let who = ward.staff(username, username, place, role).await;
        let permit = ward.wards.permit(who, place, Verb::SeeBoard).await;
        let permit = permit.unwrap().unwrap();
        let found = ward.wards.find_sheet(&permit, &printed(stay, 1)).await;
        let nowhere = matches!(found, Err(SheetError::Unknown | SheetError::Forbidden(_)));
        assert!(nowhere, "{username}: {found:?}");
    }
}
