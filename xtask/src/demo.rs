//! `cargo xtask demo`: a seeded ward, the real service and the real bridge with virtual oximeters, as two processes.

mod child;
mod contract;
mod ready;

use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::postgres::Cluster;
use crate::setup::{self, Purpose};
use crate::stop::Stop;
use crate::temporary::Temporary;
use crate::{process, workspace};
use child::Running;
use contract::{Programs, Seed};

#[derive(Args)]
pub struct Options {
    /// Leave the ward's folder (database, logs) where it is afterwards
    #[arg(long)]
    keep: bool,
    /// How much faster the patients' days go by; the clocks stay real
    #[arg(long, default_value_t = 4.0)]
    speed: f64,
    /// Where the service listens on this machine; the next free port if this one is taken
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Keep the ward in a throw-away PostgreSQL instead of the embedded database
    #[arg(long, conflicts_with = "keep")]
    postgres: bool,
}

/// A debug build on a busy machine; migrations are part of it.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// For a service to finish its requests and close its database.
const GRACE: Duration = Duration::from_secs(10);

pub fn run(options: &Options) -> Result<ExitCode> {
    let stop = Stop::enter()?;
    let purpose = if options.postgres {
        Purpose::Test
    } else {
        Purpose::Demo
    };
    setup::prepare(purpose)?;
    stop.check()?;
    println!("Building the service and the bridge (minutes the first time).");
    let build = workspace::cargo(&[
        "build",
        "-p",
        "ward-server",
        "-p",
        "firmware-bridge",
        "--bins",
    ])?;
    let status = process::stream(build, &stop, Duration::from_secs(60 * 60), |line| {
        println!("{line}");
    })?;
    if !status.success() {
        bail!("the build failed");
    }
    let programs = Programs {
        wardlight: workspace::built("wardlight")?,
        bridge: workspace::built("wardlight-bridge")?,
    };
    let cluster = if options.postgres {
        Some(Cluster::start()?)
    } else {
        None
    };
    let folder = Temporary::new(&workspace::target()?.join("demo"), "ward")?;
    let folder = if options.keep { folder.keep() } else { folder };
    let database = cluster.as_ref().map(Cluster::url);
    let seed = contract::seed(
        &programs,
        folder.path(),
        free_port(options.port)?,
        database.as_deref(),
    )?;
    let outcome = play(&programs, folder.path(), &seed, options.speed, &stop);
    if options.keep {
        println!("The ward stays in {}", folder.path().display());
        println!(
            "  {} serve --config {}",
            programs.wardlight.display(),
            contract::config(folder.path()).display()
        );
    }
    outcome?;
    Ok(ExitCode::SUCCESS)
}

/// Runs both sides until somebody asks to stop or one of them ends. However this returns, none of them lives on.
fn play(programs: &Programs, folder: &Path, seed: &Seed, speed: f64, stop: &Stop) -> Result<()> {
    let service = Running::start("service", contract::serve(programs, folder), folder)?;
    let mut all = vec![service];
    ready::wait(&seed.address, READY_LIMIT, || {
        stop.check()?;
        still_running(&mut all)
    })?;
    for (number, bridge) in seed.bridges.iter().enumerate() {
        let name = format!("bridge-{}", number + 1);
        contract::enrol(programs, folder, &name, &seed.address, bridge)?;
        let command = contract::simulate(programs, folder, &name, speed);
        all.push(Running::start(&name, command, folder)?);
    }
    print!("{}", contract::welcome(seed, folder));
    while !stop.asked() {
        still_running(&mut all)?;
        thread::sleep(process::TICK);
    }
    println!("\nStopping.");
    // The bridge first: it would only complain that the service is gone.
    while let Some(running) = all.pop() {
        running.end(GRACE)?;
    }
    println!("Stopped.");
    Ok(())
}

fn still_running(all: &mut [Running]) -> Result<()> {
    all.iter_mut().try_for_each(Running::check)
}

/// The wanted port, or one of the next that nobody listens on.
fn free_port(wanted: u16) -> Result<u16> {
    let mut candidates = wanted..=wanted.saturating_add(50);
    let free = candidates.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.with_context(|| format!("no free port from {wanted} on"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::path::PathBuf;
    use std::time::Instant;

    use super::*;

    /// Small programs in place of the real ones, and a listener in place of the service's readiness.
    struct Stage {
        folder: Temporary,
        programs: Programs,
        stop_file: PathBuf,
        seed: Seed,
    }

    impl Stage {
        fn new(wardlight: &str, bridge: &str) -> Stage {
            let folder = Temporary::new(&std::env::temp_dir(), "wardlight-demo").unwrap();
            let program = |name: &str, script: &str| {
                use std::os::unix::fs::PermissionsExt;
                let path = folder.path().join(name);
                std::fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
                path
            };
            let programs = Programs {
                wardlight: program("wardlight", wardlight),
                bridge: program("bridge", bridge),
            };
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            thread::spawn(move || {
                for connection in listener.incoming() {
                    let mut connection = connection.unwrap();
                    let mut request = [0; 512];
                    let _ = connection.read(&mut request).unwrap();
                    connection
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                        .unwrap();
                }
            });
            let stop_file = folder.path().join("stop");
            let seed = contract::seed(&programs, folder.path(), port, None).unwrap();
            Stage {
                folder,
                programs,
                stop_file,
                seed,
            }
        }

        fn play(&self) -> Result<()> {
            play(
                &self.programs,
                self.folder.path(),
                &self.seed,
                1.0,
                &Stop::for_test(self.stop_file.clone()),
            )
        }

        fn said(&self, name: &str) -> String {
            std::fs::read_to_string(self.folder.path().join(format!("{name}.log")))
                .unwrap_or_default()
        }
    }

    const SEED: &str = r#"case "$1" in demo-seed)
        echo "a log line first"
        echo '{"address":"http://127.0.0.1:'"${5##*:}"'","users":[{"name":"amina","password":"p"}],"bridges":[{"enrolment_code":"ABCD-EFGH","devices":[{"address":"00:1C:05:FF:4E:5D","scenario":"slow-fall","kind":"plx"}]}]}'
        exit;; esac"#;
    const ENROL: &str = r#"case "$1" in enrol) echo "$*" > enrolled; exit;; esac"#;
    const OBEDIENT: &str = r#"trap 'echo "asked to stop"; exit 0' TERM; echo "started $*"; while :; do sleep 0.05; done"#;

    #[test]
    fn both_sides_run_until_they_are_asked_to_stop_and_are_asked_nicely() {
        let stage = Stage::new(
            &format!("{SEED}\n{OBEDIENT}"),
            &format!("{ENROL}\n{OBEDIENT}"),
        );
        let file = stage.stop_file.clone();
        let bridge_log = stage.folder.path().join("bridge-1.log");
        let asks = thread::spawn(move || {
            let begun = Instant::now();
            while !std::fs::read_to_string(&bridge_log).is_ok_and(|log| log.contains("started")) {
                assert!(begun.elapsed() < READY_LIMIT);
                thread::sleep(process::TICK);
            }
            std::fs::write(file, "").unwrap();
        });
        stage.play().unwrap();
        asks.join().unwrap();
        assert!(stage.said("service").contains("started serve --config"));
        assert!(stage.said("bridge-1").contains("started simulate --config"));
        let enrolled = std::fs::read_to_string(stage.folder.path().join("enrolled")).unwrap();
        assert!(enrolled.contains("--code ABCD-EFGH"), "{enrolled}");
        let config = std::fs::read_to_string(stage.folder.path().join("bridge-1.toml")).unwrap();
        assert!(config.contains("scenario = \"slow-fall\""), "{config}");
        for name in ["service", "bridge-1"] {
            assert!(
                stage.said(name).contains("asked to stop"),
                "{name}: {}",
                stage.said(name)
            );
        }
    }

    #[test]
    fn when_the_bridge_dies_the_service_ends_too_and_the_reason_is_shown() {
        let stage = Stage::new(
            &format!("{SEED}\n{OBEDIENT}"),
            &format!("{ENROL}\necho 'no such radio'; exit 7"),
        );
        let error = stage.play().unwrap_err().to_string();
        assert!(error.contains("bridge-1 ended"), "{error}");
        assert!(error.contains("no such radio"), "{error}");
        assert!(stage.said("service").contains("asked to stop"));
    }

    #[test]
    fn a_service_that_dies_at_once_is_not_waited_for() {
        let stage = Stage::new(
            &format!("{SEED}\necho 'bad configuration'; exit 1"),
            OBEDIENT,
        );
        let mut dead = Running::start(
            "service",
            contract::serve(&stage.programs, stage.folder.path()),
            stage.folder.path(),
        )
        .unwrap();
        let begun = Instant::now();
        let error = loop {
            match dead.check() {
                Ok(()) => assert!(begun.elapsed() < READY_LIMIT),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("bad configuration"), "{error}");
    }

    #[test]
    fn a_seed_that_fails_or_says_nothing_useful_is_an_error_with_its_words() {
        let folder = Temporary::new(&std::env::temp_dir(), "wardlight-demo").unwrap();
        let programs = Programs {
            wardlight: "false".into(),
            bridge: "false".into(),
        };
        assert!(contract::seed(&programs, folder.path(), 1, None).is_err());
        let programs = Programs {
            wardlight: "echo".into(),
            bridge: "false".into(),
        };
        let error = contract::seed(&programs, folder.path(), 1, None).unwrap_err();
        assert!(format!("{error:#}").contains("demo-seed"), "{error:#}");
    }
}
