//! Why an alert was raised: its rule, whose limits, the readings that it rests on, what comes next and who was told.

use ward_core::alert::{Alert, Subject};
use ward_core::escalation::{Class, Policy};
use ward_core::event::{Logged, WardEvent};
use ward_core::explain;
use ward_core::id::{AlertNumber, ReadingId, StayId};
use ward_core::permit::Permit;
use ward_core::time::{Timestamp, minutes};

use crate::chart::ChartLine;
use crate::entering::EntryError;
use crate::error::Unavailable;
use crate::escalation_policy::ToldNow;
use crate::stay_history::{PlanInForce, TREND_LIMIT, Trend};
use crate::wards::Wards;

/// Readings that are shown at most; how many there are is said beside them.
const SHOWN: usize = 24;

/// An alert and what lies behind it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// As it is now.
    pub alert: Alert,
    /// Its life, oldest first; empty of what is about no person: that says all it knows itself.
    pub story: Vec<Logged>,
    /// The readings that it rests on, the newest first; struck ones are among them.
    pub readings: Vec<ChartLine>,
    /// How many there are in all.
    pub readings_in_all: usize,
    /// There are more readings in that time than are looked at: the newest were.
    pub is_cut: bool,
    /// The limits that counted when it was raised, and how they came to be.
    pub plan: Option<PlanInForce>,
    /// Another version counts now.
    pub plan_changed: bool,
    /// What the readings are judged by, each by what counted when it came in. `None`: it is about nobody of this ward.
    pub trend: Option<Trend>,
    /// Who is told next if nobody takes it, and by what, as things are now.
    pub next: Option<ToldNow>,
    /// The ward's rules of who is told.
    pub policy: Policy,
}

impl Wards {
    /// Explains an alert of this ward, open or over; `None`: there is none of this number. That somebody looked is for the
    /// caller to note.
    ///
    /// # Errors
    /// [`EntryError::Unavailable`].
    pub async fn explain_alert(
        &self,
        permit: &Permit,
        number: AlertNumber,
    ) -> Result<Option<Explained>, EntryError> {
        let Some(alert) = self.store.alert_on(permit.ward, number).await? else {
            return Ok(None);
        };
        let policy = self.policy(permit).await?;
        let next = match alert.ladder.next_at {
            Some(_) => self.next_told(permit, &alert).await?,
            None => None,
        };
        let mut explained = Explained {
            story: Vec::new(),
            readings: Vec::new(),
            readings_in_all: 0,
            is_cut: false,
            plan: None,
            plan_changed: false,
            trend: None,
            next,
            policy,
            alert,
        };
        if let Subject::Stay(stay) = explained.alert.subject {
            self.explain_of_stay(permit, stay, &mut explained).await?;
        }
        Ok(Some(explained))
    }

    async fn explain_of_stay(
        &self,
        permit: &Permit,
        stay: StayId,
        explained: &mut Explained,
    ) -> Result<(), EntryError> {
        let alert = &explained.alert;
        let story = self.story_of(stay, permit.ward, alert).await?;
        let versions = story.iter().filter_map(|logged| match &logged.event {
            WardEvent::Alert { alert, .. } => Some(&**alert),
            _ => None,
        });
        let span = explain::span(versions.chain([alert]));
        // A clock that was wrong is told from the time that counts by no more than this.
        let around =
            |(from, to): (Timestamp, Timestamp)| (from.minus(minutes(1)), to.plus(minutes(1)));
        let now = self.clock.now();
        let asked = span.map_or((now, now), around);
        let trend = match self.trend(permit, stay, asked).await {
            Ok(trend) => trend,
            // The patient has gone to another ward: what was measured is that ward's to show.
            Err(EntryError::NoSuchStay) => {
                explained.story = story;
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let lines = || {
            trend
                .lines
                .iter()
                .filter(|line| line.kept.copy_of.is_none())
        };
        let newest_first = lines().map(|line| &line.kept.reading);
        let within = newest_first.filter(|reading| {
            span.is_some_and(|(from, to)| {
                from <= reading.effective_at && reading.effective_at <= to
            })
        });
        let behind: Vec<ReadingId> = explain::basis(alert, within, |at| trend.limits_at(at))
            .into_iter()
            .map(|reading| reading.id)
            .collect();
        let shown = shown(&behind);
        explained.readings = lines()
            .filter(|line| shown.contains(&line.kept.reading.id))
            .cloned()
            .collect();
        explained.readings_in_all = behind.len();
        explained.is_cut = trend.is_cut;
        let raised_by = trend.plans.iter().find(|plan| plan.from <= alert.raised_at);
        explained.plan = raised_by.or(trend.plans.last()).cloned();
        explained.plan_changed = explained.plan.as_ref() != trend.plans.first();
        explained.trend = Some(trend);
        explained.story = story;
        Ok(())
    }

    async fn next_told(
        &self,
        permit: &Permit,
        alert: &Alert,
    ) -> Result<Option<ToldNow>, Unavailable> {
        let class = alert.ladder.class.unwrap_or_else(|| Class::of(alert));
        let steps: Vec<ToldNow> = self.told_now(permit).await?;
        let mut steps: Vec<ToldNow> = steps.into_iter().filter(|it| it.class == class).collect();
        // After the last step it is taken again.
        let place = usize::from(alert.ladder.level).min(steps.len().saturating_sub(1));
        Ok((place < steps.len()).then(|| steps.swap_remove(place)))
    }
}

/// The newest, and the first: that one raised it.
fn shown(behind: &[ReadingId]) -> Vec<ReadingId> {
    if behind.len() <= SHOWN {
        return behind.to_vec();
    }
    let newest = behind.iter().take(SHOWN - 1);
    newest.chain(behind.last()).copied().collect()
}

/// As many readings of a span are looked at as of a chart.
const _: () = assert!(SHOWN < TREND_LIMIT as usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_readings_the_newest_are_shown_and_the_one_that_raised_it() {
        let ids = |count: u128| -> Vec<ReadingId> {
            (0..count)
                .map(|id| ReadingId(uuid::Uuid::from_u128(id)))
                .collect()
        };
        assert_eq!(shown(&ids(24)), ids(24));
        let (all, many) = (ids(100), shown(&ids(100)));
        assert_eq!(many.len(), SHOWN);
        assert_eq!((many.first(), many.last()), (all.first(), all.last()));
    }
}
