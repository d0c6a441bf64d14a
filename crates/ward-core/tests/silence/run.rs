//! The rules, called as the sweep calls them: when a look is due, when the plan has changed and when the service starts.

use jiff::civil::Time;
use ward_core::alert::{self, Acknowledged, Alert, Outcome, Problem, Severity};
use ward_core::assess::assess_reading;
use ward_core::care::{CarePlan, Schedule};
use ward_core::day::Zone;
use ward_core::event::WardEvent;
use ward_core::id::{ClinicianId, Seq};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::Measured;
use ward_core::silence::{Came, Look, Slot, Watch, What, assess_missed, look, missed};
use ward_core::stay::StayState;
use ward_core::time::Timestamp;

use super::common::{reading, stay, values};
use super::three_days::{Minute, Sent, ThreeDays, Times};

/// What is wrong with the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Times of day are Greenwich's.
    TimesAreGreenwichs,
    /// What comes after the time does not count.
    NoGraceAfterTheTime,
    /// What closed while the service was down is passed over.
    DowntimeIsForgotten,
    /// What was looked at is looked at again.
    NothingIsRemembered,
    /// A change of the plan begins from nothing.
    ChangeSkips,
    /// A change of the plan asks for what was over.
    ChangeInvents,
    /// An attempt without a value is a reading.
    AttemptsAreReadings,
    /// Silence is always of low priority.
    SilenceIsLow,
    /// What is open already is raised again.
    SecondSilenceIsOpened,
    /// The next look is a day away.
    LooksOnceADay,
    /// A slot is judged at once when it closes.
    JudgedAtTheClose,
}

pub const ALL: [Fault; 11] = [
    Fault::TimesAreGreenwichs,
    Fault::NoGraceAfterTheTime,
    Fault::DowntimeIsForgotten,
    Fault::NothingIsRemembered,
    Fault::ChangeSkips,
    Fault::ChangeInvents,
    Fault::AttemptsAreReadings,
    Fault::SilenceIsLow,
    Fault::SecondSilenceIsOpened,
    Fault::LooksOnceADay,
    Fault::JudgedAtTheClose,
];

/// A silence as it was raised.
#[derive(Clone, Copy, Debug)]
pub struct Raised {
    pub at: Minute,
    pub severity: Severity,
}

/// What was said in three days.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Each missed slot, and when it was said.
    pub missed: Vec<(Minute, Minute)>,
    pub raised: Vec<Raised>,
    pub most_open: usize,
    /// A severity fell.
    pub fell: bool,
}

fn timestamp(minute: Minute) -> Timestamp {
    Timestamp::from_millis(minute * 60_000)
}

fn minute(at: Timestamp) -> Minute {
    at.as_millis().div_euclid(60_000)
}

fn care(times: &Times, set_at: Option<Minute>) -> CarePlan {
    let time = |minutes: &i64| {
        let hour = i8::try_from(minutes / 60).unwrap_or_default();
        let minute = i8::try_from(minutes % 60).unwrap_or_default();
        Time::constant(hour, minute, 0, 0)
    };
    CarePlan {
        schedule: Schedule {
            times: times.times.iter().map(time).collect(),
            before_minutes: u16::try_from(times.before).unwrap_or_default(),
            after_minutes: u16::try_from(times.after).unwrap_or_default(),
        },
        set_at: set_at.map(timestamp),
        ..CarePlan::default()
    }
}

struct Stay<'a> {
    days: &'a ThreeDays,
    fault: Option<Fault>,
    zone: Zone,
    state: StayState,
    open: Vec<Alert>,
    came: Vec<Came>,
    seq: Seq,
    care: CarePlan,
    next: Option<Timestamp>,
    said: Said,
}

pub fn run(days: &ThreeDays, fault: Option<Fault>) -> Said {
    let name = match fault {
        Some(Fault::TimesAreGreenwichs) => "Etc/UTC",
        _ => "Europe/London",
    };
    let mut stay = Stay {
        days,
        fault,
        zone: Zone::named(name).unwrap(),
        state: StayState::default(),
        open: Vec::new(),
        came: Vec::new(),
        seq: Seq(0),
        care: care(&days.asks, None),
        next: None,
        said: Said::default(),
    };
    for now in days.admitted_at..days.ends() {
        if !days.is_down(now) {
            stay.minute(now);
        }
    }
    stay.said
}

impl Stay<'_> {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn minute(&mut self, now: Minute) {
        let sent = self.days.sent.iter().copied();
        for sent in sent.filter(|sent| self.days.comes_in(sent.at) == now) {
            self.comes_in(sent, now);
        }
        if self.days.ended_at == Some(now) {
            self.end_silence(now);
        }
        let changed = self.days.change.as_ref().filter(|(at, _)| *at == now);
        if let Some((_, times)) = changed {
            let set_at = (!self.has(Fault::ChangeInvents)).then_some(now);
            self.care = care(times, set_at);
            if self.has(Fault::ChangeSkips) {
                self.state.watch = Watch::from(timestamp(now));
            }
        }
        let starts =
            now == self.days.admitted_at || self.days.down.is_some_and(|(_, until)| until == now);
        let due = self.next.is_some_and(|next| next <= timestamp(now));
        if starts || due || changed.is_some() {
            self.look(timestamp(now));
        }
    }

    fn comes_in(&mut self, sent: Sent, now: Minute) {
        let at = timestamp(sent.at);
        let (measured, what) = match sent.tenths.and_then(|tenths| values(tenths, true)) {
            Some(values) => (values, What::Value),
            None => (
                Measured::Attempt {
                    reason: "inadequate signal".to_owned(),
                },
                What::Attempt,
            ),
        };
        let what = if self.has(Fault::AttemptsAreReadings) {
            What::Value
        } else {
            what
        };
        self.came.push(Came { at, what });
        let plan = MonitoringPlan::scale_one().with_bands_alone();
        let number = sent.at.unsigned_abs().into();
        let reading = reading(number, measured, at, false, timestamp(now));
        self.state = std::mem::take(&mut self.state).with(&reading, &plan);
        let events = assess_reading(
            &stay(plan),
            &self.state,
            &self.open,
            &reading,
            timestamp(now),
        );
        events.into_iter().for_each(|event| self.append(event));
    }

    fn look(&mut self, now: Timestamp) {
        let up_at = self.days.down.map(|(_, until)| timestamp(until));
        let begun_at = timestamp(self.days.admitted_at);
        let look_at = Look {
            care: &self.care,
            zone: &self.zone,
            begun_at,
            listening_since: up_at.filter(|at| *at <= now).unwrap_or(begun_at),
            now,
        };
        let mut closed = look(&self.state.watch, &look_at);
        self.next = closed.next;
        self.twist(&mut closed.slots, now);
        let missed = missed(&closed.slots, &self.came, None);
        let told = missed
            .iter()
            .map(|missed| (minute(missed.slot.at), minute(now)));
        self.said.missed.extend(told);
        if !self.has(Fault::NothingIsRemembered) {
            self.state.watch = closed.watch;
        }
        let nothing = StayState::default();
        let low = self.has(Fault::SilenceIsLow);
        let state = if low { &nothing } else { &self.state };
        let second = self.has(Fault::SecondSilenceIsOpened);
        let open: &[Alert] = if second { &[] } else { &self.open };
        let stay = stay(MonitoringPlan::scale_one().with_bands_alone()).id;
        let event = assess_missed(stay, state, open, &missed, now);
        event.into_iter().for_each(|event| self.append(event));
    }

    fn twist(&mut self, slots: &mut Vec<Slot>, now: Timestamp) {
        match self.fault {
            Some(Fault::DowntimeIsForgotten) => {
                slots.retain(|slot| minute(slot.closes) + 2 >= minute(now));
            }
            Some(Fault::NoGraceAfterTheTime) => {
                slots.iter_mut().for_each(|slot| slot.closes = slot.at);
            }
            Some(Fault::LooksOnceADay) => {
                self.next = self.next.map(|next| timestamp(minute(next) + 1440));
            }
            Some(Fault::JudgedAtTheClose) => {
                self.next = self.next.map(|next| timestamp(minute(next) - 2));
                let listening_since = timestamp(0);
                let begun_at = timestamp(self.days.admitted_at);
                let early = Look {
                    care: &self.care,
                    zone: &self.zone,
                    begun_at,
                    listening_since,
                    now: timestamp(minute(now) + 2),
                };
                let closed = look(&self.state.watch, &early);
                *slots = closed.slots;
                self.state.watch = closed.watch;
            }
            _ => {}
        }
    }

    fn append(&mut self, event: WardEvent) {
        self.seq = self.seq.next();
        let WardEvent::Alert { change, alert } = event.stamped(self.seq) else {
            return;
        };
        let held = self.open.iter().find(|held| held.number == alert.number);
        self.said.fell |= held.is_some_and(|held| held.severity > alert.severity);
        if alert.problem == Problem::Silence && change == alert::Change::Raised {
            self.said.raised.push(Raised {
                at: minute(alert.raised_at),
                severity: alert.severity,
            });
        }
        self.open.retain(|held| held.number != alert.number);
        self.open.push(*alert);
        let silences = self
            .open
            .iter()
            .filter(|held| held.problem == Problem::Silence);
        self.said.most_open = self.said.most_open.max(silences.count());
    }

    fn end_silence(&mut self, now: Minute) {
        let by = ClinicianId(uuid::Uuid::from_u128(0xA5));
        let (now, seen) = (timestamp(now), self.seq);
        let silence = self
            .open
            .iter()
            .position(|held| held.problem == Problem::Silence);
        let Some(silence) = silence.map(|place| self.open.remove(place)) else {
            return;
        };
        let Ok(Acknowledged::Now(taken)) = alert::acknowledge(&silence, by, seen, now) else {
            panic!("nobody had it");
        };
        let outcome = Outcome::AdviceGiven;
        let over = alert::resolve(&taken, by, outcome, "rang".to_owned(), seen, now);
        assert!(over.is_ok(), "{over:?}");
    }
}
