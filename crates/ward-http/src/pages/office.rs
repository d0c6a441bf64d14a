//! The ward office: lists, referrals, admission, kit, plans, people, rota, reports, audit.

mod admit;
mod admitted;
mod alike;
mod apart;
mod audit;
mod audit_words;
mod cases;
mod choices;
mod defaults_form;
mod escalation;
mod first_reading;
mod kit;
mod kit_piece;
mod overview;
mod people;
mod person_form;
mod plans;
mod referrals;
mod reports;
mod rooms;
mod rota;
mod settings;
mod when;

use std::sync::Arc;

use axum::Router;

use crate::routes::App;

pub(crate) use escalation::whom_words;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(overview::routes())
        .merge(cases::routes())
        .merge(referrals::routes())
        .merge(admit::routes())
        .merge(admitted::routes())
        .merge(kit::routes())
        .merge(kit_piece::routes())
        .merge(apart::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(rota::routes())
        .merge(reports::routes())
        .merge(audit::routes())
        .merge(settings::routes())
        .merge(escalation::routes())
}
