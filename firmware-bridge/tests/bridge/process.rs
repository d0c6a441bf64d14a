//! The real program as a child process.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::door::{SEED, key_file};
use crate::support::{PATIENCE, eventually};

/// A `wardlight-bridge` that runs. It is killed with this value.
pub struct Bridge {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    reader: JoinHandle<()>,
}

/// Writes a configuration for the service at `url`, with `more` behind it.
pub fn configure(folder: &Path, url: &str, more: &str) -> PathBuf {
    let file = folder.join("bridge.toml");
    let data = folder.join("data");
    let text = format!(
        "data_dir = {data:?}\n{more}\n[service]\nurl = {url:?}\nrefresh_devices_seconds = 1\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// As after `enrol`.
pub fn enrolled(folder: &Path) {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("key"), key_file(&SEED, "2099-01-01T00:00:00Z")).unwrap();
}

pub fn command(subcommand: &str, config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wardlight-bridge"));
    command.args([subcommand, "--config"]).arg(config);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Bridge {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&log);
        let reader = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                println!("{line}"); // shown when the test fails
                book.lock().unwrap().push(line);
            }
        });
        Self { child, log, reader }
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log says it.
    pub async fn says(&self, what: &str) {
        eventually(&format!("the bridge says \"{what}\""), async || {
            self.log()
                .iter()
                .any(|line| line.contains(what))
                .then_some(())
        })
        .await;
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Waits for its end and gives all that it has said.
    pub async fn end(mut self) -> (ExitStatus, Vec<String>) {
        let status = tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .expect("the bridge ends")
            .unwrap();
        self.reader.await.unwrap();
        let log = self.log.lock().unwrap().clone();
        (status, log)
    }

    pub async fn terminate(self) -> (ExitStatus, Vec<String>) {
        self.signal(rustix::process::Signal::TERM);
        self.end().await
    }
}
