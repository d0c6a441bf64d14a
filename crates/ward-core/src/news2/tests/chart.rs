//! The printed chart, read from its text: which shares nothing with the table that is tested.

use std::collections::BTreeMap;

const SCORES: [u8; 7] = [3, 2, 1, 0, 1, 2, 3];

/// What a cell holds.
#[derive(Clone, Debug)]
enum Cell {
    /// Between two numbers, both included, in tenths; on both, or only on air (false) or on oxygen (true).
    Numbers(i32, i32, Option<bool>),
    Word(String),
}

/// Each row's cells with their scores.
pub struct Chart(BTreeMap<String, Vec<(u8, Cell)>>);

fn tenths(text: &str) -> i32 {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    whole.parse::<i32>().unwrap() * 10 + tenth.parse::<i32>().unwrap()
}

fn cell(text: &str) -> Cell {
    let (only, numbers) = match text.split_once(' ') {
        Some(("air", numbers)) => (Some(false), numbers),
        Some(("oxygen", numbers)) => (Some(true), numbers),
        Some(_) => panic!("{text}"),
        None => (None, text),
    };
    // Rows count whole units or tenths: the step to the next number is 1.0 or 0.1, so an end belongs to its own number.
    if let Some(most) = numbers.strip_prefix("<=") {
        Cell::Numbers(i32::MIN, tenths(most), only)
    } else if let Some(least) = numbers.strip_prefix(">=") {
        Cell::Numbers(tenths(least), i32::MAX, only)
    } else if let Some((least, most)) = numbers.split_once("..") {
        Cell::Numbers(tenths(least), tenths(most), only)
    } else {
        Cell::Word(numbers.to_owned())
    }
}

impl Chart {
    pub fn printed() -> Self {
        Self::parse(include_str!("../chart.txt"))
    }

    pub fn parse(text: &str) -> Self {
        let rows = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.starts_with("parameter"));
        let row = |line: &str| {
            let mut columns = line.split('|').map(str::trim);
            let name = columns.next().unwrap().to_owned();
            let columns: Vec<&str> = columns.collect();
            assert_eq!(columns.len(), SCORES.len(), "{name}");
            let cells = columns.iter().zip(SCORES).flat_map(|(column, score)| {
                let filled = column.split(',').map(str::trim).filter(|it| !it.is_empty());
                filled.map(move |it| (score, cell(it)))
            });
            (name, cells.collect())
        };
        Self(rows.map(row).collect())
    }

    /// What a number scores: it stands in one cell, no more and no fewer.
    pub fn number(&self, row: &str, tenths: i32, on_oxygen: bool) -> u8 {
        let holds = |cell: &Cell| match cell {
            Cell::Numbers(least, most, only) => {
                (*least..=*most).contains(&tenths) && only.is_none_or(|it| it == on_oxygen)
            }
            Cell::Word(_) => false,
        };
        self.only(row, holds)
    }

    /// What a word scores.
    pub fn word(&self, row: &str, word: &str) -> u8 {
        self.only(row, |cell| matches!(cell, Cell::Word(it) if it == word))
    }

    fn only(&self, row: &str, holds: impl Fn(&Cell) -> bool) -> u8 {
        let found: Vec<u8> = self.0[row]
            .iter()
            .filter(|(_, cell)| holds(cell))
            .map(|(score, _)| *score)
            .collect();
        assert_eq!(found.len(), 1, "{row}: {found:?}");
        found[0]
    }
}
