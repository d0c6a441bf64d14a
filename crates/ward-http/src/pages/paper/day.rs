//! One day of a sheet, as it is typed in: what is kept already, what is still to be typed, and what is asked about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::permit::Verb;

use super::answers::{self, Asked, AskedKind};
use super::entered::{self, Entered, KeptDay};
use super::row::{ROWS_AT_MOST, Row};
use super::save::{DIARY, is_from_carer};
use super::{OnPaper, days_after};
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

/// Days before the admission whose readings may be told.
const DAYS_BEFORE: i64 = 7;

/// All that was typed, field by field.
pub(super) type Fields = BTreeMap<String, String>;

/// What somebody sent, and what somebody else has typed for the same places, by the place.
#[derive(Clone, Copy)]
pub(super) struct Typing<'a> {
    pub(super) fields: &'a Fields,
    pub(super) there: &'a BTreeMap<String, Uuid>,
}

/// A place of the sheet that two people have read differently.
struct Twice {
    there: Uuid,
    /// What was typed before, by whom and how.
    words: String,
    choices: Vec<Choice>,
}

impl Twice {
    /// Who may not correct is told whom to ask, and what they typed stays in the form.
    fn of(
        typing: Typing<'_>,
        place: &str,
        words: impl Fn(Uuid) -> Option<String>,
        may_correct: bool,
    ) -> Option<Self> {
        let there = *typing.there.get(place)?;
        let mine = if may_correct {
            Choice::new(
                "mine",
                "What I have typed is right: strike out the other",
                "",
            )
        } else {
            Choice::new(
                "ask",
                "What I have typed is right: I have a clinician strike the other out, then save",
                "",
            )
        };
        Some(Self {
            there,
            words: words(there).unwrap_or_else(|| "something else".to_owned()),
            choices: vec![
                Choice::new("there", "What is there is right: leave it", ""),
                mine,
            ],
        })
    }
}

#[derive(Template)]
#[template(path = "paper/day.html")]
pub(super) struct DayPage {
    chrome: Chrome,
    path: String,
    find_path: String,
    patient_path: String,
    patient_name: String,
    birth_date: String,
    nhs_number: String,
    day_words: String,
    day_number: i64,
    earlier: Option<String>,
    later: Option<String>,
    readings: Vec<Entered>,
    diary_entered: Option<String>,
    rows: Vec<(Row, Option<Twice>)>,
    questions: Vec<Asked>,
    answers_twice: Option<Twice>,
    from_carer: bool,
    carer: String,
    just_saved: bool,
    errors: FormErrors,
}

pub(super) type DayIds = Result<Ids<(Uuid, Uuid, String)>, ApiError>;

/// The stay and the day of the path, for somebody who may write there.
pub(super) async fn opened(
    app: &App,
    staff: &Staff,
    stay: Uuid,
    day: &str,
) -> Result<(OnPaper, Date), PageError> {
    let permit = staff.needs(Verb::EnterForPatient)?;
    let day: Date = day.parse().map_err(|_| ApiError::not_found())?;
    let person = OnPaper::load(app, permit, StayId(stay)).await?;
    let today = person.zone.day_of(app.wards.clock().now());
    let first = days_after(person.first_day(), -DAYS_BEFORE);
    if day < first || day > today {
        return Err(ApiError::malformed(
            "A sheet is typed in for days from a week before the stay began until today: choose another day",
        )
        .into());
    }
    Ok((person, day))
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    ids: DayIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, day)) = ids?;
    let (person, day) = opened(&app, &staff, stay, &day).await?;
    app.wards
        .note_view(&staff.permit, StayId(stay), "transcription")
        .await;
    let page = draw(&app, &staff, &person, day, None, FormErrors::default()).await?;
    Ok(staff.answer(StatusCode::OK, &page))
}

pub(super) async fn draw(
    app: &App,
    staff: &Staff,
    person: &OnPaper,
    day: Date,
    typing: Option<Typing<'_>>,
    errors: FormErrors,
) -> Result<DayPage, PageError> {
    let kept = entered::of_day(app, &staff.permit, person, day).await?;
    let stay = person.stay().id;
    let today = person.zone.day_of(app.wards.clock().now());
    let first = days_after(person.first_day(), -DAYS_BEFORE);
    let path_of = |day: Date| staff.path(&format!("/transcribe/{stay}/{day}"));
    let none = Fields::new();
    let chrome = staff.chrome(Here::Elsewhere);
    let typed = typing.map(|it| it.fields);
    let may_correct = staff.may(Verb::Correct);
    let twice = |place: &str| {
        let words = |id| kept.words_of(id, typed, person.questionnaire.as_ref());
        Twice::of(typing?, place, words, may_correct)
    };
    let answers_twice = twice(DIARY);
    let rows = match typed.map(Row::all) {
        Some(rows) if !rows.is_empty() => rows,
        _ => empty_rows(person, &kept, day),
    };
    Ok(DayPage {
        path: path_of(day),
        find_path: staff.path("/transcribe"),
        patient_path: staff.path(&format!("/stays/{stay}")),
        patient_name: person.patient.display_name(),
        birth_date: person.patient.birth_date.on_screen(),
        nhs_number: person.patient.nhs_number.to_string(),
        day_words: day.strftime("%A %d %B %Y").to_string(),
        day_number: person.number_of(day),
        earlier: (day > first).then(|| path_of(days_after(day, -1))),
        later: (day < today).then(|| path_of(days_after(day, 1))),
        rows: rows
            .into_iter()
            .map(|row| {
                let twice = twice(&row.number.to_string());
                (row, twice)
            })
            .collect(),
        questions: match &person.questionnaire {
            Some(asked) if kept.diary.is_none() || answers_twice.is_some() => {
                answers::asked(asked, typed.unwrap_or(&none))
            }
            _ => Vec::new(),
        },
        answers_twice,
        diary_entered: kept.diary.map(|diary| diary.came),
        readings: kept.readings,
        from_carer: typed.is_some_and(is_from_carer),
        carer: typed
            .and_then(|form| form.get("carer").cloned())
            .unwrap_or_default(),
        just_saved: chrome.said.is_some() && errors.is_empty(),
        chrome,
        errors,
    })
}

/// A row for each time of the plan of which nothing is kept, and one more.
fn empty_rows(person: &OnPaper, kept: &KeptDay, day: Date) -> Vec<Row> {
    let schedule = &person.plan.version.plan.care.schedule;
    let window = (schedule.before_minutes, schedule.after_minutes);
    let open = schedule
        .times
        .iter()
        .filter(|slot| !entered::is_kept(kept, &person.zone, day, **slot, window))
        .map(|slot| Some(*slot));
    (1..ROWS_AT_MOST)
        .zip(open.chain([None]))
        .map(|(number, slot)| Row::empty(number, slot))
        .collect()
}
