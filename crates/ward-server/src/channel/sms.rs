//! Notices as text messages, by GOV.UK Notify (<https://docs.notifications.service.gov.uk/rest-api.html>).
//!
//! Notify knows no key by which a repeat is refused. So every attempt carries the notice's id as its reference, and
//! before a later attempt it is asked whether an earlier one was taken: a lost answer does not make two texts.

mod answers;
mod token;

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url, header};
use serde_json::json;
use uuid::Uuid;
use ward_core::message::Trouble;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Receipt, Taken};

pub use token::ApiKey;

use super::http;
use crate::webhook::TIMEOUT_AT_MOST;
use answers::{Found, Stored, receipt_of};

/// Notify, and the template by which it writes.
#[derive(Clone, Debug)]
pub struct Sms {
    /// Where Notify is.
    pub url: Url,
    /// As Notify has made it.
    pub api_key: ApiKey,
    /// The template. It may use `((title))`, `((text))`, `((link))`, `((ward))` and `((severity))`.
    pub template: Uuid,
    /// By which of the service's names a text comes, where it is not the usual one.
    pub sender: Option<Uuid>,
    /// For one attempt, with what is asked before it.
    pub timeout: Duration,
}

/// From this attempt on a text goes out although it cannot be asked whether an earlier one did: two are better than none.
const ASKED_IN_VAIN: u16 = 4;

/// Digits of a telephone number, with its country (ITU-T E.164), and of a short one within the country.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=15;

struct Notify {
    http: Client,
    sms: Sms,
    clock: Clock,
}

pub(super) fn carrier(sms: &Sms, clock: &Clock) -> anyhow::Result<Carrier> {
    let timeout = sms.timeout.min(TIMEOUT_AT_MOST);
    let notify = Arc::new(Notify {
        http: http::client(sms.url.scheme() == "http", timeout)?,
        sms: sms.clone(),
        clock: clock.clone(),
    });
    let asked = Arc::clone(&notify);
    let send = move |notice: Notice| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let notify = Arc::clone(&notify);
        Box::pin(async move {
            let sent = tokio::time::timeout(timeout, notify.send(&notice)).await;
            sent.unwrap_or(Err(Trouble::NoAnswer))
        })
    };
    let ask = move |reference: String| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let notify = Arc::clone(&asked);
        Box::pin(async move { notify.receipt(&reference).await })
    };
    Ok(Carrier {
        send: Arc::new(send),
        ask: Some(Arc::new(ask)),
    })
}

impl Notify {
    async fn send(&self, notice: &Notice) -> Result<Taken, Trouble> {
        let Address::Phone { number } = &notice.to else {
            return Err(Trouble::BadAddress);
        };
        let number = telephone(number)?;
        if notice.attempt > 1 {
            match self.taken_earlier(notice).await {
                Ok(Some(taken)) => return Ok(taken),
                Ok(None) => {}
                Err(trouble) if notice.attempt < ASKED_IN_VAIN => return Err(trouble),
                Err(_) => tracing::warn!(
                    notice = %notice.id,
                    attempt = notice.attempt,
                    "it cannot be asked whether an earlier text was taken; this one goes out all the same"
                ),
            }
        }
        self.post(notice, number).await
    }

    async fn post(&self, notice: &Notice, number: &str) -> Result<Taken, Trouble> {
        let mut body = json!({
            "phone_number": number,
            "template_id": self.sms.template,
            "reference": notice.id,
            "personalisation": {
                "title": notice.title,
                "text": notice.text,
                "link": notice.link.as_deref().unwrap_or_default(),
                "ward": notice.ward_code,
                "severity": notice.severity.name(),
            },
        });
        if let (Some(sender), Some(body)) = (self.sms.sender, body.as_object_mut()) {
            body.insert("sms_sender_id".to_owned(), json!(sender));
        }
        let asking = self.http.post(self.address("v2/notifications/sms")?);
        let answer = http::ask(self.signed(asking)?.json(&body)).await?;
        match answer.status().as_u16() {
            // Taken, even if what follows cannot be read: to send it again would make two.
            201 => Ok(Taken {
                reference: stored(answer).await.map(|stored| stored.id),
            }),
            status => Err(refused(answer, status).await),
        }
    }

    /// By which id Notify took an earlier attempt, if it did.
    async fn taken_earlier(&self, notice: &Notice) -> Result<Option<Taken>, Trouble> {
        let mut address = self.address("v2/notifications")?;
        let reference = notice.id.to_string();
        address
            .query_pairs_mut()
            .append_pair("template_type", "sms")
            .append_pair("reference", &reference);
        let answer = http::ask(self.signed(self.http.get(address))?).await?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(Trouble::Refused { status });
        }
        let body = http::body(answer).await?;
        let found: Found = serde_json::from_slice(&body).map_err(|_| Trouble::NoAnswer)?;
        Ok(found.of(&reference).map(|stored| Taken {
            reference: Some(stored.id.clone()),
        }))
    }

    async fn receipt(&self, reference: &str) -> Result<Receipt, Trouble> {
        // It becomes part of an address.
        let id: Uuid = reference.parse().map_err(|_| Trouble::BadAddress)?;
        let address = self.address(&format!("v2/notifications/{id}"))?;
        let answer = http::ask(self.signed(self.http.get(address))?).await?;
        match answer.status().as_u16() {
            200 => {
                let stored = stored(answer).await.ok_or(Trouble::NoAnswer)?;
                Ok(receipt_of(stored.status.as_deref().unwrap_or_default()))
            }
            status => Err(refused(answer, status).await),
        }
    }

    fn address(&self, path: &str) -> Result<Url, Trouble> {
        self.sms.url.join(path).map_err(|_| Trouble::NoAnswer)
    }

    fn signed(&self, asking: RequestBuilder) -> Result<RequestBuilder, Trouble> {
        let token = self.sms.api_key.token(http::unix_seconds(self.clock.now()));
        let value = header::HeaderValue::from_str(&format!("Bearer {token}"));
        let mut value = value.map_err(|_| Trouble::NoAnswer)?;
        value.set_sensitive(true);
        Ok(asking.header(header::AUTHORIZATION, value))
    }
}

async fn stored(answer: reqwest::Response) -> Option<Stored> {
    let body = http::body(answer).await.ok()?;
    serde_json::from_slice(&body).ok()
}

/// What Notify says to a notice that it does not take. Its words may hold the number; the kind of error does not.
async fn refused(answer: reqwest::Response, status: u16) -> Trouble {
    let kind = match http::body(answer).await {
        Ok(body) => answers::kind_of_error(&body),
        Err(_) => None,
    };
    tracing::warn!(
        status,
        kind = kind.as_deref().unwrap_or("not said"),
        "GOV.UK Notify refuses"
    );
    match status {
        // A number, a template or a placeholder that is wrong stays wrong. A key (403), a clock (403) or a limit (429) is
        // mended or passes.
        400 | 404 => Trouble::Rejected { status },
        _ => Trouble::Refused { status },
    }
}

/// As written, if it can be a telephone number at all.
fn telephone(text: &str) -> Result<&str, Trouble> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let usual = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.');
    let rest = text.strip_prefix('+').unwrap_or(text);
    if DIGITS.contains(&digits) && rest.chars().all(usual) {
        Ok(text)
    } else {
        Err(Trouble::BadAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_telephone_is_not_sent_to() {
        for good in ["07700 900 000", "+44 (0)7700-900000", " 07700900000 "] {
            assert_eq!(telephone(good), Ok(good.trim()));
        }
        for bad in [
            "",
            "999",
            "ward phone",
            "07700 900 000, 07700 900 001",
            "+44+7700900000",
            "0770090000007700900",
        ] {
            assert_eq!(telephone(bad), Err(Trouble::BadAddress), "{bad}");
        }
    }
}
