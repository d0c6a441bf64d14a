//! Who this bridge is: an Ed25519 key that was made on this box and never leaves it. A bridge that was enrolled before there
//! were keys goes on with its token.
//!
//! Beside the key's file, `key`, there are at times: `key.new`, a key whose enrolment is under way; `key.next`, one that is
//! about to take the place of `key`; `key.old`, the one before, for a service that was restored from a backup and has
//! forgotten its successor. Each is written whole and on disk before anything that leans on it, so that a stop at any
//! moment leaves a box that goes on or can try again.

mod files;
mod key;
pub mod renew;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use uuid::Uuid;
use ward_wire::signature::{Head, KeyId, Signed, hex, sha256};

use crate::config;
use crate::token::{self, Token, TokenError};

pub use key::{Held, Key, Pending};

/// What the bridge shows the service.
#[derive(Debug)]
pub enum Identity {
    /// It signs what it asks.
    Key(Box<Held>),
    /// Of before there were keys.
    Token(Token),
}

/// Why the bridge cannot say who it is.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Its token, or that it has neither key nor token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A file with a key cannot be used.
    #[error("the key file {file} cannot be used: {why}")]
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The system gives no random bytes.
    #[error("no random bytes are to be had from the system: {0}")]
    NoRandomness(String),
}

/// Where the identity lies.
#[derive(Clone, Debug)]
pub struct Place {
    key: PathBuf,
    token: PathBuf,
}

impl Place {
    /// As the configuration says.
    #[must_use]
    pub fn of(service: &config::Service) -> Self {
        Self {
            key: service.key_file.clone(),
            token: service.token_file.clone(),
        }
    }

    /// The file of the key in use.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        &self.key
    }

    /// Who this bridge is: by its key, if it has one.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn read(&self) -> Result<Identity, IdentityError> {
        match files::read::<Held>(&self.key)? {
            Some(held) => Ok(Identity::Key(Box::new(held))),
            None => Ok(Identity::Token(token::read(&self.token)?)),
        }
    }

    /// The key in use, if it is a key.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn held(&self) -> Result<Option<Held>, IdentityError> {
        files::read(&self.key)
    }

    /// The key before the one in use.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn old(&self) -> Result<Option<Held>, IdentityError> {
        files::read(&self.beside("old"))
    }

    /// A key for an enrolment by this code, on disk. After a try that came to nothing it is the same one, which the service
    /// may have by now.
    ///
    /// # Errors
    /// [`IdentityError`]: the code must not be spent.
    pub fn prepare_enrolment(&self, code: &str) -> Result<Pending, IdentityError> {
        // However it was typed: the service takes it with and without hyphens, in small letters and capitals.
        let letters = code.chars().filter(char::is_ascii_alphanumeric);
        let typed: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        self.prepare("new", &hex(&sha256(typed.as_bytes())))
    }

    /// The service has taken the key: it is this bridge's, in place of whatever it had.
    ///
    /// # Errors
    /// [`IdentityError`]: enrolling again with the same code goes on from here.
    pub fn keep_enrolment(
        &self,
        pending: Pending,
        bridge: Uuid,
        expires_at: Timestamp,
    ) -> Result<(), IdentityError> {
        files::write(&self.key, &pending.held(bridge, expires_at))?;
        // Of no use any more; with `key` in place none of them is looked at.
        for file in [self.beside("old"), self.beside("next"), self.beside("new")] {
            files::remove(&file);
        }
        files::remove(&self.token);
        Ok(())
    }

    /// The service does not take the code: the key that was made for it is of no use.
    pub fn give_up_enrolment(&self) {
        files::remove(&self.beside("new"));
    }

    /// The key that is to come after this one, on disk. After a try that came to nothing it is the same one.
    ///
    /// # Errors
    /// [`IdentityError`]: nothing must be sent.
    pub fn prepare_next(&self, held: &Held) -> Result<Pending, IdentityError> {
        self.prepare("next", &held.key.id().to_string())
    }

    /// Whether a successor of this key is under way.
    #[must_use]
    pub fn has_next(&self, held: &Held) -> bool {
        let next = files::read::<Pending>(&self.beside("next"));
        matches!(next, Ok(Some(next)) if next.purpose == held.key.id().to_string())
    }

    /// The service has taken the next key: it takes the place of the one in use.
    ///
    /// # Errors
    /// [`IdentityError`]: it is sent again and kept then.
    pub fn keep_next(
        &self,
        old: &Held,
        next: Pending,
        expires_at: Timestamp,
    ) -> Result<(), IdentityError> {
        files::write(&self.beside("old"), old)?;
        files::write(&self.key, &next.held(old.bridge, expires_at))?;
        files::remove(&self.beside("next"));
        Ok(())
    }

    /// The service knows the key before and not the one in use: it was restored from a backup. The one before is used,
    /// and the one in use is brought to it as the next.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn fall_back(&self, unknown: &Held, old: &Held) -> Result<(), IdentityError> {
        let next = Pending {
            purpose: old.key.id().to_string(),
            key: unknown.key.clone(),
        };
        files::write(&self.beside("next"), &next)?;
        files::write(&self.key, old)
    }

    fn prepare(&self, ending: &str, purpose: &str) -> Result<Pending, IdentityError> {
        let file = self.beside(ending);
        // One that cannot be read was never sent: it is written whole before that.
        if let Ok(Some(pending)) = files::read::<Pending>(&file)
            && pending.purpose == purpose
        {
            return Ok(pending);
        }
        let pending = Pending {
            purpose: purpose.to_owned(),
            key: Key::fresh()?,
        };
        files::write(&file, &pending)?;
        Ok(pending)
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.key.file_name().unwrap_or_default().to_owned();
        name.push(".");
        name.push(ending);
        self.key.with_file_name(name)
    }
}

impl Held {
    /// The value of `Authorization` for a request at this time of the service's clock.
    ///
    /// # Errors
    /// [`IdentityError::NoRandomness`].
    pub fn authorization(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        at: Timestamp,
    ) -> Result<String, IdentityError> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|why| IdentityError::NoRandomness(why.to_string()))?;
        let key: KeyId = self.key.id();
        let head = Head {
            bridge: self.bridge,
            key,
            time_ms: at.as_millisecond(),
            nonce,
            body: sha256(body),
        };
        let signature = self.key.over(&head.text(method, path));
        Ok(Signed { head, signature }.to_string())
    }
}
