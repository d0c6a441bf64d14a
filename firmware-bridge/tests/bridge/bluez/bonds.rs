//! Stories of oximeters that want an encrypted link.

use std::time::Duration;

use ward_oximeter::uuids::{PLX_CONTINUOUS, PLX_SPOT_CHECK};

use super::Call;
use super::gatt::PLX;
use super::home::{OTHER, OURS, SPOT, home};
use super::stories::stream;
use crate::support::eventually;

#[tokio::test]
async fn an_oximeter_that_wants_pairing_is_paired_and_read() {
    let home = home().await;
    home.bluez.asked(Call::RegisterAgent, 1).await;
    let device = home.bluez.appear(OURS, PLX).await;
    device.protect();
    home.subscribed(PLX_CONTINUOUS).await;
    assert!(device.is_paired());
    assert!(home.bluez.value(&device, PLX_SPOT_CHECK, &SPOT).await);
    home.reading("the spot check", |_| true).await;
}

#[tokio::test]
async fn a_device_that_is_not_this_bridges_is_refused_when_it_wants_to_pair() {
    let home = home().await;
    home.bluez.asked(Call::RegisterAgent, 1).await;
    home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    let (connection, world) = (&home.bluez.connection, &home.bluez.world);
    let ours = "/org/bluez/hci0/dev_00_1C_05_FF_4E_5D";
    assert!(world.agent_allows(connection, ours).await.is_ok());
    for stranger in [
        "/org/bluez/hci0/dev_00_1C_05_FF_4E_5E",
        "/org/bluez/hci1/dev_00_1C_05_FF_4E_5D",
        "/org/bluez/hci0/dev_00_1C_05_FF_4E_5D/service0010",
        "/",
    ] {
        assert!(
            world.agent_allows(connection, stranger).await.is_err(),
            "{stranger}"
        );
    }
    home.bridge.says("wants to pair: refused").await;
}

#[tokio::test]
async fn a_bond_that_only_the_bridge_still_has_is_begun_anew() {
    let home = home().await;
    home.bluez.asked(Call::RegisterAgent, 1).await;
    let device = home.bluez.appear_silently(OURS, PLX).await;
    device.protect();
    device.was_paired(true);
    device.keep_silent(false);
    home.bluez.asked(Call::Remove(OURS.to_owned()), 1).await;
    // Not at the first failures: they can be anything.
    assert_eq!(home.bluez.count(&Call::Connect(OURS.to_owned())), 4);
    assert_eq!(
        home.bluez.count(&Call::Pair(OURS.to_owned())),
        0,
        "never on a bond that is there"
    );
    home.subscribed(PLX_CONTINUOUS).await;
    assert!(device.is_paired());
    assert!(home.bluez.value(&device, PLX_SPOT_CHECK, &SPOT).await);
    home.reading("the spot check", |_| true).await;
    assert_eq!(home.bluez.count(&Call::Remove(OURS.to_owned())), 1);
}

#[tokio::test]
async fn a_good_bond_outlives_lost_links_and_failed_connects() {
    let home = home().await;
    let device = home.bluez.appear_silently(OURS, PLX).await;
    device.protect();
    device.was_paired(false);
    device.keep_silent(false);
    for time in 1..=4 {
        home.bluez
            .asked(Call::Notify(OURS.to_owned(), PLX_CONTINUOUS), time)
            .await;
        stream(&home, &device, 2).await;
        device.refuse_next_connect("Software caused connection abort");
        home.bluez.drop_link(&device).await;
        home.bridge.says("Software caused connection abort").await;
    }
    assert_eq!(home.bluez.count(&Call::Remove(OURS.to_owned())), 0);
    assert_eq!(home.bluez.count(&Call::Pair(OURS.to_owned())), 0);
    assert!(device.is_paired());
}

#[tokio::test]
async fn two_oximeters_are_read_at_once_and_one_that_hangs_does_not_hold_the_other_up_for_ever() {
    let home = home().await;
    home.service.enrol_device(OTHER);
    let hanging = home.bluez.appear_silently(OTHER, PLX).await;
    hanging.hang(true);
    hanging.keep_silent(false);
    home.bluez.asked(Call::Connect(OTHER.to_owned()), 1).await;
    let device = home.bluez.appear(OURS, PLX).await;
    // After a time-out the Bluetooth service is told to give up.
    home.bluez
        .asked(Call::Disconnect(OTHER.to_owned()), 1)
        .await;
    home.subscribed(PLX_CONTINUOUS).await;
    hanging.hang(false);
    home.bluez
        .asked(Call::Notify(OTHER.to_owned(), PLX_CONTINUOUS), 1)
        .await;
    let mut second = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..18 {
        second.tick().await;
        for (device, spo2) in [(&device, 97), (&hanging, 89)] {
            let told = home
                .bluez
                .value(device, PLX_CONTINUOUS, &[0, spo2, 0, 72, 0])
                .await;
            assert!(told);
        }
    }
    eventually("a reading of each, and each with its own values", async || {
        let readings = home.service.readings();
        let of = |address: &str, spo2: f64| {
            readings.iter().any(|item| {
                item.device_address == address
                    && matches!(&item.measured, ward_wire::bridge::MeasuredItem::Window(values) if values.spo2_percent == spo2)
            })
        };
        (of(OURS, 97.0) && of(OTHER, 89.0)).then_some(())
    })
    .await;
    for item in home.service.readings() {
        if let ward_wire::bridge::MeasuredItem::Window(values) = &item.measured {
            let wanted = if item.device_address == OURS {
                97.0
            } else {
                89.0
            };
            assert!((values.spo2_percent - wanted).abs() < 0.01, "{item:?}");
        }
    }
}
