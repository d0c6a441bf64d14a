//! The list of oximeters as the service last said it, for a bridge without a network.

use sqlx::Row;
use ward_wire::bridge::{DeviceList, EnrolledDevice};

use super::{Spool, SpoolError};

const ALL: &str = "select address, low_limit_percent from device order by rowid";
const FORGET: &str = "delete from device";
const REMEMBER: &str = "insert into device (address, low_limit_percent) values ($1, $2) \
    on conflict (address) do update set low_limit_percent = excluded.low_limit_percent";

impl Spool {
    /// The list as the service last said it; empty before it ever did.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn devices(&self) -> Result<Vec<EnrolledDevice>, SpoolError> {
        sqlx::query(ALL)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                let limit: i64 = row.try_get("low_limit_percent")?;
                Ok(EnrolledDevice {
                    address: row.try_get("address")?,
                    low_limit_percent: u16::try_from(limit).unwrap_or(u16::MAX),
                })
            })
            .collect()
    }

    /// Remembers the list in place of the last one.
    ///
    /// # Errors
    /// When it is not on disk; the last one is then still there.
    pub async fn remember_devices(&self, list: &DeviceList) -> Result<(), SpoolError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(FORGET).execute(&mut *transaction).await?;
        for device in &list.devices {
            sqlx::query(REMEMBER)
                .bind(&device.address)
                .bind(i64::from(device.low_limit_percent))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
