//! One stay with its person and papers, and what can be done with it now.

use ward_core::alert::Subject;
use ward_core::id::{AlertNumber, StayId};
use ward_core::pathway::departure::possible;
use ward_core::pathway::papers::Papers;
use ward_core::patient::Patient;
use ward_core::permit::Permit;
use ward_core::stay::Stay;

use crate::error::Unavailable;
use crate::wards::Wards;

/// A stay and all that stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct StayPapers {
    /// The stay.
    pub stay: Stay,
    /// The person.
    pub patient: Patient,
    /// Where it came from, how it ended, why each step was taken.
    pub papers: Papers,
    /// Its open alerts.
    pub open: Vec<AlertNumber>,
    /// What can be done with it now, in words.
    pub possible: Vec<&'static str>,
}

impl Wards {
    /// A stay of the permit's ward, open or over; `None` when it is not on that ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn stay_papers(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<Option<StayPapers>, Unavailable> {
        let record = self.store.stay(stay).await?;
        let Some(record) = record.filter(|record| record.stay.ward == permit.ward) else {
            return Ok(None);
        };
        let stay = record.stay;
        let Some(patient) = self.store.patient(stay.patient).await? else {
            return Ok(None);
        };
        let mut open = self.store.open_alerts(permit.ward).await?;
        open.retain(|alert| alert.subject == Subject::Stay(stay.id));
        Ok(Some(StayPapers {
            papers: self.store.papers(stay.id).await?,
            possible: possible(&stay, &open),
            open: open.iter().map(|alert| alert.number).collect(),
            patient,
            stay,
        }))
    }
}
