//! Notices as e-mail, handed to the organisation's mail server (SMTP, RFC 5321).

mod letter;
mod line;

use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use rustls_pki_types::CertificateDer;
use tokio_rustls::TlsConnector;
use ward_core::message::Trouble;
use ward_core::time::Timestamp;
use ward_service::carry::{Address, Carrier, Notice, Taken};
use ward_service::{Clock, Secret};

use crate::webhook::TIMEOUT_AT_MOST;

/// The mail server, and in whose name notices go out.
#[derive(Clone, Debug)]
pub struct Email {
    /// Its name, as in its certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept from others.
    pub security: Security,
    /// Who vouches for its certificate; `None`: whoever this machine trusts.
    pub authorities: Option<Vec<CertificateDer<'static>>>,
    /// Who notices come from, and where what cannot be delivered goes back to.
    pub from: Mailbox,
    /// Name and password, where the server asks for them.
    pub sign_in: Option<(String, Secret)>,
    /// The name by which this machine says hello.
    pub hello: String,
    /// From the first packet until the server has taken it, at most.
    pub timeout: Duration,
}

/// How the line to the mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Begins in the clear and must change to TLS before anything else is said (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// In the clear: on this machine alone.
    Plain,
}

/// A server that has taken a letter need not be told goodbye for longer.
const GOODBYE: Duration = Duration::from_secs(2);

pub(super) fn carrier(email: &Email, clock: &Clock) -> anyhow::Result<Carrier> {
    let tls = match email.security {
        Security::Plain => None,
        Security::StartTls | Security::Tls => Some(line::connector(email.authorities.as_deref())?),
    };
    let (email, clock) = (Arc::new(email.clone()), clock.clone());
    let send = move |notice: Notice| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let (email, tls, now) = (Arc::clone(&email), tls.clone(), clock.now());
        Box::pin(async move {
            let timeout = email.timeout.min(TIMEOUT_AT_MOST);
            let sending = deliver(&email, tls.as_ref(), &notice, now);
            let sent = tokio::time::timeout(timeout, sending).await;
            sent.unwrap_or(Err(Trouble::NoAnswer))
        })
    };
    Ok(Carrier {
        send: Arc::new(send),
        // What cannot be delivered comes back as a letter, to people.
        ask: None,
    })
}

async fn deliver(
    email: &Email,
    tls: Option<&TlsConnector>,
    notice: &Notice,
    now: Timestamp,
) -> Result<Taken, Trouble> {
    let Address::Email { address } = &notice.to else {
        return Err(Trouble::BadAddress);
    };
    let to = letter::recipient(address)?;
    let letter = letter::write(notice, &email.from, to.clone(), now)?;
    let line = line::open(email, tls).await?;
    let hello = ClientId::Domain(email.hello.clone());
    let mut smtp = AsyncSmtpConnection::connect_with_transport(line, &hello)
        .await
        .map_err(|error| for_now(&error))?;
    if let Some((name, password)) = &email.sign_in {
        let credentials = Credentials::new(name.clone(), password.reveal().to_owned());
        smtp.auth(DEFAULT_MECHANISMS, &credentials)
            .await
            .map_err(|error| for_now(&error))?;
    }
    let from = Some(email.from.email.clone());
    let hand_over = async {
        smtp.command(Mail::new(from, Vec::new())).await?;
        smtp.command(Rcpt::new(to, Vec::new())).await?;
        smtp.command(Data).await?;
        smtp.message(&letter).await
    };
    hand_over.await.map_err(|error| for_this_one(&error))?;
    // It is theirs now, whatever they say to this.
    tokio::spawn(async move {
        let _ = tokio::time::timeout(GOODBYE, smtp.command(Quit)).await;
    });
    Ok(Taken { reference: None })
}

/// Before the letter is spoken of, a refusal is about this service: its sign-in, its address, the server's own state.
/// Somebody can mend that while the notice is still of use.
fn for_now(error: &Error) -> Trouble {
    match error.status() {
        Some(code) => Trouble::Refused {
            status: u16::from(code),
        },
        None => Trouble::NoAnswer,
    }
}

/// A refusal of this letter. From 500 on it is for good (RFC 5321, section 4.2.1).
fn for_this_one(error: &Error) -> Trouble {
    match error.status().map(u16::from) {
        Some(status @ 500..) => Trouble::Rejected { status },
        Some(status) => Trouble::Refused { status },
        None => Trouble::NoAnswer,
    }
}
