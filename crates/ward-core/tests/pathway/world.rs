//! Two wards, their people and their boards, moved by the rules; each step is compared with the oracle.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use ward_core::alert::{
    Acknowledged, Alert, Change, Outcome, Severity, Subject, acknowledge, resolve,
};
use ward_core::event::WardEvent;
use ward_core::id::{BridgeId, ClinicianId, DeviceId, PatientId, ReadingId, Seq, StayId, WardId};
use ward_core::pathway::admission::{may_admit, may_readmit};
use ward_core::pathway::departure::{Follows, Step, follow, possible};
use ward_core::pathway::out_of_phase::assess;
use ward_core::plan::MonitoringPlan;
use ward_core::reading::{Context, Measured, Reading, Source, Timing, Values};
use ward_core::spo2::Spo2;
use ward_core::stay::{Channel, Destination, PauseReason, Phase, Stay, StayState};
use ward_core::time::{Timestamp, seconds};

use crate::oracle::{Deed, History};

const ASHA: ClinicianId = ClinicianId(Uuid::from_u128(0xA5));
const PATIENTS: u8 = 5;
const WARDS: u8 = 2;

/// Something that the rules could get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    SecondStayIsOpened,
    TheDeadAreAdmitted,
    DischargeLeavesAnAlert,
    DeathLeavesAnAlert,
    HospitalLeavesAnAlert,
    TransferLosesAnAlert,
    TransferLeavesTheAlertBehind,
    TransferKeepsTheAcknowledgement,
    TransferCalmsTheAlert,
    ReadingWhilePausedIsDropped,
    ReadingAfterTheEndIsDropped,
    PossibleForgetsAStep,
    PossiblePromisesTooMuch,
    ResumeEndsTheStay,
}

impl Fault {
    pub const ALL: [Self; 14] = [
        Self::SecondStayIsOpened,
        Self::TheDeadAreAdmitted,
        Self::DischargeLeavesAnAlert,
        Self::DeathLeavesAnAlert,
        Self::HospitalLeavesAnAlert,
        Self::TransferLosesAnAlert,
        Self::TransferLeavesTheAlertBehind,
        Self::TransferKeepsTheAcknowledgement,
        Self::TransferCalmsTheAlert,
        Self::ReadingWhilePausedIsDropped,
        Self::ReadingAfterTheEndIsDropped,
        Self::PossibleForgetsAStep,
        Self::PossiblePromisesTooMuch,
        Self::ResumeEndsTheStay,
    ];
}

/// How often each deed went through, and how often it was refused.
pub type Tally = BTreeMap<(&'static str, bool), u32>;

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn small(&mut self, sides: u8) -> u8 {
        u8::try_from(self.below(sides.into())).unwrap()
    }
}

fn ward_id(ward: u8) -> WardId {
    WardId(Uuid::from_u128(100 + u128::from(ward)))
}

const CHANNELS: [Channel; 4] = [
    Channel::Bridge,
    Channel::Page,
    Channel::Telephone,
    Channel::Paper,
];

#[derive(Default)]
struct World {
    fault: Option<Fault>,
    stays: Vec<(Stay, StayState)>,
    /// The open alerts of each ward's board.
    boards: BTreeMap<WardId, Vec<Alert>>,
    seqs: BTreeMap<WardId, Seq>,
    now: i64,
    readings: u128,
}

/// Goes so many steps; an error says which promise was broken.
pub fn walk(fault: Option<Fault>, steps: u32, seed: u64) -> Result<Tally, String> {
    let mut tally = Tally::new();
    let mut dice = Dice(seed | 1);
    let mut world = World::default();
    let mut history = History::default();
    for step in 0..steps {
        // A new town now and then: the oracle reads the whole history at each step.
        if step % 60 == 0 {
            (world, history) = (World::default(), History::default());
            world.fault = fault;
            world.now = 1_795_248_000_000;
        }
        world.now += 61_000;
        let deed = any(&mut dice, world.stays.len());
        let expected = history.expects(deed);
        let done = world.does(deed);
        if done != expected {
            return Err(format!(
                "{deed:?}: {done}, but {expected} after {:?}",
                history.0
            ));
        }
        *tally.entry((name(deed), done)).or_default() += 1;
        if done {
            history.0.push(deed);
        }
        world
            .agrees_with(&history)
            .map_err(|what| format!("{what} after {:?}", history.0))?;
    }
    Ok(tally)
}

fn any(dice: &mut Dice, stays: usize) -> Deed {
    if stays == 0 || dice.below(9) == 0 {
        let (patient, ward) = (dice.small(PATIENTS), dice.small(WARDS));
        return if dice.below(2) == 0 {
            Deed::Admit { patient, ward }
        } else {
            let was_wrong = dice.below(3) == 0;
            Deed::Readmit {
                patient,
                ward,
                was_wrong,
            }
        };
    }
    let stay = dice.below(stays);
    match dice.below(16) {
        0 => Deed::PauseAway { stay },
        1 => Deed::PauseInHospital { stay },
        2 | 3 => Deed::Resume { stay },
        4 => Deed::Discharge { stay },
        5 => Deed::Hospital { stay },
        6 if dice.below(2) == 0 => Deed::Death { stay },
        7 | 8 => Deed::Transfer {
            stay,
            ward: dice.small(WARDS),
        },
        9 => Deed::Channel {
            stay,
            channel: dice.small(4),
        },
        10 => Deed::Resolve { stay },
        11 => Deed::Acknowledge { stay },
        _ => Deed::Read {
            stay,
            low: dice.below(2) == 0,
        },
    }
}

fn name(deed: Deed) -> &'static str {
    match deed {
        Deed::Admit { .. } => "admit",
        Deed::Readmit { .. } => "readmit",
        Deed::PauseAway { .. } => "pause",
        Deed::PauseInHospital { .. } => "pause in hospital",
        Deed::Resume { .. } => "resume",
        Deed::Discharge { .. } => "discharge",
        Deed::Hospital { .. } => "hospital",
        Deed::Death { .. } => "death",
        Deed::Transfer { .. } => "transfer",
        Deed::Channel { .. } => "channel",
        Deed::Read { .. } => "read",
        Deed::Acknowledge { .. } => "acknowledge",
        Deed::Resolve { .. } => "resolve",
    }
}

impl World {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether it went through.
    fn does(&mut self, deed: Deed) -> bool {
        match deed {
            Deed::Admit { patient, ward } => self.admits(patient, ward, false, false),
            Deed::Readmit {
                patient,
                ward,
                was_wrong,
            } => self.admits(patient, ward, true, was_wrong),
            Deed::PauseAway { stay } => self.steps(stay, Step::Pause(PauseReason::Away)),
            Deed::PauseInHospital { stay } => {
                self.steps(stay, Step::Pause(PauseReason::InHospital))
            }
            Deed::Resume { stay } => self.steps(stay, Step::Resume),
            Deed::Discharge { stay } => self.steps(stay, Step::End(Destination::Home)),
            Deed::Hospital { stay } => self.steps(stay, Step::End(Destination::Hospital)),
            Deed::Death { stay } => self.steps(stay, Step::End(Destination::Died)),
            Deed::Transfer { stay, ward } => self.steps(stay, Step::Transfer(ward_id(ward))),
            Deed::Channel { stay, channel } => {
                self.steps(stay, Step::Channel(CHANNELS[usize::from(channel)]))
            }
            Deed::Read { stay, low } => {
                self.reads(stay, if low { 84.0 } else { 97.0 });
                true
            }
            Deed::Acknowledge { stay } => {
                self.acknowledges(stay);
                true
            }
            Deed::Resolve { stay } => {
                self.resolves(stay);
                true
            }
        }
    }

    fn admits(&mut self, patient: u8, ward: u8, again: bool, was_wrong: bool) -> bool {
        let id = PatientId(Uuid::from_u128(u128::from(patient)));
        let so_far = self.stays.iter().map(|(stay, _)| stay);
        let so_far: Vec<Stay> = so_far.filter(|stay| stay.patient == id).cloned().collect();
        let was_wrong = was_wrong || (again && self.has(Fault::TheDeadAreAdmitted));
        let may = if again {
            may_readmit(&so_far, was_wrong).map(|_| ())
        } else {
            may_admit(&so_far, was_wrong)
        };
        let is_spoilt = self.has(Fault::SecondStayIsOpened) && !again;
        if may.is_err() && !is_spoilt {
            return false;
        }
        let stay = Stay {
            id: StayId(Uuid::from_u128(1_000 + self.stays.len() as u128)),
            ward: ward_id(ward),
            patient: id,
            admitted_at: self.now(),
            plan: MonitoringPlan::scale_one().with_bands_alone(),
            phase: Phase::Active,
            channel: Channel::Bridge,
            baseline_spo2: None,
        };
        self.stays.push((stay, StayState::default()));
        true
    }

    fn about(&self, stay: &Stay) -> Vec<Alert> {
        let board = self.boards.get(&stay.ward).into_iter().flatten();
        board
            .filter(|alert| alert.subject == Subject::Stay(stay.id))
            .cloned()
            .collect()
    }

    fn steps(&mut self, place: usize, step: Step) -> bool {
        let stay = self.stays[place].0.clone();
        let mut open = self.about(&stay);
        let plain = matches!(step, Step::End(Destination::Home));
        if plain && self.has(Fault::DischargeLeavesAnAlert) {
            open.clear();
        }
        let Ok(mut follows) = follow(&stay, &open, step, ASHA, self.now()) else {
            return false;
        };
        self.spoil(&mut follows, step, &open);
        self.stays[place].0 = follows.stay;
        for event in follows.events {
            self.append(stay.ward, event);
        }
        let to = self.stays[place].0.ward;
        for event in follows.arrivals {
            self.append(to, event);
        }
        true
    }

    /// What a fault makes of it.
    fn spoil(&self, follows: &mut Follows, step: Step, open: &[Alert]) {
        let is_alert = |event: &WardEvent| matches!(event, WardEvent::Alert { .. });
        match (self.fault, step) {
            (Some(Fault::DeathLeavesAnAlert), Step::End(Destination::Died))
            | (Some(Fault::HospitalLeavesAnAlert), Step::End(Destination::Hospital))
            | (Some(Fault::TransferLeavesTheAlertBehind), Step::Transfer(_)) => {
                follows.events.retain(|event| !is_alert(event));
            }
            (Some(Fault::TransferLosesAnAlert), Step::Transfer(_)) => {
                follows.arrivals.retain(|event| !is_alert(event));
            }
            (Some(Fault::ResumeEndsTheStay), Step::Resume) => {
                let (at, destination) = (self.now(), Destination::Home);
                follows.stay.phase = Phase::Ended { at, destination };
            }
            (Some(fault), Step::Transfer(_)) => {
                for (event, was) in follows.arrivals.iter_mut().skip(1).zip(open) {
                    if let WardEvent::Alert { alert, .. } = event {
                        match fault {
                            Fault::TransferKeepsTheAcknowledgement => {
                                alert.state = was.state.clone();
                            }
                            Fault::TransferCalmsTheAlert => alert.severity = Severity::Amber,
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn append(&mut self, ward: WardId, event: WardEvent) {
        let seq = self.seqs.entry(ward).or_default();
        *seq = seq.next();
        if let WardEvent::Alert { alert, .. } = event.stamped(*seq) {
            let board = self.boards.entry(ward).or_default();
            board.retain(|held| held.number != alert.number);
            if alert.is_open() {
                board.push(*alert);
            }
        }
    }

    fn reads(&mut self, place: usize, percent: f64) {
        self.readings += 1;
        let reading = Reading {
            id: ReadingId(Uuid::from_u128(self.readings)),
            device: DeviceId(Uuid::from_u128(4)),
            bridge: BridgeId(Uuid::from_u128(5)),
            measured_at: self.now(),
            received_at: self.now(),
            effective_at: self.now(),
            timing: Timing::ByAge,
            measured: Measured::Values(Values {
                spo2: Spo2::from_percent(percent).unwrap(),
                pulse: None,
                perfusion_hundredths: None,
                window: None,
                observations: ward_core::reading::ObservationSet::default(),
                doubts: Vec::new(),
            }),
            context: Context::Rest,
            source: Source::Oximeter,
        };
        let (stay, state) = &mut self.stays[place];
        *state = std::mem::take(state).with(&reading, &stay.plan);
        let (stay, state) = (stay.clone(), state.clone());
        let dropped = match stay.phase {
            Phase::Active => false,
            Phase::Paused { .. } => self.has(Fault::ReadingWhilePausedIsDropped),
            Phase::Ended { .. } => self.has(Fault::ReadingAfterTheEndIsDropped),
        };
        if dropped {
            return;
        }
        let open = self.about(&stay);
        for event in assess(&stay, &state, &open, &reading, self.now()) {
            self.append(stay.ward, event);
        }
    }

    fn acknowledges(&mut self, place: usize) {
        let stay = self.stays[place].0.clone();
        for alert in self.about(&stay) {
            let seen = self.seqs[&stay.ward];
            if let Ok(Acknowledged::Now(alert)) = acknowledge(&alert, ASHA, seen, self.now()) {
                let change = Change::Acknowledged;
                self.append(stay.ward, WardEvent::Alert { change, alert });
            }
        }
    }

    fn resolves(&mut self, place: usize) {
        self.acknowledges(place);
        let stay = self.stays[place].0.clone();
        let now = self.now().plus(seconds(1));
        for alert in self.about(&stay) {
            let seen = self.seqs[&stay.ward];
            let over = resolve(&alert, ASHA, Outcome::AdviceGiven, String::new(), seen, now);
            let (change, alert) = (Change::Resolved, Box::new(over.unwrap()));
            self.append(stay.ward, WardEvent::Alert { change, alert });
        }
    }

    fn agrees_with(&self, history: &History) -> Result<(), String> {
        for patient in 0..PATIENTS {
            let id = PatientId(Uuid::from_u128(u128::from(patient)));
            let open = self
                .stays
                .iter()
                .filter(|(stay, _)| stay.patient == id && stay.phase.is_open());
            let open = open.count();
            if open > 1 || open != history.open_stays(patient) {
                return Err(format!("patient {patient} has {open} open stays"));
            }
        }
        for (place, (stay, _)) in self.stays.iter().enumerate() {
            if stay.ward != ward_id(history.ward(place)) {
                return Err(format!("stay {place} is on another ward"));
            }
            self.board_agrees(place, stay, history)?;
            self.possible_is_true(place, stay)?;
        }
        Ok(())
    }

    /// Each alert is on exactly one board, that of the stay's ward, as red as it ever was, and new there.
    fn board_agrees(&self, place: usize, stay: &Stay, history: &History) -> Result<(), String> {
        let everywhere: Vec<(&WardId, &Alert)> = self
            .boards
            .iter()
            .flat_map(|(ward, alerts)| alerts.iter().map(move |alert| (ward, alert)))
            .filter(|(_, alert)| alert.subject == Subject::Stay(stay.id))
            .collect();
        let names: BTreeSet<&str> = everywhere.iter().map(|(_, it)| it.problem.name()).collect();
        if names != history.open(place) || names.len() != everywhere.len() {
            return Err(format!(
                "stay {place} has {names:?}, expected {:?}",
                history.open(place)
            ));
        }
        let has_just_come =
            matches!(history.0.last(), Some(Deed::Transfer { stay, .. }) if *stay == place);
        let misplaced = everywhere.iter().find(|(ward, alert)| {
            **ward != stay.ward
                || alert.severity != Severity::Red
                || (has_just_come && !alert.is_unacknowledged())
        });
        match misplaced {
            Some((ward, alert)) => Err(format!("on {ward}: {alert:?}")),
            None => Ok(()),
        }
    }

    /// Everything that is said to be possible is, and nothing else.
    fn possible_is_true(&self, place: usize, stay: &Stay) -> Result<(), String> {
        let open = self.about(stay);
        let mut said: BTreeSet<&str> = possible(stay, &open).into_iter().collect();
        said.remove("readmit");
        if self.has(Fault::PossibleForgetsAStep) {
            said.remove("resume");
        }
        if self.has(Fault::PossiblePromisesTooMuch) {
            said.insert("discharge");
        }
        let other = ward_id(u8::from(stay.ward == ward_id(0)));
        let channel = CHANNELS[usize::from(stay.channel == CHANNELS[0])];
        let steps = [
            ("pause", Step::Pause(PauseReason::InRespite)),
            (
                "pause for a hospital admission",
                Step::Pause(PauseReason::InHospital),
            ),
            ("resume", Step::Resume),
            ("discharge", Step::End(Destination::CareHome)),
            (
                "end with a hospital admission",
                Step::End(Destination::Hospital),
            ),
            ("record a death", Step::End(Destination::Died)),
            ("transfer to another ward", Step::Transfer(other)),
            ("change the channel", Step::Channel(channel)),
        ];
        let works = steps
            .into_iter()
            .filter(|(_, step)| follow(stay, &open, *step, ASHA, self.now()).is_ok());
        let works: BTreeSet<&str> = works.map(|(word, _)| word).collect();
        if works == said {
            Ok(())
        } else {
            Err(format!(
                "stay {place}: {said:?} are said to be possible, {works:?} are"
            ))
        }
    }
}
