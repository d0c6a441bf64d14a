//! The languages there are.

use fluent_bundle::FluentArgs;

use crate::bundles::Bundles;

/// A language that patients' texts are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// British English, the one that was approved first.
    #[default]
    English,
    /// Polish.
    Polish,
    /// Urdu, from right to left.
    Urdu,
}

/// Which way a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The value of `dir` in HTML.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// Those that a person may choose.
    pub const ALL: [Self; 3] = [Self::English, Self::Polish, Self::Urdu];

    /// Its BCP 47 tag, `en-GB`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Polish => "pl",
            Self::Urdu => "ur",
        }
    }

    /// The language of a tag: `pl-PL` is Polish.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        let wanted = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| {
            language
                .tag()
                .split('-')
                .next()
                .is_some_and(|own| own.eq_ignore_ascii_case(wanted))
        })
    }

    /// Its name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
            Self::Urdu => "اردو",
        }
    }

    /// Which way it is read.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Urdu => Direction::RightToLeft,
            Self::English | Self::Polish => Direction::LeftToRight,
        }
    }

    /// Whether a person has approved its texts as they are. What is not approved says so where it is read.
    #[must_use]
    pub const fn is_approved(self) -> bool {
        matches!(self, Self::English)
    }

    /// The text `id`; in English when this language lacks it.
    #[must_use]
    pub fn say(self, id: &str, args: &FluentArgs<'_>) -> String {
        Bundles::get().say(self, id, args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn a_text_is_said_in_the_language_that_is_asked_for() {
        let phone = args!["phone" => "01282 555 010"];
        for (language, word) in [
            (Language::English, "Ring"),
            (Language::Polish, "Zadzwoń"),
            (Language::Urdu, "فون"),
        ] {
            let said = language.say("home-ward-phone", &phone);
            assert!(
                said.contains(word) && said.contains("01282 555 010"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_language_is_known_by_its_tag() {
        assert_eq!(Language::of("en"), Some(Language::English));
        assert_eq!(Language::of("PL-pl"), Some(Language::Polish));
        assert_eq!(Language::of("fr"), None);
        for language in Language::ALL {
            assert_eq!(Language::of(language.tag()), Some(language));
        }
    }
}
