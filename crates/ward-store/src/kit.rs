//! The kit ledger. An oximeter or a bridge that nobody has said anything of is where its assignment says, or on the shelf.

use uuid::Uuid;
use ward_core::device::Assignment;
use ward_core::id::{BridgeId, DeviceId, KitId, OrganisationId, StayId};
use ward_core::kit::{Holder, Kind, Kit, KitState, Stepped, Wear};
use ward_core::time::Timestamp;

use crate::devices::Wearer;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    ISSUED_BRIDGE, ISSUED_BRIDGES, KIT_OF_STAY, OXIMETER, OXIMETERS, PUT_KIT, WEARERS_OF_DEVICE,
};
use crate::store::Store;
use crate::tx::Tx;

/// A piece of kit, and what stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitRecord {
    /// Where it is.
    pub kit: Kit,
    /// Maker and model of an oximeter, or where a bridge stands.
    pub name: String,
    /// An oximeter's Bluetooth address.
    pub address: Option<String>,
}

#[derive(sqlx::FromRow)]
struct OximeterRow {
    kit_id: Uuid,
    address: String,
    name: String,
    created_at: i64,
    body: Option<String>,
    stay_id: Option<Uuid>,
    bridge_id: Option<Uuid>,
    assigned_from: Option<i64>,
    worn_until: Option<i64>,
}

impl OximeterRow {
    fn into_record(self) -> Result<KitRecord, StoreError> {
        let wear = self.stay_id.zip(self.bridge_id).zip(self.assigned_from);
        let state = match wear {
            Some(((stay, bridge), from)) => KitState::Assigned {
                wear: Wear {
                    stay: StayId(stay),
                    bridge: BridgeId(bridge),
                    from: Timestamp::from_millis(from),
                },
                due_back: None,
            },
            None => KitState::InStock,
        };
        let mut kit = kit(
            self.kit_id,
            Kind::Oximeter,
            self.body.as_deref(),
            state,
            self.created_at,
        )?;
        kit.worn_until = self.worn_until.map(Timestamp::from_millis);
        Ok(KitRecord {
            kit,
            name: self.name,
            address: Some(self.address),
        })
    }
}

#[derive(sqlx::FromRow)]
struct BridgeRow {
    kit_id: Uuid,
    name: String,
    created_at: i64,
    enrolled_at: Option<i64>,
    body: Option<String>,
}

impl BridgeRow {
    fn into_record(self) -> Result<KitRecord, StoreError> {
        let state = if self.enrolled_at.is_some() {
            KitState::Issued {
                to: Holder::Place(self.name.clone()),
                due_back: None,
            }
        } else {
            KitState::InStock
        };
        let body = self.body.as_deref();
        Ok(KitRecord {
            kit: kit(self.kit_id, Kind::Bridge, body, state, self.created_at)?,
            name: self.name,
            address: None,
        })
    }
}

fn kit(
    id: Uuid,
    kind: Kind,
    body: Option<&str>,
    otherwise: KitState,
    created_at: i64,
) -> Result<Kit, StoreError> {
    match body {
        Some(text) => from_json("kit", id, text),
        None => Ok(Kit {
            id: KitId(id),
            kind,
            label: String::new(),
            serial: String::new(),
            state: otherwise,
            since: Timestamp::from_millis(created_at),
            by: None,
            worn_until: None,
            version: 0,
        }),
    }
}

async fn kit_in(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: KitId,
) -> Result<Option<KitRecord>, StoreError> {
    let oximeter: Option<OximeterRow> = in_tx!(tx, conn => sqlx::query_as(OXIMETER)
        .bind(organisation.0)
        .bind(id.0)
        .fetch_optional(conn)
        .await)?;
    if let Some(row) = oximeter {
        return row.into_record().map(Some);
    }
    let bridge: Option<BridgeRow> = in_tx!(tx, conn => sqlx::query_as(ISSUED_BRIDGE)
        .bind(organisation.0)
        .bind(id.0)
        .fetch_optional(conn)
        .await)?;
    bridge.map(BridgeRow::into_record).transpose()
}

async fn kit_of_stay_in(
    tx: &mut Tx,
    organisation: OrganisationId,
    stay: StayId,
) -> Result<Vec<KitRecord>, StoreError> {
    let ids: Vec<(Uuid,)> = in_tx!(tx, conn => sqlx::query_as(KIT_OF_STAY)
        .bind(organisation.0)
        .bind(stay.0)
        .fetch_all(conn)
        .await)?;
    let mut found = Vec::with_capacity(ids.len());
    for (id,) in ids {
        found.extend(kit_in(tx, organisation, KitId(id)).await?);
    }
    Ok(found)
}

/// Where a page of the ledger begins: after the first of its kind.
const BEFORE_ALL: Uuid = Uuid::nil();

impl Store {
    /// A page of the kit of one kind, by id, after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kit_page(
        &self,
        kind: Kind,
        after: Option<KitId>,
        limit: u32,
    ) -> Result<Vec<KitRecord>, StoreError> {
        let after = after.map_or(BEFORE_ALL, |id| id.0);
        match kind {
            Kind::Oximeter => {
                let rows: Vec<OximeterRow> = reading!(self, conn => sqlx::query_as(OXIMETERS)
                    .bind(self.organisation.0)
                    .bind(after)
                    .bind(i64::from(limit))
                    .fetch_all(conn)
                    .await)?;
                rows.into_iter().map(OximeterRow::into_record).collect()
            }
            Kind::Bridge => {
                let rows: Vec<BridgeRow> = reading!(self, conn => sqlx::query_as(ISSUED_BRIDGES)
                    .bind(self.organisation.0)
                    .bind(after)
                    .bind(i64::from(limit))
                    .fetch_all(conn)
                    .await)?;
                rows.into_iter().map(BridgeRow::into_record).collect()
            }
        }
    }

    /// All kit that a patient has, as it stands just now.
    ///
    /// Run it in a task of its own, like a ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kit_of_stay(&self, stay: StayId) -> Result<Vec<KitRecord>, StoreError> {
        let mut tx = self.begin_snapshot().await?;
        let kit = kit_of_stay_in(&mut tx, self.organisation, stay).await?;
        tx.commit().await?;
        Ok(kit)
    }

    /// Who wore an oximeter, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wearers_of(
        &self,
        device: DeviceId,
        limit: u32,
    ) -> Result<Vec<Wearer>, StoreError> {
        let rows: Vec<(Uuid, Uuid, i64, Option<i64>)> = reading!(self, conn => sqlx::query_as(WEARERS_OF_DEVICE)
            .bind(self.organisation.0)
            .bind(device.0)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await)?;
        let wearer = |(stay, bridge, from, until): (Uuid, Uuid, i64, Option<i64>)| Wearer {
            from: Timestamp::from_millis(from),
            until: until.map(Timestamp::from_millis),
            stay: StayId(stay),
            bridge: BridgeId(bridge),
            ward: None,
        };
        Ok(rows.into_iter().map(wearer).collect())
    }
}

impl Ledger {
    /// A piece of kit of the organisation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kit(&mut self, id: KitId) -> Result<Option<KitRecord>, StoreError> {
        kit_in(&mut self.tx, self.organisation, id).await
    }

    /// All kit that a patient has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kit_of_stay(&mut self, stay: StayId) -> Result<Vec<KitRecord>, StoreError> {
        kit_of_stay_in(&mut self.tx, self.organisation, stay).await
    }

    /// Writes down a step: where the kit is now, who wore it until when, who wears it from now on. `false` when somebody
    /// else was first, on another ward: nothing of it counts, close the ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_kit(
        &mut self,
        stepped: &Stepped,
        due_back_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let kit = &stepped.kit;
        let device = DeviceId(kit.id.0);
        let body = to_json("kit", kit)?;
        let stay = kit.state.holder().and_then(|holder| holder.stay());
        let version = i32::try_from(kit.version).unwrap_or(i32::MAX);
        let written = in_tx!(&mut self.tx, conn => sqlx::query(PUT_KIT)
            .bind(self.organisation.0)
            .bind(kit.id.0)
            .bind(kit.kind.name())
            .bind(kit.state.name())
            .bind(stay.map(|stay| stay.0))
            .bind(due_back_at.map(Timestamp::as_millis))
            .bind(version)
            .bind(&body)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        if written != 1 {
            return Ok(false);
        }
        if let Some((_, until)) = stepped.ends
            && !self.end_assignment(device, until).await?
        {
            return Ok(false);
        }
        if let Some(wear) = stepped.begins {
            let assignment = Assignment {
                device,
                stay: wear.stay,
                bridge: wear.bridge,
                from: wear.from,
                until: None,
            };
            self.insert_assignment(&assignment).await?;
        }
        Ok(true)
    }
}
