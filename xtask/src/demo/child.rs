//! A program of the demo: its output in a file, its end never overlooked.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;

/// Lines of its log that are shown when a program ends by itself.
const TAIL: usize = 20;

/// Ends its program when it goes, by that program's own number.
pub struct Running {
    name: String,
    log: PathBuf,
    child: Child,
}

impl Running {
    pub fn start(name: &str, mut command: Command, folder: &Path) -> Result<Running> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        // A group of its own: the terminal's Ctrl-C is for us, and we ask in the right order.
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        Ok(Running {
            name: name.to_owned(),
            log,
            child,
        })
    }

    /// An error, with its last words, once it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!(
                "the {} ended by itself ({status}); its last words:\n{}",
                self.name,
                tail(&self.log)
            ),
        }
    }

    /// Asks, waits, and insists.
    pub fn end(mut self, grace: Duration) -> Result<()> {
        process::end(&mut self.child, "TERM", grace)?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = process::end(&mut self.child, "TERM", super::GRACE) {
            eprintln!(
                "warning: the {} (process {}) could not be ended: {error:#}",
                self.name,
                self.child.id()
            );
        }
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.len().saturating_sub(TAIL);
    lines.get(last..).unwrap_or_default().join("\n")
}
