//! The first page of a patient: how they are, at one look.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use ward_core::permit::Verb;
use ward_core::plan::Spo2Scale;
use ward_core::reading::Context;
use ward_core::silence::Became;
use ward_core::time::{Timestamp, minutes};
use ward_service::Trend;

use crate::extract::{Ids, Query};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::charts::{self, Drawn, Span, in_units};
use crate::pages::patient::contacts::{self, Line};
use crate::pages::patient::diary::{self, Entry, Vital};
use crate::pages::patient::exertion::{self, TestRow};
use crate::pages::patient::news2::{self, News2Words};
use crate::pages::patient::readings::{Row, row};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top};
use crate::pages::patient::words::{BandMark, on_screen};
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(stay_path!(""), get(overview))
}

/// Rows beside the chart; the rest is on the page of readings.
const ROWS: usize = 40;

/// How long is looked at, and until when.
#[derive(Debug, Default, Deserialize)]
struct View {
    days: Option<u16>,
    to: Option<Date>,
}

/// A span that can be chosen.
struct SpanLink {
    path: String,
    words: &'static str,
    is_here: bool,
}

/// The newest value that counts.
struct Newest {
    spo2: String,
    pulse: Option<String>,
    when: String,
    ago: String,
    band: Option<BandMark>,
    doubtful: bool,
    /// The three before it, oldest first.
    before: Vec<String>,
}

#[derive(Template)]
#[template(path = "patient/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    top: Top,
    newest: Option<Newest>,
    scale: u8,
    limits: String,
    target: Option<String>,
    spans: Vec<SpanLink>,
    shown: String,
    earlier: String,
    later: Option<String>,
    spo2: Drawn,
    pulse: Drawn,
    rows: Vec<Row>,
    more_rows: bool,
    is_cut: bool,
    missed: usize,
    asked: usize,
    may_correct: bool,
    may_enter: bool,
    news2: News2Words,
    vitals: Vec<Vital>,
    entry: Option<Entry>,
    contacts: Vec<Line>,
    tests: Vec<TestRow>,
    more_tests: bool,
}

/// What was said, beside what was measured, and what the newest set scores.
struct Said {
    news2: News2Words,
    vitals: Vec<Vital>,
    entry: Option<Entry>,
    contacts: Vec<Line>,
    tests: Vec<TestRow>,
}

/// Exertion tests that are shown at one look.
const TESTS: usize = 3;

/// Diary entries and contacts that are looked at.
const ENTRIES: u32 = 30;
const CONTACTS: u32 = 2;

const DAY: u64 = 24 * 60;

const SPANS: [(u16, &str); 4] = [
    (1, "24 hours"),
    (3, "3 days"),
    (7, "7 days"),
    (14, "14 days"),
];

async fn overview(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(view): Query<View>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "patient_page").await?;
    // Of somebody who came today, three days would be grey but for their edge.
    let first_day = opened.record.stay.admitted_at.plus(minutes(DAY));
    let usual = if opened.clock.now < first_day { 1 } else { 3 };
    let days = view.days.filter(|days| (1..=31).contains(days));
    let days = days.unwrap_or(usual);
    let span = span(&opened, days, view.to);
    let trend = app
        .wards
        .trend(&opened.staff.permit, opened.stay(), (span.from, span.until))
        .await?;
    let said = said(&app, &opened, span).await?;
    let drawn = draw(&opened, &trend, span, said, (days, view.to));
    Ok(opened.staff.answer(StatusCode::OK, &drawn))
}

fn span(opened: &Opened, days: u16, to: Option<Date>) -> Span {
    let clock = &opened.clock;
    let length = minutes(u64::from(days) * DAY);
    let end = opened.record.stay.phase.ended_at().unwrap_or(clock.now);
    let until = match to.and_then(|day| day.tomorrow().ok()) {
        Some(next) => clock.zone.start_of(next).min(end),
        None => end,
    };
    // A little room on the right, so that the newest value does not stand on the frame.
    Span {
        from: until.minus(length),
        until: until.plus(length / 60),
    }
}

async fn said(app: &App, opened: &Opened, span: Span) -> Result<Said, PageError> {
    let (permit, stay) = (opened.staff.permit, opened.stay());
    let until = Some(span.until);
    let mut kept = app.wards.diary(&permit, stay, until, ENTRIES).await?;
    let questionnaires = app.wards.questionnaires().await?;
    let newest = kept.iter().find(|kept| kept.struck.is_none());
    let entry = newest.map(|kept| diary::entry(opened, &questionnaires, kept));
    kept.retain(|kept| kept.entry.at >= span.from);
    let contacts = app.wards.contacts_before(&permit, stay, None, CONTACTS);
    let contacts = contacts.await?.unwrap_or_default();
    let news2 = app.wards.news2_of(&permit, stay).await?;
    let tests = exertion::rows(app, opened).await?;
    Ok(Said {
        news2: news2::words(&news2, &opened.clock),
        vitals: diary::vitals(opened, &questionnaires, &kept),
        entry,
        contacts: contacts
            .iter()
            .map(|stored| contacts::line(opened, stored))
            .collect(),
        tests,
    })
}

fn draw(
    opened: &Opened,
    trend: &Trend,
    span: Span,
    said: Said,
    (days, to): (u16, Option<Date>),
) -> OverviewPage {
    let clock = &opened.clock;
    let limits = &trend.stay.plan;
    let care = &opened.plan.version.plan.care;
    // A page of now has no day in its path, so that it is of now whenever it is loaded again.
    let link = |days: u16, to: Option<Date>| {
        let to = to.map_or_else(String::new, |day| format!("&to={day}"));
        opened.path(&format!("?days={days}{to}"))
    };
    let first = clock.zone.day_of(span.from);
    let last = clock.zone.day_of(span.until);
    let later = last.saturating_add(jiff::Span::new().days(i64::from(days)));
    let spans = SPANS.map(|(count, words)| SpanLink {
        path: link(count, to),
        words,
        is_here: count == days,
    });
    let is_due = |is: Became| move |asked: &&ward_core::silence::AskedFor| asked.is == is;
    let missed = trend
        .asked_for
        .iter()
        .filter(is_due(Became::Missed))
        .count();
    let answered = trend
        .asked_for
        .iter()
        .filter(is_due(Became::Answered))
        .count();
    OverviewPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        newest: newest(opened, trend),
        scale: match limits.spo2_scale {
            Spo2Scale::One => 1,
            Spo2Scale::Two => 2,
        },
        limits: format!(
            "red {} and under, amber {} and under",
            limits.red_at_or_below, limits.amber_at_or_below
        ),
        target: care
            .oxygen_target
            .map(|target| format!("{}–{} %", target.from, target.to)),
        spans: spans.into(),
        shown: format!("{} to {}", on_screen(first), on_screen(last)),
        earlier: link(days, Some(first)),
        later: to.map(|_| link(days, Some(later).filter(|day| *day < clock.today()))),
        spo2: charts::spo2(trend, span, clock),
        pulse: charts::pulse(trend, span, clock),
        rows: trend
            .lines
            .iter()
            .take(ROWS)
            .map(|line| row(opened, trend, line))
            .collect(),
        more_rows: trend.lines.len() > ROWS,
        is_cut: trend.is_cut,
        missed,
        asked: missed + answered,
        may_correct: opened.staff.may(Verb::Correct),
        may_enter: opened.staff.may(Verb::EnterForPatient),
        news2: said.news2,
        vitals: said.vitals,
        entry: said.entry,
        contacts: said.contacts,
        more_tests: said.tests.len() > TESTS,
        tests: said.tests.into_iter().take(TESTS).collect(),
        top: opened.top(Tab::Overview),
    }
}

fn newest(opened: &Opened, trend: &Trend) -> Option<Newest> {
    let counts = |line: &&ward_service::ChartLine| {
        line.kept.struck.is_none() && line.kept.reading.context != Context::Exertion
    };
    let mut lines = trend
        .lines
        .iter()
        .filter(counts)
        .filter_map(|line| Some((line, charts::values(line)?)));
    let (line, values) = lines.next()?;
    let at: Timestamp = line.kept.reading.effective_at;
    let mut before: Vec<String> = lines
        .take(3)
        .map(|(_, values)| in_units(values.spo2.tenths()))
        .collect();
    before.reverse();
    Some(Newest {
        spo2: in_units(values.spo2.tenths()),
        pulse: values.pulse.map(|pulse| in_units(pulse.tenths())),
        when: opened.clock.when(at),
        ago: opened.clock.ago(at),
        band: charts::judged(trend, line, values.spo2),
        doubtful: values.is_doubtful(),
        before,
    })
}
