//! A request to take somebody on, from the day it is made to the day it is answered.

use serde::{Deserialize, Serialize};

use super::listed;
use crate::id::{ClinicianId, PatientId, ReferralId, StayId, WardId};
use crate::time::Timestamp;

/// A request to take a person on. Free text and names of people stay in its row; events carry its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// Ours.
    pub id: ReferralId,
    /// Who is asked.
    pub ward: WardId,
    /// For whom.
    pub patient: PatientId,
    /// When it was made, by the service's clock.
    pub made_at: Timestamp,
    /// Who wrote it down.
    pub made_by: ClinicianId,
    /// Where it comes from.
    pub source: Source,
    /// The person or team who asked, in their words: a practice, a hospital ward, the patient.
    pub referred_by: String,
    /// Why.
    pub reason: String,
    /// Whether the person wants it.
    pub consent: Consent,
    /// When they left the hospital bed they come from, for a step-down. Kept apart from the admission to this ward.
    pub inpatient_spell_ended_at: Option<Timestamp>,
    /// How far it has come.
    pub state: State,
}

/// Where a referral comes from: the words of national reporting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The review of new positive results.
    CaseFinding,
    /// General practice.
    GeneralPractice,
    /// NHS 111.
    Nhs111,
    /// The ambulance service.
    Ambulance,
    /// An emergency department.
    EmergencyDepartment,
    /// A hospital ward, on the way home (step-down).
    HospitalWard,
    /// A care home.
    CareHome,
    /// Community services.
    CommunityServices,
    /// The person themselves, or their carer.
    SelfReferral,
    /// Somebody who was on this or another virtual ward before.
    Readmission,
}

/// Whether the person wants to be looked after in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Consent {
    /// Nobody has asked yet.
    NotAsked,
    /// Yes.
    Given {
        /// Who asked.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// The person cannot decide; decided for them in their best interests, after an assessment (Mental Capacity Act 2005).
    BestInterests {
        /// Who decided.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// No.
    Refused {
        /// Who asked.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
}

impl Consent {
    /// Whether the person may be taken on.
    #[must_use]
    pub const fn is_enough(self) -> bool {
        matches!(self, Self::Given { .. } | Self::BestInterests { .. })
    }
}

/// How soon somebody is to be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    Immediate,
    /// Today: the procedure's aim for everybody.
    Today,
    /// Tomorrow will do.
    NextDay,
}

/// Why somebody is not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Too unwell to be at home: sent to hospital.
    TooUnwell,
    /// Outside the ward's criteria.
    OutsideCriteria,
    /// The person does not want it.
    NotWanted,
    /// Nobody at home can do it, and no way was found.
    NotSafeAtHome,
    /// The ward has no room.
    NoCapacity,
    /// Looked after elsewhere already.
    LookedAfterElsewhere,
    /// Could not be reached on any of the ladder's steps.
    NotReached,
    /// Any other; the note says which.
    Other,
}

/// How far a referral has come. Each state says who brought it there, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum State {
    /// Nobody of the ward has looked yet.
    Referred,
    /// A clinician has looked and said how soon.
    Triaged {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// How soon.
        urgency: Urgency,
    },
    /// The ward takes the person on.
    Accepted {
        /// Who said so.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
    /// The stay has begun.
    Admitted {
        /// Who admitted.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// The stay.
        stay: StayId,
    },
    /// The ward does not.
    Declined {
        /// Who said so.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: DeclineReason,
    },
    /// Taken back by whoever made it, or by the person.
    Withdrawn {
        /// Who wrote it down.
        by: ClinicianId,
        /// When.
        at: Timestamp,
    },
}

impl State {
    /// Its name in the store and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Triaged { .. } => "triaged",
            Self::Accepted { .. } => "accepted",
            Self::Admitted { .. } => "admitted",
            Self::Declined { .. } => "declined",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// Whether somebody of the ward still has to do something with it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Referred | Self::Triaged { .. } | Self::Accepted { .. } => true,
            Self::Admitted { .. } | Self::Declined { .. } | Self::Withdrawn { .. } => false,
        }
    }
}

/// What can be done with a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A clinician looks and says how soon. Can be said anew.
    Triage(Urgency),
    /// Whether the person wants it.
    Consent(Answer),
    /// The ward takes the person on.
    Accept,
    /// The ward does not.
    Decline(DeclineReason),
    /// Whoever made it takes it back.
    Withdraw,
    /// The stay begins.
    Admit(StayId),
}

/// What the person said when they were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Given,
    /// They cannot decide; decided in their best interests.
    BestInterests,
    /// No.
    Refused,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Triage(_) => "triage",
            Self::Consent(_) => "record consent",
            Self::Accept => "accept",
            Self::Decline(_) => "decline",
            Self::Withdraw => "withdraw",
            Self::Admit(_) => "admit",
        }
    }
}

/// A step that this referral cannot take, and those that it can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}. Possible now: {}", listed(.possible))]
pub struct NotPossible {
    /// What stands in the way.
    pub why: Why,
    /// What can be done with it now.
    pub possible: Vec<&'static str>,
}

/// What stands in the way of a referral's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// A clinician must look before the ward says yes.
    #[error("nobody has triaged this referral yet")]
    NotTriaged,
    /// The ward has not said yes.
    #[error("this referral has not been accepted yet")]
    NotAccepted,
    /// Nobody has asked the person.
    #[error("the person's consent is not on record")]
    NoConsent,
    /// The person said no.
    #[error("the person has refused consent")]
    ConsentRefused,
    /// The ward said yes already.
    #[error("this referral was accepted at {at}")]
    AlreadyAccepted {
        /// When.
        at: Timestamp,
    },
    /// The stay has begun: what is done now is done with the stay.
    #[error("the stay that this referral asked for began at {at}: act on the stay")]
    AlreadyAdmitted {
        /// When.
        at: Timestamp,
        /// Which.
        stay: StayId,
    },
    /// The ward said no.
    #[error("this referral was declined at {at}: make a new one if that has changed")]
    AlreadyDeclined {
        /// When.
        at: Timestamp,
    },
    /// It was taken back.
    #[error("this referral was withdrawn at {at}: make a new one if that has changed")]
    AlreadyWithdrawn {
        /// When.
        at: Timestamp,
    },
}

impl Referral {
    /// This referral after a step.
    ///
    /// # Errors
    /// [`NotPossible`] says what stands in the way and what can be done instead.
    pub fn after(&self, step: Step, by: ClinicianId, now: Timestamp) -> Result<Self, NotPossible> {
        self.refusal(step).map_or_else(
            || Ok(self.clone().with(step, by, now)),
            |why| {
                Err(NotPossible {
                    why,
                    possible: self.possible(),
                })
            },
        )
    }

    fn refusal(&self, step: Step) -> Option<Why> {
        match self.state {
            State::Admitted { at, stay, .. } => return Some(Why::AlreadyAdmitted { at, stay }),
            State::Declined { at, .. } => return Some(Why::AlreadyDeclined { at }),
            State::Withdrawn { at, .. } => return Some(Why::AlreadyWithdrawn { at }),
            State::Referred | State::Triaged { .. } | State::Accepted { .. } => {}
        }
        match (step, self.state) {
            (Step::Triage(_) | Step::Accept | Step::Decline(_), State::Accepted { at, .. }) => {
                Some(Why::AlreadyAccepted { at })
            }
            (Step::Accept, State::Referred) => Some(Why::NotTriaged),
            (Step::Admit(_), State::Referred | State::Triaged { .. }) => Some(Why::NotAccepted),
            (Step::Accept | Step::Admit(_), _) => self.consent_missing(),
            _ => None,
        }
    }

    const fn consent_missing(&self) -> Option<Why> {
        match self.consent {
            Consent::Given { .. } | Consent::BestInterests { .. } => None,
            Consent::NotAsked => Some(Why::NoConsent),
            Consent::Refused { .. } => Some(Why::ConsentRefused),
        }
    }

    fn with(mut self, step: Step, by: ClinicianId, at: Timestamp) -> Self {
        match step {
            Step::Triage(urgency) => self.state = State::Triaged { by, at, urgency },
            Step::Accept => self.state = State::Accepted { by, at },
            Step::Decline(reason) => self.state = State::Declined { by, at, reason },
            Step::Withdraw => self.state = State::Withdrawn { by, at },
            Step::Admit(stay) => self.state = State::Admitted { by, at, stay },
            Step::Consent(answer) => {
                self.consent = match answer {
                    Answer::Given => Consent::Given { by, at },
                    Answer::BestInterests => Consent::BestInterests { by, at },
                    Answer::Refused => Consent::Refused { by, at },
                }
            }
        }
        self
    }

    /// What can be done with it now, in words.
    #[must_use]
    pub fn possible(&self) -> Vec<&'static str> {
        let steps = [
            Step::Triage(Urgency::Today),
            Step::Consent(Answer::Given),
            Step::Accept,
            Step::Decline(DeclineReason::Other),
            Step::Withdraw,
            Step::Admit(StayId(self.id.0)),
        ];
        steps
            .into_iter()
            .filter(|step| self.refusal(*step).is_none())
            .map(Step::word)
            .collect()
    }
}
