//! The one place of the bridge that reads a clock.
//!
//! Two clocks: the wall clock, which may be wrong and may jump, and a steady one that runs on while the box sleeps. A
//! reading carries both, so that the service can place it by its age whatever the wall clock says.

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};
use ward_oximeter::date_time::DateTime;

/// A clock that says an earlier year, a box's or an oximeter's, has lost its time.
pub const FIRST_YEAR: u16 = 2025;
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Both clocks, and which start of the box the steady one counts from.
#[derive(Clone, Debug)]
pub struct Clock {
    boot: Uuid,
    /// The steady clock goes so many times as fast: 1, but in tests.
    times: u32,
    /// By so many milliseconds the wall clock is off: 0, but in tests.
    wall_off_ms: Arc<AtomicI64>,
}

/// What the bridge takes for the service's clock: its own wall clock, until the service has said what time it is; from
/// then on that, carried on by the steady clock. So the wall clock may be wrong by years.
#[derive(Debug)]
pub struct ServiceTime {
    clock: Clock,
    told: Mutex<Option<(Steady, Timestamp)>>,
}

impl ServiceTime {
    /// Nothing was said yet.
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self {
            clock,
            told: Mutex::new(None),
        }
    }

    /// The service says what time it is.
    pub fn tell(&self, service_time: Timestamp) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        *told = Some((self.clock.steady(), service_time));
    }

    /// What time it is at the service, as far as is known here.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let carried = told.and_then(|(steady, then)| {
            let passed = Duration::from_millis(steady.age_ms(self.clock.steady())?);
            then.checked_add(self.clock.shortened(passed)).ok()
        });
        carried.unwrap_or_else(|| self.clock.wall())
    }
}

/// A moment on the steady clock: comparable only within one start of the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steady {
    /// Which start of the box.
    pub boot: Uuid,
    /// Milliseconds since then.
    pub ms: u64,
}

/// A moment by both clocks, that another process can place: by its age within one start of the box, else by the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// By the steady clock.
    #[serde(flatten)]
    pub steady: Steady,
    /// By the wall clock, as it stood then.
    pub at: Timestamp,
}

impl Moment {
    /// How long ago it was; nothing across a start of the box.
    #[must_use]
    pub fn age(self, now: Self) -> Option<Duration> {
        self.steady.age_ms(now.steady).map(Duration::from_millis)
    }

    /// The moment so long before this one.
    #[must_use]
    pub fn before(self, age: Duration) -> Self {
        let ms = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        Self {
            steady: Steady {
                ms: self.steady.ms.saturating_sub(ms),
                ..self.steady
            },
            at: self.at.checked_sub(age).unwrap_or(self.at),
        }
    }

    /// When it was by the wall clock of `now`, which may have been set right in between.
    #[must_use]
    pub fn shown(self, now: Self) -> Timestamp {
        self.age(now)
            .and_then(|age| now.at.checked_sub(age).ok())
            .unwrap_or(self.at)
    }
}

impl Steady {
    /// Milliseconds from this moment until `now`; nothing across a start of the box.
    #[must_use]
    pub fn age_ms(self, now: Self) -> Option<u64> {
        if self.boot == now.boot {
            now.ms.checked_sub(self.ms)
        } else {
            None
        }
    }

    /// The milliseconds as a database holds them.
    pub(crate) fn ms_signed(self) -> i64 {
        i64::try_from(self.ms).unwrap_or(i64::MAX)
    }
}

impl Clock {
    /// The clocks of this machine. Where the system tells no boot id, one is made up: ages then end with the process.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let boot = fs::read_to_string(BOOT_ID)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or_else(Uuid::new_v4);
        Self {
            boot,
            times: 1,
            wall_off_ms: Arc::default(),
        }
    }

    /// For tests of the whole bridge: the steady clock runs so many times as fast, so that a window of ten seconds is
    /// over in one. The wall clock stays as it is.
    #[must_use]
    pub fn sped_up(self, times: u32) -> Self {
        Self {
            times: times.max(1),
            ..self
        }
    }

    /// For tests: a box whose wall clock is wrong.
    #[must_use]
    pub fn with_wall_off_by(self, off_by: SignedDuration) -> Self {
        let off_ms = i64::try_from(off_by.as_millis()).unwrap_or(0);
        Self {
            wall_off_ms: Arc::new(AtomicI64::new(off_ms)),
            ..self
        }
    }

    /// For tests of what a wall clock does while a bridge runs: this one, and every copy of it, jumps.
    pub fn wall_jumps(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(0);
        self.wall_off_ms.fetch_add(by, Ordering::Relaxed);
    }

    /// How long `span` of the steady clock really lasts.
    #[must_use]
    pub fn shortened(&self, span: Duration) -> Duration {
        span / self.times
    }

    /// The wall clock, to the millisecond.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the bridge's clock: everything else asks it"
    )]
    pub fn wall(&self) -> Timestamp {
        let now = Timestamp::now();
        let off = self.wall_off_ms.load(Ordering::Relaxed);
        Timestamp::from_millisecond(now.as_millisecond().saturating_add(off)).unwrap_or(now)
    }

    /// The wall clock in the bridge's zone, to set an oximeter's clock by; nothing while it cannot be right.
    #[must_use]
    pub fn local(&self) -> Option<DateTime> {
        let now = self.wall().to_zoned(TimeZone::system());
        let small = |number: i8| u8::try_from(number).ok();
        Some(DateTime {
            year: u16::try_from(now.year())
                .ok()
                .filter(|year| *year >= FIRST_YEAR)?,
            month: small(now.month())?,
            day: small(now.day())?,
            hour: small(now.hour())?,
            minute: small(now.minute())?,
            second: small(now.second())?,
        })
    }

    /// The steady clock. On Linux it counts the time asleep too.
    #[must_use]
    pub fn steady(&self) -> Steady {
        #[cfg(target_os = "linux")]
        let clock = ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let clock = ClockId::Monotonic;
        let now = clock_gettime(clock);
        let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
        let millis = u64::try_from(now.tv_nsec / 1_000_000).unwrap_or(0);
        let ms = seconds.saturating_mul(1000).saturating_add(millis);
        Steady {
            boot: self.boot,
            ms: ms.saturating_mul(self.times.into()),
        }
    }

    /// Now, by both clocks.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            steady: self.steady(),
            at: self.wall(),
        }
    }

    /// A new id that sorts by the wall clock (UUIDv7).
    #[must_use]
    pub fn fresh_id(&self) -> Uuid {
        let now = self.wall();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_within_one_start_of_the_box_and_never_across() {
        let clock = Clock::of_this_machine();
        let then = clock.steady();
        let later = Steady {
            ms: then.ms + 1500,
            ..then
        };
        assert_eq!(then.age_ms(later), Some(1500));
        assert_eq!(later.age_ms(then), None);
        let restarted = Steady {
            boot: Uuid::nil(),
            ..later
        };
        assert_eq!(then.age_ms(restarted), None);
    }

    #[test]
    fn a_moment_is_placed_by_its_age_also_when_the_wall_clock_was_set_in_between() {
        let then = Clock::of_this_machine().moment();
        let ms = then.steady.ms + 60_000;
        let now = Moment {
            steady: Steady { ms, ..then.steady },
            at: then.at + jiff::SignedDuration::from_hours(5),
        };
        let shown = now.at - jiff::SignedDuration::from_mins(1);
        assert_eq!(then.shown(now), shown);
        let boot = Uuid::nil();
        let restarted = Moment {
            steady: Steady { boot, ms },
            ..now
        };
        assert_eq!(then.shown(restarted), then.at);
    }

    #[test]
    fn the_services_time_is_carried_on_whatever_the_wall_clock_says() {
        let years = SignedDuration::from_hours(-24 * 365 * 12);
        let clock = Clock::of_this_machine().with_wall_off_by(years);
        let right = Clock::of_this_machine();
        let service = ServiceTime::new(clock.clone());
        let off_by = |at: Timestamp| right.wall().duration_since(at).abs();
        assert!(off_by(service.now()) > SignedDuration::from_hours(24 * 365));
        service.tell(right.wall());
        assert!(off_by(service.now()) < SignedDuration::from_secs(30));
    }

    #[test]
    fn two_fresh_ids_are_two() {
        let clock = Clock::of_this_machine();
        assert_ne!(clock.fresh_id(), clock.fresh_id());
        assert_eq!(clock.fresh_id().get_version_num(), 7);
    }
}
