//! A small HTTP server that keeps every request and can fail at each one.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// `/path?query`.
    pub target: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// As long as `content-length` says.
    pub body: Vec<u8>,
    /// Head and body as they came.
    pub raw: Vec<u8>,
}

impl Request {
    /// A header's value; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, JSON or nothing.
    pub body: String,
}

impl Reply {
    /// Without a body.
    #[must_use]
    pub const fn of(status: u16) -> Self {
        Self {
            status,
            body: String::new(),
        }
    }
}

/// What becomes of one request that is not dealt with in the usual way.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// It is not looked at.
    Answers(u16),
    /// It is not looked at, and the caller is sent elsewhere.
    SendsTo(SocketAddr),
    /// It is dealt with, and the line goes before the answer.
    TakesAndHangsUp,
    /// The line goes before it is looked at.
    HangsUp,
    /// It is dealt with at once, and answered after this time.
    Waits(Duration),
    /// It is dealt with, and the answer has no end.
    NeverEnds,
    /// It is dealt with in the usual way: for a failure that comes later.
    Usual,
}

/// A running server; it goes with its runtime.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    turns: Mutex<VecDeque<Turn>>,
    heard: Mutex<Vec<Request>>,
}

impl Served {
    /// Deals with each request so. One connection, one request.
    pub async fn start(deal: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let (held, deal) = (Arc::clone(&state), Arc::new(deal));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (state, deal) = (Arc::clone(&held), Arc::clone(&deal));
                tokio::spawn(async move { serve(socket, &state, &*deal).await });
            }
        });
        Self { address, state }
    }

    /// The next requests go so, one turn each.
    pub fn next(&self, turns: &[Turn]) {
        self.state.turns.lock().unwrap().extend(turns);
    }

    /// Every request since the beginning.
    #[must_use]
    pub fn heard(&self) -> Vec<Request> {
        self.state.heard.lock().unwrap().clone()
    }

    /// Everything that came in, as text.
    #[must_use]
    pub fn heard_text(&self) -> String {
        let raw: Vec<u8> = self
            .heard()
            .into_iter()
            .flat_map(|asked| asked.raw)
            .collect();
        String::from_utf8_lossy(&raw).into_owned()
    }
}

async fn serve(mut socket: TcpStream, state: &State, deal: &(dyn Fn(&Request) -> Reply + Sync)) {
    let Some(request) = read(&mut socket).await else {
        return;
    };
    state.heard.lock().unwrap().push(request.clone());
    let turn = state.turns.lock().unwrap().pop_front();
    let mut location = String::new();
    let reply = match turn.unwrap_or(Turn::Usual) {
        Turn::Usual => deal(&request),
        Turn::Answers(status) => Reply::of(status),
        Turn::SendsTo(address) => {
            location = format!("location: http://{address}/\r\n");
            Reply::of(307)
        }
        Turn::HangsUp => return,
        Turn::TakesAndHangsUp => {
            deal(&request);
            return;
        }
        Turn::Waits(time) => {
            let reply = deal(&request);
            tokio::time::sleep(time).await;
            reply
        }
        Turn::NeverEnds => {
            deal(&request);
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while socket.write_all(&[b' '; 4096]).await.is_ok() {}
            return;
        }
    };
    let head = format!(
        "HTTP/1.1 {} So\r\n{location}content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        reply.status,
        reply.body.len()
    );
    // The client may have gone.
    let _ = socket.write_all(head.as_bytes()).await;
    let _ = socket.write_all(reply.body.as_bytes()).await;
}

async fn read(socket: &mut TcpStream) -> Option<Request> {
    let mut raw = Vec::new();
    let head_length = loop {
        if let Some(at) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        read_some(socket, &mut raw).await?;
    };
    let head = String::from_utf8(raw.get(..head_length)?.to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(Some(0), |(_, value)| value.parse().ok())?;
    while raw.len() < head_length + length {
        read_some(socket, &mut raw).await?;
    }
    Some(Request {
        method,
        target,
        headers,
        body: raw.get(head_length..)?.to_vec(),
        raw,
    })
}

async fn read_some(socket: &mut TcpStream, raw: &mut Vec<u8>) -> Option<()> {
    let mut some = [0; 4096];
    let count = socket
        .read(&mut some)
        .await
        .ok()
        .filter(|count| *count > 0)?;
    raw.extend_from_slice(some.get(..count)?);
    Some(())
}
