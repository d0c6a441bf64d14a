//! Staff sign in and out. Sessions are in the database, so that they outlive a restart and end when they are ended.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Argon2, Params};
use ward_core::clinician::Role;
use ward_core::id::ClinicianId;
use ward_store::{Session, StoreError};

use crate::error::{Unavailable, only_noted, to_the_end};
use crate::secret::{NoRandomness, Secret};
use crate::wards::Wards;

/// A password may be this long, in bytes; longer ones are refused before anything is computed.
const PASSWORD_LIMIT: usize = 256;

/// A username may be this long, in letters.
pub(crate) const USERNAME_LIMIT: usize = 64;

/// A password is at least this long, in characters (OWASP ASVS 5.0, 6.2.1); what it is made of is its owner's affair.
const PASSWORD_AT_LEAST: usize = 12;

/// A session that has been opened.
pub struct SignedIn {
    /// For the cookie. Not kept.
    pub token: Secret,
    /// Who.
    pub clinician: ClinicianId,
    /// How long it lasts.
    pub lasts: std::time::Duration,
    /// The password is one that somebody else knows: first another is chosen.
    pub must_choose_password: bool,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Which of the two was wrong is not said.
    #[error("the name or the password is not right: check both and try again")]
    WrongNameOrPassword,
    /// The password was right once.
    #[error("this one-time password is too old: ask a senior clinician of your ward for a new one")]
    PasswordTooOld,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<NoRandomness> for SignInError {
    fn from(error: NoRandomness) -> Self {
        Self::Unavailable(StoreError::Unavailable(error.to_string()).into())
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// None, over, or ended.
    #[error("you are not signed in, or your session is over: sign in again")]
    NotSignedIn,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why a password is refused.
#[derive(Debug, thiserror::Error)]
pub enum PasswordRefused {
    /// Too short.
    #[error("a password has at least {PASSWORD_AT_LEAST} characters: a few words in a row do well")]
    TooShort,
    /// Too long.
    #[error("a password has at most {PASSWORD_LIMIT} bytes")]
    TooLong,
    /// The machine.
    #[error("the password could not be hashed")]
    NotHashed,
}

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
}

/// A password as it is kept.
///
/// # Errors
/// [`PasswordRefused`].
pub(crate) fn hash_password(password: &str) -> Result<String, PasswordRefused> {
    if password.chars().count() < PASSWORD_AT_LEAST {
        return Err(PasswordRefused::TooShort);
    }
    if password.len() > PASSWORD_LIMIT {
        return Err(PasswordRefused::TooLong);
    }
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordRefused::NotHashed)
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// What the password of somebody who does not exist is checked against, so that the answer takes as long.
static NOBODYS_HASH: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| hash_password("nobody has this password").unwrap_or_default());

/// A username as it is kept, however it was typed: a phone's keyboard begins with a capital and ends with a space. What no
/// username has in it is nobody's name, and is never asked for.
#[must_use]
pub fn normalised_username(typed: &str) -> String {
    typed
        .trim()
        .chars()
        .take(USERNAME_LIMIT + 1)
        .map(|letter| match letter.to_ascii_lowercase() {
            '\0' => char::REPLACEMENT_CHARACTER,
            letter => letter,
        })
        .collect()
}

impl Wards {
    /// Checks a name and a password and opens a session.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<SignedIn, SignInError> {
        if password.len() > PASSWORD_LIMIT {
            return Err(SignInError::WrongNameOrPassword);
        }
        let username = normalised_username(username);
        let credentials = self.store.credentials(&username).await?;
        let hash = credentials
            .as_ref()
            .map(|found| found.password_hash.clone());
        if !self.check_password(password.to_owned(), hash).await? {
            return Err(SignInError::WrongNameOrPassword);
        }
        let Some(found) = credentials else {
            return Err(SignInError::WrongNameOrPassword);
        };
        if found
            .password_until
            .is_some_and(|until| until <= self.clock.now())
        {
            return Err(SignInError::PasswordTooOld);
        }
        let clinician = found.clinician.id;
        let memberships = self.store.memberships(clinician).await?;
        let on_the_wall = !memberships.is_empty()
            && memberships
                .iter()
                .all(|membership| membership.role == Role::WallBoard);
        let lasts = if on_the_wall {
            self.options.wall_session
        } else {
            self.options.session
        };
        let (token, csrf) = (Secret::new()?, Secret::new()?);
        let now = self.clock.now();
        let (wards, hash) = (self.clone(), token.hash());
        to_the_end::<_, SignInError>(async move {
            wards.store.delete_old_sessions(now).await?;
            wards.store.drop_old_unfinished(now).await?;
            Ok(wards
                .store
                .insert_session(
                    hash.as_bytes(),
                    clinician,
                    csrf.reveal(),
                    now,
                    now.plus(lasts),
                )
                .await?)
        })
        .await?;
        tracing::info!(%clinician, "signed in");
        Ok(SignedIn {
            token,
            clinician,
            lasts,
            must_choose_password: found.password_until.is_some(),
        })
    }

    pub(crate) async fn check_password(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, SignInError> {
        let failed = |why: &dyn std::fmt::Display| {
            SignInError::from(StoreError::Unavailable(why.to_string()))
        };
        let _turn = self
            .passwords
            .acquire()
            .await
            .map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            verify(&password, hash.as_deref().unwrap_or(&NOBODYS_HASH)) && known
        })
        .await
        .map_err(|error| failed(&error))
    }

    /// The session of a token.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn session(&self, token: &Secret) -> Result<Session, SessionError> {
        let now = self.clock.now();
        let hash = token.hash();
        let session = self
            .store
            .session(hash.as_bytes(), now, now.minus(self.options.wall_session))
            .await
            .map_err(Unavailable::from)?;
        let session = session.ok_or(SessionError::NotSignedIn)?;
        if now.millis_since(session.last_seen_at) > 60_000 {
            let store = self.store.clone();
            only_noted("session", async move {
                store.see_session(hash.as_bytes(), now).await
            });
        }
        Ok(session)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn sign_out(&self, token: &Secret) -> Result<(), Unavailable> {
        Ok(self.store.delete_session(token.hash().as_bytes()).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_again_and_another_is_not() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("correct horse battery", &hash));
        assert!(!verify("correct horse batterz", &hash));
    }

    #[test]
    fn a_name_is_found_however_it_was_typed() {
        assert_eq!(normalised_username(" Asha.Rao \n"), "asha.rao");
        assert_eq!(normalised_username("as\0ha"), "as\u{FFFD}ha");
        assert_eq!(normalised_username(&"x".repeat(70)).len(), 65);
    }

    #[test]
    fn a_short_password_is_refused_with_advice() {
        assert!(
            hash_password("short")
                .unwrap_err()
                .to_string()
                .contains("at least 12")
        );
    }
}
