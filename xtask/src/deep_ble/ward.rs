//! The ward of the run: made here with the service's own command line, since that takes seconds here and minutes there.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Scenario;
use crate::{process, workspace};

const WARD: &str = "DEEP";

/// Test numbers of the NHS begin with 999; the tenth digit is a check of the others.
const NHS_NUMBERS: [&str; 8] = [
    "9990000018",
    "9990000026",
    "9990000034",
    "9990000042",
    "9990000050",
    "9990000069",
    "9990000077",
    "9990000085",
];

/// A patient and an oximeter for each scenario, one bridge; hands back the bridge's one-time code.
pub fn prepare(run: &Path, scenarios: &[Scenario]) -> Result<String> {
    let folder = run.join("ward");
    fs::create_dir(&folder).context("cannot make the ward's folder")?;
    // Relative: the guest runs it elsewhere.
    let config = "[organisation]\nods_code = \"DEEP\"\nname = \"Deep check\"\n\
        [database]\nurl = \"sqlite:ward.db\"\n[http]\nsecure = false\n";
    fs::write(folder.join("wardlight.toml"), config).context("cannot write wardlight.toml")?;
    // Both stand in the guest's memory.
    let bridge = "data_dir = \"/run/bridge\"\n[service]\nurl = \"http://127.0.0.1:8080/\"\nrefresh_devices_seconds = 5\n";
    fs::write(run.join("bridge.toml"), bridge).context("cannot write bridge.toml")?;

    let wardlight = |arguments: &[&str]| {
        let mut command = Command::new(workspace::built("wardlight")?);
        command
            .args(arguments)
            .args(["--config", "wardlight.toml"])
            .current_dir(&folder);
        process::capture(&mut command)
    };
    wardlight(&["migrate"])?;
    let phone = ["--phone", "01632 960000"];
    wardlight(
        &[
            &["ward", "add", "--code", WARD, "--name", "Deep check"],
            &phone[..],
        ]
        .concat(),
    )?;
    let said = wardlight(&["bridge", "add", "--ward", WARD, "--name", "Bridge"])?;
    let (bridge, code) = bridge_and_code(&said)
        .with_context(|| format!("`wardlight bridge add` has said something else: {said}"))?;
    for (scenario, number) in scenarios.iter().zip(NHS_NUMBERS) {
        let (address, name) = (scenario.address(), scenario.name());
        let person = [
            "--family-name",
            &name,
            "--given-name",
            "Patient",
            "--birth-date",
            "1950-01-01",
        ];
        let admit = ["patient", "admit", "--ward", WARD, "--nhs-number", number];
        wardlight(&[&admit[..], &person, &phone].concat())?;
        wardlight(&["device", "add", "--address", &address, "--model", "virtual"])?;
        // Since long before: it is given records of an hour ago.
        let assign = [
            "device",
            "assign",
            "--address",
            &address,
            "--nhs-number",
            number,
        ];
        let since = ["--bridge", &bridge, "--from", "2026-01-01T00:00:00Z"];
        wardlight(&[&assign[..], &since].concat())?;
    }
    Ok(code)
}

/// "Bridge ID", and the last word of the last line.
fn bridge_and_code(said: &str) -> Option<(String, String)> {
    let bridge = said.lines().find_map(|line| line.strip_prefix("Bridge "))?;
    let code = said.split_whitespace().last()?;
    Some((bridge.trim().to_owned(), code.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn there_is_a_patient_for_each_scenario() {
        assert!(NHS_NUMBERS.len() >= Scenario::value_variants().len());
    }

    #[test]
    fn the_code_and_the_bridge_are_found_in_what_the_service_says() {
        let said = "Bridge 0199\nOn the bridge, within 30 minutes: wardlight-bridge enrol --config FILE ABCD-EFGH\n";
        let expected = ("0199".to_owned(), "ABCD-EFGH".to_owned());
        assert_eq!(bridge_and_code(said), Some(expected));
        assert_eq!(bridge_and_code("something else"), None);
    }
}
