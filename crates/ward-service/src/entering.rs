//! Who enters something for a patient and how it came to the ward, and what the verbs of entering have in common.

use uuid::Uuid;
use ward_core::advice::{Advice, Situation, advise};
use ward_core::day::Zone;
use ward_core::entry::{Author, Means};
use ward_core::hand::HandRefused;
use ward_core::id::{ClinicianId, StayId, WardId};
use ward_core::permit::Permit;
use ward_core::plan::MonitoringPlan;
use ward_core::questionnaire::AnswerRefused;
use ward_core::time::Timestamp;
use ward_core::ward::Ward;
use ward_store::{Ledger, StoreError};
use ward_text::Language;

use crate::error::Unavailable;
use crate::on_sheet::Replacing;
use crate::patient_access::AtHome;
use crate::record_by_hand::HandError;
use crate::words::{Facts, InWords, advice_in_words, advice_title, language_of, when_in};

/// A carer's name may be this long, in characters.
pub const CARER_NAME_LIMIT: usize = 200;

/// Whose words somebody on the ward's staff writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// The patient's.
    Patient,
    /// Those of somebody who cares for the patient, by name.
    Carer(String),
    /// Their own: what they saw or measured.
    Staff,
}

/// Who enters something, for whom, and how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entering {
    pub(crate) ward: WardId,
    pub(crate) stay: StayId,
    pub(crate) author: Author,
    pub(crate) means: Means,
    pub(crate) carer: Option<String>,
    pub(crate) typed_by: Option<ClinicianId>,
    pub(crate) language: Option<Language>,
    /// Of a sheet that was typed in before.
    pub(crate) replaces: Option<Replacing>,
}

impl Entering {
    /// A member of staff writes down what was told, seen or read on paper.
    ///
    /// # Errors
    /// [`EntryError::Means`] and [`EntryError::Carer`].
    pub fn by_staff(
        permit: &Permit,
        stay: StayId,
        said_by: SaidBy,
        means: Means,
    ) -> Result<Self, EntryError> {
        match means {
            Means::Telephone | Means::Video | Means::Visit | Means::Paper => {}
            Means::Page | Means::Bridge => return Err(EntryError::Means),
        }
        let (author, carer) = match said_by {
            SaidBy::Patient => (Author::Patient, None),
            SaidBy::Carer(name) => (Author::Carer, Some(carer_name(&name)?)),
            SaidBy::Staff => (Author::Staff(permit.clinician), None),
        };
        Ok(Self {
            ward: permit.ward,
            stay,
            author,
            means,
            carer,
            typed_by: Some(permit.clinician),
            language: Some(Language::English),
            replaces: None,
        })
    }

    /// The patient, or the carer whom the token was given to, on a page of their own.
    #[must_use]
    pub fn at_home(who: &AtHome) -> Self {
        Self {
            ward: who.ward,
            stay: who.stay,
            author: if who.carer.is_some() {
                Author::Carer
            } else {
                Author::Patient
            },
            means: Means::Page,
            carer: who.carer.clone(),
            typed_by: None,
            language: None,
            replaces: None,
        }
    }

    /// Whoever enters is answered in this language, and not in that of the patient's record.
    #[must_use]
    pub const fn answered_in(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }
}

pub(crate) fn carer_name(name: &str) -> Result<String, EntryError> {
    let name = name.trim();
    let fits = (1..=CARER_NAME_LIMIT).contains(&name.chars().count()) && !name.contains('\0');
    if fits {
        Ok(name.to_owned())
    } else {
        Err(EntryError::Carer)
    }
}

/// Why nothing was entered.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Not on this ward.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Staff have no page of the patient's, and no bridge.
    #[error("staff enter what came by telephone, video, visit or paper")]
    Means,
    /// Whoever is not the patient is named.
    #[error("give the carer's name, {CARER_NAME_LIMIT} characters at most")]
    Carer,
    /// The plan asks for none, and none was named.
    #[error(
        "the plan of this stay has no diary: name a questionnaire and its version, or add a diary to the plan"
    )]
    NoDiary,
    /// No such version.
    #[error("there is no questionnaire `{name}` of version {version}: {known}")]
    NoSuchQuestionnaire {
        /// As given.
        name: String,
        /// As given.
        version: u32,
        /// Those there are, in words.
        known: String,
    },
    /// An answer that cannot be.
    #[error("{}{why}", before(.first))]
    Answers {
        /// Which, and what can.
        why: AnswerRefused,
        /// What must be said first, whatever is wrong with the rest.
        first: Option<String>,
    },
    /// A value or a time that cannot be.
    #[error("{}{why}", before(.first))]
    Hand {
        /// What can.
        why: HandRefused,
        /// What must be said first, whatever is wrong with the rest.
        first: Option<String>,
    },
    /// Two things under one id.
    #[error(
        "something else was entered under this id: give each entry and each reading an id of its own"
    )]
    UsedId,
    /// Two readings of one place of a paper sheet.
    #[error(
        "this place of the sheet was typed in before, and otherwise: look at what is there, and say which of the two the sheet says"
    )]
    TypedBefore {
        /// The reading or the entry that is there.
        there: Uuid,
    },
    /// No such reading.
    #[error("no reading with this id was entered by hand for this stay")]
    NoSuchReading,
    /// Nothing was asked.
    #[error("nothing was asked about this reading: if it is wrong, have it struck out")]
    NotAsked,
    /// Somebody was first.
    #[error("this reading was answered or struck out before: its chart says what counts now")]
    AlreadyAnswered,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

fn before(first: &Option<String>) -> String {
    first
        .as_ref()
        .map(|text| format!("{text} Then correct this: "))
        .unwrap_or_default()
}

impl From<StoreError> for EntryError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<HandError> for EntryError {
    fn from(error: HandError) -> Self {
        match error {
            HandError::NoSuchStay => Self::NoSuchStay,
            HandError::Refused(why) => Self::Hand { why, first: None },
            HandError::UsedId => Self::UsedId,
            HandError::TypedBefore(there) => Self::TypedBefore { there: there.0 },
            HandError::Store(error) => error.into(),
        }
    }
}

/// One piece of advice, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdviceLine {
    /// Which.
    pub advice: Advice,
    /// In a few words, for the head of a card.
    pub title: String,
    /// In full.
    pub text: String,
    /// The text in English, where it is in another language and nobody has approved that translation yet.
    pub english: Option<String>,
}

/// What to tell whoever entered something, the most urgent first, by the plan's own bands and the ward's own hours.
pub(crate) fn advice_lines(
    ward: &Ward,
    plan: &MonitoringPlan,
    situation: Situation,
    language: Language,
    now: Timestamp,
) -> Vec<AdviceLine> {
    // A ward whose zone cannot be read says that nobody watches, rather than promise that somebody does.
    let zone = Zone::named(&ward.time_zone).ok();
    let staffed = zone
        .as_ref()
        .is_some_and(|zone| ward.staffed.is_staffed(zone, now));
    let opens = zone
        .as_ref()
        .and_then(|zone| Some((zone, ward.staffed.next_staffed(zone, now)?)));
    let say = |advice: Advice, title: bool, language: Language| {
        let opens = opens.map(|(zone, at)| when_in(language, zone, at, now));
        let facts = Facts {
            plan,
            phone: &ward.phone,
            opens: &opens.unwrap_or_default(),
        };
        if title {
            advice_title(advice, &facts, language)
        } else {
            advice_in_words(advice, &facts, language)
        }
    };
    advise(Situation {
        staffed,
        ..situation
    })
    .into_iter()
    .map(|advice| {
        let InWords { text, english } =
            InWords::say(language, |language| say(advice, false, language));
        AdviceLine {
            advice,
            title: say(advice, true, language),
            text,
            english,
        }
    })
    .collect()
}

/// The language in which whoever enters is answered: the one that was chosen, or else that of the patient's record.
pub(crate) async fn answered_in(
    ledger: &mut Ledger,
    entering: &Entering,
) -> Result<Language, StoreError> {
    if let Some(language) = entering.language {
        return Ok(language);
    }
    let patient = ledger.addressee(entering.stay).await?;
    Ok(language_of(
        &patient.map(|it| it.language).unwrap_or_default(),
    ))
}

/// What must be said before anything else when a red symptom stands in something that is refused.
pub(crate) fn said_first(is_red: bool, ward: &Ward, language: Language) -> Option<String> {
    let facts = Facts {
        plan: &ward.default_plan,
        phone: &ward.phone,
        opens: "",
    };
    is_red.then(|| {
        InWords::say(language, |language| {
            advice_in_words(Advice::Call999, &facts, language)
        })
        .in_one()
    })
}
