//! The ward office: lists, referrals, admission, kit, plans, people, rota, audit.

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
