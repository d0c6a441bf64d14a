//! Numbers as figures have them.

use crate::time::Timestamp;

/// How many, as a figure says it. No ward has more than this can say.
pub(super) fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// To three places.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// Milliseconds as seconds. Before zero is zero: clocks were set.
pub(super) fn seconds(millis: i64) -> f64 {
    let millis = millis.max(0);
    let whole = u32::try_from(millis / 1_000).unwrap_or(u32::MAX);
    let rest = u32::try_from(millis % 1_000).unwrap_or_default();
    f64::from(whole) + f64::from(rest) / 1_000.0
}

/// Milliseconds as days of 24 hours.
pub(super) fn days(millis: i64) -> f64 {
    seconds(millis) / 86_400.0
}

/// `part` of `whole` in percent; nothing of nothing.
pub(super) fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) * 100.0 / f64::from(whole))
}

/// The middle of sorted values; of two middles what lies half way.
pub(super) fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(lower + (upper - lower) / 2)
}

/// The smallest of sorted values that at least nine of ten do not exceed.
pub(super) fn ninetieth(sorted: &[i64]) -> Option<i64> {
    let rank = (sorted.len() * 9).div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// How long from `from` to `to`, in milliseconds: nothing less than none.
pub(super) fn between(from: Timestamp, to: Timestamp) -> i64 {
    to.millis_since(from).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_lies_half_way_and_the_ninetieth_is_one_of_the_values() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[1, 4]), Some(2));
        assert_eq!(median(&[1, 2, 9]), Some(2));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!((ninetieth(&ten), ninetieth(&[5])), (Some(9), Some(5)));
        assert_eq!(ninetieth(&[1, 2, 3]), Some(3));
    }

    #[test]
    fn nothing_is_less_than_none_and_nothing_is_a_share_of_nothing() {
        assert_eq!((seconds(-5), seconds(1_500)), (0.0, 1.5));
        assert_eq!(days(43_200_000), 0.5);
        assert_eq!(
            (percent(1, 0), percent(1, 3).map(rounded)),
            (None, Some(33.333))
        );
    }
}
