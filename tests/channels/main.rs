//! The outside channels against servers that speak the real protocols: what arrives, what is refused, what gets lost on
//! the way, and that nobody is named.

#![expect(clippy::unwrap_used, reason = "what a story cannot do ends it")]

mod email;
mod in_the_service;
mod nobody_is_named;
mod push;
mod sms;
mod webhook;
