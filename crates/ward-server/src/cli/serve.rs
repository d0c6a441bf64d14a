//! Running the service, and what comes before it.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use ward_server::{Config, Server, logs, open};
use ward_service::Clock;
use ward_store::Database;

/// For a sign of life from the database, and never more than a quarter of the supervisor's interval.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

pub async fn serve(config: Config) -> anyhow::Result<()> {
    logs::start(&config)?;
    let tls = config.tls.is_some();
    let mut server = Server::start(config, Clock::system()).await?;
    let scheme = if tls { "https" } else { "http" };
    tracing::info!(address = %format!("{scheme}://{}", server.address()), version = env!("CARGO_PKG_VERSION"), "serving; not for clinical use");
    let _ = sd_notify::notify(&[NotifyState::Ready]);
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let watchdog = watch(server.wards().clone());
    let broken = tokio::select! {
        _ = terminate.recv() => false,
        _ = interrupt.recv() => false,
        () = server.broken() => true,
        () = watchdog => true,
    };
    tracing::info!("stopping: no new requests, those under way finish");
    let _ = sd_notify::notify(&[NotifyState::Stopping]);
    server.stop().await;
    if broken {
        anyhow::bail!("a part of the service ended unexpectedly: start it anew");
    }
    Ok(())
}

/// Tells the supervisor twice in its interval that the service still runs. Without a supervisor it waits for ever.
async fn watch(wards: ward_service::Wards) {
    let Some(interval) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    let mut ticks = tokio::time::interval((interval / 2).max(Duration::from_millis(100)));
    loop {
        ticks.tick().await;
        // A database that is away is no reason to be killed: consoles say so, bridges keep what they have. Nor is one
        // that has fallen silent, so its answer is not waited for long.
        let patience = ANSWER_WITHIN.min(interval / 4);
        let answer = tokio::time::timeout(patience, wards.store().ping()).await;
        if !matches!(answer, Ok(Ok(()))) {
            tracing::warn!("the database does not answer");
        }
        let _ = sd_notify::notify(&[NotifyState::Watchdog]);
    }
}

pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    logs::start(config)?;
    let wards = open(config, Clock::system(), true).await?;
    wards.store().close().await;
    println!("The tables are up to date.");
    Ok(())
}

pub async fn check(file: &Path, config: &Config) -> anyhow::Result<()> {
    println!("{} is a configuration.", file.display());
    println!(
        "Organisation: {} ({})",
        config.organisation.name, config.organisation.ods_code
    );
    println!(
        "Listens at {}{}",
        config.listen,
        if config.tls.is_some() {
            ", with TLS"
        } else {
            ""
        }
    );
    if let Some(files) = &config.tls {
        ward_server::check_tls(files)?;
        println!("Certificate and key can be read and belong together.");
    }
    match &config.messages.webhook {
        Some(webhook) => println!(
            "Messages to patients: by webhook to {}",
            webhook.url.host_str().unwrap_or_default()
        ),
        None => println!("Messages to patients: to the log alone; nobody gets them"),
    }
    ward_server::carriers(&config.channels, &Clock::system())?;
    for line in config.channels.in_words() {
        println!("{line}");
    }
    match &config.paper {
        Some(paper) => {
            let folder = paper.folder.display();
            paper
                .try_out()
                .with_context(|| format!("no paper can be written to {folder}"))?;
            println!(
                "Paper fallback: every hour to {folder}, kept for {} hours",
                paper.keep.as_secs() / 3600
            );
        }
        None => println!(
            "Warning: no paper fallback; when the service is away nobody has the list. Set paper.folder"
        ),
    }
    match &config.self_test {
        Some(test) => {
            println!("Self-test: every minute, as node {}", test.node);
            match &test.dead_man {
                Some(url) => println!(
                    "Each time that it comes through, {} is told",
                    url.host_str().unwrap_or_default()
                ),
                None => println!(
                    "Warning: nobody outside is told that alerts still come through; when this machine is away nobody is called. \
                     Set self_test.dead_man_url"
                ),
            }
        }
        None => println!(
            "Warning: no self-test; an alert that does not come through is noticed when a patient needs it. Set self_test.on"
        ),
    }
    match &config.database {
        Database::Sqlite(path) => println!("Database: SQLite in {}", path.display()),
        Database::Postgres(_) => println!("Database: PostgreSQL"),
    }
    let exists = match &config.database {
        Database::Sqlite(path) => path.exists(),
        Database::Postgres(_) => true,
    };
    if !exists {
        println!(
            "The database file is not there yet: `wardlight migrate` or `wardlight serve` makes it."
        );
        return Ok(());
    }
    let wards = open(config, Clock::system(), false).await?;
    println!(
        "The database answers and fits this program; wards: {}.",
        wards.all_wards().await?.len()
    );
    Ok(())
}
