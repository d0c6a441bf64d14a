//! Plans, kit, and whose a reading is.

use ward_core::plan_change::{ChangeRefused, DecideRefused};
use ward_service::{DecideError, DefaultsError, KitStepError, PlanError, WhatIfError};

use super::ApiError;

impl ApiError {
    /// A request that can be read and cannot be followed: which field, and what is possible.
    pub(crate) fn not_valid(detail: impl Into<String>) -> Self {
        Self::new("not-valid", detail)
    }
}

impl From<PlanError> for ApiError {
    fn from(error: PlanError) -> Self {
        let (detail, first) = (error.to_string(), error.first());
        let code = match error {
            PlanError::NoSuchStay | PlanError::NoSuchProposal(_) => "not-found",
            PlanError::StayOver(_) => "not-possible",
            PlanError::Change(ChangeRefused::ChangedSince { .. }) => "changed-since",
            PlanError::Change(
                ChangeRefused::Limits(_)
                | ChangeRefused::Care(_)
                | ChangeRefused::ReviewPassed(_)
                | ChangeRefused::TooYoung(_),
            )
            | PlanError::Decide(DecideRefused::Reason) => "not-valid",
            PlanError::Decide(DecideRefused::NeedsAnother) => "needs-another-person",
            PlanError::Decide(DecideRefused::Over { .. } | DecideRefused::NoLonger(_)) => {
                "not-possible"
            }
            PlanError::Unavailable(error) => return error.into(),
        };
        Self {
            first,
            ..Self::new(code, detail)
        }
    }
}

/// An answer for a whole ward takes a few seconds at most.
const ASK_AGAIN_IN_SECONDS: u32 = 5;

impl From<WhatIfError> for ApiError {
    fn from(error: WhatIfError) -> Self {
        let detail = error.to_string();
        match error {
            WhatIfError::NoSuchStay => Self::new("not-found", detail),
            WhatIfError::Limits(_) => Self::not_valid(detail),
            WhatIfError::Busy => Self::new("full", detail).again_in(ASK_AGAIN_IN_SECONDS),
            WhatIfError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DefaultsError> for ApiError {
    fn from(error: DefaultsError) -> Self {
        let detail = error.to_string();
        match error {
            DefaultsError::Limits(_) | DefaultsError::Care(_) | DefaultsError::Range(_) => {
                Self::not_valid(detail)
            }
            DefaultsError::Refused(refused) => refused.into(),
            DefaultsError::Unavailable(error) => error.into(),
        }
    }
}

impl From<KitStepError> for ApiError {
    fn from(error: KitStepError) -> Self {
        let detail = error.to_string();
        match error {
            KitStepError::NoSuchKit | KitStepError::NoSuchStay | KitStepError::NoSuchBridge => {
                Self::new("not-found", detail)
            }
            KitStepError::HeldElsewhere
            | KitStepError::AlreadyThere
            | KitStepError::JustMoved
            | KitStepError::Refused(_) => Self::new("not-possible", detail),
            KitStepError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DecideError> for ApiError {
    fn from(error: DecideError) -> Self {
        let detail = error.to_string();
        match error {
            DecideError::NoSuchItem | DecideError::NoSuchStay => Self::new("not-found", detail),
            DecideError::AlreadyDecided { by, at } => Self {
                first: Some((by, at)),
                ..Self::new("not-possible", detail)
            },
            DecideError::NotAReading(_) | DecideError::BeforeStay { .. } => {
                Self::new("not-possible", detail)
            }
            DecideError::Reason => Self::not_valid(detail),
            DecideError::Unavailable(error) => error.into(),
        }
    }
}
