//! The list on paper, for when the system is down or somebody goes on a round.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::list::{ProgressWords, load};
use super::row::ListRow;
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::staff::Staff;
use crate::routes::App;

#[derive(Template)]
#[template(path = "calls/print.html")]
struct PrintPage {
    chrome: Chrome,
    ward: Uuid,
    phone: String,
    drawn_at: String,
    progress: ProgressWords,
    to_call: Vec<ListRow>,
    others: Vec<ListRow>,
}

pub(super) async fn print(
    State(app): State<Arc<App>>,
    staff: Staff,
) -> Result<Response, PageError> {
    let drawn = load(&app, &staff).await?;
    let list = &drawn.list;
    let parts = [&list.stopped, &list.paused, &list.not_due];
    let others = parts
        .into_iter()
        .flat_map(|part| drawn.rows(part, |_, _| true));
    let progress = drawn
        .calls
        .list
        .progress(drawn.calls.now, &drawn.calls.zone);
    let page = PrintPage {
        chrome: staff.chrome(Here::CallList),
        ward: staff.ward.id.0,
        phone: staff.ward.phone.clone(),
        drawn_at: drawn.times.in_full(),
        progress: ProgressWords::of(progress),
        to_call: drawn.rows(&list.to_call, |_, _| true),
        others: others.collect(),
    };
    Ok(staff.answer(StatusCode::OK, &page))
}
