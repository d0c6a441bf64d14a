//! Who is to be on duty when: entered ahead, and cancelled.

use ward_core::duty::Post;
use ward_core::event::{StaffEvent, WardEvent};
use ward_core::id::{ClinicianId, RotaId};
use ward_core::permit::Permit;
use ward_core::rota::{Turn, TurnRefused};
use ward_core::time::{Timestamp, minutes};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Why the rota is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RotaError {
    /// The turn.
    #[error(transparent)]
    Refused(#[from] TurnRefused),
    /// The person.
    #[error("this person does not belong to this ward: add them first")]
    NotHere,
    /// The turn.
    #[error("there is no such turn, or it was cancelled before")]
    NoSuchTurn,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for RotaError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The turns that touch the time from `from` until `until`, the earliest first.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn rota(
        &self,
        permit: &Permit,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Turn>, Unavailable> {
        Ok(self.store.turns(permit.ward, from, until).await?)
    }

    /// Enters a turn of duty.
    ///
    /// # Errors
    /// [`RotaError`] says what to change.
    pub async fn enter_turn(
        &self,
        permit: &Permit,
        clinician: ClinicianId,
        post: Post,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Turn, RotaError> {
        let turn = Turn {
            id: RotaId(self.clock.new_id()),
            clinician,
            post,
            from,
            until,
        };
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(RotaError::NotHere)?;
            if !ledger.roles().await?.contains_key(&clinician) {
                return Err(RotaError::NotHere);
            }
            let now = wards.clock.now();
            let day = minutes(24 * 60);
            let others = ledger.turns(from.minus(day), until.plus(day)).await?;
            let turn = turn.checked(&others, now)?;
            ledger.insert_turn(&turn, permit.clinician, now).await?;
            ledger.append(changed(&turn, false, &permit), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(turn)
        })
        .await
    }

    /// Cancels a turn of duty. It stays on record.
    ///
    /// # Errors
    /// [`RotaError::NoSuchTurn`].
    pub async fn cancel_turn(&self, permit: &Permit, id: RotaId) -> Result<(), RotaError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(RotaError::NoSuchTurn)?;
            let turn = ledger.turn(id).await?.ok_or(RotaError::NoSuchTurn)?;
            let now = wards.clock.now();
            ledger.cancel_turn(id, now).await?;
            ledger.append(changed(&turn, true, &permit), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(())
        })
        .await
    }
}

const fn changed(turn: &Turn, cancelled: bool, permit: &Permit) -> WardEvent {
    WardEvent::Staff(StaffEvent::RotaChanged {
        turn: turn.id,
        clinician: turn.clinician,
        cancelled,
        by: permit.clinician,
    })
}
