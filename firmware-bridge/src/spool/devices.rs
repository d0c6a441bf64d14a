//! The list of oximeters as the service last said it, for a bridge without a network.

use sqlx::{Row, SqliteConnection};
use ward_wire::bridge::{DeviceList, EnrolledDevice, MeasuredItem};

use super::{Spool, SpoolError, queue};
use crate::reading::NewReading;

const ALL: &str = "select address, low_limit_percent from device order by rowid";
const DAMAGE: &str = "delete from note where name = 'damaged' returning said";
const FORGET: &str = "delete from device";
const REMEMBER: &str = "insert into device (address, low_limit_percent) values ($1, $2) \
    on conflict (address) do update set low_limit_percent = excluded.low_limit_percent";

impl Spool {
    /// The list as the service last said it; empty before it ever did.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn devices(&self) -> Result<Vec<EnrolledDevice>, SpoolError> {
        read(&mut *self.pool.acquire().await?).await
    }

    /// Remembers the list in place of the last one. If a spool was damaged since the last list, the ward is told of it
    /// for each oximeter.
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
        if !list.devices.is_empty() && self.tell_of_damage(&mut transaction, list).await? {
            self.appended.notify_one();
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn tell_of_damage(
        &self,
        transaction: &mut SqliteConnection,
        list: &DeviceList,
    ) -> Result<bool, SpoolError> {
        let damage = sqlx::query(DAMAGE)
            .fetch_optional(&mut *transaction)
            .await?;
        if damage.is_none() {
            return Ok(false);
        }
        for device in &list.devices {
            let Ok(address) = device.address.parse() else {
                continue;
            };
            let reason = "the bridge's spool was damaged; readings may be missing".to_owned();
            let measured = MeasuredItem::Attempt { reason };
            let marker = NewReading::live(address, measured, self.clock.steady());
            let item = marker.to_item(&self.clock, 0);
            queue::put(&mut *transaction, &item, marker.steady, marker.routine).await?;
        }
        Ok(true)
    }
}

pub(super) async fn read(
    connection: &mut SqliteConnection,
) -> Result<Vec<EnrolledDevice>, SpoolError> {
    sqlx::query(ALL)
        .fetch_all(connection)
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
