//! What the demo asks of the two programs: every flag and every field that it leans on, in one place.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

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
    /// Who may come in at home, each with a code that is good once.
    #[serde(default)]
    pub patients: Vec<AtHome>,
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

/// Somebody at home, and the code with which a phone or tablet is let in.
#[derive(Debug, Deserialize)]
pub struct AtHome {
    pub name: String,
    pub birth_date: String,
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub carer: Option<String>,
    pub code: String,
}

/// A bridge that waits to be enrolled, and the virtual oximeters that it is to hear.
#[derive(Debug, Deserialize)]
pub struct Bridge {
    pub enrolment_code: String,
    /// Devices that are not named here get scenarios in turn.
    #[serde(default)]
    pub devices: Vec<Device>,
}

/// One `[[simulate.device]]` of the bridge's configuration, in its words.
#[derive(Debug, Deserialize, Serialize)]
pub struct Device {
    pub address: String,
    pub scenario: String,
    /// The family of bytes that it sends: `plx` or `pc60`.
    pub kind: String,
}

pub fn config(folder: &Path) -> PathBuf {
    folder.join("wardlight.toml")
}

/// So many days of calls, diaries and silence lie behind the demo's ward.
const DAYS_BEFORE: &str = "3";

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
    command.args(["--days-before", DAYS_BEFORE]);
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

/// Writes a bridge's configuration and has it enrol with the service, which must be running.
pub fn enrol(
    programs: &Programs,
    folder: &Path,
    name: &str,
    address: &str,
    bridge: &Bridge,
) -> Result<()> {
    let config = BridgeConfig {
        data_dir: folder.join(name),
        service: Service { url: address },
        simulate: Simulate {
            device: &bridge.devices,
        },
    };
    let file = bridge_config(folder, name);
    std::fs::write(&file, toml::to_string(&config)?)
        .context("cannot write the bridge's configuration")?;
    let mut command = Command::new(&programs.bridge);
    command.args(["enrol", "--config"]).arg(file);
    command
        .args(["--code", &bridge.enrolment_code])
        .current_dir(folder);
    process::capture(&mut command).context("the bridge could not enrol")?;
    Ok(())
}

/// `enrol` and `simulate` of one bridge share this file.
fn bridge_config(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.toml"))
}

#[derive(Serialize)]
struct BridgeConfig<'a> {
    data_dir: PathBuf,
    service: Service<'a>,
    simulate: Simulate<'a>,
}

#[derive(Serialize)]
struct Service<'a> {
    url: &'a str,
}

#[derive(Serialize)]
struct Simulate<'a> {
    device: &'a [Device],
}

pub fn simulate(programs: &Programs, folder: &Path, name: &str, speed: f64) -> Command {
    let mut command = Command::new(&programs.bridge);
    command
        .args(["simulate", "--config"])
        .arg(bridge_config(folder, name));
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
    for patient in &seed.patients {
        let AtHome {
            name,
            birth_date,
            code,
            ..
        } = patient;
        let carer = patient.carer.iter().map(|carer| format!("   for {carer}"));
        let language = (!patient.language.is_empty()).then(|| format!("   ({})", patient.language));
        let more: String = carer.chain(language).collect();
        text.push_str(&format!(
            "  At home  {}/home   code {code}   {name}, born {birth_date}{more}\n",
            seed.address
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
