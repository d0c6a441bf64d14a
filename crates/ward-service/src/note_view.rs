//! That somebody opened somebody's record: for the audit, and so that patients can be told when they were seen.

use ward_core::id::{PatientId, StayId};
use ward_core::permit::Permit;
use ward_store::{Looked, RecordView};

use crate::wards::Wards;

impl Wards {
    /// Keeps that the person of this permit opened `what` of a stay. Whoever looks after somebody is not kept from it by a
    /// disk that is full: what could not be kept is an error in the service's own log.
    pub async fn note_view(&self, permit: &Permit, stay: StayId, what: &'static str) {
        self.keep_look(permit, Looked::Stay(stay), what).await;
        // Colleagues see who is there, without a script too. Nothing rests on it, and what went wrong is in the log already.
        let _ = self.look_at(permit, stay).await;
    }

    /// As [`Wards::note_view`], of somebody who is on the way to the ward.
    pub async fn note_look_at_person(
        &self,
        permit: &Permit,
        patient: PatientId,
        what: &'static str,
    ) {
        self.keep_look(permit, Looked::Patient(patient), what).await;
    }

    pub(crate) async fn keep_look(&self, permit: &Permit, of: Looked, what: &'static str) {
        let view = RecordView {
            ward: permit.ward,
            at: self.clock.now(),
            clinician: permit.clinician,
            of,
            what: what.to_owned(),
        };
        if let Err(error) = self
            .store
            .insert_record_view(self.clock.new_id(), &view)
            .await
        {
            tracing::error!(?of, by = %permit.clinician, what, %error, "a look at a record could not be kept");
        }
    }
}
