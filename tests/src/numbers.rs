//! Whether somebody who reads a log after their own cursor has seen all of it, in order.

/// The numbers that a reader saw, beside those that were written.
#[derive(Debug, Default)]
pub struct Seen(Vec<i64>);

impl Seen {
    /// The next numbers that the reader got.
    pub fn extend(&mut self, numbers: impl IntoIterator<Item = i64>) {
        self.0.extend(numbers);
    }

    /// Where the reader stands.
    #[must_use]
    pub fn cursor(&self) -> i64 {
        self.0.last().copied().unwrap_or_default()
    }

    /// What is wrong, in words: numbers that never came, came twice or in another order. Empty when all is well.
    #[must_use]
    pub fn faults(&self, written: &[i64]) -> Vec<String> {
        let mut faults = Vec::new();
        for number in written {
            match self.0.iter().filter(|seen| *seen == number).count() {
                1 => {}
                0 => faults.push(format!("{number} was never seen")),
                times => faults.push(format!("{number} was seen {times} times")),
            }
        }
        for number in &self.0 {
            if !written.contains(number) {
                faults.push(format!("{number} was seen and never written"));
            }
        }
        for (earlier, later) in self.0.iter().zip(self.0.iter().skip(1)) {
            if later <= earlier {
                faults.push(format!("{later} came after {earlier}"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_gap_a_double_and_a_wrong_order_are_each_caught() {
        let seen = |numbers: &[i64]| Seen(numbers.to_vec()).faults(&[1, 2, 3]);
        assert_eq!(seen(&[1, 2, 3]), [""; 0]);
        assert_eq!(seen(&[1, 3]), ["2 was never seen"]);
        assert_eq!(
            seen(&[1, 2, 2, 3]),
            ["2 was seen 2 times", "2 came after 2"]
        );
        assert_eq!(seen(&[2, 1, 3]), ["1 came after 2"]);
        assert_eq!(seen(&[1, 2, 3, 4]), ["4 was seen and never written"]);
    }
}
