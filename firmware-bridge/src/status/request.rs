//! What the heartbeat says.

use ward_wire::bridge::{
    AdapterItem, ClockItem, NAME_LIMIT, OXIMETERS_LIMIT, OximeterItem, SpoolItem, StatusRequest,
    VersionsItem,
};

use super::machine::{self, Machine, SpoolSays};
use crate::clock::{Clock, Steady};
use crate::devices::Enrolled;
use crate::health::{Adapter, Known};

pub(super) fn of(
    known: &Known,
    devices: &[Enrolled],
    machine: &Machine,
    spool: Option<SpoolSays>,
    clock: &Clock,
) -> StatusRequest {
    let now = clock.steady();
    let oximeters = devices.iter().take(OXIMETERS_LIMIT);
    StatusRequest {
        radio_up: known.radio_up.unwrap_or(false),
        oximeters: oximeters
            .map(|device| oximeter(device, known, now))
            .collect(),
        adapter: known.adapter.as_ref().map(adapter),
        spool: spool.as_ref().map(|says| spool_item(says, now, clock)),
        clock: Some(ClockItem {
            wall: clock.wall(),
            synchronised: machine::is_time_synchronised(),
        }),
        versions: Some(VersionsItem {
            bridge: env!("CARGO_PKG_VERSION").to_owned(),
            bluez: known.bluez.clone(),
            kernel: machine::kernel().map(|kernel| kernel.chars().take(NAME_LIMIT).collect()),
        }),
        uptime_seconds: machine.uptime_seconds(now),
        list_version: spool.and_then(|says| says.depth.list_version),
    }
}

/// What bridges have said from the first version on.
pub(super) fn in_short(request: StatusRequest) -> StatusRequest {
    let oximeters = request.oximeters.into_iter().map(|item| OximeterItem {
        device_address: item.device_address,
        battery_percent: item.battery_percent,
        heard_ago_ms: item.heard_ago_ms,
        ..OximeterItem::default()
    });
    StatusRequest {
        radio_up: request.radio_up,
        oximeters: oximeters.collect(),
        ..StatusRequest::default()
    }
}

fn oximeter(device: &Enrolled, known: &Known, now: Steady) -> OximeterItem {
    let address = device.address.as_str().to_owned();
    let Some(held) = known.oximeters.get(&device.address) else {
        return OximeterItem {
            device_address: address,
            slot: device.slot,
            in_reach: Some(false),
            connected: Some(false),
            ..OximeterItem::default()
        };
    };
    let ago = |at: Option<Steady>| at.and_then(|at| at.age_ms(now));
    OximeterItem {
        device_address: address,
        battery_percent: held.battery_percent,
        heard_ago_ms: ago(held.heard),
        slot: device.slot,
        in_reach: Some(held.is_in_reach(now)),
        connected: Some(held.connected),
        rssi_dbm: held.rssi_dbm,
        model: held.model.clone(),
        firmware: held.firmware.clone(),
        reading_ago_ms: ago(held.reading),
        trouble: held.trouble.map(|trouble| trouble.what),
        trouble_for_ms: held.trouble.and_then(|trouble| trouble.since.age_ms(now)),
    }
}

fn adapter(adapter: &Adapter) -> AdapterItem {
    AdapterItem {
        name: adapter.name.clone(),
        present: adapter.present,
        powered: adapter.powered,
        service_answers: adapter.service_answers,
    }
}

fn spool_item(says: &SpoolSays, now: Steady, clock: &Clock) -> SpoolItem {
    SpoolItem {
        waiting: says.depth.waiting,
        oldest_waits_ms: says.depth.oldest_waits_ms(now, clock),
        refused: says.depth.refused,
        used_bytes: Some(says.depth.used_bytes),
        limit_bytes: Some(says.limit_bytes),
        disk_free_bytes: says.disk_free_bytes,
    }
}
