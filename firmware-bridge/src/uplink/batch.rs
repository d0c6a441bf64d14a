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
    let mut item = row.item.clone()?;
    item.age_ms = Some(u64::MAX);
    let size = to_raw_value(&item).ok()?.get().len() + 1;
    item.age_ms = None;
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
        let age_ms = row.measured.and_then(|measured| measured.age_ms(now));
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
