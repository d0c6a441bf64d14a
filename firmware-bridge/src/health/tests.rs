use super::*;
use crate::clock::Clock;

const DEVICE: &str = "00:1C:05:FF:4E:5D";

fn device() -> Address {
    DEVICE.parse().unwrap()
}

fn now() -> Steady {
    Clock::of_this_machine().steady()
}

/// What a change left behind, and whether it was told.
fn after(health: &Health, change: impl FnOnce(&Health)) -> (Known, bool) {
    let follow = health.follow();
    change(health);
    let told = follow.has_changed().unwrap();
    let known = follow.borrow().clone();
    (known, told)
}

#[test]
fn changes_are_told_and_being_heard_is_not() {
    let health = Health::default();
    assert!(!after(&health, |it| it.heard(&device(), now())).1);
    for (up, is_told) in [(true, true), (true, false), (false, true)] {
        assert_eq!(after(&health, |it| it.radio(up)).1, is_told, "{up}");
    }
    let (known, told) = after(&health, |it| it.battery(&device(), 9));
    assert!(told);
    assert_eq!(known.oximeters[&device()].battery_percent, Some(9));
}

#[test]
fn an_adapter_works_when_it_is_there_switched_on_and_its_service_answers() {
    let well = Adapter {
        name: Some("hci0".to_owned()),
        present: true,
        powered: true,
        service_answers: true,
    };
    let health = Health::default();
    for adapter in [
        Adapter {
            present: false,
            ..well.clone()
        },
        Adapter {
            powered: false,
            ..well.clone()
        },
        Adapter {
            service_answers: false,
            ..well.clone()
        },
    ] {
        let (known, told) = after(&health, |it| it.adapter(adapter));
        assert!(told);
        assert_eq!(known.radio_up, Some(false));
    }
    let (known, told) = after(&health, |it| it.adapter(well.clone()));
    assert!(told);
    assert_eq!(known.radio_up, Some(true));
    assert!(!after(&health, |it| it.adapter(well)).1);
}

#[test]
fn a_trouble_counts_from_when_it_began_until_a_reading_comes() {
    let health = Health::default();
    let began = now();
    let later = Steady {
        ms: began.ms + 60_000,
        ..began
    };
    let (_, told) = after(&health, |it| {
        it.trouble(&device(), Trouble::WantsPairing, began);
    });
    assert!(told);
    let (known, told) = after(&health, |it| {
        it.trouble(&device(), Trouble::WantsPairing, later);
        it.connected(&device());
    });
    assert!(!told);
    let held = known.oximeters[&device()].trouble.unwrap();
    assert_eq!((held.what, held.since), (Trouble::WantsPairing, began));
    let (known, told) = after(&health, |it| it.reading(&device(), later));
    assert!(told);
    let oximeter = &known.oximeters[&device()];
    assert_eq!((oximeter.trouble, oximeter.reading), (None, Some(later)));
}

#[test]
fn a_connection_ends_that_there_was_none() {
    let health = Health::default();
    health.trouble(&device(), Trouble::CannotConnect, now());
    let (known, told) = after(&health, |it| it.connected(&device()));
    assert!(told);
    assert_eq!(known.oximeters[&device()].trouble, None);
    assert!(!after(&health, |it| it.no_trouble(&device())).1);
}

#[test]
fn in_reach_is_connected_or_heard_within_two_minutes() {
    let health = Health::default();
    let heard = now();
    let (known, told) = after(&health, |it| it.in_reach(&device(), Some(-61), heard));
    assert!(!told);
    let oximeter = &known.oximeters[&device()];
    assert_eq!(oximeter.rssi_dbm, Some(-61));
    let at = |ms| Steady {
        ms: heard.ms + ms,
        ..heard
    };
    assert!(oximeter.is_in_reach(at(IN_REACH_MS)));
    assert!(!oximeter.is_in_reach(at(IN_REACH_MS + 1)));
    health.connected(&device());
    let (known, _) = after(&health, |it| it.in_reach(&device(), None, heard));
    let oximeter = &known.oximeters[&device()];
    assert!(oximeter.is_in_reach(at(IN_REACH_MS + 1)));
    assert_eq!(oximeter.rssi_dbm, Some(-61));
    let (known, _) = after(&health, |it| it.disconnected(&device()));
    assert!(!known.oximeters[&device()].is_in_reach(at(IN_REACH_MS + 1)));
}

#[test]
fn what_a_device_says_of_itself_is_cut_to_what_the_service_takes() {
    let health = Health::default();
    let long = "\u{0}\n  ".to_owned() + &"ü".repeat(200);
    let (known, _) = after(&health, |it| {
        it.model(&device(), Some(&long), Some("\u{0}"));
    });
    let oximeter = &known.oximeters[&device()];
    assert!(oximeter.model.as_ref().unwrap().chars().count() <= 64);
    assert_eq!(oximeter.firmware, None);
    let (known, _) = after(&health, |it| it.model(&device(), None, Some("1.2")));
    let oximeter = &known.oximeters[&device()];
    assert!(oximeter.model.is_some());
    assert_eq!(oximeter.firmware.as_deref(), Some("1.2"));
}

#[test]
fn more_than_so_many_oximeters_are_not_kept_in_mind() {
    let health = Health::default();
    for nth in 0..300_u32 {
        let address = format!("00:1C:05:FF:{:02X}:{:02X}", nth >> 8, nth & 0xFF);
        health.in_reach(&address.parse().unwrap(), None, now());
    }
    assert_eq!(health.follow().borrow().oximeters.len(), 256);
}
