//! What is queued for a patient in the transaction that made it needed.

use ward_core::event::{MessageEvent, WardEvent};
use ward_core::id::Seq;
use ward_core::message::{Message, gets_messages, messages_after};
use ward_core::stay::{Phase, Stay};
use ward_core::time::Timestamp;
use ward_store::{Ledger, StoreError};

/// Queues what the patient is told because of an event that has just been appended as number `seq`.
pub(crate) async fn tell_patient(
    ledger: &mut Ledger,
    stay: &Stay,
    event: &WardEvent,
    seq: Seq,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ward = ledger.ward();
    let staffed = ward.staffed.is_staffed(&ward.zone(), now);
    if let Some(message) = messages_after(stay, event, seq, staffed, now) {
        ledger.queue_message(&message).await?;
    }
    Ok(())
}

/// Appends what follows for a stay, and queues what the patient is told because of each of it. Whoever is on call is told
/// by the ledger.
pub(crate) async fn append_and_tell(
    ledger: &mut Ledger,
    stay: &Stay,
    events: Vec<WardEvent>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for event in events {
        let seq = ledger.append(event.clone(), now);
        tell_patient(ledger, stay, &event, seq, now).await?;
    }
    Ok(())
}

/// Queues "we will ring at two o'clock". `false`: this patient gets no messages now, so nothing was promised.
pub(crate) async fn announce_call(
    ledger: &mut Ledger,
    stay: &Stay,
    at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if stay.phase != Phase::Active || !gets_messages(stay.channel) || at <= now {
        return Ok(false);
    }
    let message = Message::call_announced(stay.id, at, now);
    if ledger.queue_message(&message).await? {
        let event = MessageEvent::CallAnnounced {
            stay: stay.id,
            message: message.id,
        };
        ledger.append(WardEvent::Message(event), now);
    }
    Ok(true)
}
