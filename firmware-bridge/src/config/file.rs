//! The file as it is written, and its way to types.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use ward_oximeter::{Evidence, Family};

use super::{Config, ConfigError, Log, LogFormat, Radio, Service, Simulated, Spool};
use crate::address::Address;
use crate::radio::Dialect;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    data_dir: PathBuf,
    state_file: Option<PathBuf>,
    service: ServiceTable,
    #[serde(default)]
    spool: SpoolTable,
    #[serde(default)]
    radio: RadioTable,
    #[serde(default)]
    log: LogTable,
    #[serde(default)]
    simulate: SimulateTable,
    /// For the bridge's own tests: not in a release build, not in the example.
    #[serde(default)]
    testing: TestingTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestingTable {
    time_factor: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceTable {
    url: String,
    #[serde(default)]
    allow_plain_http: bool,
    ca_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    token_file: Option<PathBuf>,
    timeout_seconds: Option<u64>,
    refresh_devices_seconds: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpoolTable {
    keep_confirmed_hours: Option<u64>,
    limit_megabytes: Option<u64>,
    reserve_megabytes: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RadioTable {
    adapter: Option<String>,
    silence_seconds: Option<u64>,
    watchdog_seconds: Option<u64>,
    #[serde(default)]
    accept_unproven: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogTable {
    #[serde(default)]
    format: LogFormat,
    filter: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SimulateTable {
    #[serde(default)]
    device: Vec<SimulatedTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SimulatedTable {
    address: Option<String>,
    scenario: String,
    #[serde(default)]
    kind: Dialect,
}

impl File {
    pub(super) fn into_config(self) -> Result<Config, ConfigError> {
        let url = service_url(&self.service)?;
        let seconds = |key, said, default, least, most| {
            within(key, said, default, least, most).map(Duration::from_secs)
        };
        Ok(Config {
            service: Service {
                url,
                ca_file: self.service.ca_file,
                key_file: self
                    .service
                    .key_file
                    .unwrap_or_else(|| self.data_dir.join("key")),
                token_file: self
                    .service
                    .token_file
                    .unwrap_or_else(|| self.data_dir.join("token")),
                timeout: seconds(
                    "service.timeout_seconds",
                    self.service.timeout_seconds,
                    30,
                    1,
                    300,
                )?,
                refresh_devices: seconds(
                    "service.refresh_devices_seconds",
                    self.service.refresh_devices_seconds,
                    30,
                    1,
                    3600,
                )?,
            },
            spool: Spool {
                file: self.data_dir.join("spool.sqlite"),
                keep_confirmed: Duration::from_secs(
                    3600 * within(
                        "spool.keep_confirmed_hours",
                        self.spool.keep_confirmed_hours,
                        72,
                        1,
                        8760,
                    )?,
                ),
                limit_bytes: (1 << 20)
                    * within(
                        "spool.limit_megabytes",
                        self.spool.limit_megabytes,
                        256,
                        8,
                        1 << 20,
                    )?,
                reserve_bytes: (1 << 20)
                    * within(
                        "spool.reserve_megabytes",
                        self.spool.reserve_megabytes,
                        32,
                        2,
                        1 << 20,
                    )?,
            },
            radio: Radio {
                adapter: self.radio.adapter,
                silence: seconds(
                    "radio.silence_seconds",
                    self.radio.silence_seconds,
                    10,
                    2,
                    600,
                )?,
                watchdog: seconds(
                    "radio.watchdog_seconds",
                    self.radio.watchdog_seconds,
                    20,
                    1,
                    600,
                )?,
                accept_unproven: families(&self.radio.accept_unproven)?,
            },
            log: Log {
                format: self.log.format,
                filter: log_filter(self.log.filter)?,
            },
            simulate: simulated(self.simulate.device)?,
            time_factor: time_factor(self.testing.time_factor)?,
            state_file: self
                .state_file
                .unwrap_or_else(|| self.data_dir.join("state.json")),
            data_dir: self.data_dir,
        })
    }
}

fn within(
    key: &'static str,
    said: Option<u64>,
    default: u64,
    least: u64,
    most: u64,
) -> Result<u64, ConfigError> {
    let value = said.unwrap_or(default);
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(unusable(
            key,
            format!("{value} is not in {least} to {most}"),
        ))
    }
}

fn unusable(key: &'static str, why: impl Into<String>) -> ConfigError {
    let why = why.into();
    ConfigError::Unusable { key, why }
}

fn time_factor(said: Option<u64>) -> Result<u32, ConfigError> {
    const KEY: &str = "testing.time_factor";
    if said.is_some() && !cfg!(debug_assertions) {
        return Err(unusable(
            KEY,
            "is for the bridge's own tests only: take it out",
        ));
    }
    let times = within(KEY, said, 1, 1, 100)?;
    u32::try_from(times).map_err(|why| unusable(KEY, why.to_string()))
}

/// A name of a family that has been proved since does no harm: a new version must not stop a bridge.
fn families(names: &[String]) -> Result<Vec<Family>, ConfigError> {
    const KEY: &str = "radio.accept_unproven";
    let named = |name: &String| {
        Family::named(name).ok_or_else(|| {
            let thin = Family::ALL
                .into_iter()
                .filter(|family| family.evidence() == Evidence::Thin)
                .map(Family::name);
            let thin = thin.collect::<Vec<_>>().join(", ");
            unusable(
                KEY,
                format!("{name} is no family of oximeters; these are unproven: {thin}"),
            )
        })
    };
    names.iter().map(named).collect()
}

fn log_filter(said: Option<String>) -> Result<String, ConfigError> {
    let filter = said.unwrap_or_else(|| "info".to_owned());
    match filter.parse::<tracing_subscriber::filter::Targets>() {
        Ok(_) => Ok(filter),
        Err(why) => Err(unusable(
            "log.filter",
            format!("{why}; for example `info` or `info,firmware_bridge=debug`"),
        )),
    }
}

/// Readings are about a person: they cross a network only under TLS, unless somebody says so in as many words.
fn service_url(table: &ServiceTable) -> Result<Url, ConfigError> {
    const KEY: &str = "service.url";
    let mut url = Url::parse(&table.url)
        .map_err(|why| unusable(KEY, format!("{why}; for example https://ward.example.org/")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable(
            KEY,
            "no name or password here: the bridge has a token, see `wardlight-bridge enrol`",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if table.allow_plain_http || is_this_machine(&url) => {}
        "http" => {
            return Err(unusable(
                KEY,
                "use https: with http readings would cross the network in the clear. For a private network that is \
                 protected otherwise, set service.allow_plain_http = true",
            ));
        }
        _ => return Err(unusable(KEY, "must begin with https://")),
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn simulated(tables: Vec<SimulatedTable>) -> Result<Vec<Simulated>, ConfigError> {
    const KEY: &str = "simulate.device";
    let mut taken = HashSet::new();
    tables
        .into_iter()
        .map(|table| {
            let address = table
                .address
                .map(|text| text.parse::<Address>())
                .transpose()
                .map_err(|why| unusable(KEY, why.to_string()))?;
            if let Some(address) = &address
                && !taken.insert(address.clone())
            {
                return Err(unusable(
                    KEY,
                    format!("two entries have the address {}", address.as_str()),
                ));
            }
            let scenario = (table.scenario.replace('-', "_").parse())
                .map_err(|why: String| unusable(KEY, why))?;
            Ok(Simulated {
                address,
                scenario,
                dialect: table.kind,
            })
        })
        .collect()
}
