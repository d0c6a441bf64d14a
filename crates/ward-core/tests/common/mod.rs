//! What the property tests share: the rules behind a seam, so that the same checkers run over rules that are wrong on
//! purpose.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of what they share"
)]

pub mod faults;

use std::time::Duration;

use uuid::Uuid;
use ward_core::alert::{
    self, AcknowledgeRefused, Acknowledged, Alert, Change, Outcome, ResolveRefused,
};
use ward_core::assess::assess_reading;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, DeviceId, PatientId, ReadingId, Seq, StayId, WardId};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{self, Context, Doubt, Measured, Reading, Timing, Values};
use ward_core::spo2::Spo2;
use ward_core::stay::{Stay, StayState};
use ward_core::time::Timestamp;

/// The rules as the ward calls them. What is not overridden is the real thing.
pub trait Rules {
    fn effective_time(
        &self,
        measured_at: Timestamp,
        age: Option<Duration>,
        received_at: Timestamp,
    ) -> (Timestamp, Timing) {
        reading::effective_time(measured_at, age, received_at)
    }

    fn with(&self, state: StayState, reading: &Reading, plan: &MonitoringPlan) -> StayState {
        state.with(reading, plan)
    }

    fn assess(
        &self,
        stay: &Stay,
        state: &StayState,
        open: &[Alert],
        reading: &Reading,
        now: Timestamp,
    ) -> Vec<WardEvent> {
        assess_reading(stay, state, open, reading, now)
    }

    fn acknowledge(
        &self,
        alert: &Alert,
        by: ClinicianId,
        seen: Seq,
        now: Timestamp,
    ) -> Result<Acknowledged, AcknowledgeRefused> {
        alert::acknowledge(alert, by, seen, now)
    }

    fn resolve(
        &self,
        alert: &Alert,
        by: ClinicianId,
        seen: Seq,
        now: Timestamp,
    ) -> Result<Alert, ResolveRefused> {
        alert::resolve(
            alert,
            by,
            Outcome::AdviceGiven,
            "rang".to_owned(),
            seen,
            now,
        )
    }

    fn shown(&self, alert: &Alert, seq: Seq, now: Timestamp) -> Option<Alert> {
        alert::shown(alert, seq, now)
    }

    fn time_passed(&self, alert: &Alert, now: Timestamp) -> Option<(Change, Alert)> {
        alert::time_passed(alert, now)
    }
}

/// The rules as they are.
pub struct Real;

impl Rules for Real {}

pub const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

pub fn stay(plan: MonitoringPlan) -> Stay {
    Stay {
        id: StayId(Uuid::from_u128(1)),
        ward: WardId(Uuid::from_u128(2)),
        patient: PatientId(Uuid::from_u128(3)),
        admitted_at: EIGHT,
        plan,
        phase: ward_core::stay::Phase::Active,
        channel: ward_core::stay::Channel::Bridge,
        baseline_spo2: None,
    }
}

pub fn values(tenths: u16, sound: bool) -> Option<Measured> {
    Some(Measured::Values(Values {
        spo2: Spo2::from_tenths(tenths)?,
        pulse: None,
        perfusion_hundredths: None,
        window: None,
        observations: ward_core::reading::ObservationSet::default(),
        doubts: if sound {
            Vec::new()
        } else {
            vec![Doubt::PoorSignal]
        },
    }))
}

/// A reading whose time was told by its age.
pub fn reading(
    number: u128,
    measured: Measured,
    at: Timestamp,
    exertion: bool,
    now: Timestamp,
) -> Reading {
    Reading {
        id: ReadingId(Uuid::from_u128(1000 + number)),
        device: DeviceId(Uuid::from_u128(4)),
        bridge: BridgeId(Uuid::from_u128(5)),
        measured_at: at,
        received_at: now,
        effective_at: at,
        timing: Timing::ByAge,
        measured,
        context: if exertion {
            Context::Exertion
        } else {
            Context::Rest
        },
        source: ward_core::reading::Source::Oximeter,
    }
}

/// Small, fast and the same every time (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `sides` less one.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let place = self.below(choices.len() as u64);
        usize::try_from(place)
            .ok()
            .and_then(|place| choices.get(place))
            .copied()
            .unwrap_or(otherwise)
    }
}
