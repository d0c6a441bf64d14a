//! The page of one patient, for the staff.

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
