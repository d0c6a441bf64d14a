//! From finger-in to finger-out: when is a reading given?

use std::collections::BTreeMap;

use super::outcome::{Attempt, Measurement, Outcome, Quality, Source, TimeAt};
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
    stays: BTreeMap<u8, u32>,
    stays_until_ms: u64,
}

/// The last reading given in this episode.
#[derive(Clone, Copy, Debug)]
struct Given {
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
}

impl Circumstances {
    const fn is_low(self, spo2_tenths: u16) -> bool {
        spo2_tenths / 10 <= self.low_limit_percent as u16
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
            stays: BTreeMap::new(),
            stays_until_ms: at_ms,
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
        self.count_stays(sample.at_ms.saturating_sub(RIPE_MS));
        self.assess(sample.at_ms, now)
    }

    fn assess(&mut self, at_ms: u64, now: Circumstances) -> Option<Outcome> {
        let ripe = self.track.window(at_ms.saturating_sub(RIPE_MS));
        let is_stable = ripe.is_stable();
        if is_stable && let Some(summary) = ripe.summary(1) {
            let is_due = at_ms >= self.settled_from_ms && !now.awaits_result;
            if is_due || self.is_news(&summary, now) {
                return Some(self.give(at_ms, summary, Quality::Settled));
            }
        }
        // A low is not kept waiting for ripeness: of fifteen seconds at most three can be a repeated value.
        if self
            .low_since_ms
            .is_some_and(|since_ms| at_ms.saturating_sub(since_ms) >= LOW_MS)
        {
            let window = self.track.window(at_ms);
            let quality = if window.is_stable() {
                Quality::Settled
            } else {
                Quality::Unsettled
            };
            if let Some(summary) = window.summary(LEAST_VALUES)
                && self.is_news(&summary, now)
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
            spo2.saturating_add(FALL_TENTHS) <= last.spo2_tenths
                || (now.is_low(spo2) && !now.is_low(last.spo2_tenths))
        })
    }

    /// The finger is gone; nothing of the three seconds before `gone_ms` counts.
    pub(super) fn end(mut self, gone_ms: u64, now: Circumstances) -> Option<Outcome> {
        let until_ms = gone_ms.saturating_sub(RIPE_MS);
        self.count_stays(until_ms);
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
        let spo2 = |summary: &Summary| summary.value.spo2_tenths_percent;
        let fallen = tail.filter(|tail| {
            spo2(tail).saturating_add(FALL_TENTHS) <= spo2(&whole)
                || (now.is_low(spo2(tail)) && !now.is_low(spo2(&whole)))
        });
        match fallen {
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
            source: self.take_source(),
        })
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
            source: self.take_source(),
        })
    }

    fn count_stays(&mut self, until_ms: u64) {
        for stay in self.track.stays(self.stays_until_ms, until_ms) {
            let millis = self.stays.entry(stay.percent).or_default();
            *millis = millis.saturating_add(stay.millis);
        }
        self.stays_until_ms = self.stays_until_ms.max(until_ms);
    }

    fn take_source(&mut self) -> Source {
        let stays = std::mem::take(&mut self.stays).into_iter();
        Source::Window {
            time_at: stays
                .map(|(percent, millis)| TimeAt { percent, millis })
                .collect(),
        }
    }

    /// Whether a settled reading stands and the next one is a minute away.
    pub(super) fn has_settled(&self) -> bool {
        self.last
            .is_some_and(|last| last.quality == Quality::Settled)
    }
}
