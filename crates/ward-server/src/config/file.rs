//! The file as it is written.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use ward_core::silence::BRIDGE_SILENT_AFTER;
use ward_http::HttpOptions;
use ward_service::WardsOptions;
use ward_store::{Database, Organisation};

use super::channels::ChannelsPart;
use super::messages::MessagesPart;
use super::self_test::SelfTestPart;
use super::{Config, ConfigError, TlsFiles};
use crate::paper::Paper;

/// Every variable that begins with this is a key: `WARDLIGHT_DATABASE__URL` is `url` of `[database]`.
const PREFIX: &str = "WARDLIGHT_";

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default = "listen")]
    listen: SocketAddr,
    organisation: OrganisationPart,
    database: DatabasePart,
    #[serde(default)]
    http: HttpPart,
    #[serde(default)]
    sessions: SessionsPart,
    #[serde(default)]
    messages: MessagesPart,
    #[serde(default)]
    channels: ChannelsPart,
    #[serde(default)]
    bridges: BridgesPart,
    paper: Option<PaperPart>,
    #[serde(default)]
    self_test: SelfTestPart,
    #[serde(default)]
    log: LogPart,
}

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationPart {
    ods_code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabasePart {
    url: Option<String>,
    url_file: Option<PathBuf>,
    #[serde(default = "max_connections")]
    max_connections: u32,
    #[serde(default = "yes")]
    migrate_on_start: bool,
}

const fn max_connections() -> u32 {
    16
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HttpPart {
    secure: bool,
    plain_http_is_meant: bool,
    origins: Vec<String>,
    trusted_proxies: Vec<IpAddr>,
    max_connections: usize,
    max_consoles: usize,
    max_batches: usize,
    tries_per_minute: u32,
    batches_per_second: u32,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
}

impl Default for HttpPart {
    fn default() -> Self {
        let options = HttpOptions::default();
        Self {
            secure: options.secure,
            plain_http_is_meant: false,
            origins: options.origins,
            trusted_proxies: options.trusted_proxies,
            max_connections: options.max_connections,
            max_consoles: options.max_consoles,
            max_batches: options.max_batches,
            tries_per_minute: options.tries_per_minute,
            batches_per_second: options.batches_per_second,
            tls_certificate: None,
            tls_key: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SessionsPart {
    hours: u64,
    wall_days: u64,
}

impl Default for SessionsPart {
    fn default() -> Self {
        Self {
            hours: 13,
            wall_days: 30,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BridgesPart {
    silent_after_minutes: f64,
}

impl Default for BridgesPart {
    fn default() -> Self {
        Self {
            silent_after_minutes: BRIDGE_SILENT_AFTER.as_secs_f64() / 60.0,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperPart {
    folder: Option<PathBuf>,
    #[serde(default = "two_days")]
    keep_hours: u64,
}

const fn two_days() -> u64 {
    48
}

impl PaperPart {
    fn into_paper(self, folder: &Path) -> Result<Paper, ConfigError> {
        let given = self.folder.filter(|given| !given.as_os_str().is_empty());
        let given = given.ok_or_else(|| ConfigError::Value {
            key: "paper.folder",
            why: "name the folder, or leave [paper] out".to_owned(),
        })?;
        Ok(Paper {
            folder: folder.join(given),
            keep: Duration::from_secs(self.keep_hours.clamp(1, 31 * 24) * 3600),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LogPart {
    format: LogFormat,
    filter: String,
}

impl Default for LogPart {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            filter: "info".to_owned(),
        }
    }
}

/// Puts the environment's values over the file's.
pub(super) fn overlay(
    table: &mut toml::Table,
    environment: impl Iterator<Item = (String, String)>,
) {
    for (name, value) in environment {
        // Single words but this one are for the programs around the service, such as WARDLIGHT_CONFIG.
        let key = name
            .strip_prefix(PREFIX)
            .filter(|key| !key.starts_with("BRIDGE_"));
        let Some(key) = key.filter(|key| key.contains("__") || *key == "LISTEN") else {
            continue;
        };
        let path: Vec<String> = key.split("__").map(str::to_ascii_lowercase).collect();
        let Some((last, sections)) = path.split_last() else {
            continue;
        };
        let mut at = &mut *table;
        for section in sections {
            let inner = at
                .entry(section.clone())
                .or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if !inner.is_table() {
                *inner = toml::Value::Table(toml::Table::new());
            }
            let Some(inner) = inner.as_table_mut() else {
                return;
            };
            at = inner;
        }
        at.insert(last.clone(), value_of(&value));
    }
}

/// A number, a truth value or a list if it reads as one, else a text.
fn value_of(text: &str) -> toml::Value {
    let as_value = || {
        format!("value = {text}")
            .parse::<toml::Table>()
            .ok()?
            .remove("value")
    };
    as_value().unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

impl File {
    pub(super) fn into_config(self, folder: &Path) -> Result<Config, ConfigError> {
        if self.organisation.ods_code.is_empty()
            || !self
                .organisation
                .ods_code
                .bytes()
                .all(|b| b.is_ascii_alphanumeric())
        {
            return Err(ConfigError::Value {
                key: "organisation.ods_code",
                why: "write the ODS code, letters and digits only, for example RXR".to_owned(),
            });
        }
        let tls = match (self.http.tls_certificate, self.http.tls_key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(TlsFiles {
                certificate: folder.join(certificate),
                key: folder.join(key),
            }),
            _ => {
                return Err(ConfigError::Value {
                    key: "http.tls_key",
                    why: "tls_certificate and tls_key come together".to_owned(),
                });
            }
        };
        if !self.http.secure && !self.http.plain_http_is_meant && !self.listen.ip().is_loopback() {
            let why = "cookies and readings would cross the network in the clear: speak TLS here (tls_certificate, tls_key) or behind a proxy \
                (secure = true), or say plain_http_is_meant = true";
            return Err(ConfigError::Value {
                key: "http.secure",
                why: why.to_owned(),
            });
        }
        if let Some(wrong) = self.http.origins.iter().find(|origin| !is_origin(origin)) {
            return Err(ConfigError::Value {
                key: "http.origins",
                why: format!("{wrong} is not an origin: write https://name, without a path"),
            });
        }
        Ok(Config {
            listen: self.listen,
            organisation: Organisation {
                ods_code: self.organisation.ods_code,
                name: self.organisation.name,
            },
            max_connections: self.database.max_connections.clamp(2, 1000),
            migrate_on_start: self.database.migrate_on_start,
            database: self.database.into_database(folder)?,
            tls,
            http: HttpOptions {
                secure: self.http.secure,
                origins: self.http.origins,
                trusted_proxies: self.http.trusted_proxies,
                max_connections: self.http.max_connections.max(16),
                max_consoles: self.http.max_consoles,
                max_batches: self.http.max_batches.max(1),
                tries_per_minute: self.http.tries_per_minute,
                batches_per_second: self.http.batches_per_second,
                ..HttpOptions::default()
            },
            wards: WardsOptions {
                session: Duration::from_secs(self.sessions.hours.clamp(1, 24 * 7) * 3600),
                wall_session: Duration::from_secs(
                    self.sessions.wall_days.clamp(1, 365) * 24 * 3600,
                ),
                bridge_silent_after: silent_after(self.bridges.silent_after_minutes),
                ..WardsOptions::default()
            },
            messages: self.messages.into_messages(folder)?,
            channels: self.channels.into_channels(folder)?,
            paper: self
                .paper
                .map(|paper| paper.into_paper(folder))
                .transpose()?,
            self_test: self.self_test.into_options(self.listen)?,
            log_format: self.log.format,
            log_filter: self.log.filter,
        })
    }
}

/// Less than two of the minutes in which a bridge speaks would make every home silent now and then; what is no number is
/// the usual time.
fn silent_after(minutes: f64) -> Duration {
    let seconds = minutes.clamp(2.0, 30.0 * 24.0 * 60.0) * 60.0;
    Duration::try_from_secs_f64(seconds).unwrap_or(BRIDGE_SILENT_AFTER)
}

fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
}

impl DatabasePart {
    fn into_database(self, folder: &Path) -> Result<Database, ConfigError> {
        let url = match (self.url, self.url_file) {
            (Some(url), None) => url,
            (None, Some(file)) => {
                let file = folder.join(file);
                std::fs::read_to_string(&file)
                    .map_err(|why| ConfigError::NotRead { file, why })?
                    .trim()
                    .to_owned()
            }
            _ => {
                return Err(ConfigError::Value {
                    key: "database.url",
                    why: "write either url or url_file".to_owned(),
                });
            }
        };
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Ok(Database::Sqlite(folder.join(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Database::Postgres(url));
        }
        // The text itself may hold a password, so it is not repeated.
        Err(ConfigError::Value {
            key: "database.url",
            why: "write sqlite:FILE or postgres://…".to_owned(),
        })
    }
}
