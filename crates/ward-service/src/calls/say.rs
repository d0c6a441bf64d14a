//! What to tell whoever is on the telephone: while the call goes on, before anything is written; and again afterwards.

use ward_core::advice::Situation;
use ward_core::contact::{Call, What};
use ward_core::diary::Said;
use ward_core::hand::{HandRefused, Odd, Typed};
use ward_core::id::{ContactId, ReadingId, StayId};
use ward_core::permit::Permit;
use ward_core::plan::Band;
use ward_core::reading::Measured;
use ward_core::stay::Stay;
use ward_store::StoredContact;
use ward_text::Language;

use super::ContactError;
use crate::answer_question::answer_to;
use crate::chart::ChartLine;
use crate::enter_reading::situation_of;
use crate::entering::{AdviceLine, advice_lines};
use crate::record_by_hand::{Recorded, told_of};
use crate::wards::Wards;

/// What has been said so far in a call that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// What became of each pair of values, in their order.
    pub values: Vec<Result<HeardValue, HandRefused>>,
    /// What to tell, the most urgent first.
    pub advice: Vec<AdviceLine>,
}

/// A pair of values, as it would be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardValue {
    /// How low, by the stay's plan.
    pub band: Band,
    /// What is to be asked about it.
    pub odd: Option<Odd>,
}

/// A call that was written down, with what follows for whoever was spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct AfterCall {
    /// The entry.
    pub contact: StoredContact,
    /// The readings that were told, as they count now.
    pub readings: Vec<ChartLine>,
    /// What to tell, the most urgent first.
    pub advice: Vec<AdviceLine>,
}

/// So many of a stay's newest readings and contacts are looked through.
const LOOKED_THROUGH: u32 = 200;

impl Wards {
    /// What to tell in a call, by what has been said in it so far. Writes nothing.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn what_to_say(
        &self,
        permit: &Permit,
        stay: StayId,
        call: &Call,
        typed: &[Typed],
    ) -> Result<Heard, ContactError> {
        let (record, ward) = self.stay_and_ward(permit, stay).await?;
        let now = self.clock.now();
        let values: Vec<_> = typed
            .iter()
            .map(|typed| {
                typed.taken().map(|taken| HeardValue {
                    band: record.plan.band(taken.values.spo2),
                    odd: taken.odd,
                })
            })
            .collect();
        let good = || values.iter().filter_map(|value| value.as_ref().ok());
        let situation = spoken(
            Situation {
                band: good().map(|value| value.band).max(),
                asked_back: good().any(|value| value.odd.is_some()),
                ..situation_of(&record, &[])
            },
            call,
            call.said(now).as_ref(),
        );
        let advice = advice_lines(&ward, &record.plan, situation, Language::English, now);
        Ok(Heard { values, advice })
    }

    /// A call that was written down, and what to tell whoever was spoken to. `None` when the stay has no such call.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn after_call(
        &self,
        permit: &Permit,
        stay: StayId,
        id: ContactId,
    ) -> Result<Option<AfterCall>, ContactError> {
        let (record, ward) = self.stay_and_ward(permit, stay).await?;
        let contacts = self.store.contacts_of(stay, LOOKED_THROUGH).await?;
        let contact = contacts.into_iter().find(|it| it.entry.id == id);
        let Some(contact) = contact else {
            return Ok(None);
        };
        let What::Call(call) = &contact.entry.what else {
            return Ok(None);
        };
        let now = self.clock.now();
        let state = self.store.stay(stay).await?;
        let state = state.map(|record| record.state).unwrap_or_default();
        let kept = self.store.chart_of(stay, None, LOOKED_THROUGH).await?;
        let told = kept
            .into_iter()
            .filter(|kept| is_told(call, kept.reading.id));
        let readings: Vec<ChartLine> = told.map(ChartLine::of).collect();
        let recorded: Vec<Recorded> = readings
            .iter()
            .filter(|line| line.kept.struck.is_none())
            .filter(|line| matches!(line.kept.reading.measured, Measured::Values(_)))
            .filter_map(|line| {
                told_of(
                    &line.kept.reading,
                    line.asked,
                    true,
                    &record.plan,
                    &state,
                    now,
                )
            })
            .collect();
        let said = call.said(contact.entry.at);
        let situation = spoken(situation_of(&record, &recorded), call, said.as_ref());
        let advice = advice_lines(&ward, &record.plan, situation, Language::English, now);
        Ok(Some(AfterCall {
            advice,
            readings,
            contact,
        }))
    }

    async fn stay_and_ward(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<(Stay, ward_core::ward::Ward), ContactError> {
        let record = self.store.stay(stay).await?;
        let record = record.filter(|record| record.stay.ward == permit.ward);
        let ward = self.store.ward(permit.ward).await?;
        match (record, ward) {
            (Some(record), Some(ward)) => Ok((record.stay, ward)),
            _ => Err(ContactError::NoSuchStay),
        }
    }
}

/// The situation, with what was said.
pub(super) fn spoken(situation: Situation, call: &Call, said: Option<&Said>) -> Situation {
    Situation {
        urgency: said.and_then(|said| said.symptoms.iter().map(|it| it.urgency).max()),
        help: call.help,
        ..situation
    }
}

/// Told in this call, or the answer to what was asked about it.
fn is_told(call: &Call, reading: ReadingId) -> bool {
    call.readings
        .iter()
        .any(|told| *told == reading || answer_to(*told) == reading)
}
