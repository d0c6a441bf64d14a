//! Whatever the values: bars compare by their lengths, lines stand at their heights, nothing leaves its drawing.

use proptest::prelude::*;
use ward_chart::{Bars, ByDay, Days, Level, Row, bars, by_day};

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = proptest::option::of(0.0_f64..5_000.0);
    let row = ("[a-z <&]{0,40}", value).prop_map(|(name, value)| Row {
        words: value.map_or_else(|| "none".to_owned(), |value| format!("{value:.1}")),
        name,
        value,
    });
    proptest::collection::vec(row, 0..30)
}

/// What is wrong with bars.
fn fault_of(rows: &[Row], drawn: &Bars) -> Option<String> {
    if rows.len() != drawn.bars.len() {
        return Some("a bar is missing".to_owned());
    }
    let pairs: Vec<_> = rows.iter().zip(&drawn.bars).collect();
    for (row, bar) in &pairs {
        if row.value.is_some() != bar.length.is_some() || row.words != bar.words {
            return Some(format!("{} is drawn as another", row.name));
        }
        let length = bar.length.unwrap_or_default();
        if length < 0.0 || drawn.left + length > drawn.width || bar.top + 16.0 > drawn.height {
            return Some(format!("{} leaves the drawing", row.name));
        }
        // A letter is at most two thirds as wide as high.
        let words = row.words.chars().fold(0.0, |sum, _| sum + 14.0 * 0.6);
        if drawn.left + length + 6.0 + words > drawn.width {
            return Some(format!("the value of {} leaves the drawing", row.name));
        }
        for (other, other_bar) in &pairs {
            let (Some(one), Some(two)) = (row.value, other.value) else {
                continue;
            };
            let (a, b) = (length, other_bar.length.unwrap_or_default());
            if (one * b - two * a).abs() > 0.01 * (one + two) {
                return Some(format!("{one} and {two} are drawn as {a} and {b}"));
            }
        }
    }
    None
}

fn days() -> impl Strategy<Value = Days> {
    let number = proptest::option::of(0.0_f64..400.0);
    let days = proptest::collection::vec(("[0-9]{2} Nov", number), 1..100);
    (days, proptest::option::of(1.0_f64..300.0)).prop_map(|(days, level)| Days {
        days,
        level: level.map(|at| Level {
            at,
            name: "Capacity".to_owned(),
        }),
    })
}

/// What is wrong with a line.
fn fault_of_line(days: &Days, drawn: &ByDay) -> Option<String> {
    let points: Vec<(f64, f64)> = drawn.runs.iter().flatten().copied().collect();
    let numbers: Vec<f64> = days.days.iter().filter_map(|(_, number)| *number).collect();
    if points.len() != numbers.len() {
        return Some("a day is missing, or one is made up".to_owned());
    }
    let gaps = days
        .days
        .split(|(_, number)| number.is_none())
        .filter(|run| !run.is_empty())
        .count();
    if gaps != drawn.runs.len() {
        return Some("a gap is closed".to_owned());
    }
    let height = |number: f64| 190.0 - 168.0 * number / drawn.top;
    for ((_, y), number) in points.iter().zip(&numbers) {
        if (y - height(*number)).abs() > 0.01 {
            return Some(format!("{number} stands at {y}"));
        }
        if !(22.0..=190.0).contains(y) {
            return Some(format!("{number} leaves the drawing"));
        }
    }
    if !points.is_sorted_by(|one, other| one.0 < other.0) {
        return Some("days are not in their order".to_owned());
    }
    match (&days.level, &drawn.level) {
        (Some(level), Some((y, _))) if (y - height(level.at)).abs() < 0.01 => None,
        (None, None) => None,
        _ => Some("the level stands elsewhere".to_owned()),
    }
}

proptest! {
    #[test]
    fn lengths_compare_as_values_do(rows in rows()) {
        let drawn = bars(&rows);
        prop_assert_eq!(fault_of(&rows, &drawn), None);
        let svg = drawn.svg("x", "a < b", "c & d");
        prop_assert!(svg.contains("a &lt; b") && svg.contains("c &amp; d"));
        prop_assert_eq!(svg.matches("<rect").count(), rows.iter().filter(|row| row.value.is_some()).count());
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn days_stand_at_the_height_of_their_numbers_and_gaps_stay_open(days in days()) {
        let drawn = by_day(&days);
        prop_assert_eq!(fault_of_line(&days, &drawn), None);
        let svg = drawn.svg("x", "title", "told");
        prop_assert_eq!(svg.matches("<polyline").count(), drawn.runs.len());
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn planted_faults_are_caught() {
    let row = |value| Row {
        name: "amber".to_owned(),
        value: Some(value),
        words: value.to_string(),
    };
    let rows = [row(10.0), row(20.0)];
    let mut drawn = bars(&rows);
    // An axis that does not begin at nothing.
    drawn.bars[0].length = drawn.bars[0].length.map(|length| length / 2.0);
    assert!(fault_of(&rows, &drawn).is_some());
    let days = Days {
        days: vec![
            ("21 Nov".to_owned(), Some(3.0)),
            ("22 Nov".to_owned(), None),
            ("23 Nov".to_owned(), Some(4.0)),
        ],
        level: None,
    };
    let mut drawn = by_day(&days);
    assert_eq!(fault_of_line(&days, &drawn), None);
    let joined = drawn.runs.concat();
    drawn.runs = vec![joined];
    assert!(fault_of_line(&days, &drawn).is_some());
}
