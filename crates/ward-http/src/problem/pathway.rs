//! Errors of the way through a ward.

use ward_core::pathway::departure::Why;
use ward_core::pathway::papers::LeavingRefused;
use ward_core::patient::DetailsRefused;
use ward_service::{DischargeError, StepError};

use super::ApiError;

impl From<StepError> for ApiError {
    fn from(error: StepError) -> Self {
        let detail = error.to_string();
        match error {
            StepError::NoSuchStay | StepError::NoSuchWard => Self::new("not-found", detail),
            StepError::NotPossible(refused) => match refused.why {
                Why::AlertsOpen(_) => Self::new("alerts-open", detail),
                Why::AlreadyPaused { .. }
                | Why::NotPaused
                | Why::Over { .. }
                | Why::HasDied { .. }
                | Why::SameWard
                | Why::SameChannel => Self::new("not-possible", detail),
            },
            StepError::TooLong(_) => Self::new("text-too-long", detail),
            StepError::SpellOutOfRange { .. } => Self::new("not-valid", detail),
            StepError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DischargeError> for ApiError {
    fn from(error: DischargeError) -> Self {
        match error {
            DischargeError::Step(error) => error.into(),
            DischargeError::Leaving(LeavingRefused::TooLong(error)) => {
                Self::new("text-too-long", error.to_string())
            }
            DischargeError::Leaving(error) => Self::new("not-valid", error.to_string()),
        }
    }
}

impl From<DetailsRefused> for ApiError {
    fn from(error: DetailsRefused) -> Self {
        let detail = error.to_string();
        match error {
            DetailsRefused::TooLong(_) => Self::new("text-too-long", detail),
            DetailsRefused::TooManyKin
            | DetailsRefused::KinWithout { .. }
            | DetailsRefused::ReachedThroughNobody(_) => Self::new("not-valid", detail),
        }
    }
}
