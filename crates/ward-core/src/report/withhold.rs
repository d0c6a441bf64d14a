//! Small groups of people are not for files: who knows the ward would know who is meant.

use super::{By, Line};

/// A group of fewer people than this is withheld from files.
pub const FEWEST: u32 = 5;

/// Marks the lines that are withheld: those of groups of one to four people. Where that is one line of a breakdown alone, it
/// would follow from the whole and the others, so the smallest of these goes with it.
pub(super) fn mark(lines: &mut [Line]) {
    let mut breakdowns: Vec<By> = lines.iter().map(|line| line.by).collect();
    breakdowns.dedup();
    for by in breakdowns.into_iter().filter(|by| by.is_of_people()) {
        let mut of_it: Vec<&mut Line> = lines.iter_mut().filter(|line| line.by == by).collect();
        for line in &mut of_it {
            line.withheld = (1..FEWEST).contains(&line.people);
        }
        if of_it.iter().filter(|line| line.withheld).count() == 1 {
            let others = of_it
                .iter_mut()
                .filter(|line| !line.withheld && line.people > 0);
            if let Some(smallest) = others.min_by_key(|line| line.people) {
                smallest.withheld = true;
            }
        }
    }
}

/// The line as a file may have it: of one that is withheld neither value nor number.
#[must_use]
pub fn withheld(line: &Line) -> (Option<f64>, Option<u32>) {
    if line.withheld {
        (None, None)
    } else {
        (line.value, Some(line.n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(by: By, people: &[u32]) -> Vec<bool> {
        let line = |people: &u32| Line {
            by,
            group: String::new(),
            value: Some(1.0),
            n: *people,
            people: *people,
            withheld: false,
        };
        let mut lines: Vec<Line> = people.iter().map(line).collect();
        mark(&mut lines);
        lines.iter().map(|line| line.withheld).collect()
    }

    #[test]
    fn groups_of_one_to_four_people_are_withheld_and_none_of_them_follows_from_the_rest() {
        assert_eq!(marked(By::AgeBand, &[5, 9]), [false, false]);
        assert_eq!(marked(By::AgeBand, &[1, 4, 9]), [true, true, false]);
        assert_eq!(marked(By::AgeBand, &[4, 9, 7]), [true, false, true]);
        assert_eq!(marked(By::Language, &[0, 4, 0]), [false, true, false]);
    }

    #[test]
    fn groups_of_alerts_are_nobody() {
        assert_eq!(marked(By::Problem, &[1, 4]), [false, false]);
    }

    #[test]
    fn of_a_line_that_is_withheld_nothing_is_told() {
        let line = Line {
            by: By::AgeBand,
            group: "under 50".to_owned(),
            value: Some(3.0),
            n: 3,
            people: 1,
            withheld: true,
        };
        assert_eq!(withheld(&line), (None, None));
    }
}
