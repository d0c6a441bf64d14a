//! Wards at random: a few days in which the clocks change, people who come, are paused, go and come back.

use jiff::civil::date;
use uuid::Uuid;
use ward_core::alert::{Outcome, Severity};
use ward_core::day::Zone;
use ward_core::id::{Seq, StayId};
use ward_core::pathway::referral::Source;
use ward_core::report::{AgeBand, AlertFact, Asked, Called, Facts, Period, StayFact};
use ward_core::stay::Destination;
use ward_core::time::Timestamp;

/// Numbers at random: the same seed, the same numbers (`SplitMix64`).
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, many: u64) -> u64 {
        self.next() % many
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

const MINUTE: i64 = 60_000;
const DAY: u64 = 24 * 60;

pub const SOURCES: [Source; 10] = [
    Source::CaseFinding,
    Source::GeneralPractice,
    Source::Nhs111,
    Source::Ambulance,
    Source::EmergencyDepartment,
    Source::HospitalWard,
    Source::CareHome,
    Source::CommunityServices,
    Source::SelfReferral,
    Source::Readmission,
];

const DESTINATIONS: [Destination; 7] = [
    Destination::Home,
    Destination::CommunityTeam,
    Destination::CareHome,
    Destination::Hospital,
    Destination::Hospice,
    Destination::Withdrawn,
    Destination::Died,
];

const OUTCOMES: [Outcome; 11] = [
    Outcome::NoChange,
    Outcome::MeasurementFault,
    Outcome::AdviceGiven,
    Outcome::VisitArranged,
    Outcome::TreatmentChanged,
    Outcome::PassedOn,
    Outcome::AmbulanceCalled,
    Outcome::AdmittedToHospital,
    Outcome::Died,
    Outcome::KitSeenTo,
    Outcome::TransferredWard,
];

/// A ward and a few days of it: half of them round a change of the clocks.
pub fn facts(seed: u64) -> Facts {
    let mut dice = Dice(seed);
    let zone = Zone::named("Europe/London").unwrap();
    let first = dice.of(&[date(2026, 10, 23), date(2026, 3, 27), date(2026, 6, 9)]);
    let last = first.saturating_add(jiff::Span::new().days(i64::try_from(dice.below(5)).unwrap()));
    let today = last.saturating_add(jiff::Span::new().days(if dice.one_in(3) { 0 } else { 40 }));
    let period = Period::of(Some(first), Some(last), today, &zone).unwrap();
    let noon = zone.at(today, jiff::civil::time(12, 0, 0, 0));
    let stays: Vec<StayFact> = (0..dice.below(24))
        .map(|id| stay(&mut dice, id, &period))
        .collect();
    let alerts = (0..dice.below(40))
        .filter_map(|number| alert(&mut dice, number, &stays, &period, noon))
        .collect();
    let facts = Facts {
        period,
        now: noon,
        zone,
        capacity: dice.of(&[None, Some(10), Some(25)]),
        stays,
        alerts,
        unreadable_alerts: 0,
    };
    facts.in_order()
}

fn minutes_after(at: Timestamp, minutes: u64) -> Timestamp {
    Timestamp::from_millis(at.as_millis() + i64::try_from(minutes).unwrap() * MINUTE)
}

fn stay(dice: &mut Dice, id: u64, period: &Period) -> StayFact {
    let begin = Timestamp::from_millis(period.from.as_millis() - 4 * 24 * 60 * MINUTE);
    let admitted_at = minutes_after(begin, dice.below(8 * DAY));
    let forever = Timestamp::from_millis(i64::MAX);
    let mut cuts: Vec<Timestamp> = (0..dice.below(4))
        .map(|_| minutes_after(admitted_at, 1 + dice.below(5 * DAY)))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut spans = Vec::new();
    let mut since = if dice.one_in(4) {
        None
    } else {
        Some(admitted_at)
    };
    for at in &cuts {
        match since.take() {
            Some(from) => spans.push((from, *at)),
            None => since = Some(*at),
        }
    }
    let mut end = None;
    if let Some(from) = since {
        let ended = minutes_after(from, 1 + dice.below(6 * DAY));
        let is_over = !dice.one_in(3);
        end = is_over.then(|| (ended, dice.of(&DESTINATIONS)));
        spans.push((from, if is_over { ended } else { forever }));
    } else if dice.one_in(2) {
        let last = cuts.last().copied().unwrap_or(admitted_at);
        end = Some((
            minutes_after(last, 1 + dice.below(2 * DAY)),
            dice.of(&DESTINATIONS),
        ));
    }
    let mut pauses = Vec::new();
    if dice.one_in(2) {
        let from = minutes_after(admitted_at, dice.below(3 * DAY));
        pauses.push((from, minutes_after(from, 1 + dice.below(2 * DAY))));
    }
    let due = u32::try_from(dice.below(12)).unwrap();
    let kept = if due == 0 {
        0
    } else {
        u32::try_from(dice.below(u64::from(due) + 1)).unwrap()
    };
    let days = u32::try_from(dice.below(5)).unwrap();
    StayFact {
        stay: StayId(Uuid::from_u128(u128::from(id) * 7_919 % 1_000 + 1)),
        age_band: dice.of(&[
            AgeBand::Under50,
            AgeBand::From50,
            AgeBand::From65,
            AgeBand::From75,
            AgeBand::From85,
        ]),
        language: dice.of(&["", "English", "Urdu", " Polish "]).to_owned(),
        device: dice
            .of(&[None, Some("Nonin 3230"), Some("=PC-60")])
            .map(str::to_owned),
        spans,
        pauses,
        admitted_at,
        source: if dice.one_in(5) {
            None
        } else {
            Some(dice.of(&SOURCES))
        },
        from_hospital_bed: dice.one_in(6),
        back_at: end
            .filter(|_| dice.one_in(2))
            .map(|(at, _)| minutes_after(at, dice.below(40 * DAY))),
        end,
        asked: Asked { due, kept },
        called: Called {
            due: days,
            done: days.min(u32::try_from(dice.below(5)).unwrap()),
            reached: u32::try_from(dice.below(6)).unwrap(),
            tried: u32::try_from(dice.below(3)).unwrap(),
        },
    }
}

fn alert(
    dice: &mut Dice,
    number: u64,
    stays: &[StayFact],
    period: &Period,
    now: Timestamp,
) -> Option<AlertFact> {
    let long = u64::try_from(period.until.millis_since(period.from)).unwrap();
    let raised_at =
        Timestamp::from_millis(period.from.as_millis() + i64::try_from(dice.below(long)).unwrap());
    if raised_at > now {
        return None;
    }
    let stay = if stays.is_empty() || dice.one_in(5) {
        None
    } else {
        // Some are noisier than others.
        let first = dice.below(stays.len() as u64);
        Some(stays[usize::try_from(dice.below(first + 1)).unwrap()].stay)
    };
    let after = |dice: &mut Dice| {
        Timestamp::from_millis(
            raised_at.as_millis() + i64::try_from(dice.below(9_000_000)).unwrap(),
        )
    };
    let acknowledged_at = (!dice.one_in(4)).then(|| after(dice));
    let shown_at = if dice.one_in(5) {
        acknowledged_at
    } else {
        Some(after(dice))
    };
    Some(AlertFact {
        number: Seq(i64::try_from(number).unwrap()),
        stay,
        problem: dice.of(&["oxygen", "silence", "symptom", "bridge_silent"]),
        severity: dice.of(&[Severity::Red, Severity::Amber, Severity::Low]),
        raised_at,
        measured_at: (!dice.one_in(3)).then(|| {
            Timestamp::from_millis(
                raised_at.as_millis() - i64::try_from(dice.below(5_000_000)).unwrap(),
            )
        }),
        shown_at,
        acknowledged_at,
        resolved: (!dice.one_in(3)).then(|| (after(dice), dice.of(&OUTCOMES))),
    })
}
