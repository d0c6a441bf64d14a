//! Bars from left to right, each with its name before it and its value in words after it: who sees no lengths reads those.

use std::fmt::Write;

use crate::svg::escape;

/// What one bar says.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// How long it is; nothing where there is no value. Less than none is none.
    pub value: Option<f64>,
    /// The value as a person reads it.
    pub words: String,
}

/// A bar as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnBar {
    /// Its upper edge.
    pub top: f64,
    /// From the left edge of all bars to its end; nothing where there is no value.
    pub length: Option<f64>,
    /// Its name, cut if there is no room.
    pub name: String,
    /// Its value in words.
    pub words: String,
}

/// Bars below each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Its own width.
    pub width: f64,
    /// Its own height.
    pub height: f64,
    /// Where bars begin.
    pub left: f64,
    /// The longest that a bar can be.
    pub longest: f64,
    /// The bars.
    pub bars: Vec<DrawnBar>,
}

const WIDTH: f64 = 640.0;
const TEXT: f64 = 14.0;
const ROW: f64 = 24.0;
const THICK: f64 = 16.0;
/// Room for a value in words, behind the longest bar.
const WORDS: f64 = 110.0;
/// How wide a letter is, of its height.
const LETTER: f64 = 0.56;
const NAME_AT_MOST: usize = 28;

fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_AT_MOST {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(NAME_AT_MOST - 1).collect();
    short.push('…');
    short
}

/// Draws bars. The longest fills the room that there is, and all begin at nothing, so that lengths compare.
#[must_use]
pub fn bars(rows: &[Row]) -> Bars {
    let names = rows.iter().map(|row| cut(&row.name).chars().count()).max();
    let left = count(names.unwrap_or_default()) * TEXT * LETTER + 12.0;
    let longest = WIDTH - left - WORDS;
    let values = rows.iter().filter_map(|row| row.value);
    let most = values.fold(0.0_f64, f64::max);
    let bar = |(place, row): (usize, &Row)| DrawnBar {
        top: count(place) * ROW + (ROW - THICK) / 2.0,
        length: row.value.map(|value| {
            if most > 0.0 {
                longest * (value.max(0.0) / most)
            } else {
                0.0
            }
        }),
        name: cut(&row.name),
        words: row.words.clone(),
    };
    Bars {
        width: WIDTH,
        height: count(rows.len()) * ROW,
        left,
        longest,
        bars: rows.iter().enumerate().map(bar).collect(),
    }
}

impl Bars {
    /// The drawing, with a title and what a person who does not see it is told. `id` makes its ids its own.
    #[must_use]
    pub fn svg(&self, id: &str, title: &str, told: &str) -> String {
        let mut out = String::with_capacity(4 * 1024);
        // Writing into a String cannot fail.
        let _ = self.write(&mut out, &escape(id), &escape(title), &escape(told));
        out
    }

    fn write(&self, out: &mut String, id: &str, title: &str, told: &str) -> std::fmt::Result {
        let Self {
            width,
            height,
            left,
            ..
        } = self;
        writeln!(
            out,
            "<svg class=\"wl-plot\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-title {id}-told\" font-size=\"{TEXT:.0}\">"
        )?;
        writeln!(
            out,
            "<title id=\"{id}-title\">{title}</title><desc id=\"{id}-told\">{told}</desc>"
        )?;
        for bar in &self.bars {
            let foot = bar.top + TEXT - 1.0;
            writeln!(
                out,
                "<text class=\"wl-plot__name\" x=\"{:.1}\" y=\"{foot:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                escape(&bar.name)
            )?;
            let length = bar.length.unwrap_or_default();
            if bar.length.is_some() {
                writeln!(
                    out,
                    "<rect class=\"wl-plot__bar\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{THICK:.0}\"/>",
                    bar.top,
                    length.max(1.0)
                )?;
            }
            writeln!(
                out,
                "<text class=\"wl-plot__words\" x=\"{:.1}\" y=\"{foot:.1}\">{}</text>",
                left + length + 6.0,
                escape(&bar.words)
            )?;
        }
        writeln!(out, "</svg>")
    }
}
