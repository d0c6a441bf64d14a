//! What a ward works by besides its plans: its teams, its video links, its capacity.

use ward_core::id::{StayId, WardId};

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    CAPACITY, SET_CAPACITY, SET_TEAM_OF_STAY, SET_TEAMS, SET_VIDEO_LINK, TEAM_OF_STAY, TEAMS,
};
use crate::store::Store;

impl Store {
    /// How many patients a ward can look after at once; nothing while that is not set.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn capacity(&self, ward: WardId) -> Result<Option<u32>, StoreError> {
        let row: Option<(Option<i32>,)> = reading!(self, conn => sqlx::query_as(CAPACITY).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        Ok(row
            .and_then(|(capacity,)| capacity)
            .and_then(|capacity| u32::try_from(capacity).ok()))
    }

    /// The names of a ward's teams, in the order in which they were entered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn teams(&self, ward: WardId) -> Result<Vec<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(TEAMS).bind(self.organisation.0).bind(ward.0).fetch_optional(conn).await)?;
        row.map_or_else(
            || Ok(Vec::new()),
            |(teams,)| from_json("ward", ward, &teams),
        )
    }

    /// The team that looks after a stay; empty: none of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn team_of(&self, stay: StayId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self, conn => sqlx::query_as(TEAM_OF_STAY).bind(self.organisation.0).bind(stay.0).fetch_optional(conn).await)?;
        Ok(row.map(|(team,)| team))
    }
}

impl Ledger {
    /// How many patients the ward can look after at once, from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_capacity(&mut self, capacity: Option<u32>) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        let capacity = capacity.and_then(|capacity| i32::try_from(capacity).ok());
        in_tx!(&mut self.tx, conn => sqlx::query(SET_CAPACITY).bind(self.organisation.0).bind(ward).bind(capacity).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// The ward's teams from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_teams(&mut self, teams: &[String]) -> Result<(), StoreError> {
        let (ward, teams) = (self.ward().id.0, to_json("ward", &teams)?);
        in_tx!(&mut self.tx, conn => sqlx::query(SET_TEAMS).bind(self.organisation.0).bind(ward).bind(&teams).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// The team that looks after a stay from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_team(&mut self, stay: StayId, team: &str) -> Result<(), StoreError> {
        in_tx!(&mut self.tx, conn => sqlx::query(SET_TEAM_OF_STAY).bind(self.organisation.0).bind(stay.0).bind(team).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// The pattern of the ward's video links from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_video_link(&mut self, pattern: &str) -> Result<(), StoreError> {
        let ward = self.ward().id.0;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_VIDEO_LINK).bind(self.organisation.0).bind(ward).bind(pattern).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
