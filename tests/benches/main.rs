//! How far Wardlight is from what the machine can do: `cargo xtask bench`.
//!
//! Every figure stands beside a limit that was taken in the same run, in turns, on the same disk and over the same
//! loopback: a machine that is busy slows both. The service runs in a process of its own, so that its memory and its
//! processor time are its own. A word after `--` runs only the parts with it in their name.

#![expect(
    clippy::print_stdout,
    reason = "what a benchmark prints is what it is for"
)]

mod board;
mod bridge;
mod child;
mod client;
mod consoles;
mod decode;
mod figure;
mod floor;
mod ingest;
mod program;
mod reach;

use std::time::Duration;

use anyhow::Result;
use ward_tests::Kind;
use ward_tests::database::POSTGRES_VARIABLE;

/// The whole run ends by itself after this.
const NO_LONGER_THAN: Duration = Duration::from_secs(360);

fn main() -> Result<()> {
    if let Some(order) = child::order()? {
        return child::obey(order);
    }
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async { tokio::time::timeout(NO_LONGER_THAN, all(&wanted)).await? })
}

async fn all(wanted: &[String]) -> Result<()> {
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let databases = databases().await?;
    if is_wanted("decode") {
        decode::run();
    }
    if is_wanted("program") {
        program::run().await?;
    }
    for kind in &databases {
        let name = name(*kind);
        if is_wanted(&format!("board {name}")) {
            board::run(*kind).await?;
        }
        if is_wanted(&format!("ingest {name}")) {
            ingest::run(*kind).await?;
        }
        if is_wanted(&format!("reach {name}")) {
            reach::run(*kind).await?;
        }
    }
    if is_wanted("bridge") {
        bridge::run().await?;
    }
    if is_wanted("consoles") {
        consoles::run().await?;
    }
    Ok(())
}

async fn databases() -> Result<Vec<Kind>> {
    let mut kinds = vec![Kind::Sqlite];
    match std::env::var(POSTGRES_VARIABLE) {
        Err(_) => println!(
            "PostgreSQL is NOT measured: {POSTGRES_VARIABLE} does not name its maintenance database."
        ),
        Ok(url) => {
            kinds.push(Kind::Postgres);
            let fsync = floor::fsync_of(&url).await?;
            if fsync != "on" {
                println!(
                    "PostgreSQL runs with fsync = {fsync}: nothing that it confirms here is durable."
                );
            }
        }
    }
    Ok(kinds)
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    }
}
