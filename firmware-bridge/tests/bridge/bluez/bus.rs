//! A private message bus.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Ends with this value.
pub(super) struct Bus {
    pub(super) address: String,
    daemon: Child,
}

impl Bus {
    pub(super) async fn start() -> Self {
        Self::run(&["--session", "--address=unix:tmpdir=/tmp"]).await
    }

    /// With rules of its own.
    pub(super) async fn with_config(file: &Path) -> Self {
        Self::run(&[&format!("--config-file={}", file.display())]).await
    }

    async fn run(arguments: &[&str]) -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs dbus-daemon: install the package dbus-daemon (apt-get install dbus-daemon)");
        let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines();
        let address = lines
            .next_line()
            .await
            .unwrap()
            .expect("the bus says its address");
        Self { address, daemon }
    }

    /// It dies without a word.
    pub(super) async fn kill(&mut self) {
        self.daemon.kill().await.unwrap();
    }
}
