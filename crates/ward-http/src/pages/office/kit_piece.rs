//! One piece of kit: where it is, who wore it, and what may be done with it now.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::ToSpan;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{BridgeId, KitId, StayId};
use ward_core::kit::{Holder, Kind, KitState, Step, Wear, possible};
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;

use super::kit::{Row, all_kit, holder_of, kit_name, names_of_stays, piece, row};
use super::overview::caseload_choices;
use super::rooms::{Office, Room, round};
use super::when::{When, day, typed_day};
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/wards/{ward}/office/kit/{kit}", get(one).post(take_step))
}

/// Wearers that are shown.
const WEARERS_SHOWN: u32 = 50;

/// Days in which kit is to come back, unless somebody says otherwise.
const BACK_WITHIN_DAYS: i32 = 7;

/// Who wore it, and when.
struct WearerRow {
    name: String,
    from: String,
    until: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    step: String,
    stay: String,
    place: String,
    bridge: String,
    by: String,
}

#[derive(Template)]
#[template(path = "office/kit_piece.html")]
struct PiecePage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    piece: Row,
    address: Option<String>,
    steps: Vec<Choice>,
    form: StepForm,
    needs_person: bool,
    needs_bridge: bool,
    people: Vec<Choice>,
    bridges: Vec<Choice>,
    wearers: Vec<WearerRow>,
    is_oximeter: bool,
}

type KitIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn one(
    State(app): State<Arc<App>>,
    ids: KitIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let when = When::of(&app, &staff);
    let form = StepForm {
        by: day(when.today.saturating_add(BACK_WITHIN_DAYS.days())),
        ..StepForm::default()
    };
    let nothing = FormErrors::default();
    draw(&app, &staff, KitId(id), form, StatusCode::OK, nothing).await
}

/// What each step is called on its button.
fn step_words(step: &str) -> &'static str {
    match step {
        "issue" => "Issue: it goes out, nobody measures with it yet",
        "assign" => "Give to a patient to measure with, from now on",
        "hand over" => "Hand over to another patient, from now on",
        "ask back" => "Ask back",
        "return" => "It came back",
        "clean" => "It is clean: on the shelf",
        "lost" => "It is lost",
        "found" => "It turned up",
        _ => "",
    }
}

async fn draw(
    app: &App,
    staff: &Staff,
    id: KitId,
    form: StepForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageKit)?;
    let when = When::of(app, staff);
    let record = piece(app, permit, id).await?;
    let is_oximeter = record.kit.kind == Kind::Oximeter;
    let wearers = if is_oximeter {
        app.wards.wearers_of(permit, id, WEARERS_SHOWN).await?
    } else {
        Vec::new()
    };
    let stays = wearers.iter().map(|wearer| wearer.stay);
    let holder = holder_of(&record).and_then(|holder| holder.stay());
    let names = names_of_stays(app, permit, stays.chain(holder)).await?;
    let wearer = |wearer: &ward_service::Wearer| WearerRow {
        name: names
            .get(&wearer.stay)
            .cloned()
            .unwrap_or_else(|| "A patient of another ward".to_owned()),
        from: when.at(wearer.from),
        until: wearer
            .until
            .map_or_else(|| "now".to_owned(), |until| when.at(until)),
    };
    let steps = possible(record.kit.kind, &record.kit.state);
    let nobody = Choice::new("", "Choose a patient", &form.stay);
    let people = caseload_choices(app, permit, &form.stay).await?;
    let none = Choice::new("", "Choose a bridge", &form.bridge);
    let bridges = if is_oximeter {
        bridge_choices(app, permit, &form.bridge).await?
    } else {
        Vec::new()
    };
    let (chrome, office) = round(staff, Room::Kit);
    let drawn = PiecePage {
        chrome,
        office,
        errors,
        steps: steps
            .iter()
            .map(|step| Choice::new(*step, step_words(step), &form.step))
            .collect(),
        needs_person: steps
            .iter()
            .any(|it| matches!(*it, "issue" | "assign" | "hand over")),
        needs_bridge: steps.iter().any(|it| matches!(*it, "assign" | "hand over")),
        people: std::iter::once(nobody).chain(people).collect(),
        bridges: std::iter::once(none).chain(bridges).collect(),
        wearers: wearers.iter().map(wearer).collect(),
        address: record.address.clone(),
        piece: row(&record, &names, &when),
        is_oximeter,
        form,
    };
    Ok(staff.answer(status, &drawn))
}

/// Bridges that are out and can read.
async fn bridge_choices(app: &App, permit: &Permit, now: &str) -> Result<Vec<Choice>, ApiError> {
    let bridges = all_kit(app, permit, Kind::Bridge).await?;
    let is_out = |state: &KitState| matches!(state, KitState::Issued { .. });
    Ok(bridges
        .iter()
        .filter(|record| is_out(&record.kit.state))
        .map(|record| Choice::new(record.kit.id.to_string(), kit_name(record), now))
        .collect())
}

fn wear(form: &StepForm, now: Timestamp) -> Result<Wear, FormErrors> {
    let mut errors = FormErrors::default();
    let stay = form.stay.parse::<Uuid>().ok().map(StayId);
    if stay.is_none() {
        errors.add("stay", "Choose a patient");
    }
    let bridge = form.bridge.parse::<Uuid>().ok().map(BridgeId);
    if bridge.is_none() {
        errors.add("bridge", "Choose the bridge that reads it");
    }
    match (stay, bridge) {
        (Some(stay), Some(bridge)) => Ok(Wear {
            stay,
            bridge,
            from: now,
        }),
        _ => Err(errors),
    }
}

fn step_of(form: &StepForm, now: Timestamp) -> Result<Step, FormErrors> {
    let due_back = None;
    match form.step.as_str() {
        "issue" => {
            let place = without_nul(form.place.trim().to_owned());
            let to = match (form.stay.parse::<Uuid>(), place.is_empty()) {
                (Ok(stay), true) => Holder::Stay(StayId(stay)),
                (Err(_), false) => Holder::Place(place),
                (Ok(_), false) | (Err(_), true) => {
                    let message = "Choose a patient, or enter a place: one of the two";
                    return Err(FormErrors::one("stay", message));
                }
            };
            Ok(Step::Issue { to, due_back })
        }
        "assign" => Ok(Step::Assign {
            wear: wear(form, now)?,
            due_back,
        }),
        "hand over" => Ok(Step::HandOver {
            to: wear(form, now)?,
        }),
        "ask back" => typed_day(&form.by)
            .map(|by| Step::AskBack { by })
            .ok_or_else(|| FormErrors::one("by", "Enter a day, for example 29-Nov-2026")),
        "return" => Ok(Step::Return { at: now }),
        "clean" => Ok(Step::Clean),
        "lost" => Ok(Step::Lose { at: now }),
        "found" => Ok(Step::Find),
        _ => Err(FormErrors::one("step", "Choose what is done with it")),
    }
}

async fn take_step(
    State(app): State<Arc<App>>,
    ids: KitIds,
    PageForm { staff, form }: PageForm<StepForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let id = KitId(id);
    let permit = staff.needs(Verb::ManageKit)?;
    let step = match step_of(&form, app.wards.clock().now()) {
        Ok(step) => step,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&app, &staff, id, form, status, errors).await;
        }
    };
    match app.wards.step_kit(permit, id, step).await {
        Ok(record) => Ok(on_to(
            &staff.path(&format!("/office/kit/{id}")),
            &format!(
                "{}: {}.",
                kit_name(&record),
                super::kit::state_words(&record.kit.state).to_lowercase()
            ),
        )),
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one("step", sentence(error.detail()));
            draw(&app, &staff, id, form, error.status(), errors).await
        }
    }
}
