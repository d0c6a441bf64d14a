//! A number for each day as a line, from nothing up, with a level that it is set against.

use std::fmt::Write;

use crate::svg::escape;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Days {
    /// Each day's name and its number; nothing where there is none, and there the line is open.
    pub days: Vec<(String, Option<f64>)>,
    /// What they are set against.
    pub level: Option<Level>,
}

/// A level, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// How high it is.
    pub at: f64,
    /// Its name.
    pub name: String,
}

/// The line as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ByDay {
    /// The highest number that has room.
    pub top: f64,
    /// Runs of points that are joined: days without a number part them.
    pub runs: Vec<Vec<(f64, f64)>>,
    /// Rows with their numbers: where, and which.
    pub rows: Vec<(f64, f64)>,
    /// Days with their names: where, and which.
    pub names: Vec<(f64, String)>,
    /// The level: where, and what it is called.
    pub level: Option<(f64, String)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const TEXT: f64 = 14.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 620.0;
const HEAD: f64 = 22.0;
const FOOT: f64 = 190.0;
const NAMES_AT_MOST: usize = 6;
/// Up to so many days each has its dot.
const DOTS_UP_TO: usize = 62;

fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

/// The smallest of 1, 2, 5, 10, 20 … that is not less.
fn round_up(most: f64) -> f64 {
    let mut ten = 1.0;
    while ten < 1e12 {
        for step in [1.0, 2.0, 5.0] {
            if ten * step >= most {
                return ten * step;
            }
        }
        ten *= 10.0;
    }
    most
}

/// Draws a number for each day.
#[must_use]
pub fn by_day(days: &Days) -> ByDay {
    let numbers = days.days.iter().filter_map(|(_, number)| *number);
    let level = days.level.as_ref().map(|level| level.at);
    let top = round_up(numbers.chain(level).fold(0.0_f64, f64::max));
    let y = |number: f64| FOOT - (FOOT - HEAD) * (number.max(0.0) / top);
    let many = days.days.len();
    let x = |place: usize| {
        let span = count(many.saturating_sub(1).max(1));
        if many == 1 {
            (LEFT + RIGHT) / 2.0
        } else {
            LEFT + (RIGHT - LEFT) * count(place) / span
        }
    };
    let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (place, (_, number)) in days.days.iter().enumerate() {
        match (number, runs.last_mut()) {
            (Some(number), Some(run)) => run.push((x(place), y(*number))),
            (None, _) | (_, None) => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    let every = many.div_ceil(NAMES_AT_MOST).max(1);
    let named = days
        .days
        .iter()
        .enumerate()
        .filter(|(place, _)| place % every == 0);
    ByDay {
        top,
        runs,
        rows: [0.0, 0.5, 1.0]
            .map(|part| (y(top * part), top * part))
            .into(),
        names: named
            .map(|(place, (name, _))| (x(place), name.clone()))
            .collect(),
        level: days
            .level
            .as_ref()
            .map(|level| (y(level.at), level.name.clone())),
    }
}

impl ByDay {
    /// The drawing, with a title and what a person who does not see it is told. `id` makes its ids its own.
    #[must_use]
    pub fn svg(&self, id: &str, title: &str, told: &str) -> String {
        let mut out = String::with_capacity(4 * 1024);
        // Writing into a String cannot fail.
        let _ = self.write(&mut out, &escape(id), &escape(title), &escape(told));
        out
    }

    fn write(&self, out: &mut String, id: &str, title: &str, told: &str) -> std::fmt::Result {
        writeln!(
            out,
            "<svg class=\"wl-plot\" viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" role=\"img\" aria-labelledby=\"{id}-title {id}-told\" font-size=\"{TEXT:.0}\">"
        )?;
        writeln!(
            out,
            "<title id=\"{id}-title\">{title}</title><desc id=\"{id}-told\">{told}</desc>"
        )?;
        for (y, number) in &self.rows {
            writeln!(
                out,
                "<line class=\"wl-plot__row\" x1=\"{LEFT:.0}\" y1=\"{y:.1}\" x2=\"{RIGHT:.0}\" y2=\"{y:.1}\"/><text class=\"wl-plot__name\" x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{number}</text>",
                LEFT - 8.0,
                y + 5.0
            )?;
        }
        for (x, name) in &self.names {
            writeln!(
                out,
                "<text class=\"wl-plot__name\" x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
                FOOT + 22.0,
                escape(name)
            )?;
        }
        if let Some((y, name)) = &self.level {
            writeln!(
                out,
                "<line class=\"wl-plot__level\" x1=\"{LEFT:.0}\" y1=\"{y:.1}\" x2=\"{RIGHT:.0}\" y2=\"{y:.1}\"/><text class=\"wl-plot__words\" x=\"{RIGHT:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                y - 6.0,
                escape(name)
            )?;
        }
        let dots: usize = self.runs.iter().map(Vec::len).sum();
        for run in &self.runs {
            let points: Vec<String> = run.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            writeln!(
                out,
                "<polyline class=\"wl-plot__line\" points=\"{}\"/>",
                points.join(" ")
            )?;
            for (x, y) in run.iter().filter(|_| dots <= DOTS_UP_TO || run.len() == 1) {
                writeln!(
                    out,
                    "<circle class=\"wl-plot__dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"
                )?;
            }
        }
        writeln!(out, "</svg>")
    }
}
