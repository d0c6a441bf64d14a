//! Backup and restore of the embedded database.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use uuid::Uuid;
use ward_server::{Config, FolderLock, open};
use ward_service::{Clock, Wards};
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
    anyhow::ensure!(
        !to.exists(),
        "{} is there already: choose another name, a backup is never written over",
        to.display()
    );
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
    start_epoch(&wards).await?;
    println!(
        "{} readings and {} events are in place.",
        report.readings, report.events
    );
    if aside.exists() {
        println!("What was there before is kept as {}.", aside.display());
    }
    println!(
        "Start the service. Bridges see that it was restored, and send again by themselves what came after the backup, as far as it \
         was confirmed within the last 72 hours. A bridge of an earlier version has to be told: see deploy/RUNBOOK.md."
    );
    Ok(())
}

/// PostgreSQL is restored with its own tools, which know nothing of epochs.
pub async fn new_epoch(config: &Config) -> anyhow::Result<()> {
    let wards = open(config, Clock::system(), false).await?;
    start_epoch(&wards).await?;
    println!(
        "A new epoch has begun: every console takes its board again, and every bridge sends again what it holds."
    );
    Ok(())
}

/// Numbers on the log may now be given anew.
async fn start_epoch(wards: &Wards) -> anyhow::Result<()> {
    wards.store().set_epoch(Uuid::new_v4()).await?;
    wards.store().close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn epoch(config: &Config) -> Uuid {
        let wards = open(config, Clock::system(), true).await.unwrap();
        let epoch = wards.store().epoch().await.unwrap();
        wards.store().close().await;
        epoch
    }

    fn config(folder: &Path) -> Config {
        let text = "[organisation]\nods_code = \"RXR\"\nname = \"A trust\"\n[database]\nurl = \"sqlite:ward.db\"\n";
        Config::parse(&folder.join("wardlight.toml"), text, std::iter::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_new_epoch_is_another_one_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let before = epoch(&config).await;
        new_epoch(&config).await.unwrap();
        let after = epoch(&config).await;
        assert_ne!(after, before);
        assert_eq!(epoch(&config).await, after);
    }

    #[tokio::test]
    async fn a_backup_is_never_written_over_and_a_restore_begins_an_epoch() {
        let folder = tempfile::tempdir().unwrap();
        let (config, copy) = (config(folder.path()), folder.path().join("ward.backup"));
        let before = epoch(&config).await;
        backup(&config, &copy).await.unwrap();
        let refused = backup(&config, &copy).await.unwrap_err().to_string();
        assert!(refused.contains("choose another name"), "{refused}");
        restore(&config, &copy).await.unwrap();
        assert_ne!(epoch(&config).await, before);
    }
}
