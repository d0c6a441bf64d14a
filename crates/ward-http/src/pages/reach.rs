//! Where whoever looks is reached for a ward: their own page, shown to nobody else.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::permit::Verb;
use ward_service::carry::Address;
use ward_service::{ContactDetail, NewDetail};

use crate::extract::without_nul;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/reach-me", get(show).post(add))
        .route("/wards/{ward}/reach-me/remove", post(remove))
        .route("/wards/{ward}/reach-me/test", post(test))
}

/// One way to reach whoever looks.
struct Line {
    id: Uuid,
    kind: &'static str,
    place: String,
}

impl Line {
    fn of(detail: &ContactDetail) -> Self {
        let (kind, place) = match &detail.address {
            Address::Phone { number } => ("Text message", number.clone()),
            Address::Email { address } => ("E-mail", address.clone()),
            Address::Webhook => ("Webhook", String::new()),
            // Which push service it is tells the browser; the rest is a secret.
            Address::Push { endpoint, .. } => {
                let host = endpoint.split('/').nth(2).unwrap_or_default();
                ("Push to a browser", host.to_owned())
            }
        };
        Self {
            id: detail.id,
            kind,
            place,
        }
    }
}

#[derive(Template)]
#[template(path = "reach.html")]
struct ReachPage {
    chrome: Chrome,
    errors: FormErrors,
    base: String,
    ward: Uuid,
    lines: Vec<Line>,
    phone: String,
    email: String,
    push_key: Option<String>,
}

async fn show(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let form = AddForm::default();
    draw(&app, &staff, StatusCode::OK, FormErrors::default(), form).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    status: StatusCode,
    errors: FormErrors,
    form: AddForm,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let details = app.wards.own_details(permit).await?;
    let drawn = ReachPage {
        chrome: staff.chrome(Here::Elsewhere),
        errors,
        base: staff.path("/reach-me"),
        ward: staff.ward.id.0,
        lines: details.iter().map(Line::of).collect(),
        phone: form.phone,
        email: form.email,
        push_key: app.options.push_key.clone(),
    };
    Ok(staff.answer(status, &drawn))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AddForm {
    phone: String,
    email: String,
}

async fn add(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<AddForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let form = AddForm {
        phone: without_nul(form.phone),
        email: without_nul(form.email),
    };
    let typed = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    let new = [
        ("phone", typed(&form.phone).map(NewDetail::Phone)),
        ("email", typed(&form.email).map(NewDetail::Email)),
    ];
    let mut errors = FormErrors::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut added = 0;
    for (field, detail) in new {
        let Some(detail) = detail else { continue };
        match app.wards.add_own_detail(permit, detail).await {
            Ok(_) => added += 1,
            Err(error) => {
                let error = ApiError::from(error);
                if error.status().is_server_error() {
                    return Err(error.into());
                }
                status = error.status();
                errors.add(field, sentence(error.detail()));
            }
        }
    }
    if added == 0 && errors.is_empty() {
        errors.add("phone", "Enter a mobile number or an e-mail address");
    }
    if errors.is_empty() {
        let said = "It is kept. Send yourself a test message now.";
        return Ok(on_to(&staff.path("/reach-me"), said));
    }
    draw(&app, &staff, status, errors, form).await
}

#[derive(Deserialize)]
struct WhichForm {
    detail: Uuid,
}

async fn remove(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<WhichForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let removed = app.wards.remove_own_detail(permit, form.detail).await;
    removed.map_err(ApiError::from)?;
    Ok(on_to(&staff.path("/reach-me"), "It is taken away."))
}

async fn test(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<WhichForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let tried = app.wards.try_own_detail(permit, form.detail).await;
    tried.map_err(ApiError::from)?;
    let said = "A test message is on its way. When it does not come within two minutes, tell whoever runs the service.";
    Ok(on_to(&staff.path("/reach-me"), said))
}
