//! What is wrong with something that was entered.

use ward_core::exertion::ExertionRefused;
use ward_service::{AccessError, EntryError, ExertionError, QuestionnaireError};

use super::ApiError;

impl From<EntryError> for ApiError {
    fn from(error: EntryError) -> Self {
        let detail = error.to_string();
        match error {
            EntryError::NoSuchStay | EntryError::NoSuchReading => Self::new("not-found", detail),
            EntryError::Means | EntryError::Carer => Self::new("who-said-it", detail),
            EntryError::NoDiary => Self::new("no-diary", detail),
            EntryError::NoSuchQuestionnaire { .. } => Self::new("no-such-questionnaire", detail),
            EntryError::Answers { .. } => Self::new("answer-refused", detail),
            EntryError::Hand { .. } => Self::new("value-refused", detail),
            EntryError::UsedId => Self::new("id-used", detail),
            EntryError::TypedBefore { .. } => Self::new("typed-before", detail),
            EntryError::NotAsked => Self::new("nothing-asked", detail),
            EntryError::AlreadyAnswered => Self::new("already-answered", detail),
            EntryError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ExertionError> for ApiError {
    fn from(error: ExertionError) -> Self {
        let detail = error.to_string();
        match error {
            ExertionError::Entry(error) => error.into(),
            ExertionError::Refused(ExertionRefused::RestTooLow { .. }) => {
                Self::new("not-to-be-tested", detail)
            }
            ExertionError::Refused(ExertionRefused::LowestAboveRest { .. }) => {
                Self::new("lowest-above-rest", detail)
            }
            ExertionError::Refused(ExertionRefused::TooLong(_)) => {
                Self::new("text-too-long", detail)
            }
            ExertionError::Refused(
                ExertionRefused::Value { .. }
                | ExertionRefused::Time(_)
                | ExertionRefused::RecoveryToCome { .. }
                | ExertionRefused::RecoveryMinutes,
            ) => Self::new("value-refused", detail),
        }
    }
}

impl From<QuestionnaireError> for ApiError {
    fn from(error: QuestionnaireError) -> Self {
        let detail = error.to_string();
        match error {
            QuestionnaireError::Refused(_) => Self::new("questionnaire-refused", detail),
            QuestionnaireError::NotTheNext { .. } => Self::new("not-the-next-version", detail),
            QuestionnaireError::NoSuchWard => Self::not_found(),
            QuestionnaireError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        let detail = error.to_string();
        match error {
            AccessError::NotThisCode => Self::new("code-not-good", detail),
            AccessError::NotKnown => Self::new("patient-not-signed-in", detail),
            AccessError::Over(_) => Self::new("stay-over", detail),
            AccessError::Entry(error) => error.into(),
            AccessError::Unavailable(error) => error.into(),
        }
    }
}

impl ApiError {
    /// Staff say whose words they write down.
    pub(crate) fn who_is_missing() -> Self {
        Self::new(
            "who-said-it",
            "say in `from` whose words these are and how they came: `said_by` patient, carer or staff; `means` telephone, video, visit or paper",
        )
    }

    /// A patient's words are their own.
    pub(crate) fn who_is_known() -> Self {
        Self::new("who-said-it", "leave `from` out: it is known who you are")
    }

    /// A questionnaire under another address than its own.
    pub(crate) fn another_name() -> Self {
        Self::new(
            "questionnaire-refused",
            "name and version in the body must be those of the address",
        )
    }
}
