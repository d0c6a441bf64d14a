//! Who is asking.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use serde::de::DeserializeOwned;
use ward_core::id::WardId;
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_service::{Secret, Session};

use crate::as_bridge::SignedBody;
use crate::origin;
use crate::problem::ApiError;
use crate::routes::App;

/// The address of the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Where the client is: the peer, or what a trusted proxy says of it.
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let trusted = peer.is_some_and(|peer| app.options.trusted_proxies.contains(&peer));
        let forwarded = || {
            let value = parts
                .headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?
                .to_str()
                .ok()?;
            value.rsplit(',').next()?.trim().parse().ok()
        };
        Ok(Self(if trusted { forwarded().or(peer) } else { peer }))
    }
}

/// A signed-in clinician.
pub(crate) struct SignedIn {
    pub(crate) token: Secret,
    pub(crate) session: Session,
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let OnTheWayIn(signed_in) = OnTheWayIn::from_request_parts(parts, app).await?;
        if signed_in.session.must_choose_password {
            return Err(ApiError::must_choose_password());
        }
        Ok(signed_in)
    }
}

/// As [`SignedIn`], but also with a one-time password: whoever has one may choose another or sign out, and nothing else.
pub(crate) struct OnTheWayIn(pub(crate) SignedIn);

impl FromRequestParts<Arc<App>> for OnTheWayIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let token = cookie(parts, app.cookie_name()).ok_or_else(ApiError::not_signed_in)?;
        let session = app.wards.session(&token).await?;
        Ok(Self(SignedIn { token, session }))
    }
}

/// A cookie's value, by its name.
pub(crate) fn cookie(parts: &Parts, name: &str) -> Option<Secret> {
    let all = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| Secret::received(value))
}

/// A signed-in clinician who changes something: from our own page, with the session's token.
pub(crate) struct Acting(pub(crate) SignedIn);

impl FromRequestParts<Arc<App>> for Acting {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        origin::check(&parts.headers, &app.options)?;
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        let brought = parts
            .headers
            .get("x-csrf-token")
            .and_then(|value| value.to_str().ok());
        origin::check_csrf(brought, &signed_in.session.csrf_token)?;
        Ok(Self(signed_in))
    }
}

impl SignedIn {
    /// This clinician's permit on a ward, if it reaches as far as `verb`.
    pub(crate) async fn permit(
        &self,
        app: &App,
        ward: WardId,
        verb: Verb,
    ) -> Result<Permit, ApiError> {
        Ok(app
            .wards
            .permit(self.session.clinician, ward, verb)
            .await??)
    }
}

/// When the head of a request came in, by the service's clock: what its body says of ages counts from then, however long
/// the body takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceivedAt(pub(crate) Timestamp);

impl ReceivedAt {
    /// Notes the time before anything of the body is read.
    pub(crate) async fn note(
        State(app): State<Arc<App>>,
        mut request: Request,
        next: Next,
    ) -> Response {
        let at = Self(app.wards.clock().now());
        request.extensions_mut().insert(at);
        next.run(request).await
    }
}

impl FromRequestParts<Arc<App>> for ReceivedAt {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let noted = parts.extensions.get().copied();
        Ok(noted.unwrap_or_else(|| Self(app.wards.clock().now())))
    }
}

/// Text as the records can hold it: PostgreSQL has no U+0000, and one in a name or a note must not hold up anything.
pub(crate) fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

/// Ids in the path. A path whose ids are none names nothing.
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let ids = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        ids.map(|axum::extract::Path(ids)| Self(ids))
            .map_err(|_| ApiError::not_found())
    }
}

/// A JSON body, with errors that say where and why.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value
                    .split(';')
                    .next()
                    .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
            });
        if !is_json {
            return Err(ApiError::wrong_media_type());
        }
        let signed = request.extensions().get::<SignedBody>().copied();
        let bytes = axum::body::Bytes::from_request(request, app)
            .await
            .map_err(|rejection| {
                if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                    ApiError::too_large(crate::routes::BODY_LIMIT)
                } else {
                    ApiError::malformed("The body broke off: send it again")
                }
            })?;
        if signed.is_some_and(|signed| !signed.is_of(&bytes)) {
            return Err(ward_service::EnrolError::NotSigned.into());
        }
        // The message of serde_json ends with line and column.
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            ApiError::malformed(format!("The body is not what is expected here: {error}"))
        })
    }
}

/// What stands behind the question mark. What is not understood is refused, not passed over.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        query
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| {
                ApiError::malformed(format!("The query is not what is expected here: {error}"))
            })
    }
}

/// A body of comma-separated values.
pub(crate) struct CsvBody(pub(crate) Vec<u8>);

impl FromRequest<Arc<App>> for CsvBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let is_csv = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv"));
        if !is_csv {
            return Err(ApiError::not_csv());
        }
        let bytes = axum::body::Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::too_large(crate::routes::BODY_LIMIT)
            } else {
                ApiError::malformed("The body broke off: send it again")
            }
        })?;
        Ok(Self(bytes.to_vec()))
    }
}
