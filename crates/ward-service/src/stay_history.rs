//! What lies behind a stay, for the page of a patient: values over a span with what was asked for, alerts with their story,
//! older contacts, kit.

use std::time::Duration;

use ward_core::alert::Alert;
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{Seq, StayId, WardId};
use ward_core::pathway::papers::Note;
use ward_core::permit::Permit;
use ward_core::plan::MonitoringPlan;
use ward_core::plan_change::Version;
use ward_core::silence::{AskedFor, Counted, asked_for};
use ward_core::stay::{Phase, Stay};
use ward_core::time::{Timestamp, minutes};
use ward_core::ward::Ward;
use ward_store::{KitRecord, StoredAlert, StoredContact};

use crate::chart::ChartLine;
use crate::entering::EntryError;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// So many readings of a span are looked at: two days of one a minute.
pub const TREND_LIMIT: u32 = 3_000;

/// So many versions of a plan are looked at.
const VERSIONS: u32 = 50;

/// So many events of one alert's story are told.
const STORY_LIMIT: u32 = 500;

/// Events of an alert are looked for up to this long after it was resolved: there are none later.
const A_MOMENT: Duration = minutes(1);

/// The readings of a stay over a span, and what was asked for meanwhile.
#[derive(Clone, Debug)]
pub struct Trend {
    /// The ward.
    pub ward: Ward,
    /// The stay.
    pub stay: Stay,
    /// The readings, the newest first; struck ones and copies among them.
    pub lines: Vec<ChartLine>,
    /// There are older ones in this span than could be looked at.
    pub is_cut: bool,
    /// The versions of the plan, each with the time in which it counted: the newest first.
    pub plans: Vec<PlanInForce>,
    /// When readings were asked for, and what became of it.
    pub asked_for: Vec<AskedFor>,
    /// When nobody was asked: the stay was paused.
    pub pauses: Vec<(Timestamp, Timestamp)>,
}

/// A version of a plan and the time in which it counted.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanInForce {
    /// From then …
    pub from: Timestamp,
    /// … until then, not included.
    pub until: Timestamp,
    /// The version.
    pub version: Version,
}

impl Trend {
    /// The limits by which something that came in at `at` was judged.
    #[must_use]
    pub fn limits_at(&self, at: Timestamp) -> &MonitoringPlan {
        let held = self.plans.iter().find(|plan| plan.from <= at);
        held.or(self.plans.last())
            .map_or(&self.stay.plan, |plan| &plan.version.plan.limits)
    }
}

impl Wards {
    /// The readings of a stay of this ward over a span.
    ///
    /// # Errors
    /// [`EntryError::NoSuchStay`].
    pub async fn trend(
        &self,
        permit: &Permit,
        stay: StayId,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Trend, EntryError> {
        let known = self.plan_of(permit, stay).await?;
        let known = known.ok_or(EntryError::NoSuchStay)?;
        let mut versions = self.store.plan_versions(stay, u32::MAX, VERSIONS).await?;
        if versions.is_empty() {
            versions.push(known.version);
        }
        let (ward, stay) = (known.ward, known.record.stay);
        let now = self.clock.now();
        let until = until.min(now.plus(minutes(24 * 60)));
        let span = (from, until);
        let kept = self.store.chart_between(stay.id, span, TREND_LIMIT).await?;
        let papers = self.store.papers(stay.id).await?;
        let plans = in_force(&versions, &stay);
        let pauses = pauses(&papers.notes, &stay, now);
        let is_cut = u32::try_from(kept.len()) == Ok(TREND_LIMIT);
        let lines: Vec<ChartLine> = kept.into_iter().map(ChartLine::of).collect();
        let counts = |line: &&ChartLine| {
            let has_value = matches!(
                line.kept.reading.measured,
                ward_core::reading::Measured::Values(_)
            );
            has_value && line.kept.struck.is_none()
        };
        let came: Vec<Timestamp> = lines
            .iter()
            .filter(counts)
            .map(|line| line.kept.reading.effective_at)
            .collect();
        let schedules: Vec<Counted> = plans
            .iter()
            .rev()
            .map(|plan| Counted {
                from: plan.from.max(stay.admitted_at).max(from),
                until: plan.until.min(until),
                schedule: plan.version.plan.care.schedule.clone(),
            })
            .filter(|counted| counted.from < counted.until)
            .collect();
        let asked = asked_for(&schedules, &ward.zone(), &came, &pauses, now);
        Ok(Trend {
            lines,
            is_cut,
            asked_for: asked,
            plans,
            pauses,
            ward,
            stay,
        })
    }

    /// The alerts of a stay, open and over, the one raised last first; `None` when there is no such stay on this ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn alerts_behind(
        &self,
        permit: &Permit,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Option<Vec<StoredAlert>>, Unavailable> {
        if !self.is_on(permit, stay).await? {
            return Ok(None);
        }
        Ok(Some(self.store.alerts_of(stay, before, limit).await?))
    }

    /// What happened to one alert of a stay, oldest first: raised, shown, taken, worsened, confirmed, resolved.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn story_of(
        &self,
        stay: StayId,
        ward: WardId,
        alert: &Alert,
    ) -> Result<Vec<Logged>, Unavailable> {
        let from: Seq = alert.number;
        let events = self.store.events_of(ward, stay, from, STORY_LIMIT).await?;
        let over = match &alert.state {
            ward_core::alert::State::Resolved { at, .. } => at.plus(A_MOMENT),
            ward_core::alert::State::Raised | ward_core::alert::State::Acknowledged { .. } => {
                Timestamp::from_millis(i64::MAX)
            }
        };
        let is_its = |logged: &Logged| match &logged.event {
            WardEvent::Alert { alert: it, .. } => it.number == alert.number && logged.at <= over,
            _ => false,
        };
        Ok(events.into_iter().filter(is_its).collect())
    }

    /// The contacts of a stay of before `before`, the newest first, struck ones too; `None` when there is no such stay on
    /// this ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn contacts_before(
        &self,
        permit: &Permit,
        stay: StayId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Option<Vec<StoredContact>>, Unavailable> {
        if !self.is_on(permit, stay).await? {
            return Ok(None);
        }
        Ok(Some(self.store.contacts_before(stay, before, limit).await?))
    }

    /// The kit that a patient of this ward has; `None` when there is no such stay on it.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn kit_of(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<Option<Vec<KitRecord>>, Unavailable> {
        if !self.is_on(permit, stay).await? {
            return Ok(None);
        }
        let store = self.store.clone();
        // A transaction runs to its end, whoever goes away.
        let kit = to_the_end::<_, Unavailable>(async move { Ok(store.kit_of_stay(stay).await?) });
        Ok(Some(kit.await?))
    }

    async fn is_on(&self, permit: &Permit, stay: StayId) -> Result<bool, Unavailable> {
        let record = self.store.stay(stay).await?;
        Ok(record.is_some_and(|record| record.stay.ward == permit.ward))
    }
}

/// The times in which versions counted. The oldest that is known also stands for what was before it.
pub(crate) fn in_force(versions: &[Version], stay: &Stay) -> Vec<PlanInForce> {
    let mut until = Timestamp::from_millis(i64::MAX);
    if let Some(ended_at) = stay.phase.ended_at() {
        until = ended_at;
    }
    let mut plans = Vec::with_capacity(versions.len());
    for (place, version) in versions.iter().enumerate() {
        let is_first = place + 1 == versions.len();
        let set_at = version.plan.care.set_at.filter(|_| !is_first);
        let from = set_at.unwrap_or(stay.admitted_at);
        plans.push(PlanInForce {
            from,
            until,
            version: version.clone(),
        });
        until = from;
    }
    plans
}

/// The pauses of a stay, from the steps in its papers.
pub(crate) fn pauses(notes: &[Note], stay: &Stay, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let (mut pauses, mut since) = (Vec::new(), None);
    for note in notes {
        match note.step.as_str() {
            "pause" => since = since.or(Some(note.at)),
            _ if note.step == "channel" || note.step == "transfer" => {}
            _ => pauses.extend(since.take().map(|since| (since, note.at))),
        }
    }
    if let Phase::Paused { since, .. } = stay.phase {
        pauses.push((since, now.plus(minutes(24 * 60))));
    }
    pauses
}
