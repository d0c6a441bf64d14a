//! Who entered something, and how it came to the ward: said of everything that no machine measured.

use serde::{Deserialize, Serialize};

use crate::id::{BridgeId, ClinicianId};

/// Who said it or measured it. A carer's name is kept beside the entry, never on the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The patient.
    Patient,
    /// Somebody who cares for the patient, by name.
    Carer,
    /// A member of staff.
    Staff(ClinicianId),
    /// A bridge.
    Bridge(BridgeId),
}

/// How it came to the ward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// On the patient's page.
    Page,
    /// Told on the telephone.
    Telephone,
    /// Told on a video call.
    Video,
    /// At a home visit.
    Visit,
    /// Written on paper, and transcribed.
    Paper,
    /// Measured, and sent by a bridge.
    Bridge,
}
