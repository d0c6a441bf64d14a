//! Errors of corrections and of messages.

use ward_core::correction::ReasonRefused;
use ward_service::{CorrectError, MessageError};

use super::ApiError;

impl From<CorrectError> for ApiError {
    fn from(error: CorrectError) -> Self {
        let detail = error.to_string();
        match error {
            CorrectError::NoSuchStay | CorrectError::NoSuchTarget | CorrectError::NoSuchRecord => {
                Self::new("not-found", detail)
            }
            CorrectError::AlreadyStruck
            | CorrectError::SameStay
            | CorrectError::BeforeStay
            | CorrectError::OfATest => Self::new("not-possible", detail),
            CorrectError::Reason(ReasonRefused::TooLong(_)) => Self::new("text-too-long", detail),
            CorrectError::Reason(ReasonRefused::Wordless) => Self::new("not-valid", detail),
            CorrectError::Forbidden(_) => Self::new("forbidden", detail),
            CorrectError::Unavailable(error) => error.into(),
        }
    }
}

impl From<MessageError> for ApiError {
    fn from(error: MessageError) -> Self {
        let detail = error.to_string();
        match error {
            MessageError::NoSuchStay => Self::new("not-found", detail),
            MessageError::GetsNone => Self::new("not-possible", detail),
            MessageError::NotATimeToCome => Self::new("not-valid", detail),
            MessageError::Forbidden(_) => Self::new("forbidden", detail),
            MessageError::Unavailable(error) => error.into(),
        }
    }
}
