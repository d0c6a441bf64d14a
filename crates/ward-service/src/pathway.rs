//! The verbs of the way through a ward.

mod begin_stay;
mod cases;
mod discharge;
mod move_patient;
mod people;
mod refer;
mod stay_record;
mod take_on;
mod transfer;

pub use begin_stay::{BeginError, Return, Terms};
pub use cases::{CaseError, Imported, RefusedLine, Said};
pub use discharge::DischargeError;
pub use move_patient::StepError;
pub use people::{Alike, Found, RegisterError};
pub use refer::{NewReferral, ReferError};
pub use stay_record::StayPapers;
pub use take_on::{Sitting, TakeOnError};
