//! One day of a sheet: what it says is typed in, what is odd is asked about, and on to the next day.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::{Date, Time};
use uuid::Uuid;
use ward_core::entry::Means;
use ward_core::hand::{OddAnswer, Typed};
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::permit::Verb;
use ward_core::plan::Band;
use ward_service::{Entering, EntryError, NewEntry, NewReading, SaidBy};

use super::answers::{self, Asked, AskedKind};
use super::entered::{self, Entered, KeptDay};
use super::row::{ROWS_AT_MOST, Row, number};
use super::{OnPaper, days_after};
use crate::extract::Ids;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

/// Days before the admission whose readings may be told.
const DAYS_BEFORE: i64 = 7;

/// All that was typed, field by field.
type Fields = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "paper/day.html")]
struct DayPage {
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
    /// Goes with the form, so that what is sent twice is stored once.
    form: Uuid,
    readings: Vec<Entered>,
    diary_entered: Option<String>,
    rows: Vec<Row>,
    questions: Vec<Asked>,
    from_carer: bool,
    carer: String,
    just_saved: bool,
    errors: FormErrors,
}

type DayIds = Result<Ids<(Uuid, Uuid, String)>, ApiError>;

/// The stay and the day of the path, for somebody who may write there.
async fn opened(
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

async fn draw(
    app: &App,
    staff: &Staff,
    person: &OnPaper,
    day: Date,
    typed: Option<&Fields>,
    errors: FormErrors,
) -> Result<DayPage, PageError> {
    let kept = entered::of_day(app, &staff.permit, person, day).await?;
    let stay = person.stay().id;
    let today = person.zone.day_of(app.wards.clock().now());
    let first = days_after(person.first_day(), -DAYS_BEFORE);
    let path_of = |day: Date| staff.path(&format!("/transcribe/{stay}/{day}"));
    let none = Fields::new();
    let chrome = staff.chrome(Here::Elsewhere);
    let form_id = typed.and_then(|form| form.get("form")?.parse().ok());
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
        form: form_id.unwrap_or_else(Uuid::new_v4),
        rows: match typed.map(Row::all) {
            Some(rows) if !rows.is_empty() => rows,
            _ => empty_rows(person, &kept, day),
        },
        questions: match (&person.questionnaire, &kept.diary) {
            (Some(asked), None) => answers::asked(asked, typed.unwrap_or(&none)),
            _ => Vec::new(),
        },
        readings: kept.readings,
        diary_entered: kept.diary,
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

fn is_from_carer(form: &Fields) -> bool {
    form.get("from").is_some_and(|from| from == "carer")
}

/// Whose words they are.
fn entering(
    staff: &Staff,
    stay: StayId,
    form: &Fields,
    errors: &mut FormErrors,
) -> Result<Option<Entering>, PageError> {
    let said_by = if is_from_carer(form) {
        SaidBy::Carer(form.get("carer").cloned().unwrap_or_default())
    } else {
        SaidBy::Patient
    };
    match Entering::by_staff(&staff.permit, stay, said_by, Means::Paper) {
        Ok(entering) => Ok(Some(entering)),
        Err(EntryError::Carer) => {
            errors.add("carer", "Enter the name of who wrote the sheet");
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn save(
    State(app): State<Arc<App>>,
    ids: DayIds,
    PageForm { staff, form }: PageForm<Fields>,
) -> Result<Response, PageError> {
    let Ids((_, stay, day)) = ids?;
    let (person, day) = opened(&app, &staff, stay, &day).await?;
    let mut errors = FormErrors::default();
    let form_id: Uuid = form
        .get("form")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| ApiError::malformed("Load the page again, and send its form"))?;
    let entering = entering(&staff, StayId(stay), &form, &mut errors)?;
    let rows = Row::all(&form);
    let readings: Vec<(String, NewReading)> = rows
        .iter()
        .filter_map(|row| {
            let reading = row.reading(form_id, &person.zone, day, &mut errors)?;
            Some((format!("oxygen-{}", row.number), reading))
        })
        .collect();
    let answered = match &person.questionnaire {
        Some(asked) => answers::read(asked, &form, &mut errors),
        None => BTreeMap::new(),
    };
    if errors.is_empty() && readings.is_empty() && answered.is_empty() {
        let first = rows.first().map_or(1, |row| row.number);
        errors.add(format!("oxygen-{first}"), "Type in what the sheet says");
    }
    let mut saved = Saved::default();
    if let (Some(entering), true) = (entering, errors.is_empty()) {
        for (field, reading) in readings {
            match app.wards.enter_reading(entering.clone(), reading).await {
                Ok(entered) => saved.reading(&entered.recorded),
                Err(why) => refused(&mut errors, field, why)?,
            }
        }
        if let (Some(asked), false) = (&person.questionnaire, answered.is_empty()) {
            let new = NewEntry {
                id: EntryId(Uuid::new_v5(&form_id, b"diary")),
                questionnaire: Some((asked.name.clone(), asked.version)),
                at: Some(person.zone.at(day, diary_time(&person))),
                answers: answered,
            };
            match app.wards.submit_diary(entering, new).await {
                Ok(submitted) => saved.diary(&submitted),
                Err(why) => refused(&mut errors, "questions".to_owned(), why)?,
            }
        }
    }
    if !errors.is_empty() {
        let page = draw(&app, &staff, &person, day, Some(&form), errors).await?;
        return Ok(staff.answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let today = person.zone.day_of(app.wards.clock().now());
    let stays_here = form.get("then").is_none_or(|then| then != "next");
    let on = if stays_here || saved.asks || saved.is_urgent || day >= today {
        day
    } else {
        days_after(day, 1)
    };
    let path = staff.path(&format!("/transcribe/{stay}/{on}"));
    Ok(on_to(&path, &saved.in_words(day)))
}

/// When the answers of a day are about.
fn diary_time(person: &OnPaper) -> Time {
    let diary = person.plan.version.plan.care.diary.as_ref();
    let slot = diary.and_then(|diary| diary.schedule.times.first().copied());
    slot.unwrap_or(Time::constant(12, 0, 0, 0))
}

fn refused(errors: &mut FormErrors, field: String, why: EntryError) -> Result<(), PageError> {
    match why {
        EntryError::Unavailable(_) | EntryError::NoSuchStay => Err(why.into()),
        EntryError::UsedId => {
            errors.add(
                field,
                "This was saved before with other numbers. Strike it out on the patient’s page if it was wrong",
            );
            Ok(())
        }
        other => {
            errors.add(field, sentence(&other.to_string()));
            Ok(())
        }
    }
}

/// What has been saved of a day.
#[derive(Default)]
struct Saved {
    readings: u32,
    diary: bool,
    asks: bool,
    is_urgent: bool,
}

impl Saved {
    fn reading(&mut self, recorded: &ward_service::Recorded) {
        self.readings += 1;
        self.asks |= recorded.odd.is_some();
        self.is_urgent |= recorded.band == Band::Red && !recorded.is_over;
    }

    fn diary(&mut self, submitted: &ward_service::DiarySubmitted) {
        self.diary = true;
        // Advice comes the most urgent first, and only for what still counts.
        let first = submitted.advice.first().map(|line| line.advice);
        self.is_urgent |= matches!(
            first,
            Some(ward_core::advice::Advice::Call999 | ward_core::advice::Advice::RedValue)
        );
    }

    fn in_words(&self, day: Date) -> String {
        let readings = match self.readings {
            0 => None,
            1 => Some("1 reading".to_owned()),
            many => Some(format!("{many} readings")),
        };
        let diary = self.diary.then(|| "the diary".to_owned());
        let what: Vec<String> = readings.into_iter().chain(diary).collect();
        let day = day.strftime("%A %d %B");
        let asks = if self.asks {
            " Something on it is odd: answer the question below."
        } else {
            ""
        };
        let urgent = if self.is_urgent {
            " There is a red among it that nothing newer has replaced: it is on the board. Ring the patient now."
        } else {
            ""
        };
        format!("Saved for {day}: {}.{asks}{urgent}", what.join(" and "))
    }
}

/// What the sheet says where something was odd.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, String, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<Fields>,
) -> Result<Response, PageError> {
    let Ids((_, stay, day, reading)) = ids?;
    let (person, day) = opened(&app, &staff, stay, &day).await?;
    let mut errors = FormErrors::default();
    let entering = Entering::by_staff(&staff.permit, StayId(stay), SaidBy::Patient, Means::Paper)?;
    let field = format!("right-{reading}");
    let corrected = || {
        let typed = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        Some(OddAnswer::Corrected(Typed {
            spo2: number(typed("oxygen"))?,
            pulse: number(typed("pulse")),
        }))
    };
    let right = match form.get("right").map(String::as_str) {
        Some("as_typed") => Some(OddAnswer::AsTyped),
        Some("swapped") => Some(OddAnswer::Swapped),
        Some("other") => corrected(),
        _ => None,
    };
    match right {
        None => errors.add(
            field,
            "Say what the sheet says, with numbers if they differ",
        ),
        Some(right) => {
            let answered = app
                .wards
                .answer_question(entering, ReadingId(reading), right);
            if let Err(why) = answered.await {
                refused(&mut errors, field, why)?;
            }
        }
    }
    if !errors.is_empty() {
        let page = draw(&app, &staff, &person, day, None, errors).await?;
        return Ok(staff.answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let path = staff.path(&format!("/transcribe/{stay}/{day}"));
    Ok(on_to(
        &path,
        "Answered: the reading counts as it stands now.",
    ))
}
