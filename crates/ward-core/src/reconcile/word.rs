//! A value of the past, with every way in which it may have been judged.

use super::EITHER_ORDER;
use crate::assess::PlansOverTime;
use crate::moment::Moment;
use crate::plan::Band;
use crate::reading::{Context, Measured, Reading, Source};
use crate::time::Timestamp;

#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) reading: &'a Reading,
    pub(super) moment: Moment,
    /// The least that it must have been taken for.
    pub(super) band: Band,
    /// The most that it may have been taken for.
    at_most: Band,
    pub(super) sound: bool,
    /// It was moved here, and judged when it was.
    pub(super) moved_in: bool,
}

impl<'a> Word<'a> {
    pub(super) fn of(
        reading: &'a Reading,
        plans: &PlansOverTime<'_>,
        moved_in: bool,
    ) -> Option<Self> {
        let Measured::Values(values) = &reading.measured else {
            return None;
        };
        if reading.context == Context::Exertion {
            return None;
        }
        let came = reading.received_at;
        let (from, until) = if moved_in {
            (came, Timestamp::from_millis(i64::MAX))
        } else {
            (came.minus(EITHER_ORDER), came.plus(EITHER_ORDER))
        };
        let bands: Vec<Band> = plans
            .between(from, until)
            .map(|plan| plan.band(values.spo2))
            .collect();
        Some(Self {
            reading,
            moment: Moment::of(reading),
            band: bands.iter().copied().min()?,
            at_most: bands.iter().copied().max()?,
            sound: !values.is_doubtful(),
            moved_in,
        })
    }

    pub(super) const fn at(&self) -> Timestamp {
        self.reading.effective_at
    }

    /// Low by every plan that it may have been judged by.
    pub(super) fn is_low(&self) -> bool {
        self.band > Band::Green
    }

    /// The one band that it was taken for, where that is certain.
    pub(super) fn certain_band(&self) -> Option<Band> {
        (self.band == self.at_most).then_some(self.band)
    }

    pub(super) fn is_by_hand(&self) -> bool {
        self.reading.source != Source::Oximeter
    }

    /// It may have been taken for a sound good one.
    pub(super) fn may_clear(&self) -> bool {
        self.sound && self.band == Band::Green
    }

    /// Whether this may be the good reading that makes that low a late one.
    pub(super) fn may_hide(&self, low: &Self) -> bool {
        self.may_clear() && self.moment.is_surely_after(&low.moment)
    }

    /// Whether it cannot but be: what is typed may have been asked about first, and what was moved came later.
    pub(super) fn surely_hides(&self, low: &Self) -> bool {
        self.may_hide(low)
            && self.at_most == Band::Green
            && !self.is_by_hand()
            && !self.moved_in
            && !low.moved_in
    }
}
