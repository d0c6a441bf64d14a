//! Three days of a stay: what the plan asks for, what comes, and when the service is down.

use super::common::Dice;

/// Minutes since 1970.
pub type Minute = i64;

/// A schedule of readings: minutes after midnight, and the minutes before and after that count.
#[derive(Clone, Debug)]
pub struct Times {
    pub times: Vec<i64>,
    pub before: i64,
    pub after: i64,
}

/// A value, or an attempt without one.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub at: Minute,
    pub tenths: Option<u16>,
}

#[derive(Clone, Debug)]
pub struct ThreeDays {
    /// Midnight of Greenwich on the first.
    pub begins: Minute,
    pub admitted_at: Minute,
    pub asks: Times,
    /// From when on the plan is another.
    pub change: Option<(Minute, Times)>,
    /// The service is down from, up to.
    pub down: Option<(Minute, Minute)>,
    /// In the order in which they are measured, no two in a minute.
    pub sent: Vec<Sent>,
    /// Somebody takes and ends the open silence.
    pub ended_at: Option<Minute>,
}

const DAY: i64 = 1440;
/// 28 March, 24 October and 20 November 2026.
const FIRST_DAYS: [i64; 3] = [20_540, 20_750, 20_777];

impl ThreeDays {
    pub const LENGTH: i64 = 3 * DAY;

    pub fn thrown(seed: u64) -> Self {
        let dice = &mut Dice(seed);
        let begins = dice.pick(&FIRST_DAYS, 0) * DAY;
        let within = |dice: &mut Dice| begins + below(dice, Self::LENGTH);
        let asks = times(dice);
        let change = dice.one_in(2).then(|| {
            let other = if dice.one_in(2) {
                times(dice)
            } else {
                Times {
                    after: dice.pick(&[10, 30, 60, 90], 60),
                    ..asks.clone()
                }
            };
            (begins + DAY / 2 + below(dice, 2 * DAY), other)
        });
        let down = dice.one_in(2).then(|| {
            let from = within(dice);
            (from, from + 1 + below(dice, 900))
        });
        // A plan is not changed while the service is down, nor in the minutes in which it catches up.
        let change = change
            .filter(|(at, _)| down.is_none_or(|(from, until)| *at < from - 5 || *at > until + 5));
        let mut sent: Vec<Sent> = (0..below(dice, 12))
            .map(|_| Sent {
                at: within(dice),
                tenths: (!dice.one_in(4)).then(|| dice.pick(&[905, 935, 970, 980], 970)),
            })
            .collect();
        let admitted_at = begins + below(dice, 600);
        sent.retain(|sent| sent.at >= admitted_at);
        sent.sort_by_key(|sent| sent.at);
        sent.dedup_by_key(|sent| sent.at);
        Self {
            begins,
            admitted_at,
            asks,
            change,
            down,
            sent,
            ended_at: dice.one_in(2).then(|| within(dice)),
        }
    }

    pub fn ends(&self) -> Minute {
        self.begins + Self::LENGTH
    }

    pub fn has_23_hours(&self) -> bool {
        self.begins == FIRST_DAYS[0] * DAY
    }

    pub fn has_25_hours(&self) -> bool {
        self.begins == FIRST_DAYS[1] * DAY
    }

    pub fn is_down(&self, at: Minute) -> bool {
        self.down
            .is_some_and(|(from, until)| from <= at && at < until)
    }

    /// When what was sent at this minute comes in.
    pub fn comes_in(&self, sent: Minute) -> Minute {
        match self.down {
            Some((_, until)) if self.is_down(sent) => until,
            _ => sent,
        }
    }
}

fn below(dice: &mut Dice, sides: i64) -> i64 {
    dice.below(sides.unsigned_abs()).cast_signed()
}

fn times(dice: &mut Dice) -> Times {
    let mut times: Vec<i64> = (0..dice.below(5))
        .map(|_| dice.pick(&[0, 60, 90, 120, 150, 480, 720, 780, 1080, 1425], 480))
        .collect();
    times.sort_unstable();
    times.dedup();
    Times {
        times,
        before: dice.pick(&[15, 60, 120], 60),
        after: dice.pick(&[10, 30, 60, 90], 60),
    }
}
