//! Bridges say how they are.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use ward_core::bridge_watch::{AdapterStatus, ClockStatus, Trouble, Versions};
use ward_core::device::DeviceAddress;
use ward_core::time::Timestamp;
use ward_service::{OximeterReport, SpoolReport, StatusReport};
use ward_wire::bridge::{
    self as wire, AdapterItem, ClockItem, NAME_LIMIT, OXIMETERS_LIMIT, OximeterItem, SpoolItem,
    StatusReply, StatusRequest, VersionsItem,
};
use ward_wire::problem::Problem;

use crate::as_bridge::AsBridge;
use crate::extract::{JsonBody, ReceivedAt};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// A bridge speaks this often when nothing changes.
const AGAIN_IN_SECONDS: u32 = 60;

/// How the bridge is. It was heard of: silence is told apart from Bluetooth that does not work, an oximeter that is flat,
/// out of reach or cannot be read, readings that stay on the bridge, a full disk and a wrong clock. What an earlier bridge
/// does not say may be missing; what a later one says beside it is passed over.
#[utoipa::path(post, path = "/api/bridge/status", tag = "bridges", security(("bridge" = []), ("bridge_token" = [])), request_body = StatusRequest, responses(
    (status = 200, description = "Kept", body = StatusReply),
    (status = 400, description = "Not of the expected form: nothing was kept, but the bridge was heard of", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Not kept: say it again after `Retry-After` seconds", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn status(
    State(app): State<Arc<App>>,
    ReceivedAt(received_at): ReceivedAt,
    AsBridge(bridge): AsBridge,
    JsonBody(request): JsonBody<StatusRequest>,
) -> Result<Json<StatusReply>, ApiError> {
    if request.oximeters.len() > OXIMETERS_LIMIT {
        return Err(ApiError::too_many_items(OXIMETERS_LIMIT));
    }
    let clock = request.clock.map(|item| clock(item, received_at));
    let oximeters = request.oximeters.iter().enumerate();
    let report = StatusReport {
        radio_up: request.radio_up,
        oximeters: oximeters
            .map(|(place, item)| oximeter(place, item))
            .collect::<Result<_, _>>()?,
        adapter: request.adapter.as_ref().map(adapter),
        spool: request.spool.map(spool),
        clock,
        versions: request.versions.as_ref().map(versions),
        uptime: request.uptime_seconds.map(Duration::from_secs),
        list_version: request.list_version.as_deref().and_then(short),
    };
    app.wards.bridge_status(&bridge, report).await?;
    Ok(Json(StatusReply {
        again_in_seconds: AGAIN_IN_SECONDS,
        now: Some(view::time(received_at)),
        clock_off_by_ms: clock.map(|clock| clock.off_by_ms),
    }))
}

fn oximeter(place: usize, item: &OximeterItem) -> Result<OximeterReport, ApiError> {
    let address: DeviceAddress = item
        .device_address
        .parse()
        .map_err(|why| ApiError::malformed(format!("oximeters[{place}].device_address: {why}")))?;
    if item.battery_percent.is_some_and(|percent| percent > 100) {
        return Err(ApiError::malformed(format!(
            "oximeters[{place}].battery_percent must lie between 0 and 100"
        )));
    }
    let lasts = Duration::from_millis(item.trouble_for_ms.unwrap_or(0));
    Ok(OximeterReport {
        address,
        battery_percent: item.battery_percent,
        heard_ago: item.heard_ago_ms.map(Duration::from_millis),
        in_reach: item.in_reach,
        connected: item.connected,
        rssi_dbm: item.rssi_dbm,
        model: item.model.as_deref().and_then(short),
        firmware: item.firmware.as_deref().and_then(short),
        reading_ago: item.reading_ago_ms.map(Duration::from_millis),
        trouble: item.trouble.map(|what| (trouble(what), lasts)),
    })
}

const fn trouble(item: wire::Trouble) -> Trouble {
    match item {
        wire::Trouble::WantsPairing => Trouble::WantsPairing,
        wire::Trouble::StaleBond => Trouble::StaleBond,
        wire::Trouble::CannotConnect => Trouble::CannotConnect,
        wire::Trouble::KeepsDropping => Trouble::KeepsDropping,
        wire::Trouble::UnknownDevice => Trouble::UnknownDevice,
        wire::Trouble::UnsupportedFamily => Trouble::UnsupportedFamily,
        wire::Trouble::NoValues => Trouble::NoValues,
        wire::Trouble::Other => Trouble::Other,
    }
}

fn adapter(item: &AdapterItem) -> AdapterStatus {
    AdapterStatus {
        name: item.name.as_deref().and_then(short),
        present: item.present,
        powered: item.powered,
        service_answers: item.service_answers,
    }
}

fn spool(item: SpoolItem) -> SpoolReport {
    SpoolReport {
        waiting: item.waiting,
        oldest_waits: item.oldest_waits_ms.map(Duration::from_millis),
        refused: item.refused,
        used_bytes: item.used_bytes,
        limit_bytes: item.limit_bytes,
        disk_free_bytes: item.disk_free_bytes,
    }
}

fn clock(item: ClockItem, received_at: Timestamp) -> ClockStatus {
    ClockStatus {
        off_by_ms: Timestamp::from(item.wall).millis_since(received_at),
        synchronised: item.synchronised,
    }
}

fn versions(item: &VersionsItem) -> Versions {
    Versions {
        bridge: short(&item.bridge).unwrap_or_default(),
        bluez: item.bluez.as_deref().and_then(short),
        kernel: item.kernel.as_deref().and_then(short),
    }
}

/// A name as it is kept: readable, and no longer than a bridge that is well makes it. A name that is too long is no reason
/// to take a bridge for silent.
fn short(name: &str) -> Option<String> {
    let readable = name.chars().filter(|letter| !letter.is_control());
    let kept: String = readable.take(NAME_LIMIT).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_and_not_too_long() {
        assert_eq!(short("\0 Nonin 3230\n").as_deref(), Some("Nonin 3230"));
        assert_eq!(short(" \u{1b} "), None);
        let long = short(&"é".repeat(500)).unwrap();
        assert_eq!(long.chars().count(), NAME_LIMIT);
    }
}
