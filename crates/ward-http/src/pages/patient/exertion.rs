//! Staff enter an exertion test on the page of a patient; and the tests of a stay as a table.

mod form;
mod table;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::exertion::{ExertionRefused, Part, REST_AT_LEAST_PERCENT};
use ward_core::hand::{HandRefused, Odd};
use ward_core::permit::Verb;
use ward_service::{EntryError, ExertionEntered, ExertionError, ReadingEntered, Recorded};

use crate::extract::{Ids, Query};
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::charts::in_units;
use crate::pages::patient::enter::question;
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use form::TestForm;
pub(super) use table::{TestRow, in_words, rows};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/exertion/new"), get(page).post(save))
}

/// What is asked about one of its values.
struct Asked {
    reading: Uuid,
    value: String,
    question: &'static str,
    may_be_swapped: bool,
}

/// What became of it.
struct Saved {
    words: String,
    /// A test, and not only readings.
    is_test: bool,
    row: Option<TestRow>,
    advice: Vec<String>,
    asked: Vec<Asked>,
    means: String,
    said_by: String,
    carer: String,
}

impl Saved {
    fn of_test(entered: ExertionEntered, opened: &Opened, form: &TestForm) -> Self {
        let row = TestRow::of(opened, &entered.line);
        Self {
            words: row.words.clone(),
            is_test: entered.line.counts(),
            row: Some(row),
            advice: entered.advice.into_iter().map(|line| line.text).collect(),
            ..Self::asking(&entered.recorded, form)
        }
    }

    fn of_reading(entered: ReadingEntered, form: &TestForm) -> Self {
        let recorded = [entered.recorded];
        let words = recorded
            .iter()
            .map(|it| format!("at rest {} %", it.values.spo2));
        Self {
            words: words.collect(),
            advice: entered.advice.into_iter().map(|line| line.text).collect(),
            ..Self::asking(&recorded, form)
        }
    }

    fn asking(recorded: &[Recorded], form: &TestForm) -> Self {
        let asked = recorded.iter().filter_map(|recorded| {
            let odd = recorded.odd?;
            Some(Asked {
                reading: recorded.reading.0,
                value: in_units(recorded.values.spo2.tenths()),
                question: question(odd),
                may_be_swapped: odd == Odd::Swapped,
            })
        });
        Self {
            words: String::new(),
            is_test: false,
            row: None,
            advice: Vec::new(),
            asked: asked.collect(),
            means: form.means.clone(),
            said_by: form.said_by.clone(),
            carer: form.carer.clone(),
        }
    }
}

/// What the person can press beside Save, where something was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    Nothing,
    Readings,
    ItIsSo,
}

#[derive(Template)]
#[template(path = "patient/exertion.html")]
struct ExertionPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: TestForm,
    saved: Option<Saved>,
    rest_at_least: u16,
    points: Option<u16>,
    offer: Offer,
}

#[derive(Debug, Default, Deserialize)]
struct From {
    #[serde(default)]
    means: String,
}

type StayIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn page(
    State(app): State<Arc<App>>,
    ids: StayIds,
    Query(from): Query<From>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::EnterForPatient)?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let means = if from.means.is_empty() {
        "visit"
    } else {
        &from.means
    };
    let form = TestForm::empty(&app, means);
    Ok(draw(&opened, StatusCode::OK, form, Drawn::default()))
}

async fn save(
    State(app): State<Arc<App>>,
    ids: StayIds,
    PageForm { staff, form }: PageForm<TestForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::EnterForPatient)?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let too_low = form.too_low();
    let as_readings = form.go == "readings" && too_low.is_some();
    if let (Some(refused), false) = (&too_low, as_readings) {
        // Said before anything else that is wrong: whoever is low is not to go on.
        let refused = ExertionError::Refused(*refused);
        return refuse(&opened, form, refused);
    }
    let mut errors = FormErrors::default();
    let done = if as_readings && form.lowest.trim().is_empty() && form.recovery.trim().is_empty() {
        match form.rest_alone(&opened, &mut errors) {
            Some(reading) => Some(match form.entering(&opened) {
                Ok(entering) => app
                    .wards
                    .enter_reading(entering, reading)
                    .await
                    .map(|entered| Saved::of_reading(entered, &form))
                    .map_err(ExertionError::from),
                Err(error) => Err(error.into()),
            }),
            None => None,
        }
    } else {
        match form.test(&opened, &mut errors) {
            Some(test) => Some(match form.entering(&opened) {
                Ok(entering) => app
                    .wards
                    .enter_exertion(entering, test)
                    .await
                    .map(|entered| Saved::of_test(entered, &opened, &form)),
                Err(error) => Err(error.into()),
            }),
            None => None,
        }
    };
    match done {
        Some(Ok(saved)) => {
            // Drawn anew, since an alert may have opened.
            let opened = Opened::of(&app, opened.staff, stay, "readings").await?;
            let form = TestForm::empty(&app, &form.means);
            let drawn = Drawn {
                saved: Some(saved),
                ..Drawn::default()
            };
            Ok(draw(&opened, StatusCode::OK, form, drawn))
        }
        Some(Err(error)) => refuse(&opened, form, error),
        None => {
            if errors.is_empty() {
                errors.add("rest", "Load the page again: it has lost its number");
            }
            let drawn = Drawn {
                errors,
                offer: if too_low.is_some() {
                    Offer::Readings
                } else {
                    Offer::Nothing
                },
                ..Drawn::default()
            };
            Ok(draw(&opened, StatusCode::UNPROCESSABLE_ENTITY, form, drawn))
        }
    }
}

fn refuse(opened: &Opened, form: TestForm, error: ExertionError) -> Result<Response, PageError> {
    let offer = match &error {
        ExertionError::Refused(ExertionRefused::RestTooLow { .. }) => Offer::Readings,
        ExertionError::Refused(ExertionRefused::LowestAboveRest { .. }) => Offer::ItIsSo,
        ExertionError::Refused(_) | ExertionError::Entry(_) => Offer::Nothing,
    };
    let field = field_of(&error);
    let error = ApiError::from(error);
    if error.status().is_server_error() || error.status() == StatusCode::NOT_FOUND {
        return Err(error.into());
    }
    let drawn = Drawn {
        errors: FormErrors::one(field, sentence(error.detail())),
        offer,
        ..Drawn::default()
    };
    Ok(draw(opened, error.status(), form, drawn))
}

const fn field_of(error: &ExertionError) -> &'static str {
    match error {
        ExertionError::Refused(ExertionRefused::Value { part, why }) => match (part, why) {
            (Part::Rest, HandRefused::Pulse(_)) => "rest-pulse",
            (Part::Rest, _) => "rest",
            (Part::Lowest, HandRefused::Pulse(_)) => "lowest-pulse",
            (Part::Lowest, _) => "lowest",
            (Part::Recovery, _) => "recovery",
        },
        ExertionError::Refused(ExertionRefused::Time(_))
        | ExertionError::Entry(EntryError::Hand {
            why: HandRefused::Future | HandRefused::BeforeStay,
            ..
        }) => "at",
        ExertionError::Refused(ExertionRefused::RecoveryToCome { .. }) => "recovery",
        ExertionError::Refused(ExertionRefused::RecoveryMinutes) => "after",
        // To what can be done about it, at the foot of the form.
        ExertionError::Refused(
            ExertionRefused::LowestAboveRest { .. } | ExertionRefused::RestTooLow { .. },
        ) => "offer",
        ExertionError::Refused(ExertionRefused::TooLong(_)) => "stopped",
        ExertionError::Entry(EntryError::Carer) => "carer",
        ExertionError::Entry(_) => "rest",
    }
}

/// What stands on the page beside the form.
struct Drawn {
    errors: FormErrors,
    saved: Option<Saved>,
    offer: Offer,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            errors: FormErrors::default(),
            saved: None,
            offer: Offer::Nothing,
        }
    }
}

fn draw(opened: &Opened, status: StatusCode, form: TestForm, drawn: Drawn) -> Response {
    let page = ExertionPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        top: opened.top(Tab::Readings),
        errors: drawn.errors,
        form,
        saved: drawn.saved,
        rest_at_least: REST_AT_LEAST_PERCENT,
        points: opened.plan.version.plan.limits.rules.exertion_fall_points,
        offer: drawn.offer,
    };
    opened.staff.answer(status, &page)
}
