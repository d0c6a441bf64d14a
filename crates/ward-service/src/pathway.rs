//! The verbs of the way through a ward.

mod discharge;
mod move_patient;
mod stay_record;
mod transfer;

pub use discharge::DischargeError;
pub use move_patient::StepError;
pub use stay_record::StayPapers;
