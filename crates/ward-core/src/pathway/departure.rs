//! What follows when a stay is paused, resumed, moved or ended: to the stay itself, to its open alerts, to its prompts.

use super::listed;
use crate::alert::{Alert, Change, Outcome, closed, moved};
use crate::event::{PathwayEvent, WardEvent};
use crate::id::{AlertNumber, ClinicianId, WardId};
use crate::stay::{Channel, Destination, PauseReason, Phase, Stay};
use crate::time::Timestamp;

/// What is done with a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Somebody else looks after the patient for a while.
    Pause(PauseReason),
    /// The patient is back.
    Resume,
    /// The stay ends. [`Destination::Died`] and [`Destination::Hospital`] close what is open, the others wait for it.
    End(Destination),
    /// The patient goes to another ward of the organisation.
    Transfer(WardId),
    /// Readings and diaries come another way from now on.
    Channel(Channel),
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Pause(PauseReason::InHospital) => "pause for a hospital admission",
            Self::Pause(PauseReason::InRespite | PauseReason::Away) => "pause",
            Self::Resume => "resume",
            Self::End(Destination::Died) => "record a death",
            Self::End(Destination::Hospital) => "end with a hospital admission",
            Self::End(_) => "discharge",
            Self::Transfer(_) => "transfer to another ward",
            Self::Channel(_) => "change the channel",
        }
    }

    /// What open alerts are closed with, where the step does not wait for them to be resolved one by one.
    #[must_use]
    pub const fn closes_alerts_with(self) -> Option<Outcome> {
        match self {
            Self::Pause(PauseReason::InHospital) | Self::End(Destination::Hospital) => {
                Some(Outcome::AdmittedToHospital)
            }
            Self::End(Destination::Died) => Some(Outcome::Died),
            Self::Transfer(_) => Some(Outcome::TransferredWard),
            Self::Pause(PauseReason::InRespite | PauseReason::Away)
            | Self::Resume
            | Self::End(_)
            | Self::Channel(_) => None,
        }
    }

    const fn waits_for_alerts(self) -> bool {
        match self {
            Self::Pause(_) | Self::End(_) => self.closes_alerts_with().is_none(),
            Self::Resume | Self::Transfer(_) | Self::Channel(_) => false,
        }
    }
}

/// A step that this stay cannot take, and those that it can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}. Possible now: {}", listed(.possible))]
pub struct NotPossible {
    /// What stands in the way.
    pub why: Why,
    /// What can be done with it now.
    pub possible: Vec<&'static str>,
}

/// What stands in the way of a stay's step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nobody is sent home with an alert that nobody has ended.
    #[error("{}: resolve what is open first", alerts_open(.0))]
    AlertsOpen(Vec<AlertNumber>),
    /// Somebody was first.
    #[error("this stay has been paused since {since}")]
    AlreadyPaused {
        /// Since when.
        since: Timestamp,
    },
    /// It runs.
    #[error("this stay is not paused")]
    NotPaused,
    /// Over.
    #[error("this stay ended at {at}: a patient who is back is readmitted")]
    Over {
        /// When.
        at: Timestamp,
    },
    /// Over, by the patient's death.
    #[error(
        "this patient is recorded as having died at {at}: if that is wrong, readmit and say so"
    )]
    HasDied {
        /// When.
        at: Timestamp,
    },
    /// It is there already.
    #[error("this stay is on that ward already")]
    SameWard,
    /// It comes that way already.
    #[error("readings of this stay come that way already")]
    SameChannel,
}

fn alerts_open(numbers: &[AlertNumber]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match numbers.as_slice() {
        [one] => format!("alert {one} is open"),
        many => format!("alerts {} are open", many.join(", ")),
    }
}

/// What becomes of reminders, questions and calls that were planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompts {
    /// Every one that is unsent is cancelled, and no new one is made.
    Stop,
    /// They are planned anew, from now on.
    Anew,
    /// They stay as they are.
    Stay,
}

/// What follows from a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follows {
    /// The stay as it is after.
    pub stay: Stay,
    /// For the log of the ward on which it was.
    pub events: Vec<WardEvent>,
    /// For the log of the ward to which it goes; empty when it stays.
    pub arrivals: Vec<WardEvent>,
    /// For the messages and deadlines of the stay.
    pub prompts: Prompts,
}

/// What follows from a step of a stay. `open` are the open alerts that go with it: those about the stay, and at a transfer
/// those about a bridge that comes along.
///
/// # Errors
/// [`NotPossible`] says what stands in the way and what can be done instead.
pub fn follow(
    stay: &Stay,
    open: &[Alert],
    step: Step,
    by: ClinicianId,
    now: Timestamp,
) -> Result<Follows, NotPossible> {
    if let Some(why) = refusal(stay, open, step) {
        let possible = possible(stay, open);
        return Err(NotPossible { why, possible });
    }
    let mut after = stay.clone();
    let mut events = close_all(open, step, by, now);
    let mut arrivals = Vec::new();
    let prompts = match step {
        Step::Pause(reason) => {
            let since = now;
            after.phase = Phase::Paused { since, reason };
            Prompts::Stop
        }
        Step::Resume => {
            after.phase = Phase::Active;
            Prompts::Anew
        }
        Step::End(destination) => {
            let at = now;
            after.phase = Phase::Ended { at, destination };
            Prompts::Stop
        }
        Step::Transfer(to) => {
            after.ward = to;
            Prompts::Anew
        }
        Step::Channel(channel) => {
            after.channel = channel;
            Prompts::Stay
        }
    };
    match step {
        Step::Pause(_) | Step::Resume | Step::End(_) => {
            events.push(WardEvent::Pathway(PathwayEvent::PhaseChanged {
                stay: stay.id,
                phase: after.phase,
                by,
            }));
        }
        Step::Channel(channel) => {
            events.push(WardEvent::Pathway(PathwayEvent::ChannelChanged {
                stay: stay.id,
                channel,
                by,
            }));
        }
        Step::Transfer(to) => {
            events.push(WardEvent::Pathway(PathwayEvent::TransferredOut {
                stay: stay.id,
                to,
                by,
            }));
            arrivals.push(WardEvent::Pathway(PathwayEvent::TransferredIn {
                stay: Box::new(after.clone()),
                from: stay.ward,
                by,
            }));
            arrivals.extend(open.iter().map(|alert| WardEvent::Alert {
                change: Change::Raised,
                alert: Box::new(moved(alert, now)),
            }));
        }
    }
    Ok(Follows {
        stay: after,
        events,
        arrivals,
        prompts,
    })
}

fn close_all(open: &[Alert], step: Step, by: ClinicianId, now: Timestamp) -> Vec<WardEvent> {
    let Some(outcome) = step.closes_alerts_with() else {
        return Vec::new();
    };
    let over = open.iter().map(|alert| WardEvent::Alert {
        change: Change::Resolved,
        alert: Box::new(closed(alert.clone(), by, outcome, String::new(), now)),
    });
    over.collect()
}

fn refusal(stay: &Stay, open: &[Alert], step: Step) -> Option<Why> {
    match (stay.phase, step) {
        (
            Phase::Ended {
                at,
                destination: Destination::Died,
            },
            _,
        ) => return Some(Why::HasDied { at }),
        // News of a death may come after the discharge, and ends what still asks for somebody to ring.
        (Phase::Ended { .. }, Step::End(Destination::Died)) => return None,
        (Phase::Ended { at, .. }, _) => return Some(Why::Over { at }),
        (
            Phase::Paused {
                since,
                reason: PauseReason::InHospital,
            },
            Step::Pause(_),
        )
        | (Phase::Paused { since, .. }, Step::Pause(PauseReason::InRespite | PauseReason::Away)) => {
            return Some(Why::AlreadyPaused { since });
        }
        (Phase::Active, Step::Resume) => return Some(Why::NotPaused),
        (_, Step::Transfer(to)) if to == stay.ward => return Some(Why::SameWard),
        (_, Step::Channel(channel)) if channel == stay.channel => return Some(Why::SameChannel),
        _ => {}
    }
    (step.waits_for_alerts() && !open.is_empty())
        .then(|| Why::AlertsOpen(open.iter().map(|alert| alert.number).collect()))
}

/// What can be done with a stay now, in words.
#[must_use]
pub fn possible(stay: &Stay, open: &[Alert]) -> Vec<&'static str> {
    let elsewhere = WardId(uuid::Uuid::from_u128(!stay.ward.0.as_u128()));
    let other_channel = match stay.channel {
        Channel::Bridge => Channel::Page,
        Channel::Page | Channel::Telephone | Channel::Paper => Channel::Bridge,
    };
    let steps = [
        Step::Resume,
        Step::Pause(PauseReason::Away),
        Step::Pause(PauseReason::InHospital),
        Step::Transfer(elsewhere),
        Step::Channel(other_channel),
        Step::End(Destination::Home),
        Step::End(Destination::Hospital),
        Step::End(Destination::Died),
    ];
    let mut words: Vec<&'static str> = steps
        .into_iter()
        .filter(|step| refusal(stay, open, *step).is_none())
        .map(Step::word)
        .collect();
    if !stay.phase.is_open() {
        words.push("readmit");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Problem, Severity, State};
    use crate::story::{ASHA, Ward};
    use crate::time::minutes;

    fn red() -> (Stay, Vec<Alert>, Timestamp) {
        let ward = Ward::new().reads(84.0).shown();
        let open = ward.open().cloned().collect();
        (ward.stay.clone(), open, ward.now.plus(minutes(3)))
    }

    #[test]
    fn nobody_is_discharged_with_an_alert_open_and_the_refusal_says_which_and_what_else() {
        let (stay, open, now) = red();
        let refused = follow(&stay, &open, Step::End(Destination::Home), ASHA, now).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "alert 101 is open: resolve what is open first. Possible now: pause for a hospital admission, transfer to \
             another ward, change the channel, end with a hospital admission or record a death"
        );
        assert!(follow(&stay, &[], Step::End(Destination::Home), ASHA, now).is_ok());
    }

    #[test]
    fn a_death_closes_everything_and_stops_every_prompt() {
        let (stay, open, now) = red();
        let after = follow(&stay, &open, Step::End(Destination::Died), ASHA, now).unwrap();
        assert_eq!(after.prompts, Prompts::Stop);
        let [WardEvent::Alert { alert, .. }, WardEvent::Pathway(_)] = after.events.as_slice()
        else {
            panic!("{:?}", after.events);
        };
        assert!(!alert.is_open() && alert.next_deadline().is_none());
        assert!(
            matches!(alert.state, State::Resolved { outcome: Outcome::Died, by, .. } if by == ASHA)
        );
        let refused = follow(&after.stay, &[], Step::Resume, ASHA, now).unwrap_err();
        assert!(refused.to_string().contains("readmit and say so"));
    }

    #[test]
    fn a_red_goes_along_to_the_new_ward_with_all_it_has_and_is_nobodys_there() {
        let (stay, open, now) = red();
        let to = WardId(uuid::Uuid::from_u128(77));
        let after = follow(&stay, &open, Step::Transfer(to), ASHA, now).unwrap();
        assert_eq!((after.stay.ward, after.stay.id), (to, stay.id));
        let [
            WardEvent::Pathway(PathwayEvent::TransferredIn { .. }),
            WardEvent::Alert { change, alert },
        ] = after.arrivals.as_slice()
        else {
            panic!("{:?}", after.arrivals);
        };
        assert_eq!((*change, alert.problem), (Change::Raised, Problem::Oxygen));
        assert!(alert.is_unacknowledged() && alert.severity == Severity::Red);
        let was = &open[0];
        assert_eq!(alert.raised_at, was.raised_at);
        assert_eq!(alert.recheck_by, was.recheck_by);
        assert_eq!((alert.lows, alert.worst), (was.lows, was.worst));
        assert!(alert.shown_at.is_none() && alert.show_by.is_some());
    }

    #[test]
    fn a_patient_on_leave_who_goes_to_hospital_is_paused_for_that_instead() {
        let (stay, _, now) = red();
        let away = follow(&stay, &[], Step::Pause(PauseReason::Away), ASHA, now).unwrap();
        let in_hospital = Step::Pause(PauseReason::InHospital);
        let after = follow(&away.stay, &[], in_hospital, ASHA, now).unwrap();
        assert!(follow(&after.stay, &[], in_hospital, ASHA, now).is_err());
        let back = follow(&after.stay, &[], Step::Resume, ASHA, now).unwrap();
        assert_eq!((back.stay, back.prompts), (stay, Prompts::Anew));
    }
}
