//! The words that people work by stay true: commands can be typed as they stand, metrics, keys, files and names exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use ward_server::Config;

use super::Arguments;

const README: &str = include_str!("../../../../README.md");
const RUNBOOK: &str = include_str!("../../../../deploy/RUNBOOK.md");
const MAP: &str = include_str!("../../../README.md");
const SAFETY: &str = include_str!("../../../../safety/README.md");
const CHANGES: &str = include_str!("../../../../CHANGELOG.md");
const UNIT: &str = include_str!("../../../../deploy/wardlight.service");

/// What the program itself advises to type.
const HINTS: &[&str] = &[
    include_str!("kit.rs"),
    include_str!("patient.rs"),
    include_str!("people.rs"),
    include_str!("serve.rs"),
    include_str!("ward.rs"),
];

/// Each document and the folder that its links start from.
const DOCUMENTS: &[(&str, &str)] = &[
    (README, ""),
    (RUNBOOK, "deploy"),
    (MAP, "crates"),
    (SAFETY, "safety"),
    (CHANGES, ""),
];

const SMALL: &str = "[organisation]\nods_code = \"RXR\"\nname = \"A trust\"\n[database]\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let tails = text.split(fence.as_str()).skip(1);
    tails
        .map(|tail| tail.split("```").next().unwrap_or_default())
        .collect()
}

/// A text without its fenced blocks.
fn prose(text: &str) -> String {
    let parts = text.split("```").enumerate();
    parts
        .filter(|(number, _)| number % 2 == 0)
        .map(|(_, part)| part)
        .collect()
}

/// What stands between backticks, and what stands before each.
fn spans(text: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = text.split('`').collect();
    parts
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [before, span] => Some((*before, *span)),
            _ => None,
        })
        .collect()
}

/// The words of a command line, quotes respected, up to a comment or the next command.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            ('"' | '\'', None) => (quote, begun) = (Some(c), true),
            (c, Some(open)) if c == open => quote = None,
            ('#' | '|' | ';' | '>', None) if !begun => break,
            (c, None) if c.is_whitespace() => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            (c, _) => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// The program that a line runs, behind sudo, env and variables, and what it is given.
fn program(line: &str) -> Option<(String, Vec<String>)> {
    let mut words = words(line).into_iter();
    loop {
        let word = words.next()?;
        match word.as_str() {
            "sudo" | "env" => {}
            "-u" => drop(words.next()),
            variable if variable.contains('=') && !variable.starts_with('-') => {}
            program => {
                let name = program.rsplit('/').next().unwrap_or_default().to_owned();
                return Some((name, words.collect()));
            }
        }
    }
}

/// Every command in the shell blocks of a text.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let blocks = blocks(text, "sh").join("\n").replace("\\\n", " ");
    blocks.lines().filter_map(program).collect()
}

/// Whether the first words name a command of `wardlight`, as deep as commands go.
fn is_a_command(line: &str) -> bool {
    let mut at = Arguments::command();
    let mut depth = 0;
    for word in line.split_whitespace().skip(1) {
        if !at.has_subcommands() {
            break;
        }
        match at.find_subcommand(word).cloned() {
            Some(deeper) => (at, depth) = (deeper, depth + 1),
            None => return false,
        }
    }
    depth > 0
}

#[test]
fn every_command_line_can_be_typed_as_it_stands() {
    let mut seen = 0;
    for (program, given) in [README, RUNBOOK].into_iter().flat_map(commands) {
        match program.as_str() {
            "wardlight" => {
                let line = std::iter::once(program).chain(given);
                if let Err(error) = Arguments::try_parse_from(line) {
                    panic!("{error}");
                }
                seen += 1;
            }
            "wardlight-bridge" => assert!(is_a_bridge_command(&given), "{given:?}"),
            _ => {}
        }
    }
    assert!(seen > 15, "the commands were not found");
}

/// The bridge is another program, which must not be needed here: its source says what it knows.
fn is_a_bridge_command(given: &[String]) -> bool {
    const BRIDGE: &str = include_str!("../../../../firmware-bridge/src/main.rs");
    let Some(first) = given.first() else {
        return false;
    };
    let name: String = first
        .split('-')
        .map(|part| part[..1].to_uppercase() + &part[1..])
        .collect();
    let configured = given.iter().any(|word| word == "--config");
    configured && BRIDGE.contains(&format!("\n    {name} {{"))
}

#[test]
fn every_command_named_in_a_sentence_or_a_hint_exists() {
    let documents = DOCUMENTS.iter().map(|(text, _)| prose(text));
    let texts: Vec<String> = documents
        .chain(HINTS.iter().map(ToString::to_string))
        .collect();
    let lines = texts.iter().flat_map(|text| spans(text));
    let named: Vec<&str> = lines
        .map(|(_, span)| span)
        .filter(|span| span.starts_with("wardlight ") && !span.contains('…'))
        .collect();
    assert!(named.len() > 15, "the commands were not found");
    for line in named {
        assert!(is_a_command(line), "{line}");
    }
}

#[test]
fn planted_commands_that_do_not_exist_are_caught() {
    for wrong in ["wardlight rotate", "wardlight ward close", "wardlight"] {
        assert!(!is_a_command(wrong), "{wrong}");
    }
    let text =
        "```sh\nsudo -u x env A=b /usr/bin/wardlight ward add --cod PEN   # a comment\n```\n";
    let (program, given) = commands(text).remove(0);
    assert_eq!(given, ["ward", "add", "--cod", "PEN"]);
    assert!(Arguments::try_parse_from(std::iter::once(program).chain(given)).is_err());
    assert!(!is_a_bridge_command(&[
        "enrol".to_owned(),
        "CODE".to_owned()
    ]));
}

/// Words that begin so, made of letters that may stand in a name.
fn names<'a>(text: &'a str, start: &'a str) -> BTreeSet<&'a str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with(start)).collect()
}

#[test]
fn every_metric_exists() {
    const METRICS: &str = concat!(
        include_str!("../../../ward-http/src/metrics.rs"),
        include_str!("../../../ward-http/src/metrics/self_test.rs")
    );
    let named = names(RUNBOOK, "wardlight_");
    assert!(named.len() > 3, "the metrics were not found");
    for metric in named {
        let name = metric.trim_start_matches("wardlight_");
        let ends = ["", "_total", "_bucket", "_sum", "_count"];
        let exists = ends
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .any(|name| METRICS.contains(&format!("\"{name}\"")));
        assert!(exists, "{metric}");
    }
}

#[test]
fn every_address_of_the_interface_exists() {
    let described = ward_http::openapi().to_json().unwrap();
    let quoted = RUNBOOK.split(['`', '"']);
    for address in quoted.filter(|text| text.starts_with("/api/")) {
        let known = address == "/api/openapi.json" || described.contains(&format!("\"{address}\""));
        assert!(known, "{address}");
    }
}

fn is_a_key(variable: &str, value: &str) -> Result<(), String> {
    let given = [(variable.to_owned(), value.to_owned())];
    let text = format!("{SMALL}url = \"sqlite:ward.db\"\n");
    let parsed = Config::parse(Path::new("/etc/wardlight.toml"), &text, given.into_iter());
    match parsed {
        // What else may be wrong with a single value is none of our business here.
        Err(error) if error.to_string().contains("unknown field") => Err(error.to_string()),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[test]
fn every_key_of_the_configuration_exists() {
    let variables = [RUNBOOK, UNIT]
        .into_iter()
        .flat_map(|text| names(text, "WARDLIGHT_"));
    let mut seen = 0;
    for variable in variables.filter(|name| name.contains("__") && !name.ends_with('_')) {
        is_a_key(variable, "\"x\"").unwrap();
        seen += 1;
    }
    for block in blocks(RUNBOOK, "toml") {
        let table: toml::Table = block.parse().unwrap();
        for (section, inside) in &table {
            let keys = inside.as_table().into_iter().flatten();
            for (key, value) in keys {
                is_a_key(
                    &format!("WARDLIGHT_{section}__{key}").to_uppercase(),
                    &value.to_string(),
                )
                .unwrap();
                seen += 1;
            }
        }
    }
    assert!(seen > 6, "the keys were not found");
    assert!(is_a_key("WARDLIGHT_HTTP__COLOUR", "\"red\"").is_err());
}

/// As a heading is linked to: small letters and digits, hyphens for spaces, nothing else.
fn anchor(heading: &str) -> String {
    let small = heading.trim().to_lowercase();
    let kept = small
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut seen = 0;
    for (text, folder) in DOCUMENTS {
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|tail| tail.split(')').next());
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            assert!(root().join(folder).join(file).exists(), "{folder}: {link}");
            let known = heading.is_empty() || !file.is_empty() || anchors(text).contains(heading);
            assert!(known, "{folder}: no heading {link}");
            seen += 1;
        }
    }
    assert!(seen > 20, "the links were not found");
}

/// A path of the repository, as the map writes it: from the root or from `crates`.
fn file(span: &str) -> Option<PathBuf> {
    let is_path = span.contains('/') && !span.contains([' ', '*', '{']) && !span.starts_with('/');
    let folders = [root(), root().join("crates")];
    is_path.then(|| {
        let found = folders
            .iter()
            .map(|folder| folder.join(span))
            .find(|path| path.exists());
        found.unwrap_or_else(|| panic!("there is no {span}"))
    })
}

#[test]
fn the_map_names_files_that_exist_and_names_that_stand_in_them() {
    let text = prose(MAP);
    let mut before: Option<PathBuf> = None;
    let (mut files, mut named) = (0, 0);
    for (between, span) in spans(&text) {
        if let (", ", Some(path)) = (between, &before) {
            let source = std::fs::read_to_string(path).unwrap();
            assert!(source.contains(span), "{} has no {span}", path.display());
            named += 1;
            before = None;
        } else {
            before = file(span)
                .inspect(|_| files += 1)
                .filter(|path| path.is_file());
        }
    }
    assert!(files > 25 && named > 25, "{files} files, {named} names");
}

#[test]
fn the_map_draws_the_arrows_that_there_are() {
    let drawn: BTreeSet<(String, String)> = MAP
        .lines()
        .filter_map(|line| line.split_once("──>"))
        .flat_map(|(from, to)| {
            to.split_whitespace()
                .map(|to| (from.trim().to_owned(), to.to_owned()))
        })
        .collect();
    let mut built = BTreeSet::new();
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    let folders = crates
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    for folder in folders.chain([root().join("firmware-bridge")]) {
        let manifest: toml::Table = std::fs::read_to_string(folder.join("Cargo.toml"))
            .unwrap()
            .parse()
            .unwrap();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let needs = manifest
            .get("dependencies")
            .and_then(toml::Value::as_table)
            .unwrap();
        let ours = needs.keys().filter(|need| need.starts_with("ward-"));
        built.extend(ours.map(|need| (name.clone(), need.clone())));
    }
    assert_eq!(drawn, built);
}
