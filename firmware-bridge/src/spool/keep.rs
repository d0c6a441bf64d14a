//! How long and how much is kept.
//!
//! Confirmed readings go after their time, or earlier when room is short. What the service has not confirmed goes only
//! when nothing else is left to give, only if it is routine, every second one, and with a marker in its place.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};
use ward_wire::bridge::{MeasuredItem, ReadingItem};

use super::{Spool, SpoolError, queue};
use crate::address::Address;
use crate::clock::Clock;
use crate::reading::NewReading;

/// Above this share of the limit the log warns.
const WARN_PERCENT: u64 = 70;
/// Of each device these many newest routine readings are never thinned.
const NEVER_THINNED: i64 = 20;
/// Rows that go in one transaction: its own log needs room, too.
const CHUNK: usize = 200;

/// What the spool keeps to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a reading is kept after the service has confirmed it.
    pub keep_confirmed: Duration,
    /// Bytes that the spool should not pass.
    pub limit_bytes: u64,
    /// The disk counts as nearly full when less than this is left of it, and less than the spool would need to grow as
    /// large again.
    pub reserve_bytes: u64,
}

/// How full the spool is after keeping house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Bytes in use.
    pub used_bytes: u64,
    /// Bytes that are left, on the disk or in the spool's own file.
    pub spare_bytes: u64,
    /// Confirmed readings that went.
    pub forgotten: u64,
    /// Routine readings that went before the service had confirmed them; each gap is marked.
    pub thinned: u64,
}

impl Room {
    fn is_short(&self, limits: &Limits) -> bool {
        self.used_bytes > limits.limit_bytes || self.is_on_a_full_disk(limits)
    }

    /// Growing as large again is enough to go on: what goes for more than that, while others fill the disk, is lost for
    /// nothing.
    fn is_on_a_full_disk(&self, limits: &Limits) -> bool {
        self.spare_bytes < limits.reserve_bytes.min(self.used_bytes)
    }
}

/// Within one start of the box by the steady clock: the wall clock may have jumped.
const FORGET_OLD: &str = "delete from reading where state = 1 and case when settled_boot = $1 then settled_steady_ms < $2 \
    else settled_at_ms < $3 end";
const FORGET_SOME: &str = "delete from reading where seq in (select seq from reading where state = 1 order by seq limit $1)";
const ROUTINE: &str = "select seq, device from reading r where state = 0 and routine = 1 and seq <= \
    (select seq from reading n where n.state = 0 and n.routine = 1 and n.device = r.device order by seq desc limit 1 offset $1) \
    order by device, seq";
const GO: &str = "delete from reading where seq = $1 and state = 0 and routine = 1 returning item";

impl Spool {
    /// Deletes confirmed readings that have had their time, and makes room when it is short.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_house(&self, limits: &Limits) -> Result<Room, SpoolError> {
        let kept = match self.tidy(limits).await {
            Err(why) if why.is_full_disk() && self.drop_ballast() => self.tidy(limits).await,
            kept => kept,
        };
        let room = kept?;
        if !room.is_on_a_full_disk(limits) {
            self.load_ballast();
        }
        if room.thinned > 0 {
            tracing::error!(
                thinned = room.thinned,
                "there is no room left and the service takes nothing: every second routine reading was dropped, each gap \
                 is marked. Low readings are all kept. Bring the connection back, make room on the disk, or raise \
                 spool.limit_megabytes"
            );
        } else if room.is_short(limits) {
            tracing::error!(
                used_bytes = room.used_bytes,
                spare_bytes = room.spare_bytes,
                limit_bytes = limits.limit_bytes,
                "room for the spool is short and it holds nothing that may go. Bring the connection back, or make room on \
                 the disk"
            );
        } else if room.used_bytes > limits.limit_bytes / 100 * WARN_PERCENT {
            tracing::warn!(
                used_bytes = room.used_bytes,
                limit_bytes = limits.limit_bytes,
                "the spool is over 70 % full: the service takes no readings, or they come faster than they go"
            );
        }
        Ok(room)
    }

    async fn tidy(&self, limits: &Limits) -> Result<Room, SpoolError> {
        let mut room = Room {
            forgotten: self.forget_old(limits.keep_confirmed).await?,
            ..Room::default()
        };
        self.measure(&mut room).await?;
        if room.is_short(limits) {
            self.checkpoint().await?;
            room.forgotten += self.forget_confirmed().await?;
            self.measure(&mut room).await?;
        }
        if room.is_short(limits) {
            room.thinned = self.thin().await?;
            self.measure(&mut room).await?;
        }
        Ok(room)
    }

    /// The disk was full for a reading that is to be put on it: what was kept for this goes, then what is confirmed, and
    /// routine readings only when there is nothing else.
    pub(super) async fn make_room(&self) -> Result<(), SpoolError> {
        let had_ballast = self.drop_ballast();
        if self.forget_confirmed().await? == 0 && !had_ballast {
            self.thin().await?;
        }
        Ok(())
    }

    async fn measure(&self, room: &mut Room) -> Result<(), SpoolError> {
        room.used_bytes = self.used_bytes().await?;
        room.spare_bytes = self.spare_bytes().await?;
        Ok(())
    }

    async fn forget_old(&self, keep_confirmed: Duration) -> Result<u64, SpoolError> {
        let span = i64::try_from(keep_confirmed.as_millis()).unwrap_or(i64::MAX);
        let steady = self.clock.steady();
        let gone = sqlx::query(FORGET_OLD)
            .bind(steady.boot)
            .bind(steady.ms_signed().saturating_sub(span))
            .bind(self.clock.wall().as_millisecond().saturating_sub(span))
            .execute(&self.pool)
            .await?;
        Ok(gone.rows_affected())
    }

    async fn forget_confirmed(&self) -> Result<u64, SpoolError> {
        let mut forgotten = 0;
        loop {
            let gone = sqlx::query(FORGET_SOME)
                .bind(i64::try_from(CHUNK).unwrap_or(1))
                .execute(&self.pool)
                .await?
                .rows_affected();
            if gone == 0 {
                return Ok(forgotten);
            }
            forgotten += gone;
            self.checkpoint().await?;
        }
    }

    /// Drops every second routine reading that waits, and marks the gaps.
    async fn thin(&self) -> Result<u64, SpoolError> {
        let routine = sqlx::query(ROUTINE)
            .bind(NEVER_THINNED)
            .fetch_all(&self.pool)
            .await?;
        // What no marker could stand for stays.
        let to_go: Vec<(i64, Address)> = (routine.iter().step_by(2))
            .filter_map(|row| {
                let device: String = row.try_get("device").ok()?;
                Some((row.try_get("seq").ok()?, device.parse().ok()?))
            })
            .collect();
        let mut thinned = 0;
        for some in to_go.chunks(CHUNK) {
            let mut transaction = self.pool.begin().await?;
            let gaps = drop_these(&mut transaction, some).await?;
            for gap in &gaps {
                let marker = gap.marker(&self.clock);
                let item = marker.to_item(&self.clock, 0);
                queue::put(&mut transaction, &item, marker.steady, marker.routine).await?;
                thinned += gap.count;
            }
            transaction.commit().await?;
            self.checkpoint().await?;
        }
        if thinned > 0 {
            self.appended.notify_one();
        }
        Ok(thinned)
    }
}

/// The gap that each device has then.
async fn drop_these(
    transaction: &mut SqliteConnection,
    to_go: &[(i64, Address)],
) -> Result<Vec<Gap>, SpoolError> {
    let mut gaps: Vec<Gap> = Vec::new();
    for (seq, device) in to_go {
        let row = sqlx::query(GO)
            .bind(seq)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(row) = row else {
            continue; // confirmed or refused meanwhile
        };
        let item = queue::text(&row, "item");
        let item = item.and_then(|text| serde_json::from_str::<ReadingItem>(&text).ok());
        let at = item.map(|item| item.measured_at);
        match gaps.last_mut().filter(|gap| gap.device == *device) {
            Some(gap) => gap.add(at),
            None => gaps.push(Gap {
                device: device.clone(),
                count: 1,
                from: at,
                until: at,
            }),
        }
    }
    Ok(gaps)
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
