//! The service in a process of its own: its memory and its processor time can be told from the bench's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use uuid::Uuid;
use ward_server::{Config, Server};
use ward_service::Clock;
use ward_store::Database;
use ward_tests::desk::PASSWORD;
use ward_tests::{Desk, Kind, TestDatabase};

use crate::floor;

/// Under this name a process is told what it is to be.
const VARIABLE: &str = "BENCH_CHILD_ORDER";

/// What a service is to be set up with.
#[derive(Serialize, Deserialize)]
pub struct Order {
    postgres: bool,
    folder: PathBuf,
    /// How many patients each bridge reads.
    bridges: Vec<u32>,
}

/// A bridge and what it reads.
#[derive(Serialize, Deserialize)]
pub struct Home {
    pub token: String,
    pub oximeters: Vec<String>,
}

/// What it says when it is ready.
#[derive(Serialize, Deserialize)]
pub struct Ready {
    /// Where the service listens.
    pub service: SocketAddr,
    /// Where the same handler without storage listens.
    pub without_storage: SocketAddr,
    /// Where the raw write loop listens.
    pub raw_writes: SocketAddr,
    pub ward: Uuid,
    /// The ward's newest event.
    pub head: i64,
    pub homes: Vec<Home>,
    /// A clinician's session.
    pub cookie: String,
    /// The database, where it has an address.
    pub postgres: Option<String>,
}

/// A running service.
pub struct Service {
    pub ready: Ready,
    process: Child,
    folder: TempDir,
}

/// A folder on the disk that the workspace is built on: memory would keep no promise.
pub fn folder() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("wardlight-bench")
        .tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .context("no folder for the database")
}

impl Service {
    /// With a bridge for each number, which reads so many patients.
    pub fn start(kind: Kind, bridges: Vec<u32>) -> Result<Self> {
        let folder = folder()?;
        let order = Order {
            postgres: kind == Kind::Postgres,
            folder: folder.path().to_owned(),
            bridges,
        };
        let mut process = Command::new(std::env::current_exe()?)
            .env(VARIABLE, serde_json::to_string(&order)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().context("its output is a pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).context("the service did not start")?;
        Ok(Self {
            ready,
            process,
            folder,
        })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its resident memory in bytes.
    pub fn resident_bytes(&self) -> Result<u64> {
        resident_bytes(self.process.id())
    }

    /// Processor time that it has used, in seconds.
    pub fn processor_seconds(&self) -> Result<f64> {
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after_name
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<f64>)
            .sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS_PER_SECOND)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The end of its input is the end of its work.
        drop(self.process.stdin.take());
        end(&mut self.process);
    }
}

/// Waits for a process of ours that has been asked to end, and ends it if it does not.
pub fn end(process: &mut Child) {
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(15) {
        if !matches!(process.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    eprintln!("process {} did not end by itself", process.id());
    let _ = process.kill();
    let _ = process.wait();
}

/// The resident memory of a process.
pub fn resident_bytes(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}

/// What this process is to be, if it is not the bench itself.
pub fn order() -> Result<Option<Order>> {
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
        Err(_) => Ok(None),
    }
}

/// Serves until the input ends.
pub fn obey(order: Order) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(order))
}

/// As `wardlight.toml` would say it, with limits that a bench does not run into.
pub fn configuration(database: &Database) -> Result<Config> {
    let url = match database {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.clone(),
    };
    let text = format!(
        "listen = \"127.0.0.1:0\"\n[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire Hospitals\"\n\
         [database]\nurl = \"{url}\"\n[http]\nsecure = false\nbatches_per_second = 1000000\n"
    );
    Ok(Config::parse(
        Path::new("/wardlight.toml"),
        &text,
        std::iter::empty(),
    )?)
}

async fn serve(order: Order) -> Result<()> {
    // Dropped with its tables at the end; the embedded file goes with the bench's folder.
    let on_server = match order.postgres {
        true => Some(TestDatabase::empty(Kind::Postgres).await),
        false => None,
    };
    let database = on_server.as_ref().map_or_else(
        || Database::Sqlite(order.folder.join("ward.db")),
        |server| server.database.clone(),
    );
    let config = configuration(&database)?;
    let clock = Clock::system();
    let server = Server::start(config.clone(), clock.clone()).await?;
    let desk = Desk::open(server.wards().clone(), clock).await;
    let mut homes = Vec::new();
    for patients in order.bridges {
        let bridge = desk.bridge_with_token().await;
        let mut oximeters = Vec::new();
        for _ in 0..patients {
            let patient = desk.patient(&bridge).await;
            oximeters.push(patient.oximeter.as_str().to_owned());
        }
        homes.push(Home {
            token: bridge.token().to_owned(),
            oximeters,
        });
    }
    desk.clinician("ada", "Ada Nurse").await;
    let session = desk.wards.sign_in("ada", PASSWORD).await?;
    let tokens: Vec<&str> = homes.iter().map(|home| home.token.as_str()).collect();
    let ready = Ready {
        service: server.address(),
        without_storage: floor::without_storage(&config, server.wards(), &tokens).await?,
        raw_writes: floor::raw_writes()?,
        ward: desk.ward.0,
        head: desk
            .wards
            .store()
            .head(desk.ward)
            .await?
            .unwrap_or_default()
            .0,
        homes,
        cookie: format!("wardlight={}", session.token.reveal()),
        postgres: match database {
            Database::Postgres(url) => Some(url),
            Database::Sqlite(_) => None,
        },
    };
    println!("{}", serde_json::to_string(&ready)?);
    std::io::stdout().flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    server.stop().await;
    drop(on_server);
    Ok(())
}
