//! The HTTP face of the ward: routes, who is asking, problems, the console feed, pages.
//!
//! Nothing is decided here. A handler parses, asks for a permit, calls one verb and says what came back;
//! [`problem`] alone turns an error into a status.

mod as_bridge;
mod bridge_api;
mod bridge_status_api;
mod calls_api;
mod calls_view;
mod correction_api;
mod csv;
mod diary_api;
mod duty_api;
mod escalation_api;
mod exertion_api;
mod explain_api;
mod extract;
mod feed;
mod health;
mod kit_api;
mod limits;
mod metrics;
mod options;
mod origin;
mod pages;
mod parse_reading;
mod pathway_view;
mod patient_api;
mod peers;
mod people_api;
mod plan_api;
pub mod problem;
mod referral_view;
mod referrals_api;
mod reports_api;
mod routes;
mod serve;
mod session_api;
mod squeeze;
mod staffed_api;
mod static_files;
mod stays_api;
mod unstalled;
mod view;
mod waiting_api;
mod ward_api;
mod window_summary;

pub use options::HttpOptions;
pub use routes::{App, openapi, router};
pub use serve::{Listener, serve};
