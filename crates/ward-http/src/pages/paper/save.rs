//! What was typed off a day of a sheet is stored. Where somebody else has typed it otherwise, both are shown, and whoever
//! looks at the sheet says which is right.

use std::collections::BTreeMap;
use std::sync::Arc;

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

use super::answers;
use super::day::{DayIds, Fields, Typing, draw, opened};
use super::row::{Row, number};
use super::{OnPaper, days_after};
use crate::extract::Ids;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

/// Where the answers of a day are asked about, as rows are by their number.
pub(super) const DIARY: &str = "diary";

/// What the sheet says where it was typed in twice.
enum Right {
    /// What somebody else has typed: nothing is to be stored.
    There,
    /// What is typed now, instead of this.
    Mine(Uuid),
    /// Nobody was asked, or has answered.
    Unsaid,
}

fn right(form: &Fields, place: &str) -> Right {
    let there = form.get(&format!("there-{place}"));
    match form.get(&format!("right-{place}")).map(String::as_str) {
        Some("there") => Right::There,
        Some("mine") => there
            .and_then(|id| id.parse().ok())
            .map_or(Right::Unsaid, Right::Mine),
        _ => Right::Unsaid,
    }
}

pub(super) fn is_from_carer(form: &Fields) -> bool {
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

/// What was typed, as it goes on to the service.
struct Form<'a> {
    app: &'a App,
    staff: &'a Staff,
    entering: Entering,
    fields: &'a Fields,
}

impl Form<'_> {
    /// Whose words they are, and what they take the place of; nothing where what is there is right.
    fn entering(&self, place: &str) -> Result<Option<Entering>, PageError> {
        match right(self.fields, place) {
            Right::There => Ok(None),
            Right::Unsaid => Ok(Some(self.entering.clone())),
            Right::Mine(there) => {
                let permit = self.staff.needs(Verb::Correct)?;
                let now = self.app.wards.clock().now();
                let entering = self.entering.clone().instead_of(permit, there, now);
                entering
                    .map(Some)
                    .map_err(|why| ward_service::Refused::from(why).into())
            }
        }
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
    let mut there = BTreeMap::new();
    let entering = entering(&staff, StayId(stay), &form, &mut errors)?;
    let rows = Row::all(&form);
    let readings: Vec<(usize, NewReading)> = rows
        .iter()
        .filter_map(|row| {
            let id = ReadingId(app.wards.clock().new_id());
            let reading = row.reading(id, &person.zone, day, &mut errors)?;
            Some((row.number, reading))
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
        let (app, staff, fields) = (&*app, &staff, &form);
        let form = Form {
            app,
            staff,
            entering,
            fields,
        };
        for (row, reading) in readings {
            let place = row.to_string();
            let Some(entering) = form.entering(&place)? else {
                continue;
            };
            match app.wards.enter_reading(entering, reading).await {
                Ok(entered) => saved.reading(&entered.recorded),
                Err(EntryError::TypedBefore { there: id }) => {
                    errors.add(format!("right-{row}"), TYPED_BEFORE);
                    there.insert(place, id);
                }
                Err(why) => refused(&mut errors, format!("oxygen-{row}"), why)?,
            }
        }
        if let (Some(asked), false) = (&person.questionnaire, answered.is_empty())
            && let Some(entering) = form.entering(DIARY)?
        {
            let new = NewEntry {
                id: EntryId(app.wards.clock().new_id()),
                questionnaire: Some((asked.name.clone(), asked.version)),
                at: Some(person.zone.at(day, diary_time(&person))),
                answers: answered,
            };
            match app.wards.submit_diary(entering, new).await {
                Ok(submitted) => saved.diary(&submitted),
                Err(EntryError::TypedBefore { there: id }) => {
                    errors.add(format!("right-{DIARY}"), TYPED_BEFORE);
                    there.insert(DIARY.to_owned(), id);
                }
                Err(why) => refused(&mut errors, "questions".to_owned(), why)?,
            }
        }
    }
    if !errors.is_empty() {
        let status = if there.is_empty() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::CONFLICT
        };
        let typing = Typing {
            fields: &form,
            there: &there,
        };
        let page = draw(&app, &staff, &person, day, Some(typing), errors).await?;
        return Ok(staff.answer(status, &page));
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

const TYPED_BEFORE: &str = "Somebody has typed this in already, and read it differently: look at the sheet again and choose";

/// When the answers of a day are about.
fn diary_time(person: &OnPaper) -> Time {
    let diary = person.plan.version.plan.care.diary.as_ref();
    let slot = diary.and_then(|diary| diary.schedule.times.first().copied());
    slot.unwrap_or(Time::constant(12, 0, 0, 0))
}

fn refused(errors: &mut FormErrors, field: String, why: EntryError) -> Result<(), PageError> {
    match why {
        EntryError::Unavailable(_) | EntryError::NoSuchStay => Err(why.into()),
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
        if what.is_empty() {
            return format!("Nothing is changed on {day}: what was there is right.");
        }
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
