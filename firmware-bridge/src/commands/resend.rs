//! `resend`: after a restore of the service.

use jiff::Timestamp;

use crate::clock::Clock;
use crate::config::Config;
use crate::spool::Spool;

/// Lets what was confirmed since `since` wait again. It does no harm to the service, which knows repeats.
///
/// # Errors
/// When the spool cannot be used, for example because the bridge runs.
pub async fn resend(config: &Config, since: Timestamp) -> anyhow::Result<()> {
    let (spool, _) = Spool::open(&config.spool.file, Clock::of_this_machine()).await?;
    let count = spool.send_again(since).await?;
    spool.close().await;
    println!("{count} readings wait again; they are sent when the bridge is started");
    Ok(())
}
