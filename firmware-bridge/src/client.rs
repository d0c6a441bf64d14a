//! The service over HTTPS: five requests, signed, their limits, and what each answer means for the bridge.

mod answer;

mod reach;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Url, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ward_wire::bridge::{
    BatchReply, DeviceList, EnrolReply, EnrolRequest, KeyItem, KeyReply, StatusReply, StatusRequest,
};
use ward_wire::signature::{CLOCK_OFF, SEEN_BEFORE};

use crate::clock::{Clock, ServiceTime};
use crate::config;
use crate::identity::{Held, Identity, IdentityError, Place};
use crate::line::Line;
use answer::Answer;

pub use reach::Greeting;

/// The code of the problem of a service that does not know the credential.
const NOT_KNOWN: &str = "credential-not-known";
/// A request is signed and sent at most so often at once: again by the service's time, again with another nonce, again by
/// the key before.
const TRIES_AT_ONCE: usize = 4;

/// Talks to the service.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    place: Place,
    time: ServiceTime,
    /// The service has accepted a signature.
    accepted: AtomicBool,
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
            // A redirect would carry the credential elsewhere.
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
            place: Place::of(service),
            time: ServiceTime::new(Clock::of_this_machine()),
            accepted: AtomicBool::new(false),
            line: Line::default(),
        })
    }

    /// How the line to the service is, after each request.
    #[must_use]
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// By another clock, in tests.
    #[must_use]
    pub fn by_clock(self, clock: Clock) -> Self {
        Self {
            time: ServiceTime::new(clock),
            ..self
        }
    }

    /// What time it is at the service. Nothing before the service has accepted a signature of this time.
    #[must_use]
    pub fn service_time(&self) -> Option<Timestamp> {
        let accepted = self.accepted.load(Ordering::Relaxed);
        accepted.then(|| self.time.now())
    }

    /// A one-time code, and the key by which this bridge will be known.
    ///
    /// # Errors
    /// What the service says.
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Failure> {
        let request = self.request(Method::POST, "api/bridge/enrol", &json(request)?)?;
        understood(&sent(request).await?)
    }

    /// The key that is to come after the one in use, which signs this.
    ///
    /// # Errors
    /// What the service says.
    pub async fn renew_key(&self, key: &KeyItem) -> Result<KeyReply, Failure> {
        self.ask(Method::POST, "api/bridge/key", json(key)?).await
    }

    /// The oximeters of this bridge.
    ///
    /// # Errors
    /// What the service says.
    pub async fn devices(&self) -> Result<DeviceList, Failure> {
        self.ask(Method::GET, "api/bridge/devices", Vec::new())
            .await
    }

    /// Posts a batch of readings, already written as JSON.
    ///
    /// # Errors
    /// What the service says. Only an answer that was understood is a success.
    pub async fn post(&self, batch: Vec<u8>) -> Result<BatchReply, Failure> {
        self.ask(Method::POST, "api/bridge/readings", batch).await
    }

    /// Tells how the bridge is.
    ///
    /// # Errors
    /// What the service says.
    pub async fn status(&self, status: &StatusRequest) -> Result<StatusReply, Failure> {
        self.ask(Method::POST, "api/bridge/status", json(status)?)
            .await
    }

    /// Asks as this bridge. What the service cannot take as it was signed is signed anew and sent again at once.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        let answer = self.ask_once(method, path, body).await;
        self.line.ended(&answer);
        answer
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        // Read each time: a bridge that was enrolled again, or has a new key, goes on without a restart.
        let identity = self.place.read().map_err(|why| unauthorised(&why))?;
        let held = match identity {
            Identity::Key(held) => held,
            Identity::Token(token) => {
                let request = self.request(method, path, &body)?;
                return understood(&sent(request.bearer_auth(token.as_str())).await?);
            }
        };
        let mut by = held.as_ref().clone();
        let mut tries = 1;
        loop {
            let at = self.time.now();
            let signed = by.authorization(method.as_str(), &format!("/{path}"), &body, at);
            let signed = signed.map_err(|why| later(why.to_string()))?;
            let request = self.request(method.clone(), path, &body)?;
            let answer = sent(request.header(AUTHORIZATION, signed)).await?;
            tries += 1;
            if tries <= TRIES_AT_ONCE && self.may_go_better(&answer, &held, &mut by) {
                continue;
            }
            if answer.problem(CLOCK_OFF).is_some() || answer.problem(SEEN_BEFORE).is_some() {
                return Err(later(
                    "the service takes no signature of this time".to_owned(),
                ));
            }
            if answer.status.is_success() {
                self.accepted.store(true, Ordering::Relaxed);
                self.settle_on(&held, &by);
            }
            return understood(&answer);
        }
    }

    /// Whether there is a reason to sign anew, and what for.
    fn may_go_better(&self, answer: &Answer, held: &Held, by: &mut Held) -> bool {
        if let Some(service_time) = answer.problem(CLOCK_OFF).and_then(|it| it.service_time) {
            tracing::warn!(%service_time, "the clock of this box is off: requests are signed by the service's time");
            self.time.tell(service_time);
            return true;
        }
        if answer.problem(SEEN_BEFORE).is_some() {
            return true;
        }
        let is_by_newest = by.key.id() == held.key.id();
        if answer.problem(NOT_KNOWN).is_some()
            && is_by_newest
            && let Ok(Some(old)) = self.place.old()
            && old.bridge == held.bridge
            && old.key.id() != held.key.id()
        {
            *by = old;
            return true;
        }
        false
    }

    /// The service has accepted the key before and not the one in use: it was restored from a backup.
    fn settle_on(&self, held: &Held, by: &Held) {
        if by.key.id() == held.key.id() {
            return;
        }
        tracing::warn!(key = %by.key.id(), "the service knows this bridge's last key and not its newest: the last one is used, and the newest brought again");
        if let Err(why) = self.place.fall_back(held, by) {
            tracing::error!(%why, "the last key cannot be put into its place");
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: &[u8],
    ) -> Result<reqwest::RequestBuilder, Failure> {
        let url = self.url.join(path).map_err(|why| later(why.to_string()))?;
        let has_body = method != Method::GET;
        let mut request = self.http.request(method, url);
        if has_body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_vec());
        }
        Ok(request)
    }
}

async fn sent(request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
    let response = request
        .send()
        .await
        .map_err(|error| later(format!("the service cannot be reached: {}", causes(&error))))?;
    Answer::of(response).await
}

fn understood<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    if !answer.status.is_success() {
        return Err(answer.failure());
    }
    serde_json::from_slice(&answer.body)
        .map_err(|why| later(format!("the service's answer is not understood: {why}")))
}

fn unauthorised(why: &IdentityError) -> Failure {
    Failure::Unauthorised(why.to_string())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|why| Failure::Refused(why.to_string()))
}

fn later(why: String) -> Failure {
    Failure::Later { why, after: None }
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
