//! A mail server: RFC 5321 with STARTTLS (RFC 3207) and AUTH (RFC 4954), strict about the order of things.

mod dialogue;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The name and password that it knows.
pub const NAME: &str = "ward";
/// See [`NAME`].
pub const PASSWORD: &str = "correct horse battery";

/// A mailbox that it has not.
pub const NOBODY: &str = "nobody@example.nhs.uk";

/// How it is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Offers STARTTLS.
    pub starttls: bool,
    /// TLS from the first byte.
    pub tls: bool,
    /// The ways to sign in that it offers: `PLAIN LOGIN`; empty: it takes letters from anybody.
    pub sign_in: &'static str,
    /// Somebody on the way puts this behind the answer to STARTTLS.
    pub put_behind_starttls: &'static str,
}

impl Setup {
    /// As mail servers of an organisation are.
    pub const USUAL: Self = Self {
        starttls: true,
        tls: false,
        sign_in: "PLAIN LOGIN",
        put_behind_starttls: "",
    };
}

/// Where in the dialogue something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its first words.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    SignIn,
    /// MAIL FROM.
    From,
    /// RCPT TO.
    To,
    /// DATA.
    Data,
    /// The lone dot.
    Letter,
    /// QUIT.
    Goodbye,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It says this instead, `451 later`, and takes nothing.
    Says(&'static str),
    /// The line goes.
    HangsUp,
    /// It answers as usual, after this time.
    Waits(Duration),
    /// It does what it was asked, and the line goes before it says so.
    TakesAndHangsUp,
}

/// A letter that it has taken.
#[derive(Clone, Debug)]
pub struct Letter {
    /// From the envelope.
    pub from: String,
    /// From the envelope.
    pub to: Vec<String>,
    /// Head and body, dots no longer doubled.
    pub text: String,
    /// It came under TLS.
    pub under_tls: bool,
    /// Who was signed in.
    pub by: Option<String>,
}

/// A mail server; it goes with its runtime.
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// The certificate by which it is known, in a file.
    pub ca_file: PathBuf,
    books: Arc<Books>,
    _folder: tempfile::TempDir,
}

/// What it keeps.
struct Books {
    setup: Setup,
    acceptor: TlsAcceptor,
    faults: Mutex<VecDeque<(Step, Fault)>>,
    letters: Mutex<Vec<Letter>>,
    heard: Mutex<Vec<(bool, String)>>,
    answered_nobody: Mutex<u32>,
}

impl MailServer {
    /// One that is set up so.
    pub async fn start(setup: Setup) -> Self {
        let names = vec!["localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, made.cert.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let books = Arc::new(Books {
            setup,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            faults: Mutex::default(),
            letters: Mutex::default(),
            heard: Mutex::default(),
            answered_nobody: Mutex::default(),
        });
        let held = Arc::clone(&books);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(dialogue::hold(socket, Arc::clone(&held)));
            }
        });
        Self {
            address,
            ca_file,
            books,
            _folder: folder,
        }
    }

    /// The next time that a dialogue comes to this step, this goes wrong. In order: a later fault waits for an earlier.
    pub fn at(&self, step: Step, fault: Fault) {
        self.books.faults.lock().unwrap().push_back((step, fault));
    }

    /// What it has taken: as many as letters in mailboxes.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.books.letters.lock().unwrap().clone()
    }

    /// Every line that it heard, and whether it came under TLS.
    #[must_use]
    pub fn heard(&self) -> Vec<(bool, String)> {
        self.books.heard.lock().unwrap().clone()
    }

    /// How often there was nobody left to answer.
    #[must_use]
    pub fn answered_nobody(&self) -> u32 {
        *self.books.answered_nobody.lock().unwrap()
    }
}
