//! Stories of an adapter, a Bluetooth service and a message bus that fail.

use std::sync::atomic::Ordering;

use ward_oximeter::uuids::{NORDIC_UART_NOTIFY, PLX_CONTINUOUS, PLX_SPOT_CHECK};
use ward_sim::{Event, Model, Scenario};

use super::Call;
use super::gatt::{PC60, PLX};
use super::home::{OURS, TIMES, home};
use super::stories::{is_settled, is_unsettled, measuring, stream};
use crate::support::eventually;

#[tokio::test]
async fn an_adapter_whose_scan_goes_on_failing_is_switched_off_and_on() {
    let home = home().await;
    home.bluez.asked(Call::StartDiscovery, 1).await;
    home.bluez.world.scan_fails.store(true, Ordering::Relaxed);
    home.bluez.world.discovering.store(false, Ordering::Relaxed);
    home.bluez.asked(Call::Powered(false), 1).await;
    home.bluez.asked(Call::StartDiscovery, 2).await;
    home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
}

#[tokio::test]
async fn when_the_message_bus_dies_the_bridge_keeps_what_it_has_and_ends() {
    let mut home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    stream(&home, &device, 10).await;
    home.bus.kill().await;
    let (status, log) = home.bridge.end().await;
    assert!(!status.success(), "so that its supervisor starts it anew");
    assert!(
        log.last()
            .unwrap()
            .contains("the Bluetooth service is gone"),
        "{log:?}"
    );
    let kept = home.service.readings();
    assert!(kept.iter().any(is_unsettled), "{kept:?}");
}

#[tokio::test]
async fn a_lost_notification_in_the_middle_of_a_frame_costs_a_frame_and_not_the_reading() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PC60).await;
    home.subscribed(NORDIC_UART_NOTIFY).await;
    let began = tokio::time::Instant::now();
    let oximeter = measuring(Model::Pc60, Scenario::Stable, 24);
    for (number, event) in oximeter.enumerate() {
        let at = std::time::Duration::from_millis(event.at_ms()) / TIMES;
        tokio::time::sleep_until(began + at).await;
        match event {
            Event::Packet(packet) if number % 40 != 7 => {
                home.bluez
                    .value(&device, packet.characteristic, &packet.bytes)
                    .await;
            }
            Event::Disconnected { .. } => break,
            Event::Packet(_) | Event::Connected { .. } => {}
        }
    }
    home.reading("a settled window", is_settled).await;
}

#[tokio::test]
async fn two_equal_spot_checks_without_a_time_are_two_readings() {
    let home = home().await;
    let device = home.bluez.appear(OURS, PLX).await;
    home.subscribed(PLX_CONTINUOUS).await;
    for _ in 0..2 {
        assert!(
            home.bluez
                .value(&device, PLX_SPOT_CHECK, &[0, 84, 0, 99, 0])
                .await
        );
    }
    eventually("two readings", async || {
        (home.service.readings().len() == 2).then_some(())
    })
    .await;
}
