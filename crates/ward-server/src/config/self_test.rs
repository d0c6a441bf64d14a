//! How a node tries the way of an alert, as it is written.

use std::net::SocketAddr;

use reqwest::Url;
use serde::Deserialize;

use super::ConfigError;
use crate::channel::is_loopback;
use crate::self_test::SelfTestOptions;

/// Characters of a node's name, which stands on boards, at most.
const NODE_AT_MOST: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SelfTestPart {
    on: bool,
    node: Option<String>,
    dead_man_url: Option<String>,
}

impl Default for SelfTestPart {
    fn default() -> Self {
        Self {
            on: true,
            node: None,
            dead_man_url: None,
        }
    }
}

impl SelfTestPart {
    pub(super) fn into_options(
        self,
        listen: SocketAddr,
    ) -> Result<Option<SelfTestOptions>, ConfigError> {
        let dead_man = self.dead_man_url.map(|url| address(&url)).transpose()?;
        if !self.on {
            return Ok(None);
        }
        let node = match self.node {
            Some(node) => node,
            // Two services on one machine listen at two ports.
            None => format!("{}:{}", host_name(), listen.port()),
        };
        let fits = (1..=NODE_AT_MOST).contains(&node.chars().count())
            && node.chars().all(|letter| letter.is_ascii_graphic());
        if !fits {
            return Err(ConfigError::Value {
                key: "self_test.node",
                why: format!(
                    "write 1 to {NODE_AT_MOST} letters, digits and signs, without spaces, another for each node"
                ),
            });
        }
        Ok(Some(SelfTestOptions::of(node, dead_man)))
    }
}

/// Asked of the kernel itself: under the unit there is no `/proc/sys`.
fn host_name() -> String {
    let machine = rustix::system::uname();
    let name = machine.nodename().to_string_lossy();
    if name.is_empty() || name == "(none)" {
        "node".to_owned()
    } else {
        name.into_owned()
    }
}

/// The address itself is not repeated: whoever knows it can keep the alarm quiet.
fn address(text: &str) -> Result<Url, ConfigError> {
    let wrong = || ConfigError::Value {
        key: "self_test.dead_man_url",
        why: "write https://…, or http:// on this machine".to_owned(),
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<SelfTestOptions>, String> {
        let part: SelfTestPart = toml::from_str(text).map_err(|error| error.to_string())?;
        part.into_options(SocketAddr::from(([127, 0, 0, 1], 8081)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_said_is_every_minute_under_the_machines_name_and_port() {
        let options = parse("").unwrap().unwrap();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(options.node, format!("{}:8081", host.trim()));
        assert_eq!((options.every.as_secs(), options.dead_man), (60, None));
        assert_eq!(parse("on = false").unwrap(), None);
    }

    #[test]
    fn the_dead_mans_address_is_reached_by_https_or_on_this_machine_and_no_error_says_it() {
        for (url, good) in [
            ("https://hc.example/2f9c", true),
            ("http://127.0.0.1:9/2f9c", true),
            ("http://hc.example/2f9c", false),
            ("2f9c", false),
        ] {
            let parsed = parse(&format!("dead_man_url = \"{url}\""));
            assert_eq!(parsed.is_ok(), good, "{url}: {parsed:?}");
            let why = parsed.err().unwrap_or_default();
            assert!(!why.contains("2f9c"), "{why}");
        }
    }

    #[test]
    fn a_name_that_no_board_can_say_is_refused() {
        for node in ["", "ward server", &"x".repeat(65)] {
            let why = parse(&format!("node = \"{node}\"")).unwrap_err();
            assert!(why.contains("self_test.node"), "{why}");
        }
    }
}
