//! Rows as they come out of the database, and the nouns they mean.

use uuid::Uuid;
use ward_core::alert::Alert;
use ward_core::escalation::Policy;
use ward_core::id::{AlertNumber, OrganisationId, PatientId, Seq, StayId, WardId};
use ward_core::patient::Patient;
use ward_core::stay::Stay;
use ward_core::time::Timestamp;
use ward_core::ward::Ward;

use crate::error::StoreError;
use crate::ledger::StayRecord;

/// JSON out of a text column.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    table: &'static str,
    key: impl std::fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|why| StoreError::corrupt(table, key, why))
}

/// JSON into a text column. Nothing that is stored has a map with keys that are no text, the only thing that could fail.
pub(crate) fn to_json<T: serde::Serialize>(
    table: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::corrupt(table, "(new)", why))
}

#[derive(sqlx::FromRow)]
pub(crate) struct WardRow {
    ward_id: Uuid,
    code: String,
    name: String,
    phone: String,
    time_zone: String,
    default_plan: String,
    staffed: String,
    default_care: String,
    safe_range: String,
}

impl WardRow {
    pub(crate) fn into_ward(self, organisation: OrganisationId) -> Result<Ward, StoreError> {
        Ok(Ward {
            organisation,
            id: WardId(self.ward_id),
            code: self
                .code
                .parse()
                .map_err(|why| StoreError::corrupt("ward", self.ward_id, why))?,
            name: self.name,
            phone: self.phone,
            time_zone: self.time_zone,
            default_plan: from_json("ward", self.ward_id, &self.default_plan)?,
            // A ward of before these were kept has the usual ones.
            staffed: from_json::<Option<_>>("ward", self.ward_id, &self.staffed)?
                .unwrap_or_default(),
            default_care: from_json::<Option<_>>("ward", self.ward_id, &self.default_care)?
                .unwrap_or_default(),
            safe_range: from_json::<Option<_>>("ward", self.ward_id, &self.safe_range)?
                .unwrap_or_default(),
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct LockedWardRow {
    pub(crate) last_seq: i64,
    pub(crate) epoch: Uuid,
    escalation: String,
    #[sqlx(flatten)]
    pub(crate) ward: WardRow,
}

impl LockedWardRow {
    /// Who is told when nobody takes an alert. What cannot be read silences nobody: the default holds until it is set again.
    pub(crate) fn policy(&self) -> Policy {
        policy_of(self.ward.ward_id, &self.escalation)
    }
}

pub(crate) fn policy_of(ward: Uuid, text: &str) -> Policy {
    let policy: Option<Policy> = serde_json::from_str(text).unwrap_or_else(|why| {
        tracing::error!(%ward, %why, "who is told of alerts cannot be read: the default holds. Set it again");
        None
    });
    policy.unwrap_or_default()
}

#[derive(sqlx::FromRow)]
pub(crate) struct StayRow {
    pub(crate) stay_id: Uuid,
    pub(crate) ward_id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(crate) admitted_at: i64,
    pub(crate) plan: String,
    pub(crate) state: String,
    pub(crate) phase: String,
    pub(crate) channel: String,
    pub(crate) baseline_tenths: Option<i32>,
}

impl StayRow {
    pub(crate) fn into_record(self) -> Result<StayRecord, StoreError> {
        Ok(StayRecord {
            state: from_json("stay", self.stay_id, &self.state)?,
            stay: Stay {
                id: StayId(self.stay_id),
                ward: WardId(self.ward_id),
                patient: PatientId(self.patient_id),
                admitted_at: Timestamp::from_millis(self.admitted_at),
                plan: from_json("stay", self.stay_id, &self.plan)?,
                phase: from_json("stay", self.stay_id, &self.phase)?,
                channel: from_json("stay", self.stay_id, &self.channel)?,
                baseline_spo2: self
                    .baseline_tenths
                    .and_then(|tenths| u16::try_from(tenths).ok())
                    .and_then(ward_core::spo2::Spo2::from_tenths),
            },
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct PatientRow {
    pub(crate) patient_id: Uuid,
    nhs_number: String,
    family_name: String,
    given_name: String,
    birth_date: String,
    phone: String,
    address: String,
    door_access: String,
    others_at_home: String,
    oxygen_at_home: String,
    escalation_plan: String,
    details: String,
}

impl PatientRow {
    pub(crate) fn into_patient(self) -> Result<Patient, StoreError> {
        Ok(Patient {
            id: PatientId(self.patient_id),
            nhs_number: self
                .nhs_number
                .parse()
                .map_err(|why| StoreError::corrupt("patient", self.patient_id, why))?,
            birth_date: self
                .birth_date
                .parse()
                .map_err(|why| StoreError::corrupt("patient", self.patient_id, why))?,
            family_name: self.family_name,
            given_name: self.given_name,
            phone: self.phone,
            address: self.address,
            door_access: self.door_access,
            others_at_home: self.others_at_home,
            oxygen_at_home: self.oxygen_at_home,
            escalation_plan: self.escalation_plan,
            details: from_json("patient", self.patient_id, &self.details)?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct AlertRow {
    number: i64,
    subject: String,
    problem: String,
    stay_id: Option<Uuid>,
    severity: String,
    body: String,
}

/// An open alert whose record this program cannot read: it is damaged, or a newer program wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableAlert {
    /// Its number.
    pub number: AlertNumber,
    /// What it is about, as it stands in the index of open alerts.
    pub subject: String,
    /// Its problem, as it stands there.
    pub problem: String,
    /// Whose it is, if it is about a person.
    pub stay: Option<StayId>,
    /// How urgent it was.
    pub severity: String,
}

/// The alerts that can be read, and the others.
pub(crate) fn sorted_out(rows: Vec<AlertRow>) -> (Vec<Alert>, Vec<UnreadableAlert>) {
    let mut unreadable = Vec::new();
    let mut alerts = Vec::new();
    for row in rows {
        match serde_json::from_str(&row.body) {
            Ok(alert) => alerts.push(alert),
            Err(why) => {
                tracing::error!(number = row.number, problem = %row.problem, severity = %row.severity, %why, "an open alert cannot be read: it is damaged, or a newer program wrote it");
                unreadable.push(row.unreadable());
            }
        }
    }
    (alerts, unreadable)
}

impl AlertRow {
    fn unreadable(self) -> UnreadableAlert {
        UnreadableAlert {
            number: Seq(self.number),
            subject: self.subject,
            problem: self.problem,
            stay: self.stay_id.map(StayId),
            severity: self.severity,
        }
    }

    pub(crate) fn into_alert(self) -> Result<Alert, StoreError> {
        from_json("alert", self.number, &self.body)
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct EventRow {
    pub(crate) seq: i64,
    at: i64,
    body: String,
}

impl EventRow {
    pub(crate) fn into_logged(self) -> Result<ward_core::event::Logged, StoreError> {
        Ok(ward_core::event::Logged {
            seq: Seq(self.seq),
            at: Timestamp::from_millis(self.at),
            event: from_json("ward_event", self.seq, &self.body)?,
        })
    }

    pub(crate) fn into_entry(self) -> crate::log::Entry {
        let (seq, at) = (Seq(self.seq), Timestamp::from_millis(self.at));
        match serde_json::from_str(&self.body) {
            Ok(event) => crate::log::Entry::Event(ward_core::event::Logged { seq, at, event }),
            Err(_) => crate::log::Entry::Unreadable {
                seq,
                at,
                body: self.body,
            },
        }
    }
}
