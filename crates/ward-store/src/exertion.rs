//! Exertion tests of a stay, with the readings that they are made of.

use ward_core::correction::Strike;
use ward_core::exertion::{ExertionTest, Part, RECOVERY_AT_MOST, TAKES};
use ward_core::id::{ExertionId, ReadingId, StayId};

use crate::chart::{KeptReading, ReadingRow};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    EXERTION, EXERTIONS_OF_STAY, HAND_READINGS_BETWEEN, INSERT_EXERTION, STRIKE_EXERTION,
};
use crate::store::Store;

/// So many of a stay's newest tests are looked at: more than three a day for two weeks.
const TESTS_AT_MOST: i64 = 50;

/// A test as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptExertion {
    /// The test.
    pub test: ExertionTest,
    /// What stands on record of the time in which it was done, as the chart has it: its readings, those that took their
    /// place after a question, and others of that time.
    pub around: Vec<KeptReading>,
    /// Struck through: by whom and why, as JSON.
    pub struck: Option<String>,
}

impl KeptExertion {
    /// The reading of this part as it was told.
    #[must_use]
    pub fn told(&self, part: Part) -> Option<&KeptReading> {
        self.by_id(part.reading_of(self.test.id))
    }

    /// The reading with this id, among those of its time.
    #[must_use]
    pub fn by_id(&self, id: ReadingId) -> Option<&KeptReading> {
        self.around.iter().find(|kept| kept.reading.id == id)
    }
}

#[derive(sqlx::FromRow)]
struct ExertionRow {
    test_id: uuid::Uuid,
    struck: Option<String>,
    body: String,
}

impl ExertionRow {
    fn into_kept(self) -> Result<KeptExertion, StoreError> {
        Ok(KeptExertion {
            test: from_json("exertion_test", self.test_id, &self.body)?,
            around: Vec::new(),
            struck: self.struck,
        })
    }
}

impl KeptExertion {
    /// From when until when its readings were measured, in milliseconds.
    fn span(&self) -> (i64, i64) {
        let at = self.test.at;
        (
            at.minus(TAKES).as_millis(),
            at.plus(RECOVERY_AT_MOST).as_millis(),
        )
    }

    fn with(mut self, rows: Vec<ReadingRow>) -> Result<Self, StoreError> {
        self.around = rows
            .into_iter()
            .map(ReadingRow::into_kept)
            .collect::<Result<_, _>>()?;
        Ok(self)
    }
}

impl Ledger {
    /// The test of a stay with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exertion(
        &mut self,
        stay: StayId,
        id: ExertionId,
    ) -> Result<Option<KeptExertion>, StoreError> {
        let row: Option<ExertionRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(EXERTION)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(id.0)
            .fetch_optional(conn)
            .await)?;
        match row {
            Some(row) => {
                let kept = row.into_kept()?;
                Ok(Some(self.with_readings(stay, kept).await?))
            }
            None => Ok(None),
        }
    }

    /// The newest tests of a stay, the newest first, struck ones among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exertions_of(&mut self, stay: StayId) -> Result<Vec<KeptExertion>, StoreError> {
        let rows: Vec<ExertionRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(EXERTIONS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(TESTS_AT_MOST)
            .fetch_all(conn)
            .await)?;
        let mut tests = Vec::with_capacity(rows.len());
        for row in rows {
            let kept = row.into_kept()?;
            tests.push(self.with_readings(stay, kept).await?);
        }
        Ok(tests)
    }

    async fn with_readings(
        &mut self,
        stay: StayId,
        kept: KeptExertion,
    ) -> Result<KeptExertion, StoreError> {
        let (from, until) = kept.span();
        let rows: Vec<ReadingRow> = in_tx!(&mut self.tx, conn => sqlx::query_as(HAND_READINGS_BETWEEN)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(from)
            .bind(until)
            .fetch_all(conn)
            .await)?;
        kept.with(rows)
    }

    /// Stores a test. Look first whether it is there: see [`Ledger::exertion`]. Its readings are stored as any others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_exertion(&mut self, test: &ExertionTest) -> Result<(), StoreError> {
        let body = to_json("exertion_test", test)?;
        let inserted = in_tx!(&mut self.tx, conn => sqlx::query(INSERT_EXERTION)
            .bind(self.organisation.0)
            .bind(test.stay.0)
            .bind(test.at.as_millis())
            .bind(test.id.0)
            .bind(&body)
            .execute(conn)
            .await
            .map(|_| ()));
        self.health.step(inserted.map_err(StoreError::from))
    }

    /// Strikes a test through. It stays as what it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn strike_exertion(
        &mut self,
        stay: StayId,
        id: ExertionId,
        strike: &Strike,
    ) -> Result<(), StoreError> {
        let struck = to_json("exertion_test", strike)?;
        in_tx!(&mut self.tx, conn => sqlx::query(STRIKE_EXERTION)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(id.0)
            .bind(&struck)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Store {
    /// The newest tests of a stay, the newest first, struck ones among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exertions_of(&self, stay: StayId) -> Result<Vec<KeptExertion>, StoreError> {
        let rows: Vec<ExertionRow> = reading!(self, conn => sqlx::query_as(EXERTIONS_OF_STAY)
            .bind(self.organisation.0)
            .bind(stay.0)
            .bind(TESTS_AT_MOST)
            .fetch_all(conn)
            .await)?;
        let mut tests = Vec::with_capacity(rows.len());
        for row in rows {
            let kept = row.into_kept()?;
            let (from, until) = kept.span();
            let rows: Vec<ReadingRow> = reading!(self, conn => sqlx::query_as(HAND_READINGS_BETWEEN)
                .bind(self.organisation.0)
                .bind(stay.0)
                .bind(from)
                .bind(until)
                .fetch_all(conn)
                .await)?;
            tests.push(kept.with(rows)?);
        }
        Ok(tests)
    }
}
