//! Why an alert was raised, in words.

use ward_core::alert::{Alert, Confirmation, Problem, State};
use ward_core::event::{Logged, WardEvent};
use ward_core::plan::{MonitoringPlan, Spo2Scale};
use ward_core::plan_change::Origin;
use ward_core::technical::Detail;
use ward_core::time::Timestamp;
use ward_core::ward::WardCode;
use ward_service::{Explained, PlanInForce};
use ward_wire::explanation as wire;

use super::{detail, diary, severity, time};

/// Which rule, and which numbers met which limit.
pub(crate) fn rule(explained: &Explained) -> String {
    let alert = &explained.alert;
    let limits = explained.plan.as_ref().map(|it| &it.version.plan.limits);
    let of_bands = limits.and_then(|limits| met(alert, limits));
    let found = alert.detail.as_ref().map(detail::words_of);
    match (alert.problem, of_bands) {
        (Problem::Oxygen, Some(met)) => format!("Oxygen under the limits of the plan: {met}."),
        (Problem::LateLow, Some(met)) => {
            format!(
                "A low that came in late, behind a newer good reading: {met}. It is for review."
            )
        }
        (Problem::Silence, _) => format!(
            "Nothing came where something was due. {}",
            found.unwrap_or_default()
        ),
        (Problem::Symptom, _) => format!(
            "An answer in the diary that does not wait, whatever the numbers say. {}",
            found.unwrap_or_default()
        ),
        (Problem::Technical(_), _) => {
            let said = detail::of(alert);
            said.unwrap_or_else(|| "What made it is not on record.".to_owned())
        }
        _ => found.unwrap_or_else(|| "What made it is not on record.".to_owned()),
    }
}

fn met(alert: &Alert, limits: &MonitoringPlan) -> Option<String> {
    let worst = alert.worst?;
    let whole = worst.whole_percent();
    let (band, limit) = if whole <= limits.red_at_or_below {
        ("red", limits.red_at_or_below)
    } else {
        ("amber", limits.amber_at_or_below)
    };
    Some(format!(
        "the lowest value is {worst} %, and {limit} % or less is {band}"
    ))
}

/// What bears it out or speaks against it.
pub(crate) fn certainty(alert: &Alert) -> Vec<String> {
    let confirmed = match alert.confirmation {
        Confirmation::Unconfirmed => Some("Not confirmed yet: one reading so far."),
        Confirmation::SecondReading => Some(
            "Confirmed by a second reading as bad or worse, measured a minute or more after the first.",
        ),
        Confirmation::NoRecheck => Some(
            "Nobody measured again in time, and so it counts as confirmed: silence never calms an alert.",
        ),
        Confirmation::NotAsked => None,
    };
    let doubtful = alert.is_doubtful().then_some(
        "Every reading at this level is in doubt. Doubt raises an alert and never clears one.",
    );
    let gone_back = (alert.is_open() && alert.condition == ward_core::plan::Band::Green)
        .then_some("By the newest reading it is back in range. A person ends it.");
    let rests_on_nothing = (alert.struck.is_some() && alert.lows.is_none())
        .then_some("All that it rested on was struck out or moved to somebody else.");
    let all = [confirmed, doubtful, gone_back, rests_on_nothing];
    all.into_iter().flatten().map(str::to_owned).collect()
}

/// What the ward does next. `when` says a time, `whom` who is told next.
pub(crate) fn next(
    alert: &Alert,
    when: impl Fn(Timestamp) -> String,
    whom: Option<String>,
) -> Vec<String> {
    let mut steps = Vec::new();
    match &alert.state {
        State::Resolved { .. } => return steps,
        State::Raised => steps.push(
            "Somebody acknowledges it on the board, and so takes it: whoever has it rings the patient.".to_owned(),
        ),
        State::Acknowledged { .. } => steps.push(
            "Whoever has it rings, acts, and resolves it with what it led to.".to_owned(),
        ),
    }
    if let Some(by) = alert
        .recheck_by
        .filter(|_| alert.confirmation == Confirmation::Unconfirmed)
    {
        steps.push(format!(
            "A second reading is asked for by {}. Without one it counts as confirmed.",
            when(by)
        ));
    }
    if let Some(snooze) = &alert.snooze {
        steps.push(format!(
            "It is quiet until {}, then it speaks again.",
            when(snooze.until)
        ));
    }
    if let Some(at) = alert.ladder.next_at {
        let whom = whom.map_or_else(String::new, |whom| {
            format!(" As things are now: {}.", whom.trim_end_matches('.'))
        });
        steps.push(format!(
            "If nobody has taken it by {}, it is passed on, level {}.{whom}",
            when(at),
            alert.ladder.level.saturating_add(1)
        ));
    }
    if let Some(at) = alert.show_by.filter(|_| alert.shown_at.is_none()) {
        steps.push(format!(
            "If no console has shown it by {}, it goes to the next channel.",
            when(at)
        ));
    }
    steps
}

pub(crate) const fn origin(origin: &Origin) -> &'static str {
    match origin {
        Origin::Admission => "admission",
        Origin::Set => "set",
        Origin::Approved { .. } => "approved",
        Origin::FellBack { .. } => "fell_back",
        Origin::ReviewOverdue { .. } => "review_overdue",
    }
}

fn limits(plan: &PlanInForce, changed_since: bool) -> wire::LimitsView {
    let (limits, care) = (&plan.version.plan.limits, &plan.version.plan.care);
    wire::LimitsView {
        version: care.version,
        origin: origin(&plan.version.origin).to_owned(),
        author: care.author.map(|by| by.0),
        approved_by: match plan.version.origin {
            Origin::Approved { by, .. } => Some(by.0),
            Origin::Admission
            | Origin::Set
            | Origin::FellBack { .. }
            | Origin::ReviewOverdue { .. } => None,
        },
        from: time(plan.from),
        reason: care.reason.clone(),
        spo2_scale: match limits.spo2_scale {
            Spo2Scale::One => 1,
            Spo2Scale::Two => 2,
        },
        red_at_or_below: limits.red_at_or_below,
        amber_at_or_below: limits.amber_at_or_below,
        changed_since,
    }
}

fn step(logged: &Logged) -> Option<wire::StoryStep> {
    let WardEvent::Alert { change, alert } = &logged.event else {
        return None;
    };
    Some(wire::StoryStep {
        seq: logged.seq.0,
        at: time(logged.at),
        change: change.name().to_owned(),
        severity: severity(alert.severity),
        by: match alert.state {
            State::Acknowledged { by, .. } | State::Resolved { by, .. } => Some(by.0),
            State::Raised => None,
        },
        worst_percent: alert.worst.map(ward_core::spo2::Spo2::percent),
    })
}

/// All of it, as the treaty says it.
pub(crate) fn explanation(
    code: &WardCode,
    explained: &Explained,
    next: Vec<String>,
) -> wire::Explanation {
    let judged_by = |at| {
        let trend = explained.trend.as_ref();
        trend.map(|trend| trend.limits_at(at))
    };
    let line = |line: &ward_service::ChartLine| {
        let plan = judged_by(line.kept.reading.received_at)?;
        Some(diary::chart_line(line, plan))
    };
    wire::Explanation {
        alert: super::alert(code, &explained.alert),
        rule: rule(explained),
        certainty: certainty(&explained.alert),
        limits: explained
            .plan
            .as_ref()
            .map(|plan| limits(plan, explained.plan_changed)),
        readings: explained.readings.iter().filter_map(line).collect(),
        readings_in_all: u32::try_from(explained.readings_in_all).unwrap_or(u32::MAX),
        next,
        story: explained.story.iter().filter_map(step).collect(),
    }
}

/// Whether it is about a measurement at all.
pub(crate) const fn rests_on_readings(alert: &Alert) -> bool {
    match (&alert.problem, &alert.detail) {
        (Problem::Symptom | Problem::AskedForHelp, _) => false,
        (
            Problem::Technical(_),
            Some(Detail::NotWatched { .. } | Detail::Disagreement { .. } | Detail::Attempt { .. }),
        ) => true,
        (Problem::Technical(_), _) => false,
        _ => true,
    }
}
