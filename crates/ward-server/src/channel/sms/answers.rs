//! What GOV.UK Notify answers, as far as it matters here.

use serde::Deserialize;
use ward_service::carry::Receipt;

/// A text that Notify has.
#[derive(Deserialize)]
pub struct Stored {
    /// Notify's id.
    pub id: String,
    /// Ours.
    reference: Option<String>,
    /// How far it is; not said when it has only just been taken.
    pub status: Option<String>,
}

/// Texts that were looked for.
#[derive(Deserialize)]
pub struct Found {
    notifications: Vec<Stored>,
}

impl Found {
    /// The one with this reference; of several, one that did not fail.
    pub fn of(&self, reference: &str) -> Option<&Stored> {
        let all = || {
            let ours = |stored: &&Stored| stored.reference.as_deref() == Some(reference);
            self.notifications.iter().filter(ours)
        };
        let alive = |stored: &&Stored| {
            receipt_of(stored.status.as_deref().unwrap_or_default()) != Receipt::NotDelivered
        };
        all().find(alive).or_else(|| all().next())
    }
}

/// What a status says. `sent` is a text abroad, of which Notify hears no more.
pub fn receipt_of(status: &str) -> Receipt {
    match status {
        "delivered" => Receipt::Delivered,
        "permanent-failure" | "temporary-failure" | "technical-failure" => Receipt::NotDelivered,
        _ => Receipt::OnItsWay,
    }
}

#[derive(Deserialize)]
struct Refusal {
    errors: Vec<RefusalKind>,
}

#[derive(Deserialize)]
struct RefusalKind {
    error: String,
}

/// Longest name of an error that is kept.
const KIND_AT_MOST: usize = 40;

/// The first error's name, `BadRequestError`, without the sentence beside it.
pub fn kind_of_error(body: &[u8]) -> Option<String> {
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    let kind = refusal.errors.into_iter().next()?.error;
    let is_a_name = kind.len() <= KIND_AT_MOST && kind.bytes().all(|b| b.is_ascii_alphabetic());
    is_a_name.then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_texts_the_one_that_did_not_fail_counts_and_anothers_never() {
        let found: Found = serde_json::from_str(
            r#"{"notifications":[
                {"id":"1","reference":"other","status":"delivered"},
                {"id":"2","reference":"ours","status":"technical-failure"},
                {"id":"3","reference":"ours","status":"sending","line_1":null},
                {"id":"4","reference":null,"status":"sending"}
            ],"links":{}}"#,
        )
        .unwrap();
        let id = |reference| found.of(reference).map(|stored| stored.id.as_str());
        assert_eq!(id("ours"), Some("3"));
        assert_eq!(id("other"), Some("1"));
        assert_eq!(id("nobody's"), None);
    }

    #[test]
    fn every_status_of_a_text_means_one_of_three_things() {
        for (status, receipt) in [
            ("created", Receipt::OnItsWay),
            ("sending", Receipt::OnItsWay),
            ("pending", Receipt::OnItsWay),
            ("sent", Receipt::OnItsWay),
            ("delivered", Receipt::Delivered),
            ("permanent-failure", Receipt::NotDelivered),
            ("temporary-failure", Receipt::NotDelivered),
            ("technical-failure", Receipt::NotDelivered),
        ] {
            assert_eq!(receipt_of(status), receipt, "{status}");
        }
    }

    #[test]
    fn of_a_refusal_its_name_alone_is_kept() {
        let body = br#"{"status_code":400,"errors":[{"error":"BadRequestError","message":"07700900000 is wrong"}]}"#;
        assert_eq!(kind_of_error(body).as_deref(), Some("BadRequestError"));
        let sly = br#"{"errors":[{"error":"07700900000","message":""}]}"#;
        assert_eq!(kind_of_error(sly), None);
        assert_eq!(kind_of_error(b"<html>"), None);
    }
}
