//! Bridges and the tokens of those that were enrolled before there were keys. Only hashes are kept.

use uuid::Uuid;
use ward_core::care::CarePlan;
use ward_core::device::Assignment;
use ward_core::id::{BridgeId, DeviceId, OrganisationId, StayId, WardId};
use ward_core::plan::MonitoringPlan;
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::rows::from_json;
use crate::statements::{
    BRIDGE_BY_TOKEN, BRIDGES, DELETE_BRIDGE_KEYS, DEVICES_OF_BRIDGE, ENROL_BRIDGE, INSERT_BRIDGE,
    INSERT_ENROLMENT_CODE, REVOKE_BRIDGE, SEE_BRIDGE, SPEND_ENROLMENT_CODES, USE_ENROLMENT_CODE,
};
use crate::store::Store;
use crate::tx::Tx;

/// A bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Ours.
    pub id: BridgeId,
    /// The ward that hears of what it cannot tie to a person.
    pub ward: WardId,
    /// Where it stands, in the words of whoever put it there. No patient's name.
    pub name: String,
    /// Its program's version, as it said when it was enrolled.
    pub version: String,
    /// When it got its credential.
    pub enrolled_at: Option<Timestamp>,
    /// When its credential was taken away.
    pub revoked_at: Option<Timestamp>,
    /// When it was last heard of, to the minute.
    pub last_seen_at: Option<Timestamp>,
}

/// An oximeter that a bridge may connect to, and by whose plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledDevice {
    /// Bluetooth address.
    pub address: String,
    /// Which oximeter, whose, and since when.
    pub assignment: Assignment,
    /// The wearer's limits.
    pub plan: MonitoringPlan,
    /// What is asked of the wearer: the stay's own, or the ward's default.
    pub care: CarePlan,
}

#[derive(sqlx::FromRow)]
struct EnrolledRow {
    address: String,
    device_id: Uuid,
    stay_id: Uuid,
    assigned_from: i64,
    plan: String,
    care: String,
    default_care: String,
}

impl EnrolledRow {
    fn into_device(self, bridge: BridgeId) -> Result<EnrolledDevice, StoreError> {
        let own: Option<CarePlan> = from_json("stay", self.stay_id, &self.care)?;
        let care = match own {
            Some(own) => own,
            None => from_json::<Option<_>>("ward", self.stay_id, &self.default_care)?
                .unwrap_or_default(),
        };
        Ok(EnrolledDevice {
            assignment: Assignment {
                device: DeviceId(self.device_id),
                stay: StayId(self.stay_id),
                bridge,
                from: Timestamp::from_millis(self.assigned_from),
                until: None,
            },
            plan: from_json("stay", self.stay_id, &self.plan)?,
            care,
            address: self.address,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct BridgeRow {
    bridge_id: Uuid,
    ward_id: Uuid,
    name: String,
    version: String,
    enrolled_at: Option<i64>,
    revoked_at: Option<i64>,
    last_seen_at: Option<i64>,
}

impl BridgeRow {
    pub(crate) fn into_bridge(self) -> Bridge {
        Bridge {
            id: BridgeId(self.bridge_id),
            ward: WardId(self.ward_id),
            name: self.name,
            version: self.version,
            enrolled_at: self.enrolled_at.map(Timestamp::from_millis),
            revoked_at: self.revoked_at.map(Timestamp::from_millis),
            last_seen_at: self.last_seen_at.map(Timestamp::from_millis),
        }
    }
}

/// No code of this bridge is good any more.
pub(crate) async fn spend_codes(
    tx: &mut Tx,
    organisation: OrganisationId,
    bridge: BridgeId,
    at: Timestamp,
) -> Result<(), StoreError> {
    in_tx!(tx, conn => sqlx::query(SPEND_ENROLMENT_CODES)
        .bind(organisation.0)
        .bind(bridge.0)
        .bind(at.as_millis())
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

impl Store {
    /// A new bridge, and the one-time code it will be enrolled with.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] when there is no such ward.
    pub async fn insert_bridge(
        &self,
        bridge: BridgeId,
        ward: WardId,
        name: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(INSERT_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(ward.0)
            .bind(name)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "ward"))
    }

    /// A one-time code by which a bridge gets its credential.
    ///
    /// # Errors
    /// [`StoreError::NotThere`] when there is no such bridge.
    pub async fn insert_enrolment_code(
        &self,
        bridge: BridgeId,
        code_hash: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(INSERT_ENROLMENT_CODE)
            .bind(self.organisation.0)
            .bind(code_hash)
            .bind(bridge.0)
            .bind(expires_at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "bridge"))
    }

    /// Uses a one-time code up, and every other code of its bridge with it, and gives the bridge a token in place of what it
    /// had. `None` when the code is unknown, used or too old.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enrol(
        &self,
        code_hash: &[u8],
        token_hash: &[u8],
        version: &str,
        at: Timestamp,
    ) -> Result<Option<BridgeId>, StoreError> {
        let mut tx = self.begin().await?;
        let row: Option<(Uuid,)> = in_tx!(&mut tx, conn => sqlx::query_as(USE_ENROLMENT_CODE)
            .bind(self.organisation.0)
            .bind(code_hash)
            .bind(at.as_millis())
            .fetch_optional(conn)
            .await)?;
        let Some((bridge,)) = row else {
            return Ok(None);
        };
        spend_codes(&mut tx, self.organisation, BridgeId(bridge), at).await?;
        in_tx!(&mut tx, conn => sqlx::query(DELETE_BRIDGE_KEYS)
            .bind(self.organisation.0)
            .bind(bridge)
            .execute(conn)
            .await
            .map(|_| ()))?;
        in_tx!(&mut tx, conn => sqlx::query(ENROL_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge)
            .bind(token_hash)
            .bind(version)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        tx.commit().await?;
        Ok(Some(BridgeId(bridge)))
    }

    /// The bridge whose credential this is. Look at `revoked_at`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridge_by_token(
        &self,
        bridge: BridgeId,
        token_hash: &[u8],
    ) -> Result<Option<Bridge>, StoreError> {
        let row: Option<BridgeRow> = reading!(self, conn => sqlx::query_as(BRIDGE_BY_TOKEN)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(token_hash)
            .fetch_optional(conn)
            .await)?;
        Ok(row.map(BridgeRow::into_bridge))
    }

    /// Notes that a bridge was heard of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn see_bridge(&self, bridge: BridgeId, at: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(SEE_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a bridge's credential away, and every code by which it could get another. Whether it had one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_bridge(&self, bridge: BridgeId, at: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        spend_codes(&mut tx, self.organisation, bridge, at).await?;
        let revoked = in_tx!(&mut tx, conn => sqlx::query(REVOKE_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(revoked == 1)
    }

    /// All bridges.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bridges(&self) -> Result<Vec<Bridge>, StoreError> {
        let rows: Vec<BridgeRow> = reading!(self, conn => sqlx::query_as(BRIDGES).bind(self.organisation.0).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(BridgeRow::into_bridge).collect())
    }

    /// The oximeters that a bridge may connect to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn devices_of_bridge(
        &self,
        bridge: BridgeId,
    ) -> Result<Vec<EnrolledDevice>, StoreError> {
        let rows: Vec<EnrolledRow> = reading!(self, conn => sqlx::query_as(DEVICES_OF_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .fetch_all(conn)
            .await)?;
        rows.into_iter()
            .map(|row| row.into_device(bridge))
            .collect()
    }
}
