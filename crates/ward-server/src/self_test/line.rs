//! How a node speaks to its own listener: as a bridge and as a browser would.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderValue, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, redirect};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};
use ward_http::HttpOptions;
use ward_service::CanarySession;

use super::own_certificate;
use crate::config::TlsFiles;

/// Bytes both ways, under TLS or not.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

pub(super) type Socket = WebSocketStream<Box<dyn Bytes>>;

/// An address as it stands in `Host` and in an origin: without the port that its scheme has by itself, as browsers write it.
fn authority(address: SocketAddr, is_tls: bool) -> String {
    let usual = if is_tls { 443 } else { 80 };
    match address {
        SocketAddr::V4(address) if address.port() == usual => address.ip().to_string(),
        SocketAddr::V6(address) if address.port() == usual => format!("[{}]", address.ip()),
        SocketAddr::V4(_) | SocketAddr::V6(_) => address.to_string(),
    }
}

/// A line to the node's own listener.
pub(crate) struct Line {
    address: SocketAddr,
    authority: String,
    tls: Option<Arc<ClientConfig>>,
    http: Client,
    origin: HeaderValue,
    cookie_name: &'static str,
}

/// An address on which this machine hears itself, for one at which it listens.
fn own(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listening.port())
}

impl Line {
    /// # Errors
    /// When its certificate cannot be read.
    pub(crate) fn to(
        listening: SocketAddr,
        tls: Option<&TlsFiles>,
        http: &HttpOptions,
        within: Duration,
    ) -> anyhow::Result<Self> {
        let address = own(listening);
        let tls = tls.map(own_certificate::trusting).transpose()?;
        // Fails only when a provider is installed already, and there is only this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(within)
            // Each request comes as a new one does: through the listener.
            .pool_max_idle_per_host(0);
        let builder = match &tls {
            Some(tls) => builder.tls_backend_preconfigured(ClientConfig::clone(tls)),
            None => builder.tls_certs_only([]),
        };
        let scheme = if http.secure { "https" } else { "http" };
        let authority = authority(address, tls.is_some());
        let origin = match http.origins.first() {
            Some(known) => known.clone(),
            None => format!("{scheme}://{authority}"),
        };
        Ok(Self {
            address,
            authority,
            tls,
            http: builder.build().context("the self-test has no client")?,
            origin: HeaderValue::from_str(&origin).context("an origin that is no header")?,
            cookie_name: http.cookie_name(),
        })
    }

    fn url(&self, scheme: &str, path: &str) -> String {
        let s = if self.tls.is_some() { "s" } else { "" };
        format!("{scheme}{s}://{}{path}", self.authority)
    }

    /// As a bridge posts.
    pub(super) fn as_bridge(&self, path: &str, signed: String, body: Vec<u8>) -> RequestBuilder {
        self.http
            .post(self.url("http", path))
            .header("authorization", signed)
            .header(CONTENT_TYPE, "application/json")
            .body(body)
    }

    /// As a console's page acts.
    pub(super) fn as_console(&self, path: &str, session: &CanarySession) -> RequestBuilder {
        self.http
            .request(Method::POST, self.url("http", path))
            .header(COOKIE, self.cookie(session))
            .header(ORIGIN, &self.origin)
            .header("x-csrf-token", session.csrf.reveal())
    }

    fn cookie(&self, session: &CanarySession) -> String {
        format!("{}={}", self.cookie_name, session.token.reveal())
    }

    /// As a console opens its feed.
    pub(super) async fn feed(&self, path: &str, session: &CanarySession) -> Result<Socket, String> {
        let asked = self.url("ws", path).into_client_request();
        let mut asked = asked.map_err(|why| why.to_string())?;
        let cookie = HeaderValue::from_str(&self.cookie(session)).map_err(|why| why.to_string())?;
        asked.headers_mut().insert(COOKIE, cookie);
        asked.headers_mut().insert(ORIGIN, self.origin.clone());
        let tcp = TcpStream::connect(self.address).await;
        let tcp = tcp.map_err(|why| why.to_string())?;
        let bytes: Box<dyn Bytes> = match &self.tls {
            None => Box::new(tcp),
            Some(tls) => {
                let name = ServerName::IpAddress(self.address.ip().into());
                let connecting = TlsConnector::from(Arc::clone(tls)).connect(name, tcp);
                Box::new(connecting.await.map_err(|why| why.to_string())?)
            }
        };
        let (socket, _) = client_async(asked, bytes)
            .await
            .map_err(|why| why.to_string())?;
        Ok(socket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_a_scheme_has_by_itself_is_in_no_host_and_no_origin() {
        for (listening, is_tls, expected) in [
            ("127.0.0.1:443", true, "127.0.0.1"),
            ("127.0.0.1:443", false, "127.0.0.1:443"),
            ("127.0.0.1:80", false, "127.0.0.1"),
            ("[::1]:443", true, "[::1]"),
            ("[::1]:8443", true, "[::1]:8443"),
        ] {
            assert_eq!(authority(listening.parse().unwrap(), is_tls), expected);
        }
    }

    #[test]
    fn a_node_that_listens_everywhere_speaks_to_itself_on_loopback() {
        for (listening, spoken_to) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:443", "[::1]:443"),
            ("10.1.2.3:8080", "10.1.2.3:8080"),
        ] {
            let own = own(listening.parse().unwrap());
            assert_eq!(own.to_string(), spoken_to);
        }
    }
}
