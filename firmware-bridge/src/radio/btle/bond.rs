//! When to pair and when to begin a bond anew: decided without a radio.
//!
//! A bond that only this side still has is the classic failure (BLE.md 5.5): each connection is refused or cut short until
//! the bond is removed here. Removing a *good* bond is worse: the oximeter still has its half, and may refuse to pair
//! again. So a bond is only removed when there is one, when the failure repeats, and not twice within a day.

use std::time::Duration;

use tokio::time::Instant;

use super::call::Sign;

/// Said by the Bluetooth service in so many words: twice is enough.
const REFUSED: u8 = 2;
/// The link came up and went before anything was said, while the signal is good. This is what bluetoothd 5.66 shows of a
/// bond that the oximeter has lost, under the texts of other failures; but it can also be the radio.
const CUT_SHORT: u8 = 4;
/// A signal of this strength or more does not lose a link within seconds, four times in a row.
const GOOD_SIGNAL_DBM: i16 = -80;
/// A bond that was begun anew and fails again is not the bond's fault.
const NOT_AGAIN: Duration = Duration::from_secs(24 * 3600);

/// What a failed connection looked like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    pub(super) sign: Sign,
    /// The Bluetooth service has a bond with the oximeter.
    pub(super) is_paired: bool,
    /// The link came up, and went before a value had come.
    pub(super) was_cut_short: bool,
    pub(super) rssi_dbm: Option<i16>,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing: try again in a while.
    Wait,
    /// Pair.
    Pair,
    /// Remove the bond on this side, wait until the oximeter is heard again, and pair.
    Renew,
}

/// One oximeter's record.
#[derive(Debug, Default)]
pub(super) struct Bond {
    refused: u8,
    cut_short: u8,
    renewed_at: Option<Instant>,
}

impl Bond {
    /// A connection has worked: whatever was, the bond is good.
    pub(super) const fn worked(&mut self) {
        self.refused = 0;
        self.cut_short = 0;
    }

    /// A connection has failed.
    pub(super) fn failed(&mut self, failure: Failure, now: Instant) -> Remedy {
        if !failure.is_paired {
            self.worked();
            return match failure.sign {
                Sign::Security => Remedy::Pair,
                _ => Remedy::Wait,
            };
        }
        match failure.sign {
            Sign::Security => self.refused = self.refused.saturating_add(1),
            Sign::Lost | Sign::Abort | Sign::Device
                if failure.was_cut_short && is_good(failure.rssi_dbm) =>
            {
                self.cut_short = self.cut_short.saturating_add(1);
            }
            // Something else went wrong: no row of equal failures.
            _ => self.worked(),
        }
        let has_failed = self.refused >= REFUSED || self.cut_short >= CUT_SHORT;
        let may = self
            .renewed_at
            .is_none_or(|at| now.duration_since(at) >= NOT_AGAIN);
        if has_failed && may {
            Remedy::Renew
        } else {
            Remedy::Wait
        }
    }

    /// The bond was removed here.
    pub(super) fn renewed(&mut self, now: Instant) {
        self.worked();
        self.renewed_at = Some(now);
    }
}

fn is_good(rssi_dbm: Option<i16>) -> bool {
    rssi_dbm.is_some_and(|dbm| dbm >= GOOD_SIGNAL_DBM)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSAL: Failure = Failure {
        sign: Sign::Security,
        is_paired: true,
        was_cut_short: false,
        rssi_dbm: Some(-60),
    };
    const CUT: Failure = Failure {
        sign: Sign::Lost,
        was_cut_short: true,
        ..REFUSAL
    };

    fn remedies(bond: &mut Bond, failures: impl IntoIterator<Item = Failure>) -> Vec<Remedy> {
        let now = Instant::now();
        failures
            .into_iter()
            .map(|failure| bond.failed(failure, now))
            .collect()
    }

    #[test]
    fn a_bond_is_renewed_when_it_is_refused_twice_and_not_before() {
        let mut bond = Bond::default();
        assert_eq!(
            remedies(&mut bond, [REFUSAL; 2]),
            [Remedy::Wait, Remedy::Renew]
        );
    }

    #[test]
    fn without_a_bond_there_is_nothing_to_renew() {
        let stranger = Failure {
            is_paired: false,
            ..REFUSAL
        };
        assert_eq!(
            remedies(&mut Bond::default(), [stranger; 5]),
            [Remedy::Pair; 5]
        );
        let cut = Failure {
            is_paired: false,
            ..CUT
        };
        assert_eq!(remedies(&mut Bond::default(), [cut; 9]), [Remedy::Wait; 9]);
    }

    #[test]
    fn links_that_are_cut_short_renew_a_bond_only_in_a_row_and_with_a_good_signal() {
        let mut bond = Bond::default();
        assert_eq!(
            remedies(&mut bond, [CUT; 4]),
            [Remedy::Wait, Remedy::Wait, Remedy::Wait, Remedy::Renew]
        );
        for weak in [
            Failure {
                rssi_dbm: Some(-90),
                ..CUT
            },
            Failure {
                rssi_dbm: None,
                ..CUT
            },
            Failure {
                was_cut_short: false,
                ..CUT
            },
        ] {
            assert_eq!(remedies(&mut Bond::default(), [weak; 9]), [Remedy::Wait; 9]);
        }
        let mut worked = Bond::default();
        remedies(&mut worked, [CUT; 3]);
        worked.worked();
        assert_eq!(remedies(&mut worked, [CUT; 3]), [Remedy::Wait; 3]);
    }

    #[test]
    fn a_good_bond_outlives_any_number_of_ordinary_failures() {
        let ordinary = Failure {
            sign: Sign::Device,
            ..REFUSAL
        };
        let failures = (0..100).map(|n| if n % 2 == 0 { ordinary } else { REFUSAL });
        assert!(
            remedies(&mut Bond::default(), failures)
                .iter()
                .all(|remedy| *remedy == Remedy::Wait)
        );
    }

    #[test]
    fn a_bond_that_fails_again_after_it_was_renewed_is_left_for_a_day() {
        let mut bond = Bond::default();
        let now = Instant::now();
        bond.renewed(now);
        assert_eq!(remedies(&mut bond, [REFUSAL; 9]), [Remedy::Wait; 9]);
        assert_eq!(bond.failed(REFUSAL, now + NOT_AGAIN), Remedy::Renew);
    }
}
