//! The sound of a ward's boards is paused for a while, for everybody to see.

use ward_core::duty::{AUDIO_PAUSED_FOR, AudioPause};
use ward_core::event::{DutyEvent, WardEvent};
use ward_core::id::Seq;
use ward_core::permit::{Permit, Verb};
use ward_core::time::Timestamp;

use crate::duty::{DutyError, commit, open};
use crate::error::to_the_end;
use crate::wards::Wards;

impl Wards {
    /// Pauses the sound of all boards of the ward. It ends by itself, and by whatever speaks after it. Until when comes back.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn pause_audio(&self, permit: &Permit) -> Result<Timestamp, DutyError> {
        permit.allows(Verb::TakeDuty)?;
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let now = wards.clock.now();
            let until = now.plus(AUDIO_PAUSED_FOR);
            let seq: Seq =
                ledger.append(WardEvent::Duty(DutyEvent::AudioPaused { by, until }), now);
            let pause = AudioPause { by, until, seq };
            ledger.set_audio_pause(Some(&pause)).await?;
            commit(&wards, ledger).await?;
            tracing::warn!(%ward, %by, "sound paused on all boards");
            Ok(until)
        })
        .await
    }

    /// Ends the pause before its time.
    ///
    /// # Errors
    /// [`DutyError`].
    pub async fn resume_audio(&self, permit: &Permit) -> Result<(), DutyError> {
        permit.allows(Verb::TakeDuty)?;
        let (wards, by, ward) = (self.clone(), permit.clinician, permit.ward);
        to_the_end(async move {
            let mut ledger = open(&wards, ward).await?;
            let now = wards.clock.now();
            if ledger.shift(wards.store()).await?.audio_pause.is_some() {
                ledger.set_audio_pause(None).await?;
                ledger.append(WardEvent::Duty(DutyEvent::AudioResumed { by }), now);
                commit(&wards, ledger).await?;
                tracing::info!(%ward, %by, "sound on again on all boards");
            }
            Ok(())
        })
        .await
    }
}
