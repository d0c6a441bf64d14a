//! From the ward's nouns to the treaty's.

pub(crate) mod detail;
pub(crate) mod diary;
mod escalation;
pub(crate) mod exertion;
pub(crate) mod explain;
pub(crate) mod kit;
pub(crate) mod observations;
pub(crate) mod plan;
pub(crate) mod shift;
pub(crate) mod what_if;

use ward_core::acuity::{Acuity, is_technical};
use ward_core::alert::{Alert, Confirmation, Outcome, Severity, State, Subject};
use ward_core::event::WardEvent;
use ward_core::plan::{Band, MonitoringPlan, Spo2Scale};
use ward_core::stay::{Destination, PauseReason, Phase, Point};
use ward_core::technical::Detail;
use ward_core::time::Timestamp;
use ward_core::ward::{Ward, WardCode};
use ward_service::{Board, Caseload, Entry};
use ward_wire::{board as wire, feed};

pub(crate) fn time(at: Timestamp) -> jiff::Timestamp {
    let end = if at.as_millis() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(end)
}

pub(crate) fn ward(ward: &Ward) -> wire::WardView {
    wire::WardView {
        id: ward.id.0,
        code: ward.code.to_string(),
        name: ward.name.clone(),
        phone: ward.phone.clone(),
        time_zone: ward.time_zone.clone(),
    }
}

pub(crate) fn board(board: &Board, you: wire::You, now: Timestamp) -> wire::Board {
    let code = &board.snapshot.ward.code;
    let alerts = |alerts: Option<&Vec<Alert>>| {
        alerts
            .into_iter()
            .flatten()
            .map(|alert| self::alert(code, alert))
            .collect()
    };
    wire::Board {
        ward: ward(&board.snapshot.ward),
        epoch: board.epoch,
        as_of: board.snapshot.as_of.0,
        server_time: time(now),
        you,
        rows: board
            .snapshot
            .caseload
            .iter()
            .map(|row| self::row(row, alerts(board.by_stay.get(&row.record.stay.id))))
            .collect(),
        technical: alerts(Some(&board.technical)),
        shift: shift::of(board, now),
        staff: board
            .staff
            .iter()
            .map(|(id, name)| (id.0, name.clone()))
            .collect(),
    }
}

fn row(row: &Caseload, alerts: Vec<wire::AlertView>) -> wire::BoardRow {
    let patient = &row.patient;
    wire::BoardRow {
        stay: row.record.stay.id.0,
        name: patient.display_name(),
        birth_date: patient.birth_date.on_screen(),
        nhs_number: patient.nhs_number.to_string(),
        phone: patient.phone.clone(),
        language: patient.details.language.clone(),
        call_needs: shift::call_needs(&patient.details),
        team: row.team.clone(),
        address: patient.address.clone(),
        door_access: patient.door_access.clone(),
        others_at_home: patient.others_at_home.clone(),
        oxygen_at_home: patient.oxygen_at_home.clone(),
        escalation_plan: patient.escalation_plan.clone(),
        away: away(row.record.stay.phase),
        plan: plan(&row.record.stay.plan, row.review_missed),
        trend: row.record.state.trend.iter().map(point).collect(),
        last_tried_at: row.record.state.last_tried_at.map(time),
        alerts,
    }
}

fn away(phase: Phase) -> Option<wire::AwayView> {
    let (why, since) = match phase {
        Phase::Active => return None,
        Phase::Paused { since, reason } => {
            let why = match reason {
                PauseReason::InHospital => "in_hospital",
                PauseReason::InRespite => "in_respite",
                PauseReason::Away => "away",
            };
            (why, since)
        }
        Phase::Ended { at, destination } => {
            let why = match destination {
                Destination::Died => "died",
                Destination::Hospital => "admitted_to_hospital",
                Destination::Home
                | Destination::CommunityTeam
                | Destination::CareHome
                | Destination::Hospice
                | Destination::Withdrawn => "discharged",
            };
            (why, at)
        }
    };
    Some(wire::AwayView {
        why: why.to_owned(),
        since: time(since),
    })
}

fn plan(plan: &MonitoringPlan, review_missed: Option<jiff::civil::Date>) -> wire::PlanView {
    wire::PlanView {
        review_missed,
        spo2_scale: match plan.spo2_scale {
            Spo2Scale::One => 1,
            Spo2Scale::Two => 2,
        },
        red_at_or_below: plan.red_at_or_below,
        amber_at_or_below: plan.amber_at_or_below,
    }
}

pub(crate) fn point(point: &Point) -> wire::PointView {
    wire::PointView {
        at: time(point.at),
        spo2_percent: point.spo2.percent(),
        pulse_bpm: point.pulse.map(ward_core::spo2::Pulse::bpm),
        band: band(point.band),
        doubtful: point.doubtful,
    }
}

pub(crate) const fn severity(severity: Severity) -> wire::Severity {
    match severity {
        Severity::Low => wire::Severity::Low,
        Severity::Amber => wire::Severity::Amber,
        Severity::Red => wire::Severity::Red,
    }
}

pub(crate) const fn band(band: Band) -> wire::Band {
    match band {
        Band::Green => wire::Band::Green,
        Band::Amber => wire::Band::Amber,
        Band::Red => wire::Band::Red,
    }
}

pub(crate) fn alert(code: &WardCode, alert: &Alert) -> wire::AlertView {
    let (stay, bridge, device_address) = match &alert.subject {
        Subject::Stay(stay) => (Some(stay.0), None, None),
        Subject::Bridge(bridge) => (None, Some(bridge.0), None),
        Subject::Ward => (None, None, None),
        Subject::Device { bridge, address } => (None, Some(bridge.0), Some(address.to_string())),
    };
    let (acknowledged, resolved) = match &alert.state {
        State::Raised => (None, None),
        State::Acknowledged { by, at, .. } => (
            Some(wire::ByWhom {
                clinician: by.0,
                at: time(*at),
            }),
            None,
        ),
        State::Resolved { by, at, .. } => (
            None,
            Some(wire::ByWhom {
                clinician: by.0,
                at: time(*at),
            }),
        ),
    };
    wire::AlertView {
        number: alert.number.0,
        spoken: format!("{code} {}", alert.number),
        stay,
        bridge,
        device_address,
        problem: alert.problem.name().to_owned(),
        technical: is_technical(alert.problem),
        kind: shift::kind(alert.problem),
        severity: severity(alert.severity),
        confirmation: confirmation(alert.confirmation).to_owned(),
        condition: band(alert.condition),
        doubtful: alert.is_doubtful(),
        rank: Acuity::of(alert).rank,
        raised_at: time(alert.raised_at),
        severity_since: time(alert.severity_since),
        spoke_seq: alert.spoke_seq.0,
        spoke_at: time(alert.spoke_at),
        worst_percent: alert.worst.map(ward_core::spo2::Spo2::percent),
        first_low_at: alert.lows.map(|lows| time(lows.first_at)),
        last_low_at: alert.lows.map(|lows| time(lows.last_at)),
        lows: alert.lows.map_or(0, |lows| lows.count),
        recheck_by: alert.recheck_by.map(time),
        unseen: alert.unseen,
        acknowledged,
        assigned_by: match &alert.state {
            State::Acknowledged { assigned_by, .. } => assigned_by.map(|by| by.0),
            State::Raised | State::Resolved { .. } => None,
        },
        resolved,
        outcome: match &alert.state {
            State::Resolved { outcome, .. } => Some(outcome_view(*outcome)),
            State::Raised | State::Acknowledged { .. } => None,
        },
        candidates: match &alert.detail {
            Some(Detail::Candidates { stays }) => stays.iter().map(|stay| stay.0).collect(),
            Some(_) | None => Vec::new(),
        },
        reads: detail::reads(alert.detail.as_ref()),
        missed: detail::missed(alert.detail.as_ref()),
        silent_since: detail::silent_since(alert.detail.as_ref()).map(time),
        heard_again_at: detail::heard_again_at(alert.detail.as_ref()).map(time),
        detail: detail::of(alert),
        level: alert.ladder.level,
        passed_on_seq: alert.ladder.seq.map(|seq| seq.0),
        next_level_at: alert.ladder.next_at.map(time),
        told: escalation::told(alert),
        snooze: escalation::snooze(alert),
    }
}

const fn confirmation(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::Unconfirmed => "unconfirmed",
        Confirmation::SecondReading => "second_reading",
        Confirmation::NoRecheck => "no_recheck",
        Confirmation::NotAsked => "not_asked",
    }
}

/// A frame of the feed, as it goes over the socket.
pub(crate) fn frame(code: &WardCode, entry: &Entry) -> feed::Frame {
    match entry {
        Entry::Event(logged) => feed::Frame::Event {
            seq: logged.seq.0,
            at: time(logged.at),
            event: event(code, &logged.event),
        },
        Entry::Unreadable { seq, at, .. } => feed::Frame::Event {
            seq: seq.0,
            at: time(*at),
            event: feed::Event::Unreadable,
        },
    }
}

fn event(code: &WardCode, event: &WardEvent) -> feed::Event {
    match event {
        WardEvent::StayAdmitted { stay } => feed::Event::StayAdmitted { stay: stay.id.0 },
        WardEvent::DeviceAssigned { assignment } => feed::Event::DeviceAssigned {
            stay: assignment.stay.0,
        },
        WardEvent::ReadingsRecorded {
            stay,
            points,
            attempts,
        } => feed::Event::Readings {
            stay: stay.0,
            points: points.iter().map(point).collect(),
            attempts: *attempts,
        },
        WardEvent::DataQuarantined {
            bridge,
            items,
            reason,
        } => feed::Event::DataQuarantined {
            bridge: bridge.0,
            items: *items,
            reason: reason.clone(),
        },
        WardEvent::Alert { change, alert } => feed::Event::Alert {
            change: change.name().to_owned(),
            speaks: change.speaks(),
            alert: Box::new(self::alert(code, alert)),
        },
        other => {
            let (stay, what) = (other.stay().map(|stay| stay.0), other.kind().to_owned());
            if other.changes_board() {
                feed::Event::StayChanged { stay, what }
            } else {
                feed::Event::Noted { stay, what }
            }
        }
    }
}

pub(crate) const fn outcome(outcome: wire::Outcome) -> Outcome {
    match outcome {
        wire::Outcome::NoChange => Outcome::NoChange,
        wire::Outcome::MeasurementFault => Outcome::MeasurementFault,
        wire::Outcome::AdviceGiven => Outcome::AdviceGiven,
        wire::Outcome::VisitArranged => Outcome::VisitArranged,
        wire::Outcome::TreatmentChanged => Outcome::TreatmentChanged,
        wire::Outcome::PassedOn => Outcome::PassedOn,
        wire::Outcome::AmbulanceCalled => Outcome::AmbulanceCalled,
        wire::Outcome::AdmittedToHospital => Outcome::AdmittedToHospital,
        wire::Outcome::Died => Outcome::Died,
        wire::Outcome::KitSeenTo => Outcome::KitSeenTo,
        wire::Outcome::TransferredWard => Outcome::TransferredWard,
    }
}

const fn outcome_view(outcome: Outcome) -> wire::Outcome {
    match outcome {
        Outcome::NoChange => wire::Outcome::NoChange,
        Outcome::MeasurementFault => wire::Outcome::MeasurementFault,
        Outcome::AdviceGiven => wire::Outcome::AdviceGiven,
        Outcome::VisitArranged => wire::Outcome::VisitArranged,
        Outcome::TreatmentChanged => wire::Outcome::TreatmentChanged,
        Outcome::PassedOn => wire::Outcome::PassedOn,
        Outcome::AmbulanceCalled => wire::Outcome::AmbulanceCalled,
        Outcome::AdmittedToHospital => wire::Outcome::AdmittedToHospital,
        Outcome::Died => wire::Outcome::Died,
        Outcome::KitSeenTo => wire::Outcome::KitSeenTo,
        Outcome::TransferredWard => wire::Outcome::TransferredWard,
    }
}
