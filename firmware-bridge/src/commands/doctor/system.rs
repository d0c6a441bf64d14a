//! systemd's unit, and who keeps the clock right.

use std::path::Path;

use zbus::{Connection, OwnedObjectPath};

use super::bus::{call, property};
use super::finding::Finding;

const UNIT: &str = "systemd unit";
const CLOCK: &str = "clock";
const NAME: &str = "wardlight-bridge.service";
const SYSTEMD: &str = "org.freedesktop.systemd1";
/// There since systemd's own clock keeper has first heard a time server.
const TIMESYNC: &str = "/run/systemd/timesync/synchronized";
/// A bridge that was started anew so often does not work.
const MANY_RESTARTS: u32 = 5;

/// Whether systemd starts the bridge, and starts it again when it ends or hangs.
pub(super) async fn unit(connection: &Connection) -> Vec<Finding> {
    let manager = (
        SYSTEMD,
        "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager",
    );
    let path: zbus::Result<OwnedObjectPath> = call(connection, manager, "LoadUnit", &NAME).await;
    let Ok(path) = path else {
        let said = "no systemd here: something else must start the bridge again when it ends";
        return vec![Finding::ok(UNIT, said)];
    };
    let text = async |name: &str| {
        let unit = (SYSTEMD, path.as_str(), "org.freedesktop.systemd1.Unit");
        let said = property(connection, unit, name).await.ok()?;
        String::try_from(said).ok()
    };
    let load = text("LoadState").await.unwrap_or_default();
    if load != "loaded" {
        let said = format!("{NAME} is not installed ({load})");
        let advice = "install the Debian package, or start the bridge by other means that start it again when it ends";
        return vec![Finding::warning(UNIT, said, advice)];
    }
    let active = text("ActiveState").await.unwrap_or_default();
    let sub = text("SubState").await.unwrap_or_default();
    let enabled = text("UnitFileState").await.unwrap_or_default();
    let service = (SYSTEMD, path.as_str(), "org.freedesktop.systemd1.Service");
    let watchdog = property(connection, service, "WatchdogUSec").await.ok();
    let watchdog = watchdog.and_then(|value| u64::try_from(value).ok());
    let restarts = property(connection, service, "NRestarts").await.ok();
    let restarts = restarts
        .and_then(|value| u32::try_from(value).ok())
        .unwrap_or(0);
    let said = format!("{active} ({sub}), {enabled}, started again {restarts} times");
    vec![match (active.as_str(), enabled.as_str()) {
        ("failed", _) => Finding::wrong(
            UNIT,
            said,
            "systemctl restart wardlight-bridge; journalctl -u wardlight-bridge -n 50",
        ),
        ("activating", _) if restarts > 0 => Finding::wrong(
            UNIT,
            said,
            "it ends again and again: journalctl -u wardlight-bridge -n 50",
        ),
        (_, "masked") => Finding::wrong(UNIT, said, "systemctl unmask wardlight-bridge"),
        ("active", "disabled") => Finding::warning(
            UNIT,
            said,
            "it will not start by itself: systemctl enable wardlight-bridge",
        ),
        ("active", _) if watchdog == Some(0) => Finding::warning(
            UNIT,
            said,
            "its watchdog is off: nobody notices when it hangs. WatchdogSec=60 in the unit",
        ),
        ("active", _) if restarts >= MANY_RESTARTS => {
            Finding::warning(UNIT, said, "journalctl -u wardlight-bridge tells why")
        }
        ("active", _) => Finding::ok(UNIT, said),
        _ => Finding::warning(
            UNIT,
            said,
            "when it is enrolled: systemctl enable --now wardlight-bridge",
        ),
    }]
}

/// Whether something keeps the wall clock right. How far it is off is seen in the service's answer.
pub(super) async fn synchronised(connection: &Connection) -> Vec<Finding> {
    let keeper = (
        "org.freedesktop.timedate1",
        "/org/freedesktop/timedate1",
        "org.freedesktop.timedate1",
    );
    let said = property(connection, keeper, "NTPSynchronized").await.ok();
    let said = said.and_then(|value| bool::try_from(value).ok());
    let advice = "timedatectl set-ntp true, and let the router pass NTP (UDP port 123); readings are not lost: they carry their age";
    vec![match said {
        Some(true) => Finding::ok(CLOCK, "kept right by a time server"),
        None if Path::new(TIMESYNC).exists() => {
            Finding::ok(CLOCK, "was set right by a time server")
        }
        Some(false) => Finding::warning(CLOCK, "no time server keeps it right", advice),
        None => Finding::warning(
            CLOCK,
            "it cannot be told whether a time server keeps it right",
            advice,
        ),
    }]
}
