//! When somebody watches the board.

use ward_core::day::{HoursOutOfOrder, StaffedHours};
use ward_core::event::WardEvent;
use ward_core::id::WardId;
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::ward_settings::setting_changed;
use crate::wards::Wards;

/// Why a ward's hours are as they were.
#[derive(Debug, thiserror::Error)]
pub enum HoursError {
    /// The hours.
    #[error(transparent)]
    Hours(#[from] HoursOutOfOrder),
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for HoursError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Changes when somebody watches the board. Outside these hours a red goes to whoever is on call by the patient's
    /// plan; what has spoken already does not go out for it.
    ///
    /// # Errors
    /// [`HoursError`] says what to change.
    pub async fn set_staffed_hours(
        &self,
        permit: &Permit,
        hours: StaffedHours,
    ) -> Result<(), HoursError> {
        permit.allows(Verb::SetWardDefaults)?;
        let by = permit.clinician;
        self.put_hours(
            permit.ward,
            hours,
            Some(setting_changed("staffed hours", permit)),
        )
        .await?;
        tracing::warn!(ward = %permit.ward, %by, "staffed hours set");
        Ok(())
    }

    /// As [`Wards::set_staffed_hours`], by the administration.
    ///
    /// # Errors
    /// [`HoursError`] says what to change.
    pub async fn staff_ward(&self, ward: WardId, hours: StaffedHours) -> Result<(), HoursError> {
        self.put_hours(ward, hours, None).await
    }

    async fn put_hours(
        &self,
        ward: WardId,
        hours: StaffedHours,
        said: Option<WardEvent>,
    ) -> Result<(), HoursError> {
        let hours = hours.checked()?;
        let wards = self.clone();
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(HoursError::NoSuchWard)?;
            ledger.set_staffed(&hours).await?;
            ledger.set_timers_anew(wards.clock.now()).await?;
            if let Some(event) = said {
                ledger.append(event, wards.clock.now());
            }
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(())
        })
        .await
    }
}
