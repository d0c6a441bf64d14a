//! Whether what the oximeters have sent is what the service holds: each value once, of the right device, at its time.

use super::facts::{Fact, Reading};

/// Sent over the emulated air, through a slow machine, to a time that the service has worked out by age. A record's own
/// time has whole seconds.
const TOLERANCE_MS: i64 = 5_000;
/// Settle gives the end of a window of seconds that it has heard: at most this long after the last of them.
const RIPENS_MS: i64 = 4_000;
/// A stretch under the limit is told after fifteen seconds, and the first stable window after ten and three.
const FIRST_READING_MS: i64 = 18_000;
/// From the end of the stretch on: the way to the service and through its rules.
const ALERT_MS: i64 = 15_000;
/// Settle gives one reading a minute, and more only when things change.
const BETWEEN_WINDOWS_MS: i64 = 5_000;
/// The default plan's red limit.
const RED_PERCENT: f64 = 92.0;

/// What there is to say about one scenario.
#[derive(Debug, Default)]
pub struct Verdict {
    pub seen: Vec<String>,
    pub wrong: Vec<String>,
}

struct Stretch {
    spo2: f64,
    pulse: f64,
    from_ms: i64,
    until_ms: i64,
}

pub fn judge(facts: &[Fact], name: &str, address: &str) -> Verdict {
    let mut verdict = Verdict::default();
    let mut sent: Vec<(f64, f64, i64)> = Vec::new();
    let mut stretches = Vec::new();
    let mut readings: Vec<&Reading> = Vec::new();
    let mut alerts = Vec::new();
    let mut end = None;
    for fact in facts {
        match fact {
            Fact::Sent {
                scenario,
                spo2,
                pulse,
                measured_ms,
            } if scenario == name => {
                sent.push((*spo2, *pulse, *measured_ms));
            }
            Fact::Streamed {
                scenario,
                spo2,
                pulse,
                from_ms,
                until_ms,
            } if scenario == name => {
                stretches.push(Stretch {
                    spo2: *spo2,
                    pulse: *pulse,
                    from_ms: *from_ms,
                    until_ms: *until_ms,
                });
            }
            Fact::Note { scenario, what } if scenario == name => verdict.seen.push(what.clone()),
            Fact::Ended { scenario, why } if scenario == name => end = Some(why),
            Fact::Reading(reading) if reading.device.eq_ignore_ascii_case(address) => {
                readings.push(reading);
            }
            Fact::Alert {
                device: Some(device),
                problem,
                severity,
                raised_ms,
            } if device.eq_ignore_ascii_case(address) => {
                alerts.push((problem.as_str(), severity.as_str(), *raised_ms));
            }
            _ => {}
        }
    }
    match end.map(String::as_str) {
        Some("") => {}
        Some(why) => verdict
            .wrong
            .push(format!("the scenario did not come to its end: {why}")),
        None => verdict
            .wrong
            .push("the scenario was not played to its end".to_owned()),
    }
    if sent.is_empty() && stretches.is_empty() {
        verdict
            .wrong
            .push("the bridge has taken no value".to_owned());
    }
    let (spot, window): (Vec<&Reading>, Vec<&Reading>) = readings
        .into_iter()
        .filter(|reading| reading.kind != "attempt")
        .partition(|reading| reading.kind == "spot_check");
    spot_checks(&mut verdict, &sent, spot);
    windows(&mut verdict, &stretches, &window);
    red_alerts(&mut verdict, &stretches, &sent, &alerts);
    verdict
}

/// Each that was sent has one reading of its own, and nothing is left over.
fn spot_checks(verdict: &mut Verdict, sent: &[(f64, f64, i64)], mut held: Vec<&Reading>) {
    for &(spo2, pulse, measured_ms) in sent {
        let nearest = held
            .iter()
            .enumerate()
            .filter(|(_, reading)| has(reading, spo2, pulse))
            .min_by_key(|(_, reading)| (reading.effective_ms - measured_ms).abs())
            .map(|(place, reading)| (place, reading.effective_ms - measured_ms));
        match nearest {
            Some((place, off_ms)) => {
                held.remove(place);
                verdict.seen.push(format!(
                    "{spo2} % {pulse}/min is held, {off_ms} ms from its time"
                ));
                if off_ms.abs() > TOLERANCE_MS {
                    verdict.wrong.push(format!(
                        "{spo2} % {pulse}/min is held with a time that is {off_ms} ms off"
                    ));
                }
            }
            None => verdict
                .wrong
                .push(format!("{spo2} % {pulse}/min was sent and is not held")),
        }
    }
    for reading in held {
        verdict
            .wrong
            .push(format!("held once too often, or never sent: {reading:?}"));
    }
}

/// Each window holds what was streamed then, each stretch that was long enough has one, and none comes twice.
fn windows(verdict: &mut Verdict, stretches: &[Stretch], held: &[&Reading]) {
    for reading in held {
        let at = reading.effective_ms;
        let is_true = stretches.iter().any(|stretch| {
            has(reading, stretch.spo2, stretch.pulse)
                && (stretch.from_ms..=stretch.until_ms + RIPENS_MS).contains(&at)
        });
        if !is_true || !reading.doubts.trim_matches(['[', ']']).is_empty() {
            verdict
                .wrong
                .push(format!("not what was streamed then: {reading:?}"));
        }
    }
    for pair in held.windows(2) {
        if let [one, two] = pair
            && two.effective_ms - one.effective_ms < BETWEEN_WINDOWS_MS
        {
            verdict.wrong.push(format!(
                "two readings of the same seconds: {one:?}, {two:?}"
            ));
        }
    }
    for (number, stretch) in stretches.iter().enumerate() {
        let count = held
            .iter()
            .filter(|reading| has(reading, stretch.spo2, stretch.pulse))
            .count();
        let Stretch {
            spo2,
            pulse,
            from_ms,
            until_ms,
        } = stretch;
        verdict.seen.push(format!(
            "{} s of {spo2} % {pulse}/min: {count} readings",
            (until_ms - from_ms) / 1000
        ));
        if count == 0 && until_ms - from_ms >= FIRST_READING_MS {
            verdict.wrong.push(format!(
                "stretch {} of {spo2} % has led to no reading",
                number + 1
            ));
        }
    }
}

/// A low stretch raises a red alert while it lasts or right after it; nothing else does.
fn red_alerts(
    verdict: &mut Verdict,
    stretches: &[Stretch],
    sent: &[(f64, f64, i64)],
    alerts: &[(&str, &str, i64)],
) {
    let red: Vec<_> = alerts
        .iter()
        .filter(|(_, severity, _)| *severity == "red")
        .collect();
    let low: Vec<_> = stretches
        .iter()
        .filter(|stretch| stretch.spo2 < RED_PERCENT)
        .collect();
    for stretch in &low {
        let raised = red
            .iter()
            .find(|(_, _, at)| (stretch.from_ms..=stretch.until_ms + ALERT_MS).contains(at));
        match raised {
            Some((problem, _, at)) => verdict.seen.push(format!(
                "red alert ({problem}) {} s after the low stretch began",
                (at - stretch.from_ms) / 1000
            )),
            None => verdict.wrong.push(format!(
                "{} % has raised no red alert in time: {alerts:?}",
                stretch.spo2
            )),
        }
    }
    let is_low = !low.is_empty() || sent.iter().any(|(spo2, ..)| *spo2 < RED_PERCENT);
    if !is_low && !red.is_empty() {
        verdict
            .wrong
            .push(format!("a red alert without a low: {red:?}"));
    }
}

fn has(reading: &Reading, spo2: f64, pulse: f64) -> bool {
    let same = |held: Option<f64>, sent: f64| held.is_some_and(|held| (held - sent).abs() < 0.05);
    same(reading.spo2, spo2) && same(reading.pulse, pulse)
}

/// What no scenario answers for.
pub fn judge_all(facts: &[Fact]) -> Vec<String> {
    let set_aside = facts.iter().find_map(|fact| match fact {
        Fact::Quarantined { items } => Some(*items),
        _ => None,
    });
    match set_aside {
        Some(0) => Vec::new(),
        Some(items) => vec![format!("{items} items were set aside by the service")],
        None => vec!["what the service holds was not read".to_owned()],
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
