//! The other ends of the channels that carry notices to staff: a mail server, a webhook's receiver, GOV.UK Notify, a push
//! service with its browsers. Each speaks the real protocol on loopback, is strict about it, keeps what it was told, and
//! can be told to fail as real ones do.

pub mod hook;
pub mod mail_text;
pub mod notify;
pub mod push;
pub mod served;
pub mod smtp;

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;
use ward_core::alert::Severity;
use ward_core::id::Seq;
use ward_core::message::Trouble;
use ward_core::time::minutes;
use ward_server::{Channels, Config};
use ward_service::carry::{Address, Carrier, Notice, Taken};

use crate::desk::EIGHT;

/// A notice as a ward sends it.
#[must_use]
pub fn notice(to: Address) -> Notice {
    Notice {
        id: Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0007),
        attempt: 1,
        to,
        ward_code: "PEN".to_owned(),
        alert: Some(Seq(4711)),
        severity: Severity::Red,
        level: 2,
        title: "Red alert PEN 4711 is not acknowledged".to_owned(),
        text: "Nobody has taken it for 5 minutes.\nLook at the board.".to_owned(),
        link: Some("https://ward.example.nhs.uk/wards/1/alerts/4711".to_owned()),
        expires_at: EIGHT.plus(minutes(60)),
    }
}

/// The channels of a configuration, as `wardlight.toml` would say it. Files are looked for in the folder.
#[must_use]
pub fn configured(folder: &Path, channels: &str) -> Channels {
    let text = format!(
        "[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire Hospitals\"\n\
         [database]\nurl = \"sqlite:ward.db\"\n{channels}"
    );
    Config::parse(&folder.join("wardlight.toml"), &text, std::iter::empty())
        .unwrap()
        .channels
}

/// Hands a notice over.
///
/// # Errors
/// Why it was not taken.
pub async fn send(carrier: &Carrier, notice: &Notice) -> Result<Taken, Trouble> {
    (carrier.send)(notice.clone()).await
}

/// The same once more.
#[must_use]
pub fn again(notice: &Notice) -> Notice {
    Notice {
        attempt: notice.attempt + 1,
        ..notice.clone()
    }
}

/// What somebody may be known by, in any of the ways in which a channel writes it.
///
/// # Panics
/// When one of the words is among what was heard: it says where.
pub fn assert_tells_of_nobody(heard: &[(&str, String)], words: &[&str]) {
    for (channel, text) in heard {
        assert!(!text.is_empty(), "{channel} heard nothing at all");
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for word in words {
            let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
            let tells = squeezed.to_lowercase().contains(&word.to_lowercase());
            assert!(!tells, "{channel} was told {word}");
        }
    }
}

/// Waits until something that another task does has come about.
///
/// # Panics
/// When it has not within ten seconds.
pub async fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within ten seconds: {what}");
}
