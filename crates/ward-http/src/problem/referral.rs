//! Errors of people before they are on a ward.

use ward_core::pathway::admission::AdmissionRefused;
use ward_core::pathway::case_finding::ReviewRefused;
use ward_core::pathway::registration::PersonRefused;
use ward_core::patient::NotAnNhsNumber;
use ward_service::{BeginError, CaseError, ReferError, RegisterError, TakeOnError};

use super::ApiError;

impl ApiError {
    pub(crate) fn not_an_nhs_number(why: NotAnNhsNumber) -> Self {
        Self::new("not-valid", format!("nhs_number: {why}"))
    }

    pub(crate) fn no_baseline() -> Self {
        Self::new("not-valid", "baseline_spo2_percent lies between 1 and 100")
    }

    pub(crate) fn not_csv() -> Self {
        Self::new(
            "wrong-media-type",
            "Send the list with `Content-Type: text/csv`",
        )
    }
}

impl From<PersonRefused> for ApiError {
    fn from(error: PersonRefused) -> Self {
        let detail = error.to_string();
        match error {
            PersonRefused::TooLong(_) => Self::new("text-too-long", detail),
            PersonRefused::Details(error) => error.into(),
            PersonRefused::Missing(_) | PersonRefused::BirthDate | PersonRefused::Unreachable => {
                Self::new("not-valid", detail)
            }
        }
    }
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        let detail = error.to_string();
        match error {
            RegisterError::Person(error) => error.into(),
            RegisterError::AnotherPerson | RegisterError::NumberTaken => {
                Self::new("already-there", detail)
            }
            RegisterError::PossibleDuplicates { .. } => Self::new("possible-duplicate", detail),
            RegisterError::NoSuchPatient => Self::new("not-found", detail),
            RegisterError::TooLittle => Self::new("not-valid", detail),
            RegisterError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ReferError> for ApiError {
    fn from(error: ReferError) -> Self {
        let detail = error.to_string();
        match error {
            ReferError::Register(error) => error.into(),
            ReferError::TooLong(_) => Self::new("text-too-long", detail),
            ReferError::Missing(_) | ReferError::SpellNotOver => Self::new("not-valid", detail),
            ReferError::OpenStay { .. } | ReferError::AlreadyReferred { .. } => {
                Self::new("already-there", detail)
            }
            ReferError::NoSuchReferral => Self::new("not-found", detail),
            ReferError::NotPossible(_) => Self::new("not-possible", detail),
            ReferError::Unavailable(error) => error.into(),
        }
    }
}

impl From<TakeOnError> for ApiError {
    fn from(error: TakeOnError) -> Self {
        match error {
            TakeOnError::Person(error) => error.into(),
            TakeOnError::Referral(error) => error.into(),
            TakeOnError::Stay(error) => error.into(),
            TakeOnError::Team(error) => error.into(),
            TakeOnError::Unavailable(error) => error.into(),
        }
    }
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        let detail = error.to_string();
        match error {
            BeginError::Referral(error) => error.into(),
            BeginError::Refused(AdmissionRefused::OpenStay { .. }) => {
                Self::new("already-there", detail)
            }
            BeginError::Refused(AdmissionRefused::HasDied { .. } | AdmissionRefused::NeverHere) => {
                Self::new("not-possible", detail)
            }
            BeginError::Person(error) => error.into(),
            BeginError::TooYoung(_) | BeginError::NoSuchTemplate | BeginError::ContactDays => {
                Self::new("not-valid", detail)
            }
            BeginError::TooLong(_) => Self::new("text-too-long", detail),
            BeginError::NoSuchPatient => Self::new("not-found", detail),
            BeginError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CaseError> for ApiError {
    fn from(error: CaseError) -> Self {
        let detail = error.to_string();
        match error {
            CaseError::Columns(_)
            | CaseError::NotText
            | CaseError::Review(ReviewRefused::DeferOutOfRange { .. } | ReviewRefused::NoReason) => {
                Self::new("not-valid", detail)
            }
            CaseError::TooMany => Self::new("too-large", detail),
            CaseError::NoSuchCase => Self::new("not-found", detail),
            CaseError::Review(ReviewRefused::Decided { .. }) => Self::new("not-possible", detail),
            CaseError::TooLong(_) => Self::new("text-too-long", detail),
            CaseError::Refer(error) => error.into(),
            CaseError::Unavailable(error) => error.into(),
        }
    }
}
