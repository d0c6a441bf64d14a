//! Time passing: rechecks that were not done, alerts that no console has shown, a clock that was stepped.
//!
//! Every node sweeps. There is no leader: what the first one has seen to, the second one finds done.

use ward_core::alert::{self, Severity, Subject};
use ward_core::event::WardEvent;
use ward_core::id::WardId;
use ward_core::technical::{Cause, Detail, Fault, assess_fault};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

impl Wards {
    /// Sweeps until the service is stopped.
    pub async fn sweep_until_stopped(&self) {
        let mut ticks = tokio::time::interval(self.options.look_every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut said_step = false;
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.sweep().await {
                tracing::error!(%error, "the sweep could not look for deadlines; it tries again");
            }
            if self.store.writes_failing_for().is_some() && self.store.probe_writing().await.is_ok()
            {
                tracing::info!("writing works again");
            }
            match self.clock.step() {
                Some(off_by_ms) if !said_step => {
                    said_step = self.say_clock_stepped(off_by_ms).await.is_ok();
                }
                Some(_) => {}
                None => said_step = false,
            }
        }
    }

    /// Does everything that is due now, on every ward. A ward that cannot be seen to does not keep the others waiting.
    ///
    /// # Errors
    /// [`Unavailable`] when the deadlines cannot be read.
    pub async fn sweep(&self) -> Result<(), Unavailable> {
        for ward in self.store.wards_with_deadline(self.clock.now()).await? {
            let wards = self.clone();
            if let Err(error) = to_the_end(async move { wards.sweep_ward(ward).await }).await {
                tracing::error!(%ward, %error, "deadlines of this ward could not be seen to; the next sweep tries again");
            }
        }
        Ok(())
    }

    async fn sweep_ward(&self, ward: WardId) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        for mut open in ledger.open_alerts().await? {
            while let Some((change, changed)) = alert::time_passed(&open, now) {
                let event = WardEvent::Alert {
                    change,
                    alert: Box::new(changed),
                };
                tracing::warn!(%ward, alert = %open.number, what = event.kind(), "time passed");
                ledger.append(event, now);
                let Some(stamped) = ledger.alert(open.number).await? else {
                    break;
                };
                open = stamped;
            }
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }

    async fn say_clock_stepped(&self, off_by_ms: i64) -> Result<(), Unavailable> {
        tracing::error!(
            off_by_ms,
            "this machine's clock was set by more than two seconds: deadlines run on as before; mend the clock and restart"
        );
        let fault = Fault {
            subject: Subject::Ward,
            cause: Cause::ClockWrong,
            severity: Severity::Amber,
            spo2: None,
            detail: Detail::Clock { off_by_ms },
        };
        for ward in self.store.wards().await? {
            let (wards, fault, ward) = (self.clone(), fault.clone(), ward.id);
            to_the_end::<_, StoreError>(async move {
                let Some(mut ledger) = wards.store.open_ledger(ward).await? else {
                    return Ok(());
                };
                let open = ledger
                    .open_alerts_about(std::slice::from_ref(&fault.subject))
                    .await?;
                let now = wards.clock.now();
                if let Some(event) = assess_fault(
                    &fault,
                    open.iter()
                        .find(|alert| alert.problem == alert::Problem::Technical(fault.cause)),
                    now,
                ) {
                    ledger.append(event, now);
                    let head = ledger.commit().await?;
                    wards.bell.ring(ward, head);
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
