//! A stay is paused, resumed, ended by a death or a hospital admission, or heard of in another way.

use ward_core::alert::Subject;
use ward_core::contact::{Asked, Why};
use ward_core::id::{StayId, WardId};
use ward_core::pathway::departure::{Follows, NotPossible, Prompts, Step, follow};
use ward_core::pathway::papers::{End, Note, Papers};
use ward_core::patient::{PARAGRAPH, TooLong, fits};
use ward_core::permit::Permit;
use ward_core::stay::{PauseReason, Phase, Stay};
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Why a stay did not take a step.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// No stay of this id on this ward.
    #[error(
        "there is no such stay on this ward: the patient may have changed wards; look for them by name"
    )]
    NoSuchStay,
    /// Nowhere to go to.
    #[error("there is no such ward in this organisation")]
    NoSuchWard,
    /// It cannot; what it can is said.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// A spell in hospital that ends after now, or before the stay was paused for it.
    #[error("inpatient_spell_ended_at must lie between {from} and now ({now})")]
    SpellOutOfRange {
        /// When the stay was paused, or began.
        from: Timestamp,
        /// By the service's clock.
        now: Timestamp,
    },
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for StepError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// Pauses or resumes a stay, records a death or a hospital admission, or changes the channel. A discharge and a transfer
    /// have verbs of their own.
    ///
    /// # Errors
    /// [`StepError`].
    pub async fn move_patient(
        &self,
        permit: &Permit,
        stay: StayId,
        step: Step,
        note: String,
    ) -> Result<Stay, StepError> {
        fits("note", &note, PARAGRAPH)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.ledger_of(permit.ward).await?;
            let (stay, follows, now) = wards.followed(&mut ledger, &permit, stay, step).await?;
            let mut papers = ledger.papers(stay.id).await?;
            papers.add(&permit, step, note, now);
            if let (Step::End(destination), Phase::Ended { .. }) = (step, follows.stay.phase) {
                // What was written at a discharge stays as it was said.
                papers.end.get_or_insert(End {
                    by: permit.clinician,
                    at: now,
                    destination,
                    outcome: None,
                    summary: String::new(),
                    follow_up: String::new(),
                    kit_due_back: None,
                });
            }
            wards
                .finish(ledger, follows, &papers, now, step_name(step))
                .await
        })
        .await
    }

    /// The patient is back. For one who was in hospital, `spell_ended_at` says when they left the bed: now, if it is not said.
    ///
    /// # Errors
    /// [`StepError`].
    pub async fn resume(
        &self,
        permit: &Permit,
        stay: StayId,
        spell_ended_at: Option<Timestamp>,
        note: String,
    ) -> Result<Stay, StepError> {
        fits("note", &note, PARAGRAPH)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.ledger_of(permit.ward).await?;
            let step = Step::Resume;
            let (before, follows, now) = wards.followed(&mut ledger, &permit, stay, step).await?;
            let mut papers = ledger.papers(before.id).await?;
            papers.add(&permit, step, note, now);
            if let Phase::Paused {
                since: from,
                reason: PauseReason::InHospital,
            } = before.phase
            {
                let ended_at = spell_ended_at.unwrap_or(now);
                if ended_at < from || ended_at > now {
                    return Err(StepError::SpellOutOfRange { from, now });
                }
                papers.inpatient_spell_ended_at = Some(ended_at);
            }
            // Whatever the plan says of today: somebody asks how they are back at home.
            let contact = ledger.contact_state(before.id).await?;
            let contact = contact.asking(Asked::now(Why::BackHome, now));
            ledger.set_contact_state(before.id, &contact).await?;
            wards.finish(ledger, follows, &papers, now, "resume").await
        })
        .await
    }

    pub(super) async fn ledger_of(&self, ward: WardId) -> Result<Ledger, StepError> {
        let ledger = self.store.open_ledger(ward).await?;
        ledger.ok_or(StepError::NoSuchStay)
    }

    /// The stay as it is, and what follows from a step that concerns this ward alone.
    pub(super) async fn followed(
        &self,
        ledger: &mut Ledger,
        permit: &Permit,
        stay: StayId,
        step: Step,
    ) -> Result<(Stay, Follows, Timestamp), StepError> {
        let record = ledger.stay(stay).await?.ok_or(StepError::NoSuchStay)?;
        let stay = record.stay.clone();
        let about = [Subject::Stay(stay.id)];
        let open = ledger.open_alerts_about(&about).await?;
        let now = self.clock.now();
        let follows = follow(&stay, &open, step, permit.clinician, now)?;
        Ok((stay, follows, now))
    }

    /// Writes what follows from a step that concerns this ward alone.
    pub(super) async fn finish(
        &self,
        mut ledger: Ledger,
        follows: Follows,
        papers: &Papers,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Stay, StepError> {
        let Follows {
            stay,
            events,
            prompts,
            arrivals: _,
        } = follows;
        ledger.put_stay(&stay).await?;
        ledger.put_papers(stay.id, papers).await?;
        for event in events {
            ledger.append(event, now);
        }
        match prompts {
            Prompts::Stop => {
                ledger.cancel_messages(stay.id).await?;
                ledger.set_next_due(stay.id, None).await?;
            }
            Prompts::Anew => ledger.set_next_due(stay.id, Some(now)).await?,
            Prompts::Stay => {}
        }
        let head = ledger.commit().await?;
        self.bell.ring(stay.ward, head);
        tracing::info!(ward = %stay.ward, stay = %stay.id, what, "moved a patient");
        Ok(stay)
    }
}

/// What can be written into papers.
pub(super) trait AddNote {
    /// Why a step was taken.
    fn add(&mut self, permit: &Permit, step: Step, text: String, at: Timestamp);
}

impl AddNote for Papers {
    fn add(&mut self, permit: &Permit, step: Step, text: String, at: Timestamp) {
        self.notes.push(Note {
            by: permit.clinician,
            at,
            step: step_name(step).to_owned(),
            text,
        });
    }
}

const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Pause(_) => "pause",
        Step::Resume => "resume",
        Step::End(ward_core::stay::Destination::Died) => "death",
        Step::End(ward_core::stay::Destination::Hospital) => "hospital",
        Step::End(_) => "discharge",
        Step::Transfer(_) => "transfer",
        Step::Channel(_) => "channel",
    }
}
