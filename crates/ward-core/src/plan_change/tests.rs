use jiff::civil::date;

use super::*;
use crate::care::OxygenTarget;
use crate::plan::Band;
use crate::story::{ASHA, BEN, EIGHT, Ward};
use crate::time::minutes;

const DAY: u64 = 24 * 60;

struct Desk {
    default: StayPlan,
    safe: SafeRange,
    zone: Zone,
    born: BirthDate,
}

impl Desk {
    fn new() -> Self {
        Self {
            default: StayPlan {
                limits: MonitoringPlan::scale_one(),
                care: CarePlan::default(),
            },
            safe: SafeRange::default(),
            zone: Zone::named("Europe/London").unwrap(),
            born: BirthDate(date(1948, 3, 9)),
        }
    }

    fn at(&self, now: Timestamp) -> Setting<'_> {
        Setting {
            birth_date: self.born,
            ward_default: &self.default.limits,
            safe: &self.safe,
            zone: &self.zone,
            now,
        }
    }
}

fn wanted(plan: &StayPlan, change: impl FnOnce(&mut Wanted)) -> Wanted {
    let mut wanted = Wanted {
        replaces: plan.care.version,
        limits: plan.limits.clone(),
        care: plan.care.clone(),
        reason: "her usual oxygen is lower".to_owned(),
    };
    change(&mut wanted);
    wanted
}

#[test]
fn a_change_within_the_safe_range_is_in_force_at_once_with_author_and_reason() {
    let desk = Desk::new();
    let wants = wanted(&desk.default, |it| {
        it.limits = MonitoringPlan::target_88_to_92();
        it.care.oxygen_target = Some(OxygenTarget { from: 88, to: 92 });
    });
    let done = change(&desk.default, wants, ASHA, 0, &desk.at(EIGHT)).unwrap();
    let Change::InForce(Version { plan, origin }) = done else {
        panic!("it waits");
    };
    assert_eq!(origin, Origin::Set);
    assert_eq!((plan.care.version, plan.care.author), (2, Some(ASHA)));
    assert_eq!(plan.care.set_at, Some(EIGHT));
    assert_eq!(plan.care.reason, "her usual oxygen is lower");
}

#[test]
fn a_limit_outside_waits_for_another_clinician() {
    let desk = Desk::new();
    let wants = wanted(&desk.default, |it| it.limits.red_at_or_below = 88);
    let done = change(&desk.default, wants, ASHA, 2, &desk.at(EIGHT)).unwrap();
    let Change::Waits(proposal) = done else {
        panic!("it is in force");
    };
    assert_eq!((proposal.number, proposal.replaces), (3, 1));
    assert_eq!(
        proposal.outside[0].to_string(),
        "red_at_or_below 88 (safe: 90 to 94)"
    );
    let own = approve(&proposal, &desk.default, ASHA, &desk.at(EIGHT));
    assert_eq!(own, Err(DecideRefused::NeedsAnother));
    let later = EIGHT.plus(minutes(30));
    let (approved, version) = approve(&proposal, &desk.default, BEN, &desk.at(later)).unwrap();
    assert_eq!(version.plan.care.author, Some(ASHA));
    assert_eq!(version.plan.care.set_at, Some(later));
    assert_eq!(
        version.origin,
        Origin::Approved {
            by: BEN,
            proposal: 3
        }
    );
    // Agreed to once: the same limits need nobody again.
    let again = wanted(&version.plan, |it| it.care.days = 10);
    let done = change(&version.plan, again, ASHA, 3, &desk.at(later)).unwrap();
    assert!(matches!(done, Change::InForce(_)));
    assert!(matches!(
        approve(&approved, &version.plan, BEN, &desk.at(later)),
        Err(DecideRefused::Over {
            state: "approved",
            ..
        })
    ));
}

#[test]
fn a_proposal_for_a_plan_that_has_changed_meanwhile_is_not_approved() {
    let desk = Desk::new();
    let outside = wanted(&desk.default, |it| it.limits.red_at_or_below = 88);
    let Ok(Change::Waits(proposal)) = change(&desk.default, outside, ASHA, 0, &desk.at(EIGHT))
    else {
        panic!("it does not wait");
    };
    let inside = wanted(&desk.default, |it| it.limits.red_at_or_below = 91);
    let Ok(Change::InForce(version)) = change(&desk.default, inside, BEN, 1, &desk.at(EIGHT))
    else {
        panic!("it waits");
    };
    let refused = approve(&proposal, &version.plan, BEN, &desk.at(EIGHT));
    assert!(
        matches!(refused, Err(DecideRefused::NoLonger(_))),
        "{refused:?}"
    );
    let over = superseded(&proposal, 2, EIGHT);
    assert!(matches!(
        reject(&over, ASHA, "too low", EIGHT),
        Err(DecideRefused::Over {
            state: "superseded",
            by: None,
            ..
        })
    ));
}

#[test]
fn who_saw_an_older_version_is_told_who_wrote_the_newer_one() {
    let desk = Desk::new();
    let wants = wanted(&desk.default, |it| it.care.days = 10);
    let Ok(Change::InForce(version)) =
        change(&desk.default, wants.clone(), ASHA, 0, &desk.at(EIGHT))
    else {
        panic!("it waits");
    };
    let refused = change(&version.plan, wants, BEN, 0, &desk.at(EIGHT));
    assert_eq!(
        refused,
        Err(ChangeRefused::ChangedSince {
            current: 2,
            at: EIGHT,
            by: Some(ASHA)
        })
    );
}

#[test]
fn a_change_without_a_reason_or_with_a_review_of_yesterday_is_refused() {
    let desk = Desk::new();
    let silent = wanted(&desk.default, |it| it.reason = "  ".to_owned());
    assert_eq!(
        change(&desk.default, silent, ASHA, 0, &desk.at(EIGHT)),
        Err(CareRefused::Reason.into())
    );
    let today = desk.zone.day_of(EIGHT);
    let on = |day| wanted(&desk.default, |it| it.care.review_by = Some(day));
    assert!(change(&desk.default, on(today), ASHA, 0, &desk.at(EIGHT)).is_ok());
    let yesterday = today.yesterday().unwrap();
    assert_eq!(
        change(&desk.default, on(yesterday), ASHA, 0, &desk.at(EIGHT)),
        Err(ChangeRefused::ReviewPassed(yesterday))
    );
}

#[test]
fn a_plan_falls_back_when_its_day_of_review_is_over_and_not_before() {
    let desk = Desk::new();
    let today = desk.zone.day_of(EIGHT);
    let wants = wanted(&desk.default, |it| {
        it.limits.red_at_or_below = 90;
        it.care.review_by = Some(today);
    });
    let Ok(Change::InForce(version)) = change(&desk.default, wants, ASHA, 0, &desk.at(EIGHT))
    else {
        panic!("it waits");
    };
    let midnight = desk.zone.start_of(today.tomorrow().unwrap());
    assert_eq!(review_due(&version.plan.care, &desk.zone), Some(midnight));
    let before = midnight.minus(std::time::Duration::from_millis(1));
    assert_eq!(
        review_passed(&version.plan, &desk.default, &desk.at(before)),
        None
    );
    let fallen = review_passed(&version.plan, &desk.default, &desk.at(midnight)).unwrap();
    assert_eq!(fallen.plan.limits, desk.default.limits);
    assert_eq!(
        (fallen.plan.care.version, fallen.plan.care.author),
        (3, None)
    );
    assert_eq!(fallen.origin, Origin::FellBack { review_by: today });
    assert_eq!(fallen.plan.care.review_missed, Some(today));
    // Somebody has looked: nothing was missed any more.
    let looked = wanted(&fallen.plan, |_| {});
    let done = change(&fallen.plan, looked, ASHA, 0, &desk.at(midnight)).unwrap();
    assert!(matches!(done, Change::InForce(it) if it.plan.care.review_missed.is_none()));
    assert_eq!(
        review_passed(&fallen.plan, &desk.default, &desk.at(midnight)),
        None
    );
}

#[test]
fn no_default_plan_is_for_a_child_not_even_when_a_review_is_forgotten() {
    let mut desk = Desk::new();
    let today = desk.zone.day_of(EIGHT);
    for (born, age) in [
        (date(2010, 11, 21), 16),
        (date(2010, 11, 22), 15),
        (date(2012, 2, 29), 14),
    ] {
        assert_eq!(age_on(BirthDate(born), date(2026, 11, 21)), age);
    }
    assert_eq!(age_on(BirthDate(date(2012, 2, 29)), date(2026, 3, 1)), 14);
    desk.born = BirthDate(date(2014, 1, 1));
    for limits in [
        MonitoringPlan::scale_one(),
        crate::template::named("frailty").unwrap().limits.clone(),
    ] {
        let wants = wanted(&desk.default, |it| it.limits = limits);
        let refused = change(&desk.default, wants, ASHA, 0, &desk.at(EIGHT));
        assert_eq!(refused, Err(TooYoung { age: 12 }.into()));
    }
    let wants = wanted(&desk.default, |it| {
        it.limits.red_at_or_below = 91;
        it.care.review_by = Some(today);
    });
    let Ok(Change::InForce(own)) = change(&desk.default, wants, ASHA, 0, &desk.at(EIGHT)) else {
        panic!("it waits");
    };
    let later = EIGHT.plus(minutes(2 * DAY));
    let overdue = review_passed(&own.plan, &desk.default, &desk.at(later)).unwrap();
    assert_eq!(overdue.plan.limits, own.plan.limits);
    assert_eq!(overdue.origin, Origin::ReviewOverdue { review_by: today });
    assert_eq!(
        review_passed(&overdue.plan, &desk.default, &desk.at(later)),
        None
    );
}

#[test]
fn what_was_judged_before_a_change_keeps_its_band_and_its_alert() {
    let before = Ward::new().reads(93.0);
    assert_eq!(before.state.trend[0].band, Band::Amber);
    let alert = before.oxygen().clone();
    let mut after = before;
    after.stay.plan = MonitoringPlan::target_88_to_92();
    assert_eq!(*after.oxygen(), alert);
    let after = after.after(minutes(10)).reads(93.0);
    let bands: Vec<Band> = after.state.trend.iter().map(|point| point.band).collect();
    assert_eq!(bands, [Band::Amber, Band::Green]);
    // Good by the new plan: the condition clears, the alert waits for a person.
    assert_eq!(after.oxygen().condition, Band::Green);
    assert!(after.oxygen().is_open());
}
