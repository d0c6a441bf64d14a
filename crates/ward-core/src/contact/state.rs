//! Where a stay stands with its contacts: worked out from its entries, kept in one row beside them, so that a list of
//! two hundred is read at once.

use serde::{Deserialize, Serialize};

use super::claim::Claim;
use super::{Call, CallOutcome, ContactEntry, Direction, Way, What, Whom};
use crate::id::{ClinicianId, ContactId, WardId};
use crate::ladder::TRIES_APART;
use crate::questionnaire::Help;
use crate::time::{CLOCK_STEP, Timestamp, minutes};

/// A contact that was agreed for a time is not done by one that was made more than this before it.
const COUNTS_BEFORE: std::time::Duration = minutes(60);

/// So many contacts that were asked for are remembered, done or not.
const ASKED_KEPT: usize = 50;

/// Where a stay stands with its contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactState {
    /// When the patient, or who speaks for them, was last reached.
    pub reached: Option<Reached>,
    /// The newest call, whatever came of it.
    pub last: Option<Last>,
    /// What was tried since the patient was last reached, or since the ladder was stopped.
    pub tries: Tries,
    /// The ladder was stopped after the patient was last reached.
    pub stopped: Option<Stopped>,
    /// A visit that is booked and was not made yet.
    pub visit: Option<Visit>,
    /// The next contact, as it was agreed at the newest call that agreed one.
    pub agreed: Option<Asked>,
    /// Contacts that are wanted for other reasons than the schedule.
    pub asked: Vec<Asked>,
    /// Who is seeing to it.
    pub claim: Option<Claim>,
}

/// The patient was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// At which contact.
    pub contact: ContactId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: ClinicianId,
}

/// The newest call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Which.
    pub contact: ContactId,
    /// When.
    pub at: Timestamp,
    /// By or to whom of the staff.
    pub by: ClinicianId,
    /// Who rang whom.
    pub direction: Direction,
    /// How.
    pub way: Way,
    /// With whom.
    pub whom: Whom,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// Attempts that did not reach the patient: the evidence for each rung of the ladder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tries {
    /// To ring the patient, or who speaks for them.
    pub patient: u32,
    /// Those of them that were at different times.
    pub at_different_times: u32,
    /// To ask next of kin.
    pub next_of_kin: u32,
    /// Visits that met nobody.
    pub visits: u32,
    /// Requests that somebody look whether the person is well.
    pub welfare_checks: u32,
    /// The newest try of the patient's phone ended at somebody else.
    pub wrong_number: bool,
    /// The first of all.
    pub first_at: Option<Timestamp>,
    /// The newest of all.
    pub last_at: Option<Timestamp>,
    /// The newest try of the patient that was at another time than those before it.
    pub last_patient_at: Option<Timestamp>,
}

impl Tries {
    /// How many in all.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.patient
            .saturating_add(self.next_of_kin)
            .saturating_add(self.visits)
            .saturating_add(self.welfare_checks)
    }
}

/// The ladder was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// In which entry, which has the reason.
    pub contact: ContactId,
    /// When.
    pub at: Timestamp,
    /// By which senior clinician.
    pub by: ClinicianId,
}

/// A visit that is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// In which entry.
    pub contact: ContactId,
    /// For when.
    pub at: Timestamp,
    /// Since when.
    pub booked_at: Timestamp,
}

/// Why a contact is wanted that is not on the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The patient, or who cares for them, rang and wants to be rung back by a clinician.
    CallBack,
    /// Low in spirits or alone.
    Wellbeing,
    /// Agreed at the last call.
    NextContact,
    /// A visit is booked.
    Visit,
    /// Back at home after a pause.
    BackHome,
    /// One was owed when the plan was changed.
    OwedBefore,
}

impl Why {
    /// Its name on the wire and in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallBack => "call_back",
            Self::Wellbeing => "wellbeing",
            Self::NextContact => "next_contact",
            Self::Visit => "visit",
            Self::BackHome => "back_home",
            Self::OwedBefore => "owed_before",
        }
    }
}

/// A contact that is wanted for another reason than the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Why.
    pub why: Why,
    /// Since when: only who was reached after this has been reached about it.
    pub since: Timestamp,
    /// For when.
    pub due: Timestamp,
}

impl Asked {
    /// Wanted from `now` on.
    #[must_use]
    pub const fn now(why: Why, now: Timestamp) -> Self {
        Self {
            why,
            since: now,
            due: now,
        }
    }

    /// Not done yet. What was reached before the time that was agreed does not do it, but for the hour before.
    #[must_use]
    pub fn is_pending(&self, reached_at: Option<Timestamp>) -> bool {
        !reached_at.is_some_and(|at| at > self.since && at >= self.due.minus(COUNTS_BEFORE))
    }

    /// Two that were wanted at once, for one reason: one call does for both.
    fn is_one_with(&self, later: &Self) -> bool {
        self.why == later.why && self.due <= later.since && later.due <= later.since
    }
}

impl ContactState {
    /// When the patient was last reached, as far as `now` has come: a time that a wrong clock wrote ahead of it is not
    /// believed, so that nobody falls off the list for it.
    #[must_use]
    pub fn reached_at(&self, now: Timestamp) -> Option<Timestamp> {
        let reached = self.reached.map(|reached| reached.at);
        reached.filter(|at| *at <= now.plus(CLOCK_STEP))
    }

    /// The claim, if it was made on this ward.
    #[must_use]
    pub fn claim_on(&self, ward: WardId) -> Option<Claim> {
        self.claim.filter(|claim| claim.ward == ward)
    }

    /// This state, with one more contact wanted. One that is done is kept for a while: the contact that did it may turn
    /// out to have been somebody else's.
    #[must_use]
    pub fn asking(mut self, wanted: Asked) -> Self {
        if self.asked.len() >= ASKED_KEPT {
            let reached = self.reached.map(|reached| reached.at);
            let done = self.asked.iter().position(|it| !it.is_pending(reached));
            let alike = |it: &Asked| it.is_one_with(&wanted);
            if let Some(place) = done.or_else(|| self.asked.iter().position(alike)) {
                self.asked.remove(place);
            }
        }
        self.asked.push(wanted);
        self
    }

    /// This state after a call that `by` has written down: their claim has done its work, and so has anybody's when the
    /// patient was reached.
    #[must_use]
    pub fn let_go_after(mut self, by: ClinicianId, reached: bool) -> Self {
        self.claim = self.claim.filter(|claim| !reached && claim.by != by);
        self
    }

    /// Everything that is wanted for other reasons than the schedule and is not done yet, once for each reason.
    pub(crate) fn pending(&self, now: Timestamp) -> Vec<Asked> {
        let reached = self.reached_at(now);
        let visit = self.visit.map(|visit| Asked {
            why: Why::Visit,
            since: visit.booked_at,
            due: visit.at,
        });
        let asked = self.agreed.iter().chain(&self.asked);
        let mut pending: Vec<Asked> = Vec::new();
        for asked in asked.filter(|asked| asked.is_pending(reached)) {
            match pending.iter_mut().find(|it| it.is_one_with(asked)) {
                Some(first) => first.due = first.due.min(asked.due),
                None => pending.push(*asked),
            }
        }
        pending.extend(visit);
        pending
    }
}

/// The state that follows from all entries that count, in whatever order they are given. What does not come from entries
/// is taken over from the state as it was.
#[must_use]
pub fn folded(before: &ContactState, entries: &[ContactEntry]) -> ContactState {
    let mut entries: Vec<&ContactEntry> = entries.iter().collect();
    entries.sort_by_key(|entry| (entry.at, entry.id));
    let mut state = ContactState {
        asked: before.asked.clone(),
        claim: before.claim,
        ..ContactState::default()
    };
    for entry in entries {
        match &entry.what {
            What::Call(call) => state.take_in_call(entry, call),
            What::LadderStopped { .. } => {
                state.tries = Tries::default();
                state.stopped = Some(Stopped {
                    contact: entry.id,
                    at: entry.at,
                    by: entry.by,
                });
            }
            What::VisitBooked { at, .. } => {
                state.visit = Some(Visit {
                    contact: entry.id,
                    at: *at,
                    booked_at: entry.at,
                });
            }
            What::ReferredOnward { .. } | What::VideoOffered { .. } => {}
        }
    }
    state
}

/// The state after one more entry, `newest`, which is one of `entries` already.
#[must_use]
pub fn after(
    before: &ContactState,
    entries: &[ContactEntry],
    newest: &ContactEntry,
    now: Timestamp,
) -> ContactState {
    let state = folded(before, entries);
    match &newest.what {
        What::Call(call) => {
            let state = state.let_go_after(newest.by, call.reaches());
            // Owed until the patient is reached, also when the alert that says so has been ended.
            if call.help == Some(Help::CallMe) {
                state.asking(Asked::now(Why::CallBack, now))
            } else {
                state
            }
        }
        What::LadderStopped { .. }
        | What::VisitBooked { .. }
        | What::ReferredOnward { .. }
        | What::VideoOffered { .. } => state,
    }
}

impl ContactState {
    fn take_in_call(&mut self, entry: &ContactEntry, call: &Call) {
        self.last = Some(Last {
            contact: entry.id,
            at: entry.at,
            by: entry.by,
            direction: call.direction,
            way: call.way,
            whom: call.whom,
            outcome: call.outcome,
        });
        if call.way == Way::Visit {
            self.visit = None;
        }
        if call.reaches() {
            self.reached = Some(Reached {
                contact: entry.id,
                at: entry.at,
                by: entry.by,
            });
            self.tries = Tries::default();
            self.stopped = None;
            if let Some(next) = call.next {
                self.agreed = Some(Asked {
                    why: Why::NextContact,
                    since: entry.at,
                    due: next.at,
                });
            }
        } else if call.direction == Direction::FromWard {
            self.tries.take_in(entry.at, call);
        }
    }
}

impl Tries {
    fn take_in(&mut self, at: Timestamp, call: &Call) {
        self.first_at = self.first_at.or(Some(at));
        self.last_at = Some(at);
        let counter = match (call.whom, call.way) {
            (Whom::WelfareCheck, _) => &mut self.welfare_checks,
            (Whom::Patient | Whom::Carer | Whom::NextOfKin, Way::Visit) => &mut self.visits,
            (Whom::NextOfKin, Way::Telephone | Way::Video) => &mut self.next_of_kin,
            (Whom::Patient | Whom::Carer, Way::Telephone | Way::Video) => {
                self.wrong_number = call.outcome == CallOutcome::WrongNumber;
                let before = self.last_patient_at;
                if before.is_none_or(|before| before.plus(TRIES_APART) <= at) {
                    self.at_different_times = self.at_different_times.saturating_add(1);
                    self.last_patient_at = Some(at);
                }
                &mut self.patient
            }
        };
        *counter = counter.saturating_add(1);
    }
}
