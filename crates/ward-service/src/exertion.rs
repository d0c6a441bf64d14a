//! An exertion test is entered: its readings are stored and judged as any others, then the pair of rest and lowest.

use ward_core::alert::Subject;
use ward_core::assess::{PAGES_UP_TO_AGE, Pair, assess_exertion};
use ward_core::entry::Means;
use ward_core::event::WardEvent;
use ward_core::exertion::{ExertionRefused, ExertionTest, Part, Times, Told};
use ward_core::hand::Typed;
use ward_core::id::{ExertionId, ReadingId, StayId};
use ward_core::permit::Permit;
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::reading::{Context, ObservationSet, Reading};
use ward_core::time::Timestamp;
use ward_store::{KeptExertion, KeptReading, Ledger, StayRecord, StoreError};

use crate::answer_question::answer_to;
use crate::enter_reading::situation_of;
use crate::entering::{AdviceLine, Entering, EntryError, advice_lines, answered_in};
use crate::error::to_the_end;
use crate::record_by_hand::{HandError, HandReading, Recorded, record_by_hand};
use crate::tell::append_and_tell;
use crate::wards::Wards;

/// A question may be answered, and its answer asked about: so often is followed.
const ANSWERS_AT_MOST: usize = 8;

/// A test to be entered.
#[derive(Clone, Debug, PartialEq)]
pub struct NewExertion {
    /// Given by the sender, so that a repeat meets itself.
    pub id: ExertionId,
    /// As it is told.
    pub told: Told,
    /// A lowest above the value at rest was asked about, and is so.
    pub is_so: bool,
    /// It does not count as a test, since the value at rest was too low, and is kept all the same.
    pub as_readings: bool,
}

/// What became of a test, and what to tell the patient.
#[derive(Clone, Debug, PartialEq)]
pub struct ExertionEntered {
    /// The test.
    pub line: ExertionLine,
    /// Its readings, as they were measured.
    pub recorded: Vec<Recorded>,
    /// The most urgent first.
    pub advice: Vec<AdviceLine>,
    /// It was there already.
    pub is_repeat: bool,
}

/// A test as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct ExertionLine {
    /// As it was told.
    pub test: ExertionTest,
    /// Its value at rest, with what was answered about it.
    pub rest: Option<KeptReading>,
    /// Its lowest.
    pub lowest: Option<KeptReading>,
    /// The value after.
    pub recovery: Option<KeptReading>,
    /// Struck through: by whom and why, as JSON.
    pub struck: Option<String>,
}

impl ExertionLine {
    pub(crate) fn of(kept: KeptExertion) -> Self {
        let now = |part: Part| {
            let mut found = kept.told(part)?;
            for _ in 0..ANSWERS_AT_MOST {
                // What was answered has another reading in its place.
                match kept.by_id(answer_to(found.reading.id)) {
                    Some(answer) => found = answer,
                    None => break,
                }
            }
            Some(found.clone())
        };
        Self {
            rest: now(Part::Rest),
            lowest: now(Part::Lowest),
            recovery: now(Part::Recovery),
            struck: kept.struck,
            test: kept.test,
        }
    }

    /// The two readings that it is judged by; none where one of them, or the test, was struck out.
    #[must_use]
    pub fn pair(&self) -> Option<Pair<'_>> {
        let counts = |kept: &&KeptReading| kept.struck.is_none() && self.struck.is_none();
        Some(Pair {
            rest: &self.rest.as_ref().filter(counts)?.reading,
            lowest: &self.lowest.as_ref().filter(counts)?.reading,
        })
    }

    /// It is a test: whoever did it was high enough at rest, and nothing of its pair was struck out.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.pair().is_some_and(|pair| pair.is_of_a_test())
    }

    /// What this plan finds of it: `None` where it does not count.
    #[must_use]
    pub fn band(&self, plan: &MonitoringPlan) -> Option<Band> {
        self.pair()?.band(plan)
    }

    fn holds(&self, reading: ReadingId) -> bool {
        let is_it = |kept: &Option<KeptReading>| {
            kept.as_ref().is_some_and(|kept| kept.reading.id == reading)
        };
        is_it(&self.rest) || is_it(&self.lowest)
    }
}

/// Why a test was not entered.
#[derive(Debug, thiserror::Error)]
pub enum ExertionError {
    /// The test itself.
    #[error(transparent)]
    Refused(#[from] ExertionRefused),
    /// As for any other entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl From<StoreError> for ExertionError {
    fn from(error: StoreError) -> Self {
        Self::Entry(error.into())
    }
}

impl From<HandError> for ExertionError {
    fn from(error: HandError) -> Self {
        Self::Entry(error.into())
    }
}

impl Wards {
    /// Enters an exertion test.
    ///
    /// # Errors
    /// [`ExertionError`].
    pub async fn enter_exertion(
        &self,
        entering: Entering,
        new: NewExertion,
    ) -> Result<ExertionEntered, ExertionError> {
        let wards = self.clone();
        to_the_end(async move { wards.append_exertion(entering, new).await }).await
    }

    async fn append_exertion(
        &self,
        entering: Entering,
        new: NewExertion,
    ) -> Result<ExertionEntered, ExertionError> {
        let (ward, stay) = (entering.ward, entering.stay);
        // A sheet's values may be on record already, and what meets itself there would be in no pair.
        if entering.means == Means::Paper {
            return Err(EntryError::Means.into());
        }
        let opened = self.store.open_ledger(ward).await?;
        let mut ledger = opened.ok_or(EntryError::NoSuchStay)?;
        let now = self.clock.now();
        let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
        let (admitted_at, plan) = (record.stay.admitted_at, record.stay.plan.clone());
        new.told.checked(new.is_so, new.as_readings)?;
        let there = ledger.exertion(stay, new.id).await?;
        let is_repeat = there.is_some();
        let times = match &there {
            // A repeat is of the time at which it was told first.
            Some(there) if there.test.told == new.told => None,
            Some(_) => return Err(EntryError::UsedId.into()),
            None => Some(new.told.times(admitted_at, now)?),
        };
        let at = times.map(|times| times.lowest);
        let readings = hand_readings(&new, &entering, times);
        let recorded = record_by_hand(
            &mut ledger,
            stay,
            readings,
            entering.author,
            entering.means,
            now,
        )
        .await?;
        if let Some(at) = at {
            let test = ExertionTest {
                id: new.id,
                stay,
                told: new.told,
                at,
                author: entering.author,
                means: entering.means,
                carer: entering.carer.clone(),
                typed_by: entering.typed_by,
                entered_at: now,
            };
            ledger.insert_exertion(&test).await?;
        }
        let kept = ledger.exertion(stay, new.id).await?;
        let line = ExertionLine::of(kept.ok_or(EntryError::NoSuchReading)?);
        // A test that nothing can judge is not taken: nobody would hear of its lowest.
        if !is_repeat && line.pair().is_none() {
            return Err(EntryError::NoSuchReading.into());
        }
        if !is_repeat {
            let follows = follows(&mut ledger, stay, &line, now).await?;
            let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
            let of = record.stay.clone();
            append_and_tell(&mut ledger, &of, follows, now).await?;
        }

        let record = ledger.stay(stay).await?.ok_or(EntryError::NoSuchStay)?;
        let of = record.stay.clone();
        let mut situation = situation_of(&of, &recorded);
        // The words for an amber speak of a value at rest; those for a red are right of any value.
        let is_of_now = line.test.at >= now.minus(PAGES_UP_TO_AGE);
        if is_of_now && line.band(&plan) == Some(Band::Red) {
            situation.band = Some(Band::Red);
        }
        let language = answered_in(&mut ledger, &entering).await?;
        let advice = advice_lines(ledger.ward(), &plan, situation, language, now);
        if is_repeat {
            ledger.close().await?;
        } else {
            let head = ledger.commit().await?;
            self.bell.ring(ward, head);
            tracing::info!(%ward, %stay, "exertion test entered");
        }
        Ok(ExertionEntered {
            line,
            recorded,
            advice,
            is_repeat,
        })
    }

    /// The newest exertion tests of a stay, the newest first, struck ones among them.
    ///
    /// # Errors
    /// [`EntryError::NoSuchStay`] and [`EntryError::Unavailable`].
    pub async fn exertions(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<(StayRecord, Vec<ExertionLine>), EntryError> {
        let record = self.stay_on(permit, stay).await?;
        let tests = self.store.exertions_of(stay).await?;
        Ok((record, tests.into_iter().map(ExertionLine::of).collect()))
    }
}

/// What was measured, each in its circumstances. Without times they are of now: a repeat is known by its ids.
fn hand_readings(new: &NewExertion, entering: &Entering, times: Option<Times>) -> Vec<HandReading> {
    let told = &new.told;
    let reading = |part: Part, typed: Typed, context: Context, at: Option<Timestamp>| HandReading {
        id: part.reading_of(new.id),
        typed,
        at,
        context,
        observations: ObservationSet {
            oxygen: told.oxygen,
            ..ObservationSet::default()
        },
        carer: entering.carer.clone(),
        typed_by: entering.typed_by,
    };
    let recovery = told.typed_recovery().map(|typed| {
        let at = times.and_then(|times| times.recovery);
        reading(Part::Recovery, typed, Context::Recovery, at)
    });
    let rest = times.map(|times| times.rest);
    let lowest = times.map(|times| times.lowest);
    [
        reading(Part::Rest, told.rest, Context::Rest, rest),
        reading(Part::Lowest, told.lowest, Context::Exertion, lowest),
    ]
    .into_iter()
    .chain(recovery)
    .collect()
}

/// What follows from a test by the readings that count now.
async fn follows(
    ledger: &mut Ledger,
    stay: StayId,
    line: &ExertionLine,
    now: Timestamp,
) -> Result<Vec<WardEvent>, StoreError> {
    let Some(pair) = line.pair() else {
        return Ok(Vec::new());
    };
    let newer = ledger.exertions_of(stay).await?.into_iter();
    let newer: Vec<ExertionLine> = newer
        .filter(|kept| kept.test.at > line.test.at)
        .map(ExertionLine::of)
        .collect();
    let Some(record) = ledger.stay(stay).await?.cloned() else {
        return Ok(Vec::new());
    };
    let plan = &record.stay.plan;
    let is_over = newer
        .iter()
        .filter_map(ExertionLine::pair)
        .any(|pair| pair.is_surely_negative(plan));
    let open = ledger.open_alerts_about(&[Subject::Stay(stay)]).await?;
    let event = assess_exertion(&record.stay, &record.state, &open, pair, is_over, now);
    Ok(event.into_iter().collect())
}

/// Whether a standing pair is judged by this reading: also one that is no test, since whoever did it was low at rest. What fell
/// in it is told by the pair alone.
pub(crate) async fn is_of_a_test(
    ledger: &mut Ledger,
    stay: StayId,
    reading: ReadingId,
) -> Result<bool, StoreError> {
    let tests = ledger.exertions_of(stay).await?;
    let mut standing = tests.into_iter().map(ExertionLine::of);
    Ok(standing.any(|line| line.pair().is_some() && line.holds(reading)))
}

/// What follows for a test when a question about one of its two readings was answered: `right` counts now.
pub(crate) async fn judged_with_answer(
    ledger: &mut Ledger,
    stay: StayId,
    right: &Reading,
    now: Timestamp,
) -> Result<Vec<WardEvent>, StoreError> {
    let tests = ledger.exertions_of(stay).await?;
    let line = tests
        .into_iter()
        .map(ExertionLine::of)
        .find(|line| line.holds(right.id));
    match line {
        Some(line) => follows(ledger, stay, &line, now).await,
        None => Ok(Vec::new()),
    }
}
