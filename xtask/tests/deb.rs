//! The bridge's package, installed, upgraded, removed and purged in a scratch root.
//!
//! What cannot be tried here, since systemd does not run the machine that tests: that the unit starts. `systemd-analyze`
//! reads it instead, and the maintainer scripts' calls of systemd are written down by stand-ins.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const UNIT: &str = "usr/lib/systemd/system/wardlight-bridge.service";
const ENABLED: &str = "etc/systemd/system/multi-user.target.wants/wardlight-bridge.service";
const MASK: &str = "etc/systemd/system/wardlight-bridge.service";

/// A folder that is gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("wardlight-deb-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn must(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// The program without what a debugger wants, made once: it is ten times smaller.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/debug/deps/deb-… is this test.
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().unwrap().parent().unwrap();
        let binary = folder.join("wardlight-bridge");
        assert!(
            binary.is_file(),
            "{} is missing: cargo build -p firmware-bridge",
            binary.display()
        );
        let small = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wardlight-bridge");
        let mut strip = Command::new("strip");
        must(strip.arg("-o").arg(&small).arg(binary));
        small
    })
}

fn package(folder: &Path, version: &str) -> PathBuf {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(["deb", "--quick", "--version", version]);
    xtask.arg("--binary").arg(program());
    let path = must(xtask.arg("--output").arg(folder));
    PathBuf::from(path.lines().last().unwrap())
}

/// A root with nothing in it but dpkg's own book, and systemd's mark that it runs.
struct Root {
    path: PathBuf,
    fakes: PathBuf,
    calls: PathBuf,
}

impl Root {
    fn new(scratch: &Path) -> Self {
        let path = scratch.join("root");
        for folder in [
            "var/lib/dpkg/info",
            "var/lib/dpkg/updates",
            "run/systemd/system",
            "etc",
        ] {
            fs::create_dir_all(path.join(folder)).unwrap();
        }
        fs::write(path.join("var/lib/dpkg/status"), "").unwrap();
        let (fakes, calls) = (scratch.join("fakes"), scratch.join("calls"));
        fs::create_dir(&fakes).unwrap();
        for name in ["systemctl", "deb-systemd-invoke"] {
            let fake = fakes.join(name);
            let script = format!("#!/bin/sh\necho {name} \"$@\" >> '{}'\n", calls.display());
            fs::write(&fake, script).unwrap();
            fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { path, fakes, calls }
    }

    /// dpkg's answer, and what the scripts asked of systemd.
    fn dpkg(&self, arguments: &[&str]) -> (String, String) {
        let _ = fs::remove_file(&self.calls);
        let me = must(Command::new("id").arg("-u"));
        let mut dpkg = if me.trim() == "0" {
            Command::new("dpkg")
        } else {
            // Fails with its name when it is missing: install the package fakeroot.
            let mut fakeroot = Command::new("fakeroot");
            fakeroot.arg("dpkg");
            fakeroot
        };
        let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", self.fakes.display());
        dpkg.env("PATH", path).env("LC_ALL", "C");
        dpkg.arg(format!("--root={}", self.path.display()));
        // The scripts run outside and are told where to work: nothing of this machine is touched.
        dpkg.args([
            "--force-script-chrootless",
            "--force-unsafe-io",
            "--force-depends",
            "--force-architecture",
        ]);
        let said = must(dpkg.args(arguments));
        (said, fs::read_to_string(&self.calls).unwrap_or_default())
    }

    fn file(&self, place: &str) -> PathBuf {
        self.path.join(place)
    }

    fn read(&self, place: &str) -> String {
        fs::read_to_string(self.file(place)).unwrap()
    }
}

#[test]
fn an_upgrade_keeps_spool_credential_and_configuration_and_a_purge_says_what_it_deletes() {
    let scratch = Scratch::new("life");
    let (first, second) = (package(&scratch.0, "0.1.0"), package(&scratch.0, "0.1.1"));
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    let root = Root::new(&scratch.0);
    let data = root.file("var/lib/wardlight-bridge");

    let (said, calls) = root.dpkg(&["--install", first]);
    assert!(said.contains("three steps are left"), "{said}");
    assert!(
        calls.contains("systemctl --system daemon-reload"),
        "{calls}"
    );
    assert!(
        calls.contains("deb-systemd-invoke reload dbus.service"),
        "{calls}"
    );
    assert!(!calls.contains("start"), "not enrolled yet: {calls}");
    let users = root.read("etc/passwd");
    let user = users
        .lines()
        .find(|line| line.starts_with("wardlight-bridge:"));
    let uid: u32 = user.unwrap().split(':').nth(2).unwrap().parse().unwrap();
    let found = fs::metadata(&data).unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o700);
    assert!(found.uid() == uid || must(Command::new("id").arg("-u")).trim() != "0");
    assert!(root.file(ENABLED).symlink_metadata().is_ok());

    let kept = [("spool.sqlite", "what waits"), ("key", "who we are")];
    for (name, text) in kept {
        fs::write(data.join(name), text).unwrap();
    }
    let config = root
        .read("etc/wardlight-bridge.toml")
        .replace("ward.example.org", "ward.nhs.example");
    fs::write(root.file("etc/wardlight-bridge.toml"), &config).unwrap();
    let unharmed = || {
        for (name, text) in kept {
            assert_eq!(fs::read_to_string(data.join(name)).unwrap(), text);
        }
        assert_eq!(root.read("etc/wardlight-bridge.toml"), config);
    };

    let (said, calls) = root.dpkg(&["--install", second]);
    unharmed();
    assert!(
        calls.contains("deb-systemd-invoke restart wardlight-bridge.service"),
        "{calls}"
    );
    assert!(
        !calls.contains("stop") && !said.contains("three steps"),
        "{calls}{said}"
    );

    let (said, calls) = root.dpkg(&["--remove", "wardlight-bridge"]);
    unharmed();
    assert!(
        calls.contains("deb-systemd-invoke stop wardlight-bridge.service"),
        "{calls}"
    );
    assert!(said.contains("stay in /var/lib/wardlight-bridge"), "{said}");
    assert!(
        root.file(MASK).symlink_metadata().is_ok(),
        "masked while it is not there"
    );

    root.dpkg(&["--install", second]);
    unharmed();
    assert!(root.file(MASK).symlink_metadata().is_err());
    assert!(root.file(ENABLED).symlink_metadata().is_ok());

    let (said, _) = root.dpkg(&["--purge", "wardlight-bridge"]);
    assert!(
        said.contains("DELETING /var/lib/wardlight-bridge"),
        "{said}"
    );
    assert!(!data.exists() && !root.file("etc/wardlight-bridge.toml").exists());
    assert!(root.file(ENABLED).symlink_metadata().is_err());
}

#[test]
fn the_package_holds_what_it_should_and_belongs_to_root() {
    let scratch = Scratch::new("content");
    let package = package(&scratch.0, "0.1.0");
    let list = must(Command::new("dpkg-deb").arg("--contents").arg(&package));
    for line in list.lines() {
        let (mode, owner) = (line.get(..10).unwrap(), line.split_whitespace().nth(1));
        assert_eq!(owner, Some("root/root"), "{line}");
        assert!(
            ["drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"].contains(&mode),
            "{line}"
        );
    }
    for place in [
        "./usr/bin/wardlight-bridge",
        "./etc/wardlight-bridge.toml",
        &format!("./{UNIT}"),
        "./usr/share/dbus-1/system.d/wardlight-bridge.conf",
        "./usr/share/man/man1/wardlight-bridge.1.gz",
    ] {
        assert!(
            list.lines().any(|line| line.ends_with(place)),
            "{place}\n{list}"
        );
    }
    let field = |name| {
        must(
            Command::new("dpkg-deb")
                .arg("--field")
                .arg(&package)
                .arg(name),
        )
    };
    assert!(field("Depends").contains("bluez") && field("Depends").contains("libc6 (>= 2."));
    assert_eq!(field("Version").trim(), "0.1.0");

    let root = scratch.0.join("out");
    must(
        Command::new("dpkg-deb")
            .arg("--extract")
            .arg(&package)
            .arg(&root),
    );
    let program = root.join("usr/bin/wardlight-bridge");
    assert!(must(Command::new(&program).arg("--version")).starts_with("wardlight-bridge"));
    let config = root.join("etc/wardlight-bridge.toml");
    let said = must(
        Command::new(&program)
            .arg("check-config")
            .arg("--config")
            .arg(config),
    );
    assert!(
        said.contains("/var/lib/wardlight-bridge/spool.sqlite"),
        "{said}"
    );
}

#[test]
fn the_unit_is_understood_by_systemd_and_hardened() {
    let scratch = Scratch::new("unit");
    let package = package(&scratch.0, "0.1.0");
    let root = scratch.0.join("out");
    must(
        Command::new("dpkg-deb")
            .arg("--extract")
            .arg(&package)
            .arg(&root),
    );
    let unit = root.join(UNIT);
    // Beside this machine's own units, and with the program where it lies now.
    let text = fs::read_to_string(&unit).unwrap();
    let here = text.replace(
        "ExecStart=/usr",
        &format!("ExecStart={}/usr", root.display()),
    );
    assert_ne!(here, text);
    let copy = scratch.0.join("wardlight-bridge.service");
    fs::write(&copy, here).unwrap();
    let mut verify = Command::new("systemd-analyze");
    let said = must(verify.args(["verify", "--man=no"]).arg(copy));
    assert!(!said.contains("wardlight-bridge"), "{said}");
    // At most 2.0 of 10 by systemd's own count.
    let mut security = Command::new("systemd-analyze");
    let security = security.args(["security", "--offline=true", "--threshold=20"]);
    must(security.arg(&unit));
    for line in [
        "Type=notify",
        "WatchdogSec=60",
        "Restart=always",
        "User=wardlight-bridge",
        "StateDirectory=wardlight-bridge",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}");
    }
}
