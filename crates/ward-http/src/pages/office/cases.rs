//! The list of new positive results: taken in as a file, and reviewed one person after another.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::ToSpan;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::CaseId;
use ward_core::pathway::case_finding;
use ward_core::permit::{Permit, Verb};
use ward_service::{Imported, RefusedLine, Said};

use super::alike::{AlikeRow, alike_rows};
use super::choices::{ANSWERS, DECLINES, choices, meant};
use super::rooms::{Office, Room, refused, round};
use super::when::{When, day, typed_day};
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::pages::upload::Upload;
use crate::pathway_view;
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/cases", get(list))
        .route("/wards/{ward}/office/cases/import", post(import))
        .route("/wards/{ward}/office/cases/{case}", get(one).post(review))
}

const STATES: [(&str, &str); 4] = [
    ("", "To review today"),
    ("deferred", "Deferred"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
];

/// Somebody on the list.
struct Row {
    id: Uuid,
    name: String,
    nhs_number: String,
    born: String,
    meets_age: bool,
    phone: String,
    address: String,
    result: String,
    state: String,
    is_open: bool,
}

fn row(case: &case_finding::Case, when: &When) -> Row {
    let state = match &case.state {
        case_finding::State::New => "New".to_owned(),
        case_finding::State::Deferred { until, reason, .. } => {
            format!("Deferred until {}: {reason}", day(*until))
        }
        case_finding::State::Accepted { .. } => "Accepted".to_owned(),
        case_finding::State::Declined { reason, .. } => {
            let words = super::choices::words_for(DECLINES, reason);
            format!("Declined: {words}")
        }
    };
    Row {
        id: case.id.0,
        name: case.display_name(),
        nhs_number: case.nhs_number.to_string(),
        born: format!(
            "{} ({} years)",
            case.birth_date.on_screen(),
            case.age_on(when.today)
        ),
        meets_age: case.meets_age(when.today),
        phone: case.phone.clone(),
        address: case.address.clone(),
        result: format!("{}, {}", day(case.result_on), when.days_ago(case.result_on)),
        is_open: matches!(
            case.state,
            case_finding::State::New | case_finding::State::Deferred { .. }
        ),
        state,
    }
}

#[derive(Template)]
#[template(path = "office/cases.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    states: Vec<Choice>,
    rows: Vec<Row>,
    lines: Vec<RefusedLine>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    state: String,
}

async fn list(
    State(app): State<Arc<App>>,
    Query(Listed { state }): Query<Listed>,
    staff: Staff,
) -> Result<Response, PageError> {
    let nothing = FormErrors::default();
    draw(&app, &staff, &state, StatusCode::OK, nothing, Vec::new()).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    state: &str,
    status: StatusCode,
    errors: FormErrors,
    lines: Vec<RefusedLine>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ReviewCases)?;
    let when = When::of(app, staff);
    let known = STATES.iter().find(|(name, _)| *name == state);
    let (state, _) = known.copied().unwrap_or_default();
    let wanted = (!state.is_empty()).then_some(state);
    let cases = app.wards.cases(permit, wanted).await?;
    let (chrome, office) = round(staff, Room::Cases);
    let drawn = ListPage {
        chrome,
        office,
        errors,
        states: STATES
            .iter()
            .map(|(name, words)| Choice::new(*name, *words, state))
            .collect(),
        rows: cases.iter().map(|case| row(case, &when)).collect(),
        lines,
    };
    Ok(staff.answer(status, &drawn))
}

async fn import(State(app): State<Arc<App>>, upload: Upload) -> Result<Response, PageError> {
    let staff = &upload.staff;
    let permit = staff.needs(Verb::ReviewCases)?;
    let (file, pasted) = (upload.field("list"), upload.field("pasted"));
    let list = if file.is_empty() { pasted } else { file };
    if list.is_empty() {
        let errors = FormErrors::one("list", "Choose a file, or paste its lines");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&app, staff, "", status, errors, Vec::new()).await;
    }
    // Spreadsheets put a mark before the first column's name.
    let list = list.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(list);
    match app.wards.import_cases(permit, list.to_vec()).await {
        Ok(Imported {
            new,
            known,
            refused,
        }) => {
            let said = format!(
                "{new} new on the list, {known} on it before, {} lines not taken.",
                refused.len()
            );
            if refused.is_empty() {
                return Ok(on_to(&staff.path("/office/cases"), &said));
            }
            let errors = FormErrors::one("list", said);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&app, staff, "", status, errors, refused).await
        }
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one("list", sentence(error.detail()));
            draw(&app, staff, "", error.status(), errors, Vec::new()).await
        }
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ReviewForm {
    decision: String,
    consent: String,
    confirmed_new: String,
    decline: String,
    until: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "office/case.html")]
struct CasePage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    case: Row,
    alike: Vec<AlikeRow>,
    left: usize,
    form: ReviewForm,
    decisions: Vec<Choice>,
    consents: Vec<Choice>,
    declines: Vec<Choice>,
}

type CaseIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn one(
    State(app): State<Arc<App>>,
    ids: CaseIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, case)) = ids?;
    let form = ReviewForm {
        until: day(When::of(&app, &staff).today.saturating_add(1.day())),
        ..ReviewForm::default()
    };
    let nothing = FormErrors::default();
    draw_one(&app, &staff, CaseId(case), form, StatusCode::OK, nothing).await
}

async fn known(app: &App, permit: &Permit, case: CaseId) -> Result<case_finding::Case, PageError> {
    let found = app.wards.store().case(permit.ward, case).await;
    let found = found.map_err(ward_service::Unavailable::from)?;
    found.ok_or_else(|| ApiError::not_found().into())
}

async fn draw_one(
    app: &App,
    staff: &Staff,
    case: CaseId,
    form: ReviewForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ReviewCases)?;
    let case = known(app, permit, case).await?;
    let person = ward_wire::pathway::Person {
        nhs_number: case.nhs_number.to_string(),
        family_name: case.family_name.clone(),
        given_name: case.given_name.clone(),
        birth_date: case.birth_date.0,
        phone: case.phone.clone(),
        address: case.address.clone(),
        door_access: String::new(),
        others_at_home: String::new(),
        oxygen_at_home: String::new(),
        escalation_plan: String::new(),
        details: ward_wire::pathway::PersonDetails::default(),
    };
    let person = pathway_view::person(person, app.wards.clock().new_id())?;
    let alike = app.wards.possible_duplicates(permit, &person).await?;
    let left = app.wards.cases(permit, None).await?;
    let left = left.iter().filter(|other| other.id != case.id).count();
    let (chrome, office) = round(staff, Room::Cases);
    let decisions = [
        ("accept", "Accept: make a referral"),
        ("decline", "Decline"),
        ("defer", "Look again on another day"),
    ];
    let not_asked = Choice::new("", "Not asked yet", &form.consent);
    let consents = choices(ANSWERS, &form.consent);
    let none = Choice::new("", "Choose a reason", &form.decline);
    let declines = choices(DECLINES, &form.decline);
    let drawn = CasePage {
        chrome,
        office,
        errors,
        case: row(&case, &When::of(app, staff)),
        alike: alike_rows(alike),
        left,
        decisions: decisions
            .map(|(value, words)| Choice::new(value, words, &form.decision))
            .into(),
        consents: std::iter::once(not_asked).chain(consents).collect(),
        declines: std::iter::once(none).chain(declines).collect(),
        form,
    };
    Ok(staff.answer(status, &drawn))
}

/// What the reviewer says, if it is said in full.
fn said(form: &ReviewForm) -> Result<Said, FormErrors> {
    match form.decision.as_str() {
        "accept" => Ok(Said::Accept {
            consent: meant(ANSWERS, &form.consent),
            confirmed_new: !form.confirmed_new.is_empty(),
        }),
        "decline" => meant(DECLINES, &form.decline)
            .map(Said::Decline)
            .ok_or_else(|| FormErrors::one("decline", "Choose why you decline")),
        "defer" => {
            let mut errors = FormErrors::default();
            let until = typed_day(&form.until);
            if until.is_none() {
                errors.add("until", "Enter a day, for example 24-Nov-2026");
            }
            if form.reason.trim().is_empty() {
                errors.add("reason", "Enter why you look again later");
            }
            match until {
                Some(until) if errors.is_empty() => Ok(Said::Defer {
                    until,
                    reason: without_nul(form.reason.clone()),
                }),
                _ => Err(errors),
            }
        }
        _ => Err(FormErrors::one("decision", "Choose what you decide")),
    }
}

async fn review(
    State(app): State<Arc<App>>,
    ids: CaseIds,
    PageForm { staff, form }: PageForm<ReviewForm>,
) -> Result<Response, PageError> {
    let Ids((_, case)) = ids?;
    let case = CaseId(case);
    let permit = staff.needs(Verb::ReviewCases)?;
    let said = match said(&form) {
        Ok(said) => said,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw_one(&app, &staff, case, form, status, errors).await;
        }
    };
    match app.wards.review_case(permit, case, said).await {
        Ok((after, _)) => {
            let name = format!("{}, {}", after.family_name.to_uppercase(), after.given_name);
            let next = app.wards.cases(permit, None).await?;
            let next = next.iter().find(|other| other.id != case);
            let did = match after.state {
                case_finding::State::Accepted { .. } => "is accepted and referred",
                case_finding::State::Declined { .. } => "is declined",
                case_finding::State::Deferred { .. } | case_finding::State::New => "is deferred",
            };
            let path = next.map_or_else(
                || staff.path("/office/cases"),
                |next| staff.path(&format!("/office/cases/{}", next.id)),
            );
            Ok(on_to(&path, &format!("{name} {did}.")))
        }
        Err(error) => {
            let mut wrong = None;
            let said = refused(error, "decision", |status, errors| {
                wrong = Some((status, errors));
                Ok(Response::default())
            });
            match wrong {
                Some((status, errors)) => draw_one(&app, &staff, case, form, status, errors).await,
                None => said,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reviewer_leaves_out_is_asked_for() {
        let field = |form: ReviewForm| {
            let errors = said(&form).err().unwrap();
            errors.iter().next().unwrap().field.to_string()
        };
        assert_eq!(field(ReviewForm::default()), "decision");
        let decided = |decision: &str| ReviewForm {
            decision: decision.to_owned(),
            ..ReviewForm::default()
        };
        assert_eq!(field(decided("decline")), "decline");
        assert_eq!(field(decided("defer")), "until");
        assert!(matches!(
            said(&decided("accept")),
            Ok(Said::Accept {
                consent: None,
                confirmed_new: false
            })
        ));
    }
}
