//! A named clinician takes an alert.

use ward_core::alert::{self, AcknowledgeRefused, Acknowledged, Change};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, ClinicianId, Seq};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Who has the alert, and since when: for a repeat by the same clinician, the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Who.
    pub by: ClinicianId,
    /// When.
    pub at: Timestamp,
}

/// Why an alert was not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AcknowledgeError {
    /// No alert of this number on this ward.
    #[error("there is no alert {0} on this ward")]
    NoSuchAlert(AlertNumber),
    /// Somebody was first, it is over, or it has worsened unseen.
    #[error(transparent)]
    Refused(#[from] AcknowledgeRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for AcknowledgeError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Acknowledges an alert. `seen` is the newest event that the clinician's screen had applied.
    ///
    /// # Errors
    /// [`AcknowledgeError`].
    pub async fn acknowledge_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
        seen: Seq,
    ) -> Result<Acknowledgement, AcknowledgeError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(AcknowledgeError::NoSuchAlert(number))?;
            let alert = ledger
                .alert(number)
                .await?
                .ok_or(AcknowledgeError::NoSuchAlert(number))?;
            // A number that is not on the log yet was not seen by anybody.
            let seen = if seen > ledger.head() { Seq(0) } else { seen };
            let now = wards.clock.now();
            match alert::acknowledge(&alert, by, seen, now)? {
                Acknowledged::Already { at } => Ok(Acknowledgement { by, at }),
                Acknowledged::Now(taken) => {
                    let at = taken.held_since().unwrap_or(now);
                    ledger.append(
                        WardEvent::Alert {
                            change: Change::Acknowledged,
                            alert: taken,
                        },
                        now,
                    );
                    let head = ledger.commit().await?;
                    wards.bell.ring(ward, head);
                    tracing::info!(%ward, alert = %number, "alert acknowledged");
                    Ok(Acknowledgement { by, at })
                }
            }
        })
        .await
    }
}
