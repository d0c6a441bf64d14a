//! Roles as types, so that a test reads as a story: a ward with a clock that is moved, on either database.
//!
//! No mocks of our own code: SQLite in a temporary file and a throw-away PostgreSQL are the databases, real sockets the
//! network. Time is moved, never waited for; only what another task does is waited for, up to a limit.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support: what cannot be set up stops the test"
)]

pub mod box_key;
pub mod bridge;
pub mod browser;
pub mod calls;
pub mod console;
pub mod database;
pub mod desk;
pub mod diary;
pub mod gate;
pub mod http;
pub mod numbers;
pub mod nurse;
pub mod outside;
pub mod pager;
pub mod paper;
pub mod pathway;
pub mod people;
pub mod plan_and_kit;
pub mod post;
pub mod screen;
pub mod silence;
pub mod story;
pub mod taken;
pub mod verbs;
pub mod ward;

pub use box_key::{BoxKey, Credential};
pub use bridge::Bridge;
pub use console::{Console, Showing};
pub use database::{Kind, TestDatabase};
pub use desk::Desk;
pub use nurse::Nurse;
pub use pager::Pager;
pub use post::Post;
pub use taken::{Taken, attempt, spo2};
pub use verbs::Verbs;
pub use ward::TestWard;
