//! Logs for the night shift: fields, no identities, to standard error.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{Config, LogFormat};

/// Every connection that goes back to the pool is rolled back to be sure, and PostgreSQL remarks each time that there was
/// nothing to roll back. Named in the configuration it is logged all the same.
const NOTICES: &str = "sqlx::postgres::notice=error";

/// Starts logging. A second call in one process does nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(format!("{NOTICES},{}", config.log_filter))
        .map_err(|why| anyhow::anyhow!("log.filter: {why}"))?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}
