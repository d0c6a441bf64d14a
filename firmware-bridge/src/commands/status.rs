//! `status`: how this box is, for whoever stands before it.

mod letters;
mod words;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::clock::{Clock, Moment};
use crate::config::Config;
use crate::state_file::State;
use words::{Here, Words};

/// How often a watched page is looked at anew.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A screen whose size cannot be told.
const SCREEN: (usize, usize) = (80, 24);

/// How to show it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Show {
    /// Go on, and show what changes.
    pub watch: bool,
    /// In letters of blocks; when not said, on a Linux console.
    pub large: Option<bool>,
}

/// Says it. True when the bridge is connected and able to read oximeters.
///
/// # Errors
/// When the state file cannot be read, or nobody takes what is said.
pub async fn status(config: &Config, show: Show) -> anyhow::Result<bool> {
    let clock = Clock::of_this_machine();
    let limits = clock.clone().sped_up(config.time_factor);
    let is_terminal = io::stdout().is_terminal();
    let large = (show.large).unwrap_or_else(|| is_terminal && is_linux_console());
    let mut said = None;
    loop {
        let here = Here {
            now: clock.moment(),
            zone: TimeZone::system(),
            clock: limits.clone(),
        };
        let state = State::read(&config.state_file).map_err(anyhow::Error::msg)?;
        let words = here.words(state.as_ref());
        let page = if large { poster(&words) } else { text(&words) };
        if show.watch && is_terminal {
            // A page that stands still must not pass for one that is kept up to date.
            let now = here
                .now
                .at
                .to_zoned(here.zone.clone())
                .strftime("%H:%M:%S")
                .to_string();
            redraw(&page, &now)?;
        } else if said.as_ref() != Some(&page) {
            io::stdout().write_all(page.as_bytes())?;
            io::stdout().flush()?;
            said = Some(page);
        }
        if !show.watch {
            return Ok(words.well);
        }
        tokio::time::sleep(limits.shortened(LOOK_EVERY)).await;
    }
}

/// For `doctor`: whether all is well, and the sentences.
pub(super) fn in_words(
    state: Option<&State>,
    now: Moment,
    clock: Clock,
    zone: TimeZone,
) -> (bool, String) {
    let words = Here { now, zone, clock }.words(state);
    (words.well, words.sentences.join(" "))
}

fn text(words: &Words) -> String {
    let mut page = words.sentences.join(" ") + "\n";
    for line in &words.advice {
        let _ = writeln!(page, "-> {line}");
    }
    page
}

/// Large words; what to do stands under them in small ones, for who comes nearer.
fn poster(words: &Words) -> String {
    let (columns, rows) = screen();
    let room = rows.saturating_sub(words.advice.len() + 2);
    let mut page = letters::large(&words.large, columns, room).join("\n");
    page.push('\n');
    for line in &words.advice {
        let _ = writeln!(page, "{line}");
    }
    page
}

/// Overwrites line by line: a page that is cleared first would flicker.
fn redraw(page: &str, now: &str) -> io::Result<()> {
    let mut all = "\x1b[H".to_owned();
    for line in page.lines() {
        let _ = write!(all, "{line}\x1b[K\r\n");
    }
    let _ = write!(all, "{now}\x1b[K\x1b[J");
    let mut out = io::stdout().lock();
    out.write_all(all.as_bytes())?;
    out.flush()
}

fn is_linux_console() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "linux")
}

fn screen() -> (usize, usize) {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    size.filter(|size| size.ws_col > 0 && size.ws_row > 0)
        .map_or(SCREEN, |size| (size.ws_col.into(), size.ws_row.into()))
}
