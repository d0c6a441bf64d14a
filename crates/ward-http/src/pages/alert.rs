//! One open alert: who was told of it, passing it on, and keeping it quiet for a while. Works without a script.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::alert::{SnoozeAsked, SnoozeReason};
use ward_core::id::{ClinicianId, Seq};
use ward_core::permit::Verb;
use ward_wire::board::{AlertView, Board, Severity};

use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::pages::words::{PageAlert, Words, snooze_reason_words};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/alerts/{number}", get(show))
        .route("/wards/{ward}/alerts/{number}/escalate", post(escalate))
        .route("/wards/{ward}/alerts/{number}/snooze", post(snooze))
}

/// For how long an alert may be quiet, in minutes and in words.
const SPANS: [(&str, &str); 7] = [
    ("15", "15 minutes"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("180", "3 hours"),
    ("240", "4 hours"),
    ("480", "8 hours"),
];

#[derive(Template)]
#[template(path = "alert.html")]
struct AlertPage {
    chrome: Chrome,
    errors: FormErrors,
    base: String,
    board: String,
    /// The page that explains it, where it is about somebody.
    why: Option<String>,
    whose: String,
    alert: PageAlert,
    detail: Option<String>,
    next: Option<String>,
    told: Vec<String>,
    /// `None`: a red, or a colleague's.
    may_snooze: bool,
    is_red: bool,
    seen: i64,
    to: Vec<Choice>,
    escalate_note: String,
    spans: Vec<Choice>,
    reasons: Vec<Choice>,
    snooze_note: String,
}

/// What was typed, when something is wrong with it.
#[derive(Default)]
struct Typed {
    errors: FormErrors,
    to: String,
    escalate_note: String,
    minutes: String,
    reason: String,
    snooze_note: String,
}

async fn show(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, number)) = ids?;
    draw(&app, &staff, number, StatusCode::OK, Typed::default()).await
}

/// The alert among those that are open, and whose it is.
fn find(board: &Board, number: i64) -> Option<(&AlertView, String)> {
    let of_people = board.rows.iter().flat_map(|row| {
        let alerts = row.alerts.iter();
        alerts.map(|alert| (alert, row.name.clone()))
    });
    let technical = board.technical.iter();
    let of_kit = technical.map(|alert| (alert, "Kit or the whole ward".to_owned()));
    of_people
        .chain(of_kit)
        .find(|(alert, _)| alert.number == number)
}

async fn draw(
    app: &App,
    staff: &Staff,
    number: i64,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::AcknowledgeAlert)?;
    let board = ward_api::load(app, permit, &staff.signed_in).await?;
    let (alert, whose) = find(&board, number).ok_or_else(ApiError::not_found)?;
    let words = Words::of(&board);
    let you = board.you.clinician;
    let is_red = alert.severity == Severity::Red;
    let is_anothers = alert
        .acknowledged
        .as_ref()
        .is_some_and(|by| by.clinician != you);
    let next_step = Choice::new("", "Whoever the next step tells", &typed.to);
    let colleagues = board
        .shift
        .colleagues
        .iter()
        .filter(|one| one.clinician != you);
    let colleagues =
        colleagues.map(|one| Choice::new(one.clinician.to_string(), &one.name, &typed.to));
    // Nobody's reason is the one that happens to stand first.
    let no_reason = Choice::new("", "Choose a reason", &typed.reason);
    let reasons = SnoozeReason::ALL.into_iter().map(|reason| {
        let words = snooze_reason_words(reason.name());
        Choice::new(reason.name(), words, &typed.reason)
    });
    let drawn = AlertPage {
        chrome: staff.chrome(Here::Elsewhere),
        errors: typed.errors,
        base: staff.path(&format!("/alerts/{number}")),
        board: staff.path(""),
        why: alert
            .stay
            .map(|stay| staff.path(&format!("/stays/{stay}/alerts/{number}"))),
        whose,
        detail: alert.detail.clone(),
        next: alert.next_level_at.map(|at| words.time_when(at)),
        told: (alert.told.iter())
            .map(|line| sentence(&words.told(line)))
            .collect(),
        may_snooze: !is_red && !is_anothers,
        is_red,
        seen: board.as_of,
        to: std::iter::once(next_step).chain(colleagues).collect(),
        escalate_note: typed.escalate_note,
        spans: SPANS
            .into_iter()
            .map(|(value, words)| Choice::new(value, words, &typed.minutes))
            .collect(),
        reasons: std::iter::once(no_reason).chain(reasons).collect(),
        snooze_note: typed.snooze_note,
        alert: words.alert(alert),
    };
    Ok(staff.answer(status, &drawn))
}

#[derive(Deserialize)]
struct EscalateForm {
    #[serde(default)]
    to: String,
    #[serde(default)]
    escalate_note: String,
}

async fn escalate(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<EscalateForm>,
) -> Result<Response, PageError> {
    let Ids((_, number)) = ids?;
    let permit = staff.needs(Verb::AcknowledgeAlert)?;
    let to: Option<Uuid> = form.to.parse().ok();
    let note = without_nul(form.escalate_note.clone());
    let done = app
        .wards
        .escalate_alert(permit, Seq(number), to.map(ClinicianId), note)
        .await;
    match done {
        Ok(level) => {
            let spoken = format!("{} {number}", staff.ward.code);
            let said = match to {
                Some(_) => {
                    format!("{spoken} was passed on to your colleague. See below who was told.")
                }
                None => format!("{spoken} was passed on: level {level}. See below who was told."),
            };
            Ok(on_to(&staff.path(&format!("/alerts/{number}")), &said))
        }
        Err(error) => {
            let error = ward_api::with_name(&app, error.into()).await;
            let typed = Typed {
                errors: FormErrors::one("to", sentence(error.detail())),
                to: form.to,
                escalate_note: form.escalate_note,
                ..Typed::default()
            };
            again(&app, &staff, number, error, typed).await
        }
    }
}

#[derive(Deserialize)]
struct SnoozeForm {
    seen: i64,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    snooze_note: String,
}

async fn snooze(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<SnoozeForm>,
) -> Result<Response, PageError> {
    let Ids((_, number)) = ids?;
    let permit = staff.needs(Verb::AcknowledgeAlert)?;
    let minutes: Option<u32> = form.minutes.trim().parse().ok();
    let asked = minutes.zip(SnoozeReason::named(&form.reason));
    let done = match asked {
        Some((minutes, reason)) => {
            let span = Duration::from_secs(u64::from(minutes) * 60);
            let asked = SnoozeAsked {
                until: app.wards.clock().now().plus(span),
                reason,
                note: without_nul(form.snooze_note.clone()),
            };
            let snoozed = app
                .wards
                .snooze_alert(permit, Seq(number), asked, Seq(form.seen));
            snoozed.await.map_err(ApiError::from)
        }
        None => Err(ApiError::malformed(
            "choose for how long, and why it may wait",
        )),
    };
    match done {
        Ok(_) => {
            let said = format!(
                "{} {number} is yours and quiet for now. It stays on the board and speaks again.",
                staff.ward.code
            );
            Ok(on_to(&staff.path(""), &said))
        }
        Err(error) => {
            let error = ward_api::with_name(&app, error).await;
            let field = if SnoozeReason::named(&form.reason).is_none() {
                "reason"
            } else {
                "minutes"
            };
            let typed = Typed {
                errors: FormErrors::one(field, sentence(error.detail())),
                minutes: form.minutes,
                reason: form.reason,
                snooze_note: form.snooze_note,
                ..Typed::default()
            };
            again(&app, &staff, number, error, typed).await
        }
    }
}

/// The page once more; an alert that is not there any more has none.
async fn again(
    app: &App,
    staff: &Staff,
    number: i64,
    error: ApiError,
    typed: Typed,
) -> Result<Response, PageError> {
    let status = error.status();
    if status.is_server_error() || status == StatusCode::NOT_FOUND {
        return Err(error.into());
    }
    match draw(app, staff, number, status, typed).await {
        Ok(drawn) => Ok(drawn),
        Err(_) => Err(error.into()),
    }
}
