//! The command line.

mod backup;
mod demo_seed;
#[cfg(test)]
mod documents;
mod kit;
mod news2;
mod patient;
mod people;
mod push_keys;
mod replay;
mod serve;
mod ward;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use ward_server::Config;
use ward_service::{Clock, Wards};

/// A remote-monitoring virtual ward. Not for clinical use.
#[derive(Parser)]
#[command(name = "wardlight", version)]
struct Arguments {
    /// The configuration
    #[arg(
        long,
        global = true,
        env = "WARDLIGHT_CONFIG",
        default_value = "wardlight.toml"
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service
    Serve,
    /// Bring the database's tables up to date
    Migrate,
    /// Read the configuration, try the database, and say what would be run
    CheckConfig,
    /// Write a copy of the embedded database while it is in use, and check the copy
    Backup {
        /// A file that is not there yet
        to: PathBuf,
    },
    /// Put a copy in the place of the embedded database; the service must be stopped
    Restore {
        /// A file that `backup` has written
        from: PathBuf,
    },
    /// Have every console take its board again: after PostgreSQL was restored, before the service starts
    NewEpoch,
    /// Wards
    #[command(subcommand)]
    Ward(ward::Command),
    /// Staff
    #[command(subcommand)]
    User(people::Command),
    /// Patients
    #[command(subcommand)]
    Patient(patient::Command),
    /// Oximeters
    #[command(subcommand)]
    Device(kit::DeviceCommand),
    /// Bridges
    #[command(subcommand)]
    Bridge(kit::BridgeCommand),
    /// Make the key in whose name browsers are pushed to, for key_file of [channels.web_push]
    PushKeys {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Score observations by NEWS2 (Royal College of Physicians, 2017): JSON lines in, JSON lines out
    #[command(after_help = news2::HELP)]
    News2,
    /// Say what a plan would have raised on a file of readings, if nobody had acted
    Replay(replay::Options),
    /// Print the interface description (OpenAPI 3.1)
    Openapi,
    /// Make a folder with invented patients for `cargo xtask demo`
    #[command(hide = true)]
    DemoSeed(demo_seed::Options),
}

pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Databases, backups and logs hold what is nobody else's business on this machine.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("wardlight: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wardlight: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let file = arguments.config;
    let config = || Config::load(&file).map_err(anyhow::Error::from);
    let done = match arguments.command {
        Command::Serve => serve::serve(config()?).await,
        Command::Migrate => serve::migrate(&config()?).await,
        Command::CheckConfig => serve::check(&file, &config()?).await,
        Command::Backup { to } => backup::backup(&config()?, &to).await,
        Command::Restore { from } => backup::restore(&config()?, &from).await,
        Command::NewEpoch => backup::new_epoch(&config()?).await,
        Command::Ward(command) => ward::run(&wards(&config()?).await?, command).await,
        Command::User(command) => people::run(&wards(&config()?).await?, command).await,
        Command::Patient(command) => patient::run(&wards(&config()?).await?, command).await,
        Command::Device(command) => kit::run_device(&wards(&config()?).await?, command).await,
        Command::Bridge(command) => kit::run_bridge(&wards(&config()?).await?, command).await,
        Command::PushKeys { file } => push_keys::make(&file),
        Command::News2 => news2::run(),
        // Needs no configuration and no database, and says with its code what was wrong.
        Command::Replay(options) => return Ok(replay::main(&options)),
        Command::Openapi => print_openapi(),
        Command::DemoSeed(options) => demo_seed::run(&file, &options).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Whoever reads it may have seen enough before its end: `wardlight openapi | head`.
fn print_openapi() -> anyhow::Result<()> {
    let text = ward_http::openapi()
        .to_pretty_json()
        .context("the interface description cannot be written")?;
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("the interface description cannot be written")
        }
        _ => Ok(()),
    }
}

/// The wards, for administration beside a running service.
async fn wards(config: &Config) -> anyhow::Result<Wards> {
    ward_server::logs::start(&Config {
        log_filter: "warn".to_owned(),
        ..config.clone()
    })?;
    ward_server::open(config, Clock::system(), false).await
}

/// A ward by its code.
async fn ward_named(wards: &Wards, code: &str) -> anyhow::Result<ward_core::ward::Ward> {
    let all = wards.all_wards().await?;
    let known: Vec<String> = all.iter().map(|ward| ward.code.to_string()).collect();
    let found = all.into_iter().find(|ward| ward.code.as_str() == code);
    found.with_context(|| {
        format!(
            "there is no ward {code}; there are: {}",
            if known.is_empty() {
                "none yet".to_owned()
            } else {
                known.join(", ")
            }
        )
    })
}
