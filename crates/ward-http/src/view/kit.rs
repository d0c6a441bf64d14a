//! The kit ledger, from the ward's nouns to the treaty's.

use ward_core::id::{BridgeId, StayId};
use ward_core::kit::{Holder, Kind, KitState, Step, Wear, possible};
use ward_core::reading::effective_time;
use ward_core::spo2::Spo2;
use ward_core::time::Timestamp;
use ward_service::{Item, KitRecord, Quarantined, Wearer};
use ward_wire::kit as wire;

use super::time;
use crate::extract::without_nul;

pub(crate) const fn kind_of(kind: wire::Kind) -> Kind {
    match kind {
        wire::Kind::Oximeter => Kind::Oximeter,
        wire::Kind::Bridge => Kind::Bridge,
    }
}

pub(crate) fn kit(record: &KitRecord) -> wire::KitView {
    let kit = &record.kit;
    let holder = match &kit.state {
        KitState::Lost { last } => last.clone(),
        other => other.holder(),
    };
    let wear = kit.state.wear();
    wire::KitView {
        id: kit.id.0,
        kind: match kit.kind {
            Kind::Oximeter => wire::Kind::Oximeter,
            Kind::Bridge => wire::Kind::Bridge,
        },
        label: kit.label.clone(),
        serial: kit.serial.clone(),
        name: record.name.clone(),
        address: record.address.clone(),
        state: kit.state.name().to_owned(),
        possible: possible(kit.kind, &kit.state)
            .iter()
            .map(|step| step.replace(' ', "_"))
            .collect(),
        stay: holder.as_ref().and_then(Holder::stay).map(|stay| stay.0),
        place: match holder {
            Some(Holder::Place(place)) => Some(place),
            Some(Holder::Stay(_)) | None => None,
        },
        bridge: wear.map(|wear| wear.bridge.0),
        worn_from: wear.map(|wear| time(wear.from)),
        due_back: kit.state.due_back(),
        since: time(kit.since),
    }
}

/// A step as the rules know it; `None` when it is to go to nobody, or to two at once.
pub(crate) fn step_of(request: wire::StepRequest, now: Timestamp) -> Option<Step> {
    let or_now = |at: Option<jiff::Timestamp>| at.map_or(now, Timestamp::from);
    let wear = |stay, bridge, from| Wear {
        stay: StayId(stay),
        bridge: BridgeId(bridge),
        from: or_now(from),
    };
    Some(match request {
        wire::StepRequest::Issue {
            stay,
            place,
            due_back,
        } => {
            let to = match (stay, place) {
                (Some(stay), None) => Holder::Stay(StayId(stay)),
                (None, Some(place)) => Holder::Place(without_nul(place)),
                (Some(_), Some(_)) | (None, None) => return None,
            };
            Step::Issue { to, due_back }
        }
        wire::StepRequest::Assign {
            stay,
            bridge,
            from,
            due_back,
        } => Step::Assign {
            wear: wear(stay, bridge, from),
            due_back,
        },
        wire::StepRequest::HandOver { stay, bridge, from } => Step::HandOver {
            to: wear(stay, bridge, from),
        },
        wire::StepRequest::AskBack { by } => Step::AskBack { by },
        wire::StepRequest::Return { at } => Step::Return { at: or_now(at) },
        wire::StepRequest::Clean => Step::Clean,
        wire::StepRequest::Lost { at } => Step::Lose { at: or_now(at) },
        wire::StepRequest::Found => Step::Find,
    })
}

pub(crate) fn wearer(wearer: &Wearer) -> wire::WearerView {
    wire::WearerView {
        stay: wearer.stay.0,
        bridge: wearer.bridge.0,
        from: time(wearer.from),
        until: wearer.until.map(time),
    }
}

/// Something that is kept apart, and what can be read of it.
pub(crate) fn quarantined(kept: &Quarantined, item: Option<&Item>) -> wire::QuarantinedView {
    let measured_at = match item {
        Some(Item::Reading(reading)) => {
            Some(effective_time(reading.measured_at, reading.age, kept.received_at).0)
        }
        Some(Item::Unreadable(_)) | None => None,
    };
    wire::QuarantinedView {
        item: kept.item.0,
        received_at: time(kept.received_at),
        measured_at: measured_at.map(time),
        bridge: kept.bridge.0,
        device_address: kept.device_address.clone(),
        reason: kept.reason.clone(),
        spo2_percent: kept.spo2.map(Spo2::percent),
        is_a_reading: measured_at.is_some(),
        decided: kept.decided.as_ref().map(|decided| wire::DecidedView {
            stay: decided.stay.map(|stay| stay.0),
            by: decided.by.0,
            at: time(decided.at),
            reason: decided.reason.clone(),
        }),
    }
}
