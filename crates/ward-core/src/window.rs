//! What a whole window of a continuous source held: how long the saturation stood at each whole percent.

use serde::{Deserialize, Serialize};

use crate::spo2::Spo2;

/// No window is longer: 24 hours.
pub const LONGEST_MS: u32 = 24 * 60 * 60 * 1000;

/// From one reading of a continuous source to the next. Its value is judged by bands; this is for lows that last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSummary {
    length_ms: u32,
    median: Spo2,
    min: Spo2,
    max: Spo2,
    time_at: Vec<TimeAt>,
}

/// How long the saturation stood at a whole percent, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeAt {
    /// 1 to 100.
    pub percent: u8,
    /// Milliseconds, more than none.
    pub millis: u32,
}

/// Why this is no summary of any window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// Nothing, or a day.
    #[error("seconds: a window is longer than nothing and at most 86400 s")]
    Length,
    /// Not in order.
    #[error(
        "spo2_min_percent, spo2_median_percent, spo2_max_percent: the first is no higher than the next"
    )]
    Order,
    /// None, or twice the same percent.
    #[error("seconds_at: 1 to 101 entries, ascending by percent; entry {0} is not")]
    Entries(usize),
    /// Not a percent, or for no time.
    #[error("seconds_at: entry {0} is not between 1 and 100 %, or for no time at all")]
    Entry(usize),
    /// The ends of the entries are others.
    #[error(
        "seconds_at: its first and last percent are not those of spo2_min_percent and spo2_max_percent"
    )]
    Ends,
    /// More time than there was.
    #[error("seconds_at: together longer than the window")]
    TooMuchTime,
}

impl WindowSummary {
    /// A summary that agrees with itself.
    ///
    /// # Errors
    /// What it says that cannot be.
    pub fn new(
        length_ms: u32,
        (min, median, max): (Spo2, Spo2, Spo2),
        time_at: Vec<TimeAt>,
    ) -> Result<Self, Nonsense> {
        if length_ms == 0 || length_ms > LONGEST_MS {
            return Err(Nonsense::Length);
        }
        if min > median || median > max {
            return Err(Nonsense::Order);
        }
        for (place, at) in time_at.iter().enumerate() {
            if !(1..=100).contains(&at.percent) || at.millis == 0 {
                return Err(Nonsense::Entry(place));
            }
        }
        let mut pairs = time_at.iter().zip(time_at.iter().skip(1));
        if let Some(place) = pairs.position(|(one, next)| one.percent >= next.percent) {
            return Err(Nonsense::Entries(place + 1));
        }
        let (Some(first), Some(last)) = (time_at.first(), time_at.last()) else {
            return Err(Nonsense::Entries(0));
        };
        if (u16::from(first.percent), u16::from(last.percent))
            != (min.whole_percent(), max.whole_percent())
        {
            return Err(Nonsense::Ends);
        }
        if millis(&time_at) > u64::from(length_ms) {
            return Err(Nonsense::TooMuchTime);
        }
        Ok(Self {
            length_ms,
            median,
            min,
            max,
            time_at,
        })
    }

    /// From the reading before it to this one, in milliseconds: also the time in which there was no value.
    #[must_use]
    pub const fn length_ms(&self) -> u32 {
        self.length_ms
    }

    /// By time. The reading's own value, unless that is of the last seconds alone.
    #[must_use]
    pub const fn median(&self) -> Spo2 {
        self.median
    }

    /// The lowest.
    #[must_use]
    pub const fn min(&self) -> Spo2 {
        self.min
    }

    /// The highest.
    #[must_use]
    pub const fn max(&self) -> Spo2 {
        self.max
    }

    /// How long at each whole percent, ascending.
    #[must_use]
    pub fn time_at(&self) -> &[TimeAt] {
        &self.time_at
    }
}

/// How many milliseconds the saturation stood at or below a whole percent in these windows. What bands call "at or
/// below 92" is everything under 93.0, and so it is here.
#[must_use]
pub fn millis_at_or_below<'a>(
    windows: impl IntoIterator<Item = &'a WindowSummary>,
    percent: u8,
) -> u64 {
    windows
        .into_iter()
        .map(|window| {
            let low = window.time_at.partition_point(|at| at.percent <= percent);
            millis(window.time_at.get(..low).unwrap_or_default())
        })
        .sum()
}

fn millis(time_at: &[TimeAt]) -> u64 {
    time_at.iter().map(|at| u64::from(at.millis)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(entries: &[(u8, u32)]) -> Vec<TimeAt> {
        let entries = entries.iter();
        entries
            .map(|(percent, millis)| TimeAt {
                percent: *percent,
                millis: *millis,
            })
            .collect()
    }

    fn window(
        length_ms: u32,
        tenths: [u16; 3],
        entries: &[(u8, u32)],
    ) -> Result<WindowSummary, Nonsense> {
        let [min, median, max] = tenths.map(|tenths| Spo2::from_tenths(tenths).unwrap());
        WindowSummary::new(length_ms, (min, median, max), at(entries))
    }

    #[test]
    fn a_summary_agrees_with_itself_or_is_none() {
        let ends = [905, 950, 970];
        let good = [(90, 10_000), (95, 40_000), (97, 10_000)];
        assert!(window(60_000, ends, &good).is_ok());
        let refused = |length, ends, entries: &[_]| window(length, ends, entries).unwrap_err();
        assert_eq!(refused(0, ends, &good), Nonsense::Length);
        assert_eq!(refused(LONGEST_MS + 1, ends, &good), Nonsense::Length);
        assert_eq!(refused(60_000, [951, 950, 970], &good), Nonsense::Order);
        assert_eq!(refused(60_000, ends, &[]), Nonsense::Entries(0));
        assert_eq!(
            refused(60_000, ends, &[(90, 1), (90, 1), (97, 1)]),
            Nonsense::Entries(1)
        );
        assert_eq!(
            refused(60_000, ends, &[(90, 1), (97, 0)]),
            Nonsense::Entry(1)
        );
        assert_eq!(
            refused(60_000, ends, &[(0, 1), (97, 1)]),
            Nonsense::Entry(0)
        );
        assert_eq!(refused(60_000, ends, &[(91, 1), (97, 1)]), Nonsense::Ends);
        assert_eq!(refused(59_999, ends, &good), Nonsense::TooMuchTime);
    }

    #[test]
    fn a_limit_counts_what_is_at_it_and_what_is_below_in_all_windows() {
        let one = window(
            60_000,
            [900, 950, 970],
            &[(90, 10_000), (95, 40_000), (97, 10_000)],
        )
        .unwrap();
        let other = window(15_000, [880, 889, 929], &[(88, 12_000), (92, 3_000)]).unwrap();
        let both = [one, other];
        for (percent, expected) in [
            (87, 0),
            (88, 12_000),
            (90, 22_000),
            (92, 25_000),
            (100, 75_000),
        ] {
            assert_eq!(millis_at_or_below(&both, percent), expected, "{percent} %");
        }
        assert_eq!(millis_at_or_below([], 100), 0);
    }

    #[test]
    fn it_is_read_back_as_it_was_written() {
        let one = window(60_000, [900, 950, 970], &[(90, 10_000), (97, 10_000)]).unwrap();
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<WindowSummary>(&text).unwrap(), one);
    }

    proptest! {
        #[test]
        fn time_at_or_below_grows_with_the_limit_and_never_exceeds_the_windows(
            entries in prop::collection::btree_map(1_u8..=100, 1_u32..60_000, 1..40),
            lower: u8,
            higher: u8,
        ) {
            let entries: Vec<_> = entries.into_iter().collect();
            let length: u32 = entries.iter().map(|(_, millis)| millis).sum();
            let (first, last) = (entries[0].0, entries[entries.len() - 1].0);
            let ends = [u16::from(first) * 10, u16::from(last) * 10, u16::from(last) * 10];
            let one = window(length, ends, &entries).unwrap();
            let (lower, higher) = (lower.min(higher), lower.max(higher));
            let below = |percent| millis_at_or_below([&one], percent);
            prop_assert!(below(lower) <= below(higher));
            prop_assert_eq!(below(100), u64::from(length));
            let counted: u32 = entries.iter().filter(|(percent, _)| *percent <= lower).map(|(_, millis)| millis).sum();
            prop_assert_eq!(below(lower), u64::from(counted));
        }
    }
}
