//! A plan as a file of TOML.

use serde::Deserialize;
use ward_core::plan::{MonitoringPlan, Rules, Spo2Scale};
use ward_core::spo2::Spo2;

/// A plan, and the baseline of the person it is for.
#[derive(Debug, PartialEq)]
pub(super) struct PlanFile {
    pub(super) limits: MonitoringPlan,
    pub(super) baseline_spo2: Option<Spo2>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    spo2_scale: Option<toml::Value>,
    red_at_or_below: Option<u16>,
    amber_at_or_below: Option<u16>,
    recheck_red_minutes: Option<f64>,
    recheck_amber_minutes: Option<f64>,
    recheck_red_seconds: Option<u32>,
    recheck_amber_seconds: Option<u32>,
    baseline_spo2: Option<f64>,
    rules: Option<toml::Table>,
}

impl PlanFile {
    /// What the file does not say is as usual for its scale. Unknown keys are refused by name.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let keys: Keys = toml::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|why| why.to_string().trim_end().to_owned())?;
        let usual = match scale(keys.spo2_scale.as_ref())? {
            Spo2Scale::One => MonitoringPlan::scale_one(),
            Spo2Scale::Two => MonitoringPlan::target_88_to_92(),
        };
        let limits = MonitoringPlan {
            spo2_scale: usual.spo2_scale,
            red_at_or_below: keys.red_at_or_below.unwrap_or(usual.red_at_or_below),
            amber_at_or_below: keys.amber_at_or_below.unwrap_or(usual.amber_at_or_below),
            recheck_red_seconds: recheck(
                "recheck_red",
                keys.recheck_red_minutes,
                keys.recheck_red_seconds,
            )?
            .unwrap_or(usual.recheck_red_seconds),
            recheck_amber_seconds: recheck(
                "recheck_amber",
                keys.recheck_amber_minutes,
                keys.recheck_amber_seconds,
            )?
            .unwrap_or(usual.recheck_amber_seconds),
            rules: match keys.rules {
                Some(given) => rules(usual.rules, given)?,
                None => usual.rules,
            },
        };
        let baseline_spo2 = keys.baseline_spo2.map(|percent| {
            Spo2::from_percent(percent)
                .ok_or_else(|| format!("baseline_spo2: {percent} is not between 1 and 100"))
        });
        Ok(Self {
            limits: limits.checked().map_err(|why| why.to_string())?,
            baseline_spo2: baseline_spo2.transpose()?,
        })
    }
}

fn scale(given: Option<&toml::Value>) -> Result<Spo2Scale, String> {
    let name = match given {
        None => return Ok(Spo2Scale::One),
        Some(toml::Value::Integer(number)) => number.to_string(),
        Some(toml::Value::String(name)) => name.trim().to_ascii_lowercase(),
        Some(other) => other.to_string(),
    };
    match name.as_str() {
        "1" | "one" => Ok(Spo2Scale::One),
        "2" | "two" => Ok(Spo2Scale::Two),
        other => Err(format!("spo2_scale is 1 or 2, not {other}")),
    }
}

/// To the nearest second: a plan keeps whole ones.
fn recheck(name: &str, minutes: Option<f64>, seconds: Option<u32>) -> Result<Option<u32>, String> {
    const DAY_MINUTES: f64 = 1440.0;
    let Some(minutes) = minutes else {
        return Ok(seconds);
    };
    if seconds.is_some() {
        return Err(format!(
            "{name}_minutes and {name}_seconds say the same: leave one out"
        ));
    }
    if !(0.0..=DAY_MINUTES).contains(&minutes) {
        return Err(format!(
            "{name}_minutes: {minutes} is not between 10 seconds and 24 hours"
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    let seconds = (minutes * 60.0).round() as u32;
    Ok(Some(seconds))
}

/// The usual rules with what is given in their place. `false` or `"off"` in the place of a rule: it judges nothing.
fn rules(usual: Rules, given: toml::Table) -> Result<Rules, String> {
    let wrong = |why: serde_json::Error| format!("[rules]: {why}");
    let mut merged = serde_json::to_value(usual).map_err(wrong)?;
    for (name, value) in given {
        let is_a_switch = merged.get(&name).is_some_and(serde_json::Value::is_boolean);
        let value = match value {
            toml::Value::Boolean(false) if !is_a_switch => serde_json::Value::Null,
            toml::Value::String(word) if word == "off" => serde_json::Value::Null,
            other => serde_json::to_value(other).map_err(wrong)?,
        };
        let Some(all) = merged.as_object_mut() else {
            continue;
        };
        match (all.get_mut(&name).and_then(|it| it.as_object_mut()), value) {
            (Some(rule), serde_json::Value::Object(keys)) => rule.extend(keys),
            (_, value) => {
                all.insert(name, value);
            }
        }
    }
    serde_json::from_value(merged).map_err(wrong)
}
