//! The public keys by which bridges are known. Private keys never leave the boxes.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;
use ward_core::id::BridgeId;
use ward_core::time::Timestamp;

use crate::bridges::{Bridge, BridgeRow, spend_codes};
use crate::error::StoreError;
use crate::statements::{
    ALL_BRIDGE_KEYS, BEGIN_BRIDGE_KEY, BRIDGE_BY_KEY, CODE_IS_FOR_KEY, DELETE_BRIDGE_KEY,
    DELETE_BRIDGE_KEYS, END_EARLIER_BRIDGE_KEYS, ENROL_BRIDGE, ENROLLED_BY_CODE, INSERT_BRIDGE_KEY,
    KEYS_OF_BRIDGE, LOCK_BRIDGE, USE_ENROLMENT_CODE,
};
use crate::store::Store;
use crate::tx::Tx;

/// Keys of one bridge at most: the one in use, those that it came after and that are good for a while yet, and those
/// that were never used.
const KEYS_AT_MOST: usize = 8;

/// Which key; its fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BridgeKeyId(pub [u8; 16]);

impl std::fmt::Display for BridgeKeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A key that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewBridgeKey {
    /// Its id.
    pub id: BridgeKeyId,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// When it should have been renewed.
    pub expires_at: Timestamp,
}

/// A key of a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BridgeKey {
    /// Its id.
    pub id: BridgeKeyId,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// When it was taken in.
    pub made_at: Timestamp,
    /// When it should have been renewed. It is accepted after that too.
    pub expires_at: Timestamp,
    /// When it first signed something.
    pub first_used_at: Option<Timestamp>,
    /// Until when it is accepted, once another has taken its place.
    pub ends_at: Option<Timestamp>,
}

impl BridgeKey {
    /// Whether it is accepted.
    #[must_use]
    pub fn is_accepted(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|ends_at| now < ends_at)
    }
}

/// What became of a key that is to come after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextKey {
    /// It is kept, or was already.
    Kept(BridgeKey),
    /// Another has taken the place of the key that speaks for it, which has no say any more.
    NotByThisKey,
    /// The bridge has changed its key too often.
    TooMany,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    bridge_id: Uuid,
    key_id: Vec<u8>,
    public_key: Vec<u8>,
    made_at: i64,
    expires_at: i64,
    first_used_at: Option<i64>,
    ends_at: Option<i64>,
}

impl KeyRow {
    fn into_key(self) -> Result<(BridgeId, BridgeKey), StoreError> {
        let wrong =
            |_| StoreError::corrupt("bridge_key", self.bridge_id, "a key of another length");
        let key = BridgeKey {
            id: BridgeKeyId(self.key_id.try_into().map_err(wrong)?),
            public_key: self.public_key.try_into().map_err(wrong)?,
            made_at: Timestamp::from_millis(self.made_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            first_used_at: self.first_used_at.map(Timestamp::from_millis),
            ends_at: self.ends_at.map(Timestamp::from_millis),
        };
        Ok((BridgeId(self.bridge_id), key))
    }
}

#[derive(sqlx::FromRow)]
struct BridgeAndKeyRow {
    #[sqlx(flatten)]
    bridge: BridgeRow,
    key_id: Vec<u8>,
    public_key: Vec<u8>,
    made_at: i64,
    expires_at: i64,
    first_used_at: Option<i64>,
    ends_at: Option<i64>,
}

impl Store {
    /// Uses a one-time code up, and every other code of its bridge with it, and makes this the bridge's one key: keys and
    /// token of before are gone. A code that was used up for this very key is answered as it was, while it would be good.
    /// `None`: the code is unknown, used for something else or too old.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enrol_with_key(
        &self,
        code_hash: &[u8],
        key: &NewBridgeKey,
        version: &str,
        at: Timestamp,
    ) -> Result<Option<(BridgeId, Timestamp)>, StoreError> {
        let organisation = self.organisation;
        let mut tx = self.begin().await?;
        let row: Option<(Uuid,)> = in_tx!(&mut tx, conn => sqlx::query_as(USE_ENROLMENT_CODE)
            .bind(organisation.0)
            .bind(code_hash)
            .bind(at.as_millis())
            .fetch_optional(conn)
            .await)?;
        let Some((bridge,)) = row else {
            let before: Option<(Uuid, i64)> = in_tx!(&mut tx, conn => sqlx::query_as(ENROLLED_BY_CODE)
                .bind(organisation.0)
                .bind(code_hash)
                .bind(&key.id.0[..])
                .bind(at.as_millis())
                .fetch_optional(conn)
                .await)?;
            tx.rollback().await?;
            return Ok(before.map(|(bridge, expires_at)| {
                (BridgeId(bridge), Timestamp::from_millis(expires_at))
            }));
        };
        let bridge = BridgeId(bridge);
        in_tx!(&mut tx, conn => sqlx::query(CODE_IS_FOR_KEY)
            .bind(organisation.0)
            .bind(code_hash)
            .bind(&key.id.0[..])
            .execute(conn)
            .await
            .map(|_| ()))?;
        spend_codes(&mut tx, organisation, bridge, at).await?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_BRIDGE_KEYS)
            .bind(organisation.0)
            .bind(bridge.0)
            .execute(conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(ENROL_BRIDGE)
            .bind(organisation.0)
            .bind(bridge.0)
            .bind(None::<&[u8]>)
            .bind(version)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        self.insert_key(&mut tx, bridge, key, at).await?;
        tx.commit().await?;
        Ok(Some((bridge, key.expires_at)))
    }

    /// A bridge, and a key of its. Look at `revoked_at` of the one and `ends_at` of the other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_by_key(
        &self,
        bridge: BridgeId,
        key: BridgeKeyId,
    ) -> Result<Option<(Bridge, BridgeKey)>, StoreError> {
        let row: Option<BridgeAndKeyRow> = reading!(self, conn => sqlx::query_as(BRIDGE_BY_KEY)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(&key.0[..])
            .fetch_optional(conn)
            .await)?;
        let Some(row) = row else { return Ok(None) };
        let key = KeyRow {
            bridge_id: bridge.0,
            key_id: row.key_id,
            public_key: row.public_key,
            made_at: row.made_at,
            expires_at: row.expires_at,
            first_used_at: row.first_used_at,
            ends_at: row.ends_at,
        };
        Ok(Some((row.bridge.into_bridge(), key.into_key()?.1)))
    }

    /// Keeps a key that comes after `by`, both of which are then good. Asked again, it says the same.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] when the bridge is not, or its credentials were taken away meanwhile.
    pub async fn add_bridge_key(
        &self,
        bridge: BridgeId,
        by: BridgeKeyId,
        key: &NewBridgeKey,
        at: Timestamp,
    ) -> Result<NextKey, StoreError> {
        let mut tx = self.begin().await?;
        // A write first: it takes the lock of the bridge's row on both databases.
        let there = in_tx!(&mut tx, conn => sqlx::query(LOCK_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        if there != 1 {
            return Err(StoreError::NotThere("bridge"));
        }
        let rows: Vec<KeyRow> = in_tx!(&mut tx, conn => sqlx::query_as(KEYS_OF_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .fetch_all(conn)
            .await)?;
        let mut keys = Vec::new();
        for row in rows {
            keys.push(row.into_key()?.1);
        }
        if let Some(known) = keys.iter().find(|known| known.id == key.id) {
            let known = *known;
            tx.rollback().await?;
            return Ok(NextKey::Kept(known));
        }
        let speaks = keys
            .iter()
            .any(|known| known.id == by && known.ends_at.is_none());
        if !speaks {
            tx.rollback().await?;
            return Ok(NextKey::NotByThisKey);
        }
        let (mut kept, over): (Vec<BridgeKey>, Vec<BridgeKey>) =
            keys.into_iter().partition(|known| known.is_accepted(at));
        let mut to_go: Vec<BridgeKeyId> = over.iter().map(|known| known.id).collect();
        while kept.len() >= KEYS_AT_MOST {
            let unused = kept
                .iter()
                .position(|known| known.first_used_at.is_none() && known.id != by);
            let Some(unused) = unused else {
                tx.rollback().await?;
                return Ok(NextKey::TooMany);
            };
            to_go.push(kept.remove(unused).id);
        }
        for gone in to_go {
            in_tx!(&mut tx, conn => sqlx::query(DELETE_BRIDGE_KEY)
                .bind(self.organisation.0)
                .bind(bridge.0)
                .bind(&gone.0[..])
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        // Each later than the last, whatever the clock does: which of two comes after the other must be sure.
        let last = kept.iter().map(|known| known.made_at).max();
        let made_at = last.map_or(at, |last| at.max(last.plus(Duration::from_millis(1))));
        self.insert_key(&mut tx, bridge, key, made_at).await?;
        tx.commit().await?;
        Ok(NextKey::Kept(BridgeKey {
            id: key.id,
            public_key: key.public_key,
            made_at,
            expires_at: key.expires_at,
            first_used_at: None,
            ends_at: None,
        }))
    }

    async fn insert_key(
        &self,
        tx: &mut Tx,
        bridge: BridgeId,
        key: &NewBridgeKey,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        in_tx!(tx, conn => sqlx::query(INSERT_BRIDGE_KEY)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(&key.id.0[..])
            .bind(&key.public_key[..])
            .bind(at.as_millis())
            .bind(key.expires_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// A key has signed something for the first time: the bridge holds it for sure, and its earlier keys end. Later ones do
    /// not: this may be noted late.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_bridge_key(
        &self,
        bridge: BridgeId,
        key: BridgeKeyId,
        at: Timestamp,
        earlier_end_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let begun = in_tx!(&mut tx, conn => sqlx::query(BEGIN_BRIDGE_KEY)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(&key.0[..])
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        if begun == 0 {
            return tx.rollback().await;
        }
        in_tx!(&mut tx, conn => sqlx::query(END_EARLIER_BRIDGE_KEYS)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(&key.0[..])
            .bind(earlier_end_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        tx.commit().await
    }

    /// Every key of every bridge, the oldest of each first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_keys(&self) -> Result<BTreeMap<BridgeId, Vec<BridgeKey>>, StoreError> {
        let rows: Vec<KeyRow> = reading!(self, conn => sqlx::query_as(ALL_BRIDGE_KEYS).bind(self.organisation.0).fetch_all(conn).await)?;
        let mut by_bridge: BTreeMap<BridgeId, Vec<BridgeKey>> = BTreeMap::new();
        for row in rows {
            let (bridge, key) = row.into_key()?;
            by_bridge.entry(bridge).or_default().push(key);
        }
        Ok(by_bridge)
    }
}
