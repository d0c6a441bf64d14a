//! A plan as fields of a form, both ways.

use jiff::civil::Time;
use serde::Deserialize;
use ward_core::care::{
    CarePlan, ContactSchedule, DiaryPlan, Mode, OxygenTarget, Schedule, Unstaffed,
};
use ward_core::plan::{MonitoringPlan, Rules, Spo2Scale};

use crate::extract::without_nul;
use crate::pages::form::FormErrors;
use crate::pages::patient::words::wire_name;
use crate::pages::rule_fields::RuleFields;

/// The fields, as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlanFields {
    pub(super) replaces: u32,
    pub(super) scale: String,
    pub(super) red: String,
    pub(super) amber: String,
    pub(super) recheck_red: String,
    pub(super) recheck_amber: String,
    #[serde(flatten)]
    pub(super) rules: RuleFields,
    pub(super) target_from: String,
    pub(super) target_to: String,
    pub(super) mode: String,
    pub(super) times: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) diary: String,
    pub(super) diary_times: String,
    pub(super) diary_before: String,
    pub(super) diary_after: String,
    pub(super) contact: String,
    pub(super) contact_days: String,
    pub(super) contact_every: String,
    pub(super) unstaffed: String,
    pub(super) on_call_name: String,
    pub(super) on_call_phone: String,
    pub(super) days: String,
    pub(super) review_by: String,
    pub(super) reason: String,
    /// Which button was pressed: `what_if` sets nothing.
    pub(super) ask: String,
}

impl PlanFields {
    pub(super) fn of(limits: &MonitoringPlan, care: &CarePlan) -> Self {
        let diary = care.diary.as_ref();
        let asked = diary.map(|diary| &diary.schedule);
        let (contact, days, every) = match &care.contact {
            ContactSchedule::Daily => ("daily", String::new(), String::new()),
            ContactSchedule::Days(days) => ("days", list(days), String::new()),
            ContactSchedule::EveryDays(every) => ("every", String::new(), every.to_string()),
        };
        let (unstaffed, name, phone) = match &care.unstaffed {
            Unstaffed::OnCall { name, phone } => ("on_call", name.clone(), phone.clone()),
            Unstaffed::Advice111 => ("advice_111", String::new(), String::new()),
        };
        Self {
            replaces: care.version,
            scale: match limits.spo2_scale {
                Spo2Scale::One => "1",
                Spo2Scale::Two => "2",
            }
            .to_owned(),
            red: limits.red_at_or_below.to_string(),
            amber: limits.amber_at_or_below.to_string(),
            recheck_red: limits.recheck_red_seconds.to_string(),
            recheck_amber: limits.recheck_amber_seconds.to_string(),
            rules: RuleFields::of(&limits.rules),
            target_from: care
                .oxygen_target
                .map(|it| it.from.to_string())
                .unwrap_or_default(),
            target_to: care
                .oxygen_target
                .map(|it| it.to.to_string())
                .unwrap_or_default(),
            mode: wire_name(&care.mode),
            times: times(&care.schedule),
            before: care.schedule.before_minutes.to_string(),
            after: care.schedule.after_minutes.to_string(),
            diary: diary
                .map(|it| format!("{}|{}", it.questionnaire, it.version))
                .unwrap_or_default(),
            diary_times: asked.map(times).unwrap_or_default(),
            diary_before: asked
                .map_or_else(|| "120".to_owned(), |it| it.before_minutes.to_string()),
            diary_after: asked.map_or_else(|| "120".to_owned(), |it| it.after_minutes.to_string()),
            contact: contact.to_owned(),
            contact_days: days,
            contact_every: every,
            unstaffed: unstaffed.to_owned(),
            on_call_name: name,
            on_call_phone: phone,
            days: care.days.to_string(),
            review_by: care
                .review_by
                .map(|day| day.to_string())
                .unwrap_or_default(),
            reason: String::new(),
            ask: String::new(),
        }
    }

    /// The plan that the fields make; what is no number, no time or no day is said at its field.
    pub(super) fn read(&self, errors: &mut FormErrors) -> Option<(MonitoringPlan, CarePlan)> {
        let spo2_scale = if self.scale == "2" {
            Spo2Scale::Two
        } else {
            Spo2Scale::One
        };
        let rules = self.rules.read(errors, Rules::for_scale(spo2_scale));
        let mut field = Reading(errors);
        let limits = MonitoringPlan {
            spo2_scale,
            rules,
            red_at_or_below: field.number("red", "Red", &self.red),
            amber_at_or_below: field.number("amber", "Amber", &self.amber),
            recheck_red_seconds: field.number("recheck_red", "Recheck of a red", &self.recheck_red),
            recheck_amber_seconds: field.number(
                "recheck_amber",
                "Recheck of an amber",
                &self.recheck_amber,
            ),
        };
        let no_target = self.target_from.trim().is_empty() && self.target_to.trim().is_empty();
        let oxygen_target = (!no_target).then(|| OxygenTarget {
            from: field.number("target_from", "Target from", &self.target_from),
            to: field.number("target_to", "Target to", &self.target_to),
        });
        let schedule = Schedule {
            times: field.times("times", "Reading times", &self.times),
            before_minutes: field.number("before", "Minutes before", &self.before),
            after_minutes: field.number("after", "Minutes after", &self.after),
        };
        let diary = self.diary.split_once('|').map(|(name, version)| DiaryPlan {
            questionnaire: without_nul(name.to_owned()),
            version: field.number("diary", "The diary’s version", version),
            schedule: Schedule {
                times: field.times("diary_times", "Diary times", &self.diary_times),
                before_minutes: field.number(
                    "diary_before",
                    "Minutes before the diary",
                    &self.diary_before,
                ),
                after_minutes: field.number(
                    "diary_after",
                    "Minutes after the diary",
                    &self.diary_after,
                ),
            },
        });
        let contact = match self.contact.as_str() {
            "days" => {
                ContactSchedule::Days(field.numbers("contact_days", "Days", &self.contact_days))
            }
            "every" => ContactSchedule::EveryDays(field.number(
                "contact_every",
                "Every so many days",
                &self.contact_every,
            )),
            _ => ContactSchedule::Daily,
        };
        let unstaffed = if self.unstaffed == "on_call" {
            Unstaffed::OnCall {
                name: without_nul(self.on_call_name.trim().to_owned()),
                phone: without_nul(self.on_call_phone.trim().to_owned()),
            }
        } else {
            Unstaffed::Advice111
        };
        let review_by = field.day("review_by", &self.review_by);
        let care = CarePlan {
            version: self.replaces,
            mode: match self.mode.as_str() {
                "technology_enabled" => Mode::TechnologyEnabled,
                "self_escalation" => Mode::SelfEscalation,
                _ => Mode::ActiveCalls,
            },
            schedule,
            diary,
            contact,
            oxygen_target,
            unstaffed,
            days: field.number("days", "Days of the stay", &self.days),
            review_by,
            review_missed: None,
            author: None,
            reason: String::new(),
            set_at: None,
        };
        errors.is_empty().then_some((limits, care))
    }
}

/// Takes texts for what they should be, and notes those that are not.
struct Reading<'a>(&'a mut FormErrors);

impl Reading<'_> {
    fn number<T: std::str::FromStr + Default>(
        &mut self,
        field: &'static str,
        name: &str,
        text: &str,
    ) -> T {
        let number = text.trim().parse();
        number.unwrap_or_else(|_| {
            self.0.add(field, format!("{name}: enter a whole number"));
            T::default()
        })
    }

    fn numbers(&mut self, field: &'static str, name: &str, text: &str) -> Vec<u16> {
        let numbers: Option<Vec<u16>> = parts(text).map(|part| part.parse().ok()).collect();
        numbers.unwrap_or_else(|| {
            self.0.add(
                field,
                format!("{name}: enter whole numbers, for example 2, 5, 7"),
            );
            Vec::new()
        })
    }

    fn times(&mut self, field: &'static str, name: &str, text: &str) -> Vec<Time> {
        let times: Option<Vec<Time>> = parts(text)
            .map(|part| Time::strptime("%H:%M", part).ok())
            .collect();
        times.unwrap_or_else(|| {
            self.0.add(
                field,
                format!("{name}: enter times with 24 hours, for example 08:00, 13:00"),
            );
            Vec::new()
        })
    }

    fn day(&mut self, field: &'static str, text: &str) -> Option<jiff::civil::Date> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            self.0
                .add(field, "Review by: enter a day, for example 2026-12-31");
        }
        day
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn times(schedule: &Schedule) -> String {
    let times: Vec<String> = schedule
        .times
        .iter()
        .map(|time| time.strftime("%H:%M").to_string())
        .collect();
    times.join(", ")
}

fn list(numbers: &[u16]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::template;

    #[test]
    fn every_template_survives_its_way_through_the_form() {
        for template in template::all() {
            let mut errors = FormErrors::default();
            let read = PlanFields::of(&template.limits, &template.care).read(&mut errors);
            let (limits, care) = read.unwrap();
            assert_eq!(limits, template.limits, "{}", template.name);
            let expected = CarePlan {
                author: None,
                reason: String::new(),
                set_at: None,
                review_missed: None,
                ..template.care.clone()
            };
            assert_eq!(care, expected, "{}", template.name);
        }
    }

    #[test]
    fn what_is_no_number_no_time_and_no_day_is_said_at_its_field() {
        let mut errors = FormErrors::default();
        let fields = PlanFields {
            red: "ninety".to_owned(),
            times: "8.00 Uhr".to_owned(),
            review_by: "soon".to_owned(),
            ..PlanFields::of(&MonitoringPlan::scale_one(), &CarePlan::default())
        };
        assert!(fields.read(&mut errors).is_none());
        for field in ["red", "times", "review_by"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        assert_eq!(errors.iter().count(), 3);
    }
}
