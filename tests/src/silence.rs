//! What a story about silence needs: what is asked of a patient, and a bridge that says how it is.

use ward_core::alert::{Alert, Problem};
use ward_core::care::{CarePlan, DiaryPlan, Schedule, Unstaffed};
use ward_core::day::StaffedHours;
use ward_core::device::DeviceAddress;
use ward_core::id::StayId;
use ward_core::message::{Message, What};
use ward_core::silence::Missed;
use ward_core::technical::Detail;
use ward_service::Clock;
use ward_wire::bridge::{
    AdapterItem, ClockItem, OximeterItem, SpoolItem, StatusReply, StatusRequest, VersionsItem,
};

use crate::bridge::Bridge;
use crate::database::Kind;
use crate::desk::{Desk, EIGHT, nothing_asked};
use crate::story::Setting;
use crate::ward::TestWard;

/// A ward on which a bridge that does not speak is silent as soon as it is by default.
pub struct ListeningWard(pub TestWard);

impl Setting for ListeningWard {
    async fn on(kind: Kind) -> Self {
        let clock = Clock::moved(EIGHT);
        let usual = ward_core::silence::BRIDGE_SILENT_AFTER;
        let ward = TestWard::with(kind, clock, |config| {
            config.wards.bridge_silent_after = usual;
        })
        .await;
        Self(ward)
    }
}

/// Times on the hour, an hour before and after.
#[must_use]
pub fn hours(hours: &[i8]) -> Schedule {
    let times = hours
        .iter()
        .map(|hour| jiff::civil::Time::constant(*hour, 0, 0, 0));
    Schedule {
        times: times.collect(),
        before_minutes: 60,
        after_minutes: 60,
    }
}

/// A plan that asks for readings at these hours.
#[must_use]
pub fn asks_at(times: &[i8]) -> CarePlan {
    CarePlan {
        schedule: hours(times),
        ..nothing_asked()
    }
}

/// A plan that asks for a diary at these hours.
#[must_use]
pub fn asks_for_diary_at(times: &[i8]) -> CarePlan {
    CarePlan {
        diary: Some(DiaryPlan {
            questionnaire: "covid".to_owned(),
            version: 1,
            schedule: hours(times),
        }),
        ..nothing_asked()
    }
}

/// This plan, with somebody on call when the ward is not staffed.
#[must_use]
pub fn with_on_call(care: CarePlan, name: &str, phone: &str) -> CarePlan {
    CarePlan {
        unstaffed: Unstaffed::OnCall {
            name: name.to_owned(),
            phone: phone.to_owned(),
        },
        ..care
    }
}

impl Desk {
    /// From now on this is asked of a patient.
    pub async fn asks(&self, stay: StayId, care: &CarePlan) {
        let care = CarePlan {
            set_at: Some(self.clock.now()),
            ..care.clone()
        };
        let mut ledger = self
            .wards
            .store()
            .open_ledger(self.ward)
            .await
            .unwrap()
            .unwrap();
        ledger.stay(stay).await.unwrap().expect("the stay is there");
        ledger.set_care(stay, &care).await.unwrap();
        ledger.commit().await.unwrap();
        self.wards.sweep().await.unwrap();
    }

    /// The open alert of this problem, when there is one.
    pub async fn the(&self, problem: Problem) -> Option<Alert> {
        let open = self.open_alerts().await;
        open.into_iter().find(|alert| alert.problem == problem)
    }

    /// Waits for what the service does by itself: an open alert of this problem that is as wanted.
    ///
    /// # Panics
    /// After ten seconds.
    pub async fn comes_to(&self, problem: Problem, wanted: impl Fn(&Alert) -> bool) -> Alert {
        for _ in 0..400 {
            if let Some(alert) = self.the(problem).await.filter(|alert| wanted(alert)) {
                return alert;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!(
            "{problem:?} did not come to that: {:#?}",
            self.open_alerts().await
        );
    }
}

/// What a silence alert says was missed.
#[must_use]
pub fn missed(alert: &Alert) -> Vec<Missed> {
    match &alert.detail {
        Some(Detail::Missed { missed, .. }) => missed.clone(),
        _ => Vec::new(),
    }
}

impl Bridge {
    /// Says how it is: whether its radio works, and what is left in the batteries of its oximeters.
    pub async fn says(&self, radio_up: bool, batteries: &[(&DeviceAddress, u8)]) -> StatusReply {
        let oximeters = batteries.iter().map(|(address, percent)| OximeterItem {
            device_address: address.as_str().to_owned(),
            battery_percent: Some(*percent),
            heard_ago_ms: Some(1_000),
            ..OximeterItem::default()
        });
        self.beats(&StatusRequest {
            radio_up,
            oximeters: oximeters.collect(),
            ..StatusRequest::default()
        })
        .await
    }

    /// A heartbeat.
    pub async fn beats(&self, request: &StatusRequest) -> StatusReply {
        let body = serde_json::to_vec(request).unwrap();
        self.post_status(body).await.json()
    }
}

/// A heartbeat of a bridge whose Bluetooth works and that reads this oximeter, heard a second ago, with all else well.
#[must_use]
pub fn heartbeat(clock: &Clock, oximeter: &DeviceAddress) -> StatusRequest {
    StatusRequest {
        radio_up: true,
        oximeters: vec![OximeterItem {
            device_address: oximeter.as_str().to_owned(),
            battery_percent: Some(80),
            heard_ago_ms: Some(1_000),
            ..OximeterItem::default()
        }],
        adapter: Some(AdapterItem {
            name: Some("hci0".to_owned()),
            present: true,
            powered: true,
            service_answers: true,
        }),
        spool: Some(SpoolItem {
            used_bytes: Some(1 << 20),
            limit_bytes: Some(1 << 30),
            disk_free_bytes: Some(8 << 30),
            ..SpoolItem::default()
        }),
        clock: Some(ClockItem {
            wall: jiff::Timestamp::from_millisecond(clock.now().as_millis()).unwrap(),
            synchronised: Some(true),
        }),
        versions: Some(VersionsItem {
            bridge: "0.1.0".to_owned(),
            ..VersionsItem::default()
        }),
        uptime_seconds: Some(3_600),
        list_version: None,
    }
}

impl Desk {
    /// The ward is staffed in these hours.
    pub async fn is_staffed(&self, hours: &StaffedHours) {
        self.wards
            .staff_ward(self.ward, hours.clone())
            .await
            .unwrap();
    }

    /// What was queued for a patient because nobody watches: to people on call, and advice.
    pub async fn called_out(&self, stay: StayId) -> Vec<Message> {
        let queued = self.wards.store().messages_of(stay, 100).await.unwrap();
        let because_of_the_night = |message: &Message| {
            matches!(
                message.what,
                What::OnCallRed { .. } | What::OutOfHoursAdvice
            )
        };
        let messages = queued.into_iter().map(|outbound| outbound.message);
        messages.filter(because_of_the_night).collect()
    }
}
