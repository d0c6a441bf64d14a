//! A call or a visit is written down: who was reached, or what was tried.

use ward_core::alert::Subject;
use ward_core::contact::{Call, CallRefused, ContactEntry, Direction, Way, What, Whom};
use ward_core::diary::{Said, assess_diary};
use ward_core::entry::{Author, Means};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::hand::Typed;
use ward_core::id::{AlertNumber, ContactId, ReadingId, Seq, StayId};
use ward_core::permit::Permit;
use ward_core::reading::{Context, ObservationSet};
use ward_core::stay::Stay;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use super::say::spoken;
use super::{ContactError, commit, open, write};
use crate::enter_reading::situation_of;
use ward_text::Language;

use crate::entering::{AdviceLine, advice_lines};
use crate::error::to_the_end;
use crate::record_by_hand::{HandError, HandReading, Recorded, record_by_hand};
use crate::tell::append_and_tell;
use crate::wards::Wards;

/// A call to be written down.
#[derive(Clone, Debug)]
pub struct NewContact {
    /// Given by the screen, so that a second press of the button meets the first.
    pub id: Option<ContactId>,
    /// When it was made, if not just now.
    pub at: Option<Timestamp>,
    /// What it was.
    pub call: Call,
    /// Values that were told.
    pub readings: Vec<ToldReading>,
}

/// Values that were told on the telephone, by video or at a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToldReading {
    /// Given by the screen, so that a repeat meets itself.
    pub id: ReadingId,
    /// As typed.
    pub typed: Typed,
    /// When they were measured, as they say; now, where they do not.
    pub at: Option<Timestamp>,
    /// What was taken beside them.
    pub observations: ObservationSet,
}

/// So many values are told in one call at most.
const READINGS: usize = 10;

/// A call that was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// As it stands in the record.
    pub entry: ContactEntry,
    /// What became of the values that were told.
    pub readings: Vec<Recorded>,
    /// What to tell whoever was spoken to, the most urgent first.
    pub advice: Vec<AdviceLine>,
    /// Open alerts that what was said, or told of values, has raised or changed.
    pub alerts: Vec<AlertNumber>,
    /// It had been written down before, under the same id.
    pub repeated: bool,
}

impl Wards {
    /// Writes down a call or a visit that the ward made or tried. Also of somebody who is in hospital or whose stay is
    /// over: what happened, happened.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn log_contact(
        &self,
        permit: &Permit,
        stay: StayId,
        mut new: NewContact,
    ) -> Result<Logged, ContactError> {
        new.call.direction = Direction::FromWard;
        self.write_call_down(permit, stay, new).await
    }

    /// Writes down a call that came in: recorded in the same way.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn log_incoming_call(
        &self,
        permit: &Permit,
        stay: StayId,
        mut new: NewContact,
    ) -> Result<Logged, ContactError> {
        new.call.direction = Direction::ToWard;
        self.write_call_down(permit, stay, new).await
    }

    async fn write_call_down(
        &self,
        permit: &Permit,
        stay: StayId,
        new: NewContact,
    ) -> Result<Logged, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (mut ledger, record) = open(&wards, permit.ward, stay).await?;
            if let Some(id) = new.id
                && let Some(known) = ledger.contact(stay, id).await?
            {
                return Ok(Logged::before(known.entry));
            }
            let now = wards.clock.now();
            let (call, at) = checked(new.call, &new.readings, new.at.unwrap_or(now), now)?;
            let seq = ledger.head();
            let readings = told(&mut ledger, &permit, stay, &call, &new.readings, now).await?;
            let said = call.said(at);
            let entry = ContactEntry {
                id: new.id.unwrap_or_else(|| ContactId(wards.clock.new_id())),
                stay,
                ward: permit.ward,
                at,
                written_at: now,
                by: permit.clinician,
                what: What::Call(Box::new(call.clone())),
            };
            write(&mut ledger, &entry, logged(&entry, &call)).await?;
            if let Some(said) = said.as_ref().filter(|_| record.phase.is_open()) {
                judge(&mut ledger, &record, said, now).await?;
            }
            let alerts = spoken_since(&mut ledger, stay, seq).await?;
            let situation = spoken(situation_of(&record, &readings), &call, said.as_ref());
            let advice = if situation == situation_of(&record, &[]) {
                Vec::new()
            } else {
                advice_lines(
                    ledger.ward(),
                    &record.plan,
                    situation,
                    Language::English,
                    now,
                )
            };
            commit(&wards, ledger).await?;
            tracing::info!(ward = %permit.ward, %stay, contact = %entry.id, "contact logged");
            Ok(Logged {
                entry,
                readings,
                advice,
                alerts,
                repeated: false,
            })
        })
        .await
    }
}

impl Logged {
    /// Written down before, under the same id: nothing is told twice.
    const fn before(entry: ContactEntry) -> Self {
        Self {
            entry,
            readings: Vec::new(),
            advice: Vec::new(),
            alerts: Vec::new(),
            repeated: true,
        }
    }
}

/// The call, if it can have been so, with the values that were told in it; and when it was.
fn checked(
    mut call: Call,
    readings: &[ToldReading],
    at: Timestamp,
    now: Timestamp,
) -> Result<(Call, Timestamp), CallRefused> {
    if readings.len() > READINGS {
        return Err(CallRefused::TooMany {
            field: "readings",
            limit: READINGS,
        });
    }
    call.readings = readings.iter().map(|reading| reading.id).collect();
    // What was said just now is not of the future, by however little a screen's clock is ahead.
    Ok((call.checked(at, now)?, at.min(now)))
}

/// Values that were told are readings: stored, judged and shown as any other.
async fn told(
    ledger: &mut Ledger,
    permit: &Permit,
    stay: StayId,
    call: &Call,
    readings: &[ToldReading],
    now: Timestamp,
) -> Result<Vec<Recorded>, ContactError> {
    if readings.is_empty() {
        return Ok(Vec::new());
    }
    let carer = (call.whom != Whom::Patient).then(|| call.name.clone());
    let author = if carer.is_some() {
        Author::Carer
    } else {
        Author::Patient
    };
    let means = match call.way {
        Way::Telephone => Means::Telephone,
        Way::Video => Means::Video,
        Way::Visit => Means::Visit,
    };
    let readings = readings.iter().map(|reading| HandReading {
        id: reading.id,
        typed: reading.typed,
        at: reading.at,
        context: Context::Rest,
        observations: reading.observations,
        carer: carer.clone(),
        typed_by: Some(permit.clinician),
    });
    let recorded = record_by_hand(ledger, stay, readings.collect(), author, means, now).await;
    recorded.map_err(|error| match error {
        HandError::NoSuchStay => ContactError::NoSuchStay,
        HandError::Refused(refused) => ContactError::Reading(refused),
        HandError::UsedId | HandError::TypedBefore(_) => ContactError::UsedId,
        HandError::Store(error) => error.into(),
    })
}

/// Open alerts of the stay that have spoken after this number of the log.
async fn spoken_since(
    ledger: &mut Ledger,
    stay: StayId,
    seq: Seq,
) -> Result<Vec<AlertNumber>, StoreError> {
    let open = ledger.open_alerts_about(&[Subject::Stay(stay)]).await?;
    let spoke = open.iter().filter(|alert| alert.spoke_seq > seq);
    Ok(spoke.map(|alert| alert.number).collect())
}

fn logged(entry: &ContactEntry, call: &Call) -> WardEvent {
    WardEvent::Contact(ContactEvent::Logged {
        stay: entry.stay,
        contact: entry.id,
        by: entry.by,
        direction: call.direction,
        way: call.way,
        whom: call.whom,
        outcome: call.outcome,
    })
}

/// Words on the telephone are words of the diary.
async fn judge(
    ledger: &mut Ledger,
    stay: &Stay,
    said: &Said,
    now: Timestamp,
) -> Result<(), StoreError> {
    let record = ledger.stay(stay.id).await?;
    let mut state = record
        .map(|record| record.state.clone())
        .unwrap_or_default()
        .as_of(now);
    let urgency = said.symptoms.iter().map(|symptom| symptom.urgency).max();
    if urgency.is_some() {
        state.words = state.words.with(said.at, urgency, false);
    }
    let open = ledger.open_alerts_about(&[Subject::Stay(stay.id)]).await?;
    let follows = assess_diary(stay, &state, &open, said, now);
    append_and_tell(ledger, stay, follows, now).await?;
    ledger.set_state(stay.id, state);
    Ok(())
}
