//! How messages to patients and to people on call go out, as it is written.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use ward_service::Secret;

use super::ConfigError;
use crate::webhook::{TIMEOUT_AT_MOST, Webhook};

/// How messages go out.
#[derive(Clone, Debug)]
pub struct Messages {
    /// Where they go; `None`: to the log alone, which is for trying out.
    pub webhook: Option<Webhook>,
    /// Whether patients are reminded at the times of their plan.
    pub slot_reminders: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChannelPart {
    #[default]
    Log,
    Webhook,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MessagesPart {
    channel: ChannelPart,
    webhook_url: Option<String>,
    webhook_secret_file: Option<PathBuf>,
    webhook_timeout_seconds: u64,
    slot_reminders: bool,
}

impl Default for MessagesPart {
    fn default() -> Self {
        Self {
            channel: ChannelPart::default(),
            webhook_url: None,
            webhook_secret_file: None,
            webhook_timeout_seconds: 10,
            slot_reminders: true,
        }
    }
}

impl MessagesPart {
    pub(super) fn into_messages(self, folder: &Path) -> Result<Messages, ConfigError> {
        let slot_reminders = self.slot_reminders;
        let webhook = match self.channel {
            ChannelPart::Log => None,
            ChannelPart::Webhook => Some(self.into_webhook(folder)?),
        };
        Ok(Messages {
            webhook,
            slot_reminders,
        })
    }

    fn into_webhook(self, folder: &Path) -> Result<Webhook, ConfigError> {
        let url = self.webhook_url.unwrap_or_default();
        let url = Url::parse(&url).map_err(|_| wrong_url("write an address, https://…"))?;
        let on_this_machine = match url.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|host| host.is_loopback()),
            None => false,
        };
        match url.scheme() {
            "https" => {}
            "http" if on_this_machine => {}
            _ => {
                return Err(wrong_url(
                    "phone numbers and what patients are told would cross the network in the clear: write https://…, or http:// on this machine",
                ));
            }
        }
        let secret = match self.webhook_secret_file {
            None => None,
            Some(file) => {
                let text = read(folder.join(file))?;
                let text = text.trim();
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(ConfigError::Value {
                        key: "messages.webhook_secret_file",
                        why: "one line of letters, digits and signs, without spaces".to_owned(),
                    });
                }
                Some(Secret::received(text))
            }
        };
        let longest = TIMEOUT_AT_MOST.as_secs();
        if !(1..=longest).contains(&self.webhook_timeout_seconds) {
            return Err(ConfigError::Value {
                key: "messages.webhook_timeout_seconds",
                why: format!("write 1 to {longest}"),
            });
        }
        Ok(Webhook {
            url,
            secret,
            timeout: Duration::from_secs(self.webhook_timeout_seconds),
        })
    }
}

fn read(file: PathBuf) -> Result<String, ConfigError> {
    std::fs::read_to_string(&file).map_err(|why| ConfigError::NotRead { file, why })
}

fn wrong_url(why: &str) -> ConfigError {
    ConfigError::Value {
        key: "messages.webhook_url",
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Messages, String> {
        let part: MessagesPart = toml::from_str(text).map_err(|error| error.to_string())?;
        part.into_messages(Path::new("/etc/wardlight"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_said_is_the_log_and_reminders() {
        let messages = parse("").unwrap();
        assert!(messages.webhook.is_none() && messages.slot_reminders);
    }

    #[test]
    fn a_webhook_is_reached_by_https_or_on_this_machine() {
        for (url, good) in [
            ("https://sms.example.nhs.uk/send", true),
            ("http://127.0.0.1:9000/", true),
            ("http://localhost:9000/", true),
            ("http://[::1]:9000/", true),
            ("http://sms.example.nhs.uk/send", false),
            ("http://127.0.0.1.example.org/", false),
            ("ftp://127.0.0.1/", false),
            ("", false),
        ] {
            let text = format!("channel = \"webhook\"\nwebhook_url = \"{url}\"");
            let parsed = parse(&text);
            assert_eq!(parsed.is_ok(), good, "{url}: {parsed:?}");
        }
    }

    #[test]
    fn what_cannot_be_worked_by_is_refused_with_its_key() {
        for (text, place) in [
            ("channel = \"webhook\"", "webhook_url"),
            ("channel = \"pigeon\"", "channel"),
            ("wording_files = [\"none.toml\"]", "wording_files"),
            (
                "channel = \"webhook\"\nwebhook_url = \"https://x/\"\nwebhook_timeout_seconds = 60",
                "webhook_timeout_seconds",
            ),
            ("webhook = \"https://x/\"", "webhook"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(place), "{error}");
        }
    }

    #[test]
    fn neither_debug_nor_an_error_says_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
        let text =
            "channel = \"webhook\"\nwebhook_url = \"https://x/\"\nwebhook_secret_file = \"secret\"";
        let part: MessagesPart = toml::from_str(text).unwrap();
        let messages = part.into_messages(folder.path()).unwrap();
        assert_eq!(
            messages
                .webhook
                .as_ref()
                .unwrap()
                .secret
                .as_ref()
                .unwrap()
                .reveal(),
            "hunter2"
        );
        assert!(!format!("{messages:?}").contains("hunter2"));
    }
}
