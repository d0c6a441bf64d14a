//! The words for what is chosen from in the office's forms.

use ward_core::pathway::referral::{Answer, DeclineReason, Source, Urgency};
use ward_core::stay::Channel;

use crate::pages::form::Choice;

/// Values of a form's field and what they mean.
type Words<T> = [(&'static str, T, &'static str)];

pub(super) const SOURCES: &Words<Source> = &[
    ("general_practice", Source::GeneralPractice, "GP practice"),
    (
        "emergency_department",
        Source::EmergencyDepartment,
        "Emergency department",
    ),
    (
        "hospital_ward",
        Source::HospitalWard,
        "Hospital ward, on the way home",
    ),
    ("nhs111", Source::Nhs111, "NHS 111"),
    ("ambulance", Source::Ambulance, "Ambulance service"),
    ("care_home", Source::CareHome, "Care home"),
    (
        "community_services",
        Source::CommunityServices,
        "Community services",
    ),
    (
        "self_referral",
        Source::SelfReferral,
        "The person or their carer",
    ),
    ("case_finding", Source::CaseFinding, "Review of new results"),
    (
        "readmission",
        Source::Readmission,
        "Was on a virtual ward before",
    ),
];

pub(super) const ANSWERS: &Words<Answer> = &[
    ("given", Answer::Given, "Yes, they agree"),
    (
        "best_interests",
        Answer::BestInterests,
        "They cannot decide: decided in their best interests",
    ),
    ("refused", Answer::Refused, "No, they refuse"),
];

pub(super) const URGENCIES: &Words<Urgency> = &[
    ("immediate", Urgency::Immediate, "Now"),
    ("today", Urgency::Today, "Today"),
    ("next_day", Urgency::NextDay, "Tomorrow will do"),
];

pub(super) const DECLINES: &Words<DeclineReason> = &[
    (
        "too_unwell",
        DeclineReason::TooUnwell,
        "Too unwell to be at home: sent to hospital",
    ),
    (
        "outside_criteria",
        DeclineReason::OutsideCriteria,
        "Outside the ward's criteria",
    ),
    (
        "not_wanted",
        DeclineReason::NotWanted,
        "The person does not want it",
    ),
    (
        "not_safe_at_home",
        DeclineReason::NotSafeAtHome,
        "Not safe at home",
    ),
    (
        "no_capacity",
        DeclineReason::NoCapacity,
        "The ward has no room",
    ),
    (
        "looked_after_elsewhere",
        DeclineReason::LookedAfterElsewhere,
        "Looked after elsewhere already",
    ),
    (
        "not_reached",
        DeclineReason::NotReached,
        "Could not be reached",
    ),
    ("other", DeclineReason::Other, "Another reason"),
];

pub(super) const CHANNELS: &Words<Channel> = &[
    ("bridge", Channel::Bridge, "A bridge reads the oximeter"),
    ("page", Channel::Page, "Own phone or tablet"),
    ("telephone", Channel::Telephone, "We ring and they tell us"),
    ("paper", Channel::Paper, "Paper diary"),
];

/// The row of choices, with the one that is chosen now.
pub(super) fn choices<T>(words: &Words<T>, now: &str) -> Vec<Choice> {
    words
        .iter()
        .map(|(value, _, said)| Choice::new(*value, *said, now))
        .collect()
}

/// What a field's value means.
pub(super) fn meant<T: Copy>(words: &Words<T>, value: &str) -> Option<T> {
    let found = words.iter().find(|(known, _, _)| *known == value);
    found.map(|(_, meaning, _)| *meaning)
}

/// How it is said.
pub(super) fn words_for<T: PartialEq>(words: &Words<T>, meaning: &T) -> &'static str {
    let found = words.iter().find(|(_, known, _)| known == meaning);
    found.map_or("", |(_, _, said)| said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_means_what_its_words_say() {
        assert_eq!(meant(ANSWERS, "refused"), Some(Answer::Refused));
        assert_eq!(meant(ANSWERS, "perhaps"), None);
        assert_eq!(words_for(URGENCIES, &Urgency::Today), "Today");
        let row = choices(URGENCIES, "today");
        assert!(row.iter().any(|one| one.value == "today" && one.chosen));
    }
}
