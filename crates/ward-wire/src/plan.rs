//! Plans: what is measured when, what is judged how, and who must agree.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// NEWS2 SpO2 scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The usual one.
    One,
    /// For a prescribed target of 88–92 %.
    Two,
}

/// What values are judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The NEWS2 scale.
    pub spo2_scale: Scale,
    /// Red at this whole percent and under.
    pub red_at_or_below: u16,
    /// Amber at this whole percent and under.
    pub amber_at_or_below: u16,
    /// A red without a recheck in this many seconds counts as confirmed.
    pub recheck_red_seconds: u32,
    /// An amber without a recheck in this many seconds counts as confirmed.
    pub recheck_amber_seconds: u32,
    /// The rules beside the bands. Absent: the usual ones of the scale.
    #[serde(default)]
    pub rules: Option<Rules>,
}

/// The rules beside the bands; one that is null or absent judges nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// So many points under the stay's baseline are amber: 1 to 30.
    pub drop_amber_points: Option<u16>,
    /// So many points under the stay's baseline are red: more than for amber.
    pub drop_red_points: Option<u16>,
    /// The last readings against those of the first day.
    pub trend: Option<Trend>,
    /// How long a continuous source may stand under the red limit.
    pub sustained: Option<Sustained>,
    /// From this whole percent on oxygen is too much, while on oxygen.
    pub too_high_at_or_above: Option<u16>,
    /// Readings that do not say otherwise count as taken on oxygen.
    pub on_oxygen: bool,
    /// Limits of the pulse.
    pub pulse: Option<PulseLimits>,
    /// From which NEWS2 score on there is an alert.
    pub news2: Option<News2Limits>,
    /// A fall of so many points in an exertion test is amber: 1 to 30.
    pub exertion_fall_points: Option<u16>,
}

/// The median of the last readings so many points under that of the first day: amber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// 1 to 30.
    pub points: u16,
    /// Of so many last readings: 3 to 12.
    pub readings: u16,
}

/// At the red limit or under it for `seconds` of the last `of_seconds`: red.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sustained {
    /// At least 15.
    pub seconds: u32,
    /// At most 3600.
    pub of_seconds: u32,
    /// So many points over the red limit, for all of `of_seconds`, clear it: 1 to 10.
    pub clears_points: u16,
}

/// Limits of the pulse, beats a minute, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PulseLimits {
    /// Red at this and under.
    pub red_at_or_below: u16,
    /// Amber at this and under.
    pub amber_at_or_below: u16,
    /// Amber at this and over.
    pub amber_at_or_above: u16,
    /// Red at this and over.
    pub red_at_or_above: u16,
}

/// From which NEWS2 score on there is an alert, by what the set scores at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct News2Limits {
    /// Amber at this and over: 1 to 19.
    pub amber_at_or_above: u8,
    /// Red at this and over: at most 20.
    pub red_at_or_above: u8,
    /// 3 points in one parameter are amber.
    pub single_three_is_amber: bool,
    /// What was taken further apart is not one set, in minutes: 1 to 240.
    pub max_spread_minutes: u16,
}

/// How the ward and the patient work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The ward rings.
    ActiveCalls,
    /// Readings come by themselves, the ward rings when it must.
    TechnologyEnabled,
    /// The patient rings when something is wrong.
    SelfEscalation,
}

/// Times of day in the ward's zone, and how far from them counts as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// In order, each once: `08:00`.
    #[schema(value_type = Vec<String>)]
    pub times: Vec<Time>,
    /// So many minutes before the time count as done.
    pub before_minutes: u16,
    /// So many minutes after it still do.
    pub after_minutes: u16,
}

/// Which questions are asked, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Diary {
    /// The questionnaire's name.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// When it is filled in.
    pub schedule: Schedule,
}

/// When the ward rings. Day 1 is the ward's day of admission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// Every day.
    Daily,
    /// On these days of the stay.
    Days(Vec<u16>),
    /// On day 1 and every so many days after it.
    EveryDays(u16),
}

/// A prescribed range of oxygen saturation, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Lower end.
    pub from: u16,
    /// Upper end.
    pub to: u16,
}

/// Where a red goes when the ward is not staffed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unstaffed {
    /// To somebody on call.
    OnCall {
        /// Role or rota, as staff say it.
        name: String,
        /// Their phone.
        phone: String,
    },
    /// To nobody: the patient is told to use 111 and 999.
    Advice111,
}

/// Everything of a plan that is not a limit on a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// How the ward and the patient work together.
    pub mode: Mode,
    /// When readings are taken.
    pub schedule: Schedule,
    /// The diary, if one is kept.
    #[serde(default)]
    pub diary: Option<Diary>,
    /// When the ward rings.
    pub contact: Contact,
    /// The prescribed oxygen target, if there is one.
    #[serde(default)]
    pub oxygen_target: Option<Target>,
    /// Where a red goes when the ward is not staffed.
    pub unstaffed: Unstaffed,
    /// How long the stay is meant to last, in days.
    pub days: u16,
    /// Until when this plan counts; after it the ward's default does, and says so.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub review_by: Option<Date>,
}

/// From and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub from: u32,
    /// The most.
    pub to: u32,
}

/// The safe limits of one scale, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeLimits {
    /// For red at or below.
    pub red_at_or_below: Range,
    /// For amber at or below.
    pub amber_at_or_below: Range,
}

/// Within which limits one clinician may set a plan alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeRange {
    /// On scale 1.
    pub scale_one: SafeLimits,
    /// On scale 2.
    pub scale_two: SafeLimits,
    /// For the recheck of a red, in seconds.
    pub recheck_red_seconds: Range,
    /// For the recheck of an amber, in seconds.
    pub recheck_amber_seconds: Range,
}

/// A limit outside the ward's safe range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutsideView {
    /// Which limit.
    pub limit: String,
    /// What was given.
    pub given: u32,
    /// What the ward calls safe.
    pub safe: Range,
}

/// One band in the words that the patient is given, made from their own plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BandWords {
    /// `green`, `amber` or `red`.
    pub band: String,
    /// The numbers: `93 or 94`.
    pub numbers: String,
    /// What to do.
    pub advice: String,
}

/// A version of a plan, as it stays on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionView {
    /// 1, 2, 3 …
    pub version: u32,
    /// Limits.
    pub limits: Limits,
    /// Everything else.
    pub care: Care,
    /// `admission`, `set`, `approved`, `fell_back` or `review_overdue`.
    pub origin: String,
    /// The day by which nobody had reviewed the version before: with `fell_back` and `review_overdue`.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_missed: Option<Date>,
    /// Who wrote it; nobody when it is the ward's default.
    pub author: Option<Uuid>,
    /// Who approved it, when it needed a second person.
    pub approved_by: Option<Uuid>,
    /// Why it is so.
    pub reason: String,
    /// Since when it was in force; since the admission when it is not said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub set_at: Option<Timestamp>,
}

/// A plan that waits for a second person, or waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalView {
    /// 1, 2, 3 … for this stay.
    pub number: u32,
    /// `waiting`, `approved`, `rejected` or `superseded`.
    pub state: String,
    /// The version that it would replace.
    pub replaces: u32,
    /// Limits.
    pub limits: Limits,
    /// Everything else.
    pub care: Care,
    /// Which limits lie outside the ward's safe range.
    pub outside: Vec<OutsideView>,
    /// Who proposes.
    pub by: Uuid,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Why not.
    pub refusal: Option<String>,
}

/// `GET …/stays/{stay}/plan`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanReply {
    /// What is in force.
    pub in_force: VersionView,
    /// What waits for a second person.
    pub waiting: Option<ProposalView>,
    /// The bands in the patient's words, best first.
    pub words: Vec<BandWords>,
    /// What is printed beside them for a prescribed target.
    pub target_words: Option<String>,
    /// Shown near every number.
    pub guide: String,
    /// Within which limits one clinician may change it alone.
    pub safe_range: SafeRange,
    /// Names of the staff that it mentions, by id.
    pub staff: BTreeMap<Uuid, String>,
}

/// `PUT …/stays/{stay}/plan`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPlanRequest {
    /// The version that the screen showed.
    pub replaces: u32,
    /// Limits.
    pub limits: Limits,
    /// Everything else.
    pub care: Care,
    /// Why, in 2,000 characters at most.
    pub reason: String,
}

/// Limits to be tried on what was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfRequest {
    /// Limits.
    pub limits: Limits,
}

/// What limits would have raised on the last thirty days, if each bout of a problem were one alert that is over when its
/// condition is green again. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WhatIfReply {
    /// From then …
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// … until then.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Reds of this patient that would not have been raised, or only as something less.
    pub reds_gone: u32,
    /// What must be read before the plan is set, in words: reds that would go, and what was not looked at.
    pub warnings: Vec<String>,
    /// On this patient.
    pub patient: WhatIfOf,
    /// On all stays of the ward whose plan has the same NEWS2 scale, each by its own plan and by these limits.
    pub ward: WhatIfOf,
    /// Stays that were looked at.
    pub stays: u32,
    /// Stays that were not looked at: there was too much.
    pub stays_left_out: u32,
    /// Stays on the other NEWS2 scale, for whom these limits are not.
    pub stays_on_other_scale: u32,
    /// Raised on this patient by the proposed limits alone, the newest first, 50 at most.
    pub new: Vec<WhatIfAlert>,
    /// Raised on this patient by the plan in force alone, the newest first, 50 at most.
    pub gone: Vec<WhatIfAlert>,
    /// So many more are new.
    pub more_new: u32,
    /// So many more are gone.
    pub more_gone: u32,
}

/// Two plans over the same readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WhatIfOf {
    /// Days on the ward, of all patients together.
    pub patient_days: f64,
    /// Readings that were looked at.
    pub readings: u64,
    /// There were more than could be looked at.
    pub is_cut: bool,
    /// Alerts of each problem and severity.
    pub alerts: Vec<WhatIfCount>,
    /// All alerts on a day of a patient, by the plan in force; absent without a day.
    pub per_patient_day_in_force: Option<f64>,
    /// All alerts on a day of a patient, by the proposed limits; absent without a day.
    pub per_patient_day_proposed: Option<f64>,
}

/// How many alerts of one problem and severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhatIfCount {
    /// The problem's name.
    pub problem: String,
    /// `red`, `amber` or `low`.
    pub severity: String,
    /// By the plan in force.
    pub in_force: u32,
    /// By the proposed limits.
    pub proposed: u32,
}

/// An alert that only one of the two raises so severely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WhatIfAlert {
    /// The problem's name.
    pub problem: String,
    /// `red`, `amber` or `low`.
    pub severity: String,
    /// What the other one raises of the same problem meanwhile; absent: nothing.
    pub instead: Option<String>,
    /// When it is raised.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Timestamp,
    /// When its condition is green again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cleared_at: Option<Timestamp>,
    /// The lowest saturation that it rests on.
    pub worst_percent: Option<f64>,
    /// How many readings it rests on.
    pub readings: u32,
}

/// What became of it: one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetPlanReply {
    /// It is in force.
    pub in_force: Option<VersionView>,
    /// It waits for a second person; the plan goes on as it was.
    pub waiting: Option<ProposalView>,
}

/// `POST …/plan/proposals/{number}/reject`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectRequest {
    /// Why, in 2,000 characters at most.
    pub reason: String,
}

/// `GET …/stays/{stay}/plan/history`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryReply {
    /// The versions.
    pub versions: Vec<VersionView>,
    /// The newest proposals, whatever became of them: with the first page alone.
    pub proposals: Vec<ProposalView>,
    /// Ask for what is before this version; nothing when this is all.
    pub before: Option<u32>,
    /// Names of the staff that it mentions, by id.
    pub staff: BTreeMap<Uuid, String>,
}

/// A plan that a pathway begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateView {
    /// Stays the same when the title changes.
    pub name: String,
    /// As staff call the pathway.
    pub title: String,
    /// Where the numbers come from, and which of them the ward must check.
    pub source: String,
    /// Limits.
    pub limits: Limits,
    /// Everything else.
    pub care: Care,
}

/// `GET …/plan-templates`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Templates {
    /// All of them.
    pub templates: Vec<TemplateView>,
}

/// `GET` and `PUT …/defaults`: what the ward admits patients with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Limits.
    pub limits: Limits,
    /// Everything else. It has no day of review.
    pub care: Care,
    /// Within which limits one clinician may set a plan alone. A senior clinician changes it.
    pub safe_range: SafeRange,
}
