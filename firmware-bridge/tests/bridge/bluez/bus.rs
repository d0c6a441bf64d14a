//! A private message bus.

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
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .arg("--address=unix:tmpdir=/tmp")
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
