//! A fetch of stored records: how many there were, and whether it came to its end.

use std::collections::HashSet;

use serde_json::Value;

use super::fields::Fields;
use super::{Problem, hex};
use crate::plx::{Racp, Request, SpotCheck};

/// Counts distinct 2A5E payloads, as the spool does that writes down each of them at once, and follows the control point.
///
/// A write that the device refused changes nothing: no response of its own follows it. After a broken link the report
/// is not resumed; a response that comes over the next connection is the answer to the next request.
pub(super) fn described(steps: &[Value]) -> Result<Value, Problem> {
    let mut records = HashSet::new();
    let mut is_complete = false;
    for step in steps {
        let member = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
        let bytes = hex::bytes("hex", step.get("hex").filter(|hex| !hex.is_null()))?;
        match (member("dir"), short(member("characteristic"))) {
            ("indicate" | "notify", Some(0x2A5E)) if SpotCheck::decode(&bytes).is_ok() => {
                records.insert(bytes);
            }
            ("indicate" | "notify", Some(0x2A52)) => {
                if let Ok(Racp::Response { request, .. }) = Racp::decode(&bytes) {
                    is_complete |= request == Request::Report.op_code();
                }
            }
            _ => {}
        }
    }
    let mut fields = Fields::default();
    fields
        .set("ok", true)
        .set("new_records", records.len())
        .set("complete", is_complete);
    Ok(fields.into())
}

/// `2A5E`, `0x2a5e`, or the long form.
fn short(characteristic: &str) -> Option<u16> {
    let text = characteristic.trim();
    let text = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    let digits = match text.get(..4).filter(|_| text.len() == 36) {
        Some("0000") => text.get(4..8)?,
        Some(_) => return None,
        None => text.get(..4)?,
    };
    u16::from_str_radix(digits, 16).ok()
}
