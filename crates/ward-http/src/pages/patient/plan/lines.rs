//! A plan in words, line by line.

use ward_core::care::{ContactSchedule, Mode, Schedule, Unstaffed};
use ward_core::plan::Spo2Scale;
use ward_core::plan_change::StayPlan;

use crate::pages::patient::words::on_screen;
use crate::pages::rule_fields;

/// A line of a plan, and what it was before where it has changed.
pub(in crate::pages::patient) struct Fact {
    pub(in crate::pages::patient) name: &'static str,
    pub(in crate::pages::patient) said: String,
    pub(in crate::pages::patient) was: Option<String>,
}

/// A limit outside the ward's safe range, as a sentence.
pub(in crate::pages::patient) fn outside(outside: &ward_core::safe_range::Outside) -> String {
    let name = match outside.limit.as_str() {
        "red_at_or_below" => "Red at or below",
        "amber_at_or_below" => "Amber at or below",
        "recheck_red_seconds" => "Recheck of a red, in seconds",
        "recheck_amber_seconds" => "Recheck of an amber, in seconds",
        other => other,
    };
    format!(
        "{name} {}: the ward’s safe range is {} to {}",
        outside.given, outside.safe.from, outside.safe.to
    )
}

/// A plan line by line; with `earlier`, what each line was where it has changed.
pub(in crate::pages::patient) fn facts(plan: &StayPlan, earlier: Option<&StayPlan>) -> Vec<Fact> {
    let before = earlier.map(lines);
    lines(plan)
        .into_iter()
        .enumerate()
        .map(|(place, (name, said))| {
            let was = before.as_ref().and_then(|before| before.get(place));
            let was = was.map(|(_, was)| was.clone()).filter(|was| *was != said);
            Fact { name, said, was }
        })
        .collect()
}

pub(in crate::pages::patient) fn lines(plan: &StayPlan) -> Vec<(&'static str, String)> {
    let (limits, care) = (&plan.limits, &plan.care);
    let scale = match limits.spo2_scale {
        Spo2Scale::One => "1",
        Spo2Scale::Two => "2 (for a prescribed target)",
    };
    let target = care.oxygen_target.map_or_else(
        || "None".to_owned(),
        |target| format!("{}–{} %", target.from, target.to),
    );
    let mode = match care.mode {
        Mode::ActiveCalls => "The ward rings",
        Mode::TechnologyEnabled => "Readings come by themselves; the ward rings when it must",
        Mode::SelfEscalation => "The patient rings when something is wrong",
    };
    let diary = care.diary.as_ref().map_or_else(
        || "None".to_owned(),
        |diary| {
            format!(
                "{}, version {}, at {}",
                diary.questionnaire,
                diary.version,
                times(&diary.schedule)
            )
        },
    );
    let contact = match &care.contact {
        ContactSchedule::Daily => "Every day".to_owned(),
        ContactSchedule::Days(days) => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            format!("On days {}", days.join(", "))
        }
        ContactSchedule::EveryDays(every) => format!("Every {every} days"),
    };
    let unstaffed = match &care.unstaffed {
        Unstaffed::OnCall { name, phone } => format!("{name}, {phone}"),
        Unstaffed::Advice111 => "Nobody: the patient is told to use 111 and 999".to_owned(),
    };
    let mut lines = vec![
        ("Red", format!("{} % and under", limits.red_at_or_below)),
        ("Amber", format!("{} % and under", limits.amber_at_or_below)),
        ("NEWS2 SpO₂ scale", scale.to_owned()),
        ("Oxygen target", target),
        (
            "Recheck of a red within",
            minutes(limits.recheck_red_seconds),
        ),
        (
            "Recheck of an amber within",
            minutes(limits.recheck_amber_seconds),
        ),
        ("How it works", mode.to_owned()),
        ("Readings at", times(&care.schedule)),
        ("Diary", diary),
        ("The ward rings", contact),
        ("A red out of hours goes to", unstaffed),
        ("Planned stay", format!("{} days", care.days)),
        (
            "Review by",
            care.review_by
                .map_or_else(|| "No date".to_owned(), on_screen),
        ),
    ];
    lines.extend(rule_fields::lines(&limits.rules));
    lines
}

fn times(schedule: &Schedule) -> String {
    if schedule.times.is_empty() {
        return "no set times".to_owned();
    }
    let times: Vec<String> = schedule
        .times
        .iter()
        .map(|time| time.strftime("%H:%M").to_string())
        .collect();
    let (before, after) = (schedule.before_minutes, schedule.after_minutes);
    format!(
        "{} (from {before} min before to {after} min after)",
        times.join(", ")
    )
}

fn minutes(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => format!("{minutes} min"),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}
