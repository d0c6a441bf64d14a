//! The order of the board: who needs somebody first.

use crate::alert::{Alert, Confirmation, Problem, Severity, State};
use crate::time::Timestamp;

/// How urgent one row is; the greatest stands on top.
///
/// Red that is nobody's, then amber that is nobody's, then red and amber that somebody has, then what waits for its
/// turn. Within a rank a confirmed one stands above an unconfirmed one, and the one that has been so severe for longer
/// above: an alert that speaks again does not go back to the end of the queue. One that relapsed has been well in between
/// and waits since the relapse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acuity {
    /// 6 for a red that is nobody's, down to 0 for what is over.
    pub rank: u8,
    /// Borne out.
    pub confirmed: bool,
    /// Since when it has been so severe.
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
            waiting_since: std::cmp::Reverse(alert.severity_since),
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
        Problem::Oxygen
        | Problem::LateLow
        | Problem::OxygenDrop
        | Problem::OxygenTrend
        | Problem::OxygenSustained
        | Problem::OxygenTooHigh
        | Problem::Pulse
        | Problem::News2
        | Problem::Exertion
        | Problem::Silence
        | Problem::Symptom
        | Problem::AskedForHelp => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{Ward, value};
    use crate::time::minutes;

    fn of(ward: &Ward) -> Acuity {
        Acuity::of_row(ward.open()).unwrap()
    }

    #[test]
    fn the_board_asks_first_for_the_red_that_is_nobodys() {
        let row = |percent| Ward::new().reads(percent);
        let late = Ward::new()
            .reads(96.0)
            .gets(value(85.0).measured_ago(minutes(5)));
        let ordered = [
            of(&row(91.0)),
            of(&row(94.0)),
            of(&row(91.0).acknowledged()),
            of(&row(94.0).acknowledged()),
            of(&late),
            of(&late.acknowledged_the(Problem::LateLow)),
        ];
        assert!(ordered.windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!(Acuity::of_row(row(96.0).open()), None);
        assert_eq!(
            Acuity::of(&row(91.0).acknowledged().resolved().alerts[0]).rank,
            0
        );
    }

    #[test]
    fn a_confirmed_red_stands_above_an_unconfirmed_one() {
        let confirmed = Ward::new().after(minutes(9)).reads(91.0).after(minutes(5));
        assert!(of(&confirmed) > of(&Ward::new().reads(91.0)));
    }

    #[test]
    fn the_one_that_has_waited_longer_stands_above() {
        let earlier = Ward::new().reads(91.0);
        let later = Ward::new().after(minutes(1)).reads(91.0);
        assert!(of(&earlier) > of(&later));
    }

    #[test]
    fn falling_further_does_not_send_a_row_down_the_board() {
        let earlier = Ward::new().reads(91.0).after(minutes(2));
        let later = Ward::new().after(minutes(1)).reads(91.0);
        let earlier = earlier
            .gets(value(80.0).measured_ago(minutes(2)))
            .hears("oxygen fell_further: red unconfirmed");
        assert!(of(&earlier) > of(&later));
    }

    #[test]
    fn a_row_is_as_urgent_as_its_most_urgent_alert() {
        let mut ward = Ward::new().reads(91.0).acknowledged();
        for _ in 0..3 {
            ward = ward.tries_in_vain();
        }
        assert_eq!(of(&ward).rank, 5);
    }
}
