//! The clock: the one place of the service that reads the system's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;
use ward_core::time::Timestamp;

/// A wall clock that differs from the steady one by more than this has been stepped.
const STEP: Duration = Duration::from_secs(2);

/// What time it is.
///
/// The system's clock is an anchor plus the steady clock that also runs while the machine sleeps, so that a wall clock
/// that is set wrong moves no deadline. Small differences are followed, larger ones are a fault: see [`Clock::step`].
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    System { anchor: Mutex<Anchor> },
    Moved(AtomicI64),
}

#[derive(Clone, Copy, Debug)]
struct Anchor {
    wall: Timestamp,
    steady_ms: i64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        let anchor = Mutex::new(Anchor {
            wall: wall(),
            steady_ms: steady_ms(),
        });
        Self(Arc::new(Inner::System { anchor }))
    }

    /// A clock that stands still until it is moved: for tests, which move time and never wait for it.
    #[must_use]
    pub fn moved(at: Timestamp) -> Self {
        Self(Arc::new(Inner::Moved(AtomicI64::new(at.as_millis()))))
    }

    /// Moves a clock made by [`Clock::moved`] on; the machine's is not moved by anybody.
    pub fn advance(&self, span: Duration) {
        if let Inner::Moved(millis) = &*self.0 {
            millis.fetch_add(
                i64::try_from(span.as_millis()).unwrap_or(i64::MAX),
                Ordering::SeqCst,
            );
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Inner::Moved(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
            Inner::System { anchor } => {
                let anchor = *anchor.lock().unwrap_or_else(PoisonError::into_inner);
                Timestamp::from_millis(
                    anchor
                        .wall
                        .as_millis()
                        .saturating_add(steady_ms().saturating_sub(anchor.steady_ms)),
                )
            }
        }
    }

    /// The machine's, and not one that is moved.
    pub(crate) fn is_the_machines(&self) -> bool {
        matches!(&*self.0, Inner::System { .. })
    }

    /// Compares the wall clock with the steady one. A small difference is taken over; a step of more than two seconds
    /// is not: it comes back, in milliseconds, positive when the wall clock went ahead.
    #[must_use]
    pub fn step(&self) -> Option<i64> {
        let Inner::System { anchor } = &*self.0 else {
            return None;
        };
        let off_by_ms = wall().millis_since(self.now());
        if off_by_ms.unsigned_abs() > u64::try_from(STEP.as_millis()).unwrap_or(u64::MAX) {
            return Some(off_by_ms);
        }
        *anchor.lock().unwrap_or_else(PoisonError::into_inner) = Anchor {
            wall: wall(),
            steady_ms: steady_ms(),
        };
        None
    }

    /// A new id that sorts by when it was made.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.now().as_millis()).unwrap_or_default();
        let nanos = u32::try_from(millis % 1000).unwrap_or_default() * 1_000_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(
            uuid::NoContext,
            millis / 1000,
            nanos,
        ))
    }
}

fn wall() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system clock"
    )]
    jiff::Timestamp::now().into()
}

fn steady_ms() -> i64 {
    let at = clock_gettime(ClockId::Boottime);
    at.tv_sec
        .saturating_mul(1000)
        .saturating_add(at.tv_nsec / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_stands_still_until_it_is_moved() {
        let clock = Clock::moved(Timestamp::from_millis(1000));
        assert_eq!(
            (clock.now(), clock.now()),
            (Timestamp::from_millis(1000), Timestamp::from_millis(1000))
        );
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), Timestamp::from_millis(91_000));
    }

    #[test]
    fn a_wall_clock_that_agrees_with_the_steady_one_is_no_step_and_a_far_one_is() {
        let clock = Clock::system();
        assert_eq!(clock.step(), None);
        let Inner::System { anchor } = &*clock.0 else {
            unreachable!()
        };
        anchor.lock().unwrap().wall = wall().minus(Duration::from_secs(3600));
        assert!(
            clock
                .step()
                .is_some_and(|off_by_ms| (3_599_000..3_601_000).contains(&off_by_ms))
        );
    }

    #[test]
    fn ids_made_later_sort_later() {
        let clock = Clock::moved(Timestamp::from_millis(1_795_000_000_000));
        let first = clock.new_id();
        clock.advance(Duration::from_millis(1));
        assert!(first < clock.new_id());
    }
}
