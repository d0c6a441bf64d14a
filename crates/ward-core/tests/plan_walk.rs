//! Three clinicians change, propose, approve and refuse a patient's plan at random while days go by, watched by an oracle
//! that counts who said yes to what; and the proof that the oracle can fail.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the walk cannot do ends it"
)]

use uuid::Uuid;
use ward_core::care::CarePlan;
use ward_core::day::Zone;
use ward_core::id::ClinicianId;
use ward_core::patient::BirthDate;
use ward_core::plan::MonitoringPlan;
use ward_core::plan_change::{
    Change, ChangeRefused, DecideRefused, Proposal, Setting, StayPlan, Version, Wanted, approve,
    change, reject, review_passed, superseded,
};
use ward_core::safe_range::SafeRange;
use ward_core::time::{Timestamp, minutes};

const START: Timestamp = Timestamp::from_millis(1_795_248_000_000);

fn clinician(number: u64) -> ClinicianId {
    ClinicianId(Uuid::from_u128(u128::from(number) + 1))
}

/// The rules, or rules that are wrong on purpose.
trait Rules {
    fn change(
        &self,
        current: &StayPlan,
        wanted: Wanted,
        by: ClinicianId,
        setting: &Setting<'_>,
    ) -> Result<Change, ChangeRefused> {
        change(current, wanted, by, 0, setting)
    }

    fn approve(
        &self,
        proposal: &Proposal,
        current: &StayPlan,
        by: ClinicianId,
        setting: &Setting<'_>,
    ) -> Result<(Proposal, Version), DecideRefused> {
        approve(proposal, current, by, setting)
    }

    fn review(&self, current: &StayPlan, default: &StayPlan, at: &Setting<'_>) -> Option<Version> {
        review_passed(current, default, at)
    }

    fn supersede(&self, proposal: &Proposal, version: u32, now: Timestamp) -> Proposal {
        superseded(proposal, version, now)
    }
}

struct Real;

impl Rules for Real {}

/// What the oracle keeps: plain numbers.
struct Oracle {
    version: u32,
    limits: (u16, u16),
    /// Who said yes to these limits.
    agreed: Vec<u64>,
    /// Whole days since the start after which the plan no longer counts.
    review_day: Option<u64>,
    waiting: Option<Waits>,
}

#[derive(Clone)]
struct Waits {
    by: u64,
    limits: (u16, u16),
    review_day: Option<u64>,
}

impl Oracle {
    fn is_safe((red, amber): (u16, u16)) -> bool {
        (90..=94).contains(&red) && (92..=96).contains(&amber)
    }

    fn now_counts(&mut self, limits: (u16, u16), review_day: Option<u64>, agreed: Vec<u64>) {
        self.version += 1;
        (self.limits, self.review_day, self.agreed) = (limits, review_day, agreed);
        self.waiting = None;
    }

    /// Two people for what is not safe, whatever happened.
    fn is_agreed(&self) -> bool {
        Self::is_safe(self.limits) || self.agreed.iter().any(|who| *who != self.agreed[0])
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn percent(&mut self, from: u16, sides: u64) -> u16 {
        from + u16::try_from(self.below(sides)).unwrap()
    }
}

/// How often it was set, proposed, approved, rejected and fell back. It ends before the clocks go forward: the oracle
/// counts days of 24 hours.
fn walk(rules: &dyn Rules, steps: u64, seed: u64) -> Result<[u32; 5], String> {
    let zone = Zone::named("Europe/London").unwrap();
    let (safe, default) = (
        SafeRange::default(),
        StayPlan {
            limits: MonitoringPlan::scale_one(),
            care: CarePlan::default(),
        },
    );
    let mut plan = default.clone();
    let mut history = vec![plan.clone()];
    let mut waiting: Option<Proposal> = None;
    let mut oracle = Oracle {
        version: 1,
        limits: (92, 94),
        agreed: Vec::new(),
        review_day: None,
        waiting: None,
    };
    let (mut dice, mut minute, mut done) = (Dice(seed), 0, [0; 5]);
    for number in 0..steps {
        minute += dice.below(120);
        let now = START.plus(minutes(minute));
        // The walk begins at eight in the morning, in winter.
        let day = (minute + 8 * 60) / (24 * 60);
        let setting = Setting {
            birth_date: BirthDate(jiff::civil::date(1948, 3, 9)),
            ward_default: &default.limits,
            safe: &safe,
            zone: &zone,
            now,
        };
        let kept = history.clone();
        let wrong = |why: String| Err(format!("step {number}, minute {minute}: {why}"));
        let fell = rules.review(&plan, &default, &setting);
        if fell.is_some() != oracle.review_day.is_some_and(|last| day > last) {
            return wrong(format!(
                "falls back: {fell:?}, the oracle: {:?}",
                oracle.review_day
            ));
        }
        if let Some(version) = fell {
            done[4] += 1;
            oracle.now_counts((92, 94), None, Vec::new());
            waiting = waiting.map(|it| rules.supersede(&it, version.plan.care.version, now));
            plan = version.plan;
            history.push(plan.clone());
        }
        let who = dice.below(3);
        match dice.below(4) {
            0 | 1 => {
                let limits = (dice.percent(87, 8), dice.percent(91, 7));
                let stale = dice.below(8) == 0;
                let review_day = (dice.below(2) == 0).then(|| day + dice.below(3));
                let wanted = Wanted {
                    replaces: plan.care.version - u32::from(stale),
                    limits: MonitoringPlan {
                        red_at_or_below: limits.0,
                        amber_at_or_below: limits.1,
                        ..MonitoringPlan::scale_one()
                    },
                    care: CarePlan {
                        review_by: review_day.map(|it| {
                            let days = jiff::Span::new().days(i64::try_from(it).unwrap());
                            zone.day_of(START).checked_add(days).unwrap()
                        }),
                        ..CarePlan::default()
                    },
                    reason: "as seen today".to_owned(),
                };
                let answer = rules.change(&plan, wanted, clinician(who), &setting);
                let fits = !stale && limits.0 < limits.1;
                match answer {
                    Err(_) if !fits => {}
                    Ok(Change::InForce(version))
                        if fits && (Oracle::is_safe(limits) || limits == oracle.limits) =>
                    {
                        done[0] += 1;
                        let before = limits == oracle.limits;
                        let mut agreed = if before {
                            oracle.agreed.clone()
                        } else {
                            Vec::new()
                        };
                        agreed.push(who);
                        oracle.now_counts(limits, review_day, agreed);
                        let number = version.plan.care.version;
                        waiting = waiting.map(|it| rules.supersede(&it, number, now));
                        plan = version.plan;
                        history.push(plan.clone());
                    }
                    Ok(Change::Waits(proposal)) if fits && !Oracle::is_safe(limits) => {
                        done[1] += 1;
                        oracle.waiting = Some(Waits {
                            by: who,
                            limits,
                            review_day,
                        });
                        waiting = Some(proposal);
                    }
                    other => return wrong(format!("{limits:?}: {other:?}")),
                }
            }
            2 => {
                let Some(proposal) = &waiting else { continue };
                let answer = rules.approve(proposal, &plan, clinician(who), &setting);
                let expected = oracle
                    .waiting
                    .clone()
                    .filter(|it| it.by != who && it.review_day.is_none_or(|last| day <= last));
                match (answer, expected) {
                    (Err(_), None) => {}
                    (Ok((_, version)), Some(it)) => {
                        done[2] += 1;
                        oracle.now_counts(it.limits, it.review_day, vec![it.by, who]);
                        waiting = None;
                        plan = version.plan;
                        history.push(plan.clone());
                    }
                    (answer, _) => return wrong(format!("approved by {who}: {answer:?}")),
                }
            }
            _ => {
                let Some(proposal) = &waiting else { continue };
                let refused = reject(proposal, clinician(who), "not today", now).is_ok();
                if refused != oracle.waiting.is_some() {
                    return wrong(format!("rejected: {refused}"));
                }
                done[3] += u32::from(refused);
                (waiting, oracle.waiting) = (None, None);
            }
        }
        let limits = (plan.limits.red_at_or_below, plan.limits.amber_at_or_below);
        if (plan.care.version, limits) != (oracle.version, oracle.limits) {
            return wrong(format!("{limits:?} is in force, not {:?}", oracle.limits));
        }
        if !oracle.is_agreed() {
            return wrong(format!("{limits:?} has one person's yes"));
        }
        if !history.starts_with(&kept) || history.len() != oracle.version as usize {
            return wrong("the history was rewritten".to_owned());
        }
    }
    Ok(done)
}

#[test]
fn nothing_unsafe_is_in_force_by_one_persons_word_and_nothing_outlives_its_review() {
    for seed in 1..=5 {
        let done = walk(&Real, 2_000, seed).unwrap();
        assert!(done.iter().all(|count| *count > 5), "{done:?}");
    }
}

struct OwnWordIsEnough;

impl Rules for OwnWordIsEnough {
    fn approve(
        &self,
        proposal: &Proposal,
        current: &StayPlan,
        _by: ClinicianId,
        setting: &Setting<'_>,
    ) -> Result<(Proposal, Version), DecideRefused> {
        approve(proposal, current, ClinicianId(Uuid::nil()), setting)
    }
}

struct NothingIsUnsafe;

impl Rules for NothingIsUnsafe {
    fn change(
        &self,
        current: &StayPlan,
        wanted: Wanted,
        by: ClinicianId,
        setting: &Setting<'_>,
    ) -> Result<Change, ChangeRefused> {
        let mut wide = SafeRange::default();
        wide.scale_one.red_at_or_below.from = 50;
        let setting = Setting {
            safe: &wide,
            ..setting.clone()
        };
        change(current, wanted, by, 0, &setting)
    }
}

struct NobodyReviews;

impl Rules for NobodyReviews {
    fn review(&self, _: &StayPlan, _: &StayPlan, _: &Setting<'_>) -> Option<Version> {
        None
    }
}

struct FallsBackADayEarly;

impl Rules for FallsBackADayEarly {
    fn review(&self, current: &StayPlan, default: &StayPlan, at: &Setting<'_>) -> Option<Version> {
        let early = Setting {
            now: at.now.plus(minutes(24 * 60)),
            ..at.clone()
        };
        review_passed(current, default, &early)
    }
}

struct OldScreensAreBelieved;

impl Rules for OldScreensAreBelieved {
    fn change(
        &self,
        current: &StayPlan,
        wanted: Wanted,
        by: ClinicianId,
        setting: &Setting<'_>,
    ) -> Result<Change, ChangeRefused> {
        let wanted = Wanted {
            replaces: current.care.version,
            ..wanted
        };
        change(current, wanted, by, 0, setting)
    }
}

struct OldProposalsLiveOn;

impl Rules for OldProposalsLiveOn {
    fn supersede(&self, proposal: &Proposal, version: u32, _: Timestamp) -> Proposal {
        Proposal {
            replaces: version,
            ..proposal.clone()
        }
    }
}

#[test]
fn every_planted_fault_is_caught() {
    let faults: [(&str, &dyn Rules); 6] = [
        ("one's own word is enough", &OwnWordIsEnough),
        ("nothing is unsafe", &NothingIsUnsafe),
        ("nobody reviews", &NobodyReviews),
        ("it falls back a day early", &FallsBackADayEarly),
        ("old screens are believed", &OldScreensAreBelieved),
        ("old proposals live on", &OldProposalsLiveOn),
    ];
    for (name, rules) in faults {
        assert!(walk(rules, 2_000, 1).is_err(), "{name}");
    }
}
