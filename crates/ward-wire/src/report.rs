//! Whether a ward helps, over a period: figures, each with what it means.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// `GET /wards/{ward}/reports.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportView {
    /// The ward.
    pub ward: Uuid,
    /// Its code.
    pub code: String,
    /// The first day, by the ward's calendar.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day, included.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// IANA name of the ward's zone: days and hours are its own.
    pub time_zone: String,
    /// When the report was made: what came later is not in it.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// How many patients the ward can look after at once, as its settings say now.
    pub capacity: Option<u32>,
    /// Alerts of the period whose record cannot be read: they are in no figure.
    pub unreadable_alerts: u32,
    /// Groups of fewer people than this are withheld.
    pub withheld_below: u32,
    /// What is withheld, in words.
    pub about_withheld: String,
    /// The figures.
    pub figures: Vec<FigureView>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FigureView {
    /// Figures of one section are read together.
    pub section: String,
    /// `alerts_per_patient_day`.
    pub name: String,
    /// As a page calls it.
    pub title: String,
    /// `count`, `seconds`, `days`, `percent` or `per_patient_day`.
    pub unit: String,
    /// What was counted, what was not, and what `n` is.
    pub definition: String,
    /// Its values: the whole first.
    pub lines: Vec<FigureLine>,
}

/// A value of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FigureLine {
    /// `whole`, `priority`, `problem`, `hour`, `day`, `outcome`, `age_band`, `language`, `device`, `source`, `direction`,
    /// `destination` or `stay`.
    pub breakdown: String,
    /// Which group; `all` for the whole.
    pub group: String,
    /// The value, to three places. `null`: withheld, or there is nothing that it could rest on.
    pub value: Option<f64>,
    /// On how many things it rests. `null`: withheld.
    pub n: Option<u32>,
    /// Too few people are behind it, or behind another group that it would give away.
    pub withheld: bool,
}
