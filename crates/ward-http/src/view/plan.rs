//! Plans, from the ward's nouns to the treaty's and back.

mod rules;

use std::collections::BTreeSet;

use ward_core::care::{
    CarePlan, ContactSchedule, DiaryPlan, Mode, OxygenTarget, Schedule, Unstaffed,
};
use ward_core::id::ClinicianId;
use ward_core::plan::{Band, MonitoringPlan, Rules, Spo2Scale};
use ward_core::plan_change::{Origin, Proposal, ProposalState, StayPlan, Version};
use ward_core::safe_range::{Outside, Range, SafeLimits, SafeRange};
use ward_core::template::Template;
use ward_service::{PlanOf, WardDefaults, words};
use ward_text::Language;
use ward_wire::plan as wire;

use super::time;
use crate::extract::without_nul;

fn limits(limits: &MonitoringPlan) -> wire::Limits {
    wire::Limits {
        spo2_scale: match limits.spo2_scale {
            Spo2Scale::One => wire::Scale::One,
            Spo2Scale::Two => wire::Scale::Two,
        },
        red_at_or_below: limits.red_at_or_below,
        amber_at_or_below: limits.amber_at_or_below,
        recheck_red_seconds: limits.recheck_red_seconds,
        recheck_amber_seconds: limits.recheck_amber_seconds,
        rules: Some(rules::to_wire(&limits.rules)),
    }
}

/// What somebody wants values to be judged by.
pub(crate) const fn limits_of(limits: &wire::Limits) -> MonitoringPlan {
    MonitoringPlan {
        spo2_scale: match limits.spo2_scale {
            wire::Scale::One => Spo2Scale::One,
            wire::Scale::Two => Spo2Scale::Two,
        },
        red_at_or_below: limits.red_at_or_below,
        amber_at_or_below: limits.amber_at_or_below,
        recheck_red_seconds: limits.recheck_red_seconds,
        recheck_amber_seconds: limits.recheck_amber_seconds,
        rules: match (&limits.rules, limits.spo2_scale) {
            (Some(rules), _) => rules::of_wire(rules),
            (None, wire::Scale::One) => Rules::usual(),
            (None, wire::Scale::Two) => Rules::target_88_to_92(),
        },
    }
}

fn schedule(schedule: &Schedule) -> wire::Schedule {
    wire::Schedule {
        times: schedule.times.clone(),
        before_minutes: schedule.before_minutes,
        after_minutes: schedule.after_minutes,
    }
}

fn schedule_of(schedule: wire::Schedule) -> Schedule {
    Schedule {
        times: schedule.times,
        before_minutes: schedule.before_minutes,
        after_minutes: schedule.after_minutes,
    }
}

fn care(care: &CarePlan) -> wire::Care {
    wire::Care {
        mode: match care.mode {
            Mode::ActiveCalls => wire::Mode::ActiveCalls,
            Mode::TechnologyEnabled => wire::Mode::TechnologyEnabled,
            Mode::SelfEscalation => wire::Mode::SelfEscalation,
        },
        schedule: schedule(&care.schedule),
        diary: care.diary.as_ref().map(|diary| wire::Diary {
            questionnaire: diary.questionnaire.clone(),
            version: diary.version,
            schedule: schedule(&diary.schedule),
        }),
        contact: match &care.contact {
            ContactSchedule::Daily => wire::Contact::Daily,
            ContactSchedule::Days(days) => wire::Contact::Days(days.clone()),
            ContactSchedule::EveryDays(every) => wire::Contact::EveryDays(*every),
        },
        oxygen_target: care.oxygen_target.map(|target| wire::Target {
            from: target.from,
            to: target.to,
        }),
        unstaffed: match &care.unstaffed {
            Unstaffed::OnCall { name, phone } => wire::Unstaffed::OnCall {
                name: name.clone(),
                phone: phone.clone(),
            },
            Unstaffed::Advice111 => wire::Unstaffed::Advice111,
        },
        days: care.days,
        review_by: care.review_by,
    }
}

/// What somebody wants a plan to be, but for its limits.
pub(crate) fn care_of(care: wire::Care) -> CarePlan {
    CarePlan {
        version: 1,
        mode: match care.mode {
            wire::Mode::ActiveCalls => Mode::ActiveCalls,
            wire::Mode::TechnologyEnabled => Mode::TechnologyEnabled,
            wire::Mode::SelfEscalation => Mode::SelfEscalation,
        },
        schedule: schedule_of(care.schedule),
        diary: care.diary.map(|diary| DiaryPlan {
            questionnaire: without_nul(diary.questionnaire),
            version: diary.version,
            schedule: schedule_of(diary.schedule),
        }),
        contact: match care.contact {
            wire::Contact::Daily => ContactSchedule::Daily,
            wire::Contact::Days(days) => ContactSchedule::Days(days),
            wire::Contact::EveryDays(every) => ContactSchedule::EveryDays(every),
        },
        oxygen_target: care.oxygen_target.map(|target| OxygenTarget {
            from: target.from,
            to: target.to,
        }),
        unstaffed: match care.unstaffed {
            wire::Unstaffed::OnCall { name, phone } => Unstaffed::OnCall {
                name: without_nul(name),
                phone: without_nul(phone),
            },
            wire::Unstaffed::Advice111 => Unstaffed::Advice111,
        },
        days: care.days,
        review_by: care.review_by,
        review_missed: None,
        author: None,
        reason: String::new(),
        set_at: None,
    }
}

const fn range(range: Range) -> wire::Range {
    wire::Range {
        from: range.from,
        to: range.to,
    }
}

const fn range_of(range: wire::Range) -> Range {
    Range {
        from: range.from,
        to: range.to,
    }
}

fn safe_range(safe: &SafeRange) -> wire::SafeRange {
    let limits = |limits: SafeLimits| wire::SafeLimits {
        red_at_or_below: range(limits.red_at_or_below),
        amber_at_or_below: range(limits.amber_at_or_below),
    };
    wire::SafeRange {
        scale_one: limits(safe.scale_one),
        scale_two: limits(safe.scale_two),
        recheck_red_seconds: range(safe.recheck_red_seconds),
        recheck_amber_seconds: range(safe.recheck_amber_seconds),
    }
}

fn safe_range_of(safe: wire::SafeRange) -> SafeRange {
    let limits = |limits: wire::SafeLimits| SafeLimits {
        red_at_or_below: range_of(limits.red_at_or_below),
        amber_at_or_below: range_of(limits.amber_at_or_below),
    };
    SafeRange {
        scale_one: limits(safe.scale_one),
        scale_two: limits(safe.scale_two),
        recheck_red_seconds: range_of(safe.recheck_red_seconds),
        recheck_amber_seconds: range_of(safe.recheck_amber_seconds),
    }
}

pub(crate) fn defaults(ward: &ward_core::ward::Ward) -> wire::Defaults {
    wire::Defaults {
        limits: limits(&ward.default_plan),
        care: care(&ward.default_care),
        safe_range: safe_range(&ward.safe_range),
    }
}

pub(crate) fn defaults_of(defaults: wire::Defaults) -> WardDefaults {
    WardDefaults {
        limits: limits_of(&defaults.limits),
        care: care_of(defaults.care),
        safe_range: safe_range_of(defaults.safe_range),
    }
}

pub(crate) fn template(template: &Template) -> wire::TemplateView {
    wire::TemplateView {
        name: template.name.clone(),
        title: template.title.clone(),
        source: template.source.clone(),
        limits: limits(&template.limits),
        care: care(&template.care),
    }
}

pub(crate) fn version(version: &Version) -> wire::VersionView {
    let StayPlan {
        limits: of_values,
        care: rest,
    } = &version.plan;
    let (origin, review_missed, approved_by) = match version.origin {
        Origin::Admission => ("admission", None, None),
        Origin::Set => ("set", None, None),
        Origin::Approved { by, .. } => ("approved", None, Some(by.0)),
        Origin::FellBack { review_by } => ("fell_back", Some(review_by), None),
        Origin::ReviewOverdue { review_by } => ("review_overdue", Some(review_by), None),
    };
    wire::VersionView {
        version: rest.version,
        limits: limits(of_values),
        care: care(rest),
        origin: origin.to_owned(),
        review_missed,
        author: rest.author.map(|author| author.0),
        approved_by,
        reason: rest.reason.clone(),
        set_at: rest.set_at.map(time),
    }
}

pub(crate) fn proposal(proposal: &Proposal) -> wire::ProposalView {
    let (decided_by, decided_at, refusal) = match &proposal.state {
        ProposalState::Waiting => (None, None, None),
        ProposalState::Approved { by, at, .. } => (Some(by.0), Some(time(*at)), None),
        ProposalState::Rejected { by, at, reason } => {
            (Some(by.0), Some(time(*at)), Some(reason.clone()))
        }
        ProposalState::Superseded { at, .. } => (None, Some(time(*at)), None),
    };
    let outside = |outside: &Outside| wire::OutsideView {
        limit: outside.limit.clone(),
        given: outside.given,
        safe: range(outside.safe),
    };
    wire::ProposalView {
        number: proposal.number,
        state: proposal.state.name().to_owned(),
        replaces: proposal.replaces,
        limits: limits(&proposal.plan.limits),
        care: care(&proposal.plan.care),
        outside: proposal.outside.iter().map(outside).collect(),
        by: proposal.by.0,
        at: time(proposal.at),
        reason: proposal.plan.care.reason.clone(),
        decided_by,
        decided_at,
        refusal,
    }
}

/// The plan of a stay, without the names of the staff.
pub(crate) fn plan_of(plan: &PlanOf) -> wire::PlanReply {
    let StayPlan {
        limits: of_values,
        care: rest,
    } = &plan.version.plan;
    let of_bands = words::bands(of_values, &plan.ward.phone, Language::English);
    let waiting = plan
        .proposals
        .iter()
        .find(|it| it.state == ProposalState::Waiting);
    wire::PlanReply {
        in_force: version(&plan.version),
        waiting: waiting.map(proposal),
        words: of_bands
            .into_iter()
            .map(|words| wire::BandWords {
                band: match words.band {
                    Band::Green => "green",
                    Band::Amber => "amber",
                    Band::Red => "red",
                }
                .to_owned(),
                numbers: words.numbers,
                advice: words.advice,
            })
            .collect(),
        target_words: words::target(of_values, rest.oxygen_target, Language::English),
        guide: words::guide(Language::English),
        safe_range: safe_range(&plan.ward.safe_range),
        staff: std::collections::BTreeMap::new(),
    }
}

/// Everybody whom versions and proposals name.
pub(crate) fn people(versions: &[Version], proposals: &[Proposal]) -> BTreeSet<ClinicianId> {
    let mut people = BTreeSet::new();
    for version in versions {
        people.extend(version.plan.care.author);
        if let Origin::Approved { by, .. } = version.origin {
            people.insert(by);
        }
    }
    for proposal in proposals {
        people.insert(proposal.by);
        match &proposal.state {
            ProposalState::Approved { by, .. } | ProposalState::Rejected { by, .. } => {
                people.insert(*by);
            }
            ProposalState::Waiting | ProposalState::Superseded { .. } => {}
        }
    }
    people
}
