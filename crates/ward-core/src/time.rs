//! A point in time: UTC milliseconds, as it is stored.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// UTC milliseconds since 1970. Which clock it was read from is said by the field's name: `measured_at` is the device's
/// or the bridge's, `received_at` the service's, `at` the event's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From UTC milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// UTC milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How many milliseconds lie between `earlier` and this time; negative when this one is the earlier.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This time and `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// This time less `span`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339, UTC, to the millisecond; times that no calendar holds print as their number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// The service's clock may be set by so much; what lies further ahead of it was written when it was wrong.
pub const CLOCK_STEP: Duration = seconds(2);

/// A span of whole minutes.
#[must_use]
pub const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// A span of whole seconds.
#[must_use]
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_prints_as_rfc_3339_to_the_millisecond() {
        assert_eq!(
            Timestamp::from_millis(1_794_000_000_123).to_string(),
            "2026-11-06T21:20:00.123Z"
        );
    }

    #[test]
    fn the_ends_of_time_do_not_wrap() {
        assert_eq!(
            Timestamp::from_millis(i64::MAX)
                .plus(minutes(1))
                .as_millis(),
            i64::MAX
        );
        assert_eq!(
            Timestamp::from_millis(i64::MIN)
                .minus(minutes(1))
                .as_millis(),
            i64::MIN
        );
    }
}
