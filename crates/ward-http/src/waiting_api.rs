//! What waits for somebody, for the pages beside the board. Whoever reads this has not been shown the board: an alert that no
//! console shows goes on to the next person all the same.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::WardId;
use ward_core::permit::Verb;
use ward_wire::board::{AlertView, Board, Severity};
use ward_wire::duty::{WaitingAlert, WaitingView};
use ward_wire::problem::Problem;

use crate::extract::{Ids, Query, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::ward_api;

/// What waits for somebody on the ward: a few lines, asked for every few seconds by the pages beside the board.
#[utoipa::path(get, path = "/api/wards/{ward}/waiting", tag = "wards", security(("session" = [])), params(("ward" = Uuid, Path), ("hears" = Option<bool>, Query, description = "This page is visible and may sound")), responses(
    (status = 200, description = "The alerts that wait, the most urgent first", body = WaitingView),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn waiting(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<WaitingView>, ApiError> {
    let permit = signed_in.permit(&app, WardId(ward), Verb::SeeBoard).await?;
    if asked.hears {
        app.wards
            .watching()
            .heard_beside(permit.ward, app.wards.clock().now());
    }
    Ok(Json(of(&ward_api::load(&app, &permit, &signed_in).await?)))
}

/// What a page beside the board says of itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// It is visible and may sound. A ward that is heard so is not unwatched; shown on a console is nothing by it.
    hears: bool,
}

fn of(board: &Board) -> WaitingView {
    let you = board.you.clinician;
    let of_people = board
        .rows
        .iter()
        .flat_map(|row| row.alerts.iter().map(|alert| (row.name.as_str(), alert)));
    let of_kit = board.technical.iter().map(|alert| ("", alert));
    let mut alerts: Vec<_> = of_people
        .chain(of_kit)
        .filter(|(_, alert)| alert.severity != Severity::Low)
        .filter(|(_, alert)| is_nobodys(alert) || is_given_to(alert, you))
        .collect();
    // A red that was given to somebody has a low rank on the board, but they are asked for it.
    alerts.sort_by_key(|(_, alert)| {
        let is_red = alert.severity == Severity::Red;
        (Reverse(is_red), Reverse(alert.rank), alert.severity_since)
    });
    WaitingView {
        you,
        server_time: board.server_time,
        quiet_until: board.shift.audio_pause.as_ref().map(|pause| pause.until),
        alerts: alerts
            .into_iter()
            .map(|(name, alert)| WaitingAlert {
                number: alert.number,
                spoken: alert.spoken.clone(),
                severity: alert.severity,
                spoke_seq: alert.spoke_seq,
                name: name.to_owned(),
                given_to_you: is_given_to(alert, you),
            })
            .collect(),
    }
}

const fn is_nobodys(alert: &AlertView) -> bool {
    alert.acknowledged.is_none() && alert.resolved.is_none()
}

fn is_given_to(alert: &AlertView, you: Uuid) -> bool {
    alert.assigned_by.is_some()
        && alert
            .acknowledged
            .as_ref()
            .is_some_and(|by| by.clinician == you)
}
