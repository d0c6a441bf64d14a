//! Who is looking at whom just now, so that two people do not ring the same patient; and what somebody has set for
//! themselves.
//!
//! Looks are noted in the database, because colleagues may be on another node. What was read is kept for a moment: every
//! console of a ward asks for it with each sign of life.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use ward_core::id::{StayId, WardId};
use ward_core::permit::Permit;
use ward_store::Present;

use crate::error::Unavailable;
use crate::wards::Wards;

/// A page that is open says so every 20 s: one that was missed once is still open.
const LOOKS_FOR: Duration = Duration::from_secs(50);

/// What was read is good for so long.
const KEPT_FOR: Duration = Duration::from_secs(2);

/// A setting may be this long, in bytes.
const SETTING_LIMIT: usize = 2_000;

/// When it was read, and who was there.
type Look = (Instant, Arc<[Present]>);

/// What was last read of each ward.
#[derive(Default)]
pub(crate) struct Looks(Mutex<HashMap<WardId, Look>>);

impl Looks {
    fn fresh(&self, ward: WardId) -> Option<Arc<[Present]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, present) = kept.get(&ward)?;
        (at.elapsed() < KEPT_FOR).then(|| Arc::clone(present))
    }

    fn keep(&self, ward: WardId, present: Option<&Arc<[Present]>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match present {
            Some(present) => kept.insert(ward, (Instant::now(), Arc::clone(present))),
            None => kept.remove(&ward),
        };
    }
}

impl Wards {
    /// Notes that the person of this permit is looking at a stay.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn look_at(&self, permit: &Permit, stay: StayId) -> Result<(), Unavailable> {
        let now = self.clock.now();
        self.store
            .put_presence(permit.ward, permit.clinician, stay, now, LOOKS_FOR)
            .await?;
        self.looks.keep(permit.ward, None);
        Ok(())
    }

    /// Who is looking at whom on a ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn present(&self, ward: WardId) -> Result<Arc<[Present]>, Unavailable> {
        if let Some(present) = self.looks.fresh(ward) {
            return Ok(present);
        }
        let since = self.clock.now().minus(LOOKS_FOR);
        let present: Arc<[Present]> = self.store.present(ward, since).await?.into();
        self.looks.keep(ward, Some(&present));
        Ok(present)
    }

    /// What the person of this permit has set for themselves on this ward, by name.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn setting(
        &self,
        permit: &Permit,
        name: &'static str,
    ) -> Result<Option<String>, Unavailable> {
        Ok(self
            .store
            .setting(permit.clinician, permit.ward, name)
            .await?)
    }

    /// Sets it. One that is too long is not kept: it is a convenience, and nothing rests on it.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn set_setting(
        &self,
        permit: &Permit,
        name: &'static str,
        body: &str,
    ) -> Result<(), Unavailable> {
        if body.len() <= SETTING_LIMIT {
            self.store
                .put_setting(permit.clinician, permit.ward, name, body)
                .await?;
        }
        Ok(())
    }
}
