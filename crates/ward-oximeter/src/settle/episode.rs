//! From finger-in to finger-out: when is a reading given?

use super::distribution::Distribution;
use super::outcome::{Attempt, Measurement, Outcome, Quality, Source};
use super::tally::{Tally, is_absence};
use super::window::{Sample, Summary, Track, WINDOW_MS, Window};
use crate::doubts::Doubts;
use crate::judge::Reason;

/// Devices repeat the last value for 2 to 3 s after the finger has gone: a sample counts once it is this old and the
/// finger is still in.
pub(super) const RIPE_MS: u64 = 3_000;
/// Without a stable window for so long, the last ten seconds are given as they are.
pub(super) const PATIENCE_MS: u64 = 40_000;
/// From one reading of an episode to the next.
pub(super) const MINUTE_MS: u64 = 60_000;
/// Under the limit for so long: given at once.
const LOW_MS: u64 = 15_000;
/// So far under the last reading is news.
const FALL_TENTHS: u16 = 30;
/// So many values make an unsettled reading while the finger is in.
const LEAST_VALUES: usize = 3;
/// So many values make a reading of an episode that ended before anything settled.
const LEAST_VALUES_OF_AN_EPISODE: u32 = 5;
/// The end of an episode is judged by its last seconds, so that ten seconds of a fall do not hide in their median.
const TAIL_MS: u64 = 3_000;

/// One finger-in episode of a continuous stream.
#[derive(Clone, Debug)]
pub(super) struct Episode {
    began_ms: u64,
    track: Track,
    /// From now on a stable window is given.
    settled_from_ms: u64,
    /// Now the last ten seconds are given, whatever they are.
    deadline_ms: u64,
    last: Option<Given>,
    /// Since then every value was under the limit.
    low_since_ms: Option<u64>,
    values: u32,
    tally: Tally,
    /// Since the previous reading.
    distribution: Distribution,
    /// Where the window of the next reading begins: a sample.
    window_from_ms: u64,
    /// What came until then is counted, or never will be: a sample.
    counted_until_ms: u64,
    wave_was_flat: bool,
}

/// The last reading given in this episode.
#[derive(Clone, Copy, Debug)]
struct Given {
    /// What a fall is measured by.
    spo2_tenths: u16,
    ended_ms: u64,
    quality: Quality,
}

/// What an episode needs to know from outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) low_limit_percent: u8,
    /// The device is making a spot measurement of its own, whose result comes by itself.
    pub(super) awaits_result: bool,
    /// Values come beside a wave without any pulse: they are repeats.
    pub(super) wave_is_flat: bool,
}

impl Circumstances {
    const fn is_low(self, spo2_tenths: u16) -> bool {
        spo2_tenths / 10 <= self.low_limit_percent as u16
    }

    /// Under the limit where the other was not, or three points lower.
    const fn has_fallen(self, later: &Summary, earlier_tenths: u16) -> bool {
        let spo2 = later.value.spo2_tenths_percent;
        spo2.saturating_add(FALL_TENTHS) <= earlier_tenths
            || (self.is_low(spo2) && !self.is_low(earlier_tenths))
    }
}

impl Episode {
    /// Begins with the first value; what came before without a value is part of it.
    pub(super) fn new(at_ms: u64, tally: Tally) -> Self {
        Self {
            began_ms: at_ms,
            track: Track::default(),
            settled_from_ms: at_ms,
            deadline_ms: at_ms.saturating_add(PATIENCE_MS),
            last: None,
            low_since_ms: None,
            values: 0,
            tally,
            distribution: Distribution::default(),
            window_from_ms: at_ms,
            counted_until_ms: at_ms,
            wave_was_flat: false,
        }
    }

    pub(super) fn push(&mut self, sample: Sample, now: Circumstances) -> Option<Outcome> {
        self.track.push(sample);
        match sample.judged {
            Ok(value) => {
                self.values = self.values.saturating_add(1);
                let low = now.is_low(value.spo2_tenths_percent);
                self.low_since_ms = low.then(|| self.low_since_ms.unwrap_or(sample.at_ms));
            }
            Err(reason) => self.tally.add(reason),
        }
        self.count(sample.at_ms.saturating_sub(RIPE_MS));
        self.leave_out_repeats(sample.at_ms, now);
        self.assess(sample.at_ms, now)
    }

    fn assess(&mut self, at_ms: u64, now: Circumstances) -> Option<Outcome> {
        let ripe = self.track.window(at_ms.saturating_sub(RIPE_MS));
        let is_stable = ripe.is_stable();
        if is_stable && let Some(summary) = ripe.summary(1) {
            let is_due = at_ms >= self.settled_from_ms && !now.awaits_result;
            let is_news = self.is_news(&summary, now);
            if is_due || is_news {
                let is_regular = !is_news && self.has_settled();
                return Some(if is_regular {
                    self.give_minute(at_ms, summary, now)
                } else {
                    self.give(at_ms, summary, Quality::Settled)
                });
            }
        }
        // A low is not kept waiting for ripeness: of fifteen seconds at most three can be a repeated value.
        if let Some(since_ms) = self.low_since_ms
            && at_ms.saturating_sub(since_ms) >= LOW_MS
        {
            let window = self.track.window(at_ms);
            let quality = if window.is_stable() {
                Quality::Settled
            } else {
                Quality::Unsettled
            };
            // A low that came back after the last reading is news even if that one was low as well.
            let came_back = self.last.is_some_and(|last| since_ms > last.ended_ms);
            if let Some(summary) = window.summary(LEAST_VALUES)
                && (came_back || self.is_news(&summary, now))
            {
                return Some(self.give(at_ms, summary, quality));
            }
        }
        if at_ms < self.deadline_ms {
            return None;
        }
        if let Some(summary) = ripe.summary(LEAST_VALUES) {
            let quality = if is_stable {
                Quality::Settled
            } else {
                Quality::Unsettled
            };
            return Some(self.give(at_ms, summary, quality));
        }
        self.deadline_ms = at_ms.saturating_add(MINUTE_MS);
        Some(self.attempt(at_ms))
    }

    /// A low after what was not low, or a clear fall, is not kept waiting for its minute.
    fn is_news(&self, summary: &Summary, now: Circumstances) -> bool {
        let spo2 = summary.value.spo2_tenths_percent;
        self.last.map_or(now.is_low(spo2), |last| {
            now.has_fallen(summary, last.spo2_tenths)
        })
    }

    /// The finger is gone; nothing of the three seconds before `gone_ms` counts.
    pub(super) fn end(mut self, gone_ms: u64, now: Circumstances) -> Option<Outcome> {
        let until_ms = gone_ms.saturating_sub(RIPE_MS);
        self.count(until_ms);
        let ripe = self.track.window(until_ms);
        let tail = ripe.tail(TAIL_MS).summary(LEAST_VALUES);
        let Some(last) = self.last else {
            let ripe_values = self
                .values
                .saturating_sub(self.track.values_after(until_ms));
            let enough = ripe_values >= LEAST_VALUES_OF_AN_EPISODE;
            return Some(match ripe.summary(1).filter(|_| enough) {
                Some(whole) => self.give_first(gone_ms, &ripe, whole, tail, now),
                None => self.attempt(gone_ms),
            });
        };
        let tail = tail?;
        let still_low = now.is_low(tail.value.spo2_tenths_percent)
            && tail.ended_ms >= last.ended_ms.saturating_add(WINDOW_MS);
        (still_low || self.is_news(&tail, now))
            .then(|| self.give(gone_ms, tail, Quality::Unsettled))
    }

    /// The one reading of an episode that ended before anything was given: its last ten seconds, or their end if it fell.
    fn give_first(
        &mut self,
        at_ms: u64,
        ripe: &Window,
        whole: Summary,
        tail: Option<Summary>,
        now: Circumstances,
    ) -> Outcome {
        let spo2 = whole.value.spo2_tenths_percent;
        match tail.filter(|tail| now.has_fallen(tail, spo2)) {
            Some(tail) => self.give(at_ms, tail, Quality::Unsettled),
            None if ripe.is_stable() => self.give(at_ms, whole, Quality::Settled),
            None => self.give(at_ms, whole, Quality::Unsettled),
        }
    }

    fn give(&mut self, at_ms: u64, summary: Summary, quality: Quality) -> Outcome {
        let mut value = summary.value;
        value.doubts = value
            .doubts
            .with_if(quality == Quality::Unsettled, Doubts::UNSETTLED);
        self.was_given(at_ms, value.spo2_tenths_percent, summary.ended_ms, quality);
        Outcome::Reading(Measurement {
            value,
            quality,
            began_ms: summary.began_ms,
            ended_ms: summary.ended_ms,
            source: self.take_window(),
        })
    }

    /// The regular reading. A fall after it is measured by its end as well, whichever is higher.
    fn give_minute(&mut self, at_ms: u64, end: Summary, now: Circumstances) -> Outcome {
        let outcome = self.give(at_ms, self.of_whole_window(end, now), Quality::Settled);
        if let Some(last) = &mut self.last {
            last.spo2_tenths = last.spo2_tenths.max(end.value.spo2_tenths_percent);
        }
        outcome
    }

    /// The reading of a quiet minute speaks for all of it, unless its end has fallen: then for its end.
    fn of_whole_window(&self, end: Summary, now: Circumstances) -> Summary {
        let Some(middle) = self.distribution.middle() else {
            return end;
        };
        if now.has_fallen(&end, middle.spo2_tenths) {
            return end;
        }
        let mut value = end.value;
        value.spo2_tenths_percent = middle.spo2_tenths;
        value.pulse_tenths_bpm = middle.pulse_tenths.or(value.pulse_tenths_bpm);
        value.doubts = value.doubts.with(middle.doubts);
        Summary {
            value,
            began_ms: self.window_from_ms.min(end.began_ms),
            ..end
        }
    }

    /// Sets the times for the next one. An unsettled reading is followed by a settled one as soon as there is one.
    pub(super) fn was_given(
        &mut self,
        at_ms: u64,
        spo2_tenths: u16,
        ended_ms: u64,
        quality: Quality,
    ) {
        let minute_ms = at_ms.saturating_add(MINUTE_MS);
        (self.settled_from_ms, self.deadline_ms) = match quality {
            Quality::Settled => (minute_ms, minute_ms.saturating_add(PATIENCE_MS)),
            Quality::Unsettled => (at_ms, minute_ms),
        };
        self.last = Some(Given {
            spo2_tenths,
            ended_ms,
            quality,
        });
        self.tally = Tally::default();
    }

    fn attempt(&mut self, at_ms: u64) -> Outcome {
        let tally = std::mem::take(&mut self.tally);
        Outcome::Attempt(Attempt {
            // There was a finger: an absence before or after it is not why.
            reason: tally
                .dominant()
                .filter(|reason| !is_absence(*reason))
                .unwrap_or(Reason::TooShort),
            began_ms: self.began_ms,
            ended_ms: at_ms,
            samples: tally.total(),
            source: Source::Window { summary: None },
        })
    }

    /// Counts what is ripe by now. An attempt takes nothing of it: that time belongs to the next reading.
    fn count(&mut self, until_ms: u64) {
        let Some(until_ms) = self.track.newest_ms(until_ms) else {
            return;
        };
        for stay in self.track.stays(self.counted_until_ms, until_ms) {
            self.distribution.add(&stay);
        }
        self.counted_until_ms = self.counted_until_ms.max(until_ms);
    }

    /// Values beside a flat wave never count, nor do those that are not ripe when it becomes flat.
    fn leave_out_repeats(&mut self, at_ms: u64, now: Circumstances) {
        if std::mem::replace(&mut self.wave_was_flat, now.wave_is_flat) || now.wave_is_flat {
            self.counted_until_ms = at_ms;
        }
    }

    fn take_window(&mut self) -> Source {
        // Left out repeats reach up to now, and the next window begins where they end.
        let until_ms = self.counted_until_ms;
        let length_ms = until_ms.saturating_sub(self.window_from_ms);
        self.window_from_ms = until_ms;
        let distribution = std::mem::take(&mut self.distribution);
        Source::Window {
            summary: distribution.summary(length_ms),
        }
    }

    /// Whether a settled reading stands and the next one is a minute away.
    pub(super) fn has_settled(&self) -> bool {
        self.last
            .is_some_and(|last| last.quality == Quality::Settled)
    }
}
