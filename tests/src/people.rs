//! Invented people and their oximeters: numbers from the range that is kept for tests.

use ward_core::device::DeviceAddress;
use ward_core::patient::NhsNumber;
use ward_service::Referral;

/// Somebody who does not exist, with an NHS number from the range kept for tests.
#[must_use]
pub fn referral(number: u32) -> Referral {
    Referral {
        nhs_number: nhs_number(number),
        family_name: format!("Example{number}"),
        given_name: "Ada".to_owned(),
        birth_date: "1948-03-09".parse().unwrap(),
        phone: "01254 111 111".to_owned(),
        address: "1 Mill Lane".to_owned(),
        door_access: "key safe".to_owned(),
        others_at_home: "nobody".to_owned(),
        oxygen_at_home: "none".to_owned(),
        escalation_plan: "for full treatment".to_owned(),
        plan: None,
    }
}

/// The `number`th of the NHS numbers 999 …: of ten endings one fits, but where the check digit would be ten.
fn nhs_number(number: u32) -> NhsNumber {
    (0..)
        .flat_map(|step| (0..10).map(move |check| format!("999{:06}{check}", number * 10 + step)))
        .find_map(|text| text.parse().ok())
        .expect("the range is not used up")
}

/// The address of the `number`th oximeter.
#[must_use]
pub fn oximeter(number: u32) -> DeviceAddress {
    let [_, a, b, c] = number.to_be_bytes();
    format!("00:1C:05:{a:02X}:{b:02X}:{c:02X}").parse().unwrap()
}
