//! Patients' own pages, and those of who cares for them.

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
