//! The second half of the sitting: the patient is on the ward, and gets kit, a code, a first reading and a paper diary.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{BridgeId, KitId, ReferralId, StayId};
use ward_core::kit::{Holder, Kind, KitState, Step, Wear};
use ward_core::pathway::referral::{self, Referral};
use ward_core::patient::Patient;
use ward_core::permit::{Permit, Verb};
use ward_service::KitRecord;

use super::first_reading::{self, ReadingForm, Taken};
use super::kit::{all_kit, kit_name, state_words};
use super::referrals::known;
use super::rooms::{Office, Room, round};
use super::when::When;
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/admit/{referral}/kit", post(give_kit))
        .route(
            "/wards/{ward}/office/admit/{referral}/code",
            post(give_code),
        )
        .route(
            "/wards/{ward}/office/admit/{referral}/reading",
            post(first_reading::take),
        )
        .route(
            "/wards/{ward}/office/admit/{referral}/reading/{reading}",
            post(first_reading::answer),
        )
}

/// A code as it is told, once.
pub(super) struct Code {
    whom: String,
    code: String,
    until: String,
    address: String,
}

/// What the page shows beside what is on record.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) errors: FormErrors,
    pub(super) code: Option<Code>,
    pub(super) reading: ReadingForm,
    pub(super) taken: Option<Taken>,
    pub(super) kit: KitForm,
    pub(super) carer: String,
}

#[derive(Template)]
#[template(path = "office/admitted.html")]
struct AdmittedPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    referral: Uuid,
    stay: Uuid,
    name: String,
    admitted_at: String,
    has: Vec<String>,
    oximeters: Vec<Choice>,
    bridges: Vec<Choice>,
    may_give_kit: bool,
    may_enter: bool,
    code: Option<Code>,
    carer: String,
    newest: Option<String>,
    reading: ReadingForm,
    taken: Option<Taken>,
    means: Vec<Choice>,
    said_by: Vec<Choice>,
}

/// The referral and its stay, once it has one.
pub(super) async fn admitted(
    app: &App,
    permit: &Permit,
    id: Uuid,
) -> Result<(Referral, Patient, StayId), PageError> {
    let (referral, patient) = known(app, permit, ReferralId(id)).await?;
    match referral.state {
        referral::State::Admitted { stay, .. } => Ok((referral, patient, stay)),
        _ => Err(ApiError::not_found().into()),
    }
}

pub(super) async fn draw_first(
    app: &App,
    staff: &Staff,
    referral: &Referral,
    patient: &Patient,
) -> Result<Response, PageError> {
    let shown = Shown {
        reading: ReadingForm::empty(app),
        ..Shown::default()
    };
    draw(app, staff, (referral, patient), StatusCode::OK, shown).await
}

pub(super) async fn draw(
    app: &App,
    staff: &Staff,
    (referral, patient): (&Referral, &Patient),
    status: StatusCode,
    shown: Shown,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let referral::State::Admitted { stay, at, .. } = referral.state else {
        return Err(ApiError::not_found().into());
    };
    let when = When::of(app, staff);
    // Whoever went on to another ward is looked after there.
    let (record, lines) = app.wards.chart(permit, stay, None, 1).await?;
    app.wards.note_view(permit, stay, "admission").await;
    let newest = lines.first().map(|line| {
        let reading = &line.kept.reading;
        first_reading::in_words(reading, &record.stay.plan, &when)
    });
    let (oximeters, bridges) = (
        all_kit(app, permit, Kind::Oximeter).await?,
        all_kit(app, permit, Kind::Bridge).await?,
    );
    let theirs = |record: &&KitRecord| record.kit.state.holder() == Some(Holder::Stay(stay));
    let has = oximeters.iter().chain(&bridges).filter(theirs);
    let has = has.map(|record| {
        let state = state_words(&record.kit.state).to_lowercase();
        format!("{}: {state}", kit_name(record))
    });
    let (chrome, office) = round(staff, Room::Referrals);
    let drawn = AdmittedPage {
        chrome,
        office,
        referral: referral.id.0,
        stay: stay.0,
        name: patient.display_name(),
        admitted_at: when.at(at),
        has: has.collect(),
        oximeters: oximeter_choices(&oximeters, stay, &shown.kit.oximeter),
        bridges: bridge_choices(&bridges, stay, &shown.kit.bridge),
        may_give_kit: staff.may(Verb::ManageKit),
        may_enter: staff.may(Verb::EnterForPatient),
        code: shown.code,
        carer: shown.carer,
        newest,
        means: first_reading::means_choices(&shown.reading.means),
        said_by: first_reading::said_by_choices(&shown.reading.said_by),
        reading: shown.reading,
        taken: shown.taken,
        errors: shown.errors,
    };
    Ok(staff.answer(status, &drawn))
}

fn oximeter_choices(kit: &[KitRecord], stay: StayId, now: &str) -> Vec<Choice> {
    let can_be_given = |record: &&KitRecord| match &record.kit.state {
        KitState::InStock => true,
        KitState::Issued { to, .. } => *to == Holder::Stay(stay),
        KitState::Assigned { .. }
        | KitState::DueBack { .. }
        | KitState::Cleaning
        | KitState::Lost { .. } => false,
    };
    let choices = kit
        .iter()
        .filter(can_be_given)
        .map(|record| Choice::new(record.kit.id.to_string(), kit_name(record), now));
    std::iter::once(Choice::new("", "Choose an oximeter", now))
        .chain(choices)
        .collect()
}

fn bridge_choices(kit: &[KitRecord], stay: StayId, now: &str) -> Vec<Choice> {
    let can_read = |record: &&KitRecord| match &record.kit.state {
        KitState::InStock => true,
        KitState::Issued { to, .. } => matches!(to, Holder::Place(_)) || *to == Holder::Stay(stay),
        KitState::Assigned { .. }
        | KitState::DueBack { .. }
        | KitState::Cleaning
        | KitState::Lost { .. } => false,
    };
    let choices = kit
        .iter()
        .filter(can_read)
        .map(|record| Choice::new(record.kit.id.to_string(), kit_name(record), now));
    let none = Choice::new("", "None: they read the number themselves", now);
    std::iter::once(none).chain(choices).collect()
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct KitForm {
    oximeter: String,
    bridge: String,
}

type ReferralIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn give_kit(
    State(app): State<Arc<App>>,
    ids: ReferralIds,
    PageForm { staff, form }: PageForm<KitForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let permit = staff.needs(Verb::ManageKit)?;
    let (referral, patient, stay) = admitted(&app, permit, id).await?;
    let given = match form.oximeter.parse::<Uuid>() {
        Ok(oximeter) => hand_over(&app, permit, stay, KitId(oximeter), &form.bridge)
            .await
            .map_err(|error| (error.status(), sentence(error.detail()))),
        Err(_) => Err((
            StatusCode::UNPROCESSABLE_ENTITY,
            "Choose an oximeter".to_owned(),
        )),
    };
    match given {
        Ok(()) => Ok(on_to(
            &staff.path(&format!("/office/admit/{id}#kit")),
            "The kit is theirs from now on.",
        )),
        Err((status, said)) if status.is_server_error() => {
            tracing::warn!(%said, "kit was not handed over");
            Err(ApiError::unavailable().into())
        }
        Err((status, said)) => {
            let shown = Shown {
                errors: FormErrors::one("oximeter", said),
                reading: ReadingForm::empty(&app),
                kit: form,
                ..Shown::default()
            };
            draw(&app, &staff, (&referral, &patient), status, shown).await
        }
    }
}

/// A bridge from the shelf goes along; one that stands in a care home stays there.
async fn hand_over(
    app: &App,
    permit: &Permit,
    stay: StayId,
    oximeter: KitId,
    bridge: &str,
) -> Result<(), ApiError> {
    let to = Holder::Stay(stay);
    let Ok(bridge) = bridge.parse::<Uuid>() else {
        let due_back = None;
        let issue = Step::Issue { to, due_back };
        app.wards.step_kit(permit, oximeter, issue).await?;
        return Ok(());
    };
    let bridges = all_kit(app, permit, Kind::Bridge).await?;
    let is_on_shelf = bridges
        .iter()
        .any(|record| record.kit.id.0 == bridge && record.kit.state == KitState::InStock);
    if is_on_shelf {
        let due_back = None;
        let issue = Step::Issue { to, due_back };
        app.wards.step_kit(permit, KitId(bridge), issue).await?;
    }
    let wear = Wear {
        stay,
        bridge: BridgeId(bridge),
        from: app.wards.clock().now(),
    };
    let due_back = None;
    let assign = Step::Assign { wear, due_back };
    app.wards.step_kit(permit, oximeter, assign).await?;
    Ok(())
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    carer: String,
}

/// The code is said in the answer itself: it is kept nowhere.
async fn give_code(
    State(app): State<Arc<App>>,
    ids: ReferralIds,
    headers: HeaderMap,
    PageForm { staff, form }: PageForm<CodeForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let permit = staff.needs(Verb::EnterForPatient)?;
    let (referral, patient, stay) = admitted(&app, permit, id).await?;
    let carer = without_nul(form.carer.trim().to_owned());
    let for_carer = (!carer.is_empty()).then(|| carer.clone());
    let mut shown = Shown {
        reading: ReadingForm::empty(&app),
        ..Shown::default()
    };
    let mut status = StatusCode::OK;
    match app.wards.give_access(permit, stay, for_carer).await {
        Ok(given) => {
            let origin = headers.get(header::ORIGIN);
            let origin = origin.and_then(|origin| origin.to_str().ok());
            shown.code = Some(Code {
                whom: if carer.is_empty() {
                    patient.display_name()
                } else {
                    carer
                },
                code: given.code.reveal().to_owned(),
                until: When::of(&app, &staff).at(given.expires_at),
                address: format!("{}/home", origin.unwrap_or_default()),
            });
        }
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            status = error.status();
            shown.errors = FormErrors::one("carer", sentence(error.detail()));
            shown.carer = carer;
        }
    }
    draw(&app, &staff, (&referral, &patient), status, shown).await
}
