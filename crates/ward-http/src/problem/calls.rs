//! Errors of the call list.

use ward_core::contact::{CallRefused, ClaimRefused};
use ward_core::ladder::StopRefused;
use ward_service::ContactError;

use super::ApiError;

impl From<ContactError> for ApiError {
    fn from(error: ContactError) -> Self {
        let detail = error.to_string();
        match error {
            ContactError::NoSuchStay => Self::new("not-found", detail),
            ContactError::Over { .. } | ContactError::Paused { .. } | ContactError::NoVideo => {
                Self::new("not-possible", detail)
            }
            ContactError::Claim(ClaimRefused::HeldBy { by, at, .. }) => Self {
                first: Some((by, at)),
                ..Self::new("claimed", detail)
            },
            ContactError::Claim(ClaimRefused::NobodyHasIt) => Self::new("not-possible", detail),
            ContactError::Call(refused) => refused.into(),
            ContactError::Reading(_) | ContactError::UsedId => Self::new("not-valid", detail),
            ContactError::Stop(refused) => match refused {
                StopRefused::NotSenior => Self::new("forbidden", detail),
                StopRefused::NoReason => Self::new("not-valid", detail),
                StopRefused::TooLong => Self::new("text-too-long", detail),
                StopRefused::NothingTried => Self::new("not-possible", detail),
                StopRefused::AlreadyStopped { by, at } => Self {
                    first: Some((by, at)),
                    ..Self::new("not-possible", detail)
                },
            },
            ContactError::Pattern(_) | ContactError::Script(_) => Self::new("not-valid", detail),
            ContactError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CallRefused> for ApiError {
    fn from(refused: CallRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            CallRefused::TooLong { .. } => Self::new("text-too-long", detail),
            CallRefused::SameIdentifierTwice
            | CallRefused::IdentityMissing
            | CallRefused::NobodyReached(_)
            | CallRefused::CameInUnanswered
            | CallRefused::CannotComeIn
            | CallRefused::NameMissing
            | CallRefused::InTheFuture
            | CallRefused::TooLongAgo
            | CallRefused::NextOutOfRange
            | CallRefused::Missing(_)
            | CallRefused::UnknownSymptom
            | CallRefused::TooMany { .. } => Self::new("not-valid", detail),
        }
    }
}
