//! Whoever starts a shift has the sound of a red played to them, and what they say to it is written down.

use std::time::Duration;

use uuid::Uuid;
use ward_core::duty::Console;
use ward_core::event::{DutyEvent, WardEvent};
use ward_core::permit::{Permit, Verb};

use crate::duty::{DutyError, commit, open};
use crate::error::to_the_end;
use crate::wards::Wards;

/// Under this name the newest test of each is kept: one whose answer was lost on the way is sent again.
const NEWEST: &str = "sound-test";

/// What waited longer than this on a screen waited too long to be told when it was.
const WAITED_AT_MOST: Duration = Duration::from_hours(24);

/// What somebody said to the sound of their screen.
#[derive(Clone, Debug)]
pub struct SoundTest {
    /// Made up by the screen, so that a repeat is known.
    pub id: Uuid,
    /// On which screen.
    pub console: Console,
    /// Whether they heard it.
    pub heard: bool,
    /// How long ago they said so.
    pub waited: Duration,
}

impl Wards {
    /// Writes down whether the person of this permit heard the sound of their screen. It arms nothing: that is the screen's own.
    /// Twice told is once written.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn sound_tested(&self, permit: &Permit, test: SoundTest) -> Result<(), DutyError> {
        permit.allows(Verb::SeeBoard)?;
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let id = test.id.to_string();
            if ledger.setting(by, NEWEST).await?.as_ref() == Some(&id) {
                ledger.close().await?;
                return Ok(());
            }
            ledger.put_setting(by, NEWEST, &id).await?;
            let now = wards.clock.now();
            let SoundTest { console, heard, .. } = test;
            if heard {
                tracing::info!(%ward, %by, console = console.as_str(), "sound heard");
            } else {
                tracing::warn!(%ward, %by, console = console.as_str(), "sound not heard");
            }
            let tested = DutyEvent::SoundTested {
                by,
                console,
                heard,
                at: now.minus(test.waited.min(WAITED_AT_MOST)),
            };
            ledger.append(WardEvent::Duty(tested), now);
            commit(&wards, ledger).await?;
            Ok(())
        })
        .await
    }
}
