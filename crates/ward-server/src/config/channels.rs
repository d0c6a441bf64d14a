//! The outside channels that carry notices to staff, as they are written. A channel that is not written is not in use.

mod parts;

use std::path::Path;
use std::time::Duration;

use lettre::message::Mailbox;
use reqwest::Url;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use ward_service::Secret;

use super::ConfigError;
use crate::channel::{
    ApiKey, Channels, Email, Hook, Push, Security, Signer, Sms, VapidKey, is_host_pattern,
    is_loopback,
};
use crate::webhook::TIMEOUT_AT_MOST;
pub(super) use parts::ChannelsPart;
use parts::{EmailPart, SecurityPart, SmsPart, WebPushPart, WebhookPart};

impl ChannelsPart {
    pub(super) fn into_channels(self, folder: &Path) -> Result<Channels, ConfigError> {
        Ok(Channels {
            email: self.email.map(|it| it.into_email(folder)).transpose()?,
            webhook: self.webhook.map(|it| it.into_hook(folder)).transpose()?,
            sms: self.sms.map(|it| it.into_sms(folder)).transpose()?,
            web_push: self.web_push.map(|it| it.into_push(folder)).transpose()?,
        })
    }
}

impl EmailPart {
    fn into_email(self, folder: &Path) -> Result<Email, ConfigError> {
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
        };
        if !is_name(&self.host) {
            return wrong(
                "channels.email.host",
                "write the mail server's name, as in its certificate",
            );
        }
        let (security, usual_port) = match self.security {
            SecurityPart::Starttls => (Security::StartTls, 587),
            SecurityPart::Tls => (Security::Tls, 465),
            SecurityPart::Plain => (Security::Plain, 25),
        };
        let here = Url::parse(&format!("http://{}/", self.host)).is_ok_and(|url| is_loopback(&url));
        if security == Security::Plain && !here {
            return wrong(
                "channels.email.security",
                "letters and the password would cross the network in the clear: write starttls or tls; plain is for a mail server on this machine",
            );
        }
        let from: Mailbox = self.from.parse().or_else(|_| {
            wrong(
                "channels.email.from",
                "write an address, ward@example.nhs.uk, or a name before it: Ward <ward@example.nhs.uk>",
            )
        })?;
        if !from.email.to_string().is_ascii() {
            return wrong("channels.email.from", "write an address in plain letters");
        }
        let sign_in = match (self.user, self.password_file) {
            (None, None) => None,
            (Some(user), Some(file)) => {
                let key = "channels.email.password_file";
                Some((user, Secret::received(&line_of(&folder.join(file), key)?)))
            }
            _ => {
                return wrong(
                    "channels.email.password_file",
                    "user and password_file come together",
                );
            }
        };
        let authorities = self.ca_file.map(|file| {
            let file = folder.join(file);
            let read = CertificateDer::pem_file_iter(&file)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .ok()
                .filter(|all| !all.is_empty());
            read.ok_or_else(|| ConfigError::Value {
                key: "channels.email.ca_file",
                why: format!("{} holds no certificate in PEM form", file.display()),
            })
        });
        let hello = self
            .hello_name
            .unwrap_or_else(|| from.email.domain().to_owned());
        if !is_name(&hello) {
            return wrong(
                "channels.email.hello_name",
                "write this machine's full name, as the mail server may look it up",
            );
        }
        Ok(Email {
            host: self.host,
            port: self.port.unwrap_or(usual_port),
            security,
            authorities: authorities.transpose()?,
            from,
            sign_in,
            hello,
            timeout: timeout(self.timeout_seconds, "channels.email.timeout_seconds")?,
        })
    }
}

impl WebhookPart {
    fn into_hook(self, folder: &Path) -> Result<Hook, ConfigError> {
        let signer = |file: &Path, key| {
            let read = Signer::read(&line_of(&folder.join(file), key)?);
            read.ok_or_else(|| ConfigError::Value {
                key,
                why: "write one line: whsec_ and the base64 of 24 to 64 random bytes, as `openssl rand -base64 32` makes it"
                    .to_owned(),
            })
        };
        let mut signers = vec![signer(&self.secret_file, "channels.webhook.secret_file")?];
        if let Some(old) = &self.old_secret_file {
            signers.push(signer(old, "channels.webhook.old_secret_file")?);
        }
        Ok(Hook {
            url: address(&self.url, "channels.webhook.url")?,
            signers,
            timeout: timeout(self.timeout_seconds, "channels.webhook.timeout_seconds")?,
        })
    }
}

impl SmsPart {
    fn into_sms(self, folder: &Path) -> Result<Sms, ConfigError> {
        let key = "channels.sms.api_key_file";
        let api_key = ApiKey::read(&line_of(&folder.join(self.api_key_file), key)?);
        let mut url = address(&self.url, "channels.sms.url")?;
        // What is asked for stands below it.
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Sms {
            url,
            api_key: api_key.ok_or_else(|| ConfigError::Value {
                key,
                why: "write the key as GOV.UK Notify shows it: its name, the service's id and the secret, with a stroke between them"
                    .to_owned(),
            })?,
            template: self.template_id,
            sender: self.sender_id,
            timeout: timeout(self.timeout_seconds, "channels.sms.timeout_seconds")?,
        })
    }
}

impl WebPushPart {
    fn into_push(self, folder: &Path) -> Result<Push, ConfigError> {
        let file = folder.join(self.key_file);
        let read = VapidKey::read(&text_of(&file)?);
        let contact = self.contact.trim().to_owned();
        let reachable = contact
            .strip_prefix("mailto:")
            .is_some_and(|rest| rest.contains('@'))
            || contact.starts_with("https://");
        if !reachable || !contact.bytes().all(|byte| byte.is_ascii_graphic()) {
            return wrong(
                "channels.web_push.contact",
                "write whom a push service may ask: mailto:it@example.nhs.uk or https://…",
            );
        }
        let bad = self.hosts.iter().find(|host| !is_host_pattern(host));
        if let Some(bad) = bad {
            return wrong(
                "channels.web_push.hosts",
                &format!("{bad} is no host: write a name, or *. and a name of two parts or more"),
            );
        }
        if self.hosts.is_empty() {
            return wrong(
                "channels.web_push.hosts",
                "without a host nothing can be pushed: leave the key out for the usual ones",
            );
        }
        Ok(Push {
            key: read.ok_or_else(|| ConfigError::Value {
                key: "channels.web_push.key_file",
                why: format!(
                    "{} holds no key for pushes: make one with `wardlight push-keys FILE`",
                    file.display()
                ),
            })?,
            contact,
            hosts: self.hosts,
            timeout: timeout(self.timeout_seconds, "channels.web_push.timeout_seconds")?,
        })
    }
}

fn wrong<T>(key: &'static str, why: &str) -> Result<T, ConfigError> {
    Err(ConfigError::Value {
        key,
        why: why.to_owned(),
    })
}

fn text_of(file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|why| ConfigError::NotRead {
        file: file.to_owned(),
        why,
    })
}

/// A secret's one line. What stands in it is never repeated.
fn line_of(file: &Path, key: &'static str) -> Result<String, ConfigError> {
    let text = text_of(file)?;
    let line = text.trim_matches(['\r', '\n', ' ']);
    if line.is_empty() || line.chars().any(char::is_control) {
        return wrong(
            key,
            "the file must hold one line, with the secret and nothing else",
        );
    }
    Ok(line.to_owned())
}

fn address(text: &str, key: &'static str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).or_else(|_| wrong(key, "write an address, https://…"))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => wrong(
            key,
            "notices would cross the network in the clear: write https://…, or http:// on this machine",
        ),
    }
}

fn timeout(seconds: u64, key: &'static str) -> Result<Duration, ConfigError> {
    let longest = TIMEOUT_AT_MOST.as_secs();
    if (1..=longest).contains(&seconds) {
        Ok(Duration::from_secs(seconds))
    } else {
        wrong(key, &format!("write 1 to {longest}"))
    }
}

#[cfg(test)]
mod tests;
