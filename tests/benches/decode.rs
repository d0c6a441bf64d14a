//! Bytes to frames to readings, against copying the same bytes.

use std::hint::black_box;
use std::time::Instant;

use ward_oximeter::{Driver, Family, Frame, Settle, SettleConfig, uuids};
use ward_sim::encode::{PlxValues, pc60_parameters, plx_continuous};

use crate::figure::{Better, Figure, Pair, median_pair};

const TURNS: u32 = 20_000;
const ROUNDS: usize = 9;

pub fn run() {
    let plx = plx_continuous(&PlxValues {
        spo2_tenths_percent: Some(970),
        pulse_tenths_bpm: Some(720),
        perfusion_hundredths_percent: 250,
        measurement_status: 0x20,
        device_status: 0,
    });
    let pc60 = pc60_parameters(97, 72, 25, 0);
    let mut sig = Driver::new(Family::Plx);
    against_copying("decode a PLX continuous packet", &plx, 8.0, || {
        black_box(sig.decode(uuids::PLX_CONTINUOUS, black_box(&plx)));
    });
    let mut lepu = Driver::new(Family::Pc60);
    against_copying("decode a PC-60 parameters frame", &pc60, 16.0, || {
        black_box(lepu.decode(uuids::NORDIC_UART_NOTIFY, black_box(&pc60)));
    });
    let frames: Vec<Frame> = sig
        .decode(uuids::PLX_CONTINUOUS, &plx)
        .into_iter()
        .flatten()
        .collect();
    let mut settle = Settle::new(SettleConfig {
        low_limit_percent: 92,
        accepts_unproven: false,
    });
    let mut at_ms = 0;
    against_copying("settle one frame of a stable stream", &plx, 40.0, || {
        at_ms += 1_000;
        for frame in &frames {
            black_box(settle.push(black_box(frame), at_ms));
        }
    });
}

fn against_copying(what: &str, bytes: &[u8], target: f64, mut work: impl FnMut()) {
    let rounds = (0..ROUNDS).map(|_| Pair {
        limit: nanoseconds(|| {
            black_box(black_box(bytes).to_vec());
        }),
        measured: nanoseconds(&mut work),
    });
    let pair = median_pair(rounds.collect());
    Figure {
        what: what.to_owned(),
        measured: pair.measured,
        unit: "ns",
        limit: pair.limit,
        limit_is: format!("a copy of its {} bytes", bytes.len()),
        target,
        better: Better::Lower,
    }
    .print();
}

fn nanoseconds(mut work: impl FnMut()) -> f64 {
    let began = Instant::now();
    for _ in 0..TURNS {
        work();
    }
    began.elapsed().as_secs_f64() * 1e9 / f64::from(TURNS)
}
