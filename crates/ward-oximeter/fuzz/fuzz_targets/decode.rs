//! Any bytes into any decoder, and what comes out into a `Settle`. The first byte chooses the decoder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ward_oximeter::date_time::{CurrentTime, Stamp};
use ward_oximeter::device_info::{BatteryLevel, SystemId, text};
use ward_oximeter::pc60::{Pc60Frame, Reassembler};
use ward_oximeter::plx::{Collector, Continuous, Features, Racp, Request, SpotCheck};
use ward_oximeter::sfloat::Sfloat;
use ward_oximeter::{Driver, Family, Frame, Settle, SettleConfig, judge, uuids};

fuzz_target!(|data: &[u8]| {
    let [choice, bytes @ ..] = data else { return };
    match choice % 12 {
        0 => {
            if let [low, high, ..] = bytes {
                let number = Sfloat::from_le_bytes([*low, *high]).number();
                let _ = number.map(|number| (number.to_string(), number.scaled(1), number.is_within(1, 100)));
            }
        }
        1 => drop(Stamp::decode(bytes)),
        2 => drop(CurrentTime::decode(bytes)),
        3 => drop(SpotCheck::decode(bytes).map(|check| judge::spot_check(&check))),
        4 => drop(Continuous::decode(bytes).map(|live| judge::continuous(&live))),
        5 => drop(Features::decode(bytes)),
        6 => drop(Racp::decode(bytes)),
        7 => drop((BatteryLevel::decode(bytes), SystemId::decode(bytes), text(bytes))),
        8 => drop(Pc60Frame::decode(bytes)),
        9 => reassembly_does_not_depend_on_the_cuts(bytes),
        10 => session(Family::Plx, bytes),
        _ => session(Family::Pc60, bytes),
    }
});

fn reassembly_does_not_depend_on_the_cuts(bytes: &[u8]) {
    let [cut, bytes @ ..] = bytes else { return };
    let mut stream = Reassembler::default();
    let pieces: Vec<_> = bytes.chunks(usize::from(*cut).max(1)).flat_map(|piece| stream.push(piece)).collect();
    assert_eq!(pieces, Reassembler::default().push(bytes));
}

/// Packets of one length byte, one choice byte, one byte of time, and the value.
fn session(family: Family, mut bytes: &[u8]) {
    let mut driver = Driver::new(family);
    let mut settle = Settle::new(SettleConfig { low_limit_percent: 92, accepts_unproven: false });
    let mut collector = Collector::default();
    let mut now_ms = 0_u64;
    while let [length, choice, wait, rest @ ..] = bytes {
        let (value, after) = rest.split_at(usize::from(*length % 32).min(rest.len()));
        bytes = after;
        now_ms = now_ms.saturating_add(u64::from(*wait) * 100);
        let characteristic = match choice % 8 {
            0 => uuids::PLX_SPOT_CHECK,
            1 | 2 => uuids::PLX_CONTINUOUS,
            3 => uuids::RACP,
            4 | 5 => uuids::NORDIC_UART_NOTIFY,
            6 => {
                settle.tick(now_ms);
                collector.asked(Request::Report, now_ms);
                continue;
            }
            _ => {
                settle.disconnected(now_ms);
                collector.disconnected();
                continue;
            }
        };
        for frame in driver.decode(characteristic, value).into_iter().flatten() {
            match &frame {
                Frame::PlxSpotCheck { check, raw } => drop(collector.record(check, raw, now_ms)),
                Frame::Racp(racp) => collector.answered(racp, now_ms),
                _ => {}
            }
            settle.push(&frame, now_ms);
        }
    }
}
