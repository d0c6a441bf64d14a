//! What follows from readings of one person that are stored: the one place where a verb asks the rules about values.

use std::collections::BTreeSet;

use ward_core::alert::Subject;
use ward_core::event::WardEvent;
use ward_core::id::StayId;
use ward_core::pathway::out_of_phase::assess;
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Measured, Reading};
use ward_core::stay::Point;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use crate::tell::append_and_tell;

/// The readings first, then what follows from each. `false`: the stay is not on this ward, and nothing was appended.
///
/// All of them are stored before any is judged: a low behind a newer good reading of the same batch is late.
pub(crate) async fn judge(
    ledger: &mut Ledger,
    stay: StayId,
    readings: Vec<&Reading>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    judge_where(ledger, stay, readings, now, |_| true).await
}

/// The same; the rules are asked about the readings that `asked` names. Only a planted fault leaves any out.
pub(crate) async fn judge_where(
    ledger: &mut Ledger,
    stay: StayId,
    mut readings: Vec<&Reading>,
    now: Timestamp,
    asked: impl Fn(&Reading) -> bool,
) -> Result<bool, StoreError> {
    readings.sort_by_key(|reading| reading.effective_at);
    let Some(record) = ledger.stay(stay).await? else {
        return Ok(false);
    };
    let record = record.clone();
    ledger.append(recorded(stay, &record.stay.plan, &readings), now);
    // What a clock that ran ahead has left in the state does not count.
    let state = readings
        .iter()
        .fold(record.state.as_of(now), |state, reading| {
            state.with(reading, &record.stay.plan)
        });
    let bridges: BTreeSet<_> = readings.iter().map(|reading| reading.bridge).collect();
    let mut subjects = vec![Subject::Stay(stay)];
    subjects.extend(bridges.into_iter().map(Subject::Bridge));
    let mut open = ledger.open_alerts_about(&subjects).await?;
    for reading in readings {
        if !asked(reading) {
            continue;
        }
        let events = assess(&record.stay, &state, &open, reading, now);
        if events.is_empty() {
            continue;
        }
        append_and_tell(ledger, &record.stay, events, now).await?;
        open = ledger.open_alerts_about(&subjects).await?;
    }
    ledger.set_state(stay, state);
    Ok(true)
}

fn recorded(stay: StayId, plan: &MonitoringPlan, readings: &[&Reading]) -> WardEvent {
    let mut attempts = 0;
    let mut points = Vec::with_capacity(readings.len());
    for reading in readings {
        match &reading.measured {
            Measured::Attempt { .. } => attempts += 1,
            Measured::Values(values) => points.push(Point {
                reading: reading.id,
                at: reading.effective_at,
                spo2: values.spo2,
                pulse: values.pulse,
                band: plan.band(values.spo2),
                doubtful: values.is_doubtful(),
            }),
        }
    }
    WardEvent::ReadingsRecorded {
        stay,
        points,
        attempts,
    }
}
