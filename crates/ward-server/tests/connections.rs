//! What the accept loop does with TLS, and with those who never finish what they say.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up has failed")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use ward_server::{Config, Server};
use ward_service::Clock;

async fn serve(folder: &Path, more: &str) -> Server {
    let text = format!(
        "listen = \"127.0.0.1:0\"\n[organisation]\nods_code = \"TEST\"\nname = \"Test\"\n[database]\nurl = \"sqlite:ward.db\"\n[http]\n{more}"
    );
    let config = Config::parse(&folder.join("wardlight.toml"), &text, std::iter::empty()).unwrap();
    Server::start(config, Clock::system()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_certificate_the_service_speaks_tls_and_its_cookie_is_the_hosts_alone() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.path().join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(
        folder.path().join("key.pem"),
        made.signing_key.serialize_pem(),
    )
    .unwrap();
    let server = serve(
        folder.path(),
        "tls_certificate = \"certificate.pem\"\ntls_key = \"key.pem\"\n",
    )
    .await;
    server
        .wards()
        .add_clinician("nurse.a", "Nurse A", "a long enough password")
        .await
        .unwrap();

    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([trusted])
        .resolve("localhost", server.address())
        .build()
        .unwrap();
    let origin = format!("https://localhost:{}", server.address().port());
    let answer = client
        .post(format!("{origin}/api/session"))
        .header("origin", &origin)
        .json(&serde_json::json!({ "username": "nurse.a", "password": "a long enough password" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-wardlight=")
            && cookie.contains("; Secure")
            && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    assert!(answer.headers().contains_key("strict-transport-security"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_finishes_a_header_is_let_go_and_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), "secure = false\n").await;
    let address = server.address();
    let slow = tokio::task::spawn_blocking(move || {
        let mut slow = TcpStream::connect(address).unwrap();
        slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            .unwrap();
        slow.set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let began = Instant::now();
        let mut rest = Vec::new();
        let _ = slow.read_to_end(&mut rest);
        began.elapsed()
    });
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = reqwest::get(format!("http://{address}/readyz"))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        slow.await.unwrap() < Duration::from_secs(25),
        "the service let the slow one go by itself"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_service_on_the_same_file_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), "secure = false\n").await;
    let text = "listen = \"127.0.0.1:0\"\n[organisation]\nods_code = \"TEST\"\nname = \"Test\"\n[database]\nurl = \"sqlite:ward.db\"\n";
    let config = Config::parse(
        &folder.path().join("wardlight.toml"),
        text,
        std::iter::empty(),
    )
    .unwrap();
    let refused = Server::start(config, Clock::system())
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(refused.contains("stop it first"), "{refused}");
    server.stop().await;
}
