//! What a nurse does on somebody's way through the ward.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::id::{StayId, WardId};
use ward_wire::board::{Board, BoardRow};
use ward_wire::bridge::BatchReply;
use ward_wire::pathway::{StayRecordView, StayView};

use crate::bridge::Bridge;
use crate::http::{Reply, ask, client};
use crate::nurse::Nurse;
use crate::taken::Spooled;
use crate::ward::TestWard;

/// What a complete discharge says.
#[must_use]
pub fn discharge_home() -> Value {
    json!({ "destination": "home", "outcome": "recovered", "summary": "Fourteen days, no oxygen needed" })
}

/// Somebody who does not exist, as a practice would write of them.
#[must_use]
pub fn person(nhs_number: &str, family_name: &str) -> Value {
    json!({
        "nhs_number": nhs_number,
        "family_name": family_name,
        "given_name": "Ada",
        "birth_date": "1948-03-09",
        "phone": "01254 111 111",
    })
}

/// A practice's referral.
#[must_use]
pub fn referral_of(person: &Value) -> Value {
    json!({ "person": person, "source": "general_practice", "referred_by": "Mill Lane practice", "reason": "COVID-19, day 4" })
}

impl Nurse {
    /// Takes a referral through one step.
    pub async fn steps(&self, referral: Uuid, said: &Value) -> Reply {
        self.posts(&format!("/referrals/{referral}/step"), said)
            .await
    }

    /// Takes in a list of new positive results.
    pub async fn imports(&self, list: &str) -> Reply {
        let http = client();
        let url = format!("http://{}{}", self.address, self.path("/cases"));
        let asking = http
            .post(url)
            .header("cookie", &self.cookie)
            .header("origin", format!("http://{}", self.address))
            .header("x-csrf-token", &self.view.csrf_token)
            .header("content-type", "text/csv; charset=utf-8")
            .body(list.to_owned());
        ask(asking).await
    }

    /// A clinician of another ward of the organisation comes on shift there.
    pub async fn of_another_ward(ward: &TestWard, other: WardId, username: &str) -> Self {
        ward.staff(username, username, other, Role::Clinician).await;
        Self::signs_in_at(ward.address, other, username).await
    }

    /// Does something with a stay: `pause`, `resume`, `discharge`, `death`, `hospital`, `transfer`, `channel`.
    pub async fn moves(&self, stay: StayId, how: &str, said: &Value) -> Reply {
        let path = self.path(&format!("/stays/{stay}/{how}"));
        self.changes(Method::POST, &path, said).await
    }

    /// As [`Nurse::moves`], when it goes through.
    pub async fn has_moved(&self, stay: StayId, how: &str, said: &Value) -> StayView {
        self.moves(stay, how, said).await.json()
    }

    /// A stay with its papers.
    pub async fn looks_up(&self, stay: StayId) -> StayRecordView {
        let path = self.path(&format!("/stays/{stay}"));
        self.get(&path).await.json()
    }

    /// Posts something of the ward.
    pub async fn posts(&self, path: &str, said: &Value) -> Reply {
        self.changes(Method::POST, &self.path(path), said).await
    }

    /// Takes and ends everything that is open about a stay.
    pub async fn settles(&self, stay: StayId) {
        let board = self.board().await;
        let Some(row) = row_of(&board, stay) else {
            return;
        };
        for alert in &row.alerts {
            self.takes(alert.number, board.as_of).await;
            let seen = self.board().await.as_of;
            let reply = self.resolves(alert.number, seen).await;
            assert!(reply.status.is_success(), "{reply}");
        }
    }
}

/// Somebody's row on a board.
#[must_use]
pub fn row_of(board: &Board, stay: StayId) -> Option<&BoardRow> {
    board.rows.iter().find(|row| row.stay == stay.0)
}

impl Bridge {
    /// Posts a batch; the whole answer, with what the person at home must be told.
    pub async fn hears_of(&self, readings: &[Spooled]) -> BatchReply {
        self.post_body(self.batch(readings)).await.json()
    }
}
