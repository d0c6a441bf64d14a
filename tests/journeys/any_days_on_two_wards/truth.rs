//! Who is where and what is owed to them, written down plainly, and whether boards and call lists say the same.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ward_core::alert::{Severity, Subject};
use ward_core::call_list::Row;
use ward_core::day::Zone;
use ward_core::id::{AlertNumber, StayId, WardId};
use ward_core::time::Timestamp;
use ward_service::{Board, Calls};

/// Somebody, as the walk knows them.
pub(super) struct Person {
    pub(super) stay: StayId,
    pub(super) ward: usize,
    pub(super) standing: Standing,
    admitted_at: Timestamp,
    reached_at: Option<Timestamp>,
    /// A red was measured while at home, and nobody has ended an alert since.
    red_is_owed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Active,
    Paused,
    Ended,
}

#[derive(Default)]
pub(super) struct Truth {
    pub(super) people: Vec<Person>,
}

impl Truth {
    pub(super) fn first_paused(&self) -> Option<usize> {
        let mut people = self.people.iter();
        people.position(|person| person.standing == Standing::Paused)
    }

    /// How many stays are not over.
    pub(super) fn open(&self) -> usize {
        let open = |person: &&Person| person.standing != Standing::Ended;
        self.people.iter().filter(open).count()
    }

    pub(super) fn admitted(&mut self, stay: StayId, at: Timestamp) {
        self.people.push(Person {
            stay,
            ward: 0,
            standing: Standing::Active,
            admitted_at: at,
            reached_at: None,
            red_is_owed: false,
        });
    }

    pub(super) fn measured(&mut self, place: usize, percent: f64) {
        let person = &mut self.people[place];
        if person.standing == Standing::Active && percent <= 92.0 {
            person.red_is_owed = true;
        }
    }

    pub(super) fn reached(&mut self, place: usize, at: Timestamp) {
        self.people[place].reached_at = Some(at);
    }

    pub(super) fn settled(&mut self, place: usize) {
        self.people[place].red_is_owed = false;
    }

    pub(super) fn paused(&mut self, place: usize) {
        self.people[place].standing = Standing::Paused;
        self.people[place].red_is_owed = false;
    }

    pub(super) fn died(&mut self, place: usize) {
        self.people[place].standing = Standing::Ended;
        self.people[place].red_is_owed = false;
    }

    /// What boards and lists say otherwise.
    pub(super) fn faults(&self, shown: &[Shown], today: Date, zone: &Zone) -> Vec<String> {
        let mut faults = Vec::new();
        for person in &self.people {
            person.is_on_lists(shown, today, zone, &mut faults);
            person.is_on_boards(shown, &mut faults);
        }
        let listed = shown.iter().flat_map(|shown| &shown.rows);
        for (_, stay) in listed {
            if !self.people.iter().any(|person| person.stay == *stay) {
                faults.push(format!("{stay} is on a list and nobody knows them"));
            }
        }
        for shown in shown {
            for (place, alert) in shown.alerts.iter().enumerate() {
                let same = |it: &&Open| it.subject == alert.subject && it.problem == alert.problem;
                if shown.alerts.iter().take(place).any(|it| same(&it)) {
                    faults.push(format!("{alert:?} is open twice"));
                }
            }
        }
        faults
    }
}

impl Person {
    fn is_on_lists(&self, shown: &[Shown], today: Date, zone: &Zone, faults: &mut Vec<String>) {
        let mut found = Vec::new();
        for (ward, shown) in shown.iter().enumerate() {
            let rows = shown.rows.iter().filter(|(_, stay)| *stay == self.stay);
            found.extend(rows.map(|(part, _)| (ward, *part)));
        }
        // Every day one contact is due, until one was reached on that day.
        let reached_today = self.reached_at.is_some_and(|at| zone.day_of(at) == today);
        let fits = match (self.standing, found.as_slice()) {
            (Standing::Ended, []) => true,
            (Standing::Paused, [(ward, Part::Paused)]) => *ward == self.ward,
            (Standing::Active, [(ward, Part::ToCall)]) => *ward == self.ward,
            (Standing::Active, [(ward, Part::NotDue)]) => *ward == self.ward && reached_today,
            _ => false,
        };
        if !fits {
            faults.push(format!(
                "{} is {:?} on ward {}, admitted {}, reached {:?}, and listed as {found:?}",
                self.stay, self.standing, self.ward, self.admitted_at, self.reached_at
            ));
        }
    }

    fn is_on_boards(&self, shown: &[Shown], faults: &mut Vec<String>) {
        for (ward, shown) in shown.iter().enumerate() {
            let has_row = shown.on_board.contains(&self.stay);
            let subject = Subject::Stay(self.stay);
            let mut open = shown.alerts.iter().filter(|it| it.subject == subject);
            if ward != self.ward {
                if has_row || open.next().is_some() {
                    faults.push(format!("{} is on a board that is not theirs", self.stay));
                }
                continue;
            }
            let must = self.standing != Standing::Ended;
            if !has_row && (must || open.clone().next().is_some()) {
                faults.push(format!("{} has no row on their board", self.stay));
            }
            let red = open.any(|it| it.severity == Severity::Red && it.problem == "oxygen");
            if self.red_is_owed && self.standing == Standing::Active && !red {
                faults.push(format!("the red of {} is on no board", self.stay));
            }
        }
    }
}

/// The parts of a call list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    ToCall,
    Paused,
    Stopped,
    NotDue,
}

#[derive(Clone, Debug)]
pub(super) struct Open {
    number: AlertNumber,
    subject: Subject,
    problem: &'static str,
    severity: Severity,
}

/// What a ward's board and call list show.
#[derive(Clone)]
pub(super) struct Shown {
    ward: WardId,
    on_board: Vec<StayId>,
    alerts: Vec<Open>,
    rows: Vec<(Part, StayId)>,
}

impl Shown {
    pub(super) fn of(ward: WardId, board: &Board, calls: &Calls) -> Self {
        let listed = |part: Part, rows: &[Row]| {
            let rows = rows.iter().map(|row| (part, row.stay));
            rows.collect::<Vec<_>>()
        };
        let list = &calls.list;
        let alerts = board.by_stay.values().flatten().chain(&board.technical);
        Self {
            ward,
            on_board: board
                .snapshot
                .caseload
                .iter()
                .map(|row| row.record.stay.id)
                .collect(),
            alerts: alerts
                .map(|alert| Open {
                    number: alert.number,
                    subject: alert.subject.clone(),
                    problem: alert.problem.name(),
                    severity: alert.severity,
                })
                .collect(),
            rows: [
                listed(Part::ToCall, &list.to_call),
                listed(Part::Paused, &list.paused),
                listed(Part::Stopped, &list.stopped),
                listed(Part::NotDue, &list.not_due),
            ]
            .concat(),
        }
    }
}

/// How severe each open alert was when it was last looked at.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<(WardId, AlertNumber), Severity>);

impl Seen {
    pub(super) fn resolved(&mut self, ward: WardId, number: AlertNumber) {
        self.0.remove(&(ward, number));
    }

    pub(super) fn faults(&mut self, shown: &[Shown]) -> Vec<String> {
        let mut faults = Vec::new();
        for shown in shown {
            for alert in &shown.alerts {
                let before = self.0.insert((shown.ward, alert.number), alert.severity);
                if before > Some(alert.severity) {
                    faults.push(format!("{alert:?} has become milder: it was {before:?}"));
                }
            }
        }
        faults
    }
}

mod planted {
    //! The comparison is compared: each fault that is planted must be found.

    use super::*;
    use uuid::Uuid;

    const AT: Timestamp = Timestamp::from_millis(1_824_192_000_000);

    type Tamper = fn(&mut [Shown; 2]);

    fn stay(number: u128) -> StayId {
        StayId(Uuid::from_u128(number))
    }

    fn two_wards() -> (Truth, [Shown; 2]) {
        let mut truth = Truth::default();
        for number in 0..4 {
            truth.admitted(stay(number), AT);
        }
        truth.measured(0, 85.0);
        truth.paused(1);
        truth.died(2);
        truth.reached(3, AT);
        let shown = |ward| Shown {
            ward: WardId(Uuid::from_u128(ward)),
            on_board: Vec::new(),
            alerts: Vec::new(),
            rows: Vec::new(),
        };
        let mut first = shown(100);
        first.on_board = vec![stay(0), stay(1), stay(3)];
        first.rows = vec![
            (Part::ToCall, stay(0)),
            (Part::Paused, stay(1)),
            (Part::NotDue, stay(3)),
        ];
        first.alerts = vec![Open {
            number: ward_core::id::Seq(9),
            subject: Subject::Stay(stay(0)),
            problem: "oxygen",
            severity: Severity::Red,
        }];
        (truth, [first, shown(200)])
    }

    fn faults(tamper: impl FnOnce(&mut [Shown; 2])) -> usize {
        let (truth, mut shown) = two_wards();
        let zone = Zone::named("Europe/London").unwrap();
        let mut seen = Seen::default();
        seen.faults(&shown);
        tamper(&mut shown);
        let mut faults = truth.faults(&shown, zone.day_of(AT), &zone);
        faults.extend(seen.faults(&shown));
        faults.len()
    }

    #[test]
    fn every_planted_fault_is_found_and_a_ward_in_order_has_none() {
        assert_eq!(faults(|_| {}), 0);
        let planted: [(&str, Tamper); 9] = [
            ("falls off the list", |shown| shown[0].rows.truncate(2)),
            ("is on two lists", |shown| {
                shown[1].rows.push((Part::ToCall, stay(0)));
            }),
            ("is on the other ward's list", |shown| {
                let row = shown[0].rows.remove(0);
                shown[1].rows.push(row);
            }),
            ("is rung while in hospital", |shown| {
                shown[0].rows[1].0 = Part::ToCall;
            }),
            ("is rung after death", |shown| {
                shown[0].rows.push((Part::ToCall, stay(2)));
            }),
            ("is not due and was not reached", |shown| {
                shown[0].rows[0].0 = Part::NotDue;
            }),
            ("a red becomes milder", |shown| {
                shown[0].alerts[0].severity = Severity::Amber;
            }),
            ("a red is open twice", |shown| {
                let again = shown[0].alerts[0].clone();
                shown[0].alerts.push(again);
            }),
            ("a red is on the other board", |shown| {
                let red = shown[0].alerts.remove(0);
                shown[1].alerts.push(red);
            }),
        ];
        for (name, tamper) in planted {
            assert!(faults(tamper) > 0, "{name}");
        }
    }
}
