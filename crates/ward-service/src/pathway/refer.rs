//! Somebody is referred, triaged, accepted or not.

use ward_core::event::{PathwayEvent, WardEvent};
use ward_core::id::{ReferralId, StayId};
use ward_core::pathway::referral::{Answer, Consent, NotPossible, Referral, Source, State, Step};
use ward_core::patient::{LINE, PARAGRAPH, Patient, TooLong, fits};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use super::people::{Alike, RegisterError};
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Referrals on one page.
pub const REFERRALS_ON_A_PAGE: i64 = 200;

/// A request to take somebody on.
#[derive(Clone, Debug)]
pub struct NewReferral {
    /// Who; the id counts when they are not on record.
    pub person: Patient,
    /// Where it comes from.
    pub source: Source,
    /// The person or team who asked.
    pub referred_by: String,
    /// Why.
    pub reason: String,
    /// What the person said, if they were asked.
    pub consent: Option<Answer>,
    /// When they left the hospital bed they come from.
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// Somebody has compared them with those who are like them.
    pub confirmed_new: bool,
}

/// Why nobody was referred, or a referral did not take a step.
#[derive(Debug, thiserror::Error)]
pub enum ReferError {
    /// The person.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// Must be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// They are on a ward now.
    #[error(
        "this patient has an open stay on {on}. Possible now: have it transferred from there, if they are to be on this ward"
    )]
    OpenStay {
        /// Which.
        stay: StayId,
        /// The name of the ward where they are.
        on: String,
    },
    /// One at a time.
    #[error(
        "a referral of this patient to {to} is still to be answered. Possible now: act on it, or have it withdrawn"
    )]
    AlreadyReferred {
        /// Which.
        referral: ReferralId,
        /// To this ward or another.
        to: &'static str,
    },
    /// In the future.
    #[error("inpatient_spell_ended_at lies after now")]
    SpellNotOver,
    /// No referral of this id to this ward.
    #[error("there is no such referral to this ward")]
    NoSuchReferral,
    /// It cannot; what it can is said.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for ReferError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Refers somebody to the permit's ward: also whom only another ward has known so far, by NHS number, day of birth and family
    /// name. From here on the ward reaches them.
    ///
    /// # Errors
    /// [`ReferError`].
    pub async fn refer(&self, permit: &Permit, new: NewReferral) -> Result<Referral, ReferError> {
        let others = self.possible_duplicates(permit, &new.person).await?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ReferError::NoSuchReferral)?;
            let referral = wards.refer_in(&mut ledger, &permit, new, &others).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, referral = %referral.id, "referred");
            Ok(referral)
        })
        .await
    }

    /// Makes the referral in an open ledger.
    pub(super) async fn refer_in(
        &self,
        ledger: &mut Ledger,
        permit: &Permit,
        new: NewReferral,
        others: &[Alike],
    ) -> Result<Referral, ReferError> {
        fits("referred_by", &new.referred_by, LINE)?;
        fits("reason", &new.reason, PARAGRAPH)?;
        for (field, text) in [("referred_by", &new.referred_by), ("reason", &new.reason)] {
            if text.trim().is_empty() {
                return Err(ReferError::Missing(field));
            }
        }
        let now = self.clock.now();
        if new.inpatient_spell_ended_at.is_some_and(|at| at > now) {
            return Err(ReferError::SpellNotOver);
        }
        let patient = self
            .register(ledger, new.person, others, new.confirmed_new)
            .await?;
        let stays = ledger.where_is(patient.id).await?;
        if let Some(open) = stays.into_iter().find(|stay| stay.phase.is_open()) {
            let (stay, on) = (open.stay, open.ward_name);
            return Err(ReferError::OpenStay { stay, on });
        }
        if let Some(known) = ledger.open_referral_of(patient.id).await? {
            let referral = known.id;
            let to = if known.ward == permit.ward {
                "this ward"
            } else {
                "another ward"
            };
            return Err(ReferError::AlreadyReferred { referral, to });
        }
        let by = permit.clinician;
        let made = Referral {
            id: ReferralId(self.clock.new_id()),
            ward: permit.ward,
            patient: patient.id,
            made_at: now,
            made_by: by,
            source: new.source,
            referred_by: new.referred_by.trim().to_owned(),
            reason: new.reason.trim().to_owned(),
            consent: Consent::NotAsked,
            inpatient_spell_ended_at: new.inpatient_spell_ended_at,
            state: State::Referred,
        };
        let made = match new.consent {
            Some(answer) => made.after(Step::Consent(answer), by, now)?,
            None => made,
        };
        ledger.insert_referral(&made).await?;
        ledger.append(moved(&made, permit), now);
        Ok(made)
    }

    /// Triages, accepts, declines or withdraws a referral, or records consent to it.
    ///
    /// # Errors
    /// [`ReferError`].
    pub async fn step_referral(
        &self,
        permit: &Permit,
        id: ReferralId,
        step: Step,
    ) -> Result<Referral, ReferError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ReferError::NoSuchReferral)?;
            let referral = ledger.referral(id).await?;
            let referral = referral.ok_or(ReferError::NoSuchReferral)?;
            let now = wards.clock.now();
            let after = referral.after(step, permit.clinician, now)?;
            ledger.put_referral(&after).await?;
            ledger.append(moved(&after, &permit), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, referral = %id, state = after.state.name(), "referral moved");
            Ok(after)
        })
        .await
    }

    /// Referrals to the permit's ward, the newest first, with their people: those still to be answered, or all that were made
    /// before `before`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn referrals(
        &self,
        permit: &Permit,
        only_open: bool,
        before: Option<Timestamp>,
    ) -> Result<Vec<(Referral, Patient)>, Unavailable> {
        let before = before.unwrap_or(Timestamp::from_millis(i64::MAX));
        let referrals = self
            .store
            .referrals(permit.ward, only_open, before, REFERRALS_ON_A_PAGE)
            .await?;
        let mut with_people = Vec::with_capacity(referrals.len());
        for referral in referrals {
            if let Some(patient) = self.store.patient(referral.patient).await? {
                with_people.push((referral, patient));
            }
        }
        Ok(with_people)
    }
}

/// What the log says of it.
pub(super) fn moved(referral: &Referral, permit: &Permit) -> WardEvent {
    WardEvent::Pathway(PathwayEvent::ReferralMoved {
        referral: referral.id,
        state: referral.state.name().to_owned(),
        by: permit.clinician,
    })
}
