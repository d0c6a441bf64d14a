//! One alert that nobody or somebody has, while time passes by fits and starts.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::alert::{
    self, Acknowledged, Alert, Change, Severity, SnoozeAsked, SnoozeReason, Subject,
};
use ward_core::day::{StaffedHours, Zone};
use ward_core::escalation::{Class, Policy, Timers};
use ward_core::event::WardEvent;
use ward_core::id::{ClinicianId, Seq};
use ward_core::spo2::Spo2;
use ward_core::technical::{Cause, Detail, Fault as Trouble, assess_fault};
use ward_core::time::{Timestamp, minutes, seconds};

use crate::oracle::{Oracle, Steps};

/// What is wrong with the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The level is not stored: it is reached again.
    LevelIsForgotten,
    /// What gets worse waits anew.
    WorseWaitsAnew,
    /// An acknowledgement does not stop the timers.
    TakenIsPassedOn,
    /// A level makes the screens of everybody old.
    PassingOnSpeaks,
    /// A board that does not show it is waited for.
    UnseenWaits,
    /// A red may be snoozed.
    RedIsSnoozed,
    /// What worsens stays quiet.
    SnoozeOutlivesWorse,
    /// A snooze never ends.
    SnoozeNeverEnds,
    /// After an outage every missed repeat is made up for.
    StormAfterOutage,
    /// After an outage only the last level is reached.
    LevelsAreSkipped,
    /// Nobody is told at the end of the shift.
    ShiftEndIsForgotten,
}

impl Fault {
    pub const ALL: [Self; 11] = [
        Self::LevelIsForgotten,
        Self::WorseWaitsAnew,
        Self::TakenIsPassedOn,
        Self::PassingOnSpeaks,
        Self::UnseenWaits,
        Self::RedIsSnoozed,
        Self::SnoozeOutlivesWorse,
        Self::SnoozeNeverEnds,
        Self::StormAfterOutage,
        Self::LevelsAreSkipped,
        Self::ShiftEndIsForgotten,
    ];
}

pub type Tally = BTreeMap<String, u64>;

/// Nine in the morning of a ward that is staffed until eight in the evening.
const NINE: i64 = 1_795_251_600_000;

const STEPS_PER_ALERT: u64 = 100;

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides.max(1)
    }
}

pub fn walk(fault: Option<Fault>, steps: u64, seed: u64) -> Result<Tally, String> {
    let mut dice = Dice(seed);
    let mut tally = Tally::new();
    for nth in 0..steps / STEPS_PER_ALERT {
        let mut one = One::new(fault, dice.below(u64::MAX));
        for step in 0..STEPS_PER_ALERT {
            one.step()
                .map_err(|what| format!("alert {nth}, step {step}: {what}"))?;
        }
        for (what, count) in one.tally {
            *tally.entry(what).or_default() += count;
        }
    }
    Ok(tally)
}

struct One {
    fault: Option<Fault>,
    dice: Dice,
    alert: Alert,
    oracle: Oracle,
    now: Timestamp,
    seq: Seq,
    policy: Policy,
    tally: Tally,
}

const STAFF: [ClinicianId; 2] = [
    ClinicianId(Uuid::from_u128(0xA5)),
    ClinicianId(Uuid::from_u128(0xBE)),
];

fn millis(policy: &Policy, class: Class) -> Steps {
    let steps = policy.of(class);
    let after = steps
        .steps
        .iter()
        .map(|step| i64::from(step.after_s) * 1_000);
    Steps {
        after: after.collect(),
        every: steps.repeat_every_s.map(|every| i64::from(every) * 1_000),
    }
}

impl One {
    fn new(fault: Option<Fault>, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let now =
            Timestamp::from_millis(NINE + i64::try_from(dice.below(12 * 3_600_000)).unwrap_or(0));
        let is_red = dice.below(4) == 0;
        let policy = Policy::default();
        let trouble = Trouble {
            subject: Subject::Bridge(ward_core::id::BridgeId(Uuid::from_u128(5))),
            cause: Cause::PoorSignal,
            severity: if is_red {
                Severity::Red
            } else {
                Severity::Amber
            },
            spo2: Spo2::from_percent(95.0),
            detail: Detail::clock(0),
        };
        let Some(WardEvent::Alert { alert, .. }) = assess_fault(&trouble, None, now) else {
            unreachable!("a new fault raises an alert")
        };
        let (amber, red) = (millis(&policy, Class::Amber), millis(&policy, Class::Red));
        let oracle = Oracle::new(amber, red, is_red, now.as_millis());
        let mut one = Self {
            fault,
            dice,
            alert: (*alert).clone(),
            oracle,
            now,
            seq: Seq(0),
            policy,
            tally: Tally::new(),
        };
        one.append(Change::Raised, *alert);
        one
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn append(&mut self, change: Change, alert: Alert) {
        self.seq = self.seq.next();
        *self.tally.entry(change.name().to_owned()).or_default() += 1;
        let before = self.alert.clone();
        let mut alert = alert.stamped(self.seq, change);
        if self.has(Fault::PassingOnSpeaks) && change.passes_on() {
            alert.spoke_seq = self.seq;
        }
        if self.has(Fault::SnoozeOutlivesWorse)
            && matches!(change, Change::SeverityRose | Change::FellFurther)
        {
            alert.snooze.clone_from(&before.snooze);
            alert.state = before.state.clone();
        }
        if self.has(Fault::WorseWaitsAnew) && change.speaks() {
            alert.ladder.class = None;
        }
        let zone = Zone::utc();
        let hours = StaffedHours::default();
        let timers = Timers {
            policy: &self.policy,
            hours: &hours,
            zone: &zone,
        };
        let is_hurried = matches!(change, Change::NotShown | Change::Escalated);
        let said = if self.has(Fault::UnseenWaits) && is_hurried {
            Change::Continued
        } else {
            change
        };
        let mut armed = timers.armed(alert, said, self.now);
        if self.has(Fault::TakenIsPassedOn) && change == Change::Acknowledged {
            armed.ladder = before.ladder.clone();
        }
        if self.has(Fault::ShiftEndIsForgotten) {
            armed.ladder.shift_ends_at = None;
        }
        if self.has(Fault::SnoozeNeverEnds)
            && let Some(snooze) = &mut armed.snooze
        {
            snooze.until = snooze.until.plus(minutes(100_000));
        }
        if self.has(Fault::LevelIsForgotten)
            && change == Change::Escalated
            && armed.ladder.level == 1
        {
            armed.ladder.level = 0;
            armed.ladder.next_at = Some(self.now.plus(seconds(1)));
        }
        if self.has(Fault::StormAfterOutage)
            && change == Change::Escalated
            && armed.ladder.level > 3
        {
            let next = armed.ladder.next_at.unwrap_or(self.now);
            armed.ladder.next_at = Some(next.minus(minutes(5)).min(next));
            if armed.ladder.level.is_multiple_of(2) {
                armed.ladder.next_at = Some(next);
            }
        }
        if self.has(Fault::LevelsAreSkipped)
            && change == Change::Escalated
            && armed.ladder.next_at.is_some_and(|at| at <= self.now)
        {
            armed.ladder.level += 1;
        }
        self.alert = armed;
    }

    fn screen(&mut self) -> Seq {
        Seq(self.seq.0 - i64::try_from(self.dice.below(4)).unwrap_or(0))
    }

    fn step(&mut self) -> Result<(), String> {
        match self.dice.below(100) {
            0..40 => self.time_passes()?,
            40..52 => self.somebody_takes()?,
            52..62 => self.somebody_lets_go()?,
            62..74 => self.somebody_snoozes()?,
            74..82 => self.somebody_passes_on(),
            82..92 => self.a_board_shows()?,
            _ => self.it_worsens(),
        }
        self.compare()
    }

    fn time_passes(&mut self) -> Result<(), String> {
        let span = match self.dice.below(4) {
            0 => seconds(self.dice.below(20)),
            1 => seconds(self.dice.below(400)),
            2 => minutes(self.dice.below(45)),
            _ => minutes(self.dice.below(4 * 60)),
        };
        self.now = self.now.plus(span);
        let mut said = Vec::new();
        for _ in 0..200 {
            let Some((change, after)) = alert::time_passed(&self.alert, self.now) else {
                break;
            };
            self.append(change, after);
            said.push((change.name(), usize::from(self.alert.ladder.level)));
        }
        let expected = self.oracle.sweeps(self.now.as_millis());
        if said != expected {
            return Err(format!(
                "said {said:?}, expected {expected:?}: {:?}",
                self.alert
            ));
        }
        Ok(())
    }

    fn somebody_takes(&mut self) -> Result<(), String> {
        let (seen, by) = (self.screen(), STAFF[usize::from(self.dice.below(2) == 0)]);
        let taken = match alert::acknowledge(&self.alert, by, seen, self.now) {
            Ok(Acknowledged::Now(taken)) => {
                self.append(Change::Acknowledged, *taken);
                true
            }
            Ok(Acknowledged::Already { .. }) | Err(_) => false,
        };
        let may = self.oracle.is_taken(seen.0).is_some();
        self.agree("taken", taken, may)
    }

    fn somebody_lets_go(&mut self) -> Result<(), String> {
        let back = STAFF
            .iter()
            .find_map(|by| alert::let_go(&self.alert, *by, self.now));
        let let_go = back.is_some();
        if let Some(back) = back {
            self.append(Change::LetGo, back);
        }
        let may = self.oracle.lets_go(self.now.as_millis()).is_some();
        self.agree("let go", let_go, may)
    }

    fn somebody_snoozes(&mut self) -> Result<(), String> {
        let (seen, by) = (self.screen(), STAFF[usize::from(self.dice.below(2) == 0)]);
        let until = self.now.plus(minutes(self.dice.below(9 * 60)));
        let asked = SnoozeAsked {
            until,
            reason: SnoozeReason::VisitOnItsWay,
            note: String::new(),
        };
        let mut known = self.alert.clone();
        if self.has(Fault::RedIsSnoozed) {
            known.severity = known.severity.min(Severity::Amber);
        }
        let anothers = !self.alert.is_unacknowledged() && !self.alert.is_held_by(by);
        let quiet = alert::snooze(&known, by, asked, seen, self.now);
        let snoozed = quiet.is_ok();
        if let Ok(mut quiet) = quiet {
            quiet.severity = self.alert.severity;
            self.append(Change::Snoozed, quiet);
        }
        let (until, now) = (until.as_millis(), self.now.as_millis());
        let may = self
            .oracle
            .is_snoozed(until, seen.0, anothers, now)
            .is_some();
        self.agree("snoozed", snoozed, may)
    }

    fn somebody_passes_on(&mut self) {
        if let Ok(on) = alert::escalate(&self.alert, STAFF[0], None, String::new(), self.now) {
            self.append(Change::EscalatedByHand, on);
            self.oracle.is_passed_on(self.now.as_millis());
        }
    }

    fn a_board_shows(&mut self) -> Result<(), String> {
        let seen = self.screen();
        let shown =
            alert::shown(&self.alert, seen, self.now).filter(|_| self.alert.show_by.is_some());
        let news = self.oracle.is_shown(seen.0, self.now.as_millis());
        let is_shown = shown.is_some();
        if let Some(shown) = shown {
            self.append(Change::Shown, shown);
        }
        self.agree("shown", is_shown, news)
    }

    /// It rises to red, or a value comes three points under the last that spoke.
    fn it_worsens(&mut self) {
        let rises = self.alert.severity < Severity::Red && self.dice.below(4) == 0;
        let lowest = self.alert.worst.map_or(950, Spo2::tenths);
        let trouble = Trouble {
            subject: self.alert.subject.clone(),
            cause: Cause::PoorSignal,
            severity: if rises {
                Severity::Red
            } else {
                self.alert.severity
            },
            spo2: Spo2::from_tenths(lowest.saturating_sub(30)),
            detail: Detail::clock(0),
        };
        if let Some(WardEvent::Alert { change, alert }) =
            assess_fault(&trouble, Some(&self.alert), self.now)
        {
            let now = self.now.as_millis();
            if rises {
                self.oracle.rises(now);
            } else {
                self.oracle.falls_further(now);
            }
            self.append(change, *alert);
        }
    }

    fn agree(&self, what: &str, is: bool, may: bool) -> Result<(), String> {
        if is == may {
            Ok(())
        } else {
            Err(format!("{what}: {is}, expected {may}: {:?}", self.alert))
        }
    }

    fn compare(&self) -> Result<(), String> {
        let ladder = &self.alert.ladder;
        let is = (
            usize::from(ladder.level),
            ladder.next_at.map(Timestamp::as_millis),
            !self.alert.is_unacknowledged(),
            self.alert.snooze.as_ref().map(|it| it.until.as_millis()),
            self.alert.spoke_seq.0,
        );
        let it = &self.oracle;
        let must = (it.level, it.next(), it.taken, it.quiet_until, it.spoke_seq);
        if is == must {
            Ok(())
        } else {
            Err(format!("{is:?} is not {must:?}: {:?}", self.alert))
        }
    }
}
