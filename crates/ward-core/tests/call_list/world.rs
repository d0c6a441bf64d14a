//! A small ward at random: what happens to its patients, and the list after each day.

use uuid::Uuid;
use ward_core::alert::{Alert, Confirmation, Heeded, Problem, Severity, State, Subject};
use ward_core::call_list::{self, CallList, Reason, Standing};
use ward_core::care::{CarePlan, ContactSchedule};
use ward_core::contact::{
    self, Asked, Call, CallOutcome, Claim, ContactEntry, ContactState, Direction, Identifier,
    Identity, NextContact, Support, Way, Wellbeing, What, Whom, Why,
};
use ward_core::day::Zone;
use ward_core::id::{ClinicianId, ContactId, Seq, StayId, WardId};
use ward_core::plan::{Band, MonitoringPlan};
use ward_core::stay::{Destination, PauseReason, Phase, Stay};
use ward_core::time::{Timestamp, minutes};

use crate::common::{Dice, stay};
use crate::oracle;

/// The rules of the call list as the service calls them.
pub trait Rules {
    fn folded(&self, before: &ContactState, entries: &[ContactEntry]) -> ContactState {
        contact::folded(before, entries)
    }

    fn plan_changes(
        &self,
        stay: &Stay,
        care: &CarePlan,
        contact: ContactState,
        now: Timestamp,
        zone: &Zone,
    ) -> ContactState {
        call_list::plan_changes(stay, care, contact, now, zone)
    }

    fn rank(&self, caseload: &[Standing<'_>], now: Timestamp, zone: &Zone) -> CallList {
        call_list::rank(caseload, now, zone)
    }
}

pub struct Real;

impl Rules for Real {}

/// Everything that happened to one patient, in the order in which it was written down.
#[derive(Clone, Debug)]
pub enum Happened {
    Entry(ContactEntry),
    Asked(Asked),
    PlanChanged { at: Timestamp, from: CarePlan },
}

/// One patient: what happened, for the oracle; where they stand, as the service keeps it.
#[derive(Clone, Debug)]
pub struct Patient {
    pub stay: Stay,
    pub care: CarePlan,
    pub alerts: Vec<Alert>,
    pub happened: Vec<Happened>,
    state: ContactState,
}

impl Patient {
    fn entries(&self) -> Vec<ContactEntry> {
        let entries = self.happened.iter().filter_map(|it| match it {
            Happened::Entry(entry) => Some(entry.clone()),
            Happened::Asked(_) | Happened::PlanChanged { .. } => None,
        });
        entries.collect()
    }
}

/// How often what was seen.
#[derive(Debug, Default)]
pub struct Tally {
    to_call: u32,
    paused: u32,
    stopped: u32,
    not_due: u32,
    ended: u32,
    carried_over: u32,
    new_today: u32,
    due_today: u32,
    asked: u32,
    alerts: u32,
    short_days: u32,
    long_days: u32,
}

impl Tally {
    pub fn counts(&self) -> [(&'static str, u32); 12] {
        [
            ("to call", self.to_call),
            ("paused", self.paused),
            ("stopped", self.stopped),
            ("not due", self.not_due),
            ("ended", self.ended),
            ("carried over", self.carried_over),
            ("new today", self.new_today),
            ("due today", self.due_today),
            ("asked", self.asked),
            ("alerts", self.alerts),
            ("days of 23 hours", self.short_days),
            ("days of 25 hours", self.long_days),
        ]
    }

    fn count(&mut self, list: &CallList, patients: &[Patient]) {
        let number = |rows: &Vec<call_list::Row>| u32::try_from(rows.len()).unwrap();
        self.to_call += number(&list.to_call);
        self.paused += number(&list.paused);
        self.stopped += number(&list.stopped);
        self.not_due += number(&list.not_due);
        self.ended += patients
            .iter()
            .filter(|it| !it.stay.phase.is_open())
            .map(|_| 1)
            .sum::<u32>();
        for reason in list.to_call.iter().flat_map(|row| &row.reasons) {
            match reason {
                Reason::CarriedOver { .. } => self.carried_over += 1,
                Reason::NewToday => self.new_today += 1,
                Reason::DueToday { .. } => self.due_today += 1,
                Reason::Asked { .. } => self.asked += 1,
                Reason::Alert { .. } => self.alerts += 1,
            }
        }
    }
}

/// Weeks in which clocks change, and one in which none does; in zones east and west.
const ZONES: [(&str, [i64; 3]); 3] = [
    (
        "Europe/London",
        [1_792_800_000_000, 1_806_100_000_000, 1_795_248_000_000],
    ),
    (
        "America/New_York",
        [1_793_500_000_000, 1_804_900_000_000, 1_795_248_000_000],
    ),
    (
        "Australia/Lord_Howe",
        [1_790_900_000_000, 1_806_500_000_000, 1_795_248_000_000],
    ),
];

const PEN: WardId = WardId(Uuid::from_u128(2));

/// Two weeks of a small ward. The first disagreement with the oracle ends it.
pub fn run(rules: &dyn Rules, seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice(seed);
    let (zone, starts) = dice.pick(&ZONES, ZONES[0]);
    let zone = Zone::named(zone).unwrap();
    let mut now = Timestamp::from_millis(dice.pick(&starts, starts[0]));
    let mut patients: Vec<Patient> = Vec::new();
    let mut numbers = 1_u128;
    for _ in 0..150 {
        let day = zone.day_of(now);
        now = now.plus(minutes(1 + dice.below(320)));
        if zone.day_of(now) != day {
            let hours = zone
                .start_of(zone.day_of(now))
                .millis_since(zone.start_of(day))
                / 3_600_000;
            tally.short_days += u32::from(hours < 24);
            tally.long_days += u32::from(hours > 24 && hours < 30);
        }
        numbers += 1;
        if patients.len() < 6 && dice.one_in(5) {
            patients.push(admitted(&mut dice, numbers, now));
        } else if !patients.is_empty() {
            let place = usize::try_from(dice.below(patients.len() as u64)).unwrap();
            let patient = &mut patients[place];
            happens(rules, &mut dice, patient, numbers, now, &zone);
        }
        let standings: Vec<Standing<'_>> = patients
            .iter()
            .map(|it| Standing {
                stay: &it.stay,
                care: &it.care,
                contact: &it.state,
                alerts: it.alerts.iter().collect(),
            })
            .collect();
        let list = rules.rank(&standings, now, &zone);
        oracle::agrees(&list, &patients, now, &zone)
            .map_err(|why| format!("seed {seed}: {why}"))?;
        tally.count(&list, &patients);
    }
    Ok(())
}

fn admitted(dice: &mut Dice, number: u128, now: Timestamp) -> Patient {
    let mut stay = stay(MonitoringPlan::scale_one().with_bands_alone());
    stay.id = StayId(Uuid::from_u128(number * 7919 % 1009));
    stay.ward = PEN;
    // Now and then by a clock that ran ahead.
    stay.admitted_at = if dice.one_in(20) {
        now.plus(minutes(3000))
    } else {
        now
    };
    Patient {
        stay,
        care: some_care(dice),
        alerts: Vec::new(),
        happened: Vec::new(),
        state: ContactState::default(),
    }
}

fn some_care(dice: &mut Dice) -> CarePlan {
    let contact = match dice.below(4) {
        0 => ContactSchedule::Daily,
        1 => ContactSchedule::Days(vec![2, 5, 7, 10, 12]),
        2 => ContactSchedule::Days(Vec::new()),
        _ => ContactSchedule::EveryDays(u16::try_from(dice.below(4)).unwrap()),
    };
    CarePlan {
        contact,
        days: dice.pick(&[5, 14], 14),
        ..CarePlan::default()
    }
}

fn happens(
    rules: &dyn Rules,
    dice: &mut Dice,
    patient: &mut Patient,
    number: u128,
    now: Timestamp,
    zone: &Zone,
) {
    match dice.below(40) {
        0..20 => {
            let call = some_call(dice, now);
            write(
                rules,
                dice,
                patient,
                number,
                now,
                What::Call(Box::new(call)),
            );
        }
        20..23 => {
            let reason = "gone to her sister's".to_owned();
            write(
                rules,
                dice,
                patient,
                number,
                now,
                What::LadderStopped { reason },
            );
        }
        23 => {
            let booked = What::VisitBooked {
                at: now.plus(minutes(dice.below(4000))),
                purpose: String::new(),
            };
            write(rules, dice, patient, number, now, booked);
        }
        24..27 => {
            let why = dice.pick(
                &[Why::CallBack, Why::Wellbeing, Why::BackHome],
                Why::CallBack,
            );
            let asked = Asked {
                due: now.plus(minutes(dice.pick(&[0, 0, 600, 2000], 0))),
                ..Asked::now(why, now)
            };
            patient.happened.push(Happened::Asked(asked));
            patient.state = std::mem::take(&mut patient.state).asking(asked);
        }
        27..30 => {
            let from = std::mem::replace(&mut patient.care, some_care(dice));
            let state = std::mem::take(&mut patient.state);
            patient.state = rules.plan_changes(&patient.stay, &from, state, now, zone);
            patient
                .happened
                .push(Happened::PlanChanged { at: now, from });
        }
        30..33 => {
            let severity = dice.pick(
                &[Severity::Red, Severity::Amber, Severity::Low],
                Severity::Low,
            );
            let problem = dice.pick(
                &[
                    Problem::Oxygen,
                    Problem::Silence,
                    Problem::AskedForHelp,
                    Problem::LateLow,
                ],
                Problem::Oxygen,
            );
            patient
                .alerts
                .push(alert(patient.stay.id, number, severity, problem, now));
        }
        33..36 => patient.alerts.clear(),
        36 => {
            patient.stay.phase = match patient.stay.phase {
                Phase::Active => Phase::Paused {
                    since: now,
                    reason: PauseReason::InHospital,
                },
                Phase::Paused { .. } => Phase::Active,
                ended @ Phase::Ended { .. } => ended,
            };
        }
        37 if dice.one_in(3) => {
            patient.stay.phase = Phase::Ended {
                at: now,
                destination: dice.pick(&[Destination::Home, Destination::Died], Destination::Home),
            };
        }
        _ => {
            patient.state.claim = Some(Claim {
                by: ClinicianId(Uuid::from_u128(1)),
                at: now,
                ward: PEN,
            });
        }
    }
}

fn write(
    rules: &dyn Rules,
    dice: &mut Dice,
    patient: &mut Patient,
    number: u128,
    now: Timestamp,
    what: What,
) {
    let at = match dice.below(12) {
        // Written down later, and by a clock that ran ahead.
        0 | 1 => now.minus(minutes(dice.below(2500))),
        2 if dice.one_in(6) => now.plus(minutes(dice.below(2000))),
        _ => now,
    };
    patient.happened.push(Happened::Entry(ContactEntry {
        id: ContactId(Uuid::from_u128(number)),
        stay: patient.stay.id,
        ward: PEN,
        at,
        written_at: now,
        by: ClinicianId(Uuid::from_u128(1)),
        what,
    }));
    patient.state = rules.folded(&patient.state, &patient.entries());
}

fn some_call(dice: &mut Dice, now: Timestamp) -> Call {
    let outcome = dice.pick(
        &[
            CallOutcome::Reached,
            CallOutcome::Reached,
            CallOutcome::NoAnswer,
            CallOutcome::LeftMessage,
            CallOutcome::WrongNumber,
        ],
        CallOutcome::Reached,
    );
    let whom = dice.pick(
        &[
            Whom::Patient,
            Whom::Patient,
            Whom::Carer,
            Whom::NextOfKin,
            Whom::WelfareCheck,
        ],
        Whom::Patient,
    );
    let next = (outcome == CallOutcome::Reached && dice.one_in(4)).then(|| NextContact {
        at: now.plus(minutes(1 + dice.below(5000))),
        way: Way::Telephone,
    });
    Call {
        direction: dice.pick(
            &[Direction::FromWard, Direction::ToWard],
            Direction::FromWard,
        ),
        way: dice.pick(
            &[Way::Telephone, Way::Telephone, Way::Video, Way::Visit],
            Way::Telephone,
        ),
        whom,
        name: "Jo".to_owned(),
        outcome,
        identity: Identity::by(Identifier::FullName, Identifier::BirthDate).ok(),
        support: Support::None,
        wellbeing: Wellbeing::default(),
        symptoms: Vec::new(),
        help: None,
        readings: Vec::new(),
        advice: Vec::new(),
        next,
        note: String::new(),
    }
}

fn alert(
    stay: StayId,
    number: u128,
    severity: Severity,
    problem: Problem,
    now: Timestamp,
) -> Alert {
    let number = Seq(i64::try_from(number).unwrap());
    Alert {
        number,
        subject: Subject::Stay(stay),
        problem,
        severity,
        confirmation: Confirmation::NotAsked,
        condition: Band::Green,
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: None,
        reds: None,
        worst: None,
        detail: None,
        spoke_seq: number,
        spoke_at: now,
        heeded: Heeded::default(),
        worst_sound: None,
        shown_at: None,
        show_by: None,
        unseen: false,
        recheck_by: None,
        was_green: false,
        was_below_red: false,
        relapse: None,
        struck: None,
        ladder: ward_core::escalation::Ladder::default(),
        snooze: None,
    }
}
