//! A patient's stay begins.

use ward_core::event::WardEvent;
use ward_core::id::{PatientId, StayId, WardId};
use ward_core::patient::{BirthDate, Details, NhsNumber, Patient};
use ward_core::plan::{MonitoringPlan, PlanRefused};
use ward_core::plan_change::{TooYoung, suits_age};
use ward_core::stay::{Channel, Phase, Stay};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Who is to be admitted, and what is known of them.
#[derive(Clone, Debug)]
pub struct Referral {
    /// Checked.
    pub nhs_number: NhsNumber,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Day of birth.
    pub birth_date: BirthDate,
    /// Phone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// How to get in.
    pub door_access: String,
    /// Who else is at home.
    pub others_at_home: String,
    /// Oxygen at home.
    pub oxygen_at_home: String,
    /// Treatment-escalation plan and wishes.
    pub escalation_plan: String,
    /// The plan, if not the ward's.
    pub plan: Option<MonitoringPlan>,
}

/// A stay that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The stay.
    pub stay: StayId,
    /// The person.
    pub patient: PatientId,
}

/// Why nobody was admitted.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// The plan.
    #[error(transparent)]
    Plan(#[from] PlanRefused),
    /// An adult's plan for a child.
    #[error(transparent)]
    TooYoung(#[from] TooYoung),
    /// Somebody else has this NHS number, by name and day of birth.
    #[error(
        "this NHS number is on record with another name or day of birth: check the number, then the record"
    )]
    AnotherPerson,
    /// One stay at a time.
    #[error(
        "this patient already has an open stay in this organisation: look for them on its boards"
    )]
    AlreadyAdmitted,
    /// A name or phone is missing.
    #[error("{0} is missing: the ward must be able to tell and to reach the patient")]
    Missing(&'static str),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for AdmitError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyThere(_) => Self::AlreadyAdmitted,
            other => Self::Unavailable(other.into()),
        }
    }
}

impl Wards {
    /// Admits a patient to a ward. A person who is known by NHS number is recognised; a different name or day of birth
    /// under the same number is refused.
    ///
    /// # Errors
    /// [`AdmitError`].
    pub async fn admit(&self, ward: WardId, referral: Referral) -> Result<Admission, AdmitError> {
        self.admit_by(ward, referral, Channel::Bridge).await
    }

    /// As [`Wards::admit`], for somebody whose values come in another way.
    pub(crate) async fn admit_by(
        &self,
        ward: WardId,
        referral: Referral,
        channel: Channel,
    ) -> Result<Admission, AdmitError> {
        for (value, what) in [
            (&referral.family_name, "the family name"),
            (&referral.given_name, "the given name"),
            (&referral.phone, "the phone number"),
        ] {
            if value.trim().is_empty() {
                return Err(AdmitError::Missing(what));
            }
        }
        let plan = referral
            .plan
            .clone()
            .map(MonitoringPlan::checked)
            .transpose()?;
        let wards = self.clone();
        to_the_end(async move { wards.append_admission(ward, referral, plan, channel).await }).await
    }

    async fn append_admission(
        &self,
        ward: WardId,
        referral: Referral,
        plan: Option<MonitoringPlan>,
        channel: Channel,
    ) -> Result<Admission, AdmitError> {
        let mut ledger = self
            .store
            .open_ledger(ward)
            .await?
            .ok_or(AdmitError::NoSuchWard)?;
        let now = self.clock.now();
        let plan = plan.unwrap_or_else(|| ledger.ward().default_plan.clone());
        let today = ledger.ward().zone().day_of(now);
        suits_age(
            referral.birth_date,
            today,
            &plan,
            &ledger.ward().default_plan,
        )?;
        let patient = match ledger.patient(&referral.nhs_number).await? {
            Some(known) => {
                let same = known.birth_date == referral.birth_date
                    && known.family_name.to_lowercase()
                        == referral.family_name.trim().to_lowercase();
                if !same {
                    return Err(AdmitError::AnotherPerson);
                }
                known.id
            }
            None => {
                let patient = new_patient(PatientId(self.clock.new_id()), referral);
                ledger.insert_patient(&patient, now).await?;
                patient.id
            }
        };
        let stay = Stay {
            id: StayId(self.clock.new_id()),
            ward,
            patient,
            admitted_at: now,
            plan,
            phase: Phase::Active,
            channel,
            baseline_spo2: None,
        };
        let care = ledger.ward().default_care.clone();
        ledger.insert_stay(&stay, &care).await?;
        let id = stay.id;
        ledger.append(WardEvent::StayAdmitted { stay }, now);
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        tracing::info!(%ward, stay = %id, "admitted");
        Ok(Admission { stay: id, patient })
    }
}

fn new_patient(id: PatientId, referral: Referral) -> Patient {
    Patient {
        id,
        nhs_number: referral.nhs_number,
        family_name: referral.family_name.trim().to_owned(),
        given_name: referral.given_name.trim().to_owned(),
        birth_date: referral.birth_date,
        phone: referral.phone.trim().to_owned(),
        address: referral.address,
        door_access: referral.door_access,
        others_at_home: referral.others_at_home,
        oxygen_at_home: referral.oxygen_at_home,
        escalation_plan: referral.escalation_plan,
        details: Details::default(),
    }
}
