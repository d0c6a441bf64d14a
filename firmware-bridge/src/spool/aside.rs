//! A damaged spool goes aside, in steps that a power cut may come between.
//!
//! What is going on is written down first, beside the spool, and stays until what could be read is in the new one. The
//! log goes before the file that it belongs to: whatever is still under the old name is the damaged spool as long as the
//! new name is not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// The end of the name of the file that says what is going on.
const UNDER_WAY: &str = ".setting-aside";

/// Where a damaged spool goes, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Aside {
    /// Its new name.
    pub(super) to: PathBuf,
    /// What SQLite said.
    pub(super) why: String,
}

/// Moves the file, and what SQLite keeps beside it, to a name that says when.
pub(super) fn begin(file: &Path, why: &str, clock: &Clock) -> io::Result<Aside> {
    let when = clock.wall().strftime("%Y%m%dT%H%M%SZ").to_string();
    let named = |copy: u32| match copy {
        0 => beside(file, &format!(".damaged-{when}")),
        copy => beside(file, &format!(".damaged-{when}-{copy}")),
    };
    let to = (0..u32::MAX)
        .map(named)
        .find(|name| !name.exists())
        .unwrap_or_else(|| named(0));
    let aside = Aside {
        to,
        why: why.to_owned(),
    };
    let under_way = beside(file, UNDER_WAY);
    let draft = beside(file, ".setting-aside-draft");
    let mut written = File::create(&draft)?;
    written.write_all(&serde_json::to_vec(&aside)?)?;
    written.sync_all()?;
    fs::rename(&draft, &under_way)?;
    sync_folder(file)?;
    proceed(file, &aside.to)?;
    Ok(aside)
}

/// Goes on where a power cut came between.
pub(super) fn resume(file: &Path) -> io::Result<Option<Aside>> {
    let text = match fs::read(beside(file, UNDER_WAY)) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text?,
    };
    match serde_json::from_slice::<Aside>(&text) {
        Ok(aside) => {
            proceed(file, &aside.to)?;
            Ok(Some(aside))
        }
        Err(why) => {
            tracing::error!(%why, "what was being set aside cannot be read: see the files beside the spool");
            done(file)?;
            Ok(None)
        }
    }
}

/// What could be read is in the new spool.
pub(super) fn done(file: &Path) -> io::Result<()> {
    moved(fs::remove_file(beside(file, UNDER_WAY)))?;
    sync_folder(file)
}

/// What was created, renamed or removed in the spool's folder stays so.
pub(super) fn sync_folder(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn proceed(file: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        return Ok(());
    }
    for end in ["-shm", "-wal"] {
        moved(fs::rename(beside(file, end), beside(to, end)))?;
    }
    sync_folder(file)?;
    moved(fs::rename(file, to))?;
    sync_folder(file)
}

/// What is not there need not go.
fn moved(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
