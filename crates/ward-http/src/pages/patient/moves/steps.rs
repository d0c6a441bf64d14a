//! Each step of a stay: what its form must hold, and what was done.

use axum::http::StatusCode;
use ward_core::id::{StayId, WardId};
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::Leaving;
use ward_core::permit::Permit;
use ward_core::stay::{Destination, PauseReason};

use super::{CHANNELS, DESTINATIONS, MoveForm, OUTCOMES, REASONS, chosen};
use crate::extract::without_nul;
use crate::pages::form::FormErrors;
use crate::pages::frame::sentence;
use crate::pages::patient::words::PageClock;
use crate::problem::ApiError;
use crate::routes::App;

/// What was wrong, at which field.
pub(super) struct Refused {
    pub(super) errors: FormErrors,
    pub(super) status: StatusCode,
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

pub(super) type Taken = Result<&'static str, Refused>;

pub(super) async fn pause(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
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

pub(super) async fn resume(
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

pub(super) async fn hospital(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
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

pub(super) async fn discharge(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
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

pub(super) async fn death(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
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

pub(super) async fn channel(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
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

pub(super) async fn transfer(app: &App, permit: &Permit, stay: StayId, form: &MoveForm) -> Taken {
    let to = form.to.parse::<WardId>();
    let to = to.map_err(|_| Refused::missing("to", "Choose the ward that the patient goes to"))?;
    let note = without_nul(form.transfer_note.clone());
    let done = app.wards.transfer(permit, stay, to, note).await;
    done.map_err(|error| Refused::by("to")(error.into()))?;
    Ok("Transferred: the patient is on the other ward’s board, with everything that was open.")
}
