//! Reads what a test runner prints, line by line, while it prints it.
//!
//! Cargo says which program it runs (`Running …`, `Doc-tests …`), the program says `running N tests`, then one line a test
//! and `test result: …`. Our reporter for Node prints the same. The sums come from the result lines, since other output
//! may break up a test's own line; the names are for the safety file, which fails on a name that it misses.

#[derive(Debug, Default, PartialEq)]
pub struct Report {
    pub passed_count: u64,
    pub failed_count: u64,
    pub ignored_count: u64,
    /// Full names, `binary::path::to::test`.
    pub passed: Vec<String>,
    pub failed: Vec<String>,
    /// What went wrong beside single tests: a program that began and gave no result.
    pub problems: Vec<String>,
    binary: String,
    /// A program has said that it begins, and has not yet given its result.
    running: bool,
    /// A test whose name has been printed, and its outcome not.
    pending: Option<String>,
}

impl Report {
    /// For a runner that does not say which program it runs.
    pub fn of(binary: &str) -> Report {
        Report {
            binary: binary.to_owned(),
            ..Report::default()
        }
    }

    /// For a runner that could not run.
    pub fn problem(what: String) -> Report {
        Report {
            problems: vec![what],
            ..Report::default()
        }
    }

    pub fn line(&mut self, line: &str) {
        if let Some(binary) = program(line) {
            self.close();
            self.binary = binary;
        } else if line.starts_with("running ")
            && (line.ends_with(" tests") || line.ends_with(" test"))
        {
            self.close();
            self.running = true;
        } else if let Some(result) = line.strip_prefix("test result: ").filter(|_| self.running) {
            self.result(result);
        } else if let Some(test) = line.strip_prefix("test ").filter(|_| self.running) {
            self.test(test);
        } else if let Some(outcome) = Outcome::read(line)
            && let Some(name) = self.pending.take()
        {
            // Something else was printed between the name and this.
            self.note(name, outcome);
        }
    }

    /// Sums up: what is still open was never finished, and a runner that failed has failed whatever it counted.
    pub fn end(mut self, runner: &str, succeeded: bool) -> Report {
        self.close();
        if !succeeded && self.failed_count == 0 && self.problems.is_empty() {
            self.problems.push(format!(
                "{runner} failed before it ran every test (it does not build, or a program crashed)"
            ));
        }
        self
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.running) {
            self.problems.push(format!(
                "{} began its tests and did not finish",
                self.binary
            ));
        }
        self.pending = None;
    }

    fn result(&mut self, result: &str) {
        self.running = false;
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(count), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(count) = count.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed_count += count,
                "failed" => self.failed_count += count,
                "ignored" => self.ignored_count += count,
                _ => {}
            }
        }
    }

    fn test(&mut self, rest: &str) {
        let Some((name, outcome)) = rest.split_once(" ... ") else {
            return;
        };
        let name = name.strip_suffix(" - should panic").unwrap_or(name);
        let name = format!("{}::{name}", self.binary);
        match Outcome::read(outcome) {
            Some(outcome) => self.note(name, outcome),
            None => self.pending = Some(name),
        }
    }

    fn note(&mut self, name: String, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed.push(name),
            Outcome::Failed => self.failed.push(name),
            Outcome::Ignored => {}
        }
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Passed,
    Failed,
    Ignored,
}

impl Outcome {
    fn read(text: &str) -> Option<Outcome> {
        match text.split([' ', ',']).next() {
            Some("ok") => Some(Outcome::Passed),
            Some("FAILED") => Some(Outcome::Failed),
            Some("ignored") => Some(Outcome::Ignored),
            _ => None,
        }
    }
}

/// The program that cargo says it runs now: the target's name without the hash of its file.
pub fn program(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(library) = line.strip_prefix("Doc-tests ") {
        return Some(format!("doc-tests::{library}"));
    }
    let path = line
        .strip_prefix("Running ")?
        .rsplit_once('(')?
        .1
        .strip_suffix(')')?;
    let file = path.rsplit('/').next()?;
    let (name, hash) = file.rsplit_once('-')?;
    hash.bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(lines: &str, succeeded: bool) -> Report {
        let mut report = Report::default();
        lines.lines().for_each(|line| report.line(line));
        report.end("cargo test", succeeded)
    }

    const GOOD: &str = "
   Compiling ward-core v0.1.0
     Running unittests src/lib.rs (target/debug/deps/ward_core-0123456789abcdef)

running 3 tests
test alert::tests::severity_only_rises ... ok
test alert::tests::soak ... ignored, takes minutes
test spo2::tests::nothing_over_a_hundred - should panic ... ok

test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

     Running tests/journeys/main.rs (target/debug/deps/journeys-fedcba9876543210)

running 1 test
test low_reading_reaches_every_console ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.52s

   Doc-tests ward_core

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn counts_and_full_names_are_read() {
        let report = report(GOOD, true);
        assert_eq!(
            (
                report.passed_count,
                report.failed_count,
                report.ignored_count
            ),
            (3, 0, 1)
        );
        let names = [
            "ward_core::alert::tests::severity_only_rises",
            "ward_core::spo2::tests::nothing_over_a_hundred",
            "journeys::low_reading_reaches_every_console",
        ];
        assert_eq!(report.passed, names);
        assert_eq!(report.problems, [""; 0]);
    }

    #[test]
    fn a_failing_test_is_counted_and_named() {
        let lines = "     Running unittests src/lib.rs (target/debug/deps/ward_core-01)\nrunning 2 tests\ntest a ... ok\ntest b ... FAILED\n\
                     test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        let report = report(lines, false);
        assert_eq!((report.passed_count, report.failed_count), (1, 1));
        assert_eq!(report.failed, ["ward_core::b"]);
        assert_eq!(report.problems, [""; 0]);
    }

    #[test]
    fn a_program_that_crashes_has_failed() {
        let lines = "     Running unittests src/lib.rs (target/debug/deps/ward_core-01)\nrunning 2 tests\ntest a ... ok\n\
                     error: test failed, to rerun pass `-p ward-core --lib`\n     Running unittests src/lib.rs (target/debug/deps/ward_sim-02)";
        let report = report(lines, false);
        assert_eq!(
            report.problems,
            ["ward_core began its tests and did not finish"]
        );
    }

    #[test]
    fn a_build_that_breaks_has_failed() {
        let report = report(
            "error[E0308]: mismatched types\nerror: could not compile `ward-core`",
            false,
        );
        assert_eq!(report.passed_count, 0);
        assert_eq!(report.problems.len(), 1);
    }

    #[test]
    fn a_line_broken_up_by_other_output_still_gives_its_name() {
        let lines = "     Running unittests src/lib.rs (target/debug/deps/ward_store-01)\nrunning 1 test\ntest kill_nine ... starting server\n\
                     a log line\nok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s";
        assert_eq!(report(lines, true).passed, ["ward_store::kill_nine"]);
    }

    #[test]
    fn what_a_test_prints_outside_a_run_counts_for_nothing() {
        let lines = "test result: ok. 9 passed; 0 failed\ntest fake ... ok";
        assert_eq!(report(lines, true), Report::default());
    }
}
