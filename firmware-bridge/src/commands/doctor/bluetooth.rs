//! BlueZ: there, new enough, an adapter that is on, and the right to use it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use zbus::fdo::ManagedObjects;
use zbus::{Connection, ObjectPath};

use super::bus::{call, is_denied};
use super::files::name_of;
use super::finding::Finding;
use super::rfkill;

const BLUEZ: &str = "BlueZ";
const ADAPTER: &str = "adapter";
const RIGHTS: &str = "rights";
const PAIRING: &str = "pairing agent";

/// Before it, what an oximeter offers is not on the bus at all (BlueZ's change log, 5.42).
const LEAST: (u32, u32) = (5, 42);
/// Other programs over the same interface ask for this one; the bridge itself is tested with 5.66.
const ADVISED: (u32, u32) = (5, 55);
/// Notifications go missing (bluez/bluez, issue 509).
const POOR: (u32, u32) = (5, 64);

/// Where BlueZ would call the agent back, if it ever did.
const AGENT: &str = "/org/wardlight/doctor";

const PROGRAMS: [&str; 3] = [
    "bluetoothctl",
    "/usr/libexec/bluetooth/bluetoothd",
    "/usr/lib/bluetooth/bluetoothd",
];

/// `program_limit` is for what has to be started to be asked.
pub(super) async fn look(
    connection: &Connection,
    wanted: Option<&str>,
    program_limit: Duration,
) -> Vec<Finding> {
    let bus = (
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
    );
    let owned = call(connection, bus, "NameHasOwner", &"org.bluez").await;
    if !matches!(owned, Ok(true)) {
        let said = "the Bluetooth service does not run";
        let advice = "install the package bluez and start it: systemctl enable --now bluetooth; then see `systemctl status bluetooth`";
        return vec![Finding::wrong(BLUEZ, said, advice)];
    }
    let version = tokio::time::timeout(program_limit, version()).await;
    let mut findings = vec![judge_version(version.ok().flatten())];
    let manager = ("org.bluez", "/", "org.freedesktop.DBus.ObjectManager");
    match call::<ManagedObjects>(connection, manager, "GetManagedObjects", &()).await {
        Ok(objects) => {
            findings.push(adapter(&objects, wanted));
            findings.push(rights());
            findings.push(pairing(connection).await);
        }
        Err(why) if is_denied(&why) => findings.push(Finding::wrong(
            RIGHTS,
            format!("{} may not talk to org.bluez", me()),
            "install the Debian package's file in /usr/share/dbus-1/system.d, which allows the user wardlight-bridge; run doctor as that user",
        )),
        Err(why) => findings.push(Finding::wrong(
            BLUEZ,
            format!("the Bluetooth service does not answer: {why}"),
            "systemctl restart bluetooth",
        )),
    }
    findings
}

fn me() -> String {
    name_of(rustix::process::geteuid().as_raw())
}

fn rights() -> Finding {
    let said = format!("{} may talk to org.bluez", me());
    if rustix::process::geteuid().is_root() {
        // Root always may: it says nothing of the bridge's own user.
        let advice = "to see the bridge's own rights: sudo -u wardlight-bridge wardlight-bridge doctor --config FILE";
        Finding::warning(RIGHTS, said, advice)
    } else {
        Finding::ok(RIGHTS, said)
    }
}

/// BlueZ does not say its version on the bus: its programs do.
async fn version() -> Option<(u32, u32)> {
    for program in PROGRAMS {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if let Ok(said) = command.output().await
            && let Some(version) = parse_version(&String::from_utf8_lossy(&said.stdout))
        {
            return Some(version);
        }
    }
    None
}

/// `bluetoothctl: 5.66`, or `5.66` alone.
fn parse_version(said: &str) -> Option<(u32, u32)> {
    said.split_whitespace().find_map(|word| {
        let (major, minor) = word.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    })
}

fn judge_version(version: Option<(u32, u32)>) -> Finding {
    let Some(found) = version else {
        let said = "it runs; its version is not known";
        return Finding::warning(
            BLUEZ,
            said,
            "it should be 5.55 or later: install bluetoothctl to see",
        );
    };
    let said = format!("version {}.{}", found.0, found.1);
    if found < LEAST {
        Finding::wrong(
            BLUEZ,
            said,
            "install 5.55 or later: this one cannot read oximeters",
        )
    } else if found < ADVISED {
        Finding::warning(
            BLUEZ,
            said,
            "install 5.55 or later; the bridge is tested with 5.66",
        )
    } else if found == POOR {
        Finding::warning(
            BLUEZ,
            said,
            "5.64 is known to lose notifications: install 5.66 or later",
        )
    } else {
        Finding::ok(BLUEZ, said)
    }
}

fn adapter(objects: &ManagedObjects, wanted: Option<&str>) -> Finding {
    let mut found: Vec<(&str, bool)> = (objects.iter())
        .filter_map(|(path, interfaces)| {
            let adapter = interfaces
                .iter()
                .find(|(name, _)| name.as_str() == "org.bluez.Adapter1");
            let powered = adapter?.1.get("Powered");
            let powered = powered.and_then(|value| bool::try_from(value).ok());
            Some((path.as_str().rsplit('/').next()?, powered.unwrap_or(false)))
        })
        .collect();
    found.sort_unstable();
    let chosen = found
        .iter()
        .find(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    let blocked = rfkill::bluetooth(Path::new("/sys/class/rfkill"));
    match (chosen, blocked) {
        (_, Some(rfkill::Block::Hard)) => Finding::wrong(
            ADAPTER,
            "Bluetooth is blocked by a switch of this machine",
            "find the switch or key (often an aeroplane), or the firmware's setting; see `rfkill list`",
        ),
        (_, Some(rfkill::Block::Soft)) => Finding::wrong(
            ADAPTER,
            "Bluetooth is blocked by software",
            "rfkill unblock bluetooth",
        ),
        (Some((name, true)), None) => Finding::ok(ADAPTER, format!("{name} is on")),
        (Some((name, false)), None) => Finding::wrong(
            ADAPTER,
            format!("{name} is off"),
            "bluetoothctl power on; to keep it on, AutoEnable=true in /etc/bluetooth/main.conf",
        ),
        (None, None) => {
            let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
            let said = match wanted {
                Some(wanted) if !names.is_empty() => {
                    format!("there is no {wanted}; there is {}", names.join(", "))
                }
                _ => "there is no Bluetooth adapter".to_owned(),
            };
            Finding::wrong(
                ADAPTER,
                said,
                "plug it in, or correct radio.adapter; see `bluetoothctl list` and `dmesg`",
            )
        }
    }
}

/// Registers an agent and takes it back: each program has its own, so nobody else's pairing is touched.
async fn pairing(connection: &Connection) -> Finding {
    let manager = ("org.bluez", "/org/bluez", "org.bluez.AgentManager1");
    let place = ObjectPath::from_static_str_unchecked(AGENT);
    let registered: zbus::Result<()> = call(
        connection,
        manager,
        "RegisterAgent",
        &(&place, "NoInputNoOutput"),
    )
    .await;
    match registered {
        Ok(()) => {
            let _: zbus::Result<()> = call(connection, manager, "UnregisterAgent", &place).await;
            Finding::ok(PAIRING, "possible")
        }
        Err(why) => Finding::warning(
            PAIRING,
            format!("not possible: {why}"),
            "oximeters that want pairing cannot be read; others can. See `journalctl -u bluetooth`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (said, verdict) in [
            ("bluetoothctl: 5.66\n", Verdict::Ok),
            ("5.100", Verdict::Ok),
            ("bluetoothctl: 5.64", Verdict::Warning),
            ("5.50", Verdict::Warning),
            ("5.9", Verdict::Wrong),
            ("no idea", Verdict::Warning),
        ] {
            assert_eq!(
                judge_version(parse_version(said)).verdict,
                verdict,
                "{said}"
            );
        }
    }
}
