//! What is made of an oximeter's values while it is connected: only as much as the conversation with it needs. Readings
//! are made elsewhere.

use tokio::time::Instant;
use uuid::Uuid;
use ward_oximeter::family::Plan;
use ward_oximeter::{Driver, Meaning, Talk};

/// One connection's decoder and conversation.
#[derive(Debug)]
pub(super) struct Hearing {
    driver: Driver,
    pub(super) talk: Talk,
    /// When a usable value last came.
    pub(super) useful_at: Option<Instant>,
    subscribed: Vec<Uuid>,
}

impl Hearing {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            driver: Driver::new(plan.family),
            talk: Talk::new(plan),
            useful_at: None,
            subscribed: plan.subscribe.iter().map(|to| to.characteristic).collect(),
        }
    }

    /// Whether its values come by themselves.
    pub(super) fn is_subscribed(&self, characteristic: Uuid) -> bool {
        self.subscribed.contains(&characteristic)
    }

    pub(super) fn hear(&mut self, characteristic: Uuid, bytes: &[u8], at_ms: u64) {
        for frame in self
            .driver
            .decode(characteristic, bytes)
            .into_iter()
            .flatten()
        {
            let is_useful = frame.meanings().iter().any(|meaning| match meaning {
                Meaning::Sample(judged) | Meaning::Final(judged, _) => judged.is_ok(),
                Meaning::Stage {
                    is_measuring,
                    result,
                } => *is_measuring || result.is_some(),
                Meaning::Wave { .. } | Meaning::Battery(_) => false,
            });
            if is_useful {
                self.useful_at = Some(Instant::now());
            }
            self.talk.hear(&frame, at_ms);
        }
    }
}
