//! Admission in one sitting: the person's record, triage, consent, acceptance, the stay and its team are one transaction.
//! Whatever breaks it off, the person is as they were before, or admitted with all that was said.

use ward_core::id::{ReferralId, StayId};
use ward_core::pathway::referral::{Answer, Consent, Referral, State, Step, Urgency};
use ward_core::patient::Patient;
use ward_core::permit::Permit;
use ward_core::stay::Stay;
use ward_store::StoreError;

use super::begin_stay::{BeginError, Terms, admit_in};
use super::people::{RegisterError, edit_in};
use super::refer::{ReferError, moved};
use crate::error::{Unavailable, to_the_end};
use crate::ward_settings::{TeamsError, team_in};
use crate::wards::Wards;

/// What is said about somebody who was referred, in one sitting.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// What is known of them by now.
    pub told: Patient,
    /// How soon, where nobody has triaged them.
    pub urgency: Urgency,
    /// What they said, if they were asked now.
    pub consent: Option<Answer>,
    /// How the stay begins.
    pub terms: Terms,
    /// The team that looks after them; empty: none.
    pub team: String,
}

/// Why nobody was taken on: nothing of the sitting was written then.
#[derive(Debug, thiserror::Error)]
pub enum TakeOnError {
    /// What is known of them.
    #[error(transparent)]
    Person(#[from] RegisterError),
    /// The referral.
    #[error(transparent)]
    Referral(#[from] ReferError),
    /// The stay.
    #[error(transparent)]
    Stay(#[from] BeginError),
    /// The team.
    #[error(transparent)]
    Team(#[from] TeamsError),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for TakeOnError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What is still to be done with the referral before the stay begins.
fn steps(referral: &Referral, urgency: Urgency, consent: Option<Answer>) -> Vec<Step> {
    let triage = matches!(referral.state, State::Referred).then_some(Step::Triage(urgency));
    let is_given = matches!(referral.consent, Consent::Given { .. });
    let asked = consent.filter(|_| !is_given).map(Step::Consent);
    let is_accepted = matches!(referral.state, State::Accepted { .. });
    let accept = (!is_accepted).then_some(Step::Accept);
    [triage, asked, accept].into_iter().flatten().collect()
}

impl Wards {
    /// Takes somebody on who was referred: all of it, or nothing. What was done before the sitting is passed over.
    ///
    /// # Errors
    /// [`TakeOnError`].
    pub async fn take_on(
        &self,
        permit: &Permit,
        id: ReferralId,
        sitting: Sitting,
    ) -> Result<Stay, TakeOnError> {
        let team = self.team_named(permit, &sitting.team).await?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ReferError::NoSuchReferral)?;
            let referral = ledger.referral(id).await?;
            let mut referral = referral.ok_or(ReferError::NoSuchReferral)?;
            let known = ledger.patient_of_ward(referral.patient).await?;
            let known = known.ok_or(RegisterError::NoSuchPatient)?;
            let now = wards.clock.now();
            if sitting.told != known {
                edit_in(&mut ledger, &permit, &known, sitting.told, now).await?;
            }
            for step in steps(&referral, sitting.urgency, sitting.consent) {
                let after = referral.after(step, permit.clinician, now);
                referral = after.map_err(ReferError::from)?;
                ledger.append(moved(&referral, &permit), now);
            }
            let stay = StayId(wards.clock.new_id());
            let terms = sitting.terms;
            let stay = admit_in(&mut ledger, &permit, &referral, stay, terms, now).await?;
            if !team.is_empty() {
                team_in(&mut ledger, &permit, (stay.id, stay.patient), &team, now).await?;
            }
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, stay = %stay.id, referral = %id, "admitted in one sitting");
            Ok(stay)
        })
        .await
    }
}
