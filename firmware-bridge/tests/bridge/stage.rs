//! A spool, an uplink, and a service that has bad days.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use firmware_bridge::client::Client;
use firmware_bridge::clock::Clock;
use firmware_bridge::config::Config;
use firmware_bridge::spool::Spool;
use firmware_bridge::uplink::{Patience, Uplink};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::door::TOKEN;
use crate::service::Service;
use crate::support::{eventually, open};

pub const ALICE: &str = "00:1C:05:00:00:01";
pub const BERTA: &str = "00:1C:05:00:00:02";

pub const HASTY: Patience = Patience {
    first: Duration::from_millis(20),
    longest: Duration::from_millis(60),
    unauthorised: Duration::from_millis(50),
    idle: Duration::from_secs(3600),
};

pub struct Stage {
    pub folder: TempDir,
    pub spool: Spool,
    pub service: Service,
    pub stop: CancellationToken,
}

impl Stage {
    pub async fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap()).await
    }

    pub async fn in_folder(folder: TempDir) -> Self {
        std::fs::write(folder.path().join("token"), TOKEN).unwrap();
        Self {
            spool: open(folder.path()).await,
            service: Service::start().await,
            stop: CancellationToken::new(),
            folder,
        }
    }

    pub fn start(&self) {
        start(
            self.folder.path(),
            &self.service.url,
            &self.spool,
            &self.stop,
        );
    }

    pub fn start_with(&self, patience: Patience) {
        let folder = self.folder.path();
        start_with(patience, folder, &self.service.url, &self.spool, &self.stop);
    }

    pub async fn all_confirmed(&self) {
        eventually("everything is confirmed", async || {
            (self.spool.waiting().await.unwrap() == 0).then_some(())
        })
        .await;
    }

    pub fn stored(&self) -> Vec<Uuid> {
        self.service.readings().iter().map(|item| item.id).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn start(folder: &Path, url: &str, spool: &Spool, stop: &CancellationToken) {
    start_with(HASTY, folder, url, spool, stop);
}

/// Ten minutes, in a test that does not wait for them.
const SELDOM: Duration = Duration::from_secs(3600);

pub fn start_with(
    patience: Patience,
    folder: &Path,
    url: &str,
    spool: &Spool,
    stop: &CancellationToken,
) {
    start_trying(SELDOM, patience, folder, url, spool, stop);
}

pub fn start_trying(
    refused_again: Duration,
    patience: Patience,
    folder: &Path,
    url: &str,
    spool: &Spool,
    stop: &CancellationToken,
) {
    let text = format!("data_dir = {folder:?}\n[service]\nurl = \"{url}\"\n");
    let config = Config::parse(Path::new("test"), &text, []).unwrap();
    let client = Arc::new(Client::new(&config.service).unwrap());
    let uplink = Uplink::new(spool.clone(), client, Clock::of_this_machine(), patience)
        .trying_refused_every(refused_again);
    tokio::spawn(uplink.run(stop.clone()));
}
