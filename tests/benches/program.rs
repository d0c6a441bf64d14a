//! The release binary: how soon it is ready, and what it needs when nobody asks for anything.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::child::{end, folder, resident_bytes};
use crate::figure::{Better, Figure, Times};

const STARTS: usize = 5;

pub async fn run() -> Result<()> {
    let program = built()?;
    let folder = folder()?;
    let file = folder.path().join("wardlight.toml");
    let text = format!(
        "[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire Hospitals\"\n[database]\nurl = \"sqlite:{}\"\n[http]\nsecure = false\n",
        folder.path().join("ward.db").display()
    );
    std::fs::write(&file, text)?;
    let mut starts = Vec::new();
    let mut resident = 0;
    for start in 0..=STARTS {
        let running = Running::start(&program, &file).await?;
        // The first one makes the tables.
        if start > 0 {
            starts.push(running.ready_after);
        }
        if start == STARTS {
            tokio::time::sleep(Duration::from_secs(2)).await;
            resident = resident_bytes(running.process.id())?;
        }
    }
    let starts = Times::of(&starts);
    let fixed = || "a fixed figure, not measured".to_owned();
    Figure {
        what: "cold start to ready".to_owned(),
        measured: starts.p50(),
        unit: "ms",
        limit: 1_000.0,
        limit_is: fixed(),
        target: 1.0,
        better: Better::Lower,
    }
    .print();
    Figure {
        what: "idle service, resident memory".to_owned(),
        measured: f64::from(u32::try_from(resident / 1024)?) / 1024.0,
        unit: "MiB",
        limit: 40.0,
        limit_is: fixed(),
        target: 1.0,
        better: Better::Lower,
    }
    .print();
    Ok(())
}

/// `wardlight` as it is released, brought up to date first.
fn built() -> Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let release = bench
        .parent()
        .and_then(Path::parent)
        .context("the bench lies in target/release/deps")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--quiet", "--release", "--package", "ward-server"])
        .arg("--target-dir")
        .arg(release.parent().context("target")?)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    ensure!(build.status()?.success(), "wardlight cannot be built");
    Ok(release.join("wardlight"))
}

struct Running {
    process: Child,
    ready_after: Duration,
}

impl Running {
    async fn start(program: &Path, file: &Path) -> Result<Self> {
        // Free a moment ago; nobody else takes it so soon.
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let began = Instant::now();
        let process = Command::new(program)
            .arg("--config")
            .arg(file)
            .arg("serve")
            .env("WARDLIGHT_LISTEN", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut running = Self {
            process,
            ready_after: Duration::ZERO,
        };
        while !is_ready(address).await {
            if began.elapsed() > Duration::from_secs(20) {
                bail!("the service was not ready after 20 s");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        running.ready_after = began.elapsed();
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status();
        end(&mut self.process);
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        anyhow::Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    asked.await.unwrap_or(false)
}
