//! The table of NEWS2 (Royal College of Physicians, 2017): what one value of one parameter scores. It stands here once, for
//! the score and for the bands of a chart.

use crate::plan::Spo2Scale;
use crate::reading::Consciousness;

/// Values that score alike, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// Lower end; `None`: whatever lies below.
    pub from: Option<u16>,
    /// Upper end; `None`: whatever lies above.
    pub to: Option<u16>,
    /// 0 to 3.
    pub points: u8,
    /// Only while on oxygen; on air it scores 0.
    pub on_oxygen: bool,
}

/// The most that one parameter scores.
pub(super) const MOST: u8 = 3;

/// What supplemental oxygen scores; air scores 0.
const ON_OXYGEN: u8 = 2;

const fn scores(from: u16, to: u16, points: u8) -> Scores {
    Scores {
        from: Some(from),
        to: Some(to),
        points,
        on_oxygen: false,
    }
}

const fn up_to(to: u16, points: u8) -> Scores {
    Scores {
        from: None,
        ..scores(0, to, points)
    }
}

const fn from(from: u16, points: u8) -> Scores {
    Scores {
        to: None,
        ..scores(from, 0, points)
    }
}

const fn on_oxygen(scores: Scores) -> Scores {
    Scores {
        on_oxygen: true,
        ..scores
    }
}

const RESPIRATION_RATE: [Scores; 5] = [
    up_to(8, 3),
    scores(9, 11, 1),
    scores(12, 20, 0),
    scores(21, 24, 2),
    from(25, 3),
];

const SCALE_ONE: [Scores; 4] = [
    up_to(91, 3),
    scores(92, 93, 2),
    scores(94, 95, 1),
    from(96, 0),
];

const SCALE_TWO: [Scores; 7] = [
    up_to(83, 3),
    scores(84, 85, 2),
    scores(86, 87, 1),
    scores(88, 92, 0),
    on_oxygen(scores(93, 94, 1)),
    on_oxygen(scores(95, 96, 2)),
    on_oxygen(from(97, 3)),
];

const SYSTOLIC_BP: [Scores; 5] = [
    up_to(90, 3),
    scores(91, 100, 2),
    scores(101, 110, 1),
    scores(111, 219, 0),
    from(220, 3),
];

const PULSE: [Scores; 6] = [
    up_to(40, 3),
    scores(41, 50, 1),
    scores(51, 90, 0),
    scores(91, 110, 1),
    scores(111, 130, 2),
    from(131, 3),
];

const TEMPERATURE: [Scores; 5] = [
    up_to(350, 3),
    scores(351, 360, 1),
    scores(361, 380, 0),
    scores(381, 390, 1),
    from(391, 2),
];

/// The rows of the respiration rate, breaths a minute, from the lowest.
#[must_use]
pub const fn of_respiration_rate() -> &'static [Scores] {
    &RESPIRATION_RATE
}

/// The rows of the saturation, whole percent, from the lowest.
#[must_use]
pub const fn of_spo2(scale: Spo2Scale) -> &'static [Scores] {
    match scale {
        Spo2Scale::One => &SCALE_ONE,
        Spo2Scale::Two => &SCALE_TWO,
    }
}

/// The rows of the systolic blood pressure, mmHg, from the lowest.
#[must_use]
pub const fn of_systolic_bp() -> &'static [Scores] {
    &SYSTOLIC_BP
}

/// The rows of the pulse, beats a minute, from the lowest.
#[must_use]
pub const fn of_pulse() -> &'static [Scores] {
    &PULSE
}

/// The rows of the temperature, tenths of a degree Celsius, from the lowest.
#[must_use]
pub const fn of_temperature() -> &'static [Scores] {
    &TEMPERATURE
}

/// Air or oxygen.
#[must_use]
pub const fn of_oxygen(on_oxygen: bool) -> u8 {
    if on_oxygen { ON_OXYGEN } else { 0 }
}

/// The level of consciousness: alert, or anything else.
#[must_use]
pub const fn of_consciousness(level: Consciousness) -> u8 {
    match level {
        Consciousness::Alert => 0,
        Consciousness::Confusion
        | Consciousness::Voice
        | Consciousness::Pain
        | Consciousness::Unresponsive => MOST,
    }
}

/// What a value scores. The rows are in order and the last one has no upper end, so one always holds it.
pub(super) fn points(rows: &[Scores], value: u16, while_on_oxygen: bool) -> u8 {
    let row = rows.iter().find(|row| row.to.is_none_or(|to| value <= to));
    match row {
        Some(row) if row.on_oxygen && !while_on_oxygen => 0,
        Some(row) => row.points,
        None => MOST,
    }
}

/// The most that these rows can score.
pub(super) fn most(rows: &[Scores]) -> u8 {
    rows.iter().map(|row| row.points).max().unwrap_or(MOST)
}
