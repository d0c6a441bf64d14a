//! Admission in one sitting: who it is, whether they agree, the plan; then kit, code, first reading and paper diary.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::care::ContactSchedule;
use ward_core::id::ReferralId;
use ward_core::pathway::referral::{self, Answer, Referral, Step, Urgency};
use ward_core::patient::Patient;
use ward_core::permit::Verb;
use ward_core::plan::MonitoringPlan;
use ward_core::spo2::Spo2;
use ward_core::stay::Channel;
use ward_core::template;
use ward_service::{Sitting, TakeOnError, Terms};

use super::admitted;
use super::choices::{ANSWERS, CHANNELS, URGENCIES, choices, meant};
use super::person_form::{PersonForm, field_of};
use super::referrals::{Row, known, row};
use super::rooms::{Office, Room, round};
use super::when::When;
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(
        "/wards/{ward}/office/admit/{referral}",
        get(sitting).post(admit),
    )
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct AdmitForm {
    #[serde(flatten)]
    person: PersonForm,
    consent: String,
    urgency: String,
    template: String,
    contact: String,
    every: String,
    baseline: String,
    channel: String,
    team: String,
}

#[derive(Template)]
#[template(path = "office/admit.html")]
struct AdmitPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    referral: Row,
    form: AdmitForm,
    sexes: Vec<Choice>,
    asks_consent: bool,
    asks_urgency: bool,
    consents: Vec<Choice>,
    urgencies: Vec<Choice>,
    pathways: Vec<Choice>,
    contacts: Vec<Choice>,
    channels: Vec<Choice>,
    teams: Vec<Choice>,
}

/// `red at 92 and under, amber at 93 or 94`.
pub(super) fn limits_words(limits: &MonitoringPlan) -> String {
    let (red, amber) = (limits.red_at_or_below, limits.amber_at_or_below);
    let between = if amber == red + 1 {
        amber.to_string()
    } else {
        format!("{} to {amber}", red + 1)
    };
    format!("red at {red} % and under, amber at {between} %")
}

fn is_admitted(referral: &Referral) -> bool {
    matches!(referral.state, referral::State::Admitted { .. })
}

async fn sitting(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let permit = staff.needs(Verb::SeePatient)?;
    let (referral, patient) = known(&app, permit, ReferralId(id)).await?;
    if is_admitted(&referral) {
        return admitted::draw_first(&app, &staff, &referral, &patient).await;
    }
    staff.needs(Verb::MovePatient)?;
    app.wards
        .note_look_at_person(permit, patient.id, "admission")
        .await;
    let form = AdmitForm {
        person: PersonForm::of(patient.clone()),
        urgency: "today".to_owned(),
        contact: "pathway".to_owned(),
        channel: "bridge".to_owned(),
        ..AdmitForm::default()
    };
    let nothing = FormErrors::default();
    draw(
        &app,
        &staff,
        (&referral, &patient),
        form,
        StatusCode::OK,
        nothing,
    )
    .await
}

async fn draw(
    app: &App,
    staff: &Staff,
    (referral, patient): (&Referral, &Patient),
    form: AdmitForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::MovePatient)?;
    let words = limits_words(&staff.ward.default_plan);
    let own = Choice::new("", format!("The ward's own: {words}"), &form.template);
    let pathways = template::all().iter().map(|it| {
        let words = format!("{}: {}", it.title, limits_words(&it.limits));
        Choice::new(it.name.clone(), words, &form.template)
    });
    let contacts = [
        ("pathway", "As the pathway has it"),
        ("daily", "Every day"),
        ("every", "Every so many days"),
    ];
    let teams = app.wards.teams(permit).await?;
    let no_team = Choice::new("", "None", &form.team);
    let named = teams
        .iter()
        .map(|name| Choice::new(name.clone(), name.clone(), &form.team));
    let teams = if teams.is_empty() {
        Vec::new()
    } else {
        std::iter::once(no_team).chain(named).collect()
    };
    let (chrome, office) = round(staff, Room::Referrals);
    let drawn = AdmitPage {
        chrome,
        office,
        errors,
        referral: row(referral, patient, &When::of(app, staff)),
        sexes: form.person.sexes(),
        asks_consent: !referral.consent.is_enough(),
        asks_urgency: matches!(referral.state, referral::State::Referred),
        consents: choices(ANSWERS, &form.consent),
        urgencies: choices(URGENCIES, &form.urgency),
        pathways: std::iter::once(own).chain(pathways).collect(),
        contacts: contacts
            .map(|(value, words)| Choice::new(value, words, &form.contact))
            .into(),
        channels: choices(CHANNELS, &form.channel),
        teams,
        form,
    };
    Ok(staff.answer(status, &drawn))
}

/// What the form says about the stay, if it is complete.
struct Wanted {
    consent: Option<Answer>,
    urgency: Urgency,
    terms: Terms,
}

fn wanted(form: &AdmitForm, referral: &Referral) -> Result<Wanted, FormErrors> {
    let mut errors = FormErrors::default();
    form.person.missing(&mut errors);
    let consent = meant(ANSWERS, &form.consent);
    if !referral.consent.is_enough() && consent.is_none() {
        errors.add("consent", "Choose whether they agree");
    }
    let urgency = meant(URGENCIES, &form.urgency).unwrap_or(Urgency::Today);
    let contact = match form.contact.as_str() {
        "daily" => Some(ContactSchedule::Daily),
        "every" => match form.every.trim().parse() {
            Ok(days) => Some(ContactSchedule::EveryDays(days)),
            Err(_) => {
                errors.add("every", "Enter a number of days, for example 2");
                None
            }
        },
        _ => None,
    };
    let baseline = match form.baseline.trim() {
        "" => None,
        text => {
            let spo2 = text.trim_end_matches('%').trim().parse().ok();
            let spo2 = spo2.and_then(Spo2::from_percent);
            if spo2.is_none() {
                errors.add(
                    "baseline",
                    "Enter a percentage from 1 to 100, for example 96",
                );
            }
            spo2
        }
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    let template = (!form.template.is_empty()).then(|| form.template.clone());
    Ok(Wanted {
        consent,
        urgency,
        terms: Terms {
            template,
            contact,
            baseline,
            channel: meant(CHANNELS, &form.channel).unwrap_or(Channel::Bridge),
        },
    })
}

/// At which field it is said why nobody was admitted.
fn stopped_at(why: &TakeOnError) -> Option<&'static str> {
    match why {
        TakeOnError::Person(_) => None,
        TakeOnError::Referral(_) => Some("consent"),
        TakeOnError::Stay(_) => Some("template"),
        TakeOnError::Team(_) => Some("team"),
        TakeOnError::Unavailable(_) => Some(""),
    }
}

async fn admit(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<AdmitForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let id = ReferralId(id);
    let permit = staff.needs(Verb::MovePatient)?;
    let (referral, patient) = known(&app, permit, id).await?;
    let here = staff.path(&format!("/office/admit/{id}"));
    // Sent twice: the second time they are on the ward already.
    if is_admitted(&referral) {
        return Ok(on_to(&here, "They are admitted."));
    }
    let wanted = match wanted(&form, &referral) {
        Ok(wanted) => wanted,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&app, &staff, (&referral, &patient), form, status, errors).await;
        }
    };
    let told = match form.person.person(Some(patient.clone()), patient.id.0) {
        Ok(told) => told,
        Err(error) => {
            let field = field_of(error.detail(), "nhs_number");
            let errors = FormErrors::one(field, sentence(error.detail()));
            return draw(
                &app,
                &staff,
                (&referral, &patient),
                form,
                error.status(),
                errors,
            )
            .await;
        }
    };
    // Who does not want it is not admitted, and has said so.
    if wanted.consent == Some(Answer::Refused) {
        let refused = Step::Consent(Answer::Refused);
        app.wards.step_referral(permit, id, refused).await?;
    }
    let name = told.display_name();
    let sitting = Sitting {
        told,
        urgency: wanted.urgency,
        consent: wanted.consent,
        terms: wanted.terms,
        team: form.team.clone(),
    };
    let Err(why) = app.wards.take_on(permit, id, sitting).await else {
        let said = format!("{name} is admitted. Do what is left below, or later.");
        return Ok(on_to(&here, &said));
    };
    let field = stopped_at(&why);
    let error = ApiError::from(why);
    if error.status().is_server_error() {
        return Err(error.into());
    }
    // Somebody else may have been faster.
    let (referral, patient) = known(&app, permit, id).await?;
    if is_admitted(&referral) {
        return Ok(on_to(&here, "They are admitted."));
    }
    let field = field.unwrap_or_else(|| field_of(error.detail(), "nhs_number"));
    let errors = FormErrors::one(field, sentence(error.detail()));
    let (status, of) = (error.status(), (&referral, &patient));
    draw(&app, &staff, of, form, status, errors).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_said_as_the_bands_they_make() {
        let usual = limits_words(&MonitoringPlan::scale_one());
        assert_eq!(usual, "red at 92 % and under, amber at 93 to 94 %");
        let copd = limits_words(&MonitoringPlan::target_88_to_92());
        assert_eq!(copd, "red at 85 % and under, amber at 86 to 87 %");
    }
}
