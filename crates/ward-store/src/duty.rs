//! Who is on duty on a ward, what they hand over, and whether its boards are quiet.

use uuid::Uuid;
use ward_core::clinician::Role;
use ward_core::duty::{AudioPause, OnDuty, Post};
use ward_core::id::{ClinicianId, NoteId, StayId, WardId};
use ward_core::time::Timestamp;

use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::rows::{from_json, to_json};
use crate::statements::{
    ACCEPT_DUTY, AUDIO_PAUSE, COUNT_HANDOVER_NOTES, DO_HANDOVER_NOTE, DONE_HANDOVER_NOTES,
    HANDOVER_NOTE_IS_THERE, INSERT_HANDOVER_NOTE, LEAVE_DUTY, MEMBERS_OF_WARD, ON_DUTY,
    OPEN_HANDOVER_NOTES, SET_AUDIO_PAUSE,
};
use crate::store::Store;
use crate::tx::Tx;

/// Notes shown at once: more than anybody hands over.
const NOTES_SHOWN: i64 = 200;

/// Somebody of the ward's staff who has not left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// As what.
    pub role: Role,
}

/// A ward's staff just now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Who is on duty, the longest first.
    pub on_duty: Vec<OnDuty>,
    /// Everybody who belongs to the ward, by name.
    pub members: Vec<Member>,
    /// The last pause of the boards' sound, over or not.
    pub audio_pause: Option<AudioPause>,
    /// How much is handed over and not done yet.
    pub open_notes: u32,
}

/// Something written for those who come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverNote {
    /// Which.
    pub id: NoteId,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub author: ClinicianId,
    /// About whom, if about somebody.
    pub stay: Option<StayId>,
    /// In their words.
    pub body: String,
    /// By whom it was done, and when.
    pub done: Option<(ClinicianId, Timestamp)>,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    at: i64,
    note_id: Uuid,
    author: Uuid,
    stay_id: Option<Uuid>,
    body: String,
    done_at: Option<i64>,
    done_by: Option<Uuid>,
}

impl NoteRow {
    fn into_note(self) -> HandoverNote {
        let at = self.done_at.map(Timestamp::from_millis);
        HandoverNote {
            id: NoteId(self.note_id),
            at: Timestamp::from_millis(self.at),
            author: ClinicianId(self.author),
            stay: self.stay_id.map(StayId),
            body: self.body,
            done: self.done_by.map(ClinicianId).zip(at),
        }
    }
}

impl Store {
    pub(crate) async fn shift_in(&self, tx: &mut Tx, ward: WardId) -> Result<Shift, StoreError> {
        let organisation = self.organisation.0;
        let on_duty: Vec<(Uuid, String, i64)> = in_tx!(&mut *tx, conn => sqlx::query_as(ON_DUTY).bind(organisation).bind(ward.0).fetch_all(conn).await)?;
        let members: Vec<(Uuid, String, String)> = in_tx!(&mut *tx, conn => sqlx::query_as(MEMBERS_OF_WARD).bind(organisation).bind(ward.0).fetch_all(conn).await)?;
        let pause: Option<(String,)> = in_tx!(&mut *tx, conn => sqlx::query_as(AUDIO_PAUSE).bind(organisation).bind(ward.0).fetch_optional(conn).await)?;
        let (notes,): (i64,) = in_tx!(&mut *tx, conn => sqlx::query_as(COUNT_HANDOVER_NOTES).bind(organisation).bind(ward.0).fetch_one(conn).await)?;
        let on_duty = on_duty.into_iter().map(|(clinician, post, since)| {
            let post = Post::named(&post)
                .ok_or_else(|| StoreError::corrupt("duty", clinician, "no post of this name"))?;
            Ok(OnDuty {
                clinician: ClinicianId(clinician),
                post,
                since: Timestamp::from_millis(since),
            })
        });
        let members = members.into_iter().map(|(clinician, name, role)| {
            let role = role
                .parse()
                .map_err(|why| StoreError::corrupt("membership", clinician, why))?;
            Ok(Member {
                clinician: ClinicianId(clinician),
                name,
                role,
            })
        });
        Ok(Shift {
            on_duty: on_duty.collect::<Result<_, StoreError>>()?,
            members: members.collect::<Result<_, StoreError>>()?,
            open_notes: u32::try_from(notes).unwrap_or(u32::MAX),
            audio_pause: match pause {
                Some((text,)) => from_json("ward", ward, &text)?,
                None => None,
            },
        })
    }

    /// What is written for those who come next and not done yet, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_handover_notes(&self, ward: WardId) -> Result<Vec<HandoverNote>, StoreError> {
        let rows: Vec<NoteRow> = reading!(self, conn => sqlx::query_as(OPEN_HANDOVER_NOTES).bind(self.organisation.0).bind(ward.0).bind(NOTES_SHOWN).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(NoteRow::into_note).collect())
    }

    /// What was written at `since` or later and is done, the last done first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn done_handover_notes(
        &self,
        ward: WardId,
        since: Timestamp,
    ) -> Result<Vec<HandoverNote>, StoreError> {
        let rows: Vec<NoteRow> = reading!(self, conn => sqlx::query_as(DONE_HANDOVER_NOTES).bind(self.organisation.0).bind(ward.0).bind(since.as_millis()).bind(NOTES_SHOWN).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(NoteRow::into_note).collect())
    }
}

impl Ledger {
    /// Who is on duty, who could be, and whether the boards are quiet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn shift(&mut self, store: &Store) -> Result<Shift, StoreError> {
        let ward = self.ward().id;
        store.shift_in(&mut self.tx, ward).await
    }

    /// Somebody comes on duty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accept_duty(&mut self, duty: &OnDuty) -> Result<(), StoreError> {
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(ACCEPT_DUTY)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(duty.since.as_millis())
            .bind(duty.clinician.0)
            .bind(duty.post.as_str())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Somebody leaves duty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn leave_duty(
        &mut self,
        clinician: ClinicianId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(LEAVE_DUTY).bind(self.organisation.0).bind(ward.0).bind(clinician.0).bind(at.as_millis()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Keeps what is written for those who come next.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_handover_note(&mut self, note: &HandoverNote) -> Result<(), StoreError> {
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(INSERT_HANDOVER_NOTE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(note.at.as_millis())
            .bind(note.id.0)
            .bind(note.author.0)
            .bind(note.stay.map(|stay| stay.0))
            .bind(&note.body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// A note is done. `None`: there is none of this id; `false`: it was done before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn do_handover_note(
        &mut self,
        note: NoteId,
        by: ClinicianId,
        at: Timestamp,
    ) -> Result<Option<bool>, StoreError> {
        let ward = self.ward().id;
        let there: Option<(i32,)> = in_tx!(&mut self.tx, conn => sqlx::query_as(HANDOVER_NOTE_IS_THERE).bind(self.organisation.0).bind(ward.0).bind(note.0).fetch_optional(conn).await)?;
        if there.is_none() {
            return Ok(None);
        }
        let done = in_tx!(&mut self.tx, conn => sqlx::query(DO_HANDOVER_NOTE)
            .bind(self.organisation.0)
            .bind(ward.0)
            .bind(note.0)
            .bind(at.as_millis())
            .bind(by.0)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(Some(done == 1))
    }

    /// Pauses the sound of the ward's boards, or ends the pause.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_audio_pause(&mut self, pause: Option<&AudioPause>) -> Result<(), StoreError> {
        let text = to_json("ward", &pause)?;
        let ward = self.ward().id;
        in_tx!(&mut self.tx, conn => sqlx::query(SET_AUDIO_PAUSE).bind(self.organisation.0).bind(ward.0).bind(&text).execute(conn).await.map(|_| ()))?;
        Ok(())
    }
}
