//! The whole program with virtual oximeters.

use std::collections::HashSet;
use std::fmt::Write;

use firmware_bridge::clock::Clock;
use firmware_bridge::spool::Spool;
use rustix::process::Signal;
use uuid::Uuid;
use ward_wire::bridge::{DeviceList, EnrolledDevice, MeasuredItem};

use crate::process::{Bridge, command, configure, enrolled};
use crate::service::{CODE, Service};
use crate::support::{PATIENCE, all_waiting, eventually};

const FAST: &str = "testing.time_factor = 10";
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/";

fn address(number: usize) -> String {
    format!("00:1C:05:00:00:{number:02X}")
}

#[tokio::test]
async fn a_bridge_is_enrolled_with_a_code_and_told_what_to_do_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    let config = configure(folder.path(), &service.url, "");
    let said = command("run", &config).output().await.unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(
        said.contains("not enrolled") && said.contains("enrol --config"),
        "{said}"
    );

    let wrong = command("enrol", &config)
        .arg("WRONG")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        !wrong.status.success() && said.contains("30 minutes"),
        "{said}"
    );

    let good = command("enrol", &config).arg(CODE).output().await.unwrap();
    assert!(good.status.success(), "{good:?}");
    let said = String::from_utf8(good.stdout).unwrap();
    assert!(said.contains("enrolled as bridge"), "{said}");
    let key = std::fs::read_to_string(folder.path().join("data/key")).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    assert!(!said.contains(key["key"]["private_key"].as_str().unwrap()));

    let again = command("enrol", &config)
        .args(["--code", CODE])
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        !again.status.success() && said.contains("--replace"),
        "{said}"
    );

    let check = command("check-config", &config).output().await.unwrap();
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(
        check.status.success() && said.contains("enrolled    yes"),
        "{said}"
    );
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_refused_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "http://ward.example.org", "");
    let said = command("check-config", &config).output().await.unwrap();
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(
        !said.status.success() && text.contains("service.url") && text.contains("https"),
        "{text}"
    );
}

#[tokio::test]
async fn a_dozen_virtual_oximeters_of_both_families_reach_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    (0..12).for_each(|number| service.enrol_device(&address(number)));
    enrolled(folder.path());
    let mut more = FAST.to_owned();
    for number in 0..12 {
        let kind = if number % 2 == 0 { "plx" } else { "pc60" };
        write!(
            more,
            "\n[[simulate.device]]\naddress = {:?}\nscenario = \"stable\"\nkind = \"{kind}\"",
            address(number)
        )
        .unwrap();
    }
    let bridge = Bridge::start(command(
        "simulate",
        &configure(folder.path(), &service.url, &more),
    ));
    eventually("a reading of each of the twelve", async || {
        let heard: HashSet<_> = (service.readings().into_iter())
            .filter(|item| {
                matches!(
                    &item.measured,
                    MeasuredItem::Window(_) | MeasuredItem::SpotCheck(_)
                )
            })
            .map(|item| item.device_address)
            .collect();
        (heard.len() == 12).then_some(())
    })
    .await;
    let (status, log) = bridge.terminate().await;
    assert!(status.success());
    let log = log.join("\n");
    assert!(
        !log.contains("ERROR") && !log.contains(&address(3)),
        "{log}"
    );
}

#[tokio::test]
async fn a_sudden_fall_is_sent_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(&address(1));
    enrolled(folder.path());
    let mut simulate = command("simulate", &configure(folder.path(), &service.url, FAST));
    simulate.args(["--speed", "60", "--scenario", "sudden_fall"]);
    let _bridge = Bridge::start(simulate);
    eventually("a reading under the limit", async || {
        service.readings().into_iter().find(|item| {
            matches!(&item.measured, MeasuredItem::Window(values) if values.spo2_percent < 90.0)
        })
    })
    .await;
}

#[tokio::test]
async fn an_oximeter_that_is_assigned_later_is_heard_and_one_that_is_taken_away_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    enrolled(folder.path());
    let bridge = Bridge::start(command(
        "simulate",
        &configure(folder.path(), &service.url, FAST),
    ));
    bridge.says("listening").await;
    service.enrol_device(&address(1));
    eventually("its readings", async || service.readings().pop()).await;
    service.book().devices.clear();
    bridge.says("count=0").await;
    let (status, _) = bridge.terminate().await;
    assert!(status.success());
}

#[tokio::test]
async fn what_settle_still_holds_is_on_disk_after_a_stop() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(&address(1));
    enrolled(folder.path());
    // No speeding up: eight seconds of a fall give no reading yet, and the stop lets it out.
    let more = "testing.time_factor = 4\n[log]\nfilter = \"firmware_bridge=debug\"";
    let mut simulate = command("simulate", &configure(folder.path(), &service.url, more));
    simulate.args(["--scenario", "stable"]);
    let bridge = Bridge::start(simulate);
    bridge.says("Settling").await;
    tokio::time::sleep(std::time::Duration::from_millis(2200)).await;
    assert!(service.readings().is_empty());
    let (status, log) = bridge.terminate().await;
    assert!(status.success());
    assert!(log.iter().any(|line| line.contains("reading on disk")));
    eventually("it is sent too", async || service.readings().pop()).await;
}

/// No network, sixty oximeters, and the program killed in the middle of its work, three times over.
#[tokio::test]
async fn every_reading_that_is_said_to_be_on_disk_is_there_after_kill_nine() {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let spool_file = folder.path().join("data/spool.sqlite");
    let devices = (0..60)
        .map(|number| EnrolledDevice {
            address: address(number),
            low_limit_percent: 92,
            ..EnrolledDevice::default()
        })
        .collect();
    let (spool, _) = Spool::open(&spool_file, Clock::of_this_machine())
        .await
        .unwrap();
    spool
        .remember_devices(&DeviceList {
            devices,
            ..DeviceList::default()
        })
        .await
        .unwrap();
    spool.close().await;
    let config = configure(folder.path(), NOWHERE, "testing.time_factor = 20");
    let mut promised: HashSet<Uuid> = HashSet::new();
    for round in 1..=3 {
        let mut simulate = command("simulate", &config);
        (0..60).for_each(|_| {
            simulate.args(["--scenario", "poor_signal"]);
        });
        let bridge = Bridge::start(simulate);
        eventually("a few readings are on disk", async || {
            (on_disk(&bridge.log()).len() >= round * 4).then_some(())
        })
        .await;
        bridge.signal(Signal::KILL);
        let (status, log) = bridge.end().await;
        assert!(!status.success());
        promised.extend(on_disk(&log));
        let (spool, aside) = Spool::open(&spool_file, Clock::of_this_machine())
            .await
            .unwrap();
        assert_eq!(aside, None);
        let mut there = HashSet::new();
        for row in all_waiting(&spool).await {
            there.insert(row.item.unwrap().id);
        }
        assert!(
            promised.is_subset(&there),
            "{} lost",
            promised.difference(&there).count()
        );
        spool.close().await;
    }
    assert!(promised.len() >= 12);
}

fn on_disk(log: &[String]) -> Vec<Uuid> {
    log.iter()
        .filter_map(|line| {
            line.split("reading on disk")
                .nth(1)?
                .split("reading=")
                .nth(1)
        })
        .map(|id| id.trim().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn a_spool_that_is_damaged_at_the_start_is_reported_and_the_bridge_works_on() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(&address(1));
    enrolled(folder.path());
    std::fs::write(
        folder.path().join("data/spool.sqlite"),
        "a power cut".repeat(1000),
    )
    .unwrap();
    let bridge = Bridge::start(command(
        "simulate",
        &configure(folder.path(), &service.url, FAST),
    ));
    bridge.says("the spool is damaged: it was set aside").await;
    eventually("its readings", async || service.readings().pop()).await;
}

#[tokio::test]
async fn a_supervisor_is_told_when_the_bridge_works_and_when_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    enrolled(folder.path());
    let path = folder.path().join("notify");
    let socket = tokio::net::UnixDatagram::bind(&path).unwrap();
    let mut simulate = command("simulate", &configure(folder.path(), &service.url, ""));
    simulate
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "300000");
    let bridge = Bridge::start(simulate);
    let told = async |what: &str| {
        let mut message = [0; 512];
        loop {
            let length = tokio::time::timeout(PATIENCE, socket.recv(&mut message))
                .await
                .expect(what)
                .unwrap();
            if String::from_utf8_lossy(&message[..length]).contains(what) {
                return;
            }
        }
    };
    told("READY=1").await;
    told("WATCHDOG=1").await;
    told("WATCHDOG=1").await;
    bridge.signal(Signal::TERM);
    told("STOPPING=1").await;
    assert!(bridge.end().await.0.success());
}

#[tokio::test]
async fn logs_are_json_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    enrolled(folder.path());
    let mut simulate = command("simulate", &configure(folder.path(), &service.url, ""));
    simulate.env("WARDLIGHT_BRIDGE_LOG__FORMAT", "json");
    let bridge = Bridge::start(simulate);
    bridge.says("listening").await;
    let (_, log) = bridge.terminate().await;
    for line in log {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(line["level"].is_string() && line["message"].is_string());
    }
}

/// The disk goes bad under a bridge that runs: what it measures next is not lost, and what was is set aside.
#[tokio::test]
async fn a_spool_that_is_damaged_under_a_running_bridge_is_replaced_without_losing_the_reading_in_hand()
 {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let devices = vec![EnrolledDevice {
        address: address(1),
        low_limit_percent: 92,
        ..EnrolledDevice::default()
    }];
    let spool_file = folder.path().join("data/spool.sqlite");
    let (spool, _) = Spool::open(&spool_file, Clock::of_this_machine())
        .await
        .unwrap();
    spool
        .remember_devices(&DeviceList {
            devices,
            ..DeviceList::default()
        })
        .await
        .unwrap();
    // Many pages, so that not all of them are in SQLite's memory.
    for _ in 0..2000 {
        crate::support::append(&spool, "00:1C:05:00:00:02", 97.0).await;
    }
    spool.close().await;
    let mut simulate = command("simulate", &configure(folder.path(), NOWHERE, FAST));
    simulate.args(["--scenario", "stable"]);
    let bridge = Bridge::start(simulate);
    bridge.says("virtual oximeter device=").await;
    let length = std::fs::metadata(&spool_file).unwrap().len();
    let damage = vec![0xA5; usize::try_from(length).unwrap() - 4096];
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .open(&spool_file)
        .unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(4096)).unwrap();
    std::io::Write::write_all(&mut file, &damage).unwrap();
    bridge.says("it was set aside").await;
    bridge.says("reading on disk").await;
    let (status, _) = bridge.terminate().await;
    assert!(status.success());
    let names: Vec<_> = (std::fs::read_dir(folder.path().join("data")).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.iter().any(|name| name.contains(".damaged-")),
        "{names:?}"
    );
}

#[tokio::test]
async fn the_program_says_its_own_name_and_sends_again_when_told_to() {
    let bare = tokio::process::Command::new(env!("CARGO_BIN_EXE_wardlight-bridge"))
        .arg("--version")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(bare.stdout).unwrap();
    assert!(said.starts_with("wardlight-bridge "), "{said}");
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path());
    let file = folder.path().join("data/spool.sqlite");
    let clock = Clock::of_this_machine();
    let (spool, _) = Spool::open(&file, clock.clone()).await.unwrap();
    crate::support::append(&spool, &address(1), 97.0).await;
    crate::support::confirm_all(&spool).await;
    let resend = async || {
        command("resend", &configure(folder.path(), NOWHERE, ""))
            .args(["--since", "2026-01-01T00:00:00Z"])
            .output()
            .await
            .unwrap()
    };
    let busy = resend().await;
    let said = String::from_utf8(busy.stderr).unwrap();
    assert!(!busy.status.success() && said.contains("in use"), "{said}");
    spool.close().await;
    let done = resend().await;
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.starts_with("1 readings wait again"), "{said}");
}
