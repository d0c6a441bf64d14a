//! A service that keeps what is posted, and misbehaves when told to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;
use ward_wire::bridge::{
    Answer, BATCH_BYTES_LIMIT, BATCH_LIMIT, BatchReply, DeviceList, EnrolReply, EnrolRequest,
    EnrolledDevice, ReadingBatch, ReadingItem, StatusReply, StatusRequest,
};

pub const CODE: &str = "ABCD-EFGH";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

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
    /// Larger batches are refused with 413.
    pub largest: Option<usize>,
    pub revoked: bool,
    /// Before each answer.
    pub nap: std::time::Duration,
    /// Batches in the order that they were stored.
    pub stored: Vec<Vec<ReadingItem>>,
    pub answers: HashMap<Uuid, Vec<Answer>>,
    /// Times of requests for readings.
    pub tries: Vec<std::time::Instant>,
    /// What the bridge said of itself, in order.
    pub statuses: Vec<StatusRequest>,
    code_spent: bool,
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
        let book = Arc::new(Mutex::new(Book::default()));
        let routes = Router::new()
            .route("/api/bridge/enrol", post(enrol))
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
    if request.code != CODE || book.code_spent {
        return problem(StatusCode::FORBIDDEN, "this code is not good");
    }
    book.code_spent = true;
    Json(EnrolReply {
        bridge: Uuid::nil(),
        token: TOKEN.to_owned(),
    })
    .into_response()
}

async fn devices(State(book): Shared, headers: HeaderMap) -> Response {
    let book = book.lock().unwrap();
    if let Err(refused) = who(&book, &headers) {
        return refused;
    }
    let devices = book.devices.clone();
    Json(DeviceList { devices }).into_response()
}

async fn status(
    State(book): Shared,
    headers: HeaderMap,
    Json(request): Json<StatusRequest>,
) -> Response {
    let mut book = book.lock().unwrap();
    if let Err(refused) = who(&book, &headers) {
        return refused;
    }
    book.statuses.push(request);
    let again_in_seconds = 60;
    Json(StatusReply { again_in_seconds }).into_response()
}

async fn readings(State(book): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let nap = book.lock().unwrap().nap;
    tokio::time::sleep(nap).await;
    let mut book = book.lock().unwrap();
    book.tries.push(std::time::Instant::now());
    if let Err(refused) = who(&book, &headers) {
        return refused;
    }
    assert!(body.len() <= BATCH_BYTES_LIMIT, "{} bytes", body.len());
    let batch: ReadingBatch = serde_json::from_slice(&body).unwrap();
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
        let given = book.answers.entry(item.id).or_default();
        let answer = if given.is_empty() {
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
            Json(BatchReply {
                answers,
                advice: Vec::new(),
            })
            .into_response()
        }
        _ => Json(BatchReply {
            answers,
            advice: Vec::new(),
        })
        .into_response(),
    }
}

#[expect(clippy::result_large_err, reason = "a test's answer")]
fn who(book: &Book, headers: &HeaderMap) -> Result<(), Response> {
    let expected = format!("Bearer {TOKEN}");
    if book.revoked {
        Err(problem(StatusCode::FORBIDDEN, "this bridge was revoked"))
    } else if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|said| said != expected.as_str())
    {
        Err(problem(StatusCode::UNAUTHORIZED, "who are you?"))
    } else {
        Ok(())
    }
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
