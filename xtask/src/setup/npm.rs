//! Packages for Node, exactly as a committed lock file has them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::process;
use crate::workspace::{find_program, read};

/// The oldest Node that runs our tools.
const OLDEST_NODE: u32 = 20;

/// Installs what `folder/package-lock.json` names, unless exactly that is there already.
pub fn install(folder: &Path) -> Result<()> {
    let lock = read(&folder.join("package-lock.json"))?;
    // Written last, inside what it vouches for: who deletes the folder deletes the claim.
    let installed = folder.join("node_modules/.wardlight-installed");
    if fs::read_to_string(&installed).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    check_node()?;
    println!(
        "Installing the Node packages of {} with npm.",
        folder.display()
    );
    let said = process::capture(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )?;
    println!("{}", said.trim());
    fs::write(&installed, lock).with_context(|| format!("cannot write {}", installed.display()))
}

fn check_node() -> Result<()> {
    if find_program("node").is_none() || find_program("npm").is_none() {
        bail!(
            "Node with npm is not installed: install Node {OLDEST_NODE} or later and run this again"
        );
    }
    let version = process::capture(Command::new("node").arg("--version"))?;
    let major = major(&version).with_context(|| format!("node says its version is {version:?}"))?;
    ensure!(
        major >= OLDEST_NODE,
        "Node {major} is installed, {OLDEST_NODE} or later is needed"
    );
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_node_prints_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("something else"), None);
    }
}
