//! What passed, what failed and what was left out, over all steps.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::report::Report;
use crate::workspace;

#[derive(Default)]
pub struct Tally {
    /// Full names of the tests that ran and passed: `binary::path::to::test`.
    pub passed: BTreeSet<String>,
    passed_count: u64,
    failed_count: u64,
    skipped_count: u64,
    /// What failed, for the summing up at the end.
    failures: Vec<String>,
}

impl Tally {
    pub fn heading(&self, title: &str) {
        println!("\n== {title}");
    }

    /// One step that counts as one check.
    pub fn step(&mut self, title: &str, work: impl FnOnce() -> Result<()>) {
        self.heading(title);
        match work() {
            Ok(()) => self.passed_count += 1,
            Err(error) => self.fail(format!("{title}: {error:#}")),
        }
    }

    /// One check with a name of its own, which passes when there is nothing to say about it.
    pub fn count(&mut self, name: &str, problems: &[String]) {
        if problems.is_empty() {
            self.passed_count += 1;
            println!("test {name} ... ok");
        } else {
            self.fail(format!("{name}\n    {}", problems.join("\n    ")));
        }
    }

    pub fn skip(&mut self, title: &str, why: &str) {
        self.heading(title);
        println!("skipped: {why}");
        self.skipped_count += 1;
    }

    pub fn fail(&mut self, what: String) {
        println!("FAILED {what}");
        self.failures.push(what);
        self.failed_count += 1;
    }

    /// Adds what a test runner has reported.
    pub fn add(&mut self, report: Report) {
        self.passed_count += report.passed_count;
        self.failed_count += report.failed_count;
        self.skipped_count += report.ignored_count;
        self.failures.extend(report.failed);
        self.passed.extend(report.passed);
        for problem in report.problems {
            self.fail(problem);
        }
    }

    /// Writes the names down for a person who looks for one.
    pub fn note_names(&self, path: &Path) -> Result<()> {
        let names: String = self
            .passed
            .iter()
            .flat_map(|name| [name.as_str(), "\n"])
            .collect();
        workspace::write_if_changed(path, &names)
    }

    pub fn print_failures(&self) {
        if !self.failures.is_empty() {
            println!("\n== what failed");
        }
        for failure in &self.failures {
            println!("{failure}");
        }
        println!();
    }

    pub fn all_passed(&self) -> bool {
        self.failed_count == 0
    }

    /// Read by machines: nothing else may stand on this line, and nothing may follow it.
    pub fn closing_line(&self) -> String {
        let line = format!("{} passed, {} failed", self.passed_count, self.failed_count);
        match self.skipped_count {
            0 => line,
            skipped => format!("{line}, {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn the_last_line_is_the_sum_of_all_steps() {
        let mut tally = Tally::default();
        tally.step("good", || Ok(()));
        assert_eq!(tally.closing_line(), "1 passed, 0 failed");
        assert!(tally.all_passed());
        tally.step("bad", || bail!("it is broken"));
        tally.skip("left out", "on purpose");
        tally.count("H00", &["names no test".into()]);
        assert_eq!(tally.closing_line(), "1 passed, 2 failed, 1 skipped");
        assert!(!tally.all_passed());
        assert_eq!(
            tally.failures,
            ["bad: it is broken", "H00\n    names no test"]
        );
    }

    #[test]
    fn a_report_without_a_single_failing_test_can_still_fail() {
        let mut tally = Tally::default();
        tally.add(Report::problem("ward_core did not finish".into()));
        assert_eq!(tally.closing_line(), "0 passed, 1 failed");
    }
}
