//! Who belongs to a ward, and how they come in: what a senior clinician of the ward may do without the administration.

use std::time::Duration;

use ward_core::clinician::{Clinician, Role};
use ward_core::event::{StaffEvent, WardEvent};
use ward_core::id::ClinicianId;
use ward_core::permit::Permit;
use ward_core::staffing::{StandingRefused, may_become, may_hand_out_password};
use ward_core::time::Timestamp;
use ward_store::{Credentials, Ledger, Session, StaffMember, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::secret::{NoRandomness, Secret, one_time_code};
use crate::sign_in::{PasswordRefused, SignInError, hash_password, normalised_username};
use crate::staff::is_username;
use crate::wards::Wards;

/// A one-time password is good for so long: over a weekend and some leave.
const ONE_TIME_PASSWORD_LASTS: Duration = Duration::from_secs(7 * 24 * 3600);

/// Characters of a name at most.
const NAME_AT_MOST: usize = 100;

/// Why nothing was changed about somebody.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// The username.
    #[error("a username is 2 to 64 small letters, digits, dots or hyphens")]
    Username,
    /// The name.
    #[error("enter the name as colleagues know it, {NAME_AT_MOST} characters at most")]
    Name,
    /// The username is somebody's.
    #[error(
        "{name} has this username already: add them with their username alone, or choose another"
    )]
    UsernameTaken {
        /// Who has it.
        name: String,
    },
    /// Nobody has this username.
    #[error("nobody has the username {0}: enter a name too, to make them a new member of staff")]
    NoSuchUser(String),
    /// What they are, or would be.
    #[error(transparent)]
    Standing(#[from] StandingRefused),
    /// They work on another ward too.
    #[error(
        "this person also works on a ward where you are not a senior clinician: ask the administration for a new password"
    )]
    AlsoElsewhere,
    /// The machine.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for ManageError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<NoRandomness> for ManageError {
    fn from(error: NoRandomness) -> Self {
        StoreError::Unavailable(error.to_string()).into()
    }
}

/// Why a password is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The one that they have.
    #[error("this is not your present password")]
    NotThePresentOne,
    /// The one that they want.
    #[error("choose another password than the one that you have")]
    TheSame,
    /// The one that they want.
    #[error(transparent)]
    Refused(#[from] PasswordRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for PasswordError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Somebody new on a ward.
#[derive(Debug)]
pub struct NewMember {
    /// Who.
    pub clinician: Clinician,
    /// For somebody who was not on record: to be told to them, shown once.
    pub password: Option<Secret>,
}

impl Wards {
    /// Who belongs to the ward, by name; also who has left the organisation.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn members(&self, permit: &Permit) -> Result<Vec<StaffMember>, Unavailable> {
        Ok(self.store.members(permit.ward).await?)
    }

    /// Adds somebody to the ward. With a `name` they are new to the organisation and get a one-time password; without one
    /// they are known by their username.
    ///
    /// # Errors
    /// [`ManageError`] says what to change.
    pub async fn add_member(
        &self,
        permit: &Permit,
        username: &str,
        name: Option<&str>,
        role: Role,
    ) -> Result<NewMember, ManageError> {
        let username = normalised_username(username);
        if !is_username(&username) {
            return Err(ManageError::Username);
        }
        let new = match name.map(str::trim) {
            None => None,
            Some(name) if name.is_empty() || name.chars().count() > NAME_AT_MOST => {
                return Err(ManageError::Name);
            }
            Some(name) => {
                let (password, hash) = self.one_time_password().await?;
                let id = ClinicianId(self.clock.new_id());
                let (username, name) = (username.clone(), name.to_owned());
                Some((password, hash, Clinician { id, username, name }))
            }
        };
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.staff_ledger(&permit).await?;
            let now = wards.clock.now();
            let known = ledger.clinician_named(&username).await?;
            let (clinician, password) = match (known, new) {
                (Some(known), None) => (known, None),
                (Some(known), Some(_)) => {
                    return Err(ManageError::UsernameTaken { name: known.name });
                }
                (None, None) => return Err(ManageError::NoSuchUser(username)),
                (None, Some((password, hash, clinician))) => {
                    enter(&mut ledger, &clinician, hash, now).await?;
                    (clinician, Some(password))
                }
            };
            let changed = stand(&mut ledger, &permit, clinician.id, Some(role), now);
            changed.await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, clinician = %clinician.id, role = role.as_str(), by = %permit.clinician, "added to the ward");
            Ok(NewMember { clinician, password })
        })
        .await
    }

    /// Changes what somebody is on the ward; with no role they belong to it no more, and their sessions end.
    ///
    /// # Errors
    /// [`ManageError::Standing`].
    pub async fn set_role(
        &self,
        permit: &Permit,
        clinician: ClinicianId,
        role: Option<Role>,
    ) -> Result<(), ManageError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.staff_ledger(&permit).await?;
            if !ledger.roles().await?.contains_key(&clinician) {
                return Err(StandingRefused::NotHere.into());
            }
            let now = wards.clock.now();
            stand(&mut ledger, &permit, clinician, role, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            let role = role.map_or("none", Role::as_str);
            tracing::info!(ward = %permit.ward, %clinician, role, by = %permit.clinician, "role set");
            Ok(())
        })
        .await
    }

    /// Gives somebody of the ward a one-time password; their sessions end.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn reset_password(
        &self,
        permit: &Permit,
        clinician: ClinicianId,
    ) -> Result<Secret, ManageError> {
        let (password, hash) = self.one_time_password().await?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let mut ledger = wards.staff_ledger(&permit).await?;
            if !ledger.roles().await?.contains_key(&clinician) {
                return Err(StandingRefused::NotHere.into());
            }
            let theirs = ledger.wards_of(clinician).await?;
            let theirs: Vec<_> = theirs.into_iter().map(|(ward, _)| ward).collect();
            let seniors = ledger.wards_of(permit.clinician).await?;
            if !may_hand_out_password(&seniors, &theirs) {
                return Err(ManageError::AlsoElsewhere);
            }
            let now = wards.clock.now();
            let until = now.plus(ONE_TIME_PASSWORD_LASTS);
            ledger
                .set_one_time_password(clinician, &hash, until)
                .await?;
            let by = permit.clinician;
            let event = StaffEvent::PasswordReset { clinician, by };
            ledger.append(WardEvent::Staff(event), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::warn!(ward = %permit.ward, %clinician, %by, "one-time password given");
            Ok(password)
        })
        .await
    }

    /// Somebody who is signed in chooses a password of their own. Their other sessions end.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn choose_password(
        &self,
        session: &Session,
        token: &Secret,
        present: &str,
        wanted: &str,
    ) -> Result<(), PasswordError> {
        if present == wanted {
            return Err(PasswordError::TheSame);
        }
        let clinician = session.clinician;
        let known = self.store.password_hash(clinician).await?;
        let is_theirs = match self.check_password(present.to_owned(), known).await {
            Ok(is_theirs) => is_theirs,
            Err(SignInError::Unavailable(error)) => return Err(error.into()),
            Err(SignInError::WrongNameOrPassword | SignInError::PasswordTooOld) => false,
        };
        if !is_theirs {
            return Err(PasswordError::NotThePresentOne);
        }
        let hash = self.hashed(wanted.to_owned()).await??;
        let (wards, token) = (self.clone(), token.hash());
        to_the_end::<_, PasswordError>(async move {
            let store = &wards.store;
            let chosen = store.choose_password(clinician, &hash, token.as_bytes());
            Ok(chosen.await?)
        })
        .await?;
        tracing::info!(%clinician, "password chosen");
        Ok(())
    }

    async fn staff_ledger(&self, permit: &Permit) -> Result<Ledger, ManageError> {
        let ledger = self.store.open_ledger(permit.ward).await?;
        ledger.ok_or_else(|| StandingRefused::NotHere.into())
    }

    async fn one_time_password(&self) -> Result<(Secret, String), ManageError> {
        let password = one_time_code()?;
        let hash = self.hashed(password.reveal().to_owned()).await??;
        Ok((password, hash))
    }

    /// Hashing takes a core for a while: not one of those that answer.
    async fn hashed(
        &self,
        password: String,
    ) -> Result<Result<String, PasswordRefused>, Unavailable> {
        let failed = |why: &dyn std::fmt::Display| {
            Unavailable::from(StoreError::Unavailable(why.to_string()))
        };
        let turn = self.passwords.acquire().await;
        let _turn = turn.map_err(|error| failed(&error))?;
        let hashing = tokio::task::spawn_blocking(move || hash_password(&password));
        hashing.await.map_err(|error| failed(&error))
    }
}

/// A new member of staff, with a password that is good for a while.
async fn enter(
    ledger: &mut Ledger,
    clinician: &Clinician,
    hash: String,
    now: Timestamp,
) -> Result<(), ManageError> {
    let until = now.plus(ONE_TIME_PASSWORD_LASTS);
    let new = Credentials {
        clinician: clinician.clone(),
        password_hash: hash.clone(),
        password_until: Some(until),
    };
    let entered = ledger.insert_clinician(&new, now).await;
    entered.map_err(|error| match error {
        StoreError::AlreadyThere(_) => ManageError::UsernameTaken {
            name: "Somebody who has left".to_owned(),
        },
        other => other.into(),
    })?;
    ledger
        .set_one_time_password(clinician.id, &hash, until)
        .await?;
    Ok(())
}

/// Writes what somebody is on the ward from now on.
async fn stand(
    ledger: &mut Ledger,
    permit: &Permit,
    clinician: ClinicianId,
    role: Option<Role>,
    now: Timestamp,
) -> Result<(), ManageError> {
    let members = ledger.roles().await?;
    may_become(&members, clinician, role)?;
    if role.is_some() && members.get(&clinician).copied() == role {
        return Ok(());
    }
    match role {
        Some(role) => ledger.put_member(clinician, role).await?,
        None => ledger.delete_member(clinician).await?,
    }
    let by = permit.clinician;
    let event = StaffEvent::RoleSet {
        clinician,
        role,
        by,
    };
    ledger.append(WardEvent::Staff(event), now);
    Ok(())
}
