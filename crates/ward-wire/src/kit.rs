//! The kit ledger, and readings that are nobody's until a person says whose.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Measures.
    Oximeter,
    /// Reads oximeters.
    Bridge,
}

/// A piece of kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitView {
    /// Its id.
    pub id: Uuid,
    /// Oximeter or bridge.
    pub kind: Kind,
    /// What stands on its sticker.
    pub label: String,
    /// The maker's serial number.
    pub serial: String,
    /// Maker and model of an oximeter, or where a bridge stands.
    pub name: String,
    /// An oximeter's Bluetooth address.
    pub address: Option<String>,
    /// `in_stock`, `issued`, `assigned`, `due_back`, `cleaning` or `lost`.
    pub state: String,
    /// What may be done with it now.
    pub possible: Vec<String>,
    /// The stay of the patient who has it, or who had it when it was lost.
    pub stay: Option<Uuid>,
    /// The care home that has it, or had it.
    pub place: Option<String>,
    /// The bridge that reads it.
    pub bridge: Option<Uuid>,
    /// Since when its wearer has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub worn_from: Option<Timestamp>,
    /// When it is to come back.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_back: Option<Date>,
    /// Since when it is where it is.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// `GET …/kit`: a page, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitPage {
    /// The kit.
    pub kit: Vec<KitView>,
    /// Ask for what follows this id; nothing when this is all.
    pub after: Option<Uuid>,
}

/// `POST …/kit/oximeters`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOximeter {
    /// Bluetooth address: `00:1C:05:FF:4E:5D`.
    pub address: String,
    /// Maker and model.
    pub model: String,
    /// What stands on its sticker.
    #[serde(default)]
    pub label: String,
    /// The maker's serial number.
    #[serde(default)]
    pub serial: String,
}

/// `POST …/kit/bridges`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBridge {
    /// Where it is to stand; no patient's name.
    pub name: String,
    /// What stands on its sticker.
    #[serde(default)]
    pub label: String,
    /// The maker's serial number.
    #[serde(default)]
    pub serial: String,
}

/// A new bridge and the code to enrol it with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewBridgeReply {
    /// The bridge.
    pub kit: KitView,
    /// Good once, for 30 minutes: `wardlight-bridge enrol`.
    pub enrolment_code: String,
}

/// `POST …/kit/{kit}/steps`: what was done with a piece of kit. A time that is left out is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum StepRequest {
    /// Handed to a patient or to a care home: one of the two.
    Issue {
        /// The patient's stay.
        #[serde(default)]
        stay: Option<Uuid>,
        /// The care home.
        #[serde(default)]
        place: Option<String>,
        /// When it is to come back.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = Date)]
        due_back: Option<Date>,
    },
    /// A patient measures with it from now on.
    Assign {
        /// The patient's stay.
        stay: Uuid,
        /// The bridge that reads it.
        bridge: Uuid,
        /// Since when.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
        /// When it is to come back.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = Date)]
        due_back: Option<Date>,
    },
    /// It went from its wearer straight to the next.
    HandOver {
        /// The next one's stay.
        stay: Uuid,
        /// The bridge that reads it there.
        bridge: Uuid,
        /// Since when.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
    },
    /// It is asked back.
    AskBack {
        /// By when.
        #[schema(value_type = String, format = Date)]
        by: Date,
    },
    /// It came back.
    Return {
        /// When its wearer gave it up.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Option<Timestamp>,
    },
    /// It is clean.
    Clean,
    /// Nobody knows where it is.
    Lost {
        /// Since when.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Option<Timestamp>,
    },
    /// It has turned up.
    Found,
}

/// `POST …/stays/{stay}/kit/ask-back`: everything that a patient has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBackRequest {
    /// By when.
    #[schema(value_type = String, format = Date)]
    pub by: Date,
}

/// Who wore an oximeter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WearerView {
    /// Their stay.
    pub stay: Uuid,
    /// The bridge that read it.
    pub bridge: Uuid,
    /// From when …
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// … until when, not included.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

/// `GET …/kit/{kit}/wearers`: newest first, 200 at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wearers {
    /// Who, from when to when.
    pub wearers: Vec<WearerView>,
}

/// Something that is kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuarantinedView {
    /// Its id.
    pub item: Uuid,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When it was measured, as well as can be told; nothing when it cannot be read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub measured_at: Option<Timestamp>,
    /// The bridge that sent it.
    pub bridge: Uuid,
    /// The oximeter that it names.
    pub device_address: Option<String>,
    /// Why it is nobody's.
    pub reason: String,
    /// The saturation in it, if one could be made out.
    pub spo2_percent: Option<f64>,
    /// Whether a person can say whose it is; otherwise it can only be left as nobody's.
    pub is_a_reading: bool,
    /// What a person said.
    pub decided: Option<DecidedView>,
}

/// What a person said of something that was kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecidedView {
    /// Whose reading it is; nobody's when left out.
    pub stay: Option<Uuid>,
    /// Who said so.
    pub by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How they know.
    pub reason: String,
}

/// `GET …/quarantine`: newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuarantinePage {
    /// What is kept apart.
    pub items: Vec<QuarantinedView>,
    /// Ask for what came in before this time; nothing when this is all.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub before: Option<Timestamp>,
}

/// `POST …/quarantine/{item}/decide`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRequest {
    /// Whose reading it is; left out, it stays nobody's.
    #[serde(default)]
    pub stay: Option<Uuid>,
    /// How you know, in 500 characters at most.
    pub reason: String,
}
