//! Who belongs to the ward: added, changed, taken off, given a one-time password.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::id::ClinicianId;
use ward_core::permit::Verb;
use ward_service::{ManageError, StaffMember};

use super::rooms::{Office, Room, refused, round};
use super::when::When;
use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/people", get(list))
        .route("/wards/{ward}/office/people/add", get(add_form).post(add))
        .route("/wards/{ward}/office/people/{person}", get(person))
        .route("/wards/{ward}/office/people/{person}/role", post(set_role))
        .route(
            "/wards/{ward}/office/people/{person}/password",
            post(reset_password),
        )
        .route("/wards/{ward}/office/people/{person}/remove", post(remove))
}

const ROLES: [Role; 4] = [
    Role::SeniorClinician,
    Role::Clinician,
    Role::CallHandler,
    Role::WallBoard,
];

pub(super) const fn role_words(role: Role) -> &'static str {
    match role {
        Role::SeniorClinician => "Senior clinician",
        Role::Clinician => "Clinician",
        Role::CallHandler => "Call handler",
        Role::WallBoard => "Screen on a wall",
    }
}

/// What each may do, for whoever chooses.
const fn role_reach(role: Role) -> &'static str {
    match role {
        Role::SeniorClinician => "also stops a contact ladder, manages staff, rota and audit",
        Role::Clinician => "takes and resolves alerts, admits, sets plans",
        Role::CallHandler => "works the call list, refers, hands out kit",
        Role::WallBoard => "shows the board, does nothing",
    }
}

fn role_choices(now: &str) -> Vec<Choice> {
    let choice = |role: Role| {
        let words = format!("{}: {}", role_words(role), role_reach(role));
        Choice::new(role.as_str(), words, now)
    };
    ROLES.into_iter().map(choice).collect()
}

/// Somebody as the list shows them.
struct Row {
    id: Uuid,
    name: String,
    username: String,
    role: &'static str,
    has_left: bool,
    password_until: Option<String>,
    last_seen: String,
}

fn row(member: &StaffMember, when: &When) -> Row {
    Row {
        id: member.clinician.id.0,
        name: member.clinician.name.clone(),
        username: member.clinician.username.clone(),
        role: role_words(member.role),
        has_left: member.disabled_at.is_some(),
        password_until: member.password_until.map(|until| when.at(until)),
        last_seen: member
            .last_seen_at
            .map_or_else(|| "Not signed in".to_owned(), |at| when.at(at)),
    }
}

#[derive(Template)]
#[template(path = "office/people.html")]
struct ListPage {
    chrome: Chrome,
    office: Office,
    people: Vec<Row>,
}

async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageStaff)?;
    let when = When::of(&app, &staff);
    let members = app.wards.members(permit).await?;
    let (chrome, office) = round(&staff, Room::People);
    let drawn = ListPage {
        chrome,
        office,
        people: members.iter().map(|member| row(member, &when)).collect(),
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct AddForm {
    who: String,
    username: String,
    name: String,
    role: String,
}

#[derive(Template)]
#[template(path = "office/person_add.html")]
struct AddPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    form: AddForm,
    who: Vec<Choice>,
    roles: Vec<Choice>,
}

fn add_page(staff: &Staff, form: AddForm, errors: FormErrors) -> AddPage {
    let (chrome, office) = round(staff, Room::People);
    AddPage {
        chrome,
        office,
        who: vec![
            Choice::new("new", "New: gets a one-time password", &form.who),
            Choice::new("known", "Works on another ward already", &form.who),
        ],
        roles: role_choices(&form.role),
        errors,
        form,
    }
}

async fn add_form(staff: Staff) -> Result<Response, PageError> {
    staff.needs(Verb::ManageStaff)?;
    let form = AddForm {
        who: "new".to_owned(),
        ..AddForm::default()
    };
    let drawn = add_page(&staff, form, FormErrors::default());
    Ok(staff.answer(StatusCode::OK, &drawn))
}

/// Shown once, in the answer itself: it is kept nowhere.
#[derive(Template)]
#[template(path = "office/one_time_password.html")]
struct PasswordPage {
    chrome: Chrome,
    office: Office,
    name: String,
    username: String,
    password: String,
}

async fn add(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<AddForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageStaff)?;
    let mut errors = FormErrors::default();
    let is_new = form.who != "known";
    if form.username.trim().is_empty() {
        errors.add("username", "Enter a username");
    }
    if is_new && form.name.trim().is_empty() {
        errors.add("name", "Enter the name as colleagues know it");
    }
    let role = form.role.parse::<Role>();
    if role.is_err() {
        errors.add("role", "Choose what they are on this ward");
    }
    let again = |status, errors| {
        let drawn = add_page(&staff, form.clone(), errors);
        Ok(staff.answer(status, &drawn))
    };
    let (true, Ok(role)) = (errors.is_empty(), role) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, errors);
    };
    let name = without_nul(form.name.clone());
    let name = is_new.then_some(name.as_str());
    match app
        .wards
        .add_member(permit, &form.username, name, role)
        .await
    {
        Ok(added) => Ok(match added.password {
            Some(password) => {
                let (chrome, office) = round(&staff, Room::People);
                let drawn = PasswordPage {
                    chrome,
                    office,
                    name: added.clinician.name,
                    username: added.clinician.username,
                    password: password.reveal().to_owned(),
                };
                staff.answer(StatusCode::OK, &drawn)
            }
            None => on_to(
                &staff.path("/office/people"),
                &format!("{} is on this ward now.", added.clinician.name),
            ),
        }),
        Err(error) => {
            let field = if matches!(error, ManageError::Name) {
                "name"
            } else {
                "username"
            };
            refused(error, field, again)
        }
    }
}

#[derive(Template)]
#[template(path = "office/person.html")]
struct PersonPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    person: Row,
    roles: Vec<Choice>,
    is_you: bool,
}

async fn draw(
    app: &App,
    staff: &Staff,
    person: ClinicianId,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageStaff)?;
    let members = app.wards.members(permit).await?;
    let member = members.iter().find(|member| member.clinician.id == person);
    let member = member.ok_or_else(ApiError::not_found)?;
    let (chrome, office) = round(staff, Room::People);
    let drawn = PersonPage {
        chrome,
        office,
        errors,
        roles: role_choices(member.role.as_str()),
        is_you: person == permit.clinician,
        person: row(member, &When::of(app, staff)),
    };
    Ok(staff.answer(status, &drawn))
}

type PersonIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn person(
    State(app): State<Arc<App>>,
    ids: PersonIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, person)) = ids?;
    let person = ClinicianId(person);
    draw(&app, &staff, person, StatusCode::OK, FormErrors::default()).await
}

#[derive(Deserialize)]
struct RoleForm {
    #[serde(default)]
    role: String,
}

async fn set_role(
    State(app): State<Arc<App>>,
    ids: PersonIds,
    PageForm { staff, form }: PageForm<RoleForm>,
) -> Result<Response, PageError> {
    let Ids((_, person)) = ids?;
    let Ok(role) = form.role.parse::<Role>() else {
        let errors = FormErrors::one("role", "Choose what they are on this ward");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&app, &staff, ClinicianId(person), status, errors).await;
    };
    stand(&app, &staff, ClinicianId(person), Some(role), "role").await
}

#[derive(Deserialize)]
struct NoFields {}

async fn remove(
    State(app): State<Arc<App>>,
    ids: PersonIds,
    PageForm { staff, .. }: PageForm<NoFields>,
) -> Result<Response, PageError> {
    let Ids((_, person)) = ids?;
    stand(&app, &staff, ClinicianId(person), None, "remove").await
}

async fn stand(
    app: &App,
    staff: &Staff,
    person: ClinicianId,
    role: Option<Role>,
    field: &'static str,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::ManageStaff)?;
    let name = app.wards.clinician_name(person).await?;
    let name = name.ok_or_else(ApiError::not_found)?;
    if let Err(error) = app.wards.set_role(permit, person, role).await {
        let error = ApiError::from(error);
        let said = crate::pages::frame::sentence(error.detail());
        let errors = FormErrors::one(field, said);
        return draw(app, staff, person, error.status(), errors).await;
    }
    let said = role.map_or_else(
        || format!("{name} no longer belongs to this ward. Their sessions have ended."),
        |role| format!("{name} is now: {}.", role_words(role).to_lowercase()),
    );
    let path = if person == permit.clinician {
        "/office"
    } else {
        "/office/people"
    };
    Ok(on_to(&staff.path(path), &said))
}

async fn reset_password(
    State(app): State<Arc<App>>,
    ids: PersonIds,
    PageForm { staff, .. }: PageForm<NoFields>,
) -> Result<Response, PageError> {
    let Ids((_, person)) = ids?;
    let person = ClinicianId(person);
    let permit = staff.needs(Verb::ManageStaff)?;
    let members = app.wards.members(permit).await?;
    let member = members.iter().find(|member| member.clinician.id == person);
    let member = member.ok_or_else(ApiError::not_found)?;
    match app.wards.reset_password(permit, person).await {
        Ok(password) => {
            let (chrome, office) = round(&staff, Room::People);
            let drawn = PasswordPage {
                chrome,
                office,
                name: member.clinician.name.clone(),
                username: member.clinician.username.clone(),
                password: password.reveal().to_owned(),
            };
            Ok(staff.answer(StatusCode::OK, &drawn))
        }
        Err(error) => {
            let error = ApiError::from(error);
            let said = crate::pages::frame::sentence(error.detail());
            let errors = FormErrors::one("password", said);
            draw(&app, &staff, person, error.status(), errors).await
        }
    }
}
