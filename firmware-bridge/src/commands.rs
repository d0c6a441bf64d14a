//! What `wardlight-bridge` does.

mod enrol;
mod resend;
mod run;
mod supervisor;

pub use enrol::{check_config, enrol};
pub use resend::resend;
pub use run::{Source, run};
