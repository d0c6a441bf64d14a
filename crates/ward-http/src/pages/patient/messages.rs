//! Messages to the patient, and the codes by which patient and carers come in at home.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::message::{Delivery, Outbound, Recipient, What};
use ward_core::permit::Verb;
use ward_core::time::minutes;

use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::{PageClock, on_screen, spaced, wire_name};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/messages"), get(messages))
        .route(stay_path!("/messages/announce"), post(announce))
        .route(stay_path!("/access"), post(give))
        .route(stay_path!("/access/end"), post(end))
}

/// A message in words.
struct Sent {
    what: String,
    to: String,
    when: String,
    state: String,
    /// It did not get through.
    is_trouble: bool,
}

/// A code, shown this once.
struct Code {
    whose: String,
    code: String,
    link: String,
    until: String,
}

/// What both forms hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    who: String,
    carer: String,
    at: String,
    sure: String,
}

impl Fields {
    /// A call is announced for an hour from now, unless somebody says otherwise.
    fn blank(clock: &PageClock) -> Self {
        Self {
            at: clock.field(clock.now.plus(minutes(60))),
            ..Self::default()
        }
    }
}

#[derive(Template)]
#[template(path = "patient/messages.html")]
struct MessagesPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: Fields,
    whose: Vec<Choice>,
    code: Option<Code>,
    messages: Vec<Sent>,
    may_enter: bool,
    may_call: bool,
    is_open: bool,
}

async fn messages(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "messages").await?;
    let form = Fields::blank(&opened.clock);
    draw(
        &app,
        &opened,
        form,
        None,
        FormErrors::default(),
        StatusCode::OK,
    )
    .await
}

async fn draw(
    app: &App,
    opened: &Opened,
    form: Fields,
    code: Option<Code>,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response, PageError> {
    let permit = &opened.staff.permit;
    let kept = app.wards.messages(permit, opened.stay()).await?;
    let may = |verb| opened.staff.may(verb);
    let drawn = MessagesPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        whose: vec![
            Choice::new("patient", "The patient", &form.who),
            Choice::new("carer", "Somebody who cares for them, by name", &form.who),
        ],
        messages: kept.iter().map(|kept| sent(kept, &opened.clock)).collect(),
        may_enter: may(Verb::EnterForPatient),
        may_call: may(Verb::WorkCallList),
        is_open: opened.record.stay.phase.is_open(),
        top: opened.top(Tab::Messages),
        errors,
        form,
        code,
    };
    Ok(opened.staff.answer(status, &drawn))
}

fn sent(kept: &Outbound, clock: &PageClock) -> Sent {
    let message = &kept.message;
    let what = match &message.what {
        What::Recheck { spo2, .. } => format!("Measure again: the last value was {spo2} %"),
        What::SlotReminder { slot_at, .. } => format!("Reminder for {}", clock.when(*slot_at)),
        What::CallAnnounced { at } => format!("The ward will ring at {}", clock.when(*at)),
        What::OutOfHoursAdvice => "Out of hours: whom to ring".to_owned(),
        What::OnCallRed { alert } => format!("A red out of hours: alert {alert}"),
        What::KitReminder { due_back } => format!("Kit is due back on {}", on_screen(*due_back)),
    };
    let (state, is_trouble) = match &kept.delivery {
        Delivery::Queued => ("Waits for its time".to_owned(), false),
        Delivery::Leased { .. } => ("Is being sent".to_owned(), false),
        Delivery::Failed { retry_at } => (
            format!("Not sent, again at {}", clock.when(*retry_at)),
            true,
        ),
        Delivery::Sent { at } => (format!("Sent {}", clock.when(*at)), false),
        Delivery::Cancelled { why } => (format!("Cancelled: {}", spaced(&wire_name(why))), false),
        Delivery::Expired { at } => (
            format!("Not sent: its time ran out {}", clock.when(*at)),
            true,
        ),
        Delivery::GivenUp { at } => (format!("Given up {}: ring instead", clock.when(*at)), true),
    };
    let trouble = kept.trouble.filter(|_| is_trouble);
    let state = match trouble {
        Some(trouble) => format!("{state} ({trouble})"),
        None => state,
    };
    Sent {
        what,
        to: match &message.to {
            Recipient::Patient => "Patient".to_owned(),
            Recipient::OnCall { name, .. } => format!("On call: {name}"),
        },
        when: clock.when(message.not_before),
        state,
        is_trouble,
    }
}

/// The code is in the answer itself and nowhere else: not in an address, not in a cookie.
async fn give(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    headers: HeaderMap,
    PageForm { staff, form }: PageForm<Fields>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::EnterForPatient)?;
    let carer = (form.who == "carer").then(|| without_nul(form.carer.trim().to_owned()));
    let opened = Opened::of(&app, staff, stay, "access").await?;
    if !["patient", "carer"].contains(&form.who.as_str()) {
        let errors = FormErrors::one("who", "Choose whose code it is");
        return draw(
            &app,
            &opened,
            form,
            None,
            errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    if carer.as_deref() == Some("") {
        let errors = FormErrors::one("carer", "Enter the carer’s name");
        return draw(
            &app,
            &opened,
            form,
            None,
            errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let whose = carer
        .clone()
        .unwrap_or_else(|| opened.record.patient.display_name());
    match app.wards.give_access(&permit, StayId(stay), carer).await {
        Ok(given) => {
            // The form came from this origin: whoever it is for finds the service there too.
            let origin = headers
                .get(header::ORIGIN)
                .and_then(|origin| origin.to_str().ok());
            let code = given.code.reveal();
            let code = Code {
                link: format!("{}/home/code?code={code}", origin.unwrap_or_default()),
                code: code.to_owned(),
                until: opened.clock.when(given.expires_at),
                whose,
            };
            draw(
                &app,
                &opened,
                Fields::blank(&opened.clock),
                Some(code),
                FormErrors::default(),
                StatusCode::OK,
            )
            .await
        }
        Err(error) => {
            let error = ApiError::from(error);
            let field = if form.who == "carer" { "carer" } else { "who" };
            let errors = FormErrors::one(field, sentence(error.detail()));
            draw(&app, &opened, form, None, errors, error.status()).await
        }
    }
}

async fn end(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<Fields>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::EnterForPatient)?;
    if form.sure != "yes" {
        let opened = Opened::of(&app, staff, stay, "access").await?;
        let errors = FormErrors::one("sure", "Tick the box: everybody at home is signed out");
        return draw(
            &app,
            &opened,
            form,
            None,
            errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    app.wards.end_access(&permit, StayId(stay)).await?;
    let said =
        "Every code and every sign-in at home is ended. Give a new code to whoever needs one.";
    Ok(on_to(&path(&staff, StayId(stay), "/messages"), said))
}

async fn announce(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<Fields>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = *staff.needs(Verb::WorkCallList)?;
    let opened = Opened::of(&app, staff, stay, "messages").await?;
    let Some(at) = opened.clock.of_field(&form.at) else {
        let errors = FormErrors::one("at", "Enter day and time, for example 2026-11-22T14:00");
        return draw(
            &app,
            &opened,
            form,
            None,
            errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    match app.wards.announce_call(&permit, StayId(stay), at).await {
        Ok(()) => {
            let said = format!(
                "The patient is told that the ward rings at {}.",
                opened.clock.when(at)
            );
            Ok(on_to(
                &path(&opened.staff, StayId(stay), "/messages"),
                &said,
            ))
        }
        Err(error) => {
            let error = ApiError::from(error);
            let errors = FormErrors::one("at", sentence(error.detail()));
            draw(&app, &opened, form, None, errors, error.status()).await
        }
    }
}
