//! A one-time code against the bridge's token.

use uuid::Uuid;
use ward_wire::bridge::EnrolRequest;

use crate::client::{Client, Failure};
use crate::config;
use crate::token::{self, Place, Token, TokenError};

/// Why the bridge is not enrolled, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// It has a token already.
    #[error(
        "this bridge is enrolled already ({0} exists). To enrol it again, for example for another ward, run the same with --replace; the old token is then of no more use here"
    )]
    Already(std::path::PathBuf),
    /// The token file.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The service says no.
    #[error(
        "the service does not take this code ({0}). A code is good once, for 30 minutes: ask the ward for a new one (`wardlight bridge add`)"
    )]
    Refused(String),
    /// The service cannot be asked.
    #[error("{0}. The code is still good if it was not used: try again")]
    Unreachable(Failure),
    /// The token cannot be one.
    #[error("the service's answer holds no usable token. Ask the ward for a new code")]
    NoToken,
}

/// Spends the code and keeps the token. The place for it is made first: a code is good only once.
///
/// # Errors
/// Says what to do.
pub async fn enrol(
    client: &Client,
    service: &config::Service,
    code: &str,
    replace: bool,
) -> Result<Uuid, EnrolError> {
    if !replace
        && !matches!(
            token::read(&service.token_file),
            Err(TokenError::NotEnrolled(_))
        )
    {
        return Err(EnrolError::Already(service.token_file.clone()));
    }
    let place = Place::prepare(&service.token_file)?;
    let request = EnrolRequest {
        code: code.trim().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let reply = match client.enrol(&request).await {
        Ok(reply) => reply,
        Err(failure) => {
            place.give_up();
            return Err(match failure {
                Failure::Refused(why) | Failure::Unauthorised(why) => EnrolError::Refused(why),
                failure @ (Failure::TooLarge { .. } | Failure::Later { .. }) => {
                    EnrolError::Unreachable(failure)
                }
            });
        }
    };
    let Some(token) = Token::new(&reply.token) else {
        place.give_up();
        return Err(EnrolError::NoToken);
    };
    place.keep(&token)?;
    Ok(reply.bridge)
}
