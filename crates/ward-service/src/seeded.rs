//! Faults that a test plants, to see that they are found. Without the feature `seeded-faults` there are none, and nothing
//! that a person can set reaches them.

#[cfg(feature = "seeded-faults")]
use std::sync::atomic::{AtomicU32, Ordering};

/// What is wrong on purpose.
#[derive(Debug, Default)]
pub struct Seeded {
    /// The rules are not asked about one reading in so many; 0: about all.
    #[cfg(feature = "seeded-faults")]
    skip_one_in: AtomicU32,
    #[cfg(feature = "seeded-faults")]
    readings: AtomicU32,
}

#[cfg(feature = "seeded-faults")]
impl Seeded {
    /// From now on the rules are not asked about one reading in so many; 0: about all.
    pub fn skip_the_rules_one_in(&self, readings: u32) {
        self.skip_one_in.store(readings, Ordering::SeqCst);
    }

    pub(crate) fn skips_the_rules(&self) -> bool {
        let one_in = self.skip_one_in.load(Ordering::SeqCst);
        one_in > 0 && (self.readings.fetch_add(1, Ordering::SeqCst) + 1).is_multiple_of(one_in)
    }
}

#[cfg(not(feature = "seeded-faults"))]
impl Seeded {
    pub(crate) const fn skips_the_rules(&self) -> bool {
        false
    }
}

#[cfg(feature = "seeded-faults")]
impl crate::wards::Wards {
    /// The faults of this service.
    #[must_use]
    pub fn seeded(&self) -> &Seeded {
        &self.seeded
    }
}
