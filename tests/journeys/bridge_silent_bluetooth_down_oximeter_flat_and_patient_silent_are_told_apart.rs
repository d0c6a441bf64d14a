use ward_core::alert::{Problem, Severity};
use ward_core::silence::Why;
use ward_core::technical::{Cause, Detail};
use ward_core::time::{minutes, seconds};
use ward_tests::silence::{ListeningWard, asks_at, missed};
use ward_tests::{Bridge, on_both_databases, spo2};

on_both_databases!(
    the_patient_is_silent_where_all_the_kit_works,
    the_oximeter_is_flat,
    the_bluetooth_is_down,
    the_bridge_is_silent,
    a_bridge_is_silent_once_and_its_end_is_noted,
    a_silent_bridge_of_somebody_who_was_red_is_red,
    a_bridge_that_reads_nobody_may_be_silent,
    a_status_that_is_none_is_refused_with_its_place,
);

const BRIDGE_SILENT: Problem = Problem::Technical(Cause::BridgeSilent);
const BLUETOOTH_DOWN: Problem = Problem::Technical(Cause::BluetoothDown);
const BATTERY: Problem = Problem::Technical(Cause::DeviceBattery);

fn has_ended(alert: &ward_core::alert::Alert) -> bool {
    matches!(
        alert.detail,
        Some(Detail::Kit {
            ended_at: Some(_),
            ..
        })
    )
}

async fn the_patient_is_silent_where_all_the_kit_works(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9])).await;
    for _ in 0..125 {
        bridge.says(true, &[(&patient.oximeter, 80)]).await;
        ward.after(minutes(1)).await;
    }
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    assert_eq!(missed(&alert)[0].why, Why::PatientSilent);
    assert_eq!(ward.open_alerts().await.len(), 1);
}

async fn the_oximeter_is_flat(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9])).await;
    for _ in 0..125 {
        bridge.says(true, &[(&patient.oximeter, 4)]).await;
        ward.after(minutes(1)).await;
    }
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    let [missed] = missed(&alert)[..] else {
        panic!("{alert:?}");
    };
    let Why::OximeterFlat {
        percent: 4,
        heard_at: Some(heard_at),
    } = missed.why
    else {
        panic!("{missed:?}");
    };
    // A second before the bridge last spoke of it.
    assert!(missed.slot.closes.millis_since(heard_at) < 600_000);
    let battery = ward.the(BATTERY).await.unwrap();
    assert_eq!(battery.severity, Severity::Low);
    bridge.says(true, &[(&patient.oximeter, 100)]).await;
    ward.comes_to(BATTERY, has_ended).await;
}

async fn the_bluetooth_is_down(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    ward.asks(patient.stay, &asks_at(&[9])).await;
    for _ in 0..125 {
        bridge.says(false, &[]).await;
        ward.after(minutes(1)).await;
    }
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    assert_eq!(missed(&alert)[0].why, Why::BluetoothDown);
    let down = ward.the(BLUETOOTH_DOWN).await.unwrap();
    assert!(!has_ended(&down));
    let raised = ward.kinds().await;
    assert_eq!(
        raised
            .iter()
            .filter(|kind| **kind == "alert_raised")
            .count(),
        2
    );
    bridge.says(true, &[]).await;
    ward.comes_to(BLUETOOTH_DOWN, has_ended).await;
}

async fn the_bridge_is_silent(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.says(true, &[(&patient.oximeter, 80)]).await;
    let heard_at = ward.clock.now();
    ward.asks(patient.stay, &asks_at(&[9])).await;
    ward.after(minutes(125)).await;
    let alert = ward.comes_to(Problem::Silence, |_| true).await;
    let since = Some(heard_at);
    assert_eq!(missed(&alert)[0].why, Why::BridgeSilent { since });
    ward.comes_to(BRIDGE_SILENT, |_| true).await;
}

async fn a_bridge_is_silent_once_and_its_end_is_noted(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.says(true, &[]).await;
    let heard_at = ward.clock.now();
    ward.after(seconds(149)).await;
    assert_eq!(ward.the(BRIDGE_SILENT).await, None);
    // Within three minutes of the last word, with the looks a quarter of a minute apart.
    ward.after(seconds(16)).await;
    let silent = ward.comes_to(BRIDGE_SILENT, |_| true).await;
    assert_eq!(silent.severity, Severity::Low);
    let Some(Detail::Kit { stays, since, .. }) = &silent.detail else {
        panic!("{silent:?}");
    };
    assert_eq!((stays.as_slice(), *since), (&[patient.stay][..], heard_at));
    for _ in 0..5 {
        ward.after(minutes(10)).await;
    }
    let raised = ward.kinds().await;
    assert_eq!(
        raised
            .iter()
            .filter(|kind| **kind == "alert_raised")
            .count(),
        1
    );
    bridge.says(true, &[]).await;
    ward.clock.advance(minutes(1));
    let over = ward.comes_to(BRIDGE_SILENT, has_ended).await;
    assert_eq!(over.number, silent.number);
}

async fn a_silent_bridge_of_somebody_who_was_red_is_red(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(88.0)).await;
    ward.after(minutes(17)).await;
    let silent = ward.comes_to(BRIDGE_SILENT, |_| true).await;
    assert_eq!(silent.severity, Severity::Red);
}

async fn a_bridge_that_reads_nobody_may_be_silent(ListeningWard(ward): ListeningWard) {
    Bridge::enrolled_at(&ward).await;
    ward.after(minutes(600)).await;
    assert_eq!(ward.open_alerts().await, []);
}

async fn a_status_that_is_none_is_refused_with_its_place(ListeningWard(ward): ListeningWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    for (body, says) in [
        (r#"{"oximeters":[]}"#, "radio_up"),
        (
            r#"{"radio_up":true,"oximeters":[],"spool":{"waiting":-1}}"#,
            "-1",
        ),
        (
            r#"{"radio_up":true,"oximeters":[],"clock":{"wall":"noon"}}"#,
            "column 54",
        ),
        (
            r#"{"radio_up":true,"oximeters":[{"device_address":"nowhere"}]}"#,
            "oximeters[0].device_address",
        ),
        (
            r#"{"radio_up":true,"oximeters":[{"device_address":"00:1C:05:FF:4E:5D","battery_percent":101}]}"#,
            "oximeters[0].battery_percent",
        ),
        ("{", "EOF"),
    ] {
        let reply = bridge.post_status(body).await;
        assert_eq!(reply.status.as_u16(), 400, "{body}");
        let text = String::from_utf8_lossy(&reply.body);
        assert!(text.contains(says), "{body}: {text}");
    }
    let many = vec![r#"{"device_address":"00:1C:05:FF:4E:5D"}"#; 65].join(",");
    let body = format!(r#"{{"radio_up":true,"oximeters":[{many}]}}"#);
    assert_eq!(bridge.post_status(body).await.status.as_u16(), 413);
}
