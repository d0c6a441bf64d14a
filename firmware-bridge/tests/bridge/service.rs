//! A service that keeps what is posted, and misbehaves when told to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;
use ward_wire::bridge::{
    Answer, BATCH_BYTES_LIMIT, BATCH_LIMIT, BatchReply, DeviceList, EnrolReply, EnrolRequest,
    EnrolledDevice, KeyReply, ReadingBatch, ReadingItem, StatusReply, StatusRequest,
};
use ward_wire::signature::KeyId;

use crate::door::{BRIDGE, Door};

pub const CODE: &str = "ABCD-EFGH";

/// What the next request is answered with, in place of the truth.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Status(u16),
    /// As something on the way says it, which is not the service.
    Proxy(u16, &'static str, &'static str),
    RetryAfter(u16, u64),
    /// 200, and something that is no answer.
    Nonsense,
    /// Stores everything, and the answer is lost.
    StoreAndFail,
    /// Answers for fewer than were sent.
    Short,
}

#[derive(Default)]
pub struct Book {
    pub devices: Vec<EnrolledDevice>,
    pub acts: VecDeque<Act>,
    /// Readings that are refused with 400, as is every batch that holds one.
    pub poison: HashSet<Uuid>,
    /// Readings that are kept apart.
    pub quarantine: HashSet<Uuid>,
    /// Larger batches are refused with 413.
    pub largest: Option<usize>,
    pub door: Door,
    /// Enrolments and new keys that are taken in and whose answer is then lost.
    pub lost_key_answers: usize,
    /// How long keys are good, in days.
    pub key_days: i64,
    /// What it says of itself with each answer.
    pub epoch: Option<Uuid>,
    /// Empty batches: bridges that ask for the epoch.
    pub asked: u32,
    /// Before each answer.
    pub nap: std::time::Duration,
    /// Batches in the order that they were stored.
    pub stored: Vec<Vec<ReadingItem>>,
    pub answers: HashMap<Uuid, Vec<Answer>>,
    /// Times of requests for readings.
    pub tries: Vec<std::time::Instant>,
    /// A status that says more than the first version did is refused.
    pub knows_radio_alone: bool,
    /// What the bridge said of itself, in order.
    pub statuses: Vec<StatusRequest>,
    /// The key that the code was spent for.
    spent_for: Option<KeyId>,
}

pub struct Service {
    pub url: String,
    book: Arc<Mutex<Book>>,
    server: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Service {
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0").await
    }

    pub async fn on(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book {
            door: Door::new(),
            key_days: 90,
            ..Book::default()
        }));
        let routes = Router::new()
            .route("/api/bridge/enrol", post(enrol))
            .route("/api/bridge/key", post(renew_key))
            .route("/api/bridge/devices", get(devices))
            .route("/api/bridge/readings", post(readings))
            .route("/api/bridge/status", post(status))
            .with_state(Arc::clone(&book));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, book, server }
    }

    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    pub fn enrol_device(&self, address: &str) {
        self.book().devices.push(EnrolledDevice {
            address: address.to_owned(),
            low_limit_percent: 92,
            ..EnrolledDevice::default()
        });
    }

    /// All readings stored, in order.
    pub fn readings(&self) -> Vec<ReadingItem> {
        self.book().stored.concat()
    }
}

type Shared = State<Arc<Mutex<Book>>>;

async fn enrol(State(book): Shared, Json(request): Json<EnrolRequest>) -> Response {
    let mut book = book.lock().unwrap();
    let known = book.door.keys.clone();
    let id = book.door.enrols(&request);
    if request.code != CODE || book.spent_for.is_some_and(|spent_for| spent_for != id) {
        book.door.keys = known;
        return problem(StatusCode::FORBIDDEN, "this code is not good");
    }
    book.spent_for = Some(id);
    let key = Some(book.key_reply(id));
    book.unless_lost(EnrolReply {
        bridge: BRIDGE,
        token: None,
        key,
    })
}

async fn renew_key(State(book): Shared, request: Request) -> Response {
    let (parts, body) = whole(request).await;
    let mut book = book.lock().unwrap();
    if let Err(refused) = who(&mut book, &parts, &body) {
        return refused;
    }
    let id = book.door.renews(&serde_json::from_slice(&body).unwrap());
    let reply = book.key_reply(id);
    book.unless_lost(reply)
}

impl Book {
    fn key_reply(&self, id: KeyId) -> KeyReply {
        let days = jiff::SignedDuration::from_hours(24 * self.key_days);
        KeyReply {
            id: id.to_string(),
            expires_at: self.door.now() + days,
        }
    }

    fn unless_lost(&mut self, reply: impl serde::Serialize) -> Response {
        if self.lost_key_answers > 0 {
            self.lost_key_answers -= 1;
            return problem(StatusCode::BAD_GATEWAY, "the answer is lost");
        }
        Json(reply).into_response()
    }
}

async fn devices(State(book): Shared, request: Request) -> Response {
    let (parts, body) = whole(request).await;
    let mut book = book.lock().unwrap();
    if let Err(refused) = who(&mut book, &parts, &body) {
        return refused;
    }
    let devices = book.devices.clone();
    Json(DeviceList {
        devices,
        ..DeviceList::default()
    })
    .into_response()
}

async fn status(State(book): Shared, request: Request) -> Response {
    let (parts, body) = whole(request).await;
    let mut book = book.lock().unwrap();
    if let Err(refused) = who(&mut book, &parts, &body) {
        return refused;
    }
    let request: StatusRequest = serde_json::from_slice(&body).unwrap();
    if book.knows_radio_alone && request.clock.is_some() {
        return problem(StatusCode::BAD_REQUEST, "unknown field `clock`");
    }
    book.statuses.push(request);
    let reply = StatusReply {
        again_in_seconds: 60,
        now: None,
        clock_off_by_ms: None,
    };
    Json(reply).into_response()
}

async fn readings(State(book): Shared, request: Request) -> Response {
    let (parts, body) = whole(request).await;
    let nap = book.lock().unwrap().nap;
    tokio::time::sleep(nap).await;
    let mut book = book.lock().unwrap();
    let epoch = book.epoch;
    let batch: ReadingBatch = serde_json::from_slice(&body).unwrap();
    if batch.readings.is_empty() {
        book.asked += 1;
        return reply(Vec::new(), epoch);
    }
    book.tries.push(std::time::Instant::now());
    if let Err(refused) = who(&mut book, &parts, &body) {
        return refused;
    }
    assert!(body.len() <= BATCH_BYTES_LIMIT, "{} bytes", body.len());
    assert!((1..=BATCH_LIMIT).contains(&batch.readings.len()));
    let items: Vec<ReadingItem> = batch
        .readings
        .iter()
        .map(|raw| serde_json::from_str(raw.get()).unwrap())
        .collect();
    let act = book.acts.pop_front();
    match act {
        Some(Act::Status(status)) => {
            return problem(StatusCode::from_u16(status).unwrap(), "as told");
        }
        Some(Act::Proxy(status, kind, body)) => {
            let status = StatusCode::from_u16(status).unwrap();
            return (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        }
        Some(Act::RetryAfter(status, seconds)) => {
            let status = StatusCode::from_u16(status).unwrap();
            return (status, [(header::RETRY_AFTER, seconds.to_string())]).into_response();
        }
        Some(Act::Nonsense) => return "<html>Sign in to the guest network</html>".into_response(),
        Some(Act::StoreAndFail | Act::Short) | None => {}
    }
    if book.largest.is_some_and(|largest| items.len() > largest) {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "too large");
    }
    if items.iter().any(|item| book.poison.contains(&item.id)) {
        return problem(StatusCode::BAD_REQUEST, "readings[0]: not understood");
    }
    let mut answers = Vec::new();
    for item in &items {
        let is_kept_apart = book.quarantine.contains(&item.id);
        let given = book.answers.entry(item.id).or_default();
        let answer = if is_kept_apart {
            Answer::Quarantined {
                reason: "as told".to_owned(),
            }
        } else if given.is_empty() {
            Answer::Stored
        } else {
            Answer::Duplicate
        };
        given.push(answer.clone());
        answers.push(answer);
    }
    book.stored.push(items);
    match act {
        Some(Act::StoreAndFail) => problem(StatusCode::BAD_GATEWAY, "the answer is lost"),
        Some(Act::Short) => {
            answers.pop();
            reply(answers, epoch)
        }
        _ => reply(answers, epoch),
    }
}

async fn whole(request: Request) -> (Parts, Bytes) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BATCH_BYTES_LIMIT).await.unwrap();
    (parts, body)
}

fn reply(answers: Vec<Answer>, epoch: Option<Uuid>) -> Response {
    Json(BatchReply {
        answers,
        advice: Vec::new(),
        notes: Vec::new(),
        epoch,
    })
    .into_response()
}

#[expect(clippy::result_large_err, reason = "a test's answer")]
fn who(book: &mut Book, parts: &Parts, body: &[u8]) -> Result<(), Response> {
    let Parts {
        method,
        uri,
        headers,
        ..
    } = parts;
    let admitted = book.door.admits(method, uri, headers, body);
    admitted.map_err(|(status, code, service_time)| {
        let body = serde_json::json!({"type": format!("urn:wardlight:problem:{code}"), "title": "test", "status": status,
            "detail": code, "service_time": service_time});
        let status = StatusCode::from_u16(status).unwrap();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (status, kind, body.to_string()).into_response()
    })
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = serde_json::json!({"type": "urn:wardlight:problem:test", "title": "test", "status": status.as_u16(), "detail": detail});
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}
