//! What each rule says of the newest word.

use super::{Finding, Found};
use crate::alert::Problem;
use crate::moment::Moment;
use crate::news2::{Parameter, news2_set};
use crate::plan::{Band, Rules};
use crate::reading::{Oxygen, Reading, Values};
use crate::spo2::Spo2;
use crate::stay::{Stay, StayState};
use crate::time::minutes;

/// One finding for each rule that has anything to say of this reading, in the order of the problems.
pub(super) fn all(
    stay: &Stay,
    state: &StayState,
    reading: &Reading,
    values: &Values,
) -> Vec<Finding> {
    let rules = &stay.plan.rules;
    let moment = Moment::of(reading);
    let mut found = Vec::new();
    if !state.has_word_after(&moment) {
        found.extend(drop(rules, stay.baseline_spo2, values));
        found.extend(trend(rules, state, reading));
        found.extend(sustained(stay, state, reading));
        found.extend(too_high(rules, values));
        found.extend(news2(stay, state, reading));
    }
    if !state.rules.has_pulse_after(&moment) {
        found.extend(pulse(rules, values));
    }
    found
}

/// NHS England's procedure for oximetry at home (C1396 v1.3) asks for a baseline; three points under it is common practice.
fn drop(rules: &Rules, baseline: Option<Spo2>, values: &Values) -> Option<Finding> {
    let baseline = baseline?;
    let amber = rules.drop_amber_points;
    let red = rules.drop_red_points;
    if amber.is_none() && red.is_none() {
        return None;
    }
    let met =
        |points: Option<u16>| points.filter(|points| values.spo2.is_below_by(*points, baseline));
    let (band, points) = match (met(red), met(amber)) {
        (Some(points), _) => (Band::Red, Some(points)),
        (None, Some(points)) => (Band::Amber, Some(points)),
        (None, None) => (Band::Green, None),
    };
    Some(Finding {
        problem: Problem::OxygenDrop,
        band,
        sound: !values.is_doubtful(),
        spo2: Some(values.spo2),
        found: points.map(|points| Found::Drop {
            baseline,
            spo2: values.spo2,
            points,
        }),
    })
}

fn trend(rules: &Rules, state: &StayState, reading: &Reading) -> Option<Finding> {
    let rule = rules.trend?;
    let first_day = state.rules.median_of_first_day(reading.effective_at)?;
    let (last, sound) = state.rules.median_of_last(rule.readings)?;
    let is_lower = last.is_below_by(rule.points, first_day);
    Some(Finding {
        problem: Problem::OxygenTrend,
        band: if is_lower { Band::Amber } else { Band::Green },
        sound,
        spo2: Some(last),
        found: is_lower.then_some(Found::Trend {
            first_day,
            last,
            readings: rule.readings,
            points: rule.points,
        }),
    })
}

/// A window that began before the time that is looked at may have had its lows in the part that counts: it is taken so. It
/// is over only when all of the time is known, beyond doubt, and nothing of it lay lower.
fn sustained(stay: &Stay, state: &StayState, reading: &Reading) -> Option<Finding> {
    let rule = stay.plan.rules.sustained?;
    let limit = stay.plan.red_at_or_below;
    let windows = state.rules.windows_until(reading, rule.of_seconds)?;
    let low_ms: u64 = windows
        .iter()
        .map(|(held, part)| at_or_below(&held.time_at, limit).min(*part))
        .sum();
    let is_low = low_ms >= u64::from(rule.seconds) * 1000;
    let known: u64 = windows.iter().map(|(_, part)| part).sum();
    let under_clear = limit.saturating_add(rule.clears_points).saturating_sub(1);
    let is_over = known >= u64::from(rule.of_seconds) * 1000
        && windows
            .iter()
            .all(|(held, _)| held.sound && at_or_below(&held.time_at, under_clear) == 0);
    if !is_low && !is_over {
        return None;
    }
    let low = || {
        windows
            .iter()
            .filter(|(held, _)| at_or_below(&held.time_at, limit) > 0)
    };
    let lowest = low().map(|(held, _)| held.min).min();
    Some(Finding {
        problem: Problem::OxygenSustained,
        band: if is_low { Band::Red } else { Band::Green },
        sound: if is_low {
            low().any(|(held, _)| held.sound)
        } else {
            true
        },
        spo2: lowest.filter(|_| is_low),
        found: lowest.filter(|_| is_low).map(|lowest| Found::Sustained {
            low_ms,
            of_seconds: rule.of_seconds,
            seconds: rule.seconds,
            at_or_below: limit,
            lowest,
        }),
    })
}

fn at_or_below(time_at: &[crate::window::TimeAt], percent: u16) -> u64 {
    let at = time_at.iter().filter(|at| u16::from(at.percent) <= percent);
    at.map(|at| u64::from(at.millis)).sum()
}

/// While on oxygen: by what was said with the value, else by the plan. What is said to be on air is never too high.
fn too_high(rules: &Rules, values: &Values) -> Option<Finding> {
    let limit = rules.too_high_at_or_above?;
    let stated = values.observations.oxygen;
    let on_oxygen = stated.map_or(rules.on_oxygen, Oxygen::is_supplemental);
    let is_high = on_oxygen && values.spo2.whole_percent() >= limit;
    Some(Finding {
        problem: Problem::OxygenTooHigh,
        band: if is_high { Band::Amber } else { Band::Green },
        sound: !values.is_doubtful(),
        // Lower is not worse here.
        spo2: None,
        found: is_high.then_some(Found::TooHigh {
            spo2: values.spo2,
            at_or_above: limit,
            stated,
        }),
    })
}

fn pulse(rules: &Rules, values: &Values) -> Option<Finding> {
    let (limits, pulse) = (rules.pulse?, values.pulse?);
    let (band, limit) = limits.judge(pulse);
    Some(Finding {
        problem: Problem::Pulse,
        band,
        sound: !values.is_doubtful(),
        spo2: None,
        found: limit.map(|limit| Found::Pulse { pulse, limit }),
    })
}

/// By what a set scores at least, and never calmed by what is missing: the condition is over only when a whole set, beyond
/// doubt, scores under the limits. A set of what an oximeter gives alone is left to the bands.
fn news2(stay: &Stay, state: &StayState, reading: &Reading) -> Option<Finding> {
    let rule = stay.plan.rules.news2?;
    let spread = minutes(u64::from(rule.max_spread_minutes));
    let scale = stay.plan.spo2_scale;
    let others = state.rules.observed().iter();
    let with_this = others.filter(|it| it.id != reading.id).chain([reading]);
    let set = news2_set(with_this, scale, spread, reading.effective_at)?;
    let seen = set.observations;
    let says_more = seen.respiration_rate.is_some()
        || seen.systolic_bp.is_some()
        || seen.temperature_tenths.is_some()
        || seen.consciousness.is_some();
    let score = set.score().ok()?;
    if !says_more {
        return None;
    }
    let single_three = Parameter::ALL
        .iter()
        .any(|parameter| score.subscores.of(*parameter) == Some(3));
    let (band, limit) = if score.at_least >= rule.red_at_or_above {
        (Band::Red, Some(rule.red_at_or_above))
    } else if score.at_least >= rule.amber_at_or_above {
        (Band::Amber, Some(rule.amber_at_or_above))
    } else if rule.single_three_is_amber && single_three {
        (Band::Amber, None)
    } else {
        (Band::Green, None)
    };
    Some(Finding {
        problem: Problem::News2,
        band,
        sound: if band == Band::Green {
            score.total.is_some()
        } else {
            set.doubtful.is_empty()
        },
        spo2: None,
        found: (band > Band::Green).then(|| Found::News2 {
            at_least: score.at_least,
            at_most: score.at_most,
            missing: score.missing.clone(),
            scale,
            limit,
            from: set.from,
            to: set.to,
        }),
    })
}
