//! The call: who it is, why now, what to say, and the form that writes it down.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::call_script::{CallScript, Cue, Facts, Part};
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Verb;
use ward_core::time::minutes;
use ward_service::{StayPapers, VideoOnWard};
use ward_wire::calls::{CallRow, NextOfKinView};

use super::act::ActForm;
use super::contacts::ContactLine;
use super::form::RecordForm;
use super::heard::HeardWords;
use super::list::{ProgressWords, load};
use super::row::{ClaimWords, Drawn, LadderWords, day, needs};
use super::words::{Times, ValueWords, Why};
use crate::calls_view;
use crate::extract::Ids;
use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::charts::spo2_beside;
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// So many of the newest values stand on the page.
const VALUES: usize = 5;

/// So far back the trend goes.
const TREND: std::time::Duration = minutes(3 * 24 * 60);

/// So many of the newest contacts.
const CONTACTS: u32 = 12;

#[derive(Template)]
#[template(path = "calls/person.html")]
struct PersonPage {
    chrome: Chrome,
    ward: Uuid,
    stay: Uuid,
    path: String,
    as_of: i64,
    progress: ProgressWords,
    person: Person,
    claim: Option<ClaimWords>,
    why: Vec<Why>,
    last: String,
    ladder: Option<LadderWords>,
    values: Vec<ValueWords>,
    trend: String,
    bands: String,
    script: Vec<Part>,
    contacts: Vec<ContactLine>,
    room: Room,
    may_stop: bool,
    times: Times,
    typed: Typed,
}

/// Who is rung.
struct Person {
    name: String,
    birth_date: String,
    nhs_number: String,
    phone: String,
    address: String,
    day: String,
    needs: Vec<String>,
    next_of_kin: Vec<NextOfKinView>,
    door_access: String,
    others_at_home: String,
    wishes: String,
    /// Why nobody rings this person at home.
    away: Option<String>,
}

/// The ward's video calls.
enum Room {
    None,
    Closed,
    Open { link: String, since: String },
}

/// What was typed on the page, and what is wrong with it.
pub(super) struct Typed {
    call: Option<RecordForm>,
    heard: HeardWords,
    act: ActForm,
    errors: FormErrors,
}

impl Typed {
    pub(super) fn nothing() -> Self {
        Self::wrong(FormErrors::default())
    }

    pub(super) fn wrong(errors: FormErrors) -> Self {
        Self {
            call: None,
            heard: HeardWords::default(),
            act: ActForm::default(),
            errors,
        }
    }

    pub(super) fn call(form: RecordForm, heard: HeardWords, errors: FormErrors) -> Self {
        Self {
            call: Some(form),
            heard,
            ..Self::wrong(errors)
        }
    }

    pub(super) fn act(act: ActForm, errors: FormErrors) -> Self {
        Self {
            act,
            ..Self::wrong(errors)
        }
    }

    /// The form, as it was typed.
    fn form(&self) -> RecordForm {
        self.call.clone().unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// They are on the line now.
    incoming: Option<String>,
    /// The page's own script draws it anew.
    again: Option<String>,
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(Asked {
        incoming,
        again: anew,
    }): Query<Asked>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let typed = Typed {
        call: Some(RecordForm::empty(
            app.wards.clock().new_id(),
            incoming.is_some(),
        )),
        ..Typed::nothing()
    };
    let answer = again(&app, &staff, stay, StatusCode::OK, typed).await?;
    if anew.is_none() {
        let wards = &app.wards;
        wards.note_view(&staff.permit, StayId(stay), "call").await;
    }
    Ok(answer)
}

/// The page with what was typed on it.
pub(super) async fn again(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    status: StatusCode,
    mut typed: Typed,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let drawn = load(app, staff).await?;
    let papers = app.wards.stay_papers(permit, StayId(stay)).await?;
    let papers = papers.ok_or_else(ApiError::not_found)?;
    let over = calls_view::of_person(papers.stay.id, &papers.patient);
    let row = drawn.find(stay).map_or(&over, |(_, row)| row);
    let now = drawn.calls.now;
    let span = (now.minus(TREND), now);
    let trend = app.wards.trend(permit, StayId(stay), span).await?;
    let record = app.wards.store().stay(StayId(stay)).await;
    let record = record.map_err(ward_service::Unavailable::from)?;
    let record = record.ok_or_else(ApiError::not_found)?;
    let points: Vec<_> = record.state.trend.iter().map(view::point).collect();
    let contacts = app
        .wards
        .contacts_of(permit, StayId(stay), CONTACTS)
        .await?;
    let room = app.wards.video_link_now(permit, StayId(stay)).await?;
    let script = CallScript::of_ward(&app.wards.call_script(permit).await?);
    let plan = &record.stay.plan;
    let mut cues = drawn
        .find(stay)
        .map_or_else(Default::default, |(ranked, _)| {
            Cue::of(ranked, &papers.patient.details, plan, !points.is_empty())
        });
    let form = typed
        .call
        .get_or_insert_with(|| RecordForm::empty(app.wards.clock().new_id(), false));
    if form.is_incoming() {
        // Who rings is heard out first, as who asked to be rung.
        cues.insert(Cue::AskedForHelp);
    }
    let facts = Facts {
        you: &staff.signed_in.session.name,
        ward: &staff.ward.name,
        phone: &staff.ward.phone,
        plan,
    };
    let staff_names = drawn.calls.snapshot.staff.iter();
    let names = staff_names.map(|(ClinicianId(id), name)| (*id, name.clone()));
    let names = names.collect();
    let times = drawn.times.clone();
    let page = PersonPage {
        chrome: staff.chrome(Here::CallList),
        ward: staff.ward.id.0,
        stay,
        path: staff.path(&format!("/call-list/{stay}")),
        as_of: drawn.list.as_of,
        progress: ProgressWords::of(
            drawn
                .calls
                .list
                .progress(drawn.calls.now, &drawn.calls.zone),
        ),
        claim: drawn.claim(row),
        why: drawn.why(row),
        last: drawn.last(row.last.as_ref()),
        ladder: row.ladder.as_ref().map(|ladder| drawn.ladder(ladder)),
        values: points
            .iter()
            .rev()
            .take(VALUES)
            .map(|point| ValueWords::of(point, &times))
            .collect(),
        trend: spo2_beside(&trend, span, (&drawn.calls.zone, now)),
        bands: format!(
            "Red {} % and under, amber {} % and under",
            plan.red_at_or_below, plan.amber_at_or_below
        ),
        script: script.for_call(&cues, &facts),
        contacts: contacts
            .iter()
            .map(|stored| ContactLine::of(&calls_view::stored(stored), &names, &times))
            .collect(),
        room: match room {
            VideoOnWard::No => Room::None,
            VideoOnWard::Yes(None) => Room::Closed,
            VideoOnWard::Yes(Some((link, at))) => Room::Open {
                link,
                since: times.at(view::time(at)),
            },
        },
        may_stop: staff.may(Verb::StopLadder) && row.ladder.is_some(),
        person: person(row, &papers, &drawn),
        times,
        typed,
    };
    Ok(staff.answer(status, &page))
}

fn person(row: &CallRow, papers: &StayPapers, drawn: &Drawn) -> Person {
    let patient = &papers.patient;
    let times = &drawn.times;
    let ended = papers.stay.phase.ended_at();
    let ended = ended.map(|at| format!("This stay ended {}.", times.at(view::time(at))));
    let paused = row.paused_since;
    let paused = paused.map(|at| format!("In hospital or away since {}.", times.at(at)));
    Person {
        name: row.name.clone(),
        birth_date: row.birth_date.clone(),
        nhs_number: row.nhs_number.clone(),
        phone: row.phone.clone(),
        address: row.address.clone(),
        day: if ended.is_some() {
            String::new()
        } else {
            day(row)
        },
        needs: needs(row),
        next_of_kin: row.next_of_kin.clone(),
        door_access: patient.door_access.clone(),
        others_at_home: patient.others_at_home.clone(),
        wishes: patient.escalation_plan.clone(),
        away: ended.or(paused),
    }
}
