//! Backup and restore of the embedded database.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use uuid::Uuid;
use ward_server::{Config, FolderLock, open};
use ward_service::Clock;
use ward_store::Database;

fn file(config: &Config) -> anyhow::Result<&PathBuf> {
    match &config.database {
        Database::Sqlite(path) => Ok(path),
        Database::Postgres(_) => bail!(
            "PostgreSQL is backed up with its own tools, pg_basebackup and the write-ahead log: see deploy/RUNBOOK.md"
        ),
    }
}

pub async fn backup(config: &Config, to: &Path) -> anyhow::Result<()> {
    file(config)?;
    let wards = open(config, Clock::system(), false).await?;
    let report = wards.store().backup(to).await?;
    println!(
        "{}: {} readings, {} events; the copy was read back and is sound.",
        report.path.display(),
        report.readings,
        report.events
    );
    Ok(())
}

pub async fn restore(config: &Config, from: &Path) -> anyhow::Result<()> {
    let database = file(config)?;
    let _lock = FolderLock::take(database)?;
    let clock = Clock::system();
    let mut aside = database.as_os_str().to_owned();
    aside.push(format!(".before-restore-{}", clock.now().as_millis()));
    let aside = PathBuf::from(aside);
    let report = ward_store::restore_sqlite(from, database, &aside).await?;
    let wards = open(config, clock, true)
        .await
        .context("the backup is in place, but cannot be opened")?;
    // Numbers on the log may now be given anew: every console takes its board again.
    wards.store().set_epoch(Uuid::new_v4()).await?;
    wards.store().close().await;
    println!(
        "{} readings and {} events are in place.",
        report.readings, report.events
    );
    if aside.exists() {
        println!("What was there before is kept as {}.", aside.display());
    }
    println!(
        "Start the service. Bridges that still hold what came after the backup send it when asked to: see deploy/RUNBOOK.md."
    );
    Ok(())
}
