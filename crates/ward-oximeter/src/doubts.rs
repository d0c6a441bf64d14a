//! Why a value may be wrong.

use std::fmt;

use crate::plx::set_names;

/// Marks that make a value doubtful: a small set. Empty for a sound value.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Doubts(u16);

impl Doubts {
    /// No doubt.
    pub const NONE: Self = Self(0);
    /// Preliminary, by the device's word.
    pub const EARLY_ESTIMATE: Self = Self(1 << 0);
    /// Questionable measurement or pulse, or an unknown sensor.
    pub const QUESTIONABLE: Self = Self(1 << 1);
    /// Little blood flow in the finger.
    pub const LOW_PERFUSION: Self = Self(1 << 2);
    /// Poor or inadequate signal, irregular processing, or no pulse wave.
    pub const POOR_SIGNAL: Self = Self(1 << 3);
    /// Erratic signal.
    pub const ERRATIC_SIGNAL: Self = Self(1 << 4);
    /// Sensor interference.
    pub const INTERFERENCE: Self = Self(1 << 5);
    /// The sensor sits badly.
    pub const DISPLACED: Self = Self(1 << 6);
    /// Still searching for the pulse.
    pub const SEARCHING: Self = Self(1 << 7);
    /// Motion.
    pub const MOTION: Self = Self(1 << 8);
    /// No stable window: the last seconds as they were.
    pub const UNSETTLED: Self = Self(1 << 9);
    /// The pulse is missing or outside 20 to 350.
    pub const PULSE_UNUSABLE: Self = Self(1 << 10);

    const NAMES: [&'static str; 11] = [
        "early_estimate",
        "questionable",
        "low_perfusion",
        "poor_signal",
        "erratic_signal",
        "interference",
        "displaced",
        "searching",
        "motion",
        "unsettled",
        "pulse_unusable",
    ];

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Both sets together, if the condition holds.
    #[must_use]
    pub const fn with_if(self, condition: bool, other: Self) -> Self {
        if condition { self.with(other) } else { self }
    }

    /// Whether any mark of `other` is here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// No mark at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Names of the marks.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        set_names(self.0.into(), &Self::NAMES)
    }
}

impl fmt::Debug for Doubts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_add_up_and_are_shown_by_name() {
        let both = Doubts::MOTION.with(Doubts::UNSETTLED);
        assert!(both.has(Doubts::MOTION) && !both.has(Doubts::SEARCHING));
        assert_eq!(format!("{both:?}"), r#"{"motion", "unsettled"}"#);
        assert!(Doubts::NONE.is_empty());
    }
}
