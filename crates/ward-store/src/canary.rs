//! The ward on which a node tries the way of an alert: one for each node, found by the node's name, shown to nobody.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::device::DeviceAddress;
use ward_core::id::{BridgeId, ClinicianId, StayId, WardId};
use ward_core::time::Timestamp;
use ward_core::ward::Ward;

use crate::error::StoreError;
use crate::statements::{
    CANARY_BRIDGE, CANARY_CONSOLE, CANARY_OXIMETER, CANARY_STAY, CANARY_WARD, TRIM_CANARY_ALERTS,
    TRIM_CANARY_EVENTS, TRIM_CANARY_READINGS, WARDS_SAID_PATH_BROKEN,
};
use crate::store::Store;

/// What is there of such a ward: a node that went away half way through goes on where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CanaryParts {
    /// The stay of its patient.
    pub stay: Option<StayId>,
    /// The bridge that posts for them.
    pub bridge: Option<BridgeId>,
    /// Who acts on it.
    pub console: Option<ClinicianId>,
    /// The oximeter that its patient wears.
    pub oximeter: Option<DeviceAddress>,
}

impl Store {
    /// The ward of a node.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn canary_ward(&self, node: &str) -> Result<Option<WardId>, StoreError> {
        let row: Option<(Uuid,)> = reading!(self, conn => sqlx::query_as(CANARY_WARD).bind(self.organisation.0).bind(node).fetch_optional(conn).await)?;
        Ok(row.map(|(ward,)| WardId(ward)))
    }

    /// A new ward of a node.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the node has one, or the code is taken.
    pub async fn insert_canary_ward(
        &self,
        ward: &Ward,
        node: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.put_new_ward(ward, Some(node), at).await
    }

    /// What is there of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn canary_parts(&self, ward: WardId) -> Result<CanaryParts, StoreError> {
        let stay = self.one_of_canary(CANARY_STAY, ward.0).await?.map(StayId);
        let oximeter = match stay {
            None => None,
            Some(stay) => {
                let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(CANARY_OXIMETER).bind(self.organisation.0).bind(stay.0).fetch_optional(conn).await)?;
                row.map(|(address,)| {
                    let parsed = address.parse();
                    parsed.map_err(|why| StoreError::corrupt("device", &address, why))
                })
                .transpose()?
            }
        };
        Ok(CanaryParts {
            stay,
            bridge: self
                .one_of_canary(CANARY_BRIDGE, ward.0)
                .await?
                .map(BridgeId),
            console: (self.one_of_canary(CANARY_CONSOLE, ward.0).await?).map(ClinicianId),
            oximeter,
        })
    }

    async fn one_of_canary(
        &self,
        text: &'static str,
        ward: Uuid,
    ) -> Result<Option<Uuid>, StoreError> {
        let row: Option<(Uuid,)> = reading!(self, conn => sqlx::query_as(text).bind(self.organisation.0).bind(ward).fetch_optional(conn).await)?;
        Ok(row.map(|(id,)| id))
    }

    /// Deletes what is older of the readings, events and alerts of such a ward, the oldest first, `at_most` of each. The only
    /// readings and events that are ever deleted: they are of nobody, and there would be half a million a year. The statements
    /// themselves touch no other ward. How many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn trim_canary(
        &self,
        ward: WardId,
        stay: StayId,
        older_than: Timestamp,
        at_most: u16,
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        for (text, of) in [
            (TRIM_CANARY_READINGS, stay.0),
            (TRIM_CANARY_EVENTS, ward.0),
            (TRIM_CANARY_ALERTS, ward.0),
        ] {
            gone += writing!(self, conn => sqlx::query(text)
                .bind(self.organisation.0)
                .bind(of)
                .bind(older_than.as_millis())
                .bind(i64::from(at_most))
                .execute(conn)
                .await
                .map(|done| done.rows_affected()))?;
        }
        Ok(gone)
    }

    /// Wards of which an open alert says that the way of an alert is broken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wards_said_path_broken(&self) -> Result<BTreeSet<WardId>, StoreError> {
        let rows: Vec<(Uuid,)> = reading!(self, conn => sqlx::query_as(WARDS_SAID_PATH_BROKEN).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(ward,)| WardId(ward)).collect())
    }
}
