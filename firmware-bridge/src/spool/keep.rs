//! How long and how much is kept.
//!
//! Confirmed readings go after their time, or earlier when room is short. What the service has not confirmed goes only
//! when nothing else is left to give, only if it is routine, every second one, and with a marker in its place.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;
use ward_wire::bridge::{MeasuredItem, ReadingItem};

use super::{Spool, SpoolError, queue};
use crate::address::Address;
use crate::clock::Clock;
use crate::reading::NewReading;

/// Above this share of the limit the log warns.
const WARN_PERCENT: u64 = 70;
/// Of each device these many newest routine readings are never thinned.
const NEVER_THINNED: i64 = 20;

/// How full the spool is after keeping house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Bytes in use.
    pub used_bytes: u64,
    /// Confirmed readings that went.
    pub forgotten: u64,
    /// Routine readings that went before the service had confirmed them; each gap is marked.
    pub thinned: u64,
}

const FORGET_OLD: &str = "delete from reading where state = 1 and settled_at_ms < $1";
const FORGET_ALL: &str = "delete from reading where state = 1";
const ROUTINE: &str = "select seq, device, item from reading r where state = 0 and routine = 1 and seq <= \
    (select seq from reading n where n.state = 0 and n.routine = 1 and n.device = r.device order by seq desc limit 1 offset $1) \
    order by device, seq";
const DELETE: &str = "delete from reading where seq = $1 and state = 0 and routine = 1";

impl Spool {
    /// Deletes confirmed readings that have had their time, and makes room when the limit is passed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_house(
        &self,
        keep_confirmed: Duration,
        limit_bytes: u64,
    ) -> Result<Room, SpoolError> {
        let span = i64::try_from(keep_confirmed.as_millis()).unwrap_or(i64::MAX);
        let before = self.clock.wall().as_millisecond().saturating_sub(span);
        let mut room = Room {
            forgotten: sqlx::query(FORGET_OLD)
                .bind(before)
                .execute(&self.pool)
                .await?
                .rows_affected(),
            ..Room::default()
        };
        if self.used_bytes().await? > limit_bytes {
            room.forgotten += sqlx::query(FORGET_ALL)
                .execute(&self.pool)
                .await?
                .rows_affected();
        }
        if self.used_bytes().await? > limit_bytes {
            room.thinned = self.thin().await?;
        }
        room.used_bytes = self.used_bytes().await?;
        if room.thinned > 0 {
            tracing::error!(
                thinned = room.thinned,
                "the spool is full and the service takes nothing: every second routine reading was dropped, each gap \
                 is marked. Low readings are all kept. Bring the connection back, or raise spool.limit_megabytes"
            );
        } else if room.used_bytes > limit_bytes {
            tracing::error!(
                used_bytes = room.used_bytes,
                limit_bytes,
                "the spool is over its limit and holds nothing that may go. Bring the connection back"
            );
        } else if room.used_bytes > limit_bytes / 100 * WARN_PERCENT {
            tracing::warn!(
                used_bytes = room.used_bytes,
                limit_bytes,
                "the spool is over 70 % full: the service takes no readings, or they come faster than they go"
            );
        }
        Ok(room)
    }

    /// Drops every second routine reading that waits, and marks the gaps.
    async fn thin(&self) -> Result<u64, SpoolError> {
        let mut transaction = self.pool.begin().await?;
        let mut gaps: Vec<Gap> = Vec::new();
        for (nth, row) in sqlx::query(ROUTINE)
            .bind(NEVER_THINNED)
            .fetch_all(&mut *transaction)
            .await?
            .iter()
            .enumerate()
        {
            if nth % 2 == 1 {
                continue;
            }
            // What no marker could stand for stays.
            let Ok(device) = row.try_get::<String, _>("device")?.parse::<Address>() else {
                continue;
            };
            let item: String = row.try_get("item")?;
            let at = serde_json::from_str::<ReadingItem>(&item)
                .ok()
                .map(|item| item.measured_at);
            sqlx::query(DELETE)
                .bind(row.try_get::<i64, _>("seq")?)
                .execute(&mut *transaction)
                .await?;
            match gaps.last_mut().filter(|gap| gap.device == device) {
                Some(gap) => gap.add(at),
                None => gaps.push(Gap {
                    device,
                    count: 1,
                    from: at,
                    until: at,
                }),
            }
        }
        for gap in &gaps {
            let marker = gap.marker(&self.clock);
            let item = marker.to_item(&self.clock, 0);
            queue::put(&mut transaction, &item, marker.steady, marker.routine).await?;
        }
        transaction.commit().await?;
        if !gaps.is_empty() {
            self.appended.notify_one();
        }
        Ok(gaps.iter().map(|gap| gap.count).sum())
    }
}

/// Readings of one device that were dropped.
struct Gap {
    device: Address,
    count: u64,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Gap {
    fn add(&mut self, at: Option<Timestamp>) {
        self.count += 1;
        self.until = at.or(self.until);
    }

    /// What the ward is told: a measurement without a value, and why.
    fn marker(&self, clock: &Clock) -> NewReading {
        let said = |at: Option<Timestamp>| at.map_or_else(|| "?".to_owned(), |at| at.to_string());
        let reason = format!(
            "the bridge's disk was full: {} routine readings between {} and {} were dropped",
            self.count,
            said(self.from),
            said(self.until)
        );
        let measured = MeasuredItem::Attempt { reason };
        NewReading::live(self.device.clone(), measured, clock.steady())
    }
}
