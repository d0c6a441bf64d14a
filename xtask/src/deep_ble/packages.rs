//! What the emulated machine needs: Debian's packages, downloaded and unpacked beside the build's output, and Bumble in a
//! Python environment of its own. Only QEMU and Python's venv are installed on this machine, if they are missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::setup::{self, Need};
use crate::stop::Stop;
use crate::workspace::{self, find_program, read};

/// Debian's own, whatever else is called python3 here.
const PYTHON: &str = "/usr/bin/python3";

const NEEDS: &[Need] = &[
    Need {
        what: "QEMU (an emulated machine)",
        package: "qemu-system-x86",
        present: || find_program("qemu-system-x86_64").is_some(),
    },
    Need {
        what: "Python with venv (the virtual oximeters)",
        package: "python3-venv",
        present: has_venv,
    },
    Need {
        what: "xz (the kernel's modules are packed with it)",
        package: "xz-utils",
        present: || find_program("xz").is_some(),
    },
];

/// Installed nowhere: on this machine bluez would start a Bluetooth service, and dbus a message bus.
const UNPACKED: &[&str] = &["bluez", "busybox-static", "dbus-daemon", "dbus-bin"];

/// The first that apt knows. Debian 12's usual kernel (6.1.192) dies when an oximeter has lost its bond; the other does not.
const KERNELS: &[&str] = &["linux-image-6.12-amd64", "linux-image-amd64"];

const DOWNLOAD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Where things are.
pub struct Lab {
    pub kernel: PathBuf,
    pub initramfs: PathBuf,
    /// The root of the unpacked packages.
    pub packages: PathBuf,
    pub python: PathBuf,
}

/// Does what has not been done yet. Each step leaves a note of what it has done, last of all.
pub fn prepare(folder: &Path, stop: &Stop) -> Result<Lab> {
    setup::provide(NEEDS)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let kernel = folder.join("kernel");
    once(&kernel, &kernel_package()?, |package| {
        println!(
            "Downloading and unpacking the kernel {package} (some 100 MB; it is not installed)."
        );
        unpack(&kernel, &[package.to_owned()], stop)
    })?;
    let packages = folder.join("packages");
    once(&packages, &lacking()?.join(" "), |names| {
        println!("Downloading and unpacking {names} (not installed).");
        let names: Vec<String> = names.split(' ').map(str::to_owned).collect();
        unpack(&packages, &names, stop)
    })?;
    let wanted = workspace::root()?.join("tests/deep-ble/requirements.txt");
    let venv = folder.join("venv");
    once(&venv, &read(&wanted)?, |_| {
        println!(
            "Installing Bumble into {} with pip (70 MB).",
            venv.display()
        );
        install_python(&venv, &wanted, stop)
    })?;
    let modules = only_child(&kernel.join("lib/modules"))?;
    let initramfs = folder.join("initramfs.gz");
    make_initramfs(&modules, &packages, &initramfs, stop)?;
    let version = modules.file_name().unwrap_or_default().to_string_lossy();
    Ok(Lab {
        kernel: kernel.join(format!("boot/vmlinuz-{version}")),
        initramfs,
        python: venv.join("bin/python"),
        packages,
    })
}

/// Makes a folder as `wanted` says, unless it was made so before; half of one is begun anew.
fn once(folder: &Path, wanted: &str, make: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let note = folder.with_extension("done");
    if folder.is_dir() && fs::read_to_string(&note).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    make(wanted)?;
    fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))
}

/// The real package behind "the newest kernel".
fn kernel_package() -> Result<String> {
    for meta in KERNELS {
        let said = process::capture(Command::new("apt-cache").args(["depends", meta]));
        if let Some(name) = said.ok().as_deref().and_then(kernel_behind) {
            return Ok(name);
        }
    }
    bail!(
        "apt knows no kernel (`apt-get update` first, as root); only Debian on x86-64 is known here"
    )
}

fn kernel_behind(depends: &str) -> Option<String> {
    let mut words = depends
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "));
    words
        .find(|name| name.starts_with("linux-image-"))
        .map(str::to_owned)
}

/// What we unpack, and of what that needs whatever is not installed here.
fn lacking() -> Result<Vec<String>> {
    let mut command = Command::new("apt-get");
    command.args(["install", "--simulate", "--no-install-recommends"]);
    let said = process::capture(command.args(UNPACKED))
        .context("apt cannot say what bluez needs (`apt-get update` first, as root)")?;
    let mut names: Vec<String> = installs(&said).map(str::to_owned).collect();
    // These two even where they are installed: the guest looks for them in one place.
    names.extend(["bluez".to_owned(), "busybox-static".to_owned()]);
    names.sort();
    names.dedup();
    Ok(names)
}

/// Lines of a simulation: "Inst kmod (30+20221128-1 Debian:12.15/oldstable [amd64])".
fn installs(said: &str) -> impl Iterator<Item = &str> {
    said.lines()
        .filter_map(|line| line.strip_prefix("Inst "))
        .filter_map(|rest| rest.split_whitespace().next())
}

fn unpack(into: &Path, names: &[String], stop: &Stop) -> Result<()> {
    let archives = into.with_extension("archives");
    fs::create_dir_all(&archives)?;
    let mut download = Command::new("apt-get");
    download
        .args(["download", "-q"])
        .args(names)
        .current_dir(&archives);
    run(download, stop)?;
    for archive in fs::read_dir(&archives)? {
        let mut command = Command::new("dpkg-deb");
        command.arg("-x").arg(archive?.path()).arg(into);
        run(command, stop)?;
    }
    fs::remove_dir_all(&archives).context("cannot remove what was downloaded")
}

fn has_venv() -> bool {
    let mut command = Command::new(PYTHON);
    command.args([
        "-c",
        "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))",
    ]);
    process::capture(&mut command).is_ok()
}

fn install_python(venv: &Path, wanted: &Path, stop: &Stop) -> Result<()> {
    let mut make = Command::new(PYTHON);
    make.args(["-m", "venv"]).arg(venv);
    run(make, stop)?;
    let mut install = Command::new(venv.join("bin/pip"));
    // Nothing is built here: a wheel runs no code when it is installed.
    install.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "-r",
    ]);
    install.arg(wanted);
    run(install, stop)
}

/// Made anew where the scripts, the kernel or busybox are newer.
fn make_initramfs(modules: &Path, packages: &Path, out: &Path, stop: &Stop) -> Result<()> {
    let scripts = workspace::root()?.join("tests/deep-ble");
    let busybox = packages.join("bin/busybox");
    let sources = [
        scripts.join("init.sh"),
        scripts.join("initramfs.sh"),
        busybox.clone(),
        modules.with_file_name(".."),
    ];
    if is_newer(out, &sources) {
        return Ok(());
    }
    println!("Making the file system that the emulated machine boots from.");
    let mut command = Command::new("sh");
    command
        .arg(scripts.join("initramfs.sh"))
        .arg(modules)
        .arg(busybox)
        .arg(out);
    run(command, stop)
}

fn is_newer(made: &Path, sources: &[PathBuf]) -> bool {
    let when = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    when(made).is_some_and(|made| {
        sources
            .iter()
            .all(|source| when(source).is_some_and(|source| source < made))
    })
}

fn only_child(folder: &Path) -> Result<PathBuf> {
    let mut children =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    match (children.next(), children.next()) {
        (Some(child), None) => Ok(child?.path()),
        _ => bail!(
            "{} does not hold exactly one kernel: remove it and run this again",
            folder.display()
        ),
    }
}

fn run(command: Command, stop: &Stop) -> Result<()> {
    let title = format!("{command:?}");
    let status = process::stream(command, stop, DOWNLOAD_LIMIT, |line| println!("  {line}"))?;
    if !status.success() {
        bail!("{title} has failed ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Temporary;

    #[test]
    fn what_apt_says_is_understood() {
        let depends = "linux-image-6.12-amd64\n  Depends: linux-image-6.12.117+deb12-amd64\n  Suggests: firmware\n";
        assert_eq!(
            kernel_behind(depends).as_deref(),
            Some("linux-image-6.12.117+deb12-amd64")
        );
        assert_eq!(kernel_behind("linux-image-amd64\n"), None);
        let said = "Reading\nInst kmod (30 Debian:12 [amd64])\nInst bluez (5.66 Debian:12 [amd64])\nConf kmod\n";
        assert_eq!(installs(said).collect::<Vec<_>>(), ["kmod", "bluez"]);
    }

    #[test]
    fn what_is_done_is_not_done_again_and_half_of_it_is_begun_anew() {
        let folder = Temporary::new(&std::env::temp_dir(), "wardlight-deep").unwrap();
        let made = folder.path().join("made");
        let broken = once(&made, "one", |_| {
            fs::write(made.join("half"), "").unwrap();
            bail!("no network")
        });
        assert!(broken.is_err());
        once(&made, "one", |_| Ok(fs::write(made.join("whole"), "")?)).unwrap();
        assert!(!made.join("half").exists());
        once(&made, "one", |_| bail!("made twice")).unwrap();
        let mut again = false;
        once(&made, "another", |_| {
            again = true;
            Ok(())
        })
        .unwrap();
        assert!(again);
    }
}
