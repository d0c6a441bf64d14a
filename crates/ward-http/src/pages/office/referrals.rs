//! Referrals to the ward.

mod one;
mod refer;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::ReferralId;
use ward_core::pathway::referral::{self, Consent, Referral};
use ward_core::patient::Patient;
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;

use super::choices::{DECLINES, SOURCES, URGENCIES, words_for};
use super::rooms::{Office, Room, round};
use super::when::When;
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/referrals", get(list))
        .merge(refer::routes())
        .merge(one::routes())
}

/// A referral as the list shows it.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) nhs_number: String,
    pub(super) made_at: String,
    pub(super) source: &'static str,
    pub(super) referred_by: String,
    pub(super) reason: String,
    pub(super) consent: String,
    pub(super) state: String,
    pub(super) is_open: bool,
    pub(super) stay: Option<Uuid>,
}

pub(super) fn row(referral: &Referral, patient: &Patient, when: &When) -> Row {
    let (state, stay) = match referral.state {
        referral::State::Referred => ("Not looked at yet".to_owned(), None),
        referral::State::Triaged { urgency, .. } => {
            let how_soon = words_for(URGENCIES, &urgency).to_lowercase();
            (format!("Triaged: {how_soon}"), None)
        }
        referral::State::Accepted { .. } => ("Accepted, not admitted yet".to_owned(), None),
        referral::State::Admitted { at, stay, .. } => {
            (format!("Admitted {}", when.at(at)), Some(stay.0))
        }
        referral::State::Declined { reason, .. } => {
            (format!("Declined: {}", words_for(DECLINES, &reason)), None)
        }
        referral::State::Withdrawn { .. } => ("Withdrawn".to_owned(), None),
    };
    let consent = match referral.consent {
        Consent::NotAsked => "Not asked yet".to_owned(),
        Consent::Given { at, .. } => format!("Agreed, {}", when.at(at)),
        Consent::BestInterests { at, .. } => format!("Best interests, {}", when.at(at)),
        Consent::Refused { at, .. } => format!("Refused, {}", when.at(at)),
    };
    Row {
        id: referral.id.0,
        name: patient.display_name(),
        born: patient.birth_date.on_screen(),
        nhs_number: patient.nhs_number.to_string(),
        made_at: when.at(referral.made_at),
        source: words_for(SOURCES, &referral.source),
        referred_by: referral.referred_by.clone(),
        reason: referral.reason.clone(),
        consent,
        is_open: referral.state.is_open(),
        state,
        stay,
    }
}

#[derive(Template)]
#[template(path = "office/referrals.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    rows: Vec<Row>,
    all: bool,
    older: Option<String>,
    may_refer: bool,
    may_admit: bool,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    all: String,
    before: Option<i64>,
}

async fn list(
    State(app): State<Arc<App>>,
    Query(Listed { all, before }): Query<Listed>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let all = !all.is_empty();
    let before = before.map(Timestamp::from_millis);
    let found = app.wards.referrals(permit, !all, before).await?;
    let when = When::of(&app, &staff);
    let is_full = i64::try_from(found.len()) == Ok(REFERRALS_ON_A_PAGE);
    let last = found.last().filter(|_| all && is_full);
    let older = last.map(|(referral, _)| {
        let before = referral.made_at.as_millis();
        staff.path(&format!("/office/referrals?all=1&before={before}"))
    });
    let (chrome, office) = round(&staff, Room::Referrals);
    let rows = found
        .iter()
        .map(|(referral, patient)| row(referral, patient, &when));
    let drawn = ListPage {
        chrome,
        office,
        rows: rows.collect(),
        all,
        older,
        may_refer: staff.may(Verb::Refer),
        may_admit: staff.may(Verb::MovePatient),
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

const REFERRALS_ON_A_PAGE: i64 = 200;

/// A referral to this ward, and whose it is.
pub(super) async fn known(
    app: &App,
    permit: &Permit,
    id: ReferralId,
) -> Result<(Referral, Patient), PageError> {
    let unavailable = ward_service::Unavailable::from;
    let store = app.wards.store();
    let referral = store.referral(permit.ward, id).await.map_err(unavailable)?;
    let referral = referral.ok_or_else(ApiError::not_found)?;
    let patient = store.patient(referral.patient).await.map_err(unavailable)?;
    let patient = patient.ok_or_else(ApiError::not_found)?;
    Ok((referral, patient))
}
