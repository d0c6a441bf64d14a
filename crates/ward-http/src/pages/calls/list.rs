//! The list: whom the ward rings today, the most urgent first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use ward_core::call_list::Progress;
use ward_core::permit::Verb;

use super::row::{Drawn, ListRow};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

#[derive(Template)]
#[template(path = "calls/list.html")]
struct ListPage {
    chrome: Chrome,
    ward: Uuid,
    as_of: i64,
    drawn_at: String,
    progress: ProgressWords,
    may_write_script: bool,
    waiting: Vec<ListRow>,
    spoken_to: Vec<ListRow>,
    reached: Vec<ListRow>,
    stopped: Vec<ListRow>,
    paused: Vec<ListRow>,
    not_due: Vec<ListRow>,
}

/// How far the ward has come today.
pub(super) struct ProgressWords {
    pub(super) done: usize,
    pub(super) all: usize,
    pub(super) left: usize,
    pub(super) red: usize,
    pub(super) tried: usize,
    pub(super) claimed: usize,
}

impl ProgressWords {
    pub(super) const fn of(progress: Progress) -> Self {
        Self {
            done: progress.done,
            all: progress.done.saturating_add(progress.left),
            left: progress.left,
            red: progress.red,
            tried: progress.tried,
            claimed: progress.claimed,
        }
    }
}

/// The call list of this ward, for whoever may work it.
pub(super) async fn load(app: &App, staff: &Staff) -> Result<Drawn, PageError> {
    let permit = staff.needs(Verb::WorkCallList)?;
    let calls = app.wards.call_list(permit).await?;
    let calls = calls.ok_or_else(ApiError::not_found)?;
    Ok(Drawn::new(calls, permit.clinician))
}

pub(super) async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let drawn = load(&app, &staff).await?;
    let list = &drawn.list;
    let is_today = |at: Option<jiff::Timestamp>| at.is_some_and(|at| drawn.times.is_today(at));
    let progress = drawn
        .calls
        .list
        .progress(drawn.calls.now, &drawn.calls.zone);
    let page = ListPage {
        chrome: staff.chrome(Here::CallList),
        ward: staff.ward.id.0,
        as_of: list.as_of,
        drawn_at: drawn.times.in_full(),
        progress: ProgressWords::of(progress),
        may_write_script: staff.may(Verb::SetWardDefaults),
        waiting: drawn.rows(&list.to_call, |ranked, _| ranked.waits()),
        spoken_to: drawn.rows(&list.to_call, |ranked, _| !ranked.waits()),
        reached: drawn.rows(&list.not_due, |_, row| is_today(row.reached_at)),
        stopped: drawn.rows(&list.stopped, |_, _| true),
        paused: drawn.rows(&list.paused, |_, _| true),
        not_due: drawn.rows(&list.not_due, |_, row| !is_today(row.reached_at)),
    };
    Ok(staff.answer(StatusCode::OK, &page))
}
