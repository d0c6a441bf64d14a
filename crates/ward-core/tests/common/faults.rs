//! Rules that are wrong on purpose: a checker that has never failed proves nothing.

use std::time::Duration;

use ward_core::alert::{
    AcknowledgeRefused, Acknowledged, Alert, Change, Confirmation, Problem, ResolveRefused,
    Severity, State,
};
use ward_core::assess::assess_reading;
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, Seq};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{Context, Measured, Reading, Timing};
use ward_core::spo2::Spo2;
use ward_core::stay::{Stay, StayState};
use ward_core::technical::Detail;
use ward_core::time::{Timestamp, minutes};

use super::{Real, Rules};

/// What is wrong with the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An amber after a red makes the alert amber.
    SeverityFalls,
    /// A doubtful normal counts like a sound one.
    DoubtfulNormalClears,
    /// A doubtful amber counts as the recheck of a red.
    DoubtfulAmberIsARecheck,
    /// A doubtful low is thrown away.
    DoubtfulLowIsDropped,
    /// A second low confirms at once.
    ConfirmsWithinAMinute,
    /// No second low ever confirms.
    NeverConfirms,
    /// What took more than ten minutes to arrive raises nothing.
    LateNewestWordIsDropped,
    /// What is older than the newest word is thrown away.
    OlderReadingsAreDropped,
    /// The condition follows the last to arrive, not the last to be measured.
    ConditionFollowsArrival,
    /// A late low is as urgent as any other.
    LateLowPages,
    /// A worse alert stays its clinician's.
    WorseStaysAcknowledged,
    /// A doubtful low is heeded like a sound one.
    ArtefactIsTheMeasure,
    /// Three points under the acknowledged one are passed over.
    FallUnderTheAcknowledgedIsSilent,
    /// A fall after a recovery is passed over, hours after somebody took the alert.
    RelapseIsSilent,
    /// A fall after a recovery speaks, minutes after somebody took the alert.
    FlappingSpeaks,
    /// Who fell again too soon for a sound, and stays low, is never told of.
    EarlyRelapseIsForgotten,
    /// Lows of before the recovery bear out the relapse.
    OldLowsConfirmARelapse,
    /// What is open already is raised again.
    SecondAlertIsOpened,
    /// What speaks need not be shown.
    NeedNotBeShown,
    /// Speaking again counts as having been seen.
    SpeakingIsBeingSeen,
    /// A red is never rechecked.
    RecheckIsForgotten,
    /// A recheck is awaited after it has come.
    RecheckIsAwaitedForEver,
    /// A missed recheck confirms nothing.
    MissedRecheckIsSilent,
    /// A console's receipt changes what is over.
    WhatIsOverChanges,
    /// A name gets into an event.
    PatientIsNamed,
    /// Lows of before the resolution raise alerts.
    ResolutionIsForgotten,
    /// A clinician takes what has worsened since their screen showed it.
    OldScreenIsBelieved,
    /// A clinician ends what has worsened since their screen showed it.
    OldScreenEnds,
    /// An alert that nobody has taken is ended.
    NobodysAlertIsEnded,
    /// A bridge's clock is believed, whatever it says.
    WrongClockIsBelieved,
    /// Attempts are not counted.
    AttemptsAreForgotten,
    /// A low is late by its effective time alone.
    LateByEffectiveTimeAlone,
    /// A low whose time is uncertain is judged as if it were not.
    UncertainLowIsSilenced,
    /// A good reading or a resolution of the future is believed.
    FutureIsBelieved,
}

pub const ALL: [Fault; 33] = [
    Fault::ArtefactIsTheMeasure,
    Fault::SeverityFalls,
    Fault::DoubtfulNormalClears,
    Fault::DoubtfulAmberIsARecheck,
    Fault::DoubtfulLowIsDropped,
    Fault::ConfirmsWithinAMinute,
    Fault::NeverConfirms,
    Fault::LateNewestWordIsDropped,
    Fault::OlderReadingsAreDropped,
    Fault::ConditionFollowsArrival,
    Fault::LateLowPages,
    Fault::WorseStaysAcknowledged,
    Fault::FallUnderTheAcknowledgedIsSilent,
    Fault::RelapseIsSilent,
    Fault::FlappingSpeaks,
    Fault::EarlyRelapseIsForgotten,
    Fault::OldLowsConfirmARelapse,
    Fault::SecondAlertIsOpened,
    Fault::NeedNotBeShown,
    Fault::SpeakingIsBeingSeen,
    Fault::RecheckIsForgotten,
    Fault::RecheckIsAwaitedForEver,
    Fault::MissedRecheckIsSilent,
    Fault::WhatIsOverChanges,
    Fault::PatientIsNamed,
    Fault::ResolutionIsForgotten,
    Fault::OldScreenIsBelieved,
    Fault::OldScreenEnds,
    Fault::NobodysAlertIsEnded,
    Fault::WrongClockIsBelieved,
    Fault::AttemptsAreForgotten,
    Fault::LateByEffectiveTimeAlone,
    Fault::UncertainLowIsSilenced,
];

/// The rules with one fault.
pub struct Faulty(pub Fault);

impl Faulty {
    fn has(&self, fault: Fault) -> bool {
        self.0 == fault
    }

    /// The reading as the fault takes it.
    fn taken(&self, reading: &Reading, plan: &MonitoringPlan) -> Reading {
        let mut taken = reading.clone();
        if self.has(Fault::LateByEffectiveTimeAlone) && !taken.is_of_uncertain_time() {
            taken.measured_at = taken.effective_at;
            taken.bridge = BridgeId(uuid::Uuid::nil());
        }
        if self.has(Fault::UncertainLowIsSilenced) && taken.timing == Timing::ByWallClock {
            taken.timing = Timing::ByAge;
        }
        if let Measured::Values(values) = &mut taken.measured {
            let band = plan.band(values.spo2);
            let believed = match self.0 {
                Fault::DoubtfulNormalClears => band == Band::Green,
                Fault::DoubtfulAmberIsARecheck => band == Band::Amber,
                _ => false,
            };
            if believed {
                values.doubts.clear();
            }
        }
        taken
    }

    fn drops(&self, reading: &Reading, state: &StayState, plan: &MonitoringPlan) -> bool {
        let Measured::Values(values) = &reading.measured else {
            return false;
        };
        let low = plan.band(values.spo2) > Band::Green;
        match self.0 {
            Fault::DoubtfulLowIsDropped => low && values.is_doubtful(),
            Fault::LateNewestWordIsDropped => {
                low && reading.effective_at < reading.received_at.minus(minutes(10))
            }
            Fault::OlderReadingsAreDropped => state
                .newest()
                .is_some_and(|newest| newest.at > reading.effective_at),
            _ => false,
        }
    }

    fn twisted(&self, known: Option<&Alert>, change: Change, mut alert: Alert) -> (Change, Alert) {
        let oxygen = alert.problem == Problem::Oxygen;
        match self.0 {
            Fault::SeverityFalls if alert.condition == Band::Amber && oxygen => {
                alert.severity = Severity::Amber;
            }
            Fault::ConfirmsWithinAMinute
                if alert.confirmation == Confirmation::Unconfirmed
                    && alert.lows.is_some_and(|lows| lows.count > 1) =>
            {
                alert.confirmation = Confirmation::SecondReading;
                alert.recheck_by = None;
            }
            Fault::NeverConfirms if alert.confirmation == Confirmation::SecondReading => {
                alert.confirmation = Confirmation::Unconfirmed;
            }
            Fault::LateLowPages if alert.problem == Problem::LateLow => {
                alert.severity = Severity::Red;
                alert.show_by = Some(alert.spoke_at);
            }
            Fault::WorseStaysAcknowledged => {
                if let Some(known) = known {
                    alert.state = known.state.clone();
                }
            }
            Fault::FallUnderTheAcknowledgedIsSilent if change == Change::FellFurther => {
                if let Some(known) = known {
                    let kept = known.clone();
                    alert.state = kept.state;
                    alert.spoke_seq = kept.spoke_seq;
                    alert.show_by = kept.show_by;
                    return (Change::Continued, alert);
                }
            }
            Fault::RelapseIsSilent if change == Change::Relapsed => {
                if let Some(known) = known {
                    let kept = known.clone();
                    alert.state = kept.state;
                    alert.confirmation = kept.confirmation;
                    alert.severity_since = kept.severity_since;
                    alert.relapse = kept.relapse;
                    alert.show_by = kept.show_by;
                    alert.recheck_by = kept.recheck_by;
                    return (Change::Continued, alert);
                }
            }
            Fault::OldLowsConfirmARelapse => alert.relapse = None,
            Fault::ArtefactIsTheMeasure => alert.heeded.worst_sound = alert.heeded.worst,
            Fault::NeedNotBeShown => alert.show_by = None,
            Fault::SpeakingIsBeingSeen if change.speaks() => alert.unseen = false,
            Fault::RecheckIsForgotten => alert.recheck_by = None,
            Fault::RecheckIsAwaitedForEver => {
                alert.recheck_by = alert
                    .recheck_by
                    .or(known.and_then(|known| known.recheck_by));
            }
            Fault::PatientIsNamed => {
                if let Some(Detail::Attempt { reason }) = &mut alert.detail {
                    *reason = "ASHWORTH, Edna: inadequate signal".to_owned();
                }
            }
            _ => {}
        }
        (change, alert)
    }
}

/// The state with what lies ahead of `now` brought back to where the rules look.
fn believed(mut state: StayState, reading: &Reading, now: Timestamp) -> StayState {
    let ahead = state.newest_good.iter().any(|good| good.at > now);
    state.oxygen_resolved_at = state
        .oxygen_resolved_at
        .map(|at| at.min(now.plus(ward_core::time::CLOCK_STEP)));
    if !ahead {
        return state;
    }
    let mut good = reading.clone();
    if let Measured::Values(values) = &mut good.measured {
        values.spo2 = Spo2::from_percent(99.0).unwrap_or(values.spo2);
        values.doubts.clear();
    }
    good.context = Context::Rest;
    good.timing = Timing::ByAge;
    good.effective_at = now.plus(ward_core::time::CLOCK_STEP);
    good.measured_at = reading.measured_at.plus(minutes(1));
    state.with(&good, &MonitoringPlan::scale_one())
}

fn taken_earlier(mut alert: Alert) -> Alert {
    if let State::Acknowledged { at, .. } = &mut alert.state {
        *at = at.minus(minutes(60));
    }
    alert
}

fn never_green(mut alert: Alert) -> Alert {
    alert.was_green = false;
    alert.was_below_red = false;
    alert
}

impl Rules for Faulty {
    fn effective_time(
        &self,
        measured_at: Timestamp,
        age: Option<Duration>,
        received_at: Timestamp,
    ) -> (Timestamp, Timing) {
        if self.has(Fault::WrongClockIsBelieved) {
            (measured_at, Timing::ByWallClock)
        } else {
            Real.effective_time(measured_at, age, received_at)
        }
    }

    fn with(&self, state: StayState, reading: &Reading, plan: &MonitoringPlan) -> StayState {
        if self.drops(reading, &state, plan) {
            return state;
        }
        let reading = self.taken(reading, plan);
        if self.has(Fault::ConditionFollowsArrival) {
            let alone = StayState::default().with(&reading, plan);
            let mut after = state.with(&reading, plan);
            if alone.condition().is_some() {
                after.newest_red = alone.newest_red;
                after.newest_amber = alone.newest_amber;
                after.newest_sound_amber = alone.newest_sound_amber;
            }
            return after;
        }
        let mut after = state.with(&reading, plan);
        if self.has(Fault::AttemptsAreForgotten) {
            after.attempts_in_a_row = 0;
        }
        after
    }

    fn assess(
        &self,
        stay: &Stay,
        state: &StayState,
        open: &[Alert],
        reading: &Reading,
        now: Timestamp,
    ) -> Vec<WardEvent> {
        if self.drops(reading, state, &stay.plan) {
            return Vec::new();
        }
        let reading = self.taken(reading, &stay.plan);
        let mut state = state.clone();
        if self.has(Fault::ResolutionIsForgotten) {
            state.oxygen_resolved_at = None;
        }
        if self.has(Fault::FutureIsBelieved) {
            state = believed(state, &reading, now);
        }
        let twisted_open: Vec<Alert> = match self.0 {
            Fault::FlappingSpeaks => open.iter().cloned().map(taken_earlier).collect(),
            Fault::EarlyRelapseIsForgotten => open.iter().cloned().map(never_green).collect(),
            _ => open.to_vec(),
        };
        let known_to_it = match self.0 {
            Fault::SecondAlertIsOpened => &[],
            _ => twisted_open.as_slice(),
        };
        let events = assess_reading(stay, &state, known_to_it, &reading, now);
        let twist = |event| match event {
            WardEvent::Alert { change, alert } => {
                let known = open.iter().find(|known| known.number == alert.number);
                let (change, alert) = self.twisted(known, change, *alert);
                WardEvent::Alert {
                    change,
                    alert: Box::new(alert),
                }
            }
            other => other,
        };
        events.into_iter().map(twist).collect()
    }

    fn acknowledge(
        &self,
        alert: &Alert,
        by: ClinicianId,
        seen: Seq,
        now: Timestamp,
    ) -> Result<Acknowledged, AcknowledgeRefused> {
        let seen = if self.has(Fault::OldScreenIsBelieved) {
            Seq(i64::MAX)
        } else {
            seen
        };
        Real.acknowledge(alert, by, seen, now)
    }

    fn resolve(
        &self,
        alert: &Alert,
        by: ClinicianId,
        seen: Seq,
        now: Timestamp,
    ) -> Result<Alert, ResolveRefused> {
        let seen = if self.has(Fault::OldScreenEnds) {
            Seq(i64::MAX)
        } else {
            seen
        };
        let mut alert = alert.clone();
        if self.has(Fault::NobodysAlertIsEnded) && alert.is_unacknowledged() {
            let worst = alert.worst;
            alert.state = State::Acknowledged {
                by,
                at: now,
                worst,
                assigned_by: None,
            };
        }
        Real.resolve(&alert, by, seen, now)
    }

    fn shown(&self, alert: &Alert, seq: Seq, now: Timestamp) -> Option<Alert> {
        if self.has(Fault::WhatIsOverChanges) && !alert.is_open() {
            let mut changed = alert.clone();
            changed.shown_at = Some(now);
            return Some(changed);
        }
        Real.shown(alert, seq, now)
    }

    fn time_passed(&self, alert: &Alert, now: Timestamp) -> Option<(Change, Alert)> {
        let (change, alert) = Real.time_passed(alert, now)?;
        if self.has(Fault::MissedRecheckIsSilent) && change == Change::Confirmed {
            return None;
        }
        Some((change, alert))
    }
}
