//! What stands round every page: whose it is, the ward's phone and hours, and the way to the other pages.

use ward_core::stay::Phase;
use ward_service::Home;
use ward_text::{Language, args};

use super::hours;
use super::person::Person;

/// What `home/layout.html` expects of every page, as `frame`.
pub(crate) struct Frame {
    pub(crate) language: Language,
    /// This page, to come back to from the choice of a language.
    pub(crate) here: String,
    /// Whose page it is; nobody's on the way in.
    pub(crate) person: Option<PersonFrame>,
}

/// The person in the frame, and their ward.
pub(crate) struct PersonFrame {
    /// `/home/…`, where their pages begin.
    pub(crate) base: String,
    pub(crate) name: String,
    pub(crate) carer: Option<String>,
    /// The device knows others too.
    pub(crate) several: bool,
    pub(crate) ward: String,
    pub(crate) phone: String,
    /// As a link dials it.
    pub(crate) dial: String,
    pub(crate) hours: Vec<String>,
    pub(crate) now: String,
    pub(crate) open: bool,
}

impl Frame {
    pub(crate) const fn of_nobody(language: Language, here: String) -> Self {
        Self {
            language,
            here,
            person: None,
        }
    }

    pub(crate) fn of(person: &Person, page: &str) -> Self {
        let (home, language) = (&person.home, person.language);
        Self {
            language,
            here: person.path(page),
            person: Some(PersonFrame {
                base: person.path(""),
                name: name(home),
                carer: home.carer.clone(),
                several: person.tokens.are_several(),
                ward: home.ward.name.clone(),
                phone: home.ward.phone.clone(),
                dial: dial(&home.ward.phone),
                hours: hours::lines(language, &home.ward.staffed),
                now: hours::now(language, home),
                open: home.watched().now && home.stay.phase == Phase::Active,
            }),
        }
    }

    /// A text that speaks of nothing.
    pub(crate) fn t(&self, id: &str) -> String {
        self.language.say(id, &args![])
    }

    /// A text that speaks of one thing.
    pub(crate) fn t1(&self, id: &str, name: &'static str, value: &str) -> String {
        let mut args = args![];
        args.set(name, value.to_owned());
        self.language.say(id, &args)
    }

    /// `en-GB`.
    pub(crate) const fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// `ltr` or `rtl`.
    pub(crate) const fn dir(&self) -> &'static str {
        self.language.direction().as_str()
    }

    pub(crate) fn is_draft(&self) -> bool {
        !self.language.is_approved()
    }
}

/// As people call each other, not as registers do.
pub(crate) fn name(home: &Home) -> String {
    format!("{} {}", home.patient.given_name, home.patient.family_name)
}

/// A phone number as a link dials it.
pub(crate) fn dial(phone: &str) -> String {
    let digits = |letter: &char| letter.is_ascii_digit() || *letter == '+';
    phone.chars().filter(digits).collect()
}
