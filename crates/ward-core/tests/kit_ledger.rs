//! A random walk of one oximeter through many hands, watched by a slow oracle that keeps, for every minute, whose it was;
//! and the proof that the oracle can fail.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the walk cannot do ends it"
)]

use uuid::Uuid;
use ward_core::id::{BridgeId, KitId, StayId};
use ward_core::kit::{
    Holder, Kind, Kit, KitState, Step, StepRefused, Stepped, Wear, possible, step,
};
use ward_core::time::{Timestamp, minutes};

const STAYS: u64 = 3;

/// The rules under test, or rules that are wrong on purpose.
type Rules = fn(&Kit, Step, Timestamp) -> Result<Stepped, StepRefused>;

fn real(kit: &Kit, what: Step, now: Timestamp) -> Result<Stepped, StepRefused> {
    step(kit, what, None, now)
}

fn stay(number: u64) -> StayId {
    StayId(Uuid::from_u128(u128::from(number) + 1))
}

fn at(minute: u64) -> Timestamp {
    Timestamp::from_millis(0).plus(minutes(minute))
}

/// What somebody tries, in minutes and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Try {
    Issue(Option<u64>),
    Assign(u64, u64),
    HandOver(u64, u64),
    AskBack,
    Return(u64),
    Clean,
    Lose(u64),
    Find,
}

impl Try {
    fn step(self) -> Step {
        let wear = |who, minute| Wear {
            stay: stay(who),
            bridge: BridgeId(Uuid::nil()),
            from: at(minute),
        };
        match self {
            Self::Issue(Some(who)) => Step::Issue {
                to: Holder::Stay(stay(who)),
                due_back: None,
            },
            Self::Issue(None) => Step::Issue {
                to: Holder::Place("The Limes".to_owned()),
                due_back: None,
            },
            Self::Assign(who, minute) => Step::Assign {
                wear: wear(who, minute),
                due_back: None,
            },
            Self::HandOver(who, minute) => Step::HandOver {
                to: wear(who, minute),
            },
            Self::AskBack => Step::AskBack {
                by: jiff::civil::date(2026, 12, 5),
            },
            Self::Return(minute) => Step::Return { at: at(minute) },
            Self::Clean => Step::Clean,
            Self::Lose(minute) => Step::Lose { at: at(minute) },
            Self::Find => Step::Find,
        }
    }

    /// The column of the table.
    fn column(self) -> usize {
        match self {
            Self::Issue(_) => 0,
            Self::Assign(..) => 1,
            Self::HandOver(..) => 2,
            Self::AskBack => 3,
            Self::Return(_) => 4,
            Self::Clean => 5,
            Self::Lose(_) => 6,
            Self::Find => 7,
        }
    }
}

/// Written out by hand: in which place what may be done, in the order of the columns above.
const TABLE: [(&str, &str); 6] = [
    ("in_stock", "ia....l."),
    ("issued", ".a.br.l."),
    ("assigned", "..hbr.l."),
    ("due_back", "..hbr.l."),
    ("cleaning", ".....cl."),
    ("lost", ".......f"),
];

/// Whose the oximeter was in every minute so far, and where it is.
struct Oracle {
    place: &'static str,
    issued_to: Option<u64>,
    /// The number of the hand-out, and to whom.
    minutes: Vec<Option<(usize, u64)>>,
    hand_outs: usize,
    worn: bool,
}

impl Oracle {
    fn new() -> Self {
        Self {
            place: "in_stock",
            issued_to: None,
            minutes: vec![None; 100_000],
            hand_outs: 0,
            worn: false,
        }
    }

    fn fill(&mut self, from: u64, who: Option<(usize, u64)>) {
        for minute in &mut self.minutes[usize::try_from(from).unwrap()..] {
            *minute = who;
        }
    }

    fn whose(&self, minute: u64) -> Option<(usize, u64)> {
        self.minutes[usize::try_from(minute).unwrap()]
    }

    /// Whoever wears it has had it in the minute before, too: they are not wiped out.
    fn may_end_at(&self, minute: u64, now: u64) -> bool {
        let ahead = self.minutes.last().copied().flatten();
        minute <= now && minute > 0 && ahead.is_some() && self.whose(minute - 1) == ahead
    }

    fn hand_out(&mut self, minute: u64, who: u64) {
        self.hand_outs += 1;
        self.fill(minute, Some((self.hand_outs, who)));
        (self.place, self.worn) = ("assigned", true);
    }

    /// Whether it may be done; and then it is.
    fn tries(&mut self, what: Try, now: u64) -> bool {
        let row = TABLE.iter().find(|(place, _)| *place == self.place);
        let (_, row) = row.unwrap();
        if row.as_bytes()[what.column()] == b'.' {
            return false;
        }
        match what {
            Try::Issue(who) => (self.place, self.issued_to) = ("issued", who),
            Try::Assign(who, minute) => {
                let another = self.place == "issued" && self.issued_to.is_some_and(|it| it != who);
                let from = usize::try_from(minute).unwrap();
                if another || minute > now || self.minutes[from..].iter().any(Option::is_some) {
                    return false;
                }
                self.hand_out(minute, who);
            }
            Try::HandOver(who, minute) => {
                if !self.worn || !self.may_end_at(minute, now) {
                    return false;
                }
                self.hand_out(minute, who);
            }
            Try::AskBack => self.place = "due_back",
            Try::Return(minute) | Try::Lose(minute) => {
                if minute > now || self.worn && !self.may_end_at(minute, now) {
                    return false;
                }
                if self.worn {
                    self.fill(minute, None);
                }
                self.worn = false;
                self.issued_to = None;
                let lost = matches!(what, Try::Lose(_));
                self.place = if lost { "lost" } else { "cleaning" };
            }
            Try::Clean => self.place = "in_stock",
            Try::Find => self.place = "cleaning",
        }
        true
    }
}

/// The rows as the store keeps them: from, until, who.
#[derive(Default)]
struct Assignments(Vec<(Timestamp, Option<Timestamp>, StayId)>);

impl Assignments {
    fn take_in(&mut self, stepped: &Stepped) {
        if let Some((wear, until)) = stepped.ends {
            let row = self
                .0
                .iter_mut()
                .find(|row| row.0 == wear.from && row.1.is_none());
            if let Some(row) = row {
                row.1 = Some(until);
            }
        }
        if let Some(wear) = stepped.begins {
            self.0.push((wear.from, None, wear.stay));
        }
    }

    fn at(&self, at: Timestamp) -> Vec<StayId> {
        let worn = self
            .0
            .iter()
            .filter(|(from, until, _)| *from <= at && until.is_none_or(|until| at < until));
        worn.map(|(_, _, stay)| *stay).collect()
    }
}

/// Numbers that are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn next(dice: &mut Dice, now: u64) -> Try {
    let who = dice.below(STAYS);
    // Mostly a little ago, sometimes in the future.
    let when = (now + 2).saturating_sub(dice.below(40));
    match dice.below(10) {
        0 => Try::Issue(Some(who)),
        1 => Try::Issue(None),
        2 | 3 => Try::Assign(who, when),
        4 => Try::HandOver(who, when),
        5 => Try::AskBack,
        6 => Try::Return(when),
        7 => Try::Lose(when),
        8 => Try::Clean,
        _ => Try::Find,
    }
}

/// How often each thing was done, or what the rules and the oracle disagree about.
fn walk(rules: Rules, steps: u64, seed: u64) -> Result<[u32; 8], String> {
    let mut kit = Kit {
        id: KitId(Uuid::nil()),
        kind: Kind::Oximeter,
        label: String::new(),
        serial: String::new(),
        state: KitState::InStock,
        since: at(0),
        by: None,
        worn_until: None,
        version: 0,
    };
    let (mut oracle, mut rows) = (Oracle::new(), Assignments::default());
    let (mut dice, mut now, mut done) = (Dice(seed), 10, [0; 8]);
    for number in 0..steps {
        now += dice.below(6);
        let what = next(&mut dice, now);
        let wrong = |why: String| Err(format!("step {number}, minute {now}, {what:?}: {why}"));
        let listed = possible(kit.kind, &kit.state).contains(&what.step().name());
        let stepped = rules(&kit, what.step(), at(now));
        if stepped.is_ok() && !listed {
            return wrong("done, and not listed as possible".to_owned());
        }
        let allowed = oracle.tries(what, now);
        if stepped.is_ok() != allowed {
            return wrong(format!("{stepped:?}, the oracle says {allowed}"));
        }
        let Ok(stepped) = stepped else { continue };
        done[what.column()] += 1;
        rows.take_in(&stepped);
        kit = stepped.kit;
        if kit.state.name() != oracle.place || kit.state.wear().is_some() != oracle.worn {
            return wrong(format!("{:?}, the oracle says {}", kit.state, oracle.place));
        }
        for minute in now.saturating_sub(60)..=now {
            let expected: Vec<StayId> = oracle
                .whose(minute)
                .map(|(_, who)| stay(who))
                .into_iter()
                .collect();
            if rows.at(at(minute)) != expected {
                return wrong(format!(
                    "minute {minute} is {:?}'s, not {expected:?}'s",
                    rows.at(at(minute))
                ));
            }
        }
    }
    Ok(done)
}

#[test]
fn every_minute_of_an_oximeter_is_the_right_persons() {
    for seed in 1..=5 {
        let done = walk(real, 3_000, seed).unwrap();
        // A walk that never did it would prove nothing about it.
        assert!(done.iter().all(|count| *count > 10), "{done:?}");
    }
}

/// What is wrong with the rules, each in its own way.
const FAULTS: [(&str, Rules); 6] = [
    ("a return leaves the wearer on record", |kit, what, now| {
        let back = matches!(what, Step::Return { .. });
        let mut stepped = real(kit, what, now)?;
        stepped.ends = stepped.ends.filter(|_| !back);
        Ok(stepped)
    }),
    (
        "the next wearer may begin before the last one ended",
        |kit, what, now| {
            let forgetful = Kit {
                worn_until: None,
                ..kit.clone()
            };
            real(&forgetful, what, now)
        },
    ),
    ("a hand-over ends when it is entered", |kit, what, now| {
        let handed = matches!(what, Step::HandOver { .. });
        let mut stepped = real(kit, what, now)?;
        if handed {
            stepped.ends = stepped.ends.map(|(wear, _)| (wear, now));
        }
        Ok(stepped)
    }),
    ("what is not clean goes out again", |kit, what, now| {
        let mut clean = kit.clone();
        if kit.state == KitState::Cleaning && matches!(what, Step::Assign { .. }) {
            clean.state = KitState::InStock;
        }
        real(&clean, what, now)
    }),
    ("what is asked back is nobody's", |kit, what, now| {
        let mut stepped = real(kit, what, now)?;
        if let KitState::DueBack { wear, .. } = &mut stepped.kit.state {
            *wear = None;
        }
        Ok(stepped)
    }),
    (
        "what was issued to one goes to another",
        |kit, what, now| {
            let mut anybodys = kit.clone();
            if let KitState::Issued { to, .. } = &mut anybodys.state {
                *to = Holder::Place(String::new());
            }
            real(&anybodys, what, now)
        },
    ),
];

#[test]
fn every_planted_fault_is_caught() {
    for (name, rules) in FAULTS {
        assert!(walk(rules, 3_000, 1).is_err(), "{name}");
    }
}
