//! What passed between the ward and a patient: calls made, tried and taken, visits, referrals onward.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;
use ward_core::contact::{Call, CallOutcome, Direction, What, Whom};
use ward_core::permit::Verb;
use ward_service::StoredContact;

use crate::extract::{Ids, Query};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::readings::Older;
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{self, capital, readable, spaced, wire_name};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::detail::in_words;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/contacts"), get(contacts))
}

/// Contacts on one page.
const ON_A_PAGE: u32 = 50;

/// A contact in words.
pub(super) struct Line {
    pub(super) id: Uuid,
    pub(super) at: i64,
    pub(super) when: String,
    pub(super) what: String,
    pub(super) by: String,
    pub(super) told: Vec<String>,
    pub(super) note: String,
    pub(super) struck: Option<String>,
}

#[derive(Template)]
#[template(path = "patient/contacts.html")]
struct ContactsPage {
    chrome: Chrome,
    top: Top,
    lines: Vec<Line>,
    older: Option<String>,
    is_newest: bool,
    may_correct: bool,
}

async fn contacts(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(older): Query<Older>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "contacts").await?;
    let permit = opened.staff.permit;
    let stored = app
        .wards
        .contacts_before(&permit, opened.stay(), older.before(), ON_A_PAGE);
    let stored = stored.await?.unwrap_or_default();
    let is_full = u32::try_from(stored.len()) == Ok(ON_A_PAGE);
    let last = stored
        .last()
        .map(|stored| stored.entry.at)
        .filter(|_| is_full);
    let drawn = ContactsPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        lines: stored.iter().map(|stored| line(&opened, stored)).collect(),
        older: last.map(|at| opened.path(&format!("/contacts?before={}", at.as_millis()))),
        is_newest: older.before.is_none(),
        may_correct: opened.staff.may(Verb::Correct),
        top: opened.top(Tab::Contacts),
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

pub(super) fn line(opened: &Opened, stored: &StoredContact) -> Line {
    let (entry, clock) = (&stored.entry, &opened.clock);
    let (mut told, mut note) = (Vec::new(), String::new());
    let what = match &entry.what {
        What::Call(call) => {
            told = told_in(opened, call);
            note.clone_from(&call.note);
            call_in_words(call)
        }
        What::LadderStopped { reason } => {
            note.clone_from(reason);
            "Ladder of calls stopped by a senior clinician".to_owned()
        }
        What::VisitBooked { at, purpose } => {
            note.clone_from(purpose);
            format!("Home visit booked for {}", clock.when(*at))
        }
        What::ReferredOnward { to, note: why } => {
            note.clone_from(why);
            format!("Referred onward: {}", spaced(to.name()))
        }
        What::VideoOffered { .. } => "Link for a video call made".to_owned(),
    };
    Line {
        id: entry.id.0,
        at: entry.at.as_millis(),
        when: clock.when(entry.at),
        what,
        by: opened.name_of(entry.by),
        told,
        note,
        struck: stored
            .struck
            .as_deref()
            .map(|text| words::struck(text, clock, |id| opened.name_of(id))),
    }
}

/// `Telephone call to the patient: reached`.
fn call_in_words(call: &Call) -> String {
    let way = match wire_name(&call.way).as_str() {
        "visit" => "Visit".to_owned(),
        way => format!("{} call", capital(way)),
    };
    let whom = match call.whom {
        Whom::Patient => "the patient".to_owned(),
        Whom::Carer | Whom::NextOfKin | Whom::WelfareCheck => match call.name.trim() {
            "" => spaced(&wire_name(&call.whom)),
            name => format!("{} ({})", name, spaced(&wire_name(&call.whom))),
        },
    };
    let way_to = match call.direction {
        Direction::FromWard => "to",
        Direction::ToWard => "from",
    };
    let outcome = match call.outcome {
        CallOutcome::Reached => "reached",
        CallOutcome::NoAnswer => "no answer",
        CallOutcome::LeftMessage => "left a message",
        CallOutcome::WrongNumber => "wrong number",
    };
    format!("{way} {way_to} {whom}: {outcome}")
}

fn told_in(opened: &Opened, call: &Call) -> Vec<String> {
    let mut told = Vec::new();
    let wellbeing = &call.wellbeing;
    let compared = [
        ("Feels", wellbeing.feels.map(|it| wire_name(&it))),
        ("Breathing", wellbeing.breathing.map(|it| wire_name(&it))),
        ("Mood", wellbeing.mood.map(|it| spaced(&wire_name(&it)))),
    ];
    told.extend(
        compared
            .into_iter()
            .filter_map(|(name, said)| said.map(|said| format!("{name}: {said}"))),
    );
    if wellbeing.isolated == Some(true) {
        told.push("Alone, missing company or help".to_owned());
    }
    told.extend(call.symptoms.iter().map(|code| in_words(code)));
    if let Some(help) = &call.help {
        told.push(readable(&wire_name(help)));
    }
    if !call.readings.is_empty() {
        told.push(format!("{} told", readings(call.readings.len())));
    }
    if !call.advice.is_empty() {
        let advice = call.advice.iter().map(|advice| spaced(&wire_name(advice)));
        told.push(format!("Advice: {}", advice.collect::<Vec<_>>().join(", ")));
    }
    if let Some(next) = &call.next {
        told.push(format!(
            "Next: {} at {}",
            wire_name(&next.way),
            opened.clock.when(next.at)
        ));
    }
    told
}

fn readings(count: usize) -> String {
    match count {
        1 => "1 reading".to_owned(),
        count => format!("{count} readings"),
    }
}
