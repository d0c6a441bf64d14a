//! A patient's own pages, as a browser without a script opens them.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use ward_core::id::StayId;

use crate::http::{Reply, ask, client};
use crate::ward::TestWard;

/// Somebody at home with a browser.
pub struct Browser<'a> {
    /// Where it goes.
    pub ward: &'a TestWard,
    /// Whom the device knows.
    pub cookie: String,
    /// From where it says that its forms come.
    pub origin: String,
}

impl<'a> Browser<'a> {
    /// Nobody has come in yet.
    #[must_use]
    pub fn new(ward: &'a TestWard) -> Self {
        Self {
            ward,
            cookie: String::new(),
            origin: ward.url("").trim_end_matches('/').to_owned(),
        }
    }

    /// Opens a page.
    pub async fn opens(&self, path: &str) -> Reply {
        ask(client()
            .request(Method::GET, self.ward.url(path))
            .header(COOKIE, &self.cookie))
        .await
    }

    /// Sends a form.
    pub async fn sends(&self, path: &str, form: &str) -> Reply {
        ask(client()
            .request(Method::POST, self.ward.url(path))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, &self.origin)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.to_owned()))
        .await
    }

    /// Comes in with a code and the patient's date of birth.
    pub async fn comes_in(&mut self, code: &str) {
        let form = format!("code={code}&asked=birth&day=9&month=3&year=1948");
        let reply = self.sends("/home/code", &form).await;
        assert_eq!(reply.status, 303, "{reply}");
        let cookie = reply.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }
}

/// The address of a patient's page.
#[must_use]
pub fn page_of(stay: StayId, page: &str) -> String {
    format!("/home/{stay}{page}")
}
