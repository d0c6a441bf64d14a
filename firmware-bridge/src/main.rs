//! `wardlight-bridge`: the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use firmware_bridge::commands::{self, Source};
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
    /// Spend a one-time code of the ward (`wardlight bridge add`) and keep the token.
    Enrol {
        #[command(flatten)]
        file: ConfigFile,
        /// Replace the token that is there.
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match execute(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Plain, also where logs are JSON: a person looks at the last line.
            eprintln!("wardlight-bridge: {why:#}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(command: Command) -> anyhow::Result<()> {
    let load = |file: &ConfigFile| {
        let config = Config::load(&file.config)?;
        logs::begin(&config.log);
        anyhow::Ok(config)
    };
    match command {
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
        Command::CheckConfig { file } => commands::check_config(&file.config),
    }
}
