//! What time has to say about the stays of a ward. Whoever changes a stay sets it to be looked at now; the look says when
//! the next one is due.

use std::time::Duration;

use ward_core::id::StayId;
use ward_core::time::{Timestamp, minutes};
use ward_store::{Ledger, StoreError};

use crate::review_plans::review_plan;

/// Stays of one ward that are looked at in one transaction; the next sweep goes on.
const AT_ONCE: u32 = 200;

/// A stay whose records cannot be read is looked at again after this long, and keeps no other waiting.
const AGAIN_AFTER: Duration = minutes(10);

/// Does what is due on this ward's stays.
pub(crate) async fn sweep_stays(ledger: &mut Ledger, now: Timestamp) -> Result<(), StoreError> {
    for stay in ledger.stays_due(now, AT_ONCE).await? {
        let next = match look_at(ledger, stay, now).await {
            Ok(next) => next,
            Err(error @ StoreError::Corrupt { .. }) => {
                tracing::error!(%stay, %error, "what is due about this stay could not be seen to");
                Some(now.plus(AGAIN_AFTER))
            }
            Err(error) => return Err(error),
        };
        ledger.set_next_due(stay, next).await?;
    }
    Ok(())
}

/// Each rule that time moves says when it next has something to say; the earliest counts.
async fn look_at(
    ledger: &mut Ledger,
    stay: StayId,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    review_plan(ledger, stay, now).await
}
