//! Somebody passes an alert on by hand.

use ward_core::alert::{self, Change, EscalateRefused};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, ClinicianId};
use ward_core::permit::Permit;
use ward_store::StoreError;

use crate::assign_alert::can_take;
use crate::error::{Unavailable, to_the_end};
use crate::resolve_alert::NOTE_LIMIT;
use crate::wards::Wards;

/// Why an alert was not passed on.
#[derive(Debug, thiserror::Error)]
pub enum EscalateError {
    /// No alert of this number on this ward.
    #[error("there is no alert {0} on this ward")]
    NoSuchAlert(AlertNumber),
    /// Not somebody who could act on it.
    #[error("this person cannot act on alerts of this ward: choose a clinician of the ward")]
    CannotTake,
    /// The note.
    #[error("the note is longer than {NOTE_LIMIT} characters: shorten it")]
    NoteTooLong,
    /// It is over, or was passed on too often.
    #[error(transparent)]
    Refused(#[from] EscalateRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for EscalateError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Passes an alert on: to the person named, or to whoever the next step tells. The level that it has reached comes back.
    ///
    /// # Errors
    /// [`EscalateError`].
    pub async fn escalate_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
        to: Option<ClinicianId>,
        note: String,
    ) -> Result<u16, EscalateError> {
        let note = note.trim().to_owned();
        if note.chars().count() > NOTE_LIMIT {
            return Err(EscalateError::NoteTooLong);
        }
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(EscalateError::NoSuchAlert(number))?;
            if let Some(to) = to
                && !can_take(&wards, ward, to).await?
            {
                return Err(EscalateError::CannotTake);
            }
            let alert = ledger.alert(number).await?;
            let alert = alert.ok_or(EscalateError::NoSuchAlert(number))?;
            let now = wards.clock.now();
            let passed = alert::escalate(&alert, by, to, note, now)?;
            let level = passed.ladder.level;
            let event = WardEvent::Alert {
                change: Change::EscalatedByHand,
                alert: Box::new(passed),
            };
            ledger.append(event, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::warn!(%ward, alert = %number, %by, level, "alert passed on by hand");
            Ok(level)
        })
        .await
    }
}
