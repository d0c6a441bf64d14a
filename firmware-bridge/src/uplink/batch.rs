//! Readings as JSON, cut into requests that the service takes.

use jiff::Timestamp;
use serde_json::value::{RawValue, to_raw_value};
use ward_wire::bridge::{BATCH_BYTES_LIMIT, ReadingBatch, ReadingItem};

use crate::clock::Steady;
use crate::spool::Waiting;

/// What is around the readings in a request, with room to spare.
const AROUND: usize = 256;

/// A reading that can be sent. Its age is written when it is: others may go, and time pass, before.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) seq: i64,
    measured: Option<Steady>,
    item: ReadingItem,
}

/// Cuts the readings, in their order, into requests. The second list is what cannot be read.
pub(super) fn cut(waiting: &[Waiting]) -> (Vec<Vec<Ready>>, Vec<&Waiting>) {
    let mut parts: Vec<Vec<Ready>> = Vec::new();
    let mut unreadable = Vec::new();
    let mut room = 0;
    for row in waiting {
        let Some((ready, size)) = ready(row) else {
            unreadable.push(row);
            continue;
        };
        match parts.last_mut() {
            Some(part) if size <= room => {
                room -= size;
                part.push(ready);
            }
            _ => {
                room = (BATCH_BYTES_LIMIT - AROUND).saturating_sub(size);
                parts.push(vec![ready]);
            }
        }
    }
    (parts, unreadable)
}

/// A reading, and the bytes that it takes at most, whatever its age will be.
fn ready(row: &Waiting) -> Option<(Ready, usize)> {
    let item = row.item.clone()?;
    let longest = ReadingItem {
        age_ms: Some(u64::MAX),
        ..item.clone()
    };
    let size = to_raw_value(&longest).ok()?.get().len() + 1;
    let ready = Ready {
        seq: row.seq,
        measured: row.measured,
        item,
    };
    Some((ready, size))
}

/// The request, to be sent at once: it says how old each reading is `now`.
pub(super) fn body(part: &[Ready], now: Steady, sent_at: Timestamp) -> Vec<u8> {
    let aged = |row: &Ready| -> Option<Box<RawValue>> {
        // A record from a device's memory had an age when it came.
        let stored_ms = row.item.age_ms.unwrap_or(0);
        let age_ms = row
            .measured
            .and_then(|measured| measured.age_ms(now))
            .map(|age_ms| age_ms.saturating_add(stored_ms));
        to_raw_value(&ReadingItem {
            age_ms,
            ..row.item.clone()
        })
        .ok()
    };
    let batch = ReadingBatch {
        sent_at,
        readings: part.iter().filter_map(aged).collect(),
    };
    serde_json::to_vec(&batch).unwrap_or_default()
}
