//! `wardlight-bridge doctor` beside a pretended Bluetooth service.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;
use tokio::net::{TcpListener, UnixListener};
use tokio::process::Command;
use zbus::{ObjectPath, interface};

use super::adapter::BluezError;
use super::bus::Bus;
use super::{Call, FakeBluez};
use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::eventually;

const OXIMETER: &str = "00:1C:05:FF:4E:5D";
const FAST: &str = "testing.time_factor = 10";

/// `org.bluez.AgentManager1`, as far as a doctor goes: how many are registered.
#[derive(Clone, Default)]
struct Agents(Arc<AtomicUsize>);

#[interface(name = "org.bluez.AgentManager1")]
impl Agents {
    fn register_agent(&self, _agent: ObjectPath<'_>, capability: &str) -> Result<(), BluezError> {
        if capability != "NoInputNoOutput" {
            return Err(BluezError::Failed("Invalid arguments".to_owned()));
        }
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
    fn unregister_agent(&self, _agent: ObjectPath<'_>) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(serde::Deserialize)]
struct Report {
    well: bool,
    checks: Vec<Check>,
}

#[derive(serde::Deserialize)]
struct Check {
    check: String,
    verdict: String,
    said: String,
    #[serde(rename = "do")]
    advice: Option<String>,
}

/// A box after `enrol`, with a `bluetoothctl` that says its version.
struct Kit {
    folder: tempfile::TempDir,
    config: PathBuf,
}

impl Kit {
    fn new(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        enrolled(folder.path());
        let data = folder.path().join("data");
        let private = |mode| fs::Permissions::from_mode(mode);
        fs::set_permissions(&data, private(0o700)).unwrap();
        fs::set_permissions(data.join("key"), private(0o600)).unwrap();
        let program = folder.path().join("bluetoothctl");
        fs::write(&program, "#!/bin/sh\necho bluetoothctl: 5.66\n").unwrap();
        fs::set_permissions(&program, private(0o755)).unwrap();
        let config = configure(folder.path(), url, FAST);
        Self { folder, config }
    }

    fn doctor(&self, bus: &str) -> Command {
        let mut doctor = command("doctor", &self.config);
        doctor.env("DBUS_SYSTEM_BUS_ADDRESS", bus);
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        doctor.env("PATH", path);
        doctor
    }

    /// Verdicts by check, and whether it ended well.
    async fn look(&self, bus: &str) -> (bool, Vec<(String, String, String)>) {
        let said = self.doctor(bus).arg("--json").output().await.unwrap();
        let text = String::from_utf8(said.stdout).unwrap();
        println!("{text}"); // shown when the test fails
        let report: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(report.well, said.status.success());
        let checks = report.checks.into_iter();
        let checks = checks.map(|it| {
            let said = format!("{} -> {}", it.said, it.advice.unwrap_or_default());
            (it.check, it.verdict, said)
        });
        (report.well, checks.collect())
    }
}

fn found(checks: &[(String, String, String)], check: &str) -> (String, String) {
    let found = checks.iter().find(|it| it.0 == check);
    let (_, verdict, said) = found.unwrap_or_else(|| panic!("{check} is not looked at"));
    (verdict.clone(), said.clone())
}

fn assert_found(checks: &[(String, String, String)], check: &str, verdict: &str, word: &str) {
    let (is, said) = found(checks, check);
    assert!(is == verdict && said.contains(word), "{check}: {is} {said}");
}

async fn bluez(bus: &Bus, agents: &Agents) -> FakeBluez {
    let bluez = FakeBluez::start(bus).await;
    let server = bluez.connection.object_server();
    server.at("/org/bluez", agents.clone()).await.unwrap();
    bluez
}

#[tokio::test]
async fn a_doctor_finds_all_well_beside_a_running_bridge_and_disturbs_nothing() {
    let (service, bus) = (Service::start().await, Bus::start().await);
    service.enrol_device(OXIMETER);
    let agents = Agents::default();
    let (bluez, kit) = (bluez(&bus, &agents).await, Kit::new(&service.url));
    let mut run = command("run", &kit.config);
    run.env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address);
    let bridge = Bridge::start(run);
    bluez.asked(Call::StartDiscovery, 1).await;
    eventually("the bridge has said that it is connected", async || {
        let state = fs::read_to_string(kit.folder.path().join("data/state.json")).ok()?;
        let state: Json = serde_json::from_str(&state).ok()?;
        let works = state.pointer("/bluetooth_works")?.as_bool()?;
        let answered = state.pointer("/line/answered")?.is_object();
        (works && answered).then_some(())
    })
    .await;

    let (well, checks) = kit.look(&bus.address).await;
    assert!(well);
    for check in [
        "configuration",
        "data folder",
        "enrolled",
        "message bus",
        "adapter",
        "pairing agent",
        "service name",
        "service line",
        "service",
        "credential",
        "clock against",
        "running bridge",
    ] {
        assert_found(&checks, check, "ok", "");
    }
    assert_found(&checks, "BlueZ", "ok", "5.66");
    assert_found(&checks, "spool", "ok", "in use by the running bridge");
    assert_eq!(
        agents.0.load(Ordering::Relaxed),
        0,
        "no agent is left behind"
    );
    assert_eq!(bluez.count(&Call::StopDiscovery), 0);
    assert_eq!(bluez.count(&Call::StartDiscovery), 1);

    let said = kit.doctor(&bus.address).output().await.unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.lines().count(), checks.len() + 1, "{said}");
    assert!(!said.contains(crate::door::TOKEN) && !said.contains(OXIMETER));
    let (status, _) = bridge.terminate().await;
    assert!(status.success());
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_said_with_what_to_do() {
    let (service, bus) = (Service::start().await, Bus::start().await);
    let (bluez, kit) = (
        bluez(&bus, &Agents::default()).await,
        Kit::new(&service.url),
    );
    bluez.world.powered.store(false, Ordering::Relaxed);
    service.book().door.revoked = true;
    fs::set_permissions(
        kit.folder.path().join("data"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let (well, checks) = kit.look(&bus.address).await;
    assert!(!well);
    assert_found(&checks, "adapter", "WRONG", "bluetoothctl power on");
    assert_found(&checks, "credential", "WRONG", "enrol --replace");
    assert_found(&checks, "data folder", "WRONG", "chmod 0700");
    assert_found(&checks, "spool", "ok", "first start");
    assert_found(&checks, "running bridge", "warning", "has not started");

    bluez.die().await;
    drop(service);
    fs::remove_file(kit.folder.path().join("data/key")).unwrap();
    fs::write(kit.folder.path().join("data/spool.sqlite"), [7; 4096]).unwrap();
    let (_, checks) = kit.look(&bus.address).await;
    assert_found(
        &checks,
        "BlueZ",
        "WRONG",
        "systemctl enable --now bluetooth",
    );
    assert_found(&checks, "enrolled", "WRONG", "enrol --config");
    assert_found(&checks, "spool", "WRONG", "damaged");
    assert_found(&checks, "service line", "WRONG", "firewall");
}

#[tokio::test]
async fn without_a_configuration_the_machine_is_looked_at_all_the_same() {
    let (bus, kit) = (Bus::start().await, Kit::new("http://ward.example.org/"));
    let (well, checks) = kit.look(&bus.address).await;
    assert!(!well);
    assert_found(&checks, "configuration", "WRONG", "service.url");
    assert_found(&checks, "message bus", "ok", "");
}

#[tokio::test]
async fn a_doctor_ends_whatever_hangs() {
    // A bus, a program and a service that take a call and never say a word.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let kit = Kit::new(&format!("http://{}/", silent.local_addr().unwrap()));
    let socket = kit.folder.path().join("bus");
    let _bus = UnixListener::bind(&socket).unwrap();
    let began = std::time::Instant::now();
    let (well, checks) = kit.look(&format!("unix:path={}", socket.display())).await;
    assert!(!well && began.elapsed() < std::time::Duration::from_secs(10));
    assert_found(&checks, "message bus", "WRONG", "no answer");
    assert_found(&checks, "service", "WRONG", "no answer");

    let bus = Bus::start().await;
    let _bluez = bluez(&bus, &Agents::default()).await;
    slow(&kit.folder.path().join("bluetoothctl"));
    let (_, checks) = kit.look(&bus.address).await;
    assert_found(&checks, "BlueZ", "warning", "not known");
    assert_found(&checks, "adapter", "ok", "is on");
}

fn slow(program: &Path) {
    fs::write(program, "#!/bin/sh\nexec sleep 60\n").unwrap();
}
