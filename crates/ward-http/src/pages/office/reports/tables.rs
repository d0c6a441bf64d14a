//! The sections of a report as tables: a row for each group, a column for each figure.

use ward_core::report::{By, Definition, Figure, Section};
use ward_service::WardReport;

use super::{drawn, words};

/// A section of the page.
pub(super) struct Part {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// The whole ward: what, and how much.
    pub(super) whole: Vec<(&'static str, String)>,
    pub(super) drawings: Vec<drawn::Drawn>,
    pub(super) tables: Vec<Table>,
    pub(super) definitions: Vec<Definition>,
    /// The noisiest patients stand here.
    pub(super) is_noise: bool,
}

/// One breakdown.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) heading: &'static str,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    /// It is long, or looked at second: it stands folded.
    pub(super) is_long: bool,
}

/// One group.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
}

/// The order in which breakdowns stand.
const IN_ORDER: [By; 11] = [
    By::Priority,
    By::Problem,
    By::Outcome,
    By::Direction,
    By::Source,
    By::Destination,
    By::AgeBand,
    By::Language,
    By::Device,
    By::Hour,
    By::Day,
];

pub(super) fn parts(made: &WardReport) -> Vec<Part> {
    let part = |section: &Section| Part {
        id: section.name,
        title: section.title,
        whole: section.figures.iter().filter_map(whole).collect(),
        drawings: drawn::of(section, made),
        tables: IN_ORDER
            .into_iter()
            .filter_map(|by| table(section, by))
            .collect(),
        definitions: section
            .figures
            .iter()
            .map(|figure| figure.definition)
            .collect(),
        is_noise: section.name == "noise",
    };
    made.report.sections.iter().map(part).collect()
}

fn whole(figure: &Figure) -> Option<(&'static str, String)> {
    let line = figure.line(By::Whole, "all")?;
    let said = words::value(line.value, figure.definition.unit);
    Some((figure.definition.title, said))
}

fn table(section: &Section, by: By) -> Option<Table> {
    let has = |figure: &&Figure| figure.lines.iter().any(|line| line.by == by);
    let figures: Vec<&Figure> = section.figures.iter().filter(has).collect();
    let mut groups: Vec<&str> = Vec::new();
    for line in figures
        .iter()
        .flat_map(|figure| &figure.lines)
        .filter(|line| line.by == by)
    {
        if !groups.contains(&line.group.as_str()) {
            groups.push(&line.group);
        }
    }
    if groups.is_empty() {
        return None;
    }
    let row = |group: &str| Row {
        name: words::group(by, group),
        cells: figures
            .iter()
            .map(|figure| {
                let line = figure.line(by, group);
                words::value(line.and_then(|line| line.value), figure.definition.unit)
            })
            .collect(),
    };
    let heading = words::heading(by);
    Some(Table {
        caption: format!(
            "{}, by {}",
            section.title.trim_end_matches('?'),
            lower(heading)
        ),
        heading,
        columns: figures
            .iter()
            .map(|figure| figure.definition.title)
            .collect(),
        is_long: groups.len() > 12 || matches!(by, By::AgeBand | By::Language | By::Device),
        rows: groups.into_iter().map(row).collect(),
    })
}

fn lower(heading: &str) -> String {
    let mut letters = heading.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}
