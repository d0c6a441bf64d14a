//! A virtual SIG oximeter.

use ward_oximeter::date_time::DateTime;
use ward_oximeter::plx::{DeviceStatus, MeasurementStatus, Racp, Request, ResponseCode};
use ward_oximeter::{Uuid, uuids};

use crate::encode::{PlxValues, plx_continuous, plx_spot_check};
use crate::habits::Finger;
use crate::oximeter::{AttError, Packet, SECOND_MS};
use crate::physiology::{Body, Patient, Signal};

/// Status bits that this device can raise: ongoing, fully qualified, from storage, invalid.
const MEASUREMENT_MASK: u16 = 1 << 5 | 1 << 8 | 1 << 9 | 1 << 15;
/// Poor signal, low perfusion, signal analysis, no finger.
const DEVICE_MASK: u32 = 1 << 4 | 1 << 5 | 1 << 9 | 1 << 11;
const FULLY_QUALIFIED: u16 = 1 << 8;
/// Under 0.3 % it says "low perfusion".
const LOW_PERFUSION_HUNDREDTHS: u16 = 30;

#[derive(Clone, Debug)]
pub(crate) struct Plx {
    /// Spot checks that were made before anybody was connected, oldest first. Each is sent once.
    stored: Vec<Vec<u8>>,
}

impl Plx {
    pub(crate) fn new(patient: Patient) -> Self {
        let stored = [0, 1].map(|number: u64| {
            let body = patient.at(number * SECOND_MS);
            let mut values = values(&body);
            values.measurement_status = FULLY_QUALIFIED | MeasurementStatus::FROM_STORAGE.0;
            plx_spot_check(&values, never_set_clock(number * 3_600), true)
        });
        Self {
            stored: stored.into(),
        }
    }

    pub(crate) fn second(
        &mut self,
        second: u64,
        finger: Finger,
        body: Option<Body>,
    ) -> Vec<Packet> {
        let at_ms = second.saturating_mul(SECOND_MS);
        let mut packets = Vec::new();
        let live = match (finger, &body) {
            (Finger::In { .. }, Some(body)) => values(body),
            (Finger::Awaited | Finger::Gone { .. }, _) | (Finger::In { .. }, None) => no_finger(),
        };
        packets.push(Packet {
            characteristic: uuids::PLX_CONTINUOUS,
            bytes: plx_continuous(&live),
            at_ms,
        });
        // The final of the measurement, while the finger is still in.
        if let (Finger::In { last: true }, Some(body)) = (finger, &body) {
            let mut last = values(body);
            last.measurement_status = if last.spo2_tenths_percent.is_some() {
                FULLY_QUALIFIED
            } else {
                MeasurementStatus::INVALID.0
            };
            let bytes = plx_spot_check(&last, never_set_clock(second), true);
            packets.push(Packet {
                characteristic: uuids::PLX_SPOT_CHECK,
                bytes,
                at_ms,
            });
        }
        packets
    }

    pub(crate) fn read(&self, characteristic: Uuid, second: u64) -> Option<Vec<u8>> {
        match characteristic {
            uuids::PLX_FEATURES => {
                // Both statuses, storage, time stamps, perfusion.
                let [status_low, status_high] = MEASUREMENT_MASK.to_le_bytes();
                let [low, middle, high, _] = DEVICE_MASK.to_le_bytes();
                Some(vec![
                    0b0100_1111,
                    0,
                    status_low,
                    status_high,
                    low,
                    middle,
                    high,
                ])
            }
            // A percent every two hours, and new batteries in time.
            uuids::BATTERY_LEVEL => u8::try_from(100 - second / 7_200 % 90)
                .ok()
                .map(|percent| vec![percent]),
            _ => None,
        }
    }

    pub(crate) fn write(
        &mut self,
        characteristic: Uuid,
        bytes: &[u8],
        at_ms: u64,
    ) -> Result<Vec<Packet>, AttError> {
        if characteristic != uuids::RACP {
            return Err(AttError::WRITE_NOT_PERMITTED);
        }
        let answer = |bytes: Vec<u8>| Packet {
            characteristic: uuids::RACP,
            bytes,
            at_ms,
        };
        let ended = |request: u8, code: u8| answer(vec![6, 0, request, code]);
        let success = ResponseCode::SUCCESS.0;
        Ok(match Racp::decode(bytes) {
            Ok(Racp::Request {
                request: Request::Report,
                operator: 1,
                trailing: 0,
            }) => {
                let records = std::mem::take(&mut self.stored);
                let code = if records.is_empty() {
                    ResponseCode::NO_RECORDS.0
                } else {
                    success
                };
                let indicate = |bytes| Packet {
                    characteristic: uuids::PLX_SPOT_CHECK,
                    bytes,
                    at_ms,
                };
                records
                    .into_iter()
                    .map(indicate)
                    .chain([ended(1, code)])
                    .collect()
            }
            Ok(Racp::Request {
                request: Request::Count,
                operator: 1,
                trailing: 0,
            }) => {
                let [low, high] = u16::try_from(self.stored.len())
                    .unwrap_or(u16::MAX)
                    .to_le_bytes();
                vec![answer(vec![5, 0, low, high])]
            }
            Ok(Racp::Request {
                request: Request::Delete,
                operator: 1,
                trailing: 0,
            }) => {
                self.stored.clear();
                vec![ended(2, success)]
            }
            Ok(Racp::Request {
                request: Request::Abort,
                operator: 0,
                trailing: 0,
            }) => vec![ended(3, success)],
            Ok(Racp::Request { request, .. }) => {
                const OPERATOR_UNSUPPORTED: u8 = 4;
                vec![ended(request.op_code().0, OPERATOR_UNSUPPORTED)]
            }
            Ok(Racp::Count { .. } | Racp::Response { .. } | Racp::Unknown { .. }) | Err(_) => {
                const OPCODE_UNSUPPORTED: u8 = 2;
                vec![ended(
                    bytes.first().copied().unwrap_or(0),
                    OPCODE_UNSUPPORTED,
                )]
            }
        })
    }
}

fn values(body: &Body) -> PlxValues {
    let signal = match body.signal {
        Signal::Good => 0,
        Signal::Poor => DeviceStatus::POOR_SIGNAL.0,
        Signal::Lost => DeviceStatus::SIGNAL_ANALYSIS_ONGOING.0,
    };
    let is_low = body.perfusion_hundredths_percent < LOW_PERFUSION_HUNDREDTHS;
    let perfusion = if is_low {
        DeviceStatus::LOW_PERFUSION.0
    } else {
        0
    };
    let seen = body.signal != Signal::Lost;
    PlxValues {
        spo2_tenths_percent: seen.then_some(body.spo2_tenths_percent),
        pulse_tenths_bpm: seen.then_some(body.pulse_tenths_bpm),
        perfusion_hundredths_percent: body.perfusion_hundredths_percent,
        measurement_status: MeasurementStatus::MEASUREMENT_ONGOING.0,
        device_status: signal | perfusion,
    }
}

const fn no_finger() -> PlxValues {
    PlxValues {
        spo2_tenths_percent: None,
        pulse_tenths_bpm: None,
        perfusion_hundredths_percent: 0,
        measurement_status: MeasurementStatus::MEASUREMENT_ONGOING.0,
        device_status: DeviceStatus::SENSOR_UNCONNECTED_TO_USER.0,
    }
}

/// A clock that began on 1 January 2017 when the batteries went in, as a real one does; its months have 28 days.
fn never_set_clock(second: u64) -> DateTime {
    let days = second / 86_400;
    let small = |value: u64| u8::try_from(value).unwrap_or(0);
    DateTime {
        year: 2017 + u16::try_from(days / 336 % 100).unwrap_or(0),
        month: small(1 + days / 28 % 12),
        day: small(1 + days % 28),
        hour: small(second / 3_600 % 24),
        minute: small(second / 60 % 60),
        second: small(second % 60),
    }
}
