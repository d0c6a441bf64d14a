//! What must have been said, found by counting minutes: it knows no zones but the hour that London adds in summer.

use super::run::Said;
use super::three_days::{Minute, ThreeDays, Times};

/// 29 March and 25 October 2026, one in the morning at Greenwich.
const SUMMER: std::ops::Range<Minute> = 29_579_100..29_881_500;

fn on_the_wall(at: Minute) -> i64 {
    at + if SUMMER.contains(&at) { 60 } else { 0 }
}

/// All minutes at which the clock on the wall first shows one of these times, a day about the three on either side.
fn instants(days: &ThreeDays, asks: &Times) -> Vec<Minute> {
    let from = days.begins - 1440;
    let until = days.ends() + 1440;
    let mut found: Vec<Minute> = Vec::new();
    for day in from.div_euclid(1440)..=until.div_euclid(1440) {
        for time in &asks.times {
            let shows = |wall: i64| (from - 120..until + 120).find(|at| on_the_wall(*at) == wall);
            let wall = day * 1440 + time;
            // Left out in March: as much later as the clock was put forward.
            found.extend(shows(wall).or_else(|| shows(wall + 60)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A slot: its time, the window, and by which plan.
struct Asked {
    at: Minute,
    opens: Minute,
    closes: Minute,
}

fn asked(days: &ThreeDays) -> Vec<Asked> {
    let window = |at: &Minute, by: &Times| Asked {
        at: *at,
        opens: at - by.before,
        closes: at + by.after,
    };
    let first = instants(days, &days.asks);
    let mut all: Vec<Asked> = match &days.change {
        None => first.iter().map(|at| window(at, &days.asks)).collect(),
        Some((change, other)) => {
            let second = instants(days, other);
            let over = |at: &&Minute| **at + days.asks.after <= *change;
            let by_first = first.iter().filter(over).map(|at| window(at, &days.asks));
            let by_second = second
                .iter()
                .filter(|at| *at >= change || (first.contains(at) && !over(at)))
                .map(|at| window(at, other));
            by_first.chain(by_second).collect()
        }
    };
    all.retain(|slot| slot.at >= days.admitted_at);
    all.sort_by_key(|slot| slot.at);
    all
}

fn value_before(days: &ThreeDays, now: Minute) -> Option<u16> {
    let known = days
        .sent
        .iter()
        .filter(|sent| days.comes_in(sent.at) <= now);
    known.filter_map(|sent| sent.tenths).next_back()
}

fn severity(tenths: Option<u16>) -> &'static str {
    match tenths {
        Some(..930) => "Red",
        Some(..950) => "Amber",
        _ => "Low",
    }
}

/// What is wrong with what was said; `None`: nothing.
pub fn complaint(days: &ThreeDays, said: &Said) -> Option<String> {
    let missed: Vec<Asked> = asked(days)
        .into_iter()
        .filter(|slot| {
            !days.sent.iter().any(|sent| {
                sent.tenths.is_some() && slot.opens <= sent.at && sent.at <= slot.closes
            })
        })
        .collect();
    for slot in &missed {
        // The change may close a slot at once; a service that starts catches up for two minutes.
        let up = days.down.map_or(0, |(_, until)| until);
        let changed = days.change.as_ref().map_or(0, |(at, _)| *at);
        let earliest = slot.closes + 2;
        let mut latest = earliest;
        if latest >= days.down.map_or(Minute::MAX, |(from, _)| from) {
            latest = latest.max(up + 2);
        }
        if slot.at < changed {
            latest = latest.max(changed + 2);
        }
        let told: Vec<Minute> = said
            .missed
            .iter()
            .filter(|(at, _)| *at == slot.at)
            .map(|(_, told_at)| *told_at)
            .collect();
        match told[..] {
            [] if latest < days.ends() => {
                return Some(format!("{} was missed, and nobody said so", slot.at));
            }
            [at] if at < earliest => return Some(format!("{} was said too early", slot.at)),
            [at] if at > latest => {
                return Some(format!("{} was said at {at}, after {latest}", slot.at));
            }
            [] | [_] => {}
            _ => return Some(format!("{} was said {told:?}", slot.at)),
        }
    }
    if let Some((at, _)) = said
        .missed
        .iter()
        .find(|(at, _)| !missed.iter().any(|slot| slot.at == *at))
    {
        return Some(format!("{at} was not missed"));
    }
    if said.most_open > 1 {
        return Some(format!("{} silences were open at once", said.most_open));
    }
    for raised in &said.raised {
        let expected = severity(value_before(days, raised.at));
        if format!("{:?}", raised.severity) != expected {
            return Some(format!("{raised:?} should have been {expected}"));
        }
    }
    said.fell.then(|| "a severity fell".to_owned())
}
