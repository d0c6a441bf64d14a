//! The desk of the ward's administration: who comes in, who gets which oximeter, which bridge stands where.

use std::sync::atomic::{AtomicU32, Ordering};

use ward_core::alert::Alert;
use ward_core::care::CarePlan;
use ward_core::clinician::Role;
use ward_core::day::StaffedHours;
use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, ClinicianId, Seq, StayId, WardId};
use ward_core::permit::{Permit, Verb};
use ward_core::plan::MonitoringPlan;
use ward_core::time::Timestamp;
use ward_service::{Clock, NewWard, Wards};
use ward_store::{Bridge, Organisation};

use crate::box_key::{BoxKey, Credential};
use crate::people::{oximeter, referral};

/// Eight in the morning, the beginning of every story.
pub const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

/// Everybody's password.
pub const PASSWORD: &str = "a few words in a row";

/// Sets up and looks up, by the verbs that the commands of `wardlight` use.
pub struct Desk {
    /// The verbs.
    pub wards: Wards,
    /// Is moved.
    pub clock: Clock,
    /// The ward `PEN`.
    pub ward: WardId,
    people: AtomicU32,
}

/// A patient with an oximeter.
#[derive(Clone, Debug)]
pub struct Patient {
    /// Their stay.
    pub stay: StayId,
    /// Their oximeter.
    pub oximeter: DeviceAddress,
}

/// A bridge and its credential.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// As the store has it.
    pub bridge: Bridge,
    /// Its key, or its token.
    pub credential: Credential,
}

impl Enrolled {
    /// The value of `Authorization` for this request.
    #[must_use]
    pub fn authorization(&self, method: &str, path: &str, body: &[u8], at: Timestamp) -> String {
        match &self.credential {
            Credential::Key(key) => {
                let head = key.head(self.bridge.id, body, at);
                key.signed(&head, method, path)
            }
            Credential::Token(token) => format!("Bearer {token}"),
        }
    }

    /// Its key.
    ///
    /// # Panics
    /// When it was enrolled with a token.
    #[must_use]
    pub fn key(&self) -> &BoxKey {
        match &self.credential {
            Credential::Key(key) => key,
            Credential::Token(_) => panic!("a bridge with a token has no key"),
        }
    }

    /// Its token.
    ///
    /// # Panics
    /// When it was enrolled with a key.
    #[must_use]
    pub fn token(&self) -> &str {
        match &self.credential {
            Credential::Token(token) => token,
            Credential::Key(_) => panic!("a bridge with a key has no token"),
        }
    }
}

impl Desk {
    /// An organisation with one ward, empty.
    pub async fn open(wards: Wards, clock: Clock) -> Self {
        let organisation = Organisation {
            ods_code: "RXR".to_owned(),
            name: "East Lancashire Hospitals".to_owned(),
        };
        wards.put_organisation(&organisation).await.unwrap();
        let ward = open_ward(&wards, "PEN").await;
        Self {
            wards,
            clock,
            ward,
            people: AtomicU32::new(0),
        }
    }

    /// The same ward, by another node's verbs.
    #[must_use]
    pub fn as_seen_by(&self, wards: Wards) -> Self {
        Self {
            wards,
            clock: self.clock.clone(),
            ward: self.ward,
            people: AtomicU32::new(1_000),
        }
    }

    /// Another ward of the same organisation.
    pub async fn open_ward(&self, code: &str) -> WardId {
        open_ward(&self.wards, code).await
    }

    /// Admits somebody to the ward.
    pub async fn admit(&self) -> StayId {
        self.admit_to(self.ward).await
    }

    /// Admits somebody to a ward.
    pub async fn admit_to(&self, ward: WardId) -> StayId {
        let number = self.people.fetch_add(1, Ordering::SeqCst);
        let referral = referral(number);
        self.wards.admit(ward, referral).await.unwrap().stay
    }

    /// Admits somebody and gives them an oximeter that this bridge reads.
    pub async fn patient(&self, bridge: &Enrolled) -> Patient {
        let stay = self.admit().await;
        let oximeter = self.new_oximeter().await;
        self.give(&oximeter, stay, bridge).await;
        Patient { stay, oximeter }
    }

    /// Admits somebody and gives them an oximeter that `other` read until ten minutes ago, and `one` reads now.
    pub async fn read_by_both(&self, one: &Enrolled, other: &Enrolled) -> Patient {
        let patient = self.patient(other).await;
        let moved_at = self.clock.now().minus(ward_core::time::minutes(10));
        let released = self.wards.release_device(&patient.oximeter, moved_at);
        released.await.unwrap();
        self.give_from(&patient.oximeter, patient.stay, one, moved_at)
            .await;
        patient
    }

    /// Holds all readings against the alerts: nothing is found that people would have to be told.
    pub async fn readings_and_alerts_agree(&self) {
        self.wards.reconcile_all().await.unwrap();
        let reconciled = self.wards.reconciled();
        let told = (reconciled.said(), reconciled.failed());
        assert_eq!(
            told,
            (0, 0),
            "readings and alerts do not agree: see the log"
        );
        assert!(reconciled.rounds() > 0, "nothing was looked at");
    }

    /// Takes a new oximeter into the kit ledger.
    pub async fn new_oximeter(&self) -> DeviceAddress {
        let number = self.people.fetch_add(1, Ordering::SeqCst);
        let address = oximeter(number);
        self.wards
            .add_device(address.clone(), "Nonin 3230")
            .await
            .unwrap();
        address
    }

    /// Gives an oximeter to a stay, from an hour ago on.
    pub async fn give(&self, oximeter: &DeviceAddress, stay: StayId, bridge: &Enrolled) {
        let from = self
            .clock
            .now()
            .minus(ward_core::time::minutes(60 * 24 * 30));
        self.give_from(oximeter, stay, bridge, from).await;
    }

    /// Gives an oximeter to a stay from a time on.
    pub async fn give_from(
        &self,
        oximeter: &DeviceAddress,
        stay: StayId,
        bridge: &Enrolled,
        from: Timestamp,
    ) {
        self.wards
            .assign_device(oximeter, stay, bridge.bridge.id, from)
            .await
            .unwrap();
    }

    /// A bridge of the ward with its credential.
    pub async fn bridge(&self) -> Enrolled {
        self.bridge_of(self.ward).await
    }

    /// A bridge of a ward with its key.
    pub async fn bridge_of(&self, ward: WardId) -> Enrolled {
        let added = self.wards.add_bridge(ward, "hall cupboard").await.unwrap();
        let (code, key) = (added.code.reveal(), BoxKey::fresh());
        let proof = key.enrols_with(code);
        let enrolled = self.wards.enrol_bridge_with_key(code, "0.1.0", proof);
        let bridge = enrolled.await.unwrap().bridge;
        Enrolled {
            bridge: self.look_up(bridge).await,
            credential: Credential::Key(key),
        }
    }

    /// A bridge of before there were keys, with its token.
    pub async fn bridge_with_token(&self) -> Enrolled {
        let added = self
            .wards
            .add_bridge(self.ward, "hall cupboard")
            .await
            .unwrap();
        let enrolled = self
            .wards
            .enrol_bridge(added.code.reveal(), "0.1.0")
            .await
            .unwrap();
        let token = enrolled.token.reveal().to_owned();
        let bridge = self.wards.bridge_of(&token).await.unwrap();
        Enrolled {
            bridge,
            credential: Credential::Token(token),
        }
    }

    /// The bridge as the store has it now.
    pub async fn look_up(&self, bridge: BridgeId) -> Bridge {
        let all = self.wards.bridges().await.unwrap();
        all.into_iter().find(|it| it.id == bridge).unwrap()
    }

    /// A clinician of the ward who can sign in.
    pub async fn clinician(&self, username: &str, name: &str) -> ClinicianId {
        self.staff(username, name, self.ward, Role::Clinician).await
    }

    /// Somebody with a role on a ward.
    pub async fn staff(&self, username: &str, name: &str, ward: WardId, role: Role) -> ClinicianId {
        let clinician = self
            .wards
            .add_clinician(username, name, PASSWORD)
            .await
            .unwrap();
        self.wards.join_ward(username, ward, role).await.unwrap();
        clinician.id
    }

    /// A clinician's standing on the ward.
    pub async fn permit(&self, clinician: ClinicianId) -> Permit {
        self.wards
            .permit(clinician, self.ward, Verb::ResolveAlert)
            .await
            .unwrap()
            .unwrap()
    }

    /// The newest number of the ward's log: what a screen that is up to date has seen.
    pub async fn head(&self) -> Seq {
        let head = self.wards.store().head(self.ward).await.unwrap();
        head.expect("the ward is there")
    }

    /// The open alerts of the ward, by number.
    pub async fn open_alerts(&self) -> Vec<Alert> {
        self.wards.store().open_alerts(self.ward).await.unwrap()
    }

    /// The one open alert of the ward.
    ///
    /// # Panics
    /// When there is none, or there are several.
    #[track_caller]
    pub fn only(alerts: &[Alert]) -> &Alert {
        let [only] = alerts else {
            panic!("one open alert was expected: {alerts:#?}");
        };
        only
    }

    /// The whole log of the ward.
    pub async fn log(&self) -> Vec<ward_core::event::Logged> {
        let after = Seq::default();
        self.wards
            .store()
            .events_after(self.ward, after, 100_000)
            .await
            .unwrap()
    }

    /// What stands on the log, by name: `alert_raised`.
    pub async fn kinds(&self) -> Vec<&'static str> {
        let log = self.log().await;
        log.iter().map(|logged| logged.event.kind()).collect()
    }

    /// The stored values of a stay in percent, by when they were measured; of two bridges' copies the first only.
    pub async fn values_of(&self, stay: StayId) -> Vec<f64> {
        let stored = self.wards.store().readings_of(stay, 10_000).await.unwrap();
        let counted = stored.iter().filter(|point| !point.is_copy);
        counted
            .filter_map(|point| point.spo2.map(ward_core::spo2::Spo2::percent))
            .collect()
    }

    /// Moves the clock on and sees to what is due, as the service does every half second.
    pub async fn after(&self, span: std::time::Duration) {
        self.clock.advance(span);
        self.wards.sweep().await.unwrap();
    }
}

/// A plan by which nothing is asked at set times, so that a story which moves the clock hears of nothing that it did not
/// ask for. Stories about the schedule set one.
#[must_use]
pub fn nothing_asked() -> CarePlan {
    let mut care = CarePlan::default();
    care.schedule.times.clear();
    care
}

async fn open_ward(wards: &Wards, code: &str) -> WardId {
    let new = NewWard {
        code: code.to_owned(),
        name: format!("{code} virtual ward"),
        phone: "01254 000 000".to_owned(),
        time_zone: "Europe/London".to_owned(),
        default_plan: MonitoringPlan::scale_one(),
        staffed: StaffedHours::always(),
        default_care: nothing_asked(),
    };
    wards.open_ward(new).await.unwrap().id
}
