//! The duty rota: a week at a time, entered ahead.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::duty::Post;
use ward_core::id::{ClinicianId, RotaId};
use ward_core::permit::Verb;
use ward_core::rota::Turn;

use super::rooms::{Office, Room, refused, round};
use super::when::{When, day, typed_day, typed_time};
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/rota", get(week).post(enter))
        .route("/wards/{ward}/office/rota/{turn}/cancel", post(cancel))
}

/// Turns that one form enters at most: three weeks of days.
const DAYS_AT_MOST: u8 = 21;

pub(super) const fn post_words(post: Post) -> &'static str {
    match post {
        Post::Lead => "Lead",
        Post::Clinician => "Clinician",
        Post::CallHandler => "Call handler",
        Post::OnCall => "On call",
    }
}

/// A turn as the week shows it.
struct TurnRow {
    id: Uuid,
    hours: String,
    name: String,
    post: &'static str,
}

/// One day of the week, and who begins a turn on it.
struct DayRow {
    title: String,
    is_today: bool,
    turns: Vec<TurnRow>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct TurnForm {
    person: String,
    post: String,
    day: String,
    from: String,
    until: String,
    days: String,
}

#[derive(Template)]
#[template(path = "office/rota.html")]
struct RotaPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    title: String,
    before: String,
    after: String,
    days: Vec<DayRow>,
    may_change: bool,
    form: TurnForm,
    people: Vec<Choice>,
    posts: Vec<Choice>,
}

#[derive(Deserialize)]
struct Week {
    week: Option<String>,
}

fn monday_of(day: Date) -> Date {
    let since = day.weekday().to_monday_zero_offset();
    day.saturating_sub(i32::from(since).days())
}

async fn week(
    State(app): State<Arc<App>>,
    Query(Week { week }): Query<Week>,
    staff: Staff,
) -> Result<Response, PageError> {
    let when = When::of(&app, &staff);
    let day = week.and_then(|week| typed_day(&week)).unwrap_or(when.today);
    let form = TurnForm {
        day: super::when::day(day.max(when.today)),
        from: "08:00".to_owned(),
        until: "20:00".to_owned(),
        days: "1".to_owned(),
        post: Post::Clinician.as_str().to_owned(),
        ..TurnForm::default()
    };
    let nothing = FormErrors::default();
    draw(&app, &staff, monday_of(day), form, StatusCode::OK, nothing).await
}

async fn draw(
    app: &App,
    staff: &Staff,
    monday: Date,
    form: TurnForm,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::TakeDuty)?;
    let when = When::of(app, staff);
    let next = monday.saturating_add(7.days());
    let (from, until) = (when.zone.start_of(monday), when.zone.start_of(next));
    let turns = app.wards.rota(permit, from, until).await?;
    let names = app.wards.store().names_of_staff().await;
    let names = names.map_err(ward_service::Unavailable::from)?;
    let members = app.wards.members(permit).await?;
    let people = members
        .iter()
        .filter(|member| member.disabled_at.is_none())
        .map(|member| {
            let id = member.clinician.id.to_string();
            Choice::new(id, member.clinician.name.clone(), &form.person)
        });
    let nobody = Choice::new("", "Choose a person", &form.person);
    let posts = Post::ALL.map(|post| Choice::new(post.as_str(), post_words(post), &form.post));
    let (chrome, office) = round(staff, Room::Rota);
    let drawn = RotaPage {
        chrome,
        office,
        title: day(monday),
        before: monday.saturating_sub(7.days()).to_string(),
        after: next.to_string(),
        days: days_of(monday, &turns, &names, &when),
        may_change: staff.may(Verb::SetRota),
        people: std::iter::once(nobody).chain(people).collect(),
        posts: posts.into(),
        errors,
        form,
    };
    Ok(staff.answer(status, &drawn))
}

fn days_of(
    monday: Date,
    turns: &[Turn],
    names: &BTreeMap<ClinicianId, String>,
    when: &When,
) -> Vec<DayRow> {
    let of_day = |offset: i32| {
        let today = monday.saturating_add(offset.days());
        let row = |turn: &Turn| TurnRow {
            id: turn.id.0,
            hours: format!("{} to {}", when.clock(turn.from), when.clock(turn.until)),
            name: names.get(&turn.clinician).cloned().unwrap_or_default(),
            post: post_words(turn.post),
        };
        // What began on Sunday night stands on the first day of the week.
        let begins = |turn: &&Turn| when.zone.day_of(turn.from).max(monday) == today;
        DayRow {
            title: today.strftime("%A %d-%b").to_string(),
            is_today: today == when.today,
            turns: turns.iter().filter(begins).map(row).collect(),
        }
    };
    (0..7).map(of_day).collect()
}

/// A form that can be entered.
struct Wanted {
    person: ClinicianId,
    post: Post,
    first: Date,
    from: Time,
    until: Time,
    days: u8,
}

fn wanted(form: &TurnForm) -> Result<Wanted, FormErrors> {
    let mut errors = FormErrors::default();
    let person = form.person.parse::<Uuid>().ok().map(ClinicianId);
    if person.is_none() {
        errors.add("person", "Choose a person");
    }
    let post = Post::named(&form.post);
    if post.is_none() {
        errors.add("post", "Choose a post");
    }
    let first = typed_day(&form.day);
    if first.is_none() {
        errors.add("day", "Enter a day, for example 24-Nov-2026");
    }
    let (from, until) = (typed_time(&form.from), typed_time(&form.until));
    if from.is_none() {
        errors.add("from", "Enter a time, for example 08:00");
    }
    if until.is_none() {
        errors.add("until", "Enter a time, for example 20:00");
    }
    let days = form.days.trim().parse::<u8>().ok();
    let days = days.filter(|days| (1..=DAYS_AT_MOST).contains(days));
    if days.is_none() {
        errors.add("days", format!("Enter a number from 1 to {DAYS_AT_MOST}"));
    }
    match (person, post, first, from, until, days) {
        (Some(person), Some(post), Some(first), Some(from), Some(until), Some(days)) => {
            Ok(Wanted {
                person,
                post,
                first,
                from,
                until,
                days,
            })
        }
        _ => Err(errors),
    }
}

async fn enter(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<TurnForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetRota)?;
    let when = When::of(&app, &staff);
    let wanted = match wanted(&form) {
        Ok(wanted) => wanted,
        Err(errors) => {
            let monday = monday_of(typed_day(&form.day).unwrap_or(when.today));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&app, &staff, monday, form, status, errors).await;
        }
    };
    let monday = monday_of(wanted.first);
    // An end at or before the beginning is one of the next morning.
    let over_midnight = i32::from(wanted.until <= wanted.from);
    for offset in 0..wanted.days {
        let first = wanted.first.saturating_add(i32::from(offset).days());
        let last = first.saturating_add(over_midnight.days());
        let from = when.zone.at(first, wanted.from);
        let until = when.zone.at(last, wanted.until);
        let entered = app
            .wards
            .enter_turn(permit, wanted.person, wanted.post, from, until);
        if let Err(error) = entered.await {
            let error = ApiError::from(error);
            let before = if offset == 0 {
                String::new()
            } else {
                format!(" The {offset} days before it are entered.")
            };
            let said = crate::pages::frame::sentence(error.detail());
            let errors = FormErrors::one("day", format!("{}: {said}{before}", day(first)));
            return draw(&app, &staff, monday, form, error.status(), errors).await;
        }
    }
    let name = app.wards.clinician_name(wanted.person).await?;
    let name = name.unwrap_or_default();
    let said = match wanted.days {
        1 => format!("{name} is on the rota on {}.", day(wanted.first)),
        days => format!(
            "{name} is on the rota for {days} days from {}.",
            day(wanted.first)
        ),
    };
    let path = staff.path(&format!("/office/rota?week={monday}"));
    Ok(on_to(&path, &said))
}

#[derive(Deserialize)]
struct CancelForm {
    #[serde(default)]
    week: String,
}

async fn cancel(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<CancelForm>,
) -> Result<Response, PageError> {
    let Ids((_, turn)) = ids?;
    let permit = staff.needs(Verb::SetRota)?;
    let week = typed_day(&form.week).map_or_else(String::new, |week| format!("?week={week}"));
    let path = staff.path(&format!("/office/rota{week}"));
    match app.wards.cancel_turn(permit, RotaId(turn)).await {
        Ok(()) => Ok(on_to(&path, "The turn is cancelled.")),
        Err(error) => refused(error, "day", |_, _| {
            Ok(on_to(&path, "The turn was cancelled before."))
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday_of(date(2026, 11, 22)), date(2026, 11, 16));
        assert_eq!(monday_of(date(2026, 11, 23)), date(2026, 11, 23));
    }

    #[test]
    fn what_is_missing_in_a_turn_is_said_field_by_field() {
        let errors = wanted(&TurnForm::default()).err().unwrap();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["person", "post", "day", "from", "until", "days"]);
    }
}
