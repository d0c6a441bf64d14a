//! Handover: who is on duty, what is open, what is told to those who come next.

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
