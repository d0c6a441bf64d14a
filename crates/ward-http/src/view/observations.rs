//! What is taken beside saturation and pulse, from the treaty's nouns to the ward's and back.

use ward_core::hand::HandRefused;
use ward_core::observed::{TypedObservations, TypedOxygen};
use ward_core::reading::{Consciousness, ObservationSet, Oxygen};
use ward_wire::observations as wire;

/// As they are stored.
pub(crate) fn observations(
    given: Option<wire::Observations>,
) -> Result<ObservationSet, HandRefused> {
    let given = given.unwrap_or_default();
    let typed = TypedObservations {
        respiration_rate: given.respiration_rate,
        systolic_bp: given.systolic_bp,
        diastolic_bp: given.diastolic_bp,
        temperature: given.temperature,
        consciousness: given.consciousness.map(|level| match level {
            wire::Consciousness::Alert => Consciousness::Alert,
            wire::Consciousness::Confusion => Consciousness::Confusion,
            wire::Consciousness::Voice => Consciousness::Voice,
            wire::Consciousness::Pain => Consciousness::Pain,
            wire::Consciousness::Unresponsive => Consciousness::Unresponsive,
        }),
        oxygen: given.oxygen.map(|oxygen| match oxygen {
            wire::Oxygen::Air {} => TypedOxygen::Air,
            wire::Oxygen::Supplemental { litres_per_minute } => TypedOxygen::Supplemental {
                litres: litres_per_minute,
            },
        }),
    };
    Ok(typed.taken()?)
}

/// As they are shown; `None` where nothing was taken.
pub(crate) fn observations_view(set: &ObservationSet) -> Option<wire::Observations> {
    let view = wire::Observations {
        respiration_rate: set.respiration_rate.map(f64::from),
        systolic_bp: set.systolic_bp.map(f64::from),
        diastolic_bp: set.diastolic_bp.map(f64::from),
        temperature: set
            .temperature_tenths
            .map(|tenths| f64::from(tenths) / 10.0),
        consciousness: set.consciousness.map(|level| match level {
            Consciousness::Alert => wire::Consciousness::Alert,
            Consciousness::Confusion => wire::Consciousness::Confusion,
            Consciousness::Voice => wire::Consciousness::Voice,
            Consciousness::Pain => wire::Consciousness::Pain,
            Consciousness::Unresponsive => wire::Consciousness::Unresponsive,
        }),
        oxygen: set.oxygen.map(|oxygen| match oxygen {
            Oxygen::Air => wire::Oxygen::Air {},
            Oxygen::Supplemental { flow_tenths } => wire::Oxygen::Supplemental {
                litres_per_minute: flow_tenths.map(|tenths| f64::from(tenths) / 10.0),
            },
        }),
    };
    (!set.is_empty()).then_some(view)
}
