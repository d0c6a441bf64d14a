//! The kit ledger's verbs: an oximeter or a bridge goes from hand to hand, and every reading stays its wearer's.

use ward_core::day::Zone;
use ward_core::device::{Assignment, Device, DeviceAddress};
use ward_core::event::{KitEvent, WardEvent};
use ward_core::id::{ClinicianId, DeviceId, KitId, StayId};
use ward_core::kit::{self, Holder, Kind, Kit, KitState, Step, StepRefused, Stepped};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{KitRecord, Ledger, StoreError};

use crate::enrol_bridge::BridgeCode;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Why a piece of kit is where it was.
#[derive(Debug, thiserror::Error)]
pub enum KitStepError {
    /// The piece.
    #[error("there is no such kit in the ledger")]
    NoSuchKit,
    /// The stay.
    #[error("there is no open stay of this patient on this ward: admit them first")]
    NoSuchStay,
    /// The bridge.
    #[error("there is no such bridge")]
    NoSuchBridge,
    /// Another ward's patient has it.
    #[error("a patient of another ward has this: that ward must take it back first")]
    HeldElsewhere,
    /// The address is known.
    #[error("an oximeter with this address is in the kit ledger already")]
    AlreadyThere,
    /// Somebody else was first.
    #[error("somebody has just moved this: look again")]
    JustMoved,
    /// Not from where it is.
    #[error(transparent)]
    Refused(#[from] StepRefused),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for KitStepError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyThere(_) => Self::JustMoved,
            StoreError::NotThere(_) => Self::NoSuchBridge,
            other => Self::Unavailable(other.into()),
        }
    }
}

/// What stands on a new piece of kit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sticker {
    /// The ward's own number: `OX-017`.
    pub label: String,
    /// The maker's serial number.
    pub serial: String,
}

impl Wards {
    /// Takes a new oximeter into the ledger.
    ///
    /// # Errors
    /// [`KitStepError`].
    pub async fn receive_oximeter(
        &self,
        permit: &Permit,
        address: DeviceAddress,
        model: String,
        sticker: Sticker,
    ) -> Result<KitRecord, KitStepError> {
        let device = Device {
            id: DeviceId(self.clock.new_id()),
            address,
            model,
        };
        let inserted = self.store.insert_device(&device, self.clock.now()).await;
        inserted.map_err(|error| match error {
            StoreError::AlreadyThere(_) => KitStepError::AlreadyThere,
            other => KitStepError::Unavailable(other.into()),
        })?;
        self.received(permit, KitId(device.id.0), sticker).await
    }

    /// Takes a new bridge into the ledger, with a one-time code to enrol it with.
    ///
    /// # Errors
    /// [`KitStepError`].
    pub async fn receive_bridge(
        &self,
        permit: &Permit,
        name: &str,
        sticker: Sticker,
    ) -> Result<(KitRecord, BridgeCode), KitStepError> {
        let code = self.add_bridge(permit.ward, name).await;
        let code = code.map_err(|error| match error {
            crate::enrol_bridge::EnrolError::Unavailable(error) => KitStepError::Unavailable(error),
            _ => KitStepError::NoSuchBridge,
        })?;
        let record = self.received(permit, KitId(code.bridge.0), sticker).await?;
        Ok((record, code))
    }

    async fn received(
        &self,
        permit: &Permit,
        id: KitId,
        sticker: Sticker,
    ) -> Result<KitRecord, KitStepError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(KitStepError::NoSuchKit)?;
            let record = ledger.kit(id).await?.ok_or(KitStepError::NoSuchKit)?;
            let now = wards.clock.now();
            let kit = Kit {
                label: sticker.label,
                serial: sticker.serial,
                since: now,
                by: Some(by),
                version: record.kit.version.saturating_add(1),
                ..record.kit
            };
            let stepped = Stepped {
                kit,
                ends: None,
                begins: None,
            };
            put(&mut ledger, &stepped, "receive", now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, kit = %id, "kit received");
            Ok(KitRecord {
                kit: stepped.kit,
                ..record
            })
        })
        .await
    }

    /// One step of a piece of kit. Whoever is to have it must be a patient of this ward, and so must whoever has it.
    ///
    /// # Errors
    /// [`KitStepError`] says what is possible.
    pub async fn step_kit(
        &self,
        permit: &Permit,
        id: KitId,
        step: Step,
    ) -> Result<KitRecord, KitStepError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(KitStepError::NoSuchKit)?;
            let now = wards.clock.now();
            let record = take_step(&mut ledger, id, step, Some(by), now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(record)
        })
        .await
    }

    /// Asks back everything that a patient has, until a day; what was asked back already keeps its day.
    ///
    /// # Errors
    /// [`KitStepError`].
    pub async fn ask_kit_back(
        &self,
        permit: &Permit,
        stay: StayId,
        due: jiff::civil::Date,
    ) -> Result<Vec<KitRecord>, KitStepError> {
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(ward).await?;
            let mut ledger = ledger.ok_or(KitStepError::NoSuchStay)?;
            ledger.stay(stay).await?.ok_or(KitStepError::NoSuchStay)?;
            ask_back(&mut ledger, stay, due, Some(by), wards.clock.now()).await?;
            let kit = ledger.kit_of_stay(stay).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(kit)
        })
        .await
    }

    /// A page of the ledger.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn kit_page(
        &self,
        _permit: &Permit,
        kind: Kind,
        after: Option<KitId>,
        limit: u32,
    ) -> Result<Vec<KitRecord>, Unavailable> {
        Ok(self.store.kit_page(kind, after, limit).await?)
    }

    /// Who wore an oximeter, newest first.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn wearers_of(
        &self,
        _permit: &Permit,
        oximeter: KitId,
        limit: u32,
    ) -> Result<Vec<ward_store::Wearer>, Unavailable> {
        Ok(self.store.wearers_of(DeviceId(oximeter.0), limit).await?)
    }
}

/// Takes a step with the ledger open, writes it and appends what follows.
pub(crate) async fn take_step(
    ledger: &mut Ledger,
    id: KitId,
    step: Step,
    by: Option<ClinicianId>,
    now: Timestamp,
) -> Result<KitRecord, KitStepError> {
    let record = ledger.kit(id).await?.ok_or(KitStepError::NoSuchKit)?;
    if let Some(stay) = record.kit.state.holder().and_then(|holder| holder.stay())
        && ledger.stay(stay).await?.is_none()
    {
        return Err(KitStepError::HeldElsewhere);
    }
    let next = match &step {
        Step::Issue { to, .. } => to.stay(),
        Step::Assign { wear, .. } | Step::HandOver { to: wear } => Some(wear.stay),
        Step::AskBack { .. }
        | Step::Return { .. }
        | Step::Clean
        | Step::Lose { .. }
        | Step::Find => None,
    };
    if let Some(stay) = next {
        let record = ledger.stay(stay).await?;
        let is_open = record.is_some_and(|record| record.stay.phase.is_open());
        if !is_open {
            return Err(KitStepError::NoSuchStay);
        }
    }
    let name = step.name();
    let stepped = kit::step(&record.kit, step, by, now)?;
    put(ledger, &stepped, name, now).await?;
    tracing::info!(kit = %id, step = name, state = stepped.kit.state.name(), "kit moved");
    Ok(KitRecord {
        kit: stepped.kit,
        ..record
    })
}

/// Asks all kit of a patient back: their stay is over.
pub(crate) async fn ask_back(
    ledger: &mut Ledger,
    stay: StayId,
    due: jiff::civil::Date,
    by: Option<ClinicianId>,
    now: Timestamp,
) -> Result<(), KitStepError> {
    for record in ledger.kit_of_stay(stay).await? {
        let has_it = record.kit.state.holder() == Some(Holder::Stay(stay));
        if has_it && !matches!(record.kit.state, KitState::DueBack { .. }) {
            take_step(ledger, record.kit.id, Step::AskBack { by: due }, by, now).await?;
        }
    }
    Ok(())
}

async fn put(
    ledger: &mut Ledger,
    stepped: &Stepped,
    step: &str,
    now: Timestamp,
) -> Result<(), KitStepError> {
    let kit = &stepped.kit;
    let zone = Zone::named(&ledger.ward().time_zone).ok();
    let due_back_at = zone
        .zip(kit.state.due_back())
        .and_then(|(zone, day)| Some(zone.start_of(day.tomorrow().ok()?)));
    if !ledger.put_kit(stepped, due_back_at).await? {
        return Err(KitStepError::JustMoved);
    }
    let holder = kit.state.holder().and_then(|holder| holder.stay());
    let event = KitEvent::Moved {
        kit: kit.id,
        step: step.to_owned(),
        state: kit.state.name().to_owned(),
        stay: holder.or(stepped.ends.map(|(wear, _)| wear.stay)),
        by: kit.by,
    };
    ledger.append(WardEvent::Kit(event), now);
    let ended = stepped.ends.map(|(wear, until)| (wear, Some(until)));
    let begun = stepped.begins.map(|wear| (wear, None));
    for (wear, until) in [ended, begun].into_iter().flatten() {
        let assignment = Assignment {
            device: DeviceId(kit.id.0),
            stay: wear.stay,
            bridge: wear.bridge,
            from: wear.from,
            until,
        };
        ledger.append(WardEvent::DeviceAssigned { assignment }, now);
    }
    Ok(())
}
