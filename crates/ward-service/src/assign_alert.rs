//! An alert goes from one clinician to another: taken over, or given to a colleague.

use ward_core::alert::{self, AssignRefused, Assigned, Change};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, ClinicianId, Seq};
use ward_core::permit::{Permit, Verb};
use ward_store::StoreError;

use crate::acknowledge_alert::Acknowledgement;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Why an alert stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// No alert of this number on this ward.
    #[error("there is no alert {0} on this ward")]
    NoSuchAlert(AlertNumber),
    /// Not somebody who could act on it.
    #[error("this person cannot act on alerts of this ward: choose a clinician of the ward")]
    CannotTake,
    /// Nobody has it, it is over, or it has worsened unseen.
    #[error(transparent)]
    Refused(#[from] AssignRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for HandOverError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Gives an alert that somebody has to `to`; whoever names themselves takes it over. `seen` is the newest event that
    /// the clinician's screen had applied.
    ///
    /// # Errors
    /// [`HandOverError`].
    pub async fn assign_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
        to: ClinicianId,
        seen: Seq,
    ) -> Result<Acknowledgement, HandOverError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(HandOverError::NoSuchAlert(number))?;
            if !can_take(&wards, ward, to).await? {
                return Err(HandOverError::CannotTake);
            }
            let alert = ledger.alert(number).await?;
            let alert = alert.ok_or(HandOverError::NoSuchAlert(number))?;
            // A number that is not on the log yet was not seen by anybody.
            let seen = if seen > ledger.head() { Seq(0) } else { seen };
            let now = wards.clock.now();
            match alert::assign(&alert, by, to, seen, now)? {
                Assigned::Already { at } => Ok(Acknowledgement { by: to, at }),
                Assigned::Now(alert) => {
                    let change = Change::Assigned;
                    ledger.append(WardEvent::Alert { change, alert }, now);
                    let head = ledger.commit().await?;
                    wards.bell.ring(ward, head);
                    tracing::info!(%ward, alert = %number, %by, %to, "alert assigned");
                    Ok(Acknowledgement { by: to, at: now })
                }
            }
        })
        .await
    }
}

/// Whether somebody could act on the alerts of a ward.
pub(crate) async fn can_take(
    wards: &Wards,
    ward: ward_core::id::WardId,
    to: ClinicianId,
) -> Result<bool, StoreError> {
    let role = wards.store.role(to, ward).await?;
    Ok(role.is_some_and(|role| {
        let permit = Permit {
            organisation: wards.store.organisation(),
            ward,
            clinician: to,
            role,
        };
        permit.allows(Verb::AcknowledgeAlert).is_ok()
    }))
}
