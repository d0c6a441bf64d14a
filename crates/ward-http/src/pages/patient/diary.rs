//! The diary of a stay, in the words of its questions, and the measurements that stand only in it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;
use ward_core::permit::Verb;
use ward_core::questionnaire::{Answer, Kind, Measures, Questionnaire, Urgency};
use ward_service::KeptEntry;

use crate::extract::{Ids, Query};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::readings::{Older, said_by};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{self, BandMark};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::view::detail::in_words;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/diary"), get(diary))
}

/// Entries on one page.
const ON_A_PAGE: u32 = 50;

/// An entry in words.
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) at: i64,
    pub(super) when: String,
    pub(super) from: String,
    pub(super) typed_by: Option<String>,
    pub(super) band: BandMark,
    /// Red first.
    pub(super) symptoms: Vec<(BandMark, String)>,
    pub(super) notes: Vec<String>,
    /// Question and answer.
    pub(super) answers: Vec<(String, String)>,
    pub(super) struck: Option<String>,
}

/// What was measured and is no reading: temperature, breaths.
pub(super) struct Vital {
    pub(super) when: String,
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Template)]
#[template(path = "patient/diary.html")]
struct DiaryPage {
    chrome: Chrome,
    top: Top,
    entries: Vec<Entry>,
    asked: String,
    older: Option<String>,
    is_newest: bool,
    may_correct: bool,
}

async fn diary(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(older): Query<Older>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "diary").await?;
    let permit = opened.staff.permit;
    let kept = app
        .wards
        .diary(&permit, opened.stay(), older.before(), ON_A_PAGE)
        .await?;
    let questionnaires = app.wards.questionnaires().await?;
    let is_full = u32::try_from(kept.len()) == Ok(ON_A_PAGE);
    let last = kept.last().map(|kept| kept.entry.at).filter(|_| is_full);
    let asked = match &opened.plan.version.plan.care.diary {
        Some(plan) => format!(
            "The plan asks for “{}”, version {}.",
            plan.questionnaire, plan.version
        ),
        None => "The plan asks for no diary.".to_owned(),
    };
    let drawn = DiaryPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        entries: kept
            .iter()
            .map(|kept| entry(&opened, &questionnaires, kept))
            .collect(),
        asked,
        older: last.map(|at| opened.path(&format!("/diary?before={}", at.as_millis()))),
        is_newest: older.before.is_none(),
        may_correct: opened.staff.may(Verb::Correct),
        top: opened.top(Tab::Diary),
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

pub(super) fn entry(opened: &Opened, all: &[Questionnaire], kept: &KeptEntry) -> Entry {
    let (entry, clock) = (&kept.entry, &opened.clock);
    let mut symptoms: Vec<_> = entry.symptoms.iter().collect();
    symptoms.sort_by_key(|symptom| std::cmp::Reverse(symptom.urgency));
    let mut notes = Vec::new();
    if !entry.complete {
        notes.push(
            "Not every question about symptoms was answered: no answer is not a no".to_owned(),
        );
    }
    if entry.wellbeing.low_mood {
        notes.push("Low in mood: a wellbeing call is due".to_owned());
    }
    if entry.wellbeing.isolated {
        notes.push("Alone, with nobody to turn to: a wellbeing call is due".to_owned());
    }
    if entry.recorded_at > entry.at.plus(ward_core::time::minutes(30)) {
        notes.push(format!("Entered {}", clock.when(entry.recorded_at)));
    }
    Entry {
        id: entry.id.0,
        at: entry.at.as_millis(),
        when: clock.when(entry.at),
        from: said_by(opened, entry.author, entry.means, entry.carer.as_deref()),
        typed_by: entry.entered_by.map(|by| opened.name_of(by)),
        band: BandMark::of(entry.band()),
        symptoms: symptoms
            .into_iter()
            .map(|symptom| (mark(symptom.urgency), in_words(&symptom.code)))
            .collect(),
        notes,
        answers: answers(all, kept)
            .map(|(_, text, answer)| (text, answer))
            .collect(),
        struck: kept
            .struck
            .as_deref()
            .map(|text| words::struck(text, clock, |id| opened.name_of(id))),
    }
}

const fn mark(urgency: Urgency) -> BandMark {
    BandMark::of(match urgency {
        Urgency::Red => ward_core::plan::Band::Red,
        Urgency::Amber => ward_core::plan::Band::Amber,
    })
}

/// The answers in the order of the questions: kind, question, answer.
fn answers<'a>(
    all: &'a [Questionnaire],
    kept: &'a KeptEntry,
) -> impl Iterator<Item = (Option<&'a Kind>, String, String)> {
    let entry = &kept.entry;
    let asked = all
        .iter()
        .find(|it| it.name == entry.questionnaire && it.version == entry.version);
    let questions = asked
        .map(|asked| asked.questions.as_slice())
        .unwrap_or_default();
    let known = questions.iter().filter_map(|question| {
        let answer = entry.answers.get(&question.id)?;
        let said = said(Some(&question.answer), answer);
        Some((Some(&question.answer), question.text.clone(), said))
    });
    let is_known = |id: &str| questions.iter().any(|question| question.id == id);
    let others = entry.answers.iter().filter(move |(id, _)| !is_known(id));
    known.chain(others.map(|(id, answer)| (None, in_words(id), said(None, answer))))
}

fn said(kind: Option<&Kind>, answer: &Answer) -> String {
    match (answer, kind) {
        (Answer::YesNo(true), _) => "Yes".to_owned(),
        (Answer::YesNo(false), _) => "No".to_owned(),
        (Answer::Number(number), Some(Kind::Number { unit, .. })) => format!("{number} {unit}"),
        (Answer::Number(number), _) => number.to_string(),
        (Answer::Text(id), Some(Kind::Choice { options })) => options
            .iter()
            .find(|option| option.id == *id)
            .map_or_else(|| id.clone(), |option| option.text.clone()),
        (Answer::Text(text), _) => text.clone(),
    }
}

/// What entries measured that is no reading, the newest first.
pub(super) fn vitals(opened: &Opened, all: &[Questionnaire], kept: &[KeptEntry]) -> Vec<Vital> {
    let of_entry = |kept: &KeptEntry| {
        let when = opened.clock.when(kept.entry.at);
        let vital = |(kind, text, value): (Option<&Kind>, String, String)| match kind {
            Some(Kind::Number { measures, .. })
                if !measures.is_some_and(Measures::is_on_the_oximeter) =>
            {
                Some(Vital {
                    when: when.clone(),
                    name: text,
                    value,
                })
            }
            Some(_) | None => None,
        };
        answers(all, kept).filter_map(vital).collect::<Vec<_>>()
    };
    kept.iter()
        .filter(|kept| kept.struck.is_none())
        .flat_map(of_entry)
        .collect()
}
