//! What a ward admits patients with, and within which limits one clinician may set a plan alone.

use ward_core::care::{CarePlan, CareRefused};
use ward_core::clinician::Role;
use ward_core::event::{PlanEvent, WardEvent};
use ward_core::permit::{Forbidden, Permit};
use ward_core::plan::{MonitoringPlan, PlanRefused};
use ward_core::safe_range::{RangeRefused, SafeRange};
use ward_core::ward::Ward;
use ward_store::StoreError;

use crate::error::{Refused, Unavailable, to_the_end};
use crate::wards::Wards;

/// What a ward works by unless a clinician says otherwise for a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WardDefaults {
    /// Limits.
    pub limits: MonitoringPlan,
    /// Everything else.
    pub care: CarePlan,
    /// Within which limits one clinician may set a plan alone.
    pub safe_range: SafeRange,
}

/// Why a ward's defaults are as they were.
#[derive(Debug, thiserror::Error)]
pub enum DefaultsError {
    /// The limits.
    #[error(transparent)]
    Limits(#[from] PlanRefused),
    /// The rest.
    #[error(transparent)]
    Care(#[from] CareRefused),
    /// The safe range.
    #[error(transparent)]
    Range(#[from] RangeRefused),
    /// The ward, or the role.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for DefaultsError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The ward with its defaults.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn ward_of(&self, permit: &Permit) -> Result<Option<Ward>, Unavailable> {
        Ok(self.store.ward(permit.ward).await?)
    }

    /// Changes what a ward admits patients with. Plans that are in force stay as they are. The safe range is a senior
    /// clinician's to change: whoever may set a limit alone must not also say which limits those are.
    ///
    /// # Errors
    /// [`DefaultsError`] says what to change.
    pub async fn set_ward_defaults(
        &self,
        permit: &Permit,
        defaults: WardDefaults,
    ) -> Result<(), DefaultsError> {
        let limits = defaults.limits.checked()?;
        let care = defaults.care.checked(&limits)?;
        let safe_range = defaults.safe_range.checked(&limits)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(Refused::NoSuchWard)?;
            let is_seniors = permit.role == Role::SeniorClinician;
            if safe_range != ledger.ward().safe_range && !is_seniors {
                return Err(Refused::Forbidden(Forbidden {
                    role: permit.role,
                    needs: Role::SeniorClinician,
                })
                .into());
            }
            let care = CarePlan {
                version: 1,
                review_by: None,
                review_missed: None,
                author: None,
                set_at: None,
                ..care
            };
            ledger
                .set_ward_defaults(&limits, &care, &safe_range)
                .await?;
            let now = wards.clock.now();
            let by = permit.clinician;
            ledger.append(WardEvent::Plan(PlanEvent::DefaultsChanged { by }), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, "defaults changed");
            Ok(())
        })
        .await
    }
}
