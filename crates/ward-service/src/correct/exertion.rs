//! An exertion test is struck through, with its readings.

use ward_core::alert::Subject;
use ward_core::assess::{Pair, without_exertion};
use ward_core::correction::{Reason, Strike};
use ward_core::event::{CorrectionEvent, WardEvent};
use ward_core::id::{ExertionId, ReadingId, StayId};
use ward_core::permit::{Permit, Verb};
use ward_store::Ledger;

use super::{CorrectError, Plans, take_away};
use crate::error::to_the_end;
use crate::exertion::ExertionLine;
use crate::tell::append_and_tell;
use crate::wards::Wards;

impl Wards {
    /// Strikes an exertion test out, and its readings with it. An alert that it raised stays open for a person to end, and says
    /// what it no longer rests on.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn strike_out_exertion(
        &self,
        permit: &Permit,
        stay: StayId,
        test: ExertionId,
        reason: Reason,
    ) -> Result<(), CorrectError> {
        permit.allows(Verb::Correct)?;
        let now = self.clock.now();
        let strike = reason.struck(permit.clinician, now, None)?;
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let plans = wards.plans_over_time(stay).await?;
            let opened = wards.store.open_ledger(ward).await?;
            let mut ledger = opened.ok_or(CorrectError::NoSuchStay)?;
            take_test_away(&mut ledger, stay, test, &strike, plans).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, %stay, %test, "an exertion test was struck out");
            Ok(())
        })
        .await
    }
}

async fn take_test_away(
    ledger: &mut Ledger,
    stay: StayId,
    test: ExertionId,
    strike: &Strike,
    plans: Plans,
) -> Result<(), CorrectError> {
    if ledger.stay(stay).await?.is_none() {
        return Err(CorrectError::NoSuchStay);
    }
    let kept = ledger.exertion(stay, test).await?;
    let kept = kept.ok_or(CorrectError::NoSuchRecord)?;
    if kept.struck.is_some() {
        return Err(CorrectError::AlreadyStruck);
    }
    let line = ExertionLine::of(kept);
    ledger.strike_exertion(stay, test, strike).await?;
    let event = CorrectionEvent::ExertionStruck {
        stay,
        test,
        code: strike.code,
        by: strike.by,
    };
    ledger.append(WardEvent::Correction(event), strike.at);
    let parts = [&line.rest, &line.lowest, &line.recovery];
    let counts = parts.into_iter().flatten();
    let counts = counts.filter(|kept| kept.struck.is_none());
    let readings: Vec<ReadingId> = counts.map(|kept| kept.reading.id).collect();
    if !readings.is_empty() {
        take_away(ledger, stay, &readings, strike, plans).await?;
    }

    let left = ledger.exertions_of(stay).await?;
    let left: Vec<ExertionLine> = left.into_iter().map(ExertionLine::of).collect();
    let left: Vec<Pair<'_>> = left.iter().filter_map(ExertionLine::pair).collect();
    let of = ledger.stay(stay).await?.cloned();
    let of = of.ok_or(CorrectError::NoSuchStay)?.stay;
    let open = ledger.open_alerts_about(&[Subject::Stay(stay)]).await?;
    let follows = line
        .lowest
        .as_ref()
        .and_then(|lowest| without_exertion(&of, &open, &lowest.reading, &left, strike.at));
    append_and_tell(ledger, &of, follows.into_iter().collect(), strike.at).await?;
    Ok(())
}
