//! A call or a visit: with whom, how, and what came of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Onward;
use crate::diary::Said;
use crate::id::ReadingId;
use crate::questionnaire::{AMBER_SYMPTOMS, Help, RED_SYMPTOMS, Symptom, Urgency};
use crate::time::{CLOCK_STEP, Timestamp, minutes};

/// Notes and advice hold so many characters at most.
pub const LONGEST_NOTE: usize = 4_000;
/// Names hold so many characters at most.
pub const LONGEST_NAME: usize = 200;
/// A call is written down within this time: paper lists from the time when a system was down are entered in that week.
pub const WRITTEN_DOWN_WITHIN: Duration = minutes(7 * 24 * 60);
/// The next contact is agreed within this time.
pub const NEXT_CONTACT_WITHIN: Duration = minutes(31 * 24 * 60);

/// A call or a visit, made or tried, or a call that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who rang whom.
    pub direction: Direction,
    /// How.
    pub way: Way,
    /// With whom.
    pub whom: Whom,
    /// Their name, unless it is the patient.
    #[serde(default)]
    pub name: String,
    /// What came of it.
    pub outcome: CallOutcome,
    /// By which two identifiers it was made sure that this is the person.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Who helped to understand one another.
    #[serde(default)]
    pub support: Support,
    /// How they are, body and mind.
    #[serde(default)]
    pub wellbeing: Wellbeing,
    /// Red symptoms that were told or heard, by the codes of the diary's: judged as the diary's are.
    #[serde(default)]
    pub symptoms: Vec<String>,
    /// What was asked of the ward beyond this call.
    #[serde(default)]
    pub help: Option<Help>,
    /// Readings that were told.
    #[serde(default)]
    pub readings: Vec<ReadingId>,
    /// The advice that was given.
    #[serde(default)]
    pub advice: Vec<Advice>,
    /// When the ward will be in touch again, if that was agreed.
    #[serde(default)]
    pub next: Option<NextContact>,
    /// In the caller's words.
    #[serde(default)]
    pub note: String,
}

/// Who rang whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The ward rang or came.
    FromWard,
    /// Somebody rang the ward.
    ToWard,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By telephone.
    Telephone,
    /// By video.
    Video,
    /// At the door.
    Visit,
}

/// With whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The patient.
    Patient,
    /// Somebody who cares for the patient and speaks for them.
    Carer,
    /// Next of kin, a neighbour: they may know, but they do not speak for the patient.
    NextOfKin,
    /// Police, ambulance, care home or housing, asked to look whether the person is well.
    WelfareCheck,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// They were spoken to.
    Reached,
    /// Nobody answered, or nobody opened.
    NoAnswer,
    /// A message was left.
    LeftMessage,
    /// The number is another's, or whoever answered could not say who they are.
    WrongNumber,
}

/// Something that only the person, or who cares for them, can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// First and family name.
    FullName,
    /// Day of birth.
    BirthDate,
    /// First line of the address and postcode.
    Address,
    /// NHS number.
    NhsNumber,
    /// A picture of them on record, or they are known by sight: for visits and video.
    KnownBySight,
}

/// Two different identifiers, named: never a free tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity(Identifier, Identifier);

impl Identity {
    /// The check by these two.
    ///
    /// # Errors
    /// [`CallRefused::SameIdentifierTwice`].
    pub fn by(first: Identifier, second: Identifier) -> Result<Self, CallRefused> {
        if first == second {
            return Err(CallRefused::SameIdentifierTwice);
        }
        Ok(Self(first, second))
    }

    /// The two.
    #[must_use]
    pub const fn identifiers(self) -> [Identifier; 2] {
        [self.0, self.1]
    }
}

/// Who helped to understand one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Nobody was needed, or nobody helped.
    #[default]
    None,
    /// An interpreter.
    Interpreter,
    /// A text or video relay.
    Relay,
    /// A family member who translated.
    Family,
}

/// Against yesterday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Better.
    Better,
    /// The same.
    Same,
    /// Worse.
    Worse,
}

/// In what spirits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Well enough.
    Fine,
    /// Low or anxious.
    Low,
    /// So low that somebody must look after it today.
    VeryLow,
}

/// How somebody is, body and mind; what was not asked is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wellbeing {
    /// Overall.
    pub feels: Option<Change>,
    /// Breathing.
    pub breathing: Option<Change>,
    /// Spirits.
    pub mood: Option<Mood>,
    /// Alone, and missing company or help.
    pub isolated: Option<bool>,
}

/// Advice that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Carry on.
    CarryOn,
    /// Measure again.
    MeasureAgain,
    /// How to measure: warm hand, still, no varnish.
    HowToMeasure,
    /// Rest, fluids, paracetamol, lying on the front.
    SelfCare,
    /// Take the medicine as prescribed, or rescue medicine.
    Medicine,
    /// Ring the ward if it gets worse.
    RingTheWard,
    /// Ring the GP.
    RingTheGp,
    /// Ring 111.
    Ring111,
    /// Ring 999.
    Ring999,
}

/// When the ward will be in touch again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextContact {
    /// When. It never takes the place of a contact that is on the schedule.
    pub at: Timestamp,
    /// How.
    pub way: Way,
}

/// Why a call cannot be written down like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallRefused {
    /// A tick is no check.
    #[error(
        "say by which two different identifiers the person was checked, for example full_name and birth_date"
    )]
    SameIdentifierTwice,
    /// Anybody may have answered.
    #[error(
        "reached means that the person was checked by two identifiers: give identity, or choose wrong_number if they could not say"
    )]
    IdentityMissing,
    /// There was nobody to be checked, asked or advised.
    #[error("nobody was reached, so {0} cannot be given: leave it out, or choose reached")]
    NobodyReached(&'static str),
    /// Somebody rang.
    #[error("who rings the ward has been reached: choose reached")]
    CameInUnanswered,
    /// Nobody comes to the ward.
    #[error(
        "a call that comes in is by telephone or video, from the patient, a carer or next of kin"
    )]
    CannotComeIn,
    /// Who was it?
    #[error("name is missing: say who this carer, relative or service was")]
    NameMissing,
    /// There is a limit.
    #[error("{field} is too long: {limit} characters at most")]
    TooLong {
        /// Which.
        field: &'static str,
        /// In characters.
        limit: usize,
    },
    /// Not yet.
    #[error("the call lies in the future: give the time when it was made, or leave it out for now")]
    InTheFuture,
    /// Too long ago.
    #[error(
        "a call is written down within seven days: write what is older into the note of a new entry"
    )]
    TooLongAgo,
    /// Not a plan.
    #[error("a next contact or a visit lies after now and within 31 days")]
    NextOutOfRange,
    /// A visit is booked apart.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Not a code of the diary's.
    #[error("symptoms are codes of red symptoms: {}", RED_SYMPTOMS.join(", "))]
    UnknownSymptom,
    /// More than anybody says in one call.
    #[error("{field}: {limit} at most")]
    TooMany {
        /// Which.
        field: &'static str,
        /// How many.
        limit: usize,
    },
}

impl Call {
    /// Whether this reached the patient, or somebody who speaks for them. Only this ends what is owed: next of kin who
    /// answer are evidence, and a message that was left is not an answer.
    #[must_use]
    pub const fn reaches(&self) -> bool {
        matches!(
            (self.outcome, self.whom),
            (CallOutcome::Reached, Whom::Patient | Whom::Carer)
        )
    }

    /// What was said that is judged like a diary's words; `None` when nothing was. A call never clears anything: not
    /// every question was asked.
    #[must_use]
    pub fn said(&self, at: Timestamp) -> Option<Said> {
        let worse = [self.wellbeing.breathing, self.wellbeing.feels];
        let amber = AMBER_SYMPTOMS.iter().zip(worse);
        let amber = amber.filter(|(_, change)| *change == Some(Change::Worse));
        let amber = amber.map(|(code, _)| ((*code).to_owned(), Urgency::Amber));
        let red = self
            .symptoms
            .iter()
            .cloned()
            .map(|code| (code, Urgency::Red));
        let symptoms = amber.chain(red);
        let mut symptoms: Vec<Symptom> = symptoms
            .map(|(code, urgency)| Symptom { code, urgency })
            .collect();
        symptoms.sort();
        symptoms.dedup();
        (!symptoms.is_empty() || self.help.is_some()).then_some(Said {
            at,
            symptoms,
            help: self.help,
        })
    }

    /// This call, if it can have been so. `at` is when it was made.
    ///
    /// # Errors
    /// [`CallRefused`] says what to change.
    pub fn checked(self, at: Timestamp, now: Timestamp) -> Result<Self, CallRefused> {
        if at > now.plus(CLOCK_STEP) {
            return Err(CallRefused::InTheFuture);
        }
        if at < now.minus(WRITTEN_DOWN_WITHIN) {
            return Err(CallRefused::TooLongAgo);
        }
        within("note", &self.note, LONGEST_NOTE)?;
        within("name", &self.name, LONGEST_NAME)?;
        if self.advice.len() > 10 {
            return Err(CallRefused::TooMany {
                field: "advice",
                limit: 10,
            });
        }
        let known = |code: &String| RED_SYMPTOMS.contains(&code.as_str());
        if self.symptoms.len() > RED_SYMPTOMS.len() || !self.symptoms.iter().all(known) {
            return Err(CallRefused::UnknownSymptom);
        }
        if self.whom != Whom::Patient && self.name.trim().is_empty() {
            return Err(CallRefused::NameMissing);
        }
        if self.direction == Direction::ToWard {
            if self.outcome != CallOutcome::Reached {
                return Err(CallRefused::CameInUnanswered);
            }
            if self.way == Way::Visit || self.whom == Whom::WelfareCheck {
                return Err(CallRefused::CannotComeIn);
            }
        }
        if self.reaches() {
            if self.identity.is_none() {
                return Err(CallRefused::IdentityMissing);
            }
        } else {
            self.says_nothing_that_nobody_said()?;
        }
        let in_range =
            |next: NextContact| next.at > now && next.at <= now.plus(NEXT_CONTACT_WITHIN);
        if !self.next.is_none_or(in_range) {
            return Err(CallRefused::NextOutOfRange);
        }
        Ok(self)
    }

    fn says_nothing_that_nobody_said(&self) -> Result<(), CallRefused> {
        // Relatives may be told what to do, and may tell how somebody is; but they cannot stand for them.
        let spoke = self.outcome == CallOutcome::Reached;
        let given = [
            (self.identity.is_some() && !spoke, "identity"),
            (!self.readings.is_empty(), "readings"),
            (
                self.wellbeing != Wellbeing::default() && !spoke,
                "wellbeing",
            ),
            (!self.advice.is_empty() && !spoke, "advice"),
        ];
        let first = given.into_iter().find(|(is_given, _)| *is_given);
        first.map_or(Ok(()), |(_, what)| Err(CallRefused::NobodyReached(what)))
    }
}

/// Whether a visit can be booked for this time.
///
/// # Errors
/// [`CallRefused`] says what to change.
pub fn checked_visit(at: Timestamp, purpose: &str, now: Timestamp) -> Result<(), CallRefused> {
    within("purpose", purpose, LONGEST_NOTE)?;
    if purpose.trim().is_empty() {
        return Err(CallRefused::Missing("purpose: who goes, and what for,"));
    }
    if at <= now || at > now.plus(NEXT_CONTACT_WITHIN) {
        return Err(CallRefused::NextOutOfRange);
    }
    Ok(())
}

/// Whether somebody can be referred onward with this note.
///
/// # Errors
/// [`CallRefused`] says what to change.
pub fn checked_referral(to: Onward, note: &str) -> Result<(), CallRefused> {
    within("note", note, LONGEST_NOTE)?;
    if to == Onward::Other && note.trim().is_empty() {
        return Err(CallRefused::Missing("note: to whom, and what for,"));
    }
    Ok(())
}

/// Texts have limits.
fn within(field: &'static str, text: &str, limit: usize) -> Result<(), CallRefused> {
    if text.chars().count() > limit {
        return Err(CallRefused::TooLong { field, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::EIGHT;

    fn reached() -> Call {
        Call {
            direction: Direction::FromWard,
            way: Way::Telephone,
            whom: Whom::Patient,
            name: String::new(),
            outcome: CallOutcome::Reached,
            identity: Some(Identity::by(Identifier::FullName, Identifier::BirthDate).unwrap()),
            support: Support::None,
            wellbeing: Wellbeing::default(),
            symptoms: Vec::new(),
            help: None,
            readings: Vec::new(),
            advice: Vec::new(),
            next: None,
            note: String::new(),
        }
    }

    fn no_answer() -> Call {
        Call {
            outcome: CallOutcome::NoAnswer,
            identity: None,
            ..reached()
        }
    }

    #[test]
    fn who_is_reached_was_checked_by_two_different_identifiers() {
        assert!(reached().checked(EIGHT, EIGHT).is_ok());
        let unchecked = Call {
            identity: None,
            ..reached()
        };
        assert_eq!(
            unchecked.checked(EIGHT, EIGHT),
            Err(CallRefused::IdentityMissing)
        );
        let twice = Identity::by(Identifier::BirthDate, Identifier::BirthDate);
        assert_eq!(twice, Err(CallRefused::SameIdentifierTwice));
    }

    #[test]
    fn a_call_that_nobody_answered_says_nothing_of_anybody() {
        assert!(no_answer().checked(EIGHT, EIGHT).is_ok());
        let readings = Call {
            readings: vec![ReadingId(uuid::Uuid::nil())],
            ..no_answer()
        };
        let advised = Call {
            advice: vec![Advice::CarryOn],
            ..no_answer()
        };
        let felt = Call {
            wellbeing: Wellbeing {
                feels: Some(Change::Better),
                ..Wellbeing::default()
            },
            ..no_answer()
        };
        for (call, what) in [
            (readings, "readings"),
            (advised, "advice"),
            (felt, "wellbeing"),
        ] {
            assert_eq!(
                call.checked(EIGHT, EIGHT),
                Err(CallRefused::NobodyReached(what))
            );
        }
    }

    #[test]
    fn what_is_told_on_the_telephone_is_judged_as_the_diarys_words_are() {
        assert_eq!(reached().said(EIGHT), None);
        let call = Call {
            wellbeing: Wellbeing {
                breathing: Some(Change::Worse),
                feels: Some(Change::Same),
                ..Wellbeing::default()
            },
            symptoms: vec!["chest_pain".to_owned()],
            help: Some(Help::CallMe),
            ..reached()
        };
        let said = call.checked(EIGHT, EIGHT).unwrap().said(EIGHT).unwrap();
        let heard: Vec<(&str, Urgency)> = said
            .symptoms
            .iter()
            .map(|it| (it.code.as_str(), it.urgency))
            .collect();
        assert_eq!(
            heard,
            [
                ("breathing_worse", Urgency::Amber),
                ("chest_pain", Urgency::Red)
            ]
        );
        assert_eq!(said.help, Some(Help::CallMe));
        let unheard_of = Call {
            symptoms: vec!["hunger".to_owned()],
            ..reached()
        };
        assert_eq!(
            unheard_of.checked(EIGHT, EIGHT),
            Err(CallRefused::UnknownSymptom)
        );
    }

    #[test]
    fn only_the_patient_or_who_speaks_for_them_can_be_reached() {
        for (whom, outcome, reaches) in [
            (Whom::Patient, CallOutcome::Reached, true),
            (Whom::Carer, CallOutcome::Reached, true),
            (Whom::NextOfKin, CallOutcome::Reached, false),
            (Whom::WelfareCheck, CallOutcome::Reached, false),
            (Whom::Patient, CallOutcome::NoAnswer, false),
            (Whom::Patient, CallOutcome::LeftMessage, false),
            (Whom::Carer, CallOutcome::WrongNumber, false),
        ] {
            let call = Call {
                whom,
                outcome,
                ..reached()
            };
            assert_eq!(call.reaches(), reaches, "{whom:?} {outcome:?}");
        }
    }

    #[test]
    fn a_call_is_neither_of_tomorrow_nor_of_last_month_nor_nameless() {
        assert_eq!(
            reached().checked(EIGHT.plus(minutes(1)), EIGHT),
            Err(CallRefused::InTheFuture)
        );
        assert_eq!(
            reached().checked(EIGHT.minus(minutes(8 * 24 * 60)), EIGHT),
            Err(CallRefused::TooLongAgo)
        );
        let somebody = Call {
            whom: Whom::NextOfKin,
            ..reached()
        };
        assert_eq!(
            somebody.checked(EIGHT, EIGHT),
            Err(CallRefused::NameMissing)
        );
        let long = Call {
            note: "é".repeat(LONGEST_NOTE + 1),
            ..reached()
        };
        assert_eq!(
            long.checked(EIGHT, EIGHT),
            Err(CallRefused::TooLong {
                field: "note",
                limit: LONGEST_NOTE
            })
        );
    }

    #[test]
    fn who_rings_the_ward_has_been_reached() {
        let came_in = |call: Call| Call {
            direction: Direction::ToWard,
            ..call
        };
        assert!(came_in(reached()).checked(EIGHT, EIGHT).is_ok());
        assert_eq!(
            came_in(no_answer()).checked(EIGHT, EIGHT),
            Err(CallRefused::CameInUnanswered)
        );
        let at_the_door = Call {
            way: Way::Visit,
            ..came_in(reached())
        };
        assert_eq!(
            at_the_door.checked(EIGHT, EIGHT),
            Err(CallRefused::CannotComeIn)
        );
    }

    #[test]
    fn the_next_contact_lies_ahead_and_within_a_month() {
        for (at, fits) in [
            (EIGHT, false),
            (EIGHT.plus(minutes(1)), true),
            (EIGHT.plus(NEXT_CONTACT_WITHIN), true),
            (EIGHT.plus(NEXT_CONTACT_WITHIN).plus(minutes(1)), false),
        ] {
            let call = Call {
                next: Some(NextContact {
                    at,
                    way: Way::Telephone,
                }),
                ..reached()
            };
            assert_eq!(call.checked(EIGHT, EIGHT).is_ok(), fits, "{at}");
        }
    }
}
