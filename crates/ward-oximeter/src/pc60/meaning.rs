//! What PC-60 frames mean for readings.

use super::body::{Body, WorkingStatus};
use super::frame::Pc60Frame;
use crate::doubts::Doubts;
use crate::frame::Meaning;
use crate::judge::{self, Reason};
use crate::settle::Record;

impl Pc60Frame {
    /// What the frame means for readings; `raw` is the frame as it came.
    pub(crate) fn meaning(&self, raw: &[u8]) -> Option<Meaning> {
        match &self.body {
            Body::Parameters(parameters) => Some(Meaning::Sample(judge::pc60(parameters))),
            Body::Pleth(pleth) => Some(Meaning::Wave {
                is_flat: pleth.is_flat(),
            }),
            Body::WorkingStatus(status) => Some(stage(*status, raw)),
            Body::Battery(quarters) => Some(Meaning::Battery(percent(*quarters))),
            Body::Version(_) | Body::Other(_) => None,
        }
    }
}

fn stage(status: WorkingStatus, raw: &[u8]) -> Meaning {
    let result = status.result().map(|[spo2, pulse]| {
        let judged = match spo2 {
            0 => Err(Reason::NoValue),
            _ => judge::whole_numbers(spo2, Some(pulse.into()), None, Doubts::NONE),
        };
        let record = Record {
            raw: raw.to_vec(),
            ..Record::default()
        };
        (judged, record)
    });
    Meaning::Stage {
        is_measuring: status.is_measuring(),
        result,
    }
}

/// The device tells quarters: 0 is what its display shows as empty.
const fn percent(quarters: u8) -> u8 {
    match quarters {
        0 => 10,
        1 => 35,
        2 => 65,
        _ => 100,
    }
}
