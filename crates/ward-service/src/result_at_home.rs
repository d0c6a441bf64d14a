//! What to tell whoever entered something, once more: the page of a result can be looked at again, on another day too,
//! and says what counts then.

use uuid::Uuid;
use ward_core::advice::{Advice, Situation};
use ward_core::diary::is_over;
use ward_core::hand::{Odd, Typed};
use ward_core::id::{EntryId, ReadingId};
use ward_core::plan::Band;
use ward_core::questionnaire::{Help, Urgency};
use ward_core::reading::{Measured, Values};
use ward_core::stay::{Phase, Stay};
use ward_core::time::Timestamp;
use ward_store::Ledger;
use ward_text::Language;

use crate::at_home::Home;
use crate::enter_reading::situation_of;
use crate::entering::{AdviceLine, EntryError, advice_lines};
use crate::error::to_the_end;
use crate::questionnaires::find;
use crate::record_by_hand::{Beside, told_of};
use crate::wards::Wards;

/// Something that was entered, and what to tell about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What it was.
    pub given: Given,
    /// When it came in.
    pub received_at: Timestamp,
    /// When somebody of the ward has looked since.
    pub seen_at: Option<Timestamp>,
    /// The most urgent first.
    pub advice: Vec<AdviceLine>,
}

/// What was entered.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A reading.
    Reading(GivenReading),
    /// A try without a value.
    NoValue(Option<Typed>),
    /// Answers, and whether every question about symptoms was among them.
    Diary {
        /// Every one was.
        complete: bool,
    },
}

/// A reading that was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenReading {
    /// The one that counts now.
    pub id: ReadingId,
    /// As it counts.
    pub values: Values,
    /// By the plan.
    pub band: Band,
    /// As it was typed.
    pub typed: Option<Typed>,
    /// What is asked about it, and not answered yet.
    pub odd: Option<Odd>,
}

impl Wards {
    /// What was entered under this id, and what to tell about it now. `None`: nothing was.
    ///
    /// # Errors
    /// [`EntryError`].
    pub async fn told_at_home(
        &self,
        home: &Home,
        id: Uuid,
        language: Language,
    ) -> Result<Option<Told>, EntryError> {
        let (wards, home) = (self.clone(), home.clone());
        to_the_end(async move {
            let ledger = wards.store.open_ledger(home.ward.id).await?;
            let mut ledger = ledger.ok_or(EntryError::NoSuchStay)?;
            let found = match reading(&mut ledger, &home, ReadingId(id)).await? {
                Some(found) => Some(found),
                None => entry(&mut ledger, &home, EntryId(id)).await?,
            };
            let ward = ledger.ward().clone();
            ledger.close().await?;
            let Some((given, received_at, situation)) = found else {
                return Ok(None);
            };
            let mut advice = advice_lines(&ward, &home.stay.plan, situation, language, home.now);
            if matches!(given, Given::NoValue(_)) {
                advice.retain(|line| line.advice != Advice::CarryOn);
            }
            Ok(Some(Told {
                seen_at: wards.seen_since(&home, received_at).await?,
                given,
                received_at,
                advice,
            }))
        })
        .await
    }

    /// What to tell who has just asked for help.
    #[must_use]
    pub fn told_about_help(&self, home: &Home, help: Help, language: Language) -> Vec<AdviceLine> {
        let situation = Situation {
            help: Some(help),
            unwatched: home.stay.phase != Phase::Active,
            ..Situation::default()
        };
        advice_lines(&home.ward, &home.stay.plan, situation, language, home.now)
    }
}

/// What a device says by itself when what was entered does not reach the ward, by what it is about: a red value, an amber
/// one, a good one, a red symptom, an amber one. Nobody is said to have been told.
#[must_use]
pub fn told_without_the_ward(
    home: &Home,
    language: Language,
) -> Vec<(&'static str, Vec<AdviceLine>)> {
    let value = |band| Situation {
        band: Some(band),
        ..Situation::default()
    };
    let symptom = |urgency| Situation {
        urgency: Some(urgency),
        ..Situation::default()
    };
    [
        ("red", value(Band::Red)),
        ("amber", value(Band::Amber)),
        ("green", value(Band::Green)),
        ("red-symptom", symptom(Urgency::Red)),
        ("amber-symptom", symptom(Urgency::Amber)),
    ]
    .map(|(name, situation)| {
        let plan = &home.stay.plan;
        let mut lines = advice_lines(&home.ward, plan, situation, language, home.now);
        lines.retain(|line| said_alone(line.advice));
        (name, lines)
    })
    .to_vec()
}

/// Whether it holds without anybody at the ward.
const fn said_alone(advice: Advice) -> bool {
    match advice {
        Advice::Call999
        | Advice::WaitForAmbulance
        | Advice::RedValue
        | Advice::AskedBack
        | Advice::AmberValue
        | Advice::Worse
        | Advice::CarryOn
        | Advice::Guide => true,
        Advice::WeWillCall
        | Advice::WardTold
        | Advice::NobodyWatches
        | Advice::StayNotRunning
        | Advice::WellbeingCall => false,
    }
}

type Found = (Given, Timestamp, Situation);

async fn reading(
    ledger: &mut Ledger,
    home: &Home,
    id: ReadingId,
) -> Result<Option<Found>, EntryError> {
    let stay: &Stay = &home.stay;
    let Some(typed_first) = ledger.hand_reading(stay.id, id).await? else {
        return Ok(None);
    };
    let received_at = typed_first.reading.received_at;
    let mut kept = typed_first;
    // An answered one is struck out, and the answer stands under an id of its own; an odd answer may be answered in turn.
    while kept.struck.is_some() {
        let next = ReadingId(Uuid::new_v5(&kept.reading.id.0, b"answer"));
        match ledger.hand_reading(stay.id, next).await? {
            Some(answer) => kept = answer,
            None => break,
        }
    }
    let beside = Beside::of(&kept);
    let typed = beside.as_ref().map(|beside| beside.typed);
    if matches!(kept.reading.measured, Measured::Attempt { .. }) {
        let situation = Situation {
            unwatched: stay.phase != Phase::Active,
            ..Situation::default()
        };
        return Ok(Some((Given::NoValue(typed), received_at, situation)));
    }
    let odd = typed.and_then(|typed| typed.taken().ok()?.odd);
    let record = ledger.stay(stay.id).await?.ok_or(EntryError::NoSuchStay)?;
    let told = told_of(
        &kept.reading,
        odd,
        true,
        &stay.plan,
        &record.state,
        home.now,
    );
    let Some(told) = told else { return Ok(None) };
    let situation = situation_of(stay, std::slice::from_ref(&told));
    let given = Given::Reading(GivenReading {
        id: told.reading,
        values: told.values,
        band: told.band,
        typed,
        odd: told.odd,
    });
    Ok(Some((given, received_at, situation)))
}

async fn entry(ledger: &mut Ledger, home: &Home, id: EntryId) -> Result<Option<Found>, EntryError> {
    let stay: &Stay = &home.stay;
    let Some(kept) = ledger.diary_entry(stay.id, id).await? else {
        return Ok(None);
    };
    let entry = kept.entry;
    let asked = find(ledger, &entry.questionnaire, entry.version).await?;
    let heard = asked.map(|asked| asked.listen(&entry.answers));
    let record = ledger.stay(stay.id).await?.ok_or(EntryError::NoSuchStay)?;
    let mut situation = Situation {
        wellbeing: entry.wellbeing.is_due(),
        unwatched: stay.phase != Phase::Active,
        ..Situation::default()
    };
    let urgency = entry.symptoms.iter().map(|symptom| symptom.urgency).max();
    if !is_over(&record.state, entry.at, urgency, home.now) {
        situation.urgency = urgency;
        situation.help = heard.and_then(|heard| heard.help);
    }
    let complete = entry.complete;
    Ok(Some((
        Given::Diary { complete },
        entry.recorded_at,
        situation,
    )))
}
