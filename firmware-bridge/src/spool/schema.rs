//! The tables of the spool, and what later versions have added to them.

use sqlx::{Row, SqliteConnection, SqlitePool};
use uuid::{Uuid, uuid};

use super::SpoolError;
use crate::clock::Steady;

/// "WLsp": says in the file's header whose it is.
pub(super) const APPLICATION_ID: i64 = 0x574C_7370;
/// The layout that this version writes.
pub(super) const LAYOUT: i64 = 1;

/// `state`: 0 waiting, 1 confirmed by the service, 2 refused by it. `boot` and `steady_ms` are the steady clock's moment
/// of measuring; null when the device only told its own time. `routine` may be thinned when the disk is full.
const TABLES: &str = "
create table reading (
    seq integer primary key autoincrement,
    id blob not null unique check (length(id) = 16),
    device text not null,
    boot blob check (length(boot) = 16),
    steady_ms integer,
    routine integer not null check (routine in (0, 1)),
    item text not null,
    state integer not null default 0 check (state in (0, 1, 2)),
    answer text,
    settled_at_ms integer
) strict;
create index reading_by_state on reading (state, device, seq);
create table device (address text primary key, low_limit_percent integer not null) strict;
pragma application_id = 1464628080;
pragma user_version = 1;
";

/// What came later. An earlier bridge passes it over, so that going back stays possible.
const ADDED: &str = "
create table if not exists note (name text primary key, said text not null) strict;
create table if not exists session (
    device text primary key,
    number integer not null,
    device_seconds integer not null,
    is_set integer not null check (is_set in (0, 1))
) strict;
create table if not exists assigned (
    address text primary key,
    low_limit_percent integer not null,
    slot blob check (length(slot) = 16),
    is_continuous integer check (is_continuous in (0, 1)),
    window_seconds integer
) strict;
create index if not exists reading_waiting on reading (device, routine, seq) where state = 0;
";

const HAS_SEAL: &str = "select count(*) from pragma_table_info('reading') where name = 'seal'";

/// `seal` is a digest of what the row says: a bit that has fallen over must not make a 97 of an 87. `settled_boot` and
/// `settled_steady_ms` tell when the service answered by the steady clock, as `settled_at_ms` does by the wall clock.
const COLUMNS: &str = "
alter table reading add column seal blob;
alter table reading add column settled_boot blob;
alter table reading add column settled_steady_ms integer;
";

/// The space of seals. Never change it.
const SEAL: Uuid = uuid!("c1b4a6b0-52b4-5f0e-9a7e-6d2a1f0c8e35");

/// A new spool, whole or not at all.
pub(super) async fn create(pool: &SqlitePool) -> Result<(), SpoolError> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(TABLES).execute(&mut *transaction).await?;
    sqlx::raw_sql(ADDED).execute(&mut *transaction).await?;
    sqlx::raw_sql(COLUMNS).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// What an earlier version's spool lacks.
pub(super) async fn add(pool: &SqlitePool) -> Result<(), SpoolError> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(ADDED).execute(&mut *transaction).await?;
    if !has_seal(&mut transaction).await? {
        sqlx::raw_sql(COLUMNS).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

pub(super) async fn has_seal(connection: &mut SqliteConnection) -> Result<bool, SpoolError> {
    let row = sqlx::query(HAS_SEAL).fetch_one(connection).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Over all that is sent of a reading, and over its moment and its rank.
pub(super) fn seal(
    id: Uuid,
    device: &str,
    measured: Option<Steady>,
    routine: bool,
    item: &str,
) -> Uuid {
    let (boot, ms) = measured.map_or((Uuid::nil(), 0), |steady| (steady.boot, steady.ms_signed()));
    let said = format!("{id}|{device}|{boot}|{ms}|{routine}|{item}");
    Uuid::new_v5(&SEAL, said.as_bytes())
}
