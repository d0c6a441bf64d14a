//! A whole session with a device of any family: the first byte chooses the family and whether an unproven one is accepted,
//! the rest is packets, time and what the bridge does. Checked is what must hold whatever a device sends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ward_oximeter::date_time::DateTime;
use ward_oximeter::talk::Now;
use ward_oximeter::{
    Driver, Evidence, Family, Frame, Meaning, Outcome, Plan, Settle, SettleConfig, Source, Talk, describe, judge, pc60,
    uuids,
};

const WRITES_AT_ONCE: usize = 32;

fuzz_target!(|data: &[u8]| {
    let [choice, bytes @ ..] = data else { return };
    let family = Family::ALL[usize::from(*choice) % Family::ALL.len()];
    if choice & 0x80 != 0 {
        if let Ok(text) = std::str::from_utf8(bytes) {
            if let Ok(capture) = serde_json::from_str(text) {
                assert!(describe::capture(&capture).is_object());
            }
        }
        return;
    }
    if let Some(plan) = Plan::of(family) {
        Session::new(plan, choice & 0x40 != 0).run(bytes);
    }
});

struct Session {
    plan: Plan,
    accepts_unproven: bool,
    driver: Driver,
    settle: Settle,
    talk: Talk,
    is_confirmed: bool,
    now_ms: u64,
}

impl Session {
    fn new(plan: Plan, accepts_unproven: bool) -> Self {
        let config = SettleConfig { low_limit_percent: 92, accepts_unproven };
        Self {
            driver: Driver::new(plan.family),
            settle: Settle::new(config),
            talk: Talk::new(&plan),
            plan,
            accepts_unproven,
            is_confirmed: false,
            now_ms: 0,
        }
    }

    /// One length byte, one of what happens, one of time, and the value.
    fn run(&mut self, mut bytes: &[u8]) {
        while let [length, event, wait, rest @ ..] = bytes {
            let (value, after) = rest.split_at(usize::from(*length % 40).min(rest.len()));
            bytes = after;
            self.now_ms = self.now_ms.saturating_add(u64::from(*wait) * 50);
            match event % 16 {
                0 => self.check(Vec::new(), false, |settle, at_ms| settle.tick(at_ms)),
                1 => {
                    self.check(Vec::new(), false, |settle, at_ms| settle.disconnected(at_ms));
                    self.driver = Driver::new(self.plan.family);
                    self.talk = Talk::new(&self.plan);
                    self.is_confirmed = false;
                }
                2 => {
                    self.talk.confirmed(self.now_ms);
                    self.is_confirmed = true;
                }
                3 => self.anywhere(value),
                4..10 => self.packet(*event, &repaired(self.plan.family, value)),
                _ => self.packet(*event, value),
            }
            self.ask(event % 5 == 0);
        }
    }

    fn anywhere(&mut self, value: &[u8]) {
        let [choice, value @ ..] = value else { return };
        let known = [uuids::BATTERY_LEVEL, uuids::CURRENT_TIME, uuids::MODEL_NUMBER, uuids::PLX_FEATURES, uuids::DATE_TIME];
        self.decode(known[usize::from(*choice) % known.len()], value);
    }

    fn packet(&mut self, choice: u8, value: &[u8]) {
        let subscribed = &self.plan.subscribe;
        self.decode(subscribed[usize::from(choice) % subscribed.len()].characteristic, value);
    }

    fn decode(&mut self, characteristic: ward_oximeter::Uuid, value: &[u8]) {
        for frame in self.driver.decode(characteristic, value).into_iter().flatten() {
            self.talk.hear(&frame, self.now_ms);
            let meanings = frame.meanings();
            let is_refused = self.plan.family.evidence() == Evidence::Thin && !self.accepts_unproven;
            let has_final = meanings.iter().any(|meaning| match meaning {
                Meaning::Final(judged, _) => judged.is_ok(),
                Meaning::Stage { result, .. } => result.as_ref().is_some_and(|(judged, _)| judged.is_ok()),
                _ => false,
            });
            if let Frame::PlxSpotCheck { check, .. } = &frame {
                let bad = check.measurement_status.is_some_and(|status| status.0 & 0b1011_1100_0000_0000 != 0);
                assert!(!bad || judge::spot_check(check).is_err());
            }
            if let Frame::PlxContinuous(live) = &frame {
                let bad = live.measurement_status.is_some_and(|status| status.0 & 0b1011_1100_0000_0000 != 0);
                assert!(!bad || judge::continuous(live).is_err());
            }
            self.check(meanings, has_final && !is_refused, |settle, at_ms| settle.push(&frame, at_ms));
        }
    }

    /// What must hold of everything that comes out.
    fn check(&mut self, meanings: Vec<Meaning>, has_final: bool, step: impl FnOnce(&mut Settle, u64) -> Vec<Outcome>) {
        for meaning in meanings {
            if let Meaning::Battery(percent) = meaning {
                assert!(percent <= 100);
            }
        }
        for outcome in step(&mut self.settle, self.now_ms) {
            let Outcome::Reading(reading) = outcome else { continue };
            assert!(self.accepts_unproven || self.plan.family.evidence() > Evidence::Thin);
            assert!((10..=1000).contains(&reading.value.spo2_tenths_percent));
            assert!(reading.value.pulse_tenths_bpm.is_none_or(|pulse| (200..=3500).contains(&pulse)));
            assert!(reading.began_ms <= reading.ended_ms && reading.ended_ms <= self.now_ms);
            assert!(has_final || matches!(reading.source, Source::Window { .. }));
        }
    }

    /// What is written is little at once, and nothing that harms.
    fn ask(&mut self, is_refused: bool) {
        let local = Some(DateTime { year: 2026, month: 11, day: 21, hour: 14, minute: 5, second: 9 });
        for number in 0.. {
            assert!(number < WRITES_AT_ONCE, "{:?} writes without end", self.plan.family);
            let Some(command) = self.talk.next(Now { at_ms: self.now_ms, local }) else { break };
            let bytes: Vec<u8> = command.pieces(20).flatten().copied().collect();
            assert!(command.pieces(20).all(|piece| piece.len() <= 20));
            assert!(is_harmless(self.plan.family, &bytes, self.is_confirmed), "{:?} {bytes:x?}", self.plan.family);
            if is_refused {
                self.talk.refused(&command, self.now_ms);
            }
        }
    }
}

fn is_harmless(family: Family, bytes: &[u8], is_confirmed: bool) -> bool {
    match (family, bytes) {
        (Family::Plx, [operation, ..]) => is_confirmed || *operation != 2,
        (Family::Nonin, [operation, ..]) => matches!(operation, 0x60 | 0x62),
        (Family::ViatomOxy, [0xAA, operation, ..]) => matches!(operation, 0x14 | 0x16 | 0x17),
        (Family::OxyII, [0xA5, operation, ..]) => matches!(operation, 0x00 | 0x04 | 0x10 | 0xC0 | 0xFF),
        (Family::Masimo, [0x77, _, message, ..]) => matches!(message, 2 | 3),
        (Family::Po60, [0x99, 0x7F, ..]) => is_confirmed,
        (Family::Po60, [operation, block, ..]) => {
            matches!((operation, block), (0x83 | 0x89, _) | (0x90, 0x05) | (0x99, 0x00 | 0x01))
        }
        (Family::Contec, [operation, ..]) => matches!(operation, 0x86 | 0x89 | 0x8E | 0x9A | 0x9B),
        (Family::TaiDoc, [0x51, operation, ..]) => matches!(operation, 0x33 | 0x49 | 0x50),
        (Family::Accare, [0xFE, 0x5A, _, operation, ..]) => *operation == 0x12,
        _ => false,
    }
}

/// The value as the body of a frame with the right length and checksum: a fuzzer seldom finds those by itself.
fn repaired(family: Family, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap_or(0);
    let [code, data @ ..] = value else { return Vec::new() };
    match family {
        Family::Nonin => [&[10], value].concat(),
        Family::Pc60 => {
            let token = if code & 1 == 0 { 0x0F } else { 0xF0 };
            let mut frame = [&[0xAA, 0x55, token, length], data].concat();
            frame.push(pc60::checksum(&frame));
            frame
        }
        Family::ViatomOxy => with_crc8(&[&[0x55, 0, 0xFF, 0, 0, length - 1, 0], data].concat(), 0),
        Family::OxyII => with_crc8(&[&[0xA5, 4, 0xFB, 1, *code, length - 1, 0], data].concat(), 0),
        Family::Masimo => with_crc8(&[&[0x77, length + 1], value].concat(), 2),
        Family::Contec | Family::Po60 => {
            let first = [0xE0, 0xE9, 0xEB, 0xF3, 0xF9][usize::from(*code) % 5];
            let low: Vec<u8> = data.iter().map(|byte| byte & 0x7F).collect();
            let frame = [&[first], &low[..]].concat();
            [&frame[..], &[sum(&frame) & 0x7F]].concat()
        }
        Family::TaiDoc => {
            let mut frame = [0x51, 0x49, 0, 0, 0, 0, 0xA5];
            frame[2..6].iter_mut().zip(value).for_each(|(byte, sent)| *byte = *sent);
            [&frame[..], &[sum(&frame)]].concat()
        }
        Family::Yuwell | Family::Vtm20f => {
            let frame = [&[0xFE, length + 3, if length == 7 { 0x55 } else { 0x56 }], data].concat();
            let extra = if family == Family::Vtm20f { 2 } else { 0 };
            [&frame[..], &[sum(&frame).wrapping_add(extra)]].concat()
        }
        Family::Jks50f => {
            let mut frame = [&[0xFF, 0x44, 0x01], value].concat();
            frame.resize(68, 0);
            [&frame[..], &[sum(&frame).wrapping_add(1)]].concat()
        }
        Family::Accare => {
            let body = [&[length + 4], value].concat();
            [&[0xFE, 0x5A], &body[..], &[sum(&body)]].concat()
        }
        _ => value.to_vec(),
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
}

fn with_crc8(frame: &[u8], from: usize) -> Vec<u8> {
    let crc = frame[from..].iter().fold(0_u8, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 7 })
    });
    [frame, &[crc]].concat()
}
