//! Telling an address outside that the way of an alert works. When that is told no more, whoever is there calls somebody.

use std::time::Duration;

use reqwest::{Client, Url};

use crate::channel::http;

/// Less than a round: it is no reason to be late.
const WITHIN: Duration = Duration::from_secs(10);

pub(super) struct DeadMan {
    client: Client,
    url: Url,
}

impl DeadMan {
    pub(super) fn at(url: Url) -> anyhow::Result<Self> {
        let client = http::client(url.scheme() == "http", WITHIN)?;
        Ok(Self { client, url })
    }

    /// The address itself is a secret: whoever knows it can keep it quiet. So no error says it.
    pub(super) async fn tell(&self) -> Result<(), String> {
        let answer = http::ask(self.client.get(self.url.clone())).await;
        let status = answer.map_err(|why| why.to_string())?.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(format!("it answers {}", status.as_u16()))
        }
    }
}
