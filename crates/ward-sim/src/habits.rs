//! When a virtual patient measures, and how fast the patient's time passes.

use crate::physiology::Scenario;

/// How a virtual oximeter is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// When the finger is in it. In the time of the device: never speeded up.
    pub rhythm: Rhythm,
    /// So many seconds of the patient's course pass in one second of the device. 1 is life.
    pub speed: u32,
}

/// When the finger is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Worn all the time.
    Worn,
    /// Put on now and then. While it is off, the device is switched off and out of reach.
    SpotChecks {
        /// When the first one begins.
        first_s: u32,
        /// From the beginning of one to the beginning of the next; longer than one takes.
        every_s: u32,
        /// How long the finger stays in.
        lasts_s: u32,
        /// After so many there is none any more.
        times: Option<u32>,
    },
}

/// From switching on to the first value.
const WARM_UP_S: u64 = 2;
/// From the finger's leaving to switching off.
const LINGER_S: u64 = 6;

/// What the device sees in one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Switched off; the next session begins then, or never.
    Off { next_s: Option<u64> },
    /// Switched on. Seconds are counted from the session's first.
    On { into_s: u64, finger: Finger },
}

/// Where the finger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finger {
    /// Not yet in.
    Awaited,
    /// In; `last` marks the last second of it.
    In { last: bool },
    /// Gone, for so many seconds (0 is the first).
    Gone { for_s: u64 },
}

impl Habits {
    /// What goes with a scenario, in the time of life: those with something to see in a stream are worn, the others make
    /// a spot check of 45 s every ten minutes.
    #[must_use]
    pub const fn of(scenario: Scenario) -> Self {
        let times = if matches!(scenario, Scenario::StopsMeasuring) {
            Some(2)
        } else {
            None
        };
        let rhythm = match scenario {
            Scenario::SuddenFall | Scenario::PoorSignal | Scenario::SlowFall => Rhythm::Worn,
            _ => Rhythm::SpotChecks {
                first_s: 0,
                every_s: 600,
                lasts_s: 45,
                times,
            },
        };
        Self { rhythm, speed: 1 }
    }

    /// The same with another rhythm.
    #[must_use]
    pub const fn rhythm(self, rhythm: Rhythm) -> Self {
        Self { rhythm, ..self }
    }

    /// The same at another speed.
    #[must_use]
    pub const fn speed(self, speed: u32) -> Self {
        Self { speed, ..self }
    }
}

impl Rhythm {
    pub(crate) fn at(self, second: u64) -> Moment {
        let Self::SpotChecks {
            first_s,
            every_s,
            lasts_s,
            times,
        } = self
        else {
            return Moment::On {
                into_s: second,
                finger: finger(second, u64::MAX),
            };
        };
        let (first_s, lasts_s) = (u64::from(first_s), u64::from(lasts_s));
        let session_s = WARM_UP_S + lasts_s + LINGER_S;
        // A session is never cut short by the next one.
        let every_s = u64::from(every_s).max(session_s + 1);
        let exists = |number: u64| times.is_none_or(|times| number < u64::from(times));
        let Some(since_s) = second.checked_sub(first_s) else {
            return Moment::Off {
                next_s: exists(0).then_some(first_s),
            };
        };
        let (number, into_s) = (since_s / every_s, since_s % every_s);
        if exists(number) && into_s < session_s {
            return Moment::On {
                into_s,
                finger: finger(into_s, lasts_s),
            };
        }
        let next = number + 1;
        Moment::Off {
            next_s: exists(next).then(|| first_s.saturating_add(next.saturating_mul(every_s))),
        }
    }
}

const fn finger(into_s: u64, lasts_s: u64) -> Finger {
    let Some(in_for_s) = into_s.checked_sub(WARM_UP_S) else {
        return Finger::Awaited;
    };
    match in_for_s.checked_sub(lasts_s) {
        Some(for_s) => Finger::Gone { for_s },
        None => Finger::In {
            last: in_for_s == lasts_s - 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_of_spot_checks_comes_round_until_it_ends() {
        let rhythm = Rhythm::SpotChecks {
            first_s: 5,
            every_s: 100,
            lasts_s: 30,
            times: Some(2),
        };
        assert_eq!(rhythm.at(0), Moment::Off { next_s: Some(5) });
        assert_eq!(
            rhythm.at(5),
            Moment::On {
                into_s: 0,
                finger: Finger::Awaited
            }
        );
        assert_eq!(
            rhythm.at(36),
            Moment::On {
                into_s: 31,
                finger: Finger::In { last: true }
            }
        );
        assert_eq!(
            rhythm.at(37),
            Moment::On {
                into_s: 32,
                finger: Finger::Gone { for_s: 0 }
            }
        );
        assert_eq!(rhythm.at(43), Moment::Off { next_s: Some(105) });
        assert_eq!(
            rhythm.at(105),
            Moment::On {
                into_s: 0,
                finger: Finger::Awaited
            }
        );
        assert_eq!(rhythm.at(143), Moment::Off { next_s: None });
        assert_eq!(rhythm.at(100_000), Moment::Off { next_s: None });
    }

    #[test]
    fn who_wears_it_all_the_time_never_takes_it_off() {
        assert_eq!(
            Rhythm::Worn.at(1_000_000),
            Moment::On {
                into_s: 1_000_000,
                finger: Finger::In { last: false }
            }
        );
    }
}
