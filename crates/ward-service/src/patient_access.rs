//! How a patient, or somebody who cares for them, enters things themselves: a one-time code from the ward, and the
//! patient's date of birth, against a token that is good for as long as the stay.

use std::time::Duration;

use ward_core::advice::Situation;
use ward_core::event::{DiaryEvent, WardEvent};
use ward_core::id::{StayId, WardId};
use ward_core::patient::BirthDate;
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::StoreError;

use crate::entering::{AdviceLine, EntryError, advice_lines, carer_name};
use crate::error::{Unavailable, to_the_end};
use crate::secret::{NoRandomness, Secret, normalised_code, one_time_code};
use crate::wards::Wards;
use crate::words::language_of;

/// A code is good for so long: it may go by post.
const CODE_LASTS: Duration = Duration::from_secs(7 * 24 * 3600);

/// For so long after the end of a stay what is entered is still taken: a low of somebody who thinks that they are watched
/// must reach the duty clinician, and they must be told.
const HEARD_AFTER_THE_END: Duration = Duration::from_secs(28 * 24 * 3600);

/// So many wrong dates of birth, and the code is good for nothing.
const TRIES: u32 = 5;

/// A code for a patient or a carer, shown once.
#[derive(Debug)]
pub struct PatientCode {
    /// To be typed in with the patient's date of birth.
    pub code: Secret,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Who came in by a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtHome {
    /// The ward that the stay is on now.
    pub ward: WardId,
    /// The stay.
    pub stay: StayId,
    /// The carer, by name; nobody: the patient.
    pub carer: Option<String>,
}

/// Why nobody is let in.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The code, or the date of birth: which of the two is not said.
    #[error(
        "this code is not known, was used before, is too old, or does not go with this date of birth: check both, or ask the ward for a new code"
    )]
    NotThisCode,
    /// The token.
    #[error("you are not signed in: ask the ward for a code")]
    NotKnown,
    /// The stay is over.
    #[error("{}", spoken(.0))]
    Over(Vec<AdviceLine>),
    /// The stay or the carer's name.
    #[error(transparent)]
    Entry(EntryError),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

fn spoken(advice: &[AdviceLine]) -> String {
    let lines: Vec<&str> = advice
        .iter()
        .flat_map(|line| [Some(line.text.as_str()), line.english.as_deref()])
        .flatten()
        .collect();
    lines.join(" ")
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<EntryError> for AccessError {
    fn from(error: EntryError) -> Self {
        Self::Entry(error)
    }
}

impl From<NoRandomness> for AccessError {
    fn from(error: NoRandomness) -> Self {
        StoreError::Unavailable(error.to_string()).into()
    }
}

impl Wards {
    /// A code for the patient of a stay, or for somebody who cares for them, by name.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn give_access(
        &self,
        permit: &Permit,
        stay: StayId,
        carer: Option<String>,
    ) -> Result<PatientCode, AccessError> {
        let carer = carer.map(|name| carer_name(&name)).transpose()?;
        let code = one_time_code()?;
        let hash = code.hash();
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        let expires_at = to_the_end::<_, AccessError>(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let now = wards.clock.now();
            let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
            if !record.stay.phase.is_open() {
                return Err(EntryError::NoSuchStay.into());
            }
            let expires_at = now.plus(CODE_LASTS);
            ledger
                .insert_access_code(stay, hash.as_bytes(), carer.as_deref(), by, now, expires_at)
                .await?;
            let event = WardEvent::Diary(DiaryEvent::AccessGiven { stay, by });
            ledger.append(event, now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(expires_at)
        })
        .await?;
        Ok(PatientCode { code, expires_at })
    }

    /// No code and no token of this stay is good any more: a phone was lost, a carer has changed.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn end_access(&self, permit: &Permit, stay: StayId) -> Result<(), AccessError> {
        let (wards, ward) = (self.clone(), permit.ward);
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let now = wards.clock.now();
            ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
            ledger.end_access(stay, now).await?;
            ledger.append(WardEvent::Diary(DiaryEvent::AccessEnded { stay }), now);
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            Ok(())
        })
        .await
    }

    /// Uses a code up, with the patient's date of birth, and gives a token for it.
    ///
    /// # Errors
    /// [`AccessError::NotThisCode`].
    pub async fn use_access_code(
        &self,
        typed: &str,
        birth_date: BirthDate,
    ) -> Result<Secret, AccessError> {
        let (hash, token) = (normalised_code(typed).hash(), Secret::new()?);
        let token_hash = token.hash();
        let wards = self.clone();
        to_the_end::<_, AccessError>(async move {
            let now = wards.clock.now();
            let code = wards.store.access_code(hash.as_bytes()).await?;
            let code = code.ok_or(AccessError::NotThisCode)?;
            if code.tries >= TRIES || code.expires_at <= now {
                return Err(AccessError::NotThisCode);
            }
            if code.birth_date != birth_date.to_string() {
                wards.store.count_access_try(hash.as_bytes()).await?;
                return Err(AccessError::NotThisCode);
            }
            let used = wards
                .store
                .use_access_code(hash.as_bytes(), token_hash.as_bytes(), now)
                .await?;
            if used {
                tracing::info!(stay = %code.stay, "patient's access opened");
                Ok(())
            } else {
                Err(AccessError::NotThisCode)
            }
        })
        .await?;
        Ok(token)
    }

    /// A phone or tablet lets go of somebody: its token is good for nothing any more.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn let_go(&self, token: &str) -> Result<(), AccessError> {
        let hash = Secret::received(token).hash();
        let now = self.clock.now();
        Ok(self.store.end_access_token(hash.as_bytes(), now).await?)
    }

    /// Who a token lets in. It ends with the stay: for four weeks more what is entered is taken and answered with what to
    /// do now, after that whoever comes is told so.
    ///
    /// # Errors
    /// [`AccessError::NotKnown`] and [`AccessError::Over`].
    pub async fn at_home(&self, token: &str) -> Result<AtHome, AccessError> {
        let hash = Secret::received(token).hash();
        let access = self.store.access_of(hash.as_bytes()).await?;
        let access = access.ok_or(AccessError::NotKnown)?;
        let record = self.store.stay(access.stay).await?;
        let record = record.ok_or(AccessError::NotKnown)?;
        let now = self.clock.now();
        let ended_at = record.stay.phase.ended_at();
        if ended_at.is_some_and(|at| now >= at.plus(HEARD_AFTER_THE_END)) {
            let ward = self.store.ward(record.stay.ward).await?;
            let ward = ward.ok_or(AccessError::NotKnown)?;
            let situation = Situation {
                unwatched: true,
                ..Situation::default()
            };
            let patient = self.store.patient(record.stay.patient).await?;
            let language = patient.map(|it| language_of(&it.details.language));
            let language = language.unwrap_or_default();
            let advice = advice_lines(&ward, &record.stay.plan, situation, language, now);
            return Err(AccessError::Over(advice));
        }
        Ok(AtHome {
            ward: record.stay.ward,
            stay: access.stay,
            carer: access.carer,
        })
    }
}
