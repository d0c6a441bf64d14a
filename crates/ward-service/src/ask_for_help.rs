//! "Please call me" and "I have called 999".

use ward_core::advice::Situation;
use ward_core::alert::Subject;
use ward_core::diary::{Said, assess_diary};
use ward_core::questionnaire::Help;
use ward_core::stay::Phase;

use crate::entering::{AdviceLine, Entering, EntryError, advice_lines, answered_in};
use crate::error::to_the_end;
use crate::tell::append_and_tell;
use crate::wards::Wards;

impl Wards {
    /// Tells the ward that the patient, or who cares for them, wants to be called or has called 999. What to tell them
    /// comes back, the most urgent first.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn ask_for_help(
        &self,
        entering: Entering,
        help: Help,
    ) -> Result<Vec<AdviceLine>, EntryError> {
        let wards = self.clone();
        to_the_end(async move {
            let ward = entering.ward;
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let now = wards.clock.now();
            let record = ledger
                .stay(entering.stay)
                .await?
                .ok_or(EntryError::NoSuchStay)?
                .clone();
            let open = ledger
                .open_alerts_about(&[Subject::Stay(entering.stay)])
                .await?;
            let said = Said {
                at: now,
                symptoms: Vec::new(),
                help: Some(help),
            };
            let follows = assess_diary(&record.stay, &record.state, &open, &said, now);
            append_and_tell(&mut ledger, &record.stay, follows, now).await?;
            let situation = Situation {
                help: Some(help),
                unwatched: record.stay.phase != Phase::Active,
                ..Situation::default()
            };
            let language = answered_in(&mut ledger, &entering).await?;
            let advice = advice_lines(ledger.ward(), &record.stay.plan, situation, language, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, stay = %entering.stay, ?help, "asked for help");
            Ok(advice)
        })
        .await
    }
}
