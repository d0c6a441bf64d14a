//! What carries a notice to somebody of the staff: e-mail, text message, webhook, push to a browser.
//!
//! A channel is two functions. One hands a notice over and says whether it was taken; the other asks later what became of
//! it, where the channel can tell. Which notice goes to whom is the ward's policy; here it is only carried.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use ward_core::alert::Severity;
use ward_core::escalation::ChannelKind;
use ward_core::id::AlertNumber;
use ward_core::message::Trouble;
use ward_core::time::Timestamp;

/// A notice in words, on its way to one person by one channel. It names a ward and an alert, never a patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same at every attempt: by this a repeat is known.
    pub id: Uuid,
    /// Which attempt this is, from 1.
    pub attempt: u16,
    /// Where it goes.
    pub to: Address,
    /// The ward's code, as on the board.
    pub ward_code: String,
    /// The alert's number on that ward, where it is about one.
    pub alert: Option<AlertNumber>,
    /// How urgent.
    pub severity: Severity,
    /// The level of the escalation, from 1.
    pub level: u8,
    /// One line, without anything that tells who somebody is.
    pub title: String,
    /// What it says, in a few lines.
    pub text: String,
    /// Where to look, behind the sign-in.
    pub link: Option<String>,
    /// It is worth nothing after.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Notice {
    /// Without the address and the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .field("alert", &self.alert)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// Where a notice goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Address {
    /// An e-mail address.
    Email {
        /// As written.
        address: String,
    },
    /// A telephone that takes text messages.
    Phone {
        /// As written.
        number: String,
    },
    /// The webhook that the service is configured with.
    Webhook,
    /// A browser that has agreed to be pushed to (RFC 8030, RFC 8291).
    Push {
        /// The push service's address for this browser.
        endpoint: String,
        /// The browser's public key, base64url without padding.
        p256dh: String,
        /// The browser's secret, base64url without padding.
        auth: String,
    },
}

impl Address {
    /// By which channel it is reached.
    #[must_use]
    pub const fn channel(&self) -> ChannelKind {
        match self {
            Self::Email { .. } => ChannelKind::Email,
            Self::Phone { .. } => ChannelKind::Sms,
            Self::Webhook => ChannelKind::Webhook,
            Self::Push { .. } => ChannelKind::WebPush,
        }
    }
}

impl std::fmt::Debug for Address {
    /// Only the channel.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({})", self.channel().name())
    }
}

/// A notice was taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// By what the channel knows it, where it can be asked later.
    pub reference: Option<String>,
}

/// What became of a notice that was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Not known yet.
    OnItsWay,
    /// It reached the device.
    Delivered,
    /// It will not.
    NotDelivered,
}

/// Hands a notice over. Must answer within [`ward_core::message::LEASE`] / 2.
pub type Send = Arc<
    dyn Fn(Notice) -> Pin<Box<dyn Future<Output = Result<Taken, Trouble>> + core::marker::Send>>
        + core::marker::Send
        + Sync,
>;

/// Asks what became of it, by the reference that it was taken under.
pub type Ask = Arc<
    dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Receipt, Trouble>> + core::marker::Send>>
        + core::marker::Send
        + Sync,
>;

/// One channel.
#[derive(Clone)]
pub struct Carrier {
    /// Hands a notice over.
    pub send: Send,
    /// Asks what became of it; `None`: this channel cannot tell.
    pub ask: Option<Ask>,
}

/// The channels that this service is configured with.
#[derive(Clone, Default)]
pub struct Carriers(BTreeMap<ChannelKind, Carrier>);

impl Carriers {
    /// With one more.
    #[must_use]
    pub fn with(mut self, kind: ChannelKind, carrier: Carrier) -> Self {
        self.0.insert(kind, carrier);
        self
    }

    /// The channel of this kind; `None`: it is not configured.
    #[must_use]
    pub fn of(&self, kind: ChannelKind) -> Option<&Carrier> {
        self.0.get(&kind)
    }

    /// The kinds that are configured.
    pub fn kinds(&self) -> impl Iterator<Item = ChannelKind> {
        self.0.keys().copied()
    }
}
