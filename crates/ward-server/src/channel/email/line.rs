//! The line to the mail server, made safe before the dialogue begins.
//!
//! The change from plain to TLS is done here, and the dialogue then starts anew on a line that has never carried anything
//! else: what somebody on the way put behind the server's last plain word is not read as the first word under TLS.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Context as _;
use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use ward_core::message::Trouble;

use super::{Email, Security};

/// Bytes of one plain reply at most.
const REPLY_BYTES: usize = 8 * 1024;

/// TLS towards the mail server.
///
/// # Errors
/// When nobody is trusted.
pub fn connector(authorities: Option<&[CertificateDer<'static>]>) -> anyhow::Result<TlsConnector> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let config = match authorities {
        Some(authorities) => {
            let mut roots = RootCertStore::empty();
            for authority in authorities {
                roots
                    .add(authority.clone())
                    .context("the mail server's authority is not a certificate")?;
            }
            builder.with_root_certificates(roots)
        }
        None => {
            let verifier = rustls_platform_verifier::Verifier::new(provider).context(
                "cannot prepare TLS for e-mail: is the package ca-certificates installed?",
            )?;
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
        }
    };
    Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

/// A line on which the dialogue can begin with the server's greeting.
pub async fn open(
    email: &Email,
    tls: Option<&TlsConnector>,
) -> Result<Box<dyn AsyncTokioStream>, Trouble> {
    let mut socket = TcpStream::connect((email.host.as_str(), email.port))
        .await
        .map_err(|_| Trouble::NoAnswer)?;
    let peer = socket.peer_addr().map_err(|_| Trouble::NoAnswer)?;
    let greeting: &'static [u8] = match email.security {
        Security::Plain => return Ok(Box::new(socket)),
        Security::Tls => b"",
        Security::StartTls => {
            change_to_tls(&mut socket, &email.hello).await?;
            // The server greeted in the clear, and will not again.
            b"220 \r\n"
        }
    };
    let tls = tls.ok_or(Trouble::NoAnswer)?;
    let name = ServerName::try_from(email.host.clone()).map_err(|_| Trouble::NoAnswer)?;
    let inner = tls.connect(name, socket).await.map_err(|error| {
        // The words are rustls's own, about the certificate.
        tracing::warn!(%error, "no TLS with the mail server");
        Trouble::NoAnswer
    })?;
    Ok(Box::new(Line {
        greeting,
        inner,
        peer,
    }))
}

/// Greeting, hello and STARTTLS, after which nothing may be left to read.
async fn change_to_tls(socket: &mut TcpStream, hello: &str) -> Result<(), Trouble> {
    expect(&reply(socket).await?, 220)?;
    say(socket, &format!("EHLO {hello}\r\n")).await?;
    let offers = reply(socket).await?;
    expect(&offers, 250)?;
    let offered = |line: &str| {
        line.get(4..)
            .is_some_and(|offer| offer.trim().eq_ignore_ascii_case("STARTTLS"))
    };
    if !offers.lines().any(offered) {
        tracing::warn!("the mail server offers no TLS; nothing was sent to it");
        return Err(Trouble::NoAnswer);
    }
    say(socket, "STARTTLS\r\n").await?;
    expect(&reply(socket).await?, 220)
}

async fn say(socket: &mut TcpStream, words: &str) -> Result<(), Trouble> {
    let said = socket.write_all(words.as_bytes()).await;
    said.map_err(|_| Trouble::NoAnswer)
}

/// One reply, of one line or more. What comes with it and is not of it is no server's doing.
async fn reply(socket: &mut TcpStream) -> Result<String, Trouble> {
    let mut heard = Vec::new();
    loop {
        let mut some = [0; 1024];
        let count = socket
            .read(&mut some)
            .await
            .map_err(|_| Trouble::NoAnswer)?;
        heard.extend_from_slice(some.get(..count).unwrap_or_default());
        if count == 0 || heard.len() > REPLY_BYTES {
            return Err(Trouble::NoAnswer);
        }
        match length_of_reply(&heard) {
            Some(length) if length == heard.len() => {
                return String::from_utf8(heard).map_err(|_| Trouble::NoAnswer);
            }
            Some(_) => {
                tracing::warn!("something was put behind the mail server's reply; not gone on");
                return Err(Trouble::NoAnswer);
            }
            None => {}
        }
    }
}

/// Bytes up to the end of the first line that is not followed by another: `250 ` and not `250-`.
fn length_of_reply(heard: &[u8]) -> Option<usize> {
    let mut length = 0;
    for line in heard.split_inclusive(|byte| *byte == b'\n') {
        length += line.len();
        if line.ends_with(b"\n") && line.get(3) != Some(&b'-') {
            return Some(length);
        }
    }
    None
}

fn expect(reply: &str, code: u16) -> Result<(), Trouble> {
    let status = reply.get(..3).and_then(|code| code.parse().ok());
    match status {
        Some(status) if status == code => Ok(()),
        Some(status @ 400..=599) => Err(Trouble::Refused { status }),
        _ => Err(Trouble::NoAnswer),
    }
}

/// A line under TLS that is read as if the server had greeted again.
struct Line {
    greeting: &'static [u8],
    inner: tokio_rustls::client::TlsStream<TcpStream>,
    peer: SocketAddr,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line(…)")
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.inner).poll_read(cx, buffer);
        }
        let (now, later) = self
            .greeting
            .split_at(self.greeting.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_ends_with_the_first_line_that_no_other_follows() {
        for (heard, length) in [
            ("220 mail\r\n", Some(10)),
            ("250-mail\r\n250 STARTTLS\r\n", Some(24)),
            ("250-mail\r\n", None),
            ("250-mail\r\n250 START", None),
            ("220 mail\r\n250 more\r\n", Some(10)),
            ("\r\n", Some(2)),
            ("", None),
        ] {
            assert_eq!(length_of_reply(heard.as_bytes()), length, "{heard:?}");
        }
    }

    #[test]
    fn a_refusal_keeps_its_number_and_what_is_no_reply_has_none() {
        for (reply, expected) in [
            ("220 mail\r\n", Ok(())),
            ("554 no\r\n", Err(Trouble::Refused { status: 554 })),
            ("421 later\r\n", Err(Trouble::Refused { status: 421 })),
            ("250 what\r\n", Err(Trouble::NoAnswer)),
            ("HTTP/1.1 200\r\n", Err(Trouble::NoAnswer)),
            ("", Err(Trouble::NoAnswer)),
        ] {
            assert_eq!(expect(reply, 220), expected, "{reply:?}");
        }
    }
}
