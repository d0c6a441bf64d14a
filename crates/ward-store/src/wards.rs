//! The organisation and its wards.

use uuid::Uuid;
use ward_core::day::StaffedHours;
use ward_core::id::WardId;
use ward_core::time::Timestamp;
use ward_core::ward::Ward;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{WardRow, to_json};
use crate::statements::{
    EPOCH, INSERT_WARD, PUT_ORGANISATION, REPLACE_EPOCH, SET_EPOCH, SET_STAFFED, WARD, WARDS,
};
use crate::store::Store;

/// The provider whose store this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Code in the NHS Organisation Data Service.
    pub ods_code: String,
    /// In full.
    pub name: String,
}

impl Store {
    /// Writes down whose store this is, or changes the name. `epoch` counts only the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_organisation(
        &self,
        organisation: &Organisation,
        epoch: Uuid,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(PUT_ORGANISATION)
            .bind(self.organisation.0)
            .bind(&organisation.ods_code)
            .bind(&organisation.name)
            .bind(epoch)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "organisation with this ODS code"))
    }

    /// The feed's epoch: it changes when the log's numbers may have been given anew.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] before [`Store::put_organisation`].
    pub async fn epoch(&self) -> Result<Uuid, StoreError> {
        let row: Option<(Uuid,)> = reading!(self, conn => sqlx::query_as(EPOCH).bind(self.organisation.0).fetch_optional(conn).await)?;
        row.map(|(epoch,)| epoch)
            .ok_or(StoreError::NotThere("organisation"))
    }

    /// Starts a new epoch, after a restore.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_epoch(&self, epoch: Uuid) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(SET_EPOCH).bind(self.organisation.0).bind(epoch).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Ends an epoch, unless somebody else has ended it already. The one that counts now comes back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_epoch(&self, known: Uuid, next: Uuid) -> Result<Uuid, StoreError> {
        writing!(self, conn => sqlx::query(REPLACE_EPOCH).bind(self.organisation.0).bind(known).bind(next).execute(conn).await.map(|_| ()))?;
        self.epoch().await
    }

    /// A new ward.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the code is taken.
    pub async fn insert_ward(&self, ward: &Ward, at: Timestamp) -> Result<(), StoreError> {
        self.put_new_ward(ward, None, at).await
    }

    /// A ward of people, or the one on which a node tries the way of an alert.
    pub(crate) async fn put_new_ward(
        &self,
        ward: &Ward,
        node: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let plan = to_json("ward", &ward.default_plan)?;
        let staffed = to_json("ward", &ward.staffed)?;
        let care = to_json("ward", &ward.default_care)?;
        let safe_range = to_json("ward", &ward.safe_range)?;
        writing!(self, conn => sqlx::query(INSERT_WARD)
            .bind(self.organisation.0)
            .bind(ward.id.0)
            .bind(ward.code.as_str())
            .bind(&ward.name)
            .bind(&ward.phone)
            .bind(&ward.time_zone)
            .bind(&plan)
            .bind(at.as_millis())
            .bind(&staffed)
            .bind(&care)
            .bind(&safe_range)
            .bind(node)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| {
            let what = match node {
                None => "ward with this code",
                Some(_) => "ward of this node, or with this code",
            };
            StoreError::or_already_there(error, what)
        })
    }

    /// All wards of the organisation, by code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards(&self) -> Result<Vec<Ward>, StoreError> {
        let rows: Vec<WardRow> = reading!(self, conn => sqlx::query_as(WARDS).bind(self.organisation.0).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|row| row.into_ward(self.organisation))
            .collect()
    }

    /// One ward.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ward(&self, id: WardId) -> Result<Option<Ward>, StoreError> {
        let row: Option<WardRow> = reading!(self, conn => sqlx::query_as(WARD).bind(self.organisation.0).bind(id.0).fetch_optional(conn).await)?;
        row.map(|row| row.into_ward(self.organisation)).transpose()
    }
}

impl Ledger {
    /// When somebody watches the board, from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_staffed(&mut self, hours: &StaffedHours) -> Result<(), StoreError> {
        let text = to_json("ward", hours)?;
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_STAFFED)
            .bind(self.organisation.0)
            .bind(ward)
            .bind(&text)
            .execute(conn)
            .await
            .map(|_| ()))?;
        self.ward.staffed = hours.clone();
        Ok(())
    }
}
