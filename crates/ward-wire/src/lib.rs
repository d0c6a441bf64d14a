//! The treaty between bridge, console and service: the JSON that they exchange, and nothing else.
//!
//! Times are RFC 3339. Percentages and rates are JSON numbers with their unit in the name. A member that is not known is
//! ignored by the reader of a reply and refused by the reader of a request.

pub mod board;
pub mod bridge;
pub mod feed;
pub mod problem;
pub mod session;
