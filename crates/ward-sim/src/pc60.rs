//! A virtual PC-60: frames in a byte stream, cut anywhere into notifications of at most 20 bytes.

use ward_oximeter::pc60::Parameters;
use ward_oximeter::uuids;

use crate::encode::{pc60_battery, pc60_parameters, pc60_pleth, pc60_working_status};
use crate::habits::Finger;
use crate::noise::pick;
use crate::oximeter::{Packet, SECOND_MS};
use crate::physiology::{Body, Signal};

/// The real one repeats its last values so often before it says "probe off" (capture of an OxySmart).
const STALE_S: u64 = 2;
/// What fits into a notification with the smallest MTU.
const NOTIFICATION: usize = 20;
const SLOTS: u64 = 10;
const FULL: u8 = 3;
const CONTINUOUS_MODE: u8 = 2;

#[derive(Clone, Debug)]
pub(crate) struct Pc60 {
    seed: u64,
    /// Written by the device, and not yet sent.
    outbox: Vec<u8>,
    notifications: u64,
    /// The last values, repeated after the finger has gone.
    held: Held,
}

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    spo2_percent: u8,
    pulse_bpm: u16,
    perfusion_tenths_percent: u8,
}

impl Pc60 {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            outbox: Vec::new(),
            notifications: 0,
            held: Held::default(),
        }
    }

    pub(crate) fn second(
        &mut self,
        second: u64,
        into_s: u64,
        finger: Finger,
        body: Option<Body>,
    ) -> Vec<Packet> {
        if into_s == 0 {
            self.outbox.clear();
            self.held = Held::default();
        }
        let seen = match (finger, body) {
            (Finger::In { .. }, Some(body)) => Some(body),
            (Finger::Awaited | Finger::Gone { .. }, _) | (Finger::In { .. }, None) => None,
        };
        let mut packets = Vec::new();
        for slot in 0..SLOTS {
            let wave = seen.filter(|body| body.signal != Signal::Lost);
            self.outbox.extend(self.wave(second * SLOTS + slot, wave));
            if slot == 0 {
                let parameters = self.parameters(finger, seen);
                self.outbox.extend(parameters);
                self.outbox.extend(pc60_battery(FULL));
                self.outbox
                    .extend(pc60_working_status(CONTINUOUS_MODE, 0, [0, 0]));
            }
            let at_ms = second.saturating_mul(SECOND_MS) + slot * SECOND_MS / SLOTS;
            self.send(at_ms, slot + 1 == SLOTS, &mut packets);
        }
        packets
    }

    fn parameters(&mut self, finger: Finger, seen: Option<Body>) -> Vec<u8> {
        let status = match (finger, seen.map(|body| body.signal)) {
            (Finger::Gone { for_s }, _) if for_s < STALE_S && self.held.spo2_percent > 0 => 0,
            (Finger::In { .. }, Some(Signal::Good)) => 0,
            (Finger::In { .. }, Some(Signal::Poor)) => {
                Parameters::CHECK_PROBE | Parameters::LOW_PERFUSION
            }
            (Finger::In { .. }, Some(Signal::Lost)) => Parameters::PULSE_SEARCHING,
            (Finger::In { .. } | Finger::Awaited | Finger::Gone { .. }, _) => Parameters::PROBE_OFF,
        };
        if let Some(body) = seen {
            self.held = if body.signal == Signal::Lost {
                Held::default()
            } else {
                Held::of(&body)
            };
        }
        let Held {
            spo2_percent,
            pulse_bpm,
            perfusion_tenths_percent,
        } = self.held;
        pc60_parameters(spo2_percent, pulse_bpm, perfusion_tenths_percent, status)
    }

    /// Fifty samples a second: a steep rise and a slow fall for each beat; flat without a finger.
    fn wave(&self, slot: u64, seen: Option<Body>) -> Vec<u8> {
        let Some(body) = seen else {
            return pc60_pleth([0; 5], None);
        };
        // Samples from one beat to the next.
        let period = (30_000 / u64::from(body.pulse_tenths_bpm.max(1))).max(4);
        let sample = |offset: u64| {
            let phase = (slot * 5 + offset) % period;
            let height = if phase * 4 < period {
                phase * 400 / period
            } else {
                100 - (phase * 4 - period) * 100 / (3 * period)
            };
            u8::try_from(height.clamp(3, 110)).unwrap_or(0)
        };
        let beat = (0..5)
            .find(|offset| (slot * 5 + offset).is_multiple_of(period))
            .and_then(|offset| usize::try_from(offset).ok());
        pc60_pleth(
            [sample(0), sample(1), sample(2), sample(3), sample(4)],
            beat,
        )
    }

    /// Sends what is written, in pieces of any length; what is left over goes with the next ones, but not over a second.
    fn send(&mut self, at_ms: u64, everything: bool, packets: &mut Vec<Packet>) {
        loop {
            let length =
                usize::try_from(pick(self.seed, 9, self.notifications, 20)).unwrap_or(0) + 1;
            let length = length.min(NOTIFICATION);
            if self.outbox.is_empty() || (self.outbox.len() < length && !everything) {
                return;
            }
            self.notifications = self.notifications.wrapping_add(1);
            let bytes: Vec<u8> = self.outbox.drain(..length.min(self.outbox.len())).collect();
            packets.push(Packet {
                characteristic: uuids::NORDIC_UART_NOTIFY,
                bytes,
                at_ms,
            });
        }
    }
}

impl Held {
    fn of(body: &Body) -> Self {
        let small = |value: u16| u8::try_from(value).unwrap_or(u8::MAX);
        Self {
            spo2_percent: small((body.spo2_tenths_percent + 5) / 10),
            pulse_bpm: (body.pulse_tenths_bpm + 5) / 10,
            // 0 would mean "none".
            perfusion_tenths_percent: small((body.perfusion_hundredths_percent + 5) / 10).max(1),
        }
    }
}
