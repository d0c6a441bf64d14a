//! `cargo xtask deb`: the bridge as a Debian package, from the files in `deploy/debian-bridge` and `dpkg-deb` alone.

mod elf;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::temporary::Temporary;
use crate::{process, workspace};

const PACKAGE: &str = "wardlight-bridge";

/// What goes where: file below `deploy`, place in the package, mode.
const FILES: &[(&str, &str, u32)] = &[
    (
        "debian-bridge/wardlight-bridge.toml",
        "etc/wardlight-bridge.toml",
        0o644,
    ),
    (
        "debian-bridge/wardlight-bridge.service",
        "usr/lib/systemd/system/wardlight-bridge.service",
        0o644,
    ),
    (
        "debian-bridge/sysusers.conf",
        "usr/lib/sysusers.d/wardlight-bridge.conf",
        0o644,
    ),
    (
        "debian-bridge/tmpfiles.conf",
        "usr/lib/tmpfiles.d/wardlight-bridge.conf",
        0o644,
    ),
    (
        "debian-bridge/dbus-policy.conf",
        "usr/share/dbus-1/system.d/wardlight-bridge.conf",
        0o644,
    ),
    (
        "debian-bridge/copyright",
        "usr/share/doc/wardlight-bridge/copyright",
        0o644,
    ),
    (
        "debian-bridge/wardlight-bridge.1",
        "usr/share/man/man1/wardlight-bridge.1",
        0o644,
    ),
    (
        "wardlight-bridge.example.toml",
        "usr/share/doc/wardlight-bridge/examples/wardlight-bridge.example.toml",
        0o644,
    ),
    ("debian-bridge/postinst", "DEBIAN/postinst", 0o755),
    ("debian-bridge/prerm", "DEBIAN/prerm", 0o755),
    ("debian-bridge/postrm", "DEBIAN/postrm", 0o755),
];

const CONFFILES: &str = "/etc/wardlight-bridge.toml\n";

#[derive(Args)]
pub struct Options {
    /// A program that is built already, also for another machine; without it a release build is made
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The folder for the package
    #[arg(long, default_value = ".")]
    output: PathBuf,
    /// Another version than the workspace's
    #[arg(long, default_value = env!("CARGO_PKG_VERSION"))]
    version: String,
    /// Packs fast and loosely, for tests
    #[arg(long)]
    quick: bool,
}

/// Builds the package and says where it is.
pub fn run(options: &Options) -> Result<ExitCode> {
    ensure!(
        workspace::find_program("dpkg-deb").is_some(),
        "dpkg-deb is missing: run this on Debian or one of its kind (package dpkg)"
    );
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => release_build()?,
    };
    let program = fs::read(&binary)
        .with_context(|| format!("cannot read {}; build it first", binary.display()))?;
    let architecture = elf::architecture(&program).with_context(|| {
        format!(
            "{} is no program for a machine that Debian knows",
            binary.display()
        )
    })?;
    let stage = Temporary::new(&workspace::scratch()?, "deb")?;
    lay_out(stage.path(), &binary, &options.version)?;
    let control = control(&options.version, architecture, &program, stage.path())?;
    put(stage.path(), "DEBIAN/control", control.as_bytes(), 0o644)?;
    put(
        stage.path(),
        "DEBIAN/conffiles",
        CONFFILES.as_bytes(),
        0o644,
    )?;
    put(
        stage.path(),
        "DEBIAN/md5sums",
        sums(stage.path())?.as_bytes(),
        0o644,
    )?;

    fs::create_dir_all(&options.output)?;
    let name = format!("{PACKAGE}_{}_{architecture}.deb", options.version);
    let package = options.output.join(name);
    let mut build = Command::new("dpkg-deb");
    let packing: &[&str] = if options.quick {
        &["-Znone"]
    } else {
        &["-Zxz", "-z6"]
    };
    build.arg("--root-owner-group").args(packing).arg("--build");
    build.arg(stage.path()).arg(&package);
    if let Some(seconds) = last_change() {
        build.env("SOURCE_DATE_EPOCH", seconds.to_string());
    }
    process::capture(&mut build)?;
    println!("{}", package.display());
    Ok(ExitCode::SUCCESS)
}

fn release_build() -> Result<PathBuf> {
    let build = [
        "build",
        "--release",
        "-p",
        "firmware-bridge",
        "--bin",
        PACKAGE,
    ];
    process::must(&mut workspace::cargo(&build)?)?;
    Ok(workspace::target()?.join("release").join(PACKAGE))
}

fn lay_out(stage: &Path, binary: &Path, version: &str) -> Result<()> {
    let deploy = workspace::root()?.join("deploy");
    for (from, to, mode) in FILES {
        put(
            stage,
            to,
            workspace::read(&deploy.join(from))?.as_bytes(),
            *mode,
        )?;
    }
    compress(&stage.join("usr/share/man/man1/wardlight-bridge.1"))?;
    let changelog = "usr/share/doc/wardlight-bridge/changelog";
    put(stage, changelog, changes(version)?.as_bytes(), 0o644)?;
    compress(&stage.join(changelog))?;

    let program = stage.join("usr/bin/wardlight-bridge");
    put(stage, "usr/bin/wardlight-bridge", &fs::read(binary)?, 0o755)?;
    let stripped = process::capture(Command::new("strip").arg("--strip-unneeded").arg(&program));
    if let Err(why) = stripped {
        println!("the program keeps its symbols, which makes the package larger: {why:#}");
    }
    Ok(())
}

/// Writes a file with its mode, whatever the umask is, and folders that anybody may enter.
fn put(stage: &Path, place: &str, bytes: &[u8], mode: u32) -> Result<()> {
    let file = stage.join(place);
    fs::set_permissions(stage, Permissions::from_mode(0o755))?;
    let mut folder = stage.to_path_buf();
    for part in Path::new(place).parent().into_iter().flat_map(Path::iter) {
        folder.push(part);
        if !folder.is_dir() {
            fs::create_dir(&folder)?;
        }
        fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
    }
    fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    fs::set_permissions(&file, Permissions::from_mode(mode))?;
    Ok(())
}

/// Without a name and a time in it: the same package each time.
fn compress(file: &Path) -> Result<()> {
    process::capture(Command::new("gzip").args(["-9n"]).arg(file)).map(drop)
}

fn control(version: &str, architecture: &str, program: &[u8], stage: &Path) -> Result<String> {
    let libc = elf::least_glibc(program).context("the program names no version of glibc")?;
    let size = process::capture(
        Command::new("du")
            .args(["-sk", "--apparent-size"])
            .arg(stage),
    )?;
    let size = size.split_whitespace().next().unwrap_or("0").to_owned();
    Ok(format!(
        "Package: {PACKAGE}\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: Wardlight contributors <wardlight@lists.example.org>\n\
         Installed-Size: {size}\n\
         Depends: bluez (>= 5.55), default-dbus-system-bus | dbus-system-bus, libc6 (>= {libc}), libgcc-s1 (>= 3.0), systemd | systemd-sysusers\n\
         Recommends: ca-certificates, systemd-timesyncd | time-daemon\n\
         Section: net\n\
         Priority: optional\n\
         Description: reads pulse oximeters over Bluetooth LE for a virtual ward\n \
         The bridge stands in a patient's home or in a care home. It reads the\n \
         oximeters that the ward has assigned to it, keeps each reading on disk and\n \
         posts it to a Wardlight service until that has confirmed it.\n \
         .\n \
         It is not a medical device and not for clinical use.\n"
    ))
}

fn changes(version: &str) -> Result<String> {
    let at = format!("@{}", last_change().unwrap_or(0));
    let date = process::capture(
        Command::new("date")
            .args(["-u", "-R", "-d", &at])
            .env("LC_ALL", "C"),
    )?;
    Ok(format!(
        "{PACKAGE} ({version}) unstable; urgency=medium\n\n  * What has changed for those who run it: CHANGELOG.md of the source.\n\n \
         -- Wardlight contributors <wardlight@lists.example.org>  {date}"
    ))
}

/// The time of the last commit, in seconds; `None` outside a checkout.
fn last_change() -> Option<u64> {
    let root = workspace::root().ok()?;
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["log", "-1", "--format=%ct"]);
    process::capture(&mut git).ok()?.trim().parse().ok()
}

fn sums(stage: &Path) -> Result<String> {
    let find = "find . -path ./DEBIAN -prune -o -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' md5sum";
    process::capture(Command::new("sh").args(["-c", find]).current_dir(stage))
}
