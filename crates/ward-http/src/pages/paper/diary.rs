//! The diary that is printed for a patient: what to do on its first page, then sheets for some days each.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::permit::Verb;
use ward_core::sheet_code::SheetCode;
use ward_service::words::language_of;
use ward_text::{Language, args};

use super::printed::{Printed, Said, date};
use super::{OnPaper, days_after};
use crate::extract::Ids;
use crate::pages::form::Choice;
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

/// Days on one sheet; fewer in large print.
const DAYS_A_SHEET: i64 = 7;
const DAYS_A_LARGE_SHEET: i64 = 4;

/// Sheets that are printed at once.
const SHEETS_AT_MOST: i64 = 4;

/// The days that the code of a sheet can say.
const LAST_DAY: i64 = 960;

/// What is to be printed.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// From this day of the stay on; today, where not given.
    from: Option<i64>,
    sheets: Option<i64>,
    language: Option<String>,
    /// Any value: yes.
    large: Option<String>,
}

/// One sheet: a page of numbers, a page of questions.
pub(super) struct SheetOfDays {
    pub(super) code: String,
    pub(super) days: Vec<DayOfSheet>,
}

/// A column.
pub(super) struct DayOfSheet {
    pub(super) number: Said,
    pub(super) date: Said,
}

#[derive(Template)]
#[template(path = "paper/diary.html")]
struct DiaryPage {
    chrome: Chrome,
    patient_name: String,
    birth_date: String,
    transcribe_path: String,
    day_path: String,
    from: i64,
    first_from: i64,
    sheets_wanted: Vec<Choice>,
    languages: Vec<Choice>,
    large: bool,
    printed: Printed,
    sheets: Vec<SheetOfDays>,
}

pub(super) async fn print(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let Query(wanted) = wanted.map_err(|_| ApiError::malformed("Choose what to print again"))?;
    let permit = staff.needs(Verb::SeePatient)?;
    let person = OnPaper::load(&app, permit, StayId(stay)).await?;
    app.wards
        .note_view(permit, StayId(stay), "paper diary")
        .await;

    let chosen = wanted.language.as_deref().and_then(Language::of);
    let language = chosen.unwrap_or_else(|| language_of(&person.patient.details.language));
    let large = wanted.large.is_some();
    let a_sheet = if large {
        DAYS_A_LARGE_SHEET
    } else {
        DAYS_A_SHEET
    };
    let today = person.zone.day_of(app.wards.clock().now());
    let from = wanted.from.unwrap_or_else(|| person.number_of(today));
    let from = from.clamp(1, LAST_DAY);
    let wanted_sheets = wanted.sheets.unwrap_or(1).clamp(1, SHEETS_AT_MOST);
    let sheets = (0..wanted_sheets)
        .map(|sheet| sheet_of(&person, language, from + sheet * a_sheet, a_sheet))
        .collect();
    let choices = |most: i64| {
        (1..=most).map(|number| {
            let days = number * a_sheet;
            let words = format!("{days} days");
            Choice::new(number.to_string(), words, &wanted_sheets.to_string())
        })
    };
    let page = DiaryPage {
        chrome: staff.chrome(Here::Elsewhere),
        patient_name: person.patient.display_name(),
        birth_date: person.patient.birth_date.on_screen(),
        transcribe_path: staff.path("/transcribe"),
        day_path: staff.path(&format!("/transcribe/{stay}/{today}")),
        from,
        first_from: 1,
        sheets_wanted: choices(SHEETS_AT_MOST).collect(),
        languages: Language::ALL
            .into_iter()
            .map(|it| Choice::new(it.tag(), it.english_name(), language.tag()))
            .collect(),
        large,
        printed: Printed::of(&person, language),
        sheets,
    };
    Ok(staff.answer(StatusCode::OK, &page))
}

fn sheet_of(person: &OnPaper, language: Language, from: i64, days: i64) -> SheetOfDays {
    let number = u16::try_from(from.min(LAST_DAY)).unwrap_or(1);
    SheetOfDays {
        code: SheetCode::of(person.stay().id, number).to_string(),
        days: (from..from + days)
            .map(|number| day_of(language, number, days_after(person.first_day(), number - 1)))
            .collect(),
    }
}

fn day_of(language: Language, number: i64, day: Date) -> DayOfSheet {
    DayOfSheet {
        number: Said::with(language, "paper-day", || args!["number" => number]),
        date: date(language, day),
    }
}
