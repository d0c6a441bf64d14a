//! The alerts of a stay, open and over, each with its story; what is open is taken and ended here too.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::alert::{Alert, Change, Confirmation, Problem};
use ward_core::escalation::{ChannelKind, ToldState, Whom};
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{Seq, StayId};
use ward_core::permit::Verb;
use ward_core::plan::Band;
use ward_core::technical::Detail;
use ward_service::StoredAlert;
use ward_wire::board::Outcome;

use crate::extract::{Ids, Query, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::readings::Older;
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::{readable, wire_name};
use crate::pages::staff::{Staff, on_to};
use crate::pages::words::{PageAlert, snooze_reason_words};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;
use crate::ward_api::with_name;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/alerts"), get(alerts))
        .route(
            stay_path!("/alerts/{number}/acknowledge"),
            post(acknowledge),
        )
        .route(stay_path!("/alerts/{number}/resolve"), post(resolve))
}

/// Alerts on one page: each tells its whole story.
const ON_A_PAGE: u32 = 20;

/// What an alert can be ended with from here; a transfer ends it by itself.
const OUTCOMES: [(Outcome, &str); 10] = [
    (Outcome::NoChange, "Looked at, nothing needed"),
    (
        Outcome::MeasurementFault,
        "Measurement was wrong: cold hand, slipped probe",
    ),
    (Outcome::AdviceGiven, "Advice given by phone"),
    (Outcome::VisitArranged, "Home visit arranged"),
    (Outcome::TreatmentChanged, "Treatment changed"),
    (Outcome::PassedOn, "Passed to the GP or 111"),
    (Outcome::AmbulanceCalled, "Ambulance called"),
    (Outcome::AdmittedToHospital, "Admitted to hospital"),
    (Outcome::Died, "Patient has died"),
    (Outcome::KitSeenTo, "Kit mended, moved or replaced"),
];

/// An alert and its story.
struct Told {
    alert: PageAlert,
    detail: Option<String>,
    raised: String,
    condition: Option<&'static str>,
    story: Vec<(String, String)>,
    is_open: bool,
    /// The form by which it is ended, where this person has it or may end it.
    ending: Option<Ending>,
}

struct Ending {
    errors: FormErrors,
    outcomes: Vec<Choice>,
    note: String,
    seen: i64,
}

#[derive(Template)]
#[template(path = "patient/alerts.html")]
struct AlertsPage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    alerts: Vec<Told>,
    /// The ward's path.
    board: String,
    older: Option<String>,
    is_newest: bool,
}

/// A form that did not get through, to be shown again as it was.
struct Failed {
    number: i64,
    message: String,
    status: StatusCode,
    form: Option<ResolveForm>,
}

async fn alerts(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    Query(older): Query<Older>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    let opened = Opened::of(&app, staff, stay, "alerts").await?;
    draw(&app, opened, &older, None).await
}

async fn draw(
    app: &App,
    opened: Opened,
    older: &Older,
    failed: Option<Failed>,
) -> Result<Response, PageError> {
    let (permit, stay) = (opened.staff.permit, opened.stay());
    let stored = app
        .wards
        .alerts_behind(&permit, stay, older.before(), ON_A_PAGE)
        .await?;
    let stored = stored.unwrap_or_default();
    let mut told = Vec::with_capacity(stored.len());
    for one in &stored {
        let story = app.wards.story_of(stay, one.ward, &one.alert).await?;
        told.push(tell(&opened, one, &story, failed.as_ref()));
    }
    // The open ones first: what must be done stands above what was.
    told.sort_by_key(|told| !told.is_open);
    let is_full = u32::try_from(stored.len()) == Ok(ON_A_PAGE);
    let last = stored
        .last()
        .map(|one| one.alert.raised_at)
        .filter(|_| is_full);
    let errors = failed.as_ref().filter(|failed| failed.form.is_none());
    let drawn = AlertsPage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        errors: errors.map_or_else(FormErrors::default, |failed| {
            FormErrors::one("main", &failed.message)
        }),
        alerts: told,
        board: opened.staff.path(""),
        older: last.map(|at| opened.path(&format!("/alerts?before={}", at.as_millis()))),
        is_newest: older.before.is_none(),
        top: opened.top(Tab::Alerts),
    };
    let status = failed.map_or(StatusCode::OK, |failed| failed.status);
    Ok(opened.staff.answer(status, &drawn))
}

fn tell(opened: &Opened, stored: &StoredAlert, story: &[Logged], failed: Option<&Failed>) -> Told {
    let alert = &stored.alert;
    let code = stored
        .code
        .parse()
        .unwrap_or_else(|_| opened.staff.ward.code.clone());
    let failed = failed.filter(|failed| failed.number == alert.number.0);
    let form = failed.and_then(|failed| failed.form.as_ref().map(|form| (failed, form)));
    let may_end =
        opened.staff.may(Verb::ResolveAlert) && alert.is_open() && !alert.is_unacknowledged();
    let ending = may_end.then(|| Ending {
        outcomes: outcomes(
            form.map(|(_, form)| form.outcome.as_str())
                .unwrap_or_default(),
        ),
        note: form.map(|(_, form)| form.note.clone()).unwrap_or_default(),
        errors: match form {
            Some((failed, form)) if form.outcome.is_empty() => {
                FormErrors::one("outcome", &failed.message)
            }
            Some((failed, _)) => FormErrors::one("note", &failed.message),
            None => FormErrors::default(),
        },
        seen: alert
            .spoke_seq
            .0
            .max(story.last().map_or(0, |last| last.seq.0)),
    });
    Told {
        detail: view::alert(&code, alert).detail,
        raised: opened.clock.when(alert.raised_at),
        condition: alert.is_open().then(|| condition(alert)),
        story: story
            .iter()
            .filter_map(|logged| step(opened, logged))
            .collect(),
        is_open: alert.is_open(),
        alert: opened.alert(stored),
        ending,
    }
}

fn outcomes(now: &str) -> Vec<Choice> {
    let first = Choice::new("", "Choose what it led to", now);
    let rest = OUTCOMES.map(|(outcome, words)| Choice::new(wire_name(&outcome), words, now));
    std::iter::once(first).chain(rest).collect()
}

const fn condition(alert: &Alert) -> &'static str {
    match alert.condition {
        Band::Red => "Now: red",
        Band::Amber => "Now: amber",
        Band::Green => "Now: back in range, review and resolve",
    }
}

/// One step of the story: when, and what happened.
pub(super) fn step(opened: &Opened, logged: &Logged) -> Option<(String, String)> {
    let WardEvent::Alert { change, alert } = &logged.event else {
        return None;
    };
    let level = readable(alert.severity.name());
    let worst = alert
        .worst
        .map_or_else(String::new, |worst| format!(", lowest {worst} %"));
    let what = match change {
        Change::Raised => format!("Raised: {level}{}{worst}", unconfirmed(alert)),
        Change::SeverityRose => format!("Worse: now {level}{worst}"),
        Change::FellFurther => format!("Fell further{worst}"),
        Change::Relapsed => format!("Fell again after a recovery{worst}"),
        Change::SaidAgain => "Said again".to_owned(),
        Change::Confirmed => match alert.confirmation {
            Confirmation::NoRecheck => "Not rechecked in time: counts as confirmed".to_owned(),
            Confirmation::SecondReading | Confirmation::Unconfirmed | Confirmation::NotAsked => {
                "Confirmed by a second reading".to_owned()
            }
        },
        Change::Continued => gone_on(alert),
        Change::Acknowledged => format!("{} took it", by(opened, alert)),
        Change::Assigned => format!("Given to {}", by(opened, alert)),
        Change::LetGo => "Given back to the ward: nobody has it".to_owned(),
        Change::Resolved => resolved(opened, alert),
        Change::Shown => "Shown on a console".to_owned(),
        Change::NotShown => "Shown on no console in time".to_owned(),
        Change::Escalated => format!(
            "Nobody took it in time: level {}{}",
            alert.ladder.level,
            told(opened, alert)
        ),
        Change::EscalatedByHand => passed_on(opened, alert),
        Change::LeftAtShiftEnd => {
            format!("Still nobody's when the shift ended{}", told(opened, alert))
        }
        Change::Snoozed => snoozed(opened, alert),
        Change::SnoozeEnded => "The snooze is over: nobody has it".to_owned(),
        Change::Told => format!("Of who is told{}", told(opened, alert)),
    };
    Some((opened.clock.when(logged.at), what))
}

fn gone_on(alert: &Alert) -> String {
    match (&alert.detail, alert.problem) {
        (Some(Detail::Missed { heard_again_at, .. }), _) => match heard_again_at {
            Some(_) => "Heard again".to_owned(),
            None => "One more was missed".to_owned(),
        },
        (_, Problem::Symptom | Problem::AskedForHelp | Problem::Technical(_)) => {
            "More was said of it".to_owned()
        }
        _ => format!("One more reading. {}", condition(alert)),
    }
}

/// The newest line of who was told.
fn told(opened: &Opened, alert: &Alert) -> String {
    let Some(line) = alert.ladder.told.last() else {
        return String::new();
    };
    let state = match line.state {
        ToldState::Queued => "on its way",
        ToldState::Sent => "sent",
        ToldState::Delivered => "delivered",
        ToldState::Failed => "did not get through",
        ToldState::Cancelled => "no longer needed",
    };
    let by = line.by.map_or("", |kind| match kind {
        ChannelKind::Sms => " by text message",
        ChannelKind::Email => " by e-mail",
        ChannelKind::WebPush => " by push",
        ChannelKind::Webhook => " by webhook",
        ChannelKind::Console => " on the boards",
    });
    match line.to {
        Whom::Clinician { id } => format!(", {} told{by}: {state}", opened.name_of(id)),
        Whom::Contact { place } => format!(", outside contact {place} told{by}: {state}"),
        Whom::Webhook => format!(", webhook: {state}"),
        Whom::Nobody => ", and nobody could be told".to_owned(),
    }
}

fn passed_on(opened: &Opened, alert: &Alert) -> String {
    let told = told(opened, alert);
    let Some(by_hand) = &alert.ladder.by_hand else {
        return format!("Passed on by hand{told}");
    };
    let note = if by_hand.note.is_empty() {
        String::new()
    } else {
        format!(": {}", by_hand.note)
    };
    format!("{} passed it on{note}{told}", opened.name_of(by_hand.by))
}

fn snoozed(opened: &Opened, alert: &Alert) -> String {
    let Some(snooze) = &alert.snooze else {
        return "Snoozed".to_owned();
    };
    let until = opened.clock.when(snooze.until);
    let why = snooze_reason_words(snooze.reason.name()).to_lowercase();
    let note = if snooze.note.is_empty() {
        String::new()
    } else {
        format!(" – {}", snooze.note)
    };
    format!(
        "{} snoozed it until {until}: {why}{note}",
        opened.name_of(snooze.by)
    )
}

const fn unconfirmed(alert: &Alert) -> &'static str {
    match alert.confirmation {
        Confirmation::Unconfirmed => ", unconfirmed, recheck asked for",
        Confirmation::SecondReading | Confirmation::NoRecheck | Confirmation::NotAsked => "",
    }
}

fn by(opened: &Opened, alert: &Alert) -> String {
    use ward_core::alert::State;
    match &alert.state {
        State::Acknowledged { by, .. } | State::Resolved { by, .. } => opened.name_of(*by),
        State::Raised => "Somebody".to_owned(),
    }
}

fn resolved(opened: &Opened, alert: &Alert) -> String {
    let ward_core::alert::State::Resolved { outcome, note, .. } = &alert.state else {
        return "Ended".to_owned();
    };
    let name = wire_name(outcome);
    let known = OUTCOMES.iter().find(|(it, _)| wire_name(it) == name);
    let outcome = known.map_or_else(|| readable(&name), |(_, words)| (*words).to_owned());
    let note = match note.trim() {
        "" => String::new(),
        note => format!(" “{note}”"),
    };
    format!("{} ended it: {outcome}.{note}", by(opened, alert))
}

#[derive(Deserialize)]
struct AcknowledgeForm {
    seen: i64,
}

async fn acknowledge(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<AcknowledgeForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, number)) = ids?;
    let permit = *staff.needs(Verb::AcknowledgeAlert)?;
    let done = app
        .wards
        .acknowledge_alert(&permit, Seq(number), Seq(form.seen))
        .await;
    match done {
        Ok(_) => {
            let said = format!("You have {} {number}.", staff.ward.code);
            Ok(on_to(&path(&staff, StayId(stay), ""), &said))
        }
        Err(error) => {
            let error = with_name(&app, error.into()).await;
            let failed = Failed {
                number,
                message: sentence(error.detail()),
                status: error.status(),
                form: None,
            };
            let opened = Opened::of(&app, staff, stay, "alerts").await?;
            draw(&app, opened, &Older::default(), Some(failed)).await
        }
    }
}

#[derive(Deserialize)]
struct ResolveForm {
    seen: i64,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
}

async fn resolve(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, i64)>, ApiError>,
    PageForm { staff, form }: PageForm<ResolveForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, number)) = ids?;
    let permit = *staff.needs(Verb::ResolveAlert)?;
    let chosen = OUTCOMES
        .iter()
        .find(|(outcome, _)| wire_name(outcome) == form.outcome);
    let (message, status) = match chosen {
        None => (
            "Choose what the alert led to".to_owned(),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Some((outcome, _)) => {
            let outcome = view::outcome(*outcome);
            let note = without_nul(form.note.clone());
            match app
                .wards
                .resolve_alert(&permit, Seq(number), outcome, note, Seq(form.seen))
                .await
            {
                Ok(_) => {
                    let said = format!("{} {number} is over.", staff.ward.code);
                    return Ok(on_to(&path(&staff, StayId(stay), ""), &said));
                }
                Err(error) => {
                    let error = with_name(&app, error.into()).await;
                    (sentence(error.detail()), error.status())
                }
            }
        }
    };
    let failed = Failed {
        number,
        message,
        status,
        form: Some(form),
    };
    let opened = Opened::of(&app, staff, stay, "alerts").await?;
    draw(&app, opened, &Older::default(), Some(failed)).await
}
