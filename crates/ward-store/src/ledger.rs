//! The open transaction on a ward.
//!
//! Opening it takes the lock of the ward's row, so that numbers are given in the order of the commits and no reader of
//! the log can pass over one that is still to come. Events are numbered and applied in memory as they are appended, and
//! written in one go at the commit.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use ward_core::alert::{Alert, Outcome, Problem, State, Subject};
use ward_core::day::Zone;
use ward_core::escalation::Policy;
use ward_core::event::{Logged, WardEvent};
use ward_core::id::{AlertNumber, BridgeId, OrganisationId, ReadingId, Seq, StayId, WardId};
use ward_core::night;
use ward_core::reading::Reading;
use ward_core::spo2::Spo2;
use ward_core::stay::{Stay, StayState};
use ward_core::time::Timestamp;
use ward_core::ward::Ward;

use crate::error::StoreError;
use crate::many::chunks;
use crate::rows::{AlertRow, LockedWardRow, StayRow, UnreadableAlert, sorted_out, to_json};
use crate::statements::{
    ALERT, KEEP, LOCK_WARD, OPEN_ALERTS, PUT_ALERT, SET_ALERT_ASIDE, SET_LAST_SEQ, STAY,
};
use crate::store::Store;
use crate::tx::Tx;

/// A stay and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StayRecord {
    /// The stay.
    pub stay: Stay,
    /// Where it stands.
    pub state: StayState,
}

/// A reading on its way into the store.
#[derive(Clone, Debug)]
pub struct StoredReading {
    /// The reading.
    pub reading: Reading,
    /// Whose it is.
    pub stay: StayId,
    /// The same measurement, heard by another bridge and already stored: it counts once.
    pub copy_of: Option<ReadingId>,
    /// The frame it came from.
    pub raw: Option<Vec<u8>>,
}

/// Something kept that is nobody's reading, or no reading.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The reading's id where it has one, so that a repeat meets itself.
    pub item: ReadingId,
    /// Who sent it.
    pub bridge: BridgeId,
    /// The oximeter it named.
    pub device_address: Option<String>,
    /// Why it is here.
    pub reason: String,
    /// The value it held.
    pub spo2: Option<Spo2>,
    /// As it came.
    pub raw: Vec<u8>,
}

/// The open transaction on a ward.
pub struct Ledger {
    pub(crate) tx: Tx,
    pub(crate) organisation: OrganisationId,
    pub(crate) health: crate::health::WriteHealth,
    pub(crate) policy: Policy,
    pub(crate) ward: Ward,
    epoch: Uuid,
    last_seq: Seq,
    pub(crate) pending: Vec<Logged>,
    pub(crate) open_alerts: Option<BTreeMap<AlertNumber, Alert>>,
    unreadable_alerts: Vec<UnreadableAlert>,
    /// Unreadable ones whose place in the index of open alerts a new one takes.
    set_aside: Vec<AlertNumber>,
    changed_alerts: BTreeSet<AlertNumber>,
    closed_alerts: BTreeMap<AlertNumber, Alert>,
    stays: BTreeMap<StayId, StayRecord>,
    /// Read with their wearers, and not yet asked for: one that cannot be read stops only who asks for it.
    stay_rows: BTreeMap<StayId, StayRow>,
    resolved: BTreeMap<StayId, Vec<(Problem, Timestamp)>>,
    changed_stays: BTreeSet<StayId>,
}

impl Store {
    /// Opens the ledger of a ward; `None` when there is no such ward. Waits for whoever has it open.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also when the lock was not to be had in time.
    pub async fn open_ledger(&self, ward: WardId) -> Result<Option<Ledger>, StoreError> {
        let mut tx = self.health.step(self.begin().await)?;
        // A write first: it takes the ward's lock on both databases.
        let locked = in_tx!(&mut tx, conn => sqlx::query_as(LOCK_WARD).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await);
        let locked: Option<LockedWardRow> = self.health.step(locked.map_err(StoreError::from))?;
        let Some(locked) = locked else {
            return Ok(None);
        };
        Ledger::of(tx, self.organisation, self.health.clone(), locked).map(Some)
    }
}

impl Ledger {
    pub(crate) fn of(
        tx: Tx,
        organisation: OrganisationId,
        health: crate::health::WriteHealth,
        locked: LockedWardRow,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            tx,
            organisation,
            health,
            epoch: locked.epoch,
            policy: locked.policy(),
            last_seq: Seq(locked.last_seq),
            ward: locked.ward.into_ward(organisation)?,
            pending: Vec::new(),
            open_alerts: None,
            unreadable_alerts: Vec::new(),
            set_aside: Vec::new(),
            changed_alerts: BTreeSet::new(),
            closed_alerts: BTreeMap::new(),
            stays: BTreeMap::new(),
            stay_rows: BTreeMap::new(),
            resolved: BTreeMap::new(),
            changed_stays: BTreeSet::new(),
        })
    }

    /// The ward.
    #[must_use]
    pub const fn ward(&self) -> &Ward {
        &self.ward
    }

    /// The epoch in which this ledger writes: what it commits is lost only together with this epoch.
    #[must_use]
    pub const fn epoch(&self) -> Uuid {
        self.epoch
    }

    /// The newest number of the ward's log, with what this ledger has appended.
    #[must_use]
    pub const fn head(&self) -> Seq {
        self.last_seq
    }

    /// A stay on this ward, open or over, and where it stands, with what this ledger has already changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stay(&mut self, id: StayId) -> Result<Option<&StayRecord>, StoreError> {
        if !self.stays.contains_key(&id) {
            let row = match self.stay_rows.remove(&id) {
                Some(row) => Some(row),
                None => {
                    in_tx!(&mut self.tx, conn => sqlx::query_as(STAY).bind(self.organisation.0).bind(id.0).fetch_optional(conn).await)?
                }
            };
            let Some(row) = row else { return Ok(None) };
            let record = row.into_record()?;
            if record.stay.ward != self.ward.id {
                return Ok(None);
            }
            self.stays.insert(id, record);
            for (problem, at) in self.resolved.remove(&id).unwrap_or_default() {
                self.remember_resolution(id, problem, at);
            }
        }
        Ok(self.stays.get(&id))
    }

    /// A stay that was written as a whole: what is held of it is so too, or no longer held when it went to another ward.
    pub(crate) fn forget_or_replace(&mut self, stay: &Stay) {
        if stay.ward != self.ward.id {
            self.stays.remove(&stay.id);
            self.changed_stays.remove(&stay.id);
        } else if let Some(record) = self.stays.get_mut(&stay.id) {
            record.stay = stay.clone();
            let state = std::mem::take(&mut record.state);
            record.state = state.in_phase(&stay.phase);
            self.changed_stays.insert(stay.id);
        }
        self.stay_rows.remove(&stay.id);
    }

    /// Keeps a stay that was read with its wearer for [`Ledger::stay`].
    pub(crate) fn hold(&mut self, row: StayRow) {
        let id = StayId(row.stay_id);
        if !self.stays.contains_key(&id) {
            self.stay_rows.insert(id, row);
        }
    }

    /// All open alerts of the ward, with what this ledger has already changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_alerts(&mut self) -> Result<Vec<Alert>, StoreError> {
        self.load_open_alerts().await?;
        Ok(self
            .open_alerts
            .iter()
            .flat_map(BTreeMap::values)
            .cloned()
            .collect())
    }

    async fn load_open_alerts(&mut self) -> Result<(), StoreError> {
        if self.open_alerts.is_none() {
            let rows: Vec<AlertRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(OPEN_ALERTS).bind(self.organisation.0).bind(self.ward.id.0).fetch_all(conn).await)?;
            let (alerts, unreadable) = sorted_out(rows);
            let by_number = alerts.into_iter().map(|alert| (alert.number, alert));
            self.open_alerts = Some(by_number.collect());
            self.unreadable_alerts = unreadable;
        }
        Ok(())
    }

    /// Open alerts of the ward that cannot be read. A new one about the same subject and problem takes the place of
    /// such a one, whose record is kept as it is: rather said twice than not at all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unreadable_alerts(&mut self) -> Result<Vec<UnreadableAlert>, StoreError> {
        self.load_open_alerts().await?;
        Ok(self.unreadable_alerts.clone())
    }

    /// One alert of the ward, open or over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alert(&mut self, number: AlertNumber) -> Result<Option<Alert>, StoreError> {
        self.load_open_alerts().await?;
        let held = self
            .open_alerts
            .as_ref()
            .and_then(|open| open.get(&number))
            .or_else(|| self.closed_alerts.get(&number));
        if let Some(alert) = held {
            return Ok(Some(alert.clone()));
        }
        let row: Option<AlertRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(ALERT).bind(self.organisation.0).bind(self.ward.id.0).bind(number.0).fetch_optional(conn).await)?;
        row.map(AlertRow::into_alert).transpose()
    }

    /// Appends an event: it gets the ward's next number and is applied. Call [`Ledger::open_alerts`] before the first
    /// alert event, so that what is applied is applied to what is there.
    pub fn append(&mut self, event: WardEvent, at: Timestamp) -> Seq {
        let seq = self.last_seq.next();
        self.last_seq = seq;
        let event = self.armed(event.stamped(seq), at);
        if let WardEvent::Alert { alert, .. } = &event {
            self.changed_alerts.insert(alert.number);
            self.make_room(alert);
            let open = self.open_alerts.get_or_insert_default();
            if alert.is_open() {
                open.insert(alert.number, (**alert).clone());
            } else {
                open.remove(&alert.number);
                self.closed_alerts.insert(alert.number, (**alert).clone());
                self.resolved(alert);
            }
        }
        self.pending.push(Logged { seq, at, event });
        seq
    }

    /// Changes an alert that this ledger holds, where its event is still to be written.
    pub(crate) fn change_held(&mut self, number: AlertNumber, change: impl FnOnce(&mut Alert)) {
        let open = self.open_alerts.as_mut();
        let held = open
            .and_then(|open| open.get_mut(&number))
            .or_else(|| self.closed_alerts.get_mut(&number));
        if let Some(alert) = held {
            change(alert);
        }
    }

    fn make_room(&mut self, alert: &Alert) {
        if self.unreadable_alerts.is_empty() {
            return;
        }
        let (subject, problem) = (alert.subject.to_string(), alert.problem.name());
        let taken = |it: &mut UnreadableAlert| it.subject == subject && it.problem == problem;
        let gone = self.unreadable_alerts.extract_if(.., taken);
        self.set_aside.extend(gone.map(|it| it.number));
    }

    /// What was measured before an oxygen alert was resolved, or said before a symptom's was, never raises another: the
    /// stay remembers when. A stay that this ledger has not read yet remembers when it is read, at the commit at the latest.
    fn resolved(&mut self, alert: &Alert) {
        let remembered = matches!(alert.problem, Problem::Oxygen | Problem::Symptom)
            || alert.problem.is_of_a_rule();
        if let (problem, State::Resolved { at, outcome, .. }, Subject::Stay(stay)) =
            (alert.problem, &alert.state, &alert.subject)
            && remembered
            // It goes on on another ward, so nothing is over.
            && *outcome != Outcome::TransferredWard
        {
            if self.stays.contains_key(stay) {
                self.remember_resolution(*stay, problem, *at);
            } else {
                self.resolved.entry(*stay).or_default().push((problem, *at));
            }
        }
    }

    fn remember_resolution(&mut self, stay: StayId, problem: Problem, at: Timestamp) {
        if let Some(record) = self.stays.get_mut(&stay) {
            // The newest word, not the latest time: one that a clock ran ahead of must not outlive it.
            match problem {
                Problem::Symptom => record.state.words.resolved_at = Some(at),
                rule if rule.is_of_a_rule() => record.state.rules.remember_resolution(rule, at),
                _ => record.state.oxygen_resolved_at = Some(at),
            }
            self.changed_stays.insert(stay);
        }
    }

    /// The open alerts about any of these, with what this ledger has already changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_alerts_about(
        &mut self,
        subjects: &[Subject],
    ) -> Result<Vec<Alert>, StoreError> {
        self.load_open_alerts().await?;
        let open = self.open_alerts.iter().flat_map(BTreeMap::values);
        Ok(open
            .filter(|alert| subjects.contains(&alert.subject))
            .cloned()
            .collect())
    }

    /// Where a stay stands after a reading, as the rules say.
    pub fn set_state(&mut self, id: StayId, state: StayState) {
        if let Some(record) = self.stays.get_mut(&id) {
            record.state = state;
            self.changed_stays.insert(id);
        }
    }

    /// Keeps what is nobody's reading, or no reading. `false` when it was kept before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep(&mut self, kept: &Kept, received_at: Timestamp) -> Result<bool, StoreError> {
        let rows = in_tx!(&mut self.tx, conn => sqlx::query(KEEP)
            .bind(self.organisation.0)
            .bind(self.ward.id.0)
            .bind(received_at.as_millis())
            .bind(kept.item.0)
            .bind(kept.bridge.0)
            .bind(&kept.device_address)
            .bind(&kept.reason)
            .bind(kept.spo2.map(|spo2| i32::from(spo2.tenths())))
            .bind(&kept.raw)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()));
        let rows = self.health.step(rows.map_err(StoreError::from))?;
        Ok(rows == 1)
    }

    /// Writes everything. The newest number of the ward's log comes back; only now is anything confirmed.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub async fn commit(self) -> Result<Seq, StoreError> {
        let health = self.health.clone();
        health.committed(self.write_all().await)
    }

    /// Lets go of the ward without having written anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }

    async fn write_all(mut self) -> Result<Seq, StoreError> {
        self.write_ward().await?;
        self.tx.commit().await?;
        Ok(self.last_seq)
    }

    pub(crate) async fn write_ward(&mut self) -> Result<(), StoreError> {
        while let Some(stay) = self.resolved.keys().next().copied() {
            if self.stay(stay).await?.is_none() {
                self.resolved.remove(&stay);
            }
        }
        self.call_out().await?;
        self.tell_staff().await?;
        self.write_stays().await?;
        self.write_alerts().await?;
        self.write_events().await?;
        if !self.pending.is_empty() {
            in_tx!(&mut self.tx, conn => sqlx::query(SET_LAST_SEQ)
                .bind(self.organisation.0)
                .bind(self.ward.id.0)
                .bind(self.last_seq.0)
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// A red that spoke while the ward is not staffed goes out, in the same transaction, whichever verb it came from.
    async fn call_out(&mut self) -> Result<(), StoreError> {
        let reds: Vec<(Logged, StayId)> = self
            .pending
            .iter()
            .filter_map(|logged| Some((logged.clone(), night::whose_red(&logged.event)?)))
            .collect();
        if reds.is_empty() {
            return Ok(());
        }
        let zone = Zone::named(&self.ward.time_zone).unwrap_or_else(|_| Zone::greenwich());
        for (Logged { seq, at, event }, stay) in reds {
            if self.ward.staffed.is_staffed(&zone, at) {
                continue;
            }
            let Some(phase) = self.stay(stay).await?.map(|record| record.stay.phase) else {
                continue;
            };
            let Some(care) = self.care(stay).await? else {
                continue;
            };
            if let Some(message) = night::call_out(stay, phase, &care, &event, seq, at) {
                self.queue_message(&message).await?;
            }
        }
        Ok(())
    }

    async fn write_stays(&mut self) -> Result<(), StoreError> {
        let changed = self
            .changed_stays
            .iter()
            .filter_map(|id| self.stays.get(id))
            .map(|record| to_json("stay", &record.state).map(|state| (record.stay.id.0, state)));
        let changed = changed.collect::<Result<Vec<_>, _>>()?;
        for chunk in chunks(&changed) {
            in_tx!(&mut self.tx, conn => {
                let mut update = sqlx::QueryBuilder::new("with changed (stay_id, state) as (");
                update.push_values(chunk, |mut row, (id, state)| {
                    row.push_bind(id).push_bind(state);
                });
                update.push(") update stay set state = changed.state from changed where stay.organisation_id = ");
                update.push_bind(self.organisation.0).push(" and stay.stay_id = changed.stay_id");
                update.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    async fn write_alerts(&mut self) -> Result<(), StoreError> {
        for number in &self.set_aside {
            tracing::error!(ward = %self.ward.id, %number, "an alert that cannot be read makes room for a new one about the same");
            in_tx!(&mut self.tx, conn => sqlx::query(SET_ALERT_ASIDE).bind(self.organisation.0).bind(self.ward.id.0).bind(number.0).execute(conn).await.map(|_| ()))?;
        }
        let open = self.open_alerts.take().unwrap_or_default();
        // The ones that are over first: their place in the index of open alerts may be wanted by a new one.
        let changed = self
            .closed_alerts
            .values()
            .chain(open.values())
            .filter(|alert| self.changed_alerts.contains(&alert.number));
        for alert in changed {
            let (acknowledged_at, resolved_at) = match &alert.state {
                State::Raised => (None, None),
                State::Acknowledged { at, .. } => (Some(at.as_millis()), None),
                State::Resolved { at, .. } => (None, Some(at.as_millis())),
            };
            let stay = match &alert.subject {
                Subject::Stay(stay) => Some(stay.0),
                Subject::Bridge(_) | Subject::Ward | Subject::Device { .. } => None,
            };
            let deadline = if alert.is_open() {
                alert.next_deadline().map(Timestamp::as_millis)
            } else {
                None
            };
            let body = to_json("alert", alert)?;
            in_tx!(&mut self.tx, conn => sqlx::query(PUT_ALERT)
                .bind(self.organisation.0)
                .bind(self.ward.id.0)
                .bind(alert.number.0)
                .bind(alert.subject.to_string())
                .bind(alert.problem.name())
                .bind(stay)
                .bind(alert.is_open())
                .bind(alert.severity.name())
                .bind(alert.raised_at.as_millis())
                .bind(alert.shown_at.map(Timestamp::as_millis))
                .bind(acknowledged_at)
                .bind(resolved_at)
                .bind(deadline)
                .bind(&body)
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    async fn write_events(&mut self) -> Result<(), StoreError> {
        let rows = self.pending.iter().map(|logged| {
            let stay = logged.event.stay().map(|stay| stay.0);
            to_json("ward_event", &logged.event).map(|body| {
                (
                    logged.seq.0,
                    logged.at.as_millis(),
                    logged.event.kind(),
                    stay,
                    body,
                )
            })
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        const HEAD: &str =
            "insert into ward_event (organisation_id, ward_id, seq, at, kind, stay_id, body) ";
        for chunk in chunks(&rows) {
            in_tx!(&mut self.tx, conn => {
                let mut insert = sqlx::QueryBuilder::new(HEAD);
                insert.push_values(chunk, |mut row, (seq, at, kind, stay, body)| {
                    row.push_bind(self.organisation.0).push_bind(self.ward.id.0).push_bind(seq).push_bind(at).push_bind(*kind).push_bind(stay).push_bind(body);
                });
                insert.build().execute(conn).await.map(|_| ())
            })?;
        }
        Ok(())
    }
}
