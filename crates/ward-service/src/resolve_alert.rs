//! A clinician ends an alert and says what changed in care.

use ward_core::alert::{self, Change, Outcome, ResolveRefused};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, Seq};
use ward_core::permit::Permit;
use ward_store::StoreError;

use crate::acknowledge_alert::Acknowledgement;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// A note may be this long, in characters.
pub(crate) const NOTE_LIMIT: usize = 2_000;

/// Why an alert was not resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// No alert of this number on this ward.
    #[error("there is no alert {0} on this ward")]
    NoSuchAlert(AlertNumber),
    /// The note.
    #[error(
        "the note is longer than {NOTE_LIMIT} characters: shorten it and put the rest into the patient's record"
    )]
    NoteTooLong,
    /// Nobody has it, it is over, or it has worsened unseen.
    #[error(transparent)]
    Refused(#[from] ResolveRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for ResolveError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Resolves an alert. `seen` is the newest event that the clinician's screen had applied.
    ///
    /// # Errors
    /// [`ResolveError`].
    pub async fn resolve_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
        outcome: Outcome,
        note: String,
        seen: Seq,
    ) -> Result<Acknowledgement, ResolveError> {
        if note.chars().count() > NOTE_LIMIT {
            return Err(ResolveError::NoteTooLong);
        }
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(ResolveError::NoSuchAlert(number))?;
            let alert = ledger
                .alert(number)
                .await?
                .ok_or(ResolveError::NoSuchAlert(number))?;
            // A number that is not on the log yet was not seen by anybody.
            let seen = if seen > ledger.head() { Seq(0) } else { seen };
            let now = wards.clock.now();
            let over = alert::resolve(&alert, by, outcome, note, seen, now)?;
            ledger.append(
                WardEvent::Alert {
                    change: Change::Resolved,
                    alert: Box::new(over),
                },
                now,
            );
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, alert = %number, "alert resolved");
            Ok(Acknowledgement { by, at: now })
        })
        .await
    }
}
