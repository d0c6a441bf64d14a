//! What was entered in error is struck out, or moved to whom it belongs. Nothing is deleted.

mod record;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::correction::{Code, Reason};
use ward_core::id::{ContactId, EntryId, ExertionId, ReadingId, StayId};
use ward_core::permit::Verb;
use ward_core::time::Timestamp;
use ward_service::CorrectError;

use crate::extract::{Ids, Query, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use record::{in_words, people};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            stay_path!("/readings/{record}"),
            get(reading).post(strike_reading),
        )
        .route(stay_path!("/readings/{record}/move"), post(move_reading))
        .route(stay_path!("/diary/{record}"), get(entry).post(strike_entry))
        .route(
            stay_path!("/exertion/{record}"),
            get(exertion).post(strike_exertion),
        )
        .route(
            stay_path!("/contacts/{record}"),
            get(contact).post(strike_contact),
        )
}

const CODES: [(Code, &str); 6] = [
    (Code::WrongPatient, "Wrong patient"),
    (
        Code::WrongValue,
        "Wrong value: mistyped, misread, measured wrongly",
    ),
    (Code::WrongTime, "Wrong time"),
    (Code::EnteredTwice, "Entered twice"),
    (Code::TriedOut, "Kit was tried out, nobody was measured"),
    (Code::Other, "Another reason, given below"),
];

/// What kind of record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Record {
    Reading,
    Entry,
    Contact,
    Exertion,
}

impl Record {
    const fn page(self) -> (&'static str, Tab) {
        match self {
            Self::Reading => ("/readings", Tab::Readings),
            Self::Entry => ("/diary", Tab::Diary),
            Self::Contact => ("/contacts", Tab::Contacts),
            Self::Exertion => ("/exertion", Tab::Readings),
        }
    }

    /// The list that it stands in.
    const fn list(self) -> &'static str {
        match self {
            Self::Reading | Self::Exertion => "/readings",
            Self::Entry => "/diary",
            Self::Contact => "/contacts",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Entry => "diary entry",
            Self::Contact => "contact",
            Self::Exertion => "exertion test",
        }
    }
}

#[derive(Template)]
#[template(path = "patient/correct.html")]
struct CorrectPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    word: &'static str,
    /// The record in words.
    what: String,
    /// Its path, and the list that it stands in.
    action: String,
    back: String,
    at: i64,
    codes: Vec<Choice>,
    text: String,
    /// Whom a reading can be moved to.
    people: Option<Vec<Choice>>,
    moving: String,
}

/// When it was: records are found by their time.
#[derive(Debug, Deserialize)]
struct At {
    at: i64,
}

#[derive(Debug, Default, Deserialize)]
struct StrikeForm {
    at: i64,
    #[serde(default)]
    code: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    moving: String,
}

/// A form that did not get through.
struct Failed {
    errors: FormErrors,
    status: StatusCode,
}

type RecordIds = Result<Ids<(Uuid, Uuid, Uuid)>, ApiError>;

async fn reading(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    Query(At { at }): Query<At>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    show(&app, staff, (stay, id, Record::Reading), at).await
}

async fn entry(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    Query(At { at }): Query<At>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    show(&app, staff, (stay, id, Record::Entry), at).await
}

async fn contact(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    Query(At { at }): Query<At>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    show(&app, staff, (stay, id, Record::Contact), at).await
}

async fn exertion(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    Query(At { at }): Query<At>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    show(&app, staff, (stay, id, Record::Exertion), at).await
}

async fn show(
    app: &App,
    staff: Staff,
    (stay, id, record): (Uuid, Uuid, Record),
    at: i64,
) -> Result<Response, PageError> {
    staff.needs(Verb::Correct)?;
    let opened = Opened::of(app, staff, stay, "correction").await?;
    let form = StrikeForm {
        at,
        ..StrikeForm::default()
    };
    draw(app, opened, (id, record), &form, None).await
}

async fn draw(
    app: &App,
    opened: Opened,
    (id, record): (Uuid, Record),
    form: &StrikeForm,
    failed: Option<Failed>,
) -> Result<Response, PageError> {
    let at = Timestamp::from_millis(form.at);
    let what = in_words(app, &opened, (id, record), at).await?;
    let (page, tab) = record.page();
    let people = match record {
        Record::Reading => Some(people(app, &opened, &form.to).await?),
        Record::Entry | Record::Contact | Record::Exertion => None,
    };
    let (errors, status) = failed.map_or((FormErrors::default(), StatusCode::OK), |it| {
        (it.errors, it.status)
    });
    let drawn = CorrectPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        errors,
        word: record.word(),
        what,
        action: opened.path(&format!("{page}/{id}")),
        back: opened.path(record.list()),
        at: form.at,
        codes: CODES
            .map(|(code, words)| Choice::new(code.name(), words, &form.code))
            .into(),
        text: form.text.clone(),
        people,
        moving: form.moving.clone(),
        top: opened.top(tab),
    };
    Ok(opened.staff.answer(status, &drawn))
}

async fn strike_reading(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    form: PageForm<StrikeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    strike(&app, form, (stay, id, Record::Reading)).await
}

async fn strike_entry(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    form: PageForm<StrikeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    strike(&app, form, (stay, id, Record::Entry)).await
}

async fn strike_contact(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    form: PageForm<StrikeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    strike(&app, form, (stay, id, Record::Contact)).await
}

async fn strike_exertion(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    form: PageForm<StrikeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    strike(&app, form, (stay, id, Record::Exertion)).await
}

async fn strike(
    app: &App,
    PageForm { staff, form }: PageForm<StrikeForm>,
    (stay, id, record): (Uuid, Uuid, Record),
) -> Result<Response, PageError> {
    let permit = *staff.needs(Verb::Correct)?;
    let code = CODES.iter().find(|(code, _)| code.name() == form.code);
    let failed = match code {
        None => Failed {
            errors: FormErrors::one("code", "Choose why it is struck out"),
            status: StatusCode::UNPROCESSABLE_ENTITY,
        },
        Some((code, _)) => {
            let reason = Reason {
                code: *code,
                text: without_nul(form.text.clone()),
            };
            let (wards, of) = (&app.wards, StayId(stay));
            let done = match record {
                Record::Reading => {
                    wards
                        .strike_out_reading(&permit, of, ReadingId(id), reason)
                        .await
                }
                Record::Entry => {
                    wards
                        .strike_out_entry(&permit, of, EntryId(id), reason)
                        .await
                }
                Record::Exertion => {
                    wards
                        .strike_out_exertion(&permit, of, ExertionId(id), reason)
                        .await
                }
                Record::Contact => {
                    wards
                        .strike_out_contact(&permit, of, ContactId(id), reason)
                        .await
                }
            };
            match done {
                Ok(()) => {
                    let said = format!(
                        "The {} is struck out. It stays to be seen, and counts no more.",
                        record.word()
                    );
                    return Ok(on_to(&path(&staff, StayId(stay), record.list()), &said));
                }
                Err(error) => refused(error, "text"),
            }
        }
    };
    let opened = Opened::of(app, staff, stay, "correction").await?;
    draw(app, opened, (id, record), &form, Some(failed)).await
}

async fn move_reading(
    State(app): State<Arc<App>>,
    ids: RecordIds,
    PageForm { staff, form }: PageForm<StrikeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, id)) = ids?;
    let permit = *staff.needs(Verb::Correct)?;
    let failed = match form.to.parse::<StayId>() {
        Err(_) => Failed {
            errors: FormErrors::one("to", "Choose whose reading it is"),
            status: StatusCode::UNPROCESSABLE_ENTITY,
        },
        Ok(to) => {
            let reason = Reason {
                code: Code::WrongPatient,
                text: without_nul(form.moving.clone()),
            };
            let (of, reading) = (StayId(stay), ReadingId(id));
            match app
                .wards
                .move_reading(&permit, of, reading, &permit, to, reason)
                .await
            {
                Ok(_) => {
                    let said = "The reading is moved. Both charts are judged again.";
                    return Ok(on_to(&path(&staff, of, "/readings"), said));
                }
                Err(error) => refused(error, "to"),
            }
        }
    };
    let opened = Opened::of(&app, staff, stay, "correction").await?;
    draw(&app, opened, (id, Record::Reading), &form, Some(failed)).await
}

fn refused(error: CorrectError, field: &'static str) -> Failed {
    let error = ApiError::from(error);
    Failed {
        errors: FormErrors::one(field, sentence(error.detail())),
        status: error.status(),
    }
}
