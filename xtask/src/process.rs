//! Starting other programs, reading what they say while they say it, and ending exactly those.

use std::io::{BufRead, BufReader, PipeReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::stop::Stop;

/// How often a waiting loop looks up.
pub const TICK: Duration = Duration::from_millis(100);

/// How long the output of a finished command may be held open by something it left running.
const LINGER: Duration = Duration::from_secs(3);

/// Runs a command to its end with its output on ours, and insists that it succeeds.
pub fn must(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", name(command)))?;
    ensure!(status.success(), "{} failed ({status})", name(command));
    Ok(())
}

/// Runs a command to its end and hands back what it said; on failure that goes into the error.
pub fn capture(command: &mut Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let said = String::from_utf8_lossy(&stdout).into_owned();
    if !status.success() {
        bail!(
            "{} failed ({status})\n{said}{}",
            name(command),
            String::from_utf8_lossy(&stderr)
        );
    }
    Ok(said)
}

/// Runs a command in a process group of its own and hands over each line it says, on either stream, in order.
///
/// The whole group is ended when somebody asks us to stop, when `limit` is over, or when the command has finished and
/// something that it started still holds its output.
pub fn stream(
    mut command: Command,
    stop: &Stop,
    limit: Duration,
    mut each: impl FnMut(&str),
) -> Result<ExitStatus> {
    let title = name(&command);
    let (reader, writer) = std::io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(0);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {title}"))?;
    // The command holds our copies of the pipe's writing end: while they live, the end never comes.
    drop(command);
    let lines = lines_of(reader);
    let started = Instant::now();
    let mut finished: Option<(ExitStatus, Instant)> = None;
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => each(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(child.wait()?),
        }
        if finished.is_none() {
            finished = child.try_wait()?.map(|status| (status, Instant::now()));
        }
        if let Some((status, at)) = finished
            && at.elapsed() > LINGER
        {
            println!("warning: something that {title} started was still running; it is ended now");
            signal_group(&child, "KILL")?;
            return Ok(status);
        }
        if stop.asked() || started.elapsed() > limit {
            signal_group(&child, "KILL")?;
            child.wait()?;
            stop.check()?;
            bail!(
                "{title} took longer than {} minutes and was ended",
                limit.as_secs() / 60
            );
        }
    }
}

fn lines_of(reader: PipeReader) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes)
                .trim_end_matches(['\n', '\r'])
                .to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Asks a child to end, and makes it end when it has not done so within `grace`. Never touches any other process.
pub fn end(child: &mut Child, signal: &str, grace: Duration) -> Result<ExitStatus> {
    if let Some(status) = child.try_wait()? {
        return Ok(status);
    }
    // Not reaped yet, so the number is still this child's.
    kill(&child.id().to_string(), signal)?;
    let asked = Instant::now();
    while asked.elapsed() < grace {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(TICK / 4);
    }
    child.kill()?;
    Ok(child.wait()?)
}

fn signal_group(leader: &Child, signal: &str) -> Result<()> {
    kill(&format!("-{}", leader.id()), signal)
}

/// The standard library can only kill; the shell can ask. A process that is gone already is not an error.
fn kill(target: &str, signal: &str) -> Result<()> {
    let script = r#"kill -"$1" -- "$2" 2> /dev/null"#;
    Command::new("bash")
        .args(["-c", script, "kill", signal, target])
        .status()
        .context("cannot start bash")?;
    Ok(())
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let mut text = words.join(" ");
    if let Some((cut, _)) = text.char_indices().nth(120) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Temporary;

    const LIMIT: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("bash");
        command.args(["-c", script]);
        command
    }

    fn folder() -> Temporary {
        Temporary::new(&std::env::temp_dir(), "wardlight-process").unwrap()
    }

    #[test]
    fn both_streams_arrive_in_the_order_in_which_they_were_written() {
        let folder = folder();
        let stop = Stop::for_test(folder.path().join("stop"));
        let mut said = Vec::new();
        let status = stream(
            shell("echo one; echo two >&2; echo three; exit 3"),
            &stop,
            LIMIT,
            |line| said.push(line.to_owned()),
        );
        assert_eq!(said, ["one", "two", "three"]);
        assert_eq!(status.unwrap().code(), Some(3));
    }

    #[test]
    fn a_request_to_stop_ends_the_command_and_all_that_it_started() {
        let folder = folder();
        let file = folder.path().join("stop");
        let stop = Stop::for_test(file.clone());
        let mut grandchild = String::new();
        let result = stream(shell("sleep 600 & echo $!; wait"), &stop, LIMIT, |line| {
            grandchild = line.to_owned();
            std::fs::write(&file, "").unwrap();
        });
        assert!(
            result
                .unwrap_err()
                .to_string()
                .contains("stopped on request")
        );
        let gone = Instant::now();
        while running(&grandchild) {
            assert!(
                gone.elapsed() < LIMIT,
                "process {grandchild} is still running"
            );
            thread::sleep(TICK);
        }
    }

    /// A process that nobody has waited for yet still has a number, but no longer runs.
    fn running(id: &str) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        status
            .lines()
            .any(|line| line.starts_with("State:") && !line.contains('Z'))
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let folder = folder();
        let stop = Stop::for_test(folder.path().join("stop"));
        let result = stream(
            shell("sleep 600"),
            &stop,
            Duration::from_millis(200),
            |_| {},
        );
        assert!(result.unwrap_err().to_string().contains("took longer"));
    }

    #[test]
    fn something_left_running_does_not_hold_up_the_end() {
        let folder = folder();
        let stop = Stop::for_test(folder.path().join("stop"));
        let started = Instant::now();
        let status = stream(shell("sleep 600 & echo done"), &stop, LIMIT, |_| {}).unwrap();
        assert!(status.success());
        assert!(started.elapsed() < LIMIT);
    }

    #[test]
    fn a_child_that_ignores_the_request_is_made_to_end() {
        let mut child = shell("trap '' TERM; echo ready; while :; do sleep 0.1; done")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let status = end(&mut child, "TERM", Duration::from_millis(300)).unwrap();
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&status),
            Some(9)
        );
    }
}
