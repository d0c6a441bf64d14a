//! How a plan changes: who may, what waits for a second person, and what happens when nobody reviews it.
//!
//! A change counts from when it is in force. What was judged before keeps the band it was judged by, alerts stay as they
//! are, and every version stays readable.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::care::{CarePlan, CareRefused, REASON_AT_MOST};
use crate::day::Zone;
use crate::id::ClinicianId;
use crate::patient::BirthDate;
use crate::plan::{MonitoringPlan, PlanRefused};
use crate::safe_range::{Outside, SafeRange};
use crate::template;
use crate::time::Timestamp;

/// The whole plan of a stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayPlan {
    /// What values are judged by.
    pub limits: MonitoringPlan,
    /// Everything else.
    pub care: CarePlan,
}

/// How a version of a plan came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum Origin {
    /// With the admission.
    Admission,
    /// A clinician set it.
    Set,
    /// A clinician proposed it and another one approved.
    Approved {
        /// Who.
        by: ClinicianId,
        /// The proposal's number.
        proposal: u32,
    },
    /// Nobody reviewed the version before by its date: this is the ward's default.
    FellBack {
        /// By when it was to be reviewed.
        review_by: Date,
    },
    /// Nobody reviewed the version before by its date, and it goes on: the ward's default is not for this patient.
    ReviewOverdue {
        /// By when it was to be reviewed.
        review_by: Date,
    },
}

/// A version of a plan, as it stays on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The plan, with its number, author, reason and time.
    pub plan: StayPlan,
    /// How it came to be.
    pub origin: Origin,
}

/// A plan that waits for a second person, or waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// 1, 2, 3 … for this stay.
    pub number: u32,
    /// The plan as it would be; its author, reason and time are the proposal's.
    pub plan: StayPlan,
    /// The version that it would replace.
    pub replaces: u32,
    /// Who proposes.
    pub by: ClinicianId,
    /// Since when.
    pub at: Timestamp,
    /// Which limits lie outside the ward's safe range.
    pub outside: Vec<Outside>,
    /// What became of it.
    pub state: ProposalState,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum ProposalState {
    /// It waits for a second person.
    Waiting,
    /// It is, or was, in force.
    Approved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// As which version.
        version: u32,
    },
    /// A colleague said no, or whoever proposed it took it back.
    Rejected {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Another version came into force meanwhile.
    Superseded {
        /// When.
        at: Timestamp,
        /// Which.
        version: u32,
    },
}

impl ProposalState {
    /// As it is stored, and in the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Superseded { .. } => "superseded",
        }
    }
}

/// What a clinician wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The version that their screen showed.
    pub replaces: u32,
    /// The limits.
    pub limits: MonitoringPlan,
    /// Everything else; its version, author, reason and time are not looked at.
    pub care: CarePlan,
    /// Why.
    pub reason: String,
}

/// What the change is made among.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The patient's day of birth.
    pub birth_date: BirthDate,
    /// The ward's default.
    pub ward_default: &'a MonitoringPlan,
    /// The ward's safe range.
    pub safe: &'a SafeRange,
    /// The ward's zone.
    pub zone: &'a Zone,
    /// By the service's clock.
    pub now: Timestamp,
}

/// What follows from what a clinician wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in force.
    InForce(Version),
    /// It waits for a second person; the plan goes on as it is.
    Waits(Proposal),
}

/// Why a plan was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// The limits.
    #[error(transparent)]
    Limits(#[from] PlanRefused),
    /// The rest.
    #[error(transparent)]
    Care(#[from] CareRefused),
    /// Somebody changed it meanwhile.
    #[error(
        "version {current} of this plan is in force since {at}: look at it, then change that one"
    )]
    ChangedSince {
        /// Which version counts.
        current: u32,
        /// Since when.
        at: Timestamp,
        /// Who wrote it, if a person did.
        by: Option<ClinicianId>,
    },
    /// The day of review has passed already.
    #[error("review_by ({0}) lies in the past: choose today or a later day")]
    ReviewPassed(Date),
    /// An adult's plan.
    #[error(transparent)]
    TooYoung(#[from] TooYoung),
}

/// Under 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the patient is {age}: the default plans are for people of 16 and over. A clinician must set limits for this patient"
)]
pub struct TooYoung {
    /// In whole years.
    pub age: i16,
}

/// The default plans are for people of this age and over.
pub const ADULT_FROM: i16 = 16;

/// Whether these limits suit a patient of this age: under 16 no default plan does, neither the ward's nor a template's.
///
/// # Errors
/// [`TooYoung`].
pub fn suits_age(
    birth_date: BirthDate,
    today: Date,
    limits: &MonitoringPlan,
    ward_default: &MonitoringPlan,
) -> Result<(), TooYoung> {
    let age = age_on(birth_date, today);
    let is_default = limits == ward_default
        || *limits == MonitoringPlan::scale_one()
        || *limits == MonitoringPlan::target_88_to_92()
        || template::all().iter().any(|it| it.limits == *limits);
    if age < ADULT_FROM && is_default {
        Err(TooYoung { age })
    } else {
        Ok(())
    }
}

/// Whole years. Who was born on 29 February has their birthday on 1 March in other years.
#[must_use]
pub fn age_on(birth_date: BirthDate, today: Date) -> i16 {
    let born = birth_date.0;
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today
        .year()
        .saturating_sub(born.year())
        .saturating_sub(i16::from(!had_birthday))
}

/// What follows when a clinician wants to change a plan.
///
/// Limits that are in force already were agreed to: they need nobody again.
///
/// # Errors
/// [`ChangeRefused`] says what to do.
pub fn change(
    current: &StayPlan,
    wanted: Wanted,
    by: ClinicianId,
    proposals_so_far: u32,
    setting: &Setting<'_>,
) -> Result<Change, ChangeRefused> {
    let plan = checked(current, wanted, by, setting)?;
    let outside = setting.safe.outside(&plan.limits);
    if outside.is_empty() || plan.limits == current.limits {
        return Ok(Change::InForce(Version {
            plan,
            origin: Origin::Set,
        }));
    }
    Ok(Change::Waits(Proposal {
        number: proposals_so_far.saturating_add(1),
        replaces: current.care.version,
        plan,
        by,
        at: setting.now,
        outside,
        state: ProposalState::Waiting,
    }))
}

fn checked(
    current: &StayPlan,
    wanted: Wanted,
    by: ClinicianId,
    setting: &Setting<'_>,
) -> Result<StayPlan, ChangeRefused> {
    if wanted.replaces != current.care.version {
        return Err(changed_since(current));
    }
    let reason = wanted.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_AT_MOST {
        return Err(CareRefused::Reason.into());
    }
    let limits = wanted.limits.checked()?;
    let care = wanted.care.checked(&limits)?;
    let today = setting.zone.day_of(setting.now);
    if let Some(review_by) = care.review_by.filter(|day| *day < today) {
        return Err(ChangeRefused::ReviewPassed(review_by));
    }
    suits_age(setting.birth_date, today, &limits, setting.ward_default)?;
    Ok(StayPlan {
        limits,
        care: CarePlan {
            version: current.care.version.saturating_add(1),
            review_missed: None,
            author: Some(by),
            reason: reason.to_owned(),
            set_at: Some(setting.now),
            ..care
        },
    })
}

fn changed_since(current: &StayPlan) -> ChangeRefused {
    ChangeRefused::ChangedSince {
        current: current.care.version,
        at: current.care.set_at.unwrap_or(Timestamp::from_millis(0)),
        by: current.care.author,
    }
}

/// Why a proposal was neither approved nor rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideRefused {
    /// A second person is another person.
    #[error("you proposed this plan yourself: a colleague must approve it")]
    NeedsAnother,
    /// It is over.
    #[error("this proposal is {state} since {at}: the plan's history says what is in force")]
    Over {
        /// What became of it.
        state: &'static str,
        /// When.
        at: Timestamp,
        /// Who decided, if a person did.
        by: Option<ClinicianId>,
    },
    /// It no longer fits.
    #[error("this proposal can no longer be approved: {0}. Reject it and propose anew")]
    NoLonger(ChangeRefused),
    /// No reason.
    #[error("say why, in {REASON_AT_MOST} characters at most")]
    Reason,
}

/// Another clinician agrees: the plan is in force.
///
/// # Errors
/// [`DecideRefused`].
pub fn approve(
    proposal: &Proposal,
    current: &StayPlan,
    by: ClinicianId,
    setting: &Setting<'_>,
) -> Result<(Proposal, Version), DecideRefused> {
    still_waiting(proposal)?;
    if proposal.by == by {
        return Err(DecideRefused::NeedsAnother);
    }
    let wanted = Wanted {
        replaces: proposal.replaces,
        limits: proposal.plan.limits.clone(),
        care: proposal.plan.care.clone(),
        reason: proposal.plan.care.reason.clone(),
    };
    let plan = checked(current, wanted, proposal.by, setting).map_err(DecideRefused::NoLonger)?;
    let approved = Proposal {
        state: ProposalState::Approved {
            by,
            at: setting.now,
            version: plan.care.version,
        },
        ..proposal.clone()
    };
    let origin = Origin::Approved {
        by,
        proposal: proposal.number,
    };
    Ok((approved, Version { plan, origin }))
}

/// A clinician says no; whoever proposed it may take it back so.
///
/// # Errors
/// [`DecideRefused`].
pub fn reject(
    proposal: &Proposal,
    by: ClinicianId,
    reason: &str,
    now: Timestamp,
) -> Result<Proposal, DecideRefused> {
    still_waiting(proposal)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_AT_MOST {
        return Err(DecideRefused::Reason);
    }
    Ok(Proposal {
        state: ProposalState::Rejected {
            by,
            at: now,
            reason: reason.to_owned(),
        },
        ..proposal.clone()
    })
}

/// Another version is in force: what waited for the one before waits no longer.
#[must_use]
pub fn superseded(proposal: &Proposal, version: u32, now: Timestamp) -> Proposal {
    Proposal {
        state: ProposalState::Superseded { at: now, version },
        ..proposal.clone()
    }
}

/// What waits when somebody proposes anew: one proposal waits at a time.
#[must_use]
pub fn replaced(waiting: &Proposal, next: &Proposal) -> Proposal {
    Proposal {
        state: ProposalState::Rejected {
            by: next.by,
            at: next.at,
            reason: format!("Replaced by proposal {}", next.number),
        },
        ..waiting.clone()
    }
}

fn still_waiting(proposal: &Proposal) -> Result<(), DecideRefused> {
    let (at, by) = match &proposal.state {
        ProposalState::Waiting => return Ok(()),
        ProposalState::Approved { by, at, .. } | ProposalState::Rejected { by, at, .. } => {
            (*at, Some(*by))
        }
        ProposalState::Superseded { at, .. } => (*at, None),
    };
    let state = proposal.state.name();
    Err(DecideRefused::Over { state, at, by })
}

/// When a plan stops counting unless somebody reviews it: with the end of its day of review.
#[must_use]
pub fn review_due(care: &CarePlan, zone: &Zone) -> Option<Timestamp> {
    let day_after = care.review_by?.tomorrow().ok()?;
    Some(zone.start_of(day_after))
}

/// What follows when nobody has reviewed a plan by its date: the ward's default, or for a patient of under 16, whom no
/// default suits, the same plan and word that its review is overdue.
#[must_use]
pub fn review_passed(
    current: &StayPlan,
    default: &StayPlan,
    setting: &Setting<'_>,
) -> Option<Version> {
    let review_by = current.care.review_by?;
    if review_due(&current.care, setting.zone)? > setting.now {
        return None;
    }
    let today = setting.zone.day_of(setting.now);
    let version = current.care.version.saturating_add(1);
    let falls_back = suits_age(
        setting.birth_date,
        today,
        &default.limits,
        setting.ward_default,
    )
    .is_ok();
    Some(if falls_back {
        Version {
            plan: StayPlan {
                limits: default.limits.clone(),
                care: CarePlan {
                    version,
                    review_by: None,
                    review_missed: Some(review_by),
                    author: None,
                    reason: format!(
                        "Nobody reviewed version {} by {review_by}: the ward's default counts",
                        current.care.version
                    ),
                    set_at: Some(setting.now),
                    ..default.care.clone()
                },
            },
            origin: Origin::FellBack { review_by },
        }
    } else {
        Version {
            plan: StayPlan {
                limits: current.limits.clone(),
                care: CarePlan {
                    version,
                    review_by: None,
                    review_missed: Some(review_by),
                    set_at: Some(setting.now),
                    ..current.care.clone()
                },
            },
            origin: Origin::ReviewOverdue { review_by },
        }
    })
}

#[cfg(test)]
mod tests;
