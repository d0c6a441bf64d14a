//! A stay begins: from a referral, or for somebody who comes back.

use ward_core::care::{CarePlan, ContactSchedule};
use ward_core::event::WardEvent;
use ward_core::id::{PatientId, ReferralId, StayId};
use ward_core::kit::{Holder, KitState, Step as KitStep, Wear};
use ward_core::pathway::admission::{AdmissionRefused, may_admit, may_readmit};
use ward_core::pathway::papers::{Note, Papers};
use ward_core::pathway::referral::{Referral, Source, Step};
use ward_core::pathway::registration::{PersonRefused, reachable};
use ward_core::patient::{PARAGRAPH, Patient, TooLong, fits};
use ward_core::permit::Permit;
use ward_core::plan::MonitoringPlan;
use ward_core::plan_change::{TooYoung, suits_age};
use ward_core::spo2::Spo2;
use ward_core::stay::{Channel, Phase, Stay};
use ward_core::template;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use super::refer::{ReferError, moved};
use crate::error::{Unavailable, to_the_end};
use crate::step_kit::{KitStepError, take_step};
use crate::wards::Wards;

/// How a stay begins. Limits of a patient's own are set after the admission, where a second person may be needed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// The pathway to begin with; the ward's own defaults, if none is named.
    pub template: Option<String>,
    /// Another contact schedule than the pathway's.
    pub contact: Option<ContactSchedule>,
    /// The usual saturation at rest.
    pub baseline: Option<Spo2>,
    /// How readings and diaries come.
    pub channel: Channel,
}

/// Why no stay began.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The referral.
    #[error(transparent)]
    Referral(#[from] ReferError),
    /// The stays so far.
    #[error(transparent)]
    Refused(#[from] AdmissionRefused),
    /// The person.
    #[error(transparent)]
    Person(#[from] PersonRefused),
    /// Under 16.
    #[error(transparent)]
    TooYoung(#[from] TooYoung),
    /// No such pathway.
    #[error("there is no such template: {}", template_names())]
    NoSuchTemplate,
    /// Days that cannot be.
    #[error("contact days are whole days from 1 to 90, up to 90 of them")]
    ContactDays,
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// Nobody of this id.
    #[error(
        "there is no such patient on this ward. Possible now: refer them, with NHS number, name and day of birth"
    )]
    NoSuchPatient,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

fn template_names() -> String {
    let names = template::all().iter().map(|it| it.name.as_str());
    format!("choose one of {}", names.collect::<Vec<_>>().join(", "))
}

impl From<StoreError> for BeginError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Why a person comes back, and what was wrong in their record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Return {
    /// In words.
    pub reason: String,
    /// Somebody has checked: the person who is recorded as having died is alive.
    pub death_was_wrong: bool,
    /// When they left the hospital bed they come from.
    pub inpatient_spell_ended_at: Option<Timestamp>,
}

impl Wards {
    /// Admits somebody whose referral was accepted.
    ///
    /// # Errors
    /// [`BeginError`].
    pub async fn admit_referred(
        &self,
        permit: &Permit,
        id: ReferralId,
        terms: Terms,
    ) -> Result<Stay, BeginError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ReferError::NoSuchReferral)?;
            let referral = ledger.referral(id).await?;
            let referral = referral.ok_or(ReferError::NoSuchReferral)?;
            let stay = StayId(wards.clock.new_id());
            let now = wards.clock.now();
            let stay = admit_in(&mut ledger, &permit, &referral, stay, terms, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, stay = %stay.id, referral = %id, "admitted");
            Ok(stay)
        })
        .await
    }

    /// Admits somebody again whose stay is over and whom the permit's ward reaches: who comes back from another ward is referred
    /// first. An oximeter that they still have from a stay on this ward is the new stay's
    /// from now on.
    ///
    /// # Errors
    /// [`BeginError`].
    pub async fn readmit(
        &self,
        permit: &Permit,
        id: PatientId,
        terms: Terms,
        back: Return,
    ) -> Result<Stay, BeginError> {
        fits("reason", &back.reason, PARAGRAPH)?;
        if back.reason.trim().is_empty() {
            return Err(ReferError::Missing("reason").into());
        }
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(BeginError::NoSuchPatient)?;
            let patient = ledger.patient_of_ward(id).await?;
            let patient = patient.ok_or(BeginError::NoSuchPatient)?;
            let now = wards.clock.now();
            if back.inpatient_spell_ended_at.is_some_and(|at| at > now) {
                return Err(ReferError::SpellNotOver.into());
            }
            let so_far = ledger.stays_of(id).await?;
            let last = may_readmit(&so_far, back.death_was_wrong)?.id;
            let papers = Papers {
                readmission_of: Some(last),
                inpatient_spell_ended_at: back.inpatient_spell_ended_at,
                notes: vec![Note {
                    by: permit.clinician,
                    at: now,
                    step: "readmit".to_owned(),
                    text: back.reason,
                }],
                ..Papers::default()
            };
            let stay = StayId(wards.clock.new_id());
            let stay = begin(&mut ledger, &permit, stay, &patient, terms, &papers, now).await?;
            keep_kit(&mut ledger, &permit, last, stay.id, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, stay = %stay.id, after = %last, "readmitted");
            Ok(stay)
        })
        .await
    }
}

/// Begins the stay that a referral asks for, in an open ledger.
pub(super) async fn admit_in(
    ledger: &mut Ledger,
    permit: &Permit,
    referral: &Referral,
    stay: StayId,
    terms: Terms,
    now: Timestamp,
) -> Result<Stay, BeginError> {
    let patient = ledger.patient_by_id(referral.patient).await?;
    let patient = patient.ok_or(BeginError::NoSuchPatient)?;
    let admitted = referral.after(Step::Admit(stay), permit.clinician, now);
    let admitted = admitted.map_err(ReferError::from)?;
    let so_far = ledger.stays_of(patient.id).await?;
    may_admit(&so_far, false)?;
    let last = may_readmit(&so_far, false).ok().map(|last| last.id);
    let papers = Papers {
        referral: Some(referral.id),
        readmission_of: last.filter(|_| referral.source == Source::Readmission),
        inpatient_spell_ended_at: referral.inpatient_spell_ended_at,
        ..Papers::default()
    };
    let stay = begin(ledger, permit, stay, &patient, terms, &papers, now).await?;
    ledger.put_referral(&admitted).await?;
    ledger.append(moved(&admitted, permit), now);
    Ok(stay)
}

async fn begin(
    ledger: &mut Ledger,
    permit: &Permit,
    id: StayId,
    patient: &Patient,
    terms: Terms,
    papers: &Papers,
    now: Timestamp,
) -> Result<Stay, BeginError> {
    reachable(patient)?;
    let (plan, care) = plan_of(ledger, permit, &terms, now)?;
    let ward = ledger.ward();
    let today = ward.zone().day_of(now);
    suits_age(patient.birth_date, today, &plan, &ward.default_plan)?;
    let stay = Stay {
        id,
        ward: permit.ward,
        patient: patient.id,
        admitted_at: now,
        plan,
        phase: Phase::Active,
        channel: terms.channel,
        baseline_spo2: terms.baseline,
    };
    ledger.insert_stay(&stay, &care).await?;
    ledger.put_papers(id, papers).await?;
    ledger.set_next_due(id, Some(now)).await?;
    ledger.append(WardEvent::StayAdmitted { stay: stay.clone() }, now);
    Ok(stay)
}

fn plan_of(
    ledger: &Ledger,
    permit: &Permit,
    terms: &Terms,
    now: Timestamp,
) -> Result<(MonitoringPlan, CarePlan), BeginError> {
    let ward = ledger.ward();
    let (plan, mut care) = match &terms.template {
        None => (ward.default_plan.clone(), ward.default_care.clone()),
        Some(name) => {
            let template = template::named(name).ok_or(BeginError::NoSuchTemplate)?;
            care_by(template.care.clone(), template, permit, now)
        }
    };
    if let Some(contact) = &terms.contact {
        let days_can_be = match contact {
            ContactSchedule::Daily => true,
            ContactSchedule::Days(days) => {
                (1..=90).contains(&days.len()) && days.iter().all(|day| (1..=90).contains(day))
            }
            ContactSchedule::EveryDays(days) => (1..=90).contains(days),
        };
        if !days_can_be {
            return Err(BeginError::ContactDays);
        }
        care.contact = contact.clone();
        care.author = Some(permit.clinician);
        care.set_at = Some(now);
    }
    Ok((plan, care))
}

fn care_by(
    mut care: CarePlan,
    template: &template::Template,
    permit: &Permit,
    now: Timestamp,
) -> (MonitoringPlan, CarePlan) {
    care.author = Some(permit.clinician);
    care.reason = format!("admitted with the template {}", template.name);
    care.set_at = Some(now);
    (template.limits.clone(), care)
}

/// What the patient still has of the last stay on this ward is the new one's from now on.
async fn keep_kit(
    ledger: &mut Ledger,
    permit: &Permit,
    last: StayId,
    stay: StayId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if ledger.stay(last).await?.is_none() {
        return Ok(());
    }
    for record in ledger.kit_of_stay(last).await? {
        let step = match record.kit.state {
            KitState::Assigned { wear, .. }
            | KitState::DueBack {
                wear: Some(wear), ..
            } => KitStep::HandOver {
                to: Wear {
                    stay,
                    from: now,
                    ..wear
                },
            },
            KitState::Issued { .. } | KitState::DueBack { wear: None, .. } => KitStep::Issue {
                to: Holder::Stay(stay),
                due_back: None,
            },
            KitState::InStock | KitState::Cleaning | KitState::Lost { .. } => continue,
        };
        match take_step(ledger, record.kit.id, step, Some(permit.clinician), now).await {
            Ok(_) => {}
            Err(KitStepError::Unavailable(error)) => {
                return Err(StoreError::Unavailable(error.to_string()));
            }
            // It stays with the stay that is over, where a low still reaches the ward, until somebody moves it by hand.
            Err(error) => {
                tracing::warn!(kit = %record.kit.id, %error, "kit did not go along to the new stay");
            }
        }
    }
    Ok(())
}
