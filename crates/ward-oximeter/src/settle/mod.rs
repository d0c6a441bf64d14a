//! Frames to readings: a state machine that is told the time.
//!
//! **Spot checks** (PLX 2A5E; the result of a PC-60 in spot mode) are the device's own finals: a reading at once.
//!
//! **Continuous streams** are judged by finger-in episode. Devices go on repeating the last value for 2 to 3 s after the
//! finger has gone, and only then say so. So a sample *ripens*: it counts once it is 3 s old and no probe-off, silence
//! or disconnect has come. A settled reading is therefore given 3 s after its window ended, and a finger that leaves
//! takes the unripe samples with it. Only a fall under the limit does not wait to ripen: fifteen seconds under it can
//! hold at most three of repeats.
//!
//! Given is, within an episode:
//! 1. the median of the first **stable** window (10 s at 0.5 Hz or more, saturation within 2 points, pulse within 8,
//!    no doubtful sample, perfusion over 0.2 % where known), and again each minute: see below;
//! 2. after 40 s without one, the last 10 s as *unsettled*; a settled one follows as soon as there is one;
//! 3. at once: each time it is 15 s continuously under the plan's limit, and a stable window that is under it or
//!    3 points lower when the last reading was not;
//! 4. at its end: unsettled, when nothing was given and there are five ripe values; or when the last seconds are under
//!    the limit or 3 points lower, and the last reading was not.
//!
//! Each of them carries a [`WindowSummary`] of all ripe time since the one before. The **regular** one, a minute after a
//! settled reading, has as value the time-weighted median of that whole minute. All others have that of their last ten
//! seconds, so that a fall does not hide in the median of a good minute; and so has a regular one whose last ten
//! seconds are under the limit, or 3 points lower, and whose minute was not. Nor does doubt lift it: where the sound
//! time alone has a lower median, that one counts.
//!
//! What gives no reading gives an [`Attempt`] with its reason, once for each try and never more than one every 40 s.

mod distribution;
mod episode;
mod idle;
mod outcome;
mod tally;
#[cfg(test)]
mod tests;
mod window;
#[cfg(test)]
mod window_tests;

pub use outcome::{
    Attempt, Measurement, Outcome, Quality, Record, Source, TimeAt, Waiting, WindowSummary,
};

use crate::doubts::Doubts;
use crate::frame::{Frame, Meaning};
use crate::judge::{Reason, Value};
use episode::{Circumstances, Episode};
use idle::Idle;
use tally::{Tally, is_absence};
use window::Sample;

/// A stream without a sample for so long is dead, even if nobody says "disconnected".
const SILENCE_MS: u64 = 10_000;
/// The slowest rhythm that PLX allows.
const LONGEST_INTERVAL_MS: u64 = 4_000;
/// Ten wave frames, about a second, without any pulse wave: the values beside them are repeats.
const FLAT_FRAMES: u8 = 10;

/// What a `Settle` needs to know of the patient's plan and of what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleConfig {
    /// At or under this saturation, rounded down to a whole percent, nothing waits for its minute.
    pub low_limit_percent: u8,
    /// Values of a family whose protocol is known from one source only ([`Evidence::Thin`](crate::Evidence::Thin)) are
    /// accepted. If not, each try is an [`Attempt`] with [`Reason::Unproven`].
    pub accepts_unproven: bool,
}

/// Makes readings of one device's frames. Keep it over reconnects; it needs less than 40 kB whatever comes.
#[derive(Clone, Debug)]
pub struct Settle {
    config: SettleConfig,
    now_ms: u64,
    state: State,
    /// An episode was seen on this connection: a missing finger is then no attempt.
    had_episode: bool,
    flat_frames: u8,
    awaits_result: bool,
    result_taken: bool,
    said: Waiting,
}

#[derive(Clone, Debug)]
enum State {
    /// No samples are coming.
    Silent,
    /// Samples are coming, without values.
    Idle(Idle),
    /// The finger is in.
    Measuring {
        episode: Box<Episode>,
        sample_ms: u64,
        /// Between the last two samples.
        interval_ms: u64,
        unusable_since_ms: Option<u64>,
    },
}

impl Settle {
    /// Nothing has been heard yet.
    #[must_use]
    pub const fn new(config: SettleConfig) -> Self {
        Self {
            config,
            now_ms: 0,
            state: State::Silent,
            had_episode: false,
            flat_frames: 0,
            awaits_result: false,
            result_taken: false,
            said: Waiting::NoData,
        }
    }

    /// The plan has changed.
    pub const fn set_config(&mut self, config: SettleConfig) {
        self.config = config;
    }

    /// Why there is nothing yet, as last said.
    #[must_use]
    pub const fn waiting(&self) -> Waiting {
        self.said
    }

    /// Takes a frame that arrived at `at_ms` of a steady clock. A time before an earlier one counts as that one.
    pub fn push(&mut self, frame: &Frame, at_ms: u64) -> Vec<Outcome> {
        self.take(frame.meanings(), frame.is_unproven(), at_ms)
    }

    fn take(&mut self, meanings: Vec<Meaning>, is_unproven: bool, at_ms: u64) -> Vec<Outcome> {
        let mut outcomes = self.pass_time(at_ms);
        let is_refused = is_unproven && !self.config.accepts_unproven;
        let proven = |judged: Result<Value, Reason>| match judged {
            Ok(_) if is_refused => Err(Reason::Unproven),
            judged => judged,
        };
        for meaning in meanings {
            match meaning {
                Meaning::Sample(judged) => {
                    let judged = proven(judged).map(|value| self.doubt_without_wave(value));
                    outcomes.extend(self.sample(judged));
                }
                Meaning::Final(judged, record) => {
                    outcomes.push(self.final_value(proven(judged), record));
                }
                Meaning::Stage {
                    is_measuring,
                    result,
                } => {
                    let result = result.map(|(judged, record)| (proven(judged), record));
                    outcomes.extend(self.stage(is_measuring, result));
                }
                Meaning::Wave { is_flat: true } => {
                    self.flat_frames = self.flat_frames.saturating_add(1);
                }
                Meaning::Wave { is_flat: false } => self.flat_frames = 0,
                Meaning::Battery(_) => {}
            }
        }
        self.say_waiting(outcomes)
    }

    /// Looks at the clock: call it about once a second. Ten seconds without a sample end the episode.
    pub fn tick(&mut self, at_ms: u64) -> Vec<Outcome> {
        let outcomes = self.pass_time(at_ms);
        self.say_waiting(outcomes)
    }

    /// The connection has ended: what the episode still holds comes out.
    pub fn disconnected(&mut self, at_ms: u64) -> Vec<Outcome> {
        let mut outcomes = self.pass_time(at_ms);
        outcomes.extend(self.fall_silent());
        self.had_episode = false;
        self.say_waiting(outcomes)
    }

    fn pass_time(&mut self, at_ms: u64) -> Vec<Outcome> {
        self.now_ms = self.now_ms.max(at_ms);
        let heard_ms = match &self.state {
            State::Silent => return Vec::new(),
            State::Idle(idle) => idle.sample_ms(),
            State::Measuring { sample_ms, .. } => *sample_ms,
        };
        if self.now_ms.saturating_sub(heard_ms) < SILENCE_MS {
            return Vec::new();
        }
        self.fall_silent().into_iter().collect()
    }

    fn fall_silent(&mut self) -> Option<Outcome> {
        self.flat_frames = 0;
        self.awaits_result = false;
        self.result_taken = false;
        // When the finger went, nobody knows: no later than the sample that was due and did not come.
        let gone_ms = match &self.state {
            State::Silent => return None,
            State::Idle(idle) => {
                let attempt = idle.attempt();
                self.state = State::Silent;
                return attempt;
            }
            State::Measuring {
                sample_ms,
                interval_ms,
                unusable_since_ms,
                ..
            } => {
                let due_ms = sample_ms.saturating_add(*interval_ms).min(self.now_ms);
                unusable_since_ms.unwrap_or(due_ms)
            }
        };
        self.end_episode(gone_ms)
    }

    fn sample(&mut self, judged: Result<Value, Reason>) -> impl Iterator<Item = Outcome> + use<> {
        let (at_ms, now) = (self.now_ms, self.circumstances());
        // What an episode that ends here still held, and what the sample itself leads to.
        let mut ended = None;
        match (judged, &mut self.state) {
            (Err(reason), State::Measuring { .. }) if reason.is_finger_out() => {
                ended = self.end_episode(at_ms);
            }
            (
                Err(reason),
                State::Measuring {
                    unusable_since_ms: Some(since_ms),
                    ..
                },
            ) if is_absence(reason) && at_ms.saturating_sub(*since_ms) >= SILENCE_MS => {
                let since_ms = *since_ms;
                ended = self.end_episode(since_ms);
            }
            (Ok(_), State::Idle(_) | State::Silent) => self.begin_episode(),
            (Ok(_), State::Measuring { .. }) | (Err(_), _) => {}
        }
        let led_to = match (judged, &mut self.state) {
            (
                _,
                State::Measuring {
                    episode,
                    sample_ms,
                    interval_ms,
                    unusable_since_ms,
                },
            ) => {
                *interval_ms = at_ms.saturating_sub(*sample_ms).min(LONGEST_INTERVAL_MS);
                *sample_ms = at_ms;
                *unusable_since_ms = judged.err().map(|_| unusable_since_ms.unwrap_or(at_ms));
                episode.push(Sample { at_ms, judged }, now)
            }
            (Err(reason), State::Idle(_) | State::Silent) => self.idle(reason),
            (Ok(_), State::Idle(_) | State::Silent) => None,
        };
        ended.into_iter().chain(led_to)
    }

    /// Samples without a value that came before the first one belong to the episode.
    fn begin_episode(&mut self) {
        let tally = match std::mem::replace(&mut self.state, State::Silent) {
            State::Idle(idle) => idle.into_tally(),
            State::Silent | State::Measuring { .. } => Tally::default(),
        };
        self.had_episode = true;
        self.state = State::Measuring {
            episode: Box::new(Episode::new(self.now_ms, tally)),
            sample_ms: self.now_ms,
            interval_ms: 0,
            unusable_since_ms: None,
        };
    }

    /// The finger went at `gone_ms`, which may be before now.
    fn end_episode(&mut self, gone_ms: u64) -> Option<Outcome> {
        let now = self.circumstances();
        match std::mem::replace(&mut self.state, State::Silent) {
            State::Measuring { episode, .. } => episode.end(gone_ms, now),
            State::Silent | State::Idle(_) => None,
        }
    }

    fn idle(&mut self, reason: Reason) -> Option<Outcome> {
        // After an episode an absence is no attempt: the finger simply has gone.
        let counts = !(self.had_episode && is_absence(reason));
        if let State::Idle(idle) = &mut self.state {
            return idle.add(self.now_ms, reason, counts);
        }
        let mut idle = Idle::new(self.now_ms, reason);
        let attempt = idle.add(self.now_ms, reason, counts);
        self.state = State::Idle(idle);
        attempt
    }

    fn stage(
        &mut self,
        is_measuring: bool,
        result: Option<(Result<Value, Reason>, Record)>,
    ) -> Option<Outcome> {
        self.awaits_result = is_measuring;
        let Some((judged, record)) = result else {
            self.result_taken = false;
            return None;
        };
        // The result is repeated each second while it is shown.
        if std::mem::replace(&mut self.result_taken, true) {
            return None;
        }
        Some(self.final_value(judged, record))
    }

    /// The device's own final, from now or from its memory.
    fn final_value(&mut self, judged: Result<Value, Reason>, record: Record) -> Outcome {
        let at_ms = self.now_ms;
        let is_live = !record.from_storage;
        let source = Source::SpotCheck(record);
        match judged {
            Ok(value) => {
                if let (State::Measuring { episode, .. }, true) = (&mut self.state, is_live) {
                    episode.was_given(at_ms, value.spo2_tenths_percent, at_ms, Quality::Settled);
                }
                let quality = Quality::Settled;
                Outcome::Reading(Measurement {
                    value,
                    quality,
                    began_ms: at_ms,
                    ended_ms: at_ms,
                    source,
                })
            }
            Err(reason) => Outcome::Attempt(Attempt {
                reason,
                began_ms: at_ms,
                ended_ms: at_ms,
                samples: 1,
                source,
            }),
        }
    }

    const fn doubt_without_wave(&self, mut value: Value) -> Value {
        value.doubts = value
            .doubts
            .with_if(self.flat_frames >= FLAT_FRAMES, Doubts::POOR_SIGNAL);
        value
    }

    const fn circumstances(&self) -> Circumstances {
        Circumstances {
            low_limit_percent: self.config.low_limit_percent,
            awaits_result: self.awaits_result,
            wave_is_flat: self.flat_frames >= FLAT_FRAMES,
        }
    }

    fn say_waiting(&mut self, mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let waiting = match &self.state {
            State::Silent => Waiting::NoData,
            State::Idle(idle) => Waiting::Unusable(idle.reason()),
            State::Measuring { episode, .. } if episode.has_settled() => Waiting::NextMinute,
            State::Measuring { .. } => Waiting::Settling,
        };
        if waiting != self.said {
            self.said = waiting;
            outcomes.push(Outcome::Waiting(waiting));
        }
        outcomes
    }
}
