//! `doctor`: everything that a bridge needs, one line each, with what to do.
//!
//! It looks and changes nothing: it takes no lock, stops no scan, and is as welcome beside a running bridge as before the
//! first start. Every check has its own limit, so that it ends whatever hangs.

#[cfg(target_os = "linux")]
mod bluetooth;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod system;

mod files;
mod finding;
mod rfkill;
mod service;
mod spool;

use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::oneshot;

use super::status;
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::Place;
use crate::state_file::State;
use finding::{Finding, Report};

/// For whatever asks the disk, the bus, a program or the service. Shorter in tests.
const LIMIT: Duration = Duration::from_secs(10);

/// Looks at everything and says it. True when nothing is WRONG.
///
/// # Errors
/// When nobody takes what is said.
pub async fn doctor(file: &Path, json: bool) -> anyhow::Result<bool> {
    let (config, first) = match Config::load(file) {
        Ok(config) => {
            let said = format!("{} is understood", file.display());
            (Some(config), Finding::ok("configuration", said))
        }
        Err(why) => {
            let wrong = Finding::wrong("configuration", why.to_string(), "correct the file");
            (None, wrong)
        }
    };
    let mut findings = vec![first];
    let Some(config) = config else {
        findings.extend(machine(None, LIMIT).await);
        return Report::new(findings).say(json);
    };
    let limit = Clock::of_this_machine()
        .sped_up(config.time_factor)
        .shortened(LIMIT);
    let (files, machine, service) = tokio::join!(
        disk(&config, limit),
        machine(config.radio.adapter.as_deref(), limit),
        service::reach(&config.service, limit),
    );
    findings.extend(files);
    findings.extend(machine);
    findings.extend(service);
    findings.push(running(&config));
    Report::new(findings).say(json)
}

async fn disk(config: &Config, limit: Duration) -> Vec<Finding> {
    let (folder, service) = (config.data_dir.clone(), config.service.clone());
    let limit_bytes = config.spool.limit_bytes;
    let looked = off_thread(move || {
        let mut findings = files::folder(&folder, limit_bytes);
        findings.push(files::enrolled(&Place::of(&service), &service.token_file));
        findings
    });
    let mut findings = limited("data folder", limit, looked).await;
    findings.extend(limited("spool", limit, spool::look(&config.spool.file)).await);
    findings
}

/// What has nothing to do with the configuration but the adapter's name.
async fn machine(adapter: Option<&str>, limit: Duration) -> Vec<Finding> {
    #[cfg(target_os = "linux")]
    {
        bus::look(adapter, limit).await
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (adapter, limit);
        vec![Finding::ok(
            "Bluetooth",
            "not looked at: on this system the bridge is for development only",
        )]
    }
}

/// What `status` says.
fn running(config: &Config) -> Finding {
    const CHECK: &str = "running bridge";
    let state = match State::read(&config.state_file) {
        Ok(state) => state,
        Err(why) => return Finding::warning(CHECK, why, "see state_file of the configuration"),
    };
    let clock = Clock::of_this_machine();
    let (well, said) = status::in_words(
        state.as_ref(),
        clock.moment(),
        clock.sped_up(config.time_factor),
        TimeZone::system(),
    );
    if well {
        Finding::ok(CHECK, said)
    } else {
        let advice = "see the lines above; its log: journalctl -u wardlight-bridge -n 50";
        Finding::warning(CHECK, said, advice)
    }
}

/// What takes longer than `limit` hangs.
async fn limited(
    check: &'static str,
    limit: Duration,
    looking: impl Future<Output = Vec<Finding>>,
) -> Vec<Finding> {
    let hangs = |_| {
        let said = format!("no answer within {} seconds", limit.as_secs());
        vec![Finding::wrong(
            check,
            said,
            "see `dmesg`; restart this machine",
        )]
    };
    tokio::time::timeout(limit, looking)
        .await
        .unwrap_or_else(hangs)
}

/// On a thread of its own, that nobody waits for: a disk that hangs cannot be asked to stop.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || sender.send(work()).ok());
    match receiver.await {
        Ok(done) => done,
        // It has panicked: nothing will come.
        Err(_) => std::future::pending().await,
    }
}
