//! Waiting until the service says that it is ready.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::TICK;

/// Asks `GET /readyz` until it answers 200. `still_worth_waiting` is asked each time.
pub fn wait(
    address: &str,
    limit: Duration,
    mut still_worth_waiting: impl FnMut() -> Result<()>,
) -> Result<()> {
    let begun = Instant::now();
    while !is_ready(address)? {
        still_worth_waiting()?;
        if begun.elapsed() > limit {
            bail!(
                "the service was not ready at {address}/readyz within {} s",
                limit.as_secs()
            );
        }
        thread::sleep(TICK);
    }
    Ok(())
}

fn is_ready(address: &str) -> Result<bool> {
    let host = address
        .strip_prefix("http://")
        .with_context(|| format!("not a plain http address: {address}"))?;
    let host = host.trim_end_matches('/');
    let socket = host
        .to_socket_addrs()?
        .next()
        .with_context(|| format!("{host} has no address"))?;
    Ok(ask(socket, host).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")))
}

fn ask(socket: std::net::SocketAddr, host: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&socket, Duration::from_secs(1))?;
    connection.set_read_timeout(Some(Duration::from_secs(2)))?;
    connection.write_all(
        format!("GET /readyz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut start = [0; 64];
    let count = connection.read(&mut start)?;
    Ok(String::from_utf8_lossy(start.get(..count).unwrap_or_default()).into_owned())
}
