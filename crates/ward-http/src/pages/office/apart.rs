//! Readings that are nobody's: somebody says whose each one is, and how they know.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{BridgeId, ReadingId, StayId};
use ward_core::permit::Verb;
use ward_service::{Item, Quarantined, Whose};

use super::overview::caseload_choices;
use super::rooms::{Office, Room, round};
use super::when::When;
use crate::extract::{Ids, without_nul};
use crate::kit_api::as_sent;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::detail::in_words;
use crate::view::kit as kit_view;
use crate::ward_api::with_name;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/kit/apart", get(list))
        .route(
            "/wards/{ward}/office/kit/apart/{item}",
            get(one).post(decide),
        )
}

/// Items on one page.
const ON_A_PAGE: u32 = 200;

/// Something that is kept apart.
struct Row {
    id: Uuid,
    received_at: String,
    measured_at: Option<String>,
    value: String,
    reason: String,
    bridge: String,
    device: String,
    is_a_reading: bool,
    decided: Option<String>,
}

/// What the rows need beside the items.
struct Names {
    bridges: BTreeMap<BridgeId, String>,
    staff: BTreeMap<ward_core::id::ClinicianId, String>,
}

async fn names(app: &App) -> Result<Names, PageError> {
    let bridges = app.wards.bridges().await?;
    let staff = app.wards.store().names_of_staff().await;
    Ok(Names {
        bridges: bridges
            .into_iter()
            .map(|bridge| (bridge.id, bridge.name))
            .collect(),
        staff: staff.map_err(ward_service::Unavailable::from)?,
    })
}

fn row(kept: &Quarantined, names: &Names, when: &When) -> Row {
    let view = kit_view::quarantined(kept, as_sent(kept).as_ref());
    Row {
        id: view.item,
        received_at: when.at(kept.received_at),
        measured_at: view.measured_at.map(|at| when.at(at.into())),
        value: view
            .spo2_percent
            .map_or_else(|| "No value".to_owned(), |percent| format!("{percent} %")),
        reason: in_words(&kept.reason),
        bridge: names.bridges.get(&kept.bridge).cloned().unwrap_or_default(),
        device: kept.device_address.clone().unwrap_or_default(),
        is_a_reading: view.is_a_reading,
        decided: kept.decided.as_ref().map(|decided| {
            let by = names.staff.get(&decided.by).map_or("", String::as_str);
            let whose = if decided.stay.is_some() {
                "A patient's"
            } else {
                "Nobody's"
            };
            format!(
                "{whose}, says {by}, {}: {}",
                when.at(decided.at),
                decided.reason
            )
        }),
    }
}

#[derive(Template)]
#[template(path = "office/apart.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    rows: Vec<Row>,
    decided_too: bool,
    older: Option<String>,
    may_decide: bool,
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
    let decided_too = !all.is_empty();
    let before = before.map(ward_core::time::Timestamp::from_millis);
    let items = app
        .wards
        .quarantined(permit, decided_too, before, ON_A_PAGE)
        .await?;
    let is_full = u32::try_from(items.len()) == Ok(ON_A_PAGE);
    let older = items.last().filter(|_| is_full).map(|kept| {
        let before = kept.received_at.as_millis();
        staff.path(&format!("/office/kit/apart?all={all}&before={before}"))
    });
    let (when, names) = (When::of(&app, &staff), names(&app).await?);
    let (chrome, office) = round(&staff, Room::Kit);
    let drawn = ListPage {
        chrome,
        office,
        rows: items.iter().map(|kept| row(kept, &names, &when)).collect(),
        decided_too,
        older,
        may_decide: staff.may(Verb::DecideReading),
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct DecideForm {
    stay: String,
    reason: String,
}

/// The field's value for whoever leaves it as nobody's.
const NOBODYS: &str = "nobody";

#[derive(Template)]
#[template(path = "office/apart_one.html")]
struct OnePage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    item: Row,
    form: DecideForm,
    people: Vec<Choice>,
}

type ItemIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn one(
    State(app): State<Arc<App>>,
    ids: ItemIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, item)) = ids?;
    let nothing = FormErrors::default();
    let form = DecideForm::default();
    draw(&app, &staff, ReadingId(item), form, StatusCode::OK, nothing).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    item: ReadingId,
    form: DecideForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::DecideReading)?;
    let kept = app.wards.quarantined_item(permit, item).await?;
    let kept = kept.ok_or_else(ApiError::not_found)?;
    let (when, names) = (When::of(app, staff), names(app).await?);
    let item = row(&kept, &names, &when);
    let mut people = vec![
        Choice::new("", "Choose whose it is", &form.stay),
        Choice::new(NOBODYS, "Nobody's: it stays apart", &form.stay),
    ];
    if item.is_a_reading {
        people.extend(caseload_choices(app, permit, &form.stay).await?);
    }
    let (chrome, office) = round(staff, Room::Kit);
    let drawn = OnePage {
        chrome,
        office,
        errors,
        item,
        people,
        form,
    };
    Ok(staff.answer(status, &drawn))
}

async fn decide(
    State(app): State<Arc<App>>,
    ids: ItemIds,
    PageForm { staff, form }: PageForm<DecideForm>,
) -> Result<Response, PageError> {
    let Ids((_, item)) = ids?;
    let item = ReadingId(item);
    let permit = staff.needs(Verb::DecideReading)?;
    let mut errors = FormErrors::default();
    if form.stay.is_empty() {
        errors.add("stay", "Choose whose it is");
    }
    if form.reason.trim().is_empty() {
        errors.add("reason", "Enter how you know");
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&app, &staff, item, form, status, errors).await;
    }
    let whose = match form.stay.parse::<Uuid>() {
        Err(_) => Whose::Nobodys,
        Ok(stay) => {
            let kept = app.wards.quarantined_item(permit, item).await?;
            let reading = match kept.as_ref().and_then(as_sent) {
                Some(Item::Reading(reading)) => Some(Box::new(reading)),
                Some(Item::Unreadable(_)) | None => None,
            };
            let stay = StayId(stay);
            Whose::Stays { stay, reading }
        }
    };
    let reason = without_nul(form.reason.clone());
    match app.wards.decide_reading(permit, item, whose, reason).await {
        Ok(_) => Ok(on_to(
            &staff.path("/office/kit/apart"),
            "It is decided whose the reading is.",
        )),
        Err(error) => {
            let error = with_name(&app, error.into()).await;
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one("stay", sentence(error.detail()));
            draw(&app, &staff, item, form, error.status(), errors).await
        }
    }
}
