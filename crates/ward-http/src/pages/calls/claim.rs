//! Who is about to ring whom: the next one, claimed, taken over, let go.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::contact::Ticket;
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Verb;
use ward_service::ContactError;

use super::list::load;
use super::person;
use crate::calls_view;
use crate::extract::Ids;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api::with_name;

/// So often somebody else may be quicker, before the list is shown instead.
const TRIES: u32 = 5;

#[derive(Deserialize)]
pub(super) struct NextForm {
    /// Whom to let go of first.
    #[serde(default)]
    leaving: Option<Uuid>,
}

/// Claims the next person, and goes there.
pub(super) async fn next(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<NextForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let leaving = form.leaving.map(StayId);
    if let Some(stay) = leaving {
        match app.wards.release_call(permit, stay).await {
            // A colleague has it by now, or nobody: either way it is let go of.
            Ok(()) | Err(ContactError::Claim(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    go_on(&app, &staff, leaving, "").await
}

/// On to whoever is next; to the list when nobody is left. `said` is said there.
pub(super) async fn go_on(
    app: &App,
    staff: &Staff,
    leaving: Option<StayId>,
    said: &str,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    for _ in 0..TRIES {
        let calls = load(app, staff).await?.calls;
        let Some(stay) = calls.list.next_for(permit.clinician, leaving, calls.now) else {
            let nobody = "Nobody is left whom you could ring now.";
            let said = [said, nobody].join(" ");
            return Ok(on_to(&staff.path("/call-list"), said.trim()));
        };
        match app.wards.claim_call(permit, stay, None).await {
            Ok(_) => {
                let path = staff.path(&format!("/call-list/{stay}"));
                return Ok(if said.is_empty() {
                    Redirect::to(&path).into_response()
                } else {
                    on_to(&path, said)
                });
            }
            // Somebody was quicker, or the patient has just left: look again.
            Err(
                ContactError::Claim(_)
                | ContactError::NoSuchStay
                | ContactError::Over { .. }
                | ContactError::Paused { .. },
            ) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(on_to(&staff.path("/call-list"), said))
}

#[derive(Deserialize)]
pub(super) struct ClaimForm {
    /// To take a call over: the claim as it stood on the page.
    #[serde(default)]
    by: Option<Uuid>,
    #[serde(default)]
    at: Option<jiff::Timestamp>,
}

pub(super) async fn claim(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<ClaimForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    let over = form.by.zip(form.at).map(|(by, at)| Ticket {
        by: ClinicianId(by),
        at: calls_view::at(at),
    });
    match app.wards.claim_call(permit, StayId(stay), over).await {
        Ok(_) => Ok(to_person(&staff, stay)),
        Err(error) => refused(&app, &staff, stay, error).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn release(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm {
        staff,
        form: Nothing {},
    }: PageForm<Nothing>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    match app.wards.release_call(permit, StayId(stay)).await {
        Ok(()) => Ok(on_to(&staff.path("/call-list"), "You let go of the call.")),
        Err(error) => refused(&app, &staff, stay, error).await,
    }
}

/// The person's page again, with who was first.
async fn refused(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    error: ContactError,
) -> Result<Response, PageError> {
    let error = with_name(app, error.into()).await;
    let errors = FormErrors::one("claim", sentence(error.detail()));
    person::again(
        app,
        staff,
        stay,
        error.status(),
        person::Typed::wrong(errors),
    )
    .await
}

pub(super) fn to_person(staff: &Staff, stay: Uuid) -> Response {
    Redirect::to(&staff.path(&format!("/call-list/{stay}"))).into_response()
}
