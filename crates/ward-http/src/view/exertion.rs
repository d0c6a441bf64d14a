//! Exertion tests, from the treaty's nouns to the ward's and back.

use ward_core::exertion::{Effort, Recovery, Told};
use ward_core::hand::{HandRefused, Typed};
use ward_core::id::ExertionId;
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Measured, ObservationSet};
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;
use ward_service::{ExertionEntered, ExertionLine, KeptReading, NewExertion};
use ward_wire::exertion as wire;
use ward_wire::observations::Observations;

use super::diary;
use super::observations::{observations, observations_view};
use super::{band, time};
use crate::extract::without_nul;

/// A request, without who sent it.
pub(crate) fn new_exertion(request: wire::ExertionRequest) -> Result<NewExertion, HandRefused> {
    let beside = request.oxygen.map(|oxygen| Observations {
        oxygen: Some(oxygen),
        ..Observations::default()
    });
    let typed = |it: wire::Measurement| Typed {
        spo2: it.spo2_percent,
        pulse: it.pulse_bpm,
    };
    Ok(NewExertion {
        id: ExertionId(request.id),
        told: Told {
            effort: match request.effort {
                wire::Effort::FortySteps => Effort::FortySteps,
                wire::Effort::OneMinuteSitToStand => Effort::OneMinuteSitToStand,
            },
            rest: typed(request.rest),
            lowest: typed(request.lowest),
            recovery: request.recovery.map(|it| Recovery {
                spo2: it.spo2_percent,
                after_minutes: it.after_minutes,
            }),
            stopped_early: request
                .stopped_early
                .map(|why| without_nul(why).trim().to_owned())
                .filter(|why| !why.is_empty()),
            oxygen: observations(beside)?.oxygen,
            at: request.at.map(Timestamp::from),
        },
        is_so: request.lowest_above_rest_is_so,
        as_readings: request.as_readings,
    })
}

pub(crate) fn reply(entered: &ExertionEntered, plan: &MonitoringPlan) -> wire::ExertionReply {
    wire::ExertionReply {
        advice: diary::advice(&entered.advice),
        repeated: entered.is_repeat,
        test: view(&entered.line, plan),
        readings: entered.recorded.iter().map(diary::recorded).collect(),
    }
}

pub(crate) fn view(line: &ExertionLine, plan: &MonitoringPlan) -> wire::ExertionView {
    let test = &line.test;
    let percent = |kept: &Option<KeptReading>| value(kept.as_ref()).map(Spo2::percent);
    let oxygen = ObservationSet {
        oxygen: test.told.oxygen,
        ..ObservationSet::default()
    };
    wire::ExertionView {
        id: test.id.0,
        effort: match test.told.effort {
            Effort::FortySteps => wire::Effort::FortySteps,
            Effort::OneMinuteSitToStand => wire::Effort::OneMinuteSitToStand,
        },
        at: time(test.at),
        rest_percent: percent(&line.rest),
        lowest_percent: percent(&line.lowest),
        fall_points: fall_tenths(line).map(|tenths| f64::from(tenths) / 10.0),
        recovery_percent: percent(&line.recovery),
        recovery_after_minutes: test.told.recovery.map(|it| it.after_minutes),
        stopped_early: test.told.stopped_early.clone(),
        oxygen: observations_view(&oxygen).and_then(|it| it.oxygen),
        counts: line.counts(),
        band: line.band(plan).map(band),
        source: diary::source(test.author, test.means, test.carer.as_ref(), test.typed_by),
        struck: line.struck.as_deref().map(diary::struck),
    }
}

/// The value of a reading that is there.
pub(crate) fn value(kept: Option<&KeptReading>) -> Option<Spo2> {
    match &kept?.reading.measured {
        Measured::Values(values) => Some(values.spo2),
        Measured::Attempt { .. } => None,
    }
}

/// How far it fell, in tenths of a point; nothing where it did not.
pub(crate) fn fall_tenths(line: &ExertionLine) -> Option<u16> {
    let (rest, lowest) = (value(line.rest.as_ref())?, value(line.lowest.as_ref())?);
    rest.tenths().checked_sub(lowest.tenths())
}
