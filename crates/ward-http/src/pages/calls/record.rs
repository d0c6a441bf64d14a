//! A call is written down, or looked at before it is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use ward_core::entry::Means;
use ward_core::hand::{OddAnswer, Typed};
use ward_core::id::{ReadingId, StayId};
use ward_core::permit::Verb;
use ward_service::{ContactError, Entering, Heard, Logged, NewContact, SaidBy};
use ward_wire::calls::{LogContactRequest, Way, Whom};

use super::claim::{go_on, to_person};
use super::form::{self, RecordForm, Value};
use super::heard::{self, HeardWords};
use super::list::load;
use super::person;
use super::words::Times;
use crate::calls_view as view;
use crate::extract::Ids;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{PageError, page, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

/// A form that was read.
struct Read {
    values: Vec<Value>,
    request: LogContactRequest,
    errors: FormErrors,
}

impl Read {
    fn of(form: &RecordForm, times: &Times) -> Self {
        let mut errors = FormErrors::default();
        let values = form.values(times, &mut errors);
        let request = form.request(times, &values, &mut errors);
        Self {
            values,
            request,
            errors,
        }
    }

    /// What the rules make of it so far. Nothing is written.
    async fn heard(&self, app: &App, staff: &Staff, stay: StayId) -> Result<Heard, PageError> {
        let permit = staff.needs(Verb::WorkCallList)?;
        let typed: Vec<Typed> = self.values.iter().map(|value| value.typed).collect();
        let so_far = LogContactRequest {
            identity: None,
            readings: Vec::new(),
            ..self.request.clone()
        };
        let call = view::new_contact(so_far)?.call;
        let heard = app.wards.what_to_say(permit, stay, &call, &typed).await?;
        Ok(self.without_answered(heard))
    }

    /// What was answered is not asked again.
    fn without_answered(&self, mut heard: Heard) -> Heard {
        for (value, judged) in self.values.iter().zip(&mut heard.values) {
            if let (Some(form::OddAnswer::AsTyped), Ok(judged)) = (value.answer, judged) {
                judged.odd = None;
            }
        }
        heard
    }
}

fn times(app: &App, staff: &Staff) -> Times {
    Times::new(staff.ward.zone(), app.wards.clock().now())
}

#[derive(Template)]
#[template(path = "calls/heard.html")]
struct HeardPart {
    heard: HeardWords,
}

/// What to tell, by what is typed so far: a part of the page, fetched by its script.
pub(super) async fn say(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<RecordForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let read = Read::of(&form, &times(&app, &staff));
    let heard = read.heard(&app, &staff, StayId(stay)).await?;
    let heard = HeardWords::of(&form, &read.values, &heard);
    Ok(page(StatusCode::OK, &HeardPart { heard }))
}

pub(super) async fn write_down(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<RecordForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let permit = staff.needs(Verb::WorkCallList)?;
    let mut read = Read::of(&form, &times(&app, &staff));
    let only_look = form.go == "say";
    let heard = read.heard(&app, &staff, StayId(stay)).await?;
    if !only_look {
        heard::ask(&form, &read.values, &heard, &mut read.errors);
    }
    if only_look || !read.errors.is_empty() {
        let status = if only_look {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let errors = if only_look {
            FormErrors::default()
        } else {
            read.errors
        };
        let heard = HeardWords::of(&form, &read.values, &heard);
        let typed = person::Typed::call(form, heard, errors);
        return person::again(&app, &staff, stay, status, typed).await;
    }
    let values = read.values;
    let whom = said_by(&read.request);
    let means = means(read.request.way);
    let logged = match new_contact(read.request) {
        Ok(new) if form.is_incoming() => {
            app.wards.log_incoming_call(permit, StayId(stay), new).await
        }
        Ok(new) => app.wards.log_contact(permit, StayId(stay), new).await,
        Err(error) => Err(error),
    };
    match logged {
        Ok(logged) => {
            let call = logged.entry.id.0;
            let confirmed = values
                .iter()
                .filter(|value| value.answer == Some(form::OddAnswer::AsTyped));
            for value in confirmed {
                let entering = Entering::by_staff(permit, StayId(stay), whom.clone(), means)?;
                let reading = ReadingId(value.id(call));
                let answer = OddAnswer::AsTyped;
                if !logged.repeated {
                    app.wards.answer_question(entering, reading, answer).await?;
                }
            }
            afterwards(&app, &staff, stay, &form, &logged).await
        }
        Err(error) => {
            let error = ApiError::from(error);
            let errors = FormErrors::one("outcome", sentence(error.detail()));
            let heard = HeardWords::of(&form, &values, &heard);
            let typed = person::Typed::call(form, heard, errors);
            person::again(&app, &staff, stay, error.status(), typed).await
        }
    }
}

fn new_contact(request: LogContactRequest) -> Result<NewContact, ContactError> {
    view::new_contact(request)
}

fn said_by(request: &LogContactRequest) -> SaidBy {
    match request.whom {
        Whom::Patient => SaidBy::Patient,
        Whom::Carer | Whom::NextOfKin | Whom::WelfareCheck => SaidBy::Carer(request.name.clone()),
    }
}

const fn means(way: Way) -> Means {
    match way {
        Way::Telephone => Means::Telephone,
        Way::Video => Means::Video,
        Way::Visit => Means::Visit,
    }
}

/// Where a call leads: to what must be said first; back to who did not answer and is in danger; else to the next.
async fn afterwards(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    form: &RecordForm,
    logged: &Logged,
) -> Result<Response, PageError> {
    let at = times(app, staff).at(crate::view::time(logged.entry.at));
    let said = format!("Written down, {at}.");
    let to_say = logged
        .advice
        .iter()
        .any(|line| line.advice.comes_before_hanging_up());
    if to_say || !logged.alerts.is_empty() {
        let path = format!("/call-list/{stay}/said/{}", logged.entry.id);
        return Ok(on_to(&staff.path(&path), &said));
    }
    let drawn = load(app, staff).await?;
    let row = drawn.find(stay);
    let unanswered = row.filter(|(ranked, _)| ranked.waits());
    let ladder = unanswered.and_then(|(_, row)| row.ladder.as_ref());
    let next = ladder.map(|ladder| format!(" Next: {}.", drawn.ladder(ladder).next));
    let said = format!("{said}{}", next.unwrap_or_default());
    let in_danger = unanswered.is_some_and(|(ranked, _)| ranked.is_urgent());
    if form.go == "stay" || in_danger {
        let path = staff.path(&format!("/call-list/{stay}"));
        return Ok(on_to(&path, &said));
    }
    if logged.repeated {
        return Ok(to_person(staff, stay));
    }
    go_on(app, staff, Some(StayId(stay)), &said).await
}
