//! Passing alerts on, keeping them quiet, and who is told.

use ward_core::alert::{EscalateRefused, SnoozeRefused};
use ward_service::{DetailError, EscalateError, PolicyError, SnoozeError};

use super::ApiError;

impl From<EscalateError> for ApiError {
    fn from(error: EscalateError) -> Self {
        let detail = error.to_string();
        match error {
            EscalateError::NoSuchAlert(_) => Self::new("not-found", detail),
            EscalateError::CannotTake => Self::new("not-valid", detail),
            EscalateError::NoteTooLong => Self::new("note-too-long", detail),
            EscalateError::Refused(EscalateRefused::AlreadyResolved { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-resolved", detail)
            },
            EscalateError::Refused(EscalateRefused::NoLevelLeft) => {
                Self::new("not-possible", detail)
            }
            EscalateError::Unavailable(error) => error.into(),
        }
    }
}

impl From<SnoozeError> for ApiError {
    fn from(error: SnoozeError) -> Self {
        let detail = error.to_string();
        match error {
            SnoozeError::NoSuchAlert(_) => Self::new("not-found", detail),
            SnoozeError::NoteTooLong => Self::new("note-too-long", detail),
            SnoozeError::Refused(SnoozeRefused::AlreadyResolved { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-resolved", detail)
            },
            SnoozeError::Refused(SnoozeRefused::WorsenedSince { .. }) => {
                Self::new("worsened-since", detail)
            }
            SnoozeError::Refused(SnoozeRefused::SomebodyElses { .. } | SnoozeRefused::Red) => {
                Self::new("not-possible", detail)
            }
            SnoozeError::Refused(SnoozeRefused::End | SnoozeRefused::NoteMissing) => {
                Self::new("not-valid", detail)
            }
            SnoozeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PolicyError> for ApiError {
    fn from(error: PolicyError) -> Self {
        let detail = error.to_string();
        match error {
            PolicyError::NoSuchWard => Self::not_found(),
            PolicyError::Forbidden(_) => Self::new("forbidden", detail),
            PolicyError::Refused(_) | PolicyError::NotHere => Self::new("not-valid", detail),
            PolicyError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DetailError> for ApiError {
    fn from(error: DetailError) -> Self {
        let detail = error.to_string();
        match error {
            DetailError::NotThere => Self::new("not-found", detail),
            DetailError::TooMany => Self::new("not-possible", detail),
            DetailError::NoPhone | DetailError::NoEmail | DetailError::NoPush => {
                Self::new("not-valid", detail)
            }
            DetailError::Unavailable(error) => error.into(),
        }
    }
}
