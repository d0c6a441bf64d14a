//! Questionnaires: which there are, and new versions of them.

use ward_core::event::{DiaryEvent, WardEvent};
use ward_core::permit::Permit;
use ward_core::questionnaire::{Questionnaire, QuestionnaireRefused, built_in};
use ward_store::{Ledger, StoreError};

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// Why a questionnaire was not added.
#[derive(Debug, thiserror::Error)]
pub enum QuestionnaireError {
    /// What is wrong with it.
    #[error(transparent)]
    Refused(#[from] QuestionnaireRefused),
    /// Versions follow each other, and none is ever changed.
    #[error(
        "the next version of `{name}` is {next}: a version that there is never changes, since entries were answered by it"
    )]
    NotTheNext {
        /// Of which.
        name: String,
        /// The next one.
        next: u32,
    },
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for QuestionnaireError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// One version of a questionnaire: one that everybody has, or one that the organisation has written.
pub(crate) async fn find(
    ledger: &mut Ledger,
    name: &str,
    version: u32,
) -> Result<Option<Questionnaire>, StoreError> {
    let known = built_in()
        .into_iter()
        .find(|it| it.name == name && it.version == version);
    match known {
        Some(questionnaire) => Ok(Some(questionnaire)),
        None => ledger.questionnaire(name, version).await,
    }
}

impl Wards {
    /// Every version of every questionnaire, by name and version.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn questionnaires(&self) -> Result<Vec<Questionnaire>, Unavailable> {
        let mut all = built_in();
        all.extend(self.store.questionnaires().await?);
        all.sort_by(|one, other| (&one.name, one.version).cmp(&(&other.name, other.version)));
        Ok(all)
    }

    /// Adds a new version of a questionnaire, or a new questionnaire as its version 1. Stays are asked by it once their
    /// plan says so.
    ///
    /// # Errors
    /// [`QuestionnaireError`].
    pub async fn add_questionnaire(
        &self,
        permit: &Permit,
        questionnaire: Questionnaire,
    ) -> Result<Questionnaire, QuestionnaireError> {
        let questionnaire = questionnaire.checked()?;
        let (wards, ward, by) = (self.clone(), permit.ward, permit.clinician);
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(QuestionnaireError::NoSuchWard)?;
            let now = wards.clock.now();
            let mut next = 1;
            while find(&mut ledger, &questionnaire.name, next).await?.is_some() {
                next += 1;
            }
            let name = questionnaire.name.clone();
            let not_the_next = |next| QuestionnaireError::NotTheNext { name, next };
            if questionnaire.version != next {
                return Err(not_the_next(next));
            }
            match ledger.insert_questionnaire(&questionnaire, now).await {
                Ok(()) => {}
                // Another ward of the organisation was writing the same version.
                Err(StoreError::AlreadyThere(_)) => return Err(not_the_next(next + 1)),
                Err(error) => return Err(error.into()),
            }
            ledger.append(
                WardEvent::Diary(DiaryEvent::QuestionnaireAdded {
                    questionnaire: questionnaire.name.clone(),
                    version: questionnaire.version,
                    by,
                }),
                now,
            );
            let head = ledger.commit().await?;
            wards.bell.ring(ward, head);
            tracing::info!(%ward, questionnaire = %questionnaire.name, version = questionnaire.version, "questionnaire added");
            Ok(questionnaire)
        })
        .await
    }
}
