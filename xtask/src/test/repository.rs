//! Checks of the repository itself: how much it leans on, and what may not be in it.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::tally::Tally;
use crate::{process, workspace};

/// Each package in the lock file is code that somebody must trust: under this many, each worth an argument.
const PACKAGES_BELOW: usize = 450;

/// Where packages come from is each builder's own business: lock files pin content, not addresses. Written in halves so
/// that this file passes its own check.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("files.python", "hosted.org"),
    concat!("pypi", ".org"),
    concat!("deb.debian", ".org"),
    concat!("proxy.go", "lang.org"),
];

/// The folder of one particular machine.
const MACHINE_FOLDER: &str = concat!("/wo", "rk/");

pub fn check(tally: &mut Tally) {
    tally.step("lock file", lock_file);
    tally.step("committed files", committed_files);
}

fn lock_file() -> Result<()> {
    let count = packages(&workspace::read(&workspace::root()?.join("Cargo.lock"))?);
    println!("{count} packages in the lock file");
    ensure!(
        count < PACKAGES_BELOW,
        "{count} packages in the lock file; the limit is {PACKAGES_BELOW}"
    );
    Ok(())
}

fn packages(lock: &str) -> usize {
    lock.lines()
        .filter(|line| line.trim() == "[[package]]")
        .count()
}

fn committed_files() -> Result<()> {
    let root = workspace::root()?;
    let list = process::capture(
        Command::new("git")
            .args(["ls-files", "-z"])
            .current_dir(&root),
    )
    .context("cannot list the committed files")?;
    let mut found = Vec::new();
    for name in list.split('\0').filter(|name| !name.is_empty()) {
        // A file that is listed but not there is being deleted; links and submodules have no text.
        let Ok(bytes) = std::fs::read(root.join(name)) else {
            continue;
        };
        for (number, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            if let Some(what) = forbidden(line) {
                found.push(format!("{name}:{}: {what}", number + 1));
            }
        }
    }
    ensure!(
        found.is_empty(),
        "these may not be committed:\n    {}",
        found.join("\n    ")
    );
    Ok(())
}

/// What in this line may not be committed.
fn forbidden(line: &str) -> Option<&'static str> {
    let host = REGISTRY_HOSTS
        .iter()
        .find(|host| line.contains(*host))
        .map(|_| "the host name of a package registry");
    host.or_else(|| {
        let mut parts = line.split(MACHINE_FOLDER);
        let mut before = parts.next().unwrap_or_default();
        for after in parts {
            // Below another folder it is a folder of somebody's; only an absolute path names a machine.
            if !before.ends_with(|letter: char| letter.is_alphanumeric() || "_-.}".contains(letter))
            {
                return Some("a path of one particular machine");
            }
            before = after;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_addresses_and_paths_are_found() {
        for host in REGISTRY_HOSTS {
            assert!(forbidden(&format!("\"resolved\": \"https://{host}/x.tgz\"")).is_some());
        }
        assert!(forbidden(&format!("see {MACHINE_FOLDER}main/README.md")).is_some());
        assert!(forbidden(&format!("path = \"{MACHINE_FOLDER}main\"")).is_some());
    }

    #[test]
    fn ordinary_lines_pass() {
        let below = format!("network{MACHINE_FOLDER}plan.md");
        for line in [
            "source = \"registry+https://github.com/rust-lang/crates.io-index\"",
            &below,
            "a day's work / rest",
        ] {
            assert_eq!(forbidden(line), None, "{line}");
        }
    }

    #[test]
    fn packages_of_a_lock_file_are_counted() {
        assert_eq!(
            packages("version = 4\n\n[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\n"),
            2
        );
    }
}
