//! The call list, made anew whenever somebody asks.

use std::collections::BTreeMap;

use ward_core::alert::{Alert, Subject};
use ward_core::call_list::{CallList, Standing, rank};
use ward_core::care::CarePlan;
use ward_core::contact::ContactState;
use ward_core::day::Zone;
use ward_core::id::{ClinicianId, StayId, WardId};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{CallSnapshot, StoreError, StoredContact};

use super::ContactError;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// The call list and what it was made from.
#[derive(Debug)]
pub struct Calls {
    /// Who is to be rung, and who is not.
    pub list: CallList,
    /// The stays, the people, their plans, contacts and alerts.
    pub snapshot: CallSnapshot,
    /// Days are this zone's.
    pub zone: Zone,
    /// The time that it was made for.
    pub now: Timestamp,
}

impl Wards {
    /// The call list of the permit's ward. `None` when the ward is gone.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn call_list(&self, permit: &Permit) -> Result<Option<Calls>, Unavailable> {
        let (wards, ward) = (self.clone(), permit.ward);
        Ok(to_the_end(async move { wards.calls_on(ward).await }).await?)
    }

    /// The call list of a ward, for who has asked for it and may, and for the paper that nobody asks for.
    pub(crate) async fn calls_on(&self, ward: WardId) -> Result<Option<Calls>, StoreError> {
        let Some(mut snapshot) = self.store.calls(ward).await? else {
            return Ok(None);
        };
        // As on the board: an alert that cannot be read is said to be there before the list is shown.
        if !snapshot.board.unreadable.is_empty() && self.say_unreadable(ward).await.is_ok() {
            snapshot = self.store.calls(ward).await?.unwrap_or(snapshot);
        }
        let now = self.clock.now();
        let zone = snapshot.board.ward.zone();
        // What is not known of a stay is no reason to leave it out.
        let unknown = (CarePlan::default(), ContactState::default());
        let list = rank(&standings(&snapshot, &unknown), now, &zone);
        Ok(Some(Calls {
            list,
            snapshot,
            zone,
            now,
        }))
    }

    /// Names of all staff, also of those who have left.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn names_of_staff(&self) -> Result<BTreeMap<ClinicianId, String>, Unavailable> {
        Ok(self.store.names_of_staff().await?)
    }

    /// The newest contacts of a stay of the permit's ward, the newest first; struck ones too.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn contacts_of(
        &self,
        permit: &Permit,
        stay: StayId,
        limit: u32,
    ) -> Result<Vec<StoredContact>, ContactError> {
        let record = self.store.stay(stay).await?;
        record
            .filter(|record| record.stay.ward == permit.ward)
            .ok_or(ContactError::NoSuchStay)?;
        Ok(self.store.contacts_of(stay, limit).await?)
    }
}

fn standings<'a>(
    snapshot: &'a CallSnapshot,
    unknown: &'a (CarePlan, ContactState),
) -> Vec<Standing<'a>> {
    let mut alerts: BTreeMap<StayId, Vec<&Alert>> = BTreeMap::new();
    for alert in &snapshot.board.alerts {
        match &alert.subject {
            Subject::Stay(stay) => alerts.entry(*stay).or_default().push(alert),
            Subject::Bridge(_) | Subject::Ward | Subject::Device { .. } => {}
        }
    }
    let caseload = snapshot.board.caseload.iter();
    let standing = caseload.map(|row| {
        let stay = &row.record.stay;
        let (care, contact) = snapshot.calls.get(&stay.id).unwrap_or(unknown);
        Standing {
            stay,
            care,
            contact,
            alerts: alerts.remove(&stay.id).unwrap_or_default(),
        }
    });
    standing.collect()
}
