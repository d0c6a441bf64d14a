//! The kit ledger: what there is, where it is, and what comes in new.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::{KitId, StayId};
use ward_core::kit::{Holder, Kind, KitState};
use ward_core::permit::{Permit, Verb};
use ward_service::{KitRecord, Sticker};

use super::rooms::{Office, Room, round};
use super::when::{When, day};
use crate::extract::without_nul;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/kit", get(list))
        .route("/wards/{ward}/office/kit/new", get(new_form).post(receive))
}

/// Pieces that are read at once, and how often at most.
const AT_ONCE: u32 = 500;
const PAGES_AT_MOST: usize = 20;

/// Lines of one list at most; more are found by their sticker.
const SHOWN_AT_MOST: usize = 300;

/// The whole ledger of one kind.
pub(super) async fn all_kit(
    app: &App,
    permit: &Permit,
    kind: Kind,
) -> Result<Vec<KitRecord>, ApiError> {
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..PAGES_AT_MOST {
        let page = app.wards.kit_page(permit, kind, after, AT_ONCE).await?;
        let is_full = u32::try_from(page.len()) == Ok(AT_ONCE);
        after = page.last().map(|record| record.kit.id);
        all.extend(page);
        if !is_full {
            break;
        }
    }
    all.sort_by_cached_key(|record| (record.kit.label.clone(), record.name.clone()));
    Ok(all)
}

/// What stands on it, or what it is where nothing stands on it.
pub(super) fn kit_name(record: &KitRecord) -> String {
    let about = match (&record.kit.label, &record.address) {
        (label, _) if !label.is_empty() => label.clone(),
        (_, Some(address)) => address.clone(),
        (_, None) => String::new(),
    };
    if about.is_empty() {
        record.name.clone()
    } else {
        format!("{about} ({})", record.name)
    }
}

pub(super) const fn state_words(state: &KitState) -> &'static str {
    match state {
        KitState::InStock => "On the shelf",
        KitState::Issued { .. } => "Issued",
        KitState::Assigned { .. } => "In use",
        KitState::DueBack { .. } => "Asked back",
        KitState::Cleaning => "To be cleaned",
        KitState::Lost { .. } => "Lost",
    }
}

/// A piece as the list shows it.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) serial: String,
    pub(super) state: &'static str,
    pub(super) holder: String,
    pub(super) stay: Option<Uuid>,
    pub(super) due_back: Option<String>,
    pub(super) is_overdue: bool,
    pub(super) since: String,
}

/// Names of this ward's patients, by stay.
pub(super) async fn names_of_stays(
    app: &App,
    permit: &Permit,
    stays: impl Iterator<Item = StayId>,
) -> Result<BTreeMap<StayId, String>, ApiError> {
    let mut names = BTreeMap::new();
    for stay in stays {
        if names.contains_key(&stay) {
            continue;
        }
        if let Some(patient) = app.wards.patient_of_stay(permit, stay).await? {
            names.insert(stay, patient.display_name());
        }
    }
    Ok(names)
}

/// Who has it, or had it last.
pub(super) fn holder_of(record: &KitRecord) -> Option<Holder> {
    match &record.kit.state {
        KitState::Lost { last } => last.clone(),
        other => other.holder(),
    }
}

pub(super) fn row(record: &KitRecord, names: &BTreeMap<StayId, String>, when: &When) -> Row {
    let holder = holder_of(record);
    let due_back = record.kit.state.due_back();
    let stay = holder.as_ref().and_then(Holder::stay);
    Row {
        id: record.kit.id.0,
        name: kit_name(record),
        kind: match record.kit.kind {
            Kind::Oximeter => "Oximeter",
            Kind::Bridge => "Bridge",
        },
        serial: record.kit.serial.clone(),
        state: state_words(&record.kit.state),
        holder: match &holder {
            Some(Holder::Stay(stay)) => names
                .get(stay)
                .cloned()
                .unwrap_or_else(|| "A patient of another ward".to_owned()),
            Some(Holder::Place(place)) => place.clone(),
            None => String::new(),
        },
        stay: stay.filter(|stay| names.contains_key(stay)).map(|it| it.0),
        due_back: due_back.map(day),
        is_overdue: is_overdue(due_back, when.today),
        since: when.at(record.kit.since),
    }
}

fn is_overdue(due_back: Option<Date>, today: Date) -> bool {
    due_back.is_some_and(|day| day < today)
}

#[derive(Template)]
#[template(path = "office/kit.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    find: String,
    states: Vec<Choice>,
    rows: Vec<Row>,
    left_out: usize,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
    #[serde(default)]
    find: String,
}

const STATES: [(&str, &str); 8] = [
    ("", "All"),
    ("in_stock", "On the shelf"),
    ("issued", "Issued"),
    ("assigned", "In use"),
    ("due_back", "Asked back"),
    ("overdue", "Overdue"),
    ("cleaning", "To be cleaned"),
    ("lost", "Lost"),
];

async fn list(
    State(app): State<Arc<App>>,
    Query(Listed { state, find }): Query<Listed>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageKit)?;
    let when = When::of(&app, &staff);
    let mut kit = all_kit(&app, permit, Kind::Oximeter).await?;
    kit.extend(all_kit(&app, permit, Kind::Bridge).await?);
    let looked_for = find.trim().to_lowercase();
    kit.retain(|record| {
        let in_state = match state.as_str() {
            "" => true,
            "overdue" => is_overdue(record.kit.state.due_back(), when.today),
            name => record.kit.state.name() == name,
        };
        let texts = [&record.kit.label, &record.kit.serial, &record.name];
        let address = record.address.iter();
        let mut texts = texts.into_iter().chain(address);
        in_state && texts.any(|text| text.to_lowercase().contains(&looked_for))
    });
    let left_out = kit.len().saturating_sub(SHOWN_AT_MOST);
    kit.truncate(SHOWN_AT_MOST);
    let stays = kit.iter().filter_map(|it| holder_of(it)?.stay());
    let names = names_of_stays(&app, permit, stays).await?;
    let (chrome, office) = round(&staff, Room::Kit);
    let drawn = ListPage {
        chrome,
        office,
        find,
        states: STATES
            .iter()
            .map(|(name, words)| Choice::new(*name, *words, &state))
            .collect(),
        rows: kit
            .iter()
            .map(|record| row(record, &names, &when))
            .collect(),
        left_out,
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    kind: String,
    name: String,
    address: String,
    label: String,
    serial: String,
}

#[derive(Template)]
#[template(path = "office/kit_new.html")]
struct NewPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    form: NewForm,
    kinds: Vec<Choice>,
}

fn new_page(staff: &Staff, form: NewForm, errors: FormErrors) -> NewPage {
    let (chrome, office) = round(staff, Room::Kit);
    let kinds = [("oximeter", "Oximeter"), ("bridge", "Bridge")];
    NewPage {
        chrome,
        office,
        errors,
        kinds: kinds
            .map(|(value, words)| Choice::new(value, words, &form.kind))
            .into(),
        form,
    }
}

async fn new_form(staff: Staff) -> Result<Response, PageError> {
    staff.needs(Verb::ManageKit)?;
    let form = NewForm {
        kind: "oximeter".to_owned(),
        ..NewForm::default()
    };
    let drawn = new_page(&staff, form, FormErrors::default());
    Ok(staff.answer(StatusCode::OK, &drawn))
}

/// The code by which a bridge is enrolled, shown once.
#[derive(Template)]
#[template(path = "office/bridge_code.html")]
struct CodePage {
    chrome: Chrome,
    office: Office,
    name: String,
    kit: Uuid,
    code: String,
}

/// Characters of what stands on kit at most.
const NAME_AT_MOST: usize = 200;
const LABEL_AT_MOST: usize = 64;

fn checked(form: &NewForm) -> FormErrors {
    let mut errors = FormErrors::default();
    if form.name.trim().is_empty() || form.name.chars().count() > NAME_AT_MOST {
        errors.add("name", "Enter make and model, or where the bridge stands");
    }
    if form.kind == "oximeter" && form.address.trim().is_empty() {
        errors.add(
            "address",
            "Enter the Bluetooth address, 12 letters and digits",
        );
    }
    for (field, text) in [("label", &form.label), ("serial", &form.serial)] {
        if text.chars().count() > LABEL_AT_MOST {
            errors.add(field, format!("{LABEL_AT_MOST} characters at most"));
        }
    }
    errors
}

async fn receive(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<NewForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageKit)?;
    let again = |status, errors| {
        let drawn = new_page(&staff, form.clone(), errors);
        Ok(staff.answer(status, &drawn))
    };
    let errors = checked(&form);
    if !errors.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, errors);
    }
    let name = without_nul(form.name.trim().to_owned());
    let sticker = Sticker {
        label: without_nul(form.label.trim().to_owned()),
        serial: without_nul(form.serial.trim().to_owned()),
    };
    if form.kind == "bridge" {
        let (record, code) = app.wards.receive_bridge(permit, &name, sticker).await?;
        let (chrome, office) = round(&staff, Room::Kit);
        let drawn = CodePage {
            chrome,
            office,
            name: kit_name(&record),
            kit: record.kit.id.0,
            code: code.code.reveal().to_owned(),
        };
        return Ok(staff.answer(StatusCode::OK, &drawn));
    }
    let address = match form.address.trim().parse::<DeviceAddress>() {
        Ok(address) => address,
        Err(why) => {
            let errors = FormErrors::one("address", sentence(&why.to_string()));
            return again(StatusCode::UNPROCESSABLE_ENTITY, errors);
        }
    };
    let received = app.wards.receive_oximeter(permit, address, name, sticker);
    match received.await {
        Ok(record) => Ok(on_to(
            &staff.path("/office/kit"),
            &format!("{} is on the shelf.", kit_name(&record)),
        )),
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one("address", sentence(error.detail()));
            again(error.status(), errors)
        }
    }
}

/// One piece of the ledger.
pub(super) async fn piece(app: &App, permit: &Permit, id: KitId) -> Result<KitRecord, ApiError> {
    for kind in [Kind::Oximeter, Kind::Bridge] {
        let kit = all_kit(app, permit, kind).await?;
        if let Some(record) = kit.into_iter().find(|record| record.kit.id == id) {
            return Ok(record);
        }
    }
    Err(ApiError::not_found())
}
