//! The shift: who comes on duty and leaves it, what they hand over.

use ward_core::alert::{self, Alert, AssignRefused, Assigned, Change};
use ward_core::duty::{OnDuty, Post};
use ward_core::event::{DutyEvent, WardEvent};
use ward_core::id::{AlertNumber, ClinicianId, NoteId, StayId, WardId};
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::time::Timestamp;
use ward_store::{HandoverNote, Ledger, StoreError};

use crate::assign_alert::can_take;
use crate::error::{Unavailable, to_the_end};
use crate::resolve_alert::NOTE_LIMIT;
use crate::wards::Wards;

/// Notes that are done stay in sight for so long: until whoever comes next has come and gone.
const DONE_SHOWN_HOURS: u64 = 24;

/// Who takes what somebody who leaves still has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandTo {
    /// A colleague, who has it at once.
    Colleague(ClinicianId),
    /// The ward: it is nobody's and speaks again.
    Ward,
}

/// Why the shift is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// The post.
    #[error("this post looks after alerts: it takes a clinician")]
    PostTakesAClinician,
    /// They are not on duty.
    #[error("you are not on duty on this ward")]
    NotOnDuty,
    /// They still have alerts.
    #[error("you still have {}: say who takes them, then leave", count(*.0))]
    StillHolds(usize),
    /// Whoever is to take them cannot.
    #[error("this person cannot act on alerts of this ward: choose a clinician of the ward")]
    CannotTake,
    /// A note without words.
    #[error("write what is to be handed over")]
    EmptyNote,
    /// A note with too many.
    #[error("the note is longer than {NOTE_LIMIT} characters: shorten it")]
    NoteTooLong,
    /// Whom it is about.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Which note.
    #[error("there is no such note on this ward")]
    NoSuchNote,
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

fn count(alerts: usize) -> String {
    match alerts {
        1 => "1 alert".to_owned(),
        many => format!("{many} alerts"),
    }
}

impl From<StoreError> for DutyError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The person of this permit comes on duty, or goes on in another post. Since when comes back.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn accept_duty(&self, permit: &Permit, post: Post) -> Result<Timestamp, DutyError> {
        permit.allows(Verb::TakeDuty)?;
        if !post.is_for(permit.role) {
            return Err(DutyError::PostTakesAClinician);
        }
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let now = wards.clock.now();
            let shift = ledger.shift(wards.store()).await?;
            let held = shift.on_duty.iter().find(|duty| duty.clinician == by);
            if let Some(held) = held {
                if held.post == post {
                    let since = held.since;
                    ledger.close().await?;
                    return Ok(since);
                }
                ledger.leave_duty(by, now).await?;
            }
            let duty = OnDuty {
                clinician: by,
                post,
                since: now,
            };
            ledger.accept_duty(&duty).await?;
            ledger.append(WardEvent::Duty(DutyEvent::Accepted { by, post }), now);
            commit(&wards, ledger).await?;
            tracing::info!(%ward, %by, post = post.as_str(), "duty accepted");
            Ok(now)
        })
        .await
    }

    /// The person of this permit leaves duty. What they still have goes to whom they say, in the same commit: nothing is
    /// left with somebody who is not there.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn leave_duty(
        &self,
        permit: &Permit,
        hand_to: Option<HandTo>,
    ) -> Result<(), DutyError> {
        permit.allows(Verb::TakeDuty)?;
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let now = wards.clock.now();
            let shift = ledger.shift(wards.store()).await?;
            if shift.on_duty.iter().all(|duty| duty.clinician != by) {
                return Err(DutyError::NotOnDuty);
            }
            let mut held = ledger.open_alerts().await?;
            held.retain(|alert| alert.is_held_by(by));
            if !held.is_empty() {
                let to = hand_to.ok_or(DutyError::StillHolds(held.len()))?;
                hand_all(&wards, &mut ledger, &held, by, to, now).await?;
            }
            ledger.leave_duty(by, now).await?;
            ledger.append(WardEvent::Duty(DutyEvent::Left { by }), now);
            commit(&wards, ledger).await?;
            tracing::info!(%ward, %by, alerts = held.len(), "duty left");
            Ok(())
        })
        .await
    }

    /// Writes something down for those who come next.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn write_handover_note(
        &self,
        permit: &Permit,
        stay: Option<StayId>,
        body: String,
    ) -> Result<NoteId, DutyError> {
        permit.allows(Verb::TakeDuty)?;
        let body = body.trim().to_owned();
        if body.is_empty() {
            return Err(DutyError::EmptyNote);
        }
        if body.chars().count() > NOTE_LIMIT {
            return Err(DutyError::NoteTooLong);
        }
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            if let Some(stay) = stay
                && ledger.stay(stay).await?.is_none()
            {
                return Err(DutyError::NoSuchStay);
            }
            let note = HandoverNote {
                id: NoteId(wards.clock.new_id()),
                at: wards.clock.now(),
                author: by,
                stay,
                body,
                done: None,
            };
            ledger.insert_handover_note(&note).await?;
            let written = DutyEvent::NoteWritten {
                note: note.id,
                stay,
                by,
            };
            ledger.append(WardEvent::Duty(written), note.at);
            commit(&wards, ledger).await?;
            Ok(note.id)
        })
        .await
    }

    /// What was handed over is done. Done twice is done once.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn do_handover_note(&self, permit: &Permit, note: NoteId) -> Result<(), DutyError> {
        permit.allows(Verb::TakeDuty)?;
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let now = wards.clock.now();
            let done = ledger.do_handover_note(note, by, now).await?;
            if done.ok_or(DutyError::NoSuchNote)? {
                ledger.append(WardEvent::Duty(DutyEvent::NoteDone { note, by }), now);
                commit(&wards, ledger).await?;
            }
            Ok(())
        })
        .await
    }

    /// What is handed over on a ward: what is still to be done, the oldest first, then what was done within a day.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn handover_notes(&self, permit: &Permit) -> Result<Vec<HandoverNote>, Unavailable> {
        let since = std::time::Duration::from_secs(DONE_SHOWN_HOURS * 3600);
        let since = self.clock.now().minus(since);
        let mut notes = self.store.open_handover_notes(permit.ward).await?;
        notes.extend(self.store.done_handover_notes(permit.ward, since).await?);
        Ok(notes)
    }
}

async fn hand_all(
    wards: &Wards,
    ledger: &mut Ledger,
    held: &[Alert],
    by: ClinicianId,
    to: HandTo,
    now: Timestamp,
) -> Result<(), DutyError> {
    if let HandTo::Colleague(to) = to
        && (to == by || !can_take(wards, ledger.ward().id, to).await?)
    {
        return Err(DutyError::CannotTake);
    }
    let seen = ledger.head();
    for held in held {
        let handed: Option<(AlertNumber, Change, Box<Alert>)> = match to {
            HandTo::Ward => alert::let_go(held, by, now)
                .map(|alert| (held.number, Change::LetGo, Box::new(alert))),
            HandTo::Colleague(to) => match alert::assign(held, by, to, seen, now) {
                Ok(Assigned::Now(alert)) => Some((held.number, Change::Assigned, alert)),
                Ok(Assigned::Already { .. })
                | Err(
                    AssignRefused::NotAcknowledged
                    | AssignRefused::AlreadyResolved { .. }
                    | AssignRefused::WorsenedSince { .. },
                ) => None,
            },
        };
        if let Some((number, change, alert)) = handed {
            tracing::info!(alert = %number, %by, change = change.name(), "alert handed over");
            ledger.append(WardEvent::Alert { change, alert }, now);
        }
    }
    Ok(())
}

pub(crate) async fn open(wards: &Wards, ward: WardId) -> Result<Ledger, DutyError> {
    let ledger = wards.store.open_ledger(ward).await?;
    ledger.ok_or(DutyError::NoSuchWard)
}

/// Commits, and rings the bell.
pub(crate) async fn commit(wards: &Wards, ledger: Ledger) -> Result<(), StoreError> {
    let ward = ledger.ward().id;
    let head = ledger.commit().await?;
    wards.bell.ring(ward, head);
    Ok(())
}
