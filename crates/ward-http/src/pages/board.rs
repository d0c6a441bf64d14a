//! The board, for a browser without a script and for the moment before the script runs.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::Seq;
use ward_core::permit::Verb;
use ward_wire::board::WardView;

use crate::extract::Ids;
use crate::pages::form::PageForm;
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::Staff;
use crate::pages::words::{PageAlert, PageRow, Words};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/wards/{ward}", get(board)).route(
        "/wards/{ward}/alerts/{number}/acknowledge",
        post(acknowledge),
    )
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    chrome: Chrome,
    ward: WardView,
    may_act: bool,
    you: Uuid,
    may_see_patients: bool,
    wall: bool,
    as_of: i64,
    drawn_at: String,
    said: Option<String>,
    rows: Vec<PageRow>,
    technical: Vec<PageAlert>,
}

#[derive(Deserialize)]
struct Wall {
    wall: Option<String>,
}

async fn board(
    State(app): State<Arc<App>>,
    Query(Wall { wall }): Query<Wall>,
    staff: Staff,
) -> Result<Response, PageError> {
    let drawn = draw(&app, &staff, wall.is_some(), None).await?;
    Ok(staff.answer(StatusCode::OK, &drawn))
}

async fn draw(
    app: &App,
    staff: &Staff,
    wall: bool,
    said: Option<String>,
) -> Result<BoardPage, ApiError> {
    let board = ward_api::load(app, &staff.permit, &staff.signed_in).await?;
    let words = Words::of(&board);
    Ok(BoardPage {
        chrome: staff.chrome(Here::Board),
        may_act: board.you.may_act,
        you: board.you.clinician,
        may_see_patients: staff.may(Verb::SeePatient),
        wall,
        as_of: board.as_of,
        drawn_at: words.time_and_day(board.server_time),
        said,
        rows: board.rows.iter().map(|row| words.row(row)).collect(),
        technical: board
            .technical
            .iter()
            .map(|alert| words.alert(alert))
            .collect(),
        ward: board.ward,
    })
}

#[derive(Deserialize)]
struct AcknowledgeForm {
    seen: i64,
}

/// The plain form. What went wrong is said on the board itself, beside what is true now.
async fn acknowledge(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<AcknowledgeForm>,
) -> Result<Response, PageError> {
    let Ids((_, number)) = ids?;
    let permit = staff.needs(Verb::AcknowledgeAlert)?;
    let done = app
        .wards
        .acknowledge_alert(permit, Seq(number), Seq(form.seen))
        .await;
    match done {
        Ok(_) => Ok(Redirect::to(&staff.path("")).into_response()),
        Err(error) => {
            let error = ward_api::with_name(&app, error.into()).await;
            let said = Some(sentence(error.detail()));
            let drawn = draw(&app, &staff, false, said).await?;
            Ok(staff.answer(error.status(), &drawn))
        }
    }
}
