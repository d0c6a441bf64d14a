//! Which tests there are, without running them.

use std::collections::BTreeSet;
use std::io::Read;

use anyhow::{Result, ensure};

use crate::test::{known_names, program};
use crate::workspace;

/// Full names of all tests of the workspace and of the pages. Builds them.
pub fn tests() -> Result<BTreeSet<String>> {
    let mut command = workspace::cargo(&["test", "--workspace", "--no-fail-fast", "--", "--list"])?;
    // One stream, so that the name of a program stands before its tests.
    let (mut reader, writer) = std::io::pipe()?;
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    drop(command);
    let mut said = String::new();
    reader.read_to_string(&mut said)?;
    ensure!(child.wait()?.success(), "the tests do not build:\n{said}");
    let mut names = listed(&said);
    names.extend(known_names()?);
    Ok(names)
}

fn listed(said: &str) -> BTreeSet<String> {
    let mut binary = String::new();
    let mut names = BTreeSet::new();
    for line in said.lines() {
        if let Some(next) = program(line) {
            binary = next;
        } else if let Some(name) = line.strip_suffix(": test") {
            names.insert(format!("{binary}::{name}"));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_tests_get_their_program_s_name() {
        let said = "    Finished `test` profile\n     Running unittests src/lib.rs (target/debug/deps/ward_core-0a)\nspo2::tests::bands: test\n\n\
                    1 test, 0 benchmarks\n     Running tests/journeys/main.rs (target/debug/deps/journeys-0b)\ntwo_nurses: test\n";
        let names: Vec<_> = listed(said).into_iter().collect();
        assert_eq!(
            names,
            ["journeys::two_nurses", "ward_core::spo2::tests::bands"]
        );
    }
}
