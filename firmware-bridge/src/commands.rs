//! What `wardlight-bridge` does.

mod decode;
mod doctor;
mod enrol;
mod resend;
mod run;
mod status;
mod supervisor;

pub use decode::decode;
pub use doctor::doctor;
pub use enrol::{check_config, enrol};
pub use resend::resend;
pub use run::{Source, run};
pub use status::{Show, status};
