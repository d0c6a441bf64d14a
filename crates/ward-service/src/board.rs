//! The board: a ward's snapshot for who may see it.

use std::collections::{BTreeMap, BTreeSet};

use ward_core::acuity::Acuity;
use ward_core::alert::{Alert, State, Subject};
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Permit;
use ward_store::{BoardSnapshot, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// A board in the order in which it is read.
pub struct Board {
    /// The ward as of one event.
    pub snapshot: BoardSnapshot,
    /// Alerts of each stay, the most urgent first.
    pub by_stay: BTreeMap<StayId, Vec<Alert>>,
    /// Alerts about kit, the most urgent first.
    pub technical: Vec<Alert>,
    /// Names of the ward's staff, of whom the alerts mention, and of who is looking.
    pub staff: BTreeMap<ClinicianId, String>,
    /// The feed's epoch.
    pub epoch: uuid::Uuid,
}

impl Wards {
    /// The board of the permit's ward, the most urgent person first. `None` when the ward is gone.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn board(&self, permit: &Permit) -> Result<Option<Board>, Unavailable> {
        let (wards, permit) = (self.clone(), *permit);
        Ok(to_the_end::<_, StoreError>(async move {
            let Some(mut snapshot) = wards.store.board(permit.ward).await? else {
                return Ok(None);
            };
            // A board must not look complete that is not. If this cannot be written now the sweep does it.
            if !snapshot.unreadable.is_empty() && wards.say_unreadable(permit.ward).await.is_ok() {
                snapshot = wards.store.board(permit.ward).await?.unwrap_or(snapshot);
            }
            let mut board = in_order(snapshot, wards.store.epoch().await?);
            let mentioned = board
                .by_stay
                .values()
                .flatten()
                .chain(&board.technical)
                .flat_map(|alert| match alert.state {
                    State::Acknowledged {
                        by, assigned_by, ..
                    } => [Some(by), assigned_by],
                    State::Resolved { by, .. } => [Some(by), None],
                    State::Raised => [None, None],
                })
                .flatten();
            let mentioned: BTreeSet<_> = mentioned.chain([permit.clinician]).collect();
            for member in &board.snapshot.shift.members {
                board.staff.insert(member.clinician, member.name.clone());
            }
            // Only those who have left the ward are still to be asked for.
            for id in mentioned {
                if board.staff.contains_key(&id) {
                    continue;
                }
                if let Some(clinician) = wards.store.clinician(id).await? {
                    board.staff.insert(id, clinician.name);
                }
            }
            Ok(Some(board))
        })
        .await?)
    }
}

pub(crate) fn in_order(mut snapshot: BoardSnapshot, epoch: uuid::Uuid) -> Board {
    let mut alerts = std::mem::take(&mut snapshot.alerts);
    alerts.sort_by_key(|alert| std::cmp::Reverse(Acuity::of(alert)));
    let mut by_stay: BTreeMap<StayId, Vec<Alert>> = BTreeMap::new();
    let mut technical = Vec::new();
    for alert in alerts {
        match &alert.subject {
            Subject::Stay(stay) => by_stay.entry(*stay).or_default().push(alert),
            Subject::Bridge(_) | Subject::Ward | Subject::Device { .. } => technical.push(alert),
        }
    }
    let acuity = |stay: &StayId| Acuity::of_row(by_stay.get(stay).into_iter().flatten());
    snapshot.caseload.sort_by_cached_key(|row| {
        (
            std::cmp::Reverse(acuity(&row.record.stay.id)),
            row.patient.display_name(),
        )
    });
    Board {
        snapshot,
        by_stay,
        technical,
        staff: BTreeMap::new(),
        epoch,
    }
}
