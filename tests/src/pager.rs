//! Whoever carries notices to staff: keeps each one that it is given, and fails, loses or repeats as a test wants.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use uuid::Uuid;
use ward_core::duty::Post;
use ward_core::escalation::ChannelKind;
use ward_core::id::{AlertNumber, ClinicianId};
use ward_core::message::Trouble;
use ward_service::carry::{Address, Carrier, Carriers, Notice, Receipt, Taken};
use ward_service::{NewDetail, Teller};

use crate::desk::Desk;

/// What happens to the next notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// It is taken over.
    Taken,
    /// It is not.
    Refused,
    /// It is taken over, and the answer is lost.
    AnswerLost,
    /// It is taken over, and the answer comes when [`Pager::answers_come`] says so.
    Slow,
}

/// Carries notices, in memory.
#[derive(Clone, Default)]
pub struct Pager {
    notices: Arc<Mutex<Vec<Notice>>>,
    luck: Arc<Mutex<BTreeMap<ChannelKind, VecDeque<Luck>>>>,
    receipts: Arc<Mutex<VecDeque<Receipt>>>,
    held: Arc<tokio::sync::Notify>,
}

impl Pager {
    /// The next notices by this channel fare so.
    pub fn fares(&self, kind: ChannelKind, luck: &[Luck]) {
        let mut all = self.luck.lock().unwrap();
        all.entry(kind).or_default().extend(luck);
    }

    /// What is answered when somebody asks what became of a notice; when nothing is left, that it was delivered.
    pub fn answers(&self, receipts: &[Receipt]) {
        self.receipts.lock().unwrap().extend(receipts);
    }

    /// Whatever is slow answers now.
    pub fn answers_come(&self) {
        self.held.notify_waiters();
    }

    fn carrier(&self, kind: ChannelKind) -> Carrier {
        let (sending, asking) = (self.clone(), self.clone());
        Carrier {
            send: Arc::new(move |notice| {
                let mut luck = sending.luck.lock().unwrap();
                let luck = luck.get_mut(&kind).and_then(VecDeque::pop_front);
                let reference = notice.id.to_string();
                let luck = luck.unwrap_or(Luck::Taken);
                let answer = match luck {
                    Luck::Taken | Luck::Slow => Ok(Taken {
                        reference: Some(reference),
                    }),
                    Luck::Refused => Err(Trouble::Refused { status: 503 }),
                    Luck::AnswerLost => Err(Trouble::NoAnswer),
                };
                if answer != Err(Trouble::Refused { status: 503 }) {
                    sending.notices.lock().unwrap().push(notice);
                }
                let held = sending.held.clone();
                Box::pin(async move {
                    if luck == Luck::Slow {
                        held.notified().await;
                    }
                    // Somebody else gets a turn meanwhile.
                    tokio::task::yield_now().await;
                    answer
                })
            }),
            ask: Some(Arc::new(move |_| {
                let receipt = asking.receipts.lock().unwrap().pop_front();
                Box::pin(async move { Ok(receipt.unwrap_or(Receipt::Delivered)) })
            })),
        }
    }

    /// How notices go out by this pager.
    #[must_use]
    pub fn teller(&self) -> Teller {
        let kinds = [ChannelKind::Sms, ChannelKind::Email, ChannelKind::Webhook];
        let mut carriers = Carriers::default();
        for kind in kinds {
            carriers = carriers.with(kind, self.carrier(kind));
        }
        Teller {
            carriers,
            base_url: Some("https://ward.example.nhs.uk".to_owned()),
        }
    }

    /// Everything that it took, in order.
    #[must_use]
    pub fn took(&self) -> Vec<Notice> {
        self.notices.lock().unwrap().clone()
    }

    /// Each notice about an alert once, as level and where it went, in order.
    #[must_use]
    pub fn levels_of(&self, alert: AlertNumber) -> Vec<(u8, String)> {
        let mut known: Vec<Uuid> = Vec::new();
        let mut levels = Vec::new();
        for notice in self.took() {
            if notice.alert == Some(alert) && !known.contains(&notice.id) {
                known.push(notice.id);
                levels.push((notice.level, place(&notice.to)));
            }
        }
        levels
    }

    /// Waits until so many different notices about an alert were taken, and a moment longer for one too many.
    ///
    /// # Panics
    /// After ten seconds.
    pub async fn comes_to(&self, alert: AlertNumber, count: usize) -> Vec<(u8, String)> {
        for _ in 0..400 {
            if self.levels_of(alert).len() >= count {
                return self.levels_of(alert);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{count} notices were expected: {:?}", self.levels_of(alert));
    }
}

impl Pager {
    /// Waits until this place was told of an alert at this level.
    ///
    /// # Panics
    /// After ten seconds.
    pub async fn reaches(&self, alert: AlertNumber, told: (u8, &str)) {
        for _ in 0..400 {
            let levels = self.levels_of(alert);
            if levels
                .iter()
                .any(|(level, to)| (*level, to.as_str()) == told)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{told:?} was expected: {:?}", self.levels_of(alert));
    }
}

fn place(to: &Address) -> String {
    match to {
        Address::Email { address } => address.clone(),
        Address::Phone { number } => number.clone(),
        Address::Webhook => "webhook".to_owned(),
        Address::Push { endpoint, .. } => endpoint.clone(),
    }
}

impl Desk {
    /// Somebody enters where they are reached for the ward, and comes on duty.
    pub async fn is_reached(&self, clinician: ClinicianId, details: &[NewDetail], post: Post) {
        let permit = self.permit(clinician).await;
        for detail in details {
            let added = self.wards.add_own_detail(&permit, detail.clone());
            added.await.unwrap();
        }
        self.wards.accept_duty(&permit, post).await.unwrap();
    }
}
