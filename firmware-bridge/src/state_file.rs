//! How the running bridge is, in a small file: what `wardlight-bridge status` says to the person in the room.
//!
//! A file and no socket: it can be read also when the bridge is dead, and says since when. It lies on a memory disk (the
//! package puts it in `/run/wardlight-bridge`), so that a full or failing card cannot make it lie and it wears none out,
//! and anybody on the box may read it: it holds no name, no value, and of an oximeter the end of its address.
//!
//! Its age is told by the steady clock and the boot id. A wall clock that jumps makes no living bridge dead, and a file
//! that was left from before a restart of the box is never taken for a sign of life.

mod keep;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::line::LineState;

pub use keep::{Facts, Keeper};

/// How often it is written.
pub const EVERY: Duration = Duration::from_secs(10);
/// A bridge whose file is older does not work: it is dead, or hangs. Six writes were missed.
pub const SILENT_AFTER: Duration = Duration::from_secs(60);
/// The service is asked at least every minute: after so long without an answer the bridge is not connected.
pub const UNCONNECTED_AFTER: Duration = Duration::from_secs(150);

/// The layout that this version writes. What is added later is passed over by an earlier reader.
const LAYOUT: u32 = 1;
/// Oximeters in it at most.
const OXIMETERS_LIMIT: usize = 64;
/// Bytes in it at most; it has a few thousand.
const BYTES_LIMIT: u64 = 64 * 1024;

/// How the bridge was when it wrote this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    layout: u32,
    /// Of the program.
    pub version: String,
    /// When it was written.
    pub written: Moment,
    /// Since when this process runs.
    pub started: Moment,
    /// Present when the process has ended.
    pub ended: Option<Ended>,
    /// The line to the service.
    pub line: LineState,
    /// Whether the Bluetooth works; `None` before anybody has tried.
    pub bluetooth_works: Option<bool>,
    /// Readings that the service has not confirmed; `None` when the spool does not answer.
    pub waiting: Option<u64>,
    /// When the newest reading with a value was measured.
    pub last_reading: Option<Moment>,
    /// How many oximeters the ward has assigned to this bridge.
    pub assigned: usize,
    /// Those that were heard since the start.
    pub oximeters: Vec<Oximeter>,
}

/// How the process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What was in the way, as in the log; `None` when somebody stopped it.
    pub why: Option<String>,
}

/// An oximeter that was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oximeter {
    /// The last two bytes of its address.
    pub tail: String,
    /// When it was last heard.
    pub heard: Moment,
    /// What is left in its battery, when it has said so.
    pub battery_percent: Option<u8>,
}

impl State {
    /// A bridge that has just started and knows nothing yet but what it remembers of the line.
    #[must_use]
    pub fn new(now: Moment, line: LineState) -> Self {
        Self {
            layout: LAYOUT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            written: now,
            started: now,
            ended: None,
            line,
            bluetooth_works: None,
            waiting: None,
            last_reading: None,
            assigned: 0,
            oximeters: Vec::new(),
        }
    }

    /// Puts it in the place of what was there, whole. Not synced: it is worth nothing after a power cut.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec(self)?;
        let new = file.with_extension("new");
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut open = File::create(&new)?;
        // The unit's umask keeps all else private; this one is for whoever is in the room.
        #[cfg(unix)]
        open.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        open.write_all(&bytes)?;
        fs::rename(&new, file)
    }

    /// Reads it; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood, in words.
    pub fn read(file: &Path) -> Result<Option<Self>, String> {
        let open = match File::open(file) {
            Ok(open) => open,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(format!("cannot read {}: {why}", file.display())),
        };
        let mut text = String::new();
        open.take(BYTES_LIMIT)
            .read_to_string(&mut text)
            .map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        let state: Self = serde_json::from_str(&text)
            .map_err(|why| format!("{} is not understood: {why}", file.display()))?;
        if state.layout > LAYOUT {
            return Err(format!(
                "{} was written by a later wardlight-bridge, {}: use that one",
                file.display(),
                state.version
            ));
        }
        Ok(Some(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn what_was_written_is_read_by_anybody_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run/state.json");
        assert_eq!(State::read(&file), Ok(None));
        let now = Clock::of_this_machine().moment();
        let mut state = State::new(now, LineState::default());
        state.write(&file).unwrap();
        state.waiting = Some(3);
        state.write(&file).unwrap();
        assert_eq!(State::read(&file), Ok(Some(state)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o644);
        }
    }

    #[test]
    fn what_a_later_version_adds_is_passed_over_and_a_later_layout_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.json");
        let now = Clock::of_this_machine().moment();
        let state = State::new(now, LineState::default());
        let mut value = serde_json::to_value(&state).unwrap();
        value["weather"] = "fine".into();
        fs::write(&file, value.to_string()).unwrap();
        assert_eq!(State::read(&file), Ok(Some(state)));
        value["layout"] = 2.into();
        fs::write(&file, value.to_string()).unwrap();
        assert!(State::read(&file).unwrap_err().contains("later"));
        fs::write(&file, "{").unwrap();
        assert!(State::read(&file).unwrap_err().contains("not understood"));
    }
}
