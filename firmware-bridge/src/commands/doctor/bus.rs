//! The system's message bus, and on it Bluetooth, systemd and the clock's keeper.

use std::time::Duration;

use zbus::connection::Builder;
use zbus::{Connection, OwnedVariant};

use super::finding::Finding;
use super::{bluetooth, limited, system};

const BUS: &str = "message bus";
/// For one question. A service that systemd must start first may take a while.
const QUESTION: Duration = Duration::from_secs(5);

/// All that is asked over the bus.
pub(super) async fn look(adapter: Option<&str>, limit: Duration) -> Vec<Finding> {
    let connecting = Builder::system().method_timeout(QUESTION).build();
    let connection = match tokio::time::timeout(limit, connecting).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(why)) => return unreachable(&why.to_string()),
        Err(_) => return unreachable("no answer"),
    };
    let (bluetooth, unit, clock) = tokio::join!(
        limited(
            "BlueZ",
            limit,
            bluetooth::look(&connection, adapter, limit / 3)
        ),
        limited("systemd unit", limit, system::unit(&connection)),
        limited("clock", limit, system::synchronised(&connection)),
    );
    let mut findings = vec![Finding::ok(BUS, "the system bus answers")];
    findings.extend(bluetooth);
    findings.extend(unit);
    findings.extend(clock);
    findings
}

fn unreachable(why: &str) -> Vec<Finding> {
    let said = format!("the system bus cannot be reached, so nothing is known of Bluetooth: {why}");
    let advice = "install the package dbus and start it: systemctl start dbus; in a container mount /run/dbus/system_bus_socket";
    vec![Finding::wrong(BUS, said, advice)]
}

/// A method's answer.
pub(super) async fn call<T>(
    connection: &Connection,
    (to, path, interface): (&str, &str, &str),
    method: &str,
    body: &(impl serde::Serialize + zbus::DynamicType),
) -> zbus::Result<T>
where
    T: for<'d> serde::Deserialize<'d> + zbus::Type,
{
    let answer = connection
        .call_method(Some(to), path, Some(interface), method, body)
        .await?;
    answer.body().deserialize()
}

/// One property of an object.
pub(super) async fn property(
    connection: &Connection,
    (to, path, interface): (&str, &str, &str),
    name: &str,
) -> zbus::Result<OwnedVariant> {
    let properties = (to, path, "org.freedesktop.DBus.Properties");
    call(connection, properties, "Get", &(interface, name)).await
}

/// The bus does not let this user.
pub(super) fn is_denied(why: &zbus::Error) -> bool {
    match why {
        zbus::Error::FDO(why) => matches!(**why, zbus::fdo::Error::AccessDenied(_)),
        zbus::Error::MethodError(name, ..) => name.as_str().ends_with(".AccessDenied"),
        _ => false,
    }
}
