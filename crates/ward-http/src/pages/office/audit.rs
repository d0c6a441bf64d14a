//! Who did what, and who looked at whom: by person, patient and day, a page at a time, and as a table to keep.

mod file;
mod names;
mod question;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use ward_core::id::PatientId;
use ward_core::patient::Patient;
use ward_core::permit::{Permit, Verb};
use ward_service::AuditLine;

use self::names::{Names, path_to};
use self::question::{Asked, mark_of, mark_text, query_of, question};
use super::audit_words::Words;
use super::rooms::{Office, Room, round};
use super::when::{When, day};
use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::Staff;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/audit", get(audit))
        .route("/wards/{ward}/office/audit.csv", get(file::as_csv))
}

/// Lines of a page.
const ON_A_PAGE: u32 = 100;

/// Whom a line is about, and where the ward's page of them is.
struct Whom {
    name: String,
    path: Option<String>,
}

/// A line as the page shows it.
struct Row {
    at: String,
    who: String,
    what: String,
    patient: Option<Whom>,
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct AuditPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    from: String,
    until: String,
    people: Vec<Choice>,
    patients: Vec<Choice>,
    also: bool,
    rows: Vec<Row>,
    was_read: bool,
    next: Option<String>,
    file: String,
}

async fn audit(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeeAudit)?;
    let when = When::of(&app, &staff);
    let mut names = Names::of(&app).await?;
    let (mut rows, mut next, mut errors) = (Vec::new(), None, FormErrors::default());
    let (mut from, mut until) = (asked.from.clone(), asked.until.clone());
    let mut was_read = false;
    match question(&asked, &when) {
        Ok(question) => {
            (from, until) = (day(question.first), day(question.last));
            let mark = mark_of(&asked.after);
            let page = app.wards.audit(permit, question.asked, mark, ON_A_PAGE);
            let page = page.await?;
            names.learn(&app, permit, &page.lines).await?;
            let words = Words {
                ward_code: staff.ward.code.as_str(),
                names: &names.staff,
                when: &when,
            };
            let row = |line: &AuditLine| Row {
                at: when.stamp(line.at),
                who: names.who(line),
                what: words.of(&line.what),
                patient: names.whom(line).map(|name| Whom {
                    name: name.to_owned(),
                    path: line.about.and_then(path_to).map(|path| staff.path(&path)),
                }),
            };
            rows = page.lines.iter().map(row).collect();
            next = page.next.map(|mark| {
                let query = query_of(&asked, &question);
                staff.path(&format!("/office/audit?{query}&after={}", mark_text(mark)))
            });
            was_read = true;
        }
        Err(wrong) => errors = wrong,
    }
    let file = match question(&asked, &when) {
        Ok(question) => format!("/office/audit.csv?{}", query_of(&asked, &question)),
        Err(_) => "/office/audit.csv".to_owned(),
    };
    let (chrome, office) = round(&staff, Room::Audit);
    let drawn = AuditPage {
        chrome,
        office,
        from,
        until,
        people: people_choices(&names, &asked.person),
        patients: patient_choices(&app, permit, &asked.patient).await?,
        also: !asked.also.is_empty(),
        rows,
        was_read,
        next,
        file: staff.path(&file),
        errors,
    };
    let status = if was_read {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(staff.answer(status, &drawn))
}

fn people_choices(names: &Names, now: &str) -> Vec<Choice> {
    let mut people: Vec<_> = names.staff.iter().collect();
    people.sort_by(|one, other| one.1.cmp(other.1));
    let choices = people
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name.clone(), now));
    std::iter::once(Choice::new("", "Everybody", now))
        .chain(choices)
        .collect()
}

/// Who is on the ward now, who is referred to it, and whoever was asked for.
async fn patient_choices(
    app: &App,
    permit: &Permit,
    asked: &str,
) -> Result<Vec<Choice>, PageError> {
    let board = app.wards.board(permit).await?;
    let caseload = board.iter().flat_map(|board| &board.snapshot.caseload);
    let mut people: BTreeMap<PatientId, Patient> = caseload
        .map(|one| (one.patient.id, one.patient.clone()))
        .collect();
    for (_, patient) in app.wards.referrals(permit, true, None).await? {
        people.insert(patient.id, patient);
    }
    if let Ok(id) = asked.parse().map(PatientId)
        && let Some(found) = app.wards.patient(permit, id).await?
    {
        people.insert(id, found.patient);
    }
    let words = |patient: &Patient| {
        let born = patient.birth_date.on_screen();
        format!("{}, {born}", patient.display_name())
    };
    let mut named: Vec<_> = people.values().map(|it| (words(it), it.id)).collect();
    named.sort();
    let choices = named
        .into_iter()
        .map(|(words, id)| Choice::new(id.to_string(), words, asked));
    Ok(std::iter::once(Choice::new("", "Everybody", asked))
        .chain(choices)
        .collect())
}
