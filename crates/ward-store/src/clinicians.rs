//! Staff, their wards and their sessions.

use uuid::Uuid;
use ward_core::clinician::{Clinician, Role};
use ward_core::id::{ClinicianId, WardId};
use ward_core::time::Timestamp;
use ward_core::ward::WardCode;

use crate::error::StoreError;
use crate::statements::{
    CLINICIAN, CLINICIANS, CREDENTIALS, DELETE_MEMBERSHIP, DELETE_OLD_SESSIONS, DELETE_SESSION,
    DELETE_SESSIONS_OF, DISABLE_CLINICIAN, END_SESSIONS_OF_ANOTHER_ROLE, END_SESSIONS_OF_ROLE,
    INSERT_CLINICIAN, INSERT_SESSION, MEMBERSHIPS, PUT_MEMBERSHIP, ROLE, SEE_SESSION, SESSION,
    SET_PASSWORD,
};
use crate::store::Store;

/// What a password is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub clinician: Clinician,
    /// As argon2 writes it.
    pub password_hash: String,
    /// Somebody else knows it: good until then, and for nothing but to choose another.
    pub password_until: Option<Timestamp>,
}

/// A signed-in clinician.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// What a request that changes something must bring.
    pub csrf_token: String,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// It was opened with a password that somebody else knows: first another is chosen.
    pub must_choose_password: bool,
}

/// A ward that a clinician belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The ward.
    pub ward: WardId,
    /// Its code.
    pub code: WardCode,
    /// Its name.
    pub name: String,
    /// As what.
    pub role: Role,
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    clinician_id: Uuid,
    username: String,
    name: String,
    password_hash: String,
    password_until: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ClinicianRow {
    clinician_id: Uuid,
    username: String,
    name: String,
    disabled_at: Option<i64>,
}

impl ClinicianRow {
    fn into_clinician(self) -> (Clinician, Option<Timestamp>) {
        let clinician = Clinician {
            id: ClinicianId(self.clinician_id),
            username: self.username,
            name: self.name,
        };
        (clinician, self.disabled_at.map(Timestamp::from_millis))
    }
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    clinician_id: Uuid,
    name: String,
    csrf_token: String,
    last_seen_at: i64,
    password_until: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    ward_id: Uuid,
    code: String,
    name: String,
    role: String,
}

impl Store {
    /// A new member of staff.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the username is taken.
    pub async fn insert_clinician(
        &self,
        credentials: &Credentials,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(INSERT_CLINICIAN)
            .bind(self.organisation.0)
            .bind(credentials.clinician.id.0)
            .bind(&credentials.clinician.username)
            .bind(&credentials.clinician.name)
            .bind(&credentials.password_hash)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "member of staff with this username"))
    }

    /// What the password of this username is checked against; `None` for nobody and for somebody who has left.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>, StoreError> {
        let row: Option<CredentialsRow> = reading!(self, conn => sqlx::query_as(CREDENTIALS).bind(self.organisation.0).bind(username).fetch_optional(conn).await)?;
        Ok(row.map(|row| Credentials {
            clinician: Clinician {
                id: ClinicianId(row.clinician_id),
                username: row.username,
                name: row.name,
            },
            password_hash: row.password_hash,
            password_until: row.password_until.map(Timestamp::from_millis),
        }))
    }

    /// Sets a password and ends every session that was opened with the old one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_password(
        &self,
        clinician: ClinicianId,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        in_tx!(&mut tx, conn => sqlx::query(SET_PASSWORD).bind(self.organisation.0).bind(clinician.0).bind(password_hash).execute(conn).await.map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_SESSIONS_OF).bind(self.organisation.0).bind(clinician.0).execute(conn).await.map(|_| ()))?;
        tx.commit().await
    }

    /// Lets somebody in no more: no sign-in, no session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn disable_clinician(
        &self,
        clinician: ClinicianId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        in_tx!(&mut tx, conn => sqlx::query(DISABLE_CLINICIAN).bind(self.organisation.0).bind(clinician.0).bind(at.as_millis()).execute(conn).await.map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_SESSIONS_OF).bind(self.organisation.0).bind(clinician.0).execute(conn).await.map(|_| ()))?;
        tx.commit().await
    }

    /// All staff, and since when those have left who have.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clinicians(&self) -> Result<Vec<(Clinician, Option<Timestamp>)>, StoreError> {
        let rows: Vec<ClinicianRow> = reading!(self, conn => sqlx::query_as(CLINICIANS).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(ClinicianRow::into_clinician).collect())
    }

    /// One member of staff, also one who has left: what they did keeps their name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clinician(&self, id: ClinicianId) -> Result<Option<Clinician>, StoreError> {
        let row: Option<ClinicianRow> = reading!(self, conn => sqlx::query_as(CLINICIAN).bind(self.organisation.0).bind(id.0).fetch_optional(conn).await)?;
        Ok(row.map(|row| row.into_clinician().0))
    }

    /// Makes somebody a member of a ward, or changes as what. When that changes what they are, their sessions end: the
    /// session of a screen on the wall lasts for weeks, and nobody's who may act must.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] when there is no such ward or person.
    pub async fn put_membership(
        &self,
        clinician: ClinicianId,
        ward: WardId,
        role: Role,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        // A write first: it takes the lock on both databases.
        in_tx!(&mut tx, conn => sqlx::query(END_SESSIONS_OF_ANOTHER_ROLE)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward.0)
            .bind(role.as_str())
            .bind(Role::WallBoard.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(PUT_MEMBERSHIP)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward.0)
            .bind(role.as_str())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "ward or member of staff"))?;
        tx.commit().await
    }

    /// Takes somebody off a ward. A screen's sessions end: what else it may become is not for weeks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_membership(
        &self,
        clinician: ClinicianId,
        ward: WardId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        in_tx!(&mut tx, conn => sqlx::query(END_SESSIONS_OF_ROLE)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward.0)
            .bind(Role::WallBoard.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_MEMBERSHIP)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward.0)
            .execute(conn)
            .await
            .map(|_| ()))?;
        tx.commit().await
    }

    /// What somebody is on a ward; `None` when they do not belong to it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn role(
        &self,
        clinician: ClinicianId,
        ward: WardId,
    ) -> Result<Option<Role>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(ROLE).bind(self.organisation.0).bind(clinician.0).bind(ward.0).fetch_optional(conn).await)?;
        row.map(|(role,)| {
            role.parse()
                .map_err(|why| StoreError::corrupt("membership", clinician, why))
        })
        .transpose()
    }

    /// The wards that somebody belongs to, by code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn memberships(&self, clinician: ClinicianId) -> Result<Vec<Membership>, StoreError> {
        let rows: Vec<MembershipRow> = reading!(self, conn => sqlx::query_as(MEMBERSHIPS).bind(self.organisation.0).bind(clinician.0).fetch_all(conn).await)?;
        let corrupt =
            |why: &dyn std::fmt::Display| StoreError::corrupt("membership", clinician, why);
        rows.into_iter()
            .map(|row| {
                Ok(Membership {
                    ward: WardId(row.ward_id),
                    code: row.code.parse().map_err(|why| corrupt(&why))?,
                    name: row.name,
                    role: row.role.parse().map_err(|why| corrupt(&why))?,
                })
            })
            .collect()
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_session(
        &self,
        token_hash: &[u8],
        clinician: ClinicianId,
        csrf_token: &str,
        at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(INSERT_SESSION)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(clinician.0)
            .bind(csrf_token)
            .bind(at.as_millis())
            .bind(expires_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The session of this token, when it has neither expired by `now` nor been idle since `idle_since`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(
        &self,
        token_hash: &[u8],
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = reading!(self, conn => sqlx::query_as(SESSION)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(now.as_millis())
            .bind(idle_since.as_millis())
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|row| Session {
            clinician: ClinicianId(row.clinician_id),
            name: row.name,
            csrf_token: row.csrf_token,
            last_seen_at: Timestamp::from_millis(row.last_seen_at),
            must_choose_password: row.password_until.is_some(),
        }))
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn see_session(&self, token_hash: &[u8], at: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(SEE_SESSION)
            .bind(self.organisation.0)
            .bind(token_hash)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_session(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(DELETE_SESSION).bind(self.organisation.0).bind(token_hash).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Sweeps out sessions that have expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_old_sessions(&self, before: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(DELETE_OLD_SESSIONS).bind(self.organisation.0).bind(before.as_millis()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
