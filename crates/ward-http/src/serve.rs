//! The accept loop: a limit on connections, a time limit on every handshake, every header and every write, and a graceful
//! end.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::extract::Peer;
use crate::peers::Peers;
use crate::unstalled::Unstalled;

/// Headers, and the TLS handshake before them, come within this time.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// Writing waits for the other end so long, then gives it up.
const WRITES_WITHIN: Duration = Duration::from_secs(30);

/// Requests that are under way when the service stops have this long.
const GRACE: Duration = Duration::from_secs(10);

/// Where the service listens.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    max_connections: usize,
    peers: Peers,
}

impl Listener {
    /// Listens at an address; port 0 takes any that is free.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub async fn bind(
        address: SocketAddr,
        tls: Option<TlsAcceptor>,
        max_connections: usize,
    ) -> std::io::Result<Self> {
        Ok(Self {
            socket: TcpListener::bind(address).await?,
            tls,
            max_connections,
            peers: Peers::default(),
        })
    }

    /// Proxies, which connect for many: what one address may have does not bind them.
    #[must_use]
    pub fn trusting(self, proxies: &[IpAddr]) -> Self {
        Self {
            peers: Peers::new(proxies),
            ..self
        }
    }

    /// The address that was taken.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

/// Serves until `stopping`, then lets what is under way finish.
pub async fn serve(listener: Listener, router: Router, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(listener.max_connections));
    let connections = TaskTracker::new();
    loop {
        let place = tokio::select! {
            () = stopping.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => match place {
                Ok(place) => place,
                Err(_) => break,
            },
        };
        let (stream, peer) = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.socket.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files, most likely: wait for some to close.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let Some(place_of_peer) = listener.peers.connect(peer.ip()) else {
            tracing::debug!("one address has too many connections: a further one is refused");
            continue;
        };
        let (router, tls, stopping) = (router.clone(), listener.tls.clone(), stopping.clone());
        connections.spawn(async move {
            let _places = (place, place_of_peer);
            connection(stream, peer, tls, router, stopping).await;
        });
    }
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            left = connections.len(),
            "some connections did not end in time"
        );
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    // Under TLS, where progress is what the network takes.
    let stream = Unstalled::new(stream, WRITES_WITHIN);
    match tls {
        None => speak(stream, peer, router, stopping).await,
        Some(tls) => match tokio::time::timeout(HEADERS_WITHIN, tls.accept(stream)).await {
            Ok(Ok(stream)) => speak(stream, peer, router, stopping).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        },
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    stopping: CancellationToken,
) {
    let service = TowerToHyperService::new(router.map_request(
        move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request.map(axum::body::Body::new)
        },
    ));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}
