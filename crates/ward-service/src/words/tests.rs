//! What patients are told, in every language there is.

mod advice;
mod bands;
mod hours;
mod messages;
mod questions;

use ward_text::Language;

/// Every language that a patient can be told something in, those for trying out among them.
fn every_language() -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().chain(Language::PSEUDO)
}
