//! The message files, read once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::language::Language;

#[derive(RustEmbed)]
#[folder = "locales/"]
#[include = "*.ftl"]
struct Locales;

pub(crate) struct Bundles(BTreeMap<Language, FluentBundle<FluentResource>>);

impl Bundles {
    pub(crate) fn get() -> &'static Self {
        static BUNDLES: OnceLock<Bundles> = OnceLock::new();
        BUNDLES.get_or_init(|| {
            let read = |language: Language| (language, bundle_of(language));
            Self(Language::ALL.into_iter().map(read).collect())
        })
    }

    pub(crate) fn say(&self, language: Language, id: &str, args: &FluentArgs<'_>) -> String {
        let said = said_by(self.0.get(&language), id, args);
        said.or_else(|| said_by(self.0.get(&Language::English), id, args))
            .unwrap_or_else(|| {
                tracing::error!(id, "there is no such text: this is a fault of the program");
                id.to_owned()
            })
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
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    let folder = format!("{}/", language.tag());
    for path in Locales::iter().filter(|path| path.starts_with(&folder)) {
        let Some(file) = Locales::get(&path) else {
            continue;
        };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        // What cannot be read of a file is said, and the rest is used.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(%path, ?errors, "a message file has a fault");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(%path, ?errors, "a message stands twice");
        }
    }
    bundle
}
