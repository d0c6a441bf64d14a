//! A bridge that measures and sends without end, and writes down what it was told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ward_core::device::DeviceAddress;
use ward_service::Clock;
use ward_tests::taken::Spooled;
use ward_tests::{Bridge, spo2};
use ward_wire::bridge::{Answer, BatchReply};

use super::history::History;

/// A bridge and the oximeters that it reads.
pub struct Sender {
    pub bridge: Bridge,
    pub oximeters: Vec<DeviceAddress>,
    pub clock: Clock,
    /// Readings confirmed to all senders together.
    pub confirmed: Arc<AtomicUsize>,
}

/// What a sender was told, and how often nobody answered it.
#[derive(Default)]
pub struct Told {
    pub history: History,
    pub unanswered: u32,
}

impl Sender {
    /// Sends until `enough`, and then until everything that was begun has been answered.
    pub async fn run(self, enough: Arc<AtomicBool>) -> Told {
        let mut told = Told::default();
        let mut round = 0_u32;
        while !enough.load(Ordering::SeqCst) {
            round += 1;
            let batch = self.measure(round);
            for reading in &batch {
                let low = reading.is_at_or_below(94.9);
                told.history.sent.insert(reading.id, low);
            }
            let answers = loop {
                match self.bridge.try_post(&batch).await {
                    Ok(reply) if reply.status.is_success() => {
                        let reply: BatchReply = reply.json();
                        break reply.answers;
                    }
                    Ok(busy) => assert!(busy.status.is_server_error(), "{busy}"),
                    Err(_) => told.unanswered += 1,
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            assert_eq!(answers.len(), batch.len());
            for (reading, answer) in batch.iter().zip(answers) {
                told.history.note(reading, &answer);
            }
            self.confirmed.fetch_add(batch.len(), Ordering::SeqCst);
        }
        told
    }

    /// Some of every oximeter; one in five is low.
    fn measure(&self, round: u32) -> Vec<Spooled> {
        let now = self.clock.now();
        let readings = self.oximeters.iter().zip(0..).map(|(oximeter, place)| {
            let step = round * 7 + place;
            let percent = if step.is_multiple_of(5) {
                85.0 + f64::from(step % 9)
            } else {
                95.0 + f64::from(step % 4)
            };
            spo2(percent).from(oximeter, now)
        });
        readings.collect()
    }
}

impl History {
    fn note(&mut self, reading: &Spooled, answer: &Answer) {
        match answer {
            Answer::Stored => *self.stored.entry(reading.id).or_default() += 1,
            Answer::Duplicate => drop(self.duplicate.insert(reading.id)),
            Answer::Quarantined { reason } => panic!("nothing here is to be kept apart: {reason}"),
        }
    }

    /// Both senders' histories.
    pub fn and(mut self, other: Self) -> Self {
        self.stored.extend(other.stored);
        self.duplicate.extend(other.duplicate);
        self.sent.extend(other.sent);
        self
    }
}
