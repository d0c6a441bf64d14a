//! What time alone has to say about a stay: slots of its plan that have closed, and nothing came.

use std::time::Duration;

use ward_core::alert::Subject;
use ward_core::id::{StayId, WardId};
use ward_core::silence::{
    Awaited, Came, Closed, Kit, Look, Slot, Watch, assess_missed, look, missed,
};
use ward_core::stay::Phase;
use ward_core::time::{Timestamp, minutes};
use ward_store::{DueStay, Ledger, StayRecord, StoreError};

use crate::review_plans::review_plan;
use crate::wards::Wards;

/// Stays that are seen to in one transaction: at nine in the morning a whole ward is due, and readings wait behind it.
const STAYS_AT_ONCE: i64 = 50;

/// A stay whose records cannot be read is looked at again after this long.
const AGAIN_AFTER: Duration = minutes(10);

/// Transactions for one ward in one sweep; what is left is due at the next.
const TIMES_AT_ONCE: usize = 8;

impl Wards {
    /// Sees to the stays of a ward that are due.
    pub(super) async fn see_to_stays(&self, ward: WardId) -> Result<(), StoreError> {
        for _ in 0..TIMES_AT_ONCE {
            let Some(mut ledger) = self.store.open_ledger(ward).await? else {
                return Ok(());
            };
            let now = self.clock.now();
            let due = ledger.due_stays(now, STAYS_AT_ONCE).await?;
            if due.is_empty() {
                return ledger.close().await;
            }
            let all = due.len() < usize::try_from(STAYS_AT_ONCE).unwrap_or(usize::MAX);
            for stay in due {
                self.see_to_stay(&mut ledger, stay, now).await?;
            }
            let head = ledger.commit().await?;
            self.bell.ring(ward, head);
            if all {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn see_to_stay(
        &self,
        ledger: &mut Ledger,
        due: DueStay,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let next = match self.look_at_stay(ledger, due, now).await {
            Ok(next) => next,
            // What cannot be read keeps nobody else's deadlines waiting.
            Err(why @ StoreError::Corrupt { .. }) => {
                tracing::error!(stay = %due.stay, %why, "a stay cannot be read: nobody sees when it falls silent");
                Some(now.plus(AGAIN_AFTER))
            }
            Err(why) => return Err(why),
        };
        ledger.set_next_due(due.stay, next).await
    }

    /// Each rule that time moves says when it next has something to say; the earliest counts. The plan first: what is asked
    /// for may be another from here on.
    async fn look_at_stay(
        &self,
        ledger: &mut Ledger,
        due: DueStay,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let review = review_plan(ledger, due.stay, now).await?;
        let record = ledger.stay(due.stay).await?.cloned();
        let active = record.filter(|record| record.stay.phase == Phase::Active);
        let silence = match active {
            Some(record) => self.look_for_silence(ledger, record, due, now).await?,
            None => None,
        };
        Ok([review, silence].into_iter().flatten().min())
    }

    async fn look_for_silence(
        &self,
        ledger: &mut Ledger,
        record: StayRecord,
        due: DueStay,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let stay = record.stay.id;
        let Some(care) = ledger.care(stay).await? else {
            return Ok(None);
        };
        let zone = ledger.ward().zone();
        let mut state = record.state;
        if due.never_looked_at {
            state.watch = Watch::from(now);
        }
        let Closed { slots, watch, next } = look(
            &state.watch,
            &Look {
                care: &care,
                zone: &zone,
                begun_at: record.stay.admitted_at,
                listening_since: self.listening_since,
                now,
            },
        );
        if !slots.is_empty() {
            let (came, kit) = came_in(ledger, stay, &slots).await?;
            let missed = missed(&slots, &came, kit.as_ref());
            let open = ledger.open_alerts_about(&[Subject::Stay(stay)]).await?;
            if let Some(event) = assess_missed(stay, &state, &open, &missed, now) {
                tracing::warn!(ward = %record.stay.ward, %stay, missed = missed.len(), what = event.kind(), "nothing came where something was due");
                ledger.append(event, now);
            }
        }
        state.watch = watch;
        ledger.set_state(stay, state);
        Ok(next)
    }
}

/// What came in any of these slots, and what is known of the kit.
async fn came_in(
    ledger: &mut Ledger,
    stay: StayId,
    slots: &[Slot],
) -> Result<(Vec<Came>, Option<Kit>), StoreError> {
    let mut came = Vec::new();
    for awaited in [Awaited::Reading, Awaited::Diary] {
        let of_kind = || slots.iter().filter(|slot| slot.awaited == awaited);
        let opens = of_kind().map(|slot| slot.opens).min();
        let closes = of_kind().map(|slot| slot.closes).max();
        if let Some((opens, closes)) = opens.zip(closes) {
            came.extend(ledger.came_between(stay, awaited, opens, closes).await?);
        }
    }
    Ok((came, ledger.kit_of(stay).await?))
}
