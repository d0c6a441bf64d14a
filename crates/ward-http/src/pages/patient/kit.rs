//! The kit that a patient has, and how it is.

mod heartbeat;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::bridge_watch::BridgeStatus;
use ward_core::id::{BridgeId, StayId};
use ward_core::permit::Verb;
use ward_service::KitRecord;

use crate::extract::Ids;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::{on_screen, readable, wire_name};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/kit"), get(kit))
        .route(stay_path!("/kit/ask-back"), post(ask_back))
}

/// A piece of kit in words.
struct Piece {
    name: String,
    facts: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "patient/kit.html")]
struct KitPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    channel: String,
    pieces: Vec<Piece>,
    by: String,
    may_manage: bool,
    office: String,
}

async fn kit(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "kit").await?;
    let week = opened
        .clock
        .today()
        .saturating_add(jiff::Span::new().days(7));
    draw(
        &app,
        &opened,
        week.to_string(),
        FormErrors::default(),
        StatusCode::OK,
    )
    .await
}

async fn draw(
    app: &App,
    opened: &Opened,
    by: String,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response, PageError> {
    let kit = app
        .wards
        .kit_of(&opened.staff.permit, opened.stay())
        .await?;
    let kit = kit.unwrap_or_default();
    let bridges = app.wards.bridges().await?;
    let mut said = BTreeMap::new();
    for record in &kit {
        let bridge = bridge_of(record);
        if let Some(bridge) = bridge.filter(|bridge| !said.contains_key(bridge))
            && let Some(status) = app.wards.last_status_of(bridge).await?
        {
            said.insert(bridge, status);
        }
    }
    let mut pieces: Vec<Piece> = kit
        .iter()
        .map(|record| piece(opened, record, &bridges, &said))
        .collect();
    // A bridge that stands elsewhere, of a care home, is not this patient's kit, and reads them all the same.
    let is_listed = |bridge: BridgeId| kit.iter().any(|record| record.kit.id.0 == bridge.0);
    for (bridge, status) in said.iter().filter(|(bridge, _)| !is_listed(**bridge)) {
        let name = bridges.iter().find(|one| one.id == *bridge);
        pieces.push(Piece {
            name: format!(
                "Read by: {}",
                name.map_or("a bridge", |one| one.name.as_str())
            ),
            facts: heartbeat::of_bridge(status, &opened.clock),
        });
    }
    let drawn = KitPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        channel: readable(&wire_name(&opened.record.stay.channel)),
        pieces,
        may_manage: opened.staff.may(Verb::ManageKit),
        office: opened.staff.path("/office/kit"),
        top: opened.top(Tab::Kit),
        errors,
        by,
    };
    Ok(opened.staff.answer(status, &drawn))
}

/// The bridge that a piece of kit is, or that reads it.
fn bridge_of(record: &KitRecord) -> Option<BridgeId> {
    let wear = record.kit.state.wear();
    let is_bridge = record.kit.kind == ward_core::kit::Kind::Bridge;
    wear.map(|wear| wear.bridge)
        .or_else(|| is_bridge.then_some(BridgeId(record.kit.id.0)))
}

fn piece(
    opened: &Opened,
    record: &KitRecord,
    bridges: &[ward_service::Bridge],
    said: &BTreeMap<BridgeId, BridgeStatus>,
) -> Piece {
    let status = bridge_of(record).and_then(|bridge| said.get(&bridge));
    let (kit, clock) = (&record.kit, &opened.clock);
    let bridge = |id: BridgeId| bridges.iter().find(|bridge| bridge.id == id);
    let mut facts = vec![(
        "State",
        format!(
            "{}, since {}",
            readable(kit.state.name()),
            clock.when(kit.since)
        ),
    )];
    for (name, text) in [("Label", &kit.label), ("Serial number", &kit.serial)] {
        if !text.is_empty() {
            facts.push((name, text.clone()));
        }
    }
    if let Some(address) = &record.address {
        facts.push(("Bluetooth address", address.clone()));
    }
    if let Some(wear) = kit.state.wear() {
        facts.push(("Readings are this patient’s from", clock.when(wear.from)));
        facts.push(("Read by", heard(opened, bridge(wear.bridge))));
        let address = record.address.as_ref().and_then(|text| text.parse().ok());
        if let Some((status, address)) = status.zip(address) {
            facts.extend(heartbeat::of_oximeter(status, &address, clock));
        }
    } else if kit.kind == ward_core::kit::Kind::Bridge {
        facts.push(("Heard of", heard(opened, bridge(BridgeId(kit.id.0)))));
        if let Some(status) = status {
            facts.extend(heartbeat::of_bridge(status, clock));
        }
    }
    if let Some(day) = kit.state.due_back() {
        facts.push(("Due back", on_screen(day)));
    }
    Piece {
        name: format!("{}: {}", readable(kit.kind.name()), record.name),
        facts,
    }
}

/// `Demo bridge, last heard of 09:02 (3 min ago)`.
fn heard(opened: &Opened, bridge: Option<&ward_service::Bridge>) -> String {
    let Some(bridge) = bridge else {
        return "A bridge that is not on record".to_owned();
    };
    match bridge.last_seen_at {
        Some(at) => format!(
            "{}, last heard of {} ({})",
            bridge.name,
            opened.clock.when(at),
            opened.clock.ago(at)
        ),
        None => format!("{}, never heard of yet", bridge.name),
    }
}

#[derive(Deserialize)]
struct AskBackForm {
    #[serde(default)]
    by: String,
}

async fn ask_back(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<AskBackForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::ManageKit)?;
    let (errors, status) = match form.by.trim().parse() {
        Err(_) => {
            let errors = FormErrors::one("by", "Enter the day by which it is wanted back");
            (errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Ok(day) => match app.wards.ask_kit_back(&permit, StayId(stay), day).await {
            Ok(_) => {
                let said = format!("Everything is asked back by {}.", on_screen(day));
                return Ok(on_to(&path(&staff, StayId(stay), "/kit"), &said));
            }
            Err(error) => {
                let error = ApiError::from(error);
                (
                    FormErrors::one("by", sentence(error.detail())),
                    error.status(),
                )
            }
        },
    };
    let opened = Opened::of(&app, staff, stay, "kit").await?;
    draw(&app, &opened, form.by, errors, status).await
}
