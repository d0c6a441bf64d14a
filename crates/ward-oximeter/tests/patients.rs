//! What a patient gets from the makers' own protocols: a reading of a finger that is in, and none of a finger that is not.

#![expect(
    clippy::unwrap_used,
    reason = "a test program: a story that cannot be told must fail"
)]

use ward_oximeter::{
    Driver, Family, Outcome, Plan, Quality, Reason, Settle, SettleConfig, Source, Uuid, uuids,
};

/// One device and what is made of what it sends.
struct Bedside {
    driver: Driver,
    settle: Settle,
    notify: Uuid,
    now_ms: u64,
    readings: Vec<(u16, Quality)>,
    attempts: Vec<Reason>,
}

impl Bedside {
    fn new(family: Family, notify: Uuid, accepts_unproven: bool) -> Self {
        let plan = Plan::of(family).unwrap();
        let notified = |endpoint: &ward_oximeter::Endpoint| endpoint.characteristic == notify;
        assert!(plan.subscribe.iter().any(notified), "{family:?}");
        Self {
            driver: Driver::new(family),
            settle: Settle::new(SettleConfig {
                low_limit_percent: 92,
                accepts_unproven,
            }),
            notify,
            now_ms: 1_000,
            readings: Vec::new(),
            attempts: Vec::new(),
        }
    }

    /// The bytes, in notifications of twenty.
    fn hear(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(20) {
            for frame in self.driver.decode(self.notify, chunk).into_iter().flatten() {
                let outcomes = self.settle.push(&frame, self.now_ms);
                self.take(outcomes);
            }
        }
    }

    fn hear_for(&mut self, seconds: u64, bytes: &[u8]) {
        for _ in 0..seconds {
            self.hear(bytes);
            self.now_ms += 1_000;
        }
    }

    fn part(&mut self) -> (&[(u16, Quality)], &[Reason]) {
        let outcomes = self.settle.disconnected(self.now_ms);
        self.take(outcomes);
        (&self.readings, &self.attempts)
    }

    fn take(&mut self, outcomes: Vec<Outcome>) {
        for outcome in outcomes {
            match outcome {
                Outcome::Reading(reading) => {
                    let spo2 = reading.value.spo2_tenths_percent;
                    self.readings.push((spo2, reading.quality));
                }
                Outcome::Attempt(attempt) => self.attempts.push(attempt.reason),
                Outcome::Waiting(_) => {}
            }
        }
    }
}

/// One family's second with a finger, and its second when the finger has gone, as long as it still repeats the values.
struct Sends {
    family: Family,
    notify: Uuid,
    finger: Vec<u8>,
    gone: Vec<u8>,
}

fn summed(body: &[u8], plus: u8, mask: u8) -> Vec<u8> {
    let sum = body.iter().fold(plus, |sum, byte| sum.wrapping_add(*byte));
    [body, &[sum & mask]].concat()
}

/// A second of a Berry: a hundred packets, whose wave moves.
fn berry(third: u8) -> Vec<u8> {
    (0..100)
        .flat_map(|at| [0x88, 1 + at, third, 72, 97])
        .collect()
}

fn proven() -> Vec<Sends> {
    let choicemmed = |device: u8| {
        let status = [0x20, 0, 0, device, 0];
        [&[0x3E, 97, 0, 72, 0, 16][..], &status, &[0x2A, 0xF0]].concat()
    };
    vec![
        Sends {
            family: Family::Berry,
            notify: uuids::BERRY_NOTIFY,
            finger: berry(0x05),
            gone: berry(0x15),
        },
        Sends {
            family: Family::Jumper,
            notify: uuids::JUMPER_NOTIFY,
            finger: vec![0x81, 72, 97, 40],
            gone: vec![0x81, 255, 127, 0],
        },
        Sends {
            family: Family::Contec,
            notify: uuids::CONTEC_NOTIFY,
            finger: summed(&[0xEB, 1, 4, 72, 97, 0x7F, 0], 0, 0x7F),
            gone: summed(&[0xEB, 1, 4, 0, 127, 0x7F, 0], 0, 0x7F),
        },
        Sends {
            family: Family::ChoiceMmed,
            notify: uuids::CHOICEMMED_NOTIFY,
            finger: choicemmed(0),
            gone: choicemmed(0x08),
        },
    ]
}

fn unproven() -> Vec<Sends> {
    let vtm20f = |status: u8| {
        let wave = summed(&[0xFE, 8, 0x56, 54, status, 8, 1], 2, 0xFF);
        let values = summed(&[0xFE, 10, 0x55, 0, 72, 97, 0x12, 0x5E, 1], 2, 0xFF);
        [wave, values].concat()
    };
    let jks50f = |finger: u8| {
        let mut body = vec![0xFF, 0x44, 0x01, finger, 97, 72, 0x24, 1];
        body.resize(68, 0);
        summed(&body, 1, 0xFF)
    };
    vec![
        Sends {
            family: Family::Vtm20f,
            notify: uuids::FFE4_NOTIFY,
            finger: vtm20f(0),
            gone: vtm20f(2),
        },
        Sends {
            family: Family::Jks50f,
            notify: uuids::FFE1_NOTIFY,
            finger: jks50f(0),
            gone: jks50f(1),
        },
    ]
}

#[test]
fn a_finger_that_stays_in_is_one_settled_reading_at_first() {
    for sends in proven().into_iter().chain(unproven()) {
        let mut bedside = Bedside::new(sends.family, sends.notify, true);
        bedside.hear_for(16, &sends.finger);
        assert_eq!(
            bedside.part().0,
            [(970, Quality::Settled)],
            "{:?}",
            sends.family
        );
    }
}

#[test]
fn a_finger_that_leaves_early_takes_its_last_seconds_with_it() {
    for sends in proven().into_iter().chain(unproven()) {
        let mut bedside = Bedside::new(sends.family, sends.notify, true);
        bedside.hear_for(5, &sends.finger);
        bedside.hear_for(20, &sends.gone);
        let (readings, attempts) = bedside.part();
        assert!(readings.is_empty(), "{:?}: {readings:?}", sends.family);
        assert_eq!(attempts.len(), 1, "{:?}: {attempts:?}", sends.family);
    }
}

#[test]
fn without_a_finger_there_is_never_a_reading() {
    for sends in proven().into_iter().chain(unproven()) {
        let mut bedside = Bedside::new(sends.family, sends.notify, true);
        bedside.hear_for(300, &sends.gone);
        assert_eq!(bedside.part().0, [], "{:?}", sends.family);
    }
}

#[test]
fn an_unproven_protocol_gives_attempts_unless_it_is_accepted() {
    for sends in unproven() {
        let mut bedside = Bedside::new(sends.family, sends.notify, false);
        bedside.hear_for(60, &sends.finger);
        let (readings, attempts) = bedside.part();
        assert_eq!(readings, [], "{:?}", sends.family);
        assert!(attempts.contains(&Reason::Unproven), "{:?}", sends.family);
    }
}

#[test]
fn a_result_that_a_taidoc_repeats_is_one_reading() {
    let answer = |spo2, pulse| summed(&[0x51, 0x49, spo2, 0, 0, pulse, 0xA5], 0, 0xFF);
    let mut bedside = Bedside::new(Family::TaiDoc, uuids::TAIDOC_BOTH, true);
    bedside.hear_for(2, &answer(0, 0));
    bedside.hear_for(3, &answer(98, 72));
    assert_eq!(bedside.part().0, [(980, Quality::Settled)]);
}

#[test]
fn the_records_of_a_po60_are_readings_of_their_own_time_and_beside_them_nothing_is() {
    let record = |minute: u8| {
        let body = [
            &[0xE9, 0, 26, 11, 21, 8, minute, 0, 26, 11, 21, 8, minute, 30][..],
            &[0, 0, 30, 98, 96, 97, 80, 70, 72],
        ]
        .concat();
        summed(&body, 0, 0x7F)
    };
    let bytes = [record(1), record(2)].concat();
    let mut driver = Driver::new(Family::Po60);
    let mut settle = Settle::new(SettleConfig {
        low_limit_percent: 92,
        accepts_unproven: false,
    });
    let times: Vec<_> = bytes
        .chunks(20)
        .flat_map(|chunk| driver.decode(uuids::CONTEC_NOTIFY, chunk))
        .flat_map(|frame| settle.push(&frame.unwrap(), 1_000))
        .map(|outcome| match outcome {
            Outcome::Reading(reading) => match reading.source {
                Source::SpotCheck(record) => {
                    assert!(record.from_storage && !record.clock_not_set);
                    record.device_time.unwrap().to_string()
                }
                Source::Window { .. } => panic!("a window"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(times, ["2026-11-21T08:01:30", "2026-11-21T08:02:30"]);
    assert!(settle.disconnected(2_000).is_empty());
}
