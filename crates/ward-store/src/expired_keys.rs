//! Which bridges go on with a key that they should have renewed, and where that is said.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::id::{BridgeId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::statements::{EXPIRED_BRIDGE_KEYS, EXPIRED_KEY_OF_BRIDGE, OPEN_ALERTS_OF_BRIDGE_KEYS};
use crate::store::Store;

impl Store {
    /// The bridges whose key should have been renewed before now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn expired_bridge_keys(
        &self,
        now: Timestamp,
    ) -> Result<BTreeSet<BridgeId>, StoreError> {
        let rows: Vec<(Uuid, i64)> = reading!(self, conn => sqlx::query_as(EXPIRED_BRIDGE_KEYS)
            .bind(self.organisation.0)
            .bind(now.as_millis())
            .fetch_all(conn)
            .await)?;
        Ok(rows
            .into_iter()
            .map(|(bridge, _)| BridgeId(bridge))
            .collect())
    }

    /// Open alerts about keys that should have been renewed: the ward, and the alert's subject as it stands in the index.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn said_of_bridge_keys(&self) -> Result<BTreeSet<(WardId, String)>, StoreError> {
        let rows: Vec<(Uuid, String)> = reading!(self, conn => sqlx::query_as(OPEN_ALERTS_OF_BRIDGE_KEYS).bind(self.organisation.0).fetch_all(conn).await)?;
        let each = rows
            .into_iter()
            .map(|(ward, subject)| (WardId(ward), subject));
        Ok(each.collect())
    }
}

impl Ledger {
    /// Since when the key that a bridge uses should have been renewed, asked under the ward's lock. `None`: it need not be.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_key_expired(
        &mut self,
        bridge: BridgeId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(EXPIRED_KEY_OF_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(now.as_millis())
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(|(expires_at,)| Timestamp::from_millis(expires_at)))
    }
}
