//! What `wardlight-bridge` does.

mod enrol;
mod run;
mod supervisor;

pub use enrol::{check_config, enrol};
pub use run::{Source, run};
