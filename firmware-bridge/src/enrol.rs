//! A one-time code against the service's knowing this bridge by its key.

use uuid::Uuid;
use ward_wire::bridge::{EnrolRequest, KeyItem};
use ward_wire::signature::{KeyId, enrolment_proof, hex};

use crate::client::{Client, Failure};
use crate::config;
use crate::identity::{Identity, IdentityError, Pending, Place};
use crate::token::TokenError;

/// Why the bridge is not enrolled, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// It has a key or a token already.
    #[error(
        "this bridge is enrolled already ({0} exists). To enrol it again, for a key in place of a token or for another ward, run the same with --replace; what it has now is then of no more use"
    )]
    Already(std::path::PathBuf),
    /// The files.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The service says no.
    #[error(
        "the service does not take this code ({0}). A code is good once, for 30 minutes: ask the ward for a new one (`wardlight bridge add`)"
    )]
    Refused(String),
    /// The service cannot be asked.
    #[error(
        "{0}. Run the same again with the same code: it is still good, also if the service has used it for this box and the answer was lost"
    )]
    Unreachable(Failure),
    /// The service is of before there were keys.
    #[error(
        "the service has not kept the key: it is older than this bridge. Upgrade the service, then ask the ward for a new code"
    )]
    NoKey,
}

/// A bridge that is enrolled.
#[derive(Clone, Copy, Debug)]
pub struct Enrolled {
    /// Its id.
    pub bridge: Uuid,
    /// The fingerprint of its key.
    pub key: KeyId,
}

/// Makes a key, spends the code for it, and keeps it. The key is on disk first: a code is good only once.
///
/// # Errors
/// Says what to do.
pub async fn enrol(
    client: &Client,
    service: &config::Service,
    code: &str,
    replace: bool,
) -> Result<Enrolled, EnrolError> {
    let place = Place::of(service);
    if !replace {
        match place.read() {
            Err(IdentityError::Token(TokenError::NotEnrolled(_))) => {}
            Ok(Identity::Token(_)) => return Err(EnrolError::Already(service.token_file.clone())),
            _ => return Err(EnrolError::Already(service.key_file.clone())),
        }
    }
    let code = code.trim();
    let pending = place.prepare_enrolment(code)?;
    let reply = match client.enrol(&request(code, &pending)).await {
        Ok(reply) => reply,
        Err(Failure::Refused(why) | Failure::Unauthorised(why)) => {
            place.give_up_enrolment();
            return Err(EnrolError::Refused(why));
        }
        Err(failure @ (Failure::TooLarge { .. } | Failure::Later { .. })) => {
            return Err(EnrolError::Unreachable(failure));
        }
    };
    let key = pending.key.id();
    let Some(taken) = reply.key.filter(|taken| taken.id == key.to_string()) else {
        return Err(EnrolError::NoKey);
    };
    place.keep_enrolment(pending, reply.bridge, taken.expires_at)?;
    Ok(Enrolled {
        bridge: reply.bridge,
        key,
    })
}

/// What is sent.
#[must_use]
pub fn request(code: &str, pending: &Pending) -> EnrolRequest {
    let public = pending.key.public();
    EnrolRequest {
        code: code.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        key: Some(KeyItem {
            public_key: hex(public),
            proof: hex(&pending.key.over(&enrolment_proof(code, public))),
        }),
    }
}
