//! Pausing, resuming, moving and ending a stay: each a form of its own, offered only while it is possible.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;
use ward_core::id::{StayId, WardId};
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::{Leaving, StayOutcome};
use ward_core::permit::{Permit, Verb};
use ward_core::stay::{Channel, Destination, PauseReason, Phase};

use crate::extract::{Ids, without_nul};
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::patient::stay_path;
use crate::pages::patient::top::{Opened, Tab, Top, path};
use crate::pages::patient::words::{PageClock, on_screen, readable, wire_name};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

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

/// What was wrong, at which field.
struct Refused {
    errors: FormErrors,
    status: StatusCode,
}

impl Refused {
    fn missing(field: &'static str, words: &str) -> Self {
        Self {
            errors: FormErrors::one(field, words),
            status: StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn by(field: &'static str) -> impl Fn(ApiError) -> Self {
        move |error| Self {
            errors: FormErrors::one(field, sentence(error.detail())),
            status: error.status(),
        }
    }
}

type Taken = Result<&'static str, Refused>;

async fn pause(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let reason = chosen(&REASONS, &form.pause_reason);
    let reason =
        reason.ok_or_else(|| Refused::missing("pause_reason", "Choose why the stay is paused"))?;
    let note = without_nul(form.pause_note.clone());
    let done = app
        .wards
        .move_patient(permit, stay, Step::Pause(reason), note)
        .await;
    done.map_err(|error| Refused::by("pause_reason")(error.into()))?;
    Ok("Paused: nobody is prompted until the stay is resumed.")
}

async fn resume(
    app: &App,
    permit: &Permit,
    stay: StayId,
    form: &MoveForm,
    clock: &PageClock,
) -> Taken {
    let typed = form.spell_ended_at.trim();
    let ended_at = clock.of_field(typed);
    if !typed.is_empty() && ended_at.is_none() {
        return Err(Refused::missing(
            "spell_ended_at",
            "Enter day and time, for example 2026-11-22T09:30",
        ));
    }
    let note = without_nul(form.resume_note.clone());
    let done = app.wards.resume(permit, stay, ended_at, note).await;
    done.map_err(|error| {
        let error = ApiError::from(error);
        let words = if error.detail().starts_with("inpatient_spell_ended_at") {
            "They left the hospital bed between the pause and now: check the time".to_owned()
        } else {
            sentence(error.detail())
        };
        Refused {
            errors: FormErrors::one("spell_ended_at", words),
            status: error.status(),
        }
    })?;
    Ok("Resumed. The patient is on the call list: somebody asks how they are back at home.")
}

async fn hospital(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let (step, said) = match form.expected_back.as_str() {
        "yes" => (
            Step::Pause(PauseReason::InHospital),
            "In hospital: the stay is paused, alerts are closed, nobody is prompted.",
        ),
        "no" => (
            Step::End(Destination::Hospital),
            "In hospital: the stay is over, alerts are closed, nobody is prompted.",
        ),
        _ => {
            return Err(Refused::missing(
                "expected_back",
                "Choose whether the patient is expected back",
            ));
        }
    };
    let note = without_nul(form.hospital_note.clone());
    let done = app.wards.move_patient(permit, stay, step, note).await;
    done.map_err(|error| Refused::by("expected_back")(error.into()))?;
    Ok(said)
}

async fn discharge(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let mut errors = FormErrors::default();
    let destination = chosen(&DESTINATIONS, &form.destination);
    if destination.is_none() {
        errors.add("destination", "Choose where the patient goes");
    }
    let outcome = chosen(&OUTCOMES, &form.outcome);
    if outcome.is_none() {
        errors.add("outcome", "Choose how the patient is");
    }
    if form.summary.trim().is_empty() {
        errors.add(
            "summary",
            "Write the summary: the GP is told how the stay went",
        );
    }
    let typed = form.kit_due_back.trim();
    let kit_due_back = typed.parse().ok();
    if !typed.is_empty() && kit_due_back.is_none() {
        errors.add("kit_due_back", "Enter a day, for example 2026-12-01");
    }
    let (Some(destination), Some(outcome), true) = (destination, outcome, errors.is_empty()) else {
        return Err(Refused {
            errors,
            status: StatusCode::UNPROCESSABLE_ENTITY,
        });
    };
    let leaving = Leaving {
        destination,
        outcome,
        summary: without_nul(form.summary.clone()),
        follow_up: without_nul(form.follow_up.clone()),
        kit_due_back,
    };
    let done = app.wards.discharge(permit, stay, leaving).await;
    done.map_err(|error| {
        let error = ApiError::from(error);
        let field = match error.detail() {
            detail if detail.starts_with("follow_up") => "follow_up",
            detail if detail.starts_with("kit_due_back") => "kit_due_back",
            _ => "destination",
        };
        let words = match field {
            "follow_up" => "Say who sees to a patient who is still unwell or worse".to_owned(),
            "kit_due_back" => {
                "The kit is wanted back within 60 days: choose another day".to_owned()
            }
            _ => sentence(error.detail()),
        };
        Refused {
            errors: FormErrors::one(field, words),
            status: error.status(),
        }
    })?;
    Ok(
        "Discharged. The kit is asked back, and a reading that still comes reaches the duty clinician.",
    )
}

async fn death(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    if form.death_sure != "yes" {
        return Err(Refused::missing(
            "death_sure",
            "Tick the box: a death is recorded on purpose",
        ));
    }
    let note = without_nul(form.death_note.clone());
    let step = Step::End(Destination::Died);
    let done = app.wards.move_patient(permit, stay, step, note).await;
    done.map_err(|error| Refused::by("death_sure")(error.into()))?;
    Ok("The death is recorded. Alerts are closed, and no message goes out any more.")
}

async fn channel(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let channel = chosen(&CHANNELS, &form.channel);
    let channel = channel.ok_or_else(|| Refused::missing("channel", "Choose how readings come"))?;
    let note = without_nul(form.channel_note.clone());
    let done = app
        .wards
        .move_patient(permit, stay, Step::Channel(channel), note)
        .await;
    done.map_err(|error| Refused::by("channel")(error.into()))?;
    Ok("Readings and diaries come this way from now on.")
}

async fn transfer(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let to = form.to.parse::<WardId>();
    let to = to.map_err(|_| Refused::missing("to", "Choose the ward that the patient goes to"))?;
    let note = without_nul(form.transfer_note.clone());
    let done = app.wards.transfer(permit, stay, to, note).await;
    done.map_err(|error| Refused::by("to")(error.into()))?;
    Ok("Transferred: the patient is on the other ward’s board, with everything that was open.")
}
