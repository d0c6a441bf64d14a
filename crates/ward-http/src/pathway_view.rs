//! The pathway's nouns and the treaty's, both ways.

use ward_core::pathway::papers;
use ward_core::patient::{self, Patient};
use ward_core::stay::{self, Stay};
use ward_service::StayPapers;
use ward_wire::pathway as wire;

use crate::extract::without_nul;
use crate::problem::ApiError;
use crate::view::time;

/// A word of the treaty that means the same as one of the ward's.
pub(crate) trait Means<T> {
    /// The other's word for it.
    fn means(self) -> T;
}

/// Words that are the same on both sides. A new one on either side stops the build here.
macro_rules! same_words {
    ($($wire:ty = $core:ty { $($word:ident),* $(,)? })*) => { $(
        impl Means<$core> for $wire {
            fn means(self) -> $core {
                match self { $(<$wire>::$word => <$core>::$word,)* }
            }
        }

        impl Means<$wire> for $core {
            fn means(self) -> $wire {
                match self { $(<$core>::$word => <$wire>::$word,)* }
            }
        }
    )* };
}

pub(crate) use same_words;

same_words! {
    wire::PauseReason = stay::PauseReason { InHospital, InRespite, Away }
    wire::Destination = stay::Destination { Home, CommunityTeam, CareHome, Hospital, Hospice, Withdrawn, Died }
    wire::Channel = stay::Channel { Bridge, Page, Telephone, Paper }
    wire::StayOutcome = papers::StayOutcome { Recovered, Improving, StillUnwell, Worse, Withdrew }
    wire::Sex = patient::Sex { Female, Male, Indeterminate }
    wire::Relay = patient::Relay { TextRelay, SignLanguage }
}

pub(crate) fn phase(phase: stay::Phase) -> wire::StayPhase {
    match phase {
        stay::Phase::Active => wire::StayPhase::Active,
        stay::Phase::Paused { since, reason } => wire::StayPhase::Paused {
            since: time(since),
            reason: reason.means(),
        },
        stay::Phase::Ended { at, destination } => wire::StayPhase::Ended {
            at: time(at),
            destination: destination.means(),
        },
    }
}

pub(crate) fn stay(stay: &Stay) -> wire::StayView {
    wire::StayView {
        stay: stay.id.0,
        ward: stay.ward.0,
        patient: stay.patient.0,
        admitted_at: time(stay.admitted_at),
        phase: phase(stay.phase),
        channel: stay.channel.means(),
        baseline_spo2_percent: stay.baseline_spo2.map(ward_core::spo2::Spo2::percent),
    }
}

pub(crate) fn stay_record(record: StayPapers) -> wire::StayRecordView {
    let papers = record.papers;
    wire::StayRecordView {
        stay: stay(&record.stay),
        person: patient(record.patient),
        open_alerts: record.open.iter().map(|number| number.0).collect(),
        possible: record.possible.into_iter().map(str::to_owned).collect(),
        referral: papers.referral.map(|referral| referral.0),
        readmission_of: papers.readmission_of.map(|stay| stay.0),
        inpatient_spell_ended_at: papers.inpatient_spell_ended_at.map(time),
        end: papers.end.map(|end| wire::EndView {
            by: end.by.0,
            at: time(end.at),
            destination: end.destination.means(),
            outcome: end.outcome.map(Means::means),
            summary: end.summary,
            follow_up: end.follow_up,
            kit_due_back: end.kit_due_back,
        }),
        notes: papers.notes.into_iter().map(note).collect(),
    }
}

fn note(note: papers::Note) -> wire::NoteView {
    wire::NoteView {
        by: note.by.0,
        at: time(note.at),
        step: note.step,
        text: note.text,
    }
}

pub(crate) fn patient(patient: Patient) -> wire::PatientView {
    wire::PatientView {
        patient: patient.id.0,
        name: patient.display_name(),
        known: wire::Person {
            nhs_number: patient.nhs_number.to_string(),
            family_name: patient.family_name,
            given_name: patient.given_name,
            birth_date: patient.birth_date.0,
            phone: patient.phone,
            address: patient.address,
            door_access: patient.door_access,
            others_at_home: patient.others_at_home,
            oxygen_at_home: patient.oxygen_at_home,
            escalation_plan: patient.escalation_plan,
            details: details_view(patient.details),
        },
    }
}

fn details_view(details: patient::Details) -> wire::PersonDetails {
    wire::PersonDetails {
        sex: details.sex.map(Means::means),
        language: details.language,
        interpreter: details.interpreter,
        relay: details.relay.map(Means::means),
        communication_needs: details.communication_needs,
        reached_through: details.reached_through.map(|through| wire::ReachedThrough {
            name: through.name,
            organisation: through.organisation,
            phone: through.phone,
            place: through.place,
        }),
        gp_practice: details.gp_practice.map(|practice| wire::GpPractice {
            ods_code: practice.ods_code,
            name: practice.name,
            phone: practice.phone,
        }),
        next_of_kin: details
            .next_of_kin
            .into_iter()
            .map(|kin| wire::NextOfKin {
                name: kin.name,
                relation: kin.relation,
                phone: kin.phone,
                may_be_told: kin.may_be_told,
                has_key: kin.has_key,
            })
            .collect(),
        home: wire::HomeCheck {
            heating_works: details.home.heating_works,
            power_cut_plan: details.home.power_cut_plan,
            mobile_signal: details.home.mobile_signal,
            remarks: details.home.remarks,
        },
    }
}

/// What somebody has written down of a person, as the records can hold it.
fn details(details: wire::PersonDetails) -> patient::Details {
    patient::Details {
        sex: details.sex.map(Means::means),
        language: without_nul(details.language),
        interpreter: details.interpreter,
        relay: details.relay.map(Means::means),
        communication_needs: without_nul(details.communication_needs),
        reached_through: details
            .reached_through
            .map(|through| patient::ReachedThrough {
                name: without_nul(through.name),
                organisation: without_nul(through.organisation),
                phone: without_nul(through.phone),
                place: without_nul(through.place),
            }),
        gp_practice: details.gp_practice.map(|practice| patient::GpPractice {
            ods_code: without_nul(practice.ods_code),
            name: without_nul(practice.name),
            phone: without_nul(practice.phone),
        }),
        next_of_kin: details
            .next_of_kin
            .into_iter()
            .map(|kin| patient::NextOfKin {
                name: without_nul(kin.name),
                relation: without_nul(kin.relation),
                phone: without_nul(kin.phone),
                may_be_told: kin.may_be_told,
                has_key: kin.has_key,
            })
            .collect(),
        home: patient::HomeCheck {
            heating_works: details.home.heating_works,
            power_cut_plan: without_nul(details.home.power_cut_plan),
            mobile_signal: details.home.mobile_signal,
            remarks: without_nul(details.home.remarks),
            checked: None,
        },
    }
}

/// Somebody as they are told, under an id that counts when they are not on record.
pub(crate) fn person(told: wire::Person, id: uuid::Uuid) -> Result<Patient, ApiError> {
    let nhs_number = told.nhs_number.parse();
    Ok(Patient {
        id: ward_core::id::PatientId(id),
        nhs_number: nhs_number.map_err(ApiError::not_an_nhs_number)?,
        family_name: without_nul(told.family_name),
        given_name: without_nul(told.given_name),
        birth_date: patient::BirthDate(told.birth_date),
        phone: without_nul(told.phone),
        address: without_nul(told.address),
        door_access: without_nul(told.door_access),
        others_at_home: without_nul(told.others_at_home),
        oxygen_at_home: without_nul(told.oxygen_at_home),
        escalation_plan: without_nul(told.escalation_plan),
        details: details(told.details),
    })
}
