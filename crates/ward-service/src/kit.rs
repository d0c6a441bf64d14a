//! Kit: oximeters in the ledger, who wears which, and the bridges that read them.

use std::collections::BTreeMap;

use ward_core::device::{Device, DeviceAddress};
use ward_core::id::{BridgeId, DeviceId, KitId, StayId};
use ward_core::kit::{Step, StepRefused, Wear};
use ward_core::patient::NhsNumber;
use ward_core::time::Timestamp;
use ward_store::{Bridge, BridgeKey, StayRecord, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::step_kit::{KitStepError, take_step};
use crate::wards::Wards;

/// Why a piece of kit was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The address is known.
    #[error("this oximeter is in the kit ledger already")]
    AlreadyThere,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why an oximeter was not given to anybody, or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// The oximeter.
    #[error("this oximeter is not in the kit ledger: add it first with `wardlight device add`")]
    NoSuchDevice,
    /// The stay.
    #[error("there is no open stay of this patient: admit them first")]
    NoSuchStay,
    /// The bridge.
    #[error("there is no such bridge: `wardlight bridge list` shows them")]
    NoSuchBridge,
    /// Somebody has it.
    #[error("somebody else has this oximeter: take it back first with `wardlight device release`")]
    Taken,
    /// Somebody wore it after that time: their late readings would go to another person.
    #[error("somebody wore this oximeter until {until}: assign it from then on, or later")]
    WornUntil {
        /// When it was taken back.
        until: Timestamp,
    },
    /// The time has not come.
    #[error("{0} is in the future: give the time at which the patient has the oximeter in hand")]
    NotYet(Timestamp),
    /// It was taken back before it was given out.
    #[error("this oximeter was given out at {from}: it cannot be taken back earlier")]
    BeforeGivenOut {
        /// When it was given out.
        from: Timestamp,
    },
    /// Not from where it is.
    #[error(transparent)]
    NotNow(StepRefused),
    /// Nobody has it.
    #[error("nobody has this oximeter")]
    NotTaken,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for AssignError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyThere(_) => Self::Taken,
            StoreError::NotThere(_) => Self::NoSuchBridge,
            other => Self::Unavailable(other.into()),
        }
    }
}

impl From<KitStepError> for AssignError {
    fn from(error: KitStepError) -> Self {
        match error {
            KitStepError::NoSuchKit => Self::NoSuchDevice,
            KitStepError::NoSuchStay => Self::NoSuchStay,
            KitStepError::NoSuchBridge => Self::NoSuchBridge,
            KitStepError::HeldElsewhere | KitStepError::AlreadyThere | KitStepError::JustMoved => {
                Self::Taken
            }
            KitStepError::Refused(StepRefused::NotYet(at)) => Self::NotYet(at),
            KitStepError::Refused(StepRefused::NotBefore { from }) => Self::BeforeGivenOut { from },
            KitStepError::Refused(StepRefused::WornUntil { until }) => Self::WornUntil { until },
            KitStepError::Refused(StepRefused::NotNow {
                state: "assigned", ..
            }) => Self::Taken,
            KitStepError::Refused(refused) => Self::NotNow(refused),
            KitStepError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

impl Wards {
    /// Takes an oximeter into the kit ledger.
    ///
    /// # Errors
    /// [`KitError`].
    pub async fn add_device(
        &self,
        address: DeviceAddress,
        model: &str,
    ) -> Result<Device, KitError> {
        let device = Device {
            id: DeviceId(self.clock.new_id()),
            address,
            model: model.to_owned(),
        };
        match self.store.insert_device(&device, self.clock.now()).await {
            Ok(()) => Ok(device),
            Err(StoreError::AlreadyThere(_)) => Err(KitError::AlreadyThere),
            Err(error) => Err(KitError::Unavailable(error.into())),
        }
    }

    /// The open stay of a patient, by NHS number.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn stay_of(&self, number: &NhsNumber) -> Result<Option<StayRecord>, Unavailable> {
        Ok(self.store.stay_of_patient(number).await?)
    }

    /// Gives an oximeter to a stay, to be read by a bridge, from `from` on: readings measured earlier are not this stay's.
    ///
    /// # Errors
    /// [`AssignError`].
    pub async fn assign_device(
        &self,
        address: &DeviceAddress,
        stay: StayId,
        bridge: BridgeId,
        from: Timestamp,
    ) -> Result<(), AssignError> {
        if from > self.clock.now() {
            return Err(AssignError::NotYet(from));
        }
        let device = self
            .store
            .device(address)
            .await?
            .ok_or(AssignError::NoSuchDevice)?;
        let ward = self
            .store
            .stay(stay)
            .await?
            .filter(|record| record.stay.phase.is_open())
            .ok_or(AssignError::NoSuchStay)?
            .stay
            .ward;
        let wards = self.clone();
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(AssignError::NoSuchStay)?;
            // Asked under the lock of the new wearer's ward; the key of the open assignment guards against another ward.
            let wear = Wear { stay, bridge, from };
            let step = Step::Assign {
                wear,
                due_back: None,
            };
            take_step(
                &mut ledger,
                KitId(device.id.0),
                step,
                None,
                wards.clock.now(),
            )
            .await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(())
        })
        .await
    }

    /// Takes an oximeter back: readings measured from `until` on are nobody's.
    ///
    /// # Errors
    /// [`AssignError`].
    pub async fn release_device(
        &self,
        address: &DeviceAddress,
        until: Timestamp,
    ) -> Result<(), AssignError> {
        let worn = self
            .store
            .worn(address)
            .await?
            .ok_or(AssignError::NoSuchDevice)?;
        let device = worn.device;
        let wearer = worn
            .wearers
            .last()
            .filter(|wearer| wearer.until.is_none())
            .copied()
            .ok_or(AssignError::NotTaken)?;
        if until < wearer.from {
            return Err(AssignError::BeforeGivenOut { from: wearer.from });
        }
        if until > self.clock.now() {
            return Err(AssignError::NotYet(until));
        }
        let ward = wearer.ward.ok_or(AssignError::NoSuchStay)?;
        let wards = self.clone();
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(AssignError::NoSuchStay)?;
            // Whoever types this has it in hand, clean: it may go out again.
            let (kit, now) = (KitId(device.0), wards.clock.now());
            take_step(&mut ledger, kit, Step::Return { at: until }, None, now).await?;
            take_step(&mut ledger, kit, Step::Clean, None, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(())
        })
        .await
    }

    /// All bridges.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn bridges(&self) -> Result<Vec<Bridge>, Unavailable> {
        Ok(self.store.bridges().await?)
    }

    /// The keys of all bridges, the oldest of each first. A bridge that is missing has none.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn bridge_keys(&self) -> Result<BTreeMap<BridgeId, Vec<BridgeKey>>, Unavailable> {
        Ok(self.store.bridge_keys().await?)
    }
}
