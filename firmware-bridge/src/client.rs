//! The service over HTTPS: four requests, their limits, and what each answer means for the bridge.

mod reach;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ward_wire::bridge::{
    BatchReply, DeviceList, EnrolReply, EnrolRequest, StatusReply, StatusRequest,
};
use ward_wire::problem::Problem;

use crate::config;
use crate::line::Line;
use crate::token::{self, Token, TokenError};

pub use reach::Greeting;

/// Bytes of an answer at most. A confirmed batch of 500 needs a tenth of it.
const ANSWER_LIMIT: usize = 1 << 20;
/// How the `type` of each of the service's problems begins.
const OUR_PROBLEM: &str = "urn:wardlight:problem:";
/// A service cannot ask the bridge to be silent for longer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(600);

/// Talks to the service.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    token_file: PathBuf,
    line: Line,
}

/// Why a request did not do what was wanted, by what the bridge does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The request itself is refused: sending it again is no use.
    #[error("the service refuses the request: {0}")]
    Refused(String),
    /// It is too large for the service, or for something on the way to it.
    #[error("the request is too large")]
    TooLarge {
        /// The service itself says so.
        by_service: bool,
    },
    /// This bridge may not.
    #[error("the service does not accept this bridge ({0})")]
    Unauthorised(String),
    /// Perhaps another time, not before this.
    #[error("{why}")]
    Later {
        /// What happened.
        why: String,
        /// Not before this has passed, if the service said so.
        after: Option<Duration>,
    },
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The CA file cannot be used.
    #[error(
        "service.ca_file {file}: {why}. It must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)."
    )]
    CaFile {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// TLS cannot start.
    #[error("cannot prepare TLS: {0}. Is the package ca-certificates installed?")]
    Tls(reqwest::Error),
}

impl Client {
    /// Prepares the connection; nothing is sent.
    ///
    /// # Errors
    /// When the certificates cannot be read.
    pub fn new(service: &config::Service) -> Result<Self, ClientError> {
        // Fails only when a provider is installed already, and there is only this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("wardlight-bridge/", env!("CARGO_PKG_VERSION")))
            // A redirect would carry the token elsewhere.
            .redirect(redirect::Policy::none())
            .connect_timeout(service.timeout.min(Duration::from_secs(10)))
            .timeout(service.timeout)
            .pool_max_idle_per_host(1);
        if service.url.scheme() == "http" {
            builder = builder.no_proxy().tls_certs_only([]);
        } else if let Some(file) = &service.ca_file {
            let unusable = |why: String| ClientError::CaFile {
                file: file.clone(),
                why,
            };
            let pem = fs::read(file).map_err(|why| unusable(why.to_string()))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|why| unusable(why.to_string()))?;
            if certificates.is_empty() {
                return Err(unusable("no certificate in it".to_owned()));
            }
            builder = builder.tls_certs_only(certificates);
        }
        Ok(Self {
            http: builder.build().map_err(ClientError::Tls)?,
            url: service.url.clone(),
            token_file: service.token_file.clone(),
            line: Line::default(),
        })
    }

    /// How the line to the service is, after each request.
    #[must_use]
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// A one-time code against a token.
    ///
    /// # Errors
    /// What the service says.
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Failure> {
        self.ask(Method::POST, "api/bridge/enrol", None, Some(json(request)?))
            .await
    }

    /// The oximeters of this bridge.
    ///
    /// # Errors
    /// What the service says.
    pub async fn devices(&self) -> Result<DeviceList, Failure> {
        let token = self.token()?;
        self.ask(Method::GET, "api/bridge/devices", Some(&token), None)
            .await
    }

    /// Posts a batch of readings, already written as JSON.
    ///
    /// # Errors
    /// What the service says. Only an answer that was understood is a success.
    pub async fn post(&self, batch: Vec<u8>) -> Result<BatchReply, Failure> {
        let token = self.token()?;
        self.ask(
            Method::POST,
            "api/bridge/readings",
            Some(&token),
            Some(batch),
        )
        .await
    }

    /// Tells how the bridge is.
    ///
    /// # Errors
    /// What the service says.
    pub async fn status(&self, status: &StatusRequest) -> Result<StatusReply, Failure> {
        let token = self.token()?;
        let path = "api/bridge/status";
        self.ask(Method::POST, path, Some(&token), Some(json(status)?))
            .await
    }

    /// Read each time: a bridge that was enrolled again goes on without a restart.
    fn token(&self) -> Result<Token, Failure> {
        token::read(&self.token_file)
            .map_err(|error: TokenError| Failure::Unauthorised(error.to_string()))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&Token>,
        body: Option<Vec<u8>>,
    ) -> Result<T, Failure> {
        let answer = self.ask_once(method, path, token, body).await;
        self.line.ended(&answer);
        answer
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&Token>,
        body: Option<Vec<u8>>,
    ) -> Result<T, Failure> {
        let url = self.url.join(path).map_err(|why| later(why.to_string()))?;
        let mut request = self.http.request(method, url);
        if let Some(token) = token {
            request = request.bearer_auth(token.as_str());
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request
            .send()
            .await
            .map_err(|error| later(format!("the service cannot be reached: {}", causes(&error))))?;
        let status = response.status();
        let after = retry_after(&response);
        let is_problem = is_problem(&response);
        let body = whole_body(response).await?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|why| later(format!("the service's answer is not understood: {why}")));
        }
        let problem = is_problem
            .then(|| serde_json::from_slice::<Problem>(&body).ok())
            .flatten()
            .filter(|problem| problem.kind.starts_with(OUR_PROBLEM));
        Err(failure(status, after, problem.as_ref()))
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|why| Failure::Refused(why.to_string()))
}

fn later(why: String) -> Failure {
    Failure::Later { why, after: None }
}

/// A proxy, a guest network or another server at the service's address may say "400" to anything: only the service, in its
/// own words, can refuse a reading.
fn failure(status: StatusCode, after: Option<Duration>, problem: Option<&Problem>) -> Failure {
    let detail = problem.map_or_else(
        || status.to_string(),
        |problem| format!("{}: {}", status.as_u16(), problem.detail),
    );
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY if problem.is_some() => {
            Failure::Refused(detail)
        }
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge {
            by_service: problem.is_some(),
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Unauthorised(detail),
        _ => Failure::Later {
            why: format!("the service answers {detail}"),
            after,
        },
    }
}

fn is_problem(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/problem+json"))
}

/// Seconds; the other form, a date, needs clocks that agree, and is not sent by the service.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

async fn whole_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| {
        later(format!(
            "the service's answer breaks off: {}",
            causes(&error)
        ))
    })? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(later("the service's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error and what lies under it: the top one alone says only "error sending request".
fn causes(error: &reqwest::Error) -> String {
    let mut said = String::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&error.to_string());
        next = error.source();
    }
    said
}
