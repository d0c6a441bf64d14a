//! Why an alert was raised, for whoever doubts it or answers for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::board::AlertView;
use crate::diary::ChartReading;

/// `GET /api/wards/{ward}/alerts/{number}/explanation`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The alert as it is now, with who was told and when.
    pub alert: AlertView,
    /// Which rule, and which numbers met which limit, in words.
    pub rule: String,
    /// What bears it out or speaks against it, in words: confirmed by whom or what, doubtful, readings struck out.
    pub certainty: Vec<String>,
    /// Whose limits; `null` of what is about no person, or about somebody who is on another ward by now.
    pub limits: Option<LimitsView>,
    /// The readings that it rests on, the newest first, each with its quality; struck ones are among them. 24 at most: the newest
    /// and the first.
    pub readings: Vec<ChartReading>,
    /// How many there are in all.
    pub readings_in_all: u32,
    /// What the ward does next, in words, the most urgent first; empty when it is over.
    pub next: Vec<String>,
    /// Its life, oldest first; empty of what is about no person.
    pub story: Vec<StoryStep>,
}

/// Whose limits an alert was raised by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LimitsView {
    /// Which version of this person's plan.
    pub version: u32,
    /// How it came to be: `admission`, `set`, `approved`, `fell_back`, `review_overdue`.
    pub origin: String,
    /// Who set it.
    pub author: Option<Uuid>,
    /// Who approved it as a second person.
    pub approved_by: Option<Uuid>,
    /// Since when it counted.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Why it is so, in the author's words.
    pub reason: String,
    /// 1, or 2 for a target of 88 to 92 %.
    pub spo2_scale: u8,
    /// Red at or under this, in whole percent.
    pub red_at_or_below: u16,
    /// Amber at or under this, in whole percent.
    pub amber_at_or_below: u16,
    /// Another version counts now.
    pub changed_since: bool,
}

/// One step of an alert's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StoryStep {
    /// The event's number on the ward's log.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `raised`, `severity_rose`, `confirmed`, `shown`, `acknowledged`, `escalated`, `told`, `resolved` …
    pub change: String,
    /// How urgent it was after.
    pub severity: crate::board::Severity,
    /// Whose it was after.
    pub by: Option<Uuid>,
    /// The worst value by then, in percent.
    pub worst_percent: Option<f64>,
}
