use uuid::Uuid;

use ward_core::day::Zone;
use ward_core::id::{Seq, StayId};
use ward_core::message::{Asks, Message, Recipient};
use ward_core::plan::MonitoringPlan;
use ward_core::spo2::Spo2;
use ward_core::time::{Timestamp, minutes};
use ward_core::ward::WardCode;
use ward_text::Language;

use super::every_language;
use crate::words::{MessageFacts, message_in_words};

/// Eight in the morning in London, in winter.
const EIGHT: Timestamp = Timestamp::from_millis(1_795_248_000_000);

const STAY: StayId = StayId(Uuid::from_u128(1));

struct Night {
    zone: Zone,
    code: WardCode,
    plan: MonitoringPlan,
    staffed: bool,
}

impl Night {
    fn on(plan: MonitoringPlan, staffed: bool) -> Self {
        Self {
            zone: Zone::named("Europe/London").unwrap(),
            code: "PEN".parse().unwrap(),
            plan,
            staffed,
        }
    }

    fn says(&self, message: &Message) -> String {
        self.says_in(message, Language::English)
    }

    fn says_in(&self, message: &Message, language: Language) -> String {
        let facts = MessageFacts {
            ward_name: "Pendle {phone} ward",
            ward_code: &self.code,
            ward_phone: "01254 000 000",
            zone: &self.zone,
            plan: &self.plan,
            staffed: self.staffed,
            next_staffed: Some(EIGHT.plus(minutes(24 * 60))),
            now: EIGHT,
        };
        message_in_words(message, &facts, language)
    }
}

fn recheck(percent: f64, plan: &MonitoringPlan) -> Message {
    let spo2 = Spo2::from_percent(percent).unwrap();
    Message::recheck(STAY, spo2, plan.band(spo2), plan, 7, EIGHT)
}

fn one_of_each(plan: &MonitoringPlan) -> Vec<Message> {
    let at = EIGHT.plus(minutes(360));
    vec![
        recheck(85.0, plan),
        recheck(87.0, plan),
        Message::slot_reminder(STAY, Asks::Reading, at),
        Message::slot_reminder(STAY, Asks::Diary, at),
        Message::slot_reminder(STAY, Asks::Both, at),
        Message::call_announced(STAY, at, EIGHT),
        Message::out_of_hours_advice(STAY, 1, EIGHT),
        Message::on_call_red(
            STAY,
            Seq(4711),
            1,
            "on call".to_owned(),
            "07700".to_owned(),
            EIGHT,
        ),
        Message::kit_reminder(STAY, jiff::civil::date(2026, 12, 1), EIGHT),
    ]
}

#[test]
fn nothing_in_braces_is_left_and_the_wards_name_is_taken_as_it_is() {
    for staffed in [true, false] {
        let night = Night::on(MonitoringPlan::target_88_to_92(), staffed);
        for message in one_of_each(&night.plan) {
            let said = night.says(&message);
            let without_name = said.replace("Pendle {phone} ward", "");
            assert!(!without_name.contains(['{', '}']), "{said}");
        }
    }
}

#[test]
fn a_red_says_999_first_in_and_out_of_hours() {
    for staffed in [true, false] {
        let night = Night::on(MonitoringPlan::scale_one(), staffed);
        let said = night.says(&recheck(91.0, &night.plan));
        let first = said.split(". ").next().unwrap();
        assert!(first.starts_with("Call 999 now"), "{said}");
        assert!(
            said.contains("91%") && said.contains("92% or less again"),
            "{said}"
        );
    }
}

#[test]
fn the_limits_are_the_patients_own_and_89_sends_nobody_to_hospital_whose_target_is_88_to_92() {
    let night = Night::on(MonitoringPlan::target_88_to_92(), true);
    let said = night.says(&recheck(87.0, &night.plan));
    assert!(
        said.contains("still 86 or 87%") && said.contains("85% or less"),
        "{said}"
    );
    assert!(!said.contains("92") && !said.contains("94"), "{said}");
    let one_percent = MonitoringPlan {
        amber_at_or_below: 86,
        ..MonitoringPlan::target_88_to_92()
    };
    let night = Night::on(one_percent, true);
    let said = night.says(&recheck(86.0, &night.plan));
    assert!(said.contains("still 86%"), "{said}");
}

#[test]
fn while_nobody_is_on_the_ward_every_text_to_a_patient_says_so_and_none_asks_to_ring_it_for_a_low()
{
    let night = Night::on(MonitoringPlan::scale_one(), false);
    for message in one_of_each(&night.plan) {
        let said = night.says(&message);
        let says_so = said.ends_with(
            "Nobody is looking at your readings until 08:00 tomorrow. If you are worried, ring 111. In an emergency, call 999.",
        );
        assert_eq!(says_so, message.to == Recipient::Patient, "{said}");
    }
    let said = night.says(&recheck(94.0, &night.plan));
    assert!(
        said.contains("ring 111") && !said.contains("ring us"),
        "{said}"
    );
}

#[test]
fn a_time_is_said_by_the_wards_clock_and_day() {
    let night = Night::on(MonitoringPlan::scale_one(), true);
    for (ahead, expected) in [
        (360, "We will ring you at 14:00 today."),
        (24 * 60 + 90, "We will ring you at 09:30 tomorrow."),
        (
            4 * 24 * 60,
            "We will ring you at 08:00 on Wednesday 25 November.",
        ),
    ] {
        let message = Message::call_announced(STAY, EIGHT.plus(minutes(ahead)), EIGHT);
        let said = night.says(&message);
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn a_draft_is_followed_by_a_line_that_says_so_and_by_the_english() {
    for staffed in [true, false] {
        let night = Night::on(MonitoringPlan::target_88_to_92(), staffed);
        for message in one_of_each(&night.plan) {
            let english = night.says(&message);
            for language in [Language::Polish, Language::Urdu] {
                let said = night.says_in(&message, language);
                if message.to != Recipient::Patient {
                    continue;
                }
                let (own, rest) = said.split_once("\n\n").unwrap();
                assert!(rest.ends_with(&english), "{said}");
                assert_ne!(own, english);
                let digits = |text: &str| {
                    let mut all: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
                    all.sort_unstable();
                    all
                };
                assert_eq!(digits(own), digits(&english), "{language:?}: {own}");
            }
        }
    }
}

#[test]
fn a_red_says_999_in_its_first_sentence_in_every_language() {
    let night = Night::on(MonitoringPlan::scale_one(), true);
    for language in every_language() {
        for message in [
            recheck(91.0, &night.plan),
            Message::out_of_hours_advice(STAY, 1, EIGHT),
        ] {
            let said = night.says_in(&message, language);
            let first = said.split(['.', '۔']).next().unwrap();
            assert!(first.contains("999"), "{language:?}: {said}");
        }
    }
}

#[test]
fn a_person_on_call_is_told_in_english_whatever_the_patient_speaks() {
    let night = Night::on(MonitoringPlan::scale_one(), false);
    let message = one_of_each(&night.plan).remove(7);
    assert_eq!(
        night.says_in(&message, Language::English),
        night.says(&message)
    );
    assert!(night.says(&message).starts_with("Red alert PEN 4711 on "));
}
