//! Silence: what was to come from a patient and did not.
//!
//! A plan asks for readings and a diary at times of day on the ward's clock. Each such *slot* is open from some minutes
//! before its time until some minutes after; when it has closed and nothing came in it, it is missed. Silence takes the
//! priority of what came before it: after a red it is red.

mod alert;
mod asked;
mod slot;
#[cfg(test)]
mod tests;
mod watch;
mod why;

pub use alert::{assess_missed, diary_heard, heard, what_came_before};
pub use asked::{AskedFor, Became, Counted, asked_for, slots_asked_for};
pub use slot::{ARRIVES_WITHIN, Awaited, Slot, current};
pub use watch::{Closed, Look, Watch, look};
pub use why::{BRIDGE_SILENT_AFTER, Came, Kit, Missed, NEARLY_FLAT_PERCENT, What, Why, missed};
