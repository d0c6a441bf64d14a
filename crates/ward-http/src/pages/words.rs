//! What the board without a script says, in words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use ward_wire::board::{AlertView, Band, Board, BoardRow, PointView, Severity};

/// One person in the plain table.
pub(crate) struct PageRow {
    pub(crate) name: String,
    pub(crate) birth_date: String,
    pub(crate) nhs_number: String,
    pub(crate) phone: String,
    pub(crate) newest: Option<PageValue>,
    pub(crate) alerts: Vec<PageAlert>,
}

/// A value in the plain table.
pub(crate) struct PageValue {
    pub(crate) percent: String,
    pub(crate) taken_at: String,
    pub(crate) mark: &'static str,
    pub(crate) word: &'static str,
    pub(crate) doubtful: bool,
}

/// An alert in the plain table.
pub(crate) struct PageAlert {
    pub(crate) number: i64,
    pub(crate) spoken: String,
    pub(crate) mark: &'static str,
    pub(crate) word: &'static str,
    pub(crate) problem: String,
    pub(crate) has_it: String,
    pub(crate) waiting: bool,
}

/// The ward's zone and its staff's names.
pub(crate) struct Words<'a> {
    zone: TimeZone,
    staff: &'a BTreeMap<Uuid, String>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(board: &'a Board) -> Self {
        Self {
            zone: TimeZone::get(&board.ward.time_zone).unwrap_or(TimeZone::UTC),
            staff: &board.staff,
        }
    }

    pub(crate) fn time_and_day(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone())
            .strftime("%H:%M:%S on %d-%b-%Y")
            .to_string()
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    pub(crate) fn row(&self, row: &BoardRow) -> PageRow {
        PageRow {
            name: match &row.away {
                Some(away) => format!(
                    "{} ({} since {})",
                    row.name,
                    away.why.replace('_', " "),
                    self.time_and_day(away.since)
                ),
                None => row.name.clone(),
            },
            birth_date: row.birth_date.clone(),
            nhs_number: row.nhs_number.clone(),
            phone: row.phone.clone(),
            newest: row.trend.last().map(|point| self.value(point)),
            alerts: row.alerts.iter().map(|alert| self.alert(alert)).collect(),
        }
    }

    fn value(&self, point: &PointView) -> PageValue {
        let (mark, word) = match point.band {
            Band::Red => ("***", "Red"),
            Band::Amber => ("**", "Amber"),
            Band::Green => ("", "Green"),
        };
        PageValue {
            percent: point.spo2_percent.to_string(),
            taken_at: point
                .at
                .to_zoned(self.zone.clone())
                .strftime("%H:%M on %d-%b-%Y")
                .to_string(),
            mark,
            word,
            doubtful: point.doubtful,
        }
    }

    pub(crate) fn alert(&self, alert: &AlertView) -> PageAlert {
        let (mark, word) = match alert.severity {
            Severity::Red => ("***", "Red"),
            Severity::Amber => ("**", "Amber"),
            Severity::Low => ("*", "Low"),
        };
        let has_it = match &alert.acknowledged {
            None => format!("Nobody has it, since {}", self.time(alert.spoke_at)),
            Some(by) => format!(
                "{} has it, since {}",
                self.staff
                    .get(&by.clinician)
                    .map_or("A colleague", String::as_str),
                self.time(by.at)
            ),
        };
        PageAlert {
            number: alert.number,
            spoken: alert.spoken.clone(),
            mark,
            word,
            problem: problem(alert),
            has_it,
            waiting: alert.acknowledged.is_none(),
        }
    }
}

fn problem(alert: &AlertView) -> String {
    let mut text = match alert.problem.as_str() {
        "oxygen" => "Low oxygen",
        "late_low" => "A low value came in late",
        "silence" => "Silence: nothing where something was due",
        "symptom" => "A symptom that does not wait",
        "asked_for_help" => "Asked for help",
        "poor_signal" => "Several measurements gave no value",
        "clock_wrong" => "A clock is wrong",
        "unknown_device" => "A reading from an oximeter that nobody is known to wear",
        "unreadable_data" => "Data that could not be read",
        "bridge_silent" => "A bridge has not been heard of",
        "bluetooth_down" => "A bridge's Bluetooth does not work",
        "device_battery" => "An oximeter's battery is nearly flat",
        "after_discharge" => "A reading after discharge",
        "while_paused" => "A reading while the stay is paused",
        "delivery_failing" => "Messages do not get through",
        other => other,
    }
    .to_owned();
    match alert.confirmation.as_str() {
        "unconfirmed" => text.push_str(", unconfirmed"),
        "second_reading" => text.push_str(", confirmed by a second reading"),
        "no_recheck" => text.push_str(", not rechecked in time"),
        _ => {}
    }
    if alert.doubtful {
        text.push_str(", doubtful");
    }
    if let Some(worst) = alert.worst_percent {
        text.push_str(&format!(", lowest {worst} %"));
    }
    text
}
