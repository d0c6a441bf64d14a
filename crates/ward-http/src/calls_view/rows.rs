//! The rows of the call list.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::call_list::{Reason, Row};
use ward_core::care::CarePlan;
use ward_core::contact::ContactState;
use ward_core::id::StayId;
use ward_core::patient::{Patient, Relay};
use ward_core::stay::Phase;
use ward_service::{Calls, Caseload};
use ward_wire::board::ByWhom;
use ward_wire::calls as wire;

use super::{direction, names, outcome, way, whom};
use crate::view;

/// So many of the newest values stand in a row.
const VALUES: usize = 3;

/// The list, whole.
pub(crate) fn call_list(calls: &Calls) -> wire::CallListView {
    let board = &calls.snapshot.board;
    let people: BTreeMap<StayId, &Caseload> = board
        .caseload
        .iter()
        .map(|row| (row.record.stay.id, row))
        .collect();
    let rows = |part: &[Row]| -> Vec<wire::CallRow> {
        let known = part
            .iter()
            .filter_map(|row| Some((row, *people.get(&row.stay)?)));
        known
            .map(|(row, person)| self::row(calls, row, person))
            .collect()
    };
    let [to_call, paused, stopped, not_due] = [
        &calls.list.to_call,
        &calls.list.paused,
        &calls.list.stopped,
        &calls.list.not_due,
    ]
    .map(|part| rows(part));
    let mentioned = |row: &wire::CallRow| {
        let last = row.last.as_ref().map(|last| last.by);
        let claim = row.claim.as_ref().map(|claim| claim.clinician);
        let stopped = row.stopped.as_ref().map(|stopped| stopped.clinician);
        [last, claim, stopped]
    };
    let all = to_call
        .iter()
        .chain(&paused)
        .chain(&stopped)
        .chain(&not_due);
    let ids: Vec<Uuid> = all.flat_map(mentioned).flatten().collect();
    wire::CallListView {
        ward: view::ward(&board.ward),
        as_of: board.as_of.0,
        server_time: view::time(calls.now),
        day: calls.zone.day_of(calls.now),
        staff: names(&calls.snapshot.staff, ids),
        to_call,
        paused,
        stopped,
        not_due,
    }
}

fn row(calls: &Calls, row: &Row, person: &Caseload) -> wire::CallRow {
    let stay = &person.record.stay;
    let known = calls.snapshot.calls.get(&row.stay);
    let never = ContactState::default();
    let contact = known.map_or(&never, |(_, contact)| contact);
    let trend = &person.record.state.trend;
    wire::CallRow {
        day: row.day,
        planned_days: known.map_or_else(|| CarePlan::default().days, |(care, _)| care.days),
        reasons: row.reasons.iter().map(reason).collect(),
        readings: trend
            .iter()
            .skip(trend.len().saturating_sub(VALUES))
            .map(view::point)
            .collect(),
        last_tried_at: person.record.state.last_tried_at.map(view::time),
        reached_at: row.reached_at.map(view::time),
        last: contact.last.map(|last| wire::LastCallView {
            at: view::time(last.at),
            by: last.by.0,
            direction: direction(last.direction),
            way: way(last.way),
            whom: whom(last.whom),
            outcome: outcome(last.outcome),
        }),
        ladder: row.ladder.map(|ladder| wire::LadderView {
            next: ladder.rung.name().to_owned(),
            again_from: ladder.again_from.map(view::time),
            first_at: ladder.tries.first_at.map(view::time),
            tries_of_patient: ladder.tries.patient,
            at_different_times: ladder.tries.at_different_times,
            tries_of_next_of_kin: ladder.tries.next_of_kin,
            visits: ladder.tries.visits,
            welfare_checks: ladder.tries.welfare_checks,
            wrong_number: ladder.tries.wrong_number,
        }),
        claim: row.claim.map(|claim| wire::ClaimView {
            clinician: claim.by.0,
            name: calls
                .snapshot
                .staff
                .get(&claim.by)
                .cloned()
                .unwrap_or_default(),
            at: view::time(claim.at),
            old: row.claim_is_old,
        }),
        stopped: contact.stopped.map(|stopped| ByWhom {
            clinician: stopped.by.0,
            at: view::time(stopped.at),
        }),
        visit_at: contact.visit.map(|visit| view::time(visit.at)),
        paused_since: match stay.phase {
            Phase::Paused { since, .. } => Some(view::time(since)),
            Phase::Active | Phase::Ended { .. } => None,
        },
        next_on: row.next_on,
        ..of_person(stay.id, &person.patient)
    }
}

/// A person who stands on no list just now: whom to ring, and nothing of why.
pub(crate) fn of_person(stay: StayId, patient: &Patient) -> wire::CallRow {
    let details = &patient.details;
    wire::CallRow {
        stay: stay.0,
        name: patient.display_name(),
        birth_date: patient.birth_date.on_screen(),
        nhs_number: patient.nhs_number.to_string(),
        phone: patient.phone.clone(),
        address: patient.address.clone(),
        language: details.language.clone(),
        interpreter: details.interpreter,
        relay: details.relay.map(|relay| match relay {
            Relay::TextRelay => "text_relay".to_owned(),
            Relay::SignLanguage => "sign_language".to_owned(),
        }),
        communication_needs: details.communication_needs.clone(),
        reached_through: details.reached_through.as_ref().map(|through| {
            let said = [
                &through.name,
                &through.organisation,
                &through.phone,
                &through.place,
            ];
            let said = said.into_iter().filter(|text| !text.is_empty());
            said.map(String::as_str).collect::<Vec<_>>().join(", ")
        }),
        next_of_kin: details
            .next_of_kin
            .iter()
            .map(|kin| wire::NextOfKinView {
                name: kin.name.clone(),
                relation: kin.relation.clone(),
                phone: kin.phone.clone(),
                may_be_told: kin.may_be_told,
            })
            .collect(),
        day: 0,
        planned_days: 0,
        reasons: Vec::new(),
        readings: Vec::new(),
        last_tried_at: None,
        reached_at: None,
        last: None,
        ladder: None,
        claim: None,
        stopped: None,
        visit_at: None,
        paused_since: None,
        next_on: None,
    }
}

fn reason(reason: &Reason) -> wire::ReasonView {
    let mut view = wire::ReasonView {
        code: reason.name().to_owned(),
        severity: None,
        problem: None,
        alert: None,
        reached_since: reason.was_reached_since(),
        since: None,
        due: None,
    };
    match reason {
        Reason::Alert {
            number,
            problem,
            severity,
            ..
        } => {
            view.severity = Some(view::severity(*severity));
            view.problem = Some(problem.name().to_owned());
            view.alert = Some(number.0);
        }
        Reason::CarriedOver { since } => view.since = Some(*since),
        Reason::Asked { due, .. } => view.due = Some(view::time(*due)),
        Reason::NewToday | Reason::DueToday { .. } => {}
    }
    view
}
