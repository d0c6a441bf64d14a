//! Whom the ward rings today, the most urgent first, each with the reasons.
//!
//! The list is never stored and never typed: it follows from the plans, from the open alerts and from when each patient
//! was last *reached*. So it cannot lose anybody when it is made anew, when the shift or the clock changes or when the
//! patient changes wards. Every open stay of the ward stands in exactly one of its four parts.

mod reason;
pub mod schedule;
mod shift;

use jiff::civil::Date;

pub use reason::Reason;
pub use shift::{Progress, RESTS_AFTER_A_TRY};

use crate::alert::{Alert, Severity};
use crate::care::CarePlan;
use crate::contact::{Asked, Claim, ContactState, Why};
use crate::day::Zone;
use crate::id::StayId;
use crate::ladder::{Ladder, standing};
use crate::stay::{Phase, Stay};
use crate::time::{CLOCK_STEP, Timestamp};

/// What the list is made from, for one stay.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// What its plan asks for.
    pub care: &'a CarePlan,
    /// Where it stands with its contacts.
    pub contact: &'a ContactState,
    /// Its open alerts.
    pub alerts: Vec<&'a Alert>,
}

/// The call list of a ward. Every open stay is in one of these, and in one only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallList {
    /// To be rung, the most urgent first.
    pub to_call: Vec<Row>,
    /// In hospital or away: not rung, and not forgotten.
    pub paused: Vec<Row>,
    /// A senior clinician has stopped the ladder; nothing new has fallen due since.
    pub stopped: Vec<Row>,
    /// Nothing is due today.
    pub not_due: Vec<Row>,
}

impl CallList {
    /// All rows, whatever the part.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let calls = self.to_call.iter().chain(&self.paused);
        calls.chain(&self.stopped).chain(&self.not_due)
    }
}

/// One person on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub stay: StayId,
    /// Which day of the stay it is, from 1.
    pub day: i64,
    /// Why, the most urgent reason first. None for who is not due.
    pub reasons: Vec<Reason>,
    /// When the patient was last reached.
    pub reached_at: Option<Timestamp>,
    /// What to do next for somebody who does not answer.
    pub ladder: Option<Ladder>,
    /// Who is seeing to it.
    pub claim: Option<Claim>,
    /// Held so long that whoever claimed it may have forgotten.
    pub claim_is_old: bool,
    /// For who is not due: the next day that a contact is due on.
    pub next_on: Option<Date>,
    admitted_at: Timestamp,
}

/// The call list of a ward.
#[must_use]
pub fn rank(caseload: &[Standing<'_>], now: Timestamp, zone: &Zone) -> CallList {
    let mut list = CallList::default();
    for standing in caseload {
        let part = match standing.stay.phase {
            Phase::Ended { .. } => continue,
            Phase::Paused { .. } => &mut list.paused,
            Phase::Active => match standing.place(now, zone) {
                Place::ToCall => &mut list.to_call,
                Place::Stopped => &mut list.stopped,
                Place::NotDue => &mut list.not_due,
            },
        };
        part.push(standing.row(now, zone));
    }
    for part in [
        &mut list.to_call,
        &mut list.paused,
        &mut list.stopped,
        &mut list.not_due,
    ] {
        part.sort_by_cached_key(Row::key);
    }
    list
}

/// What is still owed by the plan as it is when the plan is changed stays owed by the new one.
#[must_use]
pub fn plan_changes(
    stay: &Stay,
    care_before: &CarePlan,
    contact: ContactState,
    now: Timestamp,
    zone: &Zone,
) -> ContactState {
    let today = zone.day_of(now);
    let before = Standing {
        stay,
        care: care_before,
        contact: &contact,
        alerts: Vec::new(),
    };
    if before.owed_by_schedule(now, zone, today).is_some() {
        contact.asking(Asked::now(Why::OwedBefore, now))
    } else {
        contact
    }
}

/// Where an active stay stands.
enum Place {
    ToCall,
    Stopped,
    NotDue,
}

impl Standing<'_> {
    fn admitted_on(&self, zone: &Zone, today: Date) -> Date {
        // Admitted by a clock that ran ahead: today, then.
        zone.day_of(self.stay.admitted_at).min(today)
    }

    fn owed_by_schedule(&self, now: Timestamp, zone: &Zone, today: Date) -> Option<Date> {
        let reached = self.contact.reached_at(now).map(|at| zone.day_of(at));
        schedule::owed_since(self.care, self.admitted_on(zone, today), reached, today)
    }

    fn place(&self, now: Timestamp, zone: &Zone) -> Place {
        if self.reasons(now, zone).is_empty() {
            Place::NotDue
        } else if self.is_stopped(now, zone) {
            Place::Stopped
        } else {
            Place::ToCall
        }
    }

    /// The ladder was stopped, and nothing has fallen due since. Open alerts are never stopped.
    fn is_stopped(&self, now: Timestamp, zone: &Zone) -> bool {
        let counts = |at: &Timestamp| *at <= now.plus(CLOCK_STEP);
        let stopped = self
            .contact
            .stopped
            .map(|stopped| stopped.at)
            .filter(counts);
        let Some(stopped_at) = stopped else {
            return false;
        };
        let today = zone.day_of(now);
        let newly_owed = schedule::owed_since(
            self.care,
            self.admitted_on(zone, today),
            Some(zone.day_of(stopped_at)),
            today,
        );
        let newly_asked = self
            .contact
            .pending(now)
            .iter()
            .any(|asked| is_due(asked, now, zone) && asked.due > stopped_at);
        self.alerts.is_empty() && newly_owed.is_none() && !newly_asked
    }

    fn reasons(&self, now: Timestamp, zone: &Zone) -> Vec<Reason> {
        let today = zone.day_of(now);
        let reached_at = self.contact.reached_at(now);
        let mut reasons: Vec<Reason> = self
            .alerts
            .iter()
            .map(|alert| Reason::of_alert(alert, reached_at))
            .collect();
        let mut asked = self.contact.pending(now);
        asked.retain(|asked| is_due(asked, now, zone));
        let scheduled = self.owed_by_schedule(now, zone, today);
        let admitted = self.admitted_on(zone, today);
        if scheduled == Some(today) {
            reasons.push(if admitted == today {
                Reason::NewToday
            } else {
                let day = schedule::number_of(admitted, today);
                Reason::DueToday {
                    day,
                    last: day >= i64::from(self.care.days),
                }
            });
        }
        let asked_since = asked.iter().map(|asked| zone.day_of(asked.due));
        let oldest = asked_since.chain(scheduled).min();
        if let Some(since) = oldest.filter(|since| *since < today) {
            reasons.push(Reason::CarriedOver { since });
        }
        reasons.extend(asked.into_iter().map(|asked| Reason::Asked {
            why: asked.why,
            due: asked.due,
        }));
        reasons.sort_by_key(Reason::key);
        reasons
    }

    fn row(&self, now: Timestamp, zone: &Zone) -> Row {
        let today = zone.day_of(now);
        let admitted = self.admitted_on(zone, today);
        let reasons = self.reasons(now, zone);
        let claim = self.contact.claim_on(self.stay.ward);
        let red_is_open = self
            .alerts
            .iter()
            .any(|alert| alert.severity == Severity::Red);
        Row {
            stay: self.stay.id,
            day: schedule::number_of(admitted, today),
            reached_at: self.contact.reached_at(now),
            ladder: standing(&self.contact.tries, red_is_open),
            claim,
            claim_is_old: claim.is_some_and(|claim| claim.is_old(now)),
            next_on: reasons
                .is_empty()
                .then(|| self.next_on(now, zone, admitted, today))
                .flatten(),
            reasons,
            admitted_at: self.stay.admitted_at,
        }
    }

    fn next_on(&self, now: Timestamp, zone: &Zone, admitted: Date, today: Date) -> Option<Date> {
        let asked = self.contact.pending(now);
        let asked = asked.iter().map(|asked| zone.day_of(asked.due));
        asked
            .chain(schedule::next_after(self.care, admitted, today))
            .min()
    }
}

/// Due from the morning of its day on.
fn is_due(asked: &Asked, now: Timestamp, zone: &Zone) -> bool {
    zone.day_of(asked.due) <= zone.day_of(now)
}

impl Row {
    /// Its place: by the most urgent reason; of two alike first whom nobody has spoken to since; then whoever has waited
    /// longest for a contact.
    fn key(&self) -> impl Ord + use<> {
        let first = self.reasons.first();
        (
            first.map_or(u8::MAX, Reason::rank),
            first.is_some_and(Reason::was_reached_since),
            self.reached_at,
            self.admitted_at,
            self.stay,
        )
    }
}
