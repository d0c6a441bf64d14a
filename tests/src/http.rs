//! Requests, and answers that a test can ask about.

use std::sync::LazyLock;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use ward_wire::problem::Problem;

/// What the service answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Over plain HTTP, to this machine only.
#[must_use]
pub fn client() -> reqwest::Client {
    // A connection belongs to the runtime that opened it, and each test has its own: only the set-up is shared.
    static PROVIDER: LazyLock<()> = LazyLock::new(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    LazyLock::force(&PROVIDER);
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(30))
        // The service closes a connection on which nothing comes for 10 s: one that is nearly as old is not used again.
        .pool_idle_timeout(std::time::Duration::from_secs(5))
        .build()
        .unwrap()
}

/// Sends a request and takes the whole answer.
///
/// # Errors
/// When there was none.
pub async fn try_ask(request: RequestBuilder) -> Result<Reply, reqwest::Error> {
    let response = request.send().await?;
    Ok(Reply {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.bytes().await?.to_vec(),
    })
}

/// As [`try_ask`], of a service that is there.
pub async fn ask(request: RequestBuilder) -> Reply {
    try_ask(request).await.unwrap()
}

impl Reply {
    /// What was asked for.
    ///
    /// # Panics
    /// When it was refused.
    #[track_caller]
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{self}");
        serde_json::from_slice(&self.body).unwrap_or_else(|why| panic!("{why}: {self}"))
    }

    /// Why it was refused: the status, and a problem of the right form that says the same.
    ///
    /// # Panics
    /// When it was not, or in another form.
    #[track_caller]
    #[must_use]
    pub fn problem(&self) -> Problem {
        assert!(!self.status.is_success(), "{self}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert!(problem.kind.starts_with("urn:wardlight:problem:"));
        assert!(!problem.title.is_empty() && !problem.detail.is_empty());
        problem
    }

    /// The status and the code of a refusal: `(403, "wrong-origin")`.
    #[track_caller]
    #[must_use]
    pub fn refusal(&self) -> (u16, String) {
        let problem = self.problem();
        let code = problem.kind.rsplit(':').next().unwrap_or_default();
        (problem.status, code.to_owned())
    }

    /// A header, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        )
    }
}
