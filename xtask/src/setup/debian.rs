//! Programs that come from the system's packages: PostgreSQL, a browser with a font, a D-Bus daemon.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace::find_program;
use crate::{postgres, process};

/// Something that is used, how to tell that it is there, and the Debian package that brings it.
pub struct Need {
    pub what: &'static str,
    pub package: &'static str,
    pub present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "PostgreSQL's server (the store's stories run on both databases)",
        package: "postgresql",
        present: || postgres::programs().is_some(),
    },
    Need {
        what: "Chromium (the browser tests)",
        package: "chromium",
        present: || chromium().is_some(),
    },
    Need {
        what: "a font to draw pages with (the browser tests)",
        package: "fonts-liberation",
        present: || fonts().any(|font| font.starts_with("Liberation")),
    },
    Need {
        what: "fonts of other scripts (patients' pages in Urdu)",
        package: "fonts-noto-core",
        present: || fonts().any(|font| font.starts_with("NotoNaskhArabic")),
    },
    Need {
        what: "dbus-daemon (the bridge is tested on a private bus)",
        package: "dbus-daemon",
        present: || find_program("dbus-daemon").is_some(),
    },
];

/// The browser that the tests drive: `WARDLIGHT_CHROMIUM`, or an installed one.
pub fn chromium() -> Option<PathBuf> {
    env::var_os("WARDLIGHT_CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| find_program("chromium"))
}

fn fonts() -> impl Iterator<Item = String> {
    // One folder a family, under a name that has changed between releases ("liberation", "liberation2").
    let families = fs::read_dir("/usr/share/fonts/truetype")
        .into_iter()
        .flatten()
        .flatten();
    let files =
        families.flat_map(|family| fs::read_dir(family.path()).into_iter().flatten().flatten());
    files.map(|file| file.file_name().to_string_lossy().into_owned())
}

/// What the tests need.
pub fn prepare() -> Result<()> {
    provide(NEEDS)
}

/// Installs what is missing, or says exactly what is.
pub fn provide(needs: &'static [Need]) -> Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    println!("This machine lacks:");
    for need in &missing {
        println!("  {:<18} {}", need.package, need.what);
    }
    if find_program("apt-get").is_none() {
        bail!("install these by your system's own means; only Debian's packages are known here");
    }
    if !super::is_root()? {
        bail!(
            "run:  sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
    }
    println!("Installing {} with apt-get.", packages.join(", "));
    if !have_lists() || install(&packages).is_err() {
        println!("Refreshing apt's lists.");
        process::must(&mut apt_get(&["update"]))?;
        install(&packages)?;
    }
    match self::missing(needs).first() {
        Some(need) => bail!(
            "{} was installed, but {} is still not to be found",
            need.package,
            need.what
        ),
        None => Ok(()),
    }
}

fn missing(needs: &'static [Need]) -> Vec<&'static Need> {
    needs.iter().filter(|need| !(need.present)()).collect()
}

fn have_lists() -> bool {
    let lists = fs::read_dir(Path::new("/var/lib/apt/lists"))
        .into_iter()
        .flatten()
        .flatten();
    lists
        .into_iter()
        .any(|list| list.file_name().to_string_lossy().contains("_Packages"))
}

fn install(packages: &[&str]) -> Result<()> {
    process::must(apt_get(&["install", "--yes", "--no-install-recommends"]).args(packages))
        .context("apt-get could not install")
}

/// Waits for another apt to finish rather than failing, and never asks a question.
fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}
