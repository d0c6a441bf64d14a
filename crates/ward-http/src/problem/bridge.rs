//! Bridges that are not let in.

use ward_service::EnrolError;
use ward_wire::signature::{CLOCK_OFF, SEEN_BEFORE};

use super::ApiError;

impl From<EnrolError> for ApiError {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::NotThisCode => Self::new("code-not-good", error.to_string()),
            EnrolError::NotKnown => Self::new("credential-not-known", error.to_string()),
            EnrolError::Revoked => Self::new("credential-revoked", error.to_string()),
            EnrolError::NotSigned => Self::new("signature-not-good", error.to_string()),
            EnrolError::ClockOff { service_time } => Self {
                service_time: Some(service_time),
                ..Self::new(CLOCK_OFF, error.to_string())
            },
            EnrolError::SeenBefore => Self::new(SEEN_BEFORE, error.to_string()),
            EnrolError::NotProven => Self::new("key-not-proven", error.to_string()),
            EnrolError::NotByThisKey => Self::new("key-replaced", error.to_string()),
            EnrolError::TooManyKeys => {
                Self::new("too-many-requests", error.to_string()).again_in(3600)
            }
            EnrolError::NotThere(_) => Self::not_found(),
            EnrolError::Unavailable(error) => error.into(),
        }
    }
}
