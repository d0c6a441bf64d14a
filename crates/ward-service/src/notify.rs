//! Messages go out: leased under the ward's lock, sent without it, and what became of them is written down.
//!
//! Every node does this. A lease keeps two of them from sending one message at the same time; a node that goes away in
//! between leaves a lease that runs out, and the message goes out again under the same id: at least once, and whoever
//! takes it over can tell a repeat.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use ward_core::alert::Problem;
use ward_core::event::{MessageEvent, WardEvent};
use ward_core::id::{MessageId, StayId, WardId};
use ward_core::message::{
    Delivery, Heard, LEASE, Message, Outbound, Recipient, Stop, Trouble, What, next_reminder,
    wanted,
};
use ward_core::technical::assess_fault;
use ward_core::time::{Timestamp, minutes};
use ward_store::{Ledger, StayRecord, StoreError};
use ward_text::Language;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;
use crate::words::{MessageFacts, language_of, message_in_words};

/// Messages of one ward that are sent at the same time.
const AT_ONCE: u32 = 32;

/// So often stays that have no reminder waiting are looked for.
const REMINDERS_EVERY: Duration = minutes(1);

/// Stays that are read at once.
const STAYS_A_PAGE: u32 = 500;

/// A message in words, on its way to whoever carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The same at every attempt: by this a repeat is known.
    pub id: MessageId,
    /// Which attempt this is.
    pub attempt: u16,
    /// Whose stay it is about.
    pub stay: StayId,
    /// `patient` or `on_call`.
    pub recipient: &'static str,
    /// Where it goes.
    pub phone: String,
    /// What it is, by name.
    pub kind: &'static str,
    /// The language of the text.
    pub language: String,
    /// What it says.
    pub text: String,
    /// It is worth nothing after.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Letter {
    /// Without the phone and the text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What became of a letter.
pub type Posting = Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

/// Carries letters. It must answer within [`LEASE`].
pub type Outlet = Arc<dyn Fn(Letter) -> Posting + Send + Sync>;

/// How messages go out.
#[derive(Clone)]
pub struct Notifier {
    /// Who carries them.
    pub outlet: Outlet,
    /// Whether patients are reminded at the times of their plan.
    pub slot_reminders: bool,
}

/// An outlet that only notes that a message would have gone out: who has nobody to carry them sees that they are made.
#[must_use]
pub fn to_the_log() -> Outlet {
    Arc::new(|letter| {
        Box::pin(async move {
            tracing::info!(message = %letter.id, stay = %letter.stay, kind = letter.kind, recipient = letter.recipient, "a message; no channel carries it");
            Ok(())
        })
    })
}

impl Wards {
    /// Sends until the service is stopped. What is under way then is waited for.
    pub async fn notify_until_stopped(&self, notifier: &Notifier) {
        let mut ticks = tokio::time::interval(self.options.look_every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut reminders = tokio::time::interval(REMINDERS_EVERY);
        reminders.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = ticks.tick() => self.notify(notifier).await,
                _ = reminders.tick(), if notifier.slot_reminders => self.queue_reminders().await,
            };
            if let Err(error) = done {
                tracing::error!(%error, "messages could not be looked for; the next look tries again");
            }
        }
    }

    /// Sends what is due now, on every ward.
    ///
    /// # Errors
    /// [`Unavailable`] when it cannot be read what is due.
    pub async fn notify(&self, notifier: &Notifier) -> Result<(), Unavailable> {
        let due = self.store.wards_with_messages_due(self.clock.now()).await?;
        let mut at_work = JoinSet::new();
        for ward in due {
            let (wards, notifier) = (self.clone(), notifier.clone());
            at_work.spawn(async move {
                if let Err(error) = wards.notify_ward(ward, &notifier).await {
                    tracing::error!(%ward, %error, "messages of this ward could not be seen to; the next look tries again");
                }
            });
        }
        while at_work.join_next().await.is_some() {}
        Ok(())
    }

    async fn notify_ward(&self, ward: WardId, notifier: &Notifier) -> Result<(), StoreError> {
        let wards = self.clone();
        let letters = to_the_end(async move { wards.lease(ward).await }).await?;
        let mut under_way = JoinSet::new();
        for letter in letters {
            let outlet = Arc::clone(&notifier.outlet);
            under_way.spawn(async move {
                let (id, attempt) = (letter.id, letter.attempt);
                let answer = tokio::time::timeout(LEASE / 2, outlet(letter)).await;
                (id, attempt, answer.unwrap_or(Err(Trouble::NoAnswer)))
            });
        }
        let mut answers = Vec::new();
        while let Some(done) = under_way.join_next().await {
            // One that panicked is as one that did not answer: its lease runs out.
            answers.extend(done.ok());
        }
        if answers.is_empty() {
            return Ok(());
        }
        let wards = self.clone();
        to_the_end(async move { wards.write_down(ward, answers).await }).await
    }

    /// Takes what is due on a ward, and puts it into words. What is no longer wanted is cancelled.
    async fn lease(&self, ward: WardId) -> Result<Vec<Letter>, StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(Vec::new());
        };
        let now = self.clock.now();
        let mut letters = Vec::new();
        for due in ledger.due_messages(now, AT_ONCE).await? {
            let Some(record) = ledger.stay(due.message.stay).await?.cloned() else {
                continue;
            };
            if let What::SlotReminder { slot_at, .. } = due.message.what {
                queue_next(&mut ledger, &record, slot_at.max(now)).await?;
            }
            let leased = match still_wanted(&mut ledger, &record, &due, now).await? {
                Ok(message) => Outbound { message, ..due }.lease(now),
                Err(why) => due.cancel(why),
            };
            let Some(leased) = leased else { continue };
            if let Delivery::Leased { .. } = leased.delivery {
                match in_words(&mut ledger, &record, &leased, now).await? {
                    Some(letter) => {
                        ledger.put_message(&leased).await?;
                        letters.push(letter);
                    }
                    None => {
                        let nobody = leased.cancel(Stop::NoWay).unwrap_or(leased);
                        ledger.put_message(&nobody).await?;
                    }
                }
            } else {
                finish(&mut ledger, &leased, now).await?;
            }
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(letters)
    }

    async fn write_down(
        &self,
        ward: WardId,
        answers: Vec<(MessageId, u16, Result<(), Trouble>)>,
    ) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        for (id, attempt, answer) in answers {
            let Some(message) = ledger.message(id).await? else {
                continue;
            };
            let after = match answer {
                Ok(()) => message.sent(now),
                Err(trouble) => {
                    tracing::warn!(%ward, message = %id, attempt, %trouble, "a message did not go out");
                    message.failed(attempt, trouble, now)
                }
            };
            if let Some(after) = after {
                finish(&mut ledger, &after, now).await?;
            }
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }

    /// Queues the next reminder of every stay that gets messages and has none waiting: admitted or resumed since, or with
    /// another channel.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn queue_reminders(&self) -> Result<(), Unavailable> {
        let mut after = None;
        loop {
            let page = self
                .store
                .stays_without_reminder(after, STAYS_A_PAGE)
                .await?;
            after = page.last().map(|(stay, _)| *stay);
            let mut by_ward = std::collections::BTreeMap::<WardId, Vec<StayId>>::new();
            for (stay, ward) in page {
                by_ward.entry(ward).or_default().push(stay);
            }
            for (ward, stays) in by_ward {
                let wards = self.clone();
                to_the_end(async move { wards.queue_reminders_of(ward, stays).await }).await?;
            }
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn queue_reminders_of(&self, ward: WardId, stays: Vec<StayId>) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        for stay in stays {
            if let Some(record) = ledger.stay(stay).await?.cloned() {
                queue_next(&mut ledger, &record, now).await?;
            }
        }
        ledger.commit().await?;
        Ok(())
    }
}

/// The next reminder after `after`.
async fn queue_next(
    ledger: &mut Ledger,
    record: &StayRecord,
    after: Timestamp,
) -> Result<(), StoreError> {
    let zone = ledger.ward().zone();
    let Some(care) = ledger.care(record.stay.id).await? else {
        return Ok(());
    };
    if let Some(message) = next_reminder(&record.stay, &care, &zone, after) {
        ledger.queue_message(&message).await?;
    }
    Ok(())
}

async fn still_wanted(
    ledger: &mut Ledger,
    record: &StayRecord,
    due: &Outbound,
    now: Timestamp,
) -> Result<Result<Message, Stop>, StoreError> {
    let zone = ledger.ward().zone();
    let stay = &record.stay;
    let care = ledger.care(stay.id).await?;
    let care = care.unwrap_or_else(|| ledger.ward().default_care.clone());
    let newest_diary_at = match due.message.what {
        What::SlotReminder { .. } => ledger.newest_diary_at(stay.id).await?,
        What::Recheck { .. }
        | What::CallAnnounced { .. }
        | What::OutOfHoursAdvice
        | What::OnCallRed { .. }
        | What::KitReminder { .. } => None,
    };
    let state = record.state.clone().as_of(now);
    let heard = Heard {
        newest_value_at: state.newest().map(|point| point.at),
        newest_diary_at,
    };
    Ok(wanted(&due.message, stay, &care, heard, &zone))
}

/// `None`: there is no number to send it to.
async fn in_words(
    ledger: &mut Ledger,
    record: &StayRecord,
    leased: &Outbound,
    now: Timestamp,
) -> Result<Option<Letter>, StoreError> {
    let message = &leased.message;
    let (phone, language) = match &message.to {
        Recipient::OnCall { phone, .. } => (phone.clone(), Language::English),
        Recipient::Patient => match ledger.addressee(message.stay).await? {
            Some(patient) => (patient.phone, language_of(&patient.language)),
            None => return Ok(None),
        },
    };
    let ward = ledger.ward();
    let zone = ward.zone();
    let facts = MessageFacts {
        ward_name: &ward.name,
        ward_code: &ward.code,
        ward_phone: &ward.phone,
        zone: &zone,
        plan: &record.stay.plan,
        staffed: ward.staffed.is_staffed(&zone, now),
        next_staffed: ward.staffed.next_staffed(&zone, now),
        now,
    };
    if phone.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(Letter {
        id: message.id,
        attempt: leased.attempts,
        stay: message.stay,
        recipient: message.to.name(),
        phone: phone.trim().to_owned(),
        kind: message.what.name(),
        language: language.tag().to_owned(),
        text: message_in_words(message, &facts, language),
        expires_at: message.expires_at,
    }))
}

/// Writes a message down, and tells the ward what it must know of it.
async fn finish(ledger: &mut Ledger, after: &Outbound, now: Timestamp) -> Result<(), StoreError> {
    ledger.put_message(after).await?;
    let Some(fault) = after.fault() else {
        return Ok(());
    };
    let stay = after.message.stay;
    if ledger.stay(stay).await?.is_none() {
        // It changed wards while the message was on its way: the next attempt, or its end, is told there.
        return Ok(());
    }
    if after.due_at().is_none() {
        let event = MessageEvent::NotDelivered {
            stay,
            message: after.message.id,
            kind_of: after.message.what.name().to_owned(),
        };
        ledger.append(WardEvent::Message(event), now);
    }
    let about = std::slice::from_ref(&fault.subject);
    let open = ledger.open_alerts_about(about).await?;
    let known = open
        .iter()
        .find(|alert| alert.problem == Problem::Technical(fault.cause));
    if let Some(event) = assess_fault(&fault, known, now) {
        ledger.append(event, now);
    }
    Ok(())
}
