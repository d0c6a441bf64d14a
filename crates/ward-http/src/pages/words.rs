//! What the board without a script says, in words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use ward_wire::board::{AlertKind, AlertView, Band, Board, BoardRow, PointView, Severity};
use ward_wire::escalation::ToldView;

/// What somebody is on a shift.
pub(crate) fn post_word(post: &str) -> &'static str {
    match post {
        "lead" => "lead",
        "clinician" => "clinician",
        "call_handler" => "call handler",
        "on_call" => "on call",
        _ => "on duty",
    }
}

/// One person in the plain table.
pub(crate) struct PageRow {
    pub(crate) stay: Uuid,
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
    /// One of three.
    pub(crate) kind: &'static str,
    pub(crate) problem: String,
    pub(crate) has_it: String,
    /// The same without who was told, for a page that says so itself.
    pub(crate) owner: String,
    pub(crate) waiting: bool,
    /// To whom a colleague gave it, while they have not said that they have it.
    pub(crate) asked: Option<Uuid>,
}

impl PageAlert {
    /// Whether it waits for this person: it is nobody's, or it was given to them.
    pub(crate) fn waits_for(&self, you: &Uuid) -> bool {
        self.waiting || self.asked.as_ref() == Some(you)
    }

    /// What is said by pressing: `Acknowledge PEN 4711`, or `I have PEN 4711` of what a colleague gave.
    pub(crate) fn to_take(&self) -> String {
        let verb = if self.waiting {
            "Acknowledge"
        } else {
            "I have"
        };
        format!("{verb} {}", self.spoken)
    }
}

/// The ward's zone and its staff's names, and when it is said.
pub(crate) struct Words<'a> {
    zone: TimeZone,
    now: Timestamp,
    staff: &'a BTreeMap<Uuid, String>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(board: &'a Board) -> Self {
        Self::new(&board.ward.time_zone, &board.staff, board.server_time)
    }

    pub(crate) fn new(zone: &str, staff: &'a BTreeMap<Uuid, String>, now: Timestamp) -> Self {
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            now,
            staff,
        }
    }

    pub(crate) fn time_and_day(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone())
            .strftime("%H:%M:%S on %d-%b-%Y")
            .to_string()
    }

    /// `08:02`, and the day with it when that is not today: an alert may be open for days.
    pub(crate) fn time_when(&self, at: Timestamp) -> String {
        let (at, now) = (
            at.to_zoned(self.zone.clone()),
            self.now.to_zoned(self.zone.clone()),
        );
        let words = if at.date() == now.date() {
            "%H:%M"
        } else {
            "%H:%M on %d-%b-%Y"
        };
        at.strftime(words).to_string()
    }

    /// Somebody of the staff.
    pub(crate) fn name_of(&self, clinician: Uuid) -> String {
        let name = self.staff.get(&clinician).cloned();
        name.unwrap_or_else(|| "A colleague".to_owned())
    }

    pub(crate) fn row(&self, row: &BoardRow) -> PageRow {
        PageRow {
            stay: row.stay,
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

    /// Who was told, by what, when, and what became of it: `Lena Holt (text message 10:42, delivered)`.
    pub(crate) fn told(&self, line: &ToldView) -> String {
        let at = self.time_when(line.at);
        let instead = line.instead_of.as_deref().map(|target| match target {
            "next_clinician" => "a clinician on duty",
            "lead" => "the lead",
            "on_call" => "whoever is on call",
            "phone_tree" => "the phone tree",
            _ => "the person named",
        });
        if line.whom == "nobody" {
            let why = instead.map_or_else(String::new, |it| format!(", {it} cannot be reached"));
            return format!("nobody could be told ({at}){why}: ring somebody");
        }
        let instead = instead.map_or_else(String::new, |it| format!(" instead of {it}"));
        let who = match (line.clinician, line.contact) {
            (Some(clinician), _) => self.name_of(clinician),
            (None, Some(place)) => format!("outside contact {place}"),
            (None, None) => "webhook".to_owned(),
        };
        let by = match line.by.as_deref() {
            Some("sms") => "text message",
            Some("email") => "e-mail",
            Some("web_push") => "push",
            Some(_) | None => "webhook",
        };
        let state = match line.state.as_str() {
            "queued" => "waits to go out",
            "sent" => "sent",
            "delivered" => "delivered",
            "cancelled" => "no longer needed",
            _ => "did not get through",
        };
        format!("{who} ({by} {at}, {state}){instead}")
    }

    pub(crate) fn alert(&self, alert: &AlertView) -> PageAlert {
        let (mark, word) = match alert.severity {
            Severity::Red => ("***", "Red"),
            Severity::Amber => ("**", "Amber"),
            Severity::Low => ("*", "Low"),
        };
        let has_it = match &alert.acknowledged {
            // Not since it last spoke: a confirmation speaks again, and the wait began before it.
            None => format!(
                "Nobody has it, since {}",
                self.time_when(alert.severity_since)
            ),
            Some(by) => {
                let from = alert.assigned_by.map(|from| self.name_of(from));
                let (name, since) = (self.name_of(by.clinician), self.time_when(by.at));
                match from {
                    Some(from) => format!(
                        "{from} has given it to {name}, who has not said so yet, since {since}"
                    ),
                    None => format!("{name} has it, since {since}"),
                }
            }
        };
        let snoozed = alert.snooze.as_ref().map(|snooze| {
            let why = snooze_reason_words(&snooze.reason).to_lowercase();
            let note = if snooze.note.is_empty() {
                String::new()
            } else {
                format!(" – {}", snooze.note)
            };
            format!(
                ". Snoozed until {}: {why}{note}",
                self.time_when(snooze.until)
            )
        });
        let newest = alert
            .told
            .last()
            .map(|line| format!(", told: {}", self.told(line)));
        let level = (alert.level > 0)
            .then(|| format!(". Level {}{}", alert.level, newest.unwrap_or_default()));
        let owner = has_it + &snoozed.unwrap_or_default();
        let has_it = format!("{owner}{}", level.unwrap_or_default());
        PageAlert {
            number: alert.number,
            spoken: alert.spoken.clone(),
            mark,
            word,
            kind: match alert.kind {
                AlertKind::Clinical => "Clinical",
                AlertKind::Technical => "Kit",
                AlertKind::Silence => "Silence",
            },
            problem: problem(alert),
            has_it,
            owner,
            waiting: alert.acknowledged.is_none(),
            asked: alert
                .assigned_by
                .and(alert.acknowledged.as_ref())
                .map(|by| by.clinician),
        }
    }
}

/// Why an alert may wait, in words.
pub(crate) fn snooze_reason_words(reason: &str) -> &'static str {
    match reason {
        "visit_on_its_way" => "A visit is on its way",
        "patient_resting" => "The patient rests, and was seen or spoken to",
        "kit_seen_to" => "Kit is being mended or replaced",
        "agreed_elsewhere" => "Agreed with a colleague or another team",
        _ => "As the note says",
    }
}

/// What an alert is about, by its name on the wire.
pub(crate) fn problem_named(name: &str) -> &str {
    match name {
        "oxygen" => "Low oxygen",
        "late_low" => "A low value came in late",
        "oxygen_drop" => "Oxygen well under what is usual for this person",
        "oxygen_trend" => "Oxygen lower than on the first day",
        "oxygen_sustained" => "Low oxygen that lasts",
        "oxygen_too_high" => "Oxygen over the target while on oxygen",
        "pulse" => "Pulse outside its limits",
        "news2" => "NEWS2 score",
        "exertion" => "Oxygen falls on exertion",
        "silence" => "Nothing where something was due",
        "symptom" => "A symptom that does not wait",
        "asked_for_help" => "Asked for help",
        "poor_signal" => "Several measurements gave no value",
        "clock_wrong" => "A clock is wrong",
        "unknown_device" => "A reading from an oximeter that nobody is known to wear",
        "unreadable_data" => "Data that could not be read",
        "bridge_silent" => "A bridge has not been heard of",
        "bluetooth_down" => "A bridge's Bluetooth does not work",
        "device_battery" => "An oximeter's battery is nearly flat",
        "oximeter_not_heard" => "An oximeter has not been heard for long",
        "oximeter_cannot_be_read" => "An oximeter cannot be read",
        "readings_stuck" => "Readings stay on a bridge",
        "disk_nearly_full" => "A bridge's disk is nearly full",
        "after_discharge" => "A reading after discharge",
        "while_paused" => "A reading while the stay is paused",
        "delivery_failing" => "Messages do not get through",
        "nobody_watching" => "No board of this ward is watched",
        "alert_path_broken" => "A test reading did not come through to a board",
        "alerts_disagree" => "Readings and alerts do not agree",
        other => other,
    }
}

/// What an alert is about, with how sure it is and its lowest value.
pub(crate) fn problem(alert: &AlertView) -> String {
    let mut text = problem_named(&alert.problem).to_owned();
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
