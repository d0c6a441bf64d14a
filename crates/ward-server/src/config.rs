//! The configuration: a TOML file, then the environment, all of it turned into types before anything starts.

mod channels;
mod file;
mod messages;
mod self_test;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use uuid::Uuid;
use ward_core::id::OrganisationId;
use ward_http::HttpOptions;
use ward_service::WardsOptions;
use ward_store::{Database, Organisation};

pub use file::LogFormat;
pub use messages::Messages;

use crate::channel::Channels;
use crate::paper::Paper;
use crate::self_test::SelfTestOptions;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the service listens.
    pub listen: SocketAddr,
    /// Whose wards these are.
    pub organisation: Organisation,
    /// Where they are kept.
    pub database: Database,
    /// Connections to the database at most.
    pub max_connections: u32,
    /// Bring the tables up to date when the service starts.
    pub migrate_on_start: bool,
    /// Certificate and key, when the service itself speaks TLS.
    pub tls: Option<TlsFiles>,
    /// Limits and names of the HTTP face.
    pub http: HttpOptions,
    /// Sessions and the sweep.
    pub wards: WardsOptions,
    /// How messages to patients go out.
    pub messages: Messages,
    /// By which outside channels staff are told.
    pub channels: Channels,
    /// Where the board and the call list are written for the time when the service is away.
    pub paper: Option<Paper>,
    /// How this node tries the way of an alert; `None`: it does not.
    pub self_test: Option<SelfTestOptions>,
    /// How logs are written.
    pub log_format: LogFormat,
    /// Which logs are written, `info` or `wardlight=debug,info`.
    pub log_filter: String,
}

/// Files in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What is wrong with a configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file.
    #[error("the configuration {} cannot be read: {why}. Name it with --config, or see wardlight.example.toml", .file.display())]
    NotRead {
        /// Which.
        file: PathBuf,
        /// How so.
        why: std::io::Error,
    },
    /// Its form.
    #[error("the configuration {} is not right: {why}", .file.display())]
    NotRight {
        /// Which.
        file: PathBuf,
        /// Line, column and reason.
        why: String,
    },
    /// A value.
    #[error("{key}: {why}")]
    Value {
        /// The key.
        key: &'static str,
        /// What to write instead.
        why: String,
    },
}

/// Organisations are known by their ODS code: the same code makes the same id everywhere.
const ORGANISATIONS: Uuid = Uuid::from_u128(0x6f1f_8d0c_5d3b_4e55_9a3e_77c1_52a4_a001);

impl Config {
    /// Reads a file and the environment.
    ///
    /// # Errors
    /// [`ConfigError`] says what to change.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|why| ConfigError::NotRead {
            file: file.to_owned(),
            why,
        })?;
        Self::parse(file, &text, std::env::vars())
    }

    /// As [`Config::load`], from a text and given variables. Paths are taken from the file's folder.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(
        file: &Path,
        text: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let not_right = |why: String| ConfigError::NotRight {
            file: file.to_owned(),
            why,
        };
        // Once on its own, so that an error has its line and column.
        toml::from_str::<file::File>(text).map_err(|error| not_right(error.to_string()))?;
        let mut table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| not_right(error.to_string()))?;
        file::overlay(&mut table, environment);
        let whole: file::File = table.try_into().map_err(|error: toml::de::Error| {
            not_right(format!("with the environment: {error}"))
        })?;
        whole.into_config(file.parent().unwrap_or(Path::new(".")))
    }

    /// The organisation's id.
    #[must_use]
    pub fn organisation_id(&self) -> OrganisationId {
        OrganisationId(Uuid::new_v5(
            &ORGANISATIONS,
            self.organisation.ods_code.as_bytes(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire\"\n[database]\nurl = \"sqlite:ward.db\"\n";

    fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let environment = environment
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Config::parse(
            Path::new("/etc/wardlight/wardlight.toml"),
            text,
            environment,
        )
    }

    #[test]
    fn the_example_is_a_configuration() {
        let example = include_str!("../../../deploy/wardlight.example.toml");
        let config = parse(example, &[]).unwrap();
        assert!(matches!(config.database, Database::Sqlite(_)));
        assert!(config.http.secure);
    }

    #[test]
    fn a_small_file_is_enough_and_paths_start_at_its_folder() {
        let config = parse(SMALL, &[]).unwrap();
        assert!(
            matches!(config.database, Database::Sqlite(path) if path == Path::new("/etc/wardlight/ward.db"))
        );
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn the_environment_has_the_last_word() {
        let config = parse(
            SMALL,
            &[
                ("WARDLIGHT_LISTEN", "127.0.0.1:9000"),
                ("WARDLIGHT_HTTP__TRIES_PER_MINUTE", "3"),
                ("WARDLIGHT_CONFIG", "x"),
            ],
        )
        .unwrap();
        assert_eq!(
            (config.listen.port(), config.http.tries_per_minute),
            (9000, 3)
        );
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = parse(&format!("{SMALL}urll = \"x\"\n"), &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("urll") && error.contains("line 6"),
            "{error}"
        );
        assert!(
            parse(SMALL, &[("WARDLIGHT_DATABASE__URLL", "x")])
                .unwrap_err()
                .to_string()
                .contains("urll")
        );
    }

    #[test]
    fn plain_http_on_a_public_address_must_be_said_to_be_meant() {
        let error = parse(
            &format!("listen = \"0.0.0.0:80\"\n{SMALL}[http]\nsecure = false\n"),
            &[],
        )
        .unwrap_err();
        assert!(error.to_string().contains("http.secure"), "{error}");
    }

    #[test]
    fn paper_is_off_until_it_has_a_folder_and_is_kept_for_two_days() {
        assert_eq!(parse(SMALL, &[]).unwrap().paper, None);
        let on = parse(SMALL, &[("WARDLIGHT_PAPER__FOLDER", "paper")]).unwrap();
        let paper = on.paper.unwrap();
        assert_eq!(paper.folder, Path::new("/etc/wardlight/paper"));
        assert_eq!(paper.keep.as_secs(), 48 * 3600);
        let wrong = parse(&format!("{SMALL}[paper]\nkeep_hours = 3\n"), &[]).unwrap_err();
        assert!(wrong.to_string().contains("paper.folder"), "{wrong}");
    }

    #[test]
    fn a_database_of_no_known_kind_is_refused() {
        assert!(
            parse(&SMALL.replace("sqlite:", "mysql:"), &[])
                .unwrap_err()
                .to_string()
                .contains("postgres://")
        );
    }
}
