//! Whether what a hazard's controls claim is backed by tests.

use std::collections::BTreeSet;

use super::hazard::Hazard;

/// What is known about tests.
pub struct Evidence {
    pub standing: Standing,
    pub names: BTreeSet<String>,
}

/// What it means that a name is among them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has looked.
    Unknown,
    /// There is such a test.
    Exists,
    /// It ran and passed.
    Passed,
}

impl Evidence {
    pub fn none() -> Evidence {
        Evidence {
            standing: Standing::Unknown,
            names: BTreeSet::new(),
        }
    }

    /// A test of the same last name somewhere else: most wrong names are right ones that have moved.
    fn namesake(&self, test: &str) -> Option<&str> {
        let last = |name: &str| name.rsplit("::").next().map(str::to_owned);
        let wanted = last(test);
        let mut names = self.names.iter().map(String::as_str);
        names.find(|name| last(name) == wanted)
    }

    /// What can be said about this test, for a reader.
    pub fn word(&self, test: &str) -> &'static str {
        match (self.standing, self.names.contains(test)) {
            (Standing::Unknown, _) => "not looked for",
            (Standing::Exists, true) => "exists",
            (Standing::Exists, false) => "**missing**",
            (Standing::Passed, true) => "passed",
            (Standing::Passed, false) => "**did not pass**",
        }
    }
}

/// One line for each thing that is wrong.
pub fn problems(hazard: &Hazard, evidence: &Evidence) -> Vec<String> {
    let mut problems = Vec::new();
    for control in &hazard.controls {
        if control.kind.needs_a_test() && control.tests.is_empty() {
            problems.push(format!(
                "{} control names no test: {}",
                control.kind.word(),
                control.text
            ));
        }
        for test in control
            .tests
            .iter()
            .filter(|test| !evidence.names.contains(*test))
        {
            let what = match evidence.standing {
                Standing::Passed => "test did not run and pass",
                Standing::Exists | Standing::Unknown => "no such test",
            };
            let hint = evidence.namesake(test);
            let hint = hint.map_or_else(String::new, |name| format!(" (there is {name})"));
            problems.push(format!("{what}: {test}{hint}"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::hazard;

    const GOOD: &str = r#"
id = "H99"
title = "A hazard for the checker"
causes = ["a cause"]
effect = "an effect"
harm = "a harm"
initial = { severity = "major", likelihood = "high" }
residual = { severity = "major", likelihood = "very-low" }
owner = "an owner"
status = "open"

[[controls]]
kind = "design"
text = "it is built so"
tests = ["ward_core::alert::tests::severity_only_rises"]

[[controls]]
kind = "training"
text = "people are told"
"#;

    fn evidence(standing: Standing, names: &[&str]) -> Evidence {
        Evidence {
            standing,
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    fn judged(text: &str, evidence: &Evidence) -> Vec<String> {
        problems(&hazard::read("H99-checker", text).unwrap(), evidence)
    }

    #[test]
    fn a_hazard_whose_tests_passed_is_in_order() {
        let passed = evidence(
            Standing::Passed,
            &["ward_core::alert::tests::severity_only_rises"],
        );
        assert_eq!(judged(GOOD, &passed), [""; 0]);
    }

    #[test]
    fn a_planted_control_without_a_test_is_caught() {
        let bad = GOOD.replace(
            r#"tests = ["ward_core::alert::tests::severity_only_rises"]"#,
            "",
        );
        let all = evidence(
            Standing::Passed,
            &["ward_core::alert::tests::severity_only_rises"],
        );
        assert_eq!(
            judged(&bad, &all),
            ["design control names no test: it is built so"]
        );
    }

    #[test]
    fn a_planted_name_of_no_test_is_caught() {
        let exists = evidence(
            Standing::Exists,
            &["ward_core::alert::tests::severity_only_falls"],
        );
        assert_eq!(
            judged(GOOD, &exists),
            ["no such test: ward_core::alert::tests::severity_only_rises"]
        );
    }

    #[test]
    fn a_name_that_has_moved_is_pointed_at() {
        let exists = evidence(Standing::Exists, &["rules::severity_only_rises"]);
        let found = judged(GOOD, &exists);
        assert_eq!(
            found,
            [
                "no such test: ward_core::alert::tests::severity_only_rises (there is rules::severity_only_rises)"
            ]
        );
    }

    #[test]
    fn a_test_that_exists_but_did_not_pass_is_caught() {
        let passed = evidence(Standing::Passed, &["ward_core::alert::tests::another"]);
        assert_eq!(
            judged(GOOD, &passed),
            ["test did not run and pass: ward_core::alert::tests::severity_only_rises"]
        );
    }

    #[test]
    fn files_that_are_no_hazards_are_refused() {
        let broken = [
            (
                "H99-x",
                GOOD.replace("causes = [\"a cause\"]", "causes = []"),
            ),
            ("H99-x", GOOD.replace("harm = \"a harm\"", "harm = \" \"")),
            (
                "H99-x",
                GOOD.replace("likelihood = \"very-low\"", "likelihood = \"very-high\""),
            ),
            (
                "H99-x",
                GOOD.replace("status = \"open\"", "status = \"controlled\""),
            ),
            (
                "H99-x",
                GOOD.replace("kind = \"training\"", "kind = \"hope\""),
            ),
            ("H99-x", GOOD.replace("owner = ", "ownr = ")),
            ("H98-x", GOOD.to_owned()),
        ];
        for (stem, text) in broken {
            assert_ne!(
                text,
                if stem == "H98-x" { "" } else { GOOD },
                "nothing was planted"
            );
            assert!(hazard::read(stem, &text).is_err(), "{text}");
        }
    }
}
