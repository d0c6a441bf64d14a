//! The real `wardlight`, as a process that can be killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ward_server::Config;
use ward_store::Database;
use ward_tests::TestDatabase;
use ward_tests::http::{client, try_ask};

const START_LIMIT: Duration = Duration::from_secs(20);

/// A folder with a configuration, and the program that runs on it.
pub struct Program {
    folder: tempfile::TempDir,
    running: Option<Child>,
    /// Where it listens, the same after every start.
    pub address: SocketAddr,
}

/// Beside the tests, where `cargo build` puts it.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let beside = test.parent().and_then(Path::parent).unwrap();
    let binary = beside.join("wardlight");
    assert!(
        binary.is_file(),
        "{} is not there: build it with `cargo build -p ward-server`, or run `cargo xtask test`",
        binary.display()
    );
    binary
}

/// An address that nobody has at the moment.
fn free_address() -> SocketAddr {
    let probe = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    probe.local_addr().unwrap()
}

impl Program {
    /// Writes a configuration for a database.
    pub fn on(database: &TestDatabase) -> Self {
        let url = match &database.database {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres(url) => url.clone(),
        };
        let address = free_address();
        let text = format!(
            "listen = \"{address}\"\n[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire Hospitals\"\n\
             [database]\nurl = \"{url}\"\n[http]\nsecure = false\nbatches_per_second = 100000\n[log]\nformat = \"json\"\n"
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("wardlight.toml"), text).unwrap();
        Self {
            folder,
            running: None,
            address,
        }
    }

    /// The configuration that it runs on.
    pub fn configuration(&self) -> Config {
        Config::load(&self.folder.path().join("wardlight.toml")).unwrap()
    }

    /// Starts it and waits until it is ready; how long that took.
    pub async fn start(&mut self) -> Duration {
        let started = Instant::now();
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let child = Command::new(binary())
            .arg("--config")
            .arg(self.folder.path().join("wardlight.toml"))
            .arg("serve")
            .env_clear()
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        let child = self.running.insert(child.unwrap());
        let (http, ready) = (client(), format!("http://{}/readyz", self.address));
        loop {
            if let Ok(reply) = try_ask(http.get(&ready)).await
                && reply.status.is_success()
            {
                return started.elapsed();
            }
            let ended = child.try_wait().unwrap();
            assert!(
                ended.is_none() && started.elapsed() < START_LIMIT,
                "it did not start ({ended:?}): {}",
                std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kills it without a word, `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
