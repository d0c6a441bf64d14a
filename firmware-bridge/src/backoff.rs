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

/// Waiting in fixed steps, each spread by half to either side; after the last step it stays there.
#[derive(Debug)]
pub struct Steps {
    steps: &'static [Duration],
    failures: usize,
}

impl Steps {
    /// `steps` is what is waited after the first failure, the second, and so on.
    #[must_use]
    pub const fn new(steps: &'static [Duration]) -> Self {
        Self { steps, failures: 0 }
    }

    /// It works: the next failure is the first one again.
    pub const fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// It has failed: how long to wait.
    pub fn failed(&mut self) -> Duration {
        let last = self.steps.len().saturating_sub(1);
        let step = self.steps.get(self.failures.min(last)).copied();
        self.failures = self.failures.saturating_add(1);
        step.unwrap_or_default().mul_f64(0.5 + fraction())
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

    #[test]
    fn steps_are_spread_and_the_last_one_stays() {
        const STEPS: &[Duration] = &[Duration::from_secs(2), Duration::from_secs(60)];
        let mut steps = Steps::new(STEPS);
        for step in [2.0, 60.0, 60.0, 60.0] {
            let wait = steps.failed().as_secs_f64();
            assert!((0.5 * step..1.5 * step).contains(&wait), "{wait}");
        }
        steps.succeeded();
        assert!(steps.failed() < Duration::from_secs(3));
        assert_eq!(Steps::new(&[]).failed(), Duration::ZERO);
    }
}
