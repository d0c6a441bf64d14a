//! The list of oximeters as the service last said it, for a bridge without a network.

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use ward_wire::bridge::{
    DeviceList, EnrolledDevice, MeasuredItem, NAME_LIMIT, SamplingItem, SamplingMode,
};

use super::{Spool, SpoolError, queue};
use crate::reading::NewReading;

const ALL: &str = "select address, low_limit_percent from device order by rowid";
/// What a later service says of an oximeter stands beside the list, where an earlier bridge passes it over.
const ASSIGNED: &str = "select slot, is_continuous, window_seconds from assigned where address = $1 and low_limit_percent = $2";
const ASSIGN: &str = "insert into assigned (address, low_limit_percent, slot, is_continuous, window_seconds) values ($1, $2, $3, $4, $5) \
    on conflict (address) do update set low_limit_percent = excluded.low_limit_percent, slot = excluded.slot, \
    is_continuous = excluded.is_continuous, window_seconds = excluded.window_seconds";
const UNASSIGN: &str = "delete from assigned";
const NOTE_VERSION: &str = "insert or replace into note (name, said) values ('list_version', $1)";
const FORGET_VERSION: &str = "delete from note where name = 'list_version'";
pub(super) const VERSION: &str = "select said from note where name = 'list_version'";
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
        Ok(self.device_list().await?.devices)
    }

    /// As [`Spool::devices`], with the list's version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn device_list(&self) -> Result<DeviceList, SpoolError> {
        let mut connection = self.pool.acquire().await?;
        let mut devices = read(&mut connection).await?;
        for device in &mut devices {
            assigned(&mut connection, device).await?;
        }
        let version = sqlx::query(VERSION)
            .fetch_optional(&mut *connection)
            .await?;
        Ok(DeviceList {
            devices,
            version: version.map(|row| row.try_get("said")).transpose()?,
        })
    }

    /// Remembers the list in place of the last one. If a spool was damaged since the last list, the ward is told of it
    /// for each oximeter.
    ///
    /// # Errors
    /// When it is not on disk; the last one is then still there.
    pub async fn remember_devices(&self, list: &DeviceList) -> Result<(), SpoolError> {
        let mut transaction = self.pool.begin().await?;
        for statement in [FORGET, UNASSIGN, FORGET_VERSION] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        if let Some(version) = &list.version {
            let version: String = version.chars().take(NAME_LIMIT).collect();
            sqlx::query(NOTE_VERSION)
                .bind(version)
                .execute(&mut *transaction)
                .await?;
        }
        for device in &list.devices {
            assign(&mut transaction, device).await?;
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
                ..EnrolledDevice::default()
            })
        })
        .collect()
}

/// Writes down what goes beyond address and limit, if anything does.
async fn assign(
    connection: &mut SqliteConnection,
    device: &EnrolledDevice,
) -> Result<(), SpoolError> {
    if device.slot.is_none() && device.sampling.is_none() {
        return Ok(());
    }
    let sampling = device.sampling;
    sqlx::query(ASSIGN)
        .bind(&device.address)
        .bind(i64::from(device.low_limit_percent))
        .bind(device.slot)
        .bind(sampling.map(|sampling| sampling.mode == SamplingMode::Continuous))
        .bind(sampling.map(|sampling| i64::from(sampling.window_seconds)))
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds it again. Of another limit it is of before an earlier bridge has written the list, and counts no more.
async fn assigned(
    connection: &mut SqliteConnection,
    device: &mut EnrolledDevice,
) -> Result<(), SpoolError> {
    let row = sqlx::query(ASSIGNED)
        .bind(&device.address)
        .bind(i64::from(device.low_limit_percent))
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let is_continuous: Option<bool> = row.try_get("is_continuous")?;
    let window: Option<i64> = row.try_get("window_seconds")?;
    device.slot = row.try_get::<Option<Uuid>, _>("slot")?;
    device.sampling = is_continuous
        .zip(window)
        .map(|(is_continuous, window)| SamplingItem {
            mode: if is_continuous {
                SamplingMode::Continuous
            } else {
                SamplingMode::Spot
            },
            window_seconds: u16::try_from(window).unwrap_or(u16::MAX),
        });
    Ok(())
}
