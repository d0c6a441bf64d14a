//! Somebody keeps an alert quiet for a while.

use ward_core::alert::{self, Change, SnoozeAsked, SnoozeRefused};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, Seq};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::resolve_alert::NOTE_LIMIT;
use crate::wards::Wards;

/// Why an alert was not snoozed.
#[derive(Debug, thiserror::Error)]
pub enum SnoozeError {
    /// No alert of this number on this ward.
    #[error("there is no alert {0} on this ward")]
    NoSuchAlert(AlertNumber),
    /// The note.
    #[error("the note is longer than {NOTE_LIMIT} characters: shorten it")]
    NoteTooLong,
    /// A red, no reason, no end, or not theirs.
    #[error(transparent)]
    Refused(#[from] SnoozeRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for SnoozeError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Keeps an alert quiet until a time. `seen` is the newest event that the clinician's screen had applied. Until when
    /// comes back.
    ///
    /// # Errors
    /// [`SnoozeError`].
    pub async fn snooze_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
        asked: SnoozeAsked,
        seen: Seq,
    ) -> Result<Timestamp, SnoozeError> {
        if asked.note.chars().count() > NOTE_LIMIT {
            return Err(SnoozeError::NoteTooLong);
        }
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(SnoozeError::NoSuchAlert(number))?;
            let alert = ledger.alert(number).await?;
            let alert = alert.ok_or(SnoozeError::NoSuchAlert(number))?;
            // A number that is not on the log yet was not seen by anybody.
            let seen = if seen > ledger.head() { Seq(0) } else { seen };
            let now = wards.clock.now();
            let until = asked.until;
            let quiet = alert::snooze(&alert, by, asked, seen, now)?;
            let event = WardEvent::Alert {
                change: Change::Snoozed,
                alert: Box::new(quiet),
            };
            ledger.append(event, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, alert = %number, %by, "alert snoozed");
            Ok(until)
        })
        .await
    }
}
