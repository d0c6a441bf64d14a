//! What must not stand in the text of the code.

use std::fs;
use std::path::{Path, PathBuf};

use super::house::root;

/// A text, and the only files that it may stand in.
struct Rule {
    text: &'static str,
    /// Everything below here is held to it.
    below: &'static [&'static str],
    except: &'static [&'static str],
}

const EVERYWHERE: &[&str] = &["crates", "firmware-bridge", "tests", "xtask"];

const RULES: &[Rule] = &[
    Rule {
        // Who sets the lint aside reads a system clock. Cut in two, so that this file keeps its own rule.
        text: concat!("disallowed", "_methods"),
        below: EVERYWHERE,
        except: &[
            "crates/ward-service/src/clock.rs",
            "firmware-bridge/src/clock.rs",
        ],
    },
    Rule {
        text: concat!(".aw", "ait"),
        below: &["crates/ward-core", "crates/ward-oximeter"],
        except: &[],
    },
    Rule {
        text: concat!("as", "ync"),
        below: &["crates/ward-core/src", "crates/ward-oximeter/src"],
        except: &[],
    },
];

struct Source {
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = root();
    let mut files = Vec::new();
    for folder in EVERYWHERE {
        collect(&root.join(folder), &mut files);
    }
    let read = files.into_iter().map(|file| Source {
        path: file
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .into_owned(),
        text: fs::read_to_string(&file).unwrap(),
    });
    read.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != "node_modules" {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

fn lines_against_a_rule(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for rule in RULES {
        let held = sources.iter().filter(|source| {
            let within = |folder: &&str| {
                source
                    .path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            };
            rule.below.iter().any(within) && !rule.except.contains(&source.path.as_str())
        });
        for source in held {
            for (number, line) in source.text.lines().enumerate() {
                if has_word(code_of(line), rule.text) {
                    wrong.push(format!("{}:{}: {}", source.path, number + 1, rule.text));
                }
            }
        }
    }
    wrong
}

/// Whether a line has this text, and not as the beginning of a longer name.
fn has_word(line: &str, text: &str) -> bool {
    line.match_indices(text).any(|(at, _)| {
        let next = line
            .get(at + text.len()..)
            .and_then(|rest| rest.chars().next());
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

/// A line without its comment. A text that holds two strokes is cut short, which only makes the check milder there.
fn code_of(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

#[test]
fn only_the_clocks_read_a_clock_and_the_rules_wait_for_nothing() {
    let sources = sources();
    assert!(sources.len() > 100, "the sources were not found");
    assert_eq!(lines_against_a_rule(&sources), [""; 0]);
}

#[test]
fn planted_lines_against_the_rules_are_caught() {
    let planted = |path: &str, text: String| Source {
        path: path.to_owned(),
        text,
    };
    let expects = format!("#[expect(clippy::{})]\n", RULES.first().unwrap().text);
    let awaits = format!(
        "// not this: {0}\nlet c = self{0}ed;\nlet a = b(){0};\n",
        ".aw".to_owned() + "ait"
    );
    let sources = [
        planted("crates/ward-service/src/sweep.rs", expects.clone()),
        planted("crates/ward-service/src/clock.rs", expects),
        planted("crates/ward-core/src/alert.rs", awaits.clone()),
        planted(
            "crates/ward-core/src/plan.rs",
            concat!("pub as", "ync fn judge()").into(),
        ),
        planted("crates/ward-core-not/src/plan.rs", awaits),
    ];
    let wrong = lines_against_a_rule(&sources);
    let places: Vec<&str> = wrong
        .iter()
        .map(|line| line.rsplit_once(": ").unwrap().0)
        .collect();
    assert_eq!(
        places,
        [
            "crates/ward-service/src/sweep.rs:1",
            "crates/ward-core/src/alert.rs:3",
            "crates/ward-core/src/plan.rs:1"
        ]
    );
}
