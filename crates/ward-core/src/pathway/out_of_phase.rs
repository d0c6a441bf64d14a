//! Readings of a stay that is paused or over: kept on its chart, judged, and a low reaches the duty clinician.
//!
//! Nobody watches such a stay for trends, rechecks or silence; but a low that is sent is somebody's.

use crate::alert::{Alert, Problem, Severity, Subject};
use crate::assess::assess_reading;
use crate::event::WardEvent;
use crate::moment::Moment;
use crate::plan::Band;
use crate::reading::{Context, Measured, Reading, Timing};
use crate::spo2::Spo2;
use crate::stay::{Destination, PauseReason, Phase, Stay, StayState};
use crate::technical::{Cause, Detail, Fault, assess_fault};
use crate::time::Timestamp;

/// What follows from one reading of a stay in any phase; the arguments are those of [`assess_reading`].
///
/// While it runs, the usual rules. A low of one that is paused or over raises an alert of that severity on the board of its
/// ward. What was measured before a death or a hospital admission and comes after it is kept and asks for nothing: it was
/// answered by what happened.
#[must_use]
pub fn assess(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    reading: &Reading,
    now: Timestamp,
) -> Vec<WardEvent> {
    let Some((cause, since)) = unwatched(&stay.phase) else {
        return assess_reading(stay, state, open, reading, now);
    };
    let mut events = Vec::new();
    if let Timing::ClockWrong { off_by_ms } = reading.timing {
        let fault = Fault {
            subject: Subject::Bridge(reading.bridge),
            cause: Cause::ClockWrong,
            severity: Severity::Amber,
            spo2: None,
            detail: Detail::clock(off_by_ms),
        };
        events.extend(fault_event(&fault, open, now));
    }
    let Measured::Values(values) = &reading.measured else {
        return events;
    };
    let band = stay.plan.band(values.spo2);
    let was_before = reading.effective_at < since;
    if band == Band::Green
        || reading.context == Context::Exertion
        || (was_before && is_answered_by(&stay.phase))
    {
        return events;
    }
    let is_late = state.newest_good.any_surely_after(&Moment::of(reading));
    let fault = Fault {
        subject: Subject::Stay(stay.id),
        cause,
        // Behind a newer good reading it is for review, as always.
        severity: if is_late {
            Severity::Low
        } else {
            Severity::of(band)
        },
        spo2: Some(values.spo2),
        detail: Detail::NotWatched {
            measured_at: reading.effective_at,
            since,
        },
    };
    events.extend(fault_event(&fault, open, now));
    events
}

/// What follows from an exertion test of a stay that nobody watches, which its plan finds so bad. Its lowest is no value at
/// rest, so [`assess`] passes over it; a fall must be somebody's all the same.
pub(crate) fn of_unwatched(
    stay: &Stay,
    open: &[Alert],
    (lowest, band): (Spo2, Band),
    at: Timestamp,
    is_past: bool,
    now: Timestamp,
) -> Option<WardEvent> {
    let (cause, since) = unwatched(&stay.phase)?;
    if band == Band::Green || (at < since && is_answered_by(&stay.phase)) {
        return None;
    }
    let fault = Fault {
        subject: Subject::Stay(stay.id),
        cause,
        severity: if is_past {
            Severity::Low
        } else {
            Severity::of(band)
        },
        spo2: Some(lowest),
        detail: Detail::NotWatched {
            measured_at: at,
            since,
        },
    };
    fault_event(&fault, open, now)
}

fn fault_event(fault: &Fault, open: &[Alert], now: Timestamp) -> Option<WardEvent> {
    let problem = Problem::Technical(fault.cause);
    let known = open.iter().find(|alert| {
        alert.is_open() && alert.problem == problem && alert.subject == fault.subject
    });
    assess_fault(fault, known, now)
}

const fn unwatched(phase: &Phase) -> Option<(Cause, Timestamp)> {
    match phase {
        Phase::Active => None,
        Phase::Paused { since, .. } => Some((Cause::WhilePaused, *since)),
        Phase::Ended { at, .. } => Some((Cause::AfterDischarge, *at)),
    }
}

const fn is_answered_by(phase: &Phase) -> bool {
    match phase {
        Phase::Paused { reason, .. } => matches!(reason, PauseReason::InHospital),
        Phase::Ended { destination, .. } => {
            matches!(destination, Destination::Died | Destination::Hospital)
        }
        Phase::Active => false,
    }
}

/// What whoever sends a reading of an unwatched stay must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice {
    /// How low the value is; green for an attempt without one.
    pub band: Band,
    /// Paused; else over.
    pub is_paused: bool,
}

impl Advice {
    /// In words for the person at home. A red says 999 first, always.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match (self.band, self.is_paused) {
            (Band::Red, true) => {
                "Check again at once. If it is still as low, call 999 or go to A&E. Your stay on the virtual ward is \
                 paused: nobody watches your readings. The ward's duty clinician is told of this one"
            }
            (Band::Red, false) => {
                "Check again at once. If it is still as low, call 999 or go to A&E. Your stay on the virtual ward is over: \
                 nobody watches your readings. The ward's duty clinician is told of this one"
            }
            (Band::Amber, true) => {
                "Check again within an hour. If it is still low, ring the ward, your GP or 111; if you feel worse, call 999. \
                 Your stay on the virtual ward is paused: nobody watches your readings"
            }
            (Band::Amber, false) => {
                "Check again within an hour. If it is still low, ring your GP or 111; if you feel worse, call 999. Your \
                 stay on the virtual ward is over: nobody watches your readings"
            }
            (Band::Green, true) => {
                "Your stay on the virtual ward is paused: nobody watches your readings. If you are back at home, ring the \
                 ward. If you feel unwell use 111, in an emergency 999"
            }
            (Band::Green, false) => {
                "Your stay on the virtual ward is over: nobody watches your readings. If you feel unwell use 111, in an \
                 emergency 999"
            }
        }
    }
}

/// What the sender of a reading is told, when nobody watches the stay: `None` while it runs, and for what was measured
/// before it stopped.
#[must_use]
pub fn advice(stay: &Stay, reading: &Reading) -> Option<Advice> {
    let (cause, since) = unwatched(&stay.phase)?;
    let band = match &reading.measured {
        Measured::Values(values) if reading.context != Context::Exertion => {
            stay.plan.band(values.spo2)
        }
        Measured::Values(_) | Measured::Attempt { .. } => Band::Green,
    };
    (reading.effective_at >= since).then_some(Advice {
        band,
        is_paused: cause == Cause::WhilePaused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{Taken, Ward, attempt, value};
    use crate::time::minutes;

    /// What a reading leads to half an hour after the stay came into this phase.
    fn half_an_hour_after(
        phase: impl FnOnce(Timestamp) -> Phase,
        taken: Taken,
    ) -> (Ward, Vec<WardEvent>) {
        let mut ward = Ward::new().reads(97.0);
        ward.stay.phase = phase(ward.now);
        let mut ward = ward.after(minutes(30));
        let reading = ward.reading(taken);
        ward.state = std::mem::take(&mut ward.state).with(&reading, &ward.stay.plan);
        let events = assess(&ward.stay, &ward.state, &[], &reading, ward.now);
        (ward, events)
    }

    fn discharged(at: Timestamp) -> Phase {
        let destination = Destination::Home;
        Phase::Ended { at, destination }
    }

    fn in_hospital(since: Timestamp) -> Phase {
        let reason = PauseReason::InHospital;
        Phase::Paused { since, reason }
    }

    fn died(at: Timestamp) -> Phase {
        let destination = Destination::Died;
        Phase::Ended { at, destination }
    }

    fn raised(events: &[WardEvent]) -> Option<(Problem, Severity)> {
        events.iter().find_map(|event| match event {
            WardEvent::Alert { alert, .. } => Some((alert.problem, alert.severity)),
            _ => None,
        })
    }

    #[test]
    fn a_low_of_a_stay_that_is_paused_or_over_is_an_alert_of_its_severity() {
        let over = Problem::Technical(Cause::AfterDischarge);
        let paused = Problem::Technical(Cause::WhilePaused);
        for (percent, severity) in [(84.0, Severity::Red), (93.0, Severity::Amber)] {
            let (_, events) = half_an_hour_after(discharged, value(percent));
            assert_eq!(raised(&events), Some((over, severity)));
            let (_, events) = half_an_hour_after(in_hospital, value(percent).doubtful());
            assert_eq!(raised(&events), Some((paused, severity)));
            // Somebody wears it.
            let (_, events) = half_an_hour_after(died, value(percent));
            assert_eq!(raised(&events), Some((over, severity)));
        }
        for quiet in [
            value(97.0),
            attempt(),
            value(84.0).in_context(Context::Exertion),
        ] {
            let (_, events) = half_an_hour_after(discharged, quiet);
            assert_eq!(raised(&events), None);
        }
    }

    #[test]
    fn what_was_measured_before_a_death_or_an_admission_asks_for_nothing_afterwards() {
        let before = || value(84.0).measured_ago(minutes(40));
        for phase in [died, in_hospital] {
            let (_, events) = half_an_hour_after(phase, before());
            assert_eq!(events, []);
        }
        // After a discharge it is somebody's, for review behind a newer good reading.
        let (_, events) = half_an_hour_after(discharged, before());
        let over = Problem::Technical(Cause::AfterDischarge);
        assert_eq!(raised(&events), Some((over, Severity::Low)));
    }

    #[test]
    fn the_sender_of_a_red_reads_999_and_that_nobody_watches() {
        let mut ward = Ward::new();
        let reading = ward.reading(value(84.0));
        assert_eq!(advice(&ward.stay, &reading), None);
        for phase in [discharged, in_hospital, died] {
            ward.stay.phase = phase(ward.now);
            let text = advice(&ward.stay, &reading).unwrap().text();
            assert!(text.contains("999") && text.contains("nobody watches"));
        }
        let before = ward.reading(value(84.0).measured_ago(minutes(1)));
        assert_eq!(advice(&ward.stay, &before), None);
    }
}
