//! What a nurse does with plans and with the kit ledger.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::StayId;
use ward_wire::kit::{KitPage, KitView, QuarantinePage, QuarantinedView};
use ward_wire::plan::{HistoryReply, PlanReply, SetPlanRequest};

use crate::http::Reply;
use crate::nurse::Nurse;

impl Nurse {
    /// The plan of a stay.
    pub async fn plan_of(&self, stay: StayId) -> PlanReply {
        let path = self.path(&format!("/stays/{stay}/plan"));
        self.get(&path).await.json()
    }

    /// Every version of it.
    pub async fn plan_history(&self, stay: StayId) -> HistoryReply {
        let path = self.path(&format!("/stays/{stay}/plan/history"));
        self.get(&path).await.json()
    }

    /// Changes the plan that is on the screen.
    pub async fn sets_plan(&self, stay: StayId, change: impl FnOnce(&mut SetPlanRequest)) -> Reply {
        let known = self.plan_of(stay).await.in_force;
        let mut request = SetPlanRequest {
            replaces: known.version,
            limits: known.limits,
            care: known.care,
            reason: "as agreed on the round".to_owned(),
        };
        change(&mut request);
        self.puts_plan(stay, &request).await
    }

    /// Sends a plan as it is.
    pub async fn puts_plan(&self, stay: StayId, request: &SetPlanRequest) -> Reply {
        let path = self.path(&format!("/stays/{stay}/plan"));
        self.changes(Method::PUT, &path, request).await
    }

    /// `approve` or `reject` a proposal.
    pub async fn decides_plan(&self, stay: StayId, number: u32, how: &str) -> Reply {
        let path = self.path(&format!("/stays/{stay}/plan/proposals/{number}/{how}"));
        let said = json!({ "reason": "not for this patient" });
        self.changes(Method::POST, &path, &said).await
    }

    /// Takes a new oximeter into the ledger.
    pub async fn receives_oximeter(&self, address: &DeviceAddress) -> KitView {
        let said = json!({ "address": address.as_str(), "model": "Nonin 3230", "label": "OX-017" });
        let path = self.path("/kit/oximeters");
        self.changes(Method::POST, &path, &said).await.json()
    }

    /// Tries a step with a piece of kit.
    pub async fn tries(&self, kit: Uuid, step: &Value) -> Reply {
        let path = self.path(&format!("/kit/{kit}/steps"));
        self.changes(Method::POST, &path, step).await
    }

    /// A step that goes through.
    pub async fn does(&self, kit: Uuid, step: &Value) -> KitView {
        self.tries(kit, step).await.json()
    }

    /// All kit of one kind.
    pub async fn kit(&self, kind: &str) -> Vec<KitView> {
        let path = self.path(&format!("/kit?kind={kind}"));
        let page: KitPage = self.get(&path).await.json();
        page.kit
    }

    /// What nobody has decided yet.
    pub async fn kept_apart(&self) -> Vec<QuarantinedView> {
        let page: QuarantinePage = self.get(&self.path("/quarantine")).await.json();
        page.items
    }

    /// Says whose something is.
    pub async fn says_whose(&self, item: Uuid, stay: Option<StayId>) -> Reply {
        let path = self.path(&format!("/quarantine/{item}/decide"));
        let stay = stay.map(|stay| stay.0);
        let said = json!({ "stay": stay, "reason": "rang the home: it was on her finger" });
        self.changes(Method::POST, &path, &said).await
    }
}
