//! What a person in the room is told of the spool: how much waits, and when something was last measured.

use sqlx::Row;

use super::{Spool, SpoolError, queue};
use crate::clock::{Clock, Moment, Steady};
use ward_wire::bridge::MeasuredItem;

/// Far enough back to pass over tries that gave no value.
const LAST: &str = "select seq, id, device, boot, steady_ms, routine, item, seal from reading order by seq desc limit 100";

/// Refused ones too: they are tried again, and are as safe.
pub(super) const UNCONFIRMED: &str = "select count(*) from reading where state <> 1";

/// The spool in two numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Readings that the service has not confirmed.
    pub waiting: u64,
    /// When the newest one with a value was measured. Confirmed ones count, for as long as they are kept.
    pub last_reading: Option<LastReading>,
}

/// The time of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastReading {
    /// By the wall clock, as it stood then.
    pub at: jiff::Timestamp,
    /// By the steady clock, when it was not a record that the oximeter had stored.
    pub steady: Option<Steady>,
}

impl LastReading {
    /// As a moment on the machine's own clock: `clock` is the bridge's, which tests let run faster.
    #[must_use]
    pub fn moment(self, clock: &Clock, now: Moment) -> Moment {
        let age = self.steady.and_then(|steady| steady.age_ms(clock.steady()));
        let age = age.map(|ms| clock.shortened(std::time::Duration::from_millis(ms)));
        age.map_or(
            Moment {
                steady: Steady {
                    boot: uuid::Uuid::nil(),
                    ms: 0,
                },
                at: self.at,
            },
            |age| now.before(age),
        )
    }
}

impl Spool {
    /// Looks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn told(&self) -> Result<Told, SpoolError> {
        let waiting: i64 = sqlx::query(UNCONFIRMED)
            .fetch_one(&self.pool)
            .await?
            .try_get(0)?;
        let rows = sqlx::query(LAST).fetch_all(&self.pool).await?;
        let last_reading = rows.iter().find_map(|row| {
            let row = queue::waiting(row).ok()?;
            let item = row.item?;
            let has_value = match item.measured {
                MeasuredItem::SpotCheck(_) | MeasuredItem::Window(_) => true,
                MeasuredItem::Attempt { .. } => false,
            };
            has_value.then_some(LastReading {
                at: item.measured_at,
                steady: row.measured,
            })
        });
        Ok(Told {
            waiting: u64::try_from(waiting).unwrap_or(0),
            last_reading,
        })
    }
}
