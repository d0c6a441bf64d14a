//! Who is signed in, and where they may look.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// `GET /api/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// The clinician's id.
    pub clinician: Uuid,
    /// Their name.
    pub name: String,
    /// To be sent back in the header `X-CSRF-Token` of every request that changes something.
    pub csrf_token: String,
    /// Their wards.
    pub wards: Vec<WardMembership>,
}

/// A ward that a clinician may look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WardMembership {
    /// The ward's id.
    pub ward: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `clinician`, `senior-clinician`, `call-handler` or `wall-board`.
    pub role: String,
}

/// `POST /api/session`: sign in from a program. Browsers use the form on `/sign-in`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Name to sign in with.
    pub username: String,
    /// Password.
    pub password: String,
}
