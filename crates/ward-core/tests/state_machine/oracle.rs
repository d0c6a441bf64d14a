//! What must be open, worked out again from everything that was heard. Shares no code with the rules: times are
//! milliseconds, bands are two numbers, and nothing is remembered that can be looked up.

use std::collections::BTreeMap;

use ward_core::alert::{Alert, Change, Confirmation, Problem, Severity, State};
use ward_core::id::ClinicianId;
use ward_core::plan::Band;
use ward_core::technical::Cause;

const SECOND: i64 = 1000;
const DAY: i64 = 24 * 3600 * SECOND;
const HALF_AN_HOUR: i64 = 30 * 60 * SECOND;

/// One value, as it was heard.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// On the service's clock: never before it was measured, when its age was told.
    pub at: i64,
    /// On its bridge's wall clock.
    pub wall: i64,
    pub bridge: u64,
    pub came_in: i64,
    /// No age was told.
    pub uncertain: bool,
    pub tenths: u16,
    pub sound: bool,
    /// Not the lowest value of an exertion test.
    pub judged: bool,
}

impl Heard {
    fn latest(&self) -> i64 {
        if self.uncertain {
            self.came_in
        } else {
            self.at
        }
    }
}

const TWO_MINUTES: i64 = 120 * SECOND;

/// Whether the first was measured after the second, whatever the way of the messages and the wall clocks did.
pub fn surely_after(a: &Heard, b: &Heard) -> bool {
    match (a.uncertain, b.uncertain) {
        (true, true) => a.at > b.came_in && a.came_in > b.came_in,
        (true, false) => a.at > b.at && a.came_in > b.came_in,
        (false, true) => a.at - b.came_in > TWO_MINUTES,
        (false, false) if a.bridge == b.bridge => {
            (a.at > b.at && a.wall > b.wall) || a.at - b.came_in > TWO_MINUTES
        }
        (false, false) => a.at - b.at > TWO_MINUTES,
    }
}

/// An alert that must be open.
#[derive(Clone, Debug)]
struct Due {
    number: i64,
    lows: Vec<Heard>,
    severity: Severity,
    since: i64,
    no_recheck: bool,
    condition: Band,
    taken_by: Option<ClinicianId>,
    /// When that was, and how it stood then and after every reading since.
    taken_at: i64,
    stood_since: Vec<Band>,
    /// How many lows there were before the last relapse, and from when on one measured counts for it.
    relapse: Option<(usize, i64)>,
    /// The lows that were acknowledged, or that it last spoke of: the first so many.
    heeded: usize,
    show_by: Option<i64>,
    unseen: bool,
    was_shown: bool,
    must_have_seen: i64,
}

impl Due {
    /// All lows, or those of the last relapse.
    fn rests_on(&self) -> Vec<&Heard> {
        let (from_place, from) = self.relapse.unwrap_or((0, i64::MIN));
        let of_relapse = |low: &&Heard| low.latest() >= from;
        self.lows
            .iter()
            .skip(from_place)
            .filter(of_relapse)
            .collect()
    }
}

/// Everything that was heard, and what follows.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub red_under: u16,
    pub amber_under: u16,
    pub recheck_red_ms: i64,
    pub recheck_amber_ms: i64,
    heard: Vec<Heard>,
    resolved_at: Option<i64>,
    attempts: u32,
    seq: i64,
    due: BTreeMap<Problem, Due>,
}

/// One line of the log.
pub type Line = (Problem, Change);

impl Oracle {
    pub fn new(red_under: u16, amber_under: u16, recheck_ms: (i64, i64), seq: i64) -> Self {
        Self {
            red_under,
            amber_under,
            recheck_red_ms: recheck_ms.0,
            recheck_amber_ms: recheck_ms.1,
            heard: Vec::new(),
            resolved_at: None,
            attempts: 0,
            seq,
            due: BTreeMap::new(),
        }
    }

    fn band(&self, heard: &Heard) -> Band {
        if heard.tenths < self.red_under {
            Band::Red
        } else if heard.tenths < self.amber_under {
            Band::Amber
        } else {
            Band::Green
        }
    }

    fn is_low(&self, heard: &Heard) -> bool {
        heard.judged && self.band(heard) > Band::Green
    }

    fn is_good(&self, heard: &Heard) -> bool {
        heard.judged && heard.sound && self.band(heard) == Band::Green
    }

    /// The newest low that no sound good reading is surely after, and how severe it is.
    pub fn standing_low(&self) -> Option<(Heard, Severity)> {
        let lows = self.heard.iter().filter(|h| self.is_low(h));
        let stands = |low: &&Heard| {
            let good = |h: &Heard| self.is_good(h) && surely_after(h, low);
            !self.heard.iter().any(good)
        };
        lows.filter(stands)
            .max_by_key(|h| (h.at, self.band(h)))
            .map(|h| (*h, severity_of(self.band(h))))
    }

    /// By its bridge's wall clock nothing else is as new, and no other bridge has a good reading of two minutes later.
    pub fn is_newest_of_its_bridge(&self, low: &Heard) -> bool {
        let newer = |h: &Heard| {
            if h.bridge == low.bridge {
                h.wall > low.wall
            } else {
                self.is_good(h) && h.at - low.at > TWO_MINUTES
            }
        };
        self.is_low(low) && !self.heard.iter().any(newer)
    }

    pub fn attempts_in_a_row(&self) -> u32 {
        self.attempts
    }

    /// The worst of all that no better sound reading is surely after.
    fn stands(&self) -> Option<Band> {
        let counts = |h: &&Heard| self.is_low(h) || self.is_good(h);
        let better = |than: &Heard, h: &Heard| {
            h.judged && h.sound && self.band(h) < self.band(than) && surely_after(h, than)
        };
        let stands = |low: &&Heard| !self.heard.iter().any(|h| better(low, h));
        let counting = self.heard.iter().filter(counts);
        counting.filter(stands).map(|h| self.band(h)).max()
    }

    /// What an alert of this problem says of the present.
    fn condition(&self, problem: Problem, severity: Severity) -> Option<Band> {
        let stands = self.stands()?;
        Some(match problem {
            Problem::Oxygen if severity == Severity::Amber => stands.min(Band::Amber),
            Problem::Oxygen | Problem::Silence => stands,
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
            | Problem::Technical(_) => Band::Green,
        })
    }

    fn confirmed_by_two(&self, due: &Due) -> bool {
        let counts = |h: &&Heard| severity_of(self.band(h)) >= due.severity;
        let of_relapse = due.relapse.is_some();
        let time = |h: &Heard| if of_relapse { h.latest() } else { h.at };
        let times = || due.rests_on().into_iter().filter(counts).map(time);
        match (times().min(), times().max()) {
            (Some(first), Some(last)) => last - first >= 60 * SECOND,
            _ => false,
        }
    }

    fn confirmation(&self, problem: Problem, due: &Due) -> Confirmation {
        if problem != Problem::Oxygen {
            Confirmation::NotAsked
        } else if due.no_recheck {
            Confirmation::NoRecheck
        } else if self.confirmed_by_two(due) {
            Confirmation::SecondReading
        } else {
            Confirmation::Unconfirmed
        }
    }

    fn recheck_by(&self, problem: Problem, due: &Due) -> Option<i64> {
        let awaited = self.confirmation(problem, due) == Confirmation::Unconfirmed
            && severity_of(due.condition) >= due.severity;
        let within = if due.severity == Severity::Red {
            self.recheck_red_ms
        } else {
            self.recheck_amber_ms
        };
        awaited.then_some(due.since + within)
    }

    /// An attempt without a value came in.
    pub fn tries(&mut self, clock_wrong: bool, now: i64) -> Vec<Line> {
        self.attempts += 1;
        let mut said = Vec::new();
        if clock_wrong {
            said.extend(self.kit(Cause::ClockWrong, now));
        }
        if self.attempts >= 3 {
            said.extend(self.kit(Cause::PoorSignal, now));
        }
        said
    }

    /// An amber about kit that never gets worse.
    fn kit(&mut self, cause: Cause, now: i64) -> Option<Line> {
        let problem = Problem::Technical(cause);
        if self.due.contains_key(&problem) {
            return None;
        }
        Some(self.raise(problem, Severity::Amber, None, now))
    }

    fn raise(
        &mut self,
        problem: Problem,
        severity: Severity,
        low: Option<Heard>,
        now: i64,
    ) -> Line {
        self.seq += 1;
        let mut due = Due {
            number: self.seq,
            lows: low.into_iter().collect(),
            severity,
            since: now,
            no_recheck: false,
            condition: Band::Green,
            taken_by: None,
            taken_at: 0,
            stood_since: Vec::new(),
            relapse: None,
            heeded: 0,
            show_by: None,
            unseen: false,
            was_shown: false,
            must_have_seen: self.seq,
        };
        due.condition = self.condition(problem, severity).unwrap_or(Band::Green);
        speak(&mut due, self.seq, now);
        self.due.insert(problem, due);
        (problem, Change::Raised)
    }

    /// A value came in.
    pub fn reads(&mut self, heard: Heard, clock_wrong: bool, now: i64) -> Vec<Line> {
        let mut said = Vec::new();
        if clock_wrong {
            said.extend(self.kit(Cause::ClockWrong, now));
        }
        let place = self.place(&heard, now);
        if self.band(&heard) > Band::Green || heard.sound {
            self.attempts = 0;
        }
        self.heard.push(heard);
        if !heard.judged {
            return said;
        }
        for problem in [Problem::Oxygen, Problem::LateLow, Problem::Silence] {
            let line = match (self.due.remove(&problem), place == Some(problem)) {
                (None, true) => {
                    let severity = if problem == Problem::LateLow {
                        Severity::Low
                    } else {
                        severity_of(self.band(&heard))
                    };
                    Some(self.raise(problem, severity, Some(heard), now))
                }
                (Some(due), true) => Some(self.one_more(problem, due, heard, now)),
                (Some(due), false) => self.settle(problem, due),
                (None, false) => None,
            };
            said.extend(line);
        }
        said
    }

    fn one_more(&mut self, problem: Problem, mut due: Due, low: Heard, now: i64) -> Line {
        self.seq += 1;
        let before = (self.confirmation(problem, &due), due.condition);
        let severity = severity_of(self.band(&low));
        let rises = problem != Problem::LateLow && severity > due.severity;
        let relapses = problem == Problem::Oxygen
            && due.taken_by.is_some()
            && due.stood_since.iter().any(|stood| {
                *stood == Band::Green || (self.band(&low) == Band::Red && *stood < Band::Red)
            })
            && low.latest() - due.taken_at >= HALF_AN_HOUR;
        if rises {
            due.severity = severity;
            due.relapse = None;
        } else if relapses {
            due.relapse = Some((due.lows.len(), due.taken_at + HALF_AN_HOUR));
        }
        if rises || relapses {
            due.since = now;
            due.no_recheck = false;
        }
        due.lows.push(low);
        due.condition = self
            .condition(problem, due.severity)
            .unwrap_or(due.condition);
        due.stood_since.push(due.condition);
        let confirms = before.0 == Confirmation::Unconfirmed
            && self.confirmation(problem, &due) == Confirmation::SecondReading;
        let falls = problem != Problem::LateLow && falls_under_what_was_heeded(&due, low);
        let change = if rises {
            Change::SeverityRose
        } else if relapses {
            Change::Relapsed
        } else if confirms {
            Change::Confirmed
        } else if falls {
            Change::FellFurther
        } else {
            Change::Continued
        };
        if change != Change::Continued {
            speak(&mut due, self.seq, now);
        } else if problem == Problem::LateLow || due.condition > before.1 {
            due.must_have_seen = self.seq;
        }
        self.due.insert(problem, due);
        (problem, change)
    }

    fn settle(&mut self, problem: Problem, mut due: Due) -> Option<Line> {
        let before = due.condition;
        due.condition = self.condition(problem, due.severity).unwrap_or(before);
        due.stood_since.push(due.condition);
        let changed = due.condition != before;
        if changed {
            self.seq += 1;
        }
        if due.condition > before {
            due.must_have_seen = self.seq;
        }
        self.due.insert(problem, due);
        changed.then_some((problem, Change::Continued))
    }

    /// Which alert hears a value, judged before it is put with the others.
    fn place(&self, heard: &Heard, now: i64) -> Option<Problem> {
        let resolved_since = self.resolved_at.is_some_and(|at| heard.latest() < at);
        if !self.is_low(heard) || resolved_since {
            return None;
        }
        let newer = |h: &&Heard| surely_after(h, heard);
        if self.heard.iter().filter(newer).any(|h| self.is_good(h)) {
            return Some(Problem::LateLow);
        }
        if now - heard.at <= DAY {
            return Some(Problem::Oxygen);
        }
        if self.heard.iter().filter(newer).any(|h| self.is_low(h)) {
            return Some(Problem::LateLow);
        }
        Some(Problem::Silence)
    }

    /// The sweep.
    pub fn sweeps(&mut self, now: i64) -> Vec<Line> {
        let mut order: Vec<(i64, Problem)> =
            self.due.iter().map(|(p, due)| (due.number, *p)).collect();
        order.sort_unstable();
        let mut said = Vec::new();
        for (_, problem) in order {
            let Some(mut due) = self.due.remove(&problem) else {
                continue;
            };
            if self.recheck_by(problem, &due).is_some_and(|by| by <= now) {
                self.seq += 1;
                due.no_recheck = true;
                speak(&mut due, self.seq, now);
                said.push((problem, Change::Confirmed));
            }
            if due.show_by.is_some_and(|by| by <= now) {
                self.seq += 1;
                due.show_by = None;
                due.unseen = true;
                said.push((problem, Change::NotShown));
            }
            self.due.insert(problem, due);
        }
        said
    }

    /// A clinician tries to take an alert. Whether it may be.
    pub fn takes(&mut self, number: i64, by: ClinicianId, seen: i64, now: i64) -> bool {
        let seq = self.seq + 1;
        let Some(due) = self.numbered(number) else {
            return false;
        };
        if due.taken_by.is_some() || seen < due.must_have_seen {
            return false;
        }
        due.taken_by = Some(by);
        due.taken_at = now;
        due.stood_since = vec![due.condition];
        due.heeded = due.lows.len();
        is_seen(due);
        self.seq = seq;
        true
    }

    /// A clinician tries to end an alert. Whether it may be.
    pub fn ends(&mut self, number: i64, seen: i64, now: i64) -> bool {
        let Some(due) = self.numbered(number) else {
            return false;
        };
        if due.taken_by.is_none() || seen < due.must_have_seen {
            return false;
        }
        self.seq += 1;
        let over = |(problem, due): (&Problem, &Due)| (due.number == number).then_some(*problem);
        if let Some(problem) = self.due.iter().find_map(over) {
            self.due.remove(&problem);
            if problem == Problem::Oxygen {
                self.resolved_at = Some(now);
            }
        }
        true
    }

    /// A console has drawn everything up to `seen`. Whether that is news for this alert.
    pub fn shows(&mut self, number: i64, seen: i64) -> bool {
        let Some(due) = self.numbered(number) else {
            return false;
        };
        if due.was_shown || seen < due.must_have_seen {
            return false;
        }
        is_seen(due);
        self.seq += 1;
        true
    }

    fn numbered(&mut self, number: i64) -> Option<&mut Due> {
        self.due.values_mut().find(|due| due.number == number)
    }

    /// Whether exactly these alerts are open, and stand as they must.
    pub fn compare(&self, open: &[&Alert]) -> Result<(), String> {
        if open.len() != self.due.len() {
            return Err(format!("{} are open, not {}", open.len(), self.due.len()));
        }
        for alert in open {
            let Some(due) = self.due.get(&alert.problem) else {
                return Err(format!("not to be open: {alert:?}"));
            };
            if self.seen_in(alert) != self.expected(alert.problem, due) {
                return Err(format!("{alert:?} is not {due:?}"));
            }
        }
        Ok(())
    }

    fn expected(&self, problem: Problem, due: &Due) -> Stands {
        let at_severity = |low: &&Heard| {
            due.severity != Severity::Red || severity_of(self.band(low)) == Severity::Red
        };
        let rests_on = due.rests_on();
        let so_severe: Vec<&Heard> = rests_on.iter().copied().filter(at_severity).collect();
        let marked_by = if so_severe.is_empty() {
            rests_on
        } else {
            so_severe
        };
        Stands {
            number: due.number,
            severity: due.severity,
            confirmation: self.confirmation(problem, due),
            condition: due.condition,
            count: due.lows.len(),
            worst: due.lows.iter().map(|low| low.tenths).min(),
            doubtful: !marked_by.is_empty() && marked_by.iter().all(|low| !low.sound),
            taken_by: due.taken_by,
            recheck_by: self.recheck_by(problem, due),
            show_by: due.show_by,
            unseen: due.unseen,
            must_have_seen: due.must_have_seen,
        }
    }

    fn seen_in(&self, alert: &Alert) -> Stands {
        Stands {
            number: alert.number.0,
            severity: alert.severity,
            confirmation: alert.confirmation,
            condition: alert.condition,
            count: alert.lows.map_or(0, |lows| lows.count as usize),
            worst: alert.worst.map(ward_core::spo2::Spo2::tenths),
            doubtful: alert.is_doubtful(),
            taken_by: match alert.state {
                State::Acknowledged { by, .. } => Some(by),
                State::Raised | State::Resolved { .. } => None,
            },
            recheck_by: alert.recheck_by.map(ward_core::time::Timestamp::as_millis),
            show_by: alert.show_by.map(ward_core::time::Timestamp::as_millis),
            unseen: alert.unseen,
            must_have_seen: alert.spoke_seq.0,
        }
    }
}

/// What can be compared.
#[derive(Debug, PartialEq)]
struct Stands {
    number: i64,
    severity: Severity,
    confirmation: Confirmation,
    condition: Band,
    count: usize,
    worst: Option<u16>,
    doubtful: bool,
    taken_by: Option<ClinicianId>,
    recheck_by: Option<i64>,
    show_by: Option<i64>,
    unseen: bool,
    must_have_seen: i64,
}

fn severity_of(band: Band) -> Severity {
    match band {
        Band::Green => Severity::Low,
        Band::Amber => Severity::Amber,
        Band::Red => Severity::Red,
    }
}

/// Three points under the worst that was heeded; for a sound low, the worst sound one, or else, of the first sound one
/// of all and the worst that was heeded, the higher.
fn falls_under_what_was_heeded(due: &Due, low: Heard) -> bool {
    let heeded = || due.lows.iter().take(due.heeded);
    let before = due.lows.iter().take(due.lows.len() - 1);
    let worst_sound = heeded().filter(|low| low.sound).map(|low| low.tenths).min();
    let first_sound = before.filter(|low| low.sound).map(|low| low.tenths).next();
    let worst = heeded().map(|low| low.tenths).min();
    let measure = if low.sound {
        worst_sound.or(first_sound.max(worst))
    } else {
        worst
    };
    measure.is_some_and(|measure| low.tenths + 30 <= measure)
}

fn speak(due: &mut Due, seq: i64, now: i64) {
    due.taken_by = None;
    due.must_have_seen = seq;
    due.was_shown = false;
    due.heeded = due.lows.len();
    let in_time = now + 15 * SECOND;
    due.show_by = match due.show_by {
        _ if due.severity == Severity::Low => None,
        Some(owed) if owed < in_time => Some(owed),
        Some(_) | None => Some(in_time),
    };
}

fn is_seen(due: &mut Due) {
    due.was_shown = true;
    due.show_by = None;
    due.unseen = false;
}
