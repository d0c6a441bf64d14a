//! Who belongs to a ward, changed under its ledger, so that the log tells of it.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::clinician::{Clinician, Role};
use ward_core::id::{ClinicianId, WardId};
use ward_core::time::Timestamp;

use crate::clinicians::Credentials;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{
    CLINICIAN_BY_USERNAME, CREDENTIALS_OF, DELETE_MEMBERSHIP, DELETE_OTHER_SESSIONS,
    DELETE_SESSIONS_OF, END_SESSIONS_OF_ANOTHER_ROLE, INSERT_CLINICIAN, MEMBERS, PUT_MEMBERSHIP,
    ROLES_OF_WARD, SET_ONE_TIME_PASSWORD, SET_PASSWORD, WARDS_OF_CLINICIAN,
};
use crate::store::Store;

/// Somebody who belongs to a ward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Who.
    pub clinician: Clinician,
    /// As what.
    pub role: Role,
    /// Lets nobody in any more since.
    pub disabled_at: Option<Timestamp>,
    /// Has a password that somebody else knows, good until.
    pub password_until: Option<Timestamp>,
    /// When they last used the service, if a session of theirs is open.
    pub last_seen_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    clinician_id: Uuid,
    username: String,
    name: String,
    role: String,
    disabled_at: Option<i64>,
    password_until: Option<i64>,
    last_seen_at: Option<i64>,
}

fn role(clinician: Uuid, text: &str) -> Result<Role, StoreError> {
    text.parse()
        .map_err(|why| StoreError::corrupt("membership", clinician, why))
}

impl MemberRow {
    fn into_member(self) -> Result<StaffMember, StoreError> {
        Ok(StaffMember {
            role: role(self.clinician_id, &self.role)?,
            clinician: Clinician {
                id: ClinicianId(self.clinician_id),
                username: self.username,
                name: self.name,
            },
            disabled_at: self.disabled_at.map(Timestamp::from_millis),
            password_until: self.password_until.map(Timestamp::from_millis),
            last_seen_at: self.last_seen_at.map(Timestamp::from_millis),
        })
    }
}

impl Store {
    /// Who belongs to a ward, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn members(&self, ward: WardId) -> Result<Vec<StaffMember>, StoreError> {
        let rows: Vec<MemberRow> = reading!(self, conn => sqlx::query_as(MEMBERS).bind(self.organisation.0).bind(ward.0).fetch_all(conn).await)?;
        rows.into_iter().map(MemberRow::into_member).collect()
    }

    /// What somebody's password is checked against.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn password_hash(
        &self,
        clinician: ClinicianId,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(CREDENTIALS_OF).bind(self.organisation.0).bind(clinician.0).fetch_optional(conn).await)?;
        Ok(row.map(|(hash,)| hash))
    }

    /// Sets a password that somebody chose for themselves. Their other sessions end, this one goes on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choose_password(
        &self,
        clinician: ClinicianId,
        password_hash: &str,
        session: &[u8],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        in_tx!(&mut tx, conn => sqlx::query(SET_PASSWORD).bind(self.organisation.0).bind(clinician.0).bind(password_hash).execute(conn).await.map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_OTHER_SESSIONS).bind(self.organisation.0).bind(clinician.0).bind(session).execute(conn).await.map(|_| ()))?;
        tx.commit().await
    }
}

impl Ledger {
    /// What everybody is who belongs to the ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn roles(&mut self) -> Result<BTreeMap<ClinicianId, Role>, StoreError> {
        let ward = self.ward().id.0;
        let rows: Vec<(Uuid, String)> = in_tx!(&mut self.tx, conn => sqlx::query_as(ROLES_OF_WARD).bind(self.organisation.0).bind(ward).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(id, text)| Ok((ClinicianId(id), role(id, &text)?)))
            .collect()
    }

    /// The wards that somebody belongs to, and as what.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_of(
        &mut self,
        clinician: ClinicianId,
    ) -> Result<Vec<(WardId, Role)>, StoreError> {
        let rows: Vec<(Uuid, String)> = in_tx!(&mut self.tx, conn => sqlx::query_as(WARDS_OF_CLINICIAN).bind(self.organisation.0).bind(clinician.0).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(ward, text)| Ok((WardId(ward), role(clinician.0, &text)?)))
            .collect()
    }

    /// The member of staff with this username, unless they are let in no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clinician_named(
        &mut self,
        username: &str,
    ) -> Result<Option<Clinician>, StoreError> {
        let row: Option<(Uuid, String)> = in_tx!(&mut self.tx, conn => sqlx::query_as(CLINICIAN_BY_USERNAME).bind(self.organisation.0).bind(username).fetch_optional(conn).await)?;
        Ok(row.map(|(id, name)| Clinician {
            id: ClinicianId(id),
            username: username.to_owned(),
            name,
        }))
    }

    /// A new member of staff.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the username is taken.
    pub async fn insert_clinician(
        &mut self,
        new: &Credentials,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_CLINICIAN)
            .bind(self.organisation.0)
            .bind(new.clinician.id.0)
            .bind(&new.clinician.username)
            .bind(&new.clinician.name)
            .bind(&new.password_hash)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "member of staff with this username"))
    }

    /// Makes somebody a member of the ward, or changes as what. As [`Store::put_membership`], sessions end when that changes
    /// what they are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_member(
        &mut self,
        clinician: ClinicianId,
        role: Role,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(END_SESSIONS_OF_ANOTHER_ROLE)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward)
            .bind(role.as_str())
            .bind(Role::WallBoard.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut self.tx, conn => sqlx::query(PUT_MEMBERSHIP)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(ward)
            .bind(role.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes somebody off the ward, and ends their sessions.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_member(&mut self, clinician: ClinicianId) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(DELETE_MEMBERSHIP).bind(self.organisation.0).bind(clinician.0).bind(ward).execute(conn).await.map(|_| ()))?;
        self.end_sessions_of(clinician).await
    }

    /// A password that somebody else knows: good until then, and for nothing but to choose another. Open sessions end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_one_time_password(
        &mut self,
        clinician: ClinicianId,
        password_hash: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(SET_ONE_TIME_PASSWORD)
            .bind(self.organisation.0)
            .bind(clinician.0)
            .bind(password_hash)
            .bind(until.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        self.end_sessions_of(clinician).await
    }

    async fn end_sessions_of(&mut self, clinician: ClinicianId) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(DELETE_SESSIONS_OF).bind(self.organisation.0).bind(clinician.0).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
