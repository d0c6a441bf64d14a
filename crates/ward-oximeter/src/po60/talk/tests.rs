//! What is said to a PO60, told as stories.

use super::*;
use crate::po60::record::tests::numbered;
use crate::uuids;

const LOCAL: DateTime = DateTime {
    year: 2026,
    month: 11,
    day: 22,
    hour: 9,
    minute: 30,
    second: 15,
};
const READ_CLOCK: [u8; 2] = [0x89, 0x09];
const COUNT: [u8; 3] = [0x90, 0x05, 0x15];
const REPORT: [u8; 3] = [0x99, 0x00, 0x19];
const NEXT: [u8; 3] = [0x99, 0x01, 0x1A];
const DELETE: [u8; 3] = [0x99, 0x7F, 0x18];

struct Bench {
    records: Records,
    at_ms: u64,
    local: Option<DateTime>,
}

impl Bench {
    fn new() -> Self {
        let to = Endpoint {
            service: uuids::CONTEC_SERVICE,
            characteristic: uuids::CONTEC_WRITE,
        };
        Self {
            records: Records::new(Some(to)),
            at_ms: 1_000,
            local: Some(LOCAL),
        }
    }

    /// The clock is right, and so many records are stored.
    fn with(count: u8) -> Self {
        let mut bench = Self::new();
        bench.writes(&READ_CLOCK);
        bench.hear(&Frame::DateTime(Stamp::Valid(LOCAL)));
        bench.writes(&COUNT);
        bench.hear(&Frame::Po60(Po60::Count(Some(count))));
        bench
    }

    fn hear(&mut self, frame: &Frame) -> &mut Self {
        self.at_ms += 20;
        self.records.hear(frame, self.at_ms);
        self
    }

    fn hear_records(&mut self, numbers: std::ops::Range<u8>) -> &mut Self {
        for number in numbers {
            self.hear(&numbered(number, false));
        }
        self
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let now = Now {
            at_ms: self.at_ms,
            local: self.local,
        };
        let command = self.records.next(now)?;
        Some(command.pieces(20).flatten().copied().collect())
    }

    #[track_caller]
    fn writes(&mut self, bytes: &[u8]) -> &mut Self {
        assert_eq!(self.next().as_deref(), Some(bytes));
        self
    }

    #[track_caller]
    fn is_silent(&mut self) -> &mut Self {
        assert_eq!(self.next(), None);
        self
    }

    fn after(&mut self, ms: u64) -> &mut Self {
        self.at_ms += ms;
        self
    }

    fn confirmed(&mut self) -> &mut Self {
        self.records.confirmed(self.at_ms);
        self
    }
}

#[test]
fn records_come_ten_at_a_time_and_are_deleted_only_when_the_service_has_them_all() {
    let mut bench = Bench::with(12);
    bench.writes(&REPORT).hear_records(0..10).writes(&NEXT);
    assert_eq!(bench.records.stored(), Stored::Asking);
    bench.hear_records(10..12).is_silent();
    assert_eq!(bench.records.stored(), Stored::HandedOver { records: 12 });
    bench.after(3_600_000).is_silent();
    assert_eq!(bench.records.wake_ms(), None);
    bench.confirmed().writes(&COUNT);
    bench
        .hear(&Frame::Po60(Po60::Count(Some(12))))
        .writes(&DELETE);
    bench.is_silent().after(2_000).is_silent();
    assert!(bench.records.is_finished(), "the clock is right");
    assert_eq!(bench.records.stored(), Stored::Done);
}

#[test]
fn a_confirmation_that_nobody_waits_for_deletes_nothing() {
    let mut bench = Bench::with(3);
    bench.writes(&REPORT).hear_records(0..2).confirmed();
    bench.is_silent().hear_records(2..3).is_silent();
    assert_eq!(bench.records.stored(), Stored::HandedOver { records: 3 });
}

#[test]
fn what_was_measured_meanwhile_is_handed_over_before_anything_is_deleted() {
    let mut bench = Bench::with(2);
    bench.writes(&REPORT).hear_records(0..2).confirmed();
    bench.writes(&COUNT);
    bench
        .hear(&Frame::Po60(Po60::Count(Some(3))))
        .writes(&REPORT);
    bench.hear_records(0..3).confirmed().writes(&COUNT);
    bench
        .hear(&Frame::Po60(Po60::Count(Some(3))))
        .writes(&DELETE);
}

#[test]
fn records_that_do_not_all_come_are_asked_for_once_more_and_then_kept() {
    let mut bench = Bench::with(3);
    bench.writes(&REPORT).hear_records(0..2);
    assert_eq!(bench.records.wake_ms(), Some(bench.at_ms + SILENCE_MS));
    bench.after(SILENCE_MS).writes(&REPORT);
    // One of them comes twice: it is still not all of them.
    bench.hear_records(0..2).hear_records(1..2);
    bench.after(SILENCE_MS).is_silent();
    assert!(bench.records.is_finished());
    bench.confirmed().is_silent();
}

#[test]
fn a_device_that_cannot_be_counted_hands_over_and_keeps_everything() {
    let mut bench = Bench::new();
    bench.writes(&READ_CLOCK).after(ANSWER_MS).writes(&COUNT);
    bench.after(ANSWER_MS).writes(&REPORT);
    bench.hear_records(0..10).writes(&NEXT).after(ANSWER_MS);
    bench.is_silent();
    assert!(bench.records.is_finished());
    let mut unclear = Bench::new();
    unclear.writes(&READ_CLOCK).after(ANSWER_MS).writes(&COUNT);
    unclear
        .hear(&Frame::Po60(Po60::Count(None)))
        .writes(&REPORT);
    unclear.hear_records(0..2).after(SILENCE_MS).is_silent();
    assert!(unclear.records.is_finished());
}

#[test]
fn the_clock_is_set_only_when_the_memory_is_empty_and_the_time_is_known() {
    let set = sealed(&[0x83, 26, 11, 22, 9, 30, 15, 0, 0]);
    let empty = |clock: Option<Stamp>, local| {
        let mut bench = Bench::new();
        bench.local = local;
        bench.writes(&READ_CLOCK);
        match clock {
            Some(stamp) => bench.hear(&Frame::DateTime(stamp)),
            None => bench.after(ANSWER_MS),
        };
        bench.writes(&COUNT);
        bench.hear(&Frame::Po60(Po60::Count(Some(0))));
        bench
    };
    let unset = DateTime {
        year: 2019,
        ..LOCAL
    };
    let mut bench = empty(Some(Stamp::Valid(unset)), Some(LOCAL));
    bench.writes(&set);
    assert!(!bench.records.is_finished());
    bench.hear(&Frame::Po60(Po60::ClockSet(true))).is_silent();
    assert!(bench.records.is_finished());
    empty(None, Some(LOCAL)).writes(&set);
    empty(Some(Stamp::Unknown), Some(LOCAL)).writes(&set);
    empty(Some(Stamp::Valid(LOCAL)), Some(LOCAL)).is_silent();
    empty(Some(Stamp::Valid(unset)), None).is_silent();
    let beyond = DateTime {
        year: 2128,
        ..LOCAL
    };
    empty(None, Some(beyond)).is_silent();
}

#[test]
fn a_refused_command_ends_it_and_without_a_place_to_write_nothing_is_said() {
    let mut bench = Bench::new();
    let now = Now {
        at_ms: 1_000,
        local: None,
    };
    let command = bench.records.next(now).unwrap();
    bench.records.refused(&command, 1_000);
    bench.is_silent();
    let mut mute = Bench::new();
    mute.records = Records::new(None);
    mute.is_silent();
    assert_eq!(mute.records.stored(), Stored::None);
}
