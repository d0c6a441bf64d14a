//! What of a stay is drawn, and how it is told to somebody who does not see it.

use ward_chart::{Axis, Breathing, Chart, Limit, Mark, Shape, Size, draw};
use ward_core::day::Zone;
use ward_core::news2::table;
use ward_core::plan::{Band, Spo2Scale};
use ward_core::reading::{Context, Measured, Source, Values};
use ward_core::spo2::{Pulse, Spo2};
use ward_core::time::{Timestamp, minutes};
use ward_service::{ChartLine, Trend};

use crate::pages::patient::words::{BandMark, PageClock, on_screen};

/// Up to so long each value has its number beside it.
const NUMBERED_UP_TO: std::time::Duration = minutes(3 * 24 * 60 + 12 * 60);

/// One value over time, for a screen and for a telephone.
pub(super) struct Drawn {
    pub(super) wide: String,
    pub(super) narrow: String,
    /// Several values stand for each other.
    pub(super) thinned: bool,
}

/// From when until when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// Values that count: no copies, and where they were struck out only if they are drawn so.
pub(super) fn values(line: &ChartLine) -> Option<&Values> {
    match &line.kept.reading.measured {
        Measured::Values(values) if line.kept.copy_of.is_none() => Some(values),
        Measured::Values(_) | Measured::Attempt { .. } => None,
    }
}

pub(super) fn spo2(trend: &Trend, span: Span, clock: &PageClock) -> Drawn {
    let limits = |plan: &ward_service::PlanInForce| {
        let given = &plan.version.plan.limits;
        // What came before the first version was judged by it too.
        let is_first = trend.plans.last() == Some(plan);
        [
            (Band::Amber, given.amber_at_or_below),
            (Band::Red, given.red_at_or_below),
        ]
        .map(|(band, at_or_below)| Limit {
            from: if is_first { span.from } else { plan.from },
            until: plan.until,
            at_or_below,
            band,
        })
    };
    let zone = &clock.zone;
    let newest = trend.plans.first();
    let target = newest.and_then(|plan| plan.version.plan.care.oxygen_target);
    let chart = Chart {
        axis: Axis::SPO2,
        scores: table::of_spo2(trend.stay.plan.spo2_scale),
        limits: trend.plans.iter().rev().flat_map(limits).collect(),
        target: target.map(|target| (target.from, target.to)),
        marks: marks(trend, |values| Some(values.spo2.tenths())),
        // Nobody says what was breathed between two readings, and nobody is to think that it was air.
        breathing: Some(vec![(span.from, span.until, Breathing::NotRecorded)]),
        ..ground(trend, span, clock, zone)
    };
    let scale = match trend.stay.plan.spo2_scale {
        Spo2Scale::One => 1,
        Spo2Scale::Two => 2,
    };
    let title = format!("Oxygen saturation, 80 to 100 %, points of scale {scale}");
    let told = told(trend, span, clock, " %", |values| {
        Some(values.spo2.tenths())
    });
    drawn(&chart, [Size::WIDE, Size::NARROW], "spo2", &title, &told)
}

/// The same, small, for a page that is about something else.
pub(in crate::pages) fn spo2_beside(
    trend: &Trend,
    (from, until): (Timestamp, Timestamp),
    (zone, now): (&Zone, Timestamp),
) -> String {
    let clock = PageClock {
        zone: zone.clone(),
        now,
    };
    spo2(trend, Span { from, until }, &clock).narrow
}

pub(super) fn pulse(trend: &Trend, span: Span, clock: &PageClock) -> Drawn {
    let zone = &clock.zone;
    let of = |values: &Values| values.pulse.map(Pulse::tenths);
    let chart = Chart {
        axis: Axis::PULSE,
        scores: table::of_pulse(),
        marks: marks(trend, of),
        attempts: Vec::new(),
        ..ground(trend, span, clock, zone)
    };
    let told = told(trend, span, clock, " a minute", of);
    let sizes = [Size::WIDE.low(), Size::NARROW.low()];
    drawn(&chart, sizes, "pulse", "Pulse, 30 to 150 a minute", &told)
}

fn ground<'a>(trend: &Trend, span: Span, clock: &PageClock, zone: &'a Zone) -> Chart<'a> {
    let attempts = trend.lines.iter().filter(|line| line.kept.struck.is_none());
    let mut pauses = trend.pauses.clone();
    // Before the admission nobody was asked for anything.
    pauses.push((span.from, trend.stay.admitted_at.min(span.until)));
    Chart {
        from: span.from,
        until: span.until,
        now: clock.now,
        zone,
        axis: Axis::SPO2,
        scores: &[],
        limits: Vec::new(),
        target: None,
        marks: Vec::new(),
        attempts: attempts
            .filter(|line| matches!(line.kept.reading.measured, Measured::Attempt { .. }))
            .map(|line| line.kept.reading.effective_at)
            .collect(),
        asked_for: trend.asked_for.clone(),
        pauses,
        breathing: None,
        numbers: span.until <= span.from.plus(NUMBERED_UP_TO),
    }
}

fn marks(trend: &Trend, of: impl Fn(&Values) -> Option<u16>) -> Vec<Mark> {
    let mark = |line: &ChartLine| {
        let values = values(line)?;
        Some(Mark {
            at: line.kept.reading.effective_at,
            tenths: of(values)?,
            shape: match line.kept.reading.source {
                Source::Oximeter => Shape::Device,
                Source::ByHand { .. } => Shape::Typed,
            },
            doubtful: values.is_doubtful(),
            struck: line.kept.struck.is_some(),
            exertion: line.kept.reading.context == Context::Exertion,
        })
    };
    trend.lines.iter().filter_map(mark).collect()
}

fn drawn(chart: &Chart<'_>, sizes: [Size; 2], id: &str, title: &str, told: &str) -> Drawn {
    let [wide, narrow] = sizes.map(|size| draw(chart, &size));
    Drawn {
        thinned: wide.thinned || narrow.thinned,
        wide: wide.svg(&format!("{id}-wide"), "wl-chart--wide", title, told),
        narrow: narrow.svg(&format!("{id}-narrow"), "wl-chart--narrow", title, told),
    }
}

fn told(
    trend: &Trend,
    span: Span,
    clock: &PageClock,
    unit: &str,
    of: impl Fn(&Values) -> Option<u16>,
) -> String {
    let of_line = |line: &ChartLine| {
        let counts = line.kept.struck.is_none();
        let value = values(line).and_then(&of).filter(|_| counts)?;
        Some((line.kept.reading.effective_at, value))
    };
    let all: Vec<(Timestamp, u16)> = trend.lines.iter().filter_map(of_line).collect();
    let day = |at: Timestamp| on_screen(clock.zone.day_of(at));
    let spans = format!("{} to {}", day(span.from), day(span.until));
    let (Some(newest), Some(lowest)) = (all.first(), all.iter().min_by_key(|it| it.1)) else {
        return format!("No values from {spans}.");
    };
    let said = |(at, tenths): &(Timestamp, u16)| {
        format!("{}{unit} at {}", in_units(*tenths), clock.when(*at))
    };
    let count = all.len();
    format!(
        "{count} values from {spans}. Newest {}. Lowest {}. The table has them all.",
        said(newest),
        said(lowest)
    )
}

/// `92.3`, `92`.
pub(super) fn in_units(tenths: u16) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

/// The band by which a value was judged when it came in.
pub(super) fn judged(trend: &Trend, line: &ChartLine, spo2: Spo2) -> Option<BandMark> {
    // The lowest value of an exertion test is never judged as one at rest.
    let at_rest = line.kept.reading.context != Context::Exertion;
    let limits = trend.limits_at(line.kept.reading.received_at);
    at_rest.then(|| BandMark::of(limits.band(spo2)))
}
