//! The call list: everybody who is due, rung by one handler after the other.

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
