//! The shift as the treaty has it, and what else a row needs so that the right person rings in the right way.

use ward_core::acuity::is_technical;
use ward_core::alert::Problem;
use ward_core::patient::{Details, Relay};
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;
use ward_service::{Board, HandoverNote, Present};
use ward_wire::board::AlertKind;
use ward_wire::duty as wire;
use ward_wire::staffed::Hours;

use super::time;

pub(crate) fn of(board: &Board, now: Timestamp) -> wire::ShiftView {
    let snapshot = &board.snapshot;
    let shift = &snapshot.shift;
    let can_act = |member: &&ward_service::Member| {
        let permit = Permit {
            organisation: snapshot.ward.organisation,
            ward: snapshot.ward.id,
            clinician: member.clinician,
            role: member.role,
        };
        permit.allows(Verb::AcknowledgeAlert).is_ok()
    };
    let open = board.by_stay.values().flatten().chain(&board.technical);
    let pause = shift
        .audio_pause
        .filter(|pause| pause.stands(open.clone(), now));
    wire::ShiftView {
        on_duty: shift
            .on_duty
            .iter()
            .map(|duty| wire::OnDutyView {
                clinician: duty.clinician.0,
                post: duty.post.as_str().to_owned(),
                since: time(duty.since),
            })
            .collect(),
        colleagues: shift
            .members
            .iter()
            .filter(can_act)
            .map(|member| wire::ColleagueView {
                clinician: member.clinician.0,
                name: member.name.clone(),
            })
            .collect(),
        audio_pause: pause.map(|pause| wire::AudioPauseView {
            by: pause.by.0,
            until: time(pause.until),
            seq: pause.seq.0,
        }),
        open_notes: shift.open_notes,
        staffed: snapshot
            .ward
            .staffed
            .0
            .map(|day| day.map(|(from, until)| Hours { from, until })),
    }
}

/// The three kinds: how somebody is, kit, and that nothing came.
pub(crate) const fn kind(problem: Problem) -> AlertKind {
    match problem {
        Problem::Silence => AlertKind::Silence,
        problem if is_technical(problem) => AlertKind::Technical,
        Problem::Oxygen
        | Problem::LateLow
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Symptom
        | Problem::AskedForHelp
        | Problem::Technical(_) => AlertKind::Clinical,
    }
}

/// What whoever rings must know before they dial.
pub(crate) fn call_needs(details: &Details) -> String {
    let interpreter = details
        .interpreter
        .then(|| match details.language.as_str() {
            "" => "Interpreter".to_owned(),
            language => format!("{language} interpreter"),
        });
    let relay = details.relay.map(|relay| match relay {
        Relay::TextRelay => "Text relay: dial 18001 first".to_owned(),
        Relay::SignLanguage => "Sign language interpreter on video".to_owned(),
    });
    let needs: Vec<String> = [interpreter, relay].into_iter().flatten().collect();
    needs.join(" · ")
}

pub(crate) fn present(present: &Present) -> wire::PresentView {
    wire::PresentView {
        clinician: present.clinician.0,
        stay: present.stay.0,
        since: time(present.since),
    }
}

pub(crate) fn note(note: &HandoverNote) -> wire::HandoverNoteView {
    wire::HandoverNoteView {
        id: note.id.0,
        at: time(note.at),
        author: note.author.0,
        stay: note.stay.map(|stay| stay.0),
        body: note.body.clone(),
        done_by: note.done.map(|(by, _)| by.0),
        done_at: note.done.map(|(_, at)| time(at)),
    }
}
