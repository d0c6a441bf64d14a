//! Oximeters, and who wore which when.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::device::{Device, DeviceAddress};
use ward_core::id::{BridgeId, DeviceId, StayId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::many::padded;
use crate::rows::StayRow;
use crate::statements::{
    DEVICE_BY_ADDRESS, END_ASSIGNMENT, INSERT_ASSIGNMENT, INSERT_DEVICE, STAYS_READ_BY_BRIDGE,
    WEARERS,
};
use crate::store::Store;

/// Who wore an oximeter from when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wearer {
    /// Worn from here on …
    pub from: Timestamp,
    /// … up to, not including, here.
    pub until: Option<Timestamp>,
    /// Whose readings they are.
    pub stay: StayId,
    /// The bridge that was to read it.
    pub bridge: BridgeId,
    /// The ward of the stay, open or over: what is measured after its end is still that person's.
    pub ward: Option<WardId>,
}

/// An oximeter and everybody who ever wore it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worn {
    /// The oximeter.
    pub device: DeviceId,
    /// Oldest first.
    pub wearers: Vec<Wearer>,
}

impl Worn {
    /// Whose a reading is that was measured at `at`.
    #[must_use]
    pub fn wearer_at(&self, at: Timestamp) -> Option<&Wearer> {
        self.wearers
            .iter()
            .rev()
            .find(|wearer| wearer.from <= at && wearer.until.is_none_or(|until| at < until))
    }

    /// Everybody who wore it within `span` of `at`, each once, read by any bridge: the people whose a reading may be that
    /// was measured about then.
    #[must_use]
    pub fn worn_around(&self, at: Timestamp, span: std::time::Duration) -> Vec<Wearer> {
        let (begin, end) = (at.minus(span), at.plus(span));
        let mut around: Vec<Wearer> = Vec::new();
        for wearer in &self.wearers {
            let overlaps = wearer.from <= end && wearer.until.is_none_or(|until| begin < until);
            if overlaps && around.iter().all(|known| known.stay != wearer.stay) {
                around.push(*wearer);
            }
        }
        around
    }

    /// Whether this bridge was ever to read it. It may still hold readings of a time before another took over.
    #[must_use]
    pub fn was_read_by(&self, bridge: BridgeId) -> bool {
        self.wearers.iter().any(|wearer| wearer.bridge == bridge)
    }
}

#[derive(sqlx::FromRow)]
struct WearerRow {
    address: String,
    device_id: Uuid,
    assigned_from: Option<i64>,
    assigned_until: Option<i64>,
    stay_id: Option<Uuid>,
    bridge_id: Option<Uuid>,
    ward_id: Option<Uuid>,
}

fn worn(rows: &[WearerRow]) -> Option<Worn> {
    let device = DeviceId(rows.first()?.device_id);
    let wearers = rows.iter().filter_map(|row| {
        Some(Wearer {
            from: Timestamp::from_millis(row.assigned_from?),
            until: row.assigned_until.map(Timestamp::from_millis),
            stay: StayId(row.stay_id?),
            bridge: BridgeId(row.bridge_id?),
            ward: row.ward_id.map(WardId),
        })
    });
    Some(Worn {
        device,
        wearers: wearers.collect(),
    })
}

/// A wearer with their stay.
#[derive(sqlx::FromRow)]
struct WearerAndStay {
    #[sqlx(flatten)]
    wearer: WearerRow,
    patient_id: Option<Uuid>,
    admitted_at: Option<i64>,
    plan: Option<String>,
    state: Option<String>,
    phase: Option<String>,
    channel: Option<String>,
    baseline_tenths: Option<i32>,
}

impl WearerAndStay {
    fn stay(&mut self) -> Option<StayRow> {
        Some(StayRow {
            stay_id: self.wearer.stay_id?,
            ward_id: self.wearer.ward_id?,
            patient_id: self.patient_id?,
            admitted_at: self.admitted_at?,
            plan: self.plan.take()?,
            state: self.state.take()?,
            phase: self.phase.take()?,
            channel: self.channel.take()?,
            baseline_tenths: self.baseline_tenths,
        })
    }
}

/// As the statement for one of them, and their stays.
const WEARERS_OF: &str = "select device.address, device.device_id, assignment.assigned_from, assignment.assigned_until, \
    assignment.stay_id, assignment.bridge_id, stay.ward_id, stay.patient_id, stay.admitted_at, stay.plan, stay.state, stay.phase, stay.channel, stay.baseline_tenths from device \
    left join assignment on assignment.organisation_id = device.organisation_id and assignment.device_id = device.device_id \
    left join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id \
    where device.organisation_id = ";

#[derive(sqlx::FromRow)]
struct DeviceRow {
    device_id: Uuid,
    address: String,
    model: String,
}

impl Store {
    /// A new oximeter.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when the address is known.
    pub async fn insert_device(&self, device: &Device, at: Timestamp) -> Result<(), StoreError> {
        writing!(self, conn => sqlx::query(INSERT_DEVICE)
            .bind(self.organisation.0)
            .bind(device.id.0)
            .bind(device.address.as_str())
            .bind(&device.model)
            .bind(at.as_millis())
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "oximeter with this address"))
    }

    /// The oximeter with this address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn device(&self, address: &DeviceAddress) -> Result<Option<Device>, StoreError> {
        let row: Option<DeviceRow> = reading!(self, conn => sqlx::query_as(DEVICE_BY_ADDRESS)
            .bind(self.organisation.0)
            .bind(address.as_str())
            .fetch_optional(conn)
            .await)?;
        row.map(|row| {
            let address = row
                .address
                .parse()
                .map_err(|why| StoreError::corrupt("device", row.device_id, why))?;
            Ok(Device {
                id: DeviceId(row.device_id),
                address,
                model: row.model,
            })
        })
        .transpose()
    }

    /// The oximeter with this address and everybody who wore it; `None` when there is no such oximeter.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn worn(&self, address: &DeviceAddress) -> Result<Option<Worn>, StoreError> {
        let rows: Vec<WearerRow> = reading!(self, conn => sqlx::query_as(WEARERS)
            .bind(self.organisation.0)
            .bind(address.as_str())
            .fetch_all(conn)
            .await)?;
        Ok(worn(&rows))
    }
}

impl Ledger {
    /// As [`Store::worn`], asked again under the lock: an assignment may have changed since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn worn(&mut self, address: &DeviceAddress) -> Result<Option<Worn>, StoreError> {
        let rows: Vec<WearerRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(WEARERS)
            .bind(self.organisation.0)
            .bind(address.as_str())
            .fetch_all(conn)
            .await)?;
        Ok(worn(&rows))
    }

    /// As [`Ledger::worn`], of several oximeters; one that is not there is not known. The stays of their wearers are read with
    /// them, for [`Ledger::stay`] to hand out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn worn_each(
        &mut self,
        addresses: &[DeviceAddress],
    ) -> Result<BTreeMap<DeviceAddress, Worn>, StoreError> {
        let mut found = BTreeMap::new();
        for asked in padded(addresses) {
            let mut rows: Vec<WearerAndStay> = in_tx!(&mut self.tx, conn => {
                let mut select = sqlx::QueryBuilder::new(WEARERS_OF);
                select.push_bind(self.organisation.0).push(" and device.address in (");
                let mut list = select.separated(", ");
                for address in &asked {
                    list.push_bind(address.as_str());
                }
                select.push(") order by device.address, assignment.assigned_from");
                select.build_query_as().fetch_all(conn).await
            })?;
            for stay in rows.iter_mut().filter_map(WearerAndStay::stay) {
                self.hold(stay);
            }
            let rows: Vec<WearerRow> = rows.into_iter().map(|row| row.wearer).collect();
            for rows in rows.chunk_by(|one, next| one.address == next.address) {
                if let (Some(row), Some(worn)) = (rows.first(), worn(rows)) {
                    let address = row
                        .address
                        .parse()
                        .map_err(|why| StoreError::corrupt("device", row.device_id, why))?;
                    found.insert(address, worn);
                }
            }
        }
        Ok(found)
    }

    /// The stays whose oximeters this bridge reads: the people a value may belong to that is nobody's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stays_read_by(&mut self, bridge: BridgeId) -> Result<Vec<StayId>, StoreError> {
        let rows: Vec<(Uuid,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(STAYS_READ_BY_BRIDGE)
            .bind(self.organisation.0)
            .bind(bridge.0)
            .fetch_all(conn)
            .await)?;
        Ok(rows.into_iter().map(|(stay,)| StayId(stay)).collect())
    }

    /// Ends the present assignment of an oximeter, if there is one. Whether there was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_assignment(
        &mut self,
        device: DeviceId,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = in_tx!(&mut self.tx, conn => sqlx::query(END_ASSIGNMENT)
            .bind(self.organisation.0)
            .bind(device.0)
            .bind(until.as_millis())
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(ended == 1)
    }

    /// Gives an oximeter to a stay.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when somebody has it.
    pub async fn insert_assignment(
        &mut self,
        assignment: &ward_core::device::Assignment,
    ) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_ASSIGNMENT)
            .bind(self.organisation.0)
            .bind(assignment.device.0)
            .bind(assignment.from.as_millis())
            .bind(assignment.stay.0)
            .bind(assignment.bridge.0)
            .execute(conn)
            .await
            .map(|_| ()))
        .map_err(|error| StoreError::or_already_there(error, "assignment of this oximeter"))
    }
}
