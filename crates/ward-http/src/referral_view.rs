//! Referrals, cases and people who were found, as the treaty has them.

use jiff::civil::Date;
use ward_core::care::ContactSchedule;
use ward_core::pathway::case_finding::{self, Case};
use ward_core::pathway::duplicates::Likeness;
use ward_core::pathway::referral::{self, Consent, Referral, State};
use ward_core::patient::Patient;
use ward_core::spo2::Spo2;
use ward_core::stay::Channel;
use ward_service::{Alike, Found, Imported, Terms};
use ward_wire::referral as wire;

use crate::pathway_view::{self, Means, same_words};
use crate::problem::ApiError;
use crate::view::time;

same_words! {
    wire::ReferralSource = referral::Source {
        CaseFinding, GeneralPractice, Nhs111, Ambulance, EmergencyDepartment, HospitalWard, CareHome, CommunityServices,
        SelfReferral, Readmission,
    }
    wire::ConsentAnswer = referral::Answer { Given, BestInterests, Refused }
    wire::Urgency = referral::Urgency { Immediate, Today, NextDay }
    wire::DeclineReason = referral::DeclineReason {
        TooUnwell, OutsideCriteria, NotWanted, NotSafeAtHome, NoCapacity, LookedAfterElsewhere, NotReached, Other,
    }
}

pub(crate) fn step(step: &wire::ReferralStep) -> referral::Step {
    match step {
        wire::ReferralStep::Triage { urgency } => referral::Step::Triage(urgency.means()),
        wire::ReferralStep::Consent { answer } => referral::Step::Consent(answer.means()),
        wire::ReferralStep::Accept => referral::Step::Accept,
        wire::ReferralStep::Decline { reason } => referral::Step::Decline(reason.means()),
        wire::ReferralStep::Withdraw => referral::Step::Withdraw,
    }
}

pub(crate) fn referral(referral: &Referral, patient: Option<&Patient>) -> wire::ReferralView {
    let (urgency, decline_reason, stay) = match referral.state {
        State::Triaged { urgency, .. } => (Some(urgency.means()), None, None),
        State::Declined { reason, .. } => (None, Some(reason.means()), None),
        State::Admitted { stay, .. } => (None, None, Some(stay.0)),
        State::Referred | State::Accepted { .. } | State::Withdrawn { .. } => (None, None, None),
    };
    let possible = referral.possible().into_iter().map(str::to_owned);
    wire::ReferralView {
        referral: referral.id.0,
        patient: referral.patient.0,
        name: patient.map(Patient::display_name),
        made_at: time(referral.made_at),
        source: referral.source.means(),
        referred_by: referral.referred_by.clone(),
        reason: referral.reason.clone(),
        consent: match referral.consent {
            Consent::NotAsked => None,
            Consent::Given { .. } => Some(wire::ConsentAnswer::Given),
            Consent::BestInterests { .. } => Some(wire::ConsentAnswer::BestInterests),
            Consent::Refused { .. } => Some(wire::ConsentAnswer::Refused),
        },
        state: referral.state.name().to_owned(),
        urgency,
        decline_reason,
        stay,
        inpatient_spell_ended_at: referral.inpatient_spell_ended_at.map(time),
        possible: possible.collect(),
    }
}

pub(crate) fn terms(terms: wire::AdmissionTerms) -> Result<Terms, ApiError> {
    let baseline = terms
        .baseline_spo2_percent
        .map(|percent| Spo2::from_percent(percent).ok_or_else(ApiError::no_baseline));
    Ok(Terms {
        template: terms.template,
        contact: terms.contact.map(|contact| match contact {
            wire::AdmissionContact::Daily => ContactSchedule::Daily,
            wire::AdmissionContact::Days(days) => ContactSchedule::Days(days),
            wire::AdmissionContact::EveryDays(days) => ContactSchedule::EveryDays(days),
        }),
        baseline: baseline.transpose()?,
        channel: terms.channel.map_or(Channel::Bridge, Means::means),
    })
}

pub(crate) fn found(people: Vec<Found>) -> wire::FoundList {
    wire::FoundList {
        people: people.into_iter().map(found_person).collect(),
    }
}

pub(crate) fn found_person(found: Found) -> wire::FoundPerson {
    let stays = found.stays.into_iter().map(|stay| wire::FoundStay {
        stay: stay.stay.0,
        ward: stay.ward.0,
        ward_name: stay.ward_name,
        phase: pathway_view::phase(stay.phase),
    });
    wire::FoundPerson {
        stays: stays.collect(),
        person: pathway_view::patient(found.patient),
    }
}

pub(crate) fn alike(people: Vec<Alike>) -> wire::AlikeList {
    let people = people.into_iter().map(|alike| wire::AlikePerson {
        name: alike.name,
        birth_date: alike.birth_date.0,
        likeness: likeness_word(alike.likeness).to_owned(),
        nhs_number_matches: alike.likeness == Likeness::SameNumber,
        wards: alike.wards,
        here: alike.here.map(found_person),
    });
    wire::AlikeList {
        people: people.collect(),
    }
}

const fn likeness_word(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::SameNumber => "same_number",
        Likeness::NearlyTheSameNumber => "nearly_the_same_number",
        Likeness::SameNameAndBirth => "same_name_and_birth",
        Likeness::SameNameAndPhone => "same_name_and_phone",
    }
}

pub(crate) fn imported(imported: Imported) -> wire::CasesImported {
    let refused = imported.refused.into_iter().map(|line| wire::LineRefused {
        line: line.line,
        reason: line.reason,
    });
    wire::CasesImported {
        new: imported.new,
        known: imported.known,
        refused: refused.collect(),
    }
}

pub(crate) fn case(case: Case, today: Date) -> wire::CaseView {
    let (deferred_until, referral) = match &case.state {
        case_finding::State::Deferred { until, .. } => (Some(*until), None),
        case_finding::State::Accepted { referral, .. } => (None, Some(referral.0)),
        case_finding::State::New | case_finding::State::Declined { .. } => (None, None),
    };
    wire::CaseView {
        case: case.id.0,
        imported_at: time(case.imported_at),
        nhs_number: case.nhs_number.to_string(),
        age: case.age_on(today),
        meets_age: case.meets_age(today),
        family_name: case.family_name,
        given_name: case.given_name,
        birth_date: case.birth_date.0,
        phone: case.phone,
        address: case.address,
        result_on: case.result_on,
        state: case.state.name().to_owned(),
        deferred_until,
        referral,
    }
}
