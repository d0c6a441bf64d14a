//! The limits: what the machine does without Wardlight's own work.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hyper::body::{Body, Buf};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, StatusCode};
use sqlx::{Connection, PgConnection};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, predicate::SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use uuid::Uuid;
use ward_http::{App, Listener};
use ward_server::Config;
use ward_service::{Secret, SecretHash, Wards};
use ward_wire::bridge::{Answer, BatchReply, ReadingBatch, ReadingItem};

/// Where the handler without storage listens.
pub const PATH: &str = "/without-storage";

type Tokens = Arc<HashMap<Uuid, SecretHash>>;

/// The same handler without storage: the same accept loop and layers, the same body parsed item by item, the token
/// looked up in memory, the same answer.
pub async fn without_storage(
    config: &Config,
    wards: &Wards,
    tokens: &[&str],
) -> Result<SocketAddr> {
    let known = tokens.iter().filter_map(|token| {
        let (id, secret) = token.split_once('.')?;
        Some((Uuid::try_parse(id).ok()?, Secret::received(secret).hash()))
    });
    let known: Tokens = Arc::new(known.collect());
    let handler = tower::service_fn(move |request| answer(Arc::clone(&known), request));
    let mut router = ward_http::router(&App::new(wards.clone(), config.http.clone()))
        .route_service(PATH, handler)
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .compress_when(SizeAbove::new(u16::MAX)),
        )
        .layer(CatchPanicLayer::new());
    for name in ["x-1", "x-2", "x-3", "x-4", "x-5", "x-6"] {
        router = router.layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            HeaderValue::from_static("as many headers as the service sends"),
        ));
    }
    let listener = Listener::bind(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        None,
        config.http.max_connections,
    )
    .await?;
    let address = listener.address()?;
    tokio::spawn(ward_http::serve(listener, router, wards.stopping().clone()));
    Ok(address)
}

type Reply = (StatusCode, [(&'static str, &'static str); 1], Vec<u8>);

async fn answer<B: Body>(
    tokens: Tokens,
    request: Request<B>,
) -> Result<Reply, std::convert::Infallible> {
    let reply = |status, body| (status, [("content-type", "application/json")], body);
    Ok(match parsed(&tokens, request).await {
        Some(body) => reply(StatusCode::OK, body),
        None => reply(StatusCode::BAD_REQUEST, Vec::new()),
    })
}

async fn parsed<B: Body>(tokens: &Tokens, request: Request<B>) -> Option<Vec<u8>> {
    let token = request.headers().get("authorization")?.to_str().ok()?;
    let (id, secret) = token.strip_prefix("Bearer ")?.split_once('.')?;
    let known = tokens.get(&Uuid::try_parse(id).ok()?)?;
    if *known != Secret::received(secret).hash() {
        return None;
    }
    let body = whole(request.into_body()).await?;
    let batch: ReadingBatch = serde_json::from_slice(&body).ok()?;
    let answers = batch.readings.iter().map(|raw| {
        let item: ReadingItem = serde_json::from_str(raw.get()).ok()?;
        (!item.device_address.is_empty()).then_some(Answer::Stored)
    });
    let answers = answers.collect::<Option<Vec<Answer>>>()?;
    serde_json::to_vec(&BatchReply {
        answers,
        advice: Vec::new(),
        epoch: None,
        notes: Vec::new(),
    })
    .ok()
}

async fn whole<B: Body>(body: B) -> Option<Vec<u8>> {
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        if let Ok(mut data) = frame.ok()?.into_data() {
            while data.has_remaining() {
                bytes.extend_from_slice(data.chunk());
                let taken = data.chunk().len();
                data.advance(taken);
            }
        }
    }
    Some(bytes)
}

/// Flushing one page of a file that is there already to the disk that the database is on.
pub struct Disk {
    file: std::fs::File,
}

impl Disk {
    pub fn beside(folder: &Path) -> Result<Self> {
        let file = std::fs::File::create(folder.join("flushed"))?;
        file.write_all_at(&vec![0; 1 << 20], 0)?;
        file.sync_all()?;
        Ok(Self { file })
    }

    pub fn flush_a_page(&self) -> Result<Duration> {
        let began = Instant::now();
        self.file.write_all_at(&[1; 4096], 0)?;
        self.file.sync_data()?;
        Ok(began.elapsed())
    }
}

/// One thread that writes the same bytes to every socket, one after the other. The first connection gives the order:
/// a length, then the bytes.
pub fn raw_writes() -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        if let Err(why) = write_when_told(&listener) {
            eprintln!("the raw loop ended: {why:#}");
        }
    });
    Ok(address)
}

fn write_when_told(listener: &TcpListener) -> Result<()> {
    let (mut orders, _) = listener.accept()?;
    let mut count = [0; 4];
    orders.read_exact(&mut count)?;
    let mut sockets = Vec::new();
    for _ in 0..u32::from_be_bytes(count) {
        let (socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    let mut length = [0; 4];
    // Ends when whoever gives the orders goes away.
    while orders.read_exact(&mut length).is_ok() {
        let mut bytes = vec![0; usize::try_from(u32::from_be_bytes(length))?];
        orders.read_exact(&mut bytes)?;
        for socket in &mut sockets {
            socket.write_all(&bytes)?;
        }
    }
    Ok(())
}

/// Rows a second by COPY into the service's own table, 500 in a transaction.
pub async fn copied_rows_per_second(url: &str, batches: u32) -> Result<f64> {
    let mut conn = PgConnection::connect(url).await?;
    let ids: [Uuid; 4] = std::array::from_fn(|_| Uuid::new_v4());
    let [organisation, device, stay, bridge] = ids;
    let mut texts = Vec::new();
    for batch in 0..batches {
        let mut rows = String::new();
        for row in 0..500 {
            let at = i64::from(batch) * 500 + row;
            let id = Uuid::new_v4();
            rows += &format!(
                "{organisation}\t{device}\t{at}\t{id}\t{stay}\t{bridge}\t{at}\t{at}\tvalues\t970\t720\trest\n"
            );
        }
        texts.push(rows);
    }
    let began = Instant::now();
    for rows in &texts {
        let mut copy = conn
            .copy_in_raw("copy reading (organisation_id, device_id, measured_at, reading_id, stay_id, bridge_id, received_at, \
                effective_at, kind, spo2_tenths, pulse_tenths, context) from stdin")
            .await?;
        copy.send(rows.as_bytes()).await?;
        copy.finish().await?;
    }
    let seconds = began.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(f64::from(batches) * 500.0 / seconds)
}

/// What the server says of its own durability.
pub async fn fsync_of(url: &str) -> Result<String> {
    let mut conn = PgConnection::connect(url)
        .await
        .context("PostgreSQL cannot be reached")?;
    let (fsync,): (String,) = sqlx::query_as("show fsync").fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok(fsync)
}
