//! From the call list's nouns to the treaty's, and back.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::call_list::{Reason, Row};
use ward_core::care::CarePlan;
use ward_core::contact::{
    self as core, Call, CallRefused, ContactEntry, ContactState, Identity, What,
};
use ward_core::hand::{Odd, Typed};
use ward_core::id::{ClinicianId, ContactId, ReadingId, StayId};
use ward_core::patient::Relay;
use ward_core::questionnaire::Help;
use ward_core::stay::Phase;
use ward_core::time::Timestamp;
use ward_service::{Calls, Caseload, Logged, NewContact, StoredContact, ToldReading};
use ward_wire::board::ByWhom;
use ward_wire::calls as wire;

use crate::extract::without_nul;
use crate::view;

/// So many of the newest values stand in a row.
const VALUES: usize = 3;

/// The same words on both sides: one function out, one in.
macro_rules! both_ways {
    ($($out:ident, $back:ident: $wire:ident = $core:ty { $($variant:ident),* })*) => { $(
        fn $out(it: $core) -> wire::$wire {
            match it { $(<$core>::$variant => wire::$wire::$variant,)* }
        }

        pub(crate) fn $back(it: wire::$wire) -> $core {
            match it { $(wire::$wire::$variant => <$core>::$variant,)* }
        }
    )* };
}

both_ways! {
    way, way_of: Way = core::Way { Telephone, Video, Visit }
    whom, whom_of: Whom = core::Whom { Patient, Carer, NextOfKin, WelfareCheck }
    outcome, outcome_of: CallOutcome = core::CallOutcome { Reached, NoAnswer, LeftMessage, WrongNumber }
    identifier, identifier_of: Identifier = core::Identifier { FullName, BirthDate, Address, NhsNumber, KnownBySight }
    support, support_of: Support = core::Support { None, Interpreter, Relay, Family }
    change, change_of: Change = core::Change { Better, Same, Worse }
    mood, mood_of: Mood = core::Mood { Fine, Low, VeryLow }
    help, help_of: Help = Help { CallMe, Called999 }
    advice, advice_of: Advice = core::Advice {
        CarryOn, MeasureAgain, HowToMeasure, SelfCare, Medicine, RingTheWard, RingTheGp, Ring111, Ring999
    }
    onward, onward_of: Onward = core::Onward {
        LinkWorker, MentalHealth, CarerSupport, Gp, CommunityServices, SocialCare, Other
    }
    direction, direction_of: Direction = core::Direction { FromWard, ToWard }
}

pub(crate) fn at(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from(at)
}

/// A request to write down a call, as the verb takes it.
pub(crate) fn new_contact(request: wire::LogContactRequest) -> Result<NewContact, CallRefused> {
    let identity = request
        .identity
        .map(|[first, second]| Identity::by(identifier_of(first), identifier_of(second)))
        .transpose()?;
    Ok(NewContact {
        id: request.id.map(ContactId),
        at: request.at.map(at),
        call: Call {
            // Which it is, the verb says.
            direction: direction_of(wire::Direction::FromWard),
            way: way_of(request.way),
            whom: whom_of(request.whom),
            name: without_nul(request.name),
            outcome: outcome_of(request.outcome),
            identity,
            support: support_of(request.support),
            wellbeing: core::Wellbeing {
                feels: request.wellbeing.feels.map(change_of),
                breathing: request.wellbeing.breathing.map(change_of),
                mood: request.wellbeing.mood.map(mood_of),
                isolated: request.wellbeing.isolated,
            },
            symptoms: request.symptoms,
            help: request.help.map(help_of),
            readings: Vec::new(),
            advice: request.advice.into_iter().map(advice_of).collect(),
            next: request.next.map(|next| core::NextContact {
                at: at(next.at),
                way: way_of(next.way),
            }),
            note: without_nul(request.note),
        },
        readings: request.readings.iter().map(told).collect(),
    })
}

fn told(told: &wire::ToldReading) -> ToldReading {
    ToldReading {
        id: ReadingId(told.id),
        typed: Typed {
            spo2: told.spo2_percent,
            pulse: told.pulse_bpm,
        },
        at: told.at.map(at),
    }
}

const fn odd(odd: Odd) -> &'static str {
    match odd {
        Odd::Swapped => "swapped",
        Odd::VeryLow => "very_low",
        Odd::UnlikelyPulse => "unlikely_pulse",
    }
}

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

/// Names of those who are mentioned.
pub(crate) fn names(
    staff: &BTreeMap<ClinicianId, String>,
    ids: impl IntoIterator<Item = Uuid>,
) -> BTreeMap<Uuid, String> {
    let named = |id: Uuid| Some((id, staff.get(&ClinicianId(id))?.clone()));
    ids.into_iter().filter_map(named).collect()
}

fn row(calls: &Calls, row: &Row, person: &Caseload) -> wire::CallRow {
    let (stay, patient, details) = (
        &person.record.stay,
        &person.patient,
        &person.patient.details,
    );
    let known = calls.snapshot.calls.get(&row.stay);
    let never = ContactState::default();
    let contact = known.map_or(&never, |(_, contact)| contact);
    let trend = &person.record.state.trend;
    wire::CallRow {
        stay: stay.id.0,
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

/// A call that was written down.
pub(crate) fn logged(logged: &Logged) -> wire::LoggedView {
    wire::LoggedView {
        contact: entry(&logged.entry),
        readings: logged
            .readings
            .iter()
            .map(|recorded| wire::ToldReadingView {
                id: recorded.reading.0,
                band: view::band(recorded.band),
                odd: recorded.odd.map(|it| odd(it).to_owned()),
            })
            .collect(),
        say: logged
            .advice
            .iter()
            .map(|line| wire::SayView {
                code: line.advice.name().to_owned(),
                text: line.text.clone(),
            })
            .collect(),
        alerts: logged.alerts.iter().map(|number| number.0).collect(),
        repeated: logged.repeated,
    }
}

/// An entry as it is shown.
pub(crate) fn stored(stored: &StoredContact) -> wire::ContactView {
    wire::ContactView {
        struck: stored.struck.is_some(),
        ..entry(&stored.entry)
    }
}

/// An entry that was just written.
pub(crate) fn entry(entry: &ContactEntry) -> wire::ContactView {
    wire::ContactView {
        id: entry.id.0,
        stay: entry.stay.0,
        ward: entry.ward.0,
        at: view::time(entry.at),
        written_at: view::time(entry.written_at),
        by: entry.by.0,
        struck: false,
        what: match &entry.what {
            What::Call(it) => call(it),
            What::LadderStopped { reason } => wire::WhatView::LadderStopped {
                reason: reason.clone(),
            },
            What::VisitBooked { at, purpose } => wire::WhatView::VisitBooked {
                visit_at: view::time(*at),
                purpose: purpose.clone(),
            },
            What::ReferredOnward { to, note } => wire::WhatView::ReferredOnward {
                to: onward(*to),
                note: note.clone(),
            },
            What::VideoOffered { .. } => wire::WhatView::VideoOffered,
        },
    }
}

fn call(call: &Call) -> wire::WhatView {
    wire::WhatView::Call {
        direction: direction(call.direction),
        way: way(call.way),
        whom: whom(call.whom),
        name: call.name.clone(),
        outcome: outcome(call.outcome),
        identity: call
            .identity
            .map(|identity| identity.identifiers().map(identifier)),
        support: support(call.support),
        wellbeing: wire::Wellbeing {
            feels: call.wellbeing.feels.map(change),
            breathing: call.wellbeing.breathing.map(change),
            mood: call.wellbeing.mood.map(mood),
            isolated: call.wellbeing.isolated,
        },
        symptoms: call.symptoms.clone(),
        help: call.help.map(help),
        readings: call.readings.iter().map(|reading| reading.0).collect(),
        advice: call.advice.iter().copied().map(advice).collect(),
        next: call.next.map(|next| wire::NextContact {
            at: view::time(next.at),
            way: way(next.way),
        }),
        note: call.note.clone(),
    }
}
