//! The bench's own ends of the sockets, as cheap as can be: what they cost is in both figures of a ratio.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;
use ward_core::time::Timestamp;

/// One keep-alive connection that posts.
pub struct Post {
    stream: TcpStream,
    head: String,
    request: Vec<u8>,
    reply: Vec<u8>,
}

impl Post {
    pub async fn connect(address: SocketAddr, path: &str, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            head: format!(
                "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: "
            ),
            request: Vec::new(),
            reply: Vec::new(),
        })
    }

    /// Posts a batch and insists that every item of it is stored.
    pub async fn stores(&mut self, batch: &str, items: usize) -> Result<()> {
        self.request.clear();
        self.request.extend_from_slice(self.head.as_bytes());
        self.request
            .extend_from_slice(format!("{}\r\n\r\n", batch.len()).as_bytes());
        self.request.extend_from_slice(batch.as_bytes());
        self.stream.write_all(&self.request).await?;
        let body = self.answer().await?;
        let stored = count(body, b"\"stored\"");
        ensure!(
            stored == items,
            "{stored} of {items} were stored: {}",
            String::from_utf8_lossy(body)
        );
        Ok(())
    }

    async fn answer(&mut self) -> Result<&[u8]> {
        self.reply.clear();
        loop {
            let read = self.stream.read_buf(&mut self.reply).await?;
            ensure!(read > 0, "the service hung up");
            let Some(head_ends) = find(&self.reply, b"\r\n\r\n") else {
                continue;
            };
            let (head, body) = self.reply.split_at(head_ends + 4);
            if body.len() >= content_length(head)? {
                break;
            }
        }
        let head_ends = find(&self.reply, b"\r\n\r\n").context("a head")? + 4;
        let (head, body) = self.reply.split_at(head_ends);
        ensure!(
            head.starts_with(b"HTTP/1.1 200"),
            "refused: {}",
            String::from_utf8_lossy(&self.reply)
        );
        Ok(body)
    }
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim())
    });
    Ok(line.context("no content-length")?.parse()?)
}

pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .filter(|window| *window == wanted)
        .count()
}

/// A reading as a bridge sends it. Without an age it was spooled before the bridge's last start.
pub fn reading(oximeter: &str, at: Timestamp, spo2_percent: u8, age_ms: Option<u64>) -> String {
    let id = Uuid::new_v4();
    let age = age_ms.map_or(String::new(), |age| format!(r#""age_ms":{age},"#));
    format!(
        r#"{{"id":"{id}","device_address":"{oximeter}","measured_at":"{at}",{age}"measured":{{"kind":"window","spo2_percent":{spo2_percent}.0,"pulse_bpm":72.0,"perfusion_index_percent":2.5}}}}"#
    )
}

/// A batch of readings.
pub fn batch(items: &[String], at: Timestamp) -> String {
    format!(r#"{{"sent_at":"{at}","readings":[{}]}}"#, items.join(","))
}

/// One console's socket.
pub struct Socket {
    stream: TcpStream,
    bytes: Vec<u8>,
    used: usize,
}

impl Socket {
    /// Follows a ward's log.
    pub async fn follow(address: SocketAddr, ward: Uuid, after: i64, cookie: &str) -> Result<Self> {
        let mut socket = Self::raw(address).await?;
        let request = format!(
            "GET /api/wards/{ward}/feed?after={after} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {cookie}\r\n\
             connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.stream.write_all(request.as_bytes()).await?;
        loop {
            if let Some(at) = find(&socket.bytes, b"\r\n\r\n") {
                ensure!(
                    socket.bytes.starts_with(b"HTTP/1.1 101"),
                    "not let through: {}",
                    String::from_utf8_lossy(&socket.bytes)
                );
                socket.used = at + 4;
                return Ok(socket);
            }
            socket.read_more().await?;
        }
    }

    /// A socket on which somebody writes frames without asking for a handshake.
    pub async fn raw(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            bytes: Vec::new(),
            used: 0,
        })
    }

    async fn read_more(&mut self) -> Result<()> {
        if self.used > 0 {
            self.bytes.drain(..self.used);
            self.used = 0;
        }
        ensure!(
            self.stream.read_buf(&mut self.bytes).await? > 0,
            "the socket was closed"
        );
        Ok(())
    }

    /// The next text. Pings are answered on the way.
    pub async fn text(&mut self) -> Result<Vec<u8>> {
        loop {
            let Some(frame) = Frame::at(self.bytes.get(self.used..).unwrap_or_default()) else {
                self.read_more().await?;
                continue;
            };
            let payload = self
                .bytes
                .get(self.used + frame.head..self.used + frame.whole)
                .unwrap_or_default()
                .to_vec();
            self.used += frame.whole;
            match frame.opcode {
                1 => return Ok(payload),
                9 => self.stream.write_all(&[0x8A, 0x80, 0, 0, 0, 0]).await?,
                8 => bail!("closed: {}", String::from_utf8_lossy(&payload)),
                _ => {}
            }
        }
    }

    /// Waits for a text with this in it.
    pub async fn until(&mut self, wanted: &str) -> Result<()> {
        while find(&self.text().await?, wanted.as_bytes()).is_none() {}
        Ok(())
    }
}

/// Where a frame from the service lies; such frames are not masked.
struct Frame {
    opcode: u8,
    head: usize,
    whole: usize,
}

impl Frame {
    fn at(bytes: &[u8]) -> Option<Self> {
        let [first, second, rest @ ..] = bytes else {
            return None;
        };
        let (head, length) = match second & 0x7F {
            126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
            127 => (
                10,
                usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?,
            ),
            short => (2, usize::from(short)),
        };
        let whole = head + length;
        (bytes.len() >= whole).then_some(Self {
            opcode: first & 0x0F,
            head,
            whole,
        })
    }
}

/// A text as the service frames it.
pub fn framed(text: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![0x81, 126];
    bytes.extend(u16::try_from(text.len())?.to_be_bytes());
    bytes.extend(text.as_bytes());
    Ok(bytes)
}
