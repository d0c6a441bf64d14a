//! What the person in the room is told, by the real program, while the real program runs beside it.

use std::path::Path;

use rustix::process::Signal;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::process::{Bridge, command, configure, enrolled};
use crate::service::Service;
use crate::support::eventually;

const OXIMETER: &str = "00:1C:05:FF:4E:5D";
/// 150 seconds without an answer are five.
const FAST: &str = "testing.time_factor = 30";

async fn told(config: &Path, more: &[&str]) -> (bool, String) {
    let mut command = command("status", config);
    command.args(more).env("TZ", "Asia/Karachi");
    let said = command.output().await.unwrap();
    assert_eq!(String::from_utf8(said.stderr).unwrap(), "");
    (
        said.status.success(),
        String::from_utf8(said.stdout).unwrap(),
    )
}

/// Asks until it begins so.
async fn until(config: &Path, beginning: &str) -> String {
    let mut last = String::new();
    let what = format!("status begins with \"{beginning}\"");
    eventually(&what, async || {
        let (well, said) = told(config, &["--plain"]).await;
        assert_eq!(well, said.starts_with("Connected to the ward."), "{said}");
        if said != last {
            println!("{said}"); // shown when the test fails
        }
        last.clone_from(&said);
        said.starts_with(beginning).then_some(said)
    })
    .await
}

/// The line between bridge and service, that can be cut with all that is on it.
struct Line(JoinSet<()>);

impl Line {
    async fn between(listener: &str, service: &str) -> (Self, String) {
        let listener = TcpListener::bind(listener).await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let there = service.trim_start_matches("http://").trim_end_matches('/');
        let there = there.to_owned();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut calls = JoinSet::new();
            loop {
                let (mut from, _) = listener.accept().await.unwrap();
                let mut to = TcpStream::connect(&there).await.unwrap();
                calls.spawn(async move {
                    let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                });
            }
        });
        (Self(tasks), here)
    }

    async fn cut(mut self) {
        self.0.shutdown().await;
    }
}

fn simulated(folder: &Path, url: &str) -> (std::path::PathBuf, Bridge) {
    enrolled(folder);
    let more = format!("{FAST}\n[[simulate.device]]\nscenario = \"stable\"\nkind = \"pc60\"");
    let config = configure(folder, url, &more);
    let mut simulate = command("simulate", &config);
    simulate.args(["--speed", "30"]);
    (config, Bridge::start(simulate))
}

#[tokio::test]
async fn a_line_that_is_cut_is_told_within_minutes_with_what_is_safe_and_its_return_too() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    let (line, here) = Line::between("127.0.0.1:0", &service.url).await;
    let (config, _bridge) = simulated(folder.path(), &format!("http://{here}/"));
    let good = "Connected to the ward. Last reading ";
    let said = until(&config, good).await;
    let hour_in_karachi = {
        let now = firmware_bridge::clock::Clock::of_this_machine().wall();
        now.in_tz("Asia/Karachi")
            .unwrap()
            .strftime("%H:")
            .to_string()
    };
    assert!(said.contains(&hour_in_karachi), "{said}");

    line.cut().await;
    let said = until(&config, "NOT CONNECTED to the ward since ").await;
    assert!(
        said.contains("safe") || said.contains("No reading waits"),
        "{said}"
    );
    assert!(
        said.contains("Check that the internet works here"),
        "{said}"
    );
    eventually("what waits is counted", async || {
        let (_, said) = told(&config, &["--plain"]).await;
        said.contains("here and ").then_some(())
    })
    .await;

    let (_line, _) = Line::between(&here, &service.url).await;
    until(&config, good).await;
}

#[tokio::test]
async fn a_bridge_that_hangs_dies_or_is_stopped_is_not_taken_for_connected() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    let (config, bridge) = simulated(folder.path(), &service.url);
    until(&config, "Connected to the ward.").await;
    bridge.signal(Signal::STOP);
    until(&config, "THIS BOX DOES NOT WORK since ").await;
    bridge.signal(Signal::CONT);
    until(&config, "Connected to the ward.").await;
    bridge.signal(Signal::KILL);
    bridge.end().await;
    until(&config, "THIS BOX DOES NOT WORK since ").await;

    let (config, bridge) = simulated(folder.path(), &service.url);
    until(&config, "Connected to the ward.").await;
    bridge.terminate().await;
    until(&config, "SWITCHED OFF since ").await;
}

#[tokio::test]
async fn a_bridge_that_is_revoked_or_was_never_enrolled_says_whom_to_ring() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    let config = configure(folder.path(), &service.url, FAST);
    let (_, said) = told(&config, &["--plain"]).await;
    assert!(
        said.contains("it has not started since it was switched on"),
        "{said}"
    );
    command("run", &config).output().await.unwrap();
    let (_, said) = told(&config, &["--plain"]).await;
    assert!(said.contains("this bridge is not enrolled"), "{said}");

    let (config, _bridge) = simulated(folder.path(), &service.url);
    until(&config, "Connected to the ward.").await;
    service.book().door.revoked = true;
    let said = until(&config, "NOT CONNECTED to the ward since ").await;
    assert!(said.contains("needs a new code"), "{said}");
}

#[tokio::test]
async fn a_state_holds_no_value_and_no_whole_address_and_is_shown_in_large_letters() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    let (config, _bridge) = simulated(folder.path(), &service.url);
    until(&config, "Connected to the ward. Last reading ").await;
    let file = folder.path().join("data/state.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("4E:5D") && !text.contains(OXIMETER), "{text}");
    assert!(!text.contains("spo2") && !text.contains("pulse"), "{text}");

    let (_, said) = told(&config, &["--large"]).await;
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines.len() <= 24 && lines.iter().all(|line| line.chars().count() <= 80),
        "{said}"
    );
    assert!(said.contains('█') && !said.contains('\x1b'), "{said}");
}

#[tokio::test]
async fn watching_says_each_change_once() {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start().await;
    service.enrol_device(OXIMETER);
    let (config, bridge) = simulated(folder.path(), &service.url);
    until(&config, "Connected to the ward.").await;
    let mut watch = command("status", &config);
    let mut watch = watch
        .args(["--watch", "--plain"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut line = async || {
        let next = tokio::time::timeout(crate::support::PATIENCE, lines.next_line());
        next.await.unwrap().unwrap().unwrap()
    };
    assert!(line().await.starts_with("Connected"));
    bridge.terminate().await;
    loop {
        if line().await.starts_with("SWITCHED OFF") {
            break;
        }
    }
}
