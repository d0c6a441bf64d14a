//! Notices to staff go out: leased under the ward's lock, carried without it, and what became of them is written down, into
//! the alert too. What does not get through goes by the next way at once.
//!
//! Every node does this. At least once, under the same id at every attempt.

use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;
use ward_core::alert::{Problem, Severity, Subject};
use ward_core::escalation::{About, Receipt, Told, ToldState, Underway, Whom};
use ward_core::id::WardId;
use ward_core::message::{Delivery, LEASE, Stop, Trouble};
use ward_core::technical::{Cause, Detail, Fault, assess_fault};
use ward_core::time::{Timestamp, minutes};
use ward_store::{Ledger, StoreError};

use crate::carry::{self, Address, Carriers, Notice, Taken};
use crate::error::{Unavailable, to_the_end};
use crate::escalation_policy::contact_of;
use crate::staff_contacts::address_in;
use crate::wards::Wards;

/// Notices of one ward that are carried at the same time.
const AT_ONCE: u32 = 32;

/// Looks that wait for slow channels at the same time.
const LOOKS_AT_ONCE: usize = 64;

/// Notices are kept for so long after they were queued; the log keeps who was told.
const KEPT_FOR: Duration = minutes(90 * 24 * 60);

/// Old ones are looked for this often.
const FORGET_EVERY: Duration = minutes(60);

/// How notices go out.
#[derive(Clone, Default)]
pub struct Teller {
    /// Who carries them.
    pub carriers: Carriers,
    /// Where browsers reach the service, `https://ward.example.nhs.uk`: for the link in a notice.
    pub base_url: Option<String>,
}

/// What is done with one notice outside of the ward's lock.
enum Errand {
    Carry(Box<Notice>, u16),
    Ask(Uuid, ward_core::escalation::ChannelKind, String),
}

enum Answer {
    Carried(Uuid, u16, Result<Taken, Trouble>),
    Asked(Uuid, Option<Receipt>),
}

impl Wards {
    /// Sends until the service is stopped. What is under way then is waited for.
    pub async fn tell_until_stopped(&self, teller: &Teller) {
        let mut ticks = tokio::time::interval(self.options.look_every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut forgetting = tokio::time::interval(FORGET_EVERY);
        forgetting.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // A channel that is slow to answer keeps nobody else waiting: what it has is leased, and the next look passes it over.
        let mut looks = JoinSet::new();
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => break,
                _ = ticks.tick(), if looks.len() < LOOKS_AT_ONCE => {
                    let (wards, teller) = (self.clone(), teller.clone());
                    looks.spawn(async move {
                        if let Err(error) = wards.tell(&teller).await {
                            tracing::error!(%error, "notices could not be looked for; the next look tries again");
                        }
                    });
                }
                _ = forgetting.tick() => {
                    if let Err(error) = self.forget_notices().await {
                        tracing::error!(%error, "old notices could not be forgotten; the next hour tries again");
                    }
                }
                Some(_) = looks.join_next() => {}
            }
        }
        while looks.join_next().await.is_some() {}
    }

    async fn forget_notices(&self) -> Result<(), Unavailable> {
        let before = self.clock.now().minus(KEPT_FOR);
        self.store.forget_notices(before).await?;
        Ok(())
    }

    /// Sends what is due now, on every ward, and asks what became of what was sent.
    ///
    /// # Errors
    /// [`Unavailable`] when it cannot be read what is due.
    pub async fn tell(&self, teller: &Teller) -> Result<(), Unavailable> {
        let due = self.store.wards_with_notices_due(self.clock.now()).await?;
        let mut at_work = JoinSet::new();
        for ward in due {
            let (wards, teller) = (self.clone(), teller.clone());
            at_work.spawn(async move {
                if let Err(error) = wards.tell_of_ward(ward, &teller).await {
                    tracing::error!(%ward, %error, "notices of this ward could not be seen to; the next look tries again");
                }
            });
        }
        while at_work.join_next().await.is_some() {}
        Ok(())
    }

    async fn tell_of_ward(&self, ward: WardId, teller: &Teller) -> Result<(), StoreError> {
        let (wards, with) = (self.clone(), teller.clone());
        let errands = to_the_end(async move { wards.lease_notices(ward, &with).await }).await?;
        let mut under_way = JoinSet::new();
        for errand in errands {
            let carriers = teller.carriers.clone();
            under_way.spawn(run(errand, carriers));
        }
        while let Some(done) = under_way.join_next().await {
            // One that panicked is as one that did not answer: its lease runs out.
            let Some(answer) = done.ok().flatten() else {
                continue;
            };
            // Each by itself: what failed goes by the next way while a slow one is still under way.
            let wards = self.clone();
            let written = to_the_end(async move { wards.write_down_notice(ward, answer).await });
            if let Err(error) = written.await {
                tracing::error!(%ward, %error, "what became of a notice could not be written down: it goes out again under the same id");
            }
        }
        Ok(())
    }

    /// Takes what is due on a ward, and puts it into words. What is no longer wanted is cancelled; what has nowhere to go
    /// goes by the next way.
    async fn lease_notices(
        &self,
        ward: WardId,
        teller: &Teller,
    ) -> Result<Vec<Errand>, StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(Vec::new());
        };
        let now = self.clock.now();
        let mut errands = Vec::new();
        for due in ledger.due_notices(now, AT_ONCE).await? {
            let by = due.out.message.way.by;
            if due.is_asked_about() {
                let asked = Underway {
                    ask_at: Some(now.plus(LEASE)),
                    ..due.clone()
                };
                ledger.put_notice(&asked).await?;
                if let Some(reference) = due.reference {
                    errands.push(Errand::Ask(due.out.message.id, by, reference));
                }
                continue;
            }
            let is_wanted = is_wanted(&mut ledger, &due).await?;
            let address = match is_wanted && teller.carriers.of(by).is_some() {
                true => address_of(&mut ledger, &due).await?,
                false => None,
            };
            let out = match (is_wanted, &address) {
                (false, _) => due.out.cancel(Stop::NotNeeded),
                (true, None) => due.out.cancel(Stop::NoWay),
                (true, Some(_)) => due.out.lease(now),
            };
            let Some(out) = out else { continue };
            let leased = Underway { out, ..due };
            match (leased.out.delivery, address) {
                (Delivery::Leased { .. }, Some(to)) => {
                    ledger.put_notice(&leased).await?;
                    let notice = in_words(&ledger, &leased, to, teller);
                    errands.push(Errand::Carry(Box::new(notice), leased.out.attempts));
                }
                _ => finish(&mut ledger, &leased, now).await?,
            }
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(errands)
    }

    async fn write_down_notice(&self, ward: WardId, answer: Answer) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        let id = match &answer {
            Answer::Carried(id, ..) | Answer::Asked(id, _) => *id,
        };
        let Some(notice) = ledger.notice(id).await? else {
            return ledger.close().await;
        };
        let after = match answer {
            Answer::Carried(_, _, Ok(taken)) => notice.taken(taken.reference, now),
            Answer::Carried(_, attempt, Err(trouble)) => {
                tracing::warn!(%ward, notice = %id, attempt, %trouble, "a notice did not go out");
                let way = notice.out.message.way;
                if let (Trouble::Gone, Whom::Clinician { id }, Some(detail)) =
                    (trouble, way.to, way.detail)
                {
                    // That browser is not to be pushed to again.
                    ledger.remove_staff_contact(id, detail).await?;
                }
                notice.failed(attempt, trouble, now)
            }
            Answer::Asked(_, receipt) => Some(notice.answered(receipt, now)),
        };
        if let Some(after) = after {
            finish(&mut ledger, &after, now).await?;
        }
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}

async fn run(errand: Errand, carriers: Carriers) -> Option<Answer> {
    match errand {
        Errand::Carry(notice, attempt) => {
            let (id, kind) = (notice.id, notice.to.channel());
            let carrier = carriers.of(kind)?;
            let sent = tokio::time::timeout(LEASE / 2, (carrier.send)(*notice)).await;
            Some(Answer::Carried(
                id,
                attempt,
                sent.unwrap_or(Err(Trouble::NoAnswer)),
            ))
        }
        Errand::Ask(id, kind, reference) => {
            let ask = carriers.of(kind)?.ask.clone()?;
            let answer = tokio::time::timeout(LEASE / 2, ask(reference)).await;
            let receipt = match answer {
                Ok(Ok(carry::Receipt::OnItsWay)) => Some(Receipt::OnItsWay),
                Ok(Ok(carry::Receipt::Delivered)) => Some(Receipt::Delivered),
                Ok(Ok(carry::Receipt::NotDelivered)) => Some(Receipt::NotDelivered),
                Ok(Err(_)) | Err(_) => None,
            };
            Some(Answer::Asked(id, receipt))
        }
    }
}

/// Whether anybody still wants it: nobody has taken the alert, or what a colleague asked for is not over.
async fn is_wanted(ledger: &mut Ledger, due: &Underway) -> Result<bool, StoreError> {
    let message = &due.out.message;
    let Some(number) = message.alert else {
        return Ok(true);
    };
    let Some(alert) = ledger.alert(number).await? else {
        return Ok(false);
    };
    Ok(match message.about {
        About::Level { round, .. } => alert.is_unacknowledged() && alert.ladder.round == round,
        About::ShiftEnd { .. } => alert.is_unacknowledged(),
        About::ByHand { .. } => alert.is_open(),
        About::Test { .. } => true,
    })
}

/// `None`: there is nothing to send it to any more.
async fn address_of(ledger: &mut Ledger, due: &Underway) -> Result<Option<Address>, StoreError> {
    let way = due.out.message.way;
    Ok(match way.to {
        Whom::Clinician { id } => match way.detail {
            Some(detail) => {
                let contact = ledger.staff_contact(id, detail).await?;
                contact.as_ref().and_then(address_in)
            }
            None => None,
        },
        Whom::Contact { .. } => {
            contact_of(ledger.policy(), way.to).and_then(|contact| match way.by {
                ward_core::escalation::ChannelKind::Sms => Some(Address::Phone {
                    number: contact.phone.trim().to_owned(),
                }),
                ward_core::escalation::ChannelKind::Email => Some(Address::Email {
                    address: contact.email.trim().to_owned(),
                }),
                ward_core::escalation::ChannelKind::Console
                | ward_core::escalation::ChannelKind::Webhook
                | ward_core::escalation::ChannelKind::WebPush => None,
            })
        }
        Whom::Webhook => Some(Address::Webhook),
        Whom::Nobody => None,
    })
}

/// What a notice says: ward and alert, how urgent and why; never who a patient is.
fn in_words(ledger: &Ledger, leased: &Underway, to: Address, teller: &Teller) -> Notice {
    let message = &leased.out.message;
    let ward = ledger.ward();
    let severity = match message.severity {
        Severity::Red => "red",
        Severity::Amber => "amber",
        Severity::Low => "low",
    };
    let spoken = message.alert.map_or_else(
        || ward.code.to_string(),
        |number| format!("{} {number}", ward.code),
    );
    let (title, why) = match message.about {
        About::Level { level, .. } => (
            format!("{spoken}: {severity}, and nobody has it"),
            format!("Nobody has acknowledged this alert. Escalation level {level}."),
        ),
        About::ByHand { .. } => (
            format!("{spoken}: {severity}, a colleague asks for you"),
            "A colleague has passed this alert on to you.".to_owned(),
        ),
        About::ShiftEnd { .. } => (
            format!("{spoken}: {severity}, and nobody had it when the shift ended"),
            "The ward is not staffed any more, and nobody has acknowledged this alert.".to_owned(),
        ),
        About::Test { .. } => (
            format!("{spoken}: a test message"),
            "You asked for this message to try out whether you are reached. Nothing is to be done."
                .to_owned(),
        ),
    };
    let link = teller
        .base_url
        .as_ref()
        .map(|base| format!("{}/wards/{}", base.trim_end_matches('/'), ward.id));
    let ring = match message.about {
        About::Test { .. } => String::new(),
        About::Level { .. } | About::ByHand { .. } | About::ShiftEnd { .. } => {
            format!(
                " Open the board and acknowledge it, or ring the ward on {}.",
                ward.phone
            )
        }
    };
    Notice {
        id: message.id,
        attempt: leased.out.attempts,
        to,
        ward_code: ward.code.to_string(),
        alert: message.alert,
        severity: message.severity,
        level: u8::try_from(message.level).unwrap_or(u8::MAX),
        title,
        text: format!("{why}{ring}"),
        link,
        expires_at: message.expires_at,
    }
}

/// Writes a notice down, takes the next way where it did not get through, and tells the ward what it must know of it.
async fn finish(ledger: &mut Ledger, after: &Underway, now: Timestamp) -> Result<(), StoreError> {
    ledger.put_notice(after).await?;
    let message = &after.out.message;
    let is_wanted = is_wanted(ledger, after).await?;
    let mut next = None;
    if after.is_in_trouble() && is_wanted {
        let following = message.next(now);
        let nobody_left = following.is_none();
        if let Some(notice) = following {
            // Once: a later failure of the same notice finds it queued.
            let underway = Underway::queued(notice.clone());
            if ledger.queue_notice(&underway).await? {
                next = Some(notice);
            }
        }
        if nobody_left || after.is_failing() {
            say_failing(ledger, after, nobody_left, now).await?;
        }
    }
    let line = next.map(|notice| Told {
        level: notice.level,
        to: notice.way.to,
        by: Some(notice.way.by),
        at: now,
        state: ToldState::Queued,
        instead_of: None,
        notice: Some(notice.id),
    });
    say_in_alert(ledger, after, line, now).await
}

async fn say_in_alert(
    ledger: &mut Ledger,
    after: &Underway,
    line: Option<Told>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = &after.out.message;
    let Some(number) = message.alert else {
        return Ok(());
    };
    let (id, state) = (message.id, after.told());
    let change = |alert: &mut ward_core::alert::Alert| {
        let news = alert.ladder.heard_of(id, state, now);
        let more = line.is_some();
        if let Some(line) = line {
            alert.ladder.tell(line);
        }
        news || more
    };
    ledger.append_told(number, change, now).await?;
    Ok(())
}

/// Notices do not get through: the whole ward is told.
async fn say_failing(
    ledger: &mut Ledger,
    after: &Underway,
    nobody_left: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let fault = Fault {
        subject: Subject::Ward,
        cause: Cause::DeliveryFailing,
        severity: if nobody_left {
            Severity::Red
        } else {
            Severity::Amber
        },
        spo2: None,
        detail: Detail::Delivery {
            message: format!("notice by {}", after.out.message.way.by.name()),
            attempts: after.out.attempts,
            trouble: after.out.trouble,
        },
    };
    let about = std::slice::from_ref(&fault.subject);
    let open = ledger.open_alerts_about(about).await?;
    let known = open
        .iter()
        .find(|alert| alert.problem == Problem::Technical(fault.cause));
    // What tells of itself only goes round in a circle.
    if known.is_some_and(|known| Some(known.number) == after.out.message.alert) {
        return Ok(());
    }
    if let Some(event) = assess_fault(&fault, known, now) {
        ledger.append(event, now);
    }
    Ok(())
}
