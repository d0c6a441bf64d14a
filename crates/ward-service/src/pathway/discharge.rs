//! A stay ends as it should: nothing open, a summary for the GP, the kit on its way back.

use ward_core::id::StayId;
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::{Leaving, LeavingRefused};
use ward_core::permit::Permit;
use ward_core::stay::Stay;

use super::move_patient::{AddNote, StepError};
use crate::error::{Unavailable, to_the_end};
use crate::step_kit::{KitStepError, ask_back};
use crate::wards::Wards;

/// Kit is asked back within a week, when no day is named.
const KIT_BACK_DAYS: i32 = 7;

/// Why nobody was discharged.
#[derive(Debug, thiserror::Error)]
pub enum DischargeError {
    /// What was said of it.
    #[error(transparent)]
    Leaving(#[from] LeavingRefused),
    /// The stay.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<ward_store::StoreError> for DischargeError {
    fn from(error: ward_store::StoreError) -> Self {
        Self::Step(StepError::Unavailable(Unavailable::from(error)))
    }
}

impl Wards {
    /// Discharges a patient. Refused while an alert is open.
    ///
    /// # Errors
    /// [`DischargeError`].
    pub async fn discharge(
        &self,
        permit: &Permit,
        stay: StayId,
        leaving: Leaving,
    ) -> Result<Stay, DischargeError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.ledger_of(permit.ward).await?;
            let step = Step::End(leaving.destination);
            let today = ledger.ward().zone().day_of(wards.clock.now());
            let leaving = leaving.checked(today)?;
            let (before, follows, now) = wards.followed(&mut ledger, &permit, stay, step).await?;
            let mut papers = ledger.papers(before.id).await?;
            papers.add(&permit, step, String::new(), now);
            let week = today.saturating_add(jiff::Span::new().days(KIT_BACK_DAYS));
            let due = leaving.kit_due_back.unwrap_or(week);
            let by = permit.clinician;
            papers.end = Some(leaving.end(by, now));
            match ask_back(&mut ledger, before.id, due, Some(by), now).await {
                Ok(()) => {}
                Err(KitStepError::Unavailable(error)) => return Err(StepError::from(error).into()),
                // The kit ledger says where it is; nobody is kept on the ward for a box.
                Err(error) => tracing::warn!(stay = %before.id, %error, "kit was not asked back"),
            }
            Ok(wards
                .finish(ledger, follows, &papers, now, "discharge")
                .await?)
        })
        .await
    }
}
