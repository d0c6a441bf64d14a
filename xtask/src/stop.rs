//! Being told to stop, with the standard library alone.
//!
//! A Rust program without a signal library dies of Ctrl-C where it stands, and what it started lives on. So a command that
//! starts servers runs itself again under a five-line shell: the shell takes the signals and turns them into a file, the
//! inner process looks for that file and tidies up like anybody who has finished, and the shell waits for it. If the
//! shell itself is killed, the inner process sees that its parent has changed.

use std::env;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace;

const FILE: &str = "WARDLIGHT_XTASK_STOP_FILE";
const PARENT: &str = "WARDLIGHT_XTASK_PARENT";

/// `set -m` gives the inner process a group of its own, so that the terminal's Ctrl-C reaches only the shell, and leaves
/// its signals at their defaults; `set +m` keeps bash from announcing its end below the last line. `wait` comes back early
/// at a signal, hence the loop.
const SHELL: &str = r#"
export WARDLIGHT_XTASK_PARENT=$$
trap ': > "$WARDLIGHT_XTASK_STOP_FILE"' INT TERM HUP
set -m
"$0" "$@" < /dev/null &
inner=$!
set +m
while :; do
  wait "$inner"; code=$?
  kill -0 "$inner" 2> /dev/null || break
  sleep 0.2
done
rm -f "$WARDLIGHT_XTASK_STOP_FILE"
exit "$code"
"#;

/// Knows whether somebody has asked this run to stop.
#[derive(Clone)]
pub struct Stop {
    file: PathBuf,
    parent: u32,
}

impl Stop {
    /// The first call replaces this process by the shell, which starts the same command again; there it returns.
    pub fn enter() -> Result<Stop> {
        let parent = env::var(PARENT).ok().and_then(|id| id.parse().ok());
        // A parent that is not ours means that the variables were inherited from another run.
        if let (Some(file), Some(parent)) = (env::var_os(FILE), parent)
            && parent == parent_id()
        {
            return Ok(Stop {
                file: file.into(),
                parent,
            });
        }
        let file = workspace::scratch()?.join(format!("stop-{}", std::process::id()));
        forget(&file)?;
        let error = Command::new("bash")
            .arg("-c")
            .arg(SHELL)
            .arg(env::current_exe()?)
            .args(env::args_os().skip(1))
            .env(FILE, &file)
            .exec();
        Err(error).context("cannot start bash, which looks after Ctrl-C")
    }

    /// True from the first Ctrl-C, SIGTERM or hang-up on, or once the process that waits for us is gone.
    pub fn asked(&self) -> bool {
        parent_id() != self.parent || self.file.exists()
    }

    /// Ends a chain of steps when somebody has asked for it.
    pub fn check(&self) -> Result<()> {
        ensure!(!self.asked(), "stopped on request");
        Ok(())
    }

    #[cfg(test)]
    pub fn for_test(file: PathBuf) -> Stop {
        Stop {
            file,
            parent: parent_id(),
        }
    }
}

/// A file left by an earlier process with the same number would stop this one at once.
fn forget(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("cannot clear an old stop file")
        }
        _ => Ok(()),
    }
}
