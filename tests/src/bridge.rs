//! A bridge, as far as the service can tell: it posts what it has measured.

use std::net::SocketAddr;
use std::ops::Deref;

use ward_core::device::DeviceAddress;
use ward_service::Clock;
use ward_wire::bridge::{Answer, BatchReply, EnrolReply, EnrolRequest};

use crate::box_key::{BoxKey, Credential, item};
use crate::desk::Enrolled;
use crate::http::{Reply, ask, client, try_ask};
use crate::taken::{Spooled, Taken};
use crate::ward::TestWard;

/// An enrolled bridge.
pub struct Bridge {
    enrolled: Enrolled,
    clock: Clock,
    readings: String,
    http: reqwest::Client,
}

impl Deref for Bridge {
    type Target = Enrolled;

    fn deref(&self) -> &Enrolled {
        &self.enrolled
    }
}

impl Bridge {
    /// A technician brings the ward's code, and the bridge changes it for its credential.
    pub async fn enrolled_at(ward: &TestWard) -> Self {
        let added = ward.wards.add_bridge(ward.ward, "hall cupboard").await;
        let added = added.unwrap();
        let (code, key) = (added.code.reveal(), BoxKey::fresh());
        let request = EnrolRequest {
            code: code.to_owned(),
            version: "0.1.0".to_owned(),
            key: Some(item(&key.enrols_with(code))),
        };
        let http = client();
        let asking = http.post(ward.url("/api/bridge/enrol")).json(&request);
        let reply: EnrolReply = ask(asking).await.json();
        assert_eq!((reply.bridge, &reply.token), (added.bridge.0, &None));
        let enrolled = Enrolled {
            bridge: ward.look_up(added.bridge).await,
            credential: Credential::Key(key),
        };
        Self::of(enrolled, ward.clock.clone(), ward.address)
    }

    /// One that has its credential, before a service at some address.
    #[must_use]
    pub fn of(enrolled: Enrolled, clock: Clock, service: SocketAddr) -> Self {
        Self {
            enrolled,
            clock,
            readings: format!("http://{service}/api/bridge/readings"),
            http: client(),
        }
    }

    /// From now on it speaks to another node.
    pub fn speaks_to(&mut self, service: SocketAddr) {
        self.readings = format!("http://{service}/api/bridge/readings");
    }

    /// Where it says how it is.
    #[must_use]
    pub fn status_url(&self) -> String {
        self.readings.replace("/readings", "/status")
    }

    /// Measures and posts at once.
    pub async fn measures(&self, oximeter: &DeviceAddress, taken: Taken) -> Spooled {
        let reading = taken.from(oximeter, self.clock.now());
        let answers = self.post(std::slice::from_ref(&reading)).await;
        assert_eq!(answers, [Answer::Stored]);
        reading
    }

    /// Measures, and keeps it for later.
    #[must_use]
    pub fn spools(&self, oximeter: &DeviceAddress, taken: Taken) -> Spooled {
        taken.from(oximeter, self.clock.now())
    }

    /// Posts a batch; what became of each item.
    pub async fn post(&self, readings: &[Spooled]) -> Vec<Answer> {
        let reply: BatchReply = self.post_body(self.batch(readings)).await.json();
        reply.answers
    }

    /// Posts a batch to a service that may not be there.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn try_post(&self, readings: &[Spooled]) -> Result<Reply, reqwest::Error> {
        try_ask(self.request(self.batch(readings))).await
    }

    /// Posts any bytes.
    pub async fn post_body(&self, body: impl Into<Vec<u8>>) -> Reply {
        ask(self.request(body)).await
    }

    fn request(&self, body: impl Into<Vec<u8>>) -> reqwest::RequestBuilder {
        let body = body.into();
        let signed = self.authorization("/api/bridge/readings", &body);
        self.http
            .post(&self.readings)
            .header("authorization", signed)
            .header("content-type", "application/json")
            .body(body)
    }

    /// The value of `Authorization` for a body that is posted now.
    #[must_use]
    pub fn authorization(&self, path: &str, body: &[u8]) -> String {
        let now = self.clock.now();
        self.enrolled.authorization("POST", path, body, now)
    }

    /// Asks for its oximeters.
    pub async fn asks_for_devices(&self) -> Reply {
        let path = "/api/bridge/devices";
        let now = self.clock.now();
        let url = self.readings.replace("/api/bridge/readings", path);
        let signed = self.enrolled.authorization("GET", path, b"", now);
        ask(self.http.get(url).header("authorization", signed)).await
    }

    /// Says how it is, in any bytes.
    pub async fn post_status(&self, body: impl Into<Vec<u8>>) -> Reply {
        let body = body.into();
        let signed = self.authorization("/api/bridge/status", &body);
        let asking = self
            .http
            .post(self.status_url())
            .header("authorization", signed)
            .header("content-type", "application/json")
            .body(body);
        ask(asking).await
    }

    /// A batch as it goes over the wire.
    #[must_use]
    pub fn batch(&self, readings: &[Spooled]) -> String {
        let now = self.clock.now();
        let items: Vec<String> = readings
            .iter()
            .map(|reading| serde_json::to_string(&reading.wire(now)).unwrap())
            .collect();
        self.batch_of(&items)
    }

    /// A batch of items that need not be readings.
    #[must_use]
    pub fn batch_of(&self, items: &[String]) -> String {
        format!(
            r#"{{"sent_at":"{}","readings":[{}]}}"#,
            self.clock.now(),
            items.join(",")
        )
    }
}
