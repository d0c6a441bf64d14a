//! Who is told of an alert that nobody takes, when, and by which channel.

mod ladder;
mod notice;
mod policy;
mod ways;

use serde::{Deserialize, Serialize};

pub use ladder::{ByHand, Class, Ladder, MOST_LEVELS, Timers, Told, ToldState, Whom};
pub use notice::{About, NOTICE_GOOD_FOR, Receipt, StaffNotice, Underway};
pub use policy::{
    CONTACTS_AT_MOST, OutsideContact, PERSONAL, Policy, PolicyRefused, Route, STEPS_AT_MOST, Step,
    Steps, Target,
};
pub use policy::{is_email, is_phone};
pub use ways::{Reach, Staff, Way, Ways};

/// By what somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The ward's consoles.
    Console,
    /// E-mail.
    Email,
    /// A text message.
    Sms,
    /// A webhook.
    Webhook,
    /// A push to a browser.
    WebPush,
}

impl ChannelKind {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Console,
        Self::Email,
        Self::Sms,
        Self::Webhook,
        Self::WebPush,
    ];

    /// Its name in the store and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Webhook => "webhook",
            Self::WebPush => "web_push",
        }
    }
}
