//! A diary that was begun at home and not sent: whoever comes back to it on the same device is asked whether to go on.
//!
//! It belongs to the token that it was begun with: to one person, and on one device. Nothing follows from it. A red
//! symptom never waits here, since it goes to the ward at once; who sends nothing at all is missed like everybody else.

use serde::{Deserialize, Serialize};
use ward_core::id::EntryId;
use ward_core::questionnaire::{Answers, Questionnaire};
use ward_core::silence::{Awaited, current};
use ward_core::time::Timestamp;

use crate::at_home::Home;
use crate::error::{Unavailable, to_the_end};
use crate::secret::Secret;
use crate::wards::Wards;

/// What was answered so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnfinishedDiary {
    /// What it is sent as, so that answers that arrive after it was sent are known to be old.
    pub id: EntryId,
    /// The name and the version of the questions.
    pub questionnaire: (String, u32),
    /// Which question of the row comes next, from 0.
    pub place: usize,
    /// When the last answer was given.
    pub at: Timestamp,
    /// Only what is an answer to these questions, which bounds it.
    pub answers: Answers,
}

impl UnfinishedDiary {
    /// Whether these are the questions that it answers: a plan may ask others by now.
    #[must_use]
    pub fn answers_to(&self, questionnaire: &Questionnaire) -> bool {
        let (name, version) = &self.questionnaire;
        *name == questionnaire.name && *version == questionnaire.version
    }
}

impl Wards {
    /// Keeps what was answered so far, for whoever holds this token.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn keep_unfinished_diary(
        &self,
        home: &Home,
        token: &str,
        diary: UnfinishedDiary,
    ) -> Result<(), Unavailable> {
        let hash = Secret::received(token).hash();
        let until = until(home, diary.at);
        if until <= home.now {
            return Ok(());
        }
        let Ok(body) = serde_json::to_string(&diary) else {
            return Ok(());
        };
        let (wards, now) = (self.clone(), home.now);
        to_the_end(async move {
            wards.store.drop_old_unfinished(now).await?;
            let hash = hash.as_bytes();
            wards
                .store
                .keep_unfinished(hash, diary.id, &body, diary.at, until)
                .await?;
            Ok(())
        })
        .await
    }

    /// What whoever holds this token has begun and not sent.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn unfinished_diary(
        &self,
        token: &str,
    ) -> Result<Option<UnfinishedDiary>, Unavailable> {
        let hash = Secret::received(token).hash();
        let now = self.clock.now();
        let body = self.store.unfinished(hash.as_bytes(), now).await?;
        // What another build has kept and this one cannot read is begun anew.
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    /// It was sent, or is begun anew.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn drop_unfinished_diary(&self, token: &str) -> Result<(), Unavailable> {
        let hash = Secret::received(token).hash();
        Ok(self.store.drop_unfinished(hash.as_bytes()).await?)
    }
}

/// The end of the day on the ward's clock; who is asked over midnight has until the questions close.
fn until(home: &Home, at: Timestamp) -> Timestamp {
    let day = home.zone.day_of(at);
    let midnight = day.tomorrow().map_or(at, |next| home.zone.start_of(next));
    let asks = home.care.diary.as_ref();
    let slot = asks.and_then(|asks| current(&asks.schedule, Awaited::Diary, &home.zone, at));
    let closes = slot
        .filter(|slot| slot.holds(at))
        .map_or(midnight, |slot| slot.closes);
    midnight.max(closes)
}
