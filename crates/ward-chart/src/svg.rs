//! A drawing as SVG: geometry and classes only, so that it needs no inline style, and prints.

use std::fmt::Write;

use ward_core::plan::Band;
use ward_core::silence::Became;

use crate::axis::Clip;
use crate::drawing::{Dot, Drawing, number};
use crate::labels::RADIUS;
use crate::{Breathing, Shape};

impl Drawing {
    /// The drawing, with a title and what a person who does not see it is told. `id` makes its ids its own, `class` is the
    /// page's.
    #[must_use]
    pub fn svg(&self, id: &str, class: &str, title: &str, told: &str) -> String {
        let mut out = String::with_capacity(8 * 1024);
        // Writing into a String cannot fail.
        let _ = self.write(
            &mut out,
            &escape(id),
            &escape(class),
            &escape(title),
            &escape(told),
        );
        out
    }

    fn write(
        &self,
        out: &mut String,
        id: &str,
        class: &str,
        title: &str,
        told: &str,
    ) -> std::fmt::Result {
        let Self {
            width,
            height,
            text,
            ..
        } = self;
        writeln!(
            out,
            "<svg class=\"wl-chart {class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-told\" font-size=\"{text}\">"
        )?;
        writeln!(
            out,
            "<title id=\"{id}-title\">{title}</title><desc id=\"{id}-told\">{told}</desc>"
        )?;
        self.ground(out)?;
        self.plan(out)?;
        self.foot(out)?;
        for run in &self.runs {
            let points: Vec<String> = run.iter().map(|(x, y)| format!("{x},{y}")).collect();
            writeln!(
                out,
                "<polyline class=\"wl-chart__run\" points=\"{}\"/>",
                points.join(" ")
            )?;
        }
        for dot in &self.dots {
            self.dot(out, dot)?;
        }
        writeln!(out, "</svg>")
    }

    fn ground(&self, out: &mut String) -> std::fmt::Result {
        let (left, top, right, bottom) = self.plot;
        let (wide, half) = (right - left, self.text / 2 - 1);
        for band in &self.bands {
            let oxygen = if band.on_oxygen {
                " wl-chart__band--oxygen"
            } else {
                ""
            };
            let (y, high) = (band.top, band.bottom - band.top);
            writeln!(
                out,
                "<rect class=\"wl-chart__band wl-chart__band--{}{oxygen}\" x=\"{left}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"/>",
                band.points
            )?;
            let with_oxygen = if band.on_oxygen { " O₂" } else { "" };
            writeln!(
                out,
                "<text class=\"wl-chart__points\" x=\"{}\" y=\"{}\">{}{with_oxygen}</text>",
                right + 8,
                (band.top + band.bottom) / 2 + half,
                band.points
            )?;
        }
        for (y, row) in &self.rows {
            writeln!(
                out,
                "<line class=\"wl-chart__row\" x1=\"{left}\" y1=\"{y}\" x2=\"{right}\" y2=\"{y}\"/><text class=\"wl-chart__number\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{row}</text>",
                left - 6,
                y + half
            )?;
        }
        for (from, to) in &self.pauses {
            writeln!(
                out,
                "<rect class=\"wl-chart__pause\" x=\"{from}\" y=\"{top}\" width=\"{}\" height=\"{}\"/>",
                to - from,
                bottom - top
            )?;
        }
        writeln!(
            out,
            "<rect class=\"wl-chart__frame\" x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{}\"/>",
            bottom - top
        )
    }

    fn plan(&self, out: &mut String) -> std::fmt::Result {
        for line in &self.limits {
            let (name, word) = match line.band {
                Band::Red => ("red", "Red"),
                Band::Amber | Band::Green => ("amber", "Amber"),
            };
            writeln!(
                out,
                "<line class=\"wl-chart__limit wl-chart__limit--{name}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
                line.from, line.y, line.to, line.y
            )?;
            if line.named {
                writeln!(
                    out,
                    "<text class=\"wl-chart__limit-name\" x=\"{}\" y=\"{}\">{word} ≤ {}</text>",
                    (line.from + 5)
                        .min(self.plot.2 - 6 * self.text)
                        .max(self.plot.0 + 5),
                    line.y + self.text - 1,
                    line.at_or_below
                )?;
            }
        }
        if let Some((top, bottom)) = self.target {
            let x = self.plot.0;
            writeln!(
                out,
                "<path class=\"wl-chart__target\" d=\"M{x} {top}H{}V{bottom}H{x}\"/>",
                x - 4 - self.text * 2
            )?;
        }
        if let Some(x) = self.now {
            let (_, top, _, bottom) = self.plot;
            writeln!(
                out,
                "<line class=\"wl-chart__now\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{bottom}\"/>"
            )?;
        }
        Ok(())
    }

    fn foot(&self, out: &mut String) -> std::fmt::Result {
        let (left, top, right, bottom) = self.plot;
        let slots = bottom + 4;
        for slot in &self.slots {
            let (name, x) = (became(slot.is), slot.x - 4);
            writeln!(
                out,
                "<rect class=\"wl-chart__slot wl-chart__slot--{name}\" x=\"{x}\" y=\"{slots}\" width=\"8\" height=\"10\"/>"
            )?;
        }
        for x in &self.attempts {
            writeln!(
                out,
                "<text class=\"wl-chart__attempt\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">?</text>",
                bottom - 3
            )?;
        }
        let mut foot = bottom + 18;
        if let Some(bars) = &self.strip {
            let (y, high) = (foot, self.text + 2);
            writeln!(
                out,
                "<text class=\"wl-chart__number\" x=\"{}\" y=\"{}\" text-anchor=\"end\">O₂</text>",
                left - 6,
                y + self.text - 1
            )?;
            for bar in bars {
                let (name, word) = breathed(bar.breathing);
                let wide = bar.to - bar.from;
                writeln!(
                    out,
                    "<rect class=\"wl-chart__strip wl-chart__strip--{name}\" x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"/>",
                    bar.from
                )?;
                if i64::try_from(word.chars().count()).unwrap_or(0) * self.text * 6 / 10 < wide {
                    writeln!(
                        out,
                        "<text class=\"wl-chart__strip-name\" x=\"{}\" y=\"{}\">{word}</text>",
                        bar.from + 6,
                        y + self.text - 2
                    )?;
                }
            }
            foot += 20;
        }
        for tick in &self.ticks {
            let (name, to) = if tick.day {
                ("day", bottom + 14)
            } else {
                ("hour", bottom)
            };
            let x = tick.x;
            writeln!(
                out,
                "<line class=\"wl-chart__{name}\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{to}\"/>"
            )?;
            let y = foot + self.text + if tick.day { self.text + 3 } else { 0 };
            let wide = i64::try_from(tick.label.len()).unwrap_or(0) * self.text * 6 / 10;
            // A day's name begins at its line; at the right edge it ends there.
            let (x, anchor) = match tick.day {
                true if x + wide > self.width => (self.width - 1, "end"),
                true => (x, "start"),
                false => (x, "middle"),
            };
            if !tick.label.is_empty() && (tick.day || x + wide / 2 <= right + self.text) {
                writeln!(
                    out,
                    "<text class=\"wl-chart__when\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
                    escape(&tick.label)
                )?;
            }
        }
        Ok(())
    }

    fn dot(&self, out: &mut String, dot: &Dot) -> std::fmt::Result {
        let (x, y) = (dot.x, dot.y);
        let mut class = String::from("wl-chart__dot");
        for (is, name) in [
            (dot.hollow, "hollow"),
            (dot.struck, "struck"),
            (dot.exertion, "exertion"),
        ] {
            if is {
                let _ = write!(class, " wl-chart__dot--{name}");
            }
        }
        match dot.shape {
            _ if dot.clip == Clip::Below => {
                writeln!(
                    out,
                    "<path class=\"{class}\" d=\"M{} {}h14l-7 9z\"/>",
                    x - 7,
                    y - 9
                )?;
            }
            _ if dot.clip == Clip::Above => {
                writeln!(
                    out,
                    "<path class=\"{class}\" d=\"M{} {}h14l-7 -9z\"/>",
                    x - 7,
                    y + 9
                )?;
            }
            _ if dot.exertion => {
                writeln!(
                    out,
                    "<path class=\"{class}\" d=\"M{x} {}l7 7l-7 7l-7 -7z\"/>",
                    y - 7
                )?;
            }
            Shape::Device => writeln!(
                out,
                "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\"/>"
            )?,
            Shape::Typed => writeln!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\"/>",
                x - RADIUS,
                y - RADIUS,
                side = 2 * RADIUS
            )?,
        }
        if dot.struck {
            writeln!(
                out,
                "<path class=\"wl-chart__through\" d=\"M{} {}l18 -18\"/>",
                x - 9,
                y + 9
            )?;
        }
        if let Some(label) = dot.label {
            let through = if dot.struck {
                " wl-chart__value--struck"
            } else {
                ""
            };
            writeln!(
                out,
                "<text class=\"wl-chart__value{through}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                label.x,
                label.y,
                number(dot.tenths)
            )?;
        }
        Ok(())
    }
}

const fn became(is: Became) -> &'static str {
    match is {
        Became::Answered => "answered",
        Became::Missed => "missed",
        Became::Open => "open",
    }
}

fn breathed(breathing: Breathing) -> (&'static str, String) {
    match breathing {
        Breathing::Air => ("air", "Air".to_owned()),
        Breathing::Oxygen(None) => ("oxygen", "Oxygen".to_owned()),
        Breathing::Oxygen(Some(tenths)) => ("oxygen", format!("Oxygen {} l/min", number(tenths))),
        Breathing::NotRecorded => ("unknown", "Not recorded".to_owned()),
    }
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
