//! From the call list's nouns to the treaty's, and back.

mod rows;

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::contact::{self as core, Call, ContactEntry, Identity, What};
use ward_core::hand::{HandRefused, Odd, Typed};
use ward_core::id::{ClinicianId, ContactId, ReadingId};
use ward_core::questionnaire::Help;
use ward_core::time::Timestamp;
use ward_service::{ContactError, Logged, NewContact, StoredContact, ToldReading};
use ward_wire::calls as wire;

use crate::extract::without_nul;
use crate::view;
use crate::view::observations::observations;

pub(crate) use rows::{call_list, of_person};

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
pub(crate) fn new_contact(request: wire::LogContactRequest) -> Result<NewContact, ContactError> {
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
        readings: request
            .readings
            .iter()
            .map(told)
            .collect::<Result<_, _>>()?,
    })
}

fn told(told: &wire::ToldReading) -> Result<ToldReading, HandRefused> {
    Ok(ToldReading {
        id: ReadingId(told.id),
        typed: Typed {
            spo2: told.spo2_percent,
            pulse: told.pulse_bpm,
        },
        at: told.at.map(at),
        observations: observations(told.observations)?,
    })
}

const fn odd(odd: Odd) -> &'static str {
    match odd {
        Odd::Swapped => "swapped",
        Odd::VeryLow => "very_low",
        Odd::UnlikelyPulse => "unlikely_pulse",
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
