//! `wardlight-bridge`: the command line.

use std::io::{stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use firmware_bridge::commands::{self, Show, Source};
use firmware_bridge::config::Config;
use firmware_bridge::logs;
use firmware_bridge::radio::virtual_radio::Cast;
use ward_sim::Scenario;

/// Reads pulse oximeters over Bluetooth LE and posts their readings to a Wardlight service. Not for clinical use.
#[derive(Parser)]
#[command(name = "wardlight-bridge", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read real oximeters.
    Run {
        #[command(flatten)]
        file: ConfigFile,
    },
    /// The same with virtual oximeters, for demonstrations and tests.
    Simulate {
        #[command(flatten)]
        file: ConfigFile,
        /// How many times as fast the virtual patients live. Clocks stay real.
        #[arg(long, default_value_t = 1.0)]
        speed: f64,
        /// Scenario of the first device of the list, of the second, and so on, in place of the configuration's.
        #[arg(long = "scenario")]
        scenarios: Vec<Scenario>,
    },
    /// Make a key on this box and spend a one-time code of the ward (`wardlight bridge add`) for it.
    Enrol {
        #[command(flatten)]
        file: ConfigFile,
        /// Replace the key or token that is there.
        #[arg(long)]
        replace: bool,
        /// The code.
        #[arg(required_unless_present = "code_option")]
        code: Option<String>,
        /// The same, for scripts.
        #[arg(
            long = "code",
            id = "code_option",
            hide = true,
            conflicts_with = "code"
        )]
        code_option: Option<String>,
    },
    /// Send again what the service had confirmed, after it was restored from a backup. Stop the bridge before.
    Resend {
        #[command(flatten)]
        file: ConfigFile,
        /// What was confirmed since then, as 2026-11-21T02:00:00Z: the time of the backup.
        #[arg(long)]
        since: jiff::Timestamp,
    },
    /// Say in plain words how this box is: connected, last reading, battery. Fails when something is wrong.
    Status {
        #[command(flatten)]
        file: ConfigFile,
        /// Go on, and show what changes.
        #[arg(long)]
        watch: bool,
        /// In large letters, as on a Linux console.
        #[arg(long, conflicts_with = "plain")]
        large: bool,
        /// In ordinary letters, as everywhere else.
        #[arg(long)]
        plain: bool,
    },
    /// Look at everything that the bridge needs, and say what to do. Fails when something is WRONG.
    Doctor {
        #[command(flatten)]
        file: ConfigFile,
        /// For a support call: no secret is in it.
        #[arg(long)]
        json: bool,
    },
    /// Decode captured bytes: one JSON object a line from standard input, one answer a line to standard output.
    #[command(
        after_help = "{\"kind\": \"plx_spot\", \"hex\": \"0062004800\"} is answered by {\"ok\": true, \"spo2\": 98, …}; \
                      firmware-bridge/README.md lists the kinds."
    )]
    Decode,
    /// Read the configuration and say what it means.
    CheckConfig {
        #[command(flatten)]
        file: ConfigFile,
    },
}

#[derive(clap::Args)]
struct ConfigFile {
    /// The configuration; deploy/wardlight-bridge.example.toml shows one.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(why) => {
            eprintln!("wardlight-bridge: cannot start: {why}");
            return ExitCode::FAILURE;
        }
    };
    let end = runtime.block_on(execute(command));
    // A name server that never answers holds a thread: nobody waits for it.
    runtime.shutdown_background();
    match end {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            // Plain, also where logs are JSON: a person looks at the last line.
            eprintln!("wardlight-bridge: {why:#}");
            ExitCode::FAILURE
        }
    }
}

/// False: it was done, and what it says is not good.
async fn execute(command: Command) -> anyhow::Result<bool> {
    let load = |file: &ConfigFile| {
        let config = Config::load(&file.config)?;
        logs::begin(&config.log);
        anyhow::Ok(config)
    };
    let done = match command {
        Command::Run { file } => commands::run(load(&file)?, Source::Bluetooth).await,
        Command::Simulate {
            file,
            speed,
            scenarios,
        } => {
            let config = load(&file)?;
            let cast = Cast::new(config.simulate.clone(), scenarios, speed)?;
            commands::run(config, Source::Simulated(cast)).await
        }
        Command::Enrol {
            file,
            replace,
            code,
            code_option,
        } => {
            let code = code.or(code_option).unwrap_or_default();
            commands::enrol(&load(&file)?, &code, replace).await
        }
        Command::Resend { file, since } => commands::resend(&load(&file)?, since).await,
        Command::Decode => Ok(commands::decode(&mut stdin().lock(), &mut stdout().lock())?),
        Command::CheckConfig { file } => commands::check_config(&file.config),
        Command::Status {
            file,
            watch,
            large,
            plain,
        } => {
            let large = (large || plain).then_some(large);
            return commands::status(&Config::load(&file.config)?, Show { watch, large }).await;
        }
        Command::Doctor { file, json } => return commands::doctor(&file.config, json).await,
    };
    done.map(|()| true)
}
