//! The order of the board: who needs somebody first.

use crate::alert::{Alert, Confirmation, Problem, Severity, State};
use crate::time::Timestamp;

/// How urgent one row is; the greatest stands on top.
///
/// Red that is nobody's, then amber that is nobody's, then red and amber that somebody has, then what waits for its
/// turn. Within a rank a confirmed one stands above an unconfirmed one, and the one that has waited longer above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acuity {
    /// 6 for a red that is nobody's, down to 0 for what is over.
    pub rank: u8,
    /// Borne out.
    pub confirmed: bool,
    /// Since when it has waited.
    pub waiting_since: std::cmp::Reverse<Timestamp>,
}

impl Acuity {
    /// Of one alert.
    #[must_use]
    pub fn of(alert: &Alert) -> Self {
        let rank = match (&alert.state, alert.severity) {
            (State::Raised, Severity::Red) => 6,
            (State::Raised, Severity::Amber) => 5,
            (State::Acknowledged { .. }, Severity::Red) => 4,
            (State::Acknowledged { .. }, Severity::Amber) => 3,
            (State::Raised, Severity::Low) => 2,
            (State::Acknowledged { .. }, Severity::Low) => 1,
            (State::Resolved { .. }, Severity::Red | Severity::Amber | Severity::Low) => 0,
        };
        Self {
            rank,
            confirmed: matches!(
                alert.confirmation,
                Confirmation::SecondReading | Confirmation::NoRecheck
            ),
            waiting_since: std::cmp::Reverse(alert.spoke_at),
        }
    }

    /// Of a row: that of its most urgent open alert, `None` when all is quiet. `None` sorts under any `Some`.
    #[must_use]
    pub fn of_row<'a>(alerts: impl IntoIterator<Item = &'a Alert>) -> Option<Self> {
        alerts
            .into_iter()
            .filter(|alert| alert.is_open())
            .map(Self::of)
            .max()
    }
}

/// Whether an alert belongs to the kit's list rather than to a person's row.
#[must_use]
pub const fn is_technical(problem: Problem) -> bool {
    match problem {
        Problem::Technical(_) => true,
        Problem::Oxygen | Problem::LateLow | Problem::Silence => false,
    }
}
