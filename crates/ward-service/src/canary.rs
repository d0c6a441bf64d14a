//! The ward on which a node tries the way of an alert: a patient, a bridge, an oximeter and somebody to take the alert, none
//! of whom is a person. Nobody is shown it, no notice leaves it, and nothing else is looked for on it.

use std::time::Duration;

use ward_core::care::CarePlan;
use ward_core::clinician::{Clinician, Role};
use ward_core::day::StaffedHours;
use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, ClinicianId, StayId, WardId};
use ward_core::patient::NhsNumber;
use ward_core::plan::MonitoringPlan;
use ward_core::safe_range::SafeRange;
use ward_core::stay::Channel;
use ward_core::time::{Timestamp, minutes};
use ward_core::ward::Ward;
use ward_store::{Credentials, StoreError};

use crate::admit::{AdmitError, Referral};
use crate::enrol_bridge::EnrolError;
use crate::error::Unavailable;
use crate::kit::{AssignError, KitError};
use crate::secret::{NoRandomness, Secret};
use crate::signed_bridge::KeyProof;
use crate::staff::StaffError;
use crate::wards::Wards;

/// What is older goes.
const KEPT_FOR: Duration = minutes(24 * 60);

/// Of each kind in one go: a round makes one reading, one alert and some six events.
const TRIMMED_AT_ONCE: u16 = 100;

/// Codes and numbers that are tried, where one is somebody's already.
const TRIES: u32 = 20;

/// No password fits it: it is no hash.
const NO_PASSWORD: &str = "none";

/// Who plays in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    /// The node's own ward.
    pub ward: WardId,
    /// The patient's stay.
    pub stay: StayId,
    /// The bridge in their home.
    pub bridge: BridgeId,
    /// Their oximeter.
    pub oximeter: DeviceAddress,
    /// Who takes their alerts.
    pub console: ClinicianId,
}

/// A session of whoever takes the alerts.
#[derive(Debug)]
pub struct CanarySession {
    /// For the cookie.
    pub token: Secret,
    /// For requests that change something.
    pub csrf: Secret,
    /// When it should be followed by another.
    pub renew_at: Timestamp,
}

/// Why it could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum CanaryError {
    /// Its code or its patient's number is taken, again and again.
    #[error("no {0} could be found that is nobody's")]
    Taken(&'static str),
    /// Its patient.
    #[error(transparent)]
    Admit(#[from] AdmitError),
    /// Its oximeter.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// Its oximeter.
    #[error(transparent)]
    Assign(#[from] AssignError),
    /// Its bridge.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// Who takes its alerts.
    #[error(transparent)]
    Staff(#[from] StaffError),
    /// The machine.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for CanaryError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The canary of a node: what is missing is made, what is there is used again. Its bridge gets a new key, whose proof is
    /// made from the code.
    ///
    /// # Errors
    /// [`CanaryError`]; asked again, it goes on where it stopped.
    pub async fn ready_canary(
        &self,
        node: &str,
        prove: impl FnOnce(&str) -> KeyProof,
    ) -> Result<Canary, CanaryError> {
        let ward = match self.store.canary_ward(node).await? {
            Some(ward) => ward,
            None => self.open_canary_ward(node).await?,
        };
        let parts = self.store.canary_parts(ward).await?;
        let console = match parts.console {
            Some(console) => console,
            None => self.add_canary_console(ward).await?,
        };
        let stay = match parts.stay {
            Some(stay) => stay,
            None => self.admit_canary(ward).await?,
        };
        let code = match parts.bridge {
            Some(bridge) => self.new_bridge_code(bridge).await?,
            None => self.add_bridge(ward, "self-test").await?,
        };
        let bridge = code.bridge;
        let proof = prove(code.code.reveal());
        let version = env!("CARGO_PKG_VERSION");
        let enrolling = self.enrol_bridge_with_key(code.code.reveal(), version, proof);
        enrolling.await?;
        let oximeter = match parts.oximeter {
            Some(oximeter) => oximeter,
            None => self.give_canary_oximeter(ward, stay, bridge).await?,
        };
        self.self_tested.plays_on(ward);
        Ok(Canary {
            ward,
            stay,
            bridge,
            oximeter,
            console,
        })
    }

    async fn open_canary_ward(&self, node: &str) -> Result<WardId, CanaryError> {
        let mut care = CarePlan::default();
        care.schedule.times.clear();
        for _ in 0..TRIES {
            let id = WardId(self.clock.new_id());
            let ward = Ward {
                organisation: self.store.organisation(),
                id,
                code: code_of(id)
                    .parse()
                    .map_err(|_| CanaryError::Taken("code of a ward"))?,
                name: "Self-test".to_owned(),
                phone: String::new(),
                time_zone: "UTC".to_owned(),
                default_plan: MonitoringPlan::scale_one(),
                staffed: StaffedHours::always(),
                default_care: care.clone(),
                safe_range: SafeRange::default(),
            };
            let now = self.clock.now();
            match self.store.insert_canary_ward(&ward, node, now).await {
                Ok(()) => return Ok(id),
                Err(StoreError::AlreadyThere(_)) => {
                    if let Some(there) = self.store.canary_ward(node).await? {
                        return Ok(there);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(CanaryError::Taken("code of a ward"))
    }

    async fn add_canary_console(&self, ward: WardId) -> Result<ClinicianId, CanaryError> {
        let username = format!("canary-{}", ward.0.simple());
        let clinician = Clinician {
            id: ClinicianId(self.clock.new_id()),
            username: username.clone(),
            name: "Self-test".to_owned(),
        };
        let credentials = Credentials {
            clinician,
            password_hash: NO_PASSWORD.to_owned(),
            password_until: None,
        };
        let adding = self.store.insert_clinician(&credentials, self.clock.now());
        match adding.await {
            // It may be there without its ward: it was broken off in between.
            Ok(()) | Err(StoreError::AlreadyThere(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.join_ward(&username, ward, Role::Clinician).await?;
        let parts = self.store.canary_parts(ward).await?;
        parts.console.ok_or(CanaryError::Taken("name of a member"))
    }

    async fn admit_canary(&self, ward: WardId) -> Result<StayId, CanaryError> {
        let (_, seed) = ward.0.as_u64_pair();
        for step in 0..TRIES {
            let Some(nhs_number) = test_number(seed, u64::from(step)) else {
                continue;
            };
            let referral = Referral {
                nhs_number,
                family_name: "Selftest".to_owned(),
                given_name: "Nobody".to_owned(),
                birth_date: "1900-01-01"
                    .parse()
                    .map_err(|_| CanaryError::Taken("day"))?,
                phone: "none".to_owned(),
                address: String::new(),
                door_access: String::new(),
                others_at_home: String::new(),
                oxygen_at_home: String::new(),
                escalation_plan: String::new(),
                plan: None,
            };
            // Whose values are told on the telephone is never written to.
            let admitting = self.admit_by(ward, referral, Channel::Telephone);
            match admitting.await {
                Ok(admitted) => return Ok(admitted.stay),
                Err(AdmitError::AnotherPerson | AdmitError::AlreadyAdmitted) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(CanaryError::Taken("NHS number of the range for tests"))
    }

    async fn give_canary_oximeter(
        &self,
        ward: WardId,
        stay: StayId,
        bridge: BridgeId,
    ) -> Result<DeviceAddress, CanaryError> {
        // An address of the range that no maker gives out.
        let [.., a, b, c, d, e] = *ward.0.as_bytes();
        let address: DeviceAddress = format!("02:{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}")
            .parse()
            .map_err(|_| CanaryError::Taken("address of an oximeter"))?;
        match self.add_device(address.clone(), "self-test").await {
            Ok(_) | Err(KitError::AlreadyThere) => {}
            Err(error) => return Err(error.into()),
        }
        let now = self.clock.now();
        self.assign_device(&address, stay, bridge, now).await?;
        Ok(address)
    }

    /// Opens a session for whoever takes the alerts, in place of another.
    ///
    /// # Errors
    /// [`CanaryError`].
    pub async fn open_canary_session(
        &self,
        canary: &Canary,
        before: Option<&CanarySession>,
    ) -> Result<CanarySession, CanaryError> {
        let (token, csrf, now) = (Secret::new()?, Secret::new()?, self.clock.now());
        let hash = token.hash();
        let until = now.plus(self.options.session);
        let opening =
            self.store
                .insert_session(hash.as_bytes(), canary.console, csrf.reveal(), now, until);
        opening.await?;
        if let Some(before) = before {
            let hash = before.token.hash();
            self.store.delete_session(hash.as_bytes()).await?;
        }
        Ok(CanarySession {
            token,
            csrf,
            renew_at: now.plus(self.options.session / 2),
        })
    }

    /// Deletes what is older than a day on a canary's ward, a little at a time.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn trim_canary(&self, canary: &Canary) -> Result<u64, Unavailable> {
        let older_than = self.clock.now().minus(KEPT_FOR);
        let trimming =
            self.store
                .trim_canary(canary.ward, canary.stay, older_than, TRIMMED_AT_ONCE);
        Ok(trimming.await?)
    }
}

/// Eight letters and digits, longer than people make them.
fn code_of(ward: WardId) -> String {
    let (_, low) = ward.0.as_u64_pair();
    format!("Z{:07X}", low & 0x0fff_ffff)
}

/// One of the numbers 999 …, which are kept for tests: of ten endings one fits, but where the check digit would be ten.
fn test_number(seed: u64, step: u64) -> Option<NhsNumber> {
    let middle = seed.wrapping_add(step) % 1_000_000;
    (0..10).find_map(|check| format!("999{middle:06}{check}").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn any_ward_has_a_code_and_soon_a_number() {
        for id in [0, 1, u128::MAX, 0x0193_0000_0000_7000_8000_0000_dead_beef] {
            let id = WardId(Uuid::from_u128(id));
            let code: Result<ward_core::ward::WardCode, _> = code_of(id).parse();
            assert!(code.is_ok(), "{}", code_of(id));
            let (_, seed) = id.0.as_u64_pair();
            let numbers = (0..u64::from(TRIES)).filter_map(|step| test_number(seed, step));
            assert!(numbers.count() > 5);
        }
    }
}
