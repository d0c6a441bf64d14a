//! Staff: who they are and where they work.

use ward_core::clinician::{Clinician, Role};
use ward_core::id::{ClinicianId, WardId};
use ward_core::time::Timestamp;
use ward_store::{Credentials, Membership, StoreError};

use crate::error::Unavailable;
use crate::sign_in::{PasswordRefused, USERNAME_LIMIT, hash_password};
use crate::wards::Wards;

/// Why nothing was changed about somebody.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The username.
    #[error("a username is 2 to 64 small letters, digits, dots or hyphens")]
    Username,
    /// Taken.
    #[error("somebody has this username already: choose another")]
    UsernameTaken,
    /// Nobody of that name.
    #[error("there is nobody with the username {0}")]
    NoSuchUser(String),
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for StaffError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Whether a text can be a username.
pub(crate) fn is_username(text: &str) -> bool {
    (2..=USERNAME_LIMIT).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
}

impl Wards {
    /// A new member of staff.
    ///
    /// # Errors
    /// [`StaffError`].
    pub async fn add_clinician(
        &self,
        username: &str,
        name: &str,
        password: &str,
    ) -> Result<Clinician, StaffError> {
        if !is_username(username) {
            return Err(StaffError::Username);
        }
        let clinician = Clinician {
            id: ClinicianId(self.clock.new_id()),
            username: username.to_owned(),
            name: name.to_owned(),
        };
        let credentials = Credentials {
            clinician: clinician.clone(),
            password_hash: hash_password(password)?,
            password_until: None,
        };
        match self
            .store
            .insert_clinician(&credentials, self.clock.now())
            .await
        {
            Ok(()) => Ok(clinician),
            Err(StoreError::AlreadyThere(_)) => Err(StaffError::UsernameTaken),
            Err(error) => Err(error.into()),
        }
    }

    /// All staff, and since when those have left who have.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn staff(&self) -> Result<Vec<(Clinician, Option<Timestamp>)>, Unavailable> {
        Ok(self.store.clinicians().await?)
    }

    /// Sets a password. Every session that was opened with the old one ends.
    ///
    /// # Errors
    /// [`StaffError`].
    pub async fn set_password(&self, username: &str, password: &str) -> Result<(), StaffError> {
        let clinician = self.named(username).await?;
        Ok(self
            .store
            .set_password(clinician.id, &hash_password(password)?)
            .await?)
    }

    /// Lets somebody in no more; their sessions and sockets end.
    ///
    /// # Errors
    /// [`StaffError`].
    pub async fn disable_clinician(&self, username: &str) -> Result<(), StaffError> {
        let clinician = self.named(username).await?;
        Ok(self
            .store
            .disable_clinician(clinician.id, self.clock.now())
            .await?)
    }

    /// Makes somebody a member of a ward, or changes as what.
    ///
    /// # Errors
    /// [`StaffError`].
    pub async fn join_ward(
        &self,
        username: &str,
        ward: WardId,
        role: Role,
    ) -> Result<(), StaffError> {
        let clinician = self.named(username).await?;
        Ok(self.store.put_membership(clinician.id, ward, role).await?)
    }

    /// Takes somebody off a ward.
    ///
    /// # Errors
    /// [`StaffError`].
    pub async fn leave_ward(&self, username: &str, ward: WardId) -> Result<(), StaffError> {
        let clinician = self.named(username).await?;
        Ok(self.store.delete_membership(clinician.id, ward).await?)
    }

    /// The wards that somebody belongs to.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn wards_of(&self, clinician: ClinicianId) -> Result<Vec<Membership>, Unavailable> {
        Ok(self.store.memberships(clinician).await?)
    }

    /// Somebody's name, also when they have left.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn clinician_name(
        &self,
        clinician: ClinicianId,
    ) -> Result<Option<String>, Unavailable> {
        Ok(self
            .store
            .clinician(clinician)
            .await?
            .map(|found| found.name))
    }

    async fn named(&self, username: &str) -> Result<Clinician, StaffError> {
        let all = self.store.clinicians().await?;
        let found = all
            .into_iter()
            .map(|(clinician, _)| clinician)
            .find(|clinician| clinician.username == username);
        found.ok_or_else(|| StaffError::NoSuchUser(username.to_owned()))
    }
}
