//! Advice in words.

use ward_core::advice::Advice;
use ward_core::plan::{Band, MonitoringPlan};
use ward_text::{FluentArgs, Language, args};

use super::bands::numbers;

/// What the texts speak of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Whose bands.
    pub plan: &'a MonitoringPlan,
    /// The ward's phone.
    pub phone: &'a str,
    /// When somebody watches again, in the language of the text; empty when nobody ever does.
    pub opens: &'a str,
}

/// One piece of advice, in full. It stands on its own: somebody may read no other.
#[must_use]
pub fn advice_in_words(advice: Advice, facts: &Facts<'_>, language: Language) -> String {
    let id = match advice {
        Advice::NobodyWatches if facts.opens.is_empty() => "advice-nobody-watches-ever".to_owned(),
        other => id_of(other),
    };
    say(&id, facts, language)
}

/// The same in a few words, for the head of a card.
#[must_use]
pub fn advice_title(advice: Advice, facts: &Facts<'_>, language: Language) -> String {
    say(&format!("{}-title", id_of(advice)), facts, language)
}

fn id_of(advice: Advice) -> String {
    format!("advice-{}", advice.name().replace('_', "-"))
}

fn say(id: &str, facts: &Facts<'_>, language: Language) -> String {
    // A file without the text must not leave anybody without the word that matters.
    language
        .try_say(id, &all(facts, language))
        .unwrap_or_else(|| language.say("advice-if-all-else-fails", &args![]))
}

fn all<'a>(facts: &'a Facts<'_>, language: Language) -> FluentArgs<'a> {
    let Facts { plan, phone, opens } = facts;
    let within = plan.recheck_within(Band::Amber).as_secs().div_ceil(60);
    args![
        "red" => plan.red_at_or_below,
        "amber" => plan.amber_at_or_below,
        "amberRange" => numbers(plan, Band::Amber, language),
        "minutes" => within,
        "phone" => *phone,
        "opens" => *opens,
    ]
}
