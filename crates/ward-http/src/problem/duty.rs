//! The shift, and alerts that go from hand to hand.

use ward_core::alert::AssignRefused;
use ward_service::{DutyError, HandOverError};

use super::ApiError;

impl From<HandOverError> for ApiError {
    fn from(error: HandOverError) -> Self {
        let detail = error.to_string();
        match error {
            HandOverError::NoSuchAlert(_) => Self::new("not-found", detail),
            HandOverError::CannotTake => Self::new("not-valid", detail),
            HandOverError::Refused(AssignRefused::NotAcknowledged) => {
                Self::new("not-acknowledged", detail)
            }
            HandOverError::Refused(AssignRefused::AlreadyResolved { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-resolved", detail)
            },
            HandOverError::Refused(AssignRefused::WorsenedSince { .. }) => {
                Self::new("worsened-since", detail)
            }
            HandOverError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DutyError> for ApiError {
    fn from(error: DutyError) -> Self {
        let detail = error.to_string();
        match error {
            DutyError::NoSuchWard => Self::not_found(),
            DutyError::NoSuchNote | DutyError::NoSuchStay => Self::new("not-found", detail),
            DutyError::NotOnDuty | DutyError::StillHolds(_) => Self::new("not-possible", detail),
            DutyError::PostTakesAClinician | DutyError::Forbidden(_) => {
                Self::new("forbidden", detail)
            }
            DutyError::CannotTake | DutyError::EmptyNote => Self::new("not-valid", detail),
            DutyError::NoteTooLong => Self::new("note-too-long", detail),
            DutyError::Unavailable(error) => error.into(),
        }
    }
}
