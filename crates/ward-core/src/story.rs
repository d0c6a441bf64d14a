//! Stories: one patient, one ward, told step by step. Only for tests.
//!
//! ```text
//! Ward::new().reads(91.0).hears("oxygen raised: red unconfirmed")
//!     .after(minutes(5)).hears("oxygen confirmed: red no_recheck");
//! ```

use std::time::Duration;

use uuid::Uuid;

use crate::alert::{
    AcknowledgeRefused, Acknowledged, Alert, Change, Outcome, Problem, ResolveRefused, State,
    Subject, acknowledge, resolve, shown, time_passed,
};
use crate::assess::assess_reading;
use crate::event::WardEvent;
use crate::id::{BridgeId, ClinicianId, DeviceId, PatientId, ReadingId, Seq, StayId, WardId};
use crate::plan::MonitoringPlan;
use crate::reading::{
    Context, Doubt, Measured, ObservationSet, Oxygen, Reading, Timing, Values, effective_time,
};
use crate::spo2::{Pulse, Spo2};
use crate::stay::{Stay, StayState};
use crate::time::Timestamp;
use crate::window::{TimeAt, WindowSummary};

/// Eight in the morning, the beginning of every story.
pub(crate) const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

pub(crate) const ASHA: ClinicianId = ClinicianId(Uuid::from_u128(0xA5));
pub(crate) const BEN: ClinicianId = ClinicianId(Uuid::from_u128(0xBE));

/// A measurement in the making: `low(91.0).doubtful().measured(minutes(40))`.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    measured: Measured,
    context: Context,
    ago: Duration,
    wall_clock_ahead_ms: i64,
    age_is_known: bool,
    on_its_way: Duration,
    bridge: u128,
}

pub(crate) fn value(percent: f64) -> Taken {
    Taken {
        measured: Measured::Values(Values {
            spo2: Spo2::from_percent(percent).unwrap(),
            pulse: Pulse::from_bpm(80.0),
            perfusion_hundredths: None,
            window: None,
            observations: crate::reading::ObservationSet::default(),
            doubts: Vec::new(),
        }),
        context: Context::Rest,
        ago: Duration::ZERO,
        wall_clock_ahead_ms: 0,
        age_is_known: true,
        on_its_way: Duration::ZERO,
        bridge: 5,
    }
}

/// A measurement that gave no value.
pub(crate) fn attempt() -> Taken {
    Taken {
        measured: Measured::Attempt {
            reason: "inadequate signal".to_owned(),
        },
        ..value(50.0)
    }
}

impl Taken {
    pub(crate) fn doubtful(self) -> Self {
        self.with_doubt(Doubt::PoorSignal)
    }

    pub(crate) fn with_doubt(mut self, doubt: Doubt) -> Self {
        if let Measured::Values(values) = &mut self.measured {
            values.doubts.push(doubt);
        }
        self
    }

    pub(crate) fn with_pulse(mut self, bpm: Option<f64>) -> Self {
        if let Measured::Values(values) = &mut self.measured {
            values.pulse = bpm.and_then(Pulse::from_bpm);
        }
        self
    }

    pub(crate) fn observing(mut self, observations: ObservationSet) -> Self {
        if let Measured::Values(values) = &mut self.measured {
            values.observations = observations;
        }
        self
    }

    pub(crate) fn on(mut self, oxygen: Oxygen) -> Self {
        if let Measured::Values(values) = &mut self.measured {
            values.observations.oxygen = Some(oxygen);
        }
        self
    }

    /// Of a continuous source: what the whole window held, in seconds at each whole percent, ascending.
    pub(crate) fn with_window(mut self, seconds: u32, held: &[(u8, u32)]) -> Self {
        let (Measured::Values(values), [first, .., last] | [first @ last]) =
            (&mut self.measured, held)
        else {
            panic!("a window holds something");
        };
        let at = held.iter().map(|(percent, seconds)| TimeAt {
            percent: *percent,
            millis: seconds * 1000,
        });
        let tenths =
            |(percent, _): &(u8, u32)| Spo2::from_tenths(u16::from(*percent) * 10).unwrap();
        let ends = (
            tenths(first),
            values.spo2.clamp(tenths(first), tenths(last)),
            tenths(last),
        );
        values.window = Some(WindowSummary::new(seconds * 1000, ends, at.collect()).unwrap());
        self
    }

    pub(crate) fn in_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    pub(crate) fn measured_ago(mut self, ago: Duration) -> Self {
        self.ago = ago;
        self
    }

    /// By a bridge whose wall clock is off; positive: ahead.
    pub(crate) fn with_clock_ahead_ms(mut self, ahead_ms: i64) -> Self {
        self.wall_clock_ahead_ms = ahead_ms;
        self
    }

    /// Spooled before the bridge's last start: only its wall clock says when.
    pub(crate) fn of_unknown_age(mut self) -> Self {
        self.age_is_known = false;
        self
    }
}

impl Taken {
    /// So much of the time since it was measured its message was on its way.
    pub(crate) fn on_its_way(mut self, span: Duration) -> Self {
        self.on_its_way = span;
        self
    }

    pub(crate) fn by_another_bridge(mut self) -> Self {
        self.bridge = 6;
        self
    }
}

pub(crate) struct Ward {
    pub(crate) stay: Stay,
    pub(crate) state: StayState,
    /// Open and over.
    pub(crate) alerts: Vec<Alert>,
    pub(crate) now: Timestamp,
    pub(crate) seq: Seq,
    said: Vec<String>,
    /// As they are on record.
    pub(crate) readings: Vec<Reading>,
    made: u128,
}

impl Ward {
    pub(crate) fn new() -> Self {
        Self::on(MonitoringPlan::scale_one())
    }

    pub(crate) fn on(plan: MonitoringPlan) -> Self {
        Self {
            stay: Stay {
                id: StayId(Uuid::from_u128(1)),
                ward: WardId(Uuid::from_u128(2)),
                patient: PatientId(Uuid::from_u128(3)),
                admitted_at: EIGHT,
                plan,
                phase: crate::stay::Phase::Active,
                channel: crate::stay::Channel::Bridge,
                baseline_spo2: None,
            },
            state: StayState::default(),
            alerts: Vec::new(),
            now: EIGHT,
            seq: Seq(100),
            said: Vec::new(),
            readings: Vec::new(),
            made: 0,
        }
    }

    /// What is usual for this person.
    pub(crate) fn whose_usual_is(mut self, percent: f64) -> Self {
        self.stay.baseline_spo2 = Spo2::from_percent(percent);
        self
    }

    /// Time passes, and what it brings is done.
    pub(crate) fn after(mut self, span: Duration) -> Self {
        self.now = self.now.plus(span);
        self.said.clear();
        while let Some((change, alert)) = self
            .alerts
            .iter()
            .find_map(|alert| time_passed(alert, self.now))
        {
            self.append(change, alert);
        }
        self
    }

    /// A sound value, measured now.
    pub(crate) fn reads(self, percent: f64) -> Self {
        self.gets(value(percent))
    }

    pub(crate) fn gets(mut self, taken: Taken) -> Self {
        let reading = self.reading(taken);
        self.readings.push(reading.clone());
        self.said.clear();
        self.state = std::mem::take(&mut self.state).with(&reading, &self.stay.plan);
        let open: Vec<Alert> = self.open().cloned().collect();
        for event in assess_reading(&self.stay, &self.state, &open, &reading, self.now) {
            let WardEvent::Alert { change, alert } = event else {
                panic!("a reading only leads to alerts: {event:?}");
            };
            self.append(change, *alert);
        }
        self
    }

    pub(crate) fn forget_what_was_said(&mut self) {
        self.said.clear();
    }

    pub(crate) fn tries_in_vain(self) -> Self {
        self.gets(attempt())
    }

    pub(crate) fn reading(&mut self, taken: Taken) -> Reading {
        self.made += 1;
        let truly_at = self.now.minus(taken.ago);
        let measured_at = Timestamp::from_millis(truly_at.as_millis() + taken.wall_clock_ahead_ms);
        let age = taken.ago.saturating_sub(taken.on_its_way);
        let age = taken.age_is_known.then_some(age);
        let (effective_at, timing): (Timestamp, Timing) =
            effective_time(measured_at, age, self.now);
        Reading {
            id: ReadingId(Uuid::from_u128(1000 + self.made)),
            device: DeviceId(Uuid::from_u128(4)),
            bridge: BridgeId(Uuid::from_u128(taken.bridge)),
            measured_at,
            received_at: self.now,
            effective_at,
            timing,
            measured: taken.measured,
            context: taken.context,
            source: crate::reading::Source::Oximeter,
        }
    }

    pub(crate) fn append(&mut self, change: Change, alert: Alert) {
        self.seq = self.seq.next();
        let alert = alert.stamped(self.seq, change);
        let (severity, confirmation) = (word(&alert.severity), word(&alert.confirmation));
        self.said.push(format!(
            "{} {}: {severity} {confirmation}",
            problem_name(alert.problem),
            word(&change)
        ));
        match self.alerts.iter_mut().find(|a| a.number == alert.number) {
            Some(held) => *held = alert,
            None => self.alerts.push(alert),
        }
    }

    /// What the last step put on the log, one line an alert.
    #[track_caller]
    pub(crate) fn hears(self, expected: &str) -> Self {
        assert_eq!(self.said.join(" | "), expected);
        self
    }

    #[track_caller]
    pub(crate) fn hears_nothing(self) -> Self {
        self.hears("")
    }

    pub(crate) fn open(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().filter(|alert| alert.is_open())
    }

    #[track_caller]
    pub(crate) fn the(&self, problem: Problem) -> &Alert {
        self.open()
            .find(|alert| alert.problem == problem)
            .unwrap_or_else(|| panic!("no open alert of {problem:?}: {:?}", self.alerts))
    }

    #[track_caller]
    pub(crate) fn oxygen(&self) -> &Alert {
        self.the(Problem::Oxygen)
    }

    /// Looks at the open oxygen alert.
    #[track_caller]
    pub(crate) fn whose(self, look: impl FnOnce(&Alert)) -> Self {
        look(self.oxygen());
        self
    }

    #[track_caller]
    pub(crate) fn whose_other(self, problem: Problem, look: impl FnOnce(&Alert)) -> Self {
        look(self.the(problem));
        self
    }

    #[track_caller]
    pub(crate) fn with_nothing_open(self) -> Self {
        assert_eq!(self.open().collect::<Vec<_>>(), Vec::<&Alert>::new());
        self
    }

    pub(crate) fn try_acknowledge(
        &mut self,
        problem: Problem,
        by: ClinicianId,
        seen: Seq,
    ) -> Result<Acknowledged, AcknowledgeRefused> {
        let answer = acknowledge(self.the(problem), by, seen, self.now)?;
        if let Acknowledged::Now(alert) = &answer {
            self.append(Change::Acknowledged, (**alert).clone());
        }
        Ok(answer)
    }

    pub(crate) fn try_resolve(
        &mut self,
        problem: Problem,
        by: ClinicianId,
        seen: Seq,
    ) -> Result<(), ResolveRefused> {
        let outcome = Outcome::AdviceGiven;
        let note = "rang".to_owned();
        let over = resolve(self.the(problem), by, outcome, note, seen, self.now)?;
        match &over.state {
            State::Resolved { at, .. } if problem == Problem::Oxygen => {
                self.state.oxygen_resolved_at = Some(*at);
            }
            State::Resolved { at, .. } if problem.is_of_a_rule() => {
                self.state.rules.remember_resolution(problem, *at);
            }
            State::Raised | State::Acknowledged { .. } | State::Resolved { .. } => {}
        }
        self.append(Change::Resolved, over);
        Ok(())
    }

    /// Asha takes the oxygen alert, having seen everything.
    #[track_caller]
    pub(crate) fn acknowledged(self) -> Self {
        self.acknowledged_the(Problem::Oxygen)
    }

    #[track_caller]
    pub(crate) fn acknowledged_the(mut self, problem: Problem) -> Self {
        self.try_acknowledge(problem, ASHA, self.seq).unwrap();
        self
    }

    /// Asha ends the oxygen alert, having seen everything.
    #[track_caller]
    pub(crate) fn resolved(mut self) -> Self {
        self.try_resolve(Problem::Oxygen, ASHA, self.seq).unwrap();
        self
    }

    /// A console has drawn everything up to now.
    pub(crate) fn shown(mut self) -> Self {
        self.said.clear();
        let seq = self.seq;
        let news: Vec<Alert> = self
            .alerts
            .iter()
            .filter_map(|alert| shown(alert, seq, self.now))
            .collect();
        for alert in news {
            self.append(Change::Shown, alert);
        }
        self
    }
}

pub(crate) fn bridge() -> Subject {
    Subject::Bridge(BridgeId(Uuid::from_u128(5)))
}

fn problem_name(problem: Problem) -> String {
    match problem {
        Problem::Technical(cause) => word(&cause),
        other => word(&other),
    }
}

/// As it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}
