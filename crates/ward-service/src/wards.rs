//! The service itself: a store, a clock, a bell, and one write lane a ward.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use ward_core::care::CarePlan;
use ward_core::clinician::Role;
use ward_core::day::{HoursOutOfOrder, NotAZone, StaffedHours, Zone};
use ward_core::id::{ClinicianId, WardId};
use ward_core::permit::{Permit, Verb};
use ward_core::plan::{MonitoringPlan, PlanRefused};
use ward_core::safe_range::SafeRange;
use ward_core::silence::BRIDGE_SILENT_AFTER;
use ward_core::time::Timestamp;
use ward_core::ward::{NotAWardCode, Ward};
use ward_store::{Organisation, Store, StoreError};

use crate::bell::Bell;
use crate::clock::Clock;
use crate::error::{Refused, Unavailable};
use crate::lane::Lanes;

/// The verbs of the wards of one organisation. Cheap to clone.
#[derive(Clone)]
pub struct Wards {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bell: Arc<Bell>,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) found_before: Arc<crate::record_readings::FoundBefore>,
    pub(crate) known_bridges: Arc<crate::known_bridges::KnownBridges>,
    pub(crate) seen_requests: Arc<crate::seen_requests::SeenRequests>,
    pub(crate) applied: Arc<crate::applied::Seen>,
    pub(crate) sweeping: Arc<crate::sweep::Sweeping>,
    pub(crate) looks: Arc<crate::presence::Looks>,
    pub(crate) watching: crate::watching::Watching,
    pub(crate) watch_notes: Arc<crate::watching::WatchNotes>,
    pub(crate) looked_at_bridges: Arc<crate::sweep::Looked>,
    /// Who was silent before was silent to nobody.
    pub(crate) listening_since: Timestamp,
    pub(crate) reconciled: Arc<crate::reconcile::Reconciled>,
    pub(crate) self_tested: Arc<crate::self_test::SelfTested>,
    #[cfg(feature = "seeded-faults")]
    pub(crate) seeded: Arc<crate::seeded::Seeded>,
    pub(crate) passwords: Arc<tokio::sync::Semaphore>,
    pub(crate) reports: Arc<tokio::sync::Semaphore>,
    pub(crate) what_if: Arc<crate::what_if::Asking>,
    pub(crate) options: WardsOptions,
    pub(crate) stopping: CancellationToken,
}

/// What can be set.
#[derive(Clone, Copy, Debug)]
pub struct WardsOptions {
    /// How long a session lasts: a shift and its handover.
    pub session: Duration,
    /// How long the session of a screen on the wall lasts.
    pub wall_session: Duration,
    /// How often the sweep and the readers of the log look without being rung for.
    pub look_every: Duration,
    /// A bridge of which nothing was heard for so long is silent.
    pub bridge_silent_after: Duration,
    /// A staffed ward whose board nobody has watched for so long says so and tells whoever is on call. `None`: it does not.
    pub nobody_watching_after: Option<Duration>,
}

impl Default for WardsOptions {
    fn default() -> Self {
        Self {
            session: Duration::from_secs(13 * 3600),
            wall_session: Duration::from_secs(30 * 24 * 3600),
            look_every: Duration::from_millis(500),
            bridge_silent_after: BRIDGE_SILENT_AFTER,
            // With what is written every ten seconds and shown within fifteen it reaches a person within a minute.
            nobody_watching_after: Some(Duration::from_secs(30)),
        }
    }
}

/// A ward to be opened.
#[derive(Clone, Debug)]
pub struct NewWard {
    /// Said over the phone, `PEN`.
    pub code: String,
    /// In full.
    pub name: String,
    /// The ward's phone.
    pub phone: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// What stays are admitted with.
    pub default_plan: MonitoringPlan,
    /// When somebody watches the board.
    pub staffed: StaffedHours,
    /// The schedule, diary and contacts that stays are admitted with.
    pub default_care: CarePlan,
}

/// Why a ward was not opened.
#[derive(Debug, thiserror::Error)]
pub enum WardError {
    /// The code.
    #[error(transparent)]
    Code(#[from] NotAWardCode),
    /// The plan.
    #[error(transparent)]
    Plan(#[from] PlanRefused),
    /// The zone.
    #[error(transparent)]
    TimeZone(#[from] NotAZone),
    /// The hours.
    #[error(transparent)]
    Hours(#[from] HoursOutOfOrder),
    /// The code is another ward's.
    #[error("there is a ward with this code already: choose another")]
    CodeTaken,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl Wards {
    /// The verbs over a store.
    #[must_use]
    pub fn new(store: Store, clock: Clock, options: WardsOptions) -> Self {
        let bell = Arc::new(Bell::default());
        let clock_now = clock.now();
        let seeded = Arc::new(crate::seeded::Seeded::default());
        let lanes = Arc::new(Lanes::new(
            store.clone(),
            Arc::clone(&bell),
            clock.clone(),
            Arc::clone(&seeded),
        ));
        Self {
            store,
            clock,
            bell,
            lanes,
            found_before: Arc::default(),
            known_bridges: Arc::default(),
            seen_requests: Arc::default(),
            applied: Arc::default(),
            sweeping: Arc::default(),
            looks: Arc::default(),
            watching: crate::watching::Watching::default(),
            watch_notes: Arc::default(),
            looked_at_bridges: Arc::default(),
            listening_since: clock_now,
            reconciled: Arc::default(),
            self_tested: Arc::default(),
            #[cfg(feature = "seeded-faults")]
            seeded,
            // Checking a password takes a core and some memory for a while on purpose.
            passwords: Arc::new(tokio::sync::Semaphore::new(2)),
            // A year of a ward is some thousand statements: whoever watches a board must not wait for it.
            reports: Arc::new(tokio::sync::Semaphore::new(2)),
            what_if: Arc::default(),
            options,
            stopping: CancellationToken::new(),
        }
    }

    /// The clock that everything is dated by.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The bell that is rung after every commit.
    #[must_use]
    pub const fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }

    /// The store, for what only reads.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Ends when the service is asked to stop.
    #[must_use]
    pub const fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Writes down whose wards these are.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn put_organisation(&self, organisation: &Organisation) -> Result<(), Unavailable> {
        Ok(self
            .store
            .put_organisation(organisation, Uuid::new_v4(), self.clock.now())
            .await?)
    }

    /// Opens a ward.
    ///
    /// # Errors
    /// [`WardError`] says what to change.
    pub async fn open_ward(&self, new: NewWard) -> Result<Ward, WardError> {
        Zone::named(&new.time_zone)?;
        let ward = Ward {
            organisation: self.store.organisation(),
            id: WardId(self.clock.new_id()),
            code: new.code.parse()?,
            name: new.name,
            phone: new.phone,
            time_zone: new.time_zone,
            default_plan: new.default_plan.checked()?,
            staffed: new.staffed.checked()?,
            default_care: new.default_care,
            safe_range: SafeRange::default(),
        };
        match self.store.insert_ward(&ward, self.clock.now()).await {
            Ok(()) => Ok(ward),
            Err(StoreError::AlreadyThere(_)) => Err(WardError::CodeTaken),
            Err(error) => Err(Unavailable::from(error).into()),
        }
    }

    /// All wards of the organisation.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn all_wards(&self) -> Result<Vec<Ward>, Unavailable> {
        Ok(self.store.wards().await?)
    }

    /// A clinician's standing on a ward, if it reaches as far as `verb`.
    ///
    /// # Errors
    /// [`Refused`]: a ward that is not theirs is not there, as far as they can tell.
    pub async fn permit(
        &self,
        clinician: ClinicianId,
        ward: WardId,
        verb: Verb,
    ) -> Result<Result<Permit, Refused>, Unavailable> {
        let role: Option<Role> = self.store.role(clinician, ward).await?;
        let Some(role) = role else {
            return Ok(Err(Refused::NoSuchWard));
        };
        let permit = Permit {
            organisation: self.store.organisation(),
            ward,
            clinician,
            role,
        };
        Ok(permit.allows(verb).map(|()| permit).map_err(Refused::from))
    }
}
