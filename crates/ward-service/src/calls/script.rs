//! The ward's own script for its calls.

use ward_core::call_script::{BUILT_IN, CallScript, ScriptRefused};
use ward_core::event::{StaffEvent, WardEvent};
use ward_core::permit::Permit;

use super::{ContactError, commit};
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Its name among the ward's settings.
const SETTING: &str = "call_script";

impl Wards {
    /// The text of the script: the ward's own, or the built-in one.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn call_script(&self, permit: &Permit) -> Result<String, Unavailable> {
        let own = self.store.call_script(permit.ward).await?;
        let own = own.filter(|text| !text.is_empty());
        Ok(own.unwrap_or_else(|| BUILT_IN.to_owned()))
    }

    /// The ward's script from now on; an empty text is the built-in one again.
    ///
    /// # Errors
    /// [`ContactError::Script`] with the line.
    pub async fn set_call_script(&self, permit: &Permit, text: String) -> Result<(), ContactError> {
        let own = !text.trim().is_empty() && text != BUILT_IN;
        if own {
            text.parse::<CallScript>().map_err(ContactError::from)?;
        }
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ContactError::NoSuchStay)?;
            ledger
                .set_call_script(if own { &text } else { "" })
                .await?;
            let changed = StaffEvent::SettingChanged {
                setting: SETTING.to_owned(),
                by: permit.clinician,
            };
            ledger.append(WardEvent::Staff(changed), wards.clock.now());
            commit(&wards, ledger).await?;
            tracing::info!(ward = %permit.ward, by = %permit.clinician, "the script for calls was set");
            Ok(())
        })
        .await
    }
}

impl From<ScriptRefused> for ContactError {
    fn from(refused: ScriptRefused) -> Self {
        Self::Script(Box::new(refused))
    }
}
