//! What a patient's own pages say of where things stand: whose they are, when the ward looks, what is due, when somebody
//! rings, and what the ward has received and seen.

use std::collections::BTreeMap;

use ward_core::alert::{Alert, State, Subject};
use ward_core::call_list::{Reason, Standing, rank};
use ward_core::care::CarePlan;
use ward_core::contact::{ContactState, Why};
use ward_core::day::Zone;
use ward_core::hand::Odd;
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::patient::Patient;
use ward_core::plan::Band;
use ward_core::reading::{Measured, Values};
use ward_core::silence::{Awaited, Slot, current};
use ward_core::stay::Stay;
use ward_core::time::Timestamp;
use ward_core::ward::Ward;
use ward_store::StoreError;

use crate::chart::ChartLine;
use crate::error::{Unavailable, to_the_end};
use crate::patient_access::AtHome;
use crate::wards::Wards;

/// So many of the newest things that came in are told of.
const TOLD: u32 = 12;

/// Whose pages these are, and how their ward works.
#[derive(Clone, Debug)]
pub struct Home {
    /// The ward that the stay is on.
    pub ward: Ward,
    /// Days and times of day are this zone's.
    pub zone: Zone,
    /// The person.
    pub patient: Patient,
    /// Their stay.
    pub stay: Stay,
    /// What its plan asks for.
    pub care: CarePlan,
    /// The carer who is at this page, by name; nobody: the patient.
    pub carer: Option<String>,
    /// Now.
    pub now: Timestamp,
}

/// Whether somebody looks at readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Somebody does now.
    pub now: bool,
    /// When somebody next does; `None`: nobody ever.
    pub next: Option<Timestamp>,
}

/// When the ward rings next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextCall {
    /// At a time that was agreed.
    At(Timestamp),
    /// Somebody comes to the home.
    Visit(Timestamp),
    /// On this day.
    On(jiff::civil::Date),
    /// The stay is paused or over, or nothing is planned.
    NotPlanned,
}

/// What is due, and who rings when.
#[derive(Clone, Debug)]
pub struct Today {
    /// The slot of a reading that is open or comes next.
    pub reading: Option<Slot>,
    /// A reading has come in for it.
    pub reading_done: bool,
    /// The slot of the diary that is open or comes next.
    pub diary: Option<Slot>,
    /// The diary of it has come in.
    pub diary_done: bool,
    /// When the ward rings.
    pub call: NextCall,
    /// Who has taken the call, by name.
    pub caller: Option<String>,
    /// Readings that look unusual, and wait for an answer.
    pub asked: Vec<ReadingId>,
}

/// Something that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// What.
    pub what: What,
    /// When it was measured or written.
    pub at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// When somebody of the ward has looked since.
    pub seen_at: Option<Timestamp>,
}

/// What came in.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Values, their band by the plan, and what is asked about them.
    Reading(ReadingId, Values, Band, Option<Odd>),
    /// A try without a value.
    NoValue(ReadingId),
    /// Answers.
    Diary(EntryId),
}

impl Home {
    /// Whether somebody looks at readings now, and when next.
    #[must_use]
    pub fn watched(&self) -> Watched {
        let staffed = &self.ward.staffed;
        Watched {
            now: staffed.is_staffed(&self.zone, self.now),
            next: staffed.next_staffed(&self.zone, self.now),
        }
    }
}

impl Wards {
    /// Whose pages a token opens, and how their ward works.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn home(&self, who: &AtHome) -> Result<Option<Home>, Unavailable> {
        let (wards, who) = (self.clone(), who.clone());
        Ok(to_the_end::<_, StoreError>(async move {
            let record = wards.store.stay(who.stay).await?;
            let Some(stay) = record.map(|record| record.stay) else {
                return Ok(None);
            };
            let ward = wards.store.ward(stay.ward).await?;
            let patient = wards.store.patient(stay.patient).await?;
            let care = wards.store.own_care(stay.id).await?;
            Ok(ward.zip(patient).map(|(ward, patient)| Home {
                care: care.unwrap_or_else(|| ward.default_care.clone()),
                zone: ward.zone(),
                ward,
                patient,
                stay,
                carer: who.carer,
                now: wards.clock.now(),
            }))
        })
        .await?)
    }

    /// What is due, and when the ward rings.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn today_at_home(&self, home: &Home) -> Result<Today, Unavailable> {
        let (wards, home) = (self.clone(), home.clone());
        Ok(to_the_end::<_, StoreError>(async move {
            let stay = home.stay.id;
            let contact = wards.store.contact_state(stay).await?;
            let alerts = wards.alerts_of(&home).await?;
            let call = next_call(&home, &contact, &alerts);
            let caller = match contact.claim_on(home.ward.id) {
                Some(claim) => wards.store.clinician(claim.by).await?.map(|it| it.name),
                None => None,
            };
            let chart = wards.store.chart_of(stay, None, TOLD).await?;
            let diary = wards.store.diary_of(stay, None, 1).await?;
            let slot = |schedule, awaited| current(schedule, awaited, &home.zone, home.now);
            let reading = slot(&home.care.schedule, Awaited::Reading);
            let asks = home.care.diary.as_ref();
            let diary_slot = asks.and_then(|asks| slot(&asks.schedule, Awaited::Diary));
            let lines: Vec<ChartLine> = chart.into_iter().map(ChartLine::of).collect();
            let came = |slot: &Option<Slot>, at: Timestamp| slot.is_some_and(|it| it.opens <= at);
            Ok(Today {
                reading_done: lines.iter().any(|line| {
                    line.kept.struck.is_none()
                        && matches!(line.kept.reading.measured, Measured::Values(_))
                        && came(&reading, line.kept.reading.effective_at)
                }),
                diary_done: diary
                    .iter()
                    .any(|kept| kept.struck.is_none() && came(&diary_slot, kept.entry.at)),
                asked: lines
                    .iter()
                    .filter(|line| line.asked.is_some())
                    .map(|line| line.kept.reading.id)
                    .collect(),
                reading,
                diary: diary_slot,
                call,
                caller,
            })
        })
        .await?)
    }

    /// What has come in of a person, the newest first, and when somebody of the ward has looked since.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn received_at_home(&self, home: &Home) -> Result<Vec<Received>, Unavailable> {
        let (wards, home) = (self.clone(), home.clone());
        Ok(to_the_end::<_, StoreError>(async move {
            let stay = home.stay.id;
            let mut all = Vec::new();
            for kept in wards.store.chart_of(stay, None, 2 * TOLD).await? {
                if kept.struck.is_some() || kept.copy_of.is_some() {
                    continue;
                }
                let line = ChartLine::of(kept);
                let reading = line.kept.reading;
                let what = match reading.measured {
                    Measured::Values(values) => {
                        let band = home.stay.plan.band(values.spo2);
                        What::Reading(reading.id, values, band, line.asked)
                    }
                    Measured::Attempt { .. } => What::NoValue(reading.id),
                };
                all.push((what, reading.effective_at, reading.received_at));
            }
            for kept in wards.store.diary_of(stay, None, TOLD).await? {
                if kept.struck.is_none() {
                    let entry = kept.entry;
                    all.push((What::Diary(entry.id), entry.at, entry.recorded_at));
                }
            }
            all.sort_by_key(|(_, at, _)| std::cmp::Reverse(*at));
            all.truncate(usize::try_from(TOLD).unwrap_or(usize::MAX));
            let looks = wards.looks_at(&home).await?;
            let mut seen: BTreeMap<Timestamp, Option<Timestamp>> = BTreeMap::new();
            let mut received = Vec::with_capacity(all.len());
            for (what, at, received_at) in all {
                let seen_at = match seen.get(&received_at) {
                    Some(known) => *known,
                    None => wards.seen_after(stay, received_at, &looks).await?,
                };
                seen.insert(received_at, seen_at);
                received.push(Received {
                    what,
                    at,
                    received_at,
                    seen_at,
                });
            }
            Ok(received)
        })
        .await?)
    }

    /// When somebody of the ward first had this person in front of them at `since` or later: opened the record, took an
    /// alert, or spoke with them.
    pub(crate) async fn seen_since(
        &self,
        home: &Home,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let looks = self.looks_at(home).await?;
        self.seen_after(home.stay.id, since, &looks).await
    }

    async fn seen_after(
        &self,
        stay: StayId,
        since: Timestamp,
        looks: &[Timestamp],
    ) -> Result<Option<Timestamp>, StoreError> {
        let opened = self.store.first_view_since(stay, since).await?;
        let looked = looks.iter().copied().filter(|at| *at >= since);
        Ok(looked.chain(opened).min())
    }

    async fn looks_at(&self, home: &Home) -> Result<Vec<Timestamp>, StoreError> {
        let contact = self.store.contact_state(home.stay.id).await?;
        let spoken = contact.reached.map(|reached| reached.at);
        let alerts = self.alerts_of(home).await?;
        let taken = alerts.iter().filter_map(|alert| match alert.state {
            State::Acknowledged { at, .. } => Some(at),
            State::Raised | State::Resolved { .. } => None,
        });
        Ok(taken.chain(spoken).collect())
    }

    async fn alerts_of(&self, home: &Home) -> Result<Vec<Alert>, StoreError> {
        let mut alerts = self.store.open_alerts(home.ward.id).await?;
        alerts.retain(|alert| alert.subject == Subject::Stay(home.stay.id));
        Ok(alerts)
    }
}

/// What the call list says of this person, as far as it is a promise to them.
fn next_call(home: &Home, contact: &ContactState, alerts: &[Alert]) -> NextCall {
    let standing = Standing {
        stay: &home.stay,
        care: &home.care,
        contact,
        alerts: alerts.iter().collect(),
    };
    let list = rank(&[standing], home.now, &home.zone);
    let due = list.to_call.first();
    let agreed = due.and_then(|row| {
        row.reasons.iter().find_map(|reason| match reason {
            Reason::Asked { why, due } if *due > home.now => Some((*why, *due)),
            Reason::Asked { .. }
            | Reason::Alert { .. }
            | Reason::CarriedOver { .. }
            | Reason::NewToday
            | Reason::DueToday { .. } => None,
        })
    });
    match (agreed, due, list.not_due.first()) {
        (Some((Why::Visit, at)), ..) => NextCall::Visit(at),
        (Some((_, at)), ..) => NextCall::At(at),
        // Nobody rings tonight from a ward that has closed.
        (None, Some(_), _) => home.watched().next.map_or(NextCall::NotPlanned, |at| {
            NextCall::On(home.zone.day_of(at))
        }),
        (None, None, Some(row)) => row.next_on.map_or(NextCall::NotPlanned, NextCall::On),
        (None, None, None) => NextCall::NotPlanned,
    }
}
