//! The states of a message, and a random walk of two nodes against a separately written bookkeeper.

use uuid::Uuid;

use super::*;
use crate::id::{Seq, StayId};
use crate::message::Asks;
use crate::plan::{Band, MonitoringPlan};
use crate::spo2::Spo2;
use crate::story::EIGHT;

const STAY: StayId = StayId(Uuid::from_u128(1));

fn recheck() -> Outbound {
    let spo2 = Spo2::from_percent(91.0).unwrap();
    let plan = MonitoringPlan::scale_one();
    Outbound::queued(Message::recheck(STAY, spo2, Band::Red, &plan, 7, EIGHT))
}

fn reminder() -> Outbound {
    Outbound::queued(Message::slot_reminder(
        STAY,
        Asks::Reading,
        EIGHT.plus(minutes(60)),
    ))
}

#[test]
fn a_message_waits_for_its_time_and_is_one_nodes_to_send() {
    let waiting = reminder();
    assert_eq!(waiting.lease(EIGHT.plus(minutes(59))), None);
    let at = EIGHT.plus(minutes(60));
    let taken = waiting.lease(at).unwrap();
    assert_eq!(
        (taken.attempts, taken.delivery),
        (
            1,
            Delivery::Leased {
                until: at.plus(LEASE)
            }
        )
    );
    assert_eq!(taken.lease(at.plus(seconds(59))), None);
    let over_taken = taken.lease(at.plus(seconds(60))).unwrap();
    assert_eq!(
        (over_taken.attempts, over_taken.trouble),
        (2, Some(Trouble::LeaseRanOut))
    );
    // The first node's answer comes late: its failure is not the second one's, its success is a success.
    let late = at.plus(seconds(61));
    assert_eq!(over_taken.failed(1, Trouble::NoAnswer, late), None);
    assert_eq!(
        over_taken.sent(late).unwrap().delivery,
        Delivery::Sent { at: late }
    );
}

#[test]
fn what_fails_is_tried_again_ever_later_and_given_up_with_a_fault() {
    let mut message = recheck();
    message.message.expires_at = EIGHT.plus(minutes(24 * 60));
    let (mut now, mut waits) = (EIGHT, Vec::new());
    loop {
        let taken = message.lease(now).unwrap();
        message = taken
            .failed(taken.attempts, Trouble::NoAnswer, now)
            .unwrap();
        let Some(due) = message.due_at() else { break };
        waits.push(due.millis_since(now));
        assert_eq!(message.fault().is_some(), message.attempts >= 3);
        now = due;
    }
    assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
    assert_eq!(
        (message.attempts, message.delivery),
        (MOST_ATTEMPTS, Delivery::GivenUp { at: now })
    );
    assert_eq!(message.fault().unwrap().severity, Severity::Amber);
}

#[test]
fn what_could_only_be_tried_after_its_time_is_given_up_now() {
    let message = recheck();
    let late = message.message.expires_at.minus(seconds(2));
    let taken = message.lease(late).unwrap();
    let over = taken
        .failed(1, Trouble::Refused { status: 503 }, late)
        .unwrap();
    assert_eq!(over.delivery, Delivery::GivenUp { at: late });
    let after = message.message.expires_at.plus(seconds(1));
    let expired = message.lease(after).unwrap();
    assert_eq!(expired.delivery, Delivery::Expired { at: after });
    assert_eq!(expired.fault(), None);
    let tried = Outbound {
        attempts: 1,
        ..expired
    };
    assert!(tried.fault().is_some());
}

#[test]
fn what_is_cancelled_is_not_sent_again_and_what_had_gone_out_is_not_denied() {
    let taken = recheck().lease(EIGHT).unwrap();
    let cancelled = taken.cancel(Stop::StayEnded).unwrap();
    assert_eq!((cancelled.due_at(), cancelled.fault()), (None, None));
    assert_eq!(cancelled.lease(EIGHT.plus(minutes(5))), None);
    assert_eq!(cancelled.failed(1, Trouble::NoAnswer, EIGHT), None);
    let sent = cancelled.sent(EIGHT).unwrap();
    assert_eq!(sent.delivery, Delivery::Sent { at: EIGHT });
    assert_eq!(
        (sent.cancel(Stop::NotNeeded), sent.sent(EIGHT)),
        (None, None)
    );
}

#[test]
fn a_red_that_nobody_on_call_hears_of_is_a_red_and_a_reminder_is_not() {
    let (name, phone) = ("on call".to_owned(), "07700 900 000".to_owned());
    let mut red = Outbound::queued(Message::on_call_red(STAY, Seq(7), 1, name, phone, EIGHT));
    let mut low = reminder();
    for message in [&mut red, &mut low] {
        message.delivery = Delivery::GivenUp { at: EIGHT };
    }
    assert_eq!(red.fault().unwrap().severity, Severity::Red);
    assert_eq!(low.fault().unwrap().severity, Severity::Low);
}

/// What the walk can get wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// A lease is no lease: both nodes send.
    LeaseHoldsNobodyOff,
    /// A cancelled message goes on.
    CancelIsForgotten,
    /// A node that came too late undoes what the other has begun.
    LateFailureCounts,
    /// It is tried for ever.
    NeverGivenUp,
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What a bookkeeper who knows nothing of states writes down: who began to send, when, and what was decided.
#[derive(Default)]
struct Book {
    begun: Vec<Timestamp>,
    /// Each node's attempt that has not been answered: its number and since when.
    under_way: [Option<(u16, Timestamp)>; 2],
    cancelled: bool,
    delivered: bool,
}

fn walk(fault: Fault, seed: u64) -> Result<(), String> {
    let mut dice = Dice(seed);
    let (mut message, mut now, mut book) = (recheck(), EIGHT, Book::default());
    for _ in 0..400 {
        now = now.plus(seconds(dice.roll(40)));
        let node = usize::try_from(dice.roll(2)).unwrap_or_default();
        match dice.roll(20) {
            0 => {
                if let Some(after) = message.cancel(Stop::StayEnded) {
                    book.cancelled = true;
                    if fault != Fault::CancelIsForgotten {
                        message = after;
                    }
                }
            }
            // A node is stopped and forgets what it was about.
            1 => book.under_way[node] = None,
            2..=9 => {
                let asked = if fault == Fault::LeaseHoldsNobodyOff
                    && matches!(message.delivery, Delivery::Leased { .. })
                {
                    Outbound {
                        delivery: Delivery::Failed { retry_at: now },
                        ..message.clone()
                    }
                } else if fault == Fault::NeverGivenUp {
                    let mut young = message.clone();
                    young.attempts = young.attempts.min(3);
                    young.message.expires_at = now.plus(minutes(30));
                    young
                } else {
                    message.clone()
                };
                let Some(after) = asked.lease(now) else {
                    continue;
                };
                let began = matches!(after.delivery, Delivery::Leased { .. });
                message = after;
                if began {
                    if book.delivered || book.cancelled {
                        return Err("sent again after its end".to_owned());
                    }
                    if book.begun.last().is_some_and(|last| now < last.plus(LEASE))
                        && book
                            .under_way
                            .iter()
                            .flatten()
                            .any(|(_, since)| now < since.plus(LEASE))
                    {
                        return Err("two nodes send at the same time".to_owned());
                    }
                    if now > EIGHT.plus(minutes(30))
                        || book.begun.len() >= usize::from(MOST_ATTEMPTS)
                    {
                        return Err("tried for too long or too often".to_owned());
                    }
                    book.begun.push(now);
                    book.under_way[node] = Some((message.attempts, now));
                }
            }
            10..=17 => {
                let Some((attempt, _)) = book.under_way[node].take() else {
                    continue;
                };
                let newest = book.begun.len() == usize::from(attempt);
                let of = if fault == Fault::LateFailureCounts {
                    message.attempts
                } else {
                    attempt
                };
                if let Some(after) = message.failed(of, Trouble::NoAnswer, now) {
                    if !newest {
                        return Err("a late failure counted".to_owned());
                    }
                    message = after;
                }
            }
            _ => {
                if book.under_way[node].take().is_some() {
                    book.delivered = true;
                    message = message.sent(now).unwrap_or(message);
                    if !matches!(message.delivery, Delivery::Sent { .. }) {
                        return Err("what went out is denied".to_owned());
                    }
                }
            }
        }
        if book.delivered && message.due_at().is_some() {
            return Err("what went out is still due".to_owned());
        }
    }
    Ok(())
}

#[test]
fn two_nodes_that_come_and_go_at_random_keep_every_promise() {
    for seed in 0..2_000 {
        assert_eq!(walk(Fault::None, seed), Ok(()), "seed {seed}");
    }
}

#[test]
fn each_planted_fault_is_caught() {
    for fault in [
        Fault::LeaseHoldsNobodyOff,
        Fault::CancelIsForgotten,
        Fault::LateFailureCounts,
        Fault::NeverGivenUp,
    ] {
        assert!(
            (0..2_000).any(|seed| walk(fault, seed).is_err()),
            "{fault:?}"
        );
    }
}

#[test]
fn a_trouble_is_read_as_it_was_written_and_those_that_are_for_good_do_not_pass() {
    let all = [
        (Trouble::NoAnswer, r#"{"kind":"no_answer"}"#, true),
        (
            Trouble::Refused { status: 503 },
            r#"{"kind":"refused","status":503}"#,
            true,
        ),
        (Trouble::LeaseRanOut, r#"{"kind":"lease_ran_out"}"#, true),
        (
            Trouble::Rejected { status: 550 },
            r#"{"kind":"rejected","status":550}"#,
            false,
        ),
        (Trouble::Gone, r#"{"kind":"gone"}"#, false),
        (Trouble::BadAddress, r#"{"kind":"bad_address"}"#, false),
    ];
    for (trouble, stored, may_pass) in all {
        assert_eq!(serde_json::to_string(&trouble).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Trouble>(stored).unwrap(), trouble);
        assert_eq!(trouble.may_pass(), may_pass, "{trouble}");
    }
}
