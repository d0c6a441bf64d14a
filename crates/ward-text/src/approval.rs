//! Whether a person stands by the texts of a language: who, when, and which texts exactly.
//!
//! `locales/<tag>/approval.toml` names the person and the day, and holds a fingerprint of the texts that they read. A
//! translation is approved beside the English that it translates, so its fingerprint covers both. One changed word, in
//! either, and the approval is of other texts than these: the language is a draft again.

use sha2::{Digest, Sha256};

use crate::bundles::{Locales, files_of};
use crate::language::Language;

/// An approval, as it is written down. Empty where nobody has approved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approval {
    /// Who, with what makes them the one to ask.
    pub by: String,
    /// On which day.
    pub on: String,
    /// The fingerprint of what they read.
    pub texts: String,
}

impl Approval {
    /// What is written down for a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let file = Locales::get(&format!("{}/approval.toml", language.tag()));
        let text = file.map(|file| String::from_utf8_lossy(&file.data).into_owned());
        Self::read(&text.unwrap_or_default())
    }

    /// Lines of `name = "value"`; anything else approves nothing.
    fn read(text: &str) -> Self {
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            let value = lines.find(|(known, _)| known.trim() == name);
            value.map(|(_, value)| value.trim().trim_matches('"').to_owned())
        };
        Self {
            by: value("by").unwrap_or_default(),
            on: value("on").unwrap_or_default(),
            texts: value("texts").unwrap_or_default(),
        }
    }

    /// Whether it is of these texts, by somebody, on some day.
    #[must_use]
    pub fn covers(&self, fingerprint: &str) -> bool {
        !self.by.is_empty() && !self.on.is_empty() && self.texts == fingerprint
    }
}

pub(crate) fn is_current(language: Language) -> bool {
    Approval::of(language).covers(&fingerprint(language))
}

/// Of the texts of a language and of the English that they translate, comments left out.
#[must_use]
pub fn fingerprint(language: Language) -> String {
    let mut of_texts = Sha256::new();
    for source in [Language::English, language] {
        for (name, text) in files_of(source) {
            of_texts.update(name.as_bytes());
            for line in text.lines().map(str::trim_end) {
                if !line.is_empty() && !line.starts_with('#') {
                    of_texts.update([b'\n']);
                    of_texts.update(line.as_bytes());
                }
            }
        }
    }
    let of_texts = of_texts.finalize();
    of_texts
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approval_needs_a_name_a_day_and_todays_texts() {
        let text = "# As read.\nby = \"Dr A. Reader\"\non = \"2026-11-22\"\ntexts = \"ab12\"\n";
        let approval = Approval::read(text);
        assert!(approval.covers("ab12"));
        assert!(!approval.covers("ab13"), "one word was changed");
        for missing in ["by", "on", "texts"] {
            let without: String = text
                .lines()
                .filter(|line| !line.starts_with(missing))
                .fold(String::new(), |all, line| all + line + "\n");
            assert!(!Approval::read(&without).covers("ab12"), "{missing}");
        }
        assert!(!Approval::default().covers(""));
    }

    #[test]
    fn english_is_approved_as_it_stands() {
        let approval = Approval::of(Language::English);
        let today = fingerprint(Language::English);
        assert!(
            approval.covers(&today),
            "English texts were changed after they were approved. Whoever answers for them reads them, then writes their \
             name, the day and texts = \"{today}\" into crates/ward-text/locales/en-GB/approval.toml"
        );
    }

    #[test]
    fn a_translation_is_a_draft_unless_somebody_has_approved_it_as_it_stands() {
        for language in [Language::Polish, Language::Urdu] {
            let (approval, today) = (Approval::of(language), fingerprint(language));
            assert!(
                approval.by.is_empty() || approval.covers(&today),
                "{language:?}: {} approved other texts than today's, so they are a draft again. Whoever has read them as they \
                 are, beside the English, writes texts = \"{today}\"; else empty the lines of that approval.toml",
                approval.by
            );
            assert_eq!(language.is_approved(), !approval.by.is_empty());
        }
    }
}
