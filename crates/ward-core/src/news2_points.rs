//! What one value scores on the chart of the Royal College of Physicians (NEWS2, 2017): by parameter, never a total.
//!
//! A home oximeter gives one or two of seven parameters. Their points are drawn beside the values as on the College's own
//! chart; a total with what was not measured as 0 would calm where nobody looked.

use crate::plan::Spo2Scale;

/// Values that score alike, both ends included, in whole units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// Lower end; `None`: whatever lies below.
    pub from: Option<u16>,
    /// Upper end; `None`: whatever lies above.
    pub to: Option<u16>,
    /// 0 to 3.
    pub points: u8,
    /// Only while on oxygen; on air it scores 0.
    pub on_oxygen: bool,
}

const fn scores(from: u16, to: u16, points: u8) -> Scores {
    Scores {
        from: Some(from),
        to: Some(to),
        points,
        on_oxygen: false,
    }
}

const fn up_to(to: u16, points: u8) -> Scores {
    Scores {
        from: None,
        ..scores(0, to, points)
    }
}

const fn from(from: u16, points: u8) -> Scores {
    Scores {
        to: None,
        ..scores(from, 0, points)
    }
}

const fn on_oxygen(scores: Scores) -> Scores {
    Scores {
        on_oxygen: true,
        ..scores
    }
}

const SCALE_ONE: [Scores; 4] = [
    up_to(91, 3),
    scores(92, 93, 2),
    scores(94, 95, 1),
    from(96, 0),
];

const SCALE_TWO: [Scores; 7] = [
    up_to(83, 3),
    scores(84, 85, 2),
    scores(86, 87, 1),
    scores(88, 92, 0),
    on_oxygen(scores(93, 94, 1)),
    on_oxygen(scores(95, 96, 2)),
    on_oxygen(from(97, 3)),
];

const PULSE: [Scores; 6] = [
    up_to(40, 3),
    scores(41, 50, 1),
    scores(51, 90, 0),
    scores(91, 110, 1),
    scores(111, 130, 2),
    from(131, 3),
];

/// The rows of the saturation, from the lowest.
#[must_use]
pub const fn of_spo2(scale: Spo2Scale) -> &'static [Scores] {
    match scale {
        Spo2Scale::One => &SCALE_ONE,
        Spo2Scale::Two => &SCALE_TWO,
    }
}

/// The rows of the pulse, beats a minute, from the lowest.
#[must_use]
pub const fn of_pulse() -> &'static [Scores] {
    &PULSE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(rows: &[Scores], value: u16) -> Vec<(u8, bool)> {
        let holds = |row: &&Scores| {
            row.from.is_none_or(|from| from <= value) && row.to.is_none_or(|to| value <= to)
        };
        rows.iter()
            .filter(holds)
            .map(|row| (row.points, row.on_oxygen))
            .collect()
    }

    /// The table of the College, written out value by value.
    #[test]
    fn every_value_has_one_row_and_its_points() {
        for value in 0..=100 {
            let one = match value {
                96.. => 0,
                94.. => 1,
                92.. => 2,
                _ => 3,
            };
            assert_eq!(
                at(of_spo2(Spo2Scale::One), value),
                [(one, false)],
                "{value}"
            );
            let two = match value {
                97.. => (3, true),
                95.. => (2, true),
                93.. => (1, true),
                88.. => (0, false),
                86.. => (1, false),
                84.. => (2, false),
                _ => (3, false),
            };
            assert_eq!(at(of_spo2(Spo2Scale::Two), value), [two], "{value}");
        }
        for value in 0..=350 {
            let points = match value {
                131.. => 3,
                111.. => 2,
                91.. => 1,
                51.. => 0,
                41.. => 1,
                _ => 3,
            };
            assert_eq!(at(of_pulse(), value), [(points, false)], "{value}");
        }
    }
}
