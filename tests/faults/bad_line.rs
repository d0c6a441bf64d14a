//! A line between bridges and the service on which everything goes wrong that does on the real one, by chance, but the same
//! chance each time.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Requests that are held back at most, to arrive later than what was asked after them.
const HELD: usize = 8;

/// What became of the requests, each counted once.
#[derive(Debug, Default)]
pub struct Counts {
    pub forwarded: AtomicU64,
    pub dropped: AtomicU64,
    pub refused: AtomicU64,
    pub answers_lost: AtomicU64,
    pub doubled: AtomicU64,
    pub late: AtomicU64,
}

#[derive(Clone)]
pub struct BadLine {
    /// Where bridges go in.
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    service: SocketAddr,
    /// Nothing gets through.
    is_cut: AtomicBool,
    /// Everything does.
    is_fair: AtomicBool,
    chance: Mutex<u64>,
    held: Mutex<VecDeque<Vec<u8>>>,
    counts: Counts,
}

enum Fate {
    Forwarded,
    Dropped,
    Refused(&'static str),
    AnswerLost,
    Doubled,
    Late,
}

impl BadLine {
    pub async fn before(service: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            service,
            is_cut: AtomicBool::new(false),
            is_fair: AtomicBool::new(false),
            chance: Mutex::new(seed),
            held: Mutex::default(),
            counts: Counts::default(),
        });
        let line = Self {
            address,
            state: Arc::clone(&state),
        };
        tokio::spawn(async move {
            while let Ok((bridge, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                // A line that breaks is what it is for.
                tokio::spawn(async move { drop(state.carry(bridge).await) });
            }
        });
        line
    }

    pub fn cut(&self, is_cut: bool) {
        self.state.is_cut.store(is_cut, Ordering::SeqCst);
    }

    /// From now on nothing goes wrong.
    pub fn mend(&self) {
        self.cut(false);
        self.state.is_fair.store(true, Ordering::SeqCst);
    }

    pub fn counts(&self) -> &Counts {
        &self.state.counts
    }
}

impl State {
    fn fate(&self) -> Fate {
        if self.is_fair.load(Ordering::SeqCst) {
            return Fate::Forwarded;
        }
        match below(&mut self.chance.lock().unwrap(), 100) {
            0..5 => Fate::Dropped,
            5..8 => Fate::Refused("503 Service Unavailable\r\nretry-after: 0"),
            8..11 => Fate::Refused("429 Too Many Requests\r\nretry-after: 1"),
            11..13 => Fate::Refused("502 Bad Gateway"),
            13..23 => Fate::AnswerLost,
            23..33 => Fate::Doubled,
            33..43 => Fate::Late,
            _ => Fate::Forwarded,
        }
    }

    /// One request, and the line is closed.
    async fn carry(&self, mut bridge: TcpStream) -> io::Result<()> {
        let request = read_request(&mut bridge).await?;
        if self.is_cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        let count = |counter: &AtomicU64| {
            counter.fetch_add(1, Ordering::SeqCst);
        };
        let counts = &self.counts;
        let answer = match self.fate() {
            Fate::Forwarded => {
                count(&counts.forwarded);
                self.ask(&request).await?
            }
            Fate::Dropped => {
                count(&counts.dropped);
                return Ok(());
            }
            Fate::Refused(status) => {
                count(&counts.refused);
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .into_bytes()
            }
            Fate::AnswerLost => {
                self.ask(&request).await?;
                count(&counts.answers_lost);
                return Ok(());
            }
            Fate::Doubled => {
                self.ask(&request).await?;
                count(&counts.doubled);
                self.ask(&request).await?
            }
            Fate::Late => {
                let come = {
                    let mut held = self.held.lock().unwrap();
                    held.push_back(request);
                    (held.len() > HELD).then(|| held.pop_front()).flatten()
                };
                if let Some(late) = come {
                    self.ask(&late).await?;
                    count(&counts.late);
                }
                return Ok(());
            }
        };
        bridge.write_all(&answer).await
    }

    /// The service's whole answer to a request.
    async fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut service = TcpStream::connect(self.service).await?;
        service.write_all(request).await?;
        let mut answer = Vec::new();
        service.read_to_end(&mut answer).await?;
        if answer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(answer)
    }
}

/// Head and body, with the wish that the line be closed after the answer.
async fn read_request(bridge: &mut TcpStream) -> io::Result<Vec<u8>> {
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(END.len()).position(|part| part == END) {
            break at + END.len();
        }
        if bridge.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(bytes.get(..head).unwrap_or_default()).to_lowercase();
    let length = text
        .split_once("content-length:")
        .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok())
        .unwrap_or(0);
    while bytes.len() < head + length {
        if bridge.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let rest = bytes.split_off(head - 2);
    bytes.extend(b"connection: close");
    bytes.extend(b"\r\n");
    bytes.extend(rest);
    Ok(bytes)
}

/// Splitmix64.
pub fn below(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % limit
}
