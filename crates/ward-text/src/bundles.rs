//! The message files, read once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::language::{Direction, Language};
use crate::pseudo;

#[derive(RustEmbed)]
#[folder = "locales/"]
#[include = "*.ftl"]
#[include = "*.toml"]
pub(crate) struct Locales;

/// Path and text of each message file of a language, by name.
pub(crate) fn files_of(language: Language) -> BTreeMap<String, String> {
    let folder = match language {
        Language::Pseudo | Language::PseudoRightToLeft => Language::English.tag(),
        Language::English | Language::Polish | Language::Urdu => language.tag(),
    };
    let read = |path: &str| {
        let file = Locales::get(path)?;
        Some(String::from_utf8_lossy(&file.data).into_owned())
    };
    Locales::iter()
        .filter(|path| path.ends_with(".ftl"))
        .filter_map(|path| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?;
            Some((name.to_owned(), read(&path)?))
        })
        .collect()
}

pub(crate) struct Bundles(BTreeMap<Language, FluentBundle<FluentResource>>);

impl Bundles {
    pub(crate) fn get() -> &'static Self {
        static BUNDLES: OnceLock<Bundles> = OnceLock::new();
        BUNDLES.get_or_init(|| {
            let all = Language::ALL.into_iter().chain(Language::PSEUDO);
            Self(
                all.map(|language| (language, bundle_of(language)))
                    .collect(),
            )
        })
    }

    pub(crate) fn say(&self, language: Language, id: &str, args: &FluentArgs<'_>) -> String {
        self.try_say(language, id, args).unwrap_or_else(|| {
            tracing::error!(id, "there is no such text: this is a fault of the program");
            id.to_owned()
        })
    }

    pub(crate) fn try_say(
        &self,
        language: Language,
        id: &str,
        args: &FluentArgs<'_>,
    ) -> Option<String> {
        let said = said_by(self.0.get(&language), id, args);
        said.or_else(|| said_by(self.0.get(&Language::English), id, args))
    }
}

fn said_by(
    bundle: Option<&FluentBundle<FluentResource>>,
    id: &str,
    args: &FluentArgs<'_>,
) -> Option<String> {
    let bundle = bundle?;
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(
            id,
            ?errors,
            "a text lacks something that it speaks of: this is a fault of the program"
        );
    }
    Some(said.into_owned())
}

fn bundle_of(language: Language) -> FluentBundle<FluentResource> {
    let plurals = match language {
        Language::Pseudo | Language::PseudoRightToLeft => Language::English.tag(),
        Language::English | Language::Polish | Language::Urdu => language.tag(),
    };
    let tag: LanguageIdentifier = plurals.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Marks around a phone number keep it whole among words from right to left. Elsewhere they only make a text message
    // longer and dearer.
    bundle.set_use_isolating(language.direction() == Direction::RightToLeft);
    match language {
        Language::Pseudo => bundle.set_transform(Some(pseudo::accented)),
        Language::PseudoRightToLeft => bundle.set_transform(Some(pseudo::right_to_left)),
        Language::English | Language::Polish | Language::Urdu => {}
    }
    for (name, text) in files_of(language) {
        // What cannot be read of a file is said, and the rest is used.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(language = language.tag(), %name, ?errors, "a message file has a fault");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = language.tag(), %name, ?errors, "a message stands twice");
        }
    }
    bundle
}
