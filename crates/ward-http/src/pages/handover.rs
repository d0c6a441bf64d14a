//! Handover: who is on duty, what is open, what is told to those who come next.

mod open;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::duty::Post;
use ward_core::id::{ClinicianId, NoteId, Seq, StayId};
use ward_core::permit::Verb;
use ward_service::{DutyError, HandTo};
use ward_wire::board::Board;

use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::pages::words::{Words, post_word};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api;
use open::{OnDutyLine, OpenLine, PageNote};

/// Given back to the ward, in the form of whoever leaves.
const TO_THE_WARD: &str = "ward";

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/handover", get(show))
        .route("/wards/{ward}/handover/accept", post(accept))
        .route("/wards/{ward}/handover/leave", post(leave))
        .route("/wards/{ward}/handover/alerts/{number}/take", post(take))
        .route("/wards/{ward}/handover/notes", post(write_note))
        .route("/wards/{ward}/handover/notes/{note}/done", post(note_done))
}

#[derive(Template)]
#[template(path = "handover.html")]
struct HandoverPage {
    chrome: Chrome,
    base: String,
    drawn_at: String,
    errors: FormErrors,
    on_duty: Vec<OnDutyLine>,
    /// As what whoever looks is on duty.
    your_post: Option<&'static str>,
    posts: Vec<Choice>,
    /// Open alerts of whoever looks.
    yours: usize,
    takers: Vec<Choice>,
    open: Vec<OpenLine>,
    may_act: bool,
    you: Uuid,
    /// The newest event that the page shows: sent back as `seen`.
    as_of: i64,
    away: Vec<String>,
    calls_due: Option<usize>,
    call_list: String,
    notes: Vec<PageNote>,
    done: Vec<PageNote>,
    people: Vec<Choice>,
    note_text: String,
}

/// What was typed, when something is wrong with it.
#[derive(Default)]
struct Typed {
    errors: FormErrors,
    post: String,
    hand_to: String,
    stay: String,
    note: String,
}

async fn show(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let drawn = draw(&app, &staff, Typed::default()).await?;
    Ok(staff.answer(StatusCode::OK, &drawn))
}

async fn draw(app: &App, staff: &Staff, typed: Typed) -> Result<HandoverPage, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let board = ward_api::load(app, permit, &staff.signed_in).await?;
    let notes = app.wards.handover_notes(permit).await?;
    let calls = app.wards.call_list(permit).await?;
    let words = Words::of(&board);
    let (done, open): (Vec<_>, Vec<_>) = notes.iter().partition(|note| note.done.is_some());
    let you = board.you.clinician;
    let held = board
        .shift
        .on_duty
        .iter()
        .find(|duty| duty.clinician == you);
    Ok(HandoverPage {
        chrome: staff.chrome(Here::Handover),
        base: staff.path("/handover"),
        call_list: staff.path("/call-list"),
        drawn_at: words.time_and_day(board.server_time),
        errors: typed.errors,
        on_duty: open::on_duty(&board, &words),
        your_post: held.map(|duty| post_word(&duty.post)),
        posts: posts(staff, held.map_or(typed.post.as_str(), |duty| &duty.post)),
        yours: open::held_by(&board, you),
        takers: takers(&board, &typed.hand_to),
        open: open::lines(&board, &words, &staff.path("")),
        may_act: board.you.may_act,
        you,
        as_of: board.as_of,
        away: open::away(&board, &words),
        calls_due: calls.map(|calls| calls.list.to_call.len()),
        notes: open
            .iter()
            .map(|note| PageNote::of(note, &board, &words, &staff.path("")))
            .collect(),
        done: done
            .iter()
            .map(|note| PageNote::of(note, &board, &words, &staff.path("")))
            .collect(),
        people: people(&board, &typed.stay),
        note_text: typed.note,
    })
}

/// Posts that this person may take.
fn posts(staff: &Staff, now: &str) -> Vec<Choice> {
    Post::ALL
        .into_iter()
        .filter(|post| post.is_for(staff.permit.role))
        .map(|post| {
            let words = sentence_case(post_word(post.as_str()));
            Choice::new(post.as_str(), words, now)
        })
        .collect()
}

/// `call handler` becomes `Call handler`.
fn sentence_case(words: &str) -> String {
    sentence(words).trim_end_matches('.').to_owned()
}

/// Who could take the alerts of somebody who leaves; those on duty first.
fn takers(board: &Board, now: &str) -> Vec<Choice> {
    let on_duty = |who: Uuid| board.shift.on_duty.iter().any(|duty| duty.clinician == who);
    let mut others: Vec<_> = board
        .shift
        .colleagues
        .iter()
        .filter(|one| one.clinician != board.you.clinician)
        .collect();
    others.sort_by_key(|one| !on_duty(one.clinician));
    let others = others.into_iter().map(|one| {
        let words = if on_duty(one.clinician) {
            format!("{}, on duty", one.name)
        } else {
            format!("{}, not on duty: ring them first", one.name)
        };
        Choice::new(one.clinician.to_string(), words, now)
    });
    let ward = "The ward: nobody has them, and they sound again";
    std::iter::once(Choice::new("", "Choose who takes them", now))
        .chain(others)
        .chain([Choice::new(TO_THE_WARD, ward, now)])
        .collect()
}

/// Whom a note can be about.
fn people(board: &Board, now: &str) -> Vec<Choice> {
    let mut rows: Vec<_> = board.rows.iter().collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let each = rows
        .into_iter()
        .map(|row| Choice::new(row.stay.to_string(), row.name.clone(), now));
    std::iter::once(Choice::new("", "Nobody in particular", now))
        .chain(each)
        .collect()
}

/// The same page again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    staff: &Staff,
    typed: Typed,
    error: &ApiError,
) -> Result<Response, PageError> {
    let drawn = draw(app, staff, typed).await?;
    Ok(staff.answer(error.status(), &drawn))
}

#[derive(Deserialize)]
struct AcceptForm {
    #[serde(default)]
    post: String,
}

async fn accept(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<AcceptForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let Some(post) = Post::named(&form.post) else {
        let typed = Typed {
            errors: FormErrors::one("post", "Choose what you are on this shift"),
            ..Typed::default()
        };
        let drawn = draw(&app, &staff, typed).await?;
        return Ok(staff.answer(StatusCode::UNPROCESSABLE_ENTITY, &drawn));
    };
    match app.wards.accept_duty(permit, post).await {
        Ok(_) => {
            let said = format!("You are on duty: {}.", post_word(post.as_str()));
            Ok(on_to(&staff.path("/handover"), &said))
        }
        Err(error) => {
            let error = ApiError::from(error);
            let typed = Typed {
                errors: FormErrors::one("post", sentence(error.detail())),
                post: form.post,
                ..Typed::default()
            };
            again(&app, &staff, typed, &error).await
        }
    }
}

#[derive(Deserialize)]
struct TakeForm {
    seen: i64,
}

/// Whoever comes takes what is open from where it is read, without looking for each on the board.
async fn take(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<TakeForm>,
) -> Result<Response, PageError> {
    let Ids((_, number)) = ids?;
    let permit = staff.needs(Verb::AcknowledgeAlert)?;
    let taken = app
        .wards
        .acknowledge_alert(permit, Seq(number), Seq(form.seen));
    match taken.await {
        Ok(_) => {
            let said = format!("You have {} {number}.", staff.ward.code);
            Ok(on_to(&staff.path("/handover"), &said))
        }
        Err(error) => {
            let error = ward_api::with_name(&app, error.into()).await;
            let typed = Typed {
                errors: FormErrors::one("open-title", sentence(error.detail())),
                ..Typed::default()
            };
            again(&app, &staff, typed, &error).await
        }
    }
}

#[derive(Deserialize)]
struct LeaveForm {
    #[serde(default)]
    hand_to: String,
}

async fn leave(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<LeaveForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let to = if form.hand_to == TO_THE_WARD {
        Some(HandTo::Ward)
    } else {
        let colleague = form.hand_to.parse().ok();
        colleague.map(|id| HandTo::Colleague(ClinicianId(id)))
    };
    match app.wards.leave_duty(permit, to).await {
        Ok(()) => Ok(on_to(&staff.path("/handover"), "You have left duty.")),
        Err(error) => {
            let field = if matches!(error, DutyError::NotOnDuty) {
                "post"
            } else {
                "hand_to"
            };
            let error = ApiError::from(error);
            let typed = Typed {
                errors: FormErrors::one(field, sentence(error.detail())),
                hand_to: form.hand_to,
                ..Typed::default()
            };
            again(&app, &staff, typed, &error).await
        }
    }
}

#[derive(Deserialize)]
struct NoteForm {
    #[serde(default)]
    about: String,
    #[serde(default)]
    note: String,
}

async fn write_note(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<NoteForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let stay = form.about.parse().ok().map(StayId);
    let body = without_nul(form.note.clone());
    match app.wards.write_handover_note(permit, stay, body).await {
        Ok(_) => Ok(on_to(&staff.path("/handover"), "The note is handed over.")),
        Err(error) => {
            let field = if matches!(error, DutyError::NoSuchStay) {
                "about"
            } else {
                "note"
            };
            let error = ApiError::from(error);
            let typed = Typed {
                errors: FormErrors::one(field, sentence(error.detail())),
                stay: form.about,
                note: form.note,
                ..Typed::default()
            };
            again(&app, &staff, typed, &error).await
        }
    }
}

#[derive(Deserialize)]
struct NothingElse {}

async fn note_done(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm {
        staff,
        form: NothingElse {},
    }: PageForm<NothingElse>,
) -> Result<Response, PageError> {
    let Ids((_, note)) = ids?;
    let permit = staff.needs(Verb::TakeDuty)?;
    app.wards.do_handover_note(permit, NoteId(note)).await?;
    Ok(on_to(&staff.path("/handover"), "The note is done."))
}
