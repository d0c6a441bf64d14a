//! Whether the service can be reached, as each request of the bridge finds it: for the words that a person in the room
//! reads. The log and the service are told elsewhere.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::client::Failure;
use crate::clock::{Clock, Moment};

/// Written by the client, read by whoever says how the bridge is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Line {
    clock: Clock,
    known: Arc<Mutex<LineState>>,
}

/// What is known of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineState {
    /// When the service last answered as it should.
    pub answered: Option<Moment>,
    /// What has gone wrong since then, if anything has.
    pub trouble: Option<LineTrouble>,
}

/// Requests that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTrouble {
    /// When the first one failed.
    pub since: Moment,
    /// Of what kind the latest was.
    pub kind: TroubleKind,
}

/// Whom to ask about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The way to the service, or the service itself: whoever is in the room looks at the internet first.
    Unreachable,
    /// The service answers and does not accept this bridge: only the ward can help.
    NotAccepted,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            clock: Clock::of_this_machine(),
            known: Arc::default(),
        }
    }
}

impl Line {
    /// A request has ended. A refusal of what was sent is an answer all the same.
    pub fn ended<T>(&self, result: &Result<T, Failure>) {
        let now = self.clock.moment();
        let kind = match result {
            Ok(_) | Err(Failure::Refused(_) | Failure::TooLarge { by_service: true }) => None,
            Err(Failure::TooLarge { by_service: false } | Failure::Later { .. }) => {
                Some(TroubleKind::Unreachable)
            }
            Err(Failure::Unauthorised(_)) => Some(TroubleKind::NotAccepted),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match kind {
            None => {
                *known = LineState {
                    answered: Some(now),
                    trouble: None,
                }
            }
            Some(kind) => {
                let since = known.trouble.map_or(now, |trouble| trouble.since);
                known.trouble = Some(LineTrouble { since, kind });
            }
        }
    }

    /// What an earlier run of the bridge knew, so that "since" survives a restart.
    pub fn remember(&self, earlier: LineState) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == LineState::default() {
            *known = earlier;
        }
    }

    /// How it is now.
    #[must_use]
    pub fn state(&self) -> LineState {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later() -> Result<(), Failure> {
        Err(Failure::Later {
            why: "no route".to_owned(),
            after: None,
        })
    }

    #[test]
    fn trouble_counts_from_its_first_failure_and_ends_with_an_answer() {
        let line = Line::default();
        line.ended(&later());
        let since = line.state().trouble.unwrap().since;
        line.ended::<()>(&Err(Failure::Unauthorised("403".to_owned())));
        let trouble = line.state().trouble.unwrap();
        assert_eq!(
            (trouble.since, trouble.kind),
            (since, TroubleKind::NotAccepted)
        );
        line.ended(&Ok(()));
        assert_eq!(line.state().trouble, None);
        assert!(line.state().answered.is_some());
    }

    #[test]
    fn a_service_that_refuses_one_request_is_there() {
        let line = Line::default();
        line.ended::<()>(&Err(Failure::Refused("400".to_owned())));
        assert!(line.state().answered.is_some());
    }

    #[test]
    fn what_an_earlier_run_knew_never_hides_what_this_one_has_seen() {
        let line = Line::default();
        line.ended(&Ok(()));
        let now = line.state();
        line.remember(LineState::default());
        assert_eq!(line.state(), now);
    }
}
