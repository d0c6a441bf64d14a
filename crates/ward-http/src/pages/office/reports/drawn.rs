//! What of a report is drawn, beside the table that says the same.

use ward_chart::{Days, Level, Row, bars, by_day};
use ward_core::report::{By, Figure, Section};
use ward_service::WardReport;

use super::words;

/// What is drawn as bars: the figure, and by what.
const AS_BARS: [(&str, By); 8] = [
    ("alerts", By::Hour),
    ("time_to_acknowledge_median", By::Hour),
    ("changed_care", By::Problem),
    ("share_of_alerts", By::Problem),
    ("readings_missed_share", By::AgeBand),
    ("contacts_done_share", By::AgeBand),
    ("admitted_from", By::Source),
    ("discharged_to", By::Destination),
];

/// What is drawn as a line over days.
const OVER_DAYS: &str = "occupancy_at_0800";

/// A drawing, and what it is called.
pub(super) struct Drawn {
    pub(super) title: String,
    pub(super) svg: String,
}

pub(super) fn of(section: &Section, made: &WardReport) -> Vec<Drawn> {
    let mut drawings = Vec::new();
    for figure in &section.figures {
        let of_this = AS_BARS
            .iter()
            .filter(|(name, _)| *name == figure.definition.name);
        drawings.extend(of_this.filter_map(|(_, by)| as_bars(section, figure, *by)));
        if figure.definition.name == OVER_DAYS {
            drawings.push(over_days(figure, made));
        }
    }
    drawings
}

fn as_bars(section: &Section, figure: &Figure, by: By) -> Option<Drawn> {
    let unit = figure.definition.unit;
    let of_it = figure.lines.iter().filter(|line| line.by == by);
    let rows: Vec<Row> = of_it
        .map(|line| Row {
            name: words::group(by, &line.group),
            value: line.value,
            words: words::value(line.value, unit),
        })
        .collect();
    // A drawing of nothing says nothing: the table does.
    if !rows
        .iter()
        .any(|row| row.value.is_some_and(|value| value > 0.0))
    {
        return None;
    }
    let title = format!(
        "{}: {}, by {}",
        section.title.trim_end_matches('?'),
        figure.definition.title,
        words::heading(by)
    );
    let said: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.name, row.words))
        .collect();
    let id = format!("plot-{}-{}", figure.definition.name, by.name());
    let svg = bars(&rows).svg(&id, &title, &format!("{}.", said.join(", ")));
    Some(Drawn { title, svg })
}

fn over_days(figure: &Figure, made: &WardReport) -> Drawn {
    let of_days = figure.lines.iter().filter(|line| line.by == By::Day);
    let day = |name: &str| {
        let day: Option<jiff::civil::Date> = name.parse().ok();
        day.map_or_else(|| name.to_owned(), |day| day.strftime("%-d %b").to_string())
    };
    let days: Vec<_> = of_days.map(|line| (day(&line.group), line.value)).collect();
    let numbers = || days.iter().filter_map(|(_, number)| *number);
    let told = match (numbers().reduce(f64::min), numbers().reduce(f64::max)) {
        (Some(least), Some(most)) => {
            format!("Between {least:.0} and {most:.0} patients. The table says each day.")
        }
        _ => "No day's 08:00 has come yet.".to_owned(),
    };
    let level = made.capacity.map(|capacity| Level {
        at: f64::from(capacity),
        name: format!("Capacity {capacity}"),
    });
    let title = "Patients on the ward at 08:00 of each day".to_owned();
    let svg = by_day(&Days { days, level }).svg("plot-occupancy", &title, &told);
    Drawn { title, svg }
}
