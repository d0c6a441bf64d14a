//! What to do now, as care cards: the words are the advice's own, what is added is how urgent they look and what to press.

use ward_core::advice::Advice;
use ward_service::{AdviceLine, Home};

use super::frame::{Frame, dial};

/// One piece of advice on a page.
pub(crate) struct Card {
    pub(crate) advice: Advice,
    pub(crate) look: Look,
    pub(crate) heading: String,
    pub(crate) text: String,
    /// The same in English, where nobody has approved the translation.
    pub(crate) english: Option<String>,
    /// Whom to ring: the number as it is dialled, and the words of the link.
    pub(crate) ring: Vec<(String, String)>,
    /// "I have called 999" belongs here.
    pub(crate) may_have_called: bool,
    /// "Measure again now" belongs here.
    pub(crate) measure_again: bool,
}

/// How urgent a card looks. Each says it in words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Emergency,
    Urgent,
    NonUrgent,
    /// A sentence under the cards.
    Note,
}

impl Look {
    /// The class of the card.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Urgent => "urgent",
            Self::NonUrgent | Self::Note => "non-urgent",
        }
    }

    /// The word before its heading.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Emergency => "home-card-emergency",
            Self::Urgent => "home-card-urgent",
            Self::NonUrgent | Self::Note => "home-card-non-urgent",
        }
    }

    pub(crate) fn is_note(self) -> bool {
        self == Self::Note
    }
}

const fn look(advice: Advice) -> Look {
    match advice {
        Advice::Call999 | Advice::WaitForAmbulance | Advice::RedValue => Look::Emergency,
        Advice::AmberValue | Advice::Worse => Look::Urgent,
        Advice::WeWillCall | Advice::StayNotRunning | Advice::WellbeingCall | Advice::CarryOn => {
            Look::NonUrgent
        }
        Advice::AskedBack | Advice::WardTold | Advice::NobodyWatches | Advice::Guide => Look::Note,
    }
}

/// These pieces of advice, in their order.
pub(crate) fn cards(home: &Home, frame: &Frame, advice: &[AdviceLine]) -> Vec<Card> {
    let card = |line: &AdviceLine| {
        let look = look(line.advice);
        Card {
            advice: line.advice,
            look,
            heading: line.title.clone(),
            text: line.text.clone(),
            english: line.english.clone(),
            ring: ring(home, frame, line.advice),
            may_have_called: matches!(line.advice, Advice::Call999 | Advice::RedValue),
            measure_again: matches!(line.advice, Advice::RedValue),
        }
    };
    advice.iter().map(card).collect()
}

fn ring(home: &Home, frame: &Frame, advice: Advice) -> Vec<(String, String)> {
    let of_999 = || ("999".to_owned(), frame.t("home-ring-999"));
    let of_111 = || ("111".to_owned(), frame.t("home-ring-111"));
    let phone = &home.ward.phone;
    let of_ward = || (dial(phone), frame.t1("home-ring-ward", "phone", phone));
    match advice {
        Advice::Call999 | Advice::WaitForAmbulance | Advice::RedValue => vec![of_999()],
        Advice::AmberValue | Advice::Worse if home.watched().now => vec![of_ward(), of_111()],
        Advice::AmberValue | Advice::Worse | Advice::StayNotRunning => vec![of_111()],
        Advice::WeWillCall => vec![of_ward()],
        Advice::AskedBack
        | Advice::WardTold
        | Advice::NobodyWatches
        | Advice::WellbeingCall
        | Advice::CarryOn
        | Advice::Guide => Vec::new(),
    }
}

/// What a device says by itself when it cannot reach the ward: by the plan's own limits, and for each band in words.
pub(crate) struct Offline {
    /// Red at this whole percent and under.
    pub(crate) red: u16,
    /// Amber at this whole percent and under.
    pub(crate) amber: u16,
    /// The cards of a red value, an amber one, a good one, and of a red and an amber symptom.
    pub(crate) bands: Vec<(&'static str, Vec<Card>)>,
}

/// Of this person, as the ward would answer when nobody is there: who has no internet reaches nobody.
pub(crate) fn offline(home: &Home, frame: &Frame) -> Offline {
    let told = ward_service::told_without_the_ward(home, frame.language);
    let bands = told
        .iter()
        .map(|(band, lines)| (*band, cards(home, frame, lines)));
    Offline {
        red: home.stay.plan.red_at_or_below,
        amber: home.stay.plan.amber_at_or_below,
        bands: bands.collect(),
    }
}
