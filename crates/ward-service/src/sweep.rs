//! Time passing: rechecks that were not done, alerts that no console has shown, a clock that was stepped.
//!
//! Every node sweeps. There is no leader: what the first one has seen to, the second one finds done.

mod bridge_keys;
mod bridges;
mod stays;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use ward_core::alert::{self, Severity, Subject};
use ward_core::event::WardEvent;
use ward_core::id::WardId;
use ward_core::technical::{Cause, Detail, Fault, assess_fault};
use ward_store::{Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

pub(crate) use bridges::Looked;

/// Wards that are seen to at the same time.
const WARDS_AT_ONCE: usize = 4;

/// So long a sweep waits for one ward.
const WARD_WITHIN: Duration = Duration::from_secs(2);

/// Whether the deadlines of stays are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deadlines {
    /// They are.
    AsWritten,
    /// They are made anew: a clock that ran ahead may have written them.
    MadeAnew,
}

/// Wards whose deadlines are being seen to: a stuck one is not asked for again meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Sweeping(Mutex<HashSet<WardId>>);

/// A ward's place among them; left when it is dropped.
struct Place(Arc<Sweeping>, WardId);

impl Sweeping {
    fn enter(self: &Arc<Self>, ward: WardId) -> Option<Place> {
        let mut wards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wards.insert(ward).then(|| Place(Arc::clone(self), ward))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut wards = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        wards.remove(&self.1);
    }
}

impl Wards {
    /// Sweeps until the service is stopped.
    pub async fn sweep_until_stopped(&self) {
        let mut ticks = tokio::time::interval(self.options.look_every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut said, mut compared, mut begun) = (None, false, false);
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            begun = begun || self.sweep_all().await.is_ok();
            if let Err(error) = self.sweep().await {
                tracing::error!(%error, "the sweep could not look for deadlines; it tries again");
            }
            if self.store.writes_failing_for().is_some() && self.store.probe_writing().await.is_ok()
            {
                tracing::info!("writing works again");
            }
            compared = compared || self.compare_with_log().await.is_ok();
            let off_by_ms = match self.clock.step() {
                Some(off_by_ms) => Some(off_by_ms),
                None => self.behind_database().await,
            };
            said = match off_by_ms {
                Some(off_by_ms) if said < Some(severity_of(off_by_ms)) => {
                    let severity = severity_of(off_by_ms);
                    let done = self.say_clock_wrong(off_by_ms, severity).await;
                    if done.is_ok() { Some(severity) } else { said }
                }
                Some(_) => said,
                None => None,
            };
        }
    }

    /// How far this node's clock is off by the database's, when that is more than two seconds; a clock that is moved by
    /// a test has nothing to do with it.
    async fn behind_database(&self) -> Option<i64> {
        if !self.clock.is_the_machines() {
            return None;
        }
        let before = self.clock.now();
        let theirs = self.store.database_now().await.ok()??;
        let after = self.clock.now();
        // How long the question took is nobody's fault.
        let off_by_ms = if theirs < before {
            before.millis_since(theirs)
        } else {
            after.millis_since(theirs).min(0)
        };
        is_wrong(off_by_ms).then_some(off_by_ms)
    }

    /// At the start: a clock that is behind what stands on a ward's log was set back, or is another node's.
    ///
    /// # Errors
    /// [`Unavailable`]: it has not been said everywhere.
    pub async fn compare_with_log(&self) -> Result<(), Unavailable> {
        for ward in self.store.wards().await? {
            let Some(newest) = self.store.newest_event_at(ward.id).await? else {
                continue;
            };
            let off_by_ms = self.clock.now().millis_since(newest);
            if off_by_ms < 0 && is_wrong(off_by_ms) {
                tracing::error!(ward = %ward.id, off_by_ms, "this machine's clock is behind what stands on the ward's log: mend the clock and restart");
                self.say_clock_wrong_on(ward.id, clock_fault(off_by_ms, Severity::Red))
                    .await?;
            }
        }
        Ok(())
    }

    /// Does everything that is due now, on every ward, the longest overdue first. A ward that cannot be seen to keeps
    /// the others waiting for two seconds at most: its transaction then goes on by itself.
    ///
    /// # Errors
    /// [`Unavailable`] when the deadlines cannot be read.
    pub async fn sweep(&self) -> Result<(), Unavailable> {
        let due = self.store.wards_with_deadline(self.clock.now()).await?;
        self.sweep_these(due, Deadlines::AsWritten).await;
        self.look_at_watching().await?;
        self.look_at_bridges().await
    }

    /// At the start: every ward once, whatever its deadlines say. A clock that ran ahead may have put them far into the
    /// future, where a look for what is due does not find them.
    ///
    /// # Errors
    /// [`Unavailable`] when the wards cannot be read.
    pub async fn sweep_all(&self) -> Result<(), Unavailable> {
        let all = self.store.wards().await?;
        let all = all.into_iter().map(|ward| ward.id).collect();
        self.sweep_these(all, Deadlines::MadeAnew).await;
        Ok(())
    }

    async fn sweep_these(&self, wards: Vec<WardId>, deadlines: Deadlines) {
        let at_once = Arc::new(Semaphore::new(WARDS_AT_ONCE));
        let mut waiting = JoinSet::new();
        for ward in wards {
            let Some(place) = self.sweeping.enter(ward) else {
                continue;
            };
            let (wards, at_once) = (self.clone(), Arc::clone(&at_once));
            waiting.spawn(async move {
                let _turn = at_once.acquire_owned().await;
                let sweeping = tokio::spawn(async move {
                    let _place = place;
                    if let Err(error) = wards.sweep_ward(ward, deadlines).await {
                        tracing::error!(%ward, %error, "deadlines of this ward could not be seen to; the next sweep tries again");
                    }
                });
                if tokio::time::timeout(WARD_WITHIN, sweeping).await.is_err() {
                    tracing::error!(%ward, "somebody holds this ward: its deadlines wait, the others' do not");
                }
            });
        }
        while waiting.join_next().await.is_some() {}
    }

    async fn sweep_ward(&self, ward: WardId, deadlines: Deadlines) -> Result<(), StoreError> {
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
        ledger.start_timers(now).await?;
        self.append_unreadable(&mut ledger).await?;
        if deadlines == Deadlines::MadeAnew {
            ledger.make_stays_due().await?;
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        self.see_to_stays(ward).await
    }

    /// Says of each alert that cannot be read that it is there: in the row of whom it is about, or of the ward.
    pub(crate) async fn say_unreadable(&self, ward: WardId) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        self.append_unreadable(&mut ledger).await?;
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }

    async fn append_unreadable(&self, ledger: &mut Ledger) -> Result<(), StoreError> {
        let now = self.clock.now();
        for lost in ledger.unreadable_alerts().await? {
            let code = &ledger.ward().code;
            let fault = Fault {
                subject: lost.stay.map_or(Subject::Ward, Subject::Stay),
                cause: Cause::UnreadableData,
                severity: Severity::Red,
                spo2: None,
                detail: Detail::Unreadable {
                    reason: format!(
                        "the record of alert {code} {} ({}, {}). Act on it as if it had just been raised, and tell the people who run the service",
                        lost.number,
                        lost.problem.replace('_', " "),
                        lost.severity
                    ),
                },
            };
            let open = ledger
                .open_alerts_about(std::slice::from_ref(&fault.subject))
                .await?;
            let known = open
                .iter()
                .find(|alert| alert.problem == alert::Problem::Technical(fault.cause));
            if let Some(event) = assess_fault(&fault, known, now) {
                ledger.append(event, now);
            }
        }
        Ok(())
    }

    /// Says on every ward that this node's clock is not to be trusted.
    ///
    /// # Errors
    /// [`Unavailable`]: it has not been said everywhere.
    async fn say_clock_wrong(&self, off_by_ms: i64, severity: Severity) -> Result<(), Unavailable> {
        tracing::error!(
            off_by_ms,
            "this machine's clock is off by more than two seconds: deadlines run on as before; mend the clock and restart"
        );
        for ward in self.store.wards().await? {
            self.say_clock_wrong_on(ward.id, clock_fault(off_by_ms, severity))
                .await?;
        }
        Ok(())
    }

    async fn say_clock_wrong_on(&self, ward: WardId, fault: Fault) -> Result<(), StoreError> {
        let wards = self.clone();
        to_the_end(async move {
            let Some(mut ledger) = wards.store.open_ledger(ward).await? else {
                return Ok(());
            };
            let open = ledger
                .open_alerts_about(std::slice::from_ref(&fault.subject))
                .await?;
            let now = wards.clock.now();
            let known = open
                .iter()
                .find(|alert| alert.problem == alert::Problem::Technical(fault.cause));
            if let Some(event) = assess_fault(&fault, known, now) {
                ledger.append(event, now);
                let head = ledger.commit().await?;
                wards.bell.ring(ward, head);
            }
            Ok(())
        })
        .await
    }
}

/// A clock that is off by more than this is wrong.
const OFF_BY: Duration = Duration::from_secs(2);

/// A clock that is off by more than this moves deadlines of minutes.
const FAR_OFF_BY: Duration = Duration::from_secs(120);

fn is_wrong(off_by_ms: i64) -> bool {
    u128::from(off_by_ms.unsigned_abs()) > OFF_BY.as_millis()
}

fn severity_of(off_by_ms: i64) -> Severity {
    if u128::from(off_by_ms.unsigned_abs()) > FAR_OFF_BY.as_millis() {
        Severity::Red
    } else {
        Severity::Amber
    }
}

const fn clock_fault(off_by_ms: i64, severity: Severity) -> Fault {
    Fault {
        subject: Subject::Ward,
        cause: Cause::ClockWrong,
        severity,
        spo2: None,
        detail: Detail::clock(off_by_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_seconds_are_amber_and_two_minutes_are_red() {
        assert!(!is_wrong(2_000) && !is_wrong(-2_000) && is_wrong(-2_001));
        assert_eq!(severity_of(-2_001), Severity::Amber);
        assert_eq!(severity_of(120_000), Severity::Amber);
        assert_eq!(severity_of(-120_001), Severity::Red);
    }
}
