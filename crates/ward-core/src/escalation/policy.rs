//! Who is told when nobody takes an alert: a ward's own rules, checked before they count.

use serde::{Deserialize, Serialize};

use super::ChannelKind;
use super::ladder::Class;
use crate::id::ClinicianId;

/// Steps of one kind of alert at most.
pub const STEPS_AT_MOST: usize = 6;

/// Outside contacts of a ward at most.
pub const CONTACTS_AT_MOST: usize = 10;

/// The last step comes within a day.
const LATEST_STEP_S: u32 = 24 * 3600;

/// Nobody is to be told again sooner than this.
const LEAST_S: u32 = 5;

/// The first step for a red comes within this time, at the latest: DOMAIN's fifteen minutes for the whole ladder.
const RED_FIRST_WITHIN_S: u32 = 15 * 60;

/// Characters of a contact's name, and of where it is reached, at most.
const TEXT_AT_MOST: usize = 100;

/// Whom a step tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Target {
    /// Of the clinicians on duty, one who has not been told yet.
    NextClinician,
    /// Who leads the shift.
    Lead,
    /// Who is on call.
    OnCall,
    /// A named member of staff.
    Person {
        /// Who.
        clinician: ClinicianId,
    },
    /// The outside contacts of the ward, one after the other.
    PhoneTree,
}

impl Target {
    /// Its name, as it is written in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NextClinician => "next_clinician",
            Self::Lead => "lead",
            Self::OnCall => "on_call",
            Self::Person { .. } => "person",
            Self::PhoneTree => "phone_tree",
        }
    }
}

/// Whom a step tells, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Whom.
    pub to: Target,
    /// By what, the preferred first: the next is used when one does not get through. The consoles sound at every step.
    pub by: Vec<ChannelKind>,
}

impl Route {
    /// Whether it leads off the board.
    #[must_use]
    pub fn leads_outside(&self) -> bool {
        self.by.iter().any(|kind| *kind != ChannelKind::Console)
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// So long after it began to wait, in seconds.
    pub after_s: u32,
    /// While somebody watches the board.
    pub staffed: Route,
    /// While nobody does.
    pub unstaffed: Route,
}

/// The steps of one kind of alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// The earliest first.
    pub steps: Vec<Step>,
    /// After the last step it is taken again so often, in seconds.
    pub repeat_every_s: Option<u32>,
    /// Time counts only while the ward is staffed.
    pub staffed_hours_only: bool,
}

/// Somebody outside the ward who is told when nobody on it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideContact {
    /// What they are called.
    pub name: String,
    /// A telephone that takes text messages; empty: none.
    pub phone: String,
    /// An e-mail address; empty: none.
    pub email: String,
}

/// Who is told when nobody takes an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Red, confirmed or not, and red symptoms.
    pub red: Steps,
    /// Somebody asked for help.
    pub asked_for_help: Steps,
    /// Amber.
    pub amber: Steps,
    /// Low: a missed reading.
    pub low: Steps,
    /// The service itself, or the whole ward's kit.
    pub whole_ward: Steps,
    /// Outside contacts, the first to be told first.
    pub phone_tree: Vec<OutsideContact>,
}

/// Why a policy is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct PolicyRefused {
    /// The field: `red.2.after`.
    pub place: String,
    /// What to change.
    pub what: String,
}

impl PolicyRefused {
    fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }
}

/// The channels by which a person is reached wherever they are: the one that wakes people first.
pub const PERSONAL: [ChannelKind; 3] = [ChannelKind::Sms, ChannelKind::WebPush, ChannelKind::Email];

fn step(after_minutes: u32, staffed: Target, unstaffed: Target) -> Step {
    let route = |to| Route {
        to,
        by: PERSONAL.to_vec(),
    };
    Step {
        after_s: after_minutes * 60,
        staffed: route(staffed),
        unstaffed: route(unstaffed),
    }
}

impl Default for Policy {
    /// The default timers of a virtual ward, to be checked by each provider: red 5, 10 and 15 minutes and again every 5; asked for
    /// help 15 and 30; amber 30 and 60; low two hours of the staffed day and the next round; the whole ward's kit 5.
    fn default() -> Self {
        let steps = |steps: Vec<Step>, repeat_minutes: Option<u32>| Steps {
            steps,
            repeat_every_s: repeat_minutes.map(|minutes| minutes * 60),
            staffed_hours_only: false,
        };
        let on_board = |after_minutes: u32| {
            let route = Route {
                to: Target::NextClinician,
                by: vec![ChannelKind::Console],
            };
            Step {
                after_s: after_minutes * 60,
                staffed: route.clone(),
                unstaffed: route,
            }
        };
        Self {
            red: steps(
                vec![
                    step(5, Target::NextClinician, Target::OnCall),
                    step(10, Target::Lead, Target::OnCall),
                    step(15, Target::PhoneTree, Target::PhoneTree),
                ],
                Some(5),
            ),
            asked_for_help: steps(
                vec![
                    step(15, Target::NextClinician, Target::OnCall),
                    step(30, Target::Lead, Target::OnCall),
                ],
                None,
            ),
            amber: steps(
                vec![on_board(30), step(60, Target::Lead, Target::OnCall)],
                None,
            ),
            low: Steps {
                staffed_hours_only: true,
                ..steps(vec![on_board(120)], None)
            },
            whole_ward: steps(vec![step(5, Target::OnCall, Target::OnCall)], None),
            phone_tree: Vec::new(),
        }
    }
}

impl Policy {
    /// The steps of this kind of alert.
    #[must_use]
    pub const fn of(&self, class: Class) -> &Steps {
        match class {
            Class::Red => &self.red,
            Class::AskedForHelp => &self.asked_for_help,
            Class::Amber => &self.amber,
            Class::Low => &self.low,
            Class::WholeWard => &self.whole_ward,
        }
    }

    /// As [`Policy::of`], to be changed.
    #[must_use]
    pub const fn of_mut(&mut self, class: Class) -> &mut Steps {
        match class {
            Class::Red => &mut self.red,
            Class::AskedForHelp => &mut self.asked_for_help,
            Class::Amber => &mut self.amber,
            Class::Low => &mut self.low,
            Class::WholeWard => &mut self.whole_ward,
        }
    }

    /// This policy, when a ward can rely on it.
    ///
    /// # Errors
    /// [`PolicyRefused`] names the place and says what to change.
    pub fn checked(self) -> Result<Self, PolicyRefused> {
        for class in Class::ALL {
            check_steps(class, self.of(class))?;
        }
        let red = &self.red.steps;
        let first_outside = red.iter().find(|step| step.staffed.leads_outside());
        match first_outside {
            Some(step) if step.after_s <= RED_FIRST_WITHIN_S => {}
            Some(_) | None => {
                return Err(PolicyRefused::at(
                    "red.1.after",
                    "A red must reach a person beside the board within 15 minutes: give one of its steps a channel other than the console",
                ));
            }
        }
        if red.iter().all(|step| !step.unstaffed.leads_outside()) {
            return Err(PolicyRefused::at(
                "red.1.unstaffed",
                "Nobody watches the board out of hours: give a red a channel other than the console",
            ));
        }
        self.check_contacts()?;
        Ok(self)
    }

    fn check_contacts(&self) -> Result<(), PolicyRefused> {
        if self.phone_tree.len() > CONTACTS_AT_MOST {
            return Err(PolicyRefused::at(
                "contacts",
                format!("Enter {CONTACTS_AT_MOST} outside contacts at most"),
            ));
        }
        for (place, contact) in self.phone_tree.iter().enumerate() {
            let field = |name: &str| format!("contact.{}.{name}", place + 1);
            let too_long = |text: &str| text.chars().count() > TEXT_AT_MOST;
            if contact.name.trim().is_empty() || too_long(&contact.name) {
                let what = format!("Say who this contact is, in {TEXT_AT_MOST} characters at most");
                return Err(PolicyRefused::at(field("name"), what));
            }
            if contact.phone.trim().is_empty() && contact.email.trim().is_empty() {
                let what = "Enter a mobile number or an e-mail address of this contact";
                return Err(PolicyRefused::at(field("phone"), what));
            }
            if !contact.phone.trim().is_empty() && !is_phone(&contact.phone) {
                let what = "Enter a mobile number, for example 07700 900123 or +44 7700 900123";
                return Err(PolicyRefused::at(field("phone"), what));
            }
            if !contact.email.trim().is_empty() && !is_email(&contact.email) {
                let what = "Enter an e-mail address, for example on.call@example.nhs.uk";
                return Err(PolicyRefused::at(field("email"), what));
            }
        }
        Ok(())
    }
}

fn check_steps(class: Class, steps: &Steps) -> Result<(), PolicyRefused> {
    let name = class.name();
    if steps.steps.is_empty() {
        let what = "Give each kind of alert one step at least";
        return Err(PolicyRefused::at(format!("{name}.1.after"), what));
    }
    if steps.steps.len() > STEPS_AT_MOST {
        let what = format!("Give each kind of alert {STEPS_AT_MOST} steps at most");
        return Err(PolicyRefused::at(format!("{name}.1.after"), what));
    }
    let mut before = 0;
    for (place, step) in steps.steps.iter().enumerate() {
        let field = |what: &str| format!("{name}.{}.{what}", place + 1);
        if step.after_s < LEAST_S || step.after_s > LATEST_STEP_S {
            let what = "A step comes within 24 hours, and not at once";
            return Err(PolicyRefused::at(field("after"), what));
        }
        if step.after_s <= before {
            let what = "Each step comes later than the one before it";
            return Err(PolicyRefused::at(field("after"), what));
        }
        before = step.after_s;
        for (when, route) in [("staffed", &step.staffed), ("unstaffed", &step.unstaffed)] {
            let mut once = std::collections::BTreeSet::new();
            if route.by.is_empty() || route.by.iter().any(|kind| !once.insert(*kind)) {
                let what = "Choose one channel at least, each once";
                return Err(PolicyRefused::at(field(when), what));
            }
        }
    }
    match steps.repeat_every_s {
        Some(every) if !(LEAST_S..=LATEST_STEP_S).contains(&every) => Err(PolicyRefused::at(
            format!("{name}.repeat"),
            "Enter how often the last step is taken again: within 24 hours, and not at once",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Whether this can be a telephone that takes text messages.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = |letter: char| letter.is_ascii_digit() || " +()-".contains(letter);
    (9..=15).contains(&digits) && text.len() <= 30 && text.chars().all(fits)
}

/// Whether this can be an e-mail address: one that a header or a command cannot be smuggled in with.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._%+-'".contains(letter);
    let domain_fits = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    text.len() <= TEXT_AT_MOST
        && !name.is_empty()
        && name.chars().all(fits)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(domain_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Policy)) -> String {
        let mut policy = Policy::default();
        change(&mut policy);
        policy.checked().unwrap_err().place
    }

    #[test]
    fn the_default_is_the_table_of_the_guidance_and_can_be_relied_on() {
        let policy = Policy::default().checked().unwrap();
        let minutes = |class| {
            let steps = policy.of(class).steps.iter();
            steps.map(|step| step.after_s / 60).collect::<Vec<_>>()
        };
        assert_eq!(minutes(Class::Red), [5, 10, 15]);
        assert_eq!(policy.red.repeat_every_s, Some(300));
        assert_eq!(minutes(Class::AskedForHelp), [15, 30]);
        assert_eq!(minutes(Class::Amber), [30, 60]);
        assert_eq!(minutes(Class::Low), [120]);
        assert!(policy.low.staffed_hours_only);
        assert_eq!(minutes(Class::WholeWard), [5]);
    }

    #[test]
    fn what_cannot_be_relied_on_is_refused_with_its_place() {
        assert_eq!(refused(|it| it.red.steps.clear()), "red.1.after");
        assert_eq!(
            refused(|it| it.amber.steps[1].after_s = 60),
            "amber.2.after"
        );
        assert_eq!(refused(|it| it.low.steps[0].after_s = 0), "low.1.after");
        assert_eq!(
            refused(|it| it.low.steps[0].staffed.by.clear()),
            "low.1.staffed"
        );
        assert_eq!(refused(|it| it.red.repeat_every_s = Some(1)), "red.repeat");
        let crowd = |it: &mut Policy| {
            let step = it.whole_ward.steps[0].clone();
            it.whole_ward.steps = (1..=7)
                .map(|n| Step {
                    after_s: n * 60,
                    ..step.clone()
                })
                .collect();
        };
        assert_eq!(refused(crowd), "whole_ward.1.after");
    }

    #[test]
    fn a_red_always_leads_beside_the_board() {
        let console = vec![ChannelKind::Console];
        let by_day = |it: &mut Policy| {
            for step in &mut it.red.steps {
                step.staffed.by.clone_from(&console);
            }
        };
        assert_eq!(refused(by_day), "red.1.after");
        let by_night = |it: &mut Policy| {
            for step in &mut it.red.steps {
                step.unstaffed.by.clone_from(&console);
            }
        };
        assert_eq!(refused(by_night), "red.1.unstaffed");
        assert_eq!(
            refused(|it| it.red.steps = vec![Step {
                after_s: 16 * 60,
                ..it.red.steps[0].clone()
            }]),
            "red.1.after"
        );
    }

    #[test]
    fn an_outside_contact_can_be_reached() {
        let with = |name: &str, phone: &str, email: &str| Policy {
            phone_tree: vec![OutsideContact {
                name: name.to_owned(),
                phone: phone.to_owned(),
                email: email.to_owned(),
            }],
            ..Policy::default()
        };
        assert!(with("Bed manager", "07700 900123", "").checked().is_ok());
        assert!(
            with("Bed manager", "", "beds@example.nhs.uk")
                .checked()
                .is_ok()
        );
        for (name, phone, email, place) in [
            ("", "07700 900123", "", "contact.1.name"),
            ("Bed manager", "", "", "contact.1.phone"),
            ("Bed manager", "ext. 12", "", "contact.1.phone"),
            (
                "Bed manager",
                "",
                "beds@example.nhs.uk\r\nBcc: x@y.z",
                "contact.1.email",
            ),
            ("Bed manager", "", "beds", "contact.1.email"),
        ] {
            assert_eq!(with(name, phone, email).checked().unwrap_err().place, place);
        }
    }
}
