//! The sections of the channels, key by key.

use std::path::PathBuf;

use serde::Deserialize;
use uuid::Uuid;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelsPart {
    pub email: Option<EmailPart>,
    pub webhook: Option<WebhookPart>,
    pub sms: Option<SmsPart>,
    pub web_push: Option<WebPushPart>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityPart {
    #[default]
    Starttls,
    Tls,
    Plain,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailPart {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub security: SecurityPart,
    pub ca_file: Option<PathBuf>,
    pub from: String,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
    pub hello_name: Option<String>,
    #[serde(default = "fifteen")]
    pub timeout_seconds: u64,
}

const fn fifteen() -> u64 {
    15
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookPart {
    pub url: String,
    pub secret_file: PathBuf,
    pub old_secret_file: Option<PathBuf>,
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

const fn ten() -> u64 {
    10
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsPart {
    #[serde(default = "notify")]
    pub url: String,
    pub api_key_file: PathBuf,
    pub template_id: Uuid,
    pub sender_id: Option<Uuid>,
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

fn notify() -> String {
    "https://api.notifications.service.gov.uk".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebPushPart {
    pub key_file: PathBuf,
    pub contact: String,
    #[serde(default = "push_services")]
    pub hosts: Vec<String>,
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

/// Chrome and Edge on Android, Firefox, Safari, Edge on Windows.
fn push_services() -> Vec<String> {
    [
        "fcm.googleapis.com",
        "*.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ]
    .map(str::to_owned)
    .to_vec()
}
