//! What else follows from a call: a visit, a video room, somebody to turn to, the end of the ladder, a call announced.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::contact::CallRefused;
use ward_core::id::StayId;
use ward_core::permit::Verb;
use ward_service::ContactError;
use ward_wire::calls::Onward;

use super::contacts::onward_words;
use super::form::{choices, days};
use super::person::{self, Typed};
use super::words::{Times, time_of_day};
use crate::calls_view;
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api::with_name;

/// What was typed in one of the small forms.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct ActForm {
    pub(super) visit_day: String,
    pub(super) visit_time: String,
    pub(super) purpose: String,
    pub(super) to: String,
    pub(super) onward_note: String,
    pub(super) reason: String,
    pub(super) announce_day: String,
    pub(super) announce_time: String,
}

const ONWARD: [Onward; 7] = [
    Onward::LinkWorker,
    Onward::MentalHealth,
    Onward::CarerSupport,
    Onward::Gp,
    Onward::CommunityServices,
    Onward::SocialCare,
    Onward::Other,
];

impl ActForm {
    pub(super) fn visit_days(&self, times: &Times) -> Vec<Choice> {
        days(times, 0..=14, &self.visit_day)
    }

    pub(super) fn announce_days(&self, times: &Times) -> Vec<Choice> {
        days(times, 0..=6, &self.announce_day)
    }

    pub(super) fn onwards(&self) -> Vec<Choice> {
        choices(&ONWARD, onward_words, &self.to)
    }
}

type Ward = State<Arc<App>>;
type StayIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

/// When it is to be, or what is wrong with that.
fn when(
    app: &App,
    staff: &Staff,
    (day, time): (&str, &str),
    field: &'static str,
) -> Result<jiff::Timestamp, FormErrors> {
    let times = Times::new(staff.ward.zone(), app.wards.clock().now());
    let time = time_of_day(time).ok_or_else(|| {
        FormErrors::one(
            field,
            "Enter the time as hours and minutes, for example 14:00",
        )
    })?;
    Ok(times.on(day.parse().unwrap_or(0), time))
}

/// The person's page again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    form: ActForm,
    wrong: Result<FormErrors, (&'static str, ApiError)>,
) -> Result<Response, PageError> {
    let (status, errors) = match wrong {
        Ok(errors) => (axum::http::StatusCode::UNPROCESSABLE_ENTITY, errors),
        Err((field, error)) => {
            let error = with_name(app, error).await;
            let errors = FormErrors::one(field, sentence(error.detail()));
            (error.status(), errors)
        }
    };
    person::again(app, staff, stay, status, Typed::act(form, errors)).await
}

/// On to the person's page with what was done, or the page again with what is wrong beside its field.
async fn answer<T, E: Into<ApiError>>(
    app: &App,
    (staff, stay): (&Staff, Uuid),
    form: ActForm,
    outcome: Result<T, E>,
    field: &'static str,
    said: &str,
) -> Result<Response, PageError> {
    match outcome {
        Ok(_) => Ok(on_to(&staff.path(&format!("/call-list/{stay}")), said)),
        Err(error) => again(app, staff, stay, form, Err((field, error.into()))).await,
    }
}

pub(super) async fn visit(
    State(app): Ward,
    ids: StayIds,
    PageForm { staff, form }: PageForm<ActForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    let at = match when(
        &app,
        &staff,
        (&form.visit_day, &form.visit_time),
        "visit-time",
    ) {
        Ok(at) => at,
        Err(errors) => return again(&app, &staff, stay, form, Ok(errors)).await,
    };
    let purpose = without_nul(form.purpose.trim().to_owned());
    let booked = app
        .wards
        .book_visit(permit, StayId(stay), calls_view::at(at), purpose)
        .await;
    let field = match &booked {
        Err(ContactError::Call(CallRefused::Missing(_) | CallRefused::TooLong { .. })) => "purpose",
        _ => "visit-time",
    };
    let said = "The visit is booked. It stands on the list of its day.";
    answer(&app, (&staff, stay), form, booked, field, said).await
}

pub(super) async fn onward(
    State(app): Ward,
    ids: StayIds,
    PageForm { staff, form }: PageForm<ActForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    let known = ONWARD.into_iter().zip(form.onwards());
    let mut chosen = known.filter(|(_, choice)| choice.chosen).map(|(to, _)| to);
    let Some(to) = chosen.next() else {
        let errors = FormErrors::one("to", "Choose to whom");
        return again(&app, &staff, stay, form, Ok(errors)).await;
    };
    let note = without_nul(form.onward_note.trim().to_owned());
    let to = calls_view::onward_of(to);
    let referred = app.wards.refer_onward(permit, StayId(stay), to, note).await;
    let said = "The onward referral is written down. Make the referral itself as your ward does.";
    answer(&app, (&staff, stay), form, referred, "onward-note", said).await
}

pub(super) async fn video(
    State(app): Ward,
    ids: StayIds,
    PageForm { staff, form }: PageForm<ActForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    match app.wards.offer_video(permit, StayId(stay)).await {
        // The link stands far down the page.
        Ok(_) => Ok(on_to(
            &staff.path(&format!("/call-list/{stay}#video")),
            "The video room is open: its link is on this page.",
        )),
        Err(error) => again(&app, &staff, stay, form, Err(("video", error.into()))).await,
    }
}

pub(super) async fn stop_ladder(
    State(app): Ward,
    ids: StayIds,
    PageForm { staff, form }: PageForm<ActForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::StopLadder)?;
    let reason = without_nul(form.reason.trim().to_owned());
    let stopped = app.wards.stop_ladder(permit, StayId(stay), reason).await;
    let said = "The contact ladder is stopped until the next contact falls due.";
    answer(&app, (&staff, stay), form, stopped, "reason", said).await
}

pub(super) async fn announce(
    State(app): Ward,
    ids: StayIds,
    PageForm { staff, form }: PageForm<ActForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    let typed = (form.announce_day.as_str(), form.announce_time.as_str());
    let at = match when(&app, &staff, typed, "announce-time") {
        Ok(at) => at,
        Err(errors) => return again(&app, &staff, stay, form, Ok(errors)).await,
    };
    let announced = app
        .wards
        .announce_call(permit, StayId(stay), at.into())
        .await;
    let said = "A message says when the ward will ring.";
    answer(&app, (&staff, stay), form, announced, "announce-time", said).await
}
