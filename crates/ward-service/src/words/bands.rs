//! What a patient is told about their numbers, in words made from their own plan. The default words would send somebody
//! with a prescribed target of 88–92 % to hospital at 89.

use ward_core::care::OxygenTarget;
use ward_core::plan::{Band, MonitoringPlan, Spo2Scale};
use ward_text::{Language, args};

/// One band as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandWords {
    /// Which.
    pub band: Band,
    /// The numbers: `93 or 94`.
    pub numbers: String,
    /// What to do.
    pub advice: String,
}

/// Shown near every number: a finger reading is a guide.
#[must_use]
pub fn guide(language: Language) -> String {
    language.say("bands-guide", &args![])
}

/// The bands of a plan from the best to the worst, as they are printed for the patient. Red says 999 first, at every hour.
#[must_use]
pub fn bands(limits: &MonitoringPlan, ward_phone: &str, language: Language) -> [BandWords; 3] {
    [Band::Green, Band::Amber, Band::Red].map(|band| {
        let numbers = numbers(limits, band, language);
        let minutes = limits.recheck_within(band).as_secs().div_ceil(60);
        let id = match band {
            Band::Green => "bands-green",
            Band::Amber => "bands-amber",
            Band::Red => "bands-red",
        };
        let args =
            args!["numbers" => numbers.as_str(), "phone" => ward_phone, "minutes" => minutes];
        let advice = language.say(id, &args);
        BandWords {
            band,
            numbers,
            advice,
        }
    })
}

/// The numbers of one band: `95 or more`, `93 or 94`, `92 or less`.
pub(super) fn numbers(limits: &MonitoringPlan, band: Band, language: Language) -> String {
    let (red, amber) = (limits.red_at_or_below, limits.amber_at_or_below);
    let lowest_amber = red.saturating_add(1).min(amber);
    let (id, from, to) = match band {
        Band::Green => ("bands-numbers-green", amber.saturating_add(1), 100),
        Band::Amber => match amber - lowest_amber {
            0 => ("bands-numbers-amber-one", amber, amber),
            1 => ("bands-numbers-amber-two", lowest_amber, amber),
            _ => ("bands-numbers-amber", lowest_amber, amber),
        },
        Band::Red => ("bands-numbers-red", 0, red),
    };
    language.say(id, &args!["from" => from, "to" => to])
}

/// What is printed beside the bands of somebody with a prescribed oxygen target.
#[must_use]
pub fn target(
    limits: &MonitoringPlan,
    target: Option<OxygenTarget>,
    language: Language,
) -> Option<String> {
    let OxygenTarget { from, to } = target?;
    let said = language.say("bands-target", &args!["from" => from, "to" => to]);
    Some(match limits.spo2_scale {
        Spo2Scale::One => said,
        Spo2Scale::Two => format!("{said} {}", language.say("bands-target-usual", &args![])),
    })
}
