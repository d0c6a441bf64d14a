//! What a ward works by besides its plans: its teams and its capacity; and how a change of any setting is said on the log.

use ward_core::event::{PathwayEvent, StaffEvent, WardEvent};
use ward_core::id::{PatientId, StayId};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Teams of a ward at most.
pub const TEAMS_AT_MOST: usize = 20;

/// Characters of a team's name at most.
const TEAM_NAME_AT_MOST: usize = 40;

/// Why the teams are as they were.
#[derive(Debug, thiserror::Error)]
pub enum TeamsError {
    /// The names.
    #[error(
        "a ward has {TEAMS_AT_MOST} teams at most, each with a name of its own of up to {TEAM_NAME_AT_MOST} characters"
    )]
    Names,
    /// Not one of the ward's.
    #[error("the ward has no team of this name: choose one of its teams")]
    NoSuchTeam,
    /// The ward, or the stay.
    #[error("there is no such stay on this ward")]
    NoSuchStay,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Patients that any ward can look after at once.
pub const CAPACITY_AT_MOST: u32 = 10_000;

/// Why the capacity is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CapacityError {
    /// The number.
    #[error(
        "a ward has room for 1 to {CAPACITY_AT_MOST} patients: enter such a number, or nothing if it is not known"
    )]
    Number,
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for CapacityError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<StoreError> for TeamsError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What the log says when a setting was changed; what it was changed to stands in its own place.
pub(crate) fn setting_changed(setting: &str, permit: &Permit) -> WardEvent {
    WardEvent::Staff(StaffEvent::SettingChanged {
        setting: setting.to_owned(),
        by: permit.clinician,
    })
}

/// Says which team looks after a stay, in an open ledger.
pub(crate) async fn team_in(
    ledger: &mut Ledger,
    permit: &Permit,
    (stay, patient): (StayId, PatientId),
    team: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    ledger.set_team(stay, team).await?;
    let event = PathwayEvent::PatientEdited {
        patient,
        stay: Some(stay),
        by: permit.clinician,
    };
    ledger.append(WardEvent::Pathway(event), now);
    Ok(())
}

impl Wards {
    /// The names of the ward's teams.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn teams(&self, permit: &Permit) -> Result<Vec<String>, Unavailable> {
        Ok(self.store.teams(permit.ward).await?)
    }

    /// The ward's teams from now on. Whoever was looked after by one that is gone keeps its name until they are given
    /// another.
    ///
    /// # Errors
    /// [`TeamsError`].
    pub async fn set_teams(&self, permit: &Permit, names: Vec<String>) -> Result<(), TeamsError> {
        let teams: Vec<String> = names
            .iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        let is_long = |name: &String| name.chars().count() > TEAM_NAME_AT_MOST;
        let mut once = std::collections::BTreeSet::new();
        let twice = teams.iter().any(|name| !once.insert(name.to_lowercase()));
        if teams.len() > TEAMS_AT_MOST || teams.iter().any(is_long) || twice {
            return Err(TeamsError::Names);
        }
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(TeamsError::NoSuchStay)?;
            ledger.set_teams(&teams).await?;
            ledger.append(setting_changed("teams", &permit), wards.clock.now());
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(())
        })
        .await
    }

    /// How many patients the ward can look after at once; nothing while that is not set.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn capacity(&self, permit: &Permit) -> Result<Option<u32>, Unavailable> {
        Ok(self.store.capacity(permit.ward).await?)
    }

    /// How many patients the ward can look after at once, from now on. Nobody is turned away by it: reports set the number of
    /// patients against it.
    ///
    /// # Errors
    /// [`CapacityError`].
    pub async fn set_capacity(
        &self,
        permit: &Permit,
        capacity: Option<u32>,
    ) -> Result<(), CapacityError> {
        if capacity.is_some_and(|capacity| !(1..=CAPACITY_AT_MOST).contains(&capacity)) {
            return Err(CapacityError::Number);
        }
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(CapacityError::NoSuchWard)?;
            ledger.set_capacity(capacity).await?;
            ledger.append(setting_changed("capacity", &permit), wards.clock.now());
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(())
        })
        .await
    }

    /// A team of the ward, as it is called; empty: none.
    pub(crate) async fn team_named(
        &self,
        permit: &Permit,
        team: &str,
    ) -> Result<String, TeamsError> {
        let known = self.store.teams(permit.ward).await?;
        let team = team.trim().to_owned();
        if !team.is_empty() && !known.contains(&team) {
            return Err(TeamsError::NoSuchTeam);
        }
        Ok(team)
    }

    /// Which team looks after a stay; an empty name: none.
    ///
    /// # Errors
    /// [`TeamsError`].
    pub async fn set_team(
        &self,
        permit: &Permit,
        stay: StayId,
        team: &str,
    ) -> Result<(), TeamsError> {
        let team = self.team_named(permit, team).await?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(TeamsError::NoSuchStay)?;
            let record = ledger.stay(stay).await?.ok_or(TeamsError::NoSuchStay)?;
            let patient = record.stay.patient;
            let now = wards.clock.now();
            team_in(&mut ledger, &permit, (stay, patient), &team, now).await?;
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(())
        })
        .await
    }
}
