use ward_core::alert::{Alert, Problem, Severity};
use ward_core::bridge_watch::{Found, Trouble};
use ward_core::care::{CarePlan, Mode};
use ward_core::silence::Why;
use ward_core::technical::{Cause, Detail};
use ward_core::time::minutes;
use ward_tests::desk::{Patient, nothing_asked};
use ward_tests::silence::{ListeningWard, asks_at, heartbeat, missed};
use ward_tests::{Bridge, TestWard, on_both_databases, spo2};
use ward_wire::bridge::{self as wire, DeviceList, SamplingMode, StatusRequest};

on_both_databases!(
    all_is_well_and_nothing_is_said,
    the_bluetooth_of_the_box_says_what_is_wrong_with_it,
    an_oximeter_that_wants_pairing_cannot_be_read,
    an_oximeter_that_is_worn_all_the_time_is_missed_within_a_quarter_of_an_hour,
    an_oximeter_that_is_used_now_and_then_explains_the_missed_reading,
    readings_that_stay_on_the_bridge_are_no_silent_patient,
    readings_that_get_fewer_are_on_their_way,
    a_disk_that_is_nearly_full_is_said_once,
    a_clock_that_is_wrong_is_told_to_the_bridge_and_the_ward,
    a_cause_that_comes_and_goes_is_one_alert_with_a_count,
    a_later_bridge_is_understood_as_far_as_it_goes,
    the_list_of_oximeters_has_a_slot_and_a_version_and_no_name,
);

/// A bridge that beats each minute, and somebody whom it reads.
struct Home {
    ward: TestWard,
    bridge: Bridge,
    patient: Patient,
}

impl Home {
    async fn on(ward: TestWard) -> Self {
        let bridge = Bridge::enrolled_at(&ward).await;
        let patient = ward.patient(&bridge).await;
        Self {
            ward,
            bridge,
            patient,
        }
    }

    fn well(&self) -> StatusRequest {
        heartbeat(&self.ward.clock, &self.patient.oximeter)
    }

    /// Beats each minute for so many, each time a little changed.
    async fn beats(&self, times: u64, change: impl Fn(&mut StatusRequest, u64)) {
        for minute in 0..times {
            let mut request = self.well();
            change(&mut request, minute);
            self.bridge.beats(&request).await;
            self.ward.after(minutes(1)).await;
        }
    }

    async fn open(&self) -> Vec<Problem> {
        let open = self.ward.open_alerts().await;
        open.iter().map(|alert| alert.problem).collect()
    }

    /// This alone is said; and when all is well again, it says so itself.
    async fn is_said_alone_and_is_over(&self, cause: Cause) -> Alert {
        let problem = Problem::Technical(cause);
        assert_eq!(self.open().await, [problem]);
        let alert = self.ward.the(problem).await.unwrap();
        assert!(!has_ended(&alert), "{alert:?}");
        self.beats(1, |_, _| {}).await;
        let over = self.ward.comes_to(problem, has_ended).await;
        assert_eq!(over.number, alert.number);
        assert_eq!(self.open().await, [problem]);
        alert
    }
}

fn has_ended(alert: &Alert) -> bool {
    matches!(
        alert.detail,
        Some(
            Detail::Kit {
                ended_at: Some(_),
                ..
            } | Detail::Clock {
                ended_at: Some(_),
                ..
            }
        )
    )
}

fn found(alert: &Alert) -> Option<Found> {
    match alert.detail {
        Some(Detail::Kit { found, .. }) => found,
        _ => None,
    }
}

fn stuck(request: &mut StatusRequest, waiting: u64) {
    let spool = request.spool.as_mut().unwrap();
    spool.waiting = waiting;
    spool.oldest_waits_ms = Some(600_000);
}

async fn all_is_well_and_nothing_is_said(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    let before = home.ward.head().await;
    home.beats(60, |_, _| {}).await;
    assert_eq!(home.ward.head().await, before);
    let kept = home.ward.wards.store().bridge_status(home.bridge.bridge.id);
    let kept = kept.await.unwrap().unwrap();
    assert_eq!(kept.versions.unwrap().bridge, "0.1.0");
    assert_eq!(kept.adapter.unwrap().name.as_deref(), Some("hci0"));
}

async fn the_bluetooth_of_the_box_says_what_is_wrong_with_it(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    home.beats(3, |request, _| {
        request.radio_up = false;
        let adapter = request.adapter.as_mut().unwrap();
        (adapter.present, adapter.powered) = (false, false);
    })
    .await;
    let alert = home.is_said_alone_and_is_over(Cause::BluetoothDown).await;
    assert_eq!(found(&alert), Some(Found::NoAdapter));
}

async fn an_oximeter_that_wants_pairing_cannot_be_read(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    let (bridge, patient) = (&home.bridge, &home.patient);
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    home.beats(4, |request, minute| {
        request.oximeters[0].trouble = Some(wire::Trouble::WantsPairing);
        request.oximeters[0].trouble_for_ms = Some(minute * 60_000);
    })
    .await;
    let alert = home
        .is_said_alone_and_is_over(Cause::OximeterCannotBeRead)
        .await;
    let trouble = Trouble::WantsPairing;
    assert_eq!(found(&alert), Some(Found::CannotBeRead { trouble }));
    assert_eq!(alert.severity, Severity::Low);
}

async fn an_oximeter_that_is_worn_all_the_time_is_missed_within_a_quarter_of_an_hour(
    ListeningWard(ward): ListeningWard,
) {
    let home = Home::on(ward).await;
    let continuous = CarePlan {
        mode: Mode::TechnologyEnabled,
        ..nothing_asked()
    };
    home.ward.asks(home.patient.stay, &continuous).await;
    home.beats(1, |_, _| {}).await;
    // A bridge that is restarted in between has not heard it, and is not asked when it was.
    home.beats(31, |request, minute| {
        request.oximeters[0].heard_ago_ms = None;
        request.oximeters[0].battery_percent = None;
        request.uptime_seconds = Some(minute * 60);
    })
    .await;
    let alert = home
        .is_said_alone_and_is_over(Cause::OximeterNotHeard)
        .await;
    let percent = Some(80);
    assert_eq!(found(&alert), Some(Found::NotHeard { percent }));
}

async fn an_oximeter_that_is_used_now_and_then_explains_the_missed_reading(
    ListeningWard(ward): ListeningWard,
) {
    let home = Home::on(ward).await;
    let heard_at = home.ward.clock.now();
    home.ward.asks(home.patient.stay, &asks_at(&[10])).await;
    home.beats(185, |request, minute| {
        request.oximeters[0].battery_percent = Some(18);
        request.oximeters[0].heard_ago_ms = Some(minute * 60_000);
    })
    .await;
    let alert = home.ward.comes_to(Problem::Silence, |_| true).await;
    let why = missed(&alert)[0].why;
    let Why::OximeterNotHeard {
        heard_at: Some(said),
        percent: Some(18),
    } = why
    else {
        panic!("{why:?}");
    };
    assert!(said.millis_since(heard_at).abs() < 1_000, "{said}");
    assert_eq!(home.open().await, [Problem::Silence]);
}

async fn readings_that_stay_on_the_bridge_are_no_silent_patient(
    ListeningWard(ward): ListeningWard,
) {
    let home = Home::on(ward).await;
    home.ward.asks(home.patient.stay, &asks_at(&[9])).await;
    home.beats(125, |request, minute| stuck(request, 3 + minute / 20))
        .await;
    let silence = home.ward.comes_to(Problem::Silence, |_| true).await;
    let why = missed(&silence)[0].why;
    assert!(
        matches!(why, Why::ReadingsStuck { waiting: 8 | 9 }),
        "{why:?}"
    );
    let problem = Problem::Technical(Cause::ReadingsStuck);
    let alert = home.ward.the(problem).await.unwrap();
    assert_eq!(found(&alert), Some(Found::Waiting { readings: 3 }));
    home.beats(1, |_, _| {}).await;
    home.ward.comes_to(problem, has_ended).await;
}

async fn readings_that_get_fewer_are_on_their_way(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    home.beats(30, |request, minute| stuck(request, 10_000 - 300 * minute))
        .await;
    assert_eq!(home.open().await, []);
}

async fn a_disk_that_is_nearly_full_is_said_once(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    home.beats(10, |request, minute| {
        let spool = request.spool.as_mut().unwrap();
        spool.disk_free_bytes = Some((190 + 20 * (minute % 2)) << 20);
    })
    .await;
    let kinds = home.ward.kinds().await;
    let of_alerts = kinds.iter().filter(|kind| kind.starts_with("alert_"));
    assert_eq!(of_alerts.collect::<Vec<_>>(), [&"alert_raised"]);
    home.is_said_alone_and_is_over(Cause::DiskNearlyFull).await;
}

async fn a_clock_that_is_wrong_is_told_to_the_bridge_and_the_ward(
    ListeningWard(ward): ListeningWard,
) {
    let home = Home::on(ward).await;
    let mut request = home.well();
    let clock = request.clock.as_mut().unwrap();
    clock.wall = clock
        .wall
        .checked_add(jiff::SignedDuration::from_hours(1))
        .unwrap();
    let reply = home.bridge.beats(&request).await;
    let off = reply.clock_off_by_ms.unwrap();
    assert!((off - 3_600_000).abs() < 5_000, "{off}");
    let alert = home.is_said_alone_and_is_over(Cause::ClockWrong).await;
    assert_eq!(alert.detail, Some(Detail::clock(off)));
    let reply = home.bridge.beats(&home.well()).await;
    assert!(reply.clock_off_by_ms.unwrap().abs() < 5_000);
    assert!(reply.now.is_some());
}

async fn a_cause_that_comes_and_goes_is_one_alert_with_a_count(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    home.beats(20, |request, minute| request.radio_up = minute % 2 == 1)
        .await;
    assert_eq!(
        home.open().await,
        [Problem::Technical(Cause::BluetoothDown)]
    );
    let alert = home.ward.open_alerts().await.remove(0);
    assert!(matches!(alert.detail, Some(Detail::Kit { times: 10, .. })));
    let kinds = home.ward.kinds().await;
    assert_eq!(kinds.iter().filter(|it| **it == "alert_raised").count(), 1);
}

async fn a_later_bridge_is_understood_as_far_as_it_goes(ListeningWard(ward): ListeningWard) {
    let home = Home::on(ward).await;
    let address = &home.patient.oximeter;
    let body = |minute: u64| {
        format!(
            r#"{{"radio_up":true,"weather":"wet","oximeters":[{{"device_address":"{address}","model":"{}","trouble":"on_strike",
            "trouble_for_ms":{},"mood":"low"}}]}}"#,
            "N".repeat(5_000),
            minute * 60_000
        )
    };
    for minute in 0..4 {
        let said = home.bridge.post_status(body(minute)).await;
        assert_eq!(said.status.as_u16(), 200);
        home.ward.after(minutes(1)).await;
    }
    let alert = home
        .is_said_alone_and_is_over(Cause::OximeterCannotBeRead)
        .await;
    let trouble = Trouble::Other;
    assert_eq!(found(&alert), Some(Found::CannotBeRead { trouble }));
    let kept = home.ward.wards.store().bridge_status(home.bridge.bridge.id);
    let kept = kept.await.unwrap().unwrap();
    assert_eq!(kept.oximeters[0].model.as_ref().unwrap().len(), 64);
}

async fn the_list_of_oximeters_has_a_slot_and_a_version_and_no_name(
    ListeningWard(ward): ListeningWard,
) {
    let home = Home::on(ward).await;
    let asked = async || home.bridge.asks_for_devices().await;
    let first: DeviceList = asked().await.json();
    assert_eq!(asked().await.json::<DeviceList>(), first);
    let [device] = &first.devices[..] else {
        panic!("{first:?}");
    };
    assert_eq!(device.sampling.unwrap().mode, SamplingMode::Spot);
    assert_ne!(device.slot, Some(home.patient.stay.0));
    let text = String::from_utf8_lossy(&asked().await.body).into_owned();
    assert!(!text.contains(&home.patient.stay.0.to_string()), "{text}");

    let continuous = CarePlan {
        mode: Mode::TechnologyEnabled,
        ..nothing_asked()
    };
    home.ward.asks(home.patient.stay, &continuous).await;
    let changed: DeviceList = asked().await.json();
    assert_ne!(changed.version, first.version);
    assert_eq!(changed.devices[0].slot, device.slot);
    let sampling = changed.devices[0].sampling.unwrap();
    assert_eq!(
        (sampling.mode, sampling.window_seconds),
        (SamplingMode::Continuous, 60)
    );
}
