//! What the bridge is told: one TOML file, and environment variables over it.
//!
//! Everything is read, checked and turned into types before anything starts; a key that is not known is refused.

mod environment;
mod file;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use ward_oximeter::Family;
use ward_sim::Scenario;

use crate::address::Address;
use crate::radio::Dialect;

/// The bridge's configuration, ready for use.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the spool and the key.
    pub data_dir: PathBuf,
    /// Where the running bridge says how it is, for `wardlight-bridge status`.
    pub state_file: PathBuf,
    /// Where readings go.
    pub service: Service,
    /// How long and how much is kept.
    pub spool: Spool,
    /// The Bluetooth adapter.
    pub radio: Radio,
    /// Logs.
    pub log: Log,
    /// Virtual oximeters, for `simulate`.
    pub simulate: Vec<Simulated>,
    /// The steady clock goes so many times as fast: 1, but in the bridge's own tests.
    pub time_factor: u32,
}

/// The service that readings are posted to.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its address; ends with a slash.
    pub url: Url,
    /// Trust only the certificates of this file, in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// The file of the bridge's key.
    pub key_file: PathBuf,
    /// The file of the token of a bridge that was enrolled before there were keys.
    pub token_file: PathBuf,
    /// Limit for one request.
    pub timeout: Duration,
    /// How often the list of oximeters is asked for.
    pub refresh_devices: Duration,
}

/// The spool on disk.
#[derive(Clone, Debug)]
pub struct Spool {
    /// The database file.
    pub file: PathBuf,
    /// How long a reading is kept after the service has confirmed it.
    pub keep_confirmed: Duration,
    /// The size that the spool should not pass.
    pub limit_bytes: u64,
    /// The disk counts as nearly full when less than this is left of it.
    pub reserve_bytes: u64,
}

/// The Bluetooth adapter.
#[derive(Clone, Debug)]
pub struct Radio {
    /// Its name, `hci0`; the first one when not said.
    pub adapter: Option<String>,
    /// A connected oximeter that streams is given up after this long without a packet.
    pub silence: Duration,
    /// How often the Bluetooth service is asked whether it is there.
    pub watchdog: Duration,
    /// Families whose values are accepted although their protocol is not proven.
    pub accept_unproven: Vec<Family>,
}

/// How logs are written, to standard error.
#[derive(Clone, Debug)]
pub struct Log {
    /// For a person or for a log collector.
    pub format: LogFormat,
    /// For example `info` or `info,firmware_bridge=debug`.
    pub filter: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for a person.
    #[default]
    Text,
    /// A JSON object for a collector.
    Json,
}

/// Which virtual oximeter stands for an enrolled device.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// The enrolled device; when not said, the next one of the list that no other entry names.
    pub address: Option<Address>,
    /// What happens to its wearer.
    pub scenario: Scenario,
    /// Which family of bytes it sends.
    pub dialect: Dialect,
}

/// Why the configuration cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read {path}: {why}. Give the file with --config; deploy/wardlight-bridge.example.toml shows one."
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// It is not TOML, or a key is unknown or of the wrong kind.
    #[error("{path}: {why}{hint}")]
    NotUnderstood {
        /// The file.
        path: PathBuf,
        /// Where and what.
        why: String,
        /// Which environment variables also spoke.
        hint: String,
    },
    /// A value cannot be used.
    #[error("{key}: {why}")]
    Unusable {
        /// The key, with its table.
        key: &'static str,
        /// What is wrong and what would be right.
        why: String,
    },
}

impl Config {
    /// Reads the file and the environment.
    ///
    /// # Errors
    /// Says the place and what to do.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|why| ConfigError::Unreadable {
            path: path.to_owned(),
            why,
        })?;
        Self::parse(path, &text, std::env::vars_os())
    }

    /// The same, from values: `path` is for messages only.
    ///
    /// # Errors
    /// Says the place and what to do.
    pub fn parse(
        path: &Path,
        text: &str,
        environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Self, ConfigError> {
        let not_understood = |why: String, hint: String| ConfigError::NotUnderstood {
            path: path.to_owned(),
            why,
            hint,
        };
        let spoken = environment::spoken(environment);
        let file: file::File = if spoken.is_empty() {
            toml::from_str(text).map_err(|why| not_understood(why.to_string(), String::new()))?
        } else {
            let mut table: toml::Table = toml::from_str(text)
                .map_err(|why| not_understood(why.to_string(), String::new()))?;
            let names: Vec<&str> = spoken.iter().map(|said| said.name.as_str()).collect();
            let hint = format!(" (the environment also speaks: {})", names.join(", "));
            for said in &spoken {
                said.put_into(&mut table)
                    .map_err(|why| not_understood(why, hint.clone()))?;
            }
            table.try_into().map_err(|why: toml::de::Error| {
                not_understood(why.to_string().trim_end().to_owned(), hint)
            })?
        };
        file.into_config()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let environment = environment.iter().map(|(k, v)| (k.into(), v.into()));
        Config::parse(Path::new("bridge.toml"), text, environment).map_err(|e| e.to_string())
    }

    const LEAST: &str =
        "data_dir = \"/var/lib/x\"\n[service]\nurl = \"https://ward.example.org\"\n";

    #[test]
    fn the_example_file_is_understood() {
        let text = include_str!("../../deploy/wardlight-bridge.example.toml");
        let config = parse(text, &[]).unwrap();
        assert_eq!(config.service.url.scheme(), "https");
        assert_eq!(config.simulate.len(), 2);
        // What is commented out there are the defaults: uncommented it says the same.
        let spoken: String = text
            .lines()
            .map(|line| line.strip_prefix("#= ").unwrap_or(line))
            .fold(String::new(), |all, line| all + line + "\n");
        assert!(spoken.len() < text.len());
        let all = parse(&spoken, &[]).unwrap();
        assert_eq!(format!("{all:?}"), format!("{config:?}"));
    }

    #[test]
    fn the_least_that_must_be_said_is_a_folder_and_an_address() {
        let config = parse(LEAST, &[]).unwrap();
        assert_eq!(config.spool.file, Path::new("/var/lib/x/spool.sqlite"));
        assert_eq!(config.service.key_file, Path::new("/var/lib/x/key"));
        assert_eq!(config.service.token_file, Path::new("/var/lib/x/token"));
        assert_eq!(config.spool.keep_confirmed, Duration::from_secs(72 * 3600));
        let why = parse("", &[]).unwrap_err();
        assert!(why.contains("data_dir"), "{why}");
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_place() {
        let why = parse(&format!("{LEAST}time_out = 3\n"), &[]).unwrap_err();
        assert!(why.contains("time_out") && why.contains("line 4"), "{why}");
    }

    #[test]
    fn the_environment_speaks_over_the_file() {
        let spoken = [
            ("WARDLIGHT_BRIDGE_SERVICE__TIMEOUT_SECONDS", "7"),
            ("WARDLIGHT_BRIDGE_LOG__FORMAT", "json"),
            ("WARDLIGHT_BRIDGE_DATA_DIR", "/tmp/y"),
            ("PATH", "/bin"),
        ];
        let config = parse(LEAST, &spoken).unwrap();
        assert_eq!(config.service.timeout, Duration::from_secs(7));
        assert_eq!(config.log.format, LogFormat::Json);
        assert_eq!(config.data_dir, Path::new("/tmp/y"));
    }

    #[test]
    fn a_misspelt_variable_is_refused_by_name() {
        let why = parse(LEAST, &[("WARDLIGHT_BRIDGE_SERVICE__ULR", "x")]).unwrap_err();
        assert!(
            why.contains("ulr") && why.contains("WARDLIGHT_BRIDGE_SERVICE__ULR"),
            "{why}"
        );
        let why = parse(LEAST, &[("WARDLIGHT_BRIDGE_DATA_DIR__X", "x")]).unwrap_err();
        assert!(why.contains("WARDLIGHT_BRIDGE_DATA_DIR__X"), "{why}");
    }

    #[test]
    fn plain_http_is_for_this_machine_only_unless_it_is_asked_for() {
        let with = |url: &str, more: &str| {
            parse(
                &format!("data_dir = \"/x\"\n[service]\nurl = \"{url}\"\n{more}"),
                &[],
            )
        };
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:1",
            "https://a.example",
        ] {
            assert!(with(url, "").is_ok(), "{url}");
        }
        for url in [
            "http://ward.example.org",
            "http://192.168.1.4",
            "http://127.evil.example",
        ] {
            let why = with(url, "").unwrap_err();
            assert!(
                why.contains("https") && why.contains("allow_plain_http"),
                "{why}"
            );
            assert!(with(url, "allow_plain_http = true").is_ok());
        }
        for url in ["ftp://x", "ward", "https://user:secret@ward.example.org"] {
            assert!(with(url, "").is_err(), "{url}");
        }
    }

    #[test]
    fn a_value_out_of_its_range_is_refused_with_the_range() {
        let why = parse(&format!("{LEAST}timeout_seconds = 0\n"), &[]).unwrap_err();
        assert!(
            why.contains("service.timeout_seconds") && why.contains("1 to"),
            "{why}"
        );
        let why = parse(&format!("{LEAST}[spool]\nlimit_megabytes = 1\n"), &[]).unwrap_err();
        assert!(why.contains("spool.limit_megabytes"), "{why}");
    }

    #[test]
    fn an_unproven_family_is_accepted_by_name_only() {
        let with =
            |names: &str| parse(&format!("{LEAST}[radio]\naccept_unproven = {names}\n"), &[]);
        assert_eq!(with("[]").unwrap().radio.accept_unproven, []);
        let accepted = with("[\"taidoc\", \"yuwell\"]")
            .unwrap()
            .radio
            .accept_unproven;
        assert_eq!(accepted, [Family::TaiDoc, Family::Yuwell]);
        let why = with("[\"tidoc\"]").unwrap_err();
        assert!(why.contains("tidoc") && why.contains("taidoc"), "{why}");
    }

    #[test]
    fn two_virtual_oximeters_at_one_address_are_refused() {
        let device =
            "[[simulate.device]]\naddress = \"00:1C:05:FF:4E:5D\"\nscenario = \"stable\"\n";
        let why = parse(&format!("{LEAST}{device}{device}"), &[]).unwrap_err();
        assert!(why.contains("simulate.device"), "{why}");
        let why = parse(
            &format!("{LEAST}[[simulate.device]]\nscenario = \"flying\"\n"),
            &[],
        )
        .unwrap_err();
        assert!(why.contains("flying") && why.contains("stable"), "{why}");
    }
}
