//! The ward's defaults as a form has them.

use jiff::civil::Time;
use serde::Deserialize;
use ward_core::care::{
    CarePlan, ContactSchedule, DiaryPlan, Mode, OxygenTarget, Schedule, Unstaffed,
};
use ward_core::plan::{MonitoringPlan, Spo2Scale};
use ward_core::safe_range::{Range, SafeLimits, SafeRange};
use ward_core::ward::Ward;
use ward_service::WardDefaults;

use super::when::typed_time;
use crate::extract::without_nul;
use crate::pages::form::FormErrors;
use crate::pages::rule_fields::RuleFields;

/// The fields; spans of time in minutes.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DefaultsForm {
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
    pub(super) contact: String,
    pub(super) contact_days: String,
    pub(super) unstaffed: String,
    pub(super) on_call_name: String,
    pub(super) on_call_phone: String,
    pub(super) days: String,
    pub(super) one_red_from: String,
    pub(super) one_red_to: String,
    pub(super) one_amber_from: String,
    pub(super) one_amber_to: String,
    pub(super) two_red_from: String,
    pub(super) two_red_to: String,
    pub(super) two_amber_from: String,
    pub(super) two_amber_to: String,
    pub(super) safe_recheck_red_from: String,
    pub(super) safe_recheck_red_to: String,
    pub(super) safe_recheck_amber_from: String,
    pub(super) safe_recheck_amber_to: String,
}

fn times_text(schedule: &Schedule) -> String {
    let times = schedule.times.iter();
    let times: Vec<String> = times.map(|at| at.strftime("%H:%M").to_string()).collect();
    times.join(", ")
}

/// Minutes, with a fraction where the seconds make no whole one.
fn minutes_text(seconds: u32) -> String {
    if seconds.is_multiple_of(60) {
        (seconds / 60).to_string()
    } else {
        format!("{}", f64::from(seconds) / 60.0)
    }
}

impl DefaultsForm {
    /// What is set.
    pub(super) fn of(ward: &Ward) -> Self {
        let (limits, care, safe) = (&ward.default_plan, &ward.default_care, &ward.safe_range);
        let (contact, contact_days) = match &care.contact {
            ContactSchedule::Daily => ("daily", String::new()),
            ContactSchedule::Days(days) => {
                let days: Vec<String> = days.iter().map(u16::to_string).collect();
                ("days", days.join(", "))
            }
            ContactSchedule::EveryDays(days) => ("every", days.to_string()),
        };
        let (unstaffed, on_call_name, on_call_phone) = match &care.unstaffed {
            Unstaffed::OnCall { name, phone } => ("on_call", name.clone(), phone.clone()),
            Unstaffed::Advice111 => ("advice", String::new(), String::new()),
        };
        let target = |end: fn(&OxygenTarget) -> u16| {
            let target = care.oxygen_target.as_ref();
            target.map_or_else(String::new, |target| end(target).to_string())
        };
        let diary = care.diary.as_ref();
        Self {
            scale: match limits.spo2_scale {
                Spo2Scale::One => "one",
                Spo2Scale::Two => "two",
            }
            .to_owned(),
            red: limits.red_at_or_below.to_string(),
            amber: limits.amber_at_or_below.to_string(),
            recheck_red: minutes_text(limits.recheck_red_seconds),
            recheck_amber: minutes_text(limits.recheck_amber_seconds),
            rules: RuleFields::of(&limits.rules),
            target_from: target(|target| target.from),
            target_to: target(|target| target.to),
            mode: match care.mode {
                Mode::ActiveCalls => "active_calls",
                Mode::TechnologyEnabled => "technology_enabled",
                Mode::SelfEscalation => "self_escalation",
            }
            .to_owned(),
            times: times_text(&care.schedule),
            before: care.schedule.before_minutes.to_string(),
            after: care.schedule.after_minutes.to_string(),
            diary: diary.map_or_else(String::new, |diary| {
                format!("{}/{}", diary.questionnaire, diary.version)
            }),
            diary_times: diary.map_or_else(String::new, |diary| times_text(&diary.schedule)),
            contact: contact.to_owned(),
            contact_days,
            unstaffed: unstaffed.to_owned(),
            on_call_name,
            on_call_phone,
            days: care.days.to_string(),
            one_red_from: safe.scale_one.red_at_or_below.from.to_string(),
            one_red_to: safe.scale_one.red_at_or_below.to.to_string(),
            one_amber_from: safe.scale_one.amber_at_or_below.from.to_string(),
            one_amber_to: safe.scale_one.amber_at_or_below.to.to_string(),
            two_red_from: safe.scale_two.red_at_or_below.from.to_string(),
            two_red_to: safe.scale_two.red_at_or_below.to.to_string(),
            two_amber_from: safe.scale_two.amber_at_or_below.from.to_string(),
            two_amber_to: safe.scale_two.amber_at_or_below.to.to_string(),
            safe_recheck_red_from: minutes_text(safe.recheck_red_seconds.from),
            safe_recheck_red_to: minutes_text(safe.recheck_red_seconds.to),
            safe_recheck_amber_from: minutes_text(safe.recheck_amber_seconds.from),
            safe_recheck_amber_to: minutes_text(safe.recheck_amber_seconds.to),
        }
    }

    /// What is wanted, if every field can be read. What a clinician's form does not show of the safe range stays.
    pub(super) fn defaults(&self, ward: &Ward) -> Result<WardDefaults, FormErrors> {
        let mut read = Reader::default();
        let spo2_scale = if self.scale == "two" {
            Spo2Scale::Two
        } else {
            Spo2Scale::One
        };
        let limits = MonitoringPlan {
            spo2_scale,
            rules: self.rules.read(&mut read.errors, ward.default_plan.rules),
            red_at_or_below: read.whole("red", &self.red),
            amber_at_or_below: read.whole("amber", &self.amber),
            recheck_red_seconds: read.seconds("recheck_red", &self.recheck_red),
            recheck_amber_seconds: read.seconds("recheck_amber", &self.recheck_amber),
        };
        let care = self.care(&mut read, ward);
        let safe_range = if self.one_red_from.is_empty() {
            ward.safe_range
        } else {
            self.safe_range(&mut read)
        };
        if read.errors.is_empty() {
            Ok(WardDefaults {
                limits,
                care,
                safe_range,
            })
        } else {
            Err(read.errors)
        }
    }

    fn care(&self, read: &mut Reader, ward: &Ward) -> CarePlan {
        let schedule = Schedule {
            times: read.times("times", &self.times),
            before_minutes: read.whole("before", &self.before),
            after_minutes: read.whole("after", &self.after),
        };
        // How long before and after its time a diary is taken is not asked for here: it stays as it is.
        let known = ward.default_care.diary.as_ref();
        let window = known.map_or(&schedule, |diary| &diary.schedule).clone();
        let diary = self.diary.split_once('/').map(|(name, version)| DiaryPlan {
            questionnaire: without_nul(name.to_owned()),
            version: read.whole("diary", version),
            schedule: Schedule {
                times: read.times("diary_times", &self.diary_times),
                ..window
            },
        });
        let contact = match self.contact.as_str() {
            "days" => ContactSchedule::Days(read.list("contact_days", &self.contact_days)),
            "every" => ContactSchedule::EveryDays(read.whole("contact_days", &self.contact_days)),
            _ => ContactSchedule::Daily,
        };
        let has_target = !self.target_from.is_empty() || !self.target_to.is_empty();
        CarePlan {
            mode: match self.mode.as_str() {
                "technology_enabled" => Mode::TechnologyEnabled,
                "self_escalation" => Mode::SelfEscalation,
                _ => Mode::ActiveCalls,
            },
            schedule,
            diary,
            contact,
            oxygen_target: has_target.then(|| OxygenTarget {
                from: read.whole("target_from", &self.target_from),
                to: read.whole("target_to", &self.target_to),
            }),
            unstaffed: if self.unstaffed == "on_call" {
                Unstaffed::OnCall {
                    name: without_nul(self.on_call_name.trim().to_owned()),
                    phone: without_nul(self.on_call_phone.trim().to_owned()),
                }
            } else {
                Unstaffed::Advice111
            },
            days: read.whole("days", &self.days),
            ..ward.default_care.clone()
        }
    }

    fn safe_range(&self, read: &mut Reader) -> SafeRange {
        let mut range = |field, from: &str, to: &str| Range {
            from: read.whole(field, from),
            to: read.whole(field, to),
        };
        let scale_one = SafeLimits {
            red_at_or_below: range("one_red_from", &self.one_red_from, &self.one_red_to),
            amber_at_or_below: range("one_amber_from", &self.one_amber_from, &self.one_amber_to),
        };
        let scale_two = SafeLimits {
            red_at_or_below: range("two_red_from", &self.two_red_from, &self.two_red_to),
            amber_at_or_below: range("two_amber_from", &self.two_amber_from, &self.two_amber_to),
        };
        let mut span = |field, from: &str, to: &str| Range {
            from: read.seconds(field, from),
            to: read.seconds(field, to),
        };
        SafeRange {
            scale_one,
            scale_two,
            recheck_red_seconds: span(
                "safe_recheck_red_from",
                &self.safe_recheck_red_from,
                &self.safe_recheck_red_to,
            ),
            recheck_amber_seconds: span(
                "safe_recheck_amber_from",
                &self.safe_recheck_amber_from,
                &self.safe_recheck_amber_to,
            ),
        }
    }
}

/// Reads fields and notes those that cannot be read; what it answers for one of these is not used.
#[derive(Default)]
struct Reader {
    errors: FormErrors,
}

impl Reader {
    fn whole<T: std::str::FromStr + Default>(&mut self, field: &'static str, text: &str) -> T {
        text.trim().parse().unwrap_or_else(|_| {
            self.errors.add(field, "Enter a whole number");
            T::default()
        })
    }

    fn seconds(&mut self, field: &'static str, text: &str) -> u32 {
        let minutes: Option<f64> = text.trim().parse().ok();
        let seconds = minutes.map(|minutes| (minutes * 60.0).round());
        let seconds = seconds.filter(|seconds| (1.0..=86_400.0).contains(seconds));
        // In range and whole, so its text is one of a whole number.
        let seconds = seconds.and_then(|seconds| format!("{seconds:.0}").parse().ok());
        seconds.unwrap_or_else(|| {
            self.errors.add(field, "Enter minutes, for example 5");
            0
        })
    }

    fn list(&mut self, field: &'static str, text: &str) -> Vec<u16> {
        let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
        let days: Result<Vec<u16>, _> = parts.map(str::parse).collect();
        days.unwrap_or_else(|_| {
            self.errors
                .add(field, "Enter days with commas, for example 2, 5, 7");
            Vec::new()
        })
    }

    fn times(&mut self, field: &'static str, text: &str) -> Vec<Time> {
        let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
        let times: Option<Vec<Time>> = parts.map(typed_time).collect();
        times.unwrap_or_else(|| {
            self.errors
                .add(field, "Enter times with commas, for example 08:00, 13:00");
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::id::{OrganisationId, WardId};

    fn ward() -> Ward {
        Ward {
            organisation: OrganisationId(uuid::Uuid::nil()),
            id: WardId(uuid::Uuid::nil()),
            code: "PEN".parse().unwrap(),
            name: "Pennine".to_owned(),
            phone: "01282 555 000".to_owned(),
            time_zone: "Europe/London".to_owned(),
            default_plan: MonitoringPlan::scale_one(),
            staffed: ward_core::day::StaffedHours::default(),
            default_care: CarePlan::default(),
            safe_range: SafeRange::default(),
        }
    }

    #[test]
    fn a_form_that_is_sent_back_as_it_came_changes_nothing() {
        let ward = ward();
        let defaults = DefaultsForm::of(&ward).defaults(&ward).unwrap();
        assert_eq!(defaults.limits, ward.default_plan);
        assert_eq!(defaults.care, ward.default_care);
        assert_eq!(defaults.safe_range, ward.safe_range);
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let ward = ward();
        let form = DefaultsForm {
            red: "low".to_owned(),
            times: "8, noon".to_owned(),
            recheck_red: "soon".to_owned(),
            ..DefaultsForm::of(&ward)
        };
        let errors = form.defaults(&ward).err().unwrap();
        for field in ["red", "times", "recheck_red"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }
}
