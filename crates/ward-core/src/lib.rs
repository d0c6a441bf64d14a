//! The rules of the ward: values in, values out.
//!
//! Nothing here reads a clock, awaits, does I/O or draws a random number; `now` is an argument. What a person or a
//! machine did comes in as values, and the [ward events](event::WardEvent) that follow from it go out. The clinical
//! numbers are those of the NHS England COVID Oximetry @home procedure (C1396) and of the British Thoracic Society
//! target for chronic lung disease, held as data in a stay's [monitoring plan](plan::MonitoringPlan).

pub mod acuity;
pub mod advice;
pub mod alert;
pub mod assess;
pub mod bridge_watch;
pub mod call_list;
pub mod call_script;
pub mod care;
pub mod clinician;
pub mod contact;
pub mod correction;
pub mod day;
pub mod device;
pub mod diary;
pub mod duty;
pub mod entry;
pub mod escalation;
pub mod event;
pub mod exertion;
pub mod explain;
pub mod hand;
pub mod id;
pub mod kit;
pub mod ladder;
pub mod message;
pub mod moment;
pub mod news2;
pub mod night;
pub mod observed;
pub mod pathway;
pub mod patient;
pub mod permit;
pub mod plan;
pub mod plan_change;
pub mod questionnaire;
pub mod reading;
pub mod reconcile;
pub mod replay;
pub mod report;
pub mod rota;
pub mod safe_range;
pub mod self_test;
pub mod sheet_code;
pub mod silence;
pub mod spo2;
pub mod staffing;
pub mod stay;
#[cfg(test)]
mod story;
pub mod technical;
pub mod template;
pub mod time;
pub mod ward;
pub mod window;
