//! What somebody with the call list does.

use jiff::Timestamp;
use reqwest::Method;
use ward_core::clinician::Role;
use ward_core::id::StayId;
use ward_wire::calls::{
    CallListView, CallOutcome, CallRow, ClaimRequest, ClaimView, ContactsView, Identifier,
    LogContactRequest, LoggedView, OverClaim, StopLadderRequest, Support, Way, Wellbeing, Whom,
};

use crate::http::Reply;
use crate::nurse::Nurse;
use crate::ward::TestWard;

/// A call of just now, with whom and what came of it.
#[must_use]
pub fn call(whom: Whom, outcome: CallOutcome) -> LogContactRequest {
    let stands_for_the_patient = matches!(whom, Whom::Patient | Whom::Carer);
    let reached = outcome == CallOutcome::Reached;
    LogContactRequest {
        id: None,
        at: None,
        way: Way::Telephone,
        whom,
        name: if whom == Whom::Patient {
            String::new()
        } else {
            "Jo Example".to_owned()
        },
        outcome,
        identity: (reached && stands_for_the_patient)
            .then_some([Identifier::FullName, Identifier::BirthDate]),
        support: Support::None,
        wellbeing: Wellbeing::default(),
        symptoms: Vec::new(),
        help: None,
        readings: Vec::new(),
        advice: Vec::new(),
        next: None,
        note: String::new(),
    }
}

/// The patient was reached.
#[must_use]
pub fn reached() -> LogContactRequest {
    call(Whom::Patient, CallOutcome::Reached)
}

/// The patient did not answer.
#[must_use]
pub fn no_answer() -> LogContactRequest {
    call(Whom::Patient, CallOutcome::NoAnswer)
}

impl Nurse {
    /// A call handler of the ward comes on shift.
    pub async fn handler(ward: &TestWard, username: &str, name: &str) -> Self {
        ward.staff(username, name, ward.ward, Role::CallHandler)
            .await;
        Self::signs_in(ward, username).await
    }

    /// A senior clinician of the ward comes on shift.
    pub async fn senior(ward: &TestWard, username: &str, name: &str) -> Self {
        ward.staff(username, name, ward.ward, Role::SeniorClinician)
            .await;
        Self::signs_in(ward, username).await
    }

    /// The call list of the ward.
    pub async fn call_list(&self) -> CallListView {
        self.get(&self.path("/call-list")).await.json()
    }

    /// Something about the calls of a stay.
    #[must_use]
    pub fn calls_path(&self, stay: StayId, path: &str) -> String {
        self.path(&format!("/calls/{stay}{path}"))
    }

    /// Is about to ring.
    pub async fn claims(&self, stay: StayId) -> Reply {
        let path = self.calls_path(stay, "/claim");
        self.changes(Method::POST, &path, &ClaimRequest::default())
            .await
    }

    /// Takes a call over.
    pub async fn takes_over(&self, stay: StayId, claim: &ClaimView) -> Reply {
        let request = ClaimRequest {
            over: Some(OverClaim {
                clinician: claim.clinician,
                at: claim.at,
            }),
        };
        let path = self.calls_path(stay, "/claim");
        self.changes(Method::POST, &path, &request).await
    }

    /// Lets go of a call.
    pub async fn lets_go(&self, stay: StayId) -> Reply {
        let path = self.calls_path(stay, "/claim");
        self.changes(Method::DELETE, &path, &()).await
    }

    /// Writes down a call, whatever the service says to it.
    pub async fn tries_to_log(&self, stay: StayId, request: &LogContactRequest) -> Reply {
        let path = self.calls_path(stay, "/contacts");
        self.changes(Method::POST, &path, request).await
    }

    /// Writes down a call.
    pub async fn logs(&self, stay: StayId, request: &LogContactRequest) -> LoggedView {
        self.tries_to_log(stay, request).await.json()
    }

    /// Writes down a call that came in.
    pub async fn answers(&self, stay: StayId, request: &LogContactRequest) -> Reply {
        let path = self.calls_path(stay, "/incoming");
        self.changes(Method::POST, &path, request).await
    }

    /// Stops the ladder.
    pub async fn stops_ladder(&self, stay: StayId, reason: &str) -> Reply {
        let path = self.calls_path(stay, "/stop-ladder");
        let request = StopLadderRequest {
            reason: reason.to_owned(),
        };
        self.changes(Method::POST, &path, &request).await
    }

    /// The contacts of a stay.
    pub async fn contacts(&self, stay: StayId) -> ContactsView {
        self.get(&self.calls_path(stay, "/contacts")).await.json()
    }
}

/// The part of the list that somebody stands in, and their row.
///
/// # Panics
/// When they stand nowhere, or twice.
#[track_caller]
#[must_use]
pub fn whereabouts(list: &CallListView, stay: StayId) -> (&'static str, &CallRow) {
    let parts = [
        ("to_call", &list.to_call),
        ("paused", &list.paused),
        ("stopped", &list.stopped),
        ("not_due", &list.not_due),
    ];
    let mut found = Vec::new();
    for (part, rows) in parts {
        let mine = rows.iter().filter(|row| row.stay == stay.0);
        found.extend(mine.map(|row| (part, row)));
    }
    assert_eq!(found.len(), 1, "on exactly one list: {found:?}");
    found.remove(0)
}

/// Why somebody is on the list, by code.
#[must_use]
pub fn codes(row: &CallRow) -> Vec<&str> {
    row.reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .collect()
}

/// A time on the wire.
#[must_use]
pub fn on_the_wire(at: ward_core::time::Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millis()).unwrap()
}
