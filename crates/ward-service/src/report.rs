//! Whether the ward helps, over a period: the facts are gathered a piece at a time, the figures are the core's.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ward_core::care::CarePlan;
use ward_core::id::{AlertNumber, Seq, StayId};
use ward_core::pathway::referral::Source;
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_core::plan_change::{Origin, StayPlan, Version};
use ward_core::report::{
    AgeBand, AlertFact, Asked, Facts, Move, Period, PeriodRefused, Report, StayFact, contacts,
    on_ward, report, slots,
};
use ward_core::silence::{Counted, Slot};
use ward_core::time::{Timestamp, minutes};
use ward_core::ward::Ward;
use ward_store::{AlertStep, Here, Looked, ReportedAlert, ReportedStay, StoreError};

use crate::error::Unavailable;
use crate::stay_history::{in_force, pauses};
use crate::wards::Wards;

/// What a look at the noisiest patients is called in the audit.
const LOOK: &str = "report";

/// A step that was taken so long after an alert was resolved was not taken.
const A_MOMENT: std::time::Duration = minutes(1);

/// A report, and whose it is.
#[derive(Clone, Debug)]
pub struct WardReport {
    /// The ward.
    pub ward: Ward,
    /// How many patients it can look after at once, if that is set.
    pub capacity: Option<u32>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The figures.
    pub report: Report,
}

/// A patient with a name, for the ward's own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whose stay.
    pub stay: StayId,
    /// As NHS services write it.
    pub name: String,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The days.
    #[error(transparent)]
    Period(#[from] PeriodRefused),
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Transfers to and from the ward, by stay.
type Moves = BTreeMap<StayId, Vec<Move>>;

/// What a stay was asked for is looked up for sixteen stays at once.
struct Gathered {
    facts: Vec<StayFact>,
    slots: Vec<(StayId, Slot)>,
}

impl Wards {
    /// The report of the permit's ward from a day to a day, both of the ward's calendar; the last thirty where they are not
    /// said. Whose alerts were many is kept as a look at their records.
    ///
    /// # Errors
    /// [`ReportError`] says what to change.
    pub async fn report(
        &self,
        permit: &Permit,
        (first, last): (Option<Date>, Option<Date>),
    ) -> Result<WardReport, ReportError> {
        permit.allows(Verb::SeeReports)?;
        let ward = self.store.ward(permit.ward).await?;
        let ward = ward.ok_or(ReportError::NoSuchWard)?;
        let (zone, now) = (ward.zone(), self.clock.now());
        let period = Period::of(first, last, zone.day_of(now), &zone)?;
        // Two at a time; it is never closed.
        let _turn = self.reports.acquire().await.ok();
        let capacity = self.store.capacity(permit.ward).await?;
        let mut moves: Moves = BTreeMap::new();
        for (stay, step) in self.store.transfers_of(permit.ward).await? {
            moves.entry(stay).or_default().push(step);
        }
        let mut stays = Vec::new();
        for which in [Here::Yes, Here::Gone] {
            let of = (&ward, which, &moves);
            stays.extend(self.stays_of_report(of, &period, now).await?);
        }
        let (alerts, unreadable_alerts) = self.alerts_of_report(&ward, &period).await?;
        let facts = Facts {
            period,
            now,
            zone,
            capacity,
            stays,
            alerts,
            unreadable_alerts,
        };
        // A year of a large ward takes a core a while.
        let made = tokio::task::spawn_blocking(move || report(&facts.in_order())).await;
        let report = made.map_err(|failed| {
            StoreError::Unavailable(format!("a report was broken off: {failed}"))
        })?;
        for noisy in &report.noisiest {
            self.keep_look(permit, Looked::Stay(noisy.stay), LOOK).await;
        }
        tracing::info!(ward = %permit.ward, by = %permit.clinician, first = %period.first, last = %period.last, "report read");
        Ok(WardReport {
            ward,
            capacity,
            made_at: now,
            report,
        })
    }

    /// Who the noisiest patients of a report are, for whoever may see their records.
    ///
    /// # Errors
    /// [`ReportError`].
    pub async fn names_in_report(
        &self,
        permit: &Permit,
        report: &Report,
    ) -> Result<Vec<Named>, ReportError> {
        permit.allows(Verb::SeePatient)?;
        let stays: Vec<StayId> = report.noisiest.iter().map(|noisy| noisy.stay).collect();
        if stays.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.store.names_of_stays(permit.ward, &stays).await?;
        let named = |(stay, family, given): (StayId, String, String)| Named {
            stay,
            name: format!("{}, {given}", family.to_uppercase()),
        };
        Ok(names.into_iter().map(named).collect())
    }

    async fn stays_of_report(
        &self,
        (ward, which, moves): (&Ward, Here, &Moves),
        period: &Period,
        now: Timestamp,
    ) -> Result<Vec<StayFact>, ReportError> {
        let (mut facts, mut after) = (Vec::new(), None);
        loop {
            let page = self
                .store
                .reported_stays(ward.id, which, period, after)
                .await?;
            let Some(last) = page.last() else {
                return Ok(facts);
            };
            after = Some((last.stay.admitted_at, last.stay.id));
            facts.extend(
                self.page_of_report((ward, which, moves), period, now, page)
                    .await?,
            );
        }
    }

    async fn page_of_report(
        &self,
        (ward, which, moves): (&Ward, Here, &Moves),
        period: &Period,
        now: Timestamp,
        page: Vec<ReportedStay>,
    ) -> Result<Vec<StayFact>, ReportError> {
        let ids: Vec<StayId> = page.iter().map(|one| one.stay.id).collect();
        let mut versions: BTreeMap<StayId, Vec<Version>> = BTreeMap::new();
        for (stay, version) in self.store.plans_of(ward.id, &ids).await? {
            versions.entry(stay).or_default().push(version);
        }
        let mut calls: BTreeMap<StayId, Vec<_>> = BTreeMap::new();
        for (stay, at, call) in self.store.calls_of(ward.id, &ids, period).await? {
            calls.entry(stay).or_default().push((at, call));
        }
        let mut gathered = Gathered {
            facts: Vec::new(),
            slots: Vec::new(),
        };
        for one in page {
            let id = one.stay.id;
            let moves = moves.get(&id).map(Vec::as_slice).unwrap_or_default();
            let versions = versions.remove(&id).unwrap_or_default();
            let calls = calls.remove(&id).unwrap_or_default();
            gathered.take_in((ward, which), (period, now), one, moves, versions, &calls);
        }
        let kept = self.store.slots_kept(&gathered.slots).await?;
        for fact in &mut gathered.facts {
            fact.asked.kept = kept.get(&fact.stay).copied().unwrap_or_default();
        }
        Ok(gathered.facts)
    }

    async fn alerts_of_report(
        &self,
        ward: &Ward,
        period: &Period,
    ) -> Result<(Vec<AlertFact>, u32), ReportError> {
        let (mut alerts, mut unreadable) = (BTreeMap::<AlertNumber, AlertFact>::new(), 0);
        let mut after = None;
        loop {
            let page = self.store.reported_alerts(ward.id, period, after).await?;
            let Some((at, number, _)) = page.last() else {
                break;
            };
            after = Some((*at, *number));
            for (_, number, alert) in page {
                match alert {
                    ReportedAlert::Alert(alert) => {
                        alerts.insert(number, AlertFact::of(&alert));
                    }
                    ReportedAlert::Unreadable(_) => unreadable += 1,
                }
            }
        }
        for step in [
            AlertStep::Shown,
            AlertStep::Acknowledged,
            AlertStep::Assigned,
        ] {
            self.steps_of_report(ward, step, &mut alerts).await?;
        }
        Ok((alerts.into_values().collect(), unreadable))
    }

    /// What only the log knows of these alerts: when they first took a step.
    async fn steps_of_report(
        &self,
        ward: &Ward,
        step: AlertStep,
        alerts: &mut BTreeMap<AlertNumber, AlertFact>,
    ) -> Result<(), StoreError> {
        let Some(first) = alerts.values().map(|alert| alert.raised_at).min() else {
            return Ok(());
        };
        let ends = alerts
            .values()
            .map(|alert| alert.resolved.map(|(at, _)| at));
        // Once all are over nothing follows; while one is open anything may.
        let over = ends
            .collect::<Option<Vec<Timestamp>>>()
            .and_then(|ends| ends.into_iter().max());
        let over = over.map(|over| over.plus(A_MOMENT));
        let mut after = (first, Seq(i64::MIN));
        loop {
            let page = self.store.alert_steps(ward.id, step, after).await?;
            let Some((seq, at, _)) = page.last() else {
                return Ok(());
            };
            let is_over = over.is_some_and(|over| *at > over);
            after = (*at, *seq);
            for (_, at, number) in page {
                let Some(alert) = number.and_then(|number| alerts.get_mut(&number)) else {
                    continue;
                };
                match step {
                    AlertStep::Shown => alert.was_shown(at),
                    AlertStep::Acknowledged | AlertStep::Assigned => alert.was_acknowledged(at),
                }
            }
            if is_over {
                return Ok(());
            }
        }
    }
}

impl Gathered {
    fn take_in(
        &mut self,
        (ward, which): (&Ward, Here),
        (period, now): (&Period, Timestamp),
        one: ReportedStay,
        moves: &[Move],
        mut versions: Vec<Version>,
        calls: &[(Timestamp, ward_core::contact::Call)],
    ) {
        let zone = ward.zone();
        let stay = &one.stay;
        // News of a death may come after the discharge: the patient was not on the ward until then.
        let left = one
            .papers
            .notes
            .iter()
            .filter(|note| matches!(note.step.as_str(), "discharge" | "hospital" | "death"));
        let left = left.map(|note| note.at).min();
        let end = match stay.phase {
            ward_core::stay::Phase::Ended { at, destination } => {
                Some((left.map_or(at, |left| left.min(at)), destination))
            }
            ward_core::stay::Phase::Active | ward_core::stay::Phase::Paused { .. } => None,
        };
        let spans = on_ward(
            stay.admitted_at,
            end.map(|(at, _)| at),
            which == Here::Yes,
            moves,
        );
        let is_in =
            |(from, until): &(Timestamp, Timestamp)| *from < period.until && *until > period.from;
        if !spans.iter().any(is_in) {
            return;
        }
        let pauses = pauses(&one.papers.notes, stay, now);
        if versions.is_empty() {
            let care = one
                .care
                .clone()
                .unwrap_or_else(|| ward.default_care.clone());
            versions.push(Version {
                plan: StayPlan {
                    limits: stay.plan.clone(),
                    care,
                },
                origin: Origin::Admission,
            });
        }
        versions.reverse();
        let plans = in_force(&versions, stay);
        let counted: Vec<Counted> = plans
            .iter()
            .rev()
            .map(|plan| Counted {
                from: plan.from.max(stay.admitted_at),
                until: plan.until,
                schedule: plan.version.plan.care.schedule.clone(),
            })
            .collect();
        let care: Vec<(Timestamp, CarePlan)> = plans
            .iter()
            .rev()
            .map(|plan| (plan.from, plan.version.plan.care.clone()))
            .collect();
        let there = (spans.as_slice(), pauses.as_slice());
        let asked = slots(&counted, &zone, there, period, now);
        let called = contacts(&care, &zone, stay.admitted_at, there, calls, period, now);
        let (source, bed) = one.referral.unzip();
        // Who comes back to the same ward is not referred again.
        let source = source.or(one.papers.readmission_of.map(|_| Source::Readmission));
        let bed = one.papers.inpatient_spell_ended_at.or(bed.flatten());
        self.facts.push(StayFact {
            stay: stay.id,
            age_band: AgeBand::of(one.birth_date, zone.day_of(stay.admitted_at)),
            language: one.language,
            device: one.device,
            admitted_at: stay.admitted_at,
            source,
            from_hospital_bed: bed.is_some(),
            end,
            back_at: one.back_at,
            asked: Asked {
                due: u32::try_from(asked.len()).unwrap_or(u32::MAX),
                kept: 0,
            },
            called,
            spans,
            pauses,
        });
        self.slots
            .extend(asked.into_iter().map(|slot| (stay.id, slot)));
    }
}
