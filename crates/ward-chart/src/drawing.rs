//! What a drawing is made of, in its own units; y grows downwards.

use ward_core::plan::Band;
use ward_core::silence::Became;

use crate::axis::Clip;
use crate::{Breathing, Shape};

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// From left to right.
    pub width: i64,
    /// From top to bottom.
    pub height: i64,
    /// The size of its letters.
    pub text: i64,
    /// The plot: left, top, right, bottom.
    pub plot: (i64, i64, i64, i64),
    /// What values score.
    pub bands: Vec<Digit>,
    /// Numbered rows: y and number.
    pub rows: Vec<(i64, u16)>,
    /// Days and hours.
    pub ticks: Vec<Tick>,
    /// The plan's limits.
    pub limits: Vec<Line>,
    /// The prescribed range: top and bottom.
    pub target: Option<(i64, i64)>,
    /// When nobody was asked: from and to.
    pub pauses: Vec<(i64, i64)>,
    /// Where now is.
    pub now: Option<i64>,
    /// Values that belong together, joined.
    pub runs: Vec<Vec<(i64, i64)>>,
    /// The values.
    pub dots: Vec<Dot>,
    /// Measurements without a value.
    pub attempts: Vec<i64>,
    /// When values were asked for.
    pub slots: Vec<SlotTick>,
    /// On air or on oxygen.
    pub strip: Option<Vec<Bar>>,
    /// Several values stand for each other: the highest and the lowest of a few minutes.
    pub thinned: bool,
}

/// A band with its points in the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digit {
    /// Upper edge.
    pub top: i64,
    /// Lower edge.
    pub bottom: i64,
    /// 0 to 3.
    pub points: u8,
    /// Only while on oxygen.
    pub on_oxygen: bool,
}

/// A mark on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where.
    pub x: i64,
    /// A day begins here.
    pub day: bool,
    /// In words; empty where there is no room.
    pub label: String,
}

/// A limit of the plan while it counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// From.
    pub from: i64,
    /// To.
    pub to: i64,
    /// How high.
    pub y: i64,
    /// Which.
    pub band: Band,
    /// At this whole number and under.
    pub at_or_below: u16,
    /// Whether its words stand beside it: once for each limit.
    pub named: bool,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    /// Where.
    pub x: i64,
    /// How high.
    pub y: i64,
    /// Device or person.
    pub shape: Shape,
    /// It may be wrong: not filled.
    pub hollow: bool,
    /// A line goes through it.
    pub struck: bool,
    /// Of an exertion test.
    pub exertion: bool,
    /// It lies beyond the axis.
    pub clip: Clip,
    /// In tenths.
    pub tenths: u16,
    /// Its number, where there is room.
    pub label: Option<Label>,
}

/// A number beside its dot: the middle of its foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Middle.
    pub x: i64,
    /// Foot.
    pub y: i64,
}

/// A time at which a value was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotTick {
    /// Where.
    pub x: i64,
    /// What became of it.
    pub is: Became,
}

/// A stretch of the strip below the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// From.
    pub from: i64,
    /// To.
    pub to: i64,
    /// What was breathed.
    pub breathing: Breathing,
}

/// A number as it is written beside its dot.
#[must_use]
pub(crate) fn number(tenths: u16) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}
