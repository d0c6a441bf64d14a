//! Messages to patients, as staff see and ask for them: what was sent, and "we will ring at two o'clock".

use ward_core::id::StayId;
use ward_core::message::Outbound;
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::time::{Timestamp, minutes};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::tell::announce_call;
use crate::wards::Wards;

/// A call is announced for so far ahead at most.
const ANNOUNCED_AHEAD: std::time::Duration = minutes(7 * 24 * 60);

/// Why messages were not shown, or a call not announced.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// No such stay on this ward.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A time that is over, or that nobody can promise.
    #[error("a call is announced for a time to come, within the next seven days")]
    NotATimeToCome,
    /// There is no way to tell this patient.
    #[error(
        "this patient gets no messages: the stay is paused or over, or its channel is telephone or paper. Ring them instead"
    )]
    GetsNone,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for MessageError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Wards {
    /// The messages of a stay, the newest first, 200 at most.
    ///
    /// # Errors
    /// [`MessageError`].
    pub async fn messages(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<Vec<Outbound>, MessageError> {
        permit.allows(Verb::SeePatient)?;
        let record = self.store.stay(stay).await?;
        if record.is_none_or(|record| record.stay.ward != permit.ward) {
            return Err(MessageError::NoSuchStay);
        }
        Ok(self.store.messages_of(stay, 200).await?)
    }

    /// Tells a patient when the ward will ring.
    ///
    /// # Errors
    /// [`MessageError`].
    pub async fn announce_call(
        &self,
        permit: &Permit,
        stay: StayId,
        at: Timestamp,
    ) -> Result<(), MessageError> {
        permit.allows(Verb::WorkCallList)?;
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(MessageError::NoSuchStay)?;
            let now = wards.clock.now();
            if at <= now || at > now.plus(ANNOUNCED_AHEAD) {
                return Err(MessageError::NotATimeToCome);
            }
            let record = ledger.stay(stay).await?.cloned();
            let record = record.ok_or(MessageError::NoSuchStay)?;
            if !announce_call(&mut ledger, &record.stay, at, now).await? {
                return Err(MessageError::GetsNone);
            }
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, "a call was announced");
            Ok(())
        })
        .await
    }
}
