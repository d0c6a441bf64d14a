//! The first reading of a stay, written down at the visit or on the telephone; an odd one is asked about at once.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::entry::Means;
use ward_core::hand::{Odd, OddAnswer, Typed};
use ward_core::id::ReadingId;
use ward_core::permit::Verb;
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{Context, Measured, ObservationSet, Reading};
use ward_core::spo2::Pulse;
use ward_service::{Entering, NewReading, ReadingEntered, SaidBy};

use super::admitted::{Shown, admitted, draw};
use super::when::When;
use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{PageError, sentence};
use crate::problem::ApiError;
use crate::routes::App;

/// The form of a reading. Its id is drawn with the page, so that sending it twice makes one reading.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadingForm {
    pub(super) id: String,
    pub(super) spo2: String,
    pub(super) pulse: String,
    pub(super) means: String,
    pub(super) said_by: String,
}

impl ReadingForm {
    pub(super) fn empty(app: &App) -> Self {
        Self {
            id: app.wards.clock().new_id().to_string(),
            means: "visit".to_owned(),
            said_by: "staff".to_owned(),
            ..Self::default()
        }
    }
}

/// What became of a reading, and what is asked about it.
pub(super) struct Taken {
    pub(super) reading: Uuid,
    pub(super) values: String,
    pub(super) advice: Vec<String>,
    pub(super) question: Option<&'static str>,
    pub(super) may_be_swapped: bool,
    pub(super) means: String,
    pub(super) said_by: String,
}

const MEANS: [(&str, Means, &str); 3] = [
    ("visit", Means::Visit, "At a visit"),
    ("telephone", Means::Telephone, "By telephone"),
    ("video", Means::Video, "By video"),
];

pub(super) fn means_choices(now: &str) -> Vec<Choice> {
    let choice = |(value, _, words): (&str, Means, &str)| Choice::new(value, words, now);
    MEANS.into_iter().map(choice).collect()
}

pub(super) fn said_by_choices(now: &str) -> Vec<Choice> {
    vec![
        Choice::new("staff", "We measured it", now),
        Choice::new("patient", "The patient told us", now),
    ]
}

const fn band_words(band: Band) -> &'static str {
    match band {
        Band::Red => "*** Red",
        Band::Amber => "** Amber",
        Band::Green => "Green",
    }
}

/// `96 %, pulse 72, Green, at 09:02`.
pub(super) fn in_words(reading: &Reading, plan: &MonitoringPlan, when: &When) -> String {
    let at = when.at(reading.effective_at);
    match &reading.measured {
        Measured::Values(values) => {
            let band = band_words(plan.band(values.spo2));
            format!(
                "{}, {band}, at {at}",
                values_words(values.spo2.percent(), values.pulse)
            )
        }
        Measured::Attempt { .. } => format!("no value at {at}"),
    }
}

fn values_words(percent: f64, pulse: Option<Pulse>) -> String {
    match pulse {
        Some(pulse) => format!("{percent} %, pulse {}", pulse.bpm()),
        None => format!("{percent} %, no pulse"),
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim()
        .trim_end_matches('%')
        .trim()
        .replace(',', ".")
        .parse()
        .ok()
}

fn typed(form: &ReadingForm) -> Result<Typed, FormErrors> {
    let mut errors = FormErrors::default();
    let spo2 = number(&form.spo2);
    if spo2.is_none() {
        errors.add("spo2", "Enter the oxygen in percent, for example 96");
    }
    let pulse = number(&form.pulse);
    if pulse.is_none() && !form.pulse.trim().is_empty() {
        errors.add("pulse", "Enter the pulse as a number, for example 72");
    }
    match spo2 {
        Some(spo2) if errors.is_empty() => Ok(Typed { spo2, pulse }),
        _ => Err(errors),
    }
}

fn entering(
    permit: &ward_core::permit::Permit,
    stay: ward_core::id::StayId,
    said_by: &str,
    means: &str,
) -> Result<Entering, ApiError> {
    let means = MEANS.iter().find(|(value, _, _)| *value == means);
    let means = means.map_or(Means::Visit, |(_, means, _)| *means);
    let said_by = if said_by == "patient" {
        SaidBy::Patient
    } else {
        SaidBy::Staff
    };
    Ok(Entering::by_staff(permit, stay, said_by, means)?)
}

fn taken(entered: ReadingEntered, means: String, said_by: String) -> Taken {
    let recorded = entered.recorded;
    let values = values_words(recorded.values.spo2.percent(), recorded.values.pulse);
    Taken {
        reading: recorded.reading.0,
        values: format!("{values}: {}", band_words(recorded.band)),
        advice: entered.advice.into_iter().map(|line| line.text).collect(),
        question: recorded.odd.map(|odd| match odd {
            Odd::Swapped => "Oxygen and pulse look swapped. Are they?",
            Odd::VeryLow => "Oxygen so low is rare. Is it right?",
            Odd::UnlikelyPulse => "Such a pulse is rare. Is it right?",
        }),
        may_be_swapped: recorded.odd == Some(Odd::Swapped),
        means,
        said_by,
    }
}

pub(super) async fn take(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<ReadingForm>,
) -> Result<Response, PageError> {
    let Ids((_, id)) = ids?;
    let permit = staff.needs(Verb::EnterForPatient)?;
    let (referral, patient, stay) = admitted(&app, permit, id).await?;
    let mut shown = Shown {
        reading: form.clone(),
        ..Shown::default()
    };
    let (mut status, mut entered) = (StatusCode::UNPROCESSABLE_ENTITY, None);
    match typed(&form) {
        Err(errors) => shown.errors = errors,
        Ok(typed) => {
            let new = NewReading {
                id: ReadingId(
                    form.id
                        .parse()
                        .unwrap_or_else(|_| app.wards.clock().new_id()),
                ),
                typed,
                at: None,
                context: Context::Rest,
                observations: ObservationSet::default(),
            };
            let entering = entering(permit, stay, &form.said_by, &form.means)?;
            match app.wards.enter_reading(entering, new).await {
                Ok(done) => entered = Some(done),
                Err(error) => {
                    let error = ApiError::from(error);
                    if error.status().is_server_error() {
                        return Err(error.into());
                    }
                    status = error.status();
                    let field = if error.detail().starts_with("pulse") {
                        "pulse"
                    } else {
                        "spo2"
                    };
                    shown.errors = FormErrors::one(field, sentence(error.detail()));
                }
            }
        }
    }
    if let Some(done) = entered {
        status = StatusCode::OK;
        shown.taken = Some(taken(done, form.means, form.said_by));
        shown.reading = ReadingForm::empty(&app);
    }
    draw(&app, &staff, (&referral, &patient), status, shown).await
}

#[derive(Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    means: String,
    #[serde(default)]
    said_by: String,
}

/// The answer to what was asked. Whoever wants other values measures again: the odd one stays, doubtful.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, Uuid)>, ApiError>,
    PageForm { staff, form }: PageForm<AnswerForm>,
) -> Result<Response, PageError> {
    let Ids((_, id, reading)) = ids?;
    let permit = staff.needs(Verb::EnterForPatient)?;
    let (referral, patient, stay) = admitted(&app, permit, id).await?;
    let answer = if form.answer == "swapped" {
        OddAnswer::Swapped
    } else {
        OddAnswer::AsTyped
    };
    let entering = entering(permit, stay, &form.said_by, &form.means)?;
    let answered = app
        .wards
        .answer_question(entering, ReadingId(reading), answer)
        .await;
    let mut shown = Shown {
        reading: ReadingForm::empty(&app),
        ..Shown::default()
    };
    let mut status = StatusCode::OK;
    match answered {
        Ok(done) => shown.taken = Some(taken(done, form.means, form.said_by)),
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            status = error.status();
            shown.errors = FormErrors::one("spo2", sentence(error.detail()));
        }
    }
    draw(&app, &staff, (&referral, &patient), status, shown).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_may_be_typed_with_a_percent_sign_or_a_comma() {
        let form = |spo2: &str, pulse: &str| ReadingForm {
            spo2: spo2.to_owned(),
            pulse: pulse.to_owned(),
            ..ReadingForm::default()
        };
        let read = typed(&form("96 %", "72")).unwrap();
        assert_eq!((read.spo2, read.pulse), (96.0, Some(72.0)));
        assert_eq!(typed(&form("92,6", "")).unwrap().spo2, 92.6);
        let errors = typed(&form("", "fast")).err().unwrap();
        assert!(errors.of("spo2").is_some() && errors.of("pulse").is_some());
    }
}
