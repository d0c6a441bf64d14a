//! What each channel will do, for whoever has configured it.

use super::{Channels, Security};

impl Channels {
    /// One line for each channel, with no secret and nobody's address but the service's own.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(email) = &self.email {
            let how = match email.security {
                Security::StartTls => "with STARTTLS, never without",
                Security::Tls => "with TLS",
                Security::Plain => "in the clear, on this machine",
            };
            let whom = match &email.sign_in {
                Some((name, _)) => format!("signed in as {name}"),
                None => "without signing in".to_owned(),
            };
            lines.push(format!(
                "Notices by e-mail: from {} by {}:{}, {how}, {whom}",
                email.from, email.host, email.port
            ));
        }
        if let Some(hook) = &self.webhook {
            let secrets = match hook.signers.len() {
                1 => "signed with one secret",
                _ => "signed with the new secret and the old one",
            };
            lines.push(format!(
                "Notices by webhook: to {}, {secrets}",
                hook.url.host_str().unwrap_or_default()
            ));
        }
        if let Some(sms) = &self.sms {
            lines.push(format!(
                "Notices by text message: by GOV.UK Notify at {}, template {}",
                sms.url.host_str().unwrap_or_default(),
                sms.template
            ));
        }
        if let Some(push) = &self.web_push {
            lines.push(format!(
                "Notices by push: to browsers of {}; public key {}",
                push.hosts.join(", "),
                push.key.public()
            ));
        }
        if lines.is_empty() {
            lines.push(
                "Warning: no outside channel; a notice reaches the boards alone. See [channels]"
                    .to_owned(),
            );
        }
        lines
    }
}
