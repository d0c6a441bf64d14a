//! Rules that are wrong on purpose.

use ward_core::alert::Severity;
use ward_core::call_list::{self, CallList, Reason, Standing};
use ward_core::care::CarePlan;
use ward_core::contact::{self, CallOutcome, ContactEntry, ContactState, What, Whom};
use ward_core::day::Zone;
use ward_core::stay::{Phase, Stay};
use ward_core::time::Timestamp;

use crate::world::Rules;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Tried is done.
    NoAnswerIsDone,
    /// A message was left, so they know.
    MessageIsDone,
    /// The daughter says she is fine.
    NextOfKinIsDone,
    /// A call counts from when it was written down.
    WrittenIsMade,
    /// Each day begins with an empty list.
    YesterdayIsForgotten,
    /// Days are those of Greenwich.
    DaysOfGreenwich,
    /// Who is in hospital is nobody's.
    PausedIsDropped,
    /// Who is in hospital is rung at home.
    PausedIsRung,
    /// Who is discharged, or has died, is rung.
    EndedIsRung,
    /// Whose ladder was stopped is nobody's.
    StoppedVanishes,
    /// A stop counts for ever.
    StopIsForEver,
    /// A stop is not heeded.
    StopIsNothing,
    /// A new plan forgives what was owed.
    NewPlanForgives,
    /// A call of tomorrow has reached somebody.
    WrongClockIsBelieved,
    /// A red is the board's business.
    RedIsNotRung,
    /// Whoever was reached after a red is off the list.
    ReachedEndsRed,
    /// Who is claimed is not shown.
    ClaimHides,
    /// What was agreed takes the place of the schedule.
    AgreedTakesThePlace,
    /// One row twice.
    StandsTwice,
    /// In the order of the stays.
    OrderIsLost,
}

pub const ALL: [Fault; 20] = [
    Fault::NoAnswerIsDone,
    Fault::MessageIsDone,
    Fault::NextOfKinIsDone,
    Fault::WrittenIsMade,
    Fault::YesterdayIsForgotten,
    Fault::DaysOfGreenwich,
    Fault::PausedIsDropped,
    Fault::PausedIsRung,
    Fault::EndedIsRung,
    Fault::StoppedVanishes,
    Fault::StopIsForEver,
    Fault::StopIsNothing,
    Fault::NewPlanForgives,
    Fault::WrongClockIsBelieved,
    Fault::RedIsNotRung,
    Fault::ReachedEndsRed,
    Fault::ClaimHides,
    Fault::AgreedTakesThePlace,
    Fault::StandsTwice,
    Fault::OrderIsLost,
];

/// The rules with one fault.
pub struct Faulty(pub Fault);

impl Faulty {
    fn entry(&self, mut entry: ContactEntry) -> ContactEntry {
        if self.0 == Fault::WrittenIsMade {
            entry.at = entry.written_at;
        }
        if let What::Call(call) = &mut entry.what {
            match (self.0, call.outcome, call.whom) {
                (Fault::NoAnswerIsDone, CallOutcome::NoAnswer, _)
                | (Fault::MessageIsDone, CallOutcome::LeftMessage, _) => {
                    call.outcome = CallOutcome::Reached;
                }
                (Fault::NextOfKinIsDone, _, Whom::NextOfKin) => call.whom = Whom::Carer,
                _ => {}
            }
        }
        entry
    }
}

impl Rules for Faulty {
    fn folded(&self, before: &ContactState, entries: &[ContactEntry]) -> ContactState {
        let entries: Vec<ContactEntry> = entries.iter().map(|it| self.entry(it.clone())).collect();
        contact::folded(before, &entries)
    }

    fn plan_changes(
        &self,
        stay: &Stay,
        care: &CarePlan,
        contact: ContactState,
        now: Timestamp,
        zone: &Zone,
    ) -> ContactState {
        if self.0 == Fault::NewPlanForgives {
            return contact;
        }
        call_list::plan_changes(stay, care, contact, now, zone)
    }

    fn rank(&self, caseload: &[Standing<'_>], now: Timestamp, zone: &Zone) -> CallList {
        let stays: Vec<Stay> = caseload.iter().map(|it| self.stay(it.stay)).collect();
        let contacts: Vec<ContactState> = caseload
            .iter()
            .map(|it| self.contact(it.contact, now))
            .collect();
        let faulty: Vec<Standing<'_>> = caseload
            .iter()
            .zip(&stays)
            .zip(&contacts)
            .map(|((it, stay), contact)| Standing {
                stay,
                contact,
                care: it.care,
                alerts: it
                    .alerts
                    .iter()
                    .copied()
                    .filter(|alert| self.heeds(alert, it.contact))
                    .collect(),
            })
            .collect();
        let greenwich = Zone::named("UTC").unwrap();
        let zone = if self.0 == Fault::DaysOfGreenwich {
            &greenwich
        } else {
            zone
        };
        self.list(call_list::rank(&faulty, now, zone), caseload)
    }
}

impl Faulty {
    fn stay(&self, stay: &Stay) -> Stay {
        let mut stay = stay.clone();
        match (self.0, stay.phase) {
            (Fault::PausedIsRung, Phase::Paused { .. })
            | (Fault::EndedIsRung, Phase::Ended { .. }) => {
                stay.phase = Phase::Active;
            }
            _ => {}
        }
        stay
    }

    fn contact(&self, contact: &ContactState, now: Timestamp) -> ContactState {
        let mut contact = contact.clone();
        match self.0 {
            Fault::StopIsNothing => contact.stopped = None,
            Fault::WrongClockIsBelieved => {
                if let Some(reached) = &mut contact.reached {
                    reached.at = reached.at.min(now);
                }
            }
            _ => {}
        }
        contact
    }

    fn heeds(&self, alert: &ward_core::alert::Alert, contact: &ContactState) -> bool {
        match self.0 {
            Fault::RedIsNotRung => alert.severity < Severity::Red,
            Fault::ReachedEndsRed => contact
                .reached
                .is_none_or(|reached| reached.at <= alert.spoke_at),
            _ => true,
        }
    }

    fn list(&self, mut list: CallList, caseload: &[Standing<'_>]) -> CallList {
        let contact_of = |stay| {
            caseload
                .iter()
                .find(|it| it.stay.id == stay)
                .map(|it| it.contact)
        };
        match self.0 {
            Fault::YesterdayIsForgotten => {
                let only_old = |reason: &Reason| matches!(reason, Reason::CarriedOver { .. });
                list.to_call.retain(|row| !row.reasons.iter().all(only_old));
            }
            Fault::PausedIsDropped => list.paused.clear(),
            Fault::StoppedVanishes => list.stopped.clear(),
            Fault::StopIsForEver => {
                let stopped = |row: &mut call_list::Row| {
                    contact_of(row.stay).is_some_and(|contact| contact.stopped.is_some())
                };
                let moved: Vec<_> = list.to_call.extract_if(.., stopped).collect();
                list.stopped.extend(moved);
            }
            Fault::ClaimHides => list.to_call.retain(|row| row.claim.is_none()),
            Fault::AgreedTakesThePlace => {
                let agreed = |row: &call_list::Row| {
                    contact_of(row.stay).is_some_and(|contact| contact.agreed.is_some())
                };
                list.to_call.retain(|row| !agreed(row));
            }
            Fault::StandsTwice => list.not_due.extend(list.to_call.last().cloned()),
            Fault::OrderIsLost => list.to_call.sort_by_key(|row| row.stay),
            _ => {}
        }
        list
    }
}
