//! What stands on the paper, in the words of the ward.

use ward_core::alert::{Alert, Confirmation, Problem, Severity, State};
use ward_core::call_list::Reason;
use ward_core::contact::{CallOutcome, Direction, Last, Way, Whom, Why};
use ward_core::day::Zone;
use ward_core::ladder::{Ladder, Rung};
use ward_core::patient::{Details, Patient, Relay};
use ward_core::plan::{Band, MonitoringPlan, Spo2Scale};
use ward_core::stay::{PauseReason, Point};
use ward_core::technical::{Cause, Detail};
use ward_core::time::Timestamp;

/// Times are told by the ward's clock, with the day when it is another than the paper's.
pub(super) struct When<'a> {
    pub(super) zone: &'a Zone,
    pub(super) now: Timestamp,
}

impl When<'_> {
    pub(super) fn at(&self, at: Timestamp) -> String {
        let local = self.zone.local(at);
        let form = if local.date() == self.zone.day_of(self.now) {
            "%H:%M"
        } else {
            "%H:%M on %d-%b"
        };
        local.strftime(form).to_string()
    }

    /// For the head of a sheet.
    pub(super) fn in_full(&self) -> String {
        let local = self.zone.local(self.now);
        local.strftime("%H:%M on %A %d-%b-%Y").to_string()
    }

    pub(super) fn value(&self, point: &Point) -> String {
        let (mark, word) = match point.band {
            Band::Red => (" ***", " red"),
            Band::Amber => (" **", " amber"),
            Band::Green => ("", ""),
        };
        let doubt = if point.doubtful { ", doubtful" } else { "" };
        format!(
            "{} %{mark}{word} at {}{doubt}",
            point.spo2,
            self.at(point.at)
        )
    }

    pub(super) fn reason(&self, code: &str, reason: &Reason) -> String {
        match reason {
            Reason::Alert {
                number,
                problem: about,
                severity: how,
                reached_since,
            } => {
                let since = if *reached_since {
                    ", reached since"
                } else {
                    ""
                };
                format!(
                    "{}: {} ({code} {}){since}",
                    severity(*how),
                    problem(*about),
                    number.0
                )
            }
            Reason::CarriedOver { since } => {
                format!("Owed since {}", since.strftime("%d-%b"))
            }
            Reason::NewToday => "New today".to_owned(),
            Reason::DueToday { day, last: false } => format!("Due today, day {day}"),
            Reason::DueToday { day, last: true } => {
                format!("Day {day}, the planned end: discharge, or assess again")
            }
            Reason::Asked { why, due } => format!("{} {}", asked(*why), self.at(*due)),
        }
    }

    pub(super) fn last(&self, last: &Last, by: &str) -> String {
        let what = match last.way {
            Way::Telephone => "call",
            Way::Video => "video call",
            Way::Visit => "visit",
        };
        let whom = match last.whom {
            Whom::Patient => "patient",
            Whom::Carer => "carer",
            Whom::NextOfKin => "next of kin",
            Whom::WelfareCheck => "welfare check",
        };
        let outcome = match (last.direction, last.outcome) {
            (Direction::ToWard, _) => "rang the ward",
            (Direction::FromWard, CallOutcome::Reached) => "reached",
            (Direction::FromWard, CallOutcome::NoAnswer) => "no answer",
            (Direction::FromWard, CallOutcome::LeftMessage) => "message left",
            (Direction::FromWard, CallOutcome::WrongNumber) => "wrong number",
        };
        format!(
            "Last {what}: {whom}, {outcome} at {}, {by}",
            self.at(last.at)
        )
    }

    pub(super) fn ladder(&self, ladder: &Ladder) -> String {
        let next = match ladder.rung {
            Rung::Patient => "ring the patient again",
            Rung::NextOfKin => "ask next of kin",
            Rung::Visit => "visit",
            Rung::WelfareCheck => "ask for a welfare check",
            Rung::HearOfWelfareCheck => "hear of the welfare check",
        };
        let from = ladder.again_from.filter(|at| *at > self.now);
        let from = from.map_or_else(String::new, |at| format!(", best from {}", self.at(at)));
        format!("Tried {}×. Next: {next}{from}", ladder.tries.count())
    }

    pub(super) fn has_it(
        &self,
        alert: &Alert,
        name: impl Fn(&ward_core::id::ClinicianId) -> String,
    ) -> String {
        match &alert.state {
            State::Raised => format!("Nobody has it, since {}", self.at(alert.spoke_at)),
            State::Acknowledged { by, at, .. } => {
                format!("{} has it, since {}", name(by), self.at(*at))
            }
            State::Resolved { by, at, .. } => format!("Ended by {} at {}", name(by), self.at(*at)),
        }
    }
}

/// A word, and the marks of IEC 60601-1-8 before it: paper may be printed without colour.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Red => "*** RED",
        Severity::Amber => "** AMBER",
        Severity::Low => "* LOW",
    }
}

pub(super) const fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Oxygen => "low oxygen",
        Problem::LateLow => "a low that came in late",
        Problem::OxygenDrop => "oxygen well under what is usual for this person",
        Problem::OxygenTrend => "oxygen lower than on the first day",
        Problem::OxygenSustained => "low oxygen that lasts",
        Problem::OxygenTooHigh => "oxygen over the target while on oxygen",
        Problem::Pulse => "pulse",
        Problem::News2 => "NEWS2",
        Problem::Exertion => "a fall of oxygen on exertion",
        Problem::Silence => "silence: nothing where something was due",
        Problem::Symptom => "a symptom that does not wait",
        Problem::AskedForHelp => "asked for help",
        Problem::Technical(cause) => match cause {
            Cause::PoorSignal => "several measurements gave no value",
            Cause::ClockWrong => "a clock is wrong",
            Cause::UnknownDevice => "a value from an oximeter that nobody is known to wear",
            Cause::UnreadableData => "data that could not be read",
            Cause::BridgeSilent => "a bridge was not heard of",
            Cause::BluetoothDown => "a bridge's Bluetooth does not work",
            Cause::BridgeKeyExpired => "a bridge's key should have been renewed",
            Cause::DeviceBattery => "an oximeter's battery is nearly flat",
            Cause::OximeterNotHeard => "an oximeter has not been heard for long",
            Cause::OximeterCannotBeRead => "an oximeter cannot be read",
            Cause::ReadingsStuck => "readings stay on a bridge",
            Cause::DiskNearlyFull => "a bridge's disk is nearly full",
            Cause::AfterDischarge => "a reading after discharge",
            Cause::WhilePaused => "a reading while the stay is paused",
            Cause::DeliveryFailing => "messages do not get through",
            Cause::NobodyWatching => "no board is watched",
            Cause::AlertPathBroken => "a test reading did not come through to a board",
            Cause::AlertsDisagree => "readings and alerts do not agree",
        },
    }
}

/// What an alert is about, with how sure and how low.
pub(super) fn about(alert: &Alert) -> String {
    let mut text = problem(alert.problem).to_owned();
    if let Some(Detail::Symptoms { red, amber, .. }) = &alert.detail {
        let told: Vec<String> = red
            .iter()
            .chain(amber)
            .map(|code| code.replace('_', " "))
            .collect();
        text.push_str(&format!(" ({})", told.join(", ")));
    }
    if let Some(Detail::Help {
        called_999: true, ..
    }) = &alert.detail
    {
        text.push_str(", has called 999");
    }
    if let Some(worst) = alert.worst {
        text.push_str(&format!(", lowest {worst} %"));
    }
    text.push_str(match alert.confirmation {
        Confirmation::Unconfirmed => ", unconfirmed",
        Confirmation::SecondReading => ", confirmed by a second reading",
        Confirmation::NoRecheck => ", not rechecked in time",
        Confirmation::NotAsked => "",
    });
    if alert.is_doubtful() {
        text.push_str(", doubtful");
    }
    if alert.problem == Problem::Oxygen && alert.condition == Band::Green {
        text.push_str("; now green: review");
    }
    text
}

const fn asked(why: Why) -> &'static str {
    match why {
        Why::CallBack => "Asked to be rung back,",
        Why::Wellbeing => "Low in spirits or alone,",
        Why::NextContact => "Agreed for",
        Why::Visit => "Visit booked for",
        Why::BackHome => "Back at home since",
        Why::OwedBefore => "Owed since the plan was changed,",
    }
}

pub(super) const fn pause(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::InHospital => "in hospital",
        PauseReason::InRespite => "in respite care",
        PauseReason::Away => "away",
    }
}

/// By what a value of this person is judged.
pub(super) fn limits(plan: &MonitoringPlan) -> String {
    let scale = match plan.spo2_scale {
        Spo2Scale::One => 1,
        Spo2Scale::Two => 2,
    };
    format!(
        "Scale {scale}: red ≤{}, amber ≤{}",
        plan.red_at_or_below, plan.amber_at_or_below
    )
}

pub(super) fn who(patient: &Patient) -> String {
    format!(
        "{}   NHS {}",
        patient.birth_date.on_screen(),
        patient.nhs_number
    )
}

/// What a caller must know before they ring.
pub(super) fn needs(details: &Details) -> String {
    let mut needs = Vec::new();
    match (details.interpreter, details.language.as_str()) {
        (true, "") => needs.push("Interpreter".to_owned()),
        (true, language) => needs.push(format!("Interpreter: {language}")),
        (false, "") => {}
        (false, language) => needs.push(format!("Language: {language}")),
    }
    match details.relay {
        Some(Relay::TextRelay) => needs.push("Text relay: dial 18001 first".to_owned()),
        Some(Relay::SignLanguage) => needs.push("British Sign Language by video".to_owned()),
        None => {}
    }
    needs.push(details.communication_needs.clone());
    if let Some(through) = &details.reached_through {
        let said = [
            &through.name,
            &through.organisation,
            &through.phone,
            &through.place,
        ];
        needs.push(format!(
            "Through {}",
            joined(said.map(String::as_str), ", ")
        ));
    }
    joined(needs.iter().map(String::as_str), ". ")
}

/// Whom to ring when the person does not answer, each with their phone.
pub(super) fn kin(details: &Details) -> Vec<String> {
    let each = details.next_of_kin.iter().map(|kin| {
        let key = if kin.has_key { ", has a key" } else { "" };
        let told = if kin.may_be_told {
            ""
        } else {
            ", not to be told"
        };
        format!("{} ({}) {}{key}{told}", kin.name, kin.relation, kin.phone)
    });
    each.collect()
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    let said = parts.into_iter().filter(|part| !part.trim().is_empty());
    said.collect::<Vec<_>>().join(between)
}
