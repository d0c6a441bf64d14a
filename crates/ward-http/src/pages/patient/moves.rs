//! Pausing, resuming, moving and ending a stay: each a form of its own, offered only while it is possible.

mod steps;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::pathway::papers::StayOutcome;
use ward_core::permit::Verb;
use ward_core::stay::{Channel, Destination, PauseReason, Phase};

use crate::extract::Ids;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::{PageClock, on_screen, readable, wire_name};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;
use steps::{Refused, channel, death, discharge, hospital, pause, resume, transfer};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(stay_path!("/move"), get(forms))
        .route(stay_path!("/move/{step}"), post(take))
}

const DESTINATIONS: [(Destination, &str); 5] = [
    (Destination::Home, "Home, to the GP’s care"),
    (Destination::CommunityTeam, "Home with a community team"),
    (Destination::CareHome, "Care home"),
    (Destination::Hospice, "Hospice or end-of-life care"),
    (Destination::Withdrawn, "Has withdrawn from the ward"),
];

const OUTCOMES: [(StayOutcome, &str); 5] = [
    (StayOutcome::Recovered, "As well as before"),
    (StayOutcome::Improving, "Better, and better still to come"),
    (
        StayOutcome::StillUnwell,
        "Still unwell: a further assessment is arranged",
    ),
    (StayOutcome::Worse, "Worse, looked after elsewhere"),
    (StayOutcome::Withdrew, "Did not want to go on"),
];

const CHANNELS: [(Channel, &str); 4] = [
    (Channel::Bridge, "Bridge: a box reads the oximeter"),
    (Channel::Page, "Page: the patient enters them"),
    (Channel::Telephone, "Telephone: told on calls"),
    (Channel::Paper, "Paper: written down and transcribed"),
];

const REASONS: [(PauseReason, &str); 2] = [
    (
        PauseReason::InRespite,
        "In respite or another place of care",
    ),
    (PauseReason::Away, "Away, by agreement"),
];

/// Every field of every form of the page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MoveForm {
    pause_reason: String,
    pause_note: String,
    spell_ended_at: String,
    resume_note: String,
    expected_back: String,
    hospital_note: String,
    destination: String,
    outcome: String,
    summary: String,
    follow_up: String,
    kit_due_back: String,
    death_sure: String,
    death_note: String,
    to: String,
    transfer_note: String,
    channel: String,
    channel_note: String,
}

/// A note of the papers.
struct NoteLine {
    when: String,
    by: String,
    step: String,
    text: String,
}

#[derive(Template)]
#[template(path = "patient/move.html")]
struct MovePage {
    chrome: Chrome,
    top: Top,
    errors: FormErrors,
    form: MoveForm,
    /// Open alerts, which a discharge and a pause wait for.
    open: usize,
    is_active: bool,
    is_paused: bool,
    is_over: bool,
    was_in_hospital: bool,
    reasons: Vec<Choice>,
    destinations: Vec<Choice>,
    outcomes: Vec<Choice>,
    wards: Vec<Choice>,
    channels: Vec<Choice>,
    back: Vec<Choice>,
    end: Option<Vec<(&'static str, String)>>,
    notes: Vec<NoteLine>,
}

async fn forms(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid)>, ApiError>,
    staff: Staff,
) -> Result<Response, PageError> {
    let Ids((_, stay)) = ids?;
    staff.needs(Verb::MovePatient)?;
    let opened = Opened::of(&app, staff, stay, "move").await?;
    let channel = wire_name(&opened.record.stay.channel);
    let form = MoveForm {
        channel,
        ..MoveForm::default()
    };
    draw(&app, &opened, form, FormErrors::default(), StatusCode::OK).await
}

fn choices<T: serde::Serialize>(of: &[(T, &str)], now: &str) -> Vec<Choice> {
    of.iter()
        .map(|(value, words)| Choice::new(wire_name(value), *words, now))
        .collect()
}

fn chosen<T: serde::Serialize + Copy>(of: &[(T, &str)], now: &str) -> Option<T> {
    of.iter()
        .find(|(value, _)| wire_name(value) == now)
        .map(|(value, _)| *value)
}

async fn draw(
    app: &App,
    opened: &Opened,
    form: MoveForm,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response, PageError> {
    let record = &opened.record;
    let here = opened.staff.ward.id;
    let mut wards = vec![Choice::new("", "Choose a ward", &form.to)];
    let others = app.wards.all_wards().await?;
    let others = others.iter().filter(|ward| ward.id != here);
    wards.extend(others.map(|ward| {
        Choice::new(
            ward.id.to_string(),
            format!("{} {}", ward.code, ward.name),
            &form.to,
        )
    }));
    let clock = &opened.clock;
    let end = record.papers.end.as_ref().map(|end| {
        vec![
            (
                "Ended",
                format!("{} by {}", clock.when(end.at), opened.name_of(end.by)),
            ),
            ("To", readable(&wire_name(&end.destination))),
            (
                "Patient was",
                end.outcome
                    .map_or_else(|| "Not said".to_owned(), |it| readable(&wire_name(&it))),
            ),
            ("Summary for the GP", end.summary.clone()),
            ("Follow-up", end.follow_up.clone()),
            (
                "Kit wanted back by",
                end.kit_due_back.map(on_screen).unwrap_or_default(),
            ),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
    });
    let phase = record.stay.phase;
    let in_hospital = |phase| {
        matches!(
            phase,
            Phase::Paused {
                reason: PauseReason::InHospital,
                ..
            }
        )
    };
    let drawn = MovePage {
        chrome: opened.staff.chrome(Here::Elsewhere),
        open: record.open.len(),
        is_active: matches!(phase, Phase::Active),
        is_paused: matches!(phase, Phase::Paused { .. }),
        is_over: !phase.is_open(),
        was_in_hospital: in_hospital(phase),
        reasons: choices(&REASONS, &form.pause_reason),
        destinations: choices(&DESTINATIONS, &form.destination),
        outcomes: choices(&OUTCOMES, &form.outcome),
        channels: choices(&CHANNELS, &form.channel),
        back: vec![
            Choice::new("yes", "Yes: the stay is paused", &form.expected_back),
            Choice::new("no", "No: the stay ends", &form.expected_back),
        ],
        notes: record
            .papers
            .notes
            .iter()
            .rev()
            .map(|note| NoteLine {
                when: clock.when(note.at),
                by: opened.name_of(note.by),
                step: readable(&note.step),
                text: note.text.clone(),
            })
            .collect(),
        top: opened.top(Tab::Move),
        wards,
        end,
        errors,
        form,
    };
    Ok(opened.staff.answer(status, &drawn))
}

async fn take(
    State(app): State<Arc<App>>,
    ids: Result<Ids<(Uuid, Uuid, String)>, ApiError>,
    PageForm { staff, form }: PageForm<MoveForm>,
) -> Result<Response, PageError> {
    let Ids((_, stay, step)) = ids?;
    let permit = *staff.needs(Verb::MovePatient)?;
    let clock = PageClock {
        zone: staff.ward.zone(),
        now: app.wards.clock().now(),
    };
    let taken = match step.as_str() {
        "pause" => pause(&app, &permit, StayId(stay), &form).await,
        "resume" => resume(&app, &permit, StayId(stay), &form, &clock).await,
        "hospital" => hospital(&app, &permit, StayId(stay), &form).await,
        "discharge" => discharge(&app, &permit, StayId(stay), &form).await,
        "death" => death(&app, &permit, StayId(stay), &form).await,
        "channel" => channel(&app, &permit, StayId(stay), &form).await,
        "transfer" => transfer(&app, &permit, StayId(stay), &form).await,
        _ => return Err(ApiError::not_found().into()),
    };
    match taken {
        // On another ward the page is not this ward's any more.
        Ok(said) if step == "transfer" => Ok(on_to(&staff.path(""), said)),
        Ok(said) => Ok(on_to(&path(&staff, StayId(stay), ""), said)),
        Err(Refused { errors, status }) => {
            let opened = Opened::of(&app, staff, stay, "move").await?;
            draw(&app, &opened, form, errors, status).await
        }
    }
}
