//! A patient goes to another ward of the organisation, with the chart, the kit and everything that is open.

use ward_core::alert::{Alert, Subject};
use ward_core::event::WardEvent;
use ward_core::id::{StayId, WardId};
use ward_core::pathway::departure::{Step, follow};
use ward_core::patient::{PARAGRAPH, fits};
use ward_core::permit::Permit;
use ward_core::stay::Stay;

use super::move_patient::{AddNote, StepError};
use crate::error::to_the_end;
use crate::wards::Wards;

impl Wards {
    /// Transfers a patient. Both wards change in one transaction: an alert that is open is on exactly one board, and nobody's
    /// on the new one. A bridge that reads nobody else's oximeters goes along.
    ///
    /// # Errors
    /// [`StepError`].
    pub async fn transfer(
        &self,
        permit: &Permit,
        stay: StayId,
        to: WardId,
        note: String,
    ) -> Result<Stay, StepError> {
        fits("note", &note, PARAGRAPH)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let (from, step) = (permit.ward, Step::Transfer(to));
            if to == from {
                // Refused, with what is possible.
                let mut ledger = wards.ledger_of(from).await?;
                let (stay, ..) = wards.followed(&mut ledger, &permit, stay, step).await?;
                return Ok(stay);
            }
            let opened = wards.store.open_two_ledgers(from, to).await?;
            let (mut ledger, parked) = opened.ok_or(StepError::NoSuchWard)?;
            let record = ledger.stay(stay).await?.ok_or(StepError::NoSuchStay)?;
            let stay = record.stay.clone();
            let bridges = ledger.bridges_only_for(stay.id).await?;
            let mut about = vec![Subject::Stay(stay.id)];
            about.extend(bridges.iter().copied().map(Subject::Bridge));
            let open = ledger.open_alerts_about(&about).await?;
            let now = wards.clock.now();
            let follows = follow(&stay, &open, step, permit.clinician, now)?;
            let mut papers = ledger.papers(stay.id).await?;
            papers.add(&permit, step, note, now);
            ledger.put_papers(stay.id, &papers).await?;
            for event in follows.events {
                ledger.append(event, now);
            }
            for bridge in bridges {
                ledger.move_bridge(bridge, to).await?;
            }
            ledger.put_stay(&follows.stay).await?;
            let (mut ledger, head_from) = ledger.hand_over(parked).await?;
            let there = ledger.open_alerts_about(&about).await?;
            let arrivals = follows.arrivals.into_iter();
            for event in arrivals.filter(|event| !is_open_there(event, &there)) {
                ledger.append(event, now);
            }
            ledger.set_next_due(stay.id, Some(now)).await?;
            let head_to = ledger.commit().await?;
            wards.bell.ring(from, head_from);
            wards.bell.ring(to, head_to);
            tracing::info!(%from, %to, stay = %stay.id, alerts = open.len(), "transferred a patient");
            Ok(follows.stay)
        })
        .await
    }
}

/// A bridge that was on that ward before may have left the same alert there: one is enough.
fn is_open_there(event: &WardEvent, there: &[Alert]) -> bool {
    let WardEvent::Alert { alert, .. } = event else {
        return false;
    };
    there
        .iter()
        .any(|known| known.subject == alert.subject && known.problem == alert.problem)
}
