//! The one place where an error becomes a status: `application/problem+json` (RFC 9457).

mod bridge;
mod calls;
mod correction;
mod diary;
mod duty;
mod escalation;
mod office;
mod pathway;
mod plan_and_kit;
mod referral;
mod staffed;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ward_core::alert::{AcknowledgeRefused, ResolveRefused};
use ward_core::id::ClinicianId;
use ward_core::time::Timestamp;
use ward_service::{
    AcknowledgeError, RecordError, Refused, ResolveError, SessionError, SignInError, Unavailable,
};
use ward_wire::board::Done;
use ward_wire::problem::Problem;
use ward_wire::signature::{CLOCK_OFF, SEEN_BEFORE};

/// An error on its way to whoever asked.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: &'static Code,
    detail: Box<str>,
    retry_after_seconds: Option<u32>,
    first: Option<(ClinicianId, Timestamp)>,
    first_named: Option<Box<Done>>,
    service_time: Option<Timestamp>,
}

/// A code, its status and its title.
type Code = (&'static str, u16, &'static str);

/// Not to be reached: every code that is used stands in the list.
const UNKNOWN: Code = ("unavailable", 503, "Not available just now");

/// Every code that a problem can have: the interface description lists them.
pub const CODES: &[Code] = &[
    ("malformed", 400, "The request cannot be read"),
    ("not-signed-in", 401, "Not signed in"),
    ("wrong-name-or-password", 401, "Not signed in"),
    (
        "credential-not-known",
        401,
        "The bridge's credential is not known",
    ),
    ("signature-not-good", 401, "The signature does not fit"),
    (CLOCK_OFF, 401, "Signed for another time"),
    (SEEN_BEFORE, 401, "This request has come before"),
    ("forbidden", 403, "Your role does not reach so far"),
    ("must-choose-password", 403, "Choose a password first"),
    ("wrong-origin", 403, "The request comes from another site"),
    ("wrong-csrf-token", 403, "The page is too old"),
    (
        "credential-revoked",
        403,
        "The bridge's credential was taken away",
    ),
    ("code-not-good", 403, "The one-time code is not good"),
    ("needs-another-person", 403, "A second person must agree"),
    ("patient-not-signed-in", 401, "Not signed in"),
    ("stay-over", 403, "The stay is over"),
    ("not-found", 404, "Not found"),
    ("method-not-allowed", 405, "Not possible here"),
    ("already-acknowledged", 409, "A colleague has it"),
    ("already-resolved", 409, "It is over"),
    ("worsened-since", 409, "It has worsened"),
    ("not-acknowledged", 409, "Nobody has it yet"),
    ("changed-since", 409, "It has changed since"),
    ("not-possible", 409, "Not possible as things stand"),
    ("alerts-open", 409, "An alert is open"),
    ("already-there", 409, "There already"),
    ("key-replaced", 409, "Another key has taken its place"),
    ("claimed", 409, "A colleague has this call"),
    (
        "possible-duplicate",
        409,
        "Somebody on record may be the same person",
    ),
    ("no-diary", 409, "The plan has no diary"),
    ("typed-before", 409, "The sheet was typed in before"),
    ("id-used", 409, "The id was used before"),
    ("not-to-be-tested", 409, "Too low at rest to be tested"),
    (
        "lowest-above-rest",
        409,
        "The lowest lies above the value at rest",
    ),
    ("nothing-asked", 409, "Nothing was asked"),
    ("already-answered", 409, "It was answered before"),
    ("not-the-next-version", 409, "Not the next version"),
    ("too-large", 413, "Too large"),
    ("wrong-media-type", 415, "Not JSON"),
    ("who-said-it", 422, "Who said it is not clear"),
    ("no-such-questionnaire", 422, "No such questionnaire"),
    ("answer-refused", 422, "An answer cannot be"),
    ("value-refused", 422, "A value cannot be"),
    (
        "questionnaire-refused",
        422,
        "The questionnaire cannot be asked",
    ),
    ("note-too-long", 422, "The note is too long"),
    ("not-valid", 422, "Something in it cannot be"),
    ("key-not-proven", 422, "The key proves nothing"),
    ("text-too-long", 422, "A text is too long"),
    ("too-many-requests", 429, "Too fast"),
    ("unavailable", 503, "Not available just now"),
    ("full", 503, "Full just now"),
];

impl ApiError {
    fn new(code: &str, detail: impl Into<String>) -> Self {
        Self {
            code: CODES
                .iter()
                .find(|(known, _, _)| *known == code)
                .unwrap_or(&UNKNOWN),
            detail: detail.into().into(),
            retry_after_seconds: None,
            first: None,
            first_named: None,
            service_time: None,
        }
    }

    const fn again_in(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The body cannot be read: where, and why.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new("malformed", detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            "not-found",
            "There is nothing at this address: check the path and the ward",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            "method-not-allowed",
            "This address knows other methods: see /api/openapi.json",
        )
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new("not-signed-in", SessionError::NotSignedIn.to_string())
    }

    pub(crate) fn wrong_origin() -> Self {
        Self::new(
            "wrong-origin",
            "Open the page from the service's own address; behind a proxy, set `origins` in the configuration",
        )
    }

    pub(crate) fn wrong_csrf_token() -> Self {
        Self::new(
            "wrong-csrf-token",
            "Load the page again, then repeat what you did",
        )
    }

    pub(crate) fn wrong_media_type() -> Self {
        Self::new(
            "wrong-media-type",
            "Send JSON with `Content-Type: application/json`",
        )
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            "too-large",
            format!("The body may have {limit} bytes: send it in smaller parts"),
        )
    }

    pub(crate) fn too_many_items(limit: usize) -> Self {
        Self::new(
            "too-large",
            format!("A batch may have {limit} readings: send it in smaller parts"),
        )
    }

    pub(crate) fn too_fast(seconds: u32) -> Self {
        Self::new(
            "too-many-requests",
            format!("Wait {seconds} s, then go on more slowly"),
        )
        .again_in(seconds)
    }

    pub(crate) fn full(what: &str) -> Self {
        Self::new(
            "full",
            format!("Too many {what} at once: try again in a moment"),
        )
        .again_in(1)
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(
            "unavailable",
            "The service cannot reach its records: try again in a moment. Nothing was written",
        )
        .again_in(2)
    }

    /// Who was first, for [`crate::ward_api`] to put a name to.
    pub(crate) const fn first(&self) -> Option<(ClinicianId, Timestamp)> {
        self.first
    }

    pub(crate) fn named(mut self, first: Done) -> Self {
        // When that was is in `first`: whoever shows it knows the ward's zone.
        self.detail = format!("{}: {}", self.detail, first.name).into();
        self.first_named = Some(Box::new(first));
        self
    }

    /// For a page.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.1).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// For a page.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// For a page.
    pub(crate) const fn title(&self) -> &'static str {
        self.code.2
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let problem = Problem {
            kind: format!("urn:wardlight:problem:{}", self.code.0),
            title: self.code.2.to_owned(),
            status: self.code.1,
            detail: self.detail.into(),
            first: self.first_named.map(|first| *first),
            service_time: self.service_time.map(crate::view::time),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (
            status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body,
        )
            .into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Unavailable> for ApiError {
    fn from(_: Unavailable) -> Self {
        // What exactly failed is in the log, not on somebody's screen.
        Self::unavailable()
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchWard => Self::not_found(),
            Refused::Forbidden(forbidden) => Self::new("forbidden", forbidden.to_string()),
        }
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotSignedIn => Self::not_signed_in(),
            SessionError::Unavailable(error) => error.into(),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongNameOrPassword | SignInError::PasswordTooOld => {
                Self::new("wrong-name-or-password", error.to_string())
            }
            SignInError::Unavailable(error) => error.into(),
        }
    }
}

impl From<RecordError> for ApiError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Full => Self::full("readings are waiting for this ward"),
            RecordError::Moved | RecordError::EpochChanged => {
                Self::new("unavailable", error.to_string()).again_in(1)
            }
            RecordError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AcknowledgeError> for ApiError {
    fn from(error: AcknowledgeError) -> Self {
        let detail = error.to_string();
        match error {
            AcknowledgeError::NoSuchAlert(_) => Self::new("not-found", detail),
            AcknowledgeError::Refused(AcknowledgeRefused::AlreadyAcknowledged { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-acknowledged", detail)
            },
            AcknowledgeError::Refused(AcknowledgeRefused::AlreadyResolved { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-resolved", detail)
            },
            AcknowledgeError::Refused(AcknowledgeRefused::WorsenedSince { .. }) => {
                Self::new("worsened-since", detail)
            }
            AcknowledgeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ResolveError> for ApiError {
    fn from(error: ResolveError) -> Self {
        let detail = error.to_string();
        match error {
            ResolveError::NoSuchAlert(_) => Self::new("not-found", detail),
            ResolveError::NoteTooLong => Self::new("note-too-long", detail),
            ResolveError::Refused(ResolveRefused::AlreadyResolved { by, at }) => Self {
                first: Some((by, at)),
                ..Self::new("already-resolved", detail)
            },
            ResolveError::Refused(ResolveRefused::WorsenedSince { .. }) => {
                Self::new("worsened-since", detail)
            }
            ResolveError::Refused(ResolveRefused::NotAcknowledged) => {
                Self::new("not-acknowledged", detail)
            }
            ResolveError::Refused(ResolveRefused::OnlyByTransfer) => Self::new("not-valid", detail),
            ResolveError::Unavailable(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_list_once_and_has_a_status_that_says_error() {
        for (index, (code, status, title)) in CODES.iter().enumerate() {
            assert!(
                CODES
                    .iter()
                    .skip(index + 1)
                    .all(|(other, _, _)| other != code),
                "{code}"
            );
            assert!((400..600).contains(status) && !title.is_empty(), "{code}");
        }
        let source = [
            include_str!("problem.rs"),
            include_str!("problem/bridge.rs"),
            include_str!("problem/calls.rs"),
            include_str!("problem/duty.rs"),
            include_str!("problem/pathway.rs"),
            include_str!("problem/plan_and_kit.rs"),
            include_str!("problem/referral.rs"),
        ]
        .concat();
        let used = source
            .split("Self::new(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for code in used.filter(|code| !code.is_empty() && !code.contains('\\')) {
            assert!(
                CODES.iter().any(|(known, _, _)| *known == code),
                "{code} is used but not in the list"
            );
        }
    }
}
