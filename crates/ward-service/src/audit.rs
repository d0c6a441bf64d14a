//! Who did what, and who looked at whom: the ward's log and the looks at records on one line of time, newest first.

use std::collections::BTreeSet;

use uuid::Uuid;
use ward_core::event::{About, WardEvent};
use ward_core::id::{ClinicianId, PatientId, Seq, StayId};
use ward_core::patient::Patient;
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{Entry, Looked, RecordView, ViewsAsked};

use crate::error::Unavailable;
use crate::wards::Wards;

/// Entries of the log that are read at once.
const AT_ONCE: u32 = 500;

/// Entries of the log that one page looks through at most: most are readings, which nobody of the staff did.
const LOOKED_THROUGH_AT_MOST: usize = 10_000;

/// What of the audit is asked for.
#[derive(Clone, Copy, Debug)]
pub struct AuditAsked {
    /// From.
    pub from: Timestamp,
    /// Until, not included.
    pub until: Timestamp,
    /// What this person did; nobody: everybody.
    pub by: Option<ClinicianId>,
    /// What concerns this person: any of their stays, and the way there.
    pub patient: Option<PatientId>,
    /// Also what bridges and patients sent and what followed from rules.
    pub also_without_person: bool,
}

/// Up to where the audit was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditMark {
    /// The log, before this number.
    pub seq: Option<Seq>,
    /// The looks, before this one.
    pub view: Option<(Timestamp, Uuid)>,
}

/// What somebody did.
#[derive(Clone, Debug)]
pub enum AuditWhat {
    /// It stands on the log.
    Did(Seq, Box<WardEvent>),
    /// An entry of the log that this program cannot read.
    Unreadable(Seq),
    /// They opened a record.
    Looked(String),
}

/// One line of the audit.
#[derive(Clone, Debug)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who; nobody: the service itself, a bridge, or a patient.
    pub by: Option<ClinicianId>,
    /// Whom it concerns.
    pub about: Option<About>,
    /// What.
    pub what: AuditWhat,
}

/// A page of the audit.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins; nothing when this is all.
    pub next: Option<AuditMark>,
}

/// A piece of one of the two time lines.
struct Piece<K> {
    lines: std::collections::VecDeque<(K, AuditLine)>,
    /// Nothing follows.
    is_whole: bool,
    /// What is older than this was not looked at, if it is not whole.
    horizon: Timestamp,
}

impl<K> Piece<K> {
    fn next_at(&self) -> Option<Timestamp> {
        self.lines.front().map(|(_, line)| line.at)
    }
}

fn line_of(
    entry: Entry,
    asked: &AuditAsked,
    theirs: Option<&BTreeSet<About>>,
) -> Option<(Seq, AuditLine)> {
    let (seq, line) = match entry {
        Entry::Event(logged) => (
            logged.seq,
            AuditLine {
                at: logged.at,
                by: logged.event.by(),
                about: logged.event.about(),
                what: AuditWhat::Did(logged.seq, Box::new(logged.event)),
            },
        ),
        Entry::Unreadable { seq, at, .. } => (
            seq,
            AuditLine {
                at,
                by: None,
                about: None,
                what: AuditWhat::Unreadable(seq),
            },
        ),
    };
    let is_asked = asked.by.is_none_or(|by| line.by == Some(by))
        && theirs.is_none_or(|theirs| line.about.is_some_and(|about| theirs.contains(&about)))
        && (asked.also_without_person || line.by.is_some());
    is_asked.then_some((seq, line))
}

/// Two time lines on one, `limit` lines at most, and where to go on.
fn merged(
    mut log: Piece<Seq>,
    mut views: Piece<(Timestamp, Uuid)>,
    read_to: Option<Seq>,
    mark: AuditMark,
    limit: usize,
) -> AuditPage {
    let mut lines = Vec::new();
    let mut next = mark;
    while lines.len() < limit {
        let log_first = match (log.next_at(), views.next_at()) {
            (Some(one), Some(other)) => one >= other,
            (Some(_), None) => true,
            (None, Some(at)) if log.is_whole || at >= log.horizon => false,
            (None, _) => break,
        };
        if log_first {
            let Some((seq, line)) = log.lines.pop_front() else {
                break;
            };
            next.seq = Some(seq);
            lines.push(line);
        } else if let Some((key, line)) = views.lines.pop_front() {
            next.view = Some(key);
            lines.push(line);
        }
    }
    if log.lines.is_empty() {
        next.seq = read_to.or(next.seq);
    }
    let is_all = log.is_whole && log.lines.is_empty() && views.is_whole && views.lines.is_empty();
    AuditPage {
        lines,
        next: (!is_all).then_some(next),
    }
}

impl Wards {
    /// Who did what on the ward and who looked at whom, newest first.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn audit(
        &self,
        permit: &Permit,
        asked: AuditAsked,
        mark: AuditMark,
        limit: u32,
    ) -> Result<AuditPage, Unavailable> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut log = Piece {
            lines: std::collections::VecDeque::new(),
            is_whole: false,
            horizon: asked.until,
        };
        let theirs = match asked.patient {
            Some(patient) => Some(self.all_of(permit, patient).await?),
            None => None,
        };
        let (mut read_to, mut looked_through) = (mark.seq, 0);
        while log.lines.len() < wanted && looked_through < LOOKED_THROUGH_AT_MOST && !log.is_whole {
            let entries = self
                .store
                .entries_before(permit.ward, read_to, asked.until, AT_ONCE)
                .await?;
            log.is_whole = u32::try_from(entries.len()).is_ok_and(|count| count < AT_ONCE);
            looked_through += entries.len();
            for entry in entries {
                let at = entry.at();
                if at < asked.from {
                    log.is_whole = true;
                    break;
                }
                read_to = Some(entry.seq());
                log.horizon = at;
                log.lines.extend(line_of(entry, &asked, theirs.as_ref()));
            }
        }
        let views = self.looks(permit, &asked, mark, limit).await?;
        tracing::info!(ward = %permit.ward, by = %permit.clinician, "audit read");
        Ok(merged(log, views, read_to, mark, wanted))
    }

    async fn looks(
        &self,
        permit: &Permit,
        asked: &AuditAsked,
        mark: AuditMark,
        limit: u32,
    ) -> Result<Piece<(Timestamp, Uuid)>, Unavailable> {
        let views = ViewsAsked {
            by: asked.by,
            patient: asked.patient,
            from: asked.from,
            until: asked.until,
            before: mark.view,
            limit,
        };
        let found = self.store.views_before(permit.ward, views).await?;
        let line = |(id, view): (Uuid, RecordView)| {
            let line = AuditLine {
                at: view.at,
                by: Some(view.clinician),
                about: Some(match view.of {
                    Looked::Stay(stay) => About::Stay(stay),
                    Looked::Patient(patient) => About::Patient(patient),
                }),
                what: AuditWhat::Looked(view.what),
            };
            ((view.at, id), line)
        };
        Ok(Piece {
            is_whole: u32::try_from(found.len()).is_ok_and(|count| count < limit),
            lines: found.into_iter().map(line).collect(),
            horizon: asked.from,
        })
    }

    /// Everything that the log can say of a person: themselves, their stays, their referrals, and the new results that led
    /// to those.
    async fn all_of(
        &self,
        permit: &Permit,
        patient: PatientId,
    ) -> Result<BTreeSet<About>, Unavailable> {
        let mut all = BTreeSet::from([About::Patient(patient)]);
        let stays = self.store.where_is(patient).await?;
        all.extend(stays.into_iter().map(|of| About::Stay(of.stay)));
        let referrals = self.store.referrals_of(patient).await?;
        all.extend(referrals.into_iter().map(About::Referral));
        if let Some(person) = self.store.patient_of_ward(permit.ward, patient).await? {
            let cases = self.store.cases_of(permit.ward, &person.nhs_number);
            all.extend(cases.await?.into_iter().map(About::Case));
        }
        Ok(all)
    }

    /// Whose a stay is, if the permit's ward reaches them.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn patient_of_stay(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<Option<Patient>, Unavailable> {
        let Some(patient) = self.store.patient_of_stay(stay).await? else {
            return Ok(None);
        };
        Ok(self.store.patient_of_ward(permit.ward, patient.id).await?)
    }

    /// The name of whoever a line of the ward's own audit is about, also when they are out of its reach by now.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn name_in_audit(
        &self,
        permit: &Permit,
        about: About,
    ) -> Result<Option<String>, Unavailable> {
        let ward = permit.ward;
        let person = match about {
            About::Patient(patient) => self.store.patient(patient).await?,
            About::Stay(stay) => self.store.patient_of_stay(stay).await?,
            About::Referral(referral) => match self.store.referral(ward, referral).await? {
                Some(referral) => self.store.patient(referral.patient).await?,
                None => None,
            },
            About::Case(case) => {
                let case = self.store.case(ward, case).await?;
                return Ok(case.map(|case| case.display_name()));
            }
        };
        Ok(person.map(|person| person.display_name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64) -> AuditLine {
        AuditLine {
            at: Timestamp::from_millis(at),
            by: None,
            about: None,
            what: AuditWhat::Looked(String::new()),
        }
    }

    fn log(at: &[i64], is_whole: bool, horizon: i64) -> Piece<Seq> {
        Piece {
            lines: at.iter().map(|at| (Seq(*at), line(*at))).collect(),
            is_whole,
            horizon: Timestamp::from_millis(horizon),
        }
    }

    fn views(at: &[i64]) -> Piece<(Timestamp, Uuid)> {
        let key = |at: i64| (Timestamp::from_millis(at), Uuid::nil());
        Piece {
            lines: at.iter().map(|at| (key(*at), line(*at))).collect(),
            is_whole: true,
            horizon: Timestamp::from_millis(0),
        }
    }

    fn times(page: &AuditPage) -> Vec<i64> {
        page.lines.iter().map(|line| line.at.as_millis()).collect()
    }

    #[test]
    fn both_lines_of_time_are_one_and_a_page_goes_on_where_the_last_ended() {
        let mark = AuditMark::default();
        let page = merged(log(&[9, 5], true, 5), views(&[7, 6]), Some(Seq(5)), mark, 3);
        assert_eq!(times(&page), [9, 7, 6]);
        let next = page.next.unwrap();
        assert_eq!(next.seq, Some(Seq(9)));
        assert_eq!(next.view, Some((Timestamp::from_millis(6), Uuid::nil())));
        let page = merged(log(&[5], true, 5), views(&[]), Some(Seq(5)), next, 3);
        assert_eq!(times(&page), [5]);
        assert_eq!(page.next, None);
    }

    #[test]
    fn a_look_that_is_older_than_what_was_read_of_the_log_waits_for_the_next_page() {
        let mark = AuditMark::default();
        let page = merged(log(&[9], false, 8), views(&[8, 3]), Some(Seq(8)), mark, 10);
        assert_eq!(times(&page), [9, 8]);
        let next = page.next.unwrap();
        assert_eq!(next.seq, Some(Seq(8)), "what was read is not read again");
        assert_eq!(next.view, Some((Timestamp::from_millis(8), Uuid::nil())));
    }
}
