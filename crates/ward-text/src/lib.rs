//! Every text that a patient or a carer reads, in their language. Texts are Fluent messages in `locales/`; what a language
//! lacks is said in English, whole.
//!
//! Numbers are written as the oximeter shows them, 0 to 9, in every language.

pub mod approval;
mod bundles;
mod language;
mod pseudo;
#[cfg(test)]
mod tests;

pub use fluent_bundle::{FluentArgs, FluentValue};
pub use language::{Direction, Language};

/// What a text speaks of, by name: `args!["spo2" => 92, "phone" => "01282 555 010"]`.
#[macro_export]
macro_rules! args {
    [$($name:literal => $value:expr),* $(,)?] => {{
        #[allow(unused_mut, reason = "a text may speak of nothing")]
        let mut args = $crate::FluentArgs::new();
        $(args.set($name, $value);)*
        args
    }};
}
