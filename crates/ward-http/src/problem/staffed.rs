//! Staffed hours.

use ward_service::HoursError;

use super::ApiError;

impl From<HoursError> for ApiError {
    fn from(error: HoursError) -> Self {
        match error {
            HoursError::Hours(why) => Self::malformed(why.to_string()),
            HoursError::Forbidden(why) => Self::new("forbidden", why.to_string()),
            HoursError::NoSuchWard => Self::not_found(),
            HoursError::Unavailable(why) => why.into(),
        }
    }
}
