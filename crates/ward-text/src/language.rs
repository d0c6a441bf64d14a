//! The languages there are.

use fluent_bundle::FluentArgs;

use crate::approval;
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
    /// English in disguise, long and with accents: what is not in disguise does not come from the message files.
    Pseudo,
    /// The same from right to left.
    PseudoRightToLeft,
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

    /// For trying the pages out: nobody is offered them.
    pub const PSEUDO: [Self; 2] = [Self::Pseudo, Self::PseudoRightToLeft];

    /// Its BCP 47 tag, `en-GB`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Polish => "pl",
            Self::Urdu => "ur",
            Self::Pseudo => "en-XA",
            Self::PseudoRightToLeft => "ar-XB",
        }
    }

    /// The language of a tag: `pl-PL` is Polish. Those for trying out are known by the whole tag only.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        let pseudo = Self::PSEUDO
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(tag));
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
        pseudo.or_else(|| {
            Self::ALL
                .into_iter()
                .find(|language| primary(language.tag()) == primary(tag))
        })
    }

    /// The language that a record names, by a tag or by a word: `ur`, `Urdu`, `اردو`.
    #[must_use]
    pub fn named(record: &str) -> Option<Self> {
        let record = record.trim();
        let by_name = Self::ALL.into_iter().find(|language| {
            let names = [language.own_name(), language.english_name()];
            names
                .iter()
                .any(|name| name.to_lowercase() == record.to_lowercase())
        });
        by_name.or_else(|| Self::of(record))
    }

    /// Its name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
            Self::Urdu => "اردو",
            Self::Pseudo => "Ƥşḗŭḓǿ",
            Self::PseudoRightToLeft => "oduesP",
        }
    }

    /// Its name for staff.
    #[must_use]
    pub const fn english_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polish",
            Self::Urdu => "Urdu",
            Self::Pseudo => "Pseudo",
            Self::PseudoRightToLeft => "Pseudo, from right to left",
        }
    }

    /// Which way it is read.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Urdu | Self::PseudoRightToLeft => Direction::RightToLeft,
            Self::English | Self::Polish | Self::Pseudo => Direction::LeftToRight,
        }
    }

    /// Whether a person has approved its texts as they are now. What is not approved says so where it is read, and the
    /// English stands beside it. English itself stands beside nothing: a test holds that its approval is of today's texts.
    #[must_use]
    pub fn is_approved(self) -> bool {
        match self {
            Self::English | Self::Pseudo | Self::PseudoRightToLeft => true,
            Self::Polish | Self::Urdu => approval::is_current(self),
        }
    }

    /// The text `id`; in English when this language lacks it.
    #[must_use]
    pub fn say(self, id: &str, args: &FluentArgs<'_>) -> String {
        Bundles::get().say(self, id, args)
    }

    /// The text `id`, if there is one in any language.
    #[must_use]
    pub fn try_say(self, id: &str, args: &FluentArgs<'_>) -> Option<String> {
        Bundles::get().try_say(self, id, args)
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
            (Language::Pseudo, "Řīīƞɠ"),
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
        assert_eq!(Language::of(""), None);
        for language in Language::ALL.into_iter().chain(Language::PSEUDO) {
            assert_eq!(Language::of(language.tag()), Some(language));
        }
    }

    #[test]
    fn a_record_names_a_language_in_words() {
        for (record, language) in [
            ("Urdu", Some(Language::Urdu)),
            (" polish ", Some(Language::Polish)),
            ("اردو", Some(Language::Urdu)),
            ("ur-PK", Some(Language::Urdu)),
            ("", None),
            ("Panjabi", None),
        ] {
            assert_eq!(Language::named(record), language, "{record}");
        }
    }
}
