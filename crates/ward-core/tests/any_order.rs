//! Rule 3: any arrival order of the same readings ends in the same alerts, but for the lows that came in late.
//!
//! The oracle knows nothing of states and steps: it looks at the whole set at once, every pair of it.
#![expect(
    clippy::indexing_slicing,
    reason = "a place that is not there fails the test, as it should"
)]

mod common;

use std::collections::BTreeSet;

use common::faults::{Fault, Faulty};
use common::{Dice, EIGHT, Real, Rules, reading, stay, values};
use proptest::prelude::*;
use ward_core::alert::{Acknowledged, Alert, Confirmation, Heeded, Problem, Severity};
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, Seq};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::Timing;
use ward_core::spo2::Spo2;
use ward_core::stay::StayState;
use ward_core::time::{Timestamp, minutes, seconds};

/// One reading of the set.
#[derive(Clone, Copy, Debug)]
struct Given {
    tenths: u16,
    sound: bool,
    exertion: bool,
    /// How long before everything is judged, in seconds: never more than it truly was, when its age was told.
    ago: u64,
    bridge: u128,
    /// The same, by its bridge's wall clock.
    wall_ago: i64,
    /// It came in so long before everything is judged.
    came_ago: u64,
    /// No age was told.
    uncertain: bool,
}

/// Told at once, by the one bridge, whose clock is right.
fn plain(tenths: u16, sound: bool, exertion: bool, ago: u64) -> Given {
    Given {
        tenths,
        sound,
        exertion,
        ago,
        bridge: 5,
        wall_ago: ago.cast_signed(),
        came_ago: 0,
        uncertain: false,
    }
}

impl Given {
    /// On its way so long, from this bridge, whose clock is so far behind.
    fn sent(self, bridge: u128, transit: u64, behind: i64, came_in: u64, uncertain: bool) -> Self {
        Self {
            bridge,
            wall_ago: if uncertain {
                self.ago.cast_signed()
            } else {
                (self.ago + transit).cast_signed() + behind
            },
            came_ago: self.ago.min(came_in),
            uncertain,
            ..self
        }
    }

    /// The least time ago that it can have been measured.
    fn at_least_ago(&self) -> u64 {
        if self.uncertain {
            self.came_ago
        } else {
            self.ago
        }
    }

    /// Newer on each line that can be trusted; where only one can, by two minutes.
    fn is_surely_after(&self, other: &Self) -> bool {
        let came_later = self.came_ago < other.came_ago;
        match (self.uncertain, other.uncertain) {
            (true, _) => came_later && self.ago < other.at_least_ago(),
            (false, true) => self.ago + 120 < other.came_ago,
            (false, false) if self.bridge == other.bridge => {
                let both = self.ago < other.ago && self.wall_ago < other.wall_ago;
                both || self.ago + 120 < other.came_ago
            }
            (false, false) => self.ago + 120 < other.ago,
        }
    }
}

/// The bands of the two plans, written out.
#[derive(Clone, Copy, Debug)]
enum Bands {
    ScaleOne,
    Target88To92,
}

impl Bands {
    fn plan(self) -> MonitoringPlan {
        match self {
            Self::ScaleOne => MonitoringPlan::scale_one().with_bands_alone(),
            Self::Target88To92 => MonitoringPlan::target_88_to_92().with_bands_alone(),
        }
    }

    fn of(self, given: Given) -> Band {
        let (red_under, amber_under) = match self {
            Self::ScaleOne => (930, 950),
            Self::Target88To92 => (860, 880),
        };
        if given.tenths < red_under {
            Band::Red
        } else if given.tenths < amber_under {
            Band::Amber
        } else {
            Band::Green
        }
    }

    fn is_low(self, given: Given) -> bool {
        !given.exertion && self.of(given) != Band::Green
    }

    fn is_good(self, given: Given) -> bool {
        !given.exertion && given.sound && self.of(given) == Band::Green
    }
}

/// The oxygen alert as the set says it must be.
#[derive(Debug, PartialEq)]
struct Expected {
    severity: Severity,
    confirmed: bool,
    condition: Band,
    count: u32,
    worst_tenths: u16,
    doubtful: bool,
    recheck_awaited: bool,
}

fn oracle(set: &[Given], late: &BTreeSet<usize>, bands: Bands) -> Option<Expected> {
    let lows: Vec<Given> = (0..set.len())
        .filter(|place| !late.contains(place))
        .map(|place| set[place])
        .filter(|given| bands.is_low(*given))
        .collect();
    let worst_tenths = lows.iter().map(|low| low.tenths).min()?;
    let any_red = lows.iter().any(|low| bands.of(*low) == Band::Red);
    let severity = if any_red {
        Severity::Red
    } else {
        Severity::Amber
    };
    let at_severity: Vec<Given> = lows
        .iter()
        .copied()
        .filter(|low| !any_red || bands.of(*low) == Band::Red)
        .collect();
    let confirmed = at_severity
        .iter()
        .any(|a| at_severity.iter().any(|b| a.ago.abs_diff(b.ago) >= 60));
    let condition = stands(set, bands);
    let as_bad = condition == Band::Red || (condition == Band::Amber && !any_red);
    Some(Expected {
        severity,
        confirmed,
        condition,
        count: u32::try_from(lows.len()).unwrap_or(u32::MAX),
        worst_tenths,
        doubtful: at_severity.iter().all(|low| !low.sound),
        recheck_awaited: !confirmed && as_bad,
    })
}

/// The worst of all that no better sound reading is surely after.
fn stands(set: &[Given], bands: Bands) -> Band {
    let judged = || set.iter().filter(|g| !g.exertion);
    let is_better = |g: &Given, low: &Given| g.sound && bands.of(*g) < bands.of(*low);
    judged()
        .filter(|low| bands.is_low(**low))
        .filter(|low| !judged().any(|g| is_better(g, low) && g.is_surely_after(low)))
        .map(|low| bands.of(*low))
        .max()
        .unwrap_or(Band::Green)
}

/// The lows that come in behind a newer sound good reading, in this order of arrival.
fn late_in(set: &[Given], order: &[usize], bands: Bands) -> BTreeSet<usize> {
    let came_late = |nth: usize| {
        let low = set[order[nth]];
        bands.is_low(low)
            && order[..nth]
                .iter()
                .any(|before| bands.is_good(set[*before]) && set[*before].is_surely_after(&low))
    };
    (0..order.len())
        .filter(|nth| came_late(*nth))
        .map(|nth| order[nth])
        .collect()
}

/// All of them arrive, in this order, at one moment.
fn arrive(
    rules: &impl Rules,
    set: &[Given],
    order: &[usize],
    bands: Bands,
) -> (StayState, Vec<Alert>) {
    let nothing = Stood {
        state: StayState::default(),
        alerts: Vec::new(),
        seq: Seq(0),
    };
    arrive_after(rules, nothing, set, order, bands)
}

/// A stay as it stood before.
#[derive(Clone, Debug)]
struct Stood {
    state: StayState,
    alerts: Vec<Alert>,
    /// The ward's log had come so far.
    seq: Seq,
}

fn arrive_after(
    rules: &impl Rules,
    stood: Stood,
    set: &[Given],
    order: &[usize],
    bands: Bands,
) -> (StayState, Vec<Alert>) {
    let stay = stay(bands.plan());
    let Stood {
        mut state,
        mut alerts,
        mut seq,
    } = stood;
    for place in order {
        let given = set[*place];
        let at = EIGHT.minus(seconds(given.ago));
        let Some(measured) = values(given.tenths, given.sound) else {
            continue;
        };
        let came_in = EIGHT.minus(seconds(given.came_ago));
        let mut reading = reading(*place as u128, measured, at, given.exertion, came_in);
        reading.bridge = BridgeId(uuid::Uuid::from_u128(given.bridge));
        reading.measured_at = Timestamp::from_millis(EIGHT.as_millis() - 1000 * given.wall_ago);
        if given.uncertain {
            reading.timing = Timing::ByWallClock;
        }
        state = rules.with(state, &reading, &stay.plan);
        for event in rules.assess(&stay, &state, &alerts, &reading, EIGHT) {
            seq = seq.next();
            if let WardEvent::Alert { alert, .. } = event.stamped(seq) {
                alerts.retain(|held| held.number != alert.number);
                alerts.push(*alert);
            }
        }
    }
    alerts.sort_by_key(|alert| alert.problem);
    (state, alerts)
}

/// An acknowledgement so long before everything arrives.
const TAKEN_AGO: u64 = 4 * 3600;
/// A low of no longer ago than this is a relapse.
const RELAPSE_AGO: u64 = TAKEN_AGO - 30 * 60;

/// Two lows that confirmed each other and a good reading, and then a clinician took the alert: only what is measured
/// after that arrives.
fn taken_and_well_again(low_tenths: u16, bands: Bands) -> Option<Stood> {
    let before = [(low_tenths, 120), (low_tenths, 60), (960, 30)];
    let before = before.map(|(tenths, ago)| Given {
        came_ago: TAKEN_AGO + ago,
        ..plain(tenths, true, false, TAKEN_AGO + ago)
    });
    let (state, alerts) = arrive(&Real, &before, &[0, 1, 2], bands);
    let at = EIGHT.minus(seconds(TAKEN_AGO));
    let by = ClinicianId(uuid::Uuid::from_u128(0xA5));
    match Real.acknowledge(alerts.first()?, by, Seq(i64::MAX), at) {
        Ok(Acknowledged::Now(taken)) => Some(Stood {
            state,
            alerts: vec![*taken],
            seq: Seq(100),
        }),
        Ok(Acknowledged::Already { .. }) | Err(_) => None,
    }
}

/// What the set says of an alert that was taken and well again: whether it is nobody's, and how it stands.
fn oracle_after(
    low_tenths: u16,
    set: &[Given],
    late: &BTreeSet<usize>,
    bands: Bands,
) -> (bool, Expected) {
    let was_red = low_tenths < 860;
    let lows: Vec<Given> = (0..set.len())
        .filter(|place| !late.contains(place))
        .map(|place| set[place])
        .filter(|given| bands.is_low(*given))
        .collect();
    let is_red = |low: &Given| bands.of(*low) == Band::Red;
    let any_red = was_red || lows.iter().any(is_red);
    let rose = any_red && !was_red;
    let relapsed = !rose && lows.iter().any(|low| low.at_least_ago() <= RELAPSE_AGO);
    let rests_on: Vec<Given> = lows
        .iter()
        .copied()
        .filter(|low| rose || low.at_least_ago() <= RELAPSE_AGO)
        .collect();
    let so_severe: Vec<Given> = rests_on
        .iter()
        .copied()
        .filter(|low| !any_red || is_red(low))
        .collect();
    let ago = |low: &Given| if rose { low.ago } else { low.at_least_ago() };
    let two = so_severe
        .iter()
        .any(|a| so_severe.iter().any(|b| ago(a).abs_diff(ago(b)) >= 60));
    let confirmed = two || !(rose || relapsed);
    let marked_by = if so_severe.is_empty() {
        &rests_on
    } else {
        &so_severe
    };
    let condition = stands(set, bands);
    let as_bad = condition == Band::Red || (condition == Band::Amber && !any_red);
    let worst_tenths = lows.iter().map(|low| low.tenths).min();
    let expected = Expected {
        severity: if any_red {
            Severity::Red
        } else {
            Severity::Amber
        },
        confirmed,
        condition,
        count: u32::try_from(lows.len() + 2).unwrap_or(u32::MAX),
        worst_tenths: worst_tenths.map_or(low_tenths, |worst| worst.min(low_tenths)),
        doubtful: (rose || relapsed) && marked_by.iter().all(|low| !low.sound),
        recheck_awaited: !confirmed && as_bad,
    };
    (rose || relapsed, expected)
}

fn check_after(
    rules: &impl Rules,
    low_tenths: u16,
    set: &[Given],
    order: &[usize],
    bands: Bands,
) -> Result<(), String> {
    let stood = taken_and_well_again(low_tenths, bands).ok_or("nobody took it")?;
    let (_, alerts) = arrive_after(rules, stood, set, order, bands);
    let oxygen = alerts.iter().find(|alert| alert.problem == Problem::Oxygen);
    let seen = oxygen.map(|alert| (alert.is_unacknowledged(), seen_in(alert)));
    let expected = oracle_after(low_tenths, set, &late_in(set, order, bands), bands);
    if seen.as_ref() != Some(&expected) {
        return Err(format!(
            "in order {order:?}: {oxygen:?}, expected {expected:?}"
        ));
    }
    Ok(())
}

/// The alert without what only says in which order it was told.
fn told_in_no_order(alert: &Alert) -> Alert {
    Alert {
        number: Seq(0),
        spoke_seq: Seq(0),
        heeded: Heeded::default(),
        ..alert.clone()
    }
}

fn seen_in(alert: &Alert) -> Expected {
    Expected {
        severity: alert.severity,
        confirmed: alert.confirmation == Confirmation::SecondReading,
        condition: alert.condition,
        count: alert.lows.map_or(0, |lows| lows.count),
        worst_tenths: alert.worst.map_or(0, Spo2::tenths),
        doubtful: alert.is_doubtful(),
        recheck_awaited: alert.recheck_by.is_some(),
    }
}

fn check(
    rules: &impl Rules,
    set: &[Given],
    orders: [&[usize]; 2],
    bands: Bands,
) -> Result<(), String> {
    let mut ends = Vec::new();
    let mut any_late = false;
    for order in orders {
        let (state, alerts) = arrive(rules, set, order, bands);
        let late = late_in(set, order, bands);
        any_late |= !late.is_empty();
        let oxygen = alerts.iter().find(|alert| alert.problem == Problem::Oxygen);
        let expected = oracle(set, &late, bands);
        if oxygen.map(seen_in) != expected {
            return Err(format!(
                "in order {order:?}: {oxygen:?}, expected {expected:?}"
            ));
        }
        let review = alerts
            .iter()
            .find(|alert| alert.problem == Problem::LateLow);
        let reviewed = review
            .and_then(|alert| alert.lows)
            .map_or(0, |lows| lows.count);
        if reviewed as usize != late.len() {
            return Err(format!(
                "in order {order:?}: {reviewed} of {late:?} in review"
            ));
        }
        if review.is_some_and(|review| review.severity != Severity::Low) {
            return Err(format!("a late low pages: {review:?}"));
        }
        ends.push((state, alerts));
    }
    let [(one, alerts_one), (other, alerts_other)] = &ends[..] else {
        return Err("two orders".to_owned());
    };
    if one != other {
        return Err(format!("the stay's state: {one:?} or {other:?}"));
    }
    let timeless = |alerts: &[Alert]| alerts.iter().map(told_in_no_order).collect::<Vec<_>>();
    if !any_late && timeless(alerts_one) != timeless(alerts_other) {
        return Err(format!("{alerts_one:?} or {alerts_other:?}"));
    }
    Ok(())
}

fn given() -> impl Strategy<Value = Given> {
    let tenths = prop_oneof![
        8 => 840u16..=980,
        2 => prop::sample::select(vec![859, 860, 879, 880, 929, 930, 949, 950]),
        1 => 10u16..=1000,
    ];
    // Under and over a minute apart, with many of one moment; and a day's worth.
    let ago = prop_oneof![
        4 => (0u64..20).prop_map(|tens| tens * 10),
        2 => prop::sample::select(vec![0u64, 1, 59, 60, 61, 119, 120]),
        2 => 0u64..=24 * 3600,
    ];
    let doubtful = prop::bool::weighted(0.3);
    let exertion = prop::bool::weighted(0.05);
    (tenths, doubtful, exertion, ago, sent()).prop_map(|(tenths, doubtful, exertion, ago, sent)| {
        let (bridge, transit, behind, came_in, uncertain) = sent;
        let given = plain(tenths, !doubtful, exertion, ago);
        given.sent(bridge, transit, behind, came_in, uncertain)
    })
}

/// Two bridges, up to a minute on the way, clocks up to an hour off, with an age or without.
fn sent() -> impl Strategy<Value = (u128, u64, i64, u64, bool)> {
    let bridge = prop::sample::select(vec![5, 5, 5, 6]);
    let transit = prop_oneof![2 => Just(0u64), 1 => 0u64..=60];
    let behind = prop_oneof![6 => Just(0i64), 1 => -60i64..=60, 1 => -3600i64..=3600];
    let came_in = prop_oneof![2 => Just(0u64), 1 => 0u64..=600, 1 => 0u64..=24 * 3600];
    (bridge, transit, behind, came_in, prop::bool::weighted(0.15))
}

/// Measured since the acknowledgement; never three points under the red that was taken, which speaks for itself.
fn given_since() -> impl Strategy<Value = Given> {
    let ago = prop_oneof![
        2 => prop::sample::select(vec![0, 59, 60, RELAPSE_AGO - 60, RELAPSE_AGO, RELAPSE_AGO + 1, RELAPSE_AGO + 60]),
        1 => RELAPSE_AGO - 300..RELAPSE_AGO + 300,
        1 => 0..TAKEN_AGO,
    ];
    (given(), ago, sent()).prop_map(|(given, ago, sent)| {
        let (bridge, transit, behind, came_in, uncertain) = sent;
        let tenths = given.tenths.max(780);
        let given = plain(tenths, given.sound, given.exertion, ago);
        given.sent(bridge, transit, behind, came_in, uncertain)
    })
}

/// A red of both plans, or an amber.
const fn low_of(bands: Bands, was_red: bool) -> u16 {
    match bands {
        _ if was_red => 800,
        Bands::ScaleOne => 940,
        Bands::Target88To92 => 870,
    }
}

fn bands() -> impl Strategy<Value = Bands> {
    prop::sample::select(vec![Bands::ScaleOne, Bands::Target88To92])
}

fn set_and_orders(
    given: impl Strategy<Value = Given>,
) -> impl Strategy<Value = (Vec<Given>, Vec<usize>, Vec<usize>)> {
    prop::collection::vec(given, 0..12).prop_flat_map(|set| {
        let order: Vec<usize> = (0..set.len()).collect();
        let shuffled = Just(order).prop_shuffle();
        (Just(set), shuffled.clone(), shuffled)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_orders_end_in_what_the_set_says((set, one, other) in set_and_orders(given()), bands in bands()) {
        prop_assert_eq!(check(&Real, &set, [&one, &other], bands), Ok(()));
    }

    /// Neither the way of a message nor a wrong clock sends the newest of a bridge to the review.
    #[test]
    fn the_newest_low_of_its_bridge_is_never_late((set, order, _) in set_and_orders(given()), bands in bands()) {
        let (_, alerts) = arrive(&Real, &set, &order, bands);
        let all_lows = |alert: &Alert| alert.lows.map_or(0, |lows| lows.count as usize);
        let reviewed: usize = alerts.iter().filter(|alert| alert.problem == Problem::LateLow).map(all_lows).sum();
        let safe = |low: &&Given| {
            let newer = |g: &Given| {
                let by_receipt = g.uncertain && g.came_ago < low.came_ago;
                let by_far = if g.bridge == low.bridge {
                    g.ago + 120 < low.came_ago
                } else {
                    g.ago + 120 < low.ago
                };
                (g.bridge == low.bridge && g.wall_ago < low.wall_ago)
                    || (bands.is_good(*g) && (by_receipt || by_far))
            };
            bands.is_low(**low) && !set.iter().any(newer)
        };
        let lows = set.iter().filter(|g| bands.is_low(**g)).count();
        let safe = set.iter().filter(safe).count();
        prop_assert!(reviewed + safe <= lows, "{safe} of {lows} are not late, {reviewed} in review");
    }

    /// Without good readings nothing is late, and even the review stays empty.
    #[test]
    fn lows_alone_end_in_the_same_alerts_in_any_order(
        (set, one, other) in set_and_orders(given().prop_map(|given| Given { tenths: given.tenths.min(879), ..given })),
        bands in bands(),
    ) {
        prop_assert_eq!(check(&Real, &set, [&one, &other], bands), Ok(()));
        let (_, alerts) = arrive(&Real, &set, &one, bands);
        prop_assert!(alerts.len() <= 1, "{:?}", alerts);
    }

    /// What is measured after an acknowledgement, by one who was well again, relapses in any order or in none.
    #[test]
    fn any_order_relapses_when_the_set_says_so(
        (set, order, _) in set_and_orders(given_since()),
        bands in bands(),
        was_red in prop::bool::ANY,
    ) {
        prop_assert_eq!(check_after(&Real, low_of(bands, was_red), &set, &order, bands), Ok(()));
    }

    /// Older than a day makes the silence speak or goes to review, by the order; the oxygen alert stays what the set of
    /// the last day says.
    #[test]
    fn lows_of_more_than_a_day_ago_change_nothing_about_the_oxygen_alert(
        (set, one, _) in set_and_orders(given()),
        old in prop::collection::vec((840u16..=920, 26 * 3600u64..100 * 3600), 1..4),
        bands in bands(),
    ) {
        let (_, without) = arrive(&Real, &set, &one, bands);
        let mut with_old = set.clone();
        let mut order = one.clone();
        for (nth, (tenths, ago)) in old.into_iter().enumerate() {
            with_old.push(Given { came_ago: ago, ..plain(tenths, true, false, ago) });
            order.insert(nth.min(order.len()), with_old.len() - 1);
        }
        let (_, with) = arrive(&Real, &with_old, &order, bands);
        let oxygen = |alerts: &[Alert]| {
            alerts.iter().find(|alert| alert.problem == Problem::Oxygen).map(seen_in)
        };
        prop_assert_eq!(oxygen(&without), oxygen(&with));
    }
}

#[test]
fn every_order_of_every_small_set_ends_in_what_the_set_says() {
    // A good one, an amber, a red, a doubtful red and a doubtful normal, close together and far apart: all 120 orders
    // of each of the 3125 ways to time them would take long, all orders of five times do not.
    let kinds = [
        (960, true),
        (940, true),
        (910, true),
        (900, false),
        (970, false),
    ];
    let times = [
        [0, 30, 60, 90, 120],
        [0, 0, 30, 30, 61],
        [500, 400, 300, 200, 100],
    ];
    let mut orders = Vec::new();
    permute(&mut vec![0, 1, 2, 3, 4], 0, &mut orders);
    assert_eq!(orders.len(), 120);
    for times in times {
        for turned in &orders {
            let set: Vec<Given> = kinds
                .iter()
                .zip(turned)
                .map(|(&(tenths, sound), place)| plain(tenths, sound, false, times[*place]))
                .collect();
            for order in &orders {
                let forth = [0, 1, 2, 3, 4];
                let done = check(&Real, &set, [order, &forth], Bands::ScaleOne);
                assert_eq!(done, Ok(()));
            }
        }
    }
}

fn permute(places: &mut Vec<usize>, from: usize, found: &mut Vec<Vec<usize>>) {
    if from == places.len() {
        found.push(places.clone());
        return;
    }
    for other in from..places.len() {
        places.swap(from, other);
        permute(places, from + 1, found);
        places.swap(from, other);
    }
}

fn thrown(dice: &mut Dice, given: Given) -> Given {
    let bridge = dice.pick(&[5, 5, 6], 5);
    let transit = dice.pick(&[0, 0, 25, 60], 0);
    let behind = dice.pick(&[0, 0, 0, 45, -3600, 3600], 0);
    let came_in = dice.pick(&[0, 0, 5, 60, 200, 7200], 0);
    given.sent(bridge, transit, behind, came_in, dice.one_in(6))
}

/// The same checker over random sets, without shrinking: the first complaint.
fn complaint_about(rules: &impl Rules) -> Option<String> {
    let mut dice = Dice(7);
    (0..4000).find_map(|_| {
        let count = dice.below(8);
        let set: Vec<Given> = (0..count)
            .map(|_| {
                let tenths = dice.pick(&[850, 870, 900, 929, 930, 945, 950, 970], 900);
                let (sound, exertion) = (!dice.one_in(3), dice.one_in(20));
                let ago = dice.pick(&[0, 10, 30, 59, 60, 90, 120, 900, 7200], 0);
                thrown(&mut dice, plain(tenths, sound, exertion, ago))
            })
            .collect();
        let forth: Vec<usize> = (0..set.len()).collect();
        let mut order = forth.clone();
        for place in (1..order.len()).rev() {
            let other = usize::try_from(dice.below(place as u64 + 1)).unwrap_or(0);
            order.swap(place, other);
        }
        check(rules, &set, [&forth, &order], Bands::ScaleOne).err()
    })
}

#[test]
fn the_checker_finds_nothing_in_the_real_rules_and_every_planted_fault() {
    assert_eq!(complaint_about(&Real), None);
    for fault in [
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
        Fault::SecondAlertIsOpened,
        Fault::RecheckIsForgotten,
        Fault::RecheckIsAwaitedForEver,
        Fault::LateByEffectiveTimeAlone,
        Fault::UncertainLowIsSilenced,
    ] {
        assert!(complaint_about(&Faulty(fault)).is_some(), "{fault:?}");
    }
}

fn complaint_about_relapses(rules: &impl Rules) -> Option<String> {
    let mut dice = Dice(7);
    (0..4000).find_map(|_| {
        let count = dice.below(6);
        let set: Vec<Given> = (0..count)
            .map(|_| {
                let tenths = dice.pick(&[790, 850, 929, 930, 945, 950, 970], 900);
                let (sound, exertion) = (!dice.one_in(3), dice.one_in(20));
                let ago = dice.pick(&[0, 30, 60, 900, RELAPSE_AGO, RELAPSE_AGO + 1], 0);
                thrown(&mut dice, plain(tenths, sound, exertion, ago))
            })
            .collect();
        let order: Vec<usize> = (0..set.len()).collect();
        let low_tenths = low_of(Bands::ScaleOne, dice.one_in(2));
        check_after(rules, low_tenths, &set, &order, Bands::ScaleOne).err()
    })
}

#[test]
fn the_checker_of_relapses_finds_nothing_in_the_real_rules_and_every_planted_fault() {
    assert_eq!(complaint_about_relapses(&Real), None);
    for fault in [
        Fault::RelapseIsSilent,
        Fault::FlappingSpeaks,
        Fault::EarlyRelapseIsForgotten,
        Fault::OldLowsConfirmARelapse,
        Fault::WorseStaysAcknowledged,
        Fault::DoubtfulLowIsDropped,
        Fault::OlderReadingsAreDropped,
    ] {
        assert!(
            complaint_about_relapses(&Faulty(fault)).is_some(),
            "{fault:?}"
        );
    }
}

/// All of the set came in while the service's clock was six hours ahead; then the clock is mended, and a low comes in.
fn complaint_about_the_future(rules: &impl Rules) -> Option<String> {
    let mut dice = Dice(7);
    (0..1000).find_map(|_| {
        let set: Vec<Given> = (0..dice.below(6))
            .map(|_| {
                let tenths = dice.pick(&[900, 930, 945, 970, 980], 970);
                let ago = dice.pick(&[0, 30, 60, 900], 0);
                let (sound, given) = (!dice.one_in(4), plain(tenths, true, false, ago));
                thrown(&mut dice, Given { sound, ..given })
            })
            .collect();
        let order: Vec<usize> = (0..set.len()).collect();
        let (mut state, _) = arrive(rules, &set, &order, Bands::ScaleOne);
        state.oxygen_resolved_at = dice.one_in(2).then_some(EIGHT);
        let now = EIGHT.minus(minutes(6 * 60));
        let at = now.minus(seconds(dice.below(300)));
        let low = reading(99, values(850, !dice.one_in(3))?, at, false, now);
        let stay = stay(Bands::ScaleOne.plan());
        let state = rules.with(state, &low, &stay.plan);
        let events = rules.assess(&stay, &state, &[], &low, now);
        let speaks = events.iter().any(|event| {
            matches!(event, WardEvent::Alert { alert, .. }
                if alert.problem == Problem::Oxygen && alert.condition == Band::Red)
        });
        (!speaks).then(|| format!("{low:?} makes no sound: {events:?}"))
    })
}

#[test]
fn what_was_stored_by_a_clock_that_ran_ahead_silences_no_low_of_today() {
    assert_eq!(complaint_about_the_future(&Real), None);
    assert!(complaint_about_the_future(&Faulty(Fault::FutureIsBelieved)).is_some());
}

#[test]
fn a_day_is_the_limit_in_any_order() {
    let set = [24 * 60, 24 * 60 - 1].map(|ago| plain(900, true, false, minutes(ago).as_secs()));
    assert_eq!(
        check(&Real, &set, [&[0, 1], &[1, 0]], Bands::ScaleOne),
        Ok(())
    );
}
