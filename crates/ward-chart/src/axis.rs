//! Up and down: an axis that never moves, whatever the values.

/// Each whole number from `from` to `to` is a row, as on the chart of the Royal College of Physicians. A value stands in the
/// row by which it is judged: 92.9 in the row of 92.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The lowest row.
    pub from: u16,
    /// The highest row.
    pub to: u16,
    /// Every so many rows have their number.
    pub every: u16,
}

/// Whether a value lies beyond the axis. It is then drawn at its edge, and its number says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clip {
    /// It stands where it belongs.
    Within,
    /// It lies above.
    Above,
    /// It lies below.
    Below,
}

impl Axis {
    /// Oxygen saturation: 80 to 100 %, always.
    pub const SPO2: Self = Self {
        from: 80,
        to: 100,
        every: 2,
    };
    /// Pulse: 30 to 150 a minute, always.
    pub const PULSE: Self = Self {
        from: 30,
        to: 150,
        every: 20,
    };

    fn rows(self) -> i64 {
        i64::from(self.to) - i64::from(self.from) + 1
    }

    /// How far above the plot's foot the lower edge of a row lies.
    pub(crate) fn edge(self, row: i64, height: i64) -> i64 {
        let row = row.clamp(i64::from(self.from), i64::from(self.to) + 1);
        (row - i64::from(self.from)) * height / self.rows()
    }

    /// How far above the plot's foot a value stands, and whether it lies beyond. Whole numbers stand in the middle of their
    /// row, and nine tenths more still in the same one.
    pub(crate) fn place(self, tenths: u16, height: i64) -> (i64, Clip) {
        let whole = tenths / 10;
        if whole < self.from {
            return (0, Clip::Below);
        }
        if whole > self.to {
            return (height, Clip::Above);
        }
        let row = i64::from(whole) - i64::from(self.from);
        // 500 of 1,000 is the middle of a row; the rest of it is shared by the tenths.
        let within = 500 + i64::from(tenths % 10) * 45;
        (
            (row * 1000 + within) * height / (self.rows() * 1000),
            Clip::Within,
        )
    }

    /// The rows that have their number.
    pub(crate) fn numbered(self) -> impl Iterator<Item = u16> {
        (self.from..=self.to).step_by(usize::from(self.every.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_in_the_row_by_which_it_is_judged() {
        let height = 252;
        for tenths in 800..=1009 {
            let (up, clip) = Axis::SPO2.place(tenths, height);
            let row = i64::from(tenths / 10);
            assert_eq!(clip, Clip::Within);
            assert!(Axis::SPO2.edge(row, height) <= up, "{tenths}");
            assert!(up < Axis::SPO2.edge(row + 1, height), "{tenths}");
        }
    }

    #[test]
    fn what_lies_beyond_stands_at_the_edge_and_says_so() {
        assert_eq!(Axis::SPO2.place(799, 252), (0, Clip::Below));
        assert_eq!(Axis::SPO2.place(800, 252).1, Clip::Within);
        assert_eq!(Axis::PULSE.place(1510, 150), (150, Clip::Above));
    }

    #[test]
    fn higher_values_stand_higher() {
        let mut before = (0, 0);
        for tenths in 800..=1000 {
            let up = Axis::SPO2.place(tenths, 252).0;
            assert!(up >= before.0, "{tenths} after {}", before.1);
            before = (up, tenths);
        }
    }
}
