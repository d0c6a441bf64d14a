//! Readings as JSON, cut into requests that the service takes.

use jiff::Timestamp;
use serde_json::value::RawValue;
use ward_wire::bridge::{BATCH_BYTES_LIMIT, ReadingBatch};

use crate::clock::Steady;
use crate::spool::Waiting;

/// What is around the readings in a request, with room to spare.
const AROUND: usize = 256;

/// A reading as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Encoded {
    pub(super) seq: i64,
    json: Box<RawValue>,
}

/// Writes each reading with its age at `now`, and cuts them, in their order, into requests. The second list is what
/// cannot be read.
pub(super) fn cut(waiting: &[Waiting], now: Steady) -> (Vec<Vec<Encoded>>, Vec<&Waiting>) {
    let mut parts: Vec<Vec<Encoded>> = Vec::new();
    let mut unreadable = Vec::new();
    let mut room = 0;
    for row in waiting {
        let Some(encoded) = encode(row, now) else {
            unreadable.push(row);
            continue;
        };
        let size = encoded.json.get().len() + 1;
        match parts.last_mut() {
            Some(part) if size <= room => {
                room -= size;
                part.push(encoded);
            }
            _ => {
                room = (BATCH_BYTES_LIMIT - AROUND).saturating_sub(size);
                parts.push(vec![encoded]);
            }
        }
    }
    (parts, unreadable)
}

fn encode(row: &Waiting, now: Steady) -> Option<Encoded> {
    let mut item = row.item.clone()?;
    item.age_ms = row.measured.and_then(|measured| measured.age_ms(now));
    Some(Encoded {
        seq: row.seq,
        json: serde_json::value::to_raw_value(&item).ok()?,
    })
}

/// The request.
pub(super) fn body(part: &[Encoded], sent_at: Timestamp) -> Vec<u8> {
    let batch = ReadingBatch {
        sent_at,
        readings: part.iter().map(|row| row.json.clone()).collect(),
    };
    serde_json::to_vec(&batch).unwrap_or_default()
}
