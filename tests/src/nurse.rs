//! A clinician who is signed in.

use std::net::SocketAddr;

use reqwest::Method;
use serde::Serialize;
use ward_core::id::WardId;
use ward_wire::board::{AcknowledgeRequest, Board, Done, Outcome, ResolveRequest};
use ward_wire::session::{SessionView, SignInRequest};

use crate::desk::PASSWORD;
use crate::http::{Reply, ask, client};
use crate::ward::TestWard;

/// Somebody at a console.
pub struct Nurse {
    /// Who they are.
    pub view: SessionView,
    /// As the browser keeps it.
    pub cookie: String,
    /// Their ward.
    pub ward: WardId,
    /// The service they talk to.
    pub address: SocketAddr,
    http: reqwest::Client,
}

impl Nurse {
    /// A clinician of the ward comes on shift.
    pub async fn comes_on_shift(ward: &TestWard, username: &str, name: &str) -> Self {
        ward.clinician(username, name).await;
        Self::signs_in(ward, username).await
    }

    /// Somebody who is known signs in.
    pub async fn signs_in(ward: &TestWard, username: &str) -> Self {
        Self::signs_in_at(ward.address, ward.ward, username).await
    }

    /// Somebody who is known signs in at one of several services.
    pub async fn signs_in_at(address: SocketAddr, ward: WardId, username: &str) -> Self {
        let http = client();
        let request = SignInRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let asking = http
            .post(format!("http://{address}/api/session"))
            .header("origin", format!("http://{address}"))
            .json(&request);
        let reply = ask(asking).await;
        let cookie = reply.header("set-cookie").split(';').next().unwrap();
        Self {
            view: reply.json(),
            cookie: cookie.to_owned(),
            ward,
            address,
            http,
        }
    }

    /// The board of the ward.
    pub async fn board(&self) -> Board {
        self.get(&self.path("/board")).await.json()
    }

    /// Takes an alert, having seen everything up to `seen`.
    pub async fn acknowledges(&self, number: i64, seen: i64) -> Reply {
        let path = self.path(&format!("/alerts/{number}/acknowledge"));
        self.changes(Method::POST, &path, &AcknowledgeRequest { seen })
            .await
    }

    /// Takes an alert that is theirs to take.
    pub async fn takes(&self, number: i64, seen: i64) -> Done {
        self.acknowledges(number, seen).await.json()
    }

    /// Ends an alert.
    pub async fn resolves(&self, number: i64, seen: i64) -> Reply {
        let path = self.path(&format!("/alerts/{number}/resolve"));
        let request = ResolveRequest {
            seen,
            outcome: Outcome::AdviceGiven,
            note: "rang".to_owned(),
        };
        self.changes(Method::POST, &path, &request).await
    }

    /// Signs out.
    pub async fn signs_out(&self) {
        let reply = self.changes(Method::DELETE, "/api/session", &()).await;
        assert_eq!(reply.status, 204, "{reply}");
    }

    /// Something of the ward.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        format!("/api/wards/{}{path}", self.ward)
    }

    /// Looks at something.
    pub async fn get(&self, path: &str) -> Reply {
        let url = format!("http://{}{path}", self.address);
        ask(self.http.get(url).header("cookie", &self.cookie)).await
    }

    /// Changes something, as the page does it.
    pub async fn changes(&self, method: Method, path: &str, body: &impl Serialize) -> Reply {
        let asking = self
            .http
            .request(method, format!("http://{}{path}", self.address))
            .header("cookie", &self.cookie)
            .header("origin", format!("http://{}", self.address))
            .header("x-csrf-token", &self.view.csrf_token)
            .json(body);
        ask(asking).await
    }

    /// Opens a page of the ward.
    pub async fn opens(&self, path: &str) -> String {
        let reply = self.get(&format!("/wards/{}{path}", self.ward)).await;
        assert_eq!(reply.status, 200, "{reply}");
        String::from_utf8_lossy(&reply.body).into_owned()
    }

    /// Sends a plain form of a page of the ward.
    pub async fn sends(&self, path: &str, typed: &[(&str, &str)]) -> Reply {
        let url = format!("http://{}/wards/{}{path}", self.address, self.ward);
        let token = ("csrf_token", self.view.csrf_token.as_str());
        let fields = std::iter::once(&token).chain(typed);
        let fields = reqwest::Url::parse_with_params(&url, fields).unwrap();
        let asking = self
            .http
            .post(url)
            .header("cookie", &self.cookie)
            .header("origin", format!("http://{}", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.query().unwrap_or_default().to_owned());
        ask(asking).await
    }
}
