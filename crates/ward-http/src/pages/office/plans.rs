//! What the ward admits patients with: the pathways' plans to read, the ward's own defaults and safe range to set.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use ward_core::care::ContactSchedule;
use ward_core::permit::Verb;
use ward_core::plan::PlanRefused;
use ward_core::template;
use ward_service::DefaultsError;

use super::admit::limits_words;
use super::defaults_form::DefaultsForm;
use super::rooms::{Office, Room, round};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::rule_fields::field_of;
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/wards/{ward}/office/plans", get(plans).post(set))
}

/// A pathway as it is read.
struct Pathway {
    title: String,
    limits: String,
    readings: String,
    contact: String,
    days: u16,
    source: String,
}

fn contact_words(contact: &ContactSchedule) -> String {
    match contact {
        ContactSchedule::Daily => "every day".to_owned(),
        ContactSchedule::Days(days) => {
            let days: Vec<String> = days.iter().map(u16::to_string).collect();
            format!("on days {}", days.join(", "))
        }
        ContactSchedule::EveryDays(1) => "every day".to_owned(),
        ContactSchedule::EveryDays(days) => format!("every {days} days"),
    }
}

fn pathways() -> Vec<Pathway> {
    let pathway = |it: &template::Template| {
        let times = it.care.schedule.times.iter();
        let times: Vec<String> = times.map(|at| at.strftime("%H:%M").to_string()).collect();
        Pathway {
            title: it.title.clone(),
            limits: limits_words(&it.limits),
            readings: times.join(", "),
            contact: contact_words(&it.care.contact),
            days: it.care.days,
            source: it.source.clone(),
        }
    };
    template::all().iter().map(pathway).collect()
}

#[derive(Template)]
#[template(path = "office/plans.html")]
struct PlansPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    pathways: Vec<Pathway>,
    form: DefaultsForm,
    scales: Vec<Choice>,
    modes: Vec<Choice>,
    contacts: Vec<Choice>,
    diaries: Vec<Choice>,
    unstaffed: Vec<Choice>,
    may_change: bool,
    may_change_range: bool,
}

async fn plans(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let form = DefaultsForm::of(&staff.ward);
    draw(&app, &staff, form, StatusCode::OK, FormErrors::default()).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    form: DefaultsForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    staff.needs(Verb::SeePatient)?;
    let (chrome, office) = round(staff, Room::Plans);
    let choices = |words: &[(&str, &str)], now: &str| -> Vec<Choice> {
        words
            .iter()
            .map(|(value, words)| Choice::new(*value, *words, now))
            .collect()
    };
    let mut diaries = vec![Choice::new("", "None", &form.diary)];
    for questionnaire in app.wards.questionnaires().await? {
        let value = format!("{}/{}", questionnaire.name, questionnaire.version);
        let words = format!("{}, version {}", questionnaire.name, questionnaire.version);
        diaries.push(Choice::new(value, words, &form.diary));
    }
    let drawn = PlansPage {
        chrome,
        office,
        errors,
        pathways: pathways(),
        scales: choices(
            &[("one", "Scale 1"), ("two", "Scale 2: prescribed target")],
            &form.scale,
        ),
        modes: choices(
            &[
                ("active_calls", "The ward rings"),
                ("technology_enabled", "Readings come by themselves"),
                (
                    "self_escalation",
                    "The patient rings when something is wrong",
                ),
            ],
            &form.mode,
        ),
        contacts: choices(
            &[
                ("daily", "Every day"),
                ("days", "On days of the stay"),
                ("every", "Every so many days"),
            ],
            &form.contact,
        ),
        unstaffed: choices(
            &[
                ("on_call", "To somebody on call"),
                (
                    "advice",
                    "To nobody: the patient is told to use 111 and 999",
                ),
            ],
            &form.unstaffed,
        ),
        diaries,
        may_change: staff.may(Verb::SetWardDefaults),
        may_change_range: staff.may(Verb::ManageStaff),
        form,
    };
    Ok(staff.answer(status, &drawn))
}

async fn set(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<DefaultsForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let defaults = match form.defaults(&staff.ward) {
        Ok(defaults) => defaults,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&app, &staff, form, status, errors).await;
        }
    };
    match app.wards.set_ward_defaults(permit, defaults).await {
        Ok(()) => Ok(on_to(
            &staff.path("/office/plans"),
            "The ward's defaults are set. Plans in force stay as they are.",
        )),
        Err(error) => {
            let field = match &error {
                DefaultsError::Limits(PlanRefused::Rules(rules)) => field_of(*rules),
                DefaultsError::Limits(_) => "red",
                DefaultsError::Care(_) => "times",
                DefaultsError::Range(_) | DefaultsError::Refused(_) => "one_red_from",
                DefaultsError::Unavailable(_) => "scale",
            };
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one(field, sentence(error.detail()));
            draw(&app, &staff, form, error.status(), errors).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pathway_is_told_with_its_limits_and_its_source() {
        let pathways = pathways();
        assert_eq!(pathways.len(), template::all().len());
        for pathway in pathways {
            assert!(pathway.limits.starts_with("red at "), "{}", pathway.title);
            assert!(!pathway.source.is_empty() && !pathway.readings.is_empty());
        }
        let days = ContactSchedule::Days(vec![2, 5]);
        assert_eq!(contact_words(&days), "on days 2, 5");
    }
}
