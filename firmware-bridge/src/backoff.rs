//! Waiting before another try: longer after each failure, and by chance, so that a thousand bridges do not return at once.

use std::time::Duration;

/// Counts failures in a row and says how long to wait: anything from `floor` up to `base` doubled at each failure ("full jitter").
#[derive(Debug)]
pub struct Backoff {
    floor: Duration,
    base: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits between `floor` and at first `base`, doubled at each failure up to `most`.
    #[must_use]
    pub const fn new(floor: Duration, base: Duration, most: Duration) -> Self {
        Self {
            floor,
            base,
            most,
            failures: 0,
        }
    }

    /// It worked: the next failure waits shortly again.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Failures in a row so far.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// It failed: how long to wait now.
    pub fn failed(&mut self) -> Duration {
        let doubled = self.base.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        let room = doubled.min(self.most).saturating_sub(self.floor);
        self.floor + room.mul_f64(fraction())
    }
}

/// A number from 0 up to, not including, 1; the middle where the system has no random numbers.
#[must_use]
pub fn fraction() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_limit_and_start_again_after_a_success() {
        let [floor, base, most] = [100, 500, 30_000].map(Duration::from_millis);
        let mut backoff = Backoff::new(floor, base, most);
        for n in 0..40_u32 {
            let limit = base.saturating_mul(1 << n.min(16)).min(most);
            let wait = backoff.failed();
            assert!(wait >= floor && wait <= limit, "{n}: {wait:?}");
        }
        backoff.succeeded();
        assert!(backoff.failed() <= base);
    }
}
