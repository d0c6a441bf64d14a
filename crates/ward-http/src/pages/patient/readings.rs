//! The readings of a stay as a table: every one, also what was struck out, what gave no value, and what a second bridge heard.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::entry::{Author, Means};
use ward_core::permit::Verb;
use ward_core::reading::{Context, Doubt, Measured, Source, Timing};
use ward_core::time::{Timestamp, minutes};
use ward_service::{ChartLine, PAGE_LIMIT, Trend};

use crate::extract::{Ids, Query};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::observed;
use crate::pages::patient::charts::{in_units, judged};
use crate::pages::patient::exertion::{self, TestRow};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{self, BandMark, capital, spaced, wire_name};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;
use crate::window_summary;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!("/readings"), get(readings))
}

/// A reading in the table.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) when: String,
    pub(super) spo2: Option<String>,
    pub(super) pulse: Option<String>,
    pub(super) band: Option<BandMark>,
    pub(super) from: String,
    /// Who typed it.
    pub(super) typed_by: Option<String>,
    pub(super) at: i64,
    /// What else there is to know: doubts, circumstances, lateness.
    pub(super) notes: Vec<String>,
    pub(super) struck: Option<String>,
    /// It may be struck out or moved.
    pub(super) counts: bool,
}

#[derive(Template)]
#[template(path = "patient/readings.html")]
struct ReadingsPage {
    chrome: Chrome,
    top: Top,
    rows: Vec<Row>,
    /// The path of the page of what lies before.
    older: Option<String>,
    is_newest: bool,
    may_correct: bool,
    may_enter: bool,
    tests: Vec<TestRow>,
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Older {
    /// Milliseconds since 1970.
    pub(super) before: Option<i64>,
}

impl Older {
    pub(super) fn before(&self) -> Option<Timestamp> {
        self.before.map(Timestamp::from_millis)
    }
}

async fn readings(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(older): Query<Older>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "readings").await?;
    let before = older.before();
    let permit = opened.staff.permit;
    let (_, lines) = app
        .wards
        .chart(&permit, opened.stay(), before, PAGE_LIMIT)
        .await?;
    // Judged as when they came in: by the versions of the plan, which a trend over no time at all knows.
    let now = opened.clock.now;
    let trend = app.wards.trend(&permit, opened.stay(), (now, now)).await?;
    let is_full = u32::try_from(lines.len()) == Ok(PAGE_LIMIT);
    let last = lines.last().map(|line| line.kept.reading.effective_at);
    let next = last.filter(|_| is_full);
    let tests = match before {
        None => exertion::rows(&app, &opened).await?,
        Some(_) => Vec::new(),
    };
    let drawn = ReadingsPage {
        tests,
        chrome: opened.staff.chrome(Here::Elsewhere),
        rows: lines
            .iter()
            .map(|line| row(&opened, &trend, line))
            .collect(),
        older: next.map(|at| opened.path(&format!("/readings?before={}", at.as_millis()))),
        is_newest: before.is_none(),
        may_correct: opened.staff.may(Verb::Correct),
        may_enter: opened.staff.may(Verb::EnterForPatient),
        top: opened.top(Tab::Readings),
    };
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

/// What came in so much after it was measured came late.
const LATE_AFTER: std::time::Duration = minutes(10);

pub(super) fn row(opened: &Opened, trend: &Trend, line: &ChartLine) -> Row {
    let reading = &line.kept.reading;
    let clock = &opened.clock;
    let mut notes = Vec::new();
    let (mut spo2, mut pulse, mut band) = (None, None, None);
    match &reading.measured {
        Measured::Values(values) => {
            spo2 = Some(in_units(values.spo2.tenths()));
            pulse = values.pulse.map(|pulse| in_units(pulse.tenths()));
            band = judged(trend, line, values.spo2);
            let beside = observed::in_words(&values.observations);
            if !beside.is_empty() {
                notes.push(capital(&beside));
            }
            if let Some(window) = &values.window {
                notes.push(capital(&window_summary::in_words(window)));
                if window.median() != values.spo2 {
                    notes.push("Given early: its value is that of the last seconds".to_owned());
                }
            }
            if values.doubts.contains(&Doubt::TimeNotKnown) {
                let came = clock.when(reading.effective_at);
                notes.push(format!("Time not known: came {came}"));
            }
            if values.is_doubtful() {
                let doubts = values.doubts.iter().map(|doubt| spaced(&wire_name(doubt)));
                notes.push(format!(
                    "Doubtful: {}",
                    doubts.collect::<Vec<_>>().join(", ")
                ));
            }
        }
        Measured::Attempt { reason } => notes.push(format!("No value: {}", spaced(reason))),
    }
    match reading.context {
        Context::Rest => {}
        Context::Exertion => {
            notes.push("Lowest of an exertion test: not judged as at rest".to_owned());
        }
        Context::Recovery => notes.push("Recovery after an exertion test".to_owned()),
    }
    if line.asked.is_some() {
        notes.push("Odd as typed, and asked about: counts as doubtful until answered".to_owned());
    }
    if reading.received_at > reading.effective_at.plus(LATE_AFTER) {
        notes.push(format!("Came in {}", clock.when(reading.received_at)));
    }
    match reading.timing {
        Timing::ClockWrong { .. } => {
            notes.push("Its clock was wrong; dated by the service's".to_owned());
        }
        Timing::ByWallClock => notes.push("Time by the bridge's own clock".to_owned()),
        Timing::ByAge | Timing::Stated => {}
    }
    if line.kept.copy_of.is_some() {
        notes.push("Heard by a second bridge: counted once".to_owned());
    }
    Row {
        id: reading.id.0,
        when: clock.when(reading.effective_at),
        spo2,
        pulse,
        band,
        from: source(opened, line),
        typed_by: line.typed_by.map(|by| opened.name_of(by)),
        at: reading.effective_at.as_millis(),
        notes,
        struck: line
            .kept
            .struck
            .as_deref()
            .map(|text| words::struck(text, clock, |id| opened.name_of(id))),
        counts: line.kept.struck.is_none() && line.kept.copy_of.is_none(),
    }
}

fn source(opened: &Opened, line: &ChartLine) -> String {
    let Source::ByHand { author, means } = line.kept.reading.source else {
        return "Oximeter".to_owned();
    };
    said_by(opened, author, means, line.carer.as_deref())
}

/// `Patient, by telephone`.
pub(super) fn said_by(
    opened: &Opened,
    author: Author,
    means: Means,
    carer: Option<&str>,
) -> String {
    let who = match author {
        Author::Patient => "Patient".to_owned(),
        Author::Carer => carer.map_or_else(|| "Carer".to_owned(), |name| format!("Carer {name}")),
        Author::Staff(by) => opened.name_of(by),
        Author::Bridge(_) => "Bridge".to_owned(),
    };
    let how = match means {
        Means::Page => "on the patient's page",
        Means::Telephone => "by telephone",
        Means::Video => "by video",
        Means::Visit => "at a visit",
        Means::Paper => "from paper",
        Means::Bridge => "by bridge",
    };
    format!("{who}, {how}")
}
