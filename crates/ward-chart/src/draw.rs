//! From values to shapes.

use ward_core::plan::Band;
use ward_core::silence::Became;
use ward_core::time::{Timestamp, minutes};

use crate::drawing::{Bar, Digit, Dot, Drawing, Line, SlotTick};
use crate::labels::{self, RADIUS};
use crate::thin::thinned;
use crate::ticks::ticks;
use crate::{Chart, Mark, Size};

/// Values further apart are not joined, whatever the plan asks for.
const JOINED_WITHIN: std::time::Duration = minutes(24 * 60);

/// Below the plot: slots, the strip, hours, days.
const SLOTS: i64 = 18;
const STRIP: i64 = 20;

/// Draws a chart.
#[must_use]
pub fn draw(chart: &Chart<'_>, size: &Size) -> Drawing {
    let field = Field::of(chart, size);
    let in_view = |at: Timestamp| chart.from <= at && at <= chart.until;
    let shown: Vec<Mark> = chart
        .marks
        .iter()
        .filter(|mark| in_view(mark.at))
        .copied()
        .collect();
    let (shown, thinned) = thinned(&shown, |mark| field.x(mark.at));
    let mut dots: Vec<Dot> = shown.iter().map(|mark| field.dot(mark)).collect();
    if chart.numbers {
        labels::place(&mut dots, field.plot(), size.text);
    }
    let strip = chart.breathing.as_ref();
    let below = SLOTS + if strip.is_some() { STRIP } else { 0 } + 2 * size.text + 12;
    Drawing {
        width: size.width,
        height: field.bottom + below,
        text: size.text,
        plot: field.plot(),
        bands: field.bands(),
        rows: chart
            .axis
            .numbered()
            .map(|row| (field.y(row * 10), row))
            .collect(),
        ticks: ticks(
            chart.zone,
            chart.from,
            chart.until,
            |at| field.x(at),
            size.text,
        ),
        limits: field.limits(),
        target: chart
            .target
            .map(|(from, to)| (field.edge(i64::from(to) + 1), field.edge(i64::from(from)))),
        pauses: chart
            .pauses
            .iter()
            .filter_map(|(from, to)| field.span(*from, *to))
            .collect(),
        now: in_view(chart.now).then(|| field.x(chart.now)),
        runs: field.runs(&shown),
        dots,
        attempts: chart
            .attempts
            .iter()
            .filter(|at| in_view(**at))
            .map(|at| field.x(*at))
            .collect(),
        slots: chart
            .asked_for
            .iter()
            .filter(|asked| in_view(asked.at))
            .map(|asked| SlotTick {
                x: field.x(asked.at),
                is: asked.is,
            })
            .collect(),
        strip: strip.map(|bars| {
            let bar = |(from, to, breathing): &(Timestamp, Timestamp, _)| {
                field.span(*from, *to).map(|(from, to)| Bar {
                    from,
                    to,
                    breathing: *breathing,
                })
            };
            bars.iter().filter_map(bar).collect()
        }),
        thinned,
    }
}

/// Where things lie.
struct Field<'a> {
    chart: &'a Chart<'a>,
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
}

impl<'a> Field<'a> {
    fn of(chart: &'a Chart<'a>, size: &Size) -> Self {
        let top = size.text + 2 * RADIUS + 4;
        Self {
            chart,
            left: size.left,
            right: size.width - size.right,
            top,
            bottom: top + size.plot_height,
        }
    }

    const fn plot(&self) -> (i64, i64, i64, i64) {
        (self.left, self.top, self.right, self.bottom)
    }

    fn x(&self, at: Timestamp) -> i64 {
        let span = self.chart.until.millis_since(self.chart.from).max(1);
        let at = at.clamp(self.chart.from, self.chart.until.max(self.chart.from));
        let part =
            i128::from(at.millis_since(self.chart.from)) * i128::from(self.right - self.left);
        self.left + i64::try_from(part / i128::from(span)).unwrap_or(0)
    }

    fn y(&self, tenths: u16) -> i64 {
        self.bottom - self.chart.axis.place(tenths, self.bottom - self.top).0
    }

    fn edge(&self, row: i64) -> i64 {
        self.bottom - self.chart.axis.edge(row, self.bottom - self.top)
    }

    /// The part of a span that is in view, if any is.
    fn span(&self, from: Timestamp, to: Timestamp) -> Option<(i64, i64)> {
        let seen = from < self.chart.until && to > self.chart.from && from < to;
        seen.then(|| (self.x(from), self.x(to)))
    }

    fn dot(&self, mark: &Mark) -> Dot {
        let (_, clip) = self.chart.axis.place(mark.tenths, self.bottom - self.top);
        Dot {
            x: self.x(mark.at),
            y: self.y(mark.tenths),
            shape: mark.shape,
            hollow: mark.doubtful,
            struck: mark.struck,
            exertion: mark.exertion,
            clip,
            tenths: mark.tenths,
            label: None,
        }
    }

    fn bands(&self) -> Vec<Digit> {
        let axis = self.chart.axis;
        let band = |row: &ward_core::news2::table::Scores| {
            let from = row.from.unwrap_or(axis.from).max(axis.from);
            let to = row.to.unwrap_or(axis.to).min(axis.to);
            (from <= to).then(|| Digit {
                top: self.edge(i64::from(to) + 1),
                bottom: self.edge(i64::from(from)),
                points: row.points,
                on_oxygen: row.on_oxygen,
            })
        };
        self.chart.scores.iter().filter_map(band).collect()
    }

    fn limits(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for limit in &self.chart.limits {
            let Some((from, to)) = self.span(limit.from, limit.until) else {
                continue;
            };
            let same = |line: &&mut Line| {
                (line.band, line.at_or_below, line.to) == (limit.band, limit.at_or_below, from)
            };
            // A version that left the limit as it was goes on with the same line.
            if let Some(line) = lines.iter_mut().find(same) {
                line.to = to;
                continue;
            }
            lines.push(Line {
                from,
                to,
                y: self.edge(i64::from(limit.at_or_below) + 1),
                band: limit.band,
                at_or_below: limit.at_or_below,
                named: false,
            });
        }
        for band in [Band::Red, Band::Amber] {
            // The words stand on the newest of them.
            let newest = lines
                .iter_mut()
                .filter(|line| line.band == band)
                .max_by_key(|line| line.to);
            if let Some(line) = newest {
                line.named = true;
            }
        }
        lines
    }

    /// Values at rest that count, joined as long as nothing was missed between them.
    fn runs(&self, shown: &[Mark]) -> Vec<Vec<(i64, i64)>> {
        let mut runs: Vec<Vec<(i64, i64)>> = Vec::new();
        let mut before: Option<Timestamp> = None;
        for mark in shown.iter().filter(|mark| !mark.struck && !mark.exertion) {
            let point = (self.x(mark.at), self.y(mark.tenths));
            match runs.last_mut() {
                Some(run) if before.is_some_and(|before| self.are_joined(before, mark.at)) => {
                    run.push(point);
                }
                Some(_) | None => runs.push(vec![point]),
            }
            before = Some(mark.at);
        }
        runs.retain(|run| run.len() > 1);
        runs
    }

    fn are_joined(&self, before: Timestamp, after: Timestamp) -> bool {
        let between = |at: Timestamp| before < at && at < after;
        let missed =
            |asked: &ward_core::silence::AskedFor| asked.is == Became::Missed && between(asked.at);
        let paused = |(from, to): &(Timestamp, Timestamp)| *from < after && before < *to;
        after <= before.plus(JOINED_WITHIN)
            && !self.chart.asked_for.iter().any(missed)
            && !self.chart.pauses.iter().any(paused)
    }
}
