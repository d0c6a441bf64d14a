//! Rows to readings: what lies close together is a continuous stream and goes the way that it goes in the bridge.

use uuid::Uuid;
use ward_core::id::{BridgeId, DeviceId, ReadingId};
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{
    Context, Doubt, Measured, ObservationSet, Reading, Source, Timing, Values,
};
use ward_core::replay::{Ends, Raised, Replay};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::Timestamp;
use ward_core::window::{TimeAt, WindowSummary};
use ward_oximeter::plx::{Continuous, Pair};
use ward_oximeter::settle::{self, Settle, SettleConfig};
use ward_oximeter::sfloat::{Decimal, Sfloat, Special};
use ward_oximeter::{Doubts, Frame, Measurement, Outcome, Quality};

use super::table::Row;

/// Rows at most so far apart are one stream. After as long a silence *settle* ends it.
const APART_MS: u64 = 10_000;

/// The doubts of the decoders, as the service has them.
const DOUBTS: [(Doubts, Doubt); 11] = [
    (Doubts::EARLY_ESTIMATE, Doubt::EarlyEstimate),
    (Doubts::QUESTIONABLE, Doubt::Questionable),
    (Doubts::LOW_PERFUSION, Doubt::LowPerfusion),
    (Doubts::POOR_SIGNAL, Doubt::PoorSignal),
    (Doubts::ERRATIC_SIGNAL, Doubt::ErraticSignal),
    (Doubts::INTERFERENCE, Doubt::Interference),
    (Doubts::DISPLACED, Doubt::Displaced),
    (Doubts::SEARCHING, Doubt::Searching),
    (Doubts::MOTION, Doubt::Motion),
    (Doubts::UNSETTLED, Doubt::Unsettled),
    (Doubts::PULSE_UNUSABLE, Doubt::PulseUnusable),
];

/// What a file of rows came to.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) raised: Vec<Raised>,
    /// Streams of which *settle* made no reading, and when the first of them began.
    without_reading: u64,
    first_without: Option<Timestamp>,
}

impl Replayed {
    pub(super) fn notes(&self) -> Option<String> {
        let first = self.first_without?;
        let stretches = match self.without_reading {
            1 => "1 stretch of rows at most 10 s apart was".to_owned(),
            many => format!("{many} stretches of rows at most 10 s apart were"),
        };
        Some(format!(
            "{stretches} too short or too sparse to settle into a reading, the first from {first}: nothing in them was judged"
        ))
    }
}

/// What the plan raises on these rows, which stand in the order of time.
pub(super) fn replayed(
    plan: &MonitoringPlan,
    baseline_spo2: Option<Spo2>,
    rows: &[Row],
) -> Replayed {
    let mut heard = Heard {
        replay: Replay::new(plan.clone(), baseline_spo2, Ends::Never),
        readings: 0,
        values: 0,
    };
    let mut settle = Settle::new(SettleConfig {
        low_limit_percent: u8::try_from(plan.red_at_or_below).unwrap_or(100).min(100),
        accepts_unproven: false,
    });
    let began_ms = rows.first().map_or(0, |row| row.at_ms);
    let mut without_reading = 0;
    let mut first_without = None;
    let together = |one: &Row, next: &Row| next.at_ms.abs_diff(one.at_ms) <= APART_MS;
    for stretch in rows.chunk_by(together) {
        if let [row] = stretch {
            heard.take(row.at_ms, Measured::Values(values_of(row)));
            continue;
        }
        let values_before = heard.values;
        let (mut last_ms, mut began_ms) = (0, began_ms);
        let mut before = None;
        for row in stretch {
            // Rows of exactly that distance are one stream still: *settle* gets them a moment closer, and what it says of
            // when is put right again.
            if before.is_some_and(|before| row.at_ms.abs_diff(before) == APART_MS) {
                began_ms += 1;
            }
            before = Some(row.at_ms);
            last_ms = u64::try_from(row.at_ms.saturating_sub(began_ms)).unwrap_or_default();
            let outcomes = settle.push(&frame_of(row), last_ms);
            heard.take_all(began_ms, outcomes);
        }
        // The finger is out, or the link is lost: what the stream still holds comes out of its end.
        let outcomes = settle.disconnected(last_ms.saturating_add(APART_MS));
        heard.take_all(began_ms, outcomes);
        if heard.values == values_before {
            without_reading += 1;
            let first = stretch.first().map(|row| Timestamp::from_millis(row.at_ms));
            first_without = first_without.or(first);
        }
    }
    Replayed {
        raised: heard.replay.finish(),
        without_reading,
        first_without,
    }
}

/// What the rules have had so far.
struct Heard {
    replay: Replay,
    readings: u128,
    /// Those with values.
    values: u64,
}

impl Heard {
    fn take_all(&mut self, began_ms: i64, outcomes: Vec<Outcome>) {
        let at = |ended_ms: u64| began_ms.saturating_add_unsigned(ended_ms);
        for outcome in outcomes {
            match outcome {
                Outcome::Waiting(_) => {}
                Outcome::Reading(measurement) => {
                    let values = values_of_measurement(&measurement);
                    if let Some(values) = values {
                        self.take(at(measurement.ended_ms), Measured::Values(values));
                    }
                }
                Outcome::Attempt(attempt) => {
                    let reason = attempt.reason.name().to_owned();
                    self.take(at(attempt.ended_ms), Measured::Attempt { reason });
                }
            }
        }
    }

    fn take(&mut self, at_ms: i64, measured: Measured) {
        self.readings += 1;
        if matches!(measured, Measured::Values(_)) {
            self.values += 1;
        }
        let at = Timestamp::from_millis(at_ms);
        self.replay.take(&Reading {
            id: ReadingId(Uuid::from_u128(self.readings)),
            device: DeviceId(Uuid::nil()),
            bridge: BridgeId(Uuid::nil()),
            measured_at: at,
            received_at: at,
            effective_at: at,
            timing: Timing::ByAge,
            measured,
            context: Context::Rest,
            source: Source::Oximeter,
        });
    }
}

/// As the service takes a spot check from the wire.
fn values_of(row: &Row) -> Values {
    Values {
        spo2: row.spo2,
        pulse: row.pulse,
        perfusion_hundredths: None,
        doubts: if row.pulse.is_none() {
            vec![Doubt::PulseUnusable]
        } else {
            Vec::new()
        },
        window: None,
        observations: ObservationSet::default(),
    }
}

/// As one sample of a continuous source.
fn frame_of(row: &Row) -> Frame {
    let tenths = |tenths: u16| {
        i16::try_from(tenths).map_or(Sfloat::Special(Special::NotANumber), |mantissa| {
            Sfloat::Number(Decimal {
                mantissa,
                exponent: -1,
            })
        })
    };
    Frame::PlxContinuous(Continuous {
        flags: 0,
        normal: Pair {
            spo2: tenths(row.spo2.tenths()),
            pulse: row
                .pulse
                .map_or(Sfloat::Special(Special::NotANumber), |pulse| {
                    tenths(pulse.tenths())
                }),
        },
        fast: None,
        slow: None,
        measurement_status: None,
        device_status: None,
        pulse_amplitude_index: None,
        trailing: 0,
    })
}

/// As it comes from the bridge over the wire: an unsettled value says so, and so does one without a pulse.
fn values_of_measurement(measurement: &Measurement) -> Option<Values> {
    let value = &measurement.value;
    let marks = match measurement.quality {
        Quality::Settled => value.doubts,
        Quality::Unsettled => value.doubts.with(Doubts::UNSETTLED),
    };
    let pulse = value.pulse_tenths_bpm.and_then(Pulse::from_tenths);
    let marks = marks.with_if(pulse.is_none(), Doubts::PULSE_UNUSABLE);
    let mut doubts: Vec<Doubt> = DOUBTS
        .into_iter()
        .filter(|(mark, _)| marks.has(*mark))
        .map(|(_, doubt)| doubt)
        .collect();
    doubts.sort_unstable();
    let window = match &measurement.source {
        ward_oximeter::Source::Window {
            summary: Some(summary),
        } => window_of(summary),
        ward_oximeter::Source::Window { summary: None } | ward_oximeter::Source::SpotCheck(_) => {
            None
        }
    };
    Some(Values {
        spo2: Spo2::from_tenths(value.spo2_tenths_percent)?,
        pulse,
        perfusion_hundredths: value.perfusion_hundredths_percent,
        doubts,
        window,
        observations: ObservationSet::default(),
    })
}

/// A summary that does not agree with itself is left out, as the service leaves it out.
fn window_of(summary: &settle::WindowSummary) -> Option<WindowSummary> {
    let ends = (
        Spo2::from_tenths(summary.min_tenths_percent)?,
        Spo2::from_tenths(summary.median_tenths_percent)?,
        Spo2::from_tenths(summary.max_tenths_percent)?,
    );
    let time_at = summary
        .time_at
        .iter()
        .map(|at| TimeAt {
            percent: at.percent,
            millis: at.millis,
        })
        .collect();
    let length_ms = u32::try_from(summary.length_ms).ok()?;
    WindowSummary::new(length_ms, ends, time_at).ok()
}
