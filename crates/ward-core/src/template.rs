//! The pathways' plans, as data: files that a clinician can read, each with where its numbers come from.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::care::CarePlan;
use crate::plan::MonitoringPlan;

/// A plan that a pathway begins with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Small letters and hyphens; stays the same when the title changes.
    pub name: String,
    /// As staff call the pathway.
    pub title: String,
    /// Where the numbers come from, and which of them a ward must check.
    pub source: String,
    /// What values are judged by.
    pub limits: MonitoringPlan,
    /// Everything else.
    pub care: CarePlan,
}

/// The files, by name.
const FILES: [(&str, &str); 4] = [
    (
        "covid-oximetry-at-home",
        include_str!("../templates/covid-oximetry-at-home.toml"),
    ),
    (
        "covid-virtual-ward",
        include_str!("../templates/covid-virtual-ward.toml"),
    ),
    (
        "acute-respiratory-infection",
        include_str!("../templates/acute-respiratory-infection.toml"),
    ),
    ("frailty", include_str!("../templates/frailty.toml")),
];

/// A test holds every file to be one that can be read.
static ALL: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let read = FILES.iter().map(|(_, text)| toml::from_str(text));
    read.filter_map(Result::ok).collect()
});

/// Every template, in the order in which they are offered.
#[must_use]
pub fn all() -> &'static [Template] {
    &ALL
}

/// The template of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Template> {
    all().iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::ContactSchedule;
    use crate::safe_range::SafeRange;

    #[test]
    fn every_file_can_be_read_and_worked_by() {
        for (name, text) in FILES {
            let template: Template =
                toml::from_str(text).unwrap_or_else(|why| panic!("{name}: {why}"));
            assert_eq!(template.name, name);
            assert!(!template.title.is_empty() && !template.source.is_empty());
            let limits = template.limits.clone().checked().unwrap();
            template.care.clone().checked(&limits).unwrap();
            assert_eq!(SafeRange::default().outside(&limits), [], "{name}");
            assert_eq!(template.care.author, None, "{name}");
        }
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn oximetry_at_home_is_the_procedures() {
        let template = named("covid-oximetry-at-home").unwrap();
        assert_eq!(template.limits, MonitoringPlan::scale_one());
        assert_eq!(template.care.schedule.times.len(), 3);
        assert_eq!(
            template.care.contact,
            ContactSchedule::Days(vec![2, 5, 7, 10, 12])
        );
        assert_eq!(template.care.days, 14);
        let ward = named("covid-virtual-ward").unwrap();
        assert_eq!(ward.care.contact, ContactSchedule::Daily);
    }

    #[test]
    fn a_misspelt_field_is_not_passed_over() {
        let (_, text) = FILES[0];
        let wrong = text.replace("red_at_or_below", "red_at_or_under");
        assert!(toml::from_str::<Template>(&wrong).is_err());
    }
}
