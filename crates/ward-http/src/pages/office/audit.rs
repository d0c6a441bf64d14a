//! Who did what, and who looked at whom: by person, patient and day, a page at a time, and as a table to keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{ClinicianId, Seq, StayId};
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_service::{AuditAsked, AuditLine, AuditMark, AuditWhat};

use super::audit_words::Words;
use super::rooms::{Office, Room, round};
use super::when::{When, day, typed_day};
use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::Staff;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/audit", get(audit))
        .route("/wards/{ward}/office/audit.csv", get(as_csv))
}

/// Lines of a page.
const ON_A_PAGE: u32 = 100;

/// Lines of one file at most; a longer time is fetched in parts.
const IN_A_FILE: usize = 20_000;

/// Days of one question at most.
const DAYS_AT_MOST: i64 = 92;

/// The question, as it stands in the address: ids and days, nothing that names anybody.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    from: String,
    until: String,
    person: String,
    stay: String,
    also: String,
    after: String,
}

/// The question as it can be answered.
struct Question {
    first: Date,
    last: Date,
    asked: AuditAsked,
}

fn question(asked: &Asked, when: &When) -> Result<Question, FormErrors> {
    let mut errors = FormErrors::default();
    let or_today = |text: &str| {
        if text.trim().is_empty() {
            Some(when.today)
        } else {
            typed_day(text)
        }
    };
    let (first, last) = (or_today(&asked.from), or_today(&asked.until));
    if first.is_none() {
        errors.add("from", "Enter a day, for example 21-Nov-2026");
    }
    if last.is_none() {
        errors.add("until", "Enter a day, for example 22-Nov-2026");
    }
    let (Some(first), Some(last)) = (first, last) else {
        return Err(errors);
    };
    if last < first {
        errors.add("until", "The last day is before the first");
    } else if ward_core::day::Zone::days_between(first, last) >= DAYS_AT_MOST {
        errors.add("until", format!("Ask for {DAYS_AT_MOST} days at most"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Question {
        first,
        last,
        asked: AuditAsked {
            from: when.zone.start_of(first),
            until: when.zone.start_of(last.saturating_add(1.day())),
            by: asked.person.parse::<Uuid>().ok().map(ClinicianId),
            stay: asked.stay.parse::<Uuid>().ok().map(StayId),
            also_without_person: !asked.also.is_empty(),
        },
    })
}

/// `4711.1763800000000.018f…`, or parts of it.
fn mark_of(text: &str) -> AuditMark {
    let mut parts = text.splitn(3, '.');
    let mut next = || parts.next().unwrap_or_default();
    let seq = next().parse().ok().map(Seq);
    let view = next().parse().ok().zip(next().parse().ok());
    AuditMark {
        seq,
        view: view.map(|(at, id)| (Timestamp::from_millis(at), id)),
    }
}

fn mark_text(mark: AuditMark) -> String {
    let seq = mark.seq.map_or_else(String::new, |seq| seq.0.to_string());
    match mark.view {
        Some((at, id)) => format!("{seq}.{}.{id}", at.as_millis()),
        None => seq,
    }
}

/// A line as the page shows it.
struct Row {
    at: String,
    who: String,
    what: String,
    patient: Option<(Uuid, String)>,
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

/// Names for the lines: of the staff, and of whoever the stays are of.
struct Names {
    staff: BTreeMap<ClinicianId, String>,
    patients: BTreeMap<StayId, Option<String>>,
}

impl Names {
    async fn of(app: &App) -> Result<Self, PageError> {
        let staff = app.wards.store().names_of_staff().await;
        Ok(Self {
            staff: staff.map_err(ward_service::Unavailable::from)?,
            patients: BTreeMap::new(),
        })
    }

    async fn learn(
        &mut self,
        app: &App,
        permit: &Permit,
        stays: impl Iterator<Item = StayId>,
    ) -> Result<(), PageError> {
        for stay in stays {
            if let std::collections::btree_map::Entry::Vacant(free) = self.patients.entry(stay) {
                let patient = app.wards.patient_of_stay(permit, stay).await?;
                free.insert(patient.map(|patient| patient.display_name()));
            }
        }
        Ok(())
    }

    fn who(&self, line: &AuditLine) -> String {
        line.by.map_or_else(
            || "The service".to_owned(),
            |by| self.staff.get(&by).cloned().unwrap_or_default(),
        )
    }

    fn patient(&self, stay: StayId) -> Option<&str> {
        self.patients.get(&stay)?.as_deref()
    }
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
            let stays = page.lines.iter().filter_map(|line| line.stay);
            names
                .learn(&app, permit, stays.chain(question.asked.stay))
                .await?;
            let words = Words {
                ward_code: staff.ward.code.as_str(),
                names: &names.staff,
                when: &when,
            };
            let row = |line: &AuditLine| Row {
                at: when.stamp(line.at),
                who: names.who(line),
                what: words.of(&line.what),
                patient: line
                    .stay
                    .and_then(|stay| Some((stay.0, names.patient(stay)?.to_owned()))),
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
        patients: patient_choices(&app, permit, &names, &asked.stay).await?,
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

/// The question once more, for a link.
fn query_of(asked: &Asked, question: &Question) -> String {
    let id =
        |name: &str, id: Option<Uuid>| id.map_or_else(String::new, |id| format!("&{name}={id}"));
    format!(
        "from={}&until={}{}{}{}",
        question.first,
        question.last,
        id("person", question.asked.by.map(|by| by.0)),
        id("stay", question.asked.stay.map(|stay| stay.0)),
        if asked.also.is_empty() { "" } else { "&also=1" }
    )
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

/// Who is on the ward now, and whoever was asked for.
async fn patient_choices(
    app: &App,
    permit: &Permit,
    names: &Names,
    now: &str,
) -> Result<Vec<Choice>, PageError> {
    let mut choices = vec![Choice::new("", "Everybody", now)];
    choices.extend(super::overview::caseload_choices(app, permit, now).await?);
    let asked = now.parse::<Uuid>().ok().map(StayId);
    if let Some(stay) = asked
        && !choices.iter().any(|choice| choice.chosen)
        && let Some(name) = names.patient(stay)
    {
        choices.push(Choice::new(now, name, now));
    }
    Ok(choices)
}

/// A cell of the file: quoted, and never read as a formula by whatever opens it.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

async fn as_csv(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeeAudit)?;
    let when = When::of(&app, &staff);
    let question = question(&asked, &when)
        .map_err(|_| crate::problem::ApiError::malformed("Ask for days that can be"))?;
    let mut names = Names::of(&app).await?;
    let mut text = String::from("at,local_time,log_number,person,patient,what\r\n");
    let (mut mark, mut lines) = (AuditMark::default(), 0);
    loop {
        let page = app.wards.audit(permit, question.asked, mark, 500).await?;
        let stays = page.lines.iter().filter_map(|line| line.stay);
        names.learn(&app, permit, stays).await?;
        let words = Words {
            ward_code: staff.ward.code.as_str(),
            names: &names.staff,
            when: &when,
        };
        for line in &page.lines {
            let number = match line.what {
                AuditWhat::Did(seq, _) | AuditWhat::Unreadable(seq) => seq.0.to_string(),
                AuditWhat::Looked(_) => String::new(),
            };
            let patient = line.stay.and_then(|stay| names.patient(stay));
            let cells = [
                line.at.to_string(),
                when.stamp(line.at),
                number,
                names.who(line),
                patient.unwrap_or_default().to_owned(),
                words.of(&line.what),
            ];
            text.push_str(&cells.map(|text| cell(&text)).join(","));
            text.push_str("\r\n");
        }
        lines += page.lines.len();
        match page.next {
            Some(next) if lines < IN_A_FILE => mark = next,
            Some(_) => {
                text.push_str("\"\",\"\",\"\",\"\",\"\",\"There is more: ask for fewer days\"\r\n");
                break;
            }
            None => break,
        }
    }
    let name = format!(
        "attachment; filename=\"audit-{}-{}-to-{}.csv\"",
        staff.ward.code, question.first, question.last
    );
    let kind = "text/csv; charset=utf-8".to_owned();
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_ended_is_found_again() {
        let id = Uuid::from_u128(7);
        let marks = [
            AuditMark::default(),
            AuditMark {
                seq: Some(Seq(4711)),
                view: None,
            },
            AuditMark {
                seq: Some(Seq(4711)),
                view: Some((Timestamp::from_millis(12), id)),
            },
            AuditMark {
                seq: None,
                view: Some((Timestamp::from_millis(12), id)),
            },
        ];
        for mark in marks {
            assert_eq!(mark_of(&mark_text(mark)), mark);
        }
        assert_eq!(mark_of("x.y.z"), AuditMark::default());
    }

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(cell("=cmd()"), "\"'=cmd()\"");
        assert_eq!(cell("O'Hara \"Zo\""), "\"O'Hara \"\"Zo\"\"\"");
    }
}
