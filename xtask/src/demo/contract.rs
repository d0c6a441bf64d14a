//! What the demo asks of the two programs: every flag and every field that it leans on, in one place.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

pub struct Programs {
    pub wardlight: PathBuf,
    pub bridge: PathBuf,
}

/// The last line that `wardlight demo-seed` prints, as JSON.
#[derive(Debug, Deserialize)]
pub struct Seed {
    /// Where the service will listen: `http://127.0.0.1:8080`.
    pub address: String,
    pub users: Vec<User>,
    /// One for each bridge to simulate.
    pub bridges: Vec<Bridge>,
    /// Sentences for the person who watches; ours where there are none.
    #[serde(default)]
    pub look_for: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct User {
    pub name: String,
    pub password: String,
    #[serde(default)]
    pub role: String,
}

#[derive(Debug, Deserialize)]
pub struct Bridge {
    pub enrolment_code: String,
}

pub fn config(folder: &Path) -> PathBuf {
    folder.join("wardlight.toml")
}

/// Writes the configuration, makes the database, and puts a ward with its staff, patients, devices and bridge into it.
pub fn seed(programs: &Programs, folder: &Path, port: u16, database: Option<&str>) -> Result<Seed> {
    let mut command = Command::new(&programs.wardlight);
    command
        .args(["demo-seed", "--config"])
        .arg(config(folder))
        .arg("--listen")
        .arg(format!("127.0.0.1:{port}"));
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let said = process::capture(command.current_dir(folder))?;
    let line = said.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| {
        format!("the last line of `wardlight demo-seed` is not what the demo expects: {line}")
    })
}

pub fn serve(programs: &Programs, folder: &Path) -> Command {
    let mut command = Command::new(&programs.wardlight);
    command
        .args(["serve", "--config"])
        .arg(config(folder))
        .current_dir(folder);
    command
}

pub fn simulate(
    programs: &Programs,
    folder: &Path,
    name: &str,
    address: &str,
    bridge: &Bridge,
    speed: f64,
) -> Command {
    let mut command = Command::new(&programs.bridge);
    command
        .args([
            "simulate",
            "--service",
            address,
            "--code",
            &bridge.enrolment_code,
            "--data",
        ])
        .arg(folder.join(name));
    command
        .arg("--speed")
        .arg(speed.to_string())
        .current_dir(folder);
    command
}

const LOOK_FOR: &[&str] = &[
    "Sign in, open the ward's board and press \"Start shift\": a test tone says that the sound is on.",
    "Within about 30 s one patient's oxygen has fallen far enough for a red alert. Acknowledge it.",
    "Others fall slowly, lose their finger, have a poor signal, live on 88-92 %, or stop measuring.",
];

pub fn welcome(seed: &Seed, folder: &Path) -> String {
    let mut text = format!(
        "\nWardlight is running (not for clinical use; every patient is invented).\n\n  Open     {}\n",
        seed.address
    );
    for user in &seed.users {
        let role = if user.role.is_empty() {
            String::new()
        } else {
            format!("   ({})", user.role)
        };
        text.push_str(&format!(
            "  Sign in  {}   password {}{role}\n",
            user.name, user.password
        ));
    }
    text.push('\n');
    if seed.look_for.is_empty() {
        LOOK_FOR
            .iter()
            .for_each(|line| text.push_str(&format!("  {line}\n")));
    } else {
        seed.look_for
            .iter()
            .for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text.push_str(&format!(
        "\n  Logs     {}/*.log\n  Ctrl-C stops both programs.\n",
        folder.display()
    ));
    text
}
