//! A patient's values over time, as a drawing that a clinician reads without a legend: a fixed axis that never zooms, the
//! points of NEWS2 as bands with their digits in the margin, the plan's limits, the prescribed target, what was missed, and
//! gaps left open.
//!
//! Values in, shapes out: no clock, no database, no page. What a shape means never rests on colour alone: device or person is
//! its form, doubt its filling, a line through it that it was struck out, and its number stands beside it.

mod axis;
mod bars;
mod by_day;
mod draw;
mod drawing;
mod labels;
mod svg;
mod thin;
mod ticks;

use ward_core::day::Zone;
use ward_core::news2::table::Scores;
use ward_core::plan::Band;
use ward_core::silence::AskedFor;
use ward_core::time::Timestamp;

pub use axis::{Axis, Clip};
pub use bars::{Bars, DrawnBar, Row, bars};
pub use by_day::{ByDay, Days, Level, by_day};
pub use draw::draw;
pub use drawing::{Bar, Digit, Dot, Drawing, Label, Line, SlotTick, Tick};

/// What is to be drawn.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// The left edge.
    pub from: Timestamp,
    /// The right edge.
    pub until: Timestamp,
    /// Where now is, if it is within the edges.
    pub now: Timestamp,
    /// The ward's.
    pub zone: &'a Zone,
    /// Up and down.
    pub axis: Axis,
    /// What values score, from the lowest.
    pub scores: &'a [Scores],
    /// The plan's limits, as they were over time.
    pub limits: Vec<Limit>,
    /// The prescribed range, if there is one.
    pub target: Option<(u16, u16)>,
    /// The values, by when they were measured.
    pub marks: Vec<Mark>,
    /// Measurements that gave no value.
    pub attempts: Vec<Timestamp>,
    /// When values were asked for.
    pub asked_for: Vec<AskedFor>,
    /// When nobody was asked.
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// On air or on oxygen, if the chart says so.
    pub breathing: Option<Vec<(Timestamp, Timestamp, Breathing)>>,
    /// Whether each value has its number beside it.
    pub numbers: bool,
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it was measured.
    pub at: Timestamp,
    /// Tenths of the axis's unit.
    pub tenths: u16,
    /// By whom it was read.
    pub shape: Shape,
    /// It may be wrong.
    pub doubtful: bool,
    /// It counts no more.
    pub struck: bool,
    /// It is the lowest value of an exertion test: never joined to values at rest.
    pub exertion: bool,
}

/// By whom a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A device sent it: round.
    Device,
    /// A person typed it: square.
    Typed,
}

/// A limit of the plan, and when it counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// From then …
    pub from: Timestamp,
    /// … until then.
    pub until: Timestamp,
    /// At this whole number and under.
    pub at_or_below: u16,
    /// Red or amber.
    pub band: Band,
}

/// What somebody breathed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breathing {
    /// Air.
    Air,
    /// Oxygen, in tenths of a litre a minute where that is known.
    Oxygen(Option<u16>),
    /// Nobody wrote it down.
    NotRecorded,
}

/// How large a drawing is, in its own units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: i64,
    /// The height of the plot without its margins.
    pub plot_height: i64,
    /// Left margin.
    pub left: i64,
    /// Right margin.
    pub right: i64,
    /// The size of its letters.
    pub text: i64,
}

impl Size {
    /// For a screen or a sheet of paper.
    pub const WIDE: Self = Self {
        width: 900,
        plot_height: 252,
        left: 56,
        right: 64,
        text: 14,
    };
    /// For a telephone.
    pub const NARROW: Self = Self {
        width: 360,
        plot_height: 231,
        left: 40,
        right: 40,
        text: 13,
    };

    /// The same, lower: for a value that is looked at second.
    #[must_use]
    pub const fn low(self) -> Self {
        Self {
            plot_height: 150,
            ..self
        }
    }
}
