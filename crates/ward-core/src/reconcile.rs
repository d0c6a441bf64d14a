//! Whether the readings and the alerts on record agree: the rules are run again over what is stored, and what ought to have
//! followed is looked for.
//!
//! Nothing is mended here. What does not agree is said to people, once, by an alert of its own about that stay.
//!
//! The oxygen limits are checked reading by reading. Every other rule of [`crate::assess::assess_reading`] is checked by its newest word:
//! what it would raise on the newest reading must have an alert. A rule that is added there is checked without being named
//! here.
//!
//! What has a second explanation is never called a disagreement: a good reading that was struck out since, a plan that
//! changed at that moment, a resolution at the same minute, an hour in which the stay was paused.

mod other_rules;
mod say;
mod standing;
mod word;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::alert::{Alert, Outcome, Problem, Severity, State, Subject};
use crate::assess::PlansOverTime;
use crate::diary::DiaryEntry;
use crate::id::ReadingId;
use crate::reading::{Measured, Reading};
use crate::spo2::Spo2;
use crate::stay::{Phase, Stay, StayState};
use crate::technical::Cause;
use crate::time::{Timestamp, minutes};

pub use say::said;
use word::Word;

/// What came in within this time is looked at.
pub const LOOKED_AT: Duration = minutes(24 * 60);

/// Two things so close together may have happened in either order: a request is received when its head arrives and judged
/// when it has the ward's lock, by the clock of another node.
pub const EITHER_ORDER: Duration = minutes(2);

/// All that is on record about one stay, as of one moment.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// Where it is said to stand.
    pub state: &'a StayState,
    /// Which limits counted when.
    pub plans: &'a PlansOverTime<'a>,
    /// All readings that count and were measured at `since` or later.
    pub readings: &'a [Reading],
    /// Those that were struck out or moved to somebody else.
    pub struck: &'a [Reading],
    /// Diary entries that count, of that time.
    pub entries: &'a [DiaryEntry],
    /// All alerts about it, open and over, on every ward where it has been.
    pub alerts: &'a [Alert],
    /// From when on `readings` is complete.
    pub since: Timestamp,
    /// What else is known of the time looked at. A first look may do without: it then suspects more than there is.
    pub history: &'a History,
    /// The service's clock was wrong within that time: what stands on whose order cannot be told.
    pub clock_was_wrong: bool,
}

/// What the ward's log tells of a stay beside readings and alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// When it was paused, resumed or ended, and how it was from then on.
    pub phases: Vec<(Timestamp, Phase)>,
    /// Readings that were moved here, whenever they had come in.
    pub moved_in: BTreeSet<ReadingId>,
    /// When people last changed what is asked of it: its plan, its phase, its ward.
    pub changed_at: Option<Timestamp>,
}

/// One thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What.
    pub what: Disagrees,
    /// Which alert there should have been.
    pub problem: Problem,
    /// The reading that says so.
    pub about: Option<About>,
}

/// The reading or the diary entry that a disagreement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The id of the reading or of the diary entry.
    pub record: Uuid,
    /// When it was measured, or the time that the entry is about, by the service's clock.
    pub measured_at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Its value; `None` for a measurement without one.
    pub spo2: Option<Spo2>,
}

impl About {
    fn of(reading: &Reading) -> Self {
        Self {
            record: reading.id.0,
            measured_at: reading.effective_at,
            received_at: reading.received_at,
            spo2: match &reading.measured {
                Measured::Values(values) => Some(values.spo2),
                Measured::Attempt { .. } => None,
            },
        }
    }
}

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disagrees {
    /// A low, or another finding, has no alert.
    NoAlert,
    /// There is an alert, and this low is not counted in it.
    NotCounted,
    /// There is an alert, less severe than the value.
    TooMild,
    /// Two alerts of one problem are open.
    TwoOpen,
    /// Where the stay is said to stand is not where its readings put it.
    Standing,
}

/// Everything that does not agree, the worst first.
#[must_use]
pub fn reconcile(evidence: &Evidence<'_>, now: Timestamp) -> Vec<Disagreement> {
    let look = Look::at(evidence, now);
    let mut found = look.lows();
    found.extend(look.counts());
    found.extend(look.newest_word_of_other_rules());
    found.extend(look.newest_diary());
    found.extend(look.two_open());
    found.extend(look.standing());
    found.sort_by_key(|it| (it.what, it.about.and_then(|about| about.spo2)));
    found
}

/// What may have become of a low by right.
#[derive(Clone, Copy, Debug, Default)]
struct MayBe {
    oxygen: bool,
    late: bool,
    silence: bool,
    /// Measured before an alert was ended: it raises no other.
    nothing: bool,
    /// It may have been judged long after it came in.
    at_any_time: bool,
    /// Nobody watched the stay.
    unwatched: bool,
}

impl MayBe {
    /// It can only have gone to the oxygen alert that was open when it came in.
    const fn surely_oxygen(self) -> bool {
        self.oxygen
            && !self.late
            && !self.silence
            && !self.nothing
            && !self.at_any_time
            && !self.unwatched
    }

    const fn allows(self, problem: Problem) -> bool {
        match problem {
            // What pages when it need not have is heard, too.
            Problem::Oxygen => true,
            Problem::LateLow => self.late,
            Problem::Silence => self.silence,
            Problem::Technical(Cause::WhilePaused | Cause::AfterDischarge) => self.unwatched,
            Problem::OxygenDrop
            | Problem::OxygenTrend
            | Problem::OxygenSustained
            | Problem::OxygenTooHigh
            | Problem::Pulse
            | Problem::News2
            | Problem::Exertion
            | Problem::Symptom
            | Problem::AskedForHelp
            | Problem::Technical(_) => false,
        }
    }
}

struct Look<'a> {
    evidence: &'a Evidence<'a>,
    now: Timestamp,
    words: Vec<Word<'a>>,
    struck: Vec<Word<'a>>,
}

impl<'a> Look<'a> {
    fn at(evidence: &'a Evidence<'a>, now: Timestamp) -> Self {
        let word = |reading: &'a Reading| {
            let moved_in = evidence.history.moved_in.contains(&reading.id);
            Word::of(reading, evidence.plans, moved_in)
        };
        Self {
            evidence,
            now,
            words: evidence.readings.iter().filter_map(word).collect(),
            struck: evidence.struck.iter().filter_map(word).collect(),
        }
    }

    fn is_looked_at(&self, word: &Word<'_>) -> bool {
        word.reading.received_at > self.now.minus(LOOKED_AT) && word.is_low()
    }

    fn may_be(&self, low: &Word<'_>) -> MayBe {
        let came = low.reading.received_at;
        let hides = |word: &&Word<'_>| word.may_hide(low);
        let was_there = |word: &Word<'_>| word.reading.received_at.plus(EITHER_ORDER) < came;
        let may_have_been =
            |word: &Word<'_>| word.reading.received_at <= came.plus(EITHER_ORDER) || low.moved_in;
        let surely_late = self
            .words
            .iter()
            .filter(hides)
            .any(|word| word.surely_hides(low) && was_there(word));
        let uncovered = self.struck.iter().filter(hides).any(may_have_been);
        let maybe_late = uncovered || self.words.iter().filter(hides).any(may_have_been);
        let day_before = came.minus(crate::assess::PAGES_UP_TO_AGE);
        let surely_long_ago = low.at().plus(EITHER_ORDER) < day_before;
        let maybe_long_ago = low.at() < day_before.plus(EITHER_ORDER);
        let doubt = self.evidence.clock_was_wrong || low.moved_in || low.is_by_hand();
        let at_any_time = doubt || uncovered;
        MayBe {
            oxygen: doubt || !(surely_late || surely_long_ago),
            late: doubt || maybe_late || maybe_long_ago,
            silence: doubt || maybe_long_ago,
            nothing: self.was_ended_after(low, at_any_time) || self.was_answered(low, at_any_time),
            at_any_time,
            unwatched: low.moved_in
                || self.was_said_to_be_unwatched(came)
                || self
                    .unwatched()
                    .iter()
                    .any(|(_, since, until)| is_about(came, *since, *until)),
        }
    }

    /// Whether somebody ended an oxygen alert after this was measured and before it was judged.
    fn was_ended_after(&self, low: &Word<'_>, at_any_time: bool) -> bool {
        let by_alerts = self
            .evidence
            .alerts
            .iter()
            .filter_map(|alert| match &alert.state {
                State::Resolved { at, outcome, .. }
                    if alert.problem == Problem::Oxygen && *outcome != Outcome::TransferredWard =>
                {
                    Some(*at)
                }
                State::Raised | State::Acknowledged { .. } | State::Resolved { .. } => None,
            });
        by_alerts
            .chain(self.evidence.state.oxygen_resolved_at)
            .any(|ended| {
                low.moment.latest() < ended
                    && (at_any_time || ended <= low.reading.received_at.plus(EITHER_ORDER))
            })
    }

    /// The times in which nobody watched the stay: how it was then, from when, until when.
    fn unwatched(&self) -> Vec<(Phase, Timestamp, Timestamp)> {
        let mut phases = self.evidence.history.phases.clone();
        let begins = match self.evidence.stay.phase {
            Phase::Active => None,
            Phase::Paused { since, .. } => Some(since),
            Phase::Ended { at, .. } => Some(at),
        };
        phases.extend(begins.map(|since| (since, self.evidence.stay.phase)));
        phases.sort_by_key(|(since, _)| *since);
        let ends = phases
            .iter()
            .skip(1)
            .map(|(since, _)| *since)
            .chain([Timestamp::from_millis(i64::MAX / 2)]);
        let spans = phases.iter().zip(ends);
        spans
            .filter(|((_, phase), _)| *phase != Phase::Active)
            .map(|((since, phase), until)| (*phase, *since, until))
            .collect()
    }

    /// An alert said so then. An end that is put right later moves the time that the stay remembers of it.
    fn was_said_to_be_unwatched(&self, came: Timestamp) -> bool {
        let says_so = |alert: &&Alert| match alert.problem {
            Problem::Technical(Cause::WhilePaused | Cause::AfterDischarge) => true,
            Problem::Technical(_)
            | Problem::Oxygen
            | Problem::LateLow
            | Problem::OxygenDrop
            | Problem::OxygenTrend
            | Problem::OxygenSustained
            | Problem::OxygenTooHigh
            | Problem::Pulse
            | Problem::News2
            | Problem::Exertion
            | Problem::Silence
            | Problem::Symptom
            | Problem::AskedForHelp => false,
        };
        let mut said = self.evidence.alerts.iter().filter(says_so);
        said.any(|alert| was_there(alert, came))
    }

    /// What was measured before somebody died or went to hospital, and came after, is kept and asks for nothing.
    fn was_answered(&self, low: &Word<'_>, at_any_time: bool) -> bool {
        let came = low.reading.received_at;
        let stood = |(_, since, until): &(Phase, Timestamp, Timestamp)| {
            low.at() < since.plus(EITHER_ORDER) && (at_any_time || is_about(came, *since, *until))
        };
        self.unwatched().iter().any(stood)
    }

    fn lows(&self) -> Vec<Disagreement> {
        let looked_at = self.words.iter().filter(|word| self.is_looked_at(word));
        looked_at
            .filter_map(|low| {
                let may_be = self.may_be(low);
                self.low(low, may_be)
            })
            .collect()
    }

    fn low(&self, low: &Word<'_>, may_be: MayBe) -> Option<Disagreement> {
        if may_be.nothing {
            return None;
        }
        let in_time: Vec<&Alert> = self
            .evidence
            .alerts
            .iter()
            .filter(|alert| may_be.allows(alert.problem))
            .filter(|alert| may_be.at_any_time || was_there(alert, low.reading.received_at))
            .collect();
        let counted: Vec<&&Alert> = in_time
            .iter()
            .filter(|alert| counts(alert, low.at()))
            .collect();
        let severe_enough = |alert: &Alert| match alert.problem {
            Problem::Oxygen | Problem::Silence => alert.severity >= Severity::of(low.band),
            Problem::LateLow
            | Problem::OxygenDrop
            | Problem::OxygenTrend
            | Problem::OxygenSustained
            | Problem::OxygenTooHigh
            | Problem::Pulse
            | Problem::News2
            | Problem::Exertion
            | Problem::Symptom
            | Problem::AskedForHelp
            | Problem::Technical(_) => true,
        };
        let what = if in_time.is_empty() {
            Disagrees::NoAlert
        } else if counted.is_empty() {
            Disagrees::NotCounted
        } else if !counted.iter().any(|alert| severe_enough(alert)) {
            Disagrees::TooMild
        } else {
            return None;
        };
        Some(Disagreement {
            what,
            problem: Problem::Oxygen,
            about: Some(About::of(low.reading)),
        })
    }

    /// Lows that can only belong to one alert: it counts as many.
    fn counts(&self) -> Vec<Disagreement> {
        let whole: Vec<&Alert> = self
            .evidence
            .alerts
            .iter()
            .filter(|alert| alert.problem == Problem::Oxygen && !went_along(alert))
            .collect();
        let surely: Vec<&Word<'_>> = self
            .words
            .iter()
            .filter(|word| word.is_low() && self.may_be(word).surely_oxygen())
            .collect();
        let of_it = |alert: &&Alert| -> Vec<&Word<'_>> {
            let only_here = |low: &&&Word<'_>| {
                let came = low.reading.received_at;
                let mut there = whole.iter().filter(|it| was_there(it, came));
                there.next().is_some_and(|it| it.number == alert.number) && there.next().is_none()
            };
            surely.iter().filter(only_here).copied().collect()
        };
        whole
            .iter()
            .filter(|alert| alert.struck.is_none())
            .filter_map(|alert| {
                let lows = of_it(alert);
                let counted = alert.lows.map_or(0, |lows| lows.count);
                let newest = lows.iter().max_by_key(|low| low.reading.received_at)?;
                let is_short = usize::try_from(counted).is_ok_and(|counted| counted < lows.len());
                (is_short && newest.reading.received_at > self.now.minus(LOOKED_AT)).then(|| {
                    Disagreement {
                        what: Disagrees::NotCounted,
                        problem: Problem::Oxygen,
                        about: Some(About::of(newest.reading)),
                    }
                })
            })
            .collect()
    }

    fn two_open(&self) -> Vec<Disagreement> {
        let subject = Subject::Stay(self.evidence.stay.id);
        let mut seen = BTreeSet::new();
        let open = self.evidence.alerts.iter();
        open.filter(|alert| alert.is_open() && alert.subject == subject)
            .filter(|alert| !seen.insert(alert.problem))
            .map(|alert| Disagreement {
                what: Disagrees::TwoOpen,
                problem: alert.problem,
                about: None,
            })
            .collect()
    }
}

fn is_about(at: Timestamp, since: Timestamp, until: Timestamp) -> bool {
    since.minus(EITHER_ORDER) <= at && at <= until.plus(EITHER_ORDER)
}

/// Whether an alert can have been open when something was judged that came in then.
fn was_there(alert: &Alert, came: Timestamp) -> bool {
    let ended = match alert.state {
        State::Resolved { at, .. } => Some(at),
        State::Raised | State::Acknowledged { .. } => None,
    };
    alert.raised_at <= came.plus(EITHER_ORDER)
        && ended.is_none_or(|ended| ended >= came.minus(EITHER_ORDER))
}

/// Whether an alert counts a low of that time, as far as can be told from its ends.
fn counts(alert: &Alert, at: Timestamp) -> bool {
    // Of what was struck out it only knows how much there was; one about nobody watching counts nothing.
    alert.struck.is_some()
        || matches!(alert.problem, Problem::Technical(_))
        || alert
            .lows
            .is_some_and(|lows| lows.first_at <= at && at <= lows.last_at)
}

/// It goes on on another ward, as another alert that has all of it.
fn went_along(alert: &Alert) -> bool {
    matches!(
        alert.state,
        State::Resolved {
            outcome: Outcome::TransferredWard,
            ..
        }
    )
}
