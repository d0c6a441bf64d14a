//! The service as a value: a configuration goes in, a running server comes out, and a test can hold it.

mod channel;
mod config;
mod folder_lock;
pub mod logs;
mod paper;
mod self_test;
mod server;
mod tls;
mod webhook;

pub use channel::{ApiKey, Channels, Email, Hook, Push, Security, Signer, Sms, VapidKey, carriers};
pub use config::{Config, ConfigError, LogFormat, Messages, TlsFiles};
pub use folder_lock::FolderLock;
pub use paper::Paper;
pub use self_test::{SelfTest, SelfTestOptions};
pub use server::{Server, open};
pub use tls::check as check_tls;
pub use webhook::{Webhook, outlet};
