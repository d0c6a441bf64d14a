//! The treaty between bridge, console and service: the JSON that they exchange, and nothing else.
//!
//! Times are RFC 3339. Percentages and rates are JSON numbers with their unit in the name. A member that is not known is
//! passed over in a reply and in a reading, and refused in every other request.

pub mod board;
pub mod bridge;
pub mod calls;
pub mod correction;
pub mod diary;
pub mod duty;
pub mod escalation;
pub mod exertion;
pub mod explanation;
pub mod feed;
pub mod kit;
pub mod message;
pub mod notice;
pub mod observations;
pub mod pathway;
pub mod plan;
pub mod problem;
pub mod referral;
pub mod report;
pub mod session;
pub mod signature;
pub mod staffed;
