//! The outside channels that carry a notice to staff: each one that is configured becomes a carrier.

mod email;
mod hook;
pub(crate) mod http;
mod push;
mod sms;
mod words;

use ward_core::escalation::ChannelKind;
use ward_service::Clock;
use ward_service::carry::Carriers;

pub use email::{Email, Security};
pub use hook::{Hook, Signer};
pub use http::is_loopback;
pub use push::{Push, VapidKey, is_host_pattern};
pub use sms::{ApiKey, Sms};

/// The channels that are configured; `None`: not in use.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    /// E-mail by SMTP.
    pub email: Option<Email>,
    /// A signed webhook.
    pub webhook: Option<Hook>,
    /// Text messages by GOV.UK Notify.
    pub sms: Option<Sms>,
    /// Pushes to browsers.
    pub web_push: Option<Push>,
}

/// A carrier for each channel that is configured.
///
/// # Errors
/// When TLS cannot start.
pub fn carriers(channels: &Channels, clock: &Clock) -> anyhow::Result<Carriers> {
    let mut carriers = Carriers::default();
    if let Some(email) = &channels.email {
        carriers = carriers.with(ChannelKind::Email, email::carrier(email, clock)?);
    }
    if let Some(hook) = &channels.webhook {
        carriers = carriers.with(ChannelKind::Webhook, hook::carrier(hook, clock)?);
    }
    if let Some(sms) = &channels.sms {
        carriers = carriers.with(ChannelKind::Sms, sms::carrier(sms, clock)?);
    }
    if let Some(push) = &channels.web_push {
        carriers = carriers.with(ChannelKind::WebPush, push::carrier(push, clock)?);
    }
    Ok(carriers)
}
