//! The list of new positive results: taken in, and reviewed one by one.

use jiff::civil::Date;
use ward_core::day::Zone;
use ward_core::event::{PathwayEvent, WardEvent};
use ward_core::id::{CaseId, PatientId, ReferralId, WardId};
use ward_core::pathway::case_finding::{Case, Review, ReviewRefused, State};
use ward_core::pathway::referral::{Answer, DeclineReason, Referral, Source};
use ward_core::pathway::registration::checked;
use ward_core::patient::{Details, NhsNumber, PARAGRAPH, Patient, TooLong, fits};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::StoreError;

use super::refer::{NewReferral, ReferError};
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// People on one list at most: a town's new results of a bad day.
pub const CASES_AT_MOST: usize = 2_000;

/// People on one page of the review.
pub const CASES_ON_A_PAGE: i64 = 500;

/// A result that is older than this is not new.
const RESULT_AT_MOST_DAYS: i32 = 28;

/// The columns that a list must have; `phone` and `address` may be missing.
const COLUMNS: [&str; 5] = [
    "nhs_number",
    "family_name",
    "given_name",
    "birth_date",
    "result_date",
];

/// What became of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// People who are new on the list.
    pub new: u32,
    /// People who stood on it with the same result.
    pub known: u32,
    /// Lines that were not taken.
    pub refused: Vec<RefusedLine>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// From 1; the first holds the names of the columns.
    pub line: u64,
    /// Why. It says the column, never what stood in it.
    pub reason: String,
}

/// Why a list was not taken, or a person on it not reviewed.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The head of the list.
    #[error(
        "the first line must name the columns nhs_number, family_name, given_name, birth_date and result_date; phone and \
         address may stand beside them. Missing: {0}"
    )]
    Columns(&'static str),
    /// Too long.
    #[error("a list may have {CASES_AT_MOST} lines: send it in smaller parts")]
    TooMany,
    /// Not text.
    #[error("the list is not UTF-8 text: save it as CSV UTF-8")]
    NotText,
    /// Nobody of this id on this ward's list.
    #[error("there is no such person on this ward's list")]
    NoSuchCase,
    /// Decided already, or not to be decided so.
    #[error(transparent)]
    Review(#[from] ReviewRefused),
    /// A text.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// The referral that would follow.
    #[error(transparent)]
    Refer(#[from] ReferError),
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What a reviewer says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Take them on: a referral is made.
    Accept {
        /// What the person said, if they were asked.
        consent: Option<Answer>,
        /// Somebody has compared them with those who are like them.
        confirmed_new: bool,
    },
    /// Not for this ward.
    Decline(DeclineReason),
    /// Look again on that day.
    Defer {
        /// A day of the coming week.
        until: Date,
        /// Why.
        reason: String,
    },
}

/// Where each column stands.
struct Columns {
    wanted: [usize; 5],
    phone: Option<usize>,
    address: Option<usize>,
}

impl Columns {
    fn of(head: &csv::StringRecord) -> Result<Self, CaseError> {
        let place = |name: &str| {
            head.iter()
                .position(|column| column.trim().eq_ignore_ascii_case(name))
        };
        let mut wanted = [0; 5];
        for (slot, name) in wanted.iter_mut().zip(COLUMNS) {
            *slot = place(name).ok_or(CaseError::Columns(name))?;
        }
        Ok(Self {
            wanted,
            phone: place("phone"),
            address: place("address"),
        })
    }

    fn read(
        &self,
        row: &csv::StringRecord,
        id: CaseId,
        ward: WardId,
        imported_at: Timestamp,
        today: Date,
    ) -> Result<Case, String> {
        let text = |place: usize| {
            row.get(place)
                .unwrap_or_default()
                .trim()
                .replace('\0', "\u{FFFD}")
        };
        let [number, family, given, birth, result] = self.wanted.map(text);
        let nhs_number = number
            .parse::<NhsNumber>()
            .map_err(|why| format!("nhs_number: {why}"))?;
        let birth_date = birth
            .parse()
            .map_err(|_| "birth_date: write year-month-day, for example 1948-03-09".to_owned())?;
        let result_on: Date = result
            .parse()
            .map_err(|_| "result_date: write year-month-day, for example 2026-11-20".to_owned())?;
        let oldest = today.saturating_sub(jiff::Span::new().days(RESULT_AT_MOST_DAYS));
        if result_on > today || result_on < oldest {
            return Err(format!(
                "result_date: must lie between {oldest} and {today}"
            ));
        }
        let case = Case {
            id,
            ward,
            imported_at,
            nhs_number,
            family_name: family,
            given_name: given,
            birth_date,
            phone: self.phone.map(text).unwrap_or_default(),
            address: self.address.map(text).unwrap_or_default(),
            result_on,
            state: State::New,
        };
        let person = checked(person_of(&case, PatientId(case.id.0)), today);
        person.map_err(|why| why.to_string())?;
        Ok(case)
    }
}

fn person_of(case: &Case, id: PatientId) -> Patient {
    Patient {
        id,
        nhs_number: case.nhs_number.clone(),
        family_name: case.family_name.clone(),
        given_name: case.given_name.clone(),
        birth_date: case.birth_date,
        phone: case.phone.clone(),
        address: case.address.clone(),
        door_access: String::new(),
        others_at_home: String::new(),
        oxygen_at_home: String::new(),
        escalation_plan: String::new(),
        details: Details::default(),
    }
}

impl Wards {
    /// Takes in a list of people with a new positive result, as CSV. Each line is taken or refused on its own; one that was
    /// taken before is known again.
    ///
    /// # Errors
    /// [`CaseError`]: nothing was taken.
    pub async fn import_cases(
        &self,
        permit: &Permit,
        list: Vec<u8>,
    ) -> Result<Imported, CaseError> {
        let list = String::from_utf8(list).map_err(|_| CaseError::NotText)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let now = wards.clock.now();
            let ward = wards.store.ward(permit.ward).await?;
            let today = ward.ok_or(CaseError::NoSuchCase)?.zone().day_of(now);
            // The list is read before the ward is locked.
            let (cases, mut imported) = wards.read_list(permit.ward, &list, now, today)?;
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(CaseError::NoSuchCase)?;
            for case in &cases {
                if ledger.insert_case(case).await? {
                    imported.new = imported.new.saturating_add(1);
                } else {
                    imported.known = imported.known.saturating_add(1);
                }
            }
            let (new, by) = (imported.new, permit.clinician);
            ledger.append(WardEvent::Pathway(PathwayEvent::CasesImported { new, by }), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, new, known = imported.known, refused = imported.refused.len(), "list taken in");
            Ok(imported)
        })
        .await
    }

    fn read_list(
        &self,
        ward: WardId,
        list: &str,
        now: Timestamp,
        today: Date,
    ) -> Result<(Vec<Case>, Imported), CaseError> {
        // What spreadsheets put before the first character.
        let list = list.strip_prefix('\u{FEFF}').unwrap_or(list);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(list.as_bytes());
        let head = reader.headers().map_err(|_| CaseError::NotText)?.clone();
        let columns = Columns::of(&head)?;
        let mut imported = Imported::default();
        let mut cases = Vec::new();
        for (row, place) in reader.records().zip(1_u64..) {
            if cases.len() + imported.refused.len() >= CASES_AT_MOST {
                return Err(CaseError::TooMany);
            }
            let line = row
                .as_ref()
                .ok()
                .and_then(|row| Some(row.position()?.line()))
                .unwrap_or(place + 1);
            let id = CaseId(self.clock.new_id());
            let read = row
                .map_err(|_| "this line cannot be read as CSV".to_owned())
                .and_then(|row| columns.read(&row, id, ward, now, today));
            match read {
                Ok(case) => cases.push(case),
                Err(reason) => imported.refused.push(RefusedLine { line, reason }),
            }
        }
        Ok((cases, imported))
    }

    /// The people on the ward's list who are to be looked at today, the longest on it first; or everybody in one state.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn cases(
        &self,
        permit: &Permit,
        state: Option<&'static str>,
    ) -> Result<Vec<Case>, Unavailable> {
        let (ward, limit) = (permit.ward, CASES_ON_A_PAGE);
        if let Some(state) = state {
            return Ok(self.store.cases(ward, state, limit).await?);
        }
        let today = self.today(ward).await?;
        let mut due = self.store.cases(ward, "deferred", limit).await?;
        due.retain(|case| case.is_due(today));
        due.extend(self.store.cases(ward, "new", limit).await?);
        due.sort_by_key(|case| (case.imported_at, case.id));
        Ok(due)
    }

    /// The present day of a ward; of Greenwich, should the ward be gone.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn today(&self, ward: WardId) -> Result<Date, Unavailable> {
        let ward = self.store.ward(ward).await?;
        let zone = ward.map_or_else(Zone::utc, |ward| ward.zone());
        Ok(zone.day_of(self.clock.now()))
    }

    /// Reviews one person of the list. An acceptance makes the referral in the same transaction.
    ///
    /// # Errors
    /// [`CaseError`].
    pub async fn review_case(
        &self,
        permit: &Permit,
        id: CaseId,
        said: Said,
    ) -> Result<(Case, Option<Referral>), CaseError> {
        if let Said::Defer { reason, .. } = &said {
            fits("reason", reason, PARAGRAPH)?;
        }
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let known = wards.store.case(permit.ward, id).await?;
            let known = known.ok_or(CaseError::NoSuchCase)?;
            let person = person_of(&known, PatientId(wards.clock.new_id()));
            let others = wards.possible_duplicates(&permit, &person).await?;
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(CaseError::NoSuchCase)?;
            let case = ledger.case(id).await?.ok_or(CaseError::NoSuchCase)?;
            let now = wards.clock.now();
            let today = ledger.ward().zone().day_of(now);
            let by = permit.clinician;
            let (after, referral) = match said {
                Said::Decline(reason) => {
                    (case.after(&Review::Decline(reason), by, today, now)?, None)
                }
                Said::Defer { until, reason } => {
                    let review = Review::Defer { until, reason };
                    (case.after(&review, by, today, now)?, None)
                }
                Said::Accept {
                    consent,
                    confirmed_new,
                } => {
                    // First whether it can be decided at all.
                    case.after(&Review::Accept(ReferralId(id.0)), by, today, now)?;
                    let new = NewReferral {
                        person,
                        source: Source::CaseFinding,
                        referred_by: "case finding".to_owned(),
                        reason: format!("positive result of {}", case.result_on),
                        consent,
                        inpatient_spell_ended_at: None,
                        confirmed_new,
                    };
                    let referral = wards.refer_in(&mut ledger, &permit, new, &others).await?;
                    let review = Review::Accept(referral.id);
                    (case.after(&review, by, today, now)?, Some(referral))
                }
            };
            ledger.put_case(&after).await?;
            let state = after.state.name().to_owned();
            let event = PathwayEvent::CaseReviewed { case: id, state, by };
            ledger.append(WardEvent::Pathway(event), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::info!(ward = %permit.ward, case = %id, state = after.state.name(), "case reviewed");
            Ok((after, referral))
        })
        .await
    }
}
