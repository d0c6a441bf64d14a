//! The emulated machine. Its processor is emulated as well: hardware virtualisation is not there on many machines that
//! build software, and this way it is the same everywhere.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::Scenario;
use super::packages::Lab;
use crate::stop::Stop;
use crate::{process, workspace};

const MEMORY_MB: u32 = 1024;

/// Writes what the guest must know, as variables of a shell.
pub fn settle(run: &Path, lab: &Lab, code: &str, scenarios: &[Scenario]) -> Result<()> {
    let scenarios: Vec<String> = scenarios
        .iter()
        .map(|scenario| format!("{}={}", scenario.address(), scenario.name()))
        .collect();
    let settings = format!(
        "python='{}'\nwardlight='{}'\nbridge='{}'\ncode='{code}'\nscenarios='{}'\n",
        lab.python.display(),
        workspace::built("wardlight")?.display(),
        workspace::built("wardlight-bridge")?.display(),
        scenarios.join(" "),
    );
    fs::write(run.join("settings"), settings).context("cannot write the guest's settings")
}

/// Runs it to its end; all that it says on its console goes to a file, its own progress to ours as well.
pub fn boot(run: &Path, lab: &Lab, stop: &Stop, limit: Duration) -> Result<()> {
    let scripts = workspace::root()?.join("tests/deep-ble");
    let mut console = File::create(run.join("console.log")).context("cannot write console.log")?;
    let mut trouble = Ok(());
    let mut panic = None;
    let status = process::stream(qemu(run, lab, &scripts), stop, limit, |line| {
        if let Err(error) = writeln!(console, "{line}") {
            trouble = Err(error);
        }
        if line.contains("Kernel panic") || line.contains("GIVES UP") {
            panic = Some(line.to_owned());
        }
        // The rest is the kernel's.
        let progress = ["guest,", "note ", "sent ", "streamed ", "ended "];
        if progress.iter().any(|word| line.starts_with(word)) {
            println!("  {line}");
        }
    })?;
    trouble.context("cannot write console.log")?;
    if let Some(panic) = panic {
        bail!(
            "the emulated machine came to a bad end: {panic}\nMore in {}",
            run.display()
        );
    }
    ensure!(
        status.success(),
        "QEMU has failed ({status}); its words are in {}",
        run.join("console.log").display()
    );
    Ok(())
}

fn qemu(run: &Path, lab: &Lab, scripts: &Path) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "5", "qemu-system-x86_64"]);
    command.args(["-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max"]);
    command.args(["-smp", "2", "-m"]).arg(MEMORY_MB.to_string());
    command.args(["-nodefaults", "-no-user-config", "-no-reboot"]);
    command.args(["-display", "none", "-serial", "stdio", "-nic", "none"]);
    command.arg("-kernel").arg(&lab.kernel);
    command.arg("-initrd").arg(&lab.initramfs);
    for (tag, folder, more) in [
        ("root", Path::new("/"), ",readonly=on,multidevs=remap"),
        ("run", run, ""),
    ] {
        // A comma is doubled in a value of QEMU's.
        let folder = folder.display().to_string().replace(',', ",,");
        command.arg("-fsdev").arg(format!(
            "local,id={tag},path={folder},security_model=none{more}"
        ));
        command
            .arg("-device")
            .arg(format!("virtio-9p-pci,fsdev={tag},mount_tag={tag}"));
    }
    command.arg("-append").arg(format!(
        "console=ttyS0 quiet panic=-1 oops=panic mitigations=off cryptomgr.notests deep_ble={}|{}",
        scripts.display(),
        lab.packages.display()
    ));
    command
}
