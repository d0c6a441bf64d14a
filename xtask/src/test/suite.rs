//! The tests that Node runs: where their files are, and what they are called.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

pub struct Suite {
    /// First part of the full names of its tests.
    pub name: &'static str,
    pub title: &'static str,
    /// Where its files are, below the root.
    folders: &'static [&'static str],
}

pub const SUITES: &[Suite] = &[
    Suite {
        name: "js",
        title: "unit tests of the pages' scripts",
        folders: &["crates/ward-http/static/tests", "tests/browser/unit"],
    },
    Suite {
        name: "browser",
        title: "browser tests",
        folders: &["tests/browser/specs"],
    },
];

const ENDINGS: [&str; 2] = [".test.mjs", ".test.js"];

impl Suite {
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let root = workspace::root()?;
        let mut files = Vec::new();
        for folder in self.folders {
            files.extend(files_below(&root.join(folder))?);
        }
        files.retain(|file| stem(file).is_some());
        files.sort();
        Ok(files)
    }
}

/// Full names of all tests, `browser::board::an alert appears`, read from the files without running them.
pub fn known_names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for suite in SUITES {
        for file in suite.files()? {
            let stem = stem(&file).unwrap_or_default();
            let text = workspace::read(&file)?;
            names.extend(titles(&text).map(|title| format!("{}::{stem}::{title}", suite.name)));
        }
    }
    Ok(names)
}

fn stem(file: &Path) -> Option<&str> {
    let name = file.file_name()?.to_str()?;
    ENDINGS.iter().find_map(|ending| name.strip_suffix(*ending))
}

/// What stands in quotes behind `test(` or `it(`, where a line begins with that.
fn titles(text: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter_map(move |start| {
        let line = text.get(start..)?.trim_start_matches([' ', '\t']);
        let call = line
            .strip_prefix("test(")
            .or_else(|| line.strip_prefix("it("));
        quoted(call?)
    })
}

fn quoted(call: &str) -> Option<&str> {
    let call = call.trim_start();
    let quote = call.chars().next().filter(|it| "\"'`".contains(*it))?;
    let (title, _) = call.strip_prefix(quote)?.split_once(quote)?;
    Some(title)
}

/// Whether there is anything to check the types of: our own scripts, not what set-up has put beside them.
pub fn has_scripts() -> Result<bool> {
    let folder = workspace::root()?.join("crates/ward-http/static");
    let files = files_below(&folder)?;
    let own = |file: &&PathBuf| !file.starts_with(folder.join("vendor"));
    Ok(files
        .iter()
        .filter(own)
        .any(|file| file.extension().is_some_and(|it| it == "js")))
}

pub fn browser_folder() -> Result<PathBuf> {
    Ok(workspace::root()?.join("tests/browser"))
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()));
    for entry in entries? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_from_the_text_of_a_spec() {
        let text = "import test from 'node:test';\ntest(\"an alert appears\", async () => {\n  it('inner, all the same', f);\n\
                    // test(\"not this\")\ntest(\n  `on a line of its own`,\n  f);\nlatest(\"nor this\");\ntest(name, f);";
        assert_eq!(
            titles(text).collect::<Vec<_>>(),
            [
                "an alert appears",
                "inner, all the same",
                "on a line of its own"
            ]
        );
    }

    #[test]
    fn a_test_s_file_is_known_by_its_ending() {
        assert_eq!(stem(Path::new("a/board.test.mjs")), Some("board"));
        assert_eq!(stem(Path::new("a/feed.test.js")), Some("feed"));
        assert_eq!(stem(Path::new("a/feed.js")), None);
    }
}
