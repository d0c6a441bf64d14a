//! HTTPS, with certificates of a private authority.

use std::path::Path;
use std::sync::Arc;

use firmware_bridge::client::{Client, Failure};
use firmware_bridge::config::Config;
use rcgen::CertifiedKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::door::TOKEN;

/// Answers every request with an empty list of oximeters. Gives its port and its certificate.
async fn serve() -> (u16, String) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // A client that does not trust us ends here.
            let Ok(mut stream) = acceptor.accept(socket).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{\"devices\":[]}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (port, cert.pem())
}

fn client(folder: &Path, port: u16, more: &str) -> Client {
    std::fs::write(folder.join("token"), TOKEN).unwrap();
    let text =
        format!("data_dir = {folder:?}\n[service]\nurl = \"https://localhost:{port}\"\n{more}");
    let config = Config::parse(Path::new("test"), &text, []).unwrap();
    Client::new(&config.service).unwrap()
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_its_file_is_given_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let (port, pem) = serve().await;
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).unwrap();
    let trusting = client(folder.path(), port, &format!("ca_file = {file:?}"));
    assert!(trusting.devices().await.unwrap().devices.is_empty());

    let careful = client(folder.path(), port, "");
    let why = careful.devices().await.unwrap_err();
    let Failure::Later { why, .. } = why else {
        panic!("{why}")
    };
    assert!(why.contains("certificate"), "{why}");
}

#[tokio::test]
async fn a_file_without_certificates_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let text =
        format!("data_dir = \"/x\"\n[service]\nurl = \"https://localhost\"\nca_file = {file:?}");
    let config = Config::parse(Path::new("test"), &text, []).unwrap();
    let why = Client::new(&config.service).unwrap_err().to_string();
    assert!(why.contains("ca.pem") && why.contains("PEM"), "{why}");
}
