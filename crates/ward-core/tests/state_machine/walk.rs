//! A random walk: readings, attempts, clinicians, consoles, time, and clocks that are wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;
use ward_core::alert::{Acknowledged, Alert, Change, Problem, State};
use ward_core::assess::PlansOverTime;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, Seq};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Measured, Reading, Timing};
use ward_core::reconcile::{Evidence, History, reconcile};
use ward_core::stay::{Stay, StayState};
use ward_core::technical::Cause;
use ward_core::time::{Timestamp, minutes, seconds};

use crate::common::{Dice, EIGHT, Rules, reading, stay, values};
use crate::invariants;
use crate::oracle::{Heard, Line, Oracle};

/// Who watches the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    Both,
    OnlyInvariants,
    OnlyOracle,
}

/// So many steps a stay: the oracle looks at everything that was heard, over and over.
const STEPS_PER_STAY: u64 = 200;

/// What is stored is held against the alerts once in so many steps.
const STEPS_BETWEEN_LOOKS: u64 = 25;

/// How often each line was written on a log.
pub type Tally = BTreeMap<(Problem, String), u64>;

/// Walks, and says what was wrong first, if anything.
pub fn walk(rules: &impl Rules, watch: Watch, steps: u64, seed: u64) -> Result<Tally, String> {
    let mut dice = Dice(seed);
    let mut tally = Tally::new();
    let mut done = 0;
    while done < steps {
        let mut ward = Ward::new(rules, watch, dice.next());
        for step in 0..STEPS_PER_STAY {
            let mut told = ward.step();
            if watch == Watch::Both && step % STEPS_BETWEEN_LOOKS == 0 {
                told = told.and_then(|()| ward.agrees());
            }
            told.map_err(|what| format!("stay {done}, step {step}: {what}"))?;
        }
        done += STEPS_PER_STAY;
        for (line, count) in ward.tally {
            *tally.entry(line).or_default() += count;
        }
    }
    Ok(tally)
}

struct Ward<'r, R> {
    rules: &'r R,
    watch: Watch,
    dice: Dice,
    stay: Stay,
    state: StayState,
    /// Open and over, by number.
    alerts: Vec<Alert>,
    now: Timestamp,
    seq: Seq,
    oracle: Oracle,
    readings: u128,
    stored: Vec<Reading>,
    /// A bridge that was cut off for days.
    backlog: bool,
    /// The newest reading came in while it was less than a day old.
    newest_came_in_time: bool,
    /// How far each bridge's wall clock is off.
    first_clock_off: i64,
    second_clock_off: i64,
    tally: Tally,
}

const FIRST_BRIDGE: BridgeId = BridgeId(Uuid::from_u128(5));
const SECOND_BRIDGE: BridgeId = BridgeId(Uuid::from_u128(6));

const STAFF: [ClinicianId; 2] = [
    ClinicianId(Uuid::from_u128(0xA5)),
    ClinicianId(Uuid::from_u128(0xBE)),
];

impl<'r, R: Rules> Ward<'r, R> {
    fn new(rules: &'r R, watch: Watch, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let (plan, limits) = if dice.one_in(3) {
            (
                MonitoringPlan::target_88_to_92().with_bands_alone(),
                (860, 880),
            )
        } else {
            (MonitoringPlan::scale_one().with_bands_alone(), (930, 950))
        };
        let recheck_ms = (300_000, 3_600_000);
        let backlog = dice.one_in(5);
        Self {
            rules,
            watch,
            dice,
            stay: stay(plan),
            state: StayState::default(),
            alerts: Vec::new(),
            now: EIGHT,
            seq: Seq(0),
            oracle: Oracle::new(limits.0, limits.1, recheck_ms, 0),
            readings: 0,
            stored: Vec::new(),
            backlog,
            newest_came_in_time: false,
            first_clock_off: 0,
            second_clock_off: 0,
            tally: Tally::new(),
        }
    }

    fn step(&mut self) -> Result<(), String> {
        if self.dice.one_in(2) {
            self.now = self.now.plus(seconds(self.dice.below(40)));
        }
        match self.dice.below(100) {
            0..45 => self.reads()?,
            45..55 => self.tries()?,
            55..70 => self.time_passes()?,
            70..80 => self.somebody_takes()?,
            80..88 => self.somebody_ends()?,
            _ => self.a_console_shows()?,
        }
        self.check()
    }

    fn reads(&mut self) -> Result<(), String> {
        let tenths = match self.dice.below(10) {
            0 => 10 + u16::try_from(self.dice.below(991)).unwrap_or(0),
            1 => self
                .dice
                .pick(&[859, 860, 879, 880, 929, 930, 949, 950], 930),
            2..8 if self.backlog => self.dice.pick(&[860, 870, 920, 930, 940, 945], 940),
            _ => 840 + u16::try_from(self.dice.below(140)).unwrap_or(0),
        };
        let sound = !self.dice.one_in(4);
        let exertion = self.dice.one_in(30);
        let Some(measured) = values(tenths, sound) else {
            return Ok(());
        };
        let (reading, clock_wrong, uncertain) = self.sent(measured, exertion);
        let heard = Heard {
            at: reading.effective_at.as_millis(),
            wall: reading.measured_at.as_millis(),
            bridge: u64::from(reading.bridge != FIRST_BRIDGE),
            came_in: self.now.as_millis(),
            uncertain,
            tenths,
            sound,
            judged: !exertion,
        };
        let said = self.assess(&reading)?;
        let within_a_day = heard.at >= self.now.minus(minutes(24 * 60)).as_millis();
        let goes_to_review = said.iter().any(|(problem, _)| *problem == Problem::LateLow);
        let newest = within_a_day && self.oracle.is_newest_of_its_bridge(&heard);
        if newest && goes_to_review && self.watch != Watch::OnlyOracle {
            return Err(format!("the newest of its bridge is late: {heard:?}"));
        }
        let before = self.oracle.standing_low().map(|(low, _)| low.at);
        let expected = self.oracle.reads(heard, clock_wrong, self.now.as_millis());
        let newest = self.oracle.standing_low().map(|(low, _)| low.at);
        if newest != before || newest == Some(heard.at) {
            // What a good reading uncovers may have come in long ago.
            self.newest_came_in_time = newest == Some(heard.at) && within_a_day;
        }
        self.agree(&said, &expected)
    }

    fn tries(&mut self) -> Result<(), String> {
        let measured = Measured::Attempt {
            reason: "inadequate signal".to_owned(),
        };
        let (reading, clock_wrong, _) = self.sent(measured, false);
        let said = self.assess(&reading)?;
        let expected = self.oracle.tries(clock_wrong, self.now.as_millis());
        self.agree(&said, &expected)
    }

    /// A reading as a bridge sends it: most at once, some late, some by a wrong clock. The times are worked out again
    /// from what truly was, not taken from the rules.
    fn sent(
        &mut self,
        measured: Measured,
        exertion: bool,
    ) -> (ward_core::reading::Reading, bool, bool) {
        let ago = match self.dice.below(20) {
            _ if self.backlog && !self.dice.one_in(20) => {
                minutes(24 * 60 + self.dice.below(30 * 60))
            }
            0..10 => Duration::ZERO,
            10..15 => seconds(self.dice.below(200)),
            15..19 => minutes(self.dice.below(8 * 60)),
            _ => minutes(self.dice.below(48 * 60)),
        };
        let by_first = !self.dice.one_in(3);
        if self.dice.one_in(40) {
            // Only the first bridge's clock is ever so wrong that it is said: the oracle keeps one alert of a kind.
            let span: u64 = if by_first { 3_600_000 } else { 60_000 };
            let off = self.dice.below(2 * span).cast_signed() - span.cast_signed();
            if by_first {
                let choices = [0, 0, off, 3_600_000, -3_600_000, 121_000, 119_000];
                self.first_clock_off = self.dice.pick(&choices, 0);
            } else {
                self.second_clock_off = off;
            }
        }
        let (bridge, off_ms) = if by_first {
            (FIRST_BRIDGE, self.first_clock_off)
        } else {
            (SECOND_BRIDGE, self.second_clock_off)
        };
        // So long it was on its way: its age was worked out when it was sent.
        let transit = if self.dice.one_in(4) {
            seconds(self.dice.below(61))
        } else {
            Duration::ZERO
        };
        let ago = ago + transit;
        let age = ago - transit;
        let transit_ms = i64::try_from(transit.as_millis()).unwrap_or(0);
        let age_known = !self.dice.one_in(5);
        let truly_at = self.now.minus(ago);
        let measured_at = Timestamp::from_millis(truly_at.as_millis() + off_ms);
        let (effective_at, timing) =
            self.rules
                .effective_time(measured_at, age_known.then_some(age), self.now);

        let ahead_ms = measured_at.millis_since(self.now);
        let clock_wrong = if age_known {
            (off_ms - transit_ms).abs() > 120_000
        } else {
            ahead_ms > 120_000
        };
        self.readings += 1;
        let mut reading = reading(self.readings, measured, measured_at, exertion, self.now);
        reading.effective_at = effective_at;
        reading.timing = timing;
        reading.bridge = bridge;
        // An age of nothing and a clock ahead look like no age at all.
        let uncertain = !age_known || (age.is_zero() && clock_wrong && ahead_ms > 0);
        (reading, clock_wrong, uncertain)
    }

    fn assess(&mut self, reading: &ward_core::reading::Reading) -> Result<Vec<Line>, String> {
        if reading.effective_at > self.now {
            return Err(format!("judged in the future: {reading:?}"));
        }
        let ahead = reading.measured_at.millis_since(self.now) > 120_000;
        if ahead && !matches!(reading.timing, Timing::ClockWrong { .. }) {
            return Err(format!("a time ahead is not said to be wrong: {reading:?}"));
        }
        self.stored.push(reading.clone());
        self.state = self
            .rules
            .with(std::mem::take(&mut self.state), reading, &self.stay.plan);
        let open: Vec<Alert> = self.open().into_iter().cloned().collect();
        let events = self
            .rules
            .assess(&self.stay, &self.state, &open, reading, self.now);
        events.into_iter().map(|event| self.append(event)).collect()
    }

    fn append(&mut self, event: WardEvent) -> Result<Line, String> {
        self.seq = self.seq.next();
        let event = event.stamped(self.seq);
        if self.watch != Watch::OnlyOracle {
            invariants::of_identity(&event)?;
        }
        let WardEvent::Alert { change, alert } = event else {
            return Err(format!("not about an alert: {event:?}"));
        };
        let place = self
            .alerts
            .iter()
            .position(|held| held.number == alert.number);
        let before = place.and_then(|place| self.alerts.get(place));
        if self.watch != Watch::OnlyOracle {
            invariants::of_change(before, change, &alert, self.now)?;
        }
        let line = (alert.problem, change);
        *self
            .tally
            .entry((alert.problem, format!("{change:?}")))
            .or_default() += 1;
        self.alerts.retain(|held| held.number != alert.number);
        self.alerts.push(*alert);
        self.alerts.sort_by_key(|alert| alert.number);
        Ok(line)
    }

    fn changed(&mut self, change: Change, alert: Alert) -> Result<Line, String> {
        self.append(WardEvent::Alert {
            change,
            alert: Box::new(alert),
        })
    }

    fn time_passes(&mut self) -> Result<(), String> {
        let span = match self.dice.below(4) {
            0 => seconds(self.dice.below(20)),
            1 => seconds(self.dice.below(700)),
            2 => minutes(self.dice.below(90)),
            _ => minutes(self.dice.below(10 * 60)),
        };
        self.now = self.now.plus(span);
        // The one sweep is late now and then.
        if self.dice.one_in(8) {
            return Ok(());
        }
        let mut said = Vec::new();
        for known in self.alerts.clone() {
            let mut alert = known;
            for _ in 0..4 {
                let Some((change, after)) = self.rules.time_passed(&alert, self.now) else {
                    break;
                };
                said.push(self.changed(change, after)?);
                let number = alert.number;
                alert = self.numbered(number).ok_or("an alert is gone")?;
            }
            let still_due =
                alert.is_open() && alert.next_deadline().is_some_and(|by| by <= self.now);
            if still_due && self.watch != Watch::OnlyOracle {
                return Err(format!("its time has come and nothing follows: {alert:?}"));
            }
        }
        let expected = self.oracle.sweeps(self.now.as_millis());
        self.agree(&said, &expected)
    }

    fn numbered(&self, number: Seq) -> Option<Alert> {
        self.alerts
            .iter()
            .find(|held| held.number == number)
            .cloned()
    }

    /// Any alert, open or over; most often one of the last.
    fn some_alert(&mut self) -> Option<Alert> {
        let count = self.alerts.len() as u64;
        let back = self.dice.below(count.min(4));
        let place = usize::try_from(count.checked_sub(back + 1)?).ok()?;
        self.alerts.get(place).cloned()
    }

    /// What a screen has drawn: mostly everything, sometimes not the newest.
    fn screen(&mut self) -> Seq {
        if self.dice.one_in(4) {
            let behind = i64::try_from(self.dice.below(6)).unwrap_or(0);
            Seq(self.seq.0 - behind)
        } else {
            self.seq
        }
    }

    fn somebody_takes(&mut self) -> Result<(), String> {
        let Some(alert) = self.some_alert() else {
            return Ok(());
        };
        let by = self.dice.pick(&STAFF, ClinicianId(Uuid::nil()));
        let seen = self.screen();
        let answer = self.rules.acknowledge(&alert, by, seen, self.now);
        let may = self
            .oracle
            .takes(alert.number.0, by, seen.0, self.now.as_millis());
        let taken = match answer {
            Ok(Acknowledged::Now(taken)) => {
                if seen < alert.spoke_seq && self.watch != Watch::OnlyOracle {
                    return Err(format!("taken unseen: {alert:?}"));
                }
                self.changed(Change::Acknowledged, *taken)?;
                true
            }
            Ok(Acknowledged::Already { at }) => {
                let first = matches!(alert.state, State::Acknowledged { by: who, at: when, .. } if who == by && when == at);
                if !first {
                    return Err(format!("not the first time: {alert:?}"));
                }
                false
            }
            Err(_) => false,
        };
        if taken != may && self.watch != Watch::OnlyInvariants {
            return Err(format!("taken: {taken}, may be: {may}: {alert:?}"));
        }
        Ok(())
    }

    fn somebody_ends(&mut self) -> Result<(), String> {
        let Some(alert) = self.some_alert() else {
            return Ok(());
        };
        let by = self.dice.pick(&STAFF, ClinicianId(Uuid::nil()));
        let seen = self.screen();
        let answer = self.rules.resolve(&alert, by, seen, self.now);
        let may = self
            .oracle
            .ends(alert.number.0, seen.0, self.now.as_millis());
        let ended = answer.is_ok();
        if let Ok(over) = answer {
            let ill = !alert.is_open() || alert.is_unacknowledged() || seen < alert.spoke_seq;
            if ill && self.watch != Watch::OnlyOracle {
                return Err(format!("not to be ended: {alert:?}"));
            }
            if over.next_deadline().is_some() || over.is_open() {
                return Err(format!("not over: {over:?}"));
            }
            if over.problem == Problem::Oxygen {
                self.state.oxygen_resolved_at = Some(self.now);
            }
            self.changed(Change::Resolved, over)?;
        }
        if ended != may && self.watch != Watch::OnlyInvariants {
            return Err(format!("ended: {ended}, may be: {may}: {alert:?}"));
        }
        Ok(())
    }

    fn a_console_shows(&mut self) -> Result<(), String> {
        let seen = self.screen();
        for alert in self.alerts.clone() {
            let shown = self.rules.shown(&alert, seen, self.now);
            let news = self.oracle.shows(alert.number.0, seen.0);
            if shown.is_some() != news && self.watch != Watch::OnlyInvariants {
                return Err(format!("shown is news: {news}: {alert:?}"));
            }
            if let Some(shown) = shown {
                self.changed(Change::Shown, shown)?;
            }
        }
        Ok(())
    }

    fn open(&self) -> Vec<&Alert> {
        self.alerts.iter().filter(|alert| alert.is_open()).collect()
    }

    fn agree(&self, said: &[Line], expected: &[Line]) -> Result<(), String> {
        if said != expected && self.watch != Watch::OnlyInvariants {
            return Err(format!("the log says {said:?}, expected {expected:?}"));
        }
        Ok(())
    }

    /// Readings and alerts agree, whatever has happened.
    fn agrees(&self) -> Result<(), String> {
        let found = reconcile(
            &Evidence {
                stay: &self.stay,
                state: &self.state,
                plans: &PlansOverTime::always(&self.stay.plan),
                readings: &self.stored,
                struck: &[],
                entries: &[],
                alerts: &self.alerts,
                since: EIGHT.minus(minutes(100 * 24 * 60)),
                history: &History::default(),
                clock_was_wrong: false,
            },
            self.now,
        );
        found
            .first()
            .map_or(Ok(()), |first| Err(format!("disagrees: {first:?}")))
    }

    fn check(&self) -> Result<(), String> {
        let open = self.open();
        if self.watch != Watch::OnlyOracle {
            invariants::of_standing(&open, &self.stay.plan)?;
            if let Some((low, severity)) = self.oracle.standing_low() {
                let after_resolution = self
                    .state
                    .oxygen_resolved_at
                    .is_none_or(|at| low.at > at.as_millis());
                if after_resolution && self.newest_came_in_time {
                    invariants::of_newest_word(&open, severity)?;
                }
            }
            let tried = self.oracle.attempts_in_a_row();
            let poor = |alert: &&Alert| alert.problem == Problem::Technical(Cause::PoorSignal);
            let ever = self.alerts.iter().any(|alert| poor(&alert));
            if tried >= 3 && !ever {
                return Err(format!("{tried} attempts in a row and no alert"));
            }
        }
        if self.watch != Watch::OnlyInvariants {
            self.oracle.compare(&open)?;
        }
        Ok(())
    }
}
