//! Errors of the ward office: staff, rota, teams, capacity, passwords, reports.

use ward_service::{CapacityError, ManageError, PasswordError, ReportError, RotaError, TeamsError};

use super::ApiError;

impl ApiError {
    /// Somebody else knows the password of this session.
    pub(crate) fn must_choose_password() -> Self {
        Self::new(
            "must-choose-password",
            "You came in with a one-time password: choose a password of your own first",
        )
    }

    /// Whether it is that one.
    pub(crate) fn is_about_password(&self) -> bool {
        self.code.0 == "must-choose-password"
    }
}

impl From<ManageError> for ApiError {
    fn from(error: ManageError) -> Self {
        let detail = error.to_string();
        match error {
            ManageError::Username
            | ManageError::Name
            | ManageError::NoSuchUser(_)
            | ManageError::Password(_) => Self::new("not-valid", detail),
            ManageError::UsernameTaken { .. } => Self::new("already-there", detail),
            ManageError::Standing(_) => Self::new("not-possible", detail),
            ManageError::AlsoElsewhere => Self::new("forbidden", detail),
            ManageError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        let detail = error.to_string();
        match error {
            PasswordError::NotThePresentOne
            | PasswordError::TheSame
            | PasswordError::Refused(_) => Self::new("not-valid", detail),
            PasswordError::Unavailable(error) => error.into(),
        }
    }
}

impl From<RotaError> for ApiError {
    fn from(error: RotaError) -> Self {
        let detail = error.to_string();
        match error {
            RotaError::Refused(_) | RotaError::NotHere => Self::new("not-valid", detail),
            RotaError::NoSuchTurn => Self::new("not-found", detail),
            RotaError::Unavailable(error) => error.into(),
        }
    }
}

impl From<TeamsError> for ApiError {
    fn from(error: TeamsError) -> Self {
        let detail = error.to_string();
        match error {
            TeamsError::Names | TeamsError::NoSuchTeam => Self::new("not-valid", detail),
            TeamsError::NoSuchStay => Self::new("not-found", detail),
            TeamsError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CapacityError> for ApiError {
    fn from(error: CapacityError) -> Self {
        let detail = error.to_string();
        match error {
            CapacityError::Number => Self::new("not-valid", detail),
            CapacityError::NoSuchWard => Self::not_found(),
            CapacityError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        let detail = error.to_string();
        match error {
            ReportError::Period(_) => Self::new("not-valid", detail),
            ReportError::Forbidden(_) => Self::new("forbidden", detail),
            ReportError::NoSuchWard => Self::not_found(),
            ReportError::Unavailable(error) => error.into(),
        }
    }
}
