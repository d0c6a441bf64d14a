//! The store and the verbs on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a story cannot do ends it"
)]

mod alerts;
mod backup;
mod boards;
mod bridge_keys;
mod cancelled;
mod credentials;
mod deadlines;
mod ledgers;
mod messages;
mod migrations;
mod notices;
mod outbox;
mod quarantine;
mod races;
mod readings;
mod schema;
mod statements;
mod wearers;
