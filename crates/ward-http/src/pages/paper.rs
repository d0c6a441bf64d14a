//! What is printed for a patient, and how it comes back.

mod answers;
mod day;
mod diary;
mod entered;
mod find;
mod printed;
mod row;
mod save;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use jiff::civil::Date;
use ward_core::day::Zone;
use ward_core::id::StayId;
use ward_core::patient::Patient;
use ward_core::permit::Permit;
use ward_core::questionnaire::Questionnaire;
use ward_core::stay::Stay;
use ward_service::PlanOf;

use crate::pages::frame::PageError;
use crate::problem::ApiError;
use crate::routes::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/stays/{stay}/paper-diary", get(diary::print))
        .route("/wards/{ward}/transcribe", get(find::find))
        .route(
            "/wards/{ward}/transcribe/{stay}/{day}",
            get(day::show).post(save::save),
        )
        .route(
            "/wards/{ward}/transcribe/{stay}/{day}/answer/{reading}",
            post(save::answer),
        )
}

/// Somebody whose diary is on paper.
struct OnPaper {
    plan: PlanOf,
    patient: Patient,
    /// What the plan asks; nothing where it has no diary.
    questionnaire: Option<Questionnaire>,
    zone: Zone,
}

impl OnPaper {
    async fn load(app: &App, permit: &Permit, stay: StayId) -> Result<Self, PageError> {
        let plan = app.wards.plan_of(permit, stay).await?;
        let plan = plan.ok_or_else(ApiError::not_found)?;
        let person = app.wards.patient(permit, plan.record.stay.patient).await?;
        let patient = person.ok_or_else(ApiError::not_found)?.patient;
        let questionnaire = match &plan.version.plan.care.diary {
            None => None,
            Some(asked) => {
                let all = app.wards.questionnaires().await?;
                all.into_iter()
                    .find(|it| it.name == asked.questionnaire && it.version == asked.version)
            }
        };
        Ok(Self {
            zone: plan.ward.zone(),
            plan,
            patient,
            questionnaire,
        })
    }

    fn stay(&self) -> &Stay {
        &self.plan.record.stay
    }

    /// The ward's day of admission: day 1.
    fn first_day(&self) -> Date {
        self.zone.day_of(self.stay().admitted_at)
    }

    /// Which day of the stay that is.
    fn number_of(&self, day: Date) -> i64 {
        Zone::days_between(self.first_day(), day) + 1
    }
}

/// The day so many days later, or earlier.
fn days_after(day: Date, days: i64) -> Date {
    jiff::Span::new()
        .try_days(days)
        .and_then(|span| day.checked_add(span))
        .unwrap_or(day)
}
