//! Whether anything answers at the service's address, without a credential: for `doctor`.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::DATE;
use tokio::time::Instant;

use super::{Client, Failure, causes, later};

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// 200: the service is ready. 503: it is there, and its database is not. Anything else: it is some other server.
    pub status: u16,
    /// The service's clock, to the second, when it says it.
    pub date: Option<Timestamp>,
    /// From the first byte out to the head of the answer: connecting and TLS are in it.
    pub took: Duration,
}

impl Client {
    /// Asks whether the service is ready.
    ///
    /// # Errors
    /// When nothing answers, in words.
    pub async fn greet(&self) -> Result<Greeting, Failure> {
        let url = (self.url.join("readyz")).map_err(|why| later(why.to_string()))?;
        let began = Instant::now();
        let sent = self.http.get(url).send().await;
        let response = sent.map_err(|error| later(causes(&error)))?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date.to_str().ok()?).ok());
        Ok(Greeting {
            status: response.status().as_u16(),
            date: date.map(|date| date.timestamp()),
            took: began.elapsed(),
        })
    }
}
