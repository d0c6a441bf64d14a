//! Staff enter a reading, or a whole set of observations, on the page of a patient.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::entry::Means;
use ward_core::hand::{HandRefused, Odd, OddAnswer, Typed};
use ward_core::id::ReadingId;
use ward_core::permit::Verb;
use ward_core::reading::Context;
use ward_service::{Entering, EntryError, NewReading, ReadingEntered, SaidBy};

use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::observed::{self, Observed};
use crate::pages::patient::charts::in_units;
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::BandMark;
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::observations::observations;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/readings/new"), get(page).post(save))
        .route(stay_path!("/readings/{record}/answer"), post(answer))
}

/// As typed. Its id is drawn with the page, so that sending it twice makes one reading.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct EnterForm {
    id: Option<Uuid>,
    spo2: String,
    pulse: String,
    breaths: String,
    systolic: String,
    diastolic: String,
    temperature: String,
    consciousness: String,
    breathing_on: String,
    litres: String,
    at: String,
    means: String,
    said_by: String,
    carer: String,
}

impl EnterForm {
    fn empty(app: &App) -> Self {
        Self {
            id: Some(app.wards.clock().new_id()),
            means: "visit".to_owned(),
            said_by: "staff".to_owned(),
            ..Self::default()
        }
    }

    fn observed(&self) -> Observed<'_> {
        Observed {
            breaths: &self.breaths,
            systolic: &self.systolic,
            diastolic: &self.diastolic,
            temperature: &self.temperature,
            consciousness: &self.consciousness,
            breathing: &self.breathing_on,
            litres: &self.litres,
        }
    }

    fn levels(&self) -> Vec<Choice> {
        observed::levels(&self.consciousness)
    }

    fn breathing(&self) -> Vec<Choice> {
        observed::breathing(&self.breathing_on)
    }

    fn means(&self) -> Vec<Choice> {
        how(&self.means)
    }

    fn said_by(&self) -> Vec<Choice> {
        who(&self.said_by)
    }

    fn entering(&self, opened: &Opened) -> Result<Entering, EntryError> {
        entering(opened, (&self.means, &self.said_by, &self.carer))
    }

    /// The reading; what is missing or cannot be is said in `errors`.
    fn reading(&self, opened: &Opened, errors: &mut FormErrors) -> Option<NewReading> {
        let spo2 = number(&self.spo2);
        if spo2.is_none() {
            errors.add("spo2", "Enter the oxygen in percent, for example 96");
        }
        let pulse = number(&self.pulse);
        if pulse.is_none() && !self.pulse.trim().is_empty() {
            errors.add("pulse", "Enter the pulse as a number, for example 72");
        }
        let beside = self.observed().read(errors);
        let at = opened.clock.of_field(&self.at);
        if at.is_none() && !self.at.trim().is_empty() {
            errors.add("at", "Enter day and time, or leave them empty");
        }
        if self.said_by == "carer" && self.carer.trim().is_empty() {
            errors.add("carer", "Enter the carer's name");
        }
        let observations = observations(beside).ok()?;
        let typed = Typed { spo2: spo2?, pulse };
        errors.is_empty().then_some(NewReading {
            id: ReadingId(self.id?),
            typed,
            at,
            context: Context::Rest,
            observations,
        })
    }
}

/// How it came, as it can be chosen.
pub(super) fn how(chosen: &str) -> Vec<Choice> {
    let all = MEANS.iter();
    all.map(|(value, _, words)| Choice::new(*value, *words, chosen))
        .collect()
}

/// Whose words, as they can be chosen.
pub(super) fn who(chosen: &str) -> Vec<Choice> {
    [
        ("staff", "We measured it"),
        ("patient", "The patient told us"),
        ("carer", "A carer told us"),
    ]
    .into_iter()
    .map(|(value, words)| Choice::new(value, words, chosen))
    .collect()
}

/// Who enters it, by what was chosen of how it came and whose words it is.
pub(super) fn entering(
    opened: &Opened,
    (means, said_by, carer): (&str, &str, &str),
) -> Result<Entering, EntryError> {
    let means = MEANS.iter().find(|(value, ..)| *value == means);
    let means = means.map_or(Means::Visit, |(_, means, _)| *means);
    let said_by = match said_by {
        "patient" => SaidBy::Patient,
        "carer" => SaidBy::Carer(carer.to_owned()),
        _ => SaidBy::Staff,
    };
    Entering::by_staff(&opened.staff.permit, opened.stay(), said_by, means)
}

const MEANS: [(&str, Means, &str); 3] = [
    ("visit", Means::Visit, "At a visit"),
    ("telephone", Means::Telephone, "By telephone"),
    ("video", Means::Video, "By video"),
];

/// `96`, `95,5`, `95 %`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim().replace(',', ".");
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number)
}

/// What is asked about an odd value.
pub(super) const fn question(odd: Odd) -> &'static str {
    match odd {
        Odd::Swapped => "Oxygen and pulse look swapped. Are they?",
        Odd::VeryLow => "Oxygen so low is rare. Is it right?",
        Odd::UnlikelyPulse => "Such a pulse is rare. Is it right?",
    }
}

/// What became of a reading, and what is asked about it.
struct Taken {
    reading: Uuid,
    values: String,
    band: BandMark,
    advice: Vec<String>,
    question: Option<&'static str>,
    may_be_swapped: bool,
    means: String,
    said_by: String,
    carer: String,
}

impl Taken {
    fn of(entered: ReadingEntered, form: &EnterForm) -> Self {
        let recorded = entered.recorded;
        let values = &recorded.values;
        let parts = [
            Some(format!("SpO₂ {} %", values.spo2)),
            values
                .pulse
                .map(|pulse| format!("pulse {}", in_units(pulse.tenths()))),
            Some(observed::in_words(&values.observations)).filter(|words| !words.is_empty()),
        ];
        Self {
            reading: recorded.reading.0,
            values: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            band: BandMark::of(recorded.band),
            advice: entered.advice.into_iter().map(|line| line.text).collect(),
            question: recorded.odd.map(question),
            may_be_swapped: recorded.odd == Some(Odd::Swapped),
            means: form.means.clone(),
            said_by: form.said_by.clone(),
            carer: form.carer.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "patient/enter.html")]
struct EnterPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: EnterForm,
    taken: Option<Taken>,
}

type StayIds = Result<Ids<(Uuid, Uuid)>, ApiError>;

async fn page(
    State(app): State<Arc<App>>,
    ids: StayIds,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::EnterForPatient)?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let form = EnterForm::empty(&app);
    Ok(draw(
        &opened,
        StatusCode::OK,
        form,
        FormErrors::default(),
        None,
    ))
}

async fn save(
    State(app): State<Arc<App>>,
    ids: StayIds,
    PageForm { staff, form }: PageForm<EnterForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::EnterForPatient)?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let mut errors = FormErrors::default();
    let Some(reading) = form.reading(&opened, &mut errors) else {
        if errors.is_empty() {
            errors.add("spo2", "Load the page again: it has lost its number");
        }
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(draw(&opened, status, form, errors, None));
    };
    let entered = match form.entering(&opened) {
        Ok(entering) => app.wards.enter_reading(entering, reading).await,
        Err(error) => Err(error),
    };
    finish(&app, stay, opened, form, entered).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct AnswerForm {
    answer: String,
    means: String,
    said_by: String,
    carer: String,
}

/// The answer to what was asked. Whoever wants other values measures again: the odd one stays, doubtful.
async fn answer(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<AnswerForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, reading)) = ids?;
    staff.needs(Verb::EnterForPatient)?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let answer = if form.answer == "swapped" {
        OddAnswer::Swapped
    } else {
        OddAnswer::AsTyped
    };
    let form = EnterForm {
        means: form.means,
        said_by: form.said_by,
        carer: form.carer,
        ..EnterForm::empty(&app)
    };
    let entered = match form.entering(&opened) {
        Ok(entering) => {
            let answered = app
                .wards
                .answer_question(entering, ReadingId(reading), answer);
            answered.await
        }
        Err(error) => Err(error),
    };
    finish(&app, stay, opened, form, entered).await
}

/// The page with what became of it: drawn anew, since an alert may have opened.
async fn finish(
    app: &App,
    stay: Uuid,
    opened: Opened,
    form: EnterForm,
    entered: Result<ReadingEntered, EntryError>,
) -> Result<Response, PageError> {
    match entered {
        Ok(entered) => {
            let opened = Opened::of(app, opened.staff, stay, "readings").await?;
            let taken = Some(Taken::of(entered, &form));
            let form = EnterForm::empty(app);
            Ok(draw(
                &opened,
                StatusCode::OK,
                form,
                FormErrors::default(),
                taken,
            ))
        }
        Err(error) => {
            let field = match &error {
                EntryError::Hand { why, .. } => match why {
                    HandRefused::Pulse(_) => "pulse",
                    HandRefused::Future | HandRefused::BeforeStay => "at",
                    HandRefused::Observation(_) => "breaths",
                    HandRefused::Spo2(_) | HandRefused::NotSwapped => "spo2",
                },
                EntryError::Carer => "carer",
                EntryError::NoSuchStay
                | EntryError::Means
                | EntryError::NoDiary
                | EntryError::NoSuchQuestionnaire { .. }
                | EntryError::Answers { .. }
                | EntryError::UsedId
                | EntryError::TypedBefore { .. }
                | EntryError::NoSuchReading
                | EntryError::NotAsked
                | EntryError::AlreadyAnswered
                | EntryError::Unavailable(_) => "spo2",
            };
            let error = ApiError::from(error);
            if error.status().is_server_error() || error.status() == StatusCode::NOT_FOUND {
                return Err(error.into());
            }
            let errors = FormErrors::one(field, sentence(error.detail()));
            Ok(draw(&opened, error.status(), form, errors, None))
        }
    }
}

fn draw(
    opened: &Opened,
    status: StatusCode,
    form: EnterForm,
    errors: FormErrors,
    taken: Option<Taken>,
) -> Response {
    let page = EnterPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        top: opened.top(Tab::Readings),
        errors,
        form,
        taken,
    };
    opened.staff.answer(status, &page)
}
