//! The timers of alerts in an open ledger, and who is told: in the transaction of the event that causes it, whichever verb
//! it came from.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::alert::{Alert, Change};
use ward_core::duty::{OnDuty, Post};
use ward_core::escalation::{
    About, ChannelKind, Policy, Reach, Staff, StaffNotice, Timers, Told, ToldState, Underway, Whom,
};
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{AlertNumber, ClinicianId, Seq, WardId};
use ward_core::rota::Turn;
use ward_core::time::{Timestamp, minutes};

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{policy_of, to_json};
use crate::statements::{ESCALATION, ON_DUTY, SET_ESCALATION, STAFF_REACH};
use crate::store::Store;

impl Store {
    /// Who is told on a ward when nobody takes an alert; the default when the ward has said nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn policy(&self, ward: WardId) -> Result<Policy, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(ESCALATION).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row.map_or_else(Policy::default, |(text,)| policy_of(ward.0, &text)))
    }

    /// As [`Ledger::staff_to_tell`], without the ward's lock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_to_tell(&self, ward: WardId, now: Timestamp) -> Result<Staff, StoreError> {
        let organisation = self.organisation.0;
        let on_duty: Vec<(Uuid, String, i64)> = reading!(self, conn => sqlx::query_as(ON_DUTY).bind(organisation).bind(ward.0).fetch_all(conn).await)?;
        let reach: Vec<(Uuid, String, Uuid)> = reading!(self, conn => sqlx::query_as(STAFF_REACH).bind(organisation).bind(ward.0).fetch_all(conn).await)?;
        let day = minutes(24 * 60);
        let turns = self.turns(ward, now.minus(day), now.plus(day)).await?;
        Ok(staff_of(on_duty, reach, turns))
    }
}

fn staff_of(
    on_duty: Vec<(Uuid, String, i64)>,
    reach: Vec<(Uuid, String, Uuid)>,
    turns: Vec<Turn>,
) -> Staff {
    let on_duty = on_duty.into_iter().filter_map(|(clinician, post, since)| {
        Some(OnDuty {
            clinician: ClinicianId(clinician),
            post: Post::named(&post)?,
            since: Timestamp::from_millis(since),
        })
    });
    let mut by_person: BTreeMap<ClinicianId, Reach> = BTreeMap::new();
    for (clinician, channel, contact) in reach {
        if let Some(kind) = channel_named(&channel) {
            let theirs = by_person.entry(ClinicianId(clinician)).or_default();
            theirs.push((kind, contact));
        }
    }
    Staff {
        on_duty: on_duty.collect(),
        turns,
        reach: by_person,
    }
}

impl Ledger {
    /// Who is told when nobody takes an alert.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Who is told from now on; `None`: the default. Timers of open alerts are set anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_policy(
        &mut self,
        policy: Option<Policy>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let text = to_json("ward", &policy)?;
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_ESCALATION).bind(self.organisation.0).bind(ward).bind(&text).execute(conn).await.map(|_| ()))?;
        self.policy = policy.unwrap_or_default();
        self.set_timers_anew(now).await
    }

    /// Sets the timers of all open alerts by the policy and the hours as they are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_timers_anew(&mut self, now: Timestamp) -> Result<(), StoreError> {
        for alert in self.open_alerts().await? {
            let anew = self.with_timers(|timers| timers.set_anew(alert.clone(), now));
            if anew != alert {
                self.append(continued(anew), now);
            }
        }
        Ok(())
    }

    /// Starts the timers of alerts that have none yet: raised by a program that knew of none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn start_timers(&mut self, now: Timestamp) -> Result<(), StoreError> {
        for alert in self.open_alerts().await? {
            if alert.is_unacknowledged() && alert.ladder.class.is_none() {
                self.append(continued(alert), now);
            }
        }
        Ok(())
    }

    fn with_timers<T>(&self, work: impl FnOnce(&Timers<'_>) -> T) -> T {
        let zone = self.ward().zone();
        work(&Timers {
            policy: &self.policy,
            hours: &self.ward().staffed,
            zone: &zone,
        })
    }

    /// The event, its alert's timers set.
    pub(crate) fn armed(&self, event: WardEvent, at: Timestamp) -> WardEvent {
        match event {
            WardEvent::Alert { change, alert } => WardEvent::Alert {
                change,
                alert: Box::new(self.with_timers(|timers| timers.armed(*alert, change, at))),
            },
            other => other,
        }
    }

    /// Who could be told at `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_to_tell(&mut self, now: Timestamp) -> Result<Staff, StoreError> {
        let (organisation, ward) = (self.organisation.0, self.ward().id.0);
        let on_duty: Vec<(Uuid, String, i64)> = in_tx!(&mut self.tx, conn => sqlx::query_as(ON_DUTY).bind(organisation).bind(ward).fetch_all(conn).await)?;
        let reach: Vec<(Uuid, String, Uuid)> = in_tx!(&mut self.tx, conn => sqlx::query_as(STAFF_REACH).bind(organisation).bind(ward).fetch_all(conn).await)?;
        let day = minutes(24 * 60);
        let turns = self.turns(now.minus(day), now.plus(day)).await?;
        Ok(staff_of(on_duty, reach, turns))
    }

    /// Queues the notices of what was passed on in this transaction, and writes into each alert who is told.
    pub(crate) async fn tell_staff(&mut self) -> Result<(), StoreError> {
        let passed_on = |(place, logged): (usize, &Logged)| match &logged.event {
            WardEvent::Alert { change, alert } => {
                let about = About::of(*change, alert, logged.seq.0, logged.at)?;
                Some((place, about, logged.at))
            }
            _ => None,
        };
        let passed_on: Vec<_> = self
            .pending
            .iter()
            .enumerate()
            .filter_map(passed_on)
            .collect();
        let Some((_, _, now)) = passed_on.first().copied() else {
            return Ok(());
        };
        let staff = self.staff_to_tell(now).await?;
        for (place, about, at) in passed_on {
            let Some(alert) = self.pending.get(place).and_then(alert_of).cloned() else {
                continue;
            };
            let route = self.with_timers(|timers| timers.route(&alert, about, at));
            let Some(route) = route.filter(ward_core::escalation::Route::leads_outside) else {
                continue;
            };
            let ways = staff.ways(&route, &self.policy, &alert.ladder, at);
            let ward = self.ward().id;
            let notice = StaffNotice::by(ward, Some(&alert), about, &ways.ways, at);
            let told = Told {
                level: alert.ladder.level,
                to: notice.as_ref().map_or(Whom::Nobody, |notice| notice.way.to),
                by: notice.as_ref().map(|notice| notice.way.by),
                at,
                state: if notice.is_some() {
                    ToldState::Queued
                } else {
                    ToldState::Failed
                },
                instead_of: ways.instead_of,
                notice: notice.as_ref().map(|notice| notice.id),
            };
            match &notice {
                Some(notice) => {
                    self.queue_notice(&Underway::queued(notice.clone())).await?;
                }
                None => {
                    tracing::error!(%ward, alert = %alert.number, level = alert.ladder.level, "an alert is nobody's and nobody can be told: no post is held by anybody who has entered where they are reached");
                }
            }
            self.write_told(alert.number, place, &told);
        }
        Ok(())
    }

    /// Writes a line into the alert as this event and all later ones of the transaction leave it.
    fn write_told(&mut self, number: AlertNumber, from: usize, told: &Told) {
        for logged in self.pending.iter_mut().skip(from) {
            if let WardEvent::Alert { alert, .. } = &mut logged.event
                && alert.number == number
            {
                alert.ladder.tell(told.clone());
            }
        }
        self.change_held(number, |alert| alert.ladder.tell(told.clone()));
    }

    /// What became of a notice, written into its alert. Nothing when that says nothing new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn append_told(
        &mut self,
        number: AlertNumber,
        change: impl FnOnce(&mut Alert) -> bool,
        now: Timestamp,
    ) -> Result<Option<Seq>, StoreError> {
        let Some(mut alert) = self.alert(number).await? else {
            return Ok(None);
        };
        // What is over is told no more.
        if !alert.is_open() || !change(&mut alert) {
            return Ok(None);
        }
        let event = WardEvent::Alert {
            change: Change::Told,
            alert: Box::new(alert),
        };
        Ok(Some(self.append(event, now)))
    }
}

fn alert_of(logged: &Logged) -> Option<&Alert> {
    match &logged.event {
        WardEvent::Alert { alert, .. } => Some(alert),
        _ => None,
    }
}

fn continued(alert: Alert) -> WardEvent {
    WardEvent::Alert {
        change: Change::Continued,
        alert: Box::new(alert),
    }
}

pub(crate) fn channel_named(name: &str) -> Option<ChannelKind> {
    ChannelKind::ALL
        .into_iter()
        .find(|kind| kind.name() == name)
}
