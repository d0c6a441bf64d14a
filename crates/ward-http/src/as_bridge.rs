//! Which bridge is asking: by its signature, or by the token of one that was enrolled before there were keys.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use ward_core::id::BridgeId;
use ward_core::time::Timestamp;
use ward_service::{BridgeKeyId, EnrolError, SignedRequest};
use ward_wire::signature::{KeyId, Signed, sha256};

use crate::extract::ReceivedAt;
use crate::problem::ApiError;
use crate::routes::App;

/// A bridge with a good credential.
///
/// The signature is checked before anything of the body is read; it names the body's hash, with which
/// [`crate::extract::JsonBody`] compares what then comes, within its limit.
pub(crate) struct AsBridge(pub(crate) ward_service::Bridge);

/// The key that has signed this request. Stands behind [`AsBridge`].
#[derive(Clone, Copy)]
pub(crate) struct BySignature(pub(crate) KeyId);

/// The SHA-256 of the body that was signed.
#[derive(Clone, Copy)]
pub(crate) struct SignedBody([u8; 32]);

impl SignedBody {
    pub(crate) fn is_of(self, body: &[u8]) -> bool {
        self.0 == sha256(body)
    }
}

impl FromRequestParts<Arc<App>> for AsBridge {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let said = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .ok_or(EnrolError::NotKnown)?;
        if let Some(token) = said.strip_prefix("Bearer ") {
            return Ok(Self(app.wards.bridge_of(token).await?));
        }
        let Signed { head, signature } = said.parse().map_err(|_| EnrolError::NotKnown)?;
        let ReceivedAt(received_at) = match ReceivedAt::from_request_parts(parts, app).await {
            Ok(received_at) => received_at,
            Err(never) => match never {},
        };
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let request = SignedRequest {
            bridge: BridgeId(head.bridge),
            key: BridgeKeyId(head.key.0),
            signed_at: Timestamp::from_millis(head.time_ms),
            nonce: head.nonce,
            said: head.text(parts.method.as_str(), path),
            signature,
        };
        let bridge = app.wards.bridge_that_signed(&request, received_at).await?;
        parts.extensions.insert(BySignature(head.key));
        parts.extensions.insert(SignedBody(head.body));
        Ok(Self(bridge))
    }
}

impl FromRequestParts<Arc<App>> for BySignature {
    type Rejection = ApiError;

    /// A bridge that shows a token has no key that could be followed by another: it is enrolled again.
    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        let found = parts.extensions.get::<Self>().copied();
        found.ok_or_else(|| EnrolError::NotKnown.into())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_ends_have_the_same_window() {
        assert_eq!(
            ward_service::TIME_WINDOW_MS,
            ward_wire::signature::TIME_WINDOW_MS
        );
    }
}
