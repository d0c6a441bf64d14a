//! The only crate that knows SQL: the store, the ledger, reads by noun, the log.
//!
//! One SQL text runs on SQLite and on PostgreSQL; column types differ only in the migrations. Nothing is decided here:
//! what follows from what is said by `ward-core`, and written as it was said.
//!
//! A ward's tables change in one place, [`Ledger::append`] and its helpers, under the lock of the ward's row. Run
//! every ledger in a task of its own: a dropped one rolls back, but only when its task is polled to the end does the
//! connection go back clean.

#[macro_use]
mod tx;
mod access;
mod audit;
mod backup;
mod board;
mod bridge_keys;
mod bridge_status;
mod bridges;
mod canary;
mod chart;
mod clinicians;
mod contacts;
mod departures;
mod devices;
mod diary;
mod due;
mod duty;
mod error;
mod escalation;
mod evidence;
mod exertion;
mod expired_keys;
mod health;
mod kit;
mod ledger;
mod log;
mod many;
mod members;
mod notices;
mod outbox;
mod people;
mod plans;
mod presence;
mod quarantine;
mod readings;
mod record_views;
mod referrals;
mod report;
mod rota;
mod rows;
mod settings;
mod staff_contacts;
mod statements;
mod stay_history;
mod stays;
mod store;
mod strikes;
mod two_wards;
mod unfinished;
mod wards;
mod watch;

pub use access::{Access, AccessCode};
pub use audit::ViewsAsked;
pub use backup::{BackupReport, restore_sqlite};
pub use board::{BoardSnapshot, Caseload};
pub use bridge_keys::{BridgeKey, BridgeKeyId, NewBridgeKey, NextKey};
pub use bridge_status::{BridgeAtWork, ReadByBridge};
pub use bridges::{Bridge, EnrolledDevice};
pub use canary::CanaryParts;
pub use chart::KeptReading;
pub use clinicians::{Credentials, Membership, Session};
pub use contacts::{CallSnapshot, StoredContact};
pub use devices::{Wearer, Worn};
pub use diary::KeptEntry;
pub use due::DueStay;
pub use duty::{HandoverNote, Member, Shift};
pub use error::StoreError;
pub use evidence::{StayEvidence, WithLog};
pub use exertion::KeptExertion;
pub use kit::KitRecord;
pub use ledger::{Kept, Ledger, StayRecord, StoredReading};
pub use log::Entry;
pub use members::StaffMember;
pub use outbox::Addressee;
pub use people::{Looking, StayOf};
pub use presence::Present;
pub use quarantine::{Decided, Quarantined};
pub use readings::{ChartPoint, Heard, ReadingKey, SameKey, Span};
pub use record_views::{Looked, RecordView};
pub use report::{AlertStep, Here, ReportedAlert, ReportedStay, STAYS_AT_ONCE, StayMove};
pub use rows::UnreadableAlert;
pub use staff_contacts::StaffContact;
pub use statements::STATEMENTS;
pub use stay_history::StoredAlert;
pub use store::{Database, Store, StoreOptions};
pub use two_wards::Parked;
pub use wards::Organisation;
