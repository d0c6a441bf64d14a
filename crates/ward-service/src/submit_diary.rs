//! A diary entry: what the patient says today, and the reading that comes with it.

use uuid::Uuid;
use ward_core::alert::Subject;
use ward_core::contact::{Asked, Why};
use ward_core::diary::{DiaryEntry, Said, assess_diary, is_over, silence_told};
use ward_core::entry::Means;
use ward_core::event::{DiaryEvent, WardEvent};
use ward_core::hand::{Typed, stated_time};
use ward_core::id::{EntryId, ReadingId};
use ward_core::questionnaire::{Answers, Heard, Questionnaire, Urgency};
use ward_core::reading::Context;
use ward_core::stay::Stay;
use ward_core::time::Timestamp;
use ward_store::Ledger;

use crate::enter_reading::situation_of;
use crate::entering::{AdviceLine, Entering, EntryError, advice_lines, answered_in, said_first};
use crate::error::to_the_end;
use crate::on_sheet::{entry_of_day, make_room_for_entry};
use crate::patient_access::AtHome;
use crate::questionnaires::find;
use crate::record_by_hand::{HandError, HandReading, Recorded, record_by_hand};
use crate::tell::append_and_tell;
use crate::wards::Wards;

/// A diary entry to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Given by the sender, so that a repeat meets itself.
    pub id: EntryId,
    /// Name and version; those of the stay's plan, where not given.
    pub questionnaire: Option<(String, u32)>,
    /// The time that it is about; now, where not given.
    pub at: Option<Timestamp>,
    /// What was answered.
    pub answers: Answers,
}

/// What became of a diary entry, and what to tell whoever made it.
#[derive(Clone, Debug, PartialEq)]
pub struct DiarySubmitted {
    /// The entry as it is kept.
    pub entry: DiaryEntry,
    /// It was there already.
    pub is_repeat: bool,
    /// The readings that came with it.
    pub readings: Vec<Recorded>,
    /// Questions about symptoms that were not answered.
    pub unanswered: bool,
    /// The most urgent first.
    pub advice: Vec<AdviceLine>,
}

impl Wards {
    /// Submits a diary entry.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn submit_diary(
        &self,
        entering: Entering,
        new: NewEntry,
    ) -> Result<DiarySubmitted, EntryError> {
        let wards = self.clone();
        to_the_end(async move { wards.append_entry(entering, new).await }).await
    }

    async fn append_entry(
        &self,
        entering: Entering,
        new: NewEntry,
    ) -> Result<DiarySubmitted, EntryError> {
        let ward = entering.ward;
        let room = self.room_for(&entering).await?;
        let makes_room = room.is_some();
        let mut ledger = self
            .store
            .open_ledger(ward)
            .await?
            .ok_or(EntryError::NoSuchStay)?;
        let now = self.clock.now();
        let record = ledger
            .stay(entering.stay)
            .await?
            .ok_or(EntryError::NoSuchStay)?;
        let stay = record.stay.clone();
        let questionnaire =
            questionnaire_for(&mut ledger, &stay, new.questionnaire.clone()).await?;
        let urgent = questionnaire.listen(&new.answers).urgency() == Some(Urgency::Red);
        let language = answered_in(&mut ledger, &entering).await?;
        let first = said_first(urgent, ledger.ward(), language);
        let heard = questionnaire
            .hear(&new.answers)
            .map_err(|why| EntryError::Answers {
                why,
                first: first.clone(),
            })?;
        make_room_for_entry(&mut ledger, stay.id, room).await?;
        let known = ledger.diary_entry(entering.stay, new.id).await?;
        let mut known = known.map(|kept| kept.entry);
        if known.as_ref().is_some_and(|it| it.answers != new.answers) {
            return Err(EntryError::UsedId);
        }
        let at = match &known {
            Some(entry) => entry.at,
            None => stated_time(new.at, stay.admitted_at, now).map_err(|why| EntryError::Hand {
                why,
                first: first.clone(),
            })?,
        };
        if known.is_none() && entering.means == Means::Paper {
            known = entry_of_day(&mut ledger, stay.id, at).await?;
        }
        if let Some(there) = known.as_ref().filter(|it| it.answers != new.answers) {
            return Err(EntryError::TypedBefore { there: there.id.0 });
        }
        let is_repeat = known.is_some();
        let (id, at) = known.as_ref().map_or((new.id, at), |it| (it.id, it.at));
        let readings = match reading_of(&heard, id, at, &entering) {
            None => Vec::new(),
            Some(reading) => {
                let (author, means) = (entering.author, entering.means);
                let recorded =
                    record_by_hand(&mut ledger, stay.id, vec![reading], author, means, now).await;
                recorded.map_err(|error| match error {
                    HandError::Refused(why) => EntryError::Hand {
                        why,
                        first: first.clone(),
                    },
                    other => other.into(),
                })?
            }
        };
        let entry = match known {
            Some(entry) => entry,
            None => {
                let entry = entry_of(&entering, &questionnaire, new, &heard, &readings, at, now);
                self.store_and_judge(&mut ledger, &stay, &entry, &heard, now)
                    .await?;
                entry
            }
        };
        let record = ledger
            .stay(entering.stay)
            .await?
            .ok_or(EntryError::NoSuchStay)?;
        let mut situation = situation_of(&stay, &readings);
        let urgency = heard.urgency();
        if !is_over(&record.state, at, urgency, now) {
            situation.urgency = urgency;
            situation.help = heard.help;
        }
        situation.wellbeing = heard.wellbeing.is_due();
        let advice = advice_lines(ledger.ward(), &stay.plan, situation, language, now);
        if is_repeat && !makes_room {
            ledger.close().await?;
        } else {
            let head = ledger.commit().await?;
            self.bell.ring(ward, head);
            tracing::info!(%ward, stay = %stay.id, "diary entry submitted");
        }
        Ok(DiarySubmitted {
            unanswered: !entry.complete,
            entry,
            is_repeat,
            readings,
            advice,
        })
    }

    async fn store_and_judge(
        &self,
        ledger: &mut Ledger,
        stay: &Stay,
        entry: &DiaryEntry,
        heard: &Heard,
        now: Timestamp,
    ) -> Result<(), EntryError> {
        ledger.insert_diary_entry(entry).await?;
        ledger.append(
            WardEvent::Diary(DiaryEvent::Submitted {
                stay: stay.id,
                entry: entry.id,
                at: entry.at,
                author: entry.author,
                means: entry.means,
                band: entry.band(),
                wellbeing: entry.wellbeing,
            }),
            now,
        );
        let record = ledger.stay(stay.id).await?.ok_or(EntryError::NoSuchStay)?;
        let mut state = record.state.clone().as_of(now);
        state.words = state.words.with(entry.at, heard.urgency(), heard.complete);
        let open = ledger.open_alerts_about(&[Subject::Stay(stay.id)]).await?;
        let said = Said::from((heard, entry.at));
        let follows = assess_diary(stay, &state, &open, &said, now);
        append_and_tell(ledger, stay, follows, now).await?;
        ledger.set_state(stay.id, state);
        let open = ledger.open_alerts_about(&[Subject::Stay(stay.id)]).await?;
        if let Some(event) = silence_told(stay, &open, entry.at) {
            ledger.append(event, now);
        }
        if heard.wellbeing.is_due() && stay.phase.is_open() {
            let contact = ledger.contact_state(stay.id).await?;
            let asking = contact.asking(Asked::now(Why::Wellbeing, now));
            ledger.set_contact_state(stay.id, &asking).await?;
        }
        Ok(())
    }
}

impl Wards {
    /// The questions that the plan of a stay asks whoever is at home.
    ///
    /// # Errors
    /// [`EntryError::NoDiary`].
    pub async fn questions_for(&self, who: &AtHome) -> Result<Questionnaire, EntryError> {
        let (wards, ward, stay) = (self.clone(), who.ward, who.stay);
        to_the_end(async move {
            let mut ledger = wards
                .store
                .open_ledger(ward)
                .await?
                .ok_or(EntryError::NoSuchStay)?;
            let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
            let stay = record.stay.clone();
            let asked = questionnaire_for(&mut ledger, &stay, None).await;
            ledger.close().await?;
            asked
        })
        .await
    }
}

/// The questionnaire that was named, or the one that the plan asks for.
async fn questionnaire_for(
    ledger: &mut Ledger,
    stay: &Stay,
    named: Option<(String, u32)>,
) -> Result<Questionnaire, EntryError> {
    let (name, version) = match named {
        Some(named) => named,
        None => {
            let care = ledger.care(stay.id).await?.ok_or(EntryError::NoSuchStay)?;
            let diary = care.diary.ok_or(EntryError::NoDiary)?;
            (diary.questionnaire, diary.version)
        }
    };
    match find(ledger, &name, version).await? {
        Some(questionnaire) => Ok(questionnaire),
        None => Err(EntryError::NoSuchQuestionnaire {
            name: name.chars().take(60).collect(),
            version,
            known: "the ward's list of questionnaires names those there are".to_owned(),
        }),
    }
}

fn reading_of(
    heard: &Heard,
    entry: EntryId,
    at: Timestamp,
    entering: &Entering,
) -> Option<HandReading> {
    let typed = Typed {
        spo2: heard.spo2?,
        pulse: heard.pulse,
    };
    Some(HandReading {
        // Of the entry's own id: a repeat of the entry is a repeat of its reading.
        id: ReadingId(Uuid::new_v5(&entry.0, b"reading")),
        typed,
        at: Some(at),
        context: Context::Rest,
        observations: heard.observations(),
        carer: entering.carer.clone(),
        typed_by: entering.typed_by,
    })
}

fn entry_of(
    entering: &Entering,
    questionnaire: &Questionnaire,
    new: NewEntry,
    heard: &Heard,
    readings: &[Recorded],
    at: Timestamp,
    now: Timestamp,
) -> DiaryEntry {
    DiaryEntry {
        id: new.id,
        stay: entering.stay,
        questionnaire: questionnaire.name.clone(),
        version: questionnaire.version,
        at,
        recorded_at: now,
        author: entering.author,
        means: entering.means,
        carer: entering.carer.clone(),
        entered_by: entering.typed_by,
        answers: new.answers,
        symptoms: heard.symptoms.clone(),
        complete: heard.complete,
        wellbeing: heard.wellbeing,
        readings: readings.iter().map(|recorded| recorded.reading).collect(),
    }
}
